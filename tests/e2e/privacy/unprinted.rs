//! What people tell is in no debug form: not of the inputs of use cases, not of what they hand on, not of a mail. Columns are
//! looked at in `entities.rs`, and the fields of further structs in `architecture.rs`.

use std::fmt::Debug;

use api::domain::accounts::{create_staff, erase, erase_own, log_in, register, update};
use api::domain::matching::{express_interest, set_rule};
use api::domain::pairings::reason::Reason;
use api::domain::pairings::transition::{Event, Step};
use api::domain::pairings::{approve, create, decline, recall, reject, withdraw};
use api::domain::volunteers::{set_conflicts, update as update_profile};
use chrono::{DateTime, Utc};
use entity::account::StaffRole;
use entity::actor_kind::ActorKind;
use entity::conflict_of_interest::ConflictKind;
use entity::id::{AccountId, OrganizationId, PairingId, RoleId, VolunteerId};
use entity::pairing::PairingSide;
use entity::pairing_rule::PairingRuleKind;
use entity::personal::Personal;
use matcher::mail::{Headers, Kind, Mailbox, Transport, compose, render};
use matcher::mail::{sample, sample_recipient, sample_sender};
use secrecy::SecretString;
use uuid::Uuid;

/// A text, an address and a number that nothing else has.
const WORDS: &str = "planted words";
const ADDRESS: &str = "planted@example.org";
const DEGREES: f64 = 45.501_689;

fn words() -> Personal {
    Personal::new(WORDS)
}

fn address() -> Personal {
    Personal::new(ADDRESS)
}

fn assert_hides(value: &impl Debug) {
    for form in [format!("{value:?}"), format!("{value:#?}")] {
        for planted in ["planted", "45.5"] {
            assert!(!form.contains(planted), "{form}");
        }
    }
}

#[test]
fn inputs_about_accounts_hide_whose_they_are() {
    let password = SecretString::from(WORDS);
    assert_hides(&register::Input {
        email: address(),
        password: password.clone(),
        given_name: words(),
        family_name: words(),
        preferred_language: None,
        zone: "UTC".to_owned(),
        consents: Vec::new(),
    });
    assert_hides(&log_in::Input {
        email: address(),
        password: password.clone(),
    });
    assert_hides(&erase_own::Input {
        password,
        email: address(),
    });
    assert_hides(&erase::Input {
        account_id: AccountId::new(Uuid::nil()),
        email: address(),
    });
    assert_hides(&create_staff::Input {
        email: address(),
        given_name: words(),
        staff_role: StaffRole::Admin,
        preferred_language: None,
    });
    assert_hides(&update::Input {
        given_name: Some(words()),
        family_name: Some(words()),
        ..Default::default()
    });
}

#[test]
fn inputs_about_volunteers_hide_what_they_tell() {
    assert_hides(&update_profile::Input {
        about: Some(Some(words())),
        city: Some(Some(words())),
        latitude: Some(Some(Personal::new(DEGREES))),
        longitude: Some(Some(Personal::new(DEGREES))),
        ..Default::default()
    });
    assert_hides(&set_conflicts::Input {
        expected_version: 1,
        conflicts: vec![set_conflicts::Item {
            organization_id: OrganizationId::new(Uuid::nil()),
            kind: ConflictKind::Other,
            note: Some(words()),
        }],
    });
    assert_hides(&express_interest::Input {
        role_id: RoleId::new(Uuid::nil()),
        message: Some(words()),
    });
    assert_hides(&set_rule::Input {
        role_id: RoleId::new(Uuid::nil()),
        volunteer_id: VolunteerId::new(Uuid::nil()),
        kind: PairingRuleKind::Forbid,
        note: Some(words()),
    });
}

#[test]
fn decisions_about_pairings_hide_their_notes() {
    let pairing_id = PairingId::new(Uuid::nil());
    let note = || Some(words());
    let (expected_version, reason) = (None, Reason::Other);
    assert_hides(&approve::Input {
        pairings: Vec::new(),
        note: note(),
    });
    assert_hides(&reject::Input {
        pairing_id,
        expected_version,
        reason,
        note: note(),
    });
    assert_hides(&recall::Input {
        pairing_id,
        expected_version,
        reason,
        note: note(),
    });
    assert_hides(&decline::Input {
        pairing_id,
        side: PairingSide::Volunteer,
        reason,
        note: note(),
    });
    assert_hides(&withdraw::Input {
        pairing_id,
        reason,
        note: note(),
    });
    assert_hides(&Step {
        note: note(),
        ..Step::new(Event::Reject, ActorKind::Coordinator, reason)
    });
    assert_hides(&create::Assessment {
        score_bp: 1,
        confidence_bp: 1,
        factors: Personal::new(serde_json::json!({ "reasons": [WORDS] })),
        engine_version: "1".to_owned(),
    });
}

#[tokio::test]
async fn a_mail_tells_which_it_is_and_hides_what_it_says() {
    let mut recipient = sample_recipient().unwrap();
    recipient.name = WORDS.to_owned();
    recipient.unsubscribe_url = Some("https://example.org/planted".to_owned());
    assert_hides(&recipient);
    let sender = sample_sender().unwrap();
    for kind in Kind::ALL {
        let message = sample(*kind).unwrap();
        assert_eq!(format!("{message:?}"), format!("Message({kind})"));
        let rendered = render(&message, &recipient, &sender).unwrap();
        assert_eq!(format!("{rendered:?}"), format!("Rendered({kind})"));
        let headers = Headers {
            message_id: "1@example.org".to_owned(),
            date: DateTime::<Utc>::UNIX_EPOCH,
            return_path: None,
        };
        let composed = compose(&rendered, &recipient, &sender, &headers).unwrap();
        assert_eq!(format!("{composed:?}"), "Composed(…)");
        let mailbox = Mailbox::new();
        let transport = Transport::Memory(mailbox.clone());
        transport
            .send(&composed.envelope, &composed.bytes)
            .await
            .unwrap();
        assert_eq!(format!("{:?}", mailbox.take()), "[Delivery(…)]");
    }
}
