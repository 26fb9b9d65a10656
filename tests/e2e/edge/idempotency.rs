//! Mutations that come with an idempotency key, and come again.

use std::cell::Cell;
use std::collections::BTreeSet;

use api::context::Context;
use api::domain::retention;
use api::graphql::extensions::idempotency::SECRET;
use api::graphql::id::encode;
use api::store::transaction::begin_write;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use entity::id::ProjectId;
use entity::{idempotency_key, time_off, volunteer};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _, QuerySelect as _, Set};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::database::Backend;
use tests::on_both_databases;
use tests::socket::{Socket, listen};
use tokio::join;

use super::{Answer, send};
use crate::pairings::scene::{Scene, account_of};

const ADD: &str = "mutation Add($input: AddTimeOffInput!) { addTimeOff(input: $input) { volunteer { timesOff { startsOn } } userErrors { code field } } }";
const KEY: &str = "5d1f3c1e-7a62-4b0e-9f0a-0c5b6f2d9e11";

/// Days off in one month of 2030.
fn days(month: u8) -> Value {
    json!({ "input": { "startsOn": format!("2030-{month:02}-01"), "endsOn": format!("2030-{month:02}-05") } })
}

/// Posts with a key in the header, as it is written there.
async fn post_with(
    client: &Client,
    app: &TestApp,
    key: &str,
    document: &str,
    variables: Value,
) -> Answer {
    let mut request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("idempotency-key", key);
    if let Some(token) = client.token() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = json!({ "query": document, "variables": variables }).to_string();
    send(&app.router(), request.body(Body::from(body)).unwrap()).await
}

/// The answer without what tells the first from the next.
fn told(answer: &Answer) -> (StatusCode, Value) {
    (answer.status, answer.json()["data"].clone())
}

fn is_repeated(answer: &Answer) -> bool {
    answer.json()["extensions"]["idempotency"]["isRepeated"] == true
}

async fn times_off(app: &TestApp) -> u64 {
    time_off::Entity::find()
        .count(&app.app.store.connection)
        .await
        .unwrap()
}

async fn sweep(app: &TestApp) -> u64 {
    let ctx = Context::system(app.app.clone(), "test");
    Box::pin(retention::run::run(&ctx))
        .await
        .unwrap()
        .idempotency_keys
}

/// Vera volunteers; Omar and his organization are there, too.
async fn vera(app: &TestApp) -> Client {
    let scene = Scene::new(app, 1).await;
    scene.sign_up_volunteer("Vera", "en").await.0
}

