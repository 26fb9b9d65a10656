//! Every mutation, tried by people whom it is none of the business of, on things that are there.

use entity::pairing::PairingOrigin;
use entity::{
    account, job, membership, organization, pairing, placement, project, role, volunteer,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::scene::{Scene, answer, global, marketplace};
use crate::authorization::Mutation;

/// What is said to people with a profile of their own about a role that everybody sees, and about the asker's own
/// conflicts with an organization: rules, no refusals.
const OPEN: [&str; 2] = ["expressInterest", "setVolunteerConflicts"];

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
            volunteer::Entity::find().all(db).await.unwrap(),
            account::Entity::find().all(db).await.unwrap(),
            job::Entity::find().all(db).await.unwrap(),
        )
    )
}

on_both_databases! {
    async fn strangers_change_nothing_of_what_is_anothers(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 2).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        for email in ["vera@example.org", "omar@example.org"] {
            let link = app.mail_to(email).pop().unwrap().action("offer");
            answer(&app, &link, "action=accept").await;
        }
        app.run_jobs().await;
        let seen = vera.query(
            "query($id: ID!) { viewer { id } pairing(id: $id) { volunteer { id } placement { id } role { id project { id } } } }",
            json!({ "id": global(pairing) }),
        ).await;
        let members = scene.omar.query("{ viewer { memberships { id organization { id } } } }", json!({})).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let things = [
            text(&seen["viewer"]["id"]),
            text(&seen["pairing"]["volunteer"]["id"]),
            text(&seen["pairing"]["placement"]["id"]),
            text(&seen["pairing"]["role"]["id"]),
            text(&seen["pairing"]["role"]["project"]["id"]),
            text(&members["viewer"]["memberships"][0]["id"]),
            text(&members["viewer"]["memberships"][0]["organization"]["id"]),
            global(pairing),
        ];
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
}
