//! Reads what the engine looks at: entities in, `matcher::model::Snapshot` out. Every table is read once and in bulk, so
//! the number of statements does not grow with the number of people.
//!
//! Nothing is decided here; what an entity says is handed over, and what it does not say stays unknown.

mod digest;
mod pair;
mod past;
mod role;
mod rows;
mod select;
mod volunteer;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{RoleId, VolunteerId};
use matcher::model::{Invalid, Snapshot, SnapshotFacts};
use sea_orm::ConnectionTrait;

pub use digest::{Fingerprints, InputsChange};
pub use past::TookPart;
pub use select::{ACCEPTING_PROJECT_STATES, Purpose, Roles, Selection, Volunteers};

use self::pair::PairFacts;
use self::past::Since;
use self::rows::Rows;
use crate::error::DomainError;

/// How far back suggestions and offers count as recent.
pub const EXPOSURE_WINDOW: TimeDelta = TimeDelta::days(30);

/// The engine's inputs, and what was left out of them.
#[derive(Debug)]
pub struct Inputs {
    /// What the engine reads.
    pub snapshot: Snapshot,
    /// Open roles left out because as many suggestions as they want are waiting for an answer already.
    pub served_roles: Vec<RoleId>,
    /// Roles and volunteers whose stored facts break a rule of the engine: left out, and told.
    pub refused: Vec<Refused>,
    /// Consent and verification of each volunteer, which the engine knows nothing of.
    pub permissions: BTreeMap<VolunteerId, Permission>,
}

/// A role or volunteer that could not take part.
#[derive(Debug)]
pub struct Refused {
    /// Which.
    pub subject: Subject,
    /// What is wrong with its facts.
    pub faults: Vec<Invalid>,
}

/// A role or a volunteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A role.
    Role(RoleId),
    /// A volunteer.
    Volunteer(VolunteerId),
}

/// Whether a person may be proposed at all, whatever they fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The account is in use and its address confirmed.
    pub is_verified: bool,
    /// They agreed to be proposed.
    pub has_consent: bool,
    /// They left for good.
    pub has_left: bool,
}

impl Permission {
    /// Whether nothing is in the way.
    pub const fn is_given(self) -> bool {
        self.is_verified && self.has_consent && !self.has_left
    }
}

/// What was read, not yet made into inputs.
pub struct Records {
    rows: Rows,
    selection: Selection,
    as_of: DateTime<Utc>,
}

/// Reads what the inputs for `selection` are made of, as it is; the engine takes `as_of` for now.
///
/// Call it on a transaction that sees one moment: [`begin_read`](crate::store::transaction::begin_read) or a write.
///
/// # Errors
/// When the database fails.
pub async fn read(
    connection: &impl ConnectionTrait,
    selection: &Selection,
    as_of: DateTime<Utc>,
) -> Result<Records, DomainError> {
    Ok(Records {
        rows: Rows::read(connection, selection, as_of).await?,
        selection: selection.clone(),
        as_of,
    })
}

/// The same as it was at `as_of`, when a round was run with `selection`: what followed since is taken back as far as it is
/// known. Whether that is all that changed is for the caller to find out, by the fingerprint.
///
/// # Errors
/// As [`read`].
pub async fn read_past(
    connection: &impl ConnectionTrait,
    selection: &Selection,
    as_of: DateTime<Utc>,
    took_part: &TookPart,
) -> Result<Records, DomainError> {
    let mut past = read(connection, &selection.of_the_past(), as_of).await?;
    let since = Since::read(connection, &past.selection, as_of).await?;
    past.rows.rewind(as_of, &since, took_part);
    Ok(past)
}

/// Reads and makes inputs at once, where they are those of one pair.
///
/// # Errors
/// As [`read`] and [`Records::build`].
pub async fn load(
    connection: &impl ConnectionTrait,
    selection: &Selection,
    as_of: DateTime<Utc>,
) -> Result<Inputs, DomainError> {
    read(connection, selection, as_of).await?.build()
}

impl Records {
    /// Makes the engine's inputs of what was read. For a whole marketplace this is work for a thread that may be held up.
    ///
    /// # Errors
    /// When the parts contradict each other in a way that no row alone explains.
    pub fn build(&self) -> Result<Inputs, DomainError> {
        let Self {
            rows,
            selection,
            as_of,
        } = self;
        let as_of = *as_of;
        let pairs = PairFacts::new(rows, selection.purpose, as_of);
        let mut refused = Vec::new();
        let mut permissions = BTreeMap::new();

        let taxonomy = volunteer::taxonomy(&rows.relations)?;
        let mut details = volunteer::Details::new(rows);
        let mut volunteers = HashMap::new();
        for row in &rows.people.volunteers {
            let permission = details.permission(row);
            permissions.insert(row.id, permission);
            if !selection.volunteers.admits(row.id, permission) {
                continue;
            }
            match details.facts(row, &pairs, as_of) {
                Ok(facts) => {
                    volunteers.insert(row.id, facts);
                }
                Err(faults) => refused.push(Refused {
                    subject: Subject::Volunteer(row.id),
                    faults,
                }),
            }
        }

        let mut served_roles = Vec::new();
        let mut details = role::Details::new(rows);
        let mut roles = HashMap::new();
        for row in &rows.asking.roles {
            let Some(wish) = role::wish(row, &pairs, selection.purpose) else {
                served_roles.push(row.id);
                continue;
            };
            match details.facts(row, wish, &pairs, as_of) {
                Ok(facts) => {
                    roles.insert(row.id, facts);
                }
                Err(faults) => refused.push(Refused {
                    subject: Subject::Role(row.id),
                    faults,
                }),
            }
        }
        served_roles.sort_unstable();

        let is_known = |role: &RoleId, volunteer: &VolunteerId| {
            roles.contains_key(role) && volunteers.contains_key(volunteer)
        };
        let facts = SnapshotFacts {
            as_of: as_of.date_naive(),
            pins: pairs.pins(rows, is_known)?,
            prohibitions: PairFacts::prohibitions(rows, selection.purpose, is_known)?,
            taxonomy,
            volunteers: volunteers.into_values().collect(),
            roles: roles.into_values().collect(),
        };
        let snapshot = Snapshot::new(facts).map_err(|faults| {
            let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
            DomainError::internal(format!(
                "the matcher's inputs contradict each other: {}",
                words.join("; ")
            ))
        })?;
        Ok(Inputs {
            snapshot,
            served_roles,
            refused,
            permissions,
        })
    }
}

/// The engine's name of a role.
///
/// # Errors
/// Never for a UUID; the engine's rules for ids are checked all the same.
pub fn role_key(id: RoleId) -> Result<matcher::model::RoleId, DomainError> {
    matcher::model::RoleId::new(&id.to_string()).map_err(DomainError::internal)
}

/// The engine's name of a volunteer.
///
/// # Errors
/// Never for a UUID; the engine's rules for ids are checked all the same.
pub fn volunteer_key(id: VolunteerId) -> Result<matcher::model::VolunteerId, DomainError> {
    matcher::model::VolunteerId::new(&id.to_string()).map_err(DomainError::internal)
}

/// The role that the engine names.
///
/// # Errors
/// When the name did not come from [`role_key`].
pub fn role_id(key: &matcher::model::RoleId) -> Result<RoleId, DomainError> {
    key.as_str().parse().map_err(DomainError::internal)
}

/// The volunteer that the engine names.
///
/// # Errors
/// When the name did not come from [`volunteer_key`].
pub fn volunteer_id(key: &matcher::model::VolunteerId) -> Result<VolunteerId, DomainError> {
    key.as_str().parse().map_err(DomainError::internal)
}
