//! Logging in with a passkey: what opens a session, and what never does.

use chrono::TimeDelta;
use entity::account::{self, AccountState};
use entity::{passkey, session};
use sea_orm::{EntityTrait, QueryOrder, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;
use tests::passkey::{Device, PRESENT};

use super::*;
use crate::{audited, sessions};

on_both_databases! {
    async fn a_passkey_opens_a_session_that_has_shown_the_second_factor(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let mut own = Device::default().enroll(&nora, "phone").await;
        app.advance(TimeDelta::minutes(1));
        let stranger = app.client();
        let begun = log_in_options(&stranger).await;
        assert_eq!((&begun["rpId"], &begun["userVerification"]), (&json!("marketplace.test"), &json!("required")));
        assert_eq!(begun["allowCredentials"], json!([]), "nobody says who they are");
        let sent = Device::default().get(&mut own, &begun);
        let opened = stranger.mutate(LOG_IN, credential(&sent)).await;
        assert_eq!(opened["account"]["email"], NORA);
        let client = stranger.with_token(opened["accessToken"].as_str().unwrap());
        assert_eq!(standing(&client).await, "PROVEN");
        let shown = passkeys(&client).await;
        assert_eq!(shown[0]["lastUsedAt"], "2026-11-21T15:01:00+00:00");
        let row = passkey::Entity::find().one(&app.app.store.connection).await.unwrap().unwrap();
        assert_eq!(row.signature_count, 1);
        assert_eq!(audited(&app, "account.passkey_shown").await, [json!({ "passkey": row.id })]);
        let refresh = "mutation($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken userErrors { code message field } } }";
        client.mutate(refresh, json!({ "token": opened["refreshToken"] })).await;
        assert_eq!(standing(&log_in(&app, &mut own).await).await, "PROVEN", "and again");
    }

    async fn a_challenge_is_signed_once_within_five_minutes(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let device = Device::default();
        let mut own = device.enroll(&nora, "phone").await;
        let stranger = app.client();
        let sent = device.get(&mut own, &log_in_options(&stranger).await);
        stranger.mutate(LOG_IN, credential(&sent)).await;
        let before = sessions(&app).await;
        assert_eq!(stranger.user_errors(LOG_IN, credential(&sent)).await, EXPIRED, "it was sent before");
        let begun = log_in_options(&stranger).await;
        let mut wrong = device.get(&mut own, &begun);
        wrong["response"]["signature"] = json!("AAAA");
        assert_eq!(stranger.user_errors(LOG_IN, credential(&wrong)).await, NOT_GOOD);
        let sent = device.get(&mut own, &begun);
        assert_eq!(stranger.user_errors(LOG_IN, credential(&sent)).await, EXPIRED, "it was tried");
        let made_up = device.get(&mut own, &json!({ "challenge": "made up" }));
        assert_eq!(stranger.user_errors(LOG_IN, credential(&made_up)).await, EXPIRED);
        let enrolment = nora.mutate(BEGIN, password()).await;
        let sent = device.get(&mut own, &options(&enrolment));
        assert_eq!(stranger.user_errors(LOG_IN, credential(&sent)).await, EXPIRED, "a new passkey was asked for");
        assert_eq!(sessions(&app).await, before);
        for (seconds, expected) in [(299, &[] as &[&str]), (300, &EXPIRED)] {
            let begun = log_in_options(&stranger).await;
            app.advance(TimeDelta::seconds(seconds));
            let sent = device.get(&mut own, &begun);
            assert_eq!(stranger.user_errors(LOG_IN, credential(&sent)).await, expected, "{seconds}");
        }
    }

    async fn any_server_takes_what_another_asked_for(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let device = Device::default();
        let mut own = device.enroll(&nora, "phone").await;
        let other = app.another_node().await;
        let sent = device.get(&mut own, &log_in_options(&app.client()).await);
        other.client().mutate(LOG_IN, credential(&sent)).await;
        assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, EXPIRED);
    }

    async fn whatever_is_wrong_with_it_the_answer_is_the_same(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let omar = app.sign_up("Omar", "en").await;
        let good = Device::default();
        let mut own = good.enroll(&nora, "phone").await;
        let omars = good.enroll(&omar, "phone").await;
        let unknown = good.create(&json!({ "challenge": "x", "user": { "id": tests::passkey::encode(own.user_handle.as_ref().unwrap()) } })).0;
        let before = sessions(&app).await;
        let stranger = app.client();
        let mut answers = Vec::new();
        for device in [
            Device { origin: "https://evil.example".to_owned(), ..good.clone() },
            Device { party: "evil.example".to_owned(), ..good.clone() },
            Device { flags: PRESENT, ..good.clone() },
            Device { flags: 0, ..good.clone() },
        ] {
            let begun = log_in_options(&stranger).await;
            answers.push(device.get(&mut own, &begun));
        }
        answers.push(good.sign(&unknown, &log_in_options(&stranger).await));
        let edited = async |edit: &dyn Fn(&mut Value)| {
            let mut sent = good.sign(&omars, &log_in_options(&stranger).await);
            edit(&mut sent);
            sent
        };
        let noras_handle = json!(own.user_handle.as_deref().map(tests::passkey::encode));
        let noras_id = json!(tests::passkey::encode(&own.id));
        answers.push(edited(&|sent| sent["response"]["userHandle"] = noras_handle.clone()).await);
        answers.push(edited(&|sent| sent["response"]["userHandle"] = Value::Null).await);
        // Another's name on one's own signature.
        answers.push(edited(&|sent| { sent["id"] = noras_id.clone(); sent["response"]["userHandle"] = noras_handle.clone(); }).await);
        answers.push(edited(&|sent| sent["type"] = json!("password")).await);
        answers.push(edited(&|sent| sent["response"]["authenticatorData"] = json!("AAAA")).await);
        answers.push(json!({}));
        answers.push(good.show_new(&own, &log_in_options(&stranger).await));
        let mut told = Vec::new();
        for sent in &answers {
            told.push(stranger.try_mutate(LOG_IN, credential(sent)).await);
            app.advance(TimeDelta::seconds(5));
        }
        assert_eq!(told[0]["userErrors"][0]["code"], "WRONG_CREDENTIALS");
        for (index, answer) in told.iter().enumerate() {
            assert_eq!(answer, &told[0], "answer {index}");
        }
        assert_eq!(sessions(&app).await, before);
        let sent = good.get(&mut own, &log_in_options(&stranger).await);
        stranger.mutate(LOG_IN, credential(&sent)).await;
    }

    async fn a_count_that_goes_back_shows_a_copy(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let device = Device::default();
        let mut own = device.enroll(&nora, "phone").await;
        own.count = 6;
        log_in(&app, &mut own).await;
        for count in [7, 6, 0] {
            own.count = count;
            let sent = device.sign(&own, &log_in_options(&nora).await);
            assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, NOT_GOOD, "{count}");
        }
        own.count = 7;
        log_in(&app, &mut own).await;
    }

    async fn a_passkey_that_does_not_count_is_good_again(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let own = Device::default().enroll(&nora, "manager").await;
        for _ in 0..2 {
            let sent = Device::default().sign(&own, &log_in_options(&nora).await);
            app.client().mutate(LOG_IN, credential(&sent)).await;
        }
    }

    async fn one_that_was_taken_away_or_whose_account_is_shut_opens_nothing(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let mut own = Device::default().enroll(&nora, "phone").await;
        let connection = &app.app.store.connection;
        let state = |state| account::ActiveModel { state: Set(state), ..Default::default() };
        for (now, expected) in [(AccountState::Disabled, &NOT_GOOD as &[&str]), (AccountState::Active, &[])] {
            account::Entity::update_many().set(state(now)).exec(connection).await.unwrap();
            let sent = Device::default().get(&mut own, &log_in_options(&app.client()).await);
            assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, expected);
        }
        let id = passkeys(&nora).await[0]["id"].clone();
        nora.mutate(REMOVE, json!({ "id": id, "password": tests::app::PASSWORD })).await;
        let sent = Device::default().get(&mut own, &log_in_options(&app.client()).await);
        assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, NOT_GOOD);
    }

    async fn the_session_lasts_as_long_as_any(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let mut own = Device::default().enroll(&nora, "phone").await;
        log_in(&app, &mut own).await;
        let rows = session::Entity::find().order_by_asc(session::Column::Id).all(&app.app.store.connection).await.unwrap();
        let [by_password, by_passkey] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(by_password.expires_at, by_passkey.expires_at);
        assert_eq!(by_passkey.factor_at, Some(by_passkey.created_at));
    }
}
