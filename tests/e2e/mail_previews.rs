//! Every mail can be looked at in both languages with invented data, and nothing that was sent is read for it.

use api::outbox::mail_language;
use entity::language::Language;
use matcher::mail::{Kind, preview, preview_message};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use crate::jobs::queue_a_mail;

const PREVIEW: &str = "query($kind: MailKind!, $language: Language) { mailPreview(kind: $kind, language: $language) { kind languages isOptional subject text html calendars { method text } headers { name value } source } }";

fn header<'a>(mail: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = mail["headers"].as_array().unwrap().iter();
    headers
        .filter(|header| header["name"] == name)
        .map(|header| header["value"].as_str().unwrap())
        .collect()
}

on_both_databases! {
    async fn every_mail_is_shown_in_each_language_and_in_both_as_it_would_be_sent(backend) {
        let app = TestApp::new(backend).await;
        let cora = app.coordinator().await;
        let listed = cora.query("{ __type(name: \"MailKind\") { enumValues { name } } }", json!({})).await;
        let listed: Vec<&str> = listed["__type"]["enumValues"].as_array().unwrap().iter()
            .map(|value| value["name"].as_str().unwrap())
            .collect();
        let all: Vec<String> = Kind::ALL.iter().map(|kind| kind.as_str().to_uppercase()).collect();
        assert_eq!(listed, all, "every kind of mail has its name");

        for (kind, name) in Kind::ALL.iter().zip(&all) {
            for (language, told) in [(None, json!(["EN", "FR"])), (Some(Language::En), json!(["EN"])), (Some(Language::Fr), json!(["FR"]))] {
                let variables = json!({ "kind": name, "language": language.map(|it| if it == Language::En { "EN" } else { "FR" }) });
                let mail = cora.query(PREVIEW, variables).await["mailPreview"].clone();
                let rendered = preview(*kind, language.map(mail_language)).unwrap();
                assert_eq!((&mail["kind"], &mail["languages"]), (&json!(name), &told));
                assert_eq!(mail["subject"], rendered.subject);
                assert_eq!((&mail["text"], &mail["html"]), (&json!(rendered.text), &json!(rendered.html)));
                let calendars: Vec<Value> = rendered.calendars.iter()
                    .map(|calendar| json!({ "method": calendar.method.as_str(), "text": calendar.text }))
                    .collect();
                assert_eq!(mail["calendars"], json!(calendars));
                let source = String::from_utf8(preview_message(&rendered).unwrap()).unwrap();
                assert_eq!(mail["source"], source);

                // Every header of the message once, whole, and none of its parts'.
                for name in ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted"] {
                    assert_eq!(header(&mail, name).len(), 1, "{name}");
                }
                assert_eq!(header(&mail, "Content-Language"), [if told.as_array().unwrap().len() == 2 { "en, fr" } else { rendered.languages[0].code() }]);
                let is_optional = mail["isOptional"] == true;
                assert_eq!(header(&mail, "List-Unsubscribe-Post").len(), usize::from(is_optional));
                assert_eq!(header(&mail, "List-Unsubscribe"), if is_optional { vec!["<https://marketplace.example/unsubscribe/sample>"] } else { vec![] });
            }
        }
    }

    async fn nothing_that_was_sent_is_read_for_a_preview(backend) {
        let app = TestApp::new(backend).await;
        let cora = app.coordinator().await;
        queue_a_mail(&app, "nora@example.org").await;
        app.run_jobs().await;
        assert_eq!(app.mail_to("nora@example.org").len(), 1);
        let before = app.statements();
        let mail = cora.query(PREVIEW, json!({ "kind": "VERIFY_ADDRESS" })).await;
        assert!(!mail.to_string().contains("nora@example.org"));
        let asked = app.statements_after(before);
        assert!(!asked.iter().any(|statement| statement.contains("mail_message")), "{asked:?}");
    }

    async fn previews_are_for_staff(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("nora", "en").await;
        let variables = || json!({ "kind": "VERIFY_ADDRESS" });
        assert_eq!(nora.error_code(PREVIEW, variables()).await, "NOT_FOUND");
        assert_eq!(app.client().error_code(PREVIEW, variables()).await, "UNAUTHENTICATED");
    }
}
