//! Following the current suggestions: a running server keeps up by itself, and clients can tell what they have missed.

use std::collections::BTreeMap;

use api::server::{Listeners, serve_on};
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use entity::matching_revision;
use http_body_util::BodyExt as _;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use tests::socket::{Socket, listen};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::world::{Ask, Say, World, gid};

const LIST: &str =
    "{ currentSuggestions(first: 100) { revision totalCount nodes { volunteerId } } }";
const FOLLOW: &str =
    "subscription { currentSuggestionsChanged { revision sinceRevision asOf isWhole
    withdrawn { roleId volunteerId } proposed { volunteerId score factors { words } } } }";
const SET_STATE: &str = "mutation($state: VolunteerState!) { setVolunteerState(input: { state: $state }) { userErrors { code message } } }";
const PREFER: &str = "mutation($input: UpdateAccountInput!) { updateAccount(input: $input) { userErrors { code message } } }";

fn told(answer: &Value) -> Value {
    assert_eq!(answer["type"], "next", "{answer}");
    answer["payload"]["data"]["currentSuggestionsChanged"].clone()
}

/// A socket that follows, and the difference that it was told first.
async fn follow(url: &str, coordinator: &Client) -> (Socket, Value) {
    let mut socket = Socket::open(url, coordinator).await;
    socket.subscribe(FOLLOW, json!({})).await;
    let beginning = told(&socket.hear().await);
    (socket, beginning)
}

async fn list(coordinator: &Client) -> Value {
    coordinator.query(LIST, json!({})).await["currentSuggestions"].clone()
}

async fn set_state(client: &Client, state: &str) {
    client.mutate(SET_STATE, json!({ "state": state })).await;
}

