//! The finished message, read back by an independent parser.

use mail_parser::{HeaderValue, MessageParser, MimeHeaders};

use crate::mail::{
    ComposeError, Composed, Headers, Kind, Language, Recipient, Rendered, Sender, compose, preview,
    tests,
};

fn composed(kind: Kind) -> Composed {
    compose(
        &preview(kind, None).unwrap(),
        &tests::recipient(),
        &tests::sender(),
        &tests::headers(),
    )
    .unwrap()
}

fn head(composed: &Composed) -> String {
    let text = String::from_utf8(composed.bytes.clone()).unwrap();
    text.split_once("\r\n\r\n").unwrap().0.to_owned()
}

fn header_names(head: &str) -> Vec<String> {
    let is_continued = |line: &&str| !line.starts_with([' ', '\t']);
    head.split("\r\n")
        .filter(is_continued)
        .map(|line| line.split_once(':').unwrap().0.to_owned())
        .collect()
}

#[test]
fn the_headers_of_every_kind_of_mail_are_as_promised() {
    let optional = head(&composed(Kind::OfferToVolunteer));
    insta::assert_snapshot!("optional_headers", optional.replace("\r\n", "\n"));
    let account = head(&composed(Kind::ResetPassword));
    insta::assert_snapshot!("account_headers", account.replace("\r\n", "\n"));
    assert!(!account.contains("List-Unsubscribe"));
}

#[test]
fn every_mail_is_read_back_whole_by_another_parser() {
    for &kind in Kind::ALL {
        let rendered = preview(kind, None).unwrap();
        let composed = composed(kind);
        let message = MessageParser::default().parse(&composed.bytes).unwrap();
        let plain = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
        assert_eq!(message.subject(), Some(rendered.subject.as_str()));
        assert_eq!(
            plain(&message.body_text(0).unwrap()),
            plain(&rendered.text),
            "{kind}"
        );
        assert_eq!(
            plain(&message.body_html(0).unwrap()),
            plain(&rendered.html),
            "{kind}"
        );
        assert_eq!(
            message.message_id(),
            Some("0192f3c4.offer@marketplace.example")
        );
        assert_eq!(message.date().unwrap().to_rfc3339(), "2026-11-17T23:30:00Z");
        assert_eq!(
            message.from().unwrap().first().unwrap().address(),
            Some("hello@marketplace.example")
        );
        assert_eq!(
            message.to().unwrap().first().unwrap().name(),
            Some("Amélie")
        );
        assert_eq!(
            message.header_raw("Content-Language").unwrap().trim(),
            "en, fr"
        );
    }
}

#[test]
fn a_calendar_is_an_alternative_and_an_attachment_and_further_ones_are_attachments() {
    let mut rendered = preview(Kind::Confirmation, None).unwrap();
    let further = preview(Kind::PlacementEnded, None).unwrap().calendars;
    rendered.calendars.extend(further);
    let composed = compose(
        &rendered,
        &tests::recipient(),
        &tests::sender(),
        &tests::headers(),
    )
    .unwrap();
    let message = MessageParser::default().parse(&composed.bytes).unwrap();
    let calendars: Vec<_> = message
        .parts
        .iter()
        .filter_map(|part| {
            let found = part
                .content_type()
                .filter(|found| found.subtype() == Some("calendar"))?;
            let method = found.attribute("method");
            Some((
                method,
                part.attachment_name(),
                part.text_contents().unwrap(),
            ))
        })
        .collect();
    let [first, second] = &rendered.calendars[..] else {
        unreachable!()
    };
    assert_eq!(
        calendars,
        [
            (Some("PUBLISH"), None, first.text.as_str()),
            (None, Some("meetings.ics"), first.text.as_str()),
            (Some("CANCEL"), Some("meetings-2.ics"), second.text.as_str()),
        ]
    );
}

