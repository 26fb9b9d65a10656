//! Applying a dry run: its pairings become suggestions. Whatever changed since is told, and pairs that have become
//! impossible are skipped with the reason; a round is applied once.

use std::collections::HashMap;

use entity::id::{RoleId, RoundId, VolunteerId};
use entity::pairing::{self, PairingOrigin};
use entity::round::{self, RoundState};
use entity::{role, round_pairing};
use matcher::engine::{Evaluation, GateCode};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};

use super::digest_mail;
use super::explanation::{Exclusion, Words};
use super::find_round::{leave_dry_run, load_dry_run};
use super::labels::Labels;
use super::report::{Report, exclusions};
use super::run_round::{self, stored_input};
use super::snapshot::{self, InputsChange, Purpose, Selection, role_key, volunteer_key};
use crate::context::Context;
use crate::domain::audit;
use crate::domain::pairings::create::{self, Assessment, NewPairing};
use crate::error::{Code, DomainError, Violation};
use crate::policy::round::{RoundAction, decide};
use crate::store::transaction::begin_write;

/// Which round, and whether changed inputs are accepted.
#[derive(Clone, Debug)]
pub struct Input {
    /// The dry run.
    pub round_id: RoundId,
    /// Apply although the inputs changed since it was run.
    pub accept_stale: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Applied {
    /// The round, applied.
    pub round: round::Model,
    /// The new pairings, best first.
    pub pairings: Vec<pairing::Model>,
    /// Proposed pairs that became no pairing.
    pub skipped: Vec<Skipped>,
}

/// A proposed pair that became no pairing.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// The role.
    pub role_id: RoleId,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// What is in the way now; empty when one of the two takes no part in matching any more.
    pub exclusions: Vec<Exclusion>,
}

/// Applies the dry run.
pub async fn run(ctx: &Context, input: &Input) -> Result<Applied, DomainError> {
    decide(&ctx.actor, RoundAction::Apply).require()?;
    let person = ctx.person()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let round = load_dry_run(&*transaction, input.round_id).await?;
    let changes = round::ActiveModel {
        state: Set(RoundState::Applied),
        applied_at: Set(Some(ctx.now())),
        applied_by: Set(Some(person.account_id)),
        version: Set(round.version + 1),
        ..Default::default()
    };
    // First, so that a second coordinator waits here instead of doing the same work.
    leave_dry_run(&*transaction, &round, changes).await?;
    let change = inputs_change(&*transaction, &round).await?;
    if change.is_any() && !input.accept_stale {
        return Err(stale(&change).into());
    }

    let proposed = round_pairing::Entity::find()
        .filter(round_pairing::Column::RoundId.eq(round.id))
        .order_by_asc(round_pairing::Column::Rank)
        .all(&*transaction)
        .await?;
    let (possible, mut skipped) = still_possible(ctx, &*transaction, &round, proposed).await?;
    let roles = load_roles(&*transaction, &possible).await?;
    let mut pairings = Vec::new();
    for proposed in possible {
        let created = match roles.get(&proposed.role_id) {
            Some(role) => {
                create::create(ctx, &*transaction, new_pairing(&round, role, &proposed)).await?
            }
            None => None,
        };
        match created {
            Some(pairing) => pairings.push(pairing),
            // Someone paired the two between our look and our write.
            None => skipped.push(Skipped {
                role_id: proposed.role_id,
                volunteer_id: proposed.volunteer_id,
                exclusions: vec![already_paired()],
            }),
        }
    }
    let detail = serde_json::json!({
        "pairings": pairings.len(),
        "skipped": skipped.len(),
        "accepted_stale": change.is_any(),
    });
    let subject = ("round", Some(round.id.uuid()));
    audit::record(ctx, &*transaction, "round.applied", subject, detail).await?;
    digest_mail::queue(ctx, &*transaction, &pairings).await?;
    let round = round::Entity::find_by_id(round.id)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    transaction.commit().await?;
    Ok(Applied {
        round,
        pairings,
        skipped,
    })
}

