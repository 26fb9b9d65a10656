//! A past round again with other weights. Its inputs are read anew as of its moment and must be, digest for digest, those
//! it had; what cannot be rebuilt is told and not replaced by something else.

use entity::id::{RoleId, RoundId, VolunteerId};
use entity::round;
use matcher::engine::{RoundOptions, VERSION};
use matcher::learning::Replay;
use matcher::model::{Locale, Snapshot, Weights};
use sea_orm::EntityTrait as _;
use serde::Deserialize as _;

use super::outcomes::{self, Scope};
use crate::context::Context;
use crate::domain::matching::explanation::Words;
use crate::domain::matching::report::Report;
use crate::domain::matching::run_round::stored_input;
use crate::domain::matching::snapshot::{role_id, volunteer_id};
use crate::domain::matching::{compute, snapshot};
use crate::error::{Code, DomainError, Violation};
use crate::policy::learning::{LearningAction, decide};
use crate::store::transaction::begin_read;

/// The longest text of weights, in bytes; that of the crate has some three thousand.
const LONGEST: usize = 16 * 1_024;

/// The most pairs of a list.
const MOST: i32 = 100;

/// The difference that other weights make.
#[derive(Debug)]
pub struct Replayed {
    /// What the engine says of it.
    pub replay: Replay,
    /// Pairs that the other weights would not have proposed, by role.
    pub lost: Vec<(RoleId, VolunteerId)>,
    /// Pairs that they would have proposed instead, by role.
    pub gained: Vec<(RoleId, VolunteerId)>,
}

/// Runs the round with its own weights and with those given, and compares. Nothing is stored.
pub async fn run(ctx: &Context, id: RoundId, weights: &str) -> Result<Replayed, DomainError> {
    decide(&ctx.actor, LearningAction::Replay).require()?;
    let other = read_weights(weights)?;
    let reading = begin_read(&ctx.app.store).await?;
    let round = round::Entity::find_by_id(id).one(&reading).await?;
    let round = round.ok_or(DomainError::NotFound)?;
    if round.engine_version != VERSION {
        return Err(other_engine(&round.engine_version).into());
    }
    let (scope, as_of) = stored_input(&round)?;
    let inputs = snapshot::rebuild(&reading, &scope.selection(), as_of).await?;
    let outcomes = outcomes::read(&reading, Scope::Round(id)).await?.outcomes;
    reading.commit().await?;
    let own = Weights::deserialize(&round.weights)
        .map_err(|error| DomainError::Internal(error.into()))?;
    let options = RoundOptions {
        most_per_volunteer: scope.most_per_volunteer,
        nearest: 0,
    };
    compute(move || {
        if inputs.snapshot.fingerprint() != round.inputs_digest {
            return Err(gone(&round, &inputs.snapshot)?.into());
        }
        let snapshot = &inputs.snapshot;
        let replay = matcher::learning::replay(snapshot, &options, &own, &other, &outcomes);
        Ok(Replayed {
            lost: ids(&replay.lost)?,
            gained: ids(&replay.gained)?,
            replay,
        })
    })
    .await?
}

/// A number of pairs that may be asked for.
pub fn checked(first: i32) -> Result<usize, DomainError> {
    crate::validation::length(first, MOST).map_err(Into::into)
}

fn ids(
    pairs: &[(matcher::model::RoleId, matcher::model::VolunteerId)],
) -> Result<Vec<(RoleId, VolunteerId)>, DomainError> {
    pairs
        .iter()
        .map(|(role, volunteer)| Ok((role_id(role)?, volunteer_id(volunteer)?)))
        .collect()
}

fn read_weights(text: &str) -> Result<Weights, DomainError> {
    if text.len() > LONGEST {
        return Err(Violation::new(
            Code::TooLong,
            "weights",
            format!("At most {LONGEST} bytes."),
            format!("Au plus {LONGEST} octets."),
        )
        .into());
    }
    Weights::from_toml(text).map_err(|error| {
        let faults = error.faults(text);
        let violation = |fault: &matcher::model::WeightsFault| {
            let Words { en, fr } = Words::new(|locale: Locale| fault.words(locale));
            Violation::new(Code::Invalid, "weights", format!("{en}."), format!("{fr}."))
        };
        DomainError::Rules(faults.iter().map(violation).collect())
    })
}

fn other_engine(version: &str) -> Violation {
    Violation::new(
        Code::Stale,
        "roundId",
        format!(
            "This round was made by version {version} of the engine; this is version {VERSION}, which would choose otherwise."
        ),
        format!(
            "Cette ronde a été faite par la version {version} du moteur; celle-ci est la version {VERSION}, qui choisirait autrement."
        ),
    )
}

fn gone(round: &round::Model, now: &Snapshot) -> Result<Violation, DomainError> {
    let change = Report::from_json(&round.report)?.inputs.compare(now)?;
    let Words { en, fr } = (&change).into();
    Ok(Violation::new(
        Code::Stale,
        "roundId",
        format!("The inputs of this round can no longer be rebuilt; these have changed: {en}."),
        format!(
            "Les données de cette ronde ne peuvent plus être reconstituées; ceci a changé : {fr}."
        ),
    ))
}
