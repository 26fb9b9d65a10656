//! The register of confidentiality incidents: read by those who run the marketplace, written from the command line.

use super::{Decision, denial};
use crate::actor::Actor;

/// What can be done with the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncidentAction {
    /// Read it.
    View,
    /// Add to it, and close what is in it.
    Keep,
}

impl IncidentAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 2] = [Self::View, Self::Keep];
}

/// Decides about the register. It belongs to nobody, so there are no facts.
pub fn decide(actor: &Actor, action: IncidentAction) -> Decision {
    let is_system = *actor == Actor::System;
    let is_allowed = match action {
        IncidentAction::View => is_system || actor.is_staff(),
        IncidentAction::Keep => is_system,
    };
    let otherwise = if actor.is_staff() {
        Decision::Forbidden
    } else {
        Decision::Hidden
    };
    Decision::allow_if(is_allowed, denial(actor, otherwise))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::table;

    #[test]
    fn incidents() {
        let rows: Vec<_> = IncidentAction::ALL
            .into_iter()
            .map(|action| (format!("{action:?}"), action))
            .collect();
        insta::assert_snapshot!(table("incidents", &rows, |actor, action| decide(
            actor, *action
        )));
    }
}
