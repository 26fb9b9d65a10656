//! The instant answer: each role asks down its list, each volunteer keeps the best who ask (b-suitor; Khan et al., SIAM J.
//! Sci. Comput. 38(5), 2016). It is the choice that taking the best pair again and again gives, and at least half of the
//! optimum; the bonus of first suggestions does not enter. Not optimal: never a round's result.

use std::cmp::Reverse;

use super::{Edge, Problem};

/// The pairs that nobody would leave for a better one, in the order of the problem's pairs. **Not the greatest total**:
/// for interactive use, where a round takes too long. Costs one look at most at each pair.
#[expect(
    clippy::indexing_slicing,
    reason = "`Problem` has checked the range of roles and volunteers; edges are numbered here"
)]
pub fn greedy(problem: &Problem<'_>) -> Vec<Edge> {
    let edges = problem.edges();
    // Where each role is in its list, and where the list ends.
    let mut next = vec![(0, 0); problem.wanted().len()];
    let mut start = 0;
    for of_role in edges.chunk_by(|a, b| a.role == b.role) {
        next[of_role[0].role as usize] = (start, start + of_role.len());
        start += of_role.len();
    }
    let mut held: Vec<Vec<usize>> = vec![Vec::new(); problem.room().len()];
    let rank = |edge: usize| (Reverse(edges[edge].score), edges[edge].role);
    for (first, wanted) in problem.wanted().iter().enumerate() {
        for _ in 0..(*wanted as usize).min(next[first].1 - next[first].0) {
            let mut asking = Some(first);
            while let Some(role) = asking.take() {
                let (place, end) = &mut next[role];
                let Some(edge) = (*place < *end && edges[*place].score > 0).then_some(*place)
                else {
                    break;
                };
                *place += 1;
                let volunteer = edges[edge].volunteer as usize;
                let held = &mut held[volunteer];
                if held.len() < problem.room()[volunteer] as usize {
                    held.push(edge);
                    break;
                }
                match held.iter_mut().max_by_key(|edge| rank(**edge)) {
                    Some(worst) if rank(edge) < rank(*worst) => {
                        // The role that is displaced asks on.
                        asking = Some(edges[*worst].role as usize);
                        *worst = edge;
                    }
                    _ => asking = Some(role),
                }
            }
        }
    }
    let mut chosen: Vec<usize> = held.into_iter().flatten().collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|edge| edges[edge]).collect()
}
