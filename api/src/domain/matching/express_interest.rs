//! A volunteer comes forward for a role. The engine's gates are asked, and when one is closed the volunteer hears which,
//! and what would open it.

use chrono::TimeDelta;
use entity::actor_kind::ActorKind;
use entity::id::{RoleId, VolunteerId};
use entity::organization::{self, OrganizationState};
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::personal::Personal;
use entity::project::{self, ProjectState};
use entity::role::{self, RoleState};
use matcher::engine::Evaluation;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::explanation::Explanation;
use super::labels::Labels;
use super::snapshot::{self, Purpose, Roles, Selection, Volunteers, role_key, volunteer_key};
use super::{application_mail, recheck};
use crate::context::Context;
use crate::domain::pairings;
use crate::domain::pairings::create::{self, Assessment, NewPairing};
use crate::domain::pairings::reason::Reason;
use crate::domain::pairings::transition::{self, Event, Step};
use crate::domain::text::{clean_personal, personal_violation};
use crate::error::{Code, DomainError, Violation};
use crate::policy::matching::{MatchingAction, MatchingFacts, decide};
use crate::policy::pairing::is_disclosed;
use crate::store::transaction::begin_write;

/// How often one may come forward for the same role, withdrawing in between, within [`APPLICATIONS_WITHIN`].
const MOST_APPLICATIONS: usize = 3;
const APPLICATIONS_WITHIN: TimeDelta = TimeDelta::days(1);

/// The longest message, in characters.
const MAX_MESSAGE: usize = 2000;

/// For which role, and what the volunteer says.
#[derive(Clone, Debug)]
pub struct Input {
    /// The role.
    pub role_id: RoleId,
    /// What the organization shall read.
    pub message: Option<Personal>,
}

/// Begins a pairing as the logged-in volunteer's application.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    let person = ctx.person()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let role = pairings::hold(&*transaction, input.role_id, LockType::Share).await?;
    let is_role_public = is_public(&*transaction, &role).await?;
    let Some(volunteer_id) = person.volunteer_id else {
        return Err(if is_role_public {
            no_profile().into()
        } else {
            DomainError::NotFound
        });
    };
    let facts = MatchingFacts {
        volunteer_id: Some(volunteer_id),
        organization_id: Some(role.organization_id),
        is_role_public,
    };
    decide(&ctx.actor, MatchingAction::ExpressInterest, &facts).require()?;
    if let Some(violation) = personal_violation(input.message.as_ref(), "message", MAX_MESSAGE) {
        return Err(violation.into());
    }
    if !person.is_verified {
        return Err(unverified().into());
    }
    limit(ctx, &*transaction, role.id, volunteer_id).await?;
    set_suggestion_aside(ctx, &*transaction, role.id, volunteer_id).await?;
    if let Some(violation) = closed(&role) {
        return Err(violation.into());
    }

    let (evaluation, labels) = evaluate(ctx, &*transaction, role.id, volunteer_id).await?;
    let fit = match evaluation {
        Evaluation::Eligible(fit) => fit,
        Evaluation::Excluded(blocked) => {
            let violations = blocked
                .iter()
                .map(|blocked| recheck::refusal(blocked, &labels, "roleId"));
            return Err(DomainError::Rules(violations.collect()));
        }
    };
    let explanation = Explanation::new(&fit, &labels);
    let new = NewPairing {
        role: &role,
        volunteer_id,
        origin: PairingOrigin::Volunteer,
        round_id: None,
        assessment: Some(Assessment {
            score_bp: fit.score.get().into(),
            confidence_bp: fit.confidence.get().into(),
            factors: Personal::new(explanation.to_json()?),
            engine_version: matcher::engine::VERSION.to_owned(),
        }),
        message: clean_personal(input.message.as_ref()),
        note: None,
    };
    let pairing = create::create(ctx, &*transaction, new)
        .await?
        .ok_or_else(applied_already)?;
    application_mail::queue(ctx, &*transaction, &pairing).await?;
    transaction.commit().await?;
    Ok(pairing)
}

/// Whether everybody may see the role: its project is shown and its organization vetted. A closed role stays visible.
pub(super) async fn is_public(
    connection: &impl ConnectionTrait,
    role: &role::Model,
) -> Result<bool, DomainError> {
    let found = project::Entity::find_by_id(role.project_id)
        .find_also_related(organization::Entity)
        .one(connection)
        .await?;
    let Some((project, Some(organization))) = found else {
        return Ok(false);
    };
    let is_shown = matches!(
        project.state,
        ProjectState::Published | ProjectState::InProgress | ProjectState::Completed
    );
    Ok(is_shown
        && organization.state == OrganizationState::Vetted
        && role.state != RoleState::Draft)
}

