//! A round reads in bulk: its statements do not grow with the number of people or roles.

use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;

use super::world::{Ask, Say, World};

const RUN: &str = "mutation { runRound(input: {}) { round { id } userErrors { code message } } }";

on_both_databases! {
    async fn a_round_takes_as_many_statements_for_twelve_people_as_for_one(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        world.role(&project, Ask::default()).await;
        world.volunteer("ana", Say::default()).await;
        // The first showing of an access token is noted once; it shall not count.
        coordinator.query("{ viewer { id } }", json!({})).await;
        let before = app.statements();
        coordinator.mutate(RUN, json!({})).await;
        let for_one = app.statements() - before;
        assert!(for_one > 0);

        for number in 0..11 {
            world.volunteer(&format!("volunteer-{number}"), Say { hours: 10, most: 2, ..Say::default() }).await;
        }
        for _ in 0..5 {
            world.role(&project, Ask { seats: 2, ..Ask::default() }).await;
        }
        let before = app.statements();
        coordinator.mutate(RUN, json!({})).await;
        assert_eq!(app.statements() - before, for_one);
    }
}
