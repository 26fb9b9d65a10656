//! What mail servers report of mails that left.

use super::{Decision, denial};
use crate::actor::Actor;

/// What can be done about mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailAction {
    /// Say what became of one.
    Report,
}

impl MailAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 1] = [Self::Report];
}

/// Decides about mails. They belong to nobody, so there are no facts.
pub fn decide(actor: &Actor, action: MailAction) -> Decision {
    let is_allowed = match action {
        MailAction::Report => *actor == Actor::System,
    };
    Decision::allow_if(is_allowed, denial(actor, Decision::Hidden))
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
