//! Logs know nobody: whatever people send, wherever it fails, no line at any level repeats it.

use std::panic;

use api::graphql::endpoint::Endpoint;
use api::http::router::{HttpState, router_of};
use api::server;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::pairing::PairingOrigin;
use matcher::mail::{Failure, Reply, SendError, Stage};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::on_both_databases;
use tower::ServiceExt;

use super::{Logs, contains};
use crate::pairings::scene::{Scene, act, global, marketplace};

const INTROSPECTION: &str = "{ __schema { mutationType { fields { name args { type { ...Kind } } } } types { name
    inputFields { name type { ...Kind } } enumValues { name } } } }
    fragment Kind on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// What was sent and must not be seen again.
#[derive(Default)]
struct Planted(Vec<String>);

impl Planted {
    fn text(&mut self) -> String {
        let text = format!("Zq{:03}pii", self.0.len());
        self.0.push(text.clone());
        text
    }

    fn address(&mut self) -> String {
        let address = format!("{}@example.org", self.text().to_lowercase());
        self.0.push(address.clone());
        address
    }
}

/// Every mutation with a text of its own in every field that takes one.
async fn mutations(client: &Client, planted: &mut Planted) -> Vec<(String, Value)> {
    let schema = client.query(INTROSPECTION, json!({})).await["__schema"].clone();
    let types: Map<String, Value> = schema["types"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| (kind["name"].as_str().unwrap().to_owned(), kind.clone()))
        .collect();
    let mut calls = Vec::new();
    for field in schema["mutationType"]["fields"].as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        let Some(argument) = field["args"].get(0) else {
            continue;
        };
        let input = argument["type"]["ofType"]["name"].as_str().unwrap();
        let document = format!(
            "mutation($input: {input}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let input = value(&argument["type"], ("input", 0), &types, planted);
        calls.push((document, json!({ "input": input })));
    }
    calls
}

fn value(
    kind: &Value,
    (field, depth): (&str, u32),
    types: &Map<String, Value>,
    planted: &mut Planted,
) -> Value {
    let name = kind["name"].as_str().unwrap_or_default();
    match kind["kind"].as_str().unwrap() {
        "NON_NULL" => value(&kind["ofType"], (field, depth), types, planted),
        "LIST" => json!([value(&kind["ofType"], (field, depth), types, planted)]),
        "INPUT_OBJECT" => {
            let fields = types[name]["inputFields"].as_array().unwrap();
            let values = fields.iter().map(|field| {
                let name = field["name"].as_str().unwrap();
                let value = value(&field["type"], (name, depth + 1), types, planted);
                (name.to_owned(), value)
            });
            Value::Object(values.collect())
        }
        "ENUM" => types[name]["enumValues"][0]["name"].clone(),
        _ => match name {
            "ID" => json!(nothing(field)),
            "Int" => json!(1),
            "Float" => json!(1.0),
            "Boolean" => json!(true),
            "DateTime" => json!("2026-12-01T00:00:00Z"),
            "NaiveDate" => json!("2026-12-01"),
            "NaiveTime" => json!("18:00:00"),
            _ if field == "email" => json!(planted.address()),
            _ => json!(planted.text()),
        },
    }
}

/// A well-formed id of nothing, of the kind that the field's name tells.
fn nothing(field: &str) -> String {
    let mut prefix = String::new();
    for letter in field.trim_end_matches("Ids").trim_end_matches("Id").chars() {
        if letter.is_uppercase() {
            prefix.push('_');
        }
        prefix.extend(letter.to_lowercase());
    }
    format!("{prefix}_00000000000000000000000000")
}

async fn status(router: &Router, request: Request<Body>) -> StatusCode {
    router.clone().oneshot(request).await.unwrap().status()
}

/// A query that fails as code does that was not thought through.
struct Faulty;

#[Object]
impl Faulty {
    /// Panics with what it was asked for.
    async fn fail(&self, about: String) -> i32 {
        read(&about)
    }
}

fn read(about: &str) -> i32 {
    panic!("cannot read {about}")
}