on_both_databases! {
    async fn a_mutation_that_is_sent_again_with_its_key_is_done_once(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        let first = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(first.json()["data"]["addTimeOff"]["volunteer"]["timesOff"], json!([{ "startsOn": "2030-01-01" }]));
        assert!(!is_repeated(&first), "{}", first.text);
        // What happened since is not in the answer: it is the first.
        assert_eq!(vera.user_errors(ADD, days(2)).await, [""; 0]);
        let another = app.another_node().await;
        for node in [&app, &another] {
            // In quotation marks, as the draft of the header has it, it is the same key.
            let quoted = format!("\"{KEY}\"");
            for key in [KEY, quoted.as_str()] {
                let again = post_with(&vera, node, key, ADD, days(1)).await;
                assert_eq!(told(&again), told(&first));
                assert!(is_repeated(&again), "{}", again.text);
            }
        }
        assert_eq!(times_off(&app).await, 2);
        // Without the key it is done again, which a rule refuses here.
        assert_eq!(vera.user_errors(ADD, days(1)).await, ["DUPLICATE startsOn"]);
    }

    async fn a_key_belongs_to_one_request_of_one_account(backend) {
        let app = TestApp::new(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _) = scene.sign_up_volunteer("Vera", "en").await;
        let (wim, _) = scene.sign_up_volunteer("Wim", "fr").await;
        let first = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        for (document, variables) in [
            (ADD.to_owned(), days(2)),
            (ADD.replace("startsOn", "endsOn"), days(1)),
        ] {
            let other = post_with(&vera, &app, KEY, &document, variables).await;
            assert_eq!(other.code(), "IDEMPOTENCY_KEY_REUSED");
        }
        assert_eq!(times_off(&app).await, 1);
        let of_another = post_with(&wim, &app, KEY, ADD, days(1)).await;
        assert!(!is_repeated(&of_another) && of_another.json().get("errors").is_none(), "{}", of_another.text);
        assert_eq!(times_off(&app).await, 2);
    }

    async fn broken_rules_are_told_again_too(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        assert_eq!(vera.user_errors(ADD, days(1)).await, [""; 0]);
        let refused = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(refused.json()["data"]["addTimeOff"]["userErrors"][0]["code"], "DUPLICATE");
        time_off::Entity::delete_many().exec(&app.app.store.connection).await.unwrap();
        let again = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(told(&again), told(&refused));
        assert_eq!(times_off(&app).await, 0);
    }

    async fn after_an_error_the_key_is_free(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        let submit = "mutation($input: SubmitProjectInput!) { submitProject(input: $input) { userErrors { code } } }";
        let none = encode(&ProjectId::new(app.app.new_id()));
        let nobodys = json!({ "input": { "projectId": none.to_string(), "expectedVersion": 1 } });
        for _ in 0..2 {
            let missing = post_with(&vera, &app, KEY, submit, nobodys.clone()).await;
            assert_eq!(missing.json()["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", missing.text);
        }
        let now = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(now.json()["data"]["addTimeOff"]["userErrors"], json!([]), "{}", now.text);
    }

    async fn after_an_error_that_came_after_the_deed_the_key_is_not_free(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Wim", "en").await;
        let admin = app.admin().await;
        let wim = account_of(&app, "wim@example.org").await;
        let disable = "mutation($input: DisableAccountInput!) { disableAccount(input: $input) { account { email } userErrors { code } } }";
        let variables = json!({ "input": { "accountId": encode(&wim.id).to_string() } });
        // Whose address it tells cannot be written down, so that the answer is held back.
        let db = &app.app.store.connection;
        db.execute_unprepared("ALTER TABLE personal_read RENAME TO gone").await.unwrap();
        let held_back = post_with(&admin, &app, KEY, disable, variables.clone()).await;
        assert_eq!(held_back.code(), "NOT_RECORDED", "{}", held_back.text);
        db.execute_unprepared("ALTER TABLE gone RENAME TO personal_read").await.unwrap();
        let again = post_with(&admin, &app, KEY, disable, variables).await;
        assert_eq!(again.code(), "IDEMPOTENCY_UNDER_WAY", "{}", again.text);
    }

    async fn an_answer_is_kept_for_a_day(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        let first = post_with(&vera, &app, KEY, ADD, days(1)).await;
        app.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
        let vera = app.log_in("vera@example.org").await;
        let again = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!((told(&again), is_repeated(&again)), (told(&first), true));
        app.advance(TimeDelta::microseconds(1));
        let anew = post_with(&vera, &app, KEY, ADD, days(2)).await;
        assert!(!is_repeated(&anew) && anew.json().get("errors").is_none(), "{}", anew.text);
        assert_eq!(times_off(&app).await, 2);
    }

    async fn keys_are_deleted_after_a_day(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        post_with(&vera, &app, KEY, ADD, days(1)).await;
        let kept = async || idempotency_key::Entity::find().count(&app.app.store.connection).await.unwrap();
        app.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
        assert_eq!((sweep(&app).await, kept().await), (0, 1));
        app.advance(TimeDelta::microseconds(1));
        assert_eq!((sweep(&app).await, kept().await), (1, 0));
    }

    async fn nothing_is_done_twice_when_the_answer_is_lost(backend) {
        let app = TestApp::new(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _) = scene.sign_up_volunteer("Vera", "en").await;
        let wim = app.sign_up("Wim", "en").await;
        post_with(&vera, &app, KEY, ADD, days(1)).await;
        // Whoever is erased may be told of in any answer, so that none is kept.
        let erase = "mutation($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { isAccepted userErrors { code field } } }";
        wim.mutate(erase, json!({ "input": { "email": "wim@example.org", "password": PASSWORD } })).await;
        app.run_jobs().await;
        app.advance(TimeDelta::seconds(30) - TimeDelta::microseconds(1));
        let early = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(early.code(), "IDEMPOTENCY_UNDER_WAY");
        assert_eq!(early.json()["errors"][0]["extensions"]["retryAfterSeconds"], 2);
        app.advance(TimeDelta::microseconds(1));
        let late = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(late.code(), "IDEMPOTENCY_ANSWER_LOST");
        assert_eq!(times_off(&app).await, 1);
    }

    async fn what_a_dead_request_did_not_do_is_done(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        post_with(&vera, &app, KEY, ADD, days(1)).await;
        // As a process leaves it that dies between the claim and the deed.
        let db = &app.app.store.connection;
        time_off::Entity::delete_many().exec(db).await.unwrap();
        idempotency_key::Entity::update_many()
            .set(idempotency_key::ActiveModel { has_acted: Set(false), answer: Set(None), ..Default::default() })
            .exec(db)
            .await
            .unwrap();
        app.advance(TimeDelta::seconds(30) - TimeDelta::microseconds(1));
        assert_eq!(post_with(&vera, &app, KEY, ADD, days(1)).await.code(), "IDEMPOTENCY_UNDER_WAY");
        app.advance(TimeDelta::microseconds(1));
        let done = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert_eq!(done.json()["data"]["addTimeOff"]["userErrors"], json!([]), "{}", done.text);
        assert!(is_repeated(&post_with(&vera, &app, KEY, ADD, days(1)).await));
        assert_eq!(times_off(&app).await, 1);
    }

    async fn a_request_that_comes_back_from_the_dead_does_nothing(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        let sleeper = app.another_node().await;
        // It has claimed its key and waits for a lock; on SQLite, where it waits before it claims, there is nothing to take over.
        let lock = begin_write(&app.app.store).await.unwrap();
        volunteer::Entity::find().lock_exclusive().all(&*lock).await.unwrap();
        let has_answer = Cell::new(false);
        let sleeping = async {
            let answer = post_with(&vera, &sleeper, KEY, ADD, days(1)).await;
            has_answer.set(true);
            answer
        };
        let taking_over = async {
            while !has_answer.get() && !app.someone_waits().await {
                tokio::task::yield_now().await;
            }
            app.advance(TimeDelta::seconds(30));
            idempotency_key::Entity::update_many()
                .set(idempotency_key::ActiveModel { claimed_at: Set(app.app.clock.now()), ..Default::default() })
                .exec(&*lock)
                .await
                .unwrap();
            lock.commit().await.unwrap();
        };
        let (answer, ()) = join!(sleeping, taking_over);
        let is_late = backend == Backend::Postgres;
        assert_eq!(answer.code(), if is_late { "INTERNAL" } else { "" }, "{}", answer.text);
        assert_eq!(times_off(&app).await, u64::from(!is_late));
    }

    async fn two_at_once_do_one_thing(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        let another = app.another_node().await;
        let (one, two) = join!(
            post_with(&vera, &app, KEY, ADD, days(1)),
            post_with(&vera, &another, KEY, ADD, days(1)),
        );
        let outcome = |answer: &Answer| (answer.code(), is_repeated(answer));
        let outcomes = BTreeSet::from([outcome(&one), outcome(&two)]);
        let done = (String::new(), false);
        let other = outcomes.iter().find(|outcome| **outcome != done);
        assert!(outcomes.contains(&done), "{outcomes:?}");
        assert!(
            matches!(other.map(|(code, is_repeated)| (code.as_str(), *is_repeated)), Some(("", true) | ("IDEMPOTENCY_UNDER_WAY", false))),
            "{outcomes:?}"
        );
        assert_eq!(times_off(&app).await, 1);
    }

    async fn a_socket_takes_the_key_with_the_operation(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        let url = listen(&app).await;
        let mut socket = Socket::open(&url, &vera).await;
        for is_repeated in [false, true] {
            socket
                .ask(json!({ "query": ADD, "variables": days(1), "extensions": { "idempotencyKey": KEY } }))
                .await;
            let answer = socket.hear().await;
            assert_eq!(answer["payload"]["data"]["addTimeOff"]["userErrors"], json!([]), "{answer}");
            let marked = answer["payload"]["extensions"]["idempotency"]["isRepeated"] == true;
            assert_eq!(marked, is_repeated, "{answer}");
            assert_eq!(socket.hear().await["type"], "complete");
        }
        assert_eq!(times_off(&app).await, 1);
    }

    async fn a_key_is_for_one_mutation_of_somebody_without_secrets(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        let nobody = app.client();
        assert_eq!(post_with(&nobody, &app, KEY, ADD, days(1)).await.code(), "UNAUTHENTICATED");
        let two = "mutation($input: AddTimeOffInput!) { a: addTimeOff(input: $input) { userErrors { code } } b: addTimeOff(input: $input) { userErrors { code } } }";
        let spread = "mutation($input: AddTimeOffInput!) { ...F } fragment F on Mutation { addTimeOff(input: $input) { userErrors { code } } }";
        for document in [two, spread] {
            let answer = post_with(&vera, &app, KEY, document, days(1)).await;
            assert_eq!(answer.code(), "IDEMPOTENCY_ONE_MUTATION");
        }
        let codes = "mutation { renewRecoveryCodes(input: { code: \"000000\" }) { recoveryCodes userErrors { code } } }";
        assert_eq!(post_with(&vera, &app, KEY, codes, json!({})).await.code(), "IDEMPOTENCY_SECRET_ANSWER");
        assert_eq!(times_off(&app).await, 0);
        // A query is what it is without one, and uses none up.
        let query = post_with(&vera, &app, KEY, "{ viewer { givenName } }", json!({})).await;
        assert_eq!(query.json()["data"]["viewer"]["givenName"], "Vera", "{}", query.text);
        let added = post_with(&vera, &app, KEY, ADD, days(1)).await;
        assert!(!is_repeated(&added) && added.json().get("errors").is_none(), "{}", added.text);
    }

    async fn what_is_no_key_is_refused_with_what_a_key_is(backend) {
        let app = TestApp::new(backend).await;
        let vera = vera(&app).await;
        for key in ["k".repeat(15), "k".repeat(129), format!("{} k", "k".repeat(16))] {
            let answer = post_with(&vera, &app, &key, ADD, days(1)).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "BAD_REQUEST".to_owned()), "{key}");
            assert!(answer.text.contains("16 to 128 visible ASCII characters"), "{}", answer.text);
        }
        for (month, key) in [(1, "k".repeat(16)), (2, "k".repeat(128))] {
            let answer = post_with(&vera, &app, &key, ADD, days(month)).await;
            assert!(answer.json().get("errors").is_none(), "{}", answer.text);
        }
        let request = |in_body: Value| {
            let body = json!({ "query": ADD, "variables": days(3), "extensions": { "idempotencyKey": in_body } });
            Request::post("/graphql")
                .header("content-type", "application/json")
                .header("authorization", format!("Bearer {}", vera.token().unwrap()))
                .header("idempotency-key", KEY)
                .body(Body::from(body.to_string()))
                .unwrap()
        };
        for wrong in [json!(7), json!("short"), json!("another key than in the header")] {
            assert_eq!(send(&app.router(), request(wrong.clone())).await.status, StatusCode::BAD_REQUEST, "{wrong}");
        }
        assert_eq!(times_off(&app).await, 2);
        let same = send(&app.router(), request(json!(KEY))).await;
        assert_eq!(same.json()["data"]["addTimeOff"]["userErrors"], json!([]), "{}", same.text);
    }
}

/// Those whose payloads, at their first level, have what only their reader may ever see.
#[tokio::test]
async fn mutations_whose_answers_hold_secrets_are_known() {
    let app = TestApp::new(Backend::Sqlite).await;
    let query =
        "{ __schema { mutationType { fields { name type { ofType { fields { name } } } } } } }";
    let schema = app.client().query(query, json!({})).await;
    let is_secret = |field: &Value| {
        let name = field["name"].as_str().unwrap();
        matches!(
            name,
            "accessToken" | "refreshToken" | "recoveryCodes" | "secret"
        )
    };
    let found: BTreeSet<&str> = schema["__schema"]["mutationType"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|mutation| {
            let fields = mutation["type"]["ofType"]["fields"].as_array().unwrap();
            fields.iter().any(is_secret)
        })
        .map(|mutation| mutation["name"].as_str().unwrap())
        .collect();
    let known: BTreeSet<&str> = SECRET.iter().copied().collect();
    // A build with passkeys has one more.
    let not_here: Vec<&str> = known.difference(&found).copied().collect();
    assert_eq!(
        (found.is_subset(&known), not_here),
        (true, vec!["logInWithPasskey"])
    );
}
