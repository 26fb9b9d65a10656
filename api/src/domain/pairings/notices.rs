//! The mails of a pairing's life: who hears what, with the true reason. Each is queued on the transaction of its cause,
//! and sent only if it is still true then ([`is_timely`]).

use entity::account;
use entity::pairing::{PairingOrigin, PairingSide, PairingState};
use matcher::mail::{
    ApplicationReader, ApplicationReceived, Declined, Expired, FilledWhileYouAnswered, Kind,
    Message, NotSelected, OfferToOrganization, OfferToVolunteer, Recalled, Side, Text,
};
use sea_orm::ConnectionTrait;

use super::answer_link;
use super::parties::{Parties, is_reachable};
use super::reason::Reason;
use crate::context::Context;
use crate::error::DomainError;
use crate::outbox::{self, Draft};

/// Whether a mail about a pairing is still true, now that the pairing is in `state`.
pub const fn is_timely(kind: Kind, state: PairingState) -> bool {
    use PairingState::{
        Concluded, Confirmed, Declined, Expired, Interested, Offered, OrganizationAccepted,
        Recalled, Rejected, Superseded, VolunteerAccepted,
    };
    match kind {
        Kind::OfferToVolunteer => matches!(state, Offered | OrganizationAccepted),
        Kind::OfferToOrganization => matches!(state, Offered | VolunteerAccepted),
        Kind::Confirmation | Kind::PlacementChanged => matches!(state, Confirmed),
        Kind::PlacementEnded => matches!(state, Concluded),
        Kind::Declined => matches!(state, Declined),
        Kind::Expired => matches!(state, Expired),
        Kind::Recalled => matches!(state, Recalled | Superseded),
        Kind::FilledWhileYouAnswered => matches!(state, Superseded),
        Kind::ApplicationReceived => matches!(state, Interested),
        Kind::NotSelected => matches!(state, Rejected | Declined | Recalled | Superseded),
        _ => true,
    }
}

/// The accounts of a side that can be reached.
pub fn readers(parties: &Parties, side: PairingSide) -> Vec<&account::Model> {
    match side {
        PairingSide::Volunteer => Some(&parties.volunteer_account)
            .filter(|account| is_reachable(account))
            .into_iter()
            .collect(),
        PairingSide::Organization => parties.representatives.iter().collect(),
    }
}

/// Puts the offer to a side; as a reminder, when it was put to it before.
pub async fn offer(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    side: PairingSide,
    is_reminder: bool,
) -> Result<(), DomainError> {
    let to = readers(parties, side);
    offer_to(ctx, transaction, parties, (side, &to), is_reminder).await
}

/// The same for some of a side's accounts.
pub(super) async fn offer_to(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    (side, accounts): (PairingSide, &[&account::Model]),
    is_reminder: bool,
) -> Result<(), DomainError> {
    let deadline_at = parties.pairing.answer_due_at.unwrap_or_else(|| ctx.now());
    send_to(
        ctx,
        transaction,
        parties,
        (side, accounts),
        |link| match side {
            PairingSide::Volunteer => Message::OfferToVolunteer(OfferToVolunteer {
                is_reminder,
                role: parties.role_summary(),
                summary: parties.summary(),
                commitment: parties.commitment(),
                reasons: parties.reasons(),
                deadline_at,
                pause_link: format!("{link}#pause"),
                answer_link: link,
            }),
            PairingSide::Organization => Message::OfferToOrganization(OfferToOrganization {
                is_reminder,
                role: parties.role_summary(),
                volunteer_first_name: parties.volunteer_first_name().into_exposed(),
                reasons: parties.reasons(),
                deadline_at,
                answer_link: link,
            }),
        },
    )
    .await
}

/// Tells the other side that `by` declined. An applicant hears it in the words for applications.
pub async fn declined(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    by: PairingSide,
    reason: Reason,
) -> Result<(), DomainError> {
    if by == PairingSide::Organization && parties.pairing.offered_at.is_none() {
        return not_selected(ctx, transaction, parties, reason).await;
    }
    let reader = other(by);
    send(ctx, transaction, parties, reader, |link| {
        Message::Declined(Declined {
            reader: mail_side(reader),
            role: parties.role_summary(),
            volunteer_first_name: parties.volunteer_first_name().into_exposed(),
            reason: (reason != Reason::Unspecified).then(|| words(reason.words())),
            link,
        })
    })
    .await
}

