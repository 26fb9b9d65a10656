//! Global ids: a prefix that names the type, and the key. Opaque to clients; one enum owns the prefixes.
//!
//! Row keys are UUIDs, written in Crockford's base 32 (26 characters, sortable); concepts keep their slug.

use async_graphql::ID;
use entity::id::{
    AccountId, CauseId, CheckInId, ConflictOfInterestId, IdentityId, IncidentId, JobId,
    MailMessageId, MembershipId, OrganizationId, PairingId, PasskeyId, PlacementId, ProjectId,
    RoleFamilyId, RoleId, RoundId, SessionId, SkillCategoryId, SkillId, TimeOffId, VettingRecordId,
    VolunteerId,
};
use uuid::Uuid;

use crate::error::{Code, Violation};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A typed key that has a global form.
pub trait GlobalId: Sized {
    /// What the global id begins with, before an underscore.
    const PREFIX: Prefix;
    /// The part after the underscore.
    fn to_text(&self) -> String;
    /// Reads the part after the underscore.
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! prefixes {
    ($($variant:ident = $text:literal => $kind:ident $id:ident,)+) => {
        /// Every prefix.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Prefix {
            $(#[doc = concat!("`", $text, "_…`")] $variant,)+
        }

        impl Prefix {
            /// The text before the underscore.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The prefix of a global id.
            pub fn of(id: &str) -> Option<Self> {
                // The longest prefix wins: `role_family_x` is no `role_`.
                [$(Self::$variant),+]
                    .into_iter()
                    .filter(|prefix| id.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('_')))
                    .max_by_key(|prefix| prefix.as_str().len())
            }
        }

        $(prefixes!(@$kind $variant $id);)+
    };
    (@row $variant:ident $id:ident) => {
        impl GlobalId for $id {
            const PREFIX: Prefix = Prefix::$variant;

            fn to_text(&self) -> String {
                base32(self.uuid())
            }

            fn from_text(text: &str) -> Option<Self> {
                from_base32(text).map(Self::new)
            }
        }
    };
    (@concept $variant:ident $id:ident) => {
        impl GlobalId for $id {
            const PREFIX: Prefix = Prefix::$variant;

            fn to_text(&self) -> String {
                self.as_str().to_owned()
            }

            fn from_text(text: &str) -> Option<Self> {
                let is_key = !text.is_empty()
                    && text.len() <= 100
                    && !text.chars().any(char::is_control);
                is_key.then(|| Self::new(text))
            }
        }
    };
}

prefixes! {
    Account = "account" => row AccountId,
    Cause = "cause" => concept CauseId,
    CheckIn = "check_in" => row CheckInId,
    ConflictOfInterest = "conflict" => row ConflictOfInterestId,
    Identity = "identity" => row IdentityId,
    Incident = "incident" => row IncidentId,
    Job = "job" => row JobId,
    Mail = "mail" => row MailMessageId,
    Membership = "membership" => row MembershipId,
    Organization = "organization" => row OrganizationId,
    Pairing = "pairing" => row PairingId,
    Passkey = "passkey" => row PasskeyId,
    Placement = "placement" => row PlacementId,
    Project = "project" => row ProjectId,
    Role = "role" => row RoleId,
    RoleFamily = "role_family" => concept RoleFamilyId,
    Round = "round" => row RoundId,
    Session = "session" => row SessionId,
    Skill = "skill" => concept SkillId,
    SkillCategory = "skill_category" => concept SkillCategoryId,
    TimeOff = "time_off" => row TimeOffId,
    VettingRecord = "vetting" => row VettingRecordId,
    Volunteer = "volunteer" => row VolunteerId,
}

/// The global form of a key.
pub fn encode<T: GlobalId>(id: &T) -> ID {
    ID(format!("{}_{}", T::PREFIX.as_str(), id.to_text()))
}

/// The key in a global id given at `field` of an input.
///
/// # Errors
/// A violation at `field` when it is no id of this type.
pub fn decode<T: GlobalId>(id: &ID, field: &str) -> Result<T, Violation> {
    (Prefix::of(id) == Some(T::PREFIX))
        .then(|| id.get(T::PREFIX.as_str().len() + 1..))
        .flatten()
        .and_then(T::from_text)
        .ok_or_else(|| {
            let prefix = T::PREFIX.as_str();
            Violation::new(
                Code::Invalid,
                field,
                format!("This is not the id of a {prefix}; ids of this kind begin with {prefix}_."),
                format!(
                    "Ce n’est pas un identifiant de ce type; il devrait commencer par {prefix}_."
                ),
            )
        })
}

fn base32(uuid: Uuid) -> String {
    let value = uuid.as_u128();
    (0..26)
        .rev()
        .filter_map(|digit| ALPHABET.get(usize::try_from((value >> (digit * 5)) & 31).ok()?))
        .map(|byte| char::from(*byte))
        .collect()
}

fn from_base32(text: &str) -> Option<Uuid> {
    if text.len() != 26 {
        return None;
    }
    let mut value = 0_u128;
    for (index, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        // 26 digits hold 130 bits: the first may use only three of its five.
        if index == 0 && digit > 7 {
            return None;
        }
        value = value << 5 | digit as u128;
    }
    Some(Uuid::from_u128(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_global_id_gives_its_key_back(value in any::<u128>()) {
            let id = RoleId::new(Uuid::from_u128(value));
            let global = encode(&id);
            prop_assert_eq!(decode::<RoleId>(&global, "id"), Ok(id));
            prop_assert!(decode::<ProjectId>(&global, "id").is_err());
        }

        #[test]
        fn any_text_is_read_or_refused_but_never_panics(text in ".{0,60}") {
            let _ = decode::<RoleId>(&ID(text.clone()), "id");
            let _ = decode::<SkillId>(&ID(format!("skill_{text}")), "id");
        }
    }

    #[test]
    fn a_prefix_is_never_taken_for_a_shorter_one() {
        let family = encode(&RoleFamilyId::new("design"));
        assert_eq!(Prefix::of(&family), Some(Prefix::RoleFamily));
        assert!(decode::<RoleId>(&family, "id").is_err());
        assert_eq!(
            decode::<RoleFamilyId>(&family, "id"),
            Ok(RoleFamilyId::new("design"))
        );
    }
}
