//! The invented data of the previews. Nobody in it exists.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use super::SITE;
use crate::mail::{
    address::{Address, AddressError},
    language::Text,
    message::{
        AccountErased, AlreadyRegistered, ApplicationReader, ApplicationReceived, ConfirmNewEmail,
        Confirmation, Contact, Declined, EmailChangeRequested, EmailChanged, Expired, FactorChange,
        FilledWhileYouAnswered, FollowUp, FollowUpItem, InactivityLastNotice, InactivityNotice,
        Kind, Message, NotSelected, OfferToOrganization, OfferToVolunteer, OrganizationNeedsInfo,
        OrganizationVetted, PasswordChanged, PlacementChanged, PlacementEnded, ProjectPublished,
        ProjectReturned, Recalled, ResetPassword, RoleSummary, SecondFactorChanged, Side,
        Suggestion, SuggestionsDigest, VerifyAddress, VolunteerLeft,
    },
    schedule::{Commitment, Meeting, MeetingPlan, Place, WeeklyMeeting, Window, weekly_meetings},
};

/// 2026-11-17 18:30 in Toronto, in seconds since 1970.
const NOW: i64 = 1_794_958_200;

/// A message of a kind, with sample data.
///
/// # Errors
/// None in practice: the sample addresses are constant.
pub fn sample(kind: Kind) -> Result<Message, AddressError> {
    Ok(match kind {
        Kind::VerifyAddress => Message::VerifyAddress(VerifyAddress {
            link: page("verify"),
            expires_at: after(TimeDelta::days(1)),
        }),
        Kind::AlreadyRegistered => Message::AlreadyRegistered(AlreadyRegistered {
            is_confirmed: true,
            reset_link: page("forgot-password"),
        }),
        Kind::ResetPassword => Message::ResetPassword(ResetPassword {
            link: page("reset"),
            expires_at: after(TimeDelta::hours(1)),
        }),
        Kind::PasswordChanged => Message::PasswordChanged(PasswordChanged {
            changed_at: after(TimeDelta::zero()),
            reset_link: page("forgot-password"),
        }),
        Kind::EmailChangeRequested => Message::EmailChangeRequested(EmailChangeRequested {
            requested_at: after(TimeDelta::zero()),
            reset_link: page("forgot-password"),
        }),
        Kind::ConfirmNewEmail => Message::ConfirmNewEmail(ConfirmNewEmail {
            link: page("address"),
            expires_at: after(TimeDelta::days(1)),
        }),
        Kind::EmailChanged => Message::EmailChanged(EmailChanged {
            changed_at: after(TimeDelta::zero()),
            contact: "hello@marketplace.example".to_owned(),
        }),
        Kind::AccountErased => Message::AccountErased(AccountErased {
            erased_at: after(TimeDelta::zero()),
        }),
        Kind::SecondFactorChanged => Message::SecondFactorChanged(SecondFactorChanged {
            change: FactorChange::Added,
            changed_at: after(TimeDelta::zero()),
            reset_link: page("forgot-password"),
        }),
        Kind::InactivityNotice => Message::InactivityNotice(InactivityNotice {
            closes_at: after(TimeDelta::days(30)),
            reset_link: page("forgot-password"),
        }),
        Kind::InactivityLastNotice => Message::InactivityLastNotice(InactivityLastNotice {
            closes_at: after(TimeDelta::days(7)),
            reset_link: page("forgot-password"),
        }),
        Kind::SuggestionsDigest => Message::SuggestionsDigest(digest()),
        Kind::OfferToVolunteer => Message::OfferToVolunteer(offer_to_volunteer()),
        Kind::OfferToOrganization => Message::OfferToOrganization(OfferToOrganization {
            is_reminder: false,
            role: role(),
            volunteer_first_name: "Samira".to_owned(),
            reasons: reasons(),
            deadline_at: after(TimeDelta::days(7)),
            answer_link: page("offers/sample"),
        }),
        Kind::Confirmation => Message::Confirmation(confirmation()?),
        Kind::Declined => Message::Declined(Declined {
            reader: Side::Organization,
            role: role(),
            volunteer_first_name: "Samira".to_owned(),
            reason: Some(Text::bilingual(
                "No time at the moment.",
                "Manque de temps en ce moment.",
            )),
            link: page("projects/sample"),
        }),
        Kind::Expired => Message::Expired(Expired {
            reader: Side::Volunteer,
            is_reader_silent: true,
            role: role(),
            volunteer_first_name: "Samira".to_owned(),
            link: page("offers"),
        }),
        Kind::Recalled => Message::Recalled(Recalled {
            reader: Side::Volunteer,
            role: role(),
            volunteer_first_name: "Samira".to_owned(),
            reason: Some(Text::bilingual(
                "The project was paused.",
                "Le projet a été mis en pause.",
            )),
            link: page("offers"),
        }),
        Kind::FilledWhileYouAnswered => Message::FilledWhileYouAnswered(FilledWhileYouAnswered {
            role: role(),
            link: page("roles"),
        }),
        Kind::ApplicationReceived => Message::ApplicationReceived(ApplicationReceived {
            reader: ApplicationReader::Organization,
            role: role(),
            volunteer_first_name: "Samira".to_owned(),
            reasons: reasons(),
            link: Some(page("applications/sample")),
        }),
        Kind::NotSelected => Message::NotSelected(NotSelected {
            role: role(),
            reason: Text::bilingual(
                "The organization chose someone who can also meet in person.",
                "L'organisme a choisi une personne qui peut aussi participer sur place.",
            ),
            link: page("roles"),
        }),
        Kind::PlacementChanged => Message::PlacementChanged(placement_changed()),
        Kind::PlacementEnded => Message::PlacementEnded(PlacementEnded {
            reader: Side::Volunteer,
            is_completed: false,
            role: role(),
            volunteer_first_name: "Samira".to_owned(),
            meetings: plan(1, Vec::new(), weekly(&commitment().windows)),
            link: page("placements/sample"),
        }),
        Kind::VolunteerLeft => Message::VolunteerLeft(VolunteerLeft {
            role: role(),
            volunteer_first_name: "Samira".to_owned(),
            meetings: plan(1, Vec::new(), weekly(&commitment().windows)),
            link: page("projects/sample"),
        }),
        Kind::OrganizationVetted => Message::OrganizationVetted(OrganizationVetted {
            organization: organization(),
            valid_until: NaiveDate::from_ymd_opt(2028, 11, 17),
            link: page("projects/new"),
        }),
        Kind::OrganizationNeedsInfo => Message::OrganizationNeedsInfo(OrganizationNeedsInfo {
            organization: organization(),
            questions:
                "Who signs for the food bank?\n\nPlease add a link to your latest annual report."
                    .to_owned(),
            link: page("organizations/sample"),
        }),
        Kind::ProjectReturned => Message::ProjectReturned(ProjectReturned {
            project: project(),
            comments:
                "Please say how many hours a week you expect.\nThe outcome could be one sentence."
                    .to_owned(),
            link: page("projects/sample"),
        }),
        Kind::ProjectPublished => Message::ProjectPublished(ProjectPublished {
            project: project(),
            link: page("projects/sample"),
        }),
        Kind::FollowUp => Message::FollowUp(follow_up()),
    })
}

