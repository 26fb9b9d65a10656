//! The keys behind access tokens: published, shared by servers, kept sealed, and rotated without a token refused.

use std::io::Write as _;
use std::time::Duration;

use api::context::Context;
use api::credentials::key_ring::{self, KeyRing};
use api::credentials::sealing::{Purpose, Sealing};
use api::domain::signing_keys::{begin, replace, rotate};
use api::error::{Code, DomainError};
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use entity::audit_event;
use entity::signing_key::{self, SigningKeyState};
use http_body_util::BodyExt as _;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header, encode};
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::Session;

/// The example of RFC 8410, and its public half as a JSON Web Key has it.
const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
const X: &str = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";

const INSTANT: TimeDelta = TimeDelta::microseconds(1);

async fn rows(app: &TestApp) -> Vec<signing_key::Model> {
    signing_key::Entity::find()
        .order_by_asc(signing_key::Column::State)
        .all(&app.app.store.connection)
        .await
        .unwrap()
}

/// The key's id in each state: current, next, previous.
async fn states(app: &TestApp) -> [Option<String>; 3] {
    let rows = rows(app).await;
    [
        SigningKeyState::Current,
        SigningKeyState::Next,
        SigningKeyState::Previous,
    ]
    .map(|state| {
        rows.iter()
            .find(|row| row.state == state)
            .map(|row| row.kid.clone())
    })
}

async fn rotate_as_operator(app: &TestApp) -> Result<String, DomainError> {
    rotate::run(&Context::system(app.app.clone(), "test")).await
}

async fn is_too_early(app: &TestApp) -> bool {
    match rotate_as_operator(app).await {
        Ok(_) => false,
        Err(DomainError::Rules(violations)) => {
            assert_eq!(violations[0].code, Code::WrongState);
            true
        }
        Err(error) => panic!("{error}"),
    }
}

async fn replace_as_operator(app: &TestApp) -> String {
    replace::run(&Context::system(app.app.clone(), "test"))
        .await
        .unwrap()
}

/// The published keys, and for how long they may be kept.
async fn published(app: &TestApp) -> (Vec<Value>, String) {
    let request = Request::get("/.well-known/jwks.json")
        .body(Body::empty())
        .unwrap();
    let (parts, body) = app.router().oneshot(request).await.unwrap().into_parts();
    assert_eq!(parts.status, 200);
    assert_eq!(parts.headers["content-type"], "application/jwk-set+json");
    let body: Value = serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap();
    let cached = parts.headers["cache-control"].to_str().unwrap().to_owned();
    (body["keys"].as_array().unwrap().clone(), cached)
}

async fn open(app: &TestApp) -> Session {
    Session::open(&app.client(), "nora@example.org", PASSWORD).await
}

fn kid(session: &Session) -> String {
    decode_header(&session.access).unwrap().kid.unwrap()
}

/// How often the keys were asked for in what was sent after the first `count` statements.
fn looks(app: &TestApp, count: usize) -> usize {
    let statements = app.statements_after(count);
    statements
        .iter()
        .filter(|sql| sql.contains("signing_key"))
        .count()
}

