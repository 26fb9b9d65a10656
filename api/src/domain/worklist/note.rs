//! Saying who sees to things on the list, or that they are seen to: for many at once, and to be taken back by saying it otherwise.

use chrono::{DateTime, Utc};
use entity::id::{
    AccountId, MailMessageId, OrganizationId, PairingId, PlacementId, ProjectId, RoleId,
    WorklistNoteId,
};
use entity::worklist_note::{self, WorklistKind};
use entity::{account, mail_message, organization, pairing, placement, project, role};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait as _, PaginatorTrait as _, Set};
use serde_json::json;

use super::Subject;
use super::list::MOST;
use crate::context::Context;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::worklist::{WorklistAction, decide};
use crate::store::transaction::begin_write;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// This account sees to them, or nobody does.
    Assigned(Option<AccountId>),
    /// They are seen to, or are not after all.
    Settled(bool),
}

/// Of what, and what.
#[derive(Clone, Debug)]
pub struct Input {
    /// The things, 1 to [`MOST`].
    pub subjects: Vec<Subject>,
    /// What is said of all of them.
    pub said: Said,
}

/// Notes it, for all or for none.
///
/// # Errors
/// Violations: too many things or none, an assignee who is no coordinator, things that leave the list by a decision only.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    decide(&ctx.actor, WorklistAction::Note).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let violations = violations(&*transaction, input).await?;
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    for subject in &input.subjects {
        store(ctx, &*transaction, *subject, input.said).await?;
    }
    for (kind, id) in &input.subjects {
        let kind = kind.as_str();
        let (action, detail) = match input.said {
            Said::Assigned(assignee) => {
                let assignee = assignee.map(AccountId::uuid);
                let detail = json!({ "kind": kind, "assigneeId": assignee });
                ("worklist.assigned", detail)
            }
            Said::Settled(is_settled) => {
                let detail = json!({ "kind": kind, "isSettled": is_settled });
                ("worklist.settled", detail)
            }
        };
        audit::record(ctx, &*transaction, action, ("worklist", Some(*id)), detail).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn violations(
    transaction: &impl ConnectionTrait,
    input: &Input,
) -> Result<Vec<Violation>, DomainError> {
    let mut found = Vec::new();
    let most = usize::try_from(MOST).unwrap_or_default();
    if !(1..=most).contains(&input.subjects.len()) {
        found.push(Violation::new(
            Code::OutOfRange,
            "items",
            format!("Name 1 to {MOST} things."),
            format!("Nommez de 1 à {MOST} éléments."),
        ));
    }
    for (place, subject) in (0..).zip(&input.subjects) {
        if !exists(transaction, *subject).await? {
            found.push(unknown(place));
        }
    }
    match input.said {
        Said::Assigned(Some(id)) => {
            let account = account::Entity::find_by_id(id).one(transaction).await?;
            if account.is_none_or(|account| account.staff_role.is_none()) {
                found.push(Violation::new(
                    Code::Unknown,
                    "assigneeId",
                    "Name a coordinator or an administrator.",
                    "Nommez une personne responsable de la coordination ou de l’administration.",
                ));
            }
        }
        Said::Assigned(None) => {}
        Said::Settled(_) => {
            let places = (0..).zip(&input.subjects);
            let decided = places.filter(|(_, (kind, _))| !may_be_settled(*kind));
            found.extend(decided.map(|(place, _)| needs_decision(place)));
        }
    }
    Ok(found)
}

async fn exists(
    transaction: &impl ConnectionTrait,
    (kind, id): Subject,
) -> Result<bool, DomainError> {
    use WorklistKind::{Application, Mail, Offer, Placement, Review, Seat, Suggestion, Vetting};
    let found = match kind {
        Vetting => {
            let row = organization::Entity::find_by_id(OrganizationId::new(id));
            row.count(transaction).await?
        }
        Review => {
            let row = project::Entity::find_by_id(ProjectId::new(id));
            row.count(transaction).await?
        }
        Application | Suggestion | Offer => {
            let row = pairing::Entity::find_by_id(PairingId::new(id));
            row.count(transaction).await?
        }
        Seat => {
            let row = role::Entity::find_by_id(RoleId::new(id));
            row.count(transaction).await?
        }
        Placement => {
            let row = placement::Entity::find_by_id(PlacementId::new(id));
            row.count(transaction).await?
        }
        Mail => {
            let row = mail_message::Entity::find_by_id(MailMessageId::new(id));
            row.count(transaction).await?
        }
    };
    Ok(found > 0)
}

/// Whether nothing else takes things of a kind off the list. Whoever waits for an answer gets one.
const fn may_be_settled(kind: WorklistKind) -> bool {
    matches!(
        kind,
        WorklistKind::Offer | WorklistKind::Seat | WorklistKind::Placement | WorklistKind::Mail
    )
}

async fn store(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    (kind, subject_id): Subject,
    said: Said,
) -> Result<(), DomainError> {
    let now = ctx.now();
    let settled = |is_settled: bool| -> Option<DateTime<Utc>> { is_settled.then_some(now) };
    let (assignee_id, settled_at, column) = match said {
        Said::Assigned(id) => (id, None, worklist_note::Column::AssigneeId),
        Said::Settled(is_settled) => (None, settled(is_settled), worklist_note::Column::SettledAt),
    };
    let row = worklist_note::ActiveModel {
        id: Set(WorklistNoteId::new(ctx.app.new_id())),
        kind: Set(kind),
        subject_id: Set(subject_id),
        assignee_id: Set(assignee_id),
        settled_at: Set(settled_at),
        updated_at: Set(now),
    };
    worklist_note::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([
                worklist_note::Column::Kind,
                worklist_note::Column::SubjectId,
            ])
            .update_columns([column, worklist_note::Column::UpdatedAt])
            .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

fn unknown(place: usize) -> Violation {
    Violation::new(
        Code::Unknown,
        format!("items.{place}.subjectId"),
        "There is no such thing.",
        "Cet élément n’existe pas.",
    )
}

fn needs_decision(place: usize) -> Violation {
    Violation::new(
        Code::WrongState,
        format!("items.{place}"),
        "This leaves the list when it is decided: somebody waits for the answer.",
        "Ceci quitte la liste une fois la décision prise : quelqu’un attend la réponse.",
    )
}