/// Every item there is: in a real mail there are fewer.
fn follow_up() -> FollowUp {
    let ends_on = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap_or_default();
    let commitment = |reader| FollowUpItem::CommitmentEnds {
        reader,
        role: role(),
        volunteer_first_name: "Amina".to_owned(),
        ends_on,
        link: page("projects/sample"),
    };
    FollowUp {
        items: vec![
            FollowUpItem::OrganizationDraft {
                organization: organization(),
                since: after(TimeDelta::days(-7)),
                link: page("organizations/sample"),
            },
            FollowUpItem::ProjectDraft {
                project: project(),
                since: after(TimeDelta::days(-7)),
                link: page("projects/sample"),
            },
            FollowUpItem::ListingCheck {
                project: project(),
                since: after(TimeDelta::days(-40)),
                hidden_at: after(TimeDelta::days(14)),
                link: page("a/follow-up"),
            },
            FollowUpItem::ListingHidden {
                project: project(),
                link: page("a/follow-up"),
            },
            FollowUpItem::VettingEnds {
                organization: organization(),
                ends_at: after(TimeDelta::days(30)),
                link: page("organizations/sample"),
            },
            commitment(Side::Volunteer),
            commitment(Side::Organization),
            FollowUpItem::CheckIn {
                role: role(),
                due_at: after(TimeDelta::days(7)),
                link: page("a/follow-up"),
            },
            FollowUpItem::StillThere {
                link: page("a/follow-up"),
            },
        ],
    }
}

fn page(path: &str) -> String {
    format!("{SITE}/{path}")
}

