//! Words: every mail rendered in English, in French and in both.

use super::{
    reading::{links, visible, words},
    shapes::every_shape,
};
use crate::mail::{
    Kind, Language, Message, Recipient, RenderError, Text, preview, render, sample, tests,
};

const CHOICES: [(&str, Option<Language>); 3] = [
    ("en", Some(Language::English)),
    ("fr", Some(Language::French)),
    ("both", None),
];

#[test]
fn every_mail_reads_well_in_english_in_french_and_in_both() {
    for &kind in Kind::ALL {
        for (name, language) in CHOICES {
            let rendered = preview(kind, language).unwrap();
            let text = format!("Subject: {}\n\n{}", rendered.subject, rendered.text);
            insta::with_settings!({ omit_expression => true, snapshot_path => "snapshots/text" }, {
                insta::assert_snapshot!(format!("{kind}.{name}"), text);
            });
            insta::with_settings!({ omit_expression => true, snapshot_path => "snapshots/html" }, {
                insta::assert_snapshot!(format!("{kind}.{name}"), rendered.html);
            });
        }
    }
}

#[test]
fn text_and_html_have_the_same_words_and_links() {
    for &kind in Kind::ALL {
        for (name, language) in CHOICES {
            let rendered = preview(kind, language).unwrap();
            assert_eq!(
                links(&rendered.text),
                links(&rendered.html),
                "links of {kind} in {name}"
            );
            let html = words(&visible(&rendered.html));
            let missing: Vec<_> = words(&rendered.text).difference(&html).cloned().collect();
            assert!(
                missing.is_empty(),
                "{kind} in {name}: only in the text: {missing:?}"
            );
        }
    }
}

#[test]
fn each_language_of_a_mail_says_as_much_as_the_other() {
    for message in every_shape() {
        let [english, french] = Language::ALL.map(|language| {
            let reader = Recipient {
                language: Some(language),
                ..tests::recipient()
            };
            render(&message, &reader, &tests::sender()).unwrap()
        });
        assert_eq!(
            links(&english.text),
            links(&french.text),
            "{}",
            message.kind()
        );
        assert_eq!(
            english.text.matches("\n\n").count(),
            french.text.matches("\n\n").count(),
            "{}",
            message.kind()
        );
        assert_ne!(english.subject, french.subject);
    }
}

#[test]
fn an_unknown_language_gives_both_with_english_first() {
    let rendered = preview(Kind::VerifyAddress, None).unwrap();
    assert_eq!(rendered.languages, Language::ALL);
    assert_eq!(
        rendered.subject,
        "Confirm your mail address / Confirmez votre adresse courriel"
    );
    let (english, french) = (
        rendered.text.find("Hello").unwrap(),
        rendered.text.find("Bonjour").unwrap(),
    );
    assert!(english < french);
    assert!(rendered.html.contains("<html lang=\"en-CA\">"));
    assert!(rendered.html.contains("<section lang=\"fr-CA\">"));
}

#[test]
fn every_html_mail_is_a_plain_document_with_language_title_and_headings() {
    for &kind in Kind::ALL {
        let rendered = preview(kind, Some(Language::French)).unwrap();
        let html = &rendered.html;
        assert!(
            html.starts_with("<!DOCTYPE html>\n<html lang=\"fr-CA\">"),
            "{kind}"
        );
        assert!(
            html.contains("<title>") && !html.contains("<title></title>"),
            "{kind}"
        );
        assert_eq!(html.matches("<h1>").count(), 1, "{kind}");
        for forbidden in ["<img", "<script", "<table", "http-equiv", "url("] {
            assert!(!html.contains(forbidden), "{kind} has {forbidden}");
        }
    }
}

#[test]
fn every_mail_names_sender_organization_and_postal_address_and_says_why() {
    for &kind in Kind::ALL {
        for (_, language) in CHOICES {
            let rendered = preview(kind, language).unwrap();
            for body in [&rendered.text, &rendered.html] {
                for needed in [
                    "Civic Tech Marketplace",
                    "Civic Example Society",
                    "100 Example Street",
                ] {
                    assert!(body.contains(needed), "{kind}: {needed}");
                }
                assert!(
                    body.contains("You get this mail because")
                        || body.contains("Vous recevez ce courriel parce")
                );
            }
        }
    }
}

#[test]
fn optional_mail_has_an_unsubscribe_link_and_other_mail_has_none() {
    for &kind in Kind::ALL {
        let message = sample(kind).unwrap();
        let rendered = preview(kind, None).unwrap();
        assert_eq!(rendered.is_optional, message.is_optional());
        for body in [&rendered.text, &rendered.html] {
            assert_eq!(
                body.contains("/unsubscribe/"),
                message.is_optional(),
                "{kind}"
            );
        }
    }
}

#[test]
fn optional_mail_is_not_rendered_without_its_unsubscribe_link() {
    let reader = Recipient {
        unsubscribe_url: None,
        ..tests::recipient()
    };
    let offer = sample(Kind::OfferToVolunteer).unwrap();
    let error = render(&offer, &reader, &tests::sender()).unwrap_err();
    assert!(matches!(
        error,
        RenderError::NoUnsubscribeLink(Kind::OfferToVolunteer)
    ));
    render(&sample(Kind::Recalled).unwrap(), &reader, &tests::sender()).unwrap();
}

