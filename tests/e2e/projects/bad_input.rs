//! What projects refuse, on both sides of each limit.

use serde_json::json;
use tests::app::TestApp;
use tests::listing::{create_organization, create_project, mutation, project_input, with};
use tests::on_both_databases;

on_both_databases! {
    async fn each_wrong_field_is_told_at_its_place(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let organization = create_organization(&owner, "Maps").await;
        let document = mutation("createProject", "project { id }");
        let cases = [
            (json!({ "title": { "fr": "Cartes" } }), "REQUIRED title.en"),
            (json!({ "title": { "en": "x".repeat(121) } }), "TOO_LONG title.en"),
            (json!({ "summary": { "fr": "x".repeat(301) } }), "TOO_LONG summary.fr"),
            (json!({ "problem": { "en": "x".repeat(4001) } }), "TOO_LONG problem.en"),
            (json!({ "outcome": { "en": "x".repeat(2001) } }), "TOO_LONG outcome.en"),
            (json!({ "zone": "Mars/Olympus" }), "UNKNOWN zone"),
            (json!({ "startsOn": "2026-12-02", "endsOn": "2026-12-01" }), "OUT_OF_RANGE endsOn"),
            (json!({ "startsOn": "1999-12-31" }), "OUT_OF_RANGE startsOn"),
            (json!({ "locationMode": "ONSITE" }), "REQUIRED place"),
            (json!({ "place": { "latitude": 90.5, "longitude": 0 } }), "OUT_OF_RANGE place.latitude"),
            (json!({ "place": { "latitude": 45 } }), "REQUIRED place.longitude"),
            (json!({ "causeIds": ["cause_no-such"] }), "UNKNOWN causeIds.0"),
            (json!({ "causeIds": ["cause_open-government", "cause_open-government"] }), "DUPLICATE causeIds.1"),
            (json!({ "causeIds": ["role_x"] }), "INVALID causeIds.0"),
            (json!({ "codeUrl": "ftp://example.org" }), "INVALID codeUrl"),
            (json!({ "organizationId": "project_1" }), "INVALID organizationId"),
        ];
        for (change, expected) in cases {
            let input = with(&project_input(&organization, "Ramps"), &change);
            let errors = owner.user_errors(&document, json!({ "input": input })).await;
            assert_eq!(errors, [expected], "{change}");
        }
        let limits = json!({
            "title": { "en": "x".repeat(120) }, "summary": { "fr": "x".repeat(300) },
            "problem": { "en": "x".repeat(4000) }, "outcome": { "en": "x".repeat(2000) },
            "startsOn": "2026-12-01", "endsOn": "2026-12-01", "causeIds": ["cause_open-government"],
            "locationMode": "ONSITE", "place": { "city": "Montréal" },
        });
        let project = create_project(&owner, &organization, "Ramps", &limits).await;
        let seen = owner.query("query($id: ID!) { project(id: $id) { location { city latitude } causes { id } } }", json!({ "id": project["id"] })).await;
        assert_eq!(seen["project"], json!({ "location": { "city": "Montréal", "latitude": 45.5 }, "causes": [{ "id": "cause_open-government" }] }));
        let update = mutation("updateProject", "project { version }");
        let stale = json!({ "input": { "projectId": project["id"], "expectedVersion": 7 } });
        assert_eq!(owner.user_errors(&update, stale).await, ["STALE expectedVersion"]);
    }
}
