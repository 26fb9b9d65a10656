//! Keeping the current suggestions in step with the database.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use matcher::engine::assign::ProblemError;
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
    let (graph, chosen) = compute(move || {
        let snapshot = records.build()?.snapshot;
        let mut graph = before.unwrap_or_else(|| WarmGraph::new(&snapshot, weights));
        let chosen = graph.pairings(&snapshot, &RoundOptions::default());
        Ok::<_, DomainError>((graph, chosen))
    })
    .await??;
    let pairings = taken(chosen, graph.refused(), notes)?;
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

/// What was chosen, once it is noted whether the graph refused a change before. Then nothing wrong is shown, but the change cost
/// a look at everybody, and the engine has a fault; also where nothing could be chosen after that. Of whom is not logged.
fn taken<T>(
    chosen: Result<T, ProblemError>,
    refused: Option<&EditError>,
    notes: &Notes,
) -> Result<T, DomainError> {
    if let Some(error) = refused {
        notes.rebuilt_after_error();
        let cause = match error {
            EditError::UnknownRole(_) => "role not found",
            EditError::UnknownVolunteer(_) => "volunteer not found",
            EditError::Problem(_) => "assignment refused",
        };
        tracing::warn!(
            cause,
            "a change could not be taken into the scores that are kept; everybody was scored again"
        );
    }
    chosen.map_err(|error| DomainError::Internal(error.into()))
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
    fn a_refused_change_is_counted_whether_there_is_a_choice_after_it_or_not() {
        let notes = Notes::default();
        let role = matcher::model::RoleId::new("of-nobody").unwrap();
        let refused = EditError::UnknownRole(role);
        assert_eq!(taken(Ok(1), None, &notes).unwrap(), 1);
        assert_eq!(notes.read().rebuilds_after_error, 0);
        assert_eq!(taken(Ok(2), Some(&refused), &notes).unwrap(), 2);
        notes.caught_up(chrono::DateTime::UNIX_EPOCH, Duration::ZERO);
        assert_eq!(notes.read().rebuilds_after_error, 1);
        let none: Result<(), _> = Err(ProblemError::TooMany);
        taken(none, None, &notes).unwrap_err();
        assert_eq!(notes.read().rebuilds_after_error, 1);
        taken(none, Some(&refused), &notes).unwrap_err();
        assert_eq!(notes.read().rebuilds_after_error, 2);
    }
}
