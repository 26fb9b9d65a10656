//! Refresh tokens: good for one use; a copy is noticed; an answer that was lost on the way may be asked for again.

use axum::http::StatusCode;
use entity::session::{self, SessionEndReason};
use entity::{audit_event, refresh_token};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

/// What a client holds.
struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    fn read(payload: &Value) -> Self {
        let text = |name: &str| payload[name].as_str().unwrap().to_owned();
        Self {
            access: text("accessToken"),
            refresh: text("refreshToken"),
        }
    }
}

async fn log_in(app: &TestApp, name: &str) -> Tokens {
    app.sign_up(name, "en").await;
    let email = format!("{}@example.org", name.to_lowercase());
    let payload = app
        .client()
        .mutate(
            "mutation($input: LogInInput!) { logIn(input: $input) { accessToken refreshToken userErrors { code } } }",
            json!({ "input": { "email": email, "password": PASSWORD } }),
        )
        .await;
    Tokens::read(&payload)
}

/// The next tokens, or the error's code.
async fn refresh(app: &TestApp, token: &str) -> Result<Tokens, String> {
    let answer = app
        .client()
        .graphql(
            "mutation($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken refreshToken userErrors { code } } }",
            json!({ "token": token }),
        )
        .await
        .body;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(Tokens::read(&answer["data"]["refreshSession"])),
    }
}

async fn is_refused(app: &TestApp, token: &str) -> bool {
    refresh(app, token).await.err().as_deref() == Some("UNAUTHENTICATED")
}

async fn show(app: &TestApp, access: &str) -> StatusCode {
    let client = app.client().with_token(access);
    client
        .graphql("{ viewer { email } }", json!({}))
        .await
        .status
}

/// How many sessions a second use ended, each of which is in the audit trail.
async fn ended_by_reuse(app: &TestApp) -> u64 {
    let db = &app.app.store.connection;
    let ended = session::Entity::find()
        .filter(session::COLUMN.end_reason.eq(SessionEndReason::Reused))
        .count(db)
        .await
        .unwrap();
    let noted = audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq("session.reused"))
        .count(db)
        .await
        .unwrap();
    assert_eq!(noted, ended);
    ended
}

on_both_databases! {
    async fn an_answer_that_was_lost_can_be_asked_for_again(backend) {
        let app = TestApp::new(backend).await;
        let first = log_in(&app, "Nora").await;
        let _lost = refresh(&app, &first.refresh).await.unwrap();
        // The client still works with what it has, which does not count as having got the answer.
        assert_eq!(show(&app, &first.access).await, StatusCode::OK);
        let again = refresh(&app, &first.refresh).await.unwrap();
        assert_eq!(show(&app, &again.access).await, StatusCode::OK);
        let next = refresh(&app, &again.refresh).await.unwrap();
        assert_eq!(show(&app, &next.access).await, StatusCode::OK);
        assert_eq!(ended_by_reuse(&app).await, 0);
    }

    async fn a_token_whose_answer_arrived_ends_the_session_when_it_comes_back(backend) {
        let app = TestApp::new(backend).await;
        let first = log_in(&app, "Nora").await;
        let second = refresh(&app, &first.refresh).await.unwrap();
        assert_eq!(show(&app, &second.access).await, StatusCode::OK);
        // A thief's copy: the owner has the answer, since its access token was shown.
        assert!(is_refused(&app, &first.refresh).await);
        assert_eq!(ended_by_reuse(&app).await, 1);
        assert_eq!(show(&app, &second.access).await, StatusCode::UNAUTHORIZED);
        assert!(is_refused(&app, &second.refresh).await);
    }

    async fn a_token_two_steps_back_ends_the_session(backend) {
        let app = TestApp::new(backend).await;
        let first = log_in(&app, "Nora").await;
        let second = refresh(&app, &first.refresh).await.unwrap();
        let third = refresh(&app, &second.refresh).await.unwrap();
        assert!(is_refused(&app, &first.refresh).await);
        assert_eq!(ended_by_reuse(&app).await, 1);
        assert!(is_refused(&app, &third.refresh).await);
    }

    async fn the_lost_answers_token_ends_the_session_when_it_turns_up_after_all(backend) {
        let app = TestApp::new(backend).await;
        let first = log_in(&app, "Nora").await;
        let lost = refresh(&app, &first.refresh).await.unwrap();
        let again = refresh(&app, &first.refresh).await.unwrap();
        // Two hold tokens of one session: one of them is a thief.
        assert!(is_refused(&app, &lost.refresh).await);
        assert_eq!(ended_by_reuse(&app).await, 1);
        assert!(is_refused(&app, &again.refresh).await);
    }

    async fn of_two_uses_at_once_never_two_chains_live_on(backend) {
        let app = TestApp::new(backend).await;
        for round in 0..12 {
            let first = log_in(&app, &format!("Racer{round}")).await;
            let second = refresh(&app, &first.refresh).await.unwrap();
            let (_, _) = tokio::join!(refresh(&app, &first.refresh), refresh(&app, &second.refresh));
            let connection = &app.app.store.connection;
            let claims = refresh_token::Entity::find()
                .find_also_related(session::Entity)
                .filter(refresh_token::COLUMN.used_at.is_null())
                .filter(session::COLUMN.ended_at.is_null())
                .all(connection)
                .await
                .unwrap();
            let mut live: Vec<_> = claims.iter().map(|(token, _)| token.session_id).collect();
            let all = live.len();
            live.sort_unstable();
            live.dedup();
            assert_eq!(live.len(), all, "a session has two refresh tokens that can be used");
        }
    }
}
