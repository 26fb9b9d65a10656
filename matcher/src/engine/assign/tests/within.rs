//! What budgets permit is bounded, and nobody is over them.

use proptest::prelude::*;

use super::{SMALL, Shape, problem};
use crate::engine::assign::{Budgets, Edge, Market, Mend, Problem, bound_within, keep_within};

proptest! {
    #[test]
    fn within_budgets_nobody_is_over_and_the_bound_holds(
        problem in prop_oneof![problem(SMALL), problem(Shape { most_bonus: 9, ..SMALL })],
        asked in prop::collection::vec(0..6_u32, 4),
        left in prop::collection::vec(prop::option::weighted(0.8, 0..10_u32), 4),
    ) {
        // As in a round: what does not fit alone is no pair.
        let fits = |edge: &&Edge| left[edge.volunteer as usize]
            .is_none_or(|left| asked[edge.role as usize] <= left);
        let edges: Vec<Edge> = problem.edges().iter().filter(fits).copied().collect();
        let problem = Problem::new(problem.wanted().to_vec(), problem.room().to_vec(), edges)
            .unwrap()
            .with_first_bonus(problem.first_bonus().to_vec())
            .unwrap();
        let budgets = Budgets { asked: &asked, left: &left };
        let mut market = Market::solve(&problem);
        let without = market.assignment().certificate;
        let mends = keep_within(&mut market, budgets).unwrap();
        prop_assert_eq!(market.verify(), Ok(()));
        // What was taken away is all that has changed.
        let mut room = problem.room().to_vec();
        let mut edges = problem.edges().to_vec();
        for mend in &mends {
            match mend {
                Mend::LessRoom { volunteer, room: less } => room[*volunteer as usize] = *less,
                Mend::Without(edge) => edges.retain(|other| other != edge),
            }
        }
        edges.retain(|edge| edge.score > 0);
        let rest = market.problem().unwrap();
        prop_assert_eq!((rest.room(), rest.edges()), (&room[..], &edges[..]));
        let chosen = market.assignment().chosen;
        for (volunteer, left) in left.iter().enumerate() {
            let of = chosen.iter().filter(|edge| edge.volunteer as usize == volunteer);
            let sum: u32 = of.map(|edge| asked[edge.role as usize]).sum();
            prop_assert!(left.is_none_or(|left| sum <= left));
        }
        let best = best_within(&problem, problem.edges(), &mut Vec::new(), budgets);
        prop_assert!(market.total() <= best);
        let prices = market.assignment().certificate.role_prices;
        prop_assert!(best <= bound_within(&problem, &prices, budgets));
        prop_assert!(best <= bound_within(&problem, &without.role_prices, budgets));
        prop_assert!(bound_within(&problem, &without.role_prices, budgets) <= without.total);
        prop_assert!(!mends.is_empty() || market.total() == best);
    }
}

/// Tries every choice within limits and budgets.
fn best_within(
    problem: &Problem<'_>,
    edges: &[Edge],
    chosen: &mut Vec<Edge>,
    budgets: Budgets<'_>,
) -> u64 {
    let Some((edge, rest)) = edges.split_first() else {
        return problem.value_of(chosen);
    };
    let without = best_within(problem, rest, chosen, budgets);
    let of_role = chosen
        .iter()
        .filter(|other| other.role == edge.role)
        .count();
    let of_volunteer = chosen
        .iter()
        .filter(|other| other.volunteer == edge.volunteer);
    let asked = |edge: &Edge| budgets.asked[edge.role as usize];
    let sum: u32 = of_volunteer.clone().map(asked).sum();
    let is_permitted = edge.score > 0
        && of_role < problem.wanted()[edge.role as usize] as usize
        && of_volunteer.count() < problem.room()[edge.volunteer as usize] as usize
        && budgets.left[edge.volunteer as usize].is_none_or(|left| sum + asked(edge) <= left);
    if !is_permitted {
        return without;
    }
    chosen.push(*edge);
    let with = best_within(problem, rest, chosen, budgets);
    chosen.pop();
    with.max(without)
}
