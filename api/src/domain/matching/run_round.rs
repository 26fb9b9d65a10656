//! Running the matcher: a dry run that stores what it would propose and changes nothing else.

use chrono::{DateTime, Utc};
use entity::id::{ProjectId, RoleId, RoundId, VolunteerId};
use entity::personal::Personal;
use entity::round::{self, RoundState};
use entity::{project, role, round_pairing, round_proof, volunteer};
use matcher::engine::{Round, RoundOptions};
use matcher::model::RoleFacts;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::explanation::Explanation;
use super::labels::Labels;
use super::proof::Proof;
use super::report::Report;
use super::snapshot::{self, Inputs, Purpose, Roles, Selection, Volunteers, role_id, volunteer_id};
use crate::context::Context;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::round::{RoundAction, decide};
use crate::store::transaction::{begin_read, begin_write};

/// Rows written by one statement: far below what either database takes as parameters.
const ROWS_AT_ONCE: usize = 500;

/// What the round shall look at, and how much it may propose. Stored with the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct Input {
    /// Only roles of these projects; empty for all.
    #[validate(length(max = 200))]
    pub projects: Vec<ProjectId>,
    /// Only these roles; empty for all.
    #[validate(length(max = 200))]
    pub roles: Vec<RoleId>,
    /// Only these volunteers; empty for all.
    #[validate(length(max = 200))]
    pub volunteers: Vec<VolunteerId>,
    /// Volunteers to suggest for each open seat, those who wait for an answer included.
    #[validate(range(min = 1, max = 20))]
    pub suggestions_per_seat: u8,
    /// Most suggestions for one volunteer in this round, beside what they have room for.
    #[validate(range(min = 1, max = 20))]
    pub most_per_volunteer: Option<u32>,
}

impl Default for Input {
    /// Everybody.
    fn default() -> Self {
        Self {
            projects: Vec::new(),
            roles: Vec::new(),
            volunteers: Vec::new(),
            suggestions_per_seat: RoleFacts::SUGGESTIONS_PER_SEAT,
            most_per_volunteer: None,
        }
    }
}

impl Input {
    /// The selection that a round over this scope reads.
    pub fn selection(&self) -> Selection {
        Selection {
            roles: Roles::Proposable {
                projects: self.projects.clone(),
                roles: self.roles.clone(),
            },
            volunteers: Volunteers::Proposable(self.volunteers.clone()),
            purpose: Purpose::Round {
                suggestions_per_seat: self.suggestions_per_seat,
            },
        }
    }
}

/// Computes and stores a dry run.
pub async fn run(ctx: &Context, input: &Input) -> Result<round::Model, DomainError> {
    decide(&ctx.actor, RoundAction::Run).require()?;
    let started_by = ctx.person()?.account_id;
    let violations = crate::validation::violations(input);
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let as_of = ctx.now();
    let reading = begin_read(&ctx.app.store).await?;
    let violations = unknown_ids(&reading, input).await?;
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let records = snapshot::read(&reading, &input.selection(), as_of).await?;
    let labels = Labels::read(&reading).await?;
    reading.commit().await?;

    let weights = super::weights()?;
    let options = RoundOptions {
        most_per_volunteer: input.most_per_volunteer,
        ..RoundOptions::default()
    };
    let (result, inputs, proof) = super::compute(move || {
        let inputs = records.build()?;
        let result = matcher::engine::round(&inputs.snapshot, weights, &options)
            .map_err(|error| DomainError::Internal(error.into()))?;
        let proof = Proof::new(&result, &inputs.snapshot, weights)?.to_json()?;
        Ok::<_, DomainError>((result, inputs, proof))
    })
    .await??;

    let id = RoundId::new(ctx.app.new_id());
    let pairings = pairings(id, &result, &labels)?;
    let row = round::ActiveModel {
        id: Set(id),
        started_by: Set(started_by),
        state: Set(RoundState::DryRun),
        scope: Set(to_json(input)?),
        weights: Set(to_json(weights)?),
        weights_version: Set(result.weights_version.clone()),
        engine_version: Set(result.engine_version.clone()),
        inputs_digest: Set(result.snapshot_fingerprint.clone()),
        as_of: Set(as_of),
        report: Set(Personal::new(
            Report::new(&result, &inputs, &labels)?.to_json()?,
        )),
        started_at: Set(as_of),
        finished_at: Set(ctx.now()),
        applied_at: Set(None),
        applied_by: Set(None),
        version: Set(1),
    };
    let transaction = begin_write(&ctx.app.store).await?;
    let round = row.insert(&*transaction).await?;
    let proof = round_proof::ActiveModel {
        round_id: Set(id),
        proof: Set(proof),
    };
    round_proof::Entity::insert(proof)
        .exec_without_returning(&*transaction)
        .await?;
    for rows in pairings.chunks(ROWS_AT_ONCE) {
        round_pairing::Entity::insert_many(rows.to_vec())
            .exec_without_returning(&*transaction)
            .await?;
    }
    record(ctx, &*transaction, &round, &result, &inputs).await?;
    transaction.commit().await?;
    Ok(round)
}

