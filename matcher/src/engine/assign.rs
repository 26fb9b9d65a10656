//! The optimal b-matching: each role gets at most its wanted suggestions, each volunteer at most their room, and the
//! total is the greatest there is. A certificate of integer prices comes with it.
//!
//! `near` comes near the optimum by an `auction`, `path` makes it exact, `change` keeps it exact when a role or a volunteer
//! changes, `certificate` checks the result without knowing any of them. `grow` starts from the first few pairs of each role and
//! proves the result over all. `budget` keeps to hours, which no b-matching can say.

mod auction;
mod budget;
mod certificate;
mod change;
mod grow;
mod lists;
mod market;
mod near;
mod path;
mod problem;
mod unlisted;

pub use budget::{Budgets, Mend, bound_within, keep_within};
pub use certificate::{Certificate, CertificateError, verify};
pub use change::Difference;
pub use grow::assign;
pub use market::Market;
pub use problem::{Edge, MOST, Problem, ProblemError};

/// An optimal choice and its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The chosen pairs, by role, then best first.
    pub chosen: Vec<Edge>,
    /// Integer prices that prove the choice optimal.
    pub certificate: Certificate,
}

impl Market {
    /// Solves the problem and keeps what it takes to solve it again after a change.
    pub fn solve(problem: &Problem<'_>) -> Self {
        Self::solve_first(problem, &vec![usize::MAX; problem.wanted().len()])
    }

    /// Solves for the first pairs of each role, as many as are listed.
    fn solve_first(problem: &Problem<'_>, listed: &[usize]) -> Self {
        let mut market = Self::open(problem, listed);
        if problem.has_room_to_spare() {
            market.roles_bid();
        } else {
            market.volunteers_bid();
        }
        market.repair();
        market.journal = Vec::new();
        market
    }
}

#[cfg(test)]
mod tests;
