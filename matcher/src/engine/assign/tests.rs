//! The optimum against trying everything, the certificate against forgeries.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use proptest::prelude::*;

use super::*;

/// Tries every choice.
fn brute_force(problem: &Problem) -> u64 {
    fn best(edges: &[Edge], wanted: &mut [u32], room: &mut [u32]) -> u64 {
        let Some((edge, rest)) = edges.split_first() else {
            return 0;
        };
        let without = best(rest, wanted, room);
        let (role, volunteer) = (edge.role as usize, edge.volunteer as usize);
        if wanted[role] == 0 || room[volunteer] == 0 {
            return without;
        }
        wanted[role] -= 1;
        room[volunteer] -= 1;
        let with = u64::from(edge.score) + best(rest, wanted, room);
        wanted[role] += 1;
        room[volunteer] += 1;
        with.max(without)
    }
    best(
        problem.edges(),
        &mut problem.wanted().to_vec(),
        &mut problem.room().to_vec(),
    )
}

/// Small scores make ties frequent.
fn problem(roles: u32, volunteers: u32, density: f64, most: u32) -> impl Strategy<Value = Problem> {
    let pairs: Vec<(u32, u32)> = (0..roles)
        .flat_map(|role| (0..volunteers).map(move |v| (role, v)))
        .collect();
    let scores = prop::collection::vec(prop::option::weighted(density, 0..=most), pairs.len());
    let wanted = prop::collection::vec(0..4_u32, roles as usize);
    let room = prop::collection::vec(0..4_u32, volunteers as usize);
    (wanted, room, scores).prop_map(move |(wanted, room, scores)| {
        let edges = pairs
            .iter()
            .zip(scores)
            .filter_map(|(&(role, volunteer), score)| {
                score.map(|score| Edge {
                    role,
                    volunteer,
                    score,
                })
            });
        Problem::new(wanted, room, edges.collect()).unwrap()
    })
}

proptest! {
    #[test]
    fn the_total_is_that_of_trying_every_choice(problem in problem(4, 4, 0.7, 9)) {
        let assignment = assign(&problem, &|_| {});
        prop_assert_eq!(verify(&problem, &assignment.chosen, &assignment.certificate), Ok(()));
        prop_assert_eq!(assignment.certificate.total, brute_force(&problem));
    }

    #[test]
    fn larger_choices_are_certified(problem in problem(12, 20, 0.4, 10_000)) {
        let assignment = assign(&problem, &|_| {});
        prop_assert_eq!(verify(&problem, &assignment.chosen, &assignment.certificate), Ok(()));
    }

    #[test]
    fn the_order_of_the_edges_changes_nothing(
        (problem, shuffled) in problem(5, 6, 0.6, 5)
            .prop_flat_map(|problem| (Just(problem.clone()), Just(problem.edges().to_vec()).prop_shuffle())),
    ) {
        let again = Problem::new(problem.wanted().to_vec(), problem.room().to_vec(), shuffled).unwrap();
        prop_assert_eq!(assign(&problem, &|_| {}), assign(&again, &|_| {}));
    }
}

fn two_by_two() -> Problem {
    let edge = |role, volunteer, score| Edge {
        role,
        volunteer,
        score,
    };
    let edges = vec![edge(0, 0, 9), edge(0, 1, 8), edge(1, 0, 8), edge(1, 1, 1)];
    Problem::new(vec![1, 1], vec![1, 1], edges).unwrap()
}

#[test]
fn the_best_pair_gives_way_to_the_best_total() {
    let assignment = assign(&two_by_two(), &|_| {});
    assert_eq!(assignment.certificate.total, 16);
    assert_eq!(
        assignment
            .chosen
            .iter()
            .map(|edge| edge.score)
            .collect::<Vec<_>>(),
        [8, 8]
    );
}

#[test]
fn the_check_refuses_what_is_not_proven() {
    let problem = two_by_two();
    let Assignment {
        chosen,
        certificate,
    } = assign(&problem, &|_| {});
    let greedy = [problem.edges()[0], problem.edges()[3]];
    let claimed = Certificate {
        total: 10,
        ..certificate.clone()
    };
    assert_eq!(
        verify(&problem, &greedy, &claimed),
        Err(CertificateError::Gap {
            total: 10,
            bound: 16
        })
    );
    assert_eq!(
        verify(&problem, &greedy, &certificate),
        Err(CertificateError::WrongTotal {
            chosen: 10,
            certified: 16
        })
    );
    assert_eq!(
        verify(&problem, problem.edges(), &certificate),
        Err(CertificateError::TooMany)
    );
    let foreign = [Edge {
        role: 0,
        volunteer: 0,
        score: 16,
    }];
    assert_eq!(
        verify(&problem, &foreign, &certificate),
        Err(CertificateError::NotAChoice)
    );
    let short = Certificate {
        role_prices: vec![0],
        ..certificate
    };
    assert_eq!(
        verify(&problem, &chosen, &short),
        Err(CertificateError::WrongShape)
    );
}

#[test]
fn unknown_positions_and_pairs_given_twice_are_refused() {
    let edge = Edge {
        role: 0,
        volunteer: 1,
        score: 3,
    };
    assert_eq!(
        Problem::new(vec![1], vec![1], vec![edge]),
        Err(ProblemError::OutOfRange(edge))
    );
    assert_eq!(
        Problem::new(vec![1], vec![1, 1], vec![edge, edge]),
        Err(ProblemError::Duplicate(edge))
    );
}
