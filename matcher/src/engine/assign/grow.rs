//! The optimum over all pairs from the first few of each role.
//!
//! A role's list is sorted and a volunteer has no negative price. So where the role's price is at least the value of the
//! first pair that was left out, none that was left out can add to the total: the prices say which lists were too short, and
//! only those are made longer, until none is. This is the growing core of Lee and Orlin (MIT WP 3572-93). Where there is room
//! to spare, hardly any role gets past its first pairs, and all others cost no more than the walk that checks them.

use super::{Assignment, Edge, Market, Problem};

/// So many pairs of each role at first, where there is room to spare.
const FIRST: usize = 32;

/// And where volunteers are scarce: they bid, and most of what a short list holds is soon bid away.
const FIRST_OF_SCARCE: usize = 192;

/// Solves the problem. Among choices of the same total, which one is taken depends only on the positions of roles and
/// volunteers.
pub fn assign(problem: &Problem<'_>) -> Assignment {
    let first = if problem.has_room_to_spare() {
        FIRST
    } else {
        FIRST_OF_SCARCE
    };
    assign_from(problem, first)
}

/// The same from so many pairs of each role.
pub(super) fn assign_from(problem: &Problem<'_>, first: usize) -> Assignment {
    let roles = problem.wanted().len();
    let mut listed = vec![first; roles];
    let mut market = Market::solve_first(problem, &listed);
    loop {
        let mut assignment = market.assignment();
        let prices = &mut assignment.certificate.role_prices;
        let too_short: Vec<(usize, &[Edge])> = (0..)
            .zip(prices.iter_mut().zip(&mut listed))
            .filter_map(|(role, (price, listed))| {
                let longer = longer_list(problem, role, price, *listed)?;
                *listed = longer.len();
                Some((role, longer))
            })
            .collect();
        if too_short.is_empty() {
            return assignment;
        }
        if too_short.len() * REPAIRED_OF_ALL <= roles {
            for (role, list) in too_short {
                market.lengthen(role, list);
            }
            market.repair();
        } else {
            market = Market::solve_first(problem, &listed);
        }
    }
}

/// One list of so many is better repaired than everything is auctioned off again.
const REPAIRED_OF_ALL: usize = 8;

/// A longer list of the role, if one that is left out might add to the total: at least twice as long, and all that are worth
/// more than its price. A role that wants none may have any price: one that nothing is worth more than.
fn longer_list<'p>(
    problem: &'p Problem<'_>,
    role: usize,
    price: &mut u32,
    listed: usize,
) -> Option<&'p [Edge]> {
    let pairs = problem.pairs_of_role(role);
    let bonus = problem.first_bonus().get(role)?;
    let left_out = pairs.get(listed..)?.first()?.score + bonus;
    if *price >= left_out {
        return None;
    }
    if problem.wanted().get(role) == Some(&0) {
        *price = left_out;
        return None;
    }
    let worth_more = pairs.partition_point(|edge| edge.score + bonus > *price);
    pairs.get(..worth_more.max(listed * 2).min(pairs.len()))
}
