//! Keeping the current suggestions in step with the database.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use matcher::engine::{EditError, Pairing, RoundOptions, WarmGraph};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::run_round;
use super::super::snapshot::{self, role_id, volunteer_id};
use super::progress::Notes;
use super::{Held, Shown};
use crate::app::App;
use crate::domain::matching::{compute, weights};
use crate::error::DomainError;
use crate::store::revision;
use crate::store::transaction::begin_read;

/// Between two looks at the revision: one row, by its key.
const INTERVAL: Duration = Duration::from_millis(250);
/// After an error the database gets a rest.
const REST: Duration = Duration::from_secs(5);
/// What time alone changes (pauses that end, first days that come, what was proposed lately) shows after this at the latest.
const OLDEST: TimeDelta = TimeDelta::minutes(5);

/// Follows until `stop` is cancelled.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let began = Instant::now();
        let pause = match follow(&app).await {
            // At most half of the time goes into choosing, however fast changes come.
            Ok(_) => INTERVAL.max(began.elapsed()),
            Err(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "the current suggestions are not of today; trying again"
                );
                REST
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Scores again whoever changed and chooses anew, when what the matcher reads has changed or has not been looked at for long.
/// Says whether it did.
///
/// # Errors
/// When the database fails. What was shown before stays.
pub async fn follow(app: &App) -> Result<bool, DomainError> {
    let mut scored = app.current_suggestions.following.lock().await;
    let (now, began) = (app.clock.now(), Instant::now());
    let notes = &app.current_suggestions.notes;
    let shown = app.current_suggestions.shown();
    match &shown {
        None => notes.began(now),
        Some(shown) => {
            let is_current = revision::read(&app.store.connection).await? == shown.revision;
            notes.looked(now, is_current);
            if is_current && (now - shown.as_of).abs() < OLDEST {
                return Ok(false);
            }
        }
    }
    let reading = begin_read(&app.store).await?;
    let revision = revision::read(&reading).await?;
    let everybody = run_round::Input::default();
    let records = snapshot::read(&reading, &everybody.selection(), now).await?;
    reading.commit().await?;
    let weights = weights()?;
    let before = scored.take();
    let (graph, pairings) = compute(move || {
        let snapshot = records.build()?.snapshot;
        let mut graph = before.unwrap_or_else(|| WarmGraph::new(&snapshot, weights));
        let pairings = graph
            .pairings(&snapshot, &RoundOptions::default())
            .map_err(|error| DomainError::Internal(error.into()))?;
        Ok::<_, DomainError>((graph, pairings))
    })
    .await??;
    if let Some(error) = graph.refused() {
        note_rebuild(notes, error);
    }
    *scored = Some(graph);
    let mut suggestions: Vec<Arc<Held>> = pairings
        .into_iter()
        .map(held)
        .collect::<Result<_, DomainError>>()?;
    suggestions.sort_by_key(|held| (Reverse(held.fit.score), held.role_id, held.volunteer_id));
    app.current_suggestions
        .shown
        .send_replace(Some(Arc::new(Shown {
            revision,
            as_of: now,
            suggestions,
            before: shown.as_ref().map(Arc::downgrade).unwrap_or_default(),
            changes: OnceCell::new(),
        })));
    notes.caught_up(now, began.elapsed());
    Ok(true)
}

/// Nothing wrong is shown, but the change cost a look at everybody, and the engine has a fault. Of whom is not logged.
fn note_rebuild(notes: &Notes, error: &EditError) {
    notes.rebuilt_after_error();
    let cause = match error {
        EditError::UnknownRole(_) => "a role is not among those kept",
        EditError::UnknownVolunteer(_) => "a volunteer is not among those kept",
        EditError::Problem(_) => "there are more pairs than numbers for them",
    };
    tracing::warn!(
        cause,
        "a change could not be taken into the scores that are kept; everybody was scored again"
    );
}

fn held(pairing: Pairing) -> Result<Arc<Held>, DomainError> {
    Ok(Arc::new(Held {
        role_id: role_id(&pairing.role)?,
        volunteer_id: volunteer_id(&pairing.volunteer)?,
        fit: pairing.fit,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refused_change_is_counted() {
        let notes = Notes::default();
        let role = matcher::model::RoleId::new("of-nobody").unwrap();
        for error in [
            EditError::UnknownRole(role.clone()),
            EditError::UnknownRole(role),
        ] {
            note_rebuild(&notes, &error);
        }
        notes.caught_up(chrono::DateTime::UNIX_EPOCH, Duration::ZERO);
        assert_eq!(notes.read().rebuilds_after_error, 2);
    }
}
