//! Logging in: unknown address, wrong password and closed account look the same.

use chrono::{DateTime, Utc};
use entity::account::{self, AccountState};
use sea_orm::{ColumnTrait as _, EntityTrait, Set};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::{LOG_IN, Session, VIEWER};

fn input(email: &str, password: &str) -> Value {
    json!({ "input": { "email": email, "password": password } })
}

on_both_databases! {
    async fn a_session_opens_with_the_address_in_any_case(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let payload = app.client().mutate(LOG_IN, input(" Nora@Example.ORG ", PASSWORD)).await;
        assert_eq!(payload["account"]["email"], "nora@example.org");
        let expires_at: DateTime<Utc> = payload["accessTokenExpiresAt"].as_str().unwrap().parse().unwrap();
        assert_eq!(expires_at - app.app.clock.now(), app.app.config.credentials.access_token_life);
        let nora = app.client().with_token(payload["accessToken"].as_str().unwrap());
        assert_eq!(nora.query(VIEWER, json!({})).await["viewer"]["email"], "nora@example.org");
    }

    async fn unknown_address_wrong_password_and_closed_account_get_the_same_answer(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        app.sign_up("Omar", "en").await;
        close(&app, "omar@example.org").await;
        let mut answers = Vec::new();
        let too_long = "x".repeat(129);
        for (email, password) in [
            ("nora@example.org", "a wrong password"),
            ("nora@example.org", ""),
            ("nora@example.org", too_long.as_str()),
            ("nobody@example.org", too_long.as_str()),
            ("nobody@example.org", PASSWORD),
            ("not an address", PASSWORD),
            ("omar@example.org", PASSWORD),
        ] {
            let response = app.client().graphql(LOG_IN, input(email, password)).await;
            answers.push((response.status, response.body));
        }
        let payload = &answers[0].1["data"]["logIn"];
        assert_eq!(payload["userErrors"][0]["code"], "WRONG_CREDENTIALS");
        assert_eq!(payload["userErrors"][0]["field"], Value::Null);
        assert_eq!((&payload["accessToken"], &payload["refreshToken"]), (&Value::Null, &Value::Null));
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        let french = app.client().with_language("fr-CA,en;q=0.5").try_mutate(LOG_IN, input("x@example.org", "x")).await;
        assert_eq!(
            french["userErrors"][0]["message"],
            "L’adresse courriel et le mot de passe ne correspondent à aucun compte."
        );
    }

    async fn an_account_that_is_closed_loses_its_open_sessions_at_once(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let session = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        assert!(session.is_live(&app.client()).await);
        close(&app, "nora@example.org").await;
        assert!(!session.is_live(&app.client()).await);
        let refresh = json!({ "token": session.refresh });
        assert_eq!(app.client().error_code(super::super::REFRESH, refresh).await, "UNAUTHENTICATED");
    }
}

async fn close(app: &TestApp, email: &str) {
    use sea_orm::QueryFilter;

    let changed = account::Entity::update_many()
        .set(account::ActiveModel {
            state: Set(AccountState::Disabled),
            ..Default::default()
        })
        .filter(account::COLUMN.email_normalized.eq(email))
        .exec(&app.app.store.connection)
        .await
        .unwrap();
    assert_eq!(changed.rows_affected, 1);
}
