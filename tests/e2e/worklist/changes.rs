//! Following how much waits for coordinators: what changes on any server is told, to as many as follow for one look.

use std::time::Duration;

use chrono::TimeDelta;
use entity::pairing::PairingOrigin;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use tests::socket::{Socket, listen};

use super::{ASSIGN, SETTINGS, named};
use crate::pairings::scene::{Scene, account_of};

const FOLLOW: &str = "subscription { worklistChanged { kind totalCount overdueCount } }";
/// Far longer than a test may take: nothing that is told was found by looking again and again.
pub(super) const NEVER: Duration = Duration::from_hours(24);

pub(super) async fn follow(url: &str, client: &Client) -> Socket {
    let mut socket = Socket::open(url, client).await;
    socket.subscribe(FOLLOW, json!({})).await;
    socket
}

/// How many applications wait, and how many of them longer than they may, as the next message tells it.
pub(super) async fn applications(socket: &mut Socket) -> (u64, u64) {
    let answer = socket.hear().await;
    assert_eq!(answer["type"], "next", "{answer}");
    let counts = &answer["payload"]["data"]["worklistChanged"];
    assert_eq!(counts.as_array().unwrap().len(), 8, "every kind: {counts}");
    let is_application = |count: &&Value| count["kind"] == "APPLICATION";
    let count = counts.as_array().unwrap().iter().find(is_application);
    let number = |key: &str| count.unwrap()[key].as_u64().unwrap();
    (number("totalCount"), number("overdueCount"))
}

/// How often the mails that wait were counted: all, and those that are overdue, at each look.
fn mails_counted(node: &TestApp, before: usize) -> usize {
    let counts = |sql: &&String| sql.contains("COUNT(") && sql.contains("FROM \"mail_message\"");
    node.statements_after(before).iter().filter(counts).count()
}

on_both_databases! {
    async fn what_changes_on_another_server_is_told_and_so_is_what_time_alone_changes(backend) {
        let app = TestApp::with_settings(backend, &SETTINGS).await;
        let node = app.another_node().await;
        let scene = Scene::new(&app, 9).await;
        app.coordinator().await;
        let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
        let (_, vera) = scene.sign_up_volunteer("Vera", "en").await;
        scene.begin(walt, PairingOrigin::Volunteer).await;
        // An application may wait four days.
        app.advance(TimeDelta::days(4) - TimeDelta::minutes(1));
        let cora = crate::worklist::cora(&app).await;
        let mut socket = follow(&listen(&node).await, &cora).await;
        assert_eq!(applications(&mut socket).await, (1, 0));
        app.advance(TimeDelta::minutes(1));
        assert_eq!(applications(&mut socket).await, (1, 1));
        // Who sees to it is no count: the next that is told is another application.
        let items = json!([named(&app, "APPLICATION").await]);
        let account = account_of(&app, "coordinator@example.org").await;
        let assignee = api::graphql::id::encode(&account.id).to_string();
        cora.mutate(ASSIGN, json!({ "input": { "items": items, "assigneeId": assignee } })).await;
        scene.begin(vera, PairingOrigin::Volunteer).await;
        assert_eq!(applications(&mut socket).await, (2, 1));
    }

    async fn what_is_committed_on_a_server_is_told_there_without_waiting_for_its_next_look(backend) {
        let app = TestApp::with_settings(backend, &SETTINGS).await;
        let node = app.another_node_that_looks_every(NEVER).await;
        let scene = Scene::new(&node, 9).await;
        let cora = node.coordinator().await;
        let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
        let (_, vera) = scene.sign_up_volunteer("Vera", "en").await;
        let url = listen(&node).await;
        let mut socket = follow(&url, &cora).await;
        assert_eq!(applications(&mut socket).await, (0, 0));
        scene.begin(walt, PairingOrigin::Volunteer).await;
        assert_eq!(applications(&mut socket).await, (1, 0));
        // Who comes after a commit is told of it, however lately the server looked.
        scene.begin(vera, PairingOrigin::Volunteer).await;
        assert_eq!(applications(&mut follow(&url, &cora).await).await, (2, 0));
        assert_eq!(applications(&mut socket).await, (2, 0));
    }

    async fn all_who_follow_on_a_server_share_its_looks(backend) {
        let app = TestApp::with_settings(backend, &SETTINGS).await;
        let node = app.another_node_that_looks_every(NEVER).await;
        let scene = Scene::new(&node, 9).await;
        let cora = node.coordinator().await;
        let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
        let url = listen(&node).await;
        let before = node.statements();
        let mut sockets = Vec::new();
        for _ in 0..5 {
            let mut socket = follow(&url, &cora).await;
            assert_eq!(applications(&mut socket).await, (0, 0));
            sockets.push(socket);
        }
        assert_eq!(mails_counted(&node, before), 2, "one look for five");
        scene.begin(walt, PairingOrigin::Volunteer).await;
        for socket in &mut sockets {
            assert_eq!(applications(socket).await, (1, 0));
        }
        assert_eq!(mails_counted(&node, before), 4, "one look more for five");
    }

    async fn who_is_no_coordinator_is_told_nothing(backend) {
        let app = TestApp::with_settings(backend, &SETTINGS).await;
        let node = app.another_node_that_looks_every(NEVER).await;
        let walt = node.sign_up("Walt", "en").await;
        let cora = node.coordinator().await;
        let url = listen(&node).await;
        // The server holds a look that it would have to read nothing for.
        assert_eq!(applications(&mut follow(&url, &cora).await).await, (0, 0));
        for (client, code) in [(&walt, "NOT_FOUND"), (&node.client(), "UNAUTHENTICATED")] {
            let answer = follow(&url, client).await.hear().await;
            assert!(answer.to_string().contains(code), "{answer}");
        }
    }
}
