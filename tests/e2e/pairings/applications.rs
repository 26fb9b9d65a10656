//! From an application to its answer, from the mails and their page.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::pairing::{PairingOrigin, PairingState};
use serde_json::{Value, json};
use tests::on_both_databases;

use super::scene::{Scene, act, answer, errors, get, global, marketplace};

const APPLY: &str = "mutation($input: ExpressInterestInput!) { expressInterest(input: $input) { pairing { id } userErrors { code message field } } }";

fn role(scene: &Scene<'_>) -> Value {
    json!({ "roleId": api::graphql::id::encode(&scene.role.id).to_string() })
}

on_both_databases! {
    async fn an_application_is_told_to_those_who_can_act_on_it_and_withdrawn_from_its_mail(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _) = scene.sign_up_volunteer("Vera", "en").await;
        app.coordinator().await;
        act(&vera, "expressInterest", role(&scene)).await;
        app.run_jobs().await;
        let to_coordinator = app.mail_to("coordinator@example.org").pop().unwrap();
        assert!(to_coordinator.text.contains("waits for your review"), "{}", to_coordinator.text);
        let to_omar = app.mail_to("omar@example.org").pop().unwrap();
        assert!(to_omar.text.contains("nothing you have to do"), "{}", to_omar.text);
        assert!(get(&app, &to_omar.action("offer")).await.text.contains("value=\"decline\""));

        let link = app.mail_to("vera@example.org").pop().unwrap().action("offer");
        assert!(get(&app, &link).await.text.contains("value=\"withdraw\""));
        let others = answer(&app, &to_omar.action("offer"), "action=withdraw&reason=no_time").await;
        assert_eq!(others.status, StatusCode::CONFLICT, "it is not the organization's to withdraw");
        for _ in 0..2 {
            let withdrawn = answer(&app, &link, "action=withdraw&reason=no_time").await;
            assert_eq!(withdrawn.status, StatusCode::SEE_OTHER, "{}", withdrawn.text);
        }
        assert!(!get(&app, &link).await.text.contains("value=\"withdraw\""));
        let list = "{ pairings { edges { node { state reason } } } }";
        let seen = vera.query(list, json!({})).await;
        assert_eq!(seen["pairings"]["edges"][0]["node"], json!({ "state": "WITHDRAWN", "reason": "NO_TIME" }));
    }

    async fn what_somebody_waits_for_goes_out_first_and_a_summary_last(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _) = scene.sign_up_volunteer("Vera", "en").await;
        let (walt, _) = scene.sign_up_volunteer("Walt", "en").await;
        app.coordinator().await;
        app.run_jobs().await;
        let before = app.mails().len();
        for applicant in [&vera, &walt] {
            act(applicant, "expressInterest", role(&scene)).await;
        }
        app.run_jobs().await;
        let to: Vec<String> = app.mails().split_off(before).into_iter().map(|mail| mail.to).collect();
        let names: Vec<&str> = to.iter().filter_map(|to| to.split('@').next()).collect();
        assert_eq!(names, ["vera", "walt", "omar", "omar", "coordinator", "coordinator"]);
    }

    async fn an_applicant_who_heard_no_hears_when_that_is_taken_back(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let id = json!({ "id": global(pairing) });
        act(&scene.omar, "declinePairing", id.clone()).await;
        app.run_jobs().await;
        assert!(app.mail_to("vera@example.org").pop().unwrap().subject.starts_with("About your application"));
        act(&scene.omar, "undoDecline", id.clone()).await;
        app.run_jobs().await;
        let told = app.mail_to("vera@example.org");
        assert_eq!(told.len(), 2);
        assert!(told[1].subject.starts_with("We received your application"), "{}", told[1].subject);

        act(&scene.omar, "declinePairing", id.clone()).await;
        act(&scene.omar, "undoDecline", id).await;
        app.run_jobs().await;
        assert_eq!(app.mail_to("vera@example.org").len(), 2, "who heard nothing of it is left in peace");
    }

    async fn coming_forward_again_and_again_for_one_role_has_an_end_for_the_day(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _) = scene.sign_up_volunteer("Vera", "en").await;
        for _ in 0..3 {
            let applied = vera.mutate(APPLY, json!({ "input": role(&scene) })).await;
            act(&vera, "withdrawPairing", json!({ "id": applied["pairing"]["id"], "reason": "NO_TIME" })).await;
        }
        assert_eq!(vera.error_code(APPLY, json!({ "input": role(&scene) })).await, "RATE_LIMITED");
        app.advance(TimeDelta::hours(25));
        let vera = app.log_in("vera@example.org").await;
        act(&vera, "expressInterest", role(&scene)).await;
    }

    async fn an_approved_pairing_nobody_has_heard_of_makes_way_for_the_application(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = app.coordinator().await;
        act(&coordinator, "approvePairings", json!({ "pairings": [{ "id": global(pairing) }] })).await;
        let applied = act(&vera, "expressInterest", role(&scene)).await;
        assert_eq!(applied["pairing"]["state"], "INTERESTED");
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Superseded);
        app.advance(TimeDelta::minutes(10));
        app.run_jobs().await;
        assert!(app.mail_to("vera@example.org").iter().all(|mail| !mail.subject.contains("Would you like")));
        assert_eq!(errors(&vera, "expressInterest", role(&scene)).await, ["ALREADY_EXISTS roleId"]);
    }
}
