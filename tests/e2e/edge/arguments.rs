//! What is wrong with a query's arguments is told at the field, and nothing that can be typed is a fault of the server's.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

/// The broken rules of a query, as `CODE field` lines.
async fn violations(client: &Client, document: &str, variables: Value) -> Vec<String> {
    let response = client.graphql(document, variables).await;
    let extensions = &response.body["errors"][0]["extensions"];
    assert_eq!(
        extensions["code"], "INVALID_ARGUMENT",
        "{:#}",
        response.body
    );
    extensions["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|violation| {
            assert!(!violation["message"].as_str().unwrap().is_empty());
            let path: Vec<&str> = violation["field"]
                .as_array()
                .unwrap()
                .iter()
                .map(|part| part.as_str().unwrap())
                .collect();
            format!("{} {}", violation["code"].as_str().unwrap(), path.join("."))
        })
        .collect()
}

on_both_databases! {
    async fn a_query_tells_what_is_wrong_at_the_field(backend) {
        let app = TestApp::new(backend).await;
        let public = app.client();
        let cursor = "{ skills(first: 1) { pageInfo { endCursor } } }";
        let cursor = public.query(cursor, json!({})).await["skills"]["pageInfo"]["endCursor"].clone();
        let projects = "query($first: Int, $after: String, $filter: ProjectFilter! = {}) {
            projects(first: $first, after: $after, filter: $filter) { nodes { id } }
        }";
        for (variables, expected) in [
            (json!({ "first": 0 }), &["OUT_OF_RANGE first"][..]),
            (json!({ "first": 101 }), &["OUT_OF_RANGE first"]),
            (json!({ "after": cursor }), &["INVALID after"]),
            (
                json!({ "filter": { "hoursAtMost": 169, "near": { "city": "Ottawa", "radiusKm": 501 } } }),
                &["OUT_OF_RANGE filter.hoursAtMost", "OUT_OF_RANGE filter.near.radiusKm"],
            ),
        ] {
            assert_eq!(violations(&public, projects, variables).await, expected);
        }
    }

    async fn a_search_has_two_hundred_characters_at_most(backend) {
        let app = TestApp::new(backend).await;
        let staff = app.coordinator().await;
        for (document, field) in [
            ("query($text: String!) { organizations(filter: { text: $text }) { totalCount nodes { id } } }", "filter.text"),
            ("query($text: String!) { projects(filter: { text: $text }) { totalCount nodes { id } } }", "filter.text"),
            ("query($text: String!) { volunteers(filter: { search: $text }) { totalCount nodes { id } } }", "filter.search"),
            ("query($text: String!) { skills(search: $text) { totalCount nodes { id } } }", "search"),
            ("query($text: String!) { causes(search: $text) { id } }", "search"),
            ("query($text: String!) { roleFamilies(search: $text) { id } }", "search"),
            ("query($text: String!) { places(search: $text) { label } }", "search"),
        ] {
            staff.query(document, json!({ "text": "ê".repeat(200) })).await;
            for length in [201, 30_000] {
                let told = violations(&staff, document, json!({ "text": "ê".repeat(length) })).await;
                assert_eq!(told, [format!("TOO_LONG {field}")]);
            }
            let told = violations(&staff, document, json!({ "text": "a\0b" })).await;
            assert_eq!(told, [format!("INVALID {field}")]);
        }
    }

    async fn a_nul_names_nothing_and_is_never_a_fault_of_ours(backend) {
        let app = TestApp::new(backend).await;
        let public = app.client();
        for document in ["{ project(slug: \"\\u0000\") { id } }", "{ organization(slug: \"a\\u0000\") { id } }"] {
            let answer = public.query(document, json!({})).await;
            assert!(answer.as_object().unwrap().values().all(Value::is_null), "{answer}");
        }
        let skill = "{ skill(id: \"skill_\\u0000\") { id } }";
        assert_eq!(violations(&public, skill, json!({})).await, ["INVALID id"]);
        let log_in = "mutation($input: LogInInput!) { logIn(input: $input) { userErrors { code field } } }";
        let input = json!({ "input": { "email": "\0a@b.c", "password": "correct horse" } });
        assert_eq!(public.user_errors(log_in, input).await, ["WRONG_CREDENTIALS"]);
        let languages = "{ projects(filter: { languages: [\"e\\u0000\"] }) { nodes { id } } }";
        assert_eq!(violations(&public, languages, json!({})).await, ["INVALID filter.languages.0"]);
    }

    async fn a_profile_keeps_no_control_characters(backend) {
        let app = TestApp::new(backend).await;
        let ana = app.sign_up("Ana", "en").await;
        ana.mutate("mutation { startVolunteerProfile { volunteer { id } userErrors { code field } } }", json!({})).await;
        let update = "mutation($input: UpdateVolunteerInput!) { updateVolunteer(input: $input) { userErrors { code field } } }";
        let input = json!({ "input": { "expectedVersion": 1, "about": "one\0", "aboutLanguage": "EN", "city": "\u{7}" } });
        assert_eq!(ana.user_errors(update, input).await, ["INVALID about", "INVALID city"]);
        let lines = json!({ "input": { "expectedVersion": 1, "about": "one\n\ttwo", "aboutLanguage": "EN" } });
        assert!(ana.user_errors(update, lines).await.is_empty());
    }
}
