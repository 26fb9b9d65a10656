//! A mail with invented data, to look at before anybody gets one.

use async_graphql::{Enum, Object, SimpleObject};
use matcher::mail::Calendar;

use super::language::Language;
use crate::domain::mails::preview::Preview;

/// Which mail it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "matcher::mail::Kind")]
pub enum MailKind {
    /// Proves that an address belongs to its account.
    VerifyAddress,
    /// Tells the owner of an address that someone tried to register it again.
    AlreadyRegistered,
    /// Lets someone choose a new password.
    ResetPassword,
    /// Tells that the password was changed.
    PasswordChanged,
    /// Tells the address of an account that somebody asked for another one.
    EmailChangeRequested,
    /// Proves that an address that shall be an account's belongs to its owner.
    ConfirmNewEmail,
    /// Tells the address of before that the account has another one.
    EmailChanged,
    /// Tells, last of all, that somebody's data were erased.
    AccountErased,
    /// Tells that the second factor was set up, renewed or taken away.
    SecondFactorChanged,
    /// Tells that an account nobody uses will be closed.
    InactivityNotice,
    /// Tells it for the last time.
    InactivityLastNotice,
    /// Tells coordinators which pairings wait for them.
    SuggestionsDigest,
    /// Asks a volunteer to take a role.
    OfferToVolunteer,
    /// Asks an organization to take a volunteer.
    OfferToOrganization,
    /// Tells one side that both accepted, with the other's contact data.
    Confirmation,
    /// Tells one side that the other declined.
    Declined,
    /// Tells one side that the deadline passed.
    Expired,
    /// Tells one side that a coordinator took an offer back.
    Recalled,
    /// Tells a volunteer that the last seat was taken while they answered.
    FilledWhileYouAnswered,
    /// Tells one side, or the coordinators, that an application arrived.
    ApplicationReceived,
    /// Tells a volunteer, with the true reason, that an application ended.
    NotSelected,
    /// Tells one side that the meetings of a placement have changed.
    PlacementChanged,
    /// Tells one side that a placement is over.
    PlacementEnded,
    /// Tells an organization that a placed volunteer has left.
    VolunteerLeft,
    /// Tells an organization that it was vetted.
    OrganizationVetted,
    /// Asks an organization for what vetting still needs.
    OrganizationNeedsInfo,
    /// Gives a project back with a coordinator's comments.
    ProjectReturned,
    /// Tells an organization that its project is public.
    ProjectPublished,
    /// Tells somebody of everything that has gone quiet on their side.
    FollowUp,
}

/// A mail with invented data, as its reader would get it. For coordinators.
pub struct MailPreview(pub Preview);

/// A mail with invented data, as its reader would get it. For coordinators.
#[Object]
impl MailPreview {
    /// Which mail it is.
    async fn kind(&self) -> MailKind {
        self.0.rendered.kind.into()
    }

    /// The languages it is written in, in their order.
    async fn languages(&self) -> Vec<Language> {
        let languages = self.0.rendered.languages.iter();
        languages
            .map(|language| match language {
                matcher::mail::Language::English => Language::En,
                matcher::mail::Language::French => Language::Fr,
            })
            .collect()
    }

    /// Whether its reader may decline such mail, by a link in it and by a button of their mail program.
    async fn is_optional(&self) -> bool {
        self.0.rendered.is_optional
    }

    /// The subject, in plain words.
    async fn subject(&self) -> &str {
        &self.0.rendered.subject
    }

    /// What it says, as plain text.
    async fn text(&self) -> &str {
        &self.0.rendered.text
    }

    /// The same as a whole HTML document without scripts, pictures or anything else to be loaded.
    async fn html(&self) -> &str {
        &self.0.rendered.html
    }

    /// What calendars are told of meetings; empty for most mails.
    async fn calendars(&self) -> Vec<MailCalendar> {
        let calendars = self.0.rendered.calendars.iter();
        calendars.map(MailCalendar::of).collect()
    }

    /// The headers of the message in their order. Each mail that is sent has a Message-ID, a date and links of its own.
    async fn headers(&self) -> Vec<MailHeader> {
        let headers = self.0.headers().into_iter();
        headers
            .map(|(name, value)| MailHeader {
                name: name.to_owned(),
                value,
            })
            .collect()
    }

    /// The whole message, headers and parts, as it would be sent (RFC 5322). In a file that ends in `.eml`, mail programs open it.
    async fn source(&self) -> &str {
        &self.0.source
    }
}

/// A header of a mail.
#[derive(SimpleObject)]
pub struct MailHeader {
    /// Its name, such as `List-Unsubscribe`.
    name: String,
    /// What it says, on one line; words that are not ASCII are encoded (RFC 2047).
    value: String,
}

/// What a mail tells calendars.
#[derive(SimpleObject)]
pub struct MailCalendar {
    /// What the calendar shall do: `REQUEST` puts the meetings in or replaces them, `CANCEL` takes them out (RFC 5546).
    method: String,
    /// The iCalendar object (RFC 5545).
    text: String,
}

impl MailCalendar {
    fn of(calendar: &Calendar) -> Self {
        Self {
            method: calendar.method.as_str().to_owned(),
            text: calendar.text.clone(),
        }
    }
}