fn after(span: TimeDelta) -> DateTime<Utc> {
    now() + span
}

/// When the samples were written.
pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap_or_default()
}

fn organization() -> Text {
    Text::name("Harbour Food Bank")
}

fn project() -> Text {
    Text::bilingual("Delivery booking", "Réservation des livraisons")
}

fn role() -> RoleSummary {
    RoleSummary {
        title: Text::bilingual("Front-end developer", "Développement de l'interface"),
        project: project(),
        organization: organization(),
    }
}

fn reasons() -> Vec<Text> {
    vec![
        Text::bilingual(
            "3 of 4 skills fit, accessibility and TypeScript among them.",
            "3 compétences sur 4 correspondent, dont l'accessibilité et TypeScript.",
        ),
        Text::bilingual("Tuesday evening fits.", "Le mardi soir convient."),
        Text::bilingual(
            "Food security is one of the causes chosen.",
            "La sécurité alimentaire est une cause choisie.",
        ),
    ]
}

fn commitment() -> Commitment {
    Commitment {
        hours_per_week: 4,
        starts_on: NaiveDate::from_ymd_opt(2026, 12, 1),
        ends_on: NaiveDate::from_ymd_opt(2027, 3, 31),
        windows: vec![Window {
            weekday: Weekday::Tue,
            start_minute: 19 * 60 + 30,
            end_minute: 21 * 60,
            zone: Tz::America__Halifax,
        }],
        place: Place::Hybrid("Halifax".to_owned()),
    }
}

fn offer_to_volunteer() -> OfferToVolunteer {
    OfferToVolunteer {
        is_reminder: false,
        role: role(),
        summary: Some(Text::bilingual(
            "Volunteers plan deliveries by telephone. A small booking page would free ten hours a week.",
            "Les livraisons se planifient par téléphone. Une page de réservation libérerait dix heures par semaine.",
        )),
        commitment: commitment(),
        reasons: reasons(),
        deadline_at: after(TimeDelta::days(7)),
        answer_link: page("offers/sample"),
        pause_link: page("pause/sample"),
    }
}

fn confirmation() -> Result<Confirmation, AddressError> {
    let first = after(TimeDelta::days(14));
    let meeting = |week| {
        let starts_at = first + TimeDelta::weeks(week);
        Meeting {
            starts_at,
            ends_at: starts_at + TimeDelta::minutes(90),
        }
    };
    Ok(Confirmation {
        reader: Side::Volunteer,
        role: role(),
        commitment: commitment(),
        contact: Contact {
            name: "Josée Tremblay".to_owned(),
            email: Address::parse("josee@foodbank.example")?,
        },
        first_meetings: (0..3).map(meeting).collect(),
        meetings: plan(0, weekly(&commitment().windows), Vec::new()),
        link: page("placements/sample"),
    })
}

/// On Tuesdays before, on Mondays and Thursdays from now on.
fn placement_changed() -> PlacementChanged {
    let window = |weekday| Window {
        weekday,
        start_minute: 18 * 60,
        end_minute: 19 * 60,
        zone: Tz::America__Halifax,
    };
    let windows = vec![window(Weekday::Mon), window(Weekday::Thu)];
    PlacementChanged {
        reader: Side::Volunteer,
        role: role(),
        volunteer_first_name: "Samira".to_owned(),
        starts_on: commitment().starts_on,
        ends_on: commitment().ends_on,
        meetings: plan(1, weekly(&windows), Vec::new()),
        windows,
        link: page("placements/sample"),
    }
}

fn weekly(windows: &[Window]) -> Vec<WeeklyMeeting> {
    let first = commitment().starts_on.unwrap_or_default();
    weekly_meetings(windows, first, commitment().ends_on)
}

fn plan(sequence: u32, held: Vec<WeeklyMeeting>, withdrawn: Vec<WeeklyMeeting>) -> MeetingPlan {
    MeetingPlan {
        id: "placement-sample".to_owned(),
        sequence,
        issued_at: after(TimeDelta::zero()),
        held,
        withdrawn,
    }
}

fn digest() -> SuggestionsDigest {
    let suggestion = |name: &str, score_bp| Suggestion {
        role: role(),
        volunteer_first_name: name.to_owned(),
        score_bp,
        reasons: reasons(),
    };
    SuggestionsDigest {
        total: 5,
        suggestions: vec![suggestion("Samira", 8_740), suggestion("Luc", 7_915)],
        link: Some(page("admin/suggestions")),
    }
}
