//! Access tokens that must not hold: forged in every way, of another time, of another session. Each is answered 401 over HTTP
//! and closes a socket.

use chrono::TimeDelta;
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::forged::{forgeries, unchanged};
use super::{Session, VIEWER};

on_both_databases! {
    async fn forged_tokens_are_refused(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        app.sign_up("Omar", "en").await;
        let client = app.client();
        let nora = Session::open(&client, "nora@example.org", PASSWORD).await;
        let omar = Session::open(&client, "omar@example.org", PASSWORD).await;
        let unchanged = Session { access: unchanged(&app, &nora), refresh: String::new() };
        assert!(unchanged.is_live(&client).await);
        let forged = forgeries(&app, &nora, &omar);
        assert_eq!(forged.len(), 40);
        for token in &forged {
            let response = client.with_token(token).graphql(VIEWER, json!({})).await;
            assert_eq!(response.status, 401, "{token}");
            assert_eq!(response.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
            assert!(response.body.get("data").is_none(), "{}", response.body);
        }
        assert!(nora.is_live(&client).await, "the true one still holds");
    }

    async fn a_token_holds_for_ten_minutes_and_no_longer(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let session = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        app.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
        assert!(session.is_live(&app.client()).await);
        app.advance(TimeDelta::seconds(1));
        assert!(!session.is_live(&app.client()).await);
    }

    async fn without_a_token_one_is_nobody(backend) {
        let app = TestApp::new(backend).await;
        assert_eq!(app.client().query(VIEWER, json!({})).await, json!({ "viewer": null }));
    }
}
