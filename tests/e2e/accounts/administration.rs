//! What administrators do to accounts of others: at once, on the record, and never so that nobody is left to administer.

use api::context::Context;
use api::credentials::access_token::{Occasion, authenticate};
use api::domain::accounts::{create_staff, disable, set_staff_role};
use api::error::{Code, DomainError};
use entity::account::{self, AccountState, StaffRole};
use entity::audit_event;
use entity::personal::Personal;
use entity::session::{self, SessionEndReason};
use sea_orm::{ColumnTrait as _, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::on_both_databases;

use super::{LOG_IN, REFRESH, REGISTER, REQUEST_RESET, RESET, Session, VERIFY};

const FIND: &str = "query($email: String!) { account(email: $email) { id state staffRole } }";
const DISABLE: &str = "mutation($id: ID!) { disableAccount(input: { accountId: $id }) { account { state } userErrors { code field } } }";
const ENABLE: &str = "mutation($id: ID!) { enableAccount(input: { accountId: $id }) { account { state } userErrors { code field } } }";
const SET_ROLE: &str = "mutation($id: ID!, $role: GivenStaffRole!) {
    setStaffRole(input: { accountId: $id, staffRole: $role }) { account { staffRole } userErrors { code field } }
}";
const ABSENT: &str = "account_00000000000000000000000000";

async fn row(app: &TestApp, email: &str) -> account::Model {
    account::Entity::find()
        .filter(account::COLUMN.email_normalized.eq(email))
        .one(&app.app.store.connection)
        .await
        .unwrap()
        .unwrap()
}

async fn id(admin: &Client, email: &str) -> Value {
    let account = admin.query(FIND, json!({ "email": email })).await["account"].clone();
    assert!(account["id"].is_string(), "there is {email}");
    account["id"].clone()
}

async fn audited(app: &TestApp, action: &str) -> Vec<Value> {
    audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq(action))
        .order_by_asc(audit_event::Column::Sequence)
        .all(&app.app.store.connection)
        .await
        .unwrap()
        .into_iter()
        .map(|event| {
            assert_eq!(event.actor_kind, audit_event::AuditActorKind::Staff);
            assert!(event.subject_id.is_some());
            event.detail
        })
        .collect()
}

async fn admins(app: &TestApp) -> u64 {
    account::Entity::find()
        .filter(account::COLUMN.staff_role.eq(StaffRole::Admin))
        .filter(account::COLUMN.state.eq(AccountState::Active))
        .count(&app.app.store.connection)
        .await
        .unwrap()
}

