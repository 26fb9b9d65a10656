//! Cursors that nobody was given: every list refuses keys of a kind that it is not sorted by, and days that no database
//! knows, at the argument, on both databases alike.

use std::collections::BTreeSet;

use api::demo;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::personal_read::{self, FieldGroup, ViewerRole};
use entity::placement::{self, PlacementState};
use entity::{account, id::PersonalReadId, id::PlacementId, pairing};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use crate::incidents;
use crate::jobs::dead_letters::give_up_a_mail;

const LISTS: &str = "{ __schema { types { name fields { name type { ofType { name } } } } } }";

/// Every list in each of its orders: the field, and how it is asked for. `PAGE` stands for Relay's arguments.
const ORDERS: [(&str, &str); 22] = [
    (
        "Account.profileViews",
        "viewer { profileViews(PAGE) { edges { cursor } } }",
    ),
    ("Query.incidents", "incidents(PAGE) { edges { cursor } }"),
    ("Query.jobs", "jobs(PAGE) { edges { cursor } }"),
    (
        "Query.mailTroubles",
        "mailTroubles(PAGE) { edges { cursor } }",
    ),
    (
        "Query.organizations",
        "organizations(orderBy: NAME, PAGE) { edges { cursor } }",
    ),
    (
        "Query.organizations",
        "organizations(orderBy: LONGEST_WAITING, PAGE) { edges { cursor } }",
    ),
    (
        "Query.projects",
        "projects(orderBy: NEWEST, PAGE) { edges { cursor } }",
    ),
    (
        "Query.projects",
        "projects(orderBy: STARTING_SOON, PAGE) { edges { cursor } }",
    ),
    (
        "Query.projects",
        "projects(orderBy: TITLE, PAGE) { edges { cursor } }",
    ),
    (
        "Organization.projects",
        "projects(first: 1) { nodes { organization { projects(orderBy: NEWEST, PAGE) { edges { cursor } } } } }",
    ),
    (
        "Organization.projects",
        "projects(first: 1) { nodes { organization { projects(orderBy: TITLE, PAGE) { edges { cursor } } } } }",
    ),
    ("Query.skills", "skills(PAGE) { edges { cursor } }"),
    (
        "Query.skills",
        "skills(search: \"data\", PAGE) { edges { cursor } }",
    ),
    ("Query.volunteers", "volunteers(PAGE) { edges { cursor } }"),
    (
        "Query.volunteers",
        "volunteers(filter: { search: \"a\" }, PAGE) { edges { cursor } }",
    ),
    ("Query.pairings", "pairings(PAGE) { edges { cursor } }"),
    ("Query.placements", "placements(PAGE) { edges { cursor } }"),
    ("Query.rounds", "rounds(PAGE) { edges { cursor } }"),
    (
        "Query.currentSuggestions",
        "currentSuggestions(PAGE) { edges { cursor } }",
    ),
    (
        "Round.pairings",
        "rounds(first: 1) { nodes { pairings(PAGE) { edges { cursor } } } }",
    ),
    (
        "RoundReport.unmatchedRoles",
        "rounds(first: 1) { nodes { report { unmatchedRoles(PAGE) { edges { cursor } } } } }",
    ),
    (
        "RoundReport.unmatchedVolunteers",
        "rounds(first: 1) { nodes { report { unmatchedVolunteers(PAGE) { edges { cursor } } } } }",
    ),
];

/// A key of each kind, and of each kind that has such a value one that no list takes.
fn keys() -> Vec<(Value, bool)> {
    vec![
        (json!({ "Text": "x" }), true),
        (json!({ "Text": "a\0b" }), false),
        (json!({ "Integer": 1 }), true),
        (json!({ "Time": 1_790_000_000_000_000_i64 }), true),
        // No time at all, and a year before the first that PostgreSQL has.
        (json!({ "Time": i64::MAX }), false),
        (json!({ "Time": -211_000_000_000_000_000_i64 }), false),
        (
            json!({ "Uuid": "018f0000-0000-7000-8000-000000000000" }),
            true,
        ),
        (json!({ "Day": "2026-11-21" }), true),
        (json!({ "Day": "-4800-01-01" }), false),
    ]
}

/// What is no key of any kind.
fn no_keys() -> Vec<Value> {
    vec![
        json!({ "Other": 1 }),
        json!({ "Text": 1 }),
        json!({ "Uuid": "no uuid" }),
        json!({ "Day": "2026-02-30" }),
        json!({ "Text": "x", "Integer": 1 }),
        json!({}),
        json!(["Text", "x"]),
        json!(1),
        json!(null),
    ]
}

/// The only field of a key: its kind.
fn kind(key: &Value) -> Option<&String> {
    key.as_object()?.keys().next()
}

