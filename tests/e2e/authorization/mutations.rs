//! Every mutation, tried by every kind of actor on what belongs to A, to B and to nobody. Each mutation finds the world as it
//! was: when one did something, the next is tried on a new copy.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::mutation::Mutation;
use super::table::{assert_printed, table};
use super::world::{ACTORS, Side, World};

/// The heading of the administrator who has a second factor and did not show it.
const WITHOUT_CODE: &str = "admin, no code";

/// What anybody may do without logging in.
const PUBLIC: [&str; 6] = [
    "logIn",
    "refreshSession",
    "registerAccount",
    "requestPasswordReset",
    "resetPassword",
    "verifyAddress",
];

/// The ids of what somebody may know to exist: what `nodes` gives them, and what has an id and is no node.
async fn known(client: &Client, sides: &[(&str, &Side)]) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for (_, side) in sides {
        let documents = [
            format!("{{ nodes(ids: {}) {{ id }} }}", json!(side.things())),
            format!(
                "{{ organization(id: {}) {{ memberships {{ id }} }} }}",
                json!(side.id("organization"))
            ),
            format!(
                "{{ volunteer(id: {}) {{ timesOff {{ id }} }} }}",
                json!(side.id("volunteer"))
            ),
            format!(
                "{{ pairing(id: {}) {{ placement {{ checkIns {{ id }} }} }} }}",
                json!(side.id("pairing"))
            ),
        ];
        for document in documents {
            ids_in(
                &client.graphql(&document, json!({})).await.body["data"],
                &mut known,
            );
        }
    }
    known
}

fn ids_in(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| ids_in(value, ids));
        }
        Value::Array(items) => items.iter().for_each(|item| ids_in(item, ids)),
        _ => {}
    }
}

/// What one mutation does for every actor on one side's things, or on nothing.
async fn row(app: &TestApp, actors: &[(&'static str, Client)], mutation: &Mutation) -> Vec<Value> {
    let mut answers = Vec::new();
    for (_, client) in actors {
        answers.push(mutation.answer(&client.at(app)).await);
    }
    answers
}

on_both_databases! {
    async fn every_mutation_is_for_those_who_may_and_refusal_looks_like_absence(backend) {
        let World { app, mut actors, without_code, a, b, .. } = World::new(backend).await;
        // What takes a code is told apart from what takes the role alone.
        actors.push((WITHOUT_CODE, without_code));
        let sides = [("A", &a), ("B", &b)];
        let mut known_to = Vec::new();
        for (_, client) in &actors {
            known_to.push(known(client, &sides).await);
        }
        let mutations = Mutation::all(&actors[1].1).await;
        let frozen = app.freeze().await;
        let mut app = frozen.thaw().await;
        let heading: Vec<&str> = ["mutation"].into_iter().chain(ACTORS).chain([WITHOUT_CODE]).collect();
        let mut rows = Vec::new();
        for mutation in &mutations {
            let name = &mutation.name;
            let absent = row(&app, &actors, mutation).await;
            rows.push((name.clone(), told(name, &absent)));
            for (answer, (actor, _)) in absent.iter().zip(&actors) {
                let outcome = Mutation::outcome_of(name, answer);
                let is_public = PUBLIC.contains(&name.as_str());
                match *actor {
                    "anonymous" if is_public => assert_ne!(outcome, "FORBIDDEN", "{name}"),
                    "anonymous" | "deactivated" => assert_eq!(outcome, "UNAUTHENTICATED", "{name} by {actor}"),
                    _ => {}
                }
            }
            for (side_name, side) in sides {
                let Some(about) = mutation.about(&side.things()) else {
                    assert!(
                        !mutation.takes_id(),
                        "{name} takes an id of which the world has none: put one with its prefix into the sides of \
                         authorization/world.rs, so that it is tried on things that exist ({:#})",
                        mutation.variables()
                    );
                    continue;
                };
                let answers = row(&app, &actors, &about).await;
                rows.push((format!("  of {side_name}"), told(name, &answers)));
                for (((answer, absent), (actor, _)), known) in answers.iter().zip(&absent).zip(&actors).zip(&known_to) {
                    let unknown: Vec<_> = about.things().into_iter().filter(|id| !known.contains(id)).collect();
                    match Mutation::outcome_of(name, answer).as_str() {
                        "UNAUTHENTICATED" | "NOT_FOUND" => {
                            assert_eq!(without_request(answer), without_request(absent), "{name} of {side_name} by {actor}");
                        }
                        "FORBIDDEN" => assert!(unknown.is_empty(), "{name} tells {actor} that {unknown:?} exist"),
                        _ => {}
                    }
                }
                if did_something(name, &answers) {
                    app = frozen.thaw().await;
                }
            }
            if did_something(name, &absent) {
                app = frozen.thaw().await;
            }
        }
        assert_printed!("mutations", table(&heading, &rows));
    }
}

fn told(name: &str, answers: &[Value]) -> Vec<String> {
    answers
        .iter()
        .map(|answer| Mutation::outcome_of(name, answer))
        .collect()
}

fn did_something(name: &str, answers: &[Value]) -> bool {
    answers
        .iter()
        .any(|answer| Mutation::outcome_of(name, answer) == "ok")
}

/// An answer without what differs from request to request.
fn without_request(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(extensions) = answer["errors"][0]["extensions"].as_object_mut() {
        extensions.remove("requestId");
    }
    answer
}
