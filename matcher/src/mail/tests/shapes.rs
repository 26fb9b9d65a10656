//! Messages in every shape that changes their words.

use std::mem;

use crate::mail::{ApplicationReader, FactorChange, Kind, Message, Place, Side, sample};

/// Every sample, the notices for each side, and the optional parts left out.
pub(super) fn every_shape() -> Vec<Message> {
    let mut messages: Vec<Message> = Kind::ALL
        .iter()
        .map(|&kind| sample(kind).unwrap())
        .collect();
    for message in messages.clone() {
        for reader in [Side::Volunteer, Side::Organization] {
            for is_bare in [false, true] {
                let mut message = message.clone();
                match &mut message {
                    Message::SecondFactorChanged(mail) => {
                        mail.change = match (reader, is_bare) {
                            (Side::Volunteer, false) => FactorChange::Added,
                            (Side::Volunteer, true) => FactorChange::CodesRenewed,
                            (Side::Organization, false) => FactorChange::Removed,
                            (Side::Organization, true) => FactorChange::Reset,
                        };
                    }
                    Message::Confirmation(mail) => {
                        mail.reader = reader;
                        if is_bare {
                            mail.first_meetings.clear();
                            mail.meetings.held.clear();
                            mail.commitment.windows.clear();
                            mail.commitment.starts_on = None;
                            mail.commitment.place = Place::Remote;
                        }
                    }
                    Message::Declined(mail) => {
                        mail.reader = reader;
                        mail.reason = mail.reason.take().filter(|_| !is_bare);
                    }
                    Message::Expired(mail) => {
                        (mail.reader, mail.is_reader_silent) = (reader, is_bare);
                    }
                    Message::Recalled(mail) => {
                        mail.reader = reader;
                        mail.reason = mail.reason.take().filter(|_| !is_bare);
                    }
                    Message::PlacementChanged(mail) => {
                        mail.reader = reader;
                        if is_bare {
                            (mail.starts_on, mail.ends_on) = (None, None);
                            mail.windows.clear();
                            mail.meetings.withdrawn = mem::take(&mut mail.meetings.held);
                        }
                    }
                    Message::PlacementEnded(mail) => {
                        (mail.reader, mail.is_completed) = (reader, is_bare);
                        if is_bare {
                            mail.meetings.withdrawn.clear();
                        }
                    }
                    Message::VolunteerLeft(mail) if is_bare => mail.meetings.withdrawn.clear(),
                    Message::ApplicationReceived(mail) => {
                        mail.reader = match reader {
                            Side::Volunteer => ApplicationReader::Volunteer,
                            Side::Organization if is_bare => ApplicationReader::Coordinator,
                            Side::Organization => ApplicationReader::Organization,
                        };
                        if is_bare {
                            mail.reasons.clear();
                        }
                    }
                    Message::OfferToVolunteer(mail) if is_bare => {
                        mail.summary = None;
                        mail.reasons.clear();
                        mail.commitment.hours_per_week = 1;
                        mail.commitment.place = Place::OnSite("Québec".to_owned());
                    }
                    Message::SuggestionsDigest(mail) if is_bare => mail.link = None,
                    Message::OrganizationVetted(mail) if is_bare => mail.valid_until = None,
                    _ => continue,
                }
                messages.push(message);
            }
        }
    }
    for change in [
        FactorChange::PasskeyAdded,
        FactorChange::PasskeyRemoved,
        FactorChange::IdentityLinked,
        FactorChange::IdentityUnlinked,
    ] {
        let mut message = sample(Kind::SecondFactorChanged).unwrap();
        if let Message::SecondFactorChanged(mail) = &mut message {
            mail.change = change;
        }
        messages.push(message);
    }
    messages
}
