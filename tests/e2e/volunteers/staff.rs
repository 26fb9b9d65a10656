//! The list of volunteers, for staff, and what it costs.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::{NONE, document, errors, own, volunteer};

const LIST: &str = "query($filter: VolunteerFilter, $first: Int) { volunteers(filter: $filter, first: $first) { totalCount nodes { givenName contact { email } skills { level skill { label } } windows { start } } } }";

on_both_databases! {
    async fn staff_find_volunteers_by_name_skill_and_state(backend) {
        let app = TestApp::new(backend).await;
        let staff = app.coordinator().await;
        for name in ["Amelie", "Elise", "Omar"] {
            let client = volunteer(&app, name, "fr").await;
            if name == "Elise" {
                let named = json!({ "input": { "givenName": "Élise" } });
                assert_eq!(client.user_errors(&document("updateAccount"), named).await, NONE);
            }
            if name == "Omar" {
                assert_eq!(errors(&client, "setVolunteerSkills", json!({ "skills": [{ "name": "JS", "level": 2 }] })).await, NONE);
                let busy = json!({ "input": { "state": "BUSY" } });
                assert_eq!(client.user_errors(&document("setVolunteerState"), busy).await, NONE);
            }
        }
        for (filter, expected) in [
            (json!({ "search": "elise" }), "Élise"),
            (json!({ "search": "AMÉL" }), "Amelie"),
            (json!({ "search": "omar@" }), "Omar"),
            (json!({ "skillId": "skill_javascript" }), "Omar"),
            (json!({ "state": "BUSY" }), "Omar"),
        ] {
            let list = staff.query(LIST, json!({ "filter": filter })).await["volunteers"].clone();
            assert_eq!(list["totalCount"], 1, "{filter}");
            assert_eq!(list["nodes"][0]["givenName"], expected, "{filter}");
        }
        let all = staff.query(LIST, json!({ "first": 2 })).await["volunteers"].clone();
        assert_eq!(all["totalCount"], 3);
        assert_eq!(all["nodes"].as_array().unwrap().len(), 2);
        let nobody = staff.query(LIST, json!({ "filter": { "search": "lise" } })).await;
        assert_eq!(nobody["volunteers"]["totalCount"], 0);
    }

    async fn only_staff_list_volunteers(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        assert_eq!(app.client().error_code(LIST, json!({})).await, "UNAUTHENTICATED");
        assert_eq!(nora.error_code(LIST, json!({})).await, "FORBIDDEN");
    }

    async fn a_profile_is_hidden_from_others(backend) {
        let app = TestApp::new(backend).await;
        let nora = volunteer(&app, "Nora", "en").await;
        let id = own(&nora, "id").await["id"].clone();
        let other = volunteer(&app, "Omar", "en").await;
        let one = "query($id: ID!) { volunteer(id: $id) { givenName } }";
        assert_eq!(other.query(one, json!({ "id": id })).await["volunteer"], Value::Null);
        assert_eq!(app.client().error_code(one, json!({ "id": id })).await, "UNAUTHENTICATED");
        let staff = app.coordinator().await;
        assert_eq!(staff.query(one, json!({ "id": id })).await["volunteer"]["givenName"], "Nora");
    }
}