fn encode(cursor: &Value) -> String {
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// The first cursor in an answer.
fn cursor(answer: &Value) -> Option<&str> {
    match answer {
        Value::Object(fields) => match fields.get("cursor") {
            Some(cursor) => cursor.as_str(),
            None => fields.values().find_map(cursor),
        },
        Value::Array(items) => items.iter().find_map(cursor),
        _ => None,
    }
}

/// What a page beginning or ending at `cursor` is answered with: `ok`, or a code and the argument.
async fn outcome(client: &Client, list: &str, argument: &str, cursor: &str) -> String {
    let page = format!("first: 1, {argument}: $cursor");
    let document = format!(
        "query($cursor: String) {{ {} }}",
        list.replace("PAGE", &page)
    );
    let response = client.graphql(&document, json!({ "cursor": cursor })).await;
    let Some(error) = response.body["errors"].get(0) else {
        return "ok".to_owned();
    };
    let violation = &error["extensions"]["violations"][0];
    match violation["code"].as_str() {
        Some(code) => format!("{code} {}", violation["field"][0].as_str().unwrap()),
        None => error["extensions"]["code"].as_str().unwrap().to_owned(),
    }
}

/// A list of one for the only kind of thing that the demo has none of.
async fn add_placement(app: &TestApp) {
    let db = &app.app.store.connection;
    let pairing = pairing::Entity::find().one(db).await.unwrap().unwrap();
    let now = app.app.clock.now();
    placement::Model {
        id: PlacementId::new(app.app.new_id()),
        pairing_id: pairing.id,
        role_id: pairing.role_id,
        volunteer_id: pairing.volunteer_id,
        organization_id: pairing.organization_id,
        state: PlacementState::Active,
        hours_per_week: 3,
        starts_on: None,
        ends_on: None,
        end_reason: None,
        calendar_sequence: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    }
    .into_active_model()
    .insert(db)
    .await
    .unwrap();
}

/// Somebody who looked at the data of whoever asks.
async fn add_profile_view(app: &TestApp, client: &Client) {
    let viewer = client.query("{ viewer { email } }", json!({})).await;
    let email = viewer["viewer"]["email"].as_str().unwrap();
    let db = &app.app.store.connection;
    let accounts = account::Entity::find().all(db).await.unwrap();
    let (own, others): (Vec<_>, Vec<_>) =
        accounts.iter().partition(|it| it.email.expose() == email);
    personal_read::Model {
        id: PersonalReadId::new(app.app.new_id()),
        account_id: own[0].id,
        viewer_account_id: others[0].id,
        viewer_role: ViewerRole::Admin,
        organization_id: None,
        field_group: FieldGroup::Identity,
        day: app.app.clock.now().date_naive(),
        times: 1,
    }
    .into_active_model()
    .insert(db)
    .await
    .unwrap();
}

on_both_databases! {
    async fn a_list_refuses_cursors_whose_keys_are_not_of_its_kinds(backend) {
        let app = TestApp::new(backend).await;
        demo::fill(&app.app).await.unwrap();
        add_placement(&app).await;
        incidents::notice(&app).await;
        give_up_a_mail(&app, "nobody@example.org").await;
        let coordinator = app.coordinator().await;
        add_profile_view(&app, &coordinator).await;
        for (_, list) in ORDERS {
            let first_page = format!("{{ {} }}", list.replace("PAGE", "first: 1"));
            let answer = coordinator.query(&first_page, json!({})).await;
            let given = cursor(&answer).unwrap_or_else(|| panic!("nothing in {list}: {answer}"));
            let place: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(given).unwrap()).unwrap();
            for argument in ["after", "before"] {
                assert_eq!(outcome(&coordinator, list, argument, given).await, "ok", "{list}");
            }
            for (part, argument) in [("k", "after"), ("i", "before")] {
                for (key, is_readable) in keys() {
                    let mut forged = place.clone();
                    let is_of_kind = kind(&key) == kind(&place[part]);
                    forged[part] = key;
                    let expected = if is_of_kind && is_readable { "ok".to_owned() } else { format!("INVALID {argument}") };
                    let outcome = outcome(&coordinator, list, argument, &encode(&forged)).await;
                    assert_eq!(outcome, expected, "{list} at {forged}");
                }
            }
        }
        app.run_jobs().await;
    }

    async fn a_cursor_is_two_keys_of_a_list_and_nothing_else(backend) {
        let app = TestApp::new(backend).await;
        let public = app.client();
        let skills = "skills(PAGE) { edges { cursor } }";
        let place = json!({ "l": "skills/en", "k": { "Text": "x" }, "i": { "Text": "x" } });
        assert_eq!(outcome(&public, skills, "after", &encode(&place)).await, "ok");
        for part in ["k", "i"] {
            for key in no_keys() {
                let mut forged = place.clone();
                forged[part] = key;
                assert_eq!(outcome(&public, skills, "after", &encode(&forged)).await, "INVALID after", "{forged}");
            }
        }
        for part in ["l", "k", "i"] {
            let mut forged = place.clone();
            forged.as_object_mut().unwrap().remove(part);
            assert_eq!(outcome(&public, skills, "before", &encode(&forged)).await, "INVALID before", "{forged}");
        }
        for text in ["", "x", "é", "e30", "bnVsbA"] {
            assert_eq!(outcome(&public, skills, "after", text).await, "INVALID after", "{text}");
        }
    }

    async fn every_list_of_the_schema_is_among_those_that_are_tried(backend) {
        let app = TestApp::new(backend).await;
        let schema = app.client().query(LISTS, json!({})).await;
        let mut lists = BTreeSet::new();
        for owner in schema["__schema"]["types"].as_array().unwrap() {
            for field in owner["fields"].as_array().into_iter().flatten() {
                if field["type"]["ofType"]["name"].as_str().is_some_and(|name| name.ends_with("Connection")) {
                    lists.insert(format!("{}.{}", owner["name"].as_str().unwrap(), field["name"].as_str().unwrap()));
                }
            }
        }
        let tried: BTreeSet<String> = ORDERS.iter().map(|(field, _)| (*field).to_owned()).collect();
        assert_eq!(lists, tried);
    }
}