/// What differs from the inputs of the dry run, seen as of its moment: the passing of time alone changes nothing.
async fn inputs_change(
    transaction: &impl ConnectionTrait,
    round: &round::Model,
) -> Result<InputsChange, DomainError> {
    let (scope, as_of) = stored_input(round)?;
    let records = snapshot::read(transaction, &scope.selection(), as_of).await?;
    let before = Report::from_json(round.report.expose())?.inputs;
    super::aside(move || before.compare(&records.build()?.snapshot)).await?
}

fn stale(change: &InputsChange) -> Violation {
    let Words { en, fr } = change.into();
    Violation::new(
        Code::Stale,
        "acceptStale",
        format!("Since this dry run these have changed: {en}. Run it again, or accept that."),
        format!("Depuis cette simulation, ceci a changé : {fr}. Relancez-la ou acceptez-le."),
    )
}

/// Splits the proposed pairs by whether every gate on facts is open now. Thresholds on score and confidence were for
/// choosing, and the choice stands.
async fn still_possible(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    round: &round::Model,
    proposed: Vec<round_pairing::Model>,
) -> Result<(Vec<round_pairing::Model>, Vec<Skipped>), DomainError> {
    let (scope, _): (run_round::Input, _) = stored_input(round)?;
    let selection = Selection {
        purpose: Purpose::Explanation,
        ..scope.selection()
    };
    let records = snapshot::read(transaction, &selection, ctx.now()).await?;
    let labels = Labels::read(transaction).await?;
    let weights = super::weights()?;
    super::aside(move || {
        let snapshot = records.build()?.snapshot;
        let mut possible = Vec::new();
        let mut skipped = Vec::new();
        for pair in proposed {
            let (role, volunteer) = (role_key(pair.role_id)?, volunteer_key(pair.volunteer_id)?);
            let found = matcher::engine::evaluate(&snapshot, weights, &role, &volunteer);
            let is_fact = |exclusion: &Exclusion| {
                !matches!(exclusion.code, GateCode::Confidence | GateCode::Score)
            };
            let in_the_way = match found {
                Some(Evaluation::Eligible(_)) => Some(Vec::new()),
                Some(Evaluation::Excluded(blocked)) => Some(
                    exclusions(&blocked, &labels)
                        .into_iter()
                        .filter(is_fact)
                        .collect(),
                ),
                None => None,
            };
            match in_the_way {
                Some(exclusions) if exclusions.is_empty() => possible.push(pair),
                exclusions => skipped.push(Skipped {
                    role_id: pair.role_id,
                    volunteer_id: pair.volunteer_id,
                    exclusions: exclusions.unwrap_or_default(),
                }),
            }
        }
        Ok((possible, skipped))
    })
    .await?
}

async fn load_roles(
    transaction: &impl ConnectionTrait,
    pairs: &[round_pairing::Model],
) -> Result<HashMap<RoleId, role::Model>, DomainError> {
    let mut roles = HashMap::new();
    let mut ids: Vec<RoleId> = pairs.iter().map(|pair| pair.role_id).collect();
    ids.sort_unstable();
    ids.dedup();
    for ids in ids.chunks(1_000) {
        let rows = role::Entity::find()
            .filter(role::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(role::Column::Id)
            // Whoever closes one of them waits, and then answers its new pairings too.
            .lock_shared()
            .all(transaction)
            .await?;
        roles.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(roles)
}

fn new_pairing<'a>(
    round: &round::Model,
    role: &'a role::Model,
    proposed: &round_pairing::Model,
) -> NewPairing<'a> {
    NewPairing {
        role,
        volunteer_id: proposed.volunteer_id,
        origin: PairingOrigin::Matcher,
        round_id: Some(round.id),
        assessment: Some(Assessment {
            score_bp: proposed.score_bp,
            confidence_bp: proposed.confidence_bp,
            factors: proposed.factors.clone(),
            engine_version: round.engine_version.clone(),
        }),
        message: None,
        note: None,
    }
}

fn already_paired() -> Exclusion {
    Exclusion {
        code: GateCode::Prohibited,
        message: Words {
            en: "the two are already paired".to_owned(),
            fr: "les deux sont déjà jumelés".to_owned(),
        },
        change: None,
    }
}
