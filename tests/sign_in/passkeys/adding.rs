//! Adding passkeys to one's account, and taking them away.

use chrono::TimeDelta;
use entity::{account, passkey, passkey_challenge};
use sea_orm::{EntityTrait, PaginatorTrait, Set};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::authenticator::{Authenticator, CONFIRM};
use tests::client::Client;
use tests::on_both_databases;
use tests::passkey::{Device, PRESENT, options};

use super::*;
use crate::{audited, last_mail};

async fn begin(client: &Client) -> Value {
    options(&client.mutate(BEGIN, password()).await)
}

on_both_databases! {
    async fn a_passkey_is_added_with_the_password_listed_and_taken_away(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        assert_eq!(nora.user_errors(BEGIN, json!({ "password": "a guess" })).await, ["WRONG_CREDENTIALS password"]);
        let begun = begin(&nora).await;
        assert_eq!(begun["rp"], json!({ "id": "marketplace.test", "name": "Civic Tech Marketplace" }));
        assert_eq!(begun["user"]["name"], NORA);
        assert_eq!(begun["challenge"].as_str().unwrap().len(), 43, "256 bits");
        assert_eq!(begun["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(begun["authenticatorSelection"]["residentKey"], "required");
        assert_eq!((&begun["attestation"], &begun["timeout"]), (&json!("none"), &json!(300_000)));
        assert_eq!(begun["excludeCredentials"], json!([]));
        let kept = passkey_challenge::Entity::find().one(&app.app.store.connection).await.unwrap().unwrap();
        assert_ne!(kept.challenge_hash, begun["challenge"].as_str().unwrap());

        let (own, sent) = Device::default().create(&begun);
        let done = nora.mutate(ENROLL, named(" Nora’s phone ", &sent)).await;
        assert_eq!(done["passkey"]["name"], "Nora’s phone");
        assert_eq!(passkeys(&nora).await, [done["passkey"].clone()]);
        assert_eq!(done["passkey"]["lastUsedAt"], Value::Null);
        assert!(last_mail(&app, NORA).await.contains("A passkey was added to your account"));
        assert_eq!(audited(&app, "account.passkey_added").await, [json!({})]);
        let again = begin(&nora).await;
        assert_eq!(again["excludeCredentials"], json!([{ "type": "public-key", "id": tests::passkey::encode(&own.id) }]));

        let id = &done["passkey"]["id"];
        assert_eq!(nora.user_errors(REMOVE, json!({ "id": id, "password": "a guess" })).await, ["WRONG_CREDENTIALS password"]);
        nora.mutate(REMOVE, json!({ "id": id, "password": PASSWORD })).await;
        assert_eq!(passkeys(&nora).await, [] as [Value; 0]);
        assert!(last_mail(&app, NORA).await.contains("A passkey was taken away from your account"));
        assert_eq!(audited(&app, "account.passkey_removed").await, [json!({})]);
        assert_eq!(nora.error_code(REMOVE, json!({ "id": id, "password": PASSWORD })).await, "NOT_FOUND");
    }

    async fn the_mails_are_in_french_too(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "fr").await;
        Device::default().enroll(&nora, "clé").await;
        assert!(last_mail(&app, NORA).await.contains("Une clé d'accès a été ajoutée à votre compte"));
    }

    async fn an_answer_is_taken_once_in_five_minutes_and_for_whom_it_was_asked(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let omar = app.sign_up("Omar", "en").await;
        let device = Device::default();
        let (_, sent) = device.create(&begin(&nora).await);
        assert_eq!(omar.user_errors(ENROLL, named("x", &sent)).await, EXPIRED, "Nora was asked");
        nora.mutate(ENROLL, named("x", &sent)).await;
        assert_eq!(nora.user_errors(ENROLL, named("x", &sent)).await, EXPIRED, "a second time");

        for (seconds, expected) in [(299, &[] as &[&str]), (300, &EXPIRED)] {
            let (_, sent) = device.create(&begin(&nora).await);
            app.advance(TimeDelta::seconds(seconds));
            assert_eq!(nora.user_errors(ENROLL, named("x", &sent)).await, expected, "{seconds}");
        }
        let (_, sent) = device.create(&json!({ "challenge": "made up", "user": { "id": "" } }));
        assert_eq!(nora.user_errors(ENROLL, named("x", &sent)).await, EXPIRED);
        let mut asked_to_log_in = log_in_options(&nora).await;
        asked_to_log_in["user"] = json!({ "id": "" });
        let (_, sent) = device.create(&asked_to_log_in);
        assert_eq!(nora.user_errors(ENROLL, named("x", &sent)).await, EXPIRED, "a log-in was asked for");
        let left = passkey_challenge::Entity::find().count(&app.app.store.connection).await.unwrap();
        assert_eq!(left, 1, "those that expired go");
    }

    async fn what_was_not_made_for_this_site_by_a_verified_user_is_not_kept(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let good = Device::default();
        let wrong = [
            Device { origin: "https://evil.example".to_owned(), ..good.clone() },
            Device { origin: "https://marketplace.test".to_owned(), ..good.clone() },
            Device { party: "evil.example".to_owned(), ..good.clone() },
            Device { flags: PRESENT, ..good.clone() },
            Device { flags: 0, ..good.clone() },
        ];
        for device in wrong {
            let (_, sent) = device.create(&begin(&nora).await);
            assert_eq!(nora.user_errors(ENROLL, named("x", &sent)).await, NOT_TAKEN, "{device:?}");
            app.advance(TimeDelta::minutes(1));
        }
        let begun = begin(&nora).await;
        let (own, sent) = good.create(&begun);
        let mut misnamed = sent.clone();
        misnamed["id"] = json!("AAAA");
        assert_eq!(nora.user_errors(ENROLL, named("x", &misnamed)).await, NOT_TAKEN);
        let signed = good.sign(&own, &begin(&nora).await);
        for unreadable in [json!({}), json!("x"), signed, json!({ "x": "y".repeat(16 * 1024) })] {
            assert_eq!(nora.user_errors(ENROLL, named("x", &unreadable)).await, NOT_TAKEN);
        }
        assert_eq!(passkeys(&nora).await, [] as [Value; 0]);
    }

    async fn a_passkey_is_one_account_s_alone(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let omar = app.sign_up("Omar", "en").await;
        let own = Device::default().enroll(&nora, "x").await;
        let begun = begin(&omar).await;
        let sent = Device::default().show_new(&own, &begun);
        assert_eq!(omar.user_errors(ENROLL, named("x", &sent)).await, NOT_TAKEN);
        let noras = passkeys(&nora).await;
        let removal = json!({ "id": noras[0]["id"], "password": PASSWORD });
        assert_eq!(omar.error_code(REMOVE, removal).await, "NOT_FOUND");
        assert_eq!(passkeys(&nora).await.len(), 1);
    }

    async fn an_account_has_at_most_ten_and_names_have_limits(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let device = Device::default();
        let (_, sent) = device.create(&begin(&nora).await);
        for (name, error) in [
            ("", "REQUIRED name"),
            ("   ", "REQUIRED name"),
            (&"x".repeat(61), "TOO_LONG name"),
            ("see https://evil.example", "INVALID name"),
        ] {
            assert_eq!(nora.user_errors(ENROLL, named(name, &sent)).await, [error], "{name}");
        }
        nora.mutate(ENROLL, named(&"é".repeat(60), &sent)).await;
        for count in 2..=9 {
            device.enroll(&nora, &count.to_string()).await;
            app.advance(TimeDelta::minutes(1));
        }
        let (_, too_late) = device.create(&begin(&nora).await);
        device.enroll(&nora, "10").await;
        assert_eq!(nora.user_errors(ENROLL, named("11", &too_late)).await, ["TOO_LONG"]);
        assert_eq!(nora.user_errors(BEGIN, password()).await, ["TOO_LONG"]);
        assert_eq!(passkeys(&nora).await.len(), 10);
    }

    async fn an_address_is_confirmed_first(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let unconfirmed = account::ActiveModel { email_verified_at: Set(None), ..Default::default() };
        account::Entity::update_many().set(unconfirmed).exec(&app.app.store.connection).await.unwrap();
        assert_eq!(nora.user_errors(BEGIN, password()).await, ["UNVERIFIED"]);
    }

    async fn whoever_has_an_app_shows_its_code_before_adding_or_taking_away(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let (own, _) = Authenticator::set_up(&app, &nora).await;
        let elsewhere = app.log_in(NORA).await;
        assert_eq!(elsewhere.error_code(BEGIN, password()).await, "SECOND_FACTOR_REQUIRED");
        Device::default().enroll(&nora, "x").await;
        let removal = json!({ "id": passkeys(&nora).await[0]["id"], "password": PASSWORD });
        assert_eq!(elsewhere.error_code(REMOVE, removal.clone()).await, "SECOND_FACTOR_REQUIRED");
        own.prove(&app, &elsewhere).await;
        elsewhere.mutate(REMOVE, removal).await;
        assert_eq!(passkeys(&nora).await, [] as [Value; 0]);
        assert_eq!(nora.error_code(BEGIN, password()).await, "SECOND_FACTOR_REQUIRED", "no session has shown it any more");
    }

    async fn an_app_that_was_begun_before_does_not_get_around_a_passkey(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        // Whoever has the password begins, and waits.
        let begun = Authenticator::enroll(&app.log_in(NORA).await).await;
        let mut own = Device::default().enroll(&nora, "x").await;
        let code = json!({ "code": begun.code(&app) });
        let elsewhere = app.log_in(NORA).await;
        assert_eq!(elsewhere.error_code(CONFIRM, code.clone()).await, "SECOND_FACTOR_REQUIRED");
        let removal = json!({ "id": passkeys(&nora).await[0]["id"], "password": PASSWORD });
        assert_eq!(elsewhere.error_code(REMOVE, removal).await, "SECOND_FACTOR_REQUIRED");
        // With the passkey it is the owner's.
        log_in(&app, &mut own).await.mutate(CONFIRM, code).await;
    }

    async fn whoever_registered_an_address_first_keeps_no_passkey(backend) {
        let app = TestApp::new(backend).await;
        let stranger = app.sign_up("Nora", "en").await;
        let mut strangers = Device::default().enroll(&stranger, "x").await;
        let request = "mutation { requestPasswordReset(input: { email: \"nora@example.org\" }) { userErrors { code field } } }";
        app.client().mutate(request, json!({})).await;
        app.run_jobs().await;
        let token = app.mail_to(NORA).pop().unwrap().token();
        let reset = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { userErrors { code field } } }";
        let input = json!({ "input": { "token": token, "newPassword": "a password of the owner alone" } });
        app.client().mutate(reset, input).await;
        let sent = Device::default().get(&mut strangers, &log_in_options(&app.client()).await);
        assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, NOT_GOOD);
        assert_eq!(passkey::Entity::find().count(&app.app.store.connection).await.unwrap(), 0);
    }

    async fn erasure_takes_passkeys_along(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let mut own = Device::default().enroll(&nora, "Noras-Only-Phone").await;
        begin(&nora).await;
        let erase = "mutation($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { isAccepted userErrors { code field } } }";
        nora.mutate(erase, json!({ "input": { "password": PASSWORD, "email": NORA } })).await;
        app.run_jobs().await;
        let connection = &app.app.store.connection;
        assert_eq!(passkey::Entity::find().count(connection).await.unwrap(), 0);
        assert_eq!(passkey_challenge::Entity::find().count(connection).await.unwrap(), 0);
        let sent = Device::default().get(&mut own, &log_in_options(&app.client()).await);
        assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, NOT_GOOD);
    }
}
