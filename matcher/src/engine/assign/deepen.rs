//! From short lists to a proof over all pairs.
//!
//! A role's list holds its best pairs; those that are not listed have no greater score than the last of it, and a volunteer
//! has no negative price. So where the role's price is at least the last pair's value, no pair that is not listed can add to
//! the total: the prices say which lists are too short, and only those are asked for again, longer, until none is. This is
//! the growing core of Lee and Orlin (MIT WP 3572-93). Sufficient, not necessary: a list may be made longer for nothing, never
//! the other way round.

use super::market::number;
use super::near::settles_again;
use super::{Assignment, Certificate, Edge, MOST, Market, Problem, ProblemError};

/// The best pairs of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shortlist {
    /// The pairs, best first, ties by volunteer; of those not listed none has a greater score than the last.
    pub edges: Vec<Edge>,
    /// Whether these are all pairs of the role.
    pub is_whole: bool,
}

/// Roles and volunteers, with lists of which some are short.
#[derive(Debug, Clone, Default)]
pub struct Shortlists {
    /// Most suggestions of each role.
    pub wanted: Vec<u32>,
    /// Most suggestions of each volunteer.
    pub room: Vec<u32>,
    /// What the first suggestion of each role adds to its score.
    pub first_bonus: Vec<u32>,
    /// A list for each role.
    pub lists: Vec<Shortlist>,
}

/// The optimum over all pairs, listed or not.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The choice and its prices, which prove it for the pairs listed in the end and, by the lists' last pairs, for all.
    pub assignment: Assignment,
    /// The pairs listed in the end.
    pub problem: Problem,
    /// How often lists were made longer.
    pub passes: usize,
    /// Lists made longer, each counted once a pass.
    pub deepened: usize,
}

/// Solves over short lists, and asks `deeper` for a role's list with at least so many pairs (or all there are) until the
/// prices prove the choice optimal over all pairs.
pub fn assign_shortlists(
    mut given: Shortlists,
    deeper: &mut dyn FnMut(u32, usize) -> Shortlist,
) -> Result<Proven, ProblemError> {
    given
        .lists
        .resize_with(given.wanted.len(), Shortlist::default);
    let (mut passes, mut deepened) = (0, 0);
    let mut problem = problem_of(&given)?;
    let mut market = Market::solve(&problem);
    loop {
        let mut assignment = market.assignment();
        price_out(&problem, &given.lists, &mut assignment.certificate);
        let short = too_short(&problem, &given.lists, &assignment.certificate);
        if short.is_empty() {
            return Ok(Proven {
                assignment,
                problem,
                passes,
                deepened,
            });
        }
        passes += 1;
        deepened += short.len();
        for role in &short {
            if let Some(list) = given.lists.get_mut(*role) {
                let longer = (list.edges.len() * 2).max(LEAST);
                let position = number(*role);
                *list = lengthened(std::mem::take(list), deeper(position, longer));
            }
        }
        problem = problem_of(&given)?;
        if settles_again(short.len(), given.wanted.len()) {
            for role in short {
                let list = given.lists.get(role);
                market.lengthen(role, list.map_or(&[][..], |list| &list.edges));
            }
            market.repair();
        } else {
            market = Market::solve(&problem);
        }
    }
}

/// A list that is asked for again has at least so many pairs.
const LEAST: usize = 16;

/// No pair that is not listed is worth more. Nothing at all, if all are listed.
fn most_unlisted(list: &Shortlist, bonus: u32) -> u32 {
    match list.edges.last() {
        _ if list.is_whole => 0,
        Some(last) => last.score + bonus,
        None => MOST + bonus,
    }
}

/// A role that wants nothing may have any price: one above all that is not listed.
fn price_out(problem: &Problem, lists: &[Shortlist], certificate: &mut Certificate) {
    let prices = certificate.role_prices.iter_mut();
    let roles = problem
        .wanted()
        .iter()
        .zip(lists)
        .zip(problem.first_bonus());
    for (price, ((wanted, list), bonus)) in prices.zip(roles) {
        if *wanted == 0 {
            *price = (*price).max(most_unlisted(list, *bonus));
        }
    }
}

/// Roles whose unlisted pairs might still add to the total.
fn too_short(problem: &Problem, lists: &[Shortlist], certificate: &Certificate) -> Vec<usize> {
    let prices = certificate.role_prices.iter();
    let known = lists.iter().zip(problem.first_bonus());
    prices
        .zip(known)
        .enumerate()
        .filter(|(_, (price, (list, bonus)))| **price < most_unlisted(list, **bonus))
        .map(|(role, _)| role)
        .collect()
}

/// A list that did not grow is taken to be whole: asking again would give the same.
fn lengthened(before: Shortlist, after: Shortlist) -> Shortlist {
    let grew = after.edges.len() > before.edges.len();
    Shortlist {
        is_whole: after.is_whole || !grew,
        edges: if grew { after.edges } else { before.edges },
    }
}

fn problem_of(given: &Shortlists) -> Result<Problem, ProblemError> {
    let edges = given.lists.iter().flat_map(|list| &list.edges);
    let edges = edges.copied().collect();
    Problem::new(given.wanted.clone(), given.room.clone(), edges)?
        .with_first_bonus(given.first_bonus.clone())
}
