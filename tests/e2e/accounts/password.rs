//! Changing a password, and choosing a new one by mail: who stays logged in, who hears of it, what is written down.

use chrono::TimeDelta;
use entity::audit_event;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::{CHANGE, LOG_IN, REQUEST_RESET, RESET, Session};

const NEW: &str = "an even better password";
const NORA: &str = "nora@example.org";

fn change(current: &str, new: &str) -> Value {
    json!({ "input": { "currentPassword": current, "newPassword": new } })
}

fn reset(token: &str, new: &str) -> Value {
    json!({ "input": { "token": token, "newPassword": new } })
}

async fn reset_token(app: &TestApp) -> String {
    app.client()
        .mutate(REQUEST_RESET, json!({ "email": NORA }))
        .await;
    app.run_jobs().await;
    let mail = app.mail_to(NORA).pop().unwrap();
    assert_eq!(mail.subject, "Choose a new password");
    mail.token()
}

async fn audited(app: &TestApp) -> Vec<String> {
    audit_event::Entity::find()
        .all(&app.app.store.connection)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.action)
        .collect()
}

async fn assert_only_new_password_works(app: &TestApp) {
    let old = json!({ "input": { "email": NORA, "password": PASSWORD } });
    assert_eq!(
        app.client().user_errors(LOG_IN, old).await,
        ["WRONG_CREDENTIALS"]
    );
    Session::open(&app.client(), NORA, NEW).await;
}

on_both_databases! {
    async fn a_change_keeps_this_session_ends_the_others_and_tells_the_owner(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let client = app.client();
        let here = Session::open(&client, NORA, PASSWORD).await;
        let elsewhere = Session::open(&client, NORA, PASSWORD).await;
        client.with_token(&here.access).mutate(CHANGE, change(PASSWORD, NEW)).await;
        assert!(here.is_live(&client).await);
        assert!(!elsewhere.is_live(&client).await);
        app.run_jobs().await;
        assert_eq!(app.mail_to(NORA).pop().unwrap().subject, "Your password was changed");
        assert_eq!(audited(&app).await, ["account.password_changed"]);
        assert_only_new_password_works(&app).await;
    }

    async fn a_change_needs_the_password_in_use_and_a_good_new_one(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        assert_eq!(nora.user_errors(CHANGE, change("a guess", NEW)).await, ["WRONG_CREDENTIALS currentPassword"]);
        assert_eq!(nora.user_errors(CHANGE, change(&"x".repeat(129), NEW)).await, ["WRONG_CREDENTIALS currentPassword"]);
        assert_eq!(nora.user_errors(CHANGE, change(PASSWORD, "seven77")).await, ["TOO_SHORT newPassword"]);
        assert_eq!(nora.user_errors(CHANGE, change(PASSWORD, &"x".repeat(129))).await, ["TOO_LONG newPassword"]);
        assert_eq!(app.client().error_code(CHANGE, change(PASSWORD, NEW)).await, "UNAUTHENTICATED");
        assert!(audited(&app).await.is_empty());
        Session::open(&app.client(), NORA, PASSWORD).await;
    }

    async fn a_password_that_others_would_try_first_is_chosen_in_no_way(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let token = reset_token(&app).await;
        for guessable in ["iloveyou1", "nora@example.org", "testeurnora!"] {
            assert_eq!(nora.user_errors(CHANGE, change(PASSWORD, guessable)).await, ["GUESSABLE newPassword"], "{guessable}");
            let refused = app.client().user_errors(RESET, reset(&token, guessable)).await;
            assert_eq!(refused, ["GUESSABLE newPassword"], "{guessable}");
        }
        // What is known of an owner is not told to whoever has no link.
        assert_eq!(app.client().user_errors(RESET, reset("made-up", "testeurnora!")).await, ["EXPIRED token"]);
        app.client().mutate(RESET, reset(&token, NEW)).await;
        assert_only_new_password_works(&app).await;
    }

    async fn a_reset_ends_every_session_and_tells_the_owner(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let client = app.client();
        let session = Session::open(&client, NORA, PASSWORD).await;
        let token = reset_token(&app).await;
        assert!(session.is_live(&client).await, "asking alone changes nothing");
        client.mutate(RESET, reset(&token, NEW)).await;
        assert!(!session.is_live(&client).await);
        app.run_jobs().await;
        assert_eq!(app.mail_to(NORA).pop().unwrap().subject, "Your password was changed");
        assert_eq!(audited(&app).await, ["account.password_reset"]);
        assert_only_new_password_works(&app).await;
        assert_eq!(client.user_errors(RESET, reset(&token, "a third password")).await, ["EXPIRED token"]);
    }

    async fn a_reset_link_holds_for_an_hour_and_survives_a_password_that_is_refused(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let token = reset_token(&app).await;
        assert_eq!(app.client().user_errors(RESET, reset(&token, "seven77")).await, ["TOO_SHORT newPassword"]);
        app.advance(TimeDelta::minutes(60) - TimeDelta::microseconds(1));
        app.client().mutate(RESET, reset(&token, NEW)).await;

        app.sign_up("Omar", "en").await;
        app.client().mutate(REQUEST_RESET, json!({ "email": "omar@example.org" })).await;
        app.run_jobs().await;
        let token = app.mail_to("omar@example.org").pop().unwrap().token();
        app.advance(TimeDelta::minutes(60));
        assert_eq!(app.client().user_errors(RESET, reset(&token, NEW)).await, ["EXPIRED token"]);
    }

    async fn asking_for_a_reset_is_answered_alike_for_known_and_unknown_addresses(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let before = app.mails().len();
        let known = app.client().graphql(REQUEST_RESET, json!({ "email": NORA })).await;
        let unknown = app.client().graphql(REQUEST_RESET, json!({ "email": "nobody@example.org" })).await;
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        assert_eq!(known.body["data"]["requestPasswordReset"]["userErrors"], json!([]));
        app.run_jobs().await;
        assert_eq!(app.mails().len(), before + 1);

        let bad = app.client().user_errors(REQUEST_RESET, json!({ "email": "nobody" })).await;
        assert_eq!(bad, ["INVALID email"]);
    }

    async fn one_address_gets_one_reset_mail_an_hour_and_the_asker_is_not_told(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let token = reset_token(&app).await;
        let before = app.mails().len();
        app.client().mutate(REQUEST_RESET, json!({ "email": "NORA@example.org" })).await;
        app.run_jobs().await;
        assert_eq!(app.mails().len(), before);
        // Nor does asking again end the link that is on its way.
        app.client().mutate(RESET, reset(&token, NEW)).await;
    }
}
