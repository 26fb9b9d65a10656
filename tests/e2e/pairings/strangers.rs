//! Every mutation, tried by people whom it is none of the business of, on things that are there.

use api::graphql::id::encode;
use entity::pairing::PairingOrigin;
use entity::{
    account, check_in, job, membership, organization, pairing, placement, project, role, time_off,
    volunteer,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::scene::{Scene, answer, global, marketplace};
use crate::authorization::{Mutation, answered_check_in};
use crate::jobs::dead_letters::give_up_a_mail;

/// What is said about a role that everybody sees, and about the asker's own conflicts and days off, of which there are
/// none without a profile: rules, no refusals.
const OPEN: [&str; 3] = ["expressInterest", "removeTimeOff", "setVolunteerConflicts"];

/// Every row that a stranger might change.
async fn rows(app: &TestApp) -> String {
    let db = &app.app.store.connection;
    format!(
        "{:#?}",
        (
            organization::Entity::find().all(db).await.unwrap(),
            membership::Entity::find().all(db).await.unwrap(),
            project::Entity::find().all(db).await.unwrap(),
            role::Entity::find().all(db).await.unwrap(),
            pairing::Entity::find().all(db).await.unwrap(),
            placement::Entity::find().all(db).await.unwrap(),
            check_in::Entity::find().all(db).await.unwrap(),
            volunteer::Entity::find().all(db).await.unwrap(),
            account::Entity::find().all(db).await.unwrap(),
            job::Entity::find().all(db).await.unwrap(),
        )
    )
}

/// The ids of one of everything: a placement and all that it came of, a round, and days off.
async fn things(app: &TestApp) -> Vec<String> {
    let scene = Scene::new(app, 2).await;
    let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
    let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
    let coordinator = scene.send_offer(pairing).await;
    for email in ["vera@example.org", "omar@example.org"] {
        let link = app.mail_to(email).pop().unwrap().action("offer");
        answer(app, &link, "action=accept").await;
    }
    app.run_jobs().await;
    let seen = vera.query(
        "query($id: ID!) { viewer { id sessions { id } } pairing(id: $id) { volunteer { id } placement { id } role { id project { id } } } }",
        json!({ "id": global(pairing) }),
    ).await;
    let members = scene
        .omar
        .query(
            "{ viewer { memberships { id organization { id } } } }",
            json!({}),
        )
        .await;
    let round = coordinator
        .mutate(
            "mutation { runRound(input: {}) { round { id } userErrors { code message field } } }",
            json!({}),
        )
        .await;
    vera.mutate(
        "mutation { addTimeOff(input: { startsOn: \"2026-12-01\", endsOn: \"2026-12-02\" }) { userErrors { code message field } } }",
        json!({}),
    )
    .await;
    let days_off = time_off::Entity::find()
        .one(&app.app.store.connection)
        .await
        .unwrap()
        .unwrap();
    give_up_a_mail(app, "nobody@example.org").await;
    let given_up = coordinator
        .query("{ jobs(state: DEAD) { nodes { id } } }", json!({}))
        .await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let check_in = answered_check_in(app, &text(&seen["pairing"]["placement"]["id"])).await;
    vec![
        check_in,
        text(&given_up["jobs"]["nodes"][0]["id"]),
        text(&seen["viewer"]["id"]),
        text(&seen["viewer"]["sessions"][0]["id"]),
        text(&seen["pairing"]["volunteer"]["id"]),
        text(&seen["pairing"]["placement"]["id"]),
        text(&seen["pairing"]["role"]["id"]),
        text(&seen["pairing"]["role"]["project"]["id"]),
        text(&members["viewer"]["memberships"][0]["id"]),
        text(&members["viewer"]["memberships"][0]["organization"]["id"]),
        text(&round["round"]["id"]),
        encode(&days_off.id).to_string(),
        global(pairing),
    ]
}

on_both_databases! {
    async fn strangers_change_nothing_of_what_is_anothers(backend) {
        let app = marketplace(backend).await;
        let things = things(&app).await;
        let eve = app.sign_up("Eve", "en").await;
        let strangers = [("anonymous", app.client()), ("Eve", eve)];
        let before = rows(&app).await;
        let mut tried = 0;
        for (name, client) in &strangers {
            for mutation in Mutation::all(client).await {
                let Some(mutation) = mutation.about(&things) else {
                    continue;
                };
                tried += 1;
                let outcome = mutation.outcome(client).await;
                let is_refused = match *name {
                    "anonymous" => outcome == "UNAUTHENTICATED",
                    _ if OPEN.contains(&mutation.name.as_str()) => outcome.starts_with("rule "),
                    _ => ["NOT_FOUND", "FORBIDDEN"].contains(&outcome.as_str()),
                };
                assert!(is_refused, "{} gave {outcome} to {name}", mutation.name);
            }
        }
        assert!(tried > 60, "{tried}");
        assert_eq!(rows(&app).await, before);
    }

    async fn what_is_hidden_and_what_does_not_exist_are_told_alike(backend) {
        let app = marketplace(backend).await;
        let things = things(&app).await;
        let eve = app.sign_up("Eve", "en").await;
        for (name, client) in [("anonymous", app.client()), ("Eve", eve)] {
            let mut hidden = Vec::new();
            for thing in &things {
                let found = client.graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": thing })).await;
                if found.body["data"]["node"].is_null() {
                    hidden.push(thing.clone());
                }
            }
            // Who is not logged in may do nothing to what everybody sees either.
            let asked_for = if name == "anonymous" { &things } else { &hidden };
            let mut tried = 0;
            for mutation in Mutation::all(&client).await {
                let Some(about_theirs) = mutation.about(asked_for) else {
                    assert!(!mutation.takes_id() || name == "Eve", "{} is about nothing that was made", mutation.name);
                    continue;
                };
                tried += 1;
                let absent = mutation.outcome(&client).await;
                assert_eq!(about_theirs.outcome(&client).await, absent, "{} to {name}", mutation.name);
            }
            assert!(tried > if name == "Eve" { 15 } else { 45 }, "{tried}");
        }
    }
}