#[test]
fn the_message_is_ascii_with_short_lines_that_end_in_crlf() {
    for &kind in Kind::ALL {
        let text = String::from_utf8(composed(kind).bytes).unwrap();
        assert!(text.is_ascii(), "{kind}");
        assert_eq!(
            text.matches('\n').count(),
            text.matches("\r\n").count(),
            "{kind}"
        );
        assert_eq!(
            text.matches('\r').count(),
            text.matches("\r\n").count(),
            "{kind}"
        );
        assert!(text.split("\r\n").all(|line| line.len() <= 998), "{kind}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_another_identifier_others() {
    for &kind in Kind::ALL {
        assert_eq!(composed(kind), composed(kind));
    }
    let other = Headers {
        message_id: "2@marketplace.example".to_owned(),
        ..tests::headers()
    };
    let rendered = preview(Kind::Recalled, None).unwrap();
    let other = compose(&rendered, &tests::recipient(), &tests::sender(), &other).unwrap();
    assert_ne!(other.bytes, composed(Kind::Recalled).bytes);
}

#[test]
fn names_and_titles_cannot_add_headers() {
    let expected = header_names(&head(&composed(Kind::OfferToVolunteer)));
    for evil in [
        "Eve\r\nBcc: victim@example.org",
        "Eve\nBcc: victim@example.org",
        "Eve\rBcc: victim@example.org",
        "Eve\u{2028}Bcc: victim@example.org\u{0}",
        "Élise\r\n\r\nBody",
        "\"Eve\" <eve@example.org>, <victim@example.org>",
        "Eve\\\" <x@example.org>",
    ] {
        let rendered = Rendered {
            subject: evil.to_owned(),
            ..preview(Kind::OfferToVolunteer, None).unwrap()
        };
        let reader = Recipient {
            name: evil.to_owned(),
            ..tests::recipient()
        };
        let sender = Sender {
            name: evil.to_owned(),
            ..tests::sender()
        };
        let composed = compose(&rendered, &reader, &sender, &tests::headers()).unwrap();
        assert_eq!(header_names(&head(&composed)), expected, "{evil:?}");
        let message = MessageParser::default().parse(&composed.bytes).unwrap();
        for (people, address) in [
            (message.to(), "amelie@example.org"),
            (message.from(), "hello@marketplace.example"),
        ] {
            let people: Vec<_> = people
                .unwrap()
                .iter()
                .map(|person| person.address().unwrap())
                .collect();
            assert_eq!(people, [address], "{evil:?}");
        }
        assert_eq!(composed.envelope.recipient.as_str(), "amelie@example.org");
    }
}

#[test]
fn long_and_accented_subjects_and_names_are_encoded_and_read_back() {
    let subject = "Développement de l'interface : Réseau d'entraide alimentaire et communautaire de Saint-Jérôme".repeat(3);
    let name = "Zoë Lefèbvre-Côté, coordonnatrice";
    let rendered = Rendered {
        subject: subject.clone(),
        ..preview(Kind::Recalled, Some(Language::French)).unwrap()
    };
    let reader = Recipient {
        name: name.to_owned(),
        ..tests::recipient()
    };
    let composed = compose(&rendered, &reader, &tests::sender(), &tests::headers()).unwrap();
    let head = head(&composed);
    let is_short = |word: &str| !word.starts_with("=?") || word.len() <= 75;
    assert!(
        head.is_ascii() && head.split_whitespace().all(is_short),
        "{head}"
    );
    let message = MessageParser::default().parse(&composed.bytes).unwrap();
    assert_eq!(message.subject(), Some(subject.as_str()));
    assert_eq!(message.to().unwrap().first().unwrap().name(), Some(name));
}

#[test]
fn one_click_unsubscribing_is_announced_with_the_link_untouched() {
    let url = format!(
        "https://marketplace.example/unsubscribe/{}",
        "a1B2-_".repeat(100)
    );
    let reader = Recipient {
        unsubscribe_url: Some(url.clone()),
        ..tests::recipient()
    };
    let rendered = preview(Kind::SuggestionsDigest, None).unwrap();
    let composed = compose(&rendered, &reader, &tests::sender(), &tests::headers()).unwrap();
    let message = MessageParser::default().parse(&composed.bytes).unwrap();
    assert_eq!(
        message.header_raw("List-Unsubscribe").unwrap().trim(),
        format!("<{url}>")
    );
    assert_eq!(
        message.header_raw("List-Unsubscribe-Post").unwrap().trim(),
        "List-Unsubscribe=One-Click"
    );
    assert!(matches!(
        message.list_unsubscribe(),
        HeaderValue::Address(_)
    ));
}

#[test]
fn a_return_path_of_its_own_is_in_the_envelope_only() {
    let return_path = crate::mail::Address::parse("bounce+17@marketplace.example").unwrap();
    let headers = Headers {
        return_path: Some(return_path.clone()),
        ..tests::headers()
    };
    let rendered = preview(Kind::Recalled, None).unwrap();
    let composed = compose(&rendered, &tests::recipient(), &tests::sender(), &headers).unwrap();
    assert_eq!(composed.envelope.return_path, return_path);
    assert!(!head(&composed).contains("bounce"));
}

#[test]
fn what_cannot_stand_in_a_header_is_refused() {
    let rendered = preview(Kind::OfferToVolunteer, None).unwrap();
    for id in [
        "",
        "no-at",
        "@right",
        "left@",
        "a b@c",
        "<a@b>",
        "a@b@c",
        "a@b\r\nX: y",
        "é@b",
    ] {
        let headers = Headers {
            message_id: id.to_owned(),
            ..tests::headers()
        };
        let refused = compose(&rendered, &tests::recipient(), &tests::sender(), &headers);
        assert_eq!(refused, Err(ComposeError::MessageId), "{id:?}");
    }
    for url in [
        None,
        Some("javascript:alert(1)"),
        Some("https://a.example/>\r\nX: y"),
        Some("https://é.example/"),
    ] {
        let reader = Recipient {
            unsubscribe_url: url.map(str::to_owned),
            ..tests::recipient()
        };
        let refused = compose(&rendered, &reader, &tests::sender(), &tests::headers());
        assert_eq!(refused, Err(ComposeError::UnsubscribeLink), "{url:?}");
    }
    let headers = Headers {
        date: "1969-12-31T23:59:59Z".parse().unwrap(),
        ..tests::headers()
    };
    let refused = compose(&rendered, &tests::recipient(), &tests::sender(), &headers);
    assert_eq!(refused, Err(ComposeError::Date));
}
