//! Coordinators' standing instructions overrule the matcher.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const SET: &str = "mutation($input: SetPairingRuleInput!) { setPairingRule(input: $input) { rule { kind note } userErrors { code message field } } }";
const REMOVE: &str = "mutation($input: RemovePairingRuleInput!) { removePairingRule(input: $input) { isRemoved userErrors { code message field } } }";
const RUN: &str = "mutation { runRound(input: { suggestionsPerSeat: 1 }) { round { pairings { edges { node { volunteerId } } }
    report { refusedPins { volunteerId exclusions { code } } } } userErrors { code message field } } }";

async fn proposed(coordinator: &Client) -> Vec<Value> {
    let payload = coordinator.mutate(RUN, json!({})).await;
    let edges = payload["round"]["pairings"]["edges"].as_array().unwrap();
    edges
        .iter()
        .map(|edge| edge["node"]["volunteerId"].clone())
        .collect()
}

on_both_databases! {
    async fn pins_and_prohibitions_are_respected_and_can_be_lifted(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let best = world.volunteer("ana", Say::default()).await;
        let other = world.volunteer("ben", Say { skills: vec![("python", 2)], ..Say::default() }).await;
        assert_eq!(proposed(&coordinator).await, [gid(&best.id)]);

        let couple = |volunteer: &entity::volunteer::Model| json!({ "roleId": gid(&role.id), "volunteerId": gid(&volunteer.id) });
        let mut pin = couple(&other);
        pin["kind"] = json!("PIN");
        coordinator.mutate(SET, json!({ "input": pin })).await;
        assert_eq!(proposed(&coordinator).await, [gid(&other.id)]);

        // The same two again: the later word stands.
        let mut forbid = couple(&other);
        forbid["kind"] = json!("FORBID");
        forbid["note"] = json!("Asked not to.");
        let rule = coordinator.mutate(SET, json!({ "input": forbid })).await;
        assert_eq!(rule["rule"], json!({ "kind": "FORBID", "note": "Asked not to." }));
        let mut forbid = couple(&best);
        forbid["kind"] = json!("FORBID");
        coordinator.mutate(SET, json!({ "input": forbid })).await;
        assert!(proposed(&coordinator).await.is_empty());

        let removed = coordinator.mutate(REMOVE, json!({ "input": couple(&best) })).await;
        assert_eq!(removed["isRemoved"], true);
        assert_eq!(proposed(&coordinator).await, [gid(&best.id)]);
        let removed = coordinator.mutate(REMOVE, json!({ "input": couple(&best) })).await;
        assert_eq!(removed["isRemoved"], false);
    }

    async fn a_pin_that_cannot_be_kept_is_told_with_its_gate(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask { languages: vec!["fr"], ..Ask::default() }).await;
        let ben = world.volunteer("ben", Say { languages: vec!["en"], ..Say::default() }).await;
        let pin = json!({ "roleId": gid(&role.id), "volunteerId": gid(&ben.id), "kind": "PIN" });
        coordinator.mutate(SET, json!({ "input": pin })).await;
        let payload = coordinator.mutate(RUN, json!({})).await;
        assert_eq!(
            payload["round"]["report"]["refusedPins"],
            json!([{ "volunteerId": gid(&ben.id), "exclusions": [{ "code": "LANGUAGES" }] }])
        );
    }

    async fn only_coordinators_instruct_the_matcher_and_never_about_themselves(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let (ana, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let input = json!({ "input": { "roleId": gid(&role.id), "volunteerId": gid(&ana.id), "kind": "PIN" } });
        assert_eq!(client.error_code(SET, input.clone()).await, "NOT_FOUND");
        assert_eq!(app.client().error_code(SET, input.clone()).await, "UNAUTHENTICATED");
        let unknown = json!({ "input": { "roleId": gid(&role.id), "volunteerId": "volunteer_00000000000000000000000001", "kind": "PIN" } });
        assert_eq!(coordinator.user_errors(SET, unknown).await, ["UNKNOWN volunteerId"]);
        let swapped = json!({ "input": { "roleId": gid(&ana.id), "volunteerId": gid(&role.id), "kind": "PIN" } });
        assert_eq!(coordinator.user_errors(SET, swapped).await, ["INVALID roleId", "INVALID volunteerId"]);
    }
}
