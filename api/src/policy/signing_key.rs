//! The keys behind access tokens: the operator's, on the command line.

use super::{Decision, denial};
use crate::actor::Actor;

/// What can be done to the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKeyAction {
    /// Sign with the next one from now on.
    Rotate,
    /// Forget them all and begin anew.
    Replace,
}

impl SigningKeyAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 2] = [Self::Rotate, Self::Replace];
}

/// Decides about the keys. There is one set of them, so there are no facts.
pub fn decide(actor: &Actor, action: SigningKeyAction) -> Decision {
    let is_allowed = match action {
        SigningKeyAction::Rotate | SigningKeyAction::Replace => *actor == Actor::System,
    };
    Decision::allow_if(is_allowed, denial(actor, Decision::Hidden))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::table;

    #[test]
    fn signing_keys() {
        let rows: Vec<_> = SigningKeyAction::ALL
            .into_iter()
            .map(|action| (format!("{action:?}"), action))
            .collect();
        insta::assert_snapshot!(table("signing keys", &rows, |actor, action| decide(
            actor, *action
        )));
    }
}
