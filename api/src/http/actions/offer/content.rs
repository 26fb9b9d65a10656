//! What the answer page tells, in the reader's language and zone. Contact data stand here only when both have accepted.

use chrono_tz::Tz;
use entity::account;
use entity::consent::ConsentPurpose;
use entity::language::Language;
use entity::pairing::{self, PairingSide, PairingState};
use entity::volunteer::VolunteerState;
use matcher::mail::{Place, Text, dates};
use serde::Serialize;

use crate::context::Context;
use crate::domain::accounts::consents;
use crate::domain::organizations;
use crate::domain::pairings::answer_link::AnswerLink;
use crate::domain::pairings::introduce::full_name;
use crate::domain::pairings::parties::{self, Parties};
use crate::domain::pairings::reason::{BY_ORGANIZATION, BY_VOLUNTEER, Reason};
use crate::domain::pairings::transition::{Event, Next, next};
use crate::domain::pairings::{representative, undo_decline, withdraw};
use crate::error::DomainError;
use crate::outbox::mail_language;
use crate::policy::pairing::{PairingAction, PairingFacts, decide};

/// The page's data.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing the template shows or not"
)]
#[derive(Serialize)]
pub(super) struct Content {
    is_volunteer: bool,
    title: String,
    project: String,
    organization: String,
    summary: Option<String>,
    volunteer_first_name: String,
    standing: String,
    hours: String,
    starts_on: Option<String>,
    ends_on: Option<String>,
    place: String,
    windows: Vec<String>,
    reasons: Vec<String>,
    deadline: Option<String>,
    contact: Option<Contact>,
    can_accept: bool,
    can_decline: bool,
    can_withdraw: bool,
    can_undo: bool,
    can_pause: bool,
    undoable_until: Option<String>,
    decline_reasons: Vec<Choice>,
    is_decline_open: bool,
    paused_until: Option<String>,
}

#[derive(Serialize)]
struct Contact {
    name: String,
    email: String,
}

#[derive(Serialize)]
struct Choice {
    code: &'static str,
    label: &'static str,
}

/// Gathers what `account` reads about a pairing.
pub(super) async fn of(
    ctx: &Context,
    account: &account::Model,
    link: &AnswerLink,
    pairing: &pairing::Model,
) -> Result<Content, DomainError> {
    let connection = &ctx.app.store.connection;
    let parties = parties::load(connection, pairing.clone()).await?;
    let undoable_until = undo_decline::undoable_until(ctx, connection, pairing)
        .await?
        .filter(|_| pairing.declined_by == Some(link.side));
    let contact = contact(ctx, &parties, link.side).await?;

    let zone: Tz = account.zone.parse().unwrap_or(Tz::UTC);
    let language = mail_language(ctx.language);
    let pick = |en: &'static str, fr: &'static str| match ctx.language {
        Language::En => en,
        Language::Fr => fr,
    };
    let words = |text: &Text| text.for_reader(language).unwrap_or_default();
    let commitment = parties.commitment();
    let role = parties.role_summary();
    let today = ctx.now().with_timezone(&zone).date_naive();
    let is_volunteer = link.side == PairingSide::Volunteer;
    let is_in_time = pairing
        .answer_due_at
        .is_none_or(|due_at| due_at > ctx.now());
    let actor = match link.side {
        PairingSide::Volunteer => entity::actor_kind::ActorKind::Volunteer,
        PairingSide::Organization => entity::actor_kind::ActorKind::Organization,
    };
    let leads_on = |event| matches!(next(pairing.state, event, actor), Next::To(_));
    let reasons = if is_volunteer {
        BY_VOLUNTEER
    } else {
        BY_ORGANIZATION
    };
    Ok(Content {
        is_volunteer,
        title: words(&role.title),
        project: words(&role.project),
        organization: words(&role.organization),
        summary: parties.summary().as_ref().map(words),
        volunteer_first_name: parties.volunteer_first_name().into_exposed(),
        standing: standing(pairing, link.side, ctx.language).to_owned(),
        hours: match commitment.hours_per_week {
            1 => pick("1 hour a week", "1 heure par semaine").to_owned(),
            hours => format!("{hours} {}", pick("hours a week", "heures par semaine")),
        },
        starts_on: commitment.starts_on.map(|day| dates::day(day, language)),
        ends_on: commitment.ends_on.map(|day| dates::day(day, language)),
        place: match &commitment.place {
            Place::Remote => pick("From anywhere", "De partout").to_owned(),
            Place::Hybrid(city) => format!(
                "{} {city}",
                pick(
                    "From anywhere, with meetings in",
                    "De partout, avec des rencontres à"
                )
            ),
            Place::OnSite(city) => format!("{} {city}", pick("In", "À")),
        },
        windows: commitment
            .windows
            .iter()
            .map(|window| {
                let on = commitment.starts_on.unwrap_or(today);
                dates::window(*window, Some(on), zone, language)
            })
            .collect(),
        reasons: parties.reasons().iter().map(words).collect(),
        deadline: pairing
            .answer_due_at
            .map(|due_at| dates::moment(due_at, zone, language)),
        contact,
        can_accept: is_in_time && leads_on(Event::Accept),
        can_decline: leads_on(Event::Decline),
        can_withdraw: leads_on(Event::Withdraw) && withdraw::side(pairing) == link.side,
        can_undo: undoable_until.is_some(),
        can_pause: is_volunteer && parties.volunteer.state != VolunteerState::Left,
        undoable_until: undoable_until.map(|until| dates::moment(until, zone, language)),
        decline_reasons: reasons
            .iter()
            .map(|reason| Choice {
                code: reason.as_str(),
                label: label(*reason, ctx.language),
            })
            .collect(),
        is_decline_open: !leads_on(Event::Accept),
        paused_until: (is_volunteer && parties.volunteer.state == VolunteerState::Paused)
            .then_some(parties.volunteer.paused_until)
            .flatten()
            .filter(|until| *until > today)
            .map(|until| dates::day(until, language)),
    })
}

