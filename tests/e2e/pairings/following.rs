//! Following a pairing over a real socket.

use entity::pairing::PairingOrigin;
use serde_json::{Value, json};
use tests::on_both_databases;
use tests::socket::{Socket, listen};

use super::scene::{Scene, act, global, marketplace};

on_both_databases! {
    async fn each_change_of_a_pairing_is_told_to_who_may_see_it_and_to_nobody_else(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let eve = app.sign_up("Eve", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let url = listen(&app).await;
        let query = "subscription($id: ID!) { pairingChanged(id: $id) { state version } }";
        let variables = json!({ "id": global(pairing) });

        for (client, code) in [(&eve, "NOT_FOUND"), (&app.client(), "UNAUTHENTICATED")] {
            let mut stranger = Socket::open(&url, client).await;
            stranger.subscribe(query, variables.clone()).await;
            let answer = stranger.hear().await;
            assert!(answer.to_string().contains(code), "{answer}");
        }
        let mut socket = Socket::open(&url, &vera).await;
        socket.subscribe(query, variables).await;
        let now = |answer: Value| answer["payload"]["data"]["pairingChanged"].clone();
        let first = now(socket.hear().await);
        assert_eq!(first["state"], "INTERESTED");
        act(&vera, "withdrawPairing", json!({ "id": global(pairing) })).await;
        let second = now(socket.hear().await);
        assert_eq!(second["state"], "WITHDRAWN");
        assert!(second["version"].as_i64() > first["version"].as_i64());
        app.run_jobs().await;
    }
}