/// The codes of the rules that a use case found broken.
fn codes<T: std::fmt::Debug>(outcome: Result<T, DomainError>) -> Vec<Code> {
    match outcome {
        Err(DomainError::Rules(violations)) => violations.iter().map(|one| one.code).collect(),
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_disabled_account_is_out_at_once_and_may_come_back(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        app.sign_up("Nora", "en").await;
        let nora = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        let omar = app.sign_up("Omar", "en").await;
        let account = json!({ "id": id(&admin, "nora@example.org").await });

        for _ in 0..2 {
            let payload = admin.mutate(DISABLE, account.clone()).await;
            assert_eq!(payload["account"]["state"], "DISABLED");
        }
        assert!(!nora.is_live(&app.client()).await);
        assert_eq!(app.client().error_code(REFRESH, json!({ "token": nora.refresh })).await, "UNAUTHENTICATED");
        let log_in = json!({ "input": { "email": "nora@example.org", "password": PASSWORD } });
        assert_eq!(app.client().user_errors(LOG_IN, log_in).await, ["WRONG_CREDENTIALS"]);
        let ended = session::Entity::find()
            .filter(session::COLUMN.end_reason.eq(SessionEndReason::Disabled))
            .count(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(ended, 2, "that of the sign-up and the other");
        assert_eq!(audited(&app, "account.disabled").await, [json!({})], "the second time nothing was left to do");
        omar.query("{ viewer { email } }", json!({})).await;

        for _ in 0..2 {
            let payload = admin.mutate(ENABLE, account.clone()).await;
            assert_eq!(payload["account"]["state"], "ACTIVE");
        }
        assert!(!nora.is_live(&app.client()).await, "what was ended stays ended");
        assert!(Session::open(&app.client(), "nora@example.org", PASSWORD).await.is_live(&app.client()).await);
        assert_eq!(audited(&app, "account.enabled").await, [json!({})]);
    }

    async fn links_mailed_before_are_of_no_use_after(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        app.sign_up("Nora", "en").await;
        let register = json!({ "input": { "email": "omar@example.org", "password": PASSWORD, "givenName": "Omar" } });
        app.client().mutate(REGISTER, register).await;
        app.client().mutate(REQUEST_RESET, json!({ "email": "nora@example.org" })).await;
        app.run_jobs().await;
        for email in ["nora@example.org", "omar@example.org"] {
            let account = json!({ "id": id(&admin, email).await });
            admin.mutate(DISABLE, account.clone()).await;
            admin.mutate(ENABLE, account).await;
        }
        let reset = app.mail_to("nora@example.org").pop().unwrap().token();
        let input = json!({ "input": { "token": reset, "newPassword": "another good sentence" } });
        assert_eq!(app.client().user_errors(RESET, input).await, ["EXPIRED token"]);
        let verification = app.mail_to("omar@example.org").pop().unwrap().token();
        assert_eq!(app.client().user_errors(VERIFY, json!({ "token": verification })).await, ["EXPIRED token"]);
        assert_eq!(row(&app, "omar@example.org").await.state, AccountState::Unverified, "enabling confirms nothing");
    }

    async fn a_staff_role_is_given_and_taken_and_ends_what_was_open(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        app.sign_up("Nora", "en").await;
        let account = id(&admin, "nora@example.org").await;
        for (role, shown) in [(json!("COORDINATOR"), "COORDINATOR"), (json!("ADMIN"), "ADMIN"), (json!("NONE"), "")] {
            let before = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
            let payload = admin.mutate(SET_ROLE, json!({ "id": account, "role": role })).await;
            assert_eq!(payload["account"]["staffRole"].as_str().unwrap_or_default(), shown);
            assert!(!before.is_live(&app.client()).await);
            let after = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
            admin.mutate(SET_ROLE, json!({ "id": account, "role": role })).await;
            assert!(after.is_live(&app.client()).await, "nothing changed");
            let may_look = app.client().with_token(&after.access).graphql(FIND, json!({ "email": "x" })).await;
            assert_eq!(may_look.body["errors"][0]["extensions"]["code"].as_str(), (shown == "COORDINATOR").then_some("FORBIDDEN"));
        }
        let changes = audited(&app, "account.staff_role_set").await;
        assert_eq!(changes, [
            json!({ "from": null, "to": "coordinator" }),
            json!({ "from": "coordinator", "to": "admin" }),
            json!({ "from": "admin", "to": null }),
        ]);
    }

    async fn a_role_goes_to_an_open_account_of_a_confirmed_address(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        app.sign_up("Nora", "en").await;
        let register = json!({ "input": { "email": "omar@example.org", "password": PASSWORD, "givenName": "Omar" } });
        app.client().mutate(REGISTER, register).await;
        let (nora, omar) = (id(&admin, "nora@example.org").await, id(&admin, "omar@example.org").await);
        let give = |id: &Value| json!({ "id": id, "role": "COORDINATOR" });
        assert_eq!(admin.user_errors(SET_ROLE, give(&omar)).await, ["UNVERIFIED accountId"]);
        admin.mutate(SET_ROLE, give(&nora)).await;
        admin.mutate(DISABLE, json!({ "id": nora })).await;
        admin.mutate(SET_ROLE, json!({ "id": nora, "role": "NONE" })).await;
        assert_eq!(admin.user_errors(SET_ROLE, give(&nora)).await, ["WRONG_STATE accountId"]);

        account::Entity::update_many()
            .set(account::ActiveModel { state: Set(AccountState::Erased), ..Default::default() })
            .filter(account::COLUMN.email_normalized.eq("nora@example.org"))
            .exec(&app.app.store.connection)
            .await
            .unwrap();
        for document in [DISABLE, ENABLE] {
            assert_eq!(admin.user_errors(document, json!({ "id": nora })).await, ["WRONG_STATE accountId"]);
        }
        assert_eq!(admin.user_errors(SET_ROLE, give(&nora)).await, ["WRONG_STATE accountId"]);
        let outcomes = audited(&app, "account.staff_role_set").await;
        assert_eq!(outcomes.len(), 2, "what was refused is not on the record");
    }

    async fn administrators_do_it_to_others_and_nobody_else_does(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        let nora = app.sign_up("Nora", "en").await;
        let coordinator = app.coordinator().await;
        let (of_nora, of_admin) = (id(&admin, "nora@example.org").await, id(&admin, "admin@example.org").await);
        for document in [DISABLE, ENABLE, SET_ROLE] {
            for (who, account, answer) in [
                (&app.client(), &of_nora, "UNAUTHENTICATED"),
                (&nora, &of_nora, "FORBIDDEN"),
                (&nora, &of_admin, "NOT_FOUND"),
                (&nora, &json!(ABSENT), "NOT_FOUND"),
                (&coordinator, &of_nora, "FORBIDDEN"),
                (&coordinator, &json!(ABSENT), "FORBIDDEN"),
                (&admin, &of_admin, "FORBIDDEN"),
                (&admin, &json!(ABSENT), "NOT_FOUND"),
            ] {
                let variables = json!({ "id": account, "role": "COORDINATOR" });
                assert_eq!(who.error_code(document, variables).await, answer, "{document}");
            }
            let wrong = json!({ "id": "organization_1", "role": "ADMIN" });
            assert_eq!(admin.user_errors(document, wrong).await, ["INVALID accountId"]);
        }
        assert_eq!(row(&app, "nora@example.org").await.state, AccountState::Active);
    }

    async fn accounts_are_found_by_administrators_alone(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        let nora = app.sign_up("Nora", "en").await;
        let found = admin.query(FIND, json!({ "email": " Nora@Example.org " })).await;
        assert_eq!((&found["account"]["state"], &found["account"]["staffRole"]), (&json!("ACTIVE"), &Value::Null));
        assert_eq!(admin.query(FIND, json!({ "email": "x@example.org" })).await["account"], Value::Null);
        let coordinator = app.coordinator().await;
        for email in ["nora@example.org", "x@example.org"] {
            let variables = json!({ "email": email });
            assert_eq!(app.client().error_code(FIND, variables.clone()).await, "UNAUTHENTICATED");
            assert_eq!(coordinator.error_code(FIND, variables.clone()).await, "FORBIDDEN");
            assert_eq!(nora.query(FIND, variables).await["account"], Value::Null);
        }
    }

    async fn the_only_administrator_stays(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        let only = row(&app, "admin@example.org").await.id;
        let system = Context::system(app.app.clone(), "test");
        let take = |id| set_staff_role::Input { id, staff_role: None };
        let lower = create_staff::Input {
            email: Personal::new("admin@example.org"),
            given_name: Personal::default(),
            staff_role: StaffRole::Coordinator,
            preferred_language: None,
        };
        assert_eq!(codes(disable::run(&system, only).await), [Code::WrongState]);
        assert_eq!(codes(set_staff_role::run(&system, &take(only)).await), [Code::WrongState]);
        assert_eq!(codes(Box::pin(create_staff::run(&system, &lower)).await), [Code::WrongState]);
        // One who cannot log in does not count.
        app.sign_up("Nora", "en").await;
        let nora = id(&admin, "nora@example.org").await;
        admin.mutate(SET_ROLE, json!({ "id": nora, "role": "ADMIN" })).await;
        admin.mutate(DISABLE, json!({ "id": nora })).await;
        assert_eq!(codes(disable::run(&system, only).await), [Code::WrongState]);
        admin.mutate(ENABLE, json!({ "id": nora })).await;
        disable::run(&system, only).await.unwrap();
    }

    async fn who_was_an_administrator_when_the_request_began_must_still_be_one(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        app.sign_up("Nora", "en").await;
        let nora = id(&admin, "nora@example.org").await;
        admin.mutate(SET_ROLE, json!({ "id": nora, "role": "ADMIN" })).await;
        let session = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        let actor = authenticate(&app.app, Some(&session.access), Occasion::Request).await.unwrap();
        admin.mutate(SET_ROLE, json!({ "id": nora, "role": "NONE" })).await;
        let late = Context { actor, ..Context::system(app.app.clone(), "test") };
        let target = row(&app, "admin@example.org").await.id;
        assert!(matches!(disable::run(&late, target).await, Err(DomainError::Forbidden)));
        assert_eq!(row(&app, "admin@example.org").await.state, AccountState::Active);
    }

    async fn of_two_who_take_each_other_away_one_stays(backend) {
        let app = TestApp::new(backend).await;
        let mut admin = app.admin().await;
        let mut own = id(&admin, "admin@example.org").await;
        for round in 0..4 {
            let name = format!("Rival{round}");
            let email = format!("rival{round}@example.org");
            app.sign_up(&name, "en").await;
            let rivals = id(&admin, &email).await;
            admin.mutate(SET_ROLE, json!({ "id": rivals, "role": "ADMIN" })).await;
            let rival = app.log_in(&email).await;
            let document = if round % 2 == 0 { DISABLE } else { SET_ROLE };
            let (one, other) = tokio::join!(
                admin.graphql(document, json!({ "id": rivals, "role": "NONE" })),
                rival.graphql(document, json!({ "id": own, "role": "NONE" })),
            );
            let did = |body: &Value| body["data"].is_object() && !body["data"].as_object().unwrap().values().any(Value::is_null);
            assert_ne!(did(&one.body), did(&other.body), "{:#}\n{:#}", one.body, other.body);
            assert_eq!(admins(&app).await, 1);
            if did(&other.body) {
                (admin, own) = (rival, rivals);
            }
        }
    }
}
