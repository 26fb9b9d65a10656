//! The printed table of all transitions, and what holds for every one of them.

use std::fmt::Write as _;

use super::*;

fn events() -> Vec<Event> {
    let mut events = vec![
        Event::Approve,
        Event::Hold,
        Event::Offer,
        Event::Accept,
        Event::Decline,
        Event::Withdraw,
        Event::Reject,
        Event::Expire,
        Event::Recall,
        Event::Close,
        Event::Supersede,
        Event::Lapse,
        Event::Conclude,
    ];
    // One that no decline leads from, and the five that one does.
    let before = [
        PairingState::Suggested,
        PairingState::Interested,
        PairingState::Invited,
        PairingState::Offered,
        PairingState::VolunteerAccepted,
        PairingState::OrganizationAccepted,
    ];
    events.extend(before.map(|back_to| Event::UndoDecline { back_to }));
    events
}

fn name(event: Event) -> String {
    match event {
        Event::UndoDecline { back_to } => format!("undo to {back_to}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

#[test]
fn every_transition() {
    let mut text = String::new();
    for event in events() {
        for &actor in ActorKind::ALL {
            let cells: Vec<String> = PairingState::ALL
                .iter()
                .filter_map(|&from| match next(from, event, actor) {
                    Next::To(to) => Some(format!("{from} → {to}")),
                    Next::AlreadySo => Some(format!("{from} (already so)")),
                    Next::Refused => None,
                })
                .collect();
            if !cells.is_empty() {
                writeln!(text, "{} by {actor}", name(event)).unwrap();
                for cell in cells {
                    writeln!(text, "    {cell}").unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_over_stays_over_except_for_an_undone_decline() {
    for &from in PairingState::ALL {
        if PairingState::LIVE.contains(&from) {
            continue;
        }
        for event in events() {
            for &actor in ActorKind::ALL {
                if let Next::To(to) = next(from, event, actor) {
                    assert_eq!(from, PairingState::Declined);
                    assert_eq!(event, Event::UndoDecline { back_to: to });
                }
            }
        }
    }
}

#[test]
fn repeating_an_event_where_it_led_changes_nothing() {
    for event in events() {
        for &actor in ActorKind::ALL {
            for &from in PairingState::ALL {
                if let Next::To(to) = next(from, event, actor) {
                    assert_eq!(next(to, event, actor), Next::AlreadySo, "{event:?} {from}");
                }
            }
        }
    }
}

#[test]
fn only_both_answers_confirm() {
    for event in events() {
        for &actor in ActorKind::ALL {
            for &from in PairingState::ALL {
                if next(from, event, actor) == Next::To(PairingState::Confirmed) {
                    assert_eq!(event, Event::Accept);
                    assert!(matches!(
                        (from, actor),
                        (PairingState::VolunteerAccepted, ActorKind::Organization)
                            | (PairingState::OrganizationAccepted, ActorKind::Volunteer)
                    ));
                }
            }
        }
    }
}
