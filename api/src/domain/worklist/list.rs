//! The list.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::worklist_note::{self, WorklistKind};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::waiting::{self, Only, Waiting};
use super::{Subject, due_at, overdue_since, placements};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::policy::worklist::{WorklistAction, decide};

/// The most that are listed at once.
pub const MOST: i32 = 100;

/// Which of the things.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Those of these kinds.
    pub kinds: Vec<WorklistKind>,
    /// Whose they are.
    pub assignee: Assignee,
}

/// Who sees to what is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// Whoever.
    Any,
    /// Nobody yet.
    Nobody,
    /// This account.
    Account(AccountId),
}

/// One thing that waits.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub subject: Subject,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// Until when it may wait.
    pub due_at: DateTime<Utc>,
    /// Who sees to it.
    pub assignee_id: Option<AccountId>,
}

/// How much of a kind waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Of which kind.
    pub kind: WorklistKind,
    /// In all.
    pub total: u64,
    /// Longer than it may.
    pub overdue: u64,
}

/// The first `first` things, the most overdue first.
///
/// # Errors
/// A violation when `first` is not from 1 to [`MOST`].
pub async fn run(ctx: &Context, filter: &Filter, first: i32) -> Result<Vec<Item>, DomainError> {
    decide(&ctx.actor, WorklistAction::View).require()?;
    if !(1..=MOST).contains(&first) {
        return Err(Violation::new(
            Code::OutOfRange,
            "first",
            format!("Ask for 1 to {MOST}."),
            format!("Demandez-en de 1 à {MOST}."),
        )
        .into());
    }
    let limit = usize::try_from(first).unwrap_or_default();
    let mut items = Vec::new();
    for kind in &filter.kinds {
        let ids = assigned(ctx, *kind, filter.assignee).await?;
        let only = only(filter, ids.as_deref());
        for (id, since) in longest_waiting(ctx, *kind, only, limit).await? {
            items.push(Item {
                subject: (*kind, id),
                since,
                due_at: due_at(&ctx.app, *kind, since),
                assignee_id: None,
            });
        }
    }
    items.sort_by_key(|item| (item.due_at, item.subject));
    items.truncate(limit);
    let assignees = assignees(ctx, items.iter().map(|item| item.subject)).await?;
    for item in &mut items {
        item.assignee_id = assignees.get(&item.subject).copied();
    }
    Ok(items)
}

/// How much of each kind waits.
///
/// # Errors
/// For whoever may not see the list.
pub async fn counts(ctx: &Context, filter: &Filter) -> Result<Vec<Count>, DomainError> {
    decide(&ctx.actor, WorklistAction::View).require()?;
    let connection = &ctx.app.store.connection;
    let mut counts = Vec::new();
    for kind in filter.kinds.iter().copied() {
        let ids = assigned(ctx, kind, filter.assignee).await?;
        let only = only(filter, ids.as_deref());
        let late = Only {
            since: Some(overdue_since(&ctx.app, kind, ctx.now())),
            ..only
        };
        let (total, overdue) = if kind == WorklistKind::Placement {
            let all = placements::all(ctx, only).await?;
            let late = placements::all(ctx, late).await?;
            (all.len() as u64, late.len() as u64)
        } else {
            (
                waiting::count(connection, kind, only).await?,
                waiting::count(connection, kind, late).await?,
            )
        };
        counts.push(Count {
            kind,
            total,
            overdue,
        });
    }
    Ok(counts)
}

async fn longest_waiting(
    ctx: &Context,
    kind: WorklistKind,
    only: Only<'_>,
    limit: usize,
) -> Result<Vec<Waiting>, DomainError> {
    if kind == WorklistKind::Placement {
        let mut all = placements::all(ctx, only).await?;
        all.truncate(limit);
        return Ok(all);
    }
    waiting::first(&ctx.app.store.connection, kind, only, limit as u64).await
}

const fn only<'a>(filter: &Filter, ids: Option<&'a [Uuid]>) -> Only<'a> {
    Only {
        ids,
        is_unassigned: matches!(filter.assignee, Assignee::Nobody),
        since: None,
    }
}

/// What of a kind an account sees to, where the list is of one account's.
async fn assigned(
    ctx: &Context,
    kind: WorklistKind,
    assignee: Assignee,
) -> Result<Option<Vec<Uuid>>, DomainError> {
    let Assignee::Account(account_id) = assignee else {
        return Ok(None);
    };
    let notes = worklist_note::Entity::find()
        .filter(worklist_note::COLUMN.assignee_id.eq(account_id))
        .filter(worklist_note::COLUMN.kind.eq(kind))
        .all(&ctx.app.store.connection)
        .await?;
    Ok(Some(
        notes.into_iter().map(|note| note.subject_id).collect(),
    ))
}

async fn assignees(
    ctx: &Context,
    subjects: impl Iterator<Item = Subject>,
) -> Result<HashMap<Subject, AccountId>, DomainError> {
    let mut by_kind: HashMap<WorklistKind, Vec<Uuid>> = HashMap::new();
    for (kind, id) in subjects {
        by_kind.entry(kind).or_default().push(id);
    }
    let mut any = Condition::any();
    for (kind, ids) in by_kind {
        any = any.add(
            Condition::all()
                .add(worklist_note::COLUMN.kind.eq(kind))
                .add(worklist_note::COLUMN.subject_id.is_in(ids)),
        );
    }
    if any.is_empty() {
        return Ok(HashMap::new());
    }
    let notes = worklist_note::Entity::find()
        .filter(any)
        .all(&ctx.app.store.connection)
        .await?;
    Ok(notes
        .into_iter()
        .filter_map(|note| Some(((note.kind, note.subject_id), note.assignee_id?)))
        .collect())
}
