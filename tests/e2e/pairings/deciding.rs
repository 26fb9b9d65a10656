//! What coordinators decide: approval, hold, recall, rejection.

use chrono::{DateTime, TimeDelta, Utc};
use entity::job;
use entity::membership::MembershipRole;
use entity::pairing::{PairingOrigin, PairingState};
use sea_orm::{EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::on_both_databases;

use super::scene::{self, Scene, act, errors, global, marketplace, refused_for_now};

/// The moment that a field tells.
fn moment(field: &Value) -> Option<DateTime<Utc>> {
    field.as_str()?.parse().ok()
}

on_both_databases! {
    async fn an_approved_pairing_is_held_and_then_put_to_both_sides_without_contact_data(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "fr").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        let choice = json!({ "pairings": [{ "id": global(pairing), "expectedVersion": 1 }] });

        let approved = act(&coordinator, "approvePairings", choice.clone()).await;
        assert_eq!(approved["pairings"][0]["state"], "HELD");
        app.run_jobs().await;
        assert!(app.mails().is_empty(), "nothing leaves within the hold window");
        let seen = "query($id: ID!) { pairing(id: $id) { id } }";
        let id = json!({ "id": global(pairing) });
        assert!(vera.query(seen, id.clone()).await["pairing"].is_null());

        app.advance(TimeDelta::minutes(10));
        app.run_jobs().await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Offered);
        let to_vera = app.mail_to("vera@example.org").pop().unwrap();
        assert!(to_vera.text.contains("3 compétences sur 4 conviennent."), "{}", to_vera.text);
        let to_omar = app.mail_to("omar@example.org").pop().unwrap();
        assert!(to_omar.text.contains("Vera"), "{}", to_omar.text);
        for secret in ["vera@example.org", "Testeur"] {
            assert!(!to_omar.text.contains(secret) && !to_omar.html.contains(secret));
        }
        assert!(!vera.query(seen, id).await["pairing"].is_null());

        let again = act(&coordinator, "approvePairings", choice).await;
        assert_eq!(again["pairings"][0]["state"], "OFFERED");
        app.run_jobs().await;
        assert_eq!(app.mail_to("vera@example.org").len(), 1, "one offer");
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn what_is_taken_up_before_its_time_waits_for_it(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(pairing) }] })).await;
        // As a worker has it whose clock is put back.
        let take_up = async |kind: &str| {
            let jobs = job::Entity::update_many()
                .set(job::ActiveModel { run_at: Set(scene::now(&app)), ..Default::default() })
                .filter(job::COLUMN.kind.eq(kind));
            assert_eq!(jobs.exec(&app.app.store.connection).await.unwrap().rows_affected, 1);
            app.run_jobs().await;
        };
        take_up("send_offer").await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Held);
        app.advance(TimeDelta::minutes(10));
        app.run_jobs().await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Offered);
        take_up("expire_offer").await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Offered);
        app.advance(TimeDelta::days(7));
        app.run_jobs().await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Expired);
    }

    async fn a_coordinator_sees_who_approved_when_and_why_and_until_when_it_is_held(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        let approval = json!({ "pairings": [{ "id": global(pairing) }], "note": "Met both at a hack night." });
        act(&coordinator, "approvePairings", approval).await;
        let document = "query($id: ID!) { pairing(id: $id) { heldUntil offeredAt answerDueAt events { toState actor note at } } }";
        let told = async || coordinator.query(document, json!({ "id": global(pairing) })).await["pairing"].clone();
        let approved_at = app.app.clock.now();
        let sent_at = approved_at + TimeDelta::minutes(10);
        let held = told().await;
        assert_eq!((moment(&held["heldUntil"]), &held["offeredAt"], &held["answerDueAt"]), (Some(sent_at), &Value::Null, &Value::Null));
        let events = held["events"].as_array().unwrap();
        let last = |back: usize| {
            let event = &events[events.len() - back];
            assert_eq!(moment(&event["at"]), Some(approved_at));
            (event["toState"].clone(), event["actor"].clone(), event["note"].clone())
        };
        assert_eq!(last(2), (json!("APPROVED"), json!("COORDINATOR"), json!("Met both at a hack night.")));
        assert_eq!(last(1), (json!("HELD"), json!("COORDINATOR"), Value::Null));
        let approved_by = scene.pairing(pairing).await.approved_by;
        assert_eq!(approved_by, Some(scene::account_of(&app, "coordinator@example.org").await.id));

        app.advance(TimeDelta::minutes(10));
        app.run_jobs().await;
        let offered = told().await;
        let times = ["heldUntil", "offeredAt", "answerDueAt"].map(|field| moment(&offered[field]));
        assert_eq!(times, [Some(sent_at), Some(sent_at), Some(sent_at + TimeDelta::days(7))]);
    }

    async fn a_recall_within_the_hold_window_is_never_heard_of(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(pairing) }] })).await;
        let recall = json!({ "id": global(pairing), "reason": "MISTAKE", "note": "The role of last year." });
        let recalled = act(&coordinator, "recallPairing", recall.clone()).await;
        assert_eq!(recalled["pairing"]["state"], "RECALLED");
        assert_eq!(act(&coordinator, "recallPairing", recall).await["pairing"]["state"], "RECALLED");
        let document = "query($id: ID!) { pairing(id: $id) { events { toState note } } }";
        let told = coordinator.query(document, json!({ "id": global(pairing) })).await;
        let last = told["pairing"]["events"].as_array().unwrap().last().unwrap();
        assert_eq!(*last, json!({ "toState": "RECALLED", "note": "The role of last year." }));
        app.advance(TimeDelta::days(8));
        app.run_jobs().await;
        assert!(app.mails().is_empty());
        assert_eq!(app.dead_jobs().await, 0, "that there is nothing to send is no fault");
    }

    async fn a_recalled_offer_that_still_waits_to_be_mailed_is_dropped_and_one_that_went_out_is_taken_back(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(pairing) }] })).await;
        app.advance(TimeDelta::minutes(10));
        // One of the two offers is delivered, the other has to wait.
        app.mailbox().fail_next(refused_for_now());
        app.run_jobs().await;
        let offers = app.mails().len();
        assert_eq!(offers, 1);
        act(&coordinator, "recallPairing", json!({ "id": global(pairing), "reason": "PROJECT_CHANGED" })).await;
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        let later: Vec<_> = app.mails().split_off(offers);
        assert_eq!(later.len(), 2, "a notice to each side and no offer any more");
        assert!(later.iter().all(|mail| mail.text.contains("was taken back") && mail.text.contains("changed or is paused")));
    }

    async fn what_stands_in_the_way_of_an_approval_is_told_for_each_pairing_and_nothing_is_approved(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, ana) = scene.add_volunteer("ana").await;
        let (_, ben) = scene.add_volunteer("ben").await;
        let good = scene.begin(ana, PairingOrigin::Matcher).await;
        let stale = scene.begin(ben, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        let input = json!({ "pairings": [
            { "id": global(good) },
            { "id": global(stale), "expectedVersion": 7 },
        ] });
        assert_eq!(errors(&coordinator, "approvePairings", input).await, ["STALE pairings.1"]);
        assert_eq!(scene.pairing(good).await.state, PairingState::Suggested);
    }

    async fn nobody_approves_for_an_organization_of_their_own_and_nobody_else_approves_at_all(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        scene.add_member("coordinator@example.org", MembershipRole::Member).await;
        let input = json!({ "pairings": [{ "id": global(pairing) }] });
        assert_eq!(
            errors(&coordinator, "approvePairings", input.clone()).await,
            ["CONFLICT_OF_INTEREST pairings.0"]
        );
        let document = "mutation($input: ApprovePairingsInput!) { approvePairings(input: $input) { userErrors { code } } }";
        let input = json!({ "input": input });
        assert_eq!(scene.omar.error_code(document, input.clone()).await, "NOT_FOUND");
        assert_eq!(app.client().error_code(document, input).await, "UNAUTHENTICATED");
    }

    async fn a_coordinator_with_a_declared_tie_decides_nothing_about_the_organizations_pairings(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        app.coordinator().await;
        scene.add_tie("coordinator@example.org").await;
        let coordinator = app.log_in("coordinator@example.org").await;
        let id = global(pairing);
        let approve = json!({ "pairings": [{ "id": id }] });
        assert_eq!(errors(&coordinator, "approvePairings", approve).await, ["CONFLICT_OF_INTEREST pairings.0"]);
        let reject = json!({ "id": id, "reason": "OTHER" });
        assert_eq!(errors(&coordinator, "rejectPairing", reject).await, ["CONFLICT_OF_INTEREST"]);
        let offered = scene.offered(&scene.add_role(1).await, volunteer, PairingState::Offered).await;
        let recall = json!({ "id": global(offered.id), "reason": "OTHER" });
        assert_eq!(errors(&coordinator, "recallPairing", recall).await, ["CONFLICT_OF_INTEREST"]);
        let rule = json!({
            "roleId": api::graphql::id::encode(&scene.role.id).to_string(),
            "volunteerId": api::graphql::id::encode(&volunteer).to_string(),
            "kind": "PIN",
        });
        let document = "mutation($input: SetPairingRuleInput!) { setPairingRule(input: $input) { userErrors { code message field } } }";
        assert_eq!(coordinator.user_errors(document, json!({ "input": rule })).await, ["CONFLICT_OF_INTEREST"]);
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Suggested);
    }

    async fn an_applicant_hears_why_the_application_was_rejected(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let coordinator = app.coordinator().await;
        let input = json!({ "id": global(pairing), "reason": "TIMES_DIFFER", "note": "evenings only" });
        act(&coordinator, "rejectPairing", input).await;
        app.run_jobs().await;
        let mail = app.mail_to("vera@example.org").pop().unwrap();
        assert!(mail.text.contains("The meeting times do not fit."), "{}", mail.text);
        assert!(!mail.text.contains("evenings only"), "a note is for coordinators");
        let events = "query($id: ID!) { pairing(id: $id) { events { toState reason note } } }";
        let id = json!({ "id": global(pairing) });
        let told = vera.query(events, id.clone()).await;
        assert_eq!(told["pairing"]["events"][1], json!({ "toState": "REJECTED", "reason": "TIMES_DIFFER", "note": null }));
        let known = coordinator.query(events, id).await;
        assert_eq!(known["pairing"]["events"][1]["note"], "evenings only");
    }

    async fn an_application_can_be_withdrawn_before_it_went_out(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let input = json!({ "id": global(pairing), "reason": "NO_TIME" });
        assert_eq!(errors(&scene.omar, "declinePairing", json!({ "id": global(pairing), "reason": "NO_TIME" })).await, ["INVALID reason"]);
        let withdrawn = act(&vera, "withdrawPairing", input).await;
        assert_eq!(withdrawn["pairing"]["state"], "WITHDRAWN");
        assert_eq!(withdrawn["pairing"]["reason"], "NO_TIME");
    }
}
