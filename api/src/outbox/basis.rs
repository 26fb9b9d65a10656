//! What allows a mail: a consent, which is named so that its words, language, time and channel can be shown for each mail, or
//! what connects the reader with what the mail is about (Canada's anti-spam law, S.C. 2010, c. 23, sections 6 and 10).

use entity::consent::{self, ConsentPurpose};
use entity::id::{AccountId, ConsentId};
use entity::mail_message::MailBasis;
use matcher::mail::{ApplicationReader, ApplicationReceived, Message};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::error::DomainError;

/// The basis of a mail to an account, with the consent when it is one.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    message: &Message,
    account_id: AccountId,
) -> Result<(MailBasis, Option<ConsentId>), DomainError> {
    let basis = match message {
        Message::VerifyAddress(_)
        | Message::AlreadyRegistered(_)
        | Message::ResetPassword(_)
        | Message::PasswordChanged(_)
        | Message::EmailChangeRequested(_)
        | Message::ConfirmNewEmail(_)
        | Message::EmailChanged(_)
        | Message::AccountErased(_)
        | Message::SecondFactorChanged(_)
        | Message::InactivityNotice(_)
        | Message::InactivityLastNotice(_) => MailBasis::Account,
        Message::OfferToVolunteer(_) => {
            return match consent_to_matching(connection, account_id).await? {
                Some(consent) => Ok((MailBasis::Consent, Some(consent))),
                // Whoever came forward asked for the answer.
                None => Ok((MailBasis::Pairing, None)),
            };
        }
        Message::Confirmation(_)
        | Message::Declined(_)
        | Message::Expired(_)
        | Message::Recalled(_)
        | Message::FilledWhileYouAnswered(_)
        | Message::NotSelected(_)
        | Message::PlacementChanged(_)
        | Message::PlacementEnded(_)
        | Message::ApplicationReceived(ApplicationReceived {
            reader: ApplicationReader::Volunteer,
            ..
        }) => MailBasis::Pairing,
        Message::OfferToOrganization(_)
        | Message::VolunteerLeft(_)
        | Message::OrganizationVetted(_)
        | Message::FollowUp(_)
        | Message::OrganizationNeedsInfo(_)
        | Message::ProjectReturned(_)
        | Message::ProjectPublished(_)
        | Message::ApplicationReceived(ApplicationReceived {
            reader: ApplicationReader::Organization,
            ..
        }) => MailBasis::Membership,
        Message::SuggestionsDigest(_)
        | Message::ApplicationReceived(ApplicationReceived {
            reader: ApplicationReader::Coordinator,
            ..
        }) => MailBasis::Staff,
    };
    Ok((basis, None))
}

/// The act by which the account agrees to be proposed, if it does so now.
async fn consent_to_matching(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<Option<ConsentId>, DomainError> {
    let last = consent::Entity::find()
        .filter(consent::COLUMN.account_id.eq(account_id))
        .filter(consent::COLUMN.purpose.eq(ConsentPurpose::Matching))
        .order_by_desc(consent::Column::GivenAt)
        .one(connection)
        .await?;
    Ok(last.filter(|act| act.is_granted).map(|act| act.id))
}
