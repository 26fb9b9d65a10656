//! Everything about a pairing that mails and pages tell: the role in its project and organization, the volunteer, and
//! who answers for the organization. It is read here; who may know which part of it is decided elsewhere.

use chrono::Weekday;
use chrono_tz::Tz;
use entity::account::{self, AccountState};
use entity::location_mode::LocationMode;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::personal::Personal;
use entity::weekday;
use entity::{organization, pairing, project, role, role_window, volunteer};
use matcher::mail::{Commitment, Place, RoleSummary, Text, Window};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde::Deserialize;

use crate::error::DomainError;

/// A pairing and all it connects.
#[derive(Clone, Debug)]
pub struct Parties {
    /// The pairing.
    pub pairing: pairing::Model,
    /// The role.
    pub role: role::Model,
    /// The role's weekly windows, in the role's zone.
    pub windows: Vec<role_window::Model>,
    /// The role's project.
    pub project: project::Model,
    /// The role's organization.
    pub organization: organization::Model,
    /// The volunteer.
    pub volunteer: volunteer::Model,
    /// The volunteer's account.
    pub volunteer_account: account::Model,
    /// The accounts that answer for the organization: its owners and managers, longest serving first.
    pub representatives: Vec<account::Model>,
}

/// Reads a pairing's parties.
pub async fn load(
    connection: &impl ConnectionTrait,
    pairing: pairing::Model,
) -> Result<Parties, DomainError> {
    let (role, project) = role::Entity::find_by_id(pairing.role_id)
        .find_also_related(project::Entity)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    let (volunteer, volunteer_account) = volunteer::Entity::find_by_id(pairing.volunteer_id)
        .find_also_related(account::Entity)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    let organization = organization::Entity::find_by_id(pairing.organization_id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    let windows = role_window::Entity::find()
        .filter(role_window::COLUMN.role_id.eq(role.id))
        .order_by_asc(role_window::Column::Weekday)
        .order_by_asc(role_window::Column::StartMinute)
        .all(connection)
        .await?;
    let members = membership::Entity::find()
        .filter(membership::COLUMN.organization_id.eq(organization.id))
        .filter(membership::COLUMN.state.eq(MembershipState::Active))
        .filter(
            membership::COLUMN
                .role
                .is_in([MembershipRole::Owner, MembershipRole::Manager]),
        )
        .order_by_asc(membership::Column::CreatedAt)
        .order_by_asc(membership::Column::Id)
        .find_also_related(account::Entity)
        .all(connection)
        .await?;
    let representatives = members
        .into_iter()
        .filter_map(|(_, account)| account)
        .filter(is_reachable)
        // Someone who is on both sides hears as the volunteer only.
        .filter(|account| account.id != volunteer.account_id)
        .collect();
    Ok(Parties {
        pairing,
        role,
        windows,
        project: project.ok_or(DomainError::NotFound)?,
        organization,
        volunteer,
        volunteer_account: volunteer_account.ok_or(DomainError::NotFound)?,
        representatives,
    })
}

/// Whether mail may go to an account at all.
pub fn is_reachable(account: &account::Model) -> bool {
    matches!(
        account.state,
        AccountState::Unverified | AccountState::Active
    )
}

impl Parties {
    /// The role as mails and pages name it.
    pub fn role_summary(&self) -> RoleSummary {
        RoleSummary {
            title: Text::new(self.role.title_en.clone(), self.role.title_fr.clone()),
            project: Text::new(self.project.title_en.clone(), self.project.title_fr.clone()),
            organization: Text::name(&self.organization.name),
        }
    }

    /// What the project is about, if it says so.
    pub fn summary(&self) -> Option<Text> {
        let summary = Text::new(
            self.project.summary_en.clone(),
            self.project.summary_fr.clone(),
        );
        (summary != Text::default()).then_some(summary)
    }

    /// What the role asks of a volunteer's time.
    pub fn commitment(&self) -> Commitment {
        let city = || self.role.city.clone().filter(|city| !city.is_empty());
        Commitment {
            hours_per_week: u16::try_from(self.role.hours_per_week).unwrap_or_default(),
            starts_on: self.role.starts_on,
            ends_on: self.role.ends_on,
            windows: windows(&self.role, &self.windows),
            place: match self.role.location_mode {
                LocationMode::Remote => Place::Remote,
                LocationMode::Hybrid => city().map_or(Place::Remote, Place::Hybrid),
                LocationMode::Onsite => {
                    Place::OnSite(city().unwrap_or_else(|| self.organization.name.clone()))
                }
            },
        }
    }

    /// Why the two fit, one sentence each, as the engine said it; nothing when it was not asked.
    pub fn reasons(&self) -> Vec<Text> {
        reasons(&self.pairing)
    }

    /// The only name the organization sees before both have accepted.
    pub fn volunteer_first_name(&self) -> Personal {
        self.volunteer_account.given_name.clone()
    }
}

/// A role's weekly windows as mails tell them.
pub fn windows(role: &role::Model, rows: &[role_window::Model]) -> Vec<Window> {
    let zone = zone(role);
    rows.iter()
        .map(|window| Window {
            weekday: weekday(window.weekday),
            start_minute: u16::try_from(window.start_minute).unwrap_or_default(),
            end_minute: u16::try_from(window.end_minute).unwrap_or_default(),
            zone,
        })
        .collect()
}

/// The zone of a role's windows.
pub fn zone(role: &role::Model) -> Tz {
    role.zone.parse().unwrap_or(Tz::UTC)
}

#[derive(Deserialize)]
struct Told {
    reasons: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    en: String,
    fr: String,
}

/// The sentences under `reasons` of a pairing's factors; factors without them tell nothing.
pub fn reasons(pairing: &pairing::Model) -> Vec<Text> {
    pairing
        .factors
        .as_ref()
        .and_then(|factors| Told::deserialize(factors.expose()).ok())
        .map(|told| told.reasons)
        .unwrap_or_default()
        .into_iter()
        .map(|sentence| Text::bilingual(sentence.en, sentence.fr))
        .collect()
}

pub(super) const fn weekday(day: weekday::Weekday) -> Weekday {
    match day {
        weekday::Weekday::Monday => Weekday::Mon,
        weekday::Weekday::Tuesday => Weekday::Tue,
        weekday::Weekday::Wednesday => Weekday::Wed,
        weekday::Weekday::Thursday => Weekday::Thu,
        weekday::Weekday::Friday => Weekday::Fri,
        weekday::Weekday::Saturday => Weekday::Sat,
        weekday::Weekday::Sunday => Weekday::Sun,
    }
}
