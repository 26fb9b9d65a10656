//! What waits for coordinators, in one list: the most overdue first, each thing at its time, with who sees to it.

mod changes;
mod hints;
mod seats;

use chrono::{DateTime, TimeDelta, Utc};
use entity::mail_message::{self, MailState};
use entity::pairing::{PairingOrigin, PairingState};
use entity::placement::{self, PlacementState};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::listing::{create_organization, step};
use tests::on_both_databases;

use crate::follow_ups::follow_up;
use crate::jobs::dead_letters::give_up_a_mail;
use crate::pairings::scene::{Scene, account_of, act, global, post};

const LIST: &str = "query($kinds: [WorklistKind!], $assignee: ID, $free: Boolean! = false) { worklist(kinds: $kinds, assigneeId: $assignee, isUnassigned: $free) { items { kind subjectId waitingSince dueAt isOverdue assignee { id } subject { __typename } } counts { kind totalCount overdueCount } } }";
const ASSIGN: &str = "mutation($input: AssignWorklistItemsInput!) { assignWorklistItems(input: $input) { userErrors { code message field } } }";
const SETTLE: &str = "mutation($input: SettleWorklistItemsInput!) { settleWorklistItems(input: $input) { userErrors { code message field } } }";

/// So that no two kinds are due at the same moment.
const SETTINGS: [(&str, &str); 2] = [
    ("ACCESS_TOKEN_MINUTES", "15"),
    ("WORKLIST_APPLICATION_DAYS", "4"),
];

async fn cora(app: &TestApp) -> Client {
    app.log_in("coordinator@example.org").await
}

async fn list(app: &TestApp, variables: Value) -> Value {
    cora(app).await.query(LIST, variables).await["worklist"].clone()
}

/// The kinds of what is listed, in order; what is overdue in capitals as it is, the rest in small letters.
async fn kinds(app: &TestApp, variables: Value) -> Vec<String> {
    let listed = list(app, variables).await;
    let items = listed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| {
            let kind = item["kind"].as_str().unwrap();
            if item["isOverdue"] == json!(true) {
                kind.to_owned()
            } else {
                kind.to_lowercase()
            }
        })
        .collect()
}

/// What a mutation is told of the first thing of a kind.
async fn named(app: &TestApp, kind: &str) -> Value {
    let listed = list(app, json!({ "kinds": [kind] })).await;
    json!({ "kind": kind, "subjectId": listed["items"][0]["subjectId"] })
}

async fn count(app: &TestApp, kind: &str) -> (u64, u64) {
    let listed = list(app, json!({ "kinds": [kind] })).await;
    let count = &listed["counts"][0];
    (
        count["totalCount"].as_u64().unwrap(),
        count["overdueCount"].as_u64().unwrap(),
    )
}

