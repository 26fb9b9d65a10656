//! What there is to say: one struct of plain data for each mail.
//!
//! No database types, no wording: words are in the templates. Links come ready and signed. A message is serializable,
//! so that it can wait in a job row until it is rendered. What it says is between us and its reader: its debug form tells
//! which mail it is, and the structs have none.

mod account;
mod answer;
mod digest;
mod follow_up;
mod kind;
mod offer;
mod placement;
mod review;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::language::Text;

pub use account::{
    AccountErased, AlreadyRegistered, ConfirmNewEmail, EmailChangeRequested, EmailChanged,
    FactorChange, InactivityLastNotice, InactivityNotice, PasswordChanged, ResetPassword,
    SecondFactorChanged, VerifyAddress,
};
pub use answer::{
    ApplicationReader, ApplicationReceived, Confirmation, Contact, Declined, Expired,
    FilledWhileYouAnswered, NotSelected, Recalled,
};
pub use digest::{Suggestion, SuggestionsDigest};
pub use follow_up::{FollowUp, FollowUpItem};
pub use kind::{Kind, UnknownKind};
pub use offer::{OfferToOrganization, OfferToVolunteer};
pub use placement::{PlacementChanged, PlacementEnded, VolunteerLeft};
pub use review::{OrganizationNeedsInfo, OrganizationVetted, ProjectPublished, ProjectReturned};

/// A mail, before it has words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Proves that an address belongs to its account.
    VerifyAddress(VerifyAddress),
    /// Tells the owner of an address that someone tried to register it again.
    AlreadyRegistered(AlreadyRegistered),
    /// Lets someone choose a new password.
    ResetPassword(ResetPassword),
    /// Tells that the password was changed.
    PasswordChanged(PasswordChanged),
    /// Tells the address of an account that somebody asked for another one.
    EmailChangeRequested(EmailChangeRequested),
    /// Proves that an address that shall be an account's belongs to its owner.
    ConfirmNewEmail(ConfirmNewEmail),
    /// Tells the address of before that the account has another one.
    EmailChanged(EmailChanged),
    /// Tells, last of all, that somebody's data were erased.
    AccountErased(AccountErased),
    /// Tells that the second factor was set up, renewed or taken away.
    SecondFactorChanged(SecondFactorChanged),
    /// Tells that an account nobody uses will be closed.
    InactivityNotice(InactivityNotice),
    /// Tells it for the last time.
    InactivityLastNotice(InactivityLastNotice),
    /// Tells coordinators which pairings wait for them.
    SuggestionsDigest(SuggestionsDigest),
    /// Asks a volunteer to take a role.
    OfferToVolunteer(OfferToVolunteer),
    /// Asks an organization to take a volunteer.
    OfferToOrganization(OfferToOrganization),
    /// Tells one side that both accepted, with the other's contact data.
    Confirmation(Confirmation),
    /// Tells one side that the other declined.
    Declined(Declined),
    /// Tells one side that the deadline passed.
    Expired(Expired),
    /// Tells one side that a coordinator took an offer back.
    Recalled(Recalled),
    /// Tells a volunteer that the last seat was taken while they answered.
    FilledWhileYouAnswered(FilledWhileYouAnswered),
    /// Tells one side, or the coordinators, that an application arrived.
    ApplicationReceived(ApplicationReceived),
    /// Tells a volunteer, with the true reason, that an application ended.
    NotSelected(NotSelected),
    /// Tells one side that the meetings of a placement have changed.
    PlacementChanged(PlacementChanged),
    /// Tells one side that a placement is over.
    PlacementEnded(PlacementEnded),
    /// Tells an organization that a placed volunteer has left.
    VolunteerLeft(VolunteerLeft),
    /// Tells an organization that it was vetted.
    OrganizationVetted(OrganizationVetted),
    /// Asks an organization for what vetting still needs.
    OrganizationNeedsInfo(OrganizationNeedsInfo),
    /// Gives a project back with a coordinator's comments.
    ProjectReturned(ProjectReturned),
    /// Tells an organization that its project is public.
    ProjectPublished(ProjectPublished),
    /// Tells somebody of everything that has gone quiet on their side.
    FollowUp(FollowUp),
}

