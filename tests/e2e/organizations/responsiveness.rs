//! How an organization answers its offers, in figures for those inside.

use chrono::{DateTime, TimeDelta, Utc};
use entity::pairing::PairingState;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use crate::pairings::scene::{Scene, act, global};

const FIGURES: &str = "query($id: ID!) { organization(id: $id) { responsiveness { answeredCount answeredInTimeCount unansweredCount medianHours } } }";

/// What a reader is told of the scene's organization.
async fn figures(scene: &Scene<'_>, reader: &Client) -> Value {
    let id = api::graphql::id::encode(&scene.organization.id);
    let told = reader.query(FIGURES, json!({ "id": id.to_string() })).await;
    told["organization"]["responsiveness"].clone()
}

fn in_figures(answered: u32, in_time: u32, unanswered: u32, median: Option<u32>) -> Value {
    json!({
        "answeredCount": answered, "answeredInTimeCount": in_time, "unansweredCount": unanswered, "medianHours": median,
    })
}

on_both_databases! {
    async fn answers_are_counted_by_whether_they_came_in_time(backend) {
        // It is Saturday, 15:00: two business days end with Tuesday.
        let app = TestApp::new(backend).await;
        let scene = Scene::new(&app, 9).await;
        app.coordinator().await;
        let due: DateTime<Utc> = "2026-11-25T00:00:00Z".parse().unwrap();
        let mut offers = Vec::new();
        for name in ["Ana", "Ben", "Cleo", "Dan", "Eve"] {
            let (client, volunteer) = scene.sign_up_volunteer(name, "en").await;
            let offer = scene.offered(&scene.role, volunteer, PairingState::Offered).await;
            offers.push((client, json!({ "id": global(offer.id) })));
        }
        let omar = async || app.log_in("omar@example.org").await;
        assert_eq!(figures(&scene, &scene.omar).await, in_figures(0, 0, 0, None));
        // Dan says no first: there is nothing left for the organization to answer.
        act(&offers[3].0, "declinePairing", offers[3].1.clone()).await;
        app.advance(TimeDelta::hours(2));
        act(&omar().await, "acceptPairing", offers[0].1.clone()).await;
        assert_eq!(figures(&scene, &omar().await).await, in_figures(1, 1, 0, Some(2)));
        app.advance(due - app.app.clock.now());
        act(&omar().await, "declinePairing", offers[1].1.clone()).await;
        // 81 hours after the offer; Cleo and Eve may still be answered in time.
        assert_eq!(figures(&scene, &omar().await).await, in_figures(2, 2, 0, Some(41)));
        app.advance(TimeDelta::microseconds(1));
        act(&omar().await, "acceptPairing", offers[2].1.clone()).await;
        let late = in_figures(3, 2, 1, Some(81));
        assert_eq!(figures(&scene, &omar().await).await, late);
        assert_eq!(figures(&scene, &app.log_in("coordinator@example.org").await).await, late);
        // Nobody outside is told.
        assert_eq!(figures(&scene, &app.log_in("eve@example.org").await).await, Value::Null);
        assert_eq!(figures(&scene, &app.client()).await, Value::Null);
        let offered = scene.pairing(api::graphql::id::decode(&offers[0].1["id"].as_str().unwrap().into(), "id").unwrap()).await.offered_at.unwrap();
        app.advance(offered + TimeDelta::days(180) - TimeDelta::microseconds(1) - app.app.clock.now());
        assert_eq!(figures(&scene, &omar().await).await, late);
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(figures(&scene, &omar().await).await, in_figures(0, 0, 0, None));
    }
}
