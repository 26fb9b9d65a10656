//! What short lists prove is proven over all pairs; what budgets permit is bounded.

use proptest::prelude::*;

use super::{SMALL, Shape, any_problem, problem};
use crate::engine::assign::{
    Budgets, Edge, Market, Problem, Shortlist, Shortlists, assign, assign_shortlists, bound_within,
    keep_within, verify,
};

fn of_role(problem: &Problem, role: usize) -> Vec<Edge> {
    let edges = problem.edges().iter();
    edges
        .filter(|edge| edge.role as usize == role)
        .copied()
        .collect()
}

fn cut(problem: &Problem, role: usize, to: usize) -> Shortlist {
    let mut edges = of_role(problem, role);
    let is_whole = edges.len() <= to;
    edges.truncate(to);
    Shortlist { edges, is_whole }
}

fn cut_all(problem: &Problem, to: usize) -> Shortlists {
    let roles = 0..problem.wanted().len();
    Shortlists {
        wanted: problem.wanted().to_vec(),
        room: problem.room().to_vec(),
        first_bonus: problem.first_bonus().to_vec(),
        lists: roles.map(|role| cut(problem, role, to)).collect(),
    }
}

proptest! {
    /// The certificate found over short lists is checked against all pairs, which its solver has not seen.
    #[test]
    fn short_lists_are_deepened_until_all_pairs_are_proven(problem in any_problem(), depth in 0..6_usize) {
        let mut deeper = |role: u32, to: usize| cut(&problem, role as usize, to);
        let proven = assign_shortlists(cut_all(&problem, depth), &mut deeper).unwrap();
        let assignment = &proven.assignment;
        prop_assert_eq!(verify(&problem, &assignment.chosen, &assignment.certificate), Ok(()));
        prop_assert_eq!(assignment.certificate.total, assign(&problem).certificate.total);
        prop_assert!(proven.problem.edges().len() <= problem.edges().len());
    }

    #[test]
    fn whole_lists_need_no_pass(problem in any_problem()) {
        let mut deeper = |_: u32, _: usize| -> Shortlist { unreachable!("nothing is missing") };
        let proven = assign_shortlists(cut_all(&problem, usize::MAX), &mut deeper).unwrap();
        prop_assert_eq!(proven.passes, 0);
        prop_assert_eq!(proven.assignment, assign(&problem));
    }

    #[test]
    fn within_budgets_nobody_is_over_and_the_bound_holds(
        problem in prop_oneof![problem(SMALL), problem(Shape { most_bonus: 9, ..SMALL })],
        asked in prop::collection::vec(0..6_u32, 4),
        left in prop::collection::vec(prop::option::weighted(0.8, 0..10_u32), 4),
    ) {
        // As in a round: what does not fit alone is no pair.
        let fits = |edge: &&Edge| left[edge.volunteer as usize]
            .is_none_or(|left| asked[edge.role as usize] <= left);
        let edges = problem.edges().iter().filter(fits).copied().collect();
        let problem = Problem::new(problem.wanted().to_vec(), problem.room().to_vec(), edges)
            .unwrap()
            .with_first_bonus(problem.first_bonus().to_vec())
            .unwrap();
        let budgets = Budgets { asked: &asked, left: &left };
        let mut market = Market::solve(&problem);
        let without = market.assignment().certificate;
        let is_mended = keep_within(&mut market, budgets);
        prop_assert_eq!(market.verify(), Ok(()));
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
        prop_assert!(is_mended || market.total() == best);
    }
}

/// Tries every choice within limits and budgets.
fn best_within(
    problem: &Problem,
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
