//! Messages as data: they survive a job row, and their names agree everywhere.

use crate::mail::{Address, AddressError, ApplicationReader, Kind, Message, Topic, sample};

#[test]
fn every_message_survives_a_job_row() {
    for &kind in Kind::ALL {
        let message = sample(kind).unwrap();
        let stored = serde_json::to_value(&message).unwrap();
        assert_eq!(stored["kind"], kind.as_str());
        assert_eq!(serde_json::from_value::<Message>(stored).unwrap(), message);
    }
}

#[test]
fn a_kind_is_read_from_its_name() {
    for &kind in Kind::ALL {
        assert_eq!(kind.as_str().parse::<Kind>(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    assert!("newsletter".parse::<Kind>().is_err());
}

#[test]
fn only_offers_applications_to_answer_and_digests_may_be_declined() {
    let optional: Vec<_> = Kind::ALL
        .iter()
        .map(|&kind| sample(kind).unwrap())
        .filter(Message::is_optional)
        .map(|message| (message.kind(), message.topic()))
        .collect();
    assert_eq!(
        optional,
        [
            (Kind::SuggestionsDigest, Topic::Digest),
            (Kind::OfferToVolunteer, Topic::Offers),
            (Kind::OfferToOrganization, Topic::Offers),
            (Kind::ApplicationReceived, Topic::Offers),
        ]
    );
    let Message::ApplicationReceived(mut receipt) = sample(Kind::ApplicationReceived).unwrap()
    else {
        unreachable!()
    };
    receipt.reader = ApplicationReader::Volunteer;
    assert_eq!(
        Message::ApplicationReceived(receipt).topic(),
        Topic::Account
    );
}

#[test]
fn addresses_outside_ascii_are_refused_by_name() {
    for address in ["josée@example.org", "josee@exämple.org", "用户@例え.jp"] {
        assert_eq!(Address::parse(address), Err(AddressError::NotAscii));
    }
}

#[test]
fn what_is_no_address_is_refused() {
    let long = format!("{}@example.org", "a".repeat(250));
    for address in [
        "",
        "amelie",
        "@example.org",
        "amelie@",
        "a@b@example.org",
        "amelie @example.org",
        "amelie@example.org\r\nBcc: eve@example.org",
        "\"a b\"@example.org",
        "amelie@example.org>",
        &long,
    ] {
        assert_eq!(
            Address::parse(address),
            Err(AddressError::Invalid),
            "{address:?}"
        );
    }
    assert_eq!(
        Address::parse("a.b+tag@mail.example.org").unwrap().domain(),
        "mail.example.org"
    );
}

#[test]
fn an_address_is_not_shown_by_debug() {
    let address = Address::parse("amelie@example.org").unwrap();
    assert!(!format!("{address:?}").contains("amelie"));
}
