//! What mail servers report of mails that left.

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done about mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailAction {
    /// Say what became of one.
    Report,
    /// See one of each kind with invented data.
    Preview,
    /// See those that were given up, came back, or were called spam.
    ViewTroubles,
    /// Have an address written to again that had not taken our mail, or whose owner had called one spam.
    LiftBlock,
}

impl MailAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 4] = [
        Self::Report,
        Self::Preview,
        Self::ViewTroubles,
        Self::LiftBlock,
    ];
}

/// Decides about mails. They belong to nobody, so there are no facts.
pub fn decide(actor: &Actor, action: MailAction) -> Decision {
    let is_allowed = match action {
        MailAction::Report => *actor == Actor::System,
        MailAction::Preview | MailAction::ViewTroubles | MailAction::LiftBlock => {
            actor.is_staff() || *actor == Actor::System
        }
    };
    let decision = Decision::allow_if(is_allowed, denial(actor, Decision::Hidden));
    match action {
        MailAction::Report | MailAction::Preview | MailAction::ViewTroubles => decision,
        MailAction::LiftBlock => second_factor::guard(actor, decision),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::table;

    #[test]
    fn mails() {
        let rows: Vec<_> = MailAction::ALL
            .into_iter()
            .map(|action| (format!("{action:?}"), action))
            .collect();
        insta::assert_snapshot!(table("mails", &rows, |actor, action| decide(
            actor, *action
        )));
    }
}
