//! Reading rounds and what they proposed.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, RoundId};
use entity::round::{self, RoundState};
use entity::round_pairing;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DerivePartialModel, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QuerySelect as _,
};

use super::report::Report;
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::policy::round::{RoundAction, decide};
use crate::store::page::{Page, PageRequest, SortKey};

/// A round without its report, which may be long.
#[derive(Clone, Debug, PartialEq, Eq, DerivePartialModel)]
#[sea_orm(entity = "round::Entity")]
pub struct Summary {
    /// Its key.
    pub id: RoundId,
    /// Who ran it.
    pub started_by: AccountId,
    /// What became of it.
    pub state: RoundState,
    /// The policy's name.
    pub weights_version: String,
    /// The engine's version.
    pub engine_version: String,
    /// What identifies its inputs.
    pub inputs_digest: String,
    /// The moment the inputs were read.
    pub as_of: DateTime<Utc>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// When its pairings were taken over.
    pub applied_at: Option<DateTime<Utc>>,
    /// Who took them over.
    pub applied_by: Option<AccountId>,
    /// Counts guarded updates.
    pub version: i32,
}

impl From<round::Model> for Summary {
    fn from(round: round::Model) -> Self {
        Self {
            id: round.id,
            started_by: round.started_by,
            state: round.state,
            weights_version: round.weights_version,
            engine_version: round.engine_version,
            inputs_digest: round.inputs_digest,
            as_of: round.as_of,
            started_at: round.started_at,
            finished_at: round.finished_at,
            applied_at: round.applied_at,
            applied_by: round.applied_by,
            version: round.version,
        }
    }
}

/// The round `id`, if there is one that the actor may see.
pub async fn find(ctx: &Context, id: RoundId) -> Result<Option<Summary>, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    Ok(round::Entity::find_by_id(id)
        .into_partial_model::<Summary>()
        .one(&ctx.app.store.connection)
        .await?)
}

/// Those of `ids` that exist, whoever may see them.
pub async fn all_of(
    connection: &impl ConnectionTrait,
    ids: &[RoundId],
) -> Result<Vec<Summary>, DomainError> {
    Ok(round::Entity::find()
        .filter(round::COLUMN.id.is_in(ids.iter().copied()))
        .into_partial_model::<Summary>()
        .all(connection)
        .await?)
}

/// All rounds, newest first (`page` is of the list `rounds/newest`).
pub async fn list(ctx: &Context, page: &PageRequest) -> Result<Page<Summary>, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    let mut select = round::Entity::find().cursor_by((round::Column::StartedAt, round::Column::Id));
    select.desc();
    page.fetch(
        select.into_partial_model::<Summary>(),
        &ctx.app.store.connection,
        |round| {
            (
                SortKey::Time(round.started_at.timestamp_micros()),
                SortKey::Uuid(round.id.uuid()),
            )
        },
    )
    .await
}

/// How many rounds there are.
pub async fn count(ctx: &Context) -> Result<u64, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    Ok(round::Entity::find()
        .count(&ctx.app.store.connection)
        .await?)
}

/// The report of a round.
pub async fn report(ctx: &Context, id: RoundId) -> Result<Report, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    let json: serde_json::Value = round::Entity::find_by_id(id)
        .select_only()
        .column(round::Column::Report)
        .into_tuple()
        .one(&ctx.app.store.connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    Report::from_json(&json)
}

/// What a round proposed, best first (`page` is of the list `round-pairings/ROUND`).
pub async fn list_pairings(
    ctx: &Context,
    id: RoundId,
    page: &PageRequest,
) -> Result<Page<round_pairing::Model>, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    let select = round_pairing::Entity::find()
        .filter(round_pairing::Column::RoundId.eq(id))
        .cursor_by((
            round_pairing::Column::Rank,
            round_pairing::Column::VolunteerId,
        ));
    page.fetch(select, &ctx.app.store.connection, |pairing| {
        (
            SortKey::Integer(pairing.rank.into()),
            SortKey::Uuid(pairing.volunteer_id.uuid()),
        )
    })
    .await
}

/// How many pairs a round proposed.
pub async fn count_pairings(ctx: &Context, id: RoundId) -> Result<u64, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    Ok(round_pairing::Entity::find()
        .filter(round_pairing::Column::RoundId.eq(id))
        .count(&ctx.app.store.connection)
        .await?)
}

/// The round to be decided over, read on the caller's transaction.
pub(super) async fn load_dry_run(
    transaction: &impl ConnectionTrait,
    id: RoundId,
) -> Result<round::Model, DomainError> {
    let round = round::Entity::find_by_id(id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    match round.state {
        RoundState::DryRun => Ok(round),
        RoundState::Applied => Err(decided(
            "This round was applied already.",
            "Cette ronde a déjà été appliquée.",
        )),
        RoundState::Discarded => Err(decided(
            "This round was put aside; run another.",
            "Cette ronde a été écartée; lancez-en une autre.",
        )),
    }
}

/// Moves a dry run on, once: of two coordinators at the same moment one waits and then finds it decided.
pub(super) async fn leave_dry_run(
    transaction: &impl ConnectionTrait,
    round: &round::Model,
    changes: round::ActiveModel,
) -> Result<(), DomainError> {
    let updated = round::Entity::update_many()
        .set(changes)
        .filter(round::Column::Id.eq(round.id))
        .filter(round::Column::State.eq(RoundState::DryRun))
        .filter(round::Column::Version.eq(round.version))
        .exec(transaction)
        .await?;
    if updated.rows_affected == 1 {
        Ok(())
    } else {
        Err(decided(
            "This round was decided over at the same moment; read it again.",
            "Quelqu’un a traité cette ronde au même moment; consultez-la de nouveau.",
        ))
    }
}

fn decided(en: &str, fr: &str) -> DomainError {
    Violation::new(Code::WrongState, "roundId", en, fr).into()
}
