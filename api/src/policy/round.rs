//! Rounds of the matcher: coordinators' work. Their results hold who fits what, so nobody else sees them.

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done with rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundAction {
    /// See rounds and what they proposed.
    View,
    /// Compute one.
    Run,
    /// Take its pairings over.
    Apply,
    /// Put it aside.
    Discard,
    /// Take away the document that its certificate rests on.
    Export,
}

impl RoundAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 5] = [
        Self::View,
        Self::Run,
        Self::Apply,
        Self::Discard,
        Self::Export,
    ];
}

/// Decides about rounds. A round belongs to nobody, so there are no facts.
pub fn decide(actor: &Actor, action: RoundAction) -> Decision {
    let is_allowed = match action {
        RoundAction::View | RoundAction::Export => actor.is_staff() || *actor == Actor::System,
        // A round names the coordinator behind it.
        RoundAction::Run | RoundAction::Apply | RoundAction::Discard => actor.is_staff(),
    };
    let otherwise = match actor {
        Actor::System => Decision::Forbidden,
        Actor::Anonymous | Actor::Person(_) => Decision::Hidden,
    };
    let decision = Decision::allow_if(is_allowed, denial(actor, otherwise));
    match action {
        RoundAction::Apply | RoundAction::Export => second_factor::guard(actor, decision),
        RoundAction::View | RoundAction::Run | RoundAction::Discard => decision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::table;

    #[test]
    fn rounds() {
        let rows: Vec<_> = RoundAction::ALL
            .into_iter()
            .map(|action| (format!("{action:?}"), action))
            .collect();
        insta::assert_snapshot!(table("round", &rows, |actor, action| decide(
            actor, *action
        )));
    }
}
