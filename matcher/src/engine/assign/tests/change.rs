//! After any changes the market is what solving again gives, and says what moved.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{LOOSE, Shape, TIGHT, WAR, problem};
use crate::engine::assign::{Edge, Market, Problem, ProblemError, assign};

/// A role's or a volunteer's new facts. Positions and scores are taken modulo what there is.
#[derive(Debug, Clone)]
enum Change {
    Role(usize, u32, u32, Vec<Option<u32>>),
    Volunteer(usize, u32, Vec<Option<u32>>),
}

fn change() -> impl Strategy<Value = Change> {
    let scores = || prop::collection::vec(prop::option::of(0..60_u32), 60);
    let role = (0..99_usize, 0..5_u32, 0..20_u32, scores());
    let volunteer = (0..99_usize, 0..4_u32, scores());
    prop_oneof![
        role.prop_map(|(at, wanted, bonus, scores)| Change::Role(at, wanted, bonus, scores)),
        volunteer.prop_map(|(at, room, scores)| Change::Volunteer(at, room, scores)),
    ]
}

fn small_problem() -> impl Strategy<Value = Problem<'static>> {
    let few = |shape| Shape {
        roles: 10,
        volunteers: 12,
        most_score: 60,
        ..shape
    };
    prop_oneof![
        problem(few(LOOSE)),
        problem(few(TIGHT)),
        problem(WAR),
        problem(Shape {
            most_bonus: 20,
            ..few(TIGHT)
        }),
    ]
}

fn edges(scores: &[Option<u32>], most: usize, edge: impl Fn(u32, u32) -> Edge) -> Vec<Edge> {
    let scored = (0..).zip(scores).take(most);
    scored
        .filter_map(|(other, score)| score.map(|score| edge(other, score)))
        .collect()
}

proptest! {
    #[test]
    fn any_changes_leave_what_solving_again_gives(
        problem in small_problem(),
        changes in prop::collection::vec(change(), 1..12),
    ) {
        let mut market = Market::solve(&problem);
        let mut chosen: BTreeSet<Edge> = market.assignment().chosen.into_iter().collect();
        for change in changes {
            let now = market.problem().unwrap();
            let (roles, volunteers) = (now.wanted().len(), now.room().len());
            let difference = match change {
                Change::Role(at, wanted, bonus, scores) => {
                    let role = u32::try_from(at % (roles + 1)).unwrap();
                    let edges = edges(&scores, volunteers, |volunteer, score| Edge { role, volunteer, score });
                    market.change_role(role, wanted, bonus, &edges).unwrap()
                }
                Change::Volunteer(at, room, scores) => {
                    let volunteer = u32::try_from(at % (volunteers + 1)).unwrap();
                    let edges = edges(&scores, roles, |role, score| Edge { role, volunteer, score });
                    market.change_volunteer(volunteer, room, &edges).unwrap()
                }
            };
            for edge in &difference.given_up {
                prop_assert!(chosen.remove(edge));
            }
            for edge in &difference.chosen {
                prop_assert!(chosen.insert(*edge));
            }
            let assignment = market.assignment();
            prop_assert_eq!(&chosen, &assignment.chosen.iter().copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(market.verify(), Ok(()));
            prop_assert_eq!(market.total(), assign(&market.problem().unwrap()).certificate.total);
        }
    }

    #[test]
    fn taking_out_and_putting_back_keeps_the_total(problem in small_problem(), at in 0..10_u32) {
        let mut market = Market::solve(&problem);
        let total = market.total();
        let of_role: Vec<Edge> = problem.edges().iter().filter(|edge| edge.role == at).copied().collect();
        let (wanted, bonus) = (problem.wanted()[at as usize], problem.first_bonus()[at as usize]);
        market.change_role(at, 0, 0, &[]).unwrap();
        prop_assert!(market.total() <= total);
        market.change_role(at, wanted, bonus, &of_role).unwrap();
        prop_assert_eq!(market.total(), total);
        prop_assert_eq!(market.verify(), Ok(()));
    }
}

#[test]
fn what_cannot_be_a_change_is_refused_and_changes_nothing() {
    let edge = |role, volunteer, score| Edge {
        role,
        volunteer,
        score,
    };
    let problem = Problem::new(vec![1], vec![1], vec![edge(0, 0, 5)]).unwrap();
    let mut market = Market::solve(&problem);
    let stranger = edge(0, 1, 5);
    assert_eq!(
        market.change_role(0, 1, 0, &[stranger]),
        Err(ProblemError::OutOfRange(stranger))
    );
    assert_eq!(
        market.change_volunteer(0, 1, &[edge(1, 0, 5)]),
        Err(ProblemError::OutOfRange(edge(1, 0, 5)))
    );
    assert_eq!(
        market.change_role(0, 1, 0, &[edge(0, 0, 5), edge(0, 0, 6)]),
        Err(ProblemError::Duplicate(edge(0, 0, 6)))
    );
    assert_eq!(
        market.change_role(7, 1, 0, &[]),
        Err(ProblemError::NoSuchPosition(7))
    );
    assert_eq!(market.problem().unwrap(), problem);
}
