//! The mails that follow when both sides accepted: each gets the other's contact data, and the meetings as a
//! calendar. Nowhere else do contact data leave the marketplace by mail.

use entity::account;
use entity::consent::ConsentPurpose;
use entity::id::AccountId;
use entity::pairing::{self, PairingSide};
use entity::personal::Personal;
use entity::placement;
use entity::volunteer;
use matcher::mail::{Address, Confirmation, Contact, Message};
use sea_orm::{ConnectionTrait, EntityTrait as _};

use super::notices::{mail_side, send};
use super::parties::Parties;
use super::representative;
use crate::context::Context;
use crate::domain::accounts::consents;
use crate::domain::placements::meetings;
use crate::error::DomainError;

/// Introduces the two sides to each other.
pub(super) async fn both(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    placement: &placement::Model,
) -> Result<(), DomainError> {
    let representative = representative::find(transaction, parties.pairing.id)
        .await?
        .ok_or_else(|| DomainError::internal("nobody accepted for the organization"))?;
    let commitment = parties.commitment();
    let meetings = meetings::agreed(ctx, parties, placement);
    let first_meetings = meetings::listed(&meetings);
    for (reader, contact) in [
        (PairingSide::Volunteer, &representative),
        (PairingSide::Organization, &parties.volunteer_account),
    ] {
        let contact = Contact {
            name: full_name(contact).into_exposed(),
            email: Address::parse(contact.email.expose()).map_err(DomainError::internal)?,
        };
        send(ctx, transaction, parties, reader, |link| {
            Message::Confirmation(Confirmation {
                reader: mail_side(reader),
                role: parties.role_summary(),
                commitment: commitment.clone(),
                contact: contact.clone(),
                first_meetings: first_meetings.clone(),
                meetings: meetings.clone(),
                link,
            })
        })
        .await?;
    }
    Ok(())
}

/// Whether the introduction may still go to `reader`: the other one answers for that side, and agrees to be known.
pub async fn may_still_be_told(
    connection: &impl ConnectionTrait,
    pairing: &pairing::Model,
    reader: Option<AccountId>,
) -> Result<bool, DomainError> {
    let volunteer = volunteer::Entity::find_by_id(pairing.volunteer_id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    let contact = if reader == Some(volunteer.account_id) {
        let representative = representative::find(connection, pairing.id).await?;
        representative.map(|account| account.id)
    } else {
        Some(volunteer.account_id)
    };
    let Some(contact) = contact else {
        return Ok(false);
    };
    let sharing = consents::granted(connection, &[contact], ConsentPurpose::Sharing).await?;
    Ok(sharing.contains(&contact))
}

/// Given and family name.
pub fn full_name(account: &account::Model) -> Personal {
    let (given, family) = (account.given_name.expose(), account.family_name.expose());
    Personal::new(format!("{given} {family}").trim())
}
