//! Work in the background: watched and taken up again by those who run the marketplace.

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done to jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobAction {
    /// See what waits, runs and was given up.
    View,
    /// Have a job run again that was given up.
    Retry,
    /// Take a job that was given up off the list, for good.
    Discard,
}

impl JobAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 3] = [Self::View, Self::Retry, Self::Discard];
}

/// Decides about jobs. They belong to nobody, so there are no facts.
pub fn decide(actor: &Actor, action: JobAction) -> Decision {
    let is_allowed = actor.is_staff() || *actor == Actor::System;
    let decision = Decision::allow_if(is_allowed, denial(actor, Decision::Hidden));
    match action {
        JobAction::View => decision,
        JobAction::Retry | JobAction::Discard => second_factor::guard(actor, decision),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::table;

    #[test]
    fn jobs() {
        let rows: Vec<_> = JobAction::ALL
            .into_iter()
            .map(|action| (format!("{action:?}"), action))
            .collect();
        insta::assert_snapshot!(table("jobs", &rows, |actor, action| decide(actor, *action)));
    }
}
