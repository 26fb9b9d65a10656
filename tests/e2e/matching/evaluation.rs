//! Why a role and a volunteer fit, or what keeps them apart.

use entity::volunteer::{self, VolunteerState};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;
use tests::app::TestApp;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const WHY: &str = "query($role: ID!, $volunteer: ID!) { evaluation(roleId: $role, volunteerId: $volunteer) {
    isEligible score confidence summary factors { code label words } exclusions { code message smallestChange } } }";

on_both_databases! {
    async fn a_fitting_pair_is_explained_in_the_language_of_the_request(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let (ana, english) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let variables = json!({ "role": gid(&role.id), "volunteer": gid(&ana.id) });
        let said = english.query(WHY, variables.clone()).await["evaluation"].clone();
        assert_eq!(said["isEligible"], true);
        assert_eq!(said["exclusions"], json!([]));
        let score = said["score"].as_f64().unwrap();
        assert!(score > 0.5 && score <= 1.0, "{score}");
        assert!(said["summary"].as_str().unwrap().contains("Tuesday evening"), "{said:#}");
        assert_eq!(said["factors"][0]["label"], "must-have skills");

        let (luc, french) = world.volunteer_with_client("Luc", "fr", Say::default()).await;
        let said = french.query(WHY, json!({ "role": gid(&role.id), "volunteer": gid(&luc.id) })).await["evaluation"].clone();
        assert!(said["summary"].as_str().unwrap().contains("mardi soir"), "{said:#}");
        assert_eq!(said["factors"][0]["label"], "compétences indispensables");
        // Nobody asks about somebody else.
        assert_eq!(french.error_code(WHY, variables).await, "NOT_FOUND");
    }

    async fn the_best_pairs_of_one_side_are_listed_best_first(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask::default()).await;
        let strong = world.volunteer("ana", Say::default()).await;
        let weak = world.volunteer("ben", Say { skills: vec![("python", 2)], ..Say::default() }).await;
        world.volunteer("eve", Say { languages: vec!["fr"], ..Say::default() }).await;
        let best = "query($id: ID!, $first: Int!) { node(id: $id) { ... on Role { suggestions(first: $first) { volunteerId score reasons } } } }";
        let data = coordinator.query(best, json!({ "id": gid(&role.id), "first": 5 })).await;
        let found = data["node"]["suggestions"].as_array().unwrap();
        let people: Vec<_> = found.iter().map(|suggestion| suggestion["volunteerId"].as_str().unwrap().to_owned()).collect();
        assert_eq!(people, [gid(&strong.id), gid(&weak.id)]);
        assert!(found[0]["score"].as_f64() > found[1]["score"].as_f64());
        assert_eq!(coordinator.error_code(best, json!({ "id": gid(&role.id), "first": 51 })).await, "INVALID_ARGUMENT");

        let (own, client) = world.volunteer_with_client("Luc", "fr", Say::default()).await;
        assert_eq!(client.error_code(best, json!({ "id": gid(&role.id), "first": 5 })).await, "NOT_FOUND");
        let roles = "query($id: ID!) { volunteer(id: $id) { matchingRoles { roleId summary role { id } } } }";
        let data = client.query(roles, json!({ "id": gid(&own.id) })).await;
        let found = &data["volunteer"]["matchingRoles"];
        assert_eq!((found.as_array().unwrap().len(), &found[0]["roleId"]), (1, &json!(gid(&role.id))));
        assert_eq!(found[0]["role"]["id"], gid(&role.id));
        assert!(found[0]["summary"].as_str().unwrap().contains("mardi soir"), "{found:#}");
    }

    async fn every_closed_gate_is_told_also_those_the_engine_does_not_know(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask { tuesday: Some((8, 9)), ..Ask::default() }).await;
        let ben = world.volunteer("ben", Say::default()).await;
        app.advance(chrono::TimeDelta::minutes(1));
        world.consent(ben.account_id, false).await;
        volunteer::ActiveModel { id: Set(ben.id), state: Set(VolunteerState::Busy), ..Default::default() }
            .update(world.db())
            .await
            .unwrap();
        let said = coordinator.query(WHY, json!({ "role": gid(&role.id), "volunteer": gid(&ben.id) })).await["evaluation"].clone();
        assert_eq!(said["isEligible"], false);
        assert!(said["score"].as_f64().unwrap() > 0.0, "what it would be: {said:#}");
        assert_eq!(said["factors"][0]["words"], "must-have skills: 1/1 (Python)");
        let codes: Vec<_> = said["exclusions"].as_array().unwrap().iter().map(|exclusion| exclusion["code"].clone()).collect();
        assert_eq!(codes, ["NO_CONSENT", "VOLUNTEER_UNAVAILABLE", "MEETING"]);
        assert_eq!(said["exclusions"][2]["smallestChange"], "find 1 h more a week to meet");
        let unknown = json!({ "role": gid(&role.id), "volunteer": "volunteer_00000000000000000000000001" });
        assert_eq!(coordinator.error_code(WHY, unknown).await, "NOT_FOUND");
    }
}