/// How to reach the other side, if the policy lets the reader know.
async fn contact(
    ctx: &Context,
    parties: &Parties,
    side: PairingSide,
) -> Result<Option<Contact>, DomainError> {
    let organization = organizations::facts(&parties.organization, ctx.now()).state;
    let facts = PairingFacts::of(&parties.pairing, organization);
    let (action, account) = match side {
        PairingSide::Organization => (
            PairingAction::ViewVolunteerContact,
            Some(parties.volunteer_account.clone()),
        ),
        PairingSide::Volunteer => {
            let connection = &ctx.app.store.connection;
            (
                PairingAction::ViewOrganizationContact,
                representative::find(connection, parties.pairing.id).await?,
            )
        }
    };
    let is_told = decide(&ctx.actor, action, &facts).is_allowed();
    let Some(account) = account.filter(|_| is_told) else {
        return Ok(None);
    };
    let connection = &ctx.app.store.connection;
    let sharing = consents::granted(connection, &[account.id], ConsentPurpose::Sharing).await?;
    Ok(sharing.contains(&account.id).then(|| Contact {
        name: full_name(&account).into_exposed(),
        email: account.email.into_exposed(),
    }))
}

fn label(reason: Reason, language: Language) -> &'static str {
    let (en, fr) = match reason {
        Reason::Unspecified => ("I would rather not say", "Je préfère ne pas le dire"),
        other => other.words(),
    };
    match language {
        Language::En => en,
        Language::Fr => fr,
    }
}

/// Where the pairing stands, as the reader sees it.
fn standing(pairing: &pairing::Model, side: PairingSide, language: Language) -> &'static str {
    let is_own = pairing.declined_by == Some(side);
    let is_filled = pairing.reason_code.as_deref() == Some(Reason::RoleFilled.as_str());
    let (en, fr) = match (pairing.state, side) {
        (PairingState::Offered, _) => {
            ("This waits for your answer.", "Votre réponse est attendue.")
        }
        (PairingState::VolunteerAccepted, PairingSide::Organization)
        | (PairingState::OrganizationAccepted, PairingSide::Volunteer) => (
            "The other side has accepted. This waits for your answer.",
            "L’autre partie a accepté. Votre réponse est attendue.",
        ),
        (PairingState::VolunteerAccepted | PairingState::OrganizationAccepted, _) => (
            "You accepted. We wait for the other side and write to you as soon as it has answered.",
            "Vous avez accepté. Nous attendons l’autre partie et vous écrirons dès qu’elle aura répondu.",
        ),
        (PairingState::Confirmed, _) => (
            "Both of you accepted. You work together!",
            "Vous avez accepté tous les deux. Vous collaborez!",
        ),
        (PairingState::Declined, _) if is_own => (
            "You declined. Thank you for your answer.",
            "Vous avez décliné. Merci de votre réponse.",
        ),
        (PairingState::Declined, _) => ("The other side declined.", "L’autre partie a décliné."),
        (PairingState::Expired, _) => (
            "The deadline has passed. This offer has expired.",
            "Le délai est passé. Cette offre est expirée.",
        ),
        (PairingState::Recalled, _) => (
            "This offer was taken back. There is nothing to do.",
            "Cette offre a été rappelée. Il n’y a rien à faire.",
        ),
        (PairingState::Superseded, _) if is_filled => (
            "All seats of this role were taken meanwhile.",
            "Toutes les places de ce rôle ont été prises entre-temps.",
        ),
        (PairingState::Superseded, _) => (
            "This offer has given way to another. There is nothing to do.",
            "Cette offre a cédé la place à une autre. Il n’y a rien à faire.",
        ),
        (PairingState::Concluded, _) => (
            "You worked together; that is over now.",
            "Vous avez collaboré; cette collaboration est maintenant terminée.",
        ),
        (PairingState::Rejected, _) => (
            "A coordinator decided not to go on with this.",
            "La coordination a décidé de ne pas donner suite.",
        ),
        (PairingState::Withdrawn, _) => {
            ("This was taken back.", "Cette proposition a été retirée.")
        }
        (
            PairingState::Suggested
            | PairingState::Interested
            | PairingState::Invited
            | PairingState::Approved
            | PairingState::Held,
            _,
        ) => (
            "A coordinator looks at this. You will hear by mail.",
            "La coordination examine cette proposition. Vous aurez des nouvelles par courriel.",
        ),
    };
    match language {
        Language::En => en,
        Language::Fr => fr,
    }
}
