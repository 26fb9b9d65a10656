//! What waits, kind by kind, the longest waiting first: read from the tables of the things themselves, so that nothing has to
//! be kept in step with them. Placements, which need more than a question, are [beside](super::placements).

use chrono::{DateTime, Utc};
use entity::mail_message;
use entity::organization::{self, OrganizationState};
use entity::pairing::{self, PairingState};
use entity::project::{self, ProjectState};
use entity::role::{self, RoleState};
use entity::worklist_note::{self, WorklistKind};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, Order, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use uuid::Uuid;

use crate::domain::mails::troubles;
use crate::domain::matching::snapshot::ACCEPTING_PROJECT_STATES;
use crate::domain::pairings::open_states;
use crate::error::DomainError;

/// A row, and since when it waits.
pub(super) type Waiting = (Uuid, DateTime<Utc>);

/// Which of the rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Only<'a> {
    /// Those with one of these ids.
    pub(super) ids: Option<&'a [Uuid]>,
    /// Those to which nobody sees.
    pub(super) is_unassigned: bool,
    /// Those that wait since then, or longer.
    pub(super) since: Option<DateTime<Utc>>,
}

/// The first `limit` of a kind.
pub(super) async fn first(
    connection: &impl ConnectionTrait,
    kind: WorklistKind,
    only: Only<'_>,
    limit: u64,
) -> Result<Vec<Waiting>, DomainError> {
    match kind {
        WorklistKind::Vetting => rows(connection, vetting(), kind, only, limit).await,
        WorklistKind::Review => rows(connection, review(), kind, only, limit).await,
        WorklistKind::Application | WorklistKind::Suggestion | WorklistKind::Offer => {
            rows(connection, pairings(kind), kind, only, limit).await
        }
        WorklistKind::Seat => rows(connection, seats(), kind, only, limit).await,
        WorklistKind::Mail => rows(connection, mails(), kind, only, limit).await,
        WorklistKind::Placement => Ok(Vec::new()),
    }
}

/// How many there are of a kind.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    kind: WorklistKind,
    only: Only<'_>,
) -> Result<u64, DomainError> {
    match kind {
        WorklistKind::Vetting => count_of(connection, vetting(), kind, only).await,
        WorklistKind::Review => count_of(connection, review(), kind, only).await,
        WorklistKind::Application | WorklistKind::Suggestion | WorklistKind::Offer => {
            count_of(connection, pairings(kind), kind, only).await
        }
        WorklistKind::Seat => count_of(connection, seats(), kind, only).await,
        WorklistKind::Mail => count_of(connection, mails(), kind, only).await,
        WorklistKind::Placement => Ok(0),
    }
}

/// Rows of a table, with the columns of the id and of the moment since which they wait.
struct Source<E: EntityTrait> {
    select: Select<E>,
    id: Expr,
    since: Expr,
}

fn vetting() -> Source<organization::Entity> {
    Source {
        select: organization::Entity::find().filter(
            organization::COLUMN
                .state
                .is_in([OrganizationState::Submitted, OrganizationState::InReview]),
        ),
        id: Expr::col((organization::Entity, organization::Column::Id)),
        since: Func::coalesce([
            Expr::col((organization::Entity, organization::Column::SubmittedAt)),
            Expr::col((organization::Entity, organization::Column::UpdatedAt)),
        ])
        .into(),
    }
}

fn review() -> Source<project::Entity> {
    Source {
        select: project::Entity::find().filter(project::COLUMN.state.eq(ProjectState::Submitted)),
        id: Expr::col((project::Entity, project::Column::Id)),
        since: Expr::col((project::Entity, project::Column::UpdatedAt)),
    }
}

/// Applications and suggestions wait from their beginning, offers from the moment they were put to the organization.
fn pairings(kind: WorklistKind) -> Source<pairing::Entity> {
    let (states, since): (&[PairingState], _) = match kind {
        WorklistKind::Application => (&[PairingState::Interested], pairing::Column::CreatedAt),
        WorklistKind::Suggestion => (&[PairingState::Suggested], pairing::Column::CreatedAt),
        _ => (
            &[PairingState::Offered, PairingState::VolunteerAccepted],
            pairing::Column::OfferedAt,
        ),
    };
    Source {
        select: pairing::Entity::find().filter(pairing::COLUMN.state.is_in(states.iter().copied())),
        id: Expr::col((pairing::Entity, pairing::Column::Id)),
        since: Expr::col((pairing::Entity, since)),
    }
}

