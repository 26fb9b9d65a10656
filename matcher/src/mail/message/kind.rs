//! The names of the mails, as data, template folders and file names use them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$documentation:meta])* $variant:ident = $name:literal,)+) => {
        /// Which mail it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $($(#[$documentation])* $variant,)+
        }

        impl Kind {
            /// Every mail there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in data, and of the folder of templates.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// See [`super::VerifyAddress`].
    VerifyAddress = "verify_address",
    /// See [`super::AlreadyRegistered`].
    AlreadyRegistered = "already_registered",
    /// See [`super::ResetPassword`].
    ResetPassword = "reset_password",
    /// See [`super::PasswordChanged`].
    PasswordChanged = "password_changed",
    /// See [`super::EmailChangeRequested`].
    EmailChangeRequested = "email_change_requested",
    /// See [`super::ConfirmNewEmail`].
    ConfirmNewEmail = "confirm_new_email",
    /// See [`super::EmailChanged`].
    EmailChanged = "email_changed",
    /// See [`super::AccountErased`].
    AccountErased = "account_erased",
    /// See [`super::SecondFactorChanged`].
    SecondFactorChanged = "second_factor_changed",
    /// See [`super::InactivityNotice`].
    InactivityNotice = "inactivity_notice",
    /// See [`super::InactivityLastNotice`].
    InactivityLastNotice = "inactivity_last_notice",
    /// See [`super::SuggestionsDigest`].
    SuggestionsDigest = "suggestions_digest",
    /// See [`super::OfferToVolunteer`].
    OfferToVolunteer = "offer_to_volunteer",
    /// See [`super::OfferToOrganization`].
    OfferToOrganization = "offer_to_organization",
    /// See [`super::Confirmation`].
    Confirmation = "confirmation",
    /// See [`super::Declined`].
    Declined = "declined",
    /// See [`super::Expired`].
    Expired = "expired",
    /// See [`super::Recalled`].
    Recalled = "recalled",
    /// See [`super::FilledWhileYouAnswered`].
    FilledWhileYouAnswered = "filled_while_you_answered",
    /// See [`super::ApplicationReceived`].
    ApplicationReceived = "application_received",
    /// See [`super::NotSelected`].
    NotSelected = "not_selected",
    /// See [`super::PlacementChanged`].
    PlacementChanged = "placement_changed",
    /// See [`super::PlacementEnded`].
    PlacementEnded = "placement_ended",
    /// See [`super::VolunteerLeft`].
    VolunteerLeft = "volunteer_left",
    /// See [`super::OrganizationVetted`].
    OrganizationVetted = "organization_vetted",
    /// See [`super::OrganizationNeedsInfo`].
    OrganizationNeedsInfo = "organization_needs_info",
    /// See [`super::ProjectReturned`].
    ProjectReturned = "project_returned",
    /// See [`super::ProjectPublished`].
    ProjectPublished = "project_published",
    /// See [`super::FollowUp`].
    FollowUp = "follow_up",
}

/// No mail has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no mail of this name")]
pub struct UnknownKind;

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == name)
            .ok_or(UnknownKind)
    }
}