/// The figures about the current suggestions that a server gives to whoever watches over it, by the rest of their names.
async fn figures(app: &TestApp) -> BTreeMap<String, String> {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let response = app.metrics().oneshot(request).await.unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples
        .filter_map(|line| {
            let (name, value) = line.split_once(' ').unwrap();
            let name = name.strip_prefix("marketplace_current_suggestions_")?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

/// Seconds behind, seconds since the last look, pairs.
fn keeping_up(figures: &BTreeMap<String, String>) -> [&str; 3] {
    ["behind_seconds", "looked_seconds", "pairs"].map(|name| figures[name].as_str())
}

on_both_databases! {
    async fn a_running_server_follows_by_itself_and_tells_who_follows_it(backend) {
        let app = TestApp::with_settings(backend, &[("WORKER", "separate")]).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let (ana, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
        let listeners = Listeners { public: listener, metrics: None };
        let serving = tokio::spawn(serve_on(app.app.clone(), listeners));

        let (mut socket, _) = follow(&url, &coordinator).await;
        for (state, field) in [("BUSY", "withdrawn"), ("ACTIVE", "proposed")] {
            // Nothing but the server itself looks at the database.
            set_state(&client, state).await;
            let change = told(&socket.hear().await);
            assert_eq!(change[field][0]["volunteerId"], gid(&ana.id), "{change:#} of {}", gid(&role.id));
        }
        serving.abort();
    }

    async fn revisions_tell_what_a_reader_has_seen_and_what_they_missed(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        app.follow().await;
        let url = listen(&app).await;
        let (mut socket, beginning) = follow(&url, &coordinator).await;
        let first = list(&coordinator).await;
        assert_eq!(beginning["revision"], first["revision"]);
        assert_eq!(beginning["sinceRevision"], first["revision"]);

        // Whatever moves no pair is not told, and the next difference still leads on from the one told last.
        let zone = json!({ "input": { "zone": "America/Halifax" } });
        client.mutate(PREFER, zone).await;
        assert!(app.follow().await);
        let unmoved = list(&coordinator).await;
        assert!(unmoved["revision"].as_i64() > first["revision"].as_i64());
        set_state(&client, "BUSY").await;
        assert!(app.follow().await);
        let change = told(&socket.hear().await);
        let second = list(&coordinator).await;
        assert_eq!((&change["sinceRevision"], &change["revision"]), (&first["revision"], &second["revision"]));
        assert!(second["revision"].as_i64() > unmoved["revision"].as_i64());

        // Two changes at once are one difference.
        set_state(&client, "ACTIVE").await;
        set_state(&client, "BUSY").await;
        set_state(&client, "ACTIVE").await;
        assert!(app.follow().await);
        let change = told(&socket.hear().await);
        assert_eq!(change["sinceRevision"], second["revision"]);
        assert_eq!(change["revision"].as_i64(), second["revision"].as_i64().map(|revision| revision + 3));

        // Nothing is written, but a day of waiting is worth something: told under the same revision.
        app.advance(TimeDelta::days(1));
        assert!(app.follow().await);
        let waited = told(&socket.hear().await);
        assert_eq!((&waited["sinceRevision"], &waited["revision"]), (&change["revision"], &change["revision"]));
        assert!(waited["asOf"].as_str() > change["asOf"].as_str());
        assert_ne!(waited["proposed"][0]["score"], change["proposed"][0]["score"]);
    }

    async fn revisions_go_on_beyond_what_an_int_holds(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let revision = matching_revision::ActiveModel { id: Set(1), revision: Set(3_000_000_000) };
        revision.update(world.db()).await.unwrap();
        app.follow().await;
        let url = listen(&app).await;
        let (mut socket, beginning) = follow(&url, &coordinator).await;
        assert_eq!((&beginning["sinceRevision"], &beginning["revision"]), (&json!(3_000_000_000_u32), &json!(3_000_000_000_u32)));
        assert_eq!(list(&coordinator).await["revision"], 3_000_000_000_u32);
        set_state(&client, "BUSY").await;
        assert!(app.follow().await);
        let change = told(&socket.hear().await);
        assert_eq!((&change["sinceRevision"], &change["revision"]), (&json!(3_000_000_000_u32), &json!(3_000_000_001_u32)));
        assert_eq!(list(&coordinator).await["revision"], 3_000_000_001_u32);
    }

    async fn all_who_follow_are_told_the_same_for_one_reading_of_names(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        app.follow().await;
        let url = listen(&app).await;
        let mut sockets = Vec::new();
        for _ in 0..3 {
            sockets.push(follow(&url, &coordinator).await.0);
        }
        set_state(&client, "BUSY").await;
        app.follow().await;
        for socket in &mut sockets {
            assert_eq!(told(&socket.hear().await)["withdrawn"].as_array().unwrap().len(), 1);
        }
        let before = app.statements();
        set_state(&client, "ACTIVE").await;
        app.follow().await;
        let mut all = Vec::new();
        for socket in &mut sockets {
            all.push(told(&socket.hear().await));
        }
        assert!(all[0]["proposed"][0]["factors"][0]["words"].is_string(), "{:#}", all[0]);
        assert_eq!(all[1..], [all[0].clone(), all[0].clone()]);
        let names = |sql: &&String| sql.contains("FROM \"cause\"") && sql.contains("\"label_fr\"");
        assert_eq!(app.statements_after(before).iter().filter(names).count(), 1);
    }

    async fn a_subscription_ends_after_an_error_and_another_goes_on_from_the_list(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        app.follow().await;
        let url = listen(&app).await;
        let (mut socket, _) = follow(&url, &coordinator).await;

        // The names cannot be read.
        world.db().execute_unprepared("ALTER TABLE cause RENAME TO cause_gone").await.unwrap();
        set_state(&client, "BUSY").await;
        assert!(app.follow().await);
        let answer = socket.hear().await;
        assert_eq!(answer["payload"]["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
        assert_eq!(socket.hear().await["type"], "complete");

        world.db().execute_unprepared("ALTER TABLE cause_gone RENAME TO cause").await.unwrap();
        assert_eq!(list(&coordinator).await["totalCount"], 0);
        let (mut socket, _) = follow(&url, &coordinator).await;
        set_state(&client, "ACTIVE").await;
        assert!(app.follow().await);
        assert_eq!(told(&socket.hear().await)["proposed"].as_array().unwrap().len(), 1);
    }

    async fn how_well_a_server_keeps_up_is_told_in_figures_of_nobody(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let (_, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let fault = ("rebuilds_after_error_total".to_owned(), "0".to_owned());
        assert_eq!(figures(&app).await, BTreeMap::from([fault]), "nothing was looked at yet");
        app.follow().await;
        app.advance(TimeDelta::seconds(2));
        let seen = figures(&app).await;
        assert_eq!(keeping_up(&seen), ["0", "2", "1"]);
        assert!(seen["run_seconds"].parse::<f64>().unwrap() > 0.0);
        app.follow().await;
        assert_eq!(figures(&app).await["looked_seconds"], "0");

        // A change is known of, and what the matcher reads cannot be read.
        world.db().execute_unprepared("ALTER TABLE time_off RENAME TO time_off_gone").await.unwrap();
        set_state(&client, "BUSY").await;
        for _ in 0..2 {
            api::domain::matching::current::follow::follow(&app.app).await.unwrap_err();
            app.advance(TimeDelta::seconds(3));
        }
        let seen = figures(&app).await;
        assert_eq!(keeping_up(&seen), ["6", "3", "1"]);
        world.db().execute_unprepared("ALTER TABLE time_off_gone RENAME TO time_off").await.unwrap();
        app.follow().await;
        let seen = figures(&app).await;
        assert_eq!(keeping_up(&seen), ["0", "0", "0"]);
    }

    async fn a_server_that_cannot_even_look_for_the_first_time_says_for_how_long(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        world.db().execute_unprepared("ALTER TABLE time_off RENAME TO time_off_gone").await.unwrap();
        for _ in 0..2 {
            api::domain::matching::current::follow::follow(&app.app).await.unwrap_err();
            app.advance(TimeDelta::seconds(5));
        }
        let seen = figures(&app).await;
        assert_eq!(seen["behind_seconds"], "10");
        assert!(!seen.contains_key("looked_seconds") && !seen.contains_key("pairs"), "{seen:?}");
        world.db().execute_unprepared("ALTER TABLE time_off_gone RENAME TO time_off").await.unwrap();
        app.follow().await;
        assert_eq!(keeping_up(&figures(&app).await), ["0", "0", "0"]);
    }
}
