//! The optimal b-matching: each role gets at most its wanted suggestions, each volunteer at most their room, and the
//! total is the greatest there is. A certificate of integer prices comes with it.
//!
//! `near` comes near the optimum by an `auction`, `path` makes it exact, `change` keeps it exact when a role or a volunteer
//! changes, `certificate` checks the result without knowing any of them. `deepen` starts from short lists and proves the
//! result over all pairs. `budget` keeps to
//! hours, which no b-matching can say. `greedy` answers at once, without a proof.

mod auction;
mod budget;
mod certificate;
mod change;
mod deepen;
mod greedy;
mod lists;
mod market;
mod near;
mod path;
mod problem;
mod unlisted;

pub use budget::{Budgets, bound_within, keep_within};
pub use certificate::{Certificate, CertificateError, verify};
pub use change::Difference;
pub use deepen::{Proven, Shortlist, Shortlists, assign_shortlists};
pub use greedy::greedy;
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

/// Solves the problem. Among choices of the same total, which one is taken depends only on the positions of roles and
/// volunteers.
pub fn assign(problem: &Problem) -> Assignment {
    Market::solve(problem).assignment()
}

impl Market {
    /// Solves the problem and keeps what it takes to solve it again after a change.
    pub fn solve(problem: &Problem) -> Self {
        let mut market = Self::open(problem);
        market.come_near();
        market.repair();
        market.journal = Vec::new();
        market
    }
}

#[cfg(test)]
mod tests;
