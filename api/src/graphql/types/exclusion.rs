//! What keeps a role and a volunteer apart.

use async_graphql::{Enum, SimpleObject};
use entity::language::Language;
use matcher::engine::GateCode;

use crate::domain::matching::explanation;
use crate::domain::matching::snapshot::Permission;

/// A hard constraint that is in the way, with the smallest change that would open it.
#[derive(SimpleObject)]
pub struct Exclusion {
    /// Which constraint.
    code: ExclusionCode,
    /// What is in the way, in the request's language.
    message: String,
    /// What would open it, in the request's language; null when it is there to stay.
    smallest_change: Option<String>,
}

impl Exclusion {
    /// The engine's closed gates in `language`.
    pub fn list(exclusions: &[explanation::Exclusion], language: Language) -> Vec<Self> {
        exclusions
            .iter()
            .map(|exclusion| Self {
                code: exclusion.code.into(),
                message: exclusion.message.in_language(language).to_owned(),
                smallest_change: exclusion
                    .change
                    .as_ref()
                    .map(|change| change.in_language(language).to_owned()),
            })
            .collect()
    }

    /// What stands against proposing the person at all.
    pub fn of_permission(permission: Permission, language: Language) -> Vec<Self> {
        let rows = [
            (
                permission.has_left,
                ExclusionCode::VolunteerLeft,
                ("the volunteer left", "la personne bénévole est partie"),
                None,
            ),
            (
                !permission.is_verified,
                ExclusionCode::Unverified,
                (
                    "the mail address is not confirmed",
                    "l’adresse courriel n’est pas confirmée",
                ),
                Some(("confirm the address", "confirmer l’adresse")),
            ),
            (
                !permission.has_consent,
                ExclusionCode::NoConsent,
                (
                    "has not agreed to be proposed",
                    "n’a pas consenti à être proposée",
                ),
                Some(("agree to be proposed", "consentir à être proposée")),
            ),
        ];
        let pick = |(en, fr): (&str, &str)| match language {
            Language::En => en.to_owned(),
            Language::Fr => fr.to_owned(),
        };
        rows.into_iter()
            .filter(|(is_closed, ..)| *is_closed)
            .map(|(_, code, message, change)| Self {
                code,
                message: pick(message),
                smallest_change: change.map(pick),
            })
            .collect()
    }

    /// The smallest changes of all of them in one line; null when none would help.
    pub fn joint_change(exclusions: &[Self]) -> Option<String> {
        let changes: Option<Vec<&str>> = exclusions
            .iter()
            .map(|exclusion| exclusion.smallest_change.as_deref())
            .collect();
        changes
            .filter(|changes| !changes.is_empty())
            .map(|changes| changes.join("; "))
    }
}

/// The hard constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ExclusionCode {
    /// The role takes nobody now.
    RoleClosed,
    /// No seat is open.
    RoleFull,
    /// The role's last day has passed.
    RoleOver,
    /// The volunteer is busy or paused.
    VolunteerUnavailable,
    /// The volunteer left the marketplace.
    VolunteerLeft,
    /// The volunteer's mail address is not confirmed, or the account is not in use.
    Unverified,
    /// The volunteer has not agreed to be proposed.
    NoConsent,
    /// The volunteer has as many placements as they want.
    NoOpenPlacement,
    /// The pair was forbidden, rejected or declined, or exists already.
    Prohibited,
    /// The volunteer belongs to the organization.
    Conflict,
    /// A required language is missing.
    Languages,
    /// The role asks more hours than are left.
    Hours,
    /// The place is too far, or the way of working does not fit.
    Place,
    /// A must-have skill is missing.
    MustHave,
    /// The volunteer is away all the time.
    Away,
    /// Too few minutes in which both can meet.
    Meeting,
    /// Too little is known to say.
    Confidence,
    /// The fit is too weak to propose.
    Score,
}

impl From<GateCode> for ExclusionCode {
    fn from(code: GateCode) -> Self {
        match code {
            GateCode::RoleClosed => Self::RoleClosed,
            GateCode::RoleFull => Self::RoleFull,
            GateCode::RoleOver => Self::RoleOver,
            GateCode::VolunteerUnavailable => Self::VolunteerUnavailable,
            GateCode::NoOpenPlacement => Self::NoOpenPlacement,
            GateCode::Prohibited => Self::Prohibited,
            GateCode::Conflict => Self::Conflict,
            GateCode::Languages => Self::Languages,
            GateCode::Hours => Self::Hours,
            GateCode::Place => Self::Place,
            GateCode::MustHave => Self::MustHave,
            GateCode::Away => Self::Away,
            GateCode::Meeting => Self::Meeting,
            GateCode::Confidence => Self::Confidence,
            GateCode::Score => Self::Score,
        }
    }
}
