//! Consents, each apart, with their history.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::{NONE, document, own, volunteer};

async fn set(client: &Client, purpose: &str, is_granted: bool, version: &str) -> Vec<String> {
    let input = json!({ "purpose": purpose, "isGranted": is_granted, "wordingVersion": version });
    client
        .user_errors(&document("setConsent"), json!({ "input": input }))
        .await
}

on_both_databases! {
    async fn taking_matching_back_is_kept_as_history_and_shown_as_a_hint(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let data = nora.query("{ viewer { consentWordingVersion } }", json!({})).await;
        let version = data["viewer"]["consentWordingVersion"].as_str().unwrap().to_owned();
        assert_eq!(set(&nora, "MATCHING", false, &version).await, NONE);
        assert_eq!(own(&nora, "hints { code }").await["hints"][0]["code"], "AGREE_TO_MATCHING");
        assert_eq!(set(&nora, "MATCHING", true, "1999-01").await, ["STALE wordingVersion"]);
        assert_eq!(set(&nora, "MATCHING", true, &version).await, NONE);
        // Saying it again adds nothing.
        assert_eq!(set(&nora, "MATCHING", true, &version).await, NONE);
        let data = nora.query("{ viewer { consents { purpose isGranted wordingVersion language channel } } }", json!({})).await;
        let matching: Vec<&Value> = data["viewer"]["consents"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|act| act["purpose"] == "MATCHING")
            .collect();
        let granted: Vec<bool> = matching.iter().map(|act| act["isGranted"].as_bool().unwrap()).collect();
        assert_eq!(granted, [true, false, true]);
        assert_eq!(
            *matching[0],
            json!({ "purpose": "MATCHING", "isGranted": true, "wordingVersion": version, "language": "EN", "channel": "API" })
        );
        assert_eq!(own(&nora, "hints { code }").await["hints"][0]["code"], "ADD_SKILLS");
    }

    async fn nobody_consents_for_nobody(backend) {
        let app = TestApp::new(backend).await;
        let input = json!({ "input": { "purpose": "MATCHING", "isGranted": false, "wordingVersion": "" } });
        assert_eq!(app.client().error_code(&document("setConsent"), input).await, "UNAUTHENTICATED");
    }
}