/// Tells both sides that the deadline passed; `before` says who had been silent.
pub async fn expired(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    before: PairingState,
) -> Result<(), DomainError> {
    for (side, answered) in [
        (PairingSide::Volunteer, PairingState::VolunteerAccepted),
        (
            PairingSide::Organization,
            PairingState::OrganizationAccepted,
        ),
    ] {
        send(ctx, transaction, parties, side, |link| {
            Message::Expired(Expired {
                reader: mail_side(side),
                is_reader_silent: before != answered,
                role: parties.role_summary(),
                volunteer_first_name: parties.volunteer_first_name().into_exposed(),
                link,
            })
        })
        .await?;
    }
    Ok(())
}

/// Tells whoever knew of a pairing that it ended without either side's doing, and truly why.
pub async fn ended(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    before: PairingState,
    reason: Reason,
) -> Result<(), DomainError> {
    let was_offered = parties.pairing.offered_at.is_some();
    let role = parties.role_summary();
    if before == PairingState::VolunteerAccepted && reason == Reason::RoleFilled {
        send(ctx, transaction, parties, PairingSide::Volunteer, |link| {
            Message::FilledWhileYouAnswered(FilledWhileYouAnswered {
                role: role.clone(),
                link,
            })
        })
        .await?;
    } else if was_offered {
        recalled(ctx, transaction, parties, PairingSide::Volunteer, reason).await?;
    } else if parties.pairing.origin == PairingOrigin::Volunteer {
        not_selected(ctx, transaction, parties, reason).await?;
    }
    // An organization is not told what one of its own members did.
    let is_own_doing = ctx.actor.membership(parties.organization.id).is_some()
        || matches!(
            reason,
            Reason::RoleFilled | Reason::RoleClosed | Reason::ProjectClosed
        );
    if !is_own_doing && (was_offered || parties.pairing.origin == PairingOrigin::Organization) {
        recalled(ctx, transaction, parties, PairingSide::Organization, reason).await?;
    }
    Ok(())
}

async fn recalled(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    reader: PairingSide,
    reason: Reason,
) -> Result<(), DomainError> {
    send(ctx, transaction, parties, reader, |link| {
        Message::Recalled(Recalled {
            reader: mail_side(reader),
            role: parties.role_summary(),
            volunteer_first_name: parties.volunteer_first_name().into_exposed(),
            reason: Some(text(reason, reader)),
            link,
        })
    })
    .await
}

async fn not_selected(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    reason: Reason,
) -> Result<(), DomainError> {
    send(ctx, transaction, parties, PairingSide::Volunteer, |link| {
        Message::NotSelected(NotSelected {
            role: parties.role_summary(),
            reason: text(reason, PairingSide::Volunteer),
            link,
        })
    })
    .await
}

/// Tells one side that the volunteer came forward.
pub async fn applied(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    side: PairingSide,
) -> Result<(), DomainError> {
    let reader = match side {
        PairingSide::Volunteer => ApplicationReader::Volunteer,
        PairingSide::Organization => ApplicationReader::Organization,
    };
    send(ctx, transaction, parties, side, |link| {
        Message::ApplicationReceived(application(parties, reader, Some(link)))
    })
    .await
}

/// What mails tell of an application.
pub fn application(
    parties: &Parties,
    reader: ApplicationReader,
    link: Option<String>,
) -> ApplicationReceived {
    ApplicationReceived {
        reader,
        role: parties.role_summary(),
        volunteer_first_name: parties.volunteer_first_name().into_exposed(),
        reasons: parties.reasons(),
        link,
    }
}

/// Queues one mail for every reader of a side, each with a link of their own.
pub async fn send(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    side: PairingSide,
    message: impl Fn(String) -> Message,
) -> Result<(), DomainError> {
    let to = readers(parties, side);
    send_to(ctx, transaction, parties, (side, &to), message).await
}

async fn send_to(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    (side, accounts): (PairingSide, &[&account::Model]),
    message: impl Fn(String) -> Message,
) -> Result<(), DomainError> {
    for to in accounts {
        let link = answer_link::url(&ctx.app, &parties.pairing, side, to.id);
        let draft = Draft {
            to,
            message: message(link),
            pairing_id: Some(parties.pairing.id),
            send_at: ctx.now(),
        };
        outbox::queue(&ctx.app, transaction, draft).await?;
    }
    Ok(())
}

/// The side that is not `side`.
pub const fn other(side: PairingSide) -> PairingSide {
    match side {
        PairingSide::Volunteer => PairingSide::Organization,
        PairingSide::Organization => PairingSide::Volunteer,
    }
}

/// The side as mails call it.
pub const fn mail_side(side: PairingSide) -> Side {
    match side {
        PairingSide::Volunteer => Side::Volunteer,
        PairingSide::Organization => Side::Organization,
    }
}

fn text(reason: Reason, reader: PairingSide) -> Text {
    words(reason.words_for(reader))
}

fn words((en, fr): (&'static str, &'static str)) -> Text {
    Text::bilingual(en, fr)
}
