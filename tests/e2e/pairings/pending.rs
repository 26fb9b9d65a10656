//! An organization that does not answer is not sent still more people who wait in vain.

use entity::pairing::{PairingOrigin, PairingState};
use futures_util::future::join;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::scene::{Scene, act, errors, global, marketplace};

/// What approving these pairings is refused for.
async fn refusals(coordinator: &Client, pairings: &[entity::id::PairingId]) -> Vec<String> {
    errors(coordinator, "approvePairings", choice(pairings)).await
}

fn choice(pairings: &[entity::id::PairingId]) -> Value {
    let choices: Vec<Value> = pairings
        .iter()
        .map(|id| json!({ "id": global(*id) }))
        .collect();
    json!({ "pairings": choices })
}

on_both_databases! {
    async fn three_pairings_of_a_role_may_wait_for_its_organization_and_no_fourth(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 10).await;
        let coordinator = app.coordinator().await;
        let mut waiting = Vec::new();
        for name in ["ana", "ben", "cleo"] {
            let (_, volunteer) = scene.add_volunteer(name).await;
            waiting.push(scene.begin(volunteer, PairingOrigin::Matcher).await);
        }
        let (dora, volunteer) = scene.sign_up_volunteer("Dora", "en").await;
        let fourth = scene.begin(volunteer, PairingOrigin::Matcher).await;
        act(&coordinator, "approvePairings", choice(&waiting)).await;
        assert_eq!(refusals(&coordinator, &[fourth]).await, ["TOO_MANY_PENDING pairings.0"]);
        assert_eq!(scene.pairing(fourth).await.state, PairingState::Suggested);
        assert_eq!(refusals(&coordinator, &waiting).await, [] as [&str; 0], "those may be approved again");

        // Another role has room of its own.
        let other = scene.add_role(10).await;
        let elsewhere = scene.begin_for(&other, volunteer, PairingOrigin::Matcher).await;
        act(&coordinator, "approvePairings", choice(&[elsewhere])).await;
        act(&coordinator, "recallPairing", json!({ "id": global(elsewhere), "reason": "MISTAKE" })).await;

        // An answer of a volunteer makes no room, one of the organization does.
        app.advance(chrono::TimeDelta::minutes(10));
        app.run_jobs().await;
        let coordinator = app.coordinator().await;
        let answered = scene.offered(&other, volunteer, PairingState::Offered).await;
        act(&dora, "declinePairing", json!({ "id": global(answered.id), "reason": "NO_TIME" })).await;
        assert_eq!(refusals(&coordinator, &[fourth]).await, ["TOO_MANY_PENDING pairings.0"]);
        act(&scene.omar, "acceptPairing", json!({ "id": global(waiting[0]) })).await;
        act(&coordinator, "approvePairings", choice(&[fourth])).await;
        assert_eq!(scene.pairing(fourth).await.state, PairingState::Held);
    }

    async fn of_many_at_once_those_beyond_the_limit_are_named_and_none_is_approved(backend) {
        let app = TestApp::with_settings(backend, &[("ROLE_PENDING_LIMIT", "2")]).await;
        let scene = Scene::new(&app, 10).await;
        let coordinator = app.coordinator().await;
        let mut pairings = Vec::new();
        for name in ["ana", "ben", "cleo", "dora"] {
            let (_, volunteer) = scene.add_volunteer(name).await;
            pairings.push(scene.begin(volunteer, PairingOrigin::Matcher).await);
        }
        let beyond = ["TOO_MANY_PENDING pairings.2", "TOO_MANY_PENDING pairings.3"];
        assert_eq!(refusals(&coordinator, &pairings).await, beyond);
        for id in &pairings {
            assert_eq!(scene.pairing(*id).await.state, PairingState::Suggested);
        }
        act(&coordinator, "approvePairings", choice(&pairings[..2])).await;
    }

    async fn two_coordinators_on_two_nodes_do_not_exceed_the_limit_together(backend) {
        let app = TestApp::with_settings(backend, &[("ROLE_PENDING_LIMIT", "1"), ("ACCESS_TOKEN_MINUTES", "15")]).await;
        let scene = Scene::new(&app, 10).await;
        let here = app.coordinator().await;
        let there = app.another_node().await.log_in("coordinator@example.org").await;
        let (_, ana) = scene.add_volunteer("ana").await;
        let (_, ben) = scene.add_volunteer("ben").await;
        for round in 0..20 {
            let role = scene.add_role(10).await;
            let first = scene.begin_for(&role, ana, PairingOrigin::Matcher).await;
            let second = scene.begin_for(&role, ben, PairingOrigin::Matcher).await;
            let (one, two) = join(refusals(&here, &[first]), refusals(&there, &[second])).await;
            let refused: Vec<String> = [one, two].concat();
            assert_eq!(refused, ["TOO_MANY_PENDING pairings.0"], "round {round}");
            for id in [first, second] {
                if scene.pairing(id).await.state == PairingState::Held {
                    act(&here, "recallPairing", json!({ "id": global(id), "reason": "MISTAKE" })).await;
                }
            }
        }
    }

    async fn coordinators_who_approve_for_the_same_roles_in_other_orders_both_succeed(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 10).await;
        let here = app.coordinator().await;
        let there = app.another_node().await.log_in("coordinator@example.org").await;
        for round in 0..10 {
            let (one, two) = (scene.add_role(10).await, scene.add_role(10).await);
            let (_, ana) = scene.add_volunteer(&format!("ana{round}")).await;
            let (_, ben) = scene.add_volunteer(&format!("ben{round}")).await;
            let begin = async |role, volunteer| scene.begin_for(role, volunteer, PairingOrigin::Matcher).await;
            let forth = [begin(&one, ana).await, begin(&two, ana).await];
            let back = [begin(&two, ben).await, begin(&one, ben).await];
            let (forth, back) = join(refusals(&here, &forth), refusals(&there, &back)).await;
            assert_eq!([forth, back].concat(), [] as [&str; 0], "round {round}");
        }
    }
}