/// Each application is mailed to everybody who answers for the organization: of the same person for the same role, only
/// a few in a day.
///
/// # Errors
/// [`DomainError::RateLimited`].
async fn limit(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
    volunteer_id: VolunteerId,
) -> Result<(), DomainError> {
    let recent = pairing::Entity::find()
        .filter(pairing::Column::RoleId.eq(role_id))
        .filter(pairing::Column::VolunteerId.eq(volunteer_id))
        .filter(pairing::Column::Origin.eq(PairingOrigin::Volunteer))
        .filter(pairing::Column::CreatedAt.gt(ctx.now() - APPLICATIONS_WITHIN))
        .order_by_asc(pairing::Column::CreatedAt)
        .all(transaction)
        .await?;
    match recent.first() {
        Some(oldest) if recent.len() >= MOST_APPLICATIONS => {
            let wait = oldest.created_at + APPLICATIONS_WITHIN - ctx.now();
            Err(DomainError::RateLimited {
                retry_after_seconds: u64::try_from(wait.num_seconds()).unwrap_or_default().max(1),
            })
        }
        _ => Ok(()),
    }
}

/// A live pairing of the two refuses the application, except one that nobody outside has heard of, even if it is
/// approved: the volunteer's own word takes its place.
async fn set_suggestion_aside(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
    volunteer_id: VolunteerId,
) -> Result<(), DomainError> {
    let live = pairing::Entity::find()
        .filter(pairing::Column::RoleId.eq(role_id))
        .filter(pairing::Column::VolunteerId.eq(volunteer_id))
        .filter(pairing::Column::State.is_in(PairingState::LIVE.iter().copied()))
        .one(transaction)
        .await?;
    match live {
        None => Ok(()),
        Some(suggestion) if !is_disclosed(&suggestion) => {
            let step = Step::new(Event::Supersede, ActorKind::System, Reason::Interested);
            transition::apply(ctx, transaction, &suggestion, step).await?;
            Ok(())
        }
        Some(_) => Err(applied_already()),
    }
}

/// What the role's own state forbids, in the words of its state.
fn closed(role: &role::Model) -> Option<Violation> {
    match role.state {
        RoleState::Open if role.filled < role.seats => None,
        RoleState::Open | RoleState::Filled => Some(Violation::new(
            Code::Full,
            "roleId",
            "All seats of this role are taken.",
            "Toutes les places de ce rôle sont prises.",
        )),
        RoleState::Draft | RoleState::Closed => Some(Violation::new(
            Code::WrongState,
            "roleId",
            "This role is closed; it looks for nobody any more.",
            "Ce rôle est fermé; il ne cherche plus personne.",
        )),
    }
}

async fn evaluate(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role: RoleId,
    volunteer: VolunteerId,
) -> Result<(Evaluation, Labels), DomainError> {
    let selection = Selection {
        roles: Roles::Named(role),
        volunteers: Volunteers::Named(volunteer),
        purpose: Purpose::Application,
    };
    let inputs = snapshot::load(transaction, &selection, ctx.now()).await?;
    let labels = Labels::read(transaction).await?;
    let weights = super::application_weights()?;
    let (role, volunteer) = (role_key(role)?, volunteer_key(volunteer)?);
    let evaluation = matcher::engine::evaluate(&inputs.snapshot, &weights, &role, &volunteer)
        .ok_or_else(|| {
            DomainError::internal(format!(
                "the engine cannot read role {role} or volunteer {volunteer}: {:?}",
                inputs.refused
            ))
        })?;
    Ok((evaluation, labels))
}

fn applied_already() -> DomainError {
    create::already_exists("roleId").into()
}

fn no_profile() -> Violation {
    Violation::new(
        Code::Required,
        "",
        "Create your volunteer profile first; then come forward for roles.",
        "Créez d’abord votre profil de bénévole; vous pourrez ensuite manifester votre intérêt.",
    )
}

fn unverified() -> Violation {
    Violation::new(
        Code::Unverified,
        "",
        "Confirm your mail address first, by the link we mailed to you.",
        "Confirmez d’abord votre adresse courriel à l’aide du lien que nous vous avons envoyé.",
    )
}
