//! Hints between servers on PostgreSQL: they spare who follows the waiting, cost writers nothing, and may be lost.

use std::time::Duration;

use api::store::hints::{self, Pace};
use entity::pairing::PairingOrigin;
use tests::app::TestApp;
use tests::app::hints::{listeners, listens_beside, terminate};
use tests::database::{Backend, TestDatabase};
use tests::socket::listen;

use super::SETTINGS;
use super::changes::{NEVER, applications, follow};
use crate::pairings::scene::Scene;
use crate::privacy::Logs;

/// As soon as something is committed.
const AT_ONCE: Duration = Duration::ZERO;

#[tokio::test]
async fn what_is_committed_on_another_server_is_told_without_waiting_for_the_next_look() {
    let app = TestApp::with_settings(Backend::Postgres, &SETTINGS).await;
    let node = app.another_node_that_looks_every(NEVER).await;
    let scene = Scene::new(&app, 9).await;
    let cora = app.coordinator().await;
    let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
    node.exchange_hints(AT_ONCE).await;
    app.exchange_hints(AT_ONCE).await;
    let mut socket = follow(&listen(&node).await, &cora).await;
    assert_eq!(applications(&mut socket).await, (0, 0));
    scene.begin(walt, PairingOrigin::Volunteer).await;
    assert_eq!(applications(&mut socket).await, (1, 0));
}

#[tokio::test]
async fn a_server_whose_listening_connection_was_ended_looks_again_and_listens_again() {
    let app = TestApp::with_settings(Backend::Postgres, &SETTINGS).await;
    let node = app.another_node_that_looks_every(NEVER).await;
    let scene = Scene::new(&app, 9).await;
    let cora = app.coordinator().await;
    let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
    let (_, vera) = scene.sign_up_volunteer("Vera", "en").await;
    node.exchange_hints(AT_ONCE).await;
    let mut socket = follow(&listen(&node).await, &cora).await;
    assert_eq!(applications(&mut socket).await, (0, 0));
    // Nobody tells of this one: the server finds it because it looks when it comes to listen again.
    scene.begin(walt, PairingOrigin::Volunteer).await;
    let database = &node.app.store.connection;
    let before = listeners(database).await;
    terminate(database, before[0]).await;
    assert_eq!(applications(&mut socket).await, (1, 0));
    listens_beside(database, &before).await;
    app.exchange_hints(AT_ONCE).await;
    scene.begin(vera, PairingOrigin::Volunteer).await;
    assert_eq!(applications(&mut socket).await, (2, 0));
}

#[tokio::test]
async fn a_server_whose_listening_connection_is_ended_finds_changes_by_polling() {
    let app = TestApp::with_settings(Backend::Postgres, &SETTINGS).await;
    let node = app.another_node().await;
    let scene = Scene::new(&app, 9).await;
    let cora = app.coordinator().await;
    let (_, walt) = scene.sign_up_volunteer("Walt", "en").await;
    let hints = node.exchange_hints(AT_ONCE).await;
    let mut socket = follow(&listen(&node).await, &cora).await;
    assert_eq!(applications(&mut socket).await, (0, 0));
    // So that it does not try again.
    hints.cancel();
    let database = &node.app.store.connection;
    for process in listeners(database).await {
        terminate(database, process).await;
    }
    scene.begin(walt, PairingOrigin::Volunteer).await;
    assert_eq!(applications(&mut socket).await, (1, 0));
}

#[tokio::test]
async fn many_commits_are_one_hint_and_none_of_their_own_transactions() {
    let app = TestApp::with_settings(Backend::Postgres, &SETTINGS).await;
    let node = app.another_node_that_looks_every(NEVER).await;
    let scene = Scene::new(&app, 9).await;
    let cora = app.coordinator().await;
    let mut volunteers = Vec::new();
    for name in ["Walt", "Vera", "Will"] {
        volunteers.push(scene.sign_up_volunteer(name, "en").await.1);
    }
    node.exchange_hints(AT_ONCE).await;
    let before = app.statements();
    // What was committed before is told at once, and the next would be in a day.
    app.exchange_hints(NEVER).await;
    let mut socket = follow(&listen(&node).await, &cora).await;
    assert_eq!(applications(&mut socket).await, (0, 0));
    while app.hints_sent_after(before).is_empty() {
        tokio::task::yield_now().await;
    }
    for volunteer in volunteers {
        scene.begin(volunteer, PairingOrigin::Volunteer).await;
    }
    assert_eq!(app.hints_sent_after(before), ["worklist"]);
}

/// As behind a pool of connections that are shared between transactions: what is notified reaches another connection.
#[tokio::test]
async fn a_server_to_which_nothing_is_handed_on_says_so_once_and_tries_again() {
    let app = TestApp::with_settings(Backend::Postgres, &SETTINGS).await;
    let elsewhere = TestDatabase::empty(Backend::Postgres).await;
    let (logs, _guard) = Logs::capture();
    let pace = Pace {
        patience: Duration::from_millis(1),
        ..Pace::default()
    };
    let url = elsewhere.url.clone().into();
    tokio::spawn(hints::run(
        app.app.store.clone(),
        url,
        pace,
        app.stop.clone(),
    ));
    let mut listened = Vec::new();
    for _ in 0..3 {
        listened.push(listens_beside(&elsewhere.connection, &listened).await);
    }
    let logs = String::from_utf8(logs.bytes()).unwrap();
    let count = |words: &str| logs.lines().filter(|line| line.contains(words)).count();
    assert_eq!(count("WARN api::store::hints"), 1, "{logs}");
    // It may have tried once more before the last was seen to listen.
    assert!(count("DEBUG api::store::hints") >= 1, "{logs}");
    assert!(
        logs.contains("as behind PgBouncer in transaction mode"),
        "{logs}"
    );
}

#[tokio::test]
async fn a_server_on_sqlite_exchanges_no_hints() {
    let app = TestApp::with_settings(Backend::Sqlite, &SETTINGS).await;
    let before = app.statements();
    // Returns by itself, since there is nothing to do.
    let (store, url) = (app.app.store.clone(), app.app.config.database.url.clone());
    hints::run(store, url, Pace::default(), app.stop.clone()).await;
    assert_eq!(app.statements(), before);
}
