//! Placements that end, and volunteers who are asked how it goes.

use api::domain::follow_ups::run::Done;
use chrono::{NaiveDate, TimeDelta};
use entity::id::PairingId;
use entity::pairing::PairingOrigin;
use entity::placement::{self, PlacementState};
use entity::volunteer::{self, VolunteerState};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database::Backend;
use tests::on_both_databases;

use super::{MOMENT, follow_up, told, until};
use crate::pairings::scene::{Scene, act, get, global, post};

/// Check-ins and listings are far apart from what a test is about, unless it sets them.
pub(super) async fn app(backend: Backend, settings: &[(&str, &str)]) -> TestApp {
    let mut all = vec![
        ("STALE_LISTING_DAYS", "365"),
        ("ACCESS_TOKEN_MINUTES", "15"),
    ];
    all.extend(settings);
    TestApp::with_settings(backend, &all).await
}

/// A placement of Vera's at Omar's organization, which began now.
pub(super) async fn placed(scene: &Scene<'_>) -> PairingId {
    let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
    let id = scene.begin(volunteer, PairingOrigin::Volunteer).await;
    scene.send_offer(id).await;
    for client in [&vera, &scene.omar] {
        act(client, "acceptPairing", json!({ "id": global(id) })).await;
    }
    scene.app.run_jobs().await;
    set(scene.app, |placement| {
        placement.state = Set(PlacementState::Active);
    })
    .await;
    id
}

/// Changes the one placement.
async fn set(app: &TestApp, change: impl FnOnce(&mut placement::ActiveModel)) {
    let connection = &app.app.store.connection;
    let row = placement::Entity::find()
        .one(connection)
        .await
        .unwrap()
        .unwrap();
    let mut row = row.into_active_model();
    change(&mut row);
    row.update(connection).await.unwrap();
}

async fn check_ins(client: &Client, pairing: PairingId) -> Value {
    let seen = client
        .query(
            "query($id: ID!) { pairing(id: $id) { placement { isSilent checkIns { id answer note askedAt dueAt answeredAt } } } }",
            json!({ "id": global(pairing) }),
        )
        .await;
    seen["pairing"]["placement"].clone()
}

