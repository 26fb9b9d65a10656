//! What becomes of open pairings when what they are about changes, also at the very moment of an answer.

use std::cell::Cell;

use api::context::Context;
use api::domain::pairings::close_role;
use api::domain::pairings::offer;
use api::domain::pairings::reason::Reason;
use api::store::transaction::begin_write;
use chrono::TimeDelta;
use entity::organization::{self, OrganizationState};
use entity::pairing::{PairingOrigin, PairingState};
use entity::role::{self, RoleState};
use futures_util::join;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::on_both_databases;

use super::scene::{Scene, act, errors, global, marketplace};

fn role_id(role: &role::Model) -> Value {
    json!(api::graphql::id::encode(&role.id).to_string())
}

async fn change_role(scene: &Scene<'_>, mutation: &str, mut input: Value) {
    let mut letters = mutation.chars();
    let first = letters.next().unwrap().to_ascii_uppercase();
    let rest = letters.as_str();
    input["roleId"] = role_id(&scene.role);
    input["expectedVersion"] = json!(scene.role_now().await.version);
    let document = format!(
        "mutation($input: {first}{rest}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code message field }} }} }}"
    );
    scene
        .omar
        .mutate(&document, json!({ "input": input }))
        .await;
}

on_both_databases! {
    async fn an_open_offer_ends_when_its_terms_change_and_not_when_its_words_do(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 3).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let (_, ana) = scene.add_volunteer("ana").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let waiting = scene.begin(ana, PairingOrigin::Volunteer).await;
        let id = json!({ "id": global(pairing) });
        act(&vera, "acceptPairing", id.clone()).await;

        change_role(&scene, "updateRole", json!({ "description": { "en": "Draw the map." } })).await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::VolunteerAccepted);
        change_role(&scene, "updateRole", json!({ "hoursPerWeek": 20 })).await;
        assert_eq!(errors(&scene.omar, "acceptPairing", id).await, ["WRONG_STATE"]);
        let ended = scene.pairing(pairing).await;
        assert_eq!((ended.state, ended.reason_code.as_deref()), (PairingState::Recalled, Some("project_changed")));
        app.run_jobs().await;
        let told = app.mail_to("vera@example.org").pop().unwrap();
        assert!(told.text.contains("changed"), "{}", told.text);
        assert_eq!(scene.pairing(waiting).await.state, PairingState::Interested, "nobody was asked about it yet");

        let again = scene.offered(&scene.role, volunteer, PairingState::Offered).await;
        let windows = json!({ "windows": [{ "weekday": "MONDAY", "start": "18:00", "end": "19:00" }] });
        change_role(&scene, "updateRole", windows).await;
        assert_eq!(scene.pairing(again.id).await.state, PairingState::Recalled);
    }

    async fn fewer_seats_answer_those_who_waited_for_one(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 2).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let (_, ana) = scene.add_volunteer("ana").await;
        let taken = scene.offered(&scene.role, volunteer, PairingState::OrganizationAccepted).await;
        act(&vera, "acceptPairing", json!({ "id": global(taken.id) })).await;
        let applied = scene.begin(ana, PairingOrigin::Volunteer).await;
        change_role(&scene, "setRoleSeats", json!({ "seats": 1 })).await;
        assert_eq!(scene.role_now().await.state, RoleState::Filled);
        let ended = scene.pairing(applied).await;
        assert_eq!((ended.state, ended.reason_code.as_deref()), (PairingState::Recalled, Some("no_longer_needed")));
        app.run_jobs().await;
        let told = app.mail_to("ana@example.org").pop().unwrap();
        assert!(told.text.contains("The help is no longer needed."), "{}", told.text);
        assert_eq!(scene.pairing(taken.id).await.state, PairingState::Confirmed);
    }

    async fn no_application_is_left_behind_on_a_role_that_closes_at_the_same_moment(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _) = scene.sign_up_volunteer("Vera", "en").await;
        let ctx = Context::system(app.app.clone(), "test");
        let closing = begin_write(&app.app.store).await.unwrap();
        role::Entity::update_many()
            .set(role::ActiveModel { state: Set(RoleState::Closed), ..Default::default() })
            .filter(role::COLUMN.id.eq(scene.role.id))
            .exec(&*closing)
            .await
            .unwrap();
        close_role::answer_all(&ctx, &*closing, scene.role.id, Reason::RoleClosed).await.unwrap();

        let has_answer = Cell::new(false);
        let apply = async {
            let refused = errors(&vera, "expressInterest", json!({ "roleId": role_id(&scene.role) })).await;
            has_answer.set(true);
            refused
        };
        let close = async {
            while !has_answer.get() && !app.someone_waits().await {
                tokio::task::yield_now().await;
            }
            closing.commit().await.unwrap();
        };
        let (refused, ()) = join!(apply, close);
        assert_eq!(refused, ["WRONG_STATE roleId"]);
    }

    async fn no_decline_is_undone_past_an_organization_that_is_flagged_at_the_same_moment(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let id = json!({ "id": global(pairing) });
        act(&scene.omar, "acceptPairing", id.clone()).await;
        act(&vera, "declinePairing", id.clone()).await;
        let ctx = Context::system(app.app.clone(), "test");
        let flagging = begin_write(&app.app.store).await.unwrap();
        organization::Entity::update_many()
            .set(organization::ActiveModel { state: Set(OrganizationState::Flagged), ..Default::default() })
            .exec(&*flagging)
            .await
            .unwrap();
        let reason = Reason::OrganizationUnavailable;
        close_role::answer_organization(&ctx, &*flagging, scene.organization.id, reason).await.unwrap();

        let has_answer = Cell::new(false);
        let undo = async {
            let refused = errors(&vera, "undoDecline", id.clone()).await;
            has_answer.set(true);
            refused
        };
        let flag = async {
            while !has_answer.get() && !app.someone_waits().await {
                tokio::task::yield_now().await;
            }
            flagging.commit().await.unwrap();
        };
        let (refused, ()) = join!(undo, flag);
        assert_eq!(refused, ["WRONG_STATE"]);
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Declined);
    }

    async fn nobody_is_introduced_to_an_organization_whose_vetting_has_lapsed(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.offered(&scene.role, volunteer, PairingState::OrganizationAccepted).await;
        // The job that says so has not run yet.
        organization::Entity::update_many()
            .set(organization::ActiveModel {
                vetted_until: Set(Some(app.app.clock.now() - TimeDelta::minutes(1))),
                ..Default::default()
            })
            .exec(&app.app.store.connection)
            .await
            .unwrap();
        assert_eq!(errors(&vera, "acceptPairing", json!({ "id": global(pairing.id) })).await, ["WRONG_STATE"]);
        assert_eq!(scene.pairing(pairing.id).await.state, PairingState::OrganizationAccepted);
    }

    async fn a_reminder_that_is_run_twice_is_sent_once(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.offered(&scene.role, volunteer, PairingState::Offered).await;
        let ctx = Context::system(app.app.clone(), "test");
        for _ in 0..2 {
            offer::remind(&ctx, pairing.id).await.unwrap();
        }
        app.run_jobs().await;
        assert_eq!(app.mail_to("vera@example.org").len(), 1);
        assert!(app.mail_to("omar@example.org").iter().filter(|mail| mail.subject.starts_with("Reminder: ")).count() == 1);
    }
}