async fn record(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    round: &round::Model,
    result: &Round,
    inputs: &Inputs,
) -> Result<(), DomainError> {
    let detail = serde_json::json!({
        "roles": result.totals.roles,
        "volunteers": result.totals.volunteers,
        "pairings": result.totals.pairings,
        "left_out": inputs.refused.len(),
        "inputs_digest": round.inputs_digest,
    });
    let subject = ("round", Some(round.id.uuid()));
    audit::record(ctx, transaction, "round.run", subject, detail).await
}

/// The proposed pairs, best first.
fn pairings(
    id: RoundId,
    result: &Round,
    labels: &Labels,
) -> Result<Vec<round_pairing::ActiveModel>, DomainError> {
    let mut best_first: Vec<_> = result.pairings.iter().collect();
    // The sort is stable and pairings come by role, so ties keep the order of the roles' ids.
    best_first.sort_by_key(|pairing| std::cmp::Reverse(pairing.fit.score));
    (1..)
        .zip(best_first)
        .map(|(rank, pairing)| {
            Ok(round_pairing::ActiveModel {
                round_id: Set(id),
                role_id: Set(role_id(&pairing.role)?),
                volunteer_id: Set(volunteer_id(&pairing.volunteer)?),
                score_bp: Set(pairing.fit.score.get().into()),
                confidence_bp: Set(pairing.fit.confidence.get().into()),
                factors: Set(Personal::new(
                    Explanation::new(&pairing.fit, labels).to_json()?,
                )),
                rank: Set(rank),
            })
        })
        .collect()
}

/// A violation at each id of the scope that nothing has.
async fn unknown_ids(
    connection: &impl ConnectionTrait,
    input: &Input,
) -> Result<Vec<Violation>, DomainError> {
    let mut violations = Vec::new();
    if !input.projects.is_empty() {
        let known: Vec<ProjectId> = project::Entity::find()
            .select_only()
            .column(project::Column::Id)
            .filter(project::Column::Id.is_in(input.projects.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?;
        violations.extend(unknown("projectIds", &input.projects, &known));
    }
    if !input.roles.is_empty() {
        let known: Vec<RoleId> = role::Entity::find()
            .select_only()
            .column(role::Column::Id)
            .filter(role::Column::Id.is_in(input.roles.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?;
        violations.extend(unknown("roleIds", &input.roles, &known));
    }
    if !input.volunteers.is_empty() {
        let known: Vec<VolunteerId> = volunteer::Entity::find()
            .select_only()
            .column(volunteer::Column::Id)
            .filter(volunteer::Column::Id.is_in(input.volunteers.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?;
        violations.extend(unknown("volunteerIds", &input.volunteers, &known));
    }
    Ok(violations)
}

fn unknown<T: PartialEq>(field: &str, given: &[T], known: &[T]) -> Vec<Violation> {
    let positions = given
        .iter()
        .enumerate()
        .filter(|(_, id)| !known.contains(id));
    positions
        .map(|(position, _)| {
            Violation::new(
                Code::Unknown,
                format!("{field}.{position}"),
                "There is no such thing.",
                "Cet élément n’existe pas.",
            )
        })
        .collect()
}

fn to_json(value: &impl Serialize) -> Result<serde_json::Value, DomainError> {
    serde_json::to_value(value).map_err(|error| DomainError::Internal(error.into()))
}

/// The moment a round took for now, with the scope it was run over.
pub(in crate::domain) fn stored_input(
    round: &round::Model,
) -> Result<(Input, DateTime<Utc>), DomainError> {
    Ok((read_scope(&round.scope)?, round.as_of))
}

/// The stored scope of a round.
pub(super) fn read_scope(scope: &serde_json::Value) -> Result<Input, DomainError> {
    Input::deserialize(scope).map_err(|error| DomainError::Internal(error.into()))
}
