//! Whether a pairing may still be offered: consent and the gates on facts, asked again when a coordinator approves and
//! when the offer goes out. Score and confidence were for choosing, and the choice stands.

use entity::pairing::{self, PairingOrigin};
use matcher::engine::{Blocked, Evaluation, GateCode};
use sea_orm::ConnectionTrait;

use super::explanation::Exclusion;
use super::labels::Labels;
use super::snapshot::{self, Purpose, Roles, Selection, Volunteers, role_key, volunteer_key};
use crate::context::Context;
use crate::domain::pairings::reason::Reason;
use crate::error::{Code, DomainError, Violation};

/// What stands between the two now, as the reason the pairing's end would have and in words. Nothing when it may go on.
pub(in crate::domain) async fn run(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<Vec<(Reason, Violation)>, DomainError> {
    let selection = Selection {
        roles: Roles::Named(pairing.role_id),
        volunteers: Volunteers::Named(pairing.volunteer_id),
        purpose: Purpose::Offer,
    };
    let inputs = snapshot::load(transaction, &selection, ctx.now()).await?;
    let mut obstacles = Vec::new();
    // Who came forward asked for it; everybody else must have agreed to be proposed.
    let has_agreed = pairing.origin == PairingOrigin::Volunteer
        || inputs
            .permissions
            .get(&pairing.volunteer_id)
            .is_some_and(|permission| permission.is_given());
    if !has_agreed {
        obstacles.push((Reason::ConsentWithdrawn, no_consent()));
    }
    let (role, volunteer) = (
        role_key(pairing.role_id)?,
        volunteer_key(pairing.volunteer_id)?,
    );
    match matcher::engine::evaluate(&inputs.snapshot, super::weights()?, &role, &volunteer) {
        Some(Evaluation::Eligible(_)) => {}
        Some(Evaluation::Excluded(blocked)) => {
            let labels = Labels::read(transaction).await?;
            obstacles.extend(blocked.iter().filter_map(|blocked| {
                let reason = reason(blocked.gate.code())?;
                Some((reason, refusal(blocked, &labels, "")))
            }));
        }
        None => {
            return Err(DomainError::internal(format!(
                "the engine cannot read role {role} or volunteer {volunteer}: {:?}",
                inputs.refused
            )));
        }
    }
    Ok(obstacles)
}

/// Why a pairing ends at a gate that has closed. Nothing for what was asked already in other words, with the state of
/// role and volunteer, and for thresholds.
const fn reason(gate: GateCode) -> Option<Reason> {
    match gate {
        GateCode::RoleClosed
        | GateCode::RoleFull
        | GateCode::VolunteerUnavailable
        | GateCode::Confidence
        | GateCode::Score => None,
        GateCode::RoleOver => Some(Reason::RoleClosed),
        GateCode::NoOpenPlacement => Some(Reason::VolunteerAtCapacity),
        GateCode::Hours => Some(Reason::VolunteerOverHours),
        GateCode::Conflict => Some(Reason::ConflictOfInterest),
        GateCode::Languages | GateCode::MustHave => Some(Reason::SkillsDiffer),
        GateCode::Away | GateCode::Meeting => Some(Reason::TimesDiffer),
        GateCode::Prohibited | GateCode::Place => Some(Reason::Other),
    }
}

/// A closed gate as people hear it: the true reason and the smallest change.
pub(super) fn refusal(blocked: &Blocked, labels: &Labels, field: &str) -> Violation {
    let Exclusion {
        code,
        message,
        change,
    } = Exclusion::new(blocked, labels);
    let code = match code {
        GateCode::RoleClosed | GateCode::RoleOver => Code::WrongState,
        GateCode::RoleFull => Code::Full,
        GateCode::Conflict => Code::ConflictOfInterest,
        _ => Code::Gated,
    };
    let (en_change, fr_change) = change.map_or_else(Default::default, |change| {
        (
            format!(" What would change this: {}.", change.en),
            format!(" Ce qui y changerait quelque chose : {}.", change.fr),
        )
    });
    Violation::new(
        code,
        field,
        format!("Not possible at the moment: {}.{en_change}", message.en),
        format!("Impossible pour le moment : {}.{fr_change}", message.fr),
    )
}

pub(super) fn no_consent() -> Violation {
    Violation::new(
        Code::Gated,
        "",
        "The volunteer does not agree to be proposed, or has no confirmed address.",
        "La personne bénévole n’accepte pas d’être proposée ou n’a pas d’adresse confirmée.",
    )
}
