//! Seeing a profile: all of it, or the part that a pairing discloses to the actor's organization.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::consent::ConsentPurpose;
use entity::id::{OrganizationId, VolunteerId};
use entity::pairing::{self, PairingState};
use entity::{organization, volunteer};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::actor::Actor;
use crate::context::Context;
use crate::domain::accounts::consents;
use crate::domain::organizations;
use crate::error::DomainError;
use crate::policy::volunteer::{Disclosure, VolunteerAction, VolunteerFacts, decide};

/// How much of a profile the actor sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everything.
    Full,
    /// First name, skills, windows, languages, causes.
    Summary,
}

/// The disclosures of one volunteer's pairings.
pub type Disclosures = Vec<(OrganizationId, Disclosure)>;

/// A profile, as far as the actor may see it.
///
/// # Errors
/// Not found, also for those who may not know that it exists.
pub async fn run(
    ctx: &Context,
    id: VolunteerId,
) -> Result<(volunteer::Model, Visibility), DomainError> {
    let connection = &ctx.app.store.connection;
    let volunteer = volunteer::Entity::find_by_id(id).one(connection).await?;
    let Some(volunteer) = volunteer else {
        // Told as a hidden one is.
        ctx.person()?;
        return Err(DomainError::NotFound);
    };
    let facts = load_facts(ctx, &volunteer).await?;
    decide(&ctx.actor, VolunteerAction::ViewSummary, &facts).require()?;
    let visibility = visibility(&ctx.actor, &facts).ok_or(DomainError::NotFound)?;
    Ok((volunteer, visibility))
}

/// How much of the profile behind `facts` the actor sees; none when nothing.
pub fn visibility(actor: &Actor, facts: &VolunteerFacts) -> Option<Visibility> {
    let may = |action| decide(actor, action, facts).is_allowed();
    if may(VolunteerAction::View) {
        Some(Visibility::Full)
    } else {
        may(VolunteerAction::ViewSummary).then_some(Visibility::Summary)
    }
}

async fn load_facts(
    ctx: &Context,
    volunteer: &volunteer::Model,
) -> Result<VolunteerFacts, DomainError> {
    let connection = &ctx.app.store.connection;
    let mut disclosures = disclosures(connection, &[volunteer.id], ctx.now()).await?;
    let sharing =
        consents::granted(connection, &[volunteer.account_id], ConsentPurpose::Sharing).await?;
    Ok(VolunteerFacts {
        owner: volunteer.account_id,
        disclosures: disclosures.remove(&volunteer.id).unwrap_or_default(),
        shares_contact: sharing.contains(&volunteer.account_id),
    })
}

/// What the pairings of `volunteers` disclose to whom at `now`; pairings that disclose nothing are left out.
pub async fn disclosures(
    connection: &impl ConnectionTrait,
    volunteers: &[VolunteerId],
    now: DateTime<Utc>,
) -> Result<HashMap<VolunteerId, Disclosures>, DomainError> {
    let rows = pairing::Entity::find()
        .filter(
            pairing::COLUMN
                .volunteer_id
                .is_in(volunteers.iter().copied()),
        )
        .filter(
            pairing::COLUMN
                .state
                .is_in(PairingState::LIVE.iter().copied()),
        )
        .find_also_related(organization::Entity)
        .all(connection)
        .await?;
    let mut found: HashMap<VolunteerId, Disclosures> = HashMap::new();
    for (row, organization) in rows {
        let Some(organization) = organization else {
            continue;
        };
        let disclosure = Disclosure::of(&row, organizations::facts(&organization, now).state);
        if disclosure > Disclosure::Nothing {
            let of_volunteer = found.entry(row.volunteer_id).or_default();
            of_volunteer.push((row.organization_id, disclosure));
        }
    }
    Ok(found)
}