#[test]
fn offers_have_no_contact_data_and_confirmations_do() {
    for kind in [
        Kind::OfferToVolunteer,
        Kind::OfferToOrganization,
        Kind::ApplicationReceived,
    ] {
        let rendered = preview(kind, None).unwrap();
        for body in [&rendered.text, &rendered.html] {
            assert!(!body.contains('@'), "{kind}");
        }
    }
    let rendered = preview(Kind::Confirmation, None).unwrap();
    for body in [&rendered.text, &rendered.html] {
        assert!(body.contains("josee@foodbank.example"));
    }
}

#[test]
fn a_text_of_the_other_language_is_shown_with_a_label() {
    let Message::OfferToVolunteer(mut offer) = sample(Kind::OfferToVolunteer).unwrap() else {
        unreachable!()
    };
    offer.role.title = Text::new(None, Some("Rédaction".to_owned()));
    offer.role.project = Text::new(Some("Booking".to_owned()), None);
    let rendered = render(
        &Message::OfferToVolunteer(offer),
        &tests::recipient(),
        &tests::sender(),
    )
    .unwrap();
    assert!(rendered.text.contains("Rédaction (in French)"));
    assert!(rendered.text.contains("Booking (en anglais)"));
}

#[test]
fn a_text_without_any_language_is_an_error_and_not_a_gap() {
    let Message::NotSelected(mut answer) = sample(Kind::NotSelected).unwrap() else {
        unreachable!()
    };
    answer.reason = Text::new(Some("  ".to_owned()), None);
    let error = render(
        &Message::NotSelected(answer),
        &tests::recipient(),
        &tests::sender(),
    )
    .unwrap_err();
    assert!(matches!(
        error,
        RenderError::Template {
            kind: Kind::NotSelected,
            ..
        }
    ));
}

#[test]
fn what_people_wrote_is_escaped_in_html_and_adds_no_line_to_text() {
    let Message::OfferToOrganization(mut offer) = sample(Kind::OfferToOrganization).unwrap() else {
        unreachable!()
    };
    let evil =
        "Eve</p><script>alert(1)</script>\" onclick='x'\r\n----\r\nSent by the marketplace\u{202e}";
    offer.volunteer_first_name = evil.to_owned();
    offer.role.title = Text::name(evil);
    offer.answer_link = "https://marketplace.example/a?x=\"><script>".to_owned();
    let reader = Recipient {
        name: evil.to_owned(),
        ..tests::recipient()
    };
    let rendered = render(
        &Message::OfferToOrganization(offer),
        &reader,
        &tests::sender(),
    )
    .unwrap();
    assert!(!rendered.html.contains("<script"));
    assert!(!rendered.html.contains("=\"\">"));
    assert!(rendered.html.contains("&lt;script&gt;"));
    assert_eq!(
        rendered.text.lines().filter(|line| *line == "----").count(),
        2,
        "one footer for each language"
    );
    assert!(!rendered.subject.contains(['\r', '\n', '\u{202e}']));
}

#[test]
fn a_coordinators_paragraphs_stay_paragraphs() {
    let rendered = preview(Kind::OrganizationNeedsInfo, Some(Language::English)).unwrap();
    assert!(
        rendered
            .text
            .contains("> Who signs for the food bank?\n> Please add a link")
    );
    assert!(
        rendered
            .html
            .contains("<p>Who signs for the food bank?</p>\n<p>Please add a link")
    );
}

#[test]
fn both_readers_of_a_notice_and_every_shape_of_data_render() {
    for message in every_shape() {
        for (_, language) in CHOICES {
            let reader = Recipient {
                language,
                name: String::new(),
                ..tests::recipient()
            };
            let rendered = render(&message, &reader, &tests::sender()).unwrap();
            assert!(!rendered.text.contains("Hello ,") && !rendered.text.contains("Bonjour ,"));
            assert!(
                !rendered.text.contains("\n\n\n"),
                "{}:\n{}",
                message.kind(),
                rendered.text
            );
        }
    }
}

#[test]
fn one_and_many_are_told_apart() {
    let Message::SuggestionsDigest(mut digest) = sample(Kind::SuggestionsDigest).unwrap() else {
        unreachable!()
    };
    digest.total = 1;
    digest.suggestions.truncate(1);
    let rendered = render(
        &Message::SuggestionsDigest(digest),
        &tests::recipient(),
        &tests::sender(),
    )
    .unwrap();
    assert_eq!(
        rendered.subject,
        "1 suggested pairing waits for you / 1 jumelage proposé vous attend"
    );
    assert!(!rendered.text.contains("The worklist has"));
}

#[test]
fn the_same_input_gives_the_same_words() {
    for &kind in Kind::ALL {
        assert_eq!(preview(kind, None).unwrap(), preview(kind, None).unwrap());
    }
}
