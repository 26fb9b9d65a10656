//! What the marketplace says by mail: typed messages, their templates in English and French, the finished
//! RFC 5322 bytes, and the ways to send them.
//!
//! A message is plain data, rendered once and stored; sending never renders. Nothing here reads a clock, a database
//! or the environment: time, identifiers and links come from the caller. Only `transport` does input and output.

mod address;
mod agenda;
mod calendar;
mod compose;
pub mod dates;
mod language;
mod message;
mod party;
mod preview;
mod render;
mod report;
mod schedule;
mod templates;
mod transport;

#[cfg(test)]
mod tests;

pub use address::{Address, AddressError, Envelope};
pub use calendar::{Calendar, CalendarEntry, CalendarError, CalendarMethod, calendars};
pub use compose::{ComposeError, Composed, Headers, compose};
pub use language::{Language, Text};
pub use message::{
    AccountErased, AlreadyRegistered, ApplicationReader, ApplicationReceived, ConfirmNewEmail,
    Confirmation, Contact, Declined, EmailChangeRequested, EmailChanged, Expired, FactorChange,
    FilledWhileYouAnswered, FollowUp, FollowUpItem, InactivityLastNotice, InactivityNotice, Kind,
    Message, NotSelected, OfferToOrganization, OfferToVolunteer, OrganizationNeedsInfo,
    OrganizationVetted, PasswordChanged, PlacementChanged, PlacementEnded, ProjectPublished,
    ProjectReturned, Recalled, ResetPassword, RoleSummary, SecondFactorChanged, Side, Suggestion,
    SuggestionsDigest, Topic, UnknownKind, VerifyAddress, VolunteerLeft,
};
pub use party::{Recipient, Sender};
pub use preview::{
    PreviewError, preview, preview_message, sample, sample_recipient, sample_sender,
};
pub use render::{RenderError, Rendered, render};
pub use report::{MAX_REPORT, Report, ReportError, Status, Verdict};
pub use schedule::{
    Commitment, Meeting, MeetingPlan, Place, WeeklyMeeting, Window, weekly_meetings,
};
pub use transport::{
    Delivery, Failure, FileTransport, Mailbox, Reply, SendError, SmtpTransport, Stage, Transport,
    TransportUrlError,
};