on_both_databases! {
    async fn no_request_is_refused_over_three_rotations_of_two_servers(backend) {
        let one = TestApp::new(backend).await;
        let other = one.another_node().await;
        one.sign_up("Nora", "en").await;
        let mut asked = 0;
        let mut signed_by = Vec::new();
        for _ in 0..3 {
            // Until the key before is spent, which is longer than the next has to be known.
            one.advance(rotate::SPENT_AFTER);
            let mut tokens = vec![open(&one).await, open(&other).await];
            let rotated = rotate_as_operator(&one).await.unwrap();
            // Nobody has noticed; then one has; then both.
            for step in 0..3 {
                match step {
                    1 => one.app.keys.look(&one.app).await.unwrap(),
                    2 => other.app.keys.look(&other.app).await.unwrap(),
                    _ => {}
                }
                tokens.push(open(&one).await);
                tokens.push(open(&other).await);
                for token in &tokens {
                    for node in [&one, &other] {
                        for _ in 0..2 {
                            assert!(token.is_live(&node.client()).await, "step {step}");
                            asked += 1;
                        }
                    }
                }
            }
            assert_eq!(tokens.iter().map(kid).filter(|kid| *kid == rotated).count(), 3, "one after the first look, both after the second");
            signed_by.extend(tokens.iter().map(kid));
        }
        signed_by.sort();
        signed_by.dedup();
        assert_eq!(signed_by.len(), 4);
        assert!(asked >= 200, "{asked}");
    }

    async fn a_server_notices_a_rotation_by_itself(backend) {
        let one = TestApp::new(backend).await;
        let other = one.another_node().await;
        let stop = CancellationToken::new();
        let following = tokio::spawn(key_ring::follow(other.app.clone(), Duration::from_millis(10), stop.clone()));
        one.advance(rotate::SPENT_AFTER);
        let rotated = rotate_as_operator(&one).await.unwrap();
        let noticed = async {
            while other.app.keys.current().unwrap().public.id != rotated {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), noticed).await.unwrap();
        stop.cancel();
        following.await.unwrap();
    }

    async fn a_rotation_waits_until_the_next_is_known_and_the_previous_spent(backend) {
        let app = TestApp::new(backend).await;
        let [current, next, previous] = states(&app).await;
        assert_eq!(previous, None);
        app.advance(rotate::KNOWN_AFTER - INSTANT);
        assert!(is_too_early(&app).await);
        app.advance(INSTANT);
        assert_eq!(Some(rotate_as_operator(&app).await.unwrap()), next);
        let after = states(&app).await;
        assert_eq!((&after[0], &after[2]), (&next, &current));
        assert_ne!(after[1], None);
        for row in rows(&app).await {
            assert_eq!(row.sealed_private_key.is_none(), row.state == SigningKeyState::Previous, "what has signed its last is forgotten");
        }
        app.advance(rotate::SPENT_AFTER - INSTANT);
        assert!(is_too_early(&app).await);
        assert_eq!(states(&app).await, after, "nothing changes");
        app.advance(INSTANT);
        assert_eq!(Some(rotate_as_operator(&app).await.unwrap()), after[1]);
        assert!(!rows(&app).await.iter().any(|row| Some(&row.kid) == current.as_ref()));
        let events = audit_event::Entity::find()
            .filter(audit_event::COLUMN.action.eq("signing_key.rotated"))
            .all(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(events.len(), 2, "and nothing of what was refused");
    }

    async fn of_two_rotations_at_once_one_is_made(backend) {
        let app = TestApp::new(backend).await;
        let other = app.another_node().await;
        app.advance(rotate::KNOWN_AFTER);
        let [before, next, _] = states(&app).await;
        let system = |app: &TestApp| Context::system(app.app.clone(), "test");
        let (one, two) = (system(&app), system(&other));
        let (first, second) = tokio::join!(
            api::store::transaction::retrying(|| rotate::run(&one)),
            api::store::transaction::retrying(|| rotate::run(&two)),
        );
        assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
        let [current, _, previous] = states(&app).await;
        assert_eq!((current, previous), (next, before));
    }

    async fn a_replaced_key_holds_no_longer_than_servers_need_to_notice(backend) {
        let one = TestApp::new(backend).await;
        let other = one.another_node().await;
        one.sign_up("Nora", "en").await;
        let old = open(&one).await;
        let new = replace_as_operator(&one).await;
        one.app.keys.look(&one.app).await.unwrap();
        assert!(!old.is_live(&one.client()).await);
        let fresh = Session::refreshed(&one.client(), &old.refresh).await;
        assert_eq!(kid(&fresh), new);
        // The other server has not looked; a key it does not know makes it look.
        one.advance(TimeDelta::seconds(1));
        assert!(fresh.is_live(&other.client()).await);
        assert!(!old.is_live(&other.client()).await);
    }

    async fn made_up_names_of_keys_cost_one_look_a_second(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let session = open(&app).await;
        let key = app.app.keys.current().unwrap();
        let forged: Vec<Session> = (0..20)
            .map(|number| {
                let header = Header { kid: Some(format!("{number:016x}")), ..decode_header(&session.access).unwrap() };
                let access = encode(&header, &json!({}), &key.encoding).unwrap();
                Session { access, refresh: String::new() }
            })
            .collect();
        app.advance(TimeDelta::seconds(1));
        for (looked, advance) in [(1, TimeDelta::seconds(1) - INSTANT), (0, INSTANT), (1, TimeDelta::zero())] {
            let before = app.statements();
            for one in &forged {
                assert!(!one.is_live(&app.client()).await);
            }
            assert_eq!(looks(&app, before), looked);
            app.advance(advance);
        }
        let before = app.statements();
        assert!(session.is_live(&app.client()).await);
        assert_eq!(looks(&app, before), 0, "a known key costs none");
    }

    async fn the_published_keys_verify_what_is_signed_and_tell_nothing_else(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        app.advance(rotate::SPENT_AFTER);
        let before = open(&app).await;
        rotate_as_operator(&app).await.unwrap();
        app.app.keys.look(&app.app).await.unwrap();
        let after = open(&app).await;
        let (keys, cached) = published(&app).await;
        assert_eq!(cached, "public, max-age=60");
        let ids: Vec<_> = keys.iter().map(|key| key["kid"].as_str().map(str::to_owned)).collect();
        assert_eq!(ids, states(&app).await);
        for session in [&before, &after] {
            let key = keys.iter().find(|key| key["kid"] == kid(session)).unwrap();
            let public = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
            let mut validation = Validation::new(Algorithm::EdDSA);
            validation.set_audience(&["marketplace"]);
            validation.validate_exp = false;
            decode::<Value>(&session.access, &public, &validation).unwrap();
        }
        for key in &keys {
            let members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
            assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
        }
    }

    async fn the_first_key_is_that_of_the_file_and_kept_sealed(backend) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(PEM.as_bytes()).unwrap();
        let settings = [
            ("SIGNING_KEY_FILE", file.path().to_str().unwrap()),
            ("SEALING_SECRET", "one secret of thirty-two characters"),
        ];
        let app = TestApp::with_settings(backend, &settings).await;
        assert_eq!(app.app.keys.current().unwrap().public.x, X);
        let rows = rows(&app).await;
        let row = rows.iter().find(|row| row.state == SigningKeyState::Current).unwrap();
        assert_eq!(row.public_key, X);
        let sealed = row.sealed_private_key.as_deref().unwrap();
        let open = |secret: &str| Sealing::new(&secret.into()).open(Purpose::SigningKey, &row.kid, sealed);
        assert!(open("another secret of thirty-two characters").is_err());
        assert_eq!(open("one secret of thirty-two characters").unwrap().len(), 48, "PKCS#8 of an Ed25519 key");

        // A file that changes later changes nothing, and none is needed any more.
        drop(file);
        begin::run(&app.app).await.unwrap();
        assert_eq!(app.another_node().await.app.keys.current().unwrap().public.x, X);
    }

    async fn servers_that_start_together_agree_on_the_first_keys(backend) {
        let app = TestApp::new(backend).await;
        let nodes = [app.another_node().await, app.another_node().await];
        for _ in 0..5 {
            signing_key::Entity::delete_many().exec(&app.app.store.connection).await.unwrap();
            let (one, two, three) = tokio::join!(begin::run(&app.app), begin::run(&nodes[0].app), begin::run(&nodes[1].app));
            for outcome in [one, two, three] {
                outcome.unwrap();
            }
            let [current, next, previous] = states(&app).await;
            assert!(next.is_some() && previous.is_none());
            for node in [&app, &nodes[0], &nodes[1]] {
                assert_eq!(Some(&node.app.keys.current().unwrap().public.id), current.as_ref());
            }
        }
    }

    async fn a_key_that_cannot_be_opened_ends_nothing_that_runs_and_can_be_replaced(backend) {
        let app = TestApp::new(backend).await;
        let connection = &app.app.store.connection;
        let [current, ..] = states(&app).await;
        let damaged = app.app.keys.sealing.seal(Purpose::SigningKey, "another row", b"x").unwrap();
        signing_key::Entity::update_many()
            .set(signing_key::ActiveModel { sealed_private_key: sea_orm::Set(Some(damaged)), ..Default::default() })
            .filter(signing_key::COLUMN.state.eq(SigningKeyState::Current))
            .exec(connection)
            .await
            .unwrap();
        app.app.keys.look(&app.app).await.unwrap();
        assert_eq!(Some(&app.app.keys.current().unwrap().public.id), current.as_ref(), "who has the key at hand goes on");
        let without_secret = KeyRing::new(Sealing::new(&"another secret of thirty-two characters".into()));
        let told = without_secret.look(&app.app).await.unwrap_err().with_causes();
        assert!(told.contains("`marketplace keys replace`") && told.contains("MARKETPLACE_SEALING_SECRET"), "{told}");
        assert!(without_secret.current().is_err() && without_secret.accepted().is_empty());
        replace_as_operator(&app).await;
        app.app.keys.look(&app.app).await.unwrap();
        assert_ne!(Some(&app.app.keys.current().unwrap().public.id), current.as_ref());
    }
}
