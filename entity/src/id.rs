//! Typed ids: one type per table, so that the id of a role cannot stand where the id of a project belongs.
//!
//! Rows are keyed by UUIDv7 (ordered by time of creation), concepts by a stable slug that is the same in
//! every installation and in files. Nothing here makes a new id: that takes a clock and randomness, which
//! belong to the server.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares newtypes over [`Uuid`] that serve as keys; text form is the plain hyphenated UUID.
macro_rules! uuid_ids {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that the caller made or read.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

/// Declares newtypes over [`String`] that key concepts; text form is the slug as it is.
macro_rules! slug_ids {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a slug as it is; whether such a concept exists is for the database to say.
            pub fn new(slug: impl Into<String>) -> Self {
                Self(slug.into())
            }

            /// The bare slug.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::new(text))
            }
        }

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

uuid_ids! {
    /// Key of [`account`](crate::account).
    AccountId,
    /// Key of [`account_token`](crate::account_token).
    AccountTokenId,
    /// Key of [`audit_event`](crate::audit_event).
    AuditEventId,
    /// Key of [`check_in`](crate::check_in).
    CheckInId,
    /// Key of [`conflict_of_interest`](crate::conflict_of_interest).
    ConflictOfInterestId,
    /// Key of [`consent`](crate::consent).
    ConsentId,
    /// Key of [`follow_up`](crate::follow_up).
    FollowUpId,
    /// Key of [`idempotency_key`](crate::idempotency_key).
    IdempotencyKeyId,
    /// Key of [`identity`](crate::identity).
    IdentityId,
    /// Key of [`incident`](crate::incident).
    IncidentId,
    /// Key of [`job`](crate::job).
    JobId,
    /// Key of [`mail_message`](crate::mail_message).
    MailMessageId,
    /// Key of [`membership`](crate::membership).
    MembershipId,
    /// Key of [`organization`](crate::organization).
    OrganizationId,
    /// Key of [`pairing`](crate::pairing).
    PairingId,
    /// Key of [`pairing_event`](crate::pairing_event).
    PairingEventId,
    /// Key of [`pairing_rule`](crate::pairing_rule).
    PairingRuleId,
    /// Key of [`passkey`](crate::passkey).
    PasskeyId,
    /// Key of [`personal_read`](crate::personal_read).
    PersonalReadId,
    /// Key of [`placement`](crate::placement).
    PlacementId,
    /// Key of [`project`](crate::project).
    ProjectId,
    /// Key of [`refresh_token`](crate::refresh_token).
    RefreshTokenId,
    /// Key of [`role`](crate::role).
    RoleId,
    /// Key of [`role_skill`](crate::role_skill).
    RoleSkillId,
    /// Key of [`role_window`](crate::role_window).
    RoleWindowId,
    /// Key of [`round`](crate::round).
    RoundId,
    /// Key of [`session`](crate::session).
    SessionId,
    /// Key of [`skill_alias`](crate::skill_alias).
    SkillAliasId,
    /// Key of [`suppression`](crate::suppression).
    SuppressionId,
    /// Key of [`time_off`](crate::time_off).
    TimeOffId,
    /// Key of [`vetting_record`](crate::vetting_record).
    VettingRecordId,
    /// Key of [`volunteer`](crate::volunteer).
    VolunteerId,
    /// Key of [`volunteer_window`](crate::volunteer_window).
    VolunteerWindowId,
    /// Key of [`worklist_note`](crate::worklist_note).
    WorklistNoteId,
}

slug_ids! {
    /// Key of [`cause`](crate::cause).
    CauseId,
    /// Key of [`role_family`](crate::role_family).
    RoleFamilyId,
    /// Key of [`skill`](crate::skill).
    SkillId,
    /// Key of [`skill_category`](crate::skill_category).
    SkillCategoryId,
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "019ab5e2-7c00-7000-8000-00000000002a";

    #[test]
    fn a_row_id_is_written_and_read_as_the_plain_uuid() {
        let id: RoleId = UUID.parse().unwrap();
        assert_eq!(id.to_string(), UUID);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{UUID}\""));
        assert_eq!(RoleId::new(id.uuid()), id);
    }

    #[test]
    fn ids_order_as_their_uuids_do() {
        let earlier = PairingId::new(Uuid::from_u128(1));
        let later = PairingId::new(Uuid::from_u128(2));
        assert!(earlier < later);
    }

    #[test]
    fn text_that_is_no_uuid_is_refused() {
        assert!("role_1".parse::<RoleId>().is_err());
    }

    #[test]
    fn a_concept_id_is_its_slug() {
        let id = SkillId::new("service-design");
        assert_eq!(id.to_string(), "service-design");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"service-design\"");
        assert_eq!(
            serde_json::from_str::<SkillId>("\"service-design\"").unwrap(),
            id
        );
    }
}