on_both_databases! {
    async fn everything_that_waits_is_in_one_list_by_when_it_is_due(backend) {
        // It is Saturday, 15:00.
        let app = TestApp::with_settings(backend, &SETTINGS).await;
        let scene = Scene::new(&app, 9).await;
        app.coordinator().await;
        let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
        let (_, vera) = scene.sign_up_volunteer("Vera", "en").await;
        let (_, xena) = scene.sign_up_volunteer("Xena", "en").await;
        let draft = create_organization(&scene.omar, "Plough").await;
        step(&scene.omar, "submitOrganization", &draft, json!({})).await;
        scene.begin(walt, PairingOrigin::Volunteer).await;
        scene.begin(vera, PairingOrigin::Matcher).await;
        scene.offered(&scene.role, xena, PairingState::VolunteerAccepted).await;
        give_up_a_mail(&app, "nobody@example.org").await;

        let all = list(&app, json!({})).await;
        let types: Vec<&str> = all["items"].as_array().unwrap().iter().map(|item| item["subject"]["__typename"].as_str().unwrap()).collect();
        assert_eq!(types, ["MailTrouble", "Pairing", "Pairing", "Organization", "Pairing"]);
        assert_eq!(kinds(&app, json!({})).await, ["mail", "offer", "application", "vetting", "suggestion"]);
        assert_eq!(kinds(&app, json!({ "kinds": ["VETTING", "APPLICATION"] })).await, ["application", "vetting"]);
        let due = |kind: &str| -> DateTime<Utc> {
            let items = all["items"].as_array().unwrap();
            let item = items.iter().find(|item| item["kind"] == json!(kind)).unwrap();
            item["dueAt"].as_str().unwrap().parse().unwrap()
        };
        // Two days from Monday to Friday after a Saturday: all of Tuesday.
        assert_eq!(due("OFFER"), "2026-11-25T00:00:00Z".parse::<DateTime<Utc>>().unwrap());
        for kind in ["MAIL", "OFFER", "APPLICATION", "VETTING", "SUGGESTION"] {
            let now = app.app.clock.now();
            app.advance(due(kind) - TimeDelta::microseconds(1) - now);
            assert_eq!(count(&app, kind).await, (1, 0), "{kind}");
            app.advance(TimeDelta::microseconds(1));
            assert_eq!(count(&app, kind).await, (1, 1), "{kind}");
        }
        assert_eq!(kinds(&app, json!({})).await, ["MAIL", "OFFER", "APPLICATION", "VETTING", "SUGGESTION"]);
        for (first, told) in [(0, vec!["OUT_OF_RANGE first"]), (101, vec!["OUT_OF_RANGE first"]), (1, vec![]), (100, vec![])] {
            let query = format!("{{ worklist(first: {first}) {{ items {{ kind }} }} }}");
            let answer = cora(&app).await.graphql(&query, json!({})).await;
            let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
            assert_eq!(errors.len(), told.len(), "{first}: {errors:?}");
        }
        let walt = app.log_in("walt@example.org").await;
        assert_eq!(walt.error_code("{ worklist { items { kind } } }", json!({})).await, "NOT_FOUND");
        app.run_jobs().await;
    }

    async fn coordinators_say_who_sees_to_what_for_many_at_once_and_take_it_back(backend) {
        let app = TestApp::with_settings(backend, &SETTINGS).await;
        let scene = Scene::new(&app, 9).await;
        app.coordinator().await;
        let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
        let (_, xena) = scene.sign_up_volunteer("Xena", "en").await;
        scene.begin(walt, PairingOrigin::Volunteer).await;
        scene.offered(&scene.role, xena, PairingState::Offered).await;
        let id = |account: &entity::account::Model| api::graphql::id::encode(&account.id).to_string();
        let coordinator = id(&account_of(&app, "coordinator@example.org").await);
        let omar = id(&account_of(&app, "omar@example.org").await);
        let items = json!([named(&app, "APPLICATION").await, named(&app, "OFFER").await]);

        let cora = cora(&app).await;
        let to_omar = json!({ "input": { "items": items, "assigneeId": omar } });
        assert_eq!(cora.user_errors(ASSIGN, to_omar).await, ["UNKNOWN assigneeId"]);
        let mut with_unknown = items.clone();
        with_unknown[1]["subjectId"] = json!("pairing_00000000000000000000000000");
        let input = json!({ "input": { "items": with_unknown, "assigneeId": coordinator } });
        assert_eq!(cora.user_errors(ASSIGN, input).await, ["UNKNOWN items.1.subjectId"]);
        assert_eq!(kinds(&app, json!({ "free": true })).await.len(), 2, "all or none");
        assert_eq!(cora.user_errors(ASSIGN, json!({ "input": { "items": [] } })).await, ["OUT_OF_RANGE items"]);

        cora.mutate(ASSIGN, json!({ "input": { "items": items, "assigneeId": coordinator } })).await;
        assert_eq!(kinds(&app, json!({ "free": true })).await, Vec::<String>::new());
        let hers = json!({ "assignee": coordinator });
        assert_eq!(kinds(&app, hers.clone()).await, ["offer", "application"]);
        assert_eq!(list(&app, json!({})).await["items"][0]["assignee"]["id"], json!(coordinator));
        cora.mutate(ASSIGN, json!({ "input": { "items": [items[0]] } })).await;
        assert_eq!(kinds(&app, hers).await, ["offer"]);
        assert_eq!(kinds(&app, json!({ "free": true })).await, ["application"]);
        app.run_jobs().await;
    }

    async fn what_is_seen_to_is_off_the_list_until_something_happens_again(backend) {
        let app = TestApp::with_settings(backend, &[("ACCESS_TOKEN_MINUTES", "15"), ("MISSED_CHECK_INS", "1")]).await;
        let scene = Scene::new(&app, 9).await;
        app.coordinator().await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let application = json!([named(&app, "APPLICATION").await]);
        let refused = cora(&app).await.user_errors(SETTLE, json!({ "input": { "items": application } })).await;
        assert_eq!(refused, ["WRONG_STATE items.0"], "somebody waits for the answer");
        scene.send_offer(pairing).await;
        let offer = json!([named(&app, "OFFER").await]);
        let settle = async |items: &Value, is_settled: bool| {
            let input = json!({ "input": { "items": items, "isSettled": is_settled } });
            cora(&app).await.mutate(SETTLE, input).await;
        };
        settle(&offer, true).await;
        assert_eq!(count(&app, "OFFER").await, (0, 0));
        settle(&offer, false).await;
        assert_eq!(count(&app, "OFFER").await, (1, 0));
        let omar = app.log_in("omar@example.org").await;
        for client in [&vera, &omar] {
            act(client, "acceptPairing", json!({ "id": global(pairing) })).await;
        }
        assert_eq!(count(&app, "OFFER").await, (0, 0), "answered");

        let db = &app.app.store.connection;
        let mut row = placement::Entity::find().one(db).await.unwrap().unwrap().into_active_model();
        row.state = Set(PlacementState::Active);
        row.update(db).await.unwrap();
        app.run_jobs().await;
        app.advance(TimeDelta::days(28));
        follow_up(&app).await;
        let token = app.mail_to("vera@example.org").pop().unwrap().token();
        assert_eq!(count(&app, "PLACEMENT").await, (0, 0));
        post(&app, "/a/follow-up", &format!("token={token}&action=needs_help")).await;
        assert_eq!(count(&app, "PLACEMENT").await, (1, 0));
        let placement = json!([named(&app, "PLACEMENT").await]);
        settle(&placement, true).await;
        assert_eq!(count(&app, "PLACEMENT").await, (0, 0));
        app.advance(TimeDelta::days(28));
        follow_up(&app).await;
        app.advance(TimeDelta::days(7) - TimeDelta::microseconds(1));
        assert_eq!(count(&app, "PLACEMENT").await, (0, 0));
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(count(&app, "PLACEMENT").await, (1, 0), "the next is missed");
        app.advance(TimeDelta::days(2));
        assert_eq!(count(&app, "PLACEMENT").await, (1, 1));

        give_up_a_mail(&app, "nobody@example.org").await;
        let mail = json!([named(&app, "MAIL").await]);
        settle(&mail, true).await;
        assert_eq!(count(&app, "MAIL").await, (0, 0));
        app.advance(TimeDelta::hours(1));
        let given_up = mail_message::Entity::find().all(db).await.unwrap();
        let given_up = given_up.into_iter().find(|mail| mail.state == MailState::Failed).unwrap();
        let mut complained = given_up.into_active_model();
        complained.complained_at = Set(Some(app.app.clock.now()));
        complained.update(db).await.unwrap();
        assert_eq!(count(&app, "MAIL").await, (1, 0));
        app.run_jobs().await;
    }
}
