//! What waits for coordinators.

use super::{Decision, denial};
use crate::actor::Actor;

/// What can be done with the worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorklistAction {
    /// See what waits.
    View,
    /// Say who sees to something, or that it is seen to. What is decided over it has rules of its own.
    Note,
}

impl WorklistAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 2] = [Self::View, Self::Note];
}

/// Decides about the worklist. It belongs to all coordinators, so there are no facts.
pub fn decide(actor: &Actor, _action: WorklistAction) -> Decision {
    Decision::allow_if(actor.is_staff(), denial(actor, Decision::Hidden))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::table;

    #[test]
    fn worklist() {
        let rows: Vec<_> = WorklistAction::ALL
            .into_iter()
            .map(|action| (format!("{action:?}"), action))
            .collect();
        insta::assert_snapshot!(table("worklist", &rows, |actor, action| decide(
            actor, *action
        )));
    }
}
