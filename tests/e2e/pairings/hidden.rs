//! What a pairing goes on telling when it is over, and when its organization is hidden.

use entity::pairing::{PairingOrigin, PairingState};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::listing::step;
use tests::on_both_databases;

use super::scene::{Scene, act, global, marketplace};

const SEEN: &str = "query($id: ID!) { pairing(id: $id) {
    state volunteerFirstName message role { id } organization { state } roleTitle { text } organizationName
} }";

on_both_databases! {
    async fn a_recalled_offer_shows_nothing_of_a_hidden_organization_but_names(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        let coordinator = scene.send_offer(pairing).await;
        let id = json!({ "id": global(pairing) });
        let offered = vera.query(SEEN, id.clone()).await["pairing"].clone();
        assert_eq!(offered["organization"]["state"], "VETTED");
        assert!(offered["role"]["id"].is_string());

        let organization = json!({
            "id": api::graphql::id::encode(&scene.organization.id).as_str(), "version": scene.organization.version,
        });
        step(&coordinator, "flagOrganization", &organization, json!({ "evidence": "A complaint." })).await;
        let recalled = vera.query(SEEN, id).await["pairing"].clone();
        assert_eq!(recalled["state"], "RECALLED");
        assert_eq!((&recalled["role"], &recalled["organization"]), (&Value::Null, &Value::Null));
        assert_eq!(recalled["roleTitle"], offered["roleTitle"]);
        assert_eq!(recalled["organizationName"], scene.organization.name);
        app.run_jobs().await;
    }

    async fn an_application_that_is_over_tells_the_organization_nothing_of_the_volunteer(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        entity::pairing::ActiveModel { id: Set(pairing), message: Set(Some(entity::personal::Personal::new("I can help."))), ..Default::default() }
            .update(&app.app.store.connection)
            .await
            .unwrap();
        let id = json!({ "id": global(pairing) });
        let told = json!(["Vera", "I can help."]);
        let seen = async |client: &tests::client::Client| {
            let seen = client.query(SEEN, id.clone()).await["pairing"].clone();
            json!([seen["volunteerFirstName"], seen["message"]])
        };
        assert_eq!(seen(&scene.omar).await, told);
        act(&vera, "withdrawPairing", json!({ "id": global(pairing) })).await;
        assert_eq!(scene.pairing(pairing).await.state, PairingState::Withdrawn);
        assert_eq!(seen(&scene.omar).await, json!([null, null]));
        assert_eq!(seen(&vera).await, told);
        assert_eq!(seen(&app.coordinator().await).await, told);
        app.run_jobs().await;
    }

    async fn who_is_not_logged_in_hears_the_same_of_every_pairing(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (_, volunteer) = scene.add_volunteer("vera").await;
        let there = global(scene.begin(volunteer, PairingOrigin::Volunteer).await);
        for id in [there.as_str(), "pairing_00000000000000000000000000"] {
            assert_eq!(app.client().error_code(SEEN, json!({ "id": id })).await, "UNAUTHENTICATED");
        }
        app.run_jobs().await;
    }

    async fn the_time_to_take_a_decline_back_is_read_for_all_pairings_at_once(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 5).await;
        let document = "{ pairings { nodes { state undoableUntil } } }";
        // The first showing of an access token is noted once; it shall not count.
        scene.omar.query(document, json!({})).await;
        let mut counts = Vec::new();
        for name in ["vera", "ana", "bo"] {
            let (client, volunteer) = scene.sign_up_volunteer(name, "en").await;
            let pairing = scene.begin(volunteer, PairingOrigin::Organization).await;
            act(&client, "declinePairing", json!({ "id": global(pairing) })).await;
            let before = app.statements();
            let seen = scene.omar.query(document, json!({})).await;
            counts.push(app.statements() - before);
            let nodes = seen["pairings"]["nodes"].as_array().unwrap();
            assert_eq!(nodes.len(), counts.len());
            assert!(nodes.iter().all(|node| node["undoableUntil"].is_string()), "{nodes:?}");
        }
        assert_eq!(counts, vec![counts[0]; 3]);
        app.run_jobs().await;
    }
}