on_both_databases! {
    async fn both_sides_are_told_twice_before_a_placement_ends(backend) {
        let app = app(backend, &[("CHECK_IN_DAYS", "180")]).await;
        let scene = Scene::new(&app, 1).await;
        placed(&scene).await;
        let ends_on = NaiveDate::from_ymd_opt(2027, 1, 30).unwrap();
        set(&app, |placement| placement.ends_on = Set(Some(ends_on))).await;
        let end = ends_on.and_hms_opt(0, 0, 0).unwrap().and_utc();

        until(&app, end - TimeDelta::days(14) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, end - TimeDelta::days(14));
        let both = Done { commitments: 2, mails: 2, ..Done::default() };
        assert_eq!(follow_up(&app).await, both);
        until(&app, end - TimeDelta::days(7) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, end - TimeDelta::days(7));
        assert_eq!(follow_up(&app).await, both);
        until(&app, end + TimeDelta::days(1));
        assert_eq!(follow_up(&app).await, Done::default());
        let vera = told(&app, "vera@example.org");
        assert_eq!(vera.len(), 2);
        assert!(vera[0].contains("Your placement as Cartographer for Thaw ends on Saturday, January 30, 2027"), "{}", vera[0]);
        let omar = told(&app, "omar@example.org");
        assert!(omar[0].contains("Vera's placement as Cartographer ends on Saturday, January 30, 2027"), "{}", omar[0]);
    }

    async fn whoever_could_not_be_told_in_time_is_told_once(backend) {
        let app = app(backend, &[("CHECK_IN_DAYS", "180")]).await;
        let scene = Scene::new(&app, 1).await;
        placed(&scene).await;
        let ends_on = app.app.clock.now().date_naive() + TimeDelta::days(5);
        set(&app, |placement| placement.ends_on = Set(Some(ends_on))).await;
        assert_eq!(follow_up(&app).await, Done { commitments: 2, mails: 2, ..Done::default() });
        assert_eq!(follow_up(&app).await, Done::default());
    }

    async fn a_volunteer_is_asked_every_four_weeks_and_answers_from_the_mail(backend) {
        let app = app(backend, &[]).await;
        let scene = Scene::new(&app, 1).await;
        let id = placed(&scene).await;
        let start = placement::Entity::find().one(&app.app.store.connection).await.unwrap().unwrap().created_at;

        until(&app, start + TimeDelta::days(28) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, start + TimeDelta::days(28));
        assert_eq!(follow_up(&app).await, Done { check_ins: 1, mails: 1, ..Done::default() });
        assert_eq!(follow_up(&app).await, Done::default());
        let mail = app.mail_to("vera@example.org").pop().unwrap();
        assert!(mail.text.contains("How is it going as Cartographer for Thaw?"), "{}", mail.text);

        let link = mail.action("follow-up");
        let page = get(&app, &link).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("How is it going?") && page.text.contains("I need help"), "{}", page.text);
        let vera = app.log_in("vera@example.org").await;
        assert_eq!(check_ins(&vera, id).await["checkIns"][0]["answer"], Value::Null, "looking answers nothing");
        let french = get(&app, &format!("{link}&lang=fr")).await;
        assert!(french.text.contains("Comment cela se passe-t-il?"), "{}", french.text);

        let token = link.split_once("token=").unwrap().1.to_owned();
        let refused = post(&app, "/a/follow-up", &format!("token={token}&action=needs_help&note={}", "x".repeat(2_001))).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("At most 2000 characters") && refused.text.contains(&"x".repeat(2_001)), "nothing is lost");
        assert_eq!(post(&app, "/a/follow-up", &format!("token={token}&action=dance")).await.status, 422);
        let note = "x".repeat(2_000);
        let answered = post(&app, "/a/follow-up", &format!("token={token}&action=needs_help&note={note}")).await;
        assert_eq!(answered.status, 200);
        assert!(answered.text.contains("Thank you"), "{}", answered.text);

        let cora = app.log_in("coordinator@example.org").await;
        for reader in [&vera, &cora] {
            let seen = check_ins(reader, id).await;
            assert_eq!(seen["checkIns"][0]["answer"], "NEEDS_HELP");
            assert_eq!(seen["checkIns"][0]["note"], note);
            assert_eq!(seen["isSilent"], false);
        }
        let omar = app.log_in("omar@example.org").await;
        assert_eq!(check_ins(&omar, id).await["checkIns"], json!([]), "not for the organization");
        // A later answer takes its place.
        let input = json!({ "id": check_ins(&vera, id).await["checkIns"][0]["id"] });
        let changed = vera.mutate(
            "mutation($id: ID!) { answerCheckIn(input: { checkInId: $id, answer: GOING_WELL }) { checkIn { answer note } userErrors { code message field } } }",
            input.clone(),
        ).await;
        assert_eq!(changed["checkIn"], json!({ "answer": "GOING_WELL", "note": null }));
        let for_her = "mutation($id: ID!) { answerCheckIn(input: { checkInId: $id, answer: LEAVING }) { userErrors { code } } }";
        assert_eq!(omar.error_code(for_her, input.clone()).await, "NOT_FOUND", "nor told that there is one");
        assert_eq!(cora.error_code(for_her, input).await, "FORBIDDEN");

        until(&app, start + TimeDelta::days(56) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, start + TimeDelta::days(56));
        assert_eq!(follow_up(&app).await, Done { check_ins: 1, mails: 1, ..Done::default() });
    }

    async fn a_placement_of_which_nobody_hears_twice_is_silent(backend) {
        let app = app(backend, &[]).await;
        let scene = Scene::new(&app, 1).await;
        let id = placed(&scene).await;
        let silent = async || {
            let cora = app.log_in("coordinator@example.org").await;
            check_ins(&cora, id).await["isSilent"].clone()
        };
        app.advance(TimeDelta::days(28));
        follow_up(&app).await;
        app.advance(TimeDelta::days(28));
        follow_up(&app).await;
        app.advance(TimeDelta::days(7) - MOMENT);
        assert_eq!(silent().await, false, "the second can still be answered in time");
        app.advance(MOMENT);
        assert_eq!(silent().await, true);
        // Late is better than never.
        let mail = app.mail_to("vera@example.org").pop().unwrap();
        let token = mail.action("follow-up").split_once("token=").unwrap().1.to_owned();
        assert_eq!(post(&app, "/a/follow-up", &format!("token={token}&action=going_well")).await.status, 200);
        assert_eq!(silent().await, false);
    }

    async fn who_lets_offer_after_offer_expire_is_offered_none_until_they_come_back(backend) {
        let app = app(backend, &[("EXPIRED_OFFERS", "2")]).await;
        let scene = Scene::new(&app, 9).await;
        let (_, volunteer) = scene.sign_up_volunteer("Vera", "fr").await;
        let state = async || {
            let found = volunteer::Entity::find_by_id(volunteer).one(&app.app.store.connection);
            let row = found.await.unwrap().unwrap();
            (row.state, row.paused_until)
        };
        for expected in [VolunteerState::Active, VolunteerState::Paused] {
            let id = scene.begin(volunteer, PairingOrigin::Matcher).await;
            scene.send_offer(id).await;
            app.advance(TimeDelta::days(8));
            app.run_jobs().await;
            assert_eq!(state().await, (expected, None));
        }
        // The daily round comes by itself.
        app.advance(TimeDelta::days(1));
        app.run_jobs().await;
        follow_up(&app).await;
        let mails = told(&app, "vera@example.org");
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("Êtes-vous toujours là?"), "{}", mails[0]);
        let mail = app.mail_to("vera@example.org").pop().unwrap();
        let link = mail.action("follow-up");
        let page = get(&app, &link).await;
        assert!(page.text.contains("Me proposer de nouveau des rôles"), "{}", page.text);
        assert_eq!(state().await.0, VolunteerState::Paused);
        let token = link.split_once("token=").unwrap().1.to_owned();
        for _ in 0..2 {
            let answered = post(&app, "/a/follow-up", &format!("token={token}&action=resume")).await;
            assert_eq!(answered.status, 200);
            assert_eq!(state().await, (VolunteerState::Active, None));
        }
        // What was let go before counts no more.
        let id = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(id).await;
        app.advance(TimeDelta::days(8));
        app.run_jobs().await;
        assert_eq!(state().await.0, VolunteerState::Active);
    }
}