/// What consents, suppressions and unsubscribe links are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What one's account and one's own doings bring about; cannot be declined.
    Account,
    /// Offers and applications to answer.
    Offers,
    /// Regular summaries.
    Digest,
}

impl Topic {
    /// The name in data: `account`, `offers` or `digest`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Offers => "offers",
            Self::Digest => "digest",
        }
    }
}

/// The side of a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The volunteer.
    Volunteer,
    /// The organization.
    Organization,
}

/// A role, as mails name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSummary {
    /// The role's title.
    pub title: Text,
    /// The project's title.
    pub project: Text,
    /// The organization's name.
    pub organization: Text,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.kind())
    }
}

impl Message {
    /// Which mail this is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::VerifyAddress(_) => Kind::VerifyAddress,
            Self::AlreadyRegistered(_) => Kind::AlreadyRegistered,
            Self::ResetPassword(_) => Kind::ResetPassword,
            Self::PasswordChanged(_) => Kind::PasswordChanged,
            Self::EmailChangeRequested(_) => Kind::EmailChangeRequested,
            Self::ConfirmNewEmail(_) => Kind::ConfirmNewEmail,
            Self::EmailChanged(_) => Kind::EmailChanged,
            Self::AccountErased(_) => Kind::AccountErased,
            Self::SecondFactorChanged(_) => Kind::SecondFactorChanged,
            Self::InactivityNotice(_) => Kind::InactivityNotice,
            Self::InactivityLastNotice(_) => Kind::InactivityLastNotice,
            Self::SuggestionsDigest(_) => Kind::SuggestionsDigest,
            Self::OfferToVolunteer(_) => Kind::OfferToVolunteer,
            Self::OfferToOrganization(_) => Kind::OfferToOrganization,
            Self::Confirmation(_) => Kind::Confirmation,
            Self::Declined(_) => Kind::Declined,
            Self::Expired(_) => Kind::Expired,
            Self::Recalled(_) => Kind::Recalled,
            Self::FilledWhileYouAnswered(_) => Kind::FilledWhileYouAnswered,
            Self::ApplicationReceived(_) => Kind::ApplicationReceived,
            Self::NotSelected(_) => Kind::NotSelected,
            Self::PlacementChanged(_) => Kind::PlacementChanged,
            Self::PlacementEnded(_) => Kind::PlacementEnded,
            Self::VolunteerLeft(_) => Kind::VolunteerLeft,
            Self::OrganizationVetted(_) => Kind::OrganizationVetted,
            Self::OrganizationNeedsInfo(_) => Kind::OrganizationNeedsInfo,
            Self::ProjectReturned(_) => Kind::ProjectReturned,
            Self::ProjectPublished(_) => Kind::ProjectPublished,
            Self::FollowUp(_) => Kind::FollowUp,
        }
    }

    /// What someone who does not want this mail unsubscribes from.
    pub fn topic(&self) -> Topic {
        match self {
            Self::SuggestionsDigest(_)
            | Self::ApplicationReceived(ApplicationReceived {
                reader: ApplicationReader::Coordinator,
                ..
            }) => Topic::Digest,
            Self::OfferToVolunteer(_)
            | Self::OfferToOrganization(_)
            | Self::ApplicationReceived(ApplicationReceived {
                reader: ApplicationReader::Organization,
                ..
            }) => Topic::Offers,
            Self::FollowUp(mail) => mail.topic(),
            _ => Topic::Account,
        }
    }

    /// Whether the reader may decline mail of this topic.
    pub fn is_optional(&self) -> bool {
        !matches!(self.topic(), Topic::Account)
    }
}
