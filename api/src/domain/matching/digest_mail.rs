//! The mail that tells coordinators of new suggestions, queued with the round that made them.

use std::collections::HashMap;

use entity::account::{self, AccountState};
use entity::id::{RoleId, VolunteerId};
use entity::personal::Personal;
use entity::{pairing, volunteer};
use matcher::mail::{Message, Suggestion, SuggestionsDigest, Text};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationTrait as _,
};

use super::explanation::Explanation;
use super::role_summary;
use crate::context::Context;
use crate::error::DomainError;
use crate::outbox::{self, Draft};

/// How many suggestions the mail lists.
const LISTED: usize = 10;

/// Queues the digest of `pairings` (best first) to every coordinator; none when there is nothing to tell.
pub(super) async fn queue(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairings: &[pairing::Model],
) -> Result<(), DomainError> {
    if pairings.is_empty() {
        return Ok(());
    }
    let message = Message::SuggestionsDigest(SuggestionsDigest {
        total: u32::try_from(pairings.len()).unwrap_or(u32::MAX),
        suggestions: suggestions(transaction, pairings).await?,
        link: worklist(ctx),
    });
    for coordinator in &coordinators(transaction).await? {
        let draft = Draft {
            to: coordinator,
            message: message.clone(),
            pairing_id: None,
            send_at: ctx.now(),
        };
        outbox::queue(&ctx.app, transaction, draft).await?;
    }
    Ok(())
}

/// The accounts that review suggestions and applications.
pub(super) async fn coordinators(
    connection: &impl ConnectionTrait,
) -> Result<Vec<account::Model>, DomainError> {
    Ok(account::Entity::find()
        .filter(account::Column::StaffRole.is_not_null())
        .filter(account::Column::State.eq(AccountState::Active))
        .order_by_asc(account::Column::Id)
        .all(connection)
        .await?)
}

/// Where coordinators review: in the admin client, where one is served.
pub(super) fn worklist(ctx: &Context) -> Option<String> {
    let http = &ctx.app.config.http;
    let is_served = http.admin_dir.is_some();
    is_served.then(|| format!("{}/admin/", http.base_url))
}

async fn suggestions(
    transaction: &impl ConnectionTrait,
    pairings: &[pairing::Model],
) -> Result<Vec<Suggestion>, DomainError> {
    let listed: Vec<&pairing::Model> = pairings.iter().take(LISTED).collect();
    let roles: Vec<RoleId> = listed.iter().map(|pairing| pairing.role_id).collect();
    let roles = role_summary::read(transaction, &roles).await?;
    let names: HashMap<VolunteerId, Personal> = volunteer::Entity::find()
        .select_only()
        .column(volunteer::Column::Id)
        .column(account::Column::GivenName)
        .join(JoinType::InnerJoin, volunteer::Relation::Account.def())
        .filter(volunteer::Column::Id.is_in(listed.iter().map(|pairing| pairing.volunteer_id)))
        .into_tuple::<(VolunteerId, Personal)>()
        .all(transaction)
        .await?
        .into_iter()
        .collect();
    let mut suggestions = Vec::new();
    for pairing in listed {
        let (Some(role), Some(name)) = (
            roles.get(&pairing.role_id),
            names.get(&pairing.volunteer_id),
        ) else {
            return Err(DomainError::internal(
                "a pairing lacks its role or its volunteer",
            ));
        };
        suggestions.push(Suggestion {
            role: role.clone(),
            volunteer_first_name: name.expose().clone(),
            score_bp: pairing
                .score_bp
                .and_then(|score| u16::try_from(score).ok())
                .unwrap_or_default(),
            reasons: match &pairing.factors {
                Some(factors) => Explanation::from_json(factors.expose())?
                    .reasons
                    .into_iter()
                    .map(|words| Text::bilingual(words.en, words.fr))
                    .collect(),
                None => Vec::new(),
            },
        });
    }
    Ok(suggestions)
}
