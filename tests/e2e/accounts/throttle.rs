//! Throttles, with the numbers of production: per client and operation, shared by every node; a stranger cannot lock
//! anybody out.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use api::limiter::Operation;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::TimeDelta;
use entity::{session, throttle};
use futures_util::future::join_all;
use http_body_util::BodyExt;
use sea_orm::{ColumnTrait as _, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::database::Backend;
use tests::on_both_databases;
use tower::ServiceExt;

use super::{LOG_IN, REFRESH, REGISTER, REQUEST_RESET, RESET, VERIFY};

const STRANGER: &str = "203.0.113.7";
const SOMEBODY: &str = "2001:db8::1";

pub(super) async fn production(backend: Backend) -> TestApp {
    let settings = [
        ("ENVIRONMENT", "production"),
        ("BASE_URL", "https://marketplace.test"),
        ("MAIL_TRANSPORT", "smtps://mailer:secret@mail.test"),
        ("LINK_SECRET", "a secret of thirty-two characters or more"),
        ("SEALING_SECRET", "another secret of thirty-two characters"),
        ("STAFF_SECOND_FACTOR", "required"),
        ("MAIL_POSTAL_ADDRESS", "1 Main Street, Ottawa ON K1A 0A1"),
        ("ARGON2_MEMORY_KIB", "19456"),
        ("ARGON2_PASSES", "2"),
    ];
    TestApp::with_settings(backend, &settings).await
}

/// Sends what a client at `address` posts.
async fn send(
    app: &TestApp,
    address: &str,
    request: Builder,
    body: String,
) -> (StatusCode, HeaderMap, String) {
    let client: IpAddr = address.parse().unwrap();
    let request = request
        .extension(ConnectInfo(SocketAddr::from((client, 50_000))))
        .body(Body::from(body))
        .unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (parts.status, parts.headers, text)
}

/// Posts a document as a client at `address` and returns the body.
async fn post(app: &TestApp, address: &str, document: &str, variables: &Value) -> Value {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json");
    let body = json!({ "query": document, "variables": variables }).to_string();
    let (_, _, text) = send(app, address, request, body).await;
    serde_json::from_str(&text).unwrap()
}

/// Posts a form and returns the status, and the seconds to wait if there are any.
async fn post_form(
    app: &TestApp,
    address: &str,
    path: &str,
    form: &str,
) -> (StatusCode, Option<u64>) {
    let media_type = "application/x-www-form-urlencoded";
    let request = Request::post(path).header(header::CONTENT_TYPE, media_type);
    let (status, headers, _) = send(app, address, request, form.to_owned()).await;
    let wait = headers.get(header::RETRY_AFTER);
    (
        status,
        wait.map(|seconds| seconds.to_str().unwrap().parse().unwrap()),
    )
}

/// The seconds to wait of an answer that is a refusal.
fn refusal(body: &Value) -> Option<u64> {
    let extensions = &body["errors"][0]["extensions"];
    assert_ne!(extensions["code"], "INTERNAL", "{body:#}");
    (extensions["code"] == "RATE_LIMITED")
        .then(|| extensions["retryAfterSeconds"].as_u64().unwrap())
}

/// Tries until refused and says how many tries were let through, and for how many seconds the next is refused.
async fn tries(app: &TestApp, address: &str, document: &str, variables: &Value) -> (usize, u64) {
    for count in 0..40 {
        if let Some(seconds) = refusal(&post(app, address, document, variables).await) {
            return (count, seconds);
        }
    }
    panic!("never refused");
}

fn guess() -> Value {
    json!({ "input": { "email": "nora@example.org", "password": "a guess" } })
}

async fn rows(app: &TestApp) -> Vec<throttle::Model> {
    let connection = &app.app.store.connection;
    throttle::Entity::find().all(connection).await.unwrap()
}

on_both_databases! {
    async fn a_client_may_try_to_log_in_three_times_a_minute_and_locks_nobody_out(backend) {
        let app = production(backend).await;
        app.sign_up("Nora", "en").await;
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess()).await, (3, 20));
        let right = json!({ "input": { "email": "nora@example.org", "password": PASSWORD } });
        let body = post(&app, SOMEBODY, LOG_IN, &right).await;
        assert!(body["data"]["logIn"]["accessToken"].is_string(), "{body:#}");

        // One more is free after a third of the minute, not before; all three after a minute of quiet.
        app.advance(TimeDelta::seconds(20) - TimeDelta::microseconds(1));
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess()).await, (0, 1));
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess()).await, (1, 20));
        app.advance(TimeDelta::minutes(1));
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess()).await, (3, 20));
    }

    async fn a_client_may_sign_up_three_times_an_hour_and_fill_in_the_form_thirty_times_a_minute(backend) {
        let app = production(backend).await;
        let refused = json!({ "input": { "email": "no address", "password": PASSWORD, "givenName": "N" } });
        for _ in 0..27 {
            let body = post(&app, STRANGER, REGISTER, &refused).await;
            assert_eq!(body["data"]["registerAccount"]["userErrors"][0]["code"], "INVALID", "{body:#}");
        }
        // Who corrects the form still signs up.
        let accepted = json!({ "input": { "email": "n@example.org", "password": PASSWORD, "givenName": "N" } });
        let body = post(&app, STRANGER, REGISTER, &accepted).await;
        assert_eq!(body["data"]["registerAccount"]["isMailSent"], true, "{body:#}");
        assert_eq!(tries(&app, STRANGER, REGISTER, &refused).await, (2, 2));
        app.advance(TimeDelta::minutes(1));
        assert_eq!(tries(&app, STRANGER, REGISTER, &accepted).await, (2, 1_140));
        assert_eq!(tries(&app, SOMEBODY, REGISTER, &accepted).await, (3, 1_200));
        app.run_jobs().await;
    }

    async fn a_client_may_ask_for_a_reset_three_times_an_hour_whatever_the_address(backend) {
        let app = production(backend).await;
        let unknown = json!({ "email": "nobody@example.org" });
        assert_eq!(tries(&app, STRANGER, REQUEST_RESET, &unknown).await, (3, 1_200));
        assert_eq!(tries(&app, SOMEBODY, REQUEST_RESET, &unknown).await, (3, 1_200));
        app.run_jobs().await;
    }

    async fn whoever_has_one_address_of_an_ipv6_network_has_all_of_them(backend) {
        let app = production(backend).await;
        let unknown = json!({ "email": "nobody@example.org" });
        for address in [SOMEBODY, "2001:db8::2", "2001:db8::ffff:ffff:ffff:ffff"] {
            assert_eq!(refusal(&post(&app, address, REQUEST_RESET, &unknown).await), None, "{address}");
        }
        assert_eq!(tries(&app, "2001:db8::3", REQUEST_RESET, &unknown).await, (0, 1_200));
        assert_eq!(tries(&app, "2001:db8:0:1::1", REQUEST_RESET, &unknown).await, (3, 1_200));
        app.run_jobs().await;
    }

    async fn nodes_share_the_counters_and_a_restart_forgets_nothing(backend) {
        let app = production(backend).await;
        app.sign_up("Nora", "en").await;
        let other = app.another_node().await;
        for node in [&app, &other, &app] {
            assert_eq!(refusal(&post(node, STRANGER, LOG_IN, &guess()).await), None);
        }
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess()).await, (0, 20));
        assert_eq!(tries(&other, STRANGER, LOG_IN, &guess()).await, (0, 20));

        // One mail an hour for an address, whichever node is asked.
        let nora = json!({ "email": "nora@example.org" });
        let before = app.mails().len();
        post(&app, STRANGER, REQUEST_RESET, &nora).await;
        post(&other, SOMEBODY, REQUEST_RESET, &nora).await;
        app.run_jobs().await;
        assert_eq!(app.mails().len(), before + 1);

        // A server that begins anew has nothing in its memory.
        let restarted = app.another_node().await;
        drop((app, other));
        assert_eq!(tries(&restarted, STRANGER, LOG_IN, &guess()).await, (0, 20));
        restarted.advance(TimeDelta::seconds(20));
        assert_eq!(tries(&restarted, STRANGER, LOG_IN, &guess()).await, (1, 20));
    }

    async fn tries_at_once_on_two_nodes_are_counted_each(backend) {
        let app = production(backend).await;
        let other = app.another_node().await;
        let guess = guess();
        let racing = (0..20).map(|number| {
            let node = if number % 2 == 0 { &app } else { &other };
            post(node, STRANGER, LOG_IN, &guess)
        });
        let answered = join_all(racing).await.iter().filter(|body| refusal(body).is_none()).count();
        assert_eq!(answered, 3);
    }

    async fn each_alias_of_a_document_is_a_try(backend) {
        let app = production(backend).await;
        app.sign_up("Nora", "en").await;
        let connection = &app.app.store.connection;
        let before = session::Entity::find().count(connection).await.unwrap();
        let aliases: Vec<String> = (0..20)
            .map(|number| format!("try{number}: logIn(input: $input) {{ accessToken userErrors {{ code }} }} "))
            .collect();
        let document = format!("mutation($input: LogInInput!) {{ {} }}", aliases.concat());
        let right = json!({ "input": { "email": "nora@example.org", "password": PASSWORD } });
        let body = post(&app, STRANGER, &document, &right).await;
        // 3 were answered and 17 refused, of which an answer tells the first few.
        assert_eq!(session::Entity::find().count(connection).await.unwrap(), before + 3);
        let errors = body["errors"].as_array().unwrap();
        assert!(errors.len() >= 5, "{body:#}");
        for (error, number) in errors.iter().zip(3..8) {
            assert_eq!(error["extensions"]["code"], "RATE_LIMITED");
            assert_eq!(error["path"], json!([format!("try{number}")]));
        }
    }

    async fn a_client_may_show_thirty_tokens_a_minute_and_made_up_ones_take_no_writers_turn(backend) {
        let app = production(backend).await;
        let token = json!({ "token": "made-up" });
        assert_eq!(tries(&app, STRANGER, REFRESH, &token).await, (30, 2));
        assert_eq!(tries(&app, STRANGER, VERIFY, &token).await, (30, 2));
        // The links of mails are counted together.
        let reset = json!({ "input": { "token": "made-up", "newPassword": PASSWORD } });
        assert_eq!(tries(&app, STRANGER, RESET, &reset).await, (0, 2));
        assert_eq!(post_form(&app, STRANGER, "/a/verify", "token=made-up").await, (StatusCode::TOO_MANY_REQUESTS, Some(2)));
        assert_eq!(tries(&app, SOMEBODY, RESET, &reset).await, (30, 2));

        for (path, form, status) in [
            ("/a/verify", "token=made-up", StatusCode::GONE),
            ("/a/address", "token=made-up", StatusCode::GONE),
            ("/a/reset", "token=made-up&password=correct+horse+battery+staple", StatusCode::GONE),
            ("/a/offer", "token=made-up&action=accept", StatusCode::BAD_REQUEST),
        ] {
            app.advance(TimeDelta::minutes(1));
            let before = app.statements();
            for _ in 0..30 {
                assert_eq!(post_form(&app, STRANGER, path, form).await, (status, None), "{path}");
            }
            for statement in app.statements_after(before) {
                let counts = statement.starts_with("INSERT INTO \"throttle\"");
                assert!(counts || statement.starts_with("SELECT"), "{path}: {statement}");
            }
            let refused = (StatusCode::TOO_MANY_REQUESTS, Some(2));
            assert_eq!(post_form(&app, STRANGER, path, form).await, refused, "{path}");
            // What this node has refused once costs the database nothing any more.
            let before = app.statements();
            assert_eq!(post_form(&app, STRANGER, path, form).await, refused, "{path}");
            assert_eq!(app.statements(), before, "{path}");
        }
    }

    async fn mail_programs_unsubscribe_many_people_from_one_address(backend) {
        let app = production(backend).await;
        for number in 0..31 {
            let form = "List-Unsubscribe=One-Click";
            let path = format!("/a/unsubscribe?token={}", unsubscribe_token(&app, &format!("p{number}")).await);
            assert_eq!(post_form(&app, STRANGER, &path, form).await, (StatusCode::OK, None));
            if number == 30 {
                for _ in 1..30 {
                    assert_eq!(post_form(&app, STRANGER, &path, form).await, (StatusCode::OK, None));
                }
                assert_eq!(post_form(&app, SOMEBODY, &path, form).await, (StatusCode::TOO_MANY_REQUESTS, Some(2)));
            }
        }
    }

    async fn what_is_stored_names_nobody_and_is_forgotten_when_it_is_over(backend) {
        let app = production(backend).await;
        post(&app, STRANGER, REQUEST_RESET, &json!({ "email": "nobody@example.org" })).await;
        app.run_jobs().await;
        let mut stored = BTreeMap::new();
        for row in rows(&app).await {
            assert!(row.key_hash.len() == 64 && row.key_hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{row:?}");
            // Nor is it the plain hash of something that can be guessed.
            for guess in [STRANGER, "203.0.113.0", "nobody@example.org"] {
                assert_ne!(row.key_hash, api::credentials::secret_token::hash(guess));
            }
            stored.insert(row.operation, row.key_hash);
        }
        assert_eq!(stored.keys().collect::<Vec<_>>(), ["mail_recovery", "recover"]);

        let limiter = &app.app.limiter;
        for number in 0..254 {
            limiter.check(Operation::MailRecovery, &number.to_string()).await.unwrap();
        }
        // The last of them forgot nothing: nobody's quota is free again.
        assert_eq!(rows(&app).await.len(), 256);
        app.advance(TimeDelta::hours(1));
        for number in 0..256 {
            limiter.check(Operation::LogIn, &number.to_string()).await.unwrap();
        }
        let left = rows(&app).await;
        assert_eq!(left.len(), 256, "the hour's are forgotten");
        assert!(left.iter().all(|row| row.operation == "log_in"));
    }

    async fn a_clock_that_was_wrong_shuts_nobody_out(backend) {
        let app = production(backend).await;
        app.advance(TimeDelta::days(400));
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess()).await, (3, 20));
        app.advance(-TimeDelta::days(400));
        let restarted = app.another_node().await;
        assert_eq!(tries(&restarted, STRANGER, LOG_IN, &guess()).await, (3, 20));
        // Nor does a server keep to what it refused by that clock.
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess()).await, (0, 20));
        // Clocks that differ a little give nobody more tries.
        app.advance(-TimeDelta::minutes(5));
        assert_eq!(tries(&restarted, STRANGER, LOG_IN, &guess()).await, (0, 320));
        assert_eq!(tries(&app.another_node().await, STRANGER, LOG_IN, &guess()).await, (0, 320));
    }
}

/// The token of the link by which somebody new stops digests.
async fn unsubscribe_token(app: &TestApp, name: &str) -> String {
    use api::credentials::link_token;
    use api::outbox::UNSUBSCRIBE_PURPOSE;
    use entity::account;
    use matcher::mail::Topic;
    use sea_orm::QueryFilter;

    let email = format!("{name}@example.org");
    let input = json!({ "email": email, "password": PASSWORD, "givenName": name });
    app.client()
        .mutate(REGISTER, json!({ "input": input }))
        .await;
    app.run_jobs().await;
    let account = account::Entity::find()
        .filter(account::COLUMN.email_normalized.eq(email))
        .one(&app.app.store.connection)
        .await
        .unwrap()
        .unwrap();
    let secret = &app.app.config.credentials.link_secret;
    let end = app.app.clock.now() + TimeDelta::days(1);
    link_token::sign(
        secret,
        UNSUBSCRIBE_PURPOSE,
        (account.id, Topic::Digest),
        end,
    )
}
