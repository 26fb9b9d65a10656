//! Logging out ends this session at once, and no other.

use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::{REFRESH, Session};

const LOG_OUT: &str = "mutation { logOut { userErrors { code } } }";

on_both_databases! {
    async fn the_session_ends_with_both_its_tokens_and_the_others_stay(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let client = app.client();
        let laptop = Session::open(&client, "nora@example.org", PASSWORD).await;
        let phone = Session::open(&client, "nora@example.org", PASSWORD).await;
        client.with_token(&laptop.access).mutate(LOG_OUT, json!({})).await;
        assert!(!laptop.is_live(&client).await);
        assert_eq!(client.error_code(REFRESH, json!({ "token": laptop.refresh })).await, "UNAUTHENTICATED");
        assert!(phone.is_live(&client).await);
        Session::refreshed(&client, &phone.refresh).await;
    }

    async fn nobody_cannot_log_out(backend) {
        let app = TestApp::new(backend).await;
        assert_eq!(app.client().error_code(LOG_OUT, json!({})).await, "UNAUTHENTICATED");
    }
}
