//! Who looked at a person's data: told to that person alone. Staff who must know ask the audit trail.

use entity::id::AccountId;

use super::{Decision, denial};
use crate::actor::Actor;

/// Decides whether the actor may see who looked at the data of `subject`.
pub fn decide(actor: &Actor, subject: AccountId) -> Decision {
    let is_own = actor.account_id() == Some(subject);
    let otherwise = if actor.is_staff() || *actor == Actor::System {
        Decision::Forbidden
    } else {
        Decision::Hidden
    };
    Decision::allow_if(is_own, denial(actor, otherwise))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::policy::matrix::{OWN_ACCOUNT, table};

    #[test]
    fn personal_reads() {
        let rows = [
            ("one's own".to_owned(), OWN_ACCOUNT),
            ("another's".to_owned(), AccountId::new(Uuid::from_u128(99))),
        ];
        insta::assert_snapshot!(table("looks at data that are", &rows, |actor, subject| {
            decide(actor, *subject)
        }));
    }
}
