//! Learning from outcomes: coordinators' and administrators' work. What it reports rests on everybody's answers.

use super::{Decision, denial};
use crate::actor::Actor;

/// What can be learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearningAction {
    /// Set predictions against what happened.
    Calibrate,
    /// Fit weights to what happened.
    Refit,
    /// Run a past round with other weights.
    Replay,
}

impl LearningAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 3] = [Self::Calibrate, Self::Refit, Self::Replay];
}

/// Decides about learning. It changes nothing and belongs to nobody, so there are no facts.
pub fn decide(actor: &Actor, action: LearningAction) -> Decision {
    let is_allowed = match action {
        LearningAction::Calibrate | LearningAction::Refit | LearningAction::Replay => {
            actor.is_staff()
        }
    };
    let otherwise = match actor {
        Actor::System => Decision::Forbidden,
        Actor::Anonymous | Actor::Person(_) => Decision::Hidden,
    };
    Decision::allow_if(is_allowed, denial(actor, otherwise))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::table;

    #[test]
    fn learning() {
        let rows: Vec<_> = LearningAction::ALL
            .into_iter()
            .map(|action| (format!("{action:?}"), action))
            .collect();
        insta::assert_snapshot!(table("learning", &rows, |actor, action| decide(
            actor, *action
        )));
    }
}
