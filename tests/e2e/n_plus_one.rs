//! Nested lists cost the same number of statements however many items they have.

use serde_json::json;
use tests::app::TestApp;
use tests::listing::{open_role, published_project, vetted_organization};
use tests::on_both_databases;

const NESTED: &str = "{
    projects { edges { node {
        title { text } causes { id } organization { name }
        roles { title { text } roleFamily { id } skills { skill { id category { id } } } windows { start } languages { language } project { id } }
    } } }
}";

on_both_databases! {
    async fn browsing_costs_as_many_statements_for_one_project_as_for_five(backend) {
        let app = TestApp::new(backend).await;
        let (owner, coordinator, public) = (app.sign_up("Ada", "en").await, app.coordinator().await, app.client());
        let changes = json!({ "causeIds": ["cause_open-government"] });
        let wanting = json!({
            "roleFamilyId": "role_family_front-end",
            "windows": [{ "weekday": "MONDAY", "start": "18:00", "end": "20:00" }],
            "languages": [{ "language": "en", "kind": "REQUIRED" }],
        });
        let mut counts = Vec::new();
        for number in 1..=5 {
            let organization = vetted_organization(&owner, &coordinator, &format!("Maps {number}")).await;
            let project = published_project(&owner, &coordinator, &organization, &format!("Ramps {number}"), &changes).await;
            for _ in 0..number {
                open_role(&owner, &project, &wanting).await;
            }
            let before = app.statements();
            let page = public.query(NESTED, json!({})).await;
            counts.push(app.statements() - before);
            assert_eq!(page["projects"]["edges"].as_array().unwrap().len(), number);
        }
        // Projects; organizations; causes of projects and causes; roles; projects of roles; families; their skills,
        // skills and categories; windows; languages.
        assert_eq!(counts, vec![counts[0]; 5]);
        assert!(counts[0] <= 12, "{counts:?}");
        app.run_jobs().await;
    }
}
