//! The optimum against trying everything and against a textbook flow; the certificate against forgeries.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod change;
mod oracle;
mod within;

use proptest::prelude::*;

use super::*;

/// Tries every choice.
fn brute_force(problem: &Problem<'_>) -> u64 {
    fn best(problem: &Problem<'_>, edges: &[Edge], got: &mut [u32], room: &mut [u32]) -> u64 {
        let Some((edge, rest)) = edges.split_first() else {
            return 0;
        };
        let without = best(problem, rest, got, room);
        let (role, volunteer) = (edge.role as usize, edge.volunteer as usize);
        if edge.score == 0 || got[role] == problem.wanted()[role] || room[volunteer] == 0 {
            return without;
        }
        let bonus = if got[role] == 0 {
            problem.first_bonus()[role]
        } else {
            0
        };
        got[role] += 1;
        room[volunteer] -= 1;
        let with = u64::from(edge.score) + u64::from(bonus) + best(problem, rest, got, room);
        got[role] -= 1;
        room[volunteer] += 1;
        with.max(without)
    }
    best(
        problem,
        problem.edges(),
        &mut vec![0; problem.wanted().len()],
        &mut problem.room().to_vec(),
    )
}

/// What a generated problem is like. Small scores make ties frequent; little room makes it tight.
#[derive(Debug, Clone, Copy)]
struct Shape {
    roles: u32,
    volunteers: u32,
    density: f64,
    most_score: u32,
    most_wanted: u32,
    most_room: u32,
    most_bonus: u32,
}

const SMALL: Shape = Shape {
    roles: 4,
    volunteers: 4,
    density: 0.7,
    most_score: 9,
    most_wanted: 3,
    most_room: 3,
    most_bonus: 0,
};

const LOOSE: Shape = Shape {
    roles: 15,
    volunteers: 40,
    density: 0.3,
    most_score: 10_000,
    most_wanted: 4,
    most_room: 4,
    most_bonus: 0,
};

const TIGHT: Shape = Shape {
    roles: 30,
    volunteers: 20,
    density: 0.4,
    most_wanted: 5,
    most_room: 1,
    ..LOOSE
};

/// All seats for the same few, at nearly the same scores: the longest price wars.
const WAR: Shape = Shape {
    roles: 12,
    volunteers: 6,
    density: 0.9,
    most_score: 3,
    most_wanted: 3,
    most_room: 2,
    most_bonus: 0,
};

fn problem(shape: Shape) -> impl Strategy<Value = Problem<'static>> {
    let pairs: Vec<(u32, u32)> = (0..shape.roles)
        .flat_map(|role| (0..shape.volunteers).map(move |volunteer| (role, volunteer)))
        .collect();
    let scores = prop::collection::vec(
        prop::option::weighted(shape.density, 0..=shape.most_score),
        pairs.len(),
    );
    let roles = shape.roles as usize;
    let wanted = prop::collection::vec(0..=shape.most_wanted, roles);
    let room = prop::collection::vec(0..=shape.most_room, shape.volunteers as usize);
    let bonus = prop::collection::vec(0..=shape.most_bonus, roles);
    (wanted, room, bonus, scores).prop_map(move |(wanted, room, bonus, scores)| {
        let scored = pairs.iter().zip(scores);
        let edges = scored.filter_map(|(&(role, volunteer), score)| {
            score.map(|score| Edge {
                role,
                volunteer,
                score,
            })
        });
        Problem::new(wanted, room, edges.collect::<Vec<_>>())
            .unwrap()
            .with_first_bonus(bonus)
            .unwrap()
    })
}

/// Both kinds of market, without and with a bonus, with ties and without.
fn any_problem() -> impl Strategy<Value = Problem<'static>> {
    prop_oneof![
        problem(LOOSE),
        problem(TIGHT),
        problem(WAR),
        problem(Shape {
            most_score: 4,
            ..TIGHT
        }),
        problem(Shape {
            most_bonus: 5_000,
            ..LOOSE
        }),
        problem(Shape {
            most_bonus: 5_000,
            ..TIGHT
        }),
        problem(Shape {
            most_bonus: 4,
            ..WAR
        }),
        problem(Shape {
            most_score: MOST,
            most_bonus: MOST,
            ..TIGHT
        }),
    ]
}

