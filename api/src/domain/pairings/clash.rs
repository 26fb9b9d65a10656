//! A role that meets when the volunteer is needed at another one: the two cannot both be had. Coordinators see it before they
//! approve, with the near misses that are in nobody's way.

use entity::actor_kind::ActorKind;
use entity::id::VolunteerId;
use entity::{pairing, role};
use matcher::mail::{Language, Text, dates};
use sea_orm::{ConnectionTrait, EntityTrait as _};

use super::give_way::open_states;
use super::parties::zone;
use super::reason::Reason;
use crate::context::Context;
use crate::domain::placements::conflicts::{self, Conflict};
use crate::error::{Code, DomainError, Violation};
use crate::policy::pairing::{PairingAction, decide};

/// Everything that stands beside the meetings of a pairing's role, as long as the pairing may still lead to a placement. For
/// coordinators; nothing for others.
pub async fn list(ctx: &Context, pairing: &pairing::Model) -> Result<Vec<Conflict>, DomainError> {
    let is_told = decide(&ctx.actor, PairingAction::ViewNotes, &pairing.into()).is_allowed();
    if !is_told || !open_states().any(|state| state == pairing.state) {
        return Ok(Vec::new());
    }
    let connection = &ctx.app.store.connection;
    let role = role::Entity::find_by_id(pairing.role_id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    conflicts::of_volunteer(ctx, connection, &role, pairing.volunteer_id).await
}

/// The first clash of a role with a placement of the volunteer.
pub(super) async fn find(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    role: &role::Model,
    volunteer_id: VolunteerId,
) -> Result<Option<Conflict>, DomainError> {
    let conflicts = conflicts::of_volunteer(ctx, connection, role, volunteer_id).await?;
    Ok(conflicts.into_iter().find(|conflict| conflict.is_clash))
}

/// What `reader` hears of it: which other role it is only the volunteer and coordinators.
pub(super) fn violation(role: &role::Model, clash: &Conflict, reader: ActorKind) -> Violation {
    let title = Text::new(clash.role.title_en.clone(), clash.role.title_fr.clone());
    let title = |language| title.for_reader(language).unwrap_or_default();
    let at = |language| dates::meeting(clash.meeting, zone(role), language);
    let (en, fr) = match reader {
        ActorKind::Volunteer => (
            format!(
                "You are needed at “{}” when this role meets: {}. End that placement, or ask for other times.",
                title(Language::English),
                at(Language::English)
            ),
            format!(
                "On a besoin de vous pour « {} » quand ce rôle a ses rencontres : {}. Mettez fin à ce placement, ou demandez \
                 d’autres heures.",
                title(Language::French),
                at(Language::French)
            ),
        ),
        ActorKind::Coordinator | ActorKind::System => (
            format!(
                "The volunteer is needed at “{}” when this role meets: {}.",
                title(Language::English),
                at(Language::English)
            ),
            format!(
                "On a besoin de la personne bénévole pour « {} » quand ce rôle a ses rencontres : {}.",
                title(Language::French),
                at(Language::French)
            ),
        ),
        ActorKind::Organization => {
            let (en, fr) = Reason::MeetingsClash.words();
            (en.to_owned(), fr.to_owned())
        }
    };
    Violation::new(Code::Gated, "", en, fr)
}
