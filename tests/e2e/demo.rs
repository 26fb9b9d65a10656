//! The demo's data: made once, from the embedded files, on both databases.

use api::demo::{self, LOG_INS, PASSWORD};
use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;

on_both_databases! {
    async fn the_demo_is_made_once_and_its_people_can_log_in(backend) {
        let app = TestApp::new(backend).await;
        let census = demo::fill(&app.app).await.unwrap().unwrap();
        assert_eq!((census.organizations, census.projects, census.roles, census.volunteers), (24, 45, 99, 300));
        assert_eq!(demo::fill(&app.app).await.unwrap(), None);
        for (email, _) in LOG_INS {
            let session = app
                .client()
                .mutate(
                    "mutation($input: LogInInput!) { logIn(input: $input) { account { email } userErrors { code message } } }",
                    json!({ "input": { "email": email, "password": PASSWORD } }),
                )
                .await;
            assert_eq!(session["account"]["email"], email);
        }
    }
}
