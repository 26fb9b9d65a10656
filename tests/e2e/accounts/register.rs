//! Signing up: equal answers for known and unknown addresses, mails in one's language, every bad input at its field.

use entity::consent::{self, ConsentPurpose};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::REGISTER;

fn input(changes: &Value) -> Value {
    let mut input =
        json!({ "email": "nora@example.org", "password": PASSWORD, "givenName": "Nora" });
    for (key, value) in changes.as_object().unwrap() {
        input[key] = value.clone();
    }
    json!({ "input": input })
}

on_both_databases! {
    async fn unknown_unverified_and_verified_addresses_get_the_same_answer(backend) {
        let app = TestApp::new(backend).await;
        let client = app.client();
        let unknown = client.graphql(REGISTER, input(&json!({}))).await;
        let unverified = client.graphql(REGISTER, input(&json!({ "email": " NORA@example.org" }))).await;
        app.sign_up("Omar", "en").await;
        let verified = client.graphql(REGISTER, input(&json!({ "email": "omar@example.org" }))).await;
        assert_eq!(unknown.body["data"]["registerAccount"]["isMailSent"], true);
        assert_eq!(unverified.body, unknown.body);
        assert_eq!(verified.body, unknown.body);

        app.run_jobs().await;
        let subjects = |email: &str| -> Vec<String> {
            app.mail_to(email).into_iter().map(|mail| mail.subject).collect()
        };
        // Without a language, mails come in both.
        let both = "Confirm your mail address / Confirmez votre adresse courriel";
        let known = "You already have an account / Vous avez déjà un compte";
        assert_eq!(subjects("nora@example.org"), [both, known]);
        assert_eq!(subjects("omar@example.org"), ["Confirm your mail address", "You already have an account"]);
    }

    async fn the_mail_is_in_the_language_that_was_chosen(backend) {
        let app = TestApp::new(backend).await;
        for (email, language, subject, language_of_mail) in [
            ("en@example.org", json!("EN"), "Confirm your mail address", "en"),
            ("fr@example.org", json!("FR"), "Confirmez votre adresse courriel", "fr"),
            ("both@example.org", Value::Null, "Confirm your mail address / Confirmez votre adresse courriel", "en, fr"),
        ] {
            let changes = json!({ "email": email, "preferredLanguage": language });
            app.client().mutate(REGISTER, input(&changes)).await;
            app.run_jobs().await;
            let mail = app.mail_to(email).pop().unwrap();
            assert_eq!(mail.subject, subject);
            assert_eq!(mail.header("Content-Language"), language_of_mail);
            assert!(mail.text.contains("Nora"), "{}", mail.text);
        }
    }

    async fn consents_are_kept_one_by_one_with_the_wording_and_the_language(backend) {
        let app = TestApp::new(backend).await;
        app.client()
            .with_language("fr-CA")
            .mutate(REGISTER, input(&json!({ "consents": ["MATCHING", "MATCHING"] })))
            .await;
        let mut given: Vec<_> = consent::Entity::find()
            .all(&app.app.store.connection)
            .await
            .unwrap()
            .into_iter()
            .map(|row| {
                assert_eq!(row.language, entity::language::Language::Fr);
                assert!(!row.wording_version.is_empty());
                (format!("{:?}", row.purpose), row.is_granted)
            })
            .collect();
        given.sort();
        let expected = [("Matching", true), ("Newsletter", false), ("Sharing", false)];
        assert_eq!(given, expected.map(|(purpose, is_granted)| (purpose.to_owned(), is_granted)));
        assert_eq!(given.len(), ConsentPurpose::ALL.len());
        app.run_jobs().await;
    }

    async fn every_bad_field_is_told_at_once_in_the_language_of_the_request(backend) {
        let app = TestApp::new(backend).await;
        let bad = input(&json!({
            "email": "nora at example.org", "password": "seven77", "givenName": "", "familyName": "x".repeat(81),
            "zone": "America/Ottawa",
        }));
        let errors = app.client().user_errors(REGISTER, bad.clone()).await;
        let expected = ["INVALID email", "TOO_SHORT password", "REQUIRED givenName", "TOO_LONG familyName", "UNKNOWN zone"];
        assert_eq!(errors, expected);
        let french = app.client().with_language("fr").try_mutate(REGISTER, bad).await;
        assert_eq!(french["isMailSent"], false);
        assert_eq!(
            french["userErrors"][4]["message"],
            "Ce fuseau horaire est inconnu; utilisez un nom IANA comme America/Toronto."
        );
        app.run_jobs().await;
        assert!(app.mails().is_empty());
    }

    async fn a_password_that_others_would_try_first_is_refused_with_what_to_do(backend) {
        let app = TestApp::new(backend).await;
        for password in ["Password1", "MotDePasse", "nora@example.org", "Nora Testeur 1", "civic tech marketplace"] {
            let guessable = input(&json!({ "password": password, "familyName": "Testeur" }));
            assert_eq!(app.client().user_errors(REGISTER, guessable).await, ["GUESSABLE password"], "{password}");
        }
        let said = async |language: &str, password: &str| {
            let input = input(&json!({ "password": password }));
            let payload = app.client().with_language(language).try_mutate(REGISTER, input).await;
            payload["userErrors"][0]["message"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            said("en", "baseball").await,
            "This password is on the lists of stolen and common ones that are tried first. Choose another; four words that have nothing to do with each other are good."
        );
        assert_eq!(
            said("fr", "Nora2026").await,
            "Sans votre nom, votre adresse et le nom de ce site, il reste moins de 8 caractères de ce mot de passe. Choisissez-en un autre, ou ajoutez-y des mots."
        );
        app.run_jobs().await;
        assert!(app.mails().is_empty());
        // Words beside the name make it a password.
        let good = input(&json!({ "password": "Nora likes rain" }));
        assert_eq!(app.client().user_errors(REGISTER, good).await, [""; 0]);
        app.run_jobs().await;
    }

    async fn lengths_are_accepted_up_to_both_ends_and_not_beyond(backend) {
        let app = TestApp::new(backend).await;
        for (index, accepted) in [
            json!({ "password": "é".repeat(8) }),
            json!({ "password": "é".repeat(128) }),
            json!({ "givenName": "é".repeat(80), "familyName": "é".repeat(80) }),
            json!({ "givenName": "N", "familyName": "" }),
            json!({ "zone": "America/St_Johns" }),
        ]
        .into_iter()
        .enumerate()
        {
            let mut changes = accepted;
            changes["email"] = json!(format!("person{index}@example.org"));
            let errors = app.client().user_errors(REGISTER, input(&changes)).await;
            assert!(errors.is_empty(), "{errors:?}");
        }
        for (refused, error) in [
            (json!({ "password": "é".repeat(7) }), "TOO_SHORT password"),
            (json!({ "password": "é".repeat(129) }), "TOO_LONG password"),
            (json!({ "givenName": "é".repeat(81) }), "TOO_LONG givenName"),
            (json!({ "email": "josé@example.org" }), "INVALID email"),
            (json!({ "email": "nora@example.org\r\nBcc: all@example.org" }), "INVALID email"),
            (json!({ "email": "" }), "INVALID email"),
        ] {
            assert_eq!(app.client().user_errors(REGISTER, input(&refused)).await, [error]);
        }
        app.run_jobs().await;
        assert_eq!(app.mails().len(), 5);
    }
}
