//! Signing up, confirming the address, logging in.

use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;

on_both_databases! {
    async fn a_person_signs_up_confirms_the_address_and_is_the_viewer(backend) {
        let app = TestApp::new(backend).await;
        let amelie = app.sign_up("Amelie", "fr").await;
        let data = amelie.query("{ viewer { email isEmailVerified preferredLanguage } }", json!({})).await;
        assert_eq!(
            data["viewer"],
            json!({ "email": "amelie@example.org", "isEmailVerified": true, "preferredLanguage": "FR" })
        );
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn a_known_address_is_answered_like_a_new_one_and_its_owner_is_told(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let answer = app
            .client()
            .mutate(
                "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { isMailSent userErrors { code } } }",
                json!({ "input": { "email": "NORA@example.org ", "password": "another good password", "givenName": "N" } }),
            )
            .await;
        assert_eq!(answer["isMailSent"], true);
        app.run_jobs().await;
        let mails = app.mail_to("nora@example.org");
        assert_eq!(mails.last().unwrap().subject, "You already have an account");
    }
}