/// Open roles with more free seats than people who are asked, since somebody who had been asked was lost: by a decline, by silence,
/// or because a placement ended.
fn seats() -> Source<role::Entity> {
    let of_role = || {
        let mut pairings = Query::select();
        pairings.from(pairing::Entity).and_where(
            Expr::col((pairing::Entity, pairing::Column::RoleId))
                .equals((role::Entity, role::Column::Id)),
        );
        pairings
    };
    let state = || Expr::col((pairing::Entity, pairing::Column::State));
    let mut asked = of_role();
    asked
        .expr(Expr::col((pairing::Entity, pairing::Column::Id)).count())
        .and_where(state().is_in(open_states().map(PairingState::as_str)));
    let mut lost = of_role();
    lost.expr(Expr::col((pairing::Entity, pairing::Column::UpdatedAt)).max())
        .and_where(state().is_not_in(PairingState::LIVE.iter().map(|state| state.as_str())))
        .and_where(Expr::col((pairing::Entity, pairing::Column::OfferedAt)).is_not_null());
    let since: Expr = Expr::SubQuery(None, Box::new(lost.into()));
    let column = |column| Expr::col((role::Entity, column));
    let free = column(role::Column::Seats).sub(column(role::Column::Filled));
    Source {
        select: role::Entity::find()
            .inner_join(project::Entity)
            .inner_join(organization::Entity)
            .filter(organization::COLUMN.state.eq(OrganizationState::Vetted))
            .filter(role::COLUMN.state.eq(RoleState::Open))
            .filter(
                project::COLUMN
                    .state
                    .is_in(ACCEPTING_PROJECT_STATES.iter().copied()),
            )
            .filter(project::COLUMN.is_accepting.eq(true))
            .filter(free.gt(Expr::SubQuery(None, Box::new(asked.into()))))
            .filter(since.clone().is_not_null()),
        id: column(role::Column::Id),
        since,
    }
}

fn mails() -> Source<mail_message::Entity> {
    Source {
        select: troubles::select(),
        id: Expr::col((mail_message::Entity, mail_message::Column::Id)),
        since: Func::coalesce([
            Expr::col((mail_message::Entity, mail_message::Column::ComplainedAt)),
            Expr::col((mail_message::Entity, mail_message::Column::BouncedAt)),
            Expr::col((mail_message::Entity, mail_message::Column::CreatedAt)),
        ])
        .into(),
    }
}

async fn rows<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    source: Source<E>,
    kind: WorklistKind,
    only: Only<'_>,
    limit: u64,
) -> Result<Vec<Waiting>, DomainError> {
    let (id, since) = (source.id.clone(), source.since.clone());
    Ok(narrowed(source, kind, only)
        .select_only()
        .expr_as(id.clone(), "id")
        .expr_as(since.clone(), "since")
        .order_by(since, Order::Asc)
        .order_by(id, Order::Asc)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?)
}

async fn count_of<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    source: Source<E>,
    kind: WorklistKind,
    only: Only<'_>,
) -> Result<u64, DomainError>
where
    E::Model: Send + Sync,
{
    let id = source.id.clone();
    let found = narrowed(source, kind, only)
        .select_only()
        .expr_as(id.count(), "count")
        .into_tuple::<i64>()
        .one(connection)
        .await?;
    Ok(found
        .and_then(|count| u64::try_from(count).ok())
        .unwrap_or_default())
}

/// Those of the rows that are asked for and not seen to since they wait.
fn narrowed<E: EntityTrait>(
    Source { select, id, since }: Source<E>,
    kind: WorklistKind,
    only: Only<'_>,
) -> Select<E> {
    let mut settled = notes(kind, worklist_note::Column::SettledAt);
    settled.and_where(Expr::col(worklist_note::Column::SubjectId).eq(id.clone()));
    settled.and_where(Expr::col(worklist_note::Column::SettledAt).gte(since.clone()));
    let mut select = select.filter(Expr::exists(settled).not());
    if let Some(ids) = only.ids {
        select = select.filter(id.clone().is_in(ids.iter().copied()));
    }
    if only.is_unassigned {
        let assigned = notes(kind, worklist_note::Column::AssigneeId);
        select = select.filter(id.not_in_subquery(assigned));
    }
    if let Some(latest) = only.since {
        select = select.filter(since.lte(latest));
    }
    select
}

/// The subjects of a kind of which something was said.
fn notes(kind: WorklistKind, said: worklist_note::Column) -> SelectStatement {
    let mut notes = Query::select();
    notes
        .column(worklist_note::Column::SubjectId)
        .from(worklist_note::Entity)
        .and_where(Expr::col(worklist_note::Column::Kind).eq(kind.as_str()))
        .and_where(Expr::col(said).is_not_null());
    notes
}