/// Everything that people can send, the ways in which it is refused included.
async fn send_everything(app: &TestApp, planted: &mut Planted) {
    let somebody = app.sign_up("Loggerine", "fr").await;
    planted.0.push("Loggerine".to_owned());
    planted.0.push("loggerine@example.org".to_owned());
    let coordinator = app.coordinator().await;
    for client in [&app.client(), &somebody, &coordinator] {
        for (document, variables) in mutations(client, planted).await {
            let response = client.graphql(&document, variables).await;
            assert!(
                response.status != StatusCode::INTERNAL_SERVER_ERROR,
                "{document}"
            );
        }
    }
    let documents = [
        format!(
            "{{ projects(filter: {{ text: \"{}\" }}) {{ edges {{ node {{ id }} }} }} }}",
            planted.text()
        ),
        format!(
            "{{ skills(search: \"{}\") {{ edges {{ node {{ id }} }} }} }}",
            planted.text()
        ),
        format!("{{ node(id: \"{}\") {{ id }} }}", planted.text()),
        format!(
            "{{ projects(after: \"{}\") {{ edges {{ node {{ id }} }} }} }}",
            planted.text()
        ),
        format!("{{ {} }}", planted.text()),
        format!("{{ viewer {{ \"{}\"", planted.text()),
    ];
    for document in documents {
        somebody.graphql(&document, json!({})).await;
    }
    let router = app.router();
    let token = planted.text();
    let requests = [
        Request::get(format!("/a/offer?token={token}")),
        Request::get(format!("/graphql?query={{{}}}", planted.text())),
        Request::get("/me/export.json").header(header::AUTHORIZATION, format!("Bearer {token}")),
        Request::get(format!("/me/export/account.csv?{}", planted.text())),
        Request::get(format!("/me/export/{}.csv", planted.text())),
        Request::get(format!("/{}", planted.text())),
    ];
    for request in requests {
        status(&router, request.body(Body::empty()).unwrap()).await;
    }
    let broken = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, planted.text());
    let body = format!("{{\"query\": {}", planted.text());
    status(&router, broken.body(Body::from(body)).unwrap()).await;
}

/// A constraint that nobody foresaw, with the values of a row in the database's details.
async fn violate_a_constraint(app: &TestApp, planted: &mut Planted) {
    let index = "CREATE UNIQUE INDEX unforeseen ON account (family_name)";
    let (one, other) = (
        app.sign_up("Una", "en").await,
        app.sign_up("Dua", "en").await,
    );
    let rename = "mutation($name: String!) { updateAccount(input: { familyName: $name }) { userErrors { code } } }";
    let (taken, free) = (planted.text(), planted.text());
    one.mutate(rename, json!({ "name": taken })).await;
    other.mutate(rename, json!({ "name": free })).await;
    let db = &app.app.store.connection;
    let everybody_else =
        "UPDATE account SET family_name = email_normalized WHERE given_name NOT IN ('Una', 'Dua')";
    db.execute_unprepared(everybody_else).await.unwrap();
    db.execute_unprepared(index).await.unwrap();
    let code = other.error_code(rename, json!({ "name": taken })).await;
    assert_eq!(code, "INTERNAL");
}

/// A relay that repeats whom it refuses.
async fn refuse_a_mail(app: &TestApp, planted: &mut Planted) {
    let address = planted.address();
    app.mailbox().fail_next(SendError::Permanent(Failure {
        stage: Stage::Recipient,
        reply: Some(Reply {
            code: 550,
            enhanced: None,
        }),
        detail: format!("<{address}>: {} is no user here, {address}", planted.text()),
    }));
    let register = "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { userErrors { code } } }";
    let input = json!({ "email": address, "password": PASSWORD, "givenName": planted.text() });
    app.client()
        .mutate(register, json!({ "input": input }))
        .await;
    app.run_jobs().await;
    assert_eq!(app.dead_jobs().await, 1);
}

/// Code with a fault, which panics with what it was working on.
async fn panic_over_a_text(app: &TestApp, planted: &mut Planted) {
    let before = panic::take_hook();
    server::report_panics();
    let schema = Schema::build(Faulty, EmptyMutation, EmptySubscription).finish();
    let endpoint = Endpoint::new(schema);
    let router = router_of(HttpState::new(app.app.clone(), endpoint, app.stop.clone()));
    let body = json!({ "query": format!("{{ fail(about: \"{}\") }}", planted.text()) });
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(body.to_string())).unwrap();
    let answered = status(&router, request).await;
    panic::set_hook(before);
    assert_eq!(answered, StatusCode::INTERNAL_SERVER_ERROR);
}

on_both_databases! {
    async fn nothing_that_people_send_is_in_a_log_line_whatever_fails(backend) {
        let (logs, _guard) = Logs::capture();
        let mut planted = Planted::default();
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Veralog", "en").await;
        planted.0.push("Veralog".to_owned());
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let note = planted.text();
        act(&vera, "withdrawPairing", json!({ "id": global(pairing), "reason": "OTHER", "note": note })).await;
        send_everything(&app, &mut planted).await;
        app.run_jobs().await;
        refuse_a_mail(&app, &mut planted).await;
        violate_a_constraint(&app, &mut planted).await;
        panic_over_a_text(&app, &mut planted).await;

        assert!(planted.0.len() >= 50, "{}", planted.0.len());
        let logged = logs.bytes();
        // What was provoked was logged, without what it was about.
        for told in ["a request failed", "constraint", "job did not succeed", "naming the recipient: 550", "panicked"] {
            assert!(contains(&logged, told.as_bytes()), "{told}");
        }
        let text = String::from_utf8_lossy(&logged);
        for planted in planted.0 {
            let line = text.lines().find(|line| line.contains(&planted));
            assert_eq!(line, None, "{planted}");
        }
    }
}
