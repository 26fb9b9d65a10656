//! How passwords are hashed: anew when today's cost is higher, and never more at once than the machine bears.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use api::config::Argon2Config;
use api::credentials::password::MAX_WAITING;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::account;
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter, Set};
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;
use tower::ServiceExt;

use super::{LOG_IN, REQUEST_RESET, RESET};

const NORA: &str = "nora@example.org";

async fn hash(app: &TestApp) -> String {
    let account = account::Entity::find()
        .filter(account::COLUMN.email_normalized.eq(NORA))
        .one(&app.app.store.connection)
        .await
        .unwrap();
    account.unwrap().password_hash.unwrap()
}

/// Lets a future begin, and says whether it has ended already.
async fn begin(future: &mut Pin<Box<impl Future>>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
}

on_both_databases! {
    async fn a_hash_of_lower_cost_is_renewed_by_a_log_in_that_succeeds(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let before = hash(&app).await;
        assert!(before.contains("m=8,t=1,"), "{before}");
        let dearer = app
            .another_node_with(|config| {
                config.credentials.argon2 = Argon2Config { memory_kib: 16, passes: 2 };
            })
            .await;
        let wrong = json!({ "input": { "email": NORA, "password": "a wrong password" } });
        assert_eq!(dearer.client().user_errors(LOG_IN, wrong).await, ["WRONG_CREDENTIALS"]);
        assert_eq!(hash(&app).await, before);

        dearer.log_in(NORA).await;
        let renewed = hash(&app).await;
        assert!(renewed.contains("m=16,t=2,"), "{renewed}");
        // It still opens, here and there, and stays as it is.
        dearer.log_in(NORA).await;
        app.log_in(NORA).await;
        assert_eq!(hash(&app).await, renewed);
    }

    async fn a_password_that_is_changed_while_it_is_looked_at_opens_nothing(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let new = app.app.hasher.hash(&"an even better password".into()).await.unwrap();
        let slow = app
            .another_node_with(|config| {
                config.credentials.argon2 = Argon2Config { memory_kib: 65_536, passes: 4 };
            })
            .await;
        // From now on the hash takes the slow node's time to look at.
        slow.log_in(NORA).await;
        let right = json!({ "input": { "email": NORA, "password": PASSWORD } });
        let client = slow.client();
        let mut logging_in = Box::pin(client.user_errors(LOG_IN, right));
        while slow.app.hasher.queued() == 0 {
            assert!(!begin(&mut logging_in).await);
            tokio::task::yield_now().await;
        }
        let changed = account::Entity::update_many()
            .set(account::ActiveModel { password_hash: Set(Some(new)), ..Default::default() })
            .filter(account::COLUMN.email_normalized.eq(NORA))
            .exec(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(changed.rows_affected, 1);
        assert_eq!(logging_in.await, ["WRONG_CREDENTIALS"]);
        app.log_in_with(NORA, "an even better password").await;
    }

    async fn when_too_many_passwords_wait_whoever_comes_is_told_when_to_come_back(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        // So slow that all places are taken before the first two are done.
        let slow = app
            .another_node_with(|config| {
                config.credentials.argon2 = Argon2Config { memory_kib: 65_536, passes: 4 };
            })
            .await;
        let hasher = &slow.app.hasher;
        let password = PASSWORD.into();
        let mut hashing: Vec<_> = (0..MAX_WAITING + 2)
            .map(|_| Box::pin(hasher.hash(&password)))
            .collect();
        // The first two are hashed, and pass their turns on to others, who never come.
        for hash in &mut hashing {
            assert!(!begin(hash).await);
        }
        for hash in hashing.drain(..2) {
            hash.await.unwrap();
        }
        for _ in 0..2 {
            let mut hash = Box::pin(hasher.hash(&password));
            assert!(!begin(&mut hash).await);
            hashing.push(hash);
        }

        let right = json!({ "input": { "email": NORA, "password": PASSWORD } });
        let refused = slow.client().graphql(LOG_IN, right.clone()).await;
        let extensions = &refused.body["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["retryAfterSeconds"]), (&json!("UNAVAILABLE"), &json!(5)));
        let french = slow.client().with_language("fr").graphql(LOG_IN, right).await;
        assert_eq!(
            french.body["errors"][0]["message"],
            "Trop de personnes font cela en même temps. Rien n’a été fait; réessayez dans quelques secondes."
        );

        app.client().mutate(REQUEST_RESET, json!({ "email": NORA })).await;
        app.run_jobs().await;
        let token = app.mail_to(NORA).pop().unwrap().token();
        let form = Request::post("/a/reset")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}&password=an+even+better+password")))
            .unwrap();
        let page = slow.router().oneshot(form).await.unwrap();
        assert_eq!((page.status(), &page.headers()[header::RETRY_AFTER]), (StatusCode::SERVICE_UNAVAILABLE, &"5".parse().unwrap()));

        // Nobody waits any more, and nothing is lost: the link has not been used up.
        drop(hashing);
        slow.log_in(NORA).await;
        let input = json!({ "input": { "token": token, "newPassword": "an even better password" } });
        slow.client().mutate(RESET, input).await;
    }
}
