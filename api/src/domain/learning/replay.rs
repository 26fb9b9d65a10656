//! A past round again with other weights. Its inputs are read anew as of its moment, with what followed taken back as far
//! as that is stored. Whether they are those that it had, digest for digest, and if not what has changed and how many of its
//! pairs come out again, is told with the result.

use std::collections::HashSet;

use entity::id::{RoleId, RoundId, VolunteerId};
use entity::{round, round_pairing};
use matcher::engine::{RoundOptions, VERSION};
use matcher::learning::Replay;
use matcher::model::{Locale, Weights};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use serde::Deserialize as _;

use super::outcomes::{self, Scope};
use crate::context::Context;
use crate::domain::matching::explanation::Words;
use crate::domain::matching::report::Report;
use crate::domain::matching::run_round::stored_input;
use crate::domain::matching::snapshot::{InputsChange, TookPart, role_id, volunteer_id};
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
    /// What both sides were computed from.
    pub basis: Basis,
    /// Pairs that the other weights would not have proposed, by role.
    pub lost: Vec<(RoleId, VolunteerId)>,
    /// Pairs that they would have proposed instead, by role.
    pub gained: Vec<(RoleId, VolunteerId)>,
}

/// What both sides of a replay were computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Whether it is what the round was made from, digest for digest.
    pub is_exact: bool,
    /// What differs from it; nothing when it is exact.
    pub change: InputsChange,
    /// Pairs that the round proposed.
    pub proposed: usize,
    /// Of these, those that its own weights choose again; all of them when it is exact.
    pub repeated: usize,
}

impl Basis {
    /// What it is, in a sentence.
    pub fn words(&self) -> Words {
        if self.is_exact {
            return Words {
                en: "the inputs are exactly those of the round (same digest)".to_owned(),
                fr: "les données sont exactement celles de la ronde (même empreinte)".to_owned(),
            };
        }
        let Self {
            proposed, repeated, ..
        } = self;
        let Words { en, fr } = (&self.change).into();
        Words {
            en: format!(
                "these inputs have changed since the round, and count as they are now: {en}; its own weights choose {repeated} of its {proposed} pairings again"
            ),
            fr: format!(
                "ces données ont changé depuis la ronde et comptent telles qu’elles sont maintenant : {fr}; jumelages de la ronde que ses propres poids choisissent de nouveau : {repeated} sur {proposed}"
            ),
        }
    }
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
    let report = Report::from_json(round.report.expose())?;
    let proposed = proposed(&reading, id).await?;
    let took_part = took_part(&proposed, &report);
    let records = snapshot::read_past(&reading, &scope.selection(), as_of, &took_part).await?;
    let outcomes = outcomes::read(&reading, Scope::Round(id)).await?.outcomes;
    reading.commit().await?;
    let own = Weights::deserialize(&round.weights)
        .map_err(|error| DomainError::Internal(error.into()))?;
    let options = RoundOptions {
        most_per_volunteer: scope.most_per_volunteer,
        nearest: 0,
    };
    compute(move || {
        let snapshot = &records.build()?.snapshot;
        let is_exact = snapshot.fingerprint() == round.inputs_digest;
        let replay = matcher::learning::replay(snapshot, &options, &own, &other, &outcomes)
            .map_err(|error| DomainError::Internal(error.into()))?;
        let (kept, lost) = (ids(&replay.kept)?, ids(&replay.lost)?);
        let chosen_again = kept.iter().chain(&lost);
        Ok(Replayed {
            basis: Basis {
                is_exact,
                change: report.inputs.compare(snapshot)?,
                proposed: proposed.len(),
                repeated: chosen_again.filter(|pair| proposed.contains(*pair)).count(),
            },
            lost,
            gained: ids(&replay.gained)?,
            replay,
        })
    })
    .await?
}

async fn proposed(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<HashSet<(RoleId, VolunteerId)>, DbErr> {
    let pairs: Vec<(RoleId, VolunteerId)> = round_pairing::Entity::find()
        .select_only()
        .columns([
            round_pairing::Column::RoleId,
            round_pairing::Column::VolunteerId,
        ])
        .filter(round_pairing::Column::RoundId.eq(id))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(pairs.into_iter().collect())
}

/// A role that took part got all it wanted or is among the unmatched; a volunteer with room got something or is too.
fn took_part(proposed: &HashSet<(RoleId, VolunteerId)>, report: &Report) -> TookPart {
    let roles = proposed.iter().map(|(role, _)| *role);
    let volunteers = proposed.iter().map(|(_, volunteer)| *volunteer);
    let other_roles = report.unmatched_roles.iter().map(|it| it.role_id);
    let other_volunteers = report.unmatched_volunteers.iter();
    TookPart {
        roles: roles.chain(other_roles).collect(),
        volunteers: volunteers
            .chain(other_volunteers.map(|it| it.volunteer_id))
            .collect(),
    }
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