fn is_proven(problem: &Problem<'_>, assignment: &Assignment) -> Result<(), TestCaseError> {
    let check = verify(problem, &assignment.chosen, &assignment.certificate);
    prop_assert_eq!(check, Ok(()));
    Ok(())
}

proptest! {
    #[test]
    fn the_total_is_that_of_trying_every_choice(
        problem in prop_oneof![problem(SMALL), problem(Shape { most_bonus: 9, ..SMALL })],
    ) {
        let assignment = assign(&problem);
        is_proven(&problem, &assignment)?;
        prop_assert_eq!(assignment.certificate.total, brute_force(&problem));
        prop_assert_eq!(oracle::total(&problem), brute_force(&problem));
    }

    #[test]
    fn the_total_is_that_of_a_textbook_flow(problem in any_problem()) {
        let assignment = assign(&problem);
        is_proven(&problem, &assignment)?;
        prop_assert_eq!(assignment.certificate.total, oracle::total(&problem));
        prop_assert_eq!(problem.value_of(&assignment.chosen), assignment.certificate.total);
    }

    /// `assign` lets one side bid by how scarce the other is; both must lead to the optimum from anywhere.
    #[test]
    fn either_side_may_bid(problem in any_problem()) {
        let all = vec![usize::MAX; problem.wanted().len()];
        for bid in [Market::roles_bid, Market::volunteers_bid] {
            let mut market = Market::open(&problem, &all);
            bid(&mut market);
            market.repair();
            is_proven(&problem, &market.assignment())?;
        }
        let mut market = Market::open(&problem, &all);
        (0..problem.wanted().len()).for_each(|role| market.settle_role(role));
        market.repair();
        is_proven(&problem, &market.assignment())?;
    }

    /// The certificate found over the first pairs of each role is checked against all, most of which its solver has not seen.
    #[test]
    fn the_first_pairs_of_each_role_lead_to_the_optimum_over_all(problem in any_problem(), first in 0..6_usize) {
        let assignment = grow::assign_from(&problem, first);
        is_proven(&problem, &assignment)?;
        prop_assert_eq!(assignment.certificate.total, assign(&problem).certificate.total);
    }

    #[test]
    fn the_pairs_of_a_role_are_those_that_may_be_chosen(problem in any_problem()) {
        let roles = 0..problem.wanted().len();
        let pairs: Vec<Edge> = roles.flat_map(|role| problem.pairs_of_role(role)).copied().collect();
        let expected: Vec<Edge> = problem.edges().iter().filter(|edge| edge.score > 0).copied().collect();
        prop_assert_eq!(pairs, expected);
    }

    #[test]
    fn the_order_of_the_edges_changes_nothing(
        (problem, shuffled) in any_problem()
            .prop_flat_map(|problem| (Just(problem.clone()), Just(problem.edges().to_vec()).prop_shuffle())),
    ) {
        let again = Problem::new(problem.wanted().to_vec(), problem.room().to_vec(), shuffled)
            .unwrap()
            .with_first_bonus(problem.first_bonus().to_vec())
            .unwrap();
        prop_assert_eq!(assign(&problem), assign(&again));
    }

    #[test]
    fn the_best_pair_again_and_again_is_worth_half_of_the_greatest_sum_and_refused_as_more(
        problem in prop_oneof![problem(LOOSE), problem(TIGHT), problem(WAR)],
    ) {
        let chosen = best_first(&problem);
        let total = problem.value_of(&chosen);
        let best = assign(&problem).certificate.total;
        prop_assert!(total <= best && 2 * total >= best);
        // Whatever the prices, the check knows the pairs, the order and the limits before it looks at the bound.
        let claimed = Certificate {
            total: total + 1,
            role_prices: vec![0; problem.wanted().len()],
            volunteer_prices: vec![0; problem.room().len()],
        };
        let refused = CertificateError::WrongTotal { chosen: total, certified: total + 1 };
        prop_assert_eq!(verify(&problem, &chosen, &claimed), Err(refused));
    }
}

