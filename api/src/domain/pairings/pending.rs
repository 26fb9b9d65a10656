//! How many approved pairings of one role may wait for its organization at once: whoever is silent is not sent still more people
//! who wait in vain. What the organization has answered makes room, and so does a role that fills.

use entity::id::RoleId;
use entity::pairing::{self, PairingState};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};

use crate::context::Context;
use crate::error::{Code, DomainError, Violation};

/// Approved, and not answered by the organization.
const WAITING: [PairingState; 4] = [
    PairingState::Approved,
    PairingState::Held,
    PairingState::Offered,
    PairingState::VolunteerAccepted,
];

/// Says so when more pairings of a role wait than may. The caller holds the role against other approvals.
pub(super) async fn excess(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
) -> Result<Option<Violation>, DomainError> {
    let waiting = pairing::Entity::find()
        .filter(pairing::COLUMN.role_id.eq(role_id))
        .filter(pairing::COLUMN.state.is_in(WAITING))
        .count(transaction)
        .await?;
    let limit = u64::from(ctx.app.config.pairing.pending_limit);
    Ok((waiting > limit).then(|| {
        Violation::new(
            Code::TooManyPending,
            "",
            format!(
                "At most {limit} approved pairings of a role may wait for the organization's answer at once. Ask it for its \
                 answers, or recall one that waits."
            ),
            format!(
                "Au plus {limit} jumelages approuvés d’un même rôle peuvent attendre en même temps la réponse de l’organisme. \
                 Demandez-lui ses réponses, ou rappelez un jumelage en attente."
            ),
        )
    }))
}
