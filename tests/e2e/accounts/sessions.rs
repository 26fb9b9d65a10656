//! One's sessions: listed to their owner and nobody else, and ended from elsewhere.

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_event;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::{REFRESH, Session};

const SESSIONS: &str = "{ viewer { sessions { id createdAt lastUsedAt userAgent isCurrent } } }";
const REVOKE: &str =
    "mutation($id: ID!) { revokeSession(input: { sessionId: $id }) { userErrors { code field } } }";
const REVOKE_OTHERS: &str = "mutation { revokeOtherSessions { count userErrors { code } } }";

/// A session of Nora's, opened by a program of this name.
async fn open(app: &TestApp, program: &str) -> Session {
    Session::open(&app.client().named(program), "nora@example.org", PASSWORD).await
}

async fn listed(app: &TestApp, session: &Session) -> Vec<Value> {
    let data = app
        .client()
        .with_token(&session.access)
        .query(SESSIONS, json!({}))
        .await;
    data["viewer"]["sessions"].as_array().unwrap().clone()
}

async fn programs(app: &TestApp, session: &Session) -> Vec<Value> {
    listed(app, session)
        .await
        .iter()
        .map(|one| one["userAgent"].clone())
        .collect()
}

/// The id of a session, as it tells its owner itself.
async fn id(app: &TestApp, session: &Session) -> Value {
    let sessions = listed(app, session).await;
    let current: Vec<_> = sessions
        .iter()
        .filter(|one| one["isCurrent"] == true)
        .collect();
    assert_eq!(current.len(), 1);
    current[0]["id"].clone()
}

async fn audited(app: &TestApp, action: &str) -> Vec<audit_event::Model> {
    audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq(action))
        .order_by_asc(audit_event::Column::Sequence)
        .all(&app.app.store.connection)
        .await
        .unwrap()
}

on_both_databases! {
    async fn ones_sessions_are_listed_the_last_used_first(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        app.sign_up("Omar", "en").await;
        app.advance(TimeDelta::minutes(1));
        let laptop = open(&app, "Laptop").await;
        app.advance(TimeDelta::minutes(1));
        let phone = open(&app, "Phone").await;
        assert_eq!(programs(&app, &phone).await, [json!("Phone"), json!("Laptop"), Value::Null]);
        app.advance(TimeDelta::minutes(1));
        let sessions = listed(&app, &laptop).await;
        assert_eq!(sessions[0]["userAgent"], "Laptop");
        assert_eq!(sessions[0]["isCurrent"], true);
        let now = app.app.clock.now();
        let minutes = |field: &str| (now - sessions[0][field].as_str().unwrap().parse::<DateTime<Utc>>().unwrap()).num_minutes();
        assert_eq!((minutes("createdAt"), minutes("lastUsedAt")), (2, 0));
        assert_eq!(sessions[1]["isCurrent"], false);
        assert_eq!(sessions.len(), 3, "and none of Omar's");
    }

    async fn a_session_that_is_over_is_not_listed(backend) {
        let app = TestApp::with_settings(backend, &[("SESSION_DAYS", "1")]).await;
        app.sign_up("Nora", "en").await;
        let phone = open(&app, "Phone").await;
        app.client().with_token(&phone.access).mutate("mutation { logOut { userErrors { code } } }", json!({})).await;
        app.advance(TimeDelta::days(1) - TimeDelta::microseconds(1));
        let laptop = open(&app, "Laptop").await;
        assert_eq!(programs(&app, &laptop).await, [json!("Laptop"), Value::Null]);
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(programs(&app, &laptop).await, [json!("Laptop")], "the one of the sign-up went unused for a day");
    }

    async fn staff_does_not_see_the_sessions_of_others(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let account = nora.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
        let document = "query($id: ID!) { node(id: $id) { ... on Account { email sessions { id } } } }";
        for staff in [app.coordinator().await, app.admin().await] {
            let node = staff.query(document, json!({ "id": account })).await["node"].clone();
            assert_eq!(node, json!({ "email": "nora@example.org", "sessions": null }));
        }
    }

    async fn a_session_is_ended_from_elsewhere_once(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let (laptop, phone) = (open(&app, "Laptop").await, open(&app, "Phone").await);
        let lost = json!({ "id": id(&app, &phone).await });
        let nora = app.client().with_token(&laptop.access);
        for _ in 0..2 {
            nora.mutate(REVOKE, lost.clone()).await;
            assert!(!phone.is_live(&app.client()).await);
            assert_eq!(audited(&app, "session.revoked").await.len(), 1, "once, and the first time");
        }
        assert_eq!(app.client().error_code(REFRESH, json!({ "token": phone.refresh })).await, "UNAUTHENTICATED");
        assert!(laptop.is_live(&app.client()).await);
        let events = audited(&app, "session.revoked").await;
        assert_eq!(events[0].subject_kind, "session");
        assert!(events[0].actor_account_id.is_some());
    }

    async fn one_may_end_the_session_in_use(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let laptop = open(&app, "Laptop").await;
        let own = json!({ "id": id(&app, &laptop).await });
        app.client().with_token(&laptop.access).mutate(REVOKE, own).await;
        assert!(!laptop.is_live(&app.client()).await);
    }

    async fn a_strangers_session_is_as_one_that_does_not_exist(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        let laptop = open(&app, "Laptop").await;
        let noras = id(&app, &laptop).await;
        let absent = json!("session_00000000000000000000000000");
        for stranger in [app.sign_up("Omar", "en").await, app.coordinator().await, app.admin().await] {
            let mut answers = Vec::new();
            for id in [&noras, &absent] {
                let mut answer = stranger.graphql(REVOKE, json!({ "id": id })).await.body;
                answer["errors"][0]["extensions"]["requestId"] = Value::Null;
                answers.push(answer);
            }
            assert_eq!(answers[0]["errors"][0]["extensions"]["code"], "NOT_FOUND");
            assert_eq!(answers[0], answers[1]);
        }
        assert!(laptop.is_live(&app.client()).await);
        assert!(audited(&app, "session.revoked").await.is_empty());
        let nora = app.client().with_token(&laptop.access);
        assert_eq!(nora.user_errors(REVOKE, json!({ "id": "account_1" })).await, ["INVALID sessionId"]);
    }

    async fn all_others_are_ended_at_once(backend) {
        let app = TestApp::new(backend).await;
        app.sign_up("Nora", "en").await;
        app.sign_up("Omar", "en").await;
        let omar = Session::open(&app.client(), "omar@example.org", PASSWORD).await;
        let (laptop, phone) = (open(&app, "Laptop").await, open(&app, "Phone").await);
        let nora = app.client().with_token(&laptop.access);
        assert_eq!(nora.mutate(REVOKE_OTHERS, json!({})).await["count"], 2);
        assert_eq!(programs(&app, &laptop).await, [json!("Laptop")]);
        assert!(!phone.is_live(&app.client()).await);
        assert!(omar.is_live(&app.client()).await);
        assert_eq!(nora.mutate(REVOKE_OTHERS, json!({})).await["count"], 0);
        let events = audited(&app, "account.other_sessions_revoked").await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].detail, json!({ "count": 2 }));
    }
}
