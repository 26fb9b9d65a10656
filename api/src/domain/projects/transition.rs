//! The one place where a project's state changes: what may follow what, guarded by state and version.

use entity::project::{self, ProjectState};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};
use serde_json::json;

use crate::context::Context;
use crate::domain::{audit, version};
use crate::error::{Code, DomainError, Violation};

/// What can happen to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The organization hands it in for review.
    Submit,
    /// A coordinator makes it public.
    Publish,
    /// A coordinator gives it back with comments.
    Return,
    /// The organization stops looking for a while.
    Pause,
    /// The organization goes on.
    Resume,
    /// Work begins.
    Start,
    /// The work is done.
    Complete,
    /// The organization gives it up.
    Cancel,
    /// It is put away.
    Archive,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 9] = [
        Self::Submit,
        Self::Publish,
        Self::Return,
        Self::Pause,
        Self::Resume,
        Self::Start,
        Self::Complete,
        Self::Cancel,
        Self::Archive,
    ];

    /// The state it leads to.
    pub const fn target(self) -> ProjectState {
        match self {
            Self::Submit => ProjectState::Submitted,
            Self::Publish | Self::Resume => ProjectState::Published,
            Self::Return => ProjectState::Returned,
            Self::Pause => ProjectState::Paused,
            Self::Start => ProjectState::InProgress,
            Self::Complete => ProjectState::Completed,
            Self::Cancel => ProjectState::Cancelled,
            Self::Archive => ProjectState::Archived,
        }
    }

    /// Whether it may happen in `state`.
    pub const fn is_possible_in(self, state: ProjectState) -> bool {
        use ProjectState::{
            Cancelled, Completed, Draft, InProgress, Paused, Published, Returned, Submitted,
        };
        match self {
            Self::Submit => matches!(state, Draft | Returned),
            Self::Publish | Self::Return => matches!(state, Submitted),
            Self::Pause => matches!(state, Published | InProgress),
            Self::Resume => matches!(state, Paused),
            Self::Start => matches!(state, Published),
            Self::Complete => matches!(state, Published | InProgress | Paused),
            Self::Cancel => matches!(
                state,
                Draft | Submitted | Returned | Published | InProgress | Paused
            ),
            Self::Archive => matches!(state, Draft | Returned | Completed | Cancelled),
        }
    }

    /// The past participle under which the audit trail has it.
    const fn audited_as(self) -> &'static str {
        match self {
            Self::Submit => "project.submitted",
            Self::Publish => "project.published",
            Self::Return => "project.returned",
            Self::Pause => "project.paused",
            Self::Resume => "project.resumed",
            Self::Start => "project.started",
            Self::Complete => "project.completed",
            Self::Cancel => "project.cancelled",
            Self::Archive => "project.archived",
        }
    }
}

/// What came of an event.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It happened now.
    Changed(project::Model),
    /// It had happened before: nothing was written.
    Unchanged(project::Model),
}

/// Lets `event` happen to `project`, writing `change` with it, and records it.
///
/// # Errors
/// A violation when the state does not allow it, or when the project is not at `expected_version` any more.
pub async fn apply(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    project: project::Model,
    event: Event,
    expected_version: i32,
    change: project::ActiveModel,
) -> Result<Outcome, DomainError> {
    let from = project.state;
    if !event.is_possible_in(from) {
        // Repeating what was done, as after a lost answer, changes nothing.
        return if from == event.target() {
            Ok(Outcome::Unchanged(project))
        } else {
            Err(wrong_state(from).into())
        };
    }
    version::check(project.version, expected_version)?;
    let change = project::ActiveModel {
        state: Set(event.target()),
        ..change
    };
    let changed = write(ctx, transaction, &project, change).await?;
    audit::record(
        ctx,
        transaction,
        event.audited_as(),
        ("project", Some(project.id.uuid())),
        json!({ "from": from.as_str(), "to": event.target().as_str() }),
    )
    .await?;
    Ok(Outcome::Changed(changed))
}

/// Writes `change` if the project is still as it was read.
pub(in crate::domain) async fn write(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    read: &project::Model,
    mut change: project::ActiveModel,
) -> Result<project::Model, DomainError> {
    change.version = Set(read.version + 1);
    change.updated_at = Set(ctx.now());
    let written = project::Entity::update_many()
        .set(change)
        .filter(project::COLUMN.id.eq(read.id))
        .filter(project::COLUMN.version.eq(read.version))
        .filter(project::COLUMN.state.eq(read.state))
        .exec(transaction)
        .await?;
    if written.rows_affected != 1 {
        return Err(version::stale().into());
    }
    project::Entity::find_by_id(read.id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}

/// The violation for something that a project in `state` does not allow.
pub(super) fn wrong_state(state: ProjectState) -> Violation {
    let (en, fr) = match state {
        ProjectState::Draft => ("a draft", "à l’état de brouillon"),
        ProjectState::Submitted => ("waiting for review", "en attente d’examen"),
        ProjectState::Returned => ("returned with comments", "renvoyé avec des commentaires"),
        ProjectState::Published => ("published", "publié"),
        ProjectState::Paused => ("paused", "en pause"),
        ProjectState::InProgress => ("in progress", "en cours"),
        ProjectState::Completed => ("completed", "terminé"),
        ProjectState::Cancelled => ("cancelled", "annulé"),
        ProjectState::Archived => ("archived", "archivé"),
    };
    Violation::new(
        Code::WrongState,
        "",
        format!("The project is {en}; this is not possible now."),
        format!("Le projet est {fr}; ce n’est pas possible pour le moment."),
    )
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn what_may_follow_what() {
        let mut text = String::new();
        for event in Event::ALL {
            let from: Vec<_> = ProjectState::ALL
                .iter()
                .filter(|state| event.is_possible_in(**state))
                .map(|state| state.as_str())
                .collect();
            writeln!(
                text,
                "{event:?}: {} -> {}",
                from.join(" | "),
                event.target()
            )
            .unwrap();
        }
        insta::assert_snapshot!(text, @r"
        Submit: draft | returned -> submitted
        Publish: submitted -> published
        Return: submitted -> returned
        Pause: published | in_progress -> paused
        Resume: paused -> published
        Start: published -> in_progress
        Complete: published | paused | in_progress -> completed
        Cancel: draft | submitted | returned | published | paused | in_progress -> cancelled
        Archive: draft | returned | completed | cancelled -> archived
        ");
    }
}