/// What taking the best pair again and again gives.
fn best_first(problem: &Problem<'_>) -> Vec<Edge> {
    let mut best_first = problem.edges().to_vec();
    best_first.sort_by_key(|edge| (std::cmp::Reverse(edge.score), edge.role, edge.volunteer));
    let (mut wanted, mut room) = (problem.wanted().to_vec(), problem.room().to_vec());
    best_first.retain(|edge| {
        let (role, volunteer) = (edge.role as usize, edge.volunteer as usize);
        let takes = edge.score > 0 && wanted[role] > 0 && room[volunteer] > 0;
        wanted[role] -= u32::from(takes);
        room[volunteer] -= u32::from(takes);
        takes
    });
    best_first.sort_by_key(Edge::order);
    best_first
}

fn edge(role: u32, volunteer: u32, score: u32) -> Edge {
    Edge {
        role,
        volunteer,
        score,
    }
}

fn two_by_two() -> Problem<'static> {
    let edges = vec![edge(0, 0, 9), edge(0, 1, 8), edge(1, 0, 8), edge(1, 1, 1)];
    Problem::new(vec![1, 1], vec![1, 1], edges).unwrap()
}

#[test]
fn the_best_pair_gives_way_to_the_best_total() {
    let assignment = assign(&two_by_two());
    assert_eq!(assignment.certificate.total, 16);
    assert_eq!(assignment.chosen, [edge(0, 1, 8), edge(1, 0, 8)]);
    assert_eq!(best_first(&two_by_two()), [edge(0, 0, 9), edge(1, 1, 1)]);
}

#[test]
fn a_bonus_serves_another_role_first() {
    // One volunteer's two places are both best given to the first role, until a role's first suggestion is worth more.
    let edges = vec![edge(0, 0, 9), edge(0, 1, 9), edge(1, 0, 5), edge(1, 1, 5)];
    let plain = Problem::new(vec![2, 1], vec![1, 1], edges).unwrap();
    assert_eq!(assign(&plain).chosen, [edge(0, 0, 9), edge(0, 1, 9)]);
    let three = plain.clone().with_first_bonus(vec![3, 3]).unwrap();
    assert_eq!(assign(&three).certificate.total, 21);
    let five = plain.with_first_bonus(vec![5, 5]).unwrap();
    let served = assign(&five);
    assert_eq!(served.certificate.total, 24);
    assert_eq!(
        served.chosen.iter().filter(|edge| edge.role == 1).count(),
        1
    );
}

#[test]
fn the_check_refuses_what_is_not_proven() {
    let problem = two_by_two();
    let Assignment {
        chosen,
        certificate,
    } = assign(&problem);
    let greedy = best_first(&problem);
    let claimed = Certificate {
        total: 10,
        ..certificate.clone()
    };
    let check = |chosen: &[Edge], certificate: &Certificate| verify(&problem, chosen, certificate);
    assert_eq!(
        check(&greedy, &claimed),
        Err(CertificateError::Gap {
            total: 10,
            bound: 16
        })
    );
    assert_eq!(
        check(&greedy, &certificate),
        Err(CertificateError::WrongTotal {
            chosen: 10,
            certified: 16
        })
    );
    assert_eq!(
        check(problem.edges(), &certificate),
        Err(CertificateError::TooMany)
    );
    assert_eq!(
        check(&[edge(0, 0, 16)], &certificate),
        Err(CertificateError::NotAChoice)
    );
    let short = Certificate {
        role_prices: vec![0],
        ..certificate
    };
    assert_eq!(check(&chosen, &short), Err(CertificateError::WrongShape));
}

#[test]
fn unknown_positions_pairs_given_twice_and_great_scores_are_refused() {
    let stranger = edge(0, 1, 3);
    assert_eq!(
        Problem::new(vec![1], vec![1], vec![stranger]),
        Err(ProblemError::OutOfRange(stranger))
    );
    assert_eq!(
        Problem::new(vec![1], vec![1, 1], vec![stranger, edge(0, 1, 5)]),
        Err(ProblemError::Duplicate(stranger))
    );
    assert_eq!(
        Problem::new(vec![1], vec![1], vec![edge(0, 0, MOST + 1)]),
        Err(ProblemError::TooGreat(MOST + 1))
    );
    let most = Problem::new(vec![1], vec![1], vec![edge(0, 0, MOST)]).unwrap();
    assert_eq!(
        most.with_first_bonus(vec![MOST + 1]),
        Err(ProblemError::TooGreat(MOST + 1))
    );
}
