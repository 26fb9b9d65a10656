//! What earlier versions of the program stored with a round stays readable.

use entity::personal::Personal;
use entity::{round, round_pairing};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const RUN: &str =
    "mutation { runRound(input: {}) { round { id } userErrors { code message field } } }";
const ROUND: &str = "query($id: ID!) { round(id: $id) {
    pairings { nodes { score factors { code } losses { code } } }
    report { fairness { words } certificate { isVerified isOverAllPairs totalPoints }
        unmatchedRoles { nodes { roleId nearest { volunteerId } } }
        unmatchedVolunteers { nodes { volunteerId nearest { roleId } } } } } }";

on_both_databases! {
    async fn a_report_and_its_pairings_of_before_fairness_losses_and_the_nearest_three(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        world.role(&project, Ask { must_have: vec![("python", 5)], ..Ask::default() }).await;
        let long = world.role(&project, Ask { hours: 9, ..Ask::default() }).await;
        world.role(&project, Ask { hours: 40, must_have: vec![("user-research", 3)], ..Ask::default() }).await;
        world.volunteer("ana", Say { skills: vec![("python", 4)], ..Say::default() }).await;
        let ben = world.volunteer("ben", Say { hours: 1, ..Say::default() }).await;
        let id = coordinator.mutate(RUN, json!({})).await["round"]["id"].clone();

        let stored = round::Entity::find().one(world.db()).await.unwrap().unwrap();
        let mut report = stored.report.clone().into_exposed();
        report.as_object_mut().unwrap().remove("fairness").unwrap();
        report["certificate"].as_object_mut().unwrap().remove("is_over_all_pairs").unwrap();
        for side in ["unmatched_roles", "unmatched_volunteers"] {
            for unmatched in report[side].as_array_mut().unwrap() {
                unmatched["nearest"] = unmatched["nearest"][0].clone();
            }
        }
        let roles = report["unmatched_roles"].as_array_mut().unwrap();
        let long_one = roles.iter_mut().find(|it| it["role_id"] == json!(long.id)).unwrap();
        assert!(long_one["nearest"].is_object());
        roles.iter_mut().find(|it| it["role_id"] != json!(long.id)).unwrap()["nearest"] = Value::Null;
        let older = round::ActiveModel { id: Set(stored.id), report: Set(Personal::new(report)), ..Default::default() };
        older.update(world.db()).await.unwrap();
        for pairing in round_pairing::Entity::find().all(world.db()).await.unwrap() {
            let mut factors = pairing.factors.clone().into_exposed();
            for factor in factors["factors"].as_array_mut().unwrap() {
                factor.as_object_mut().unwrap().remove("loss").unwrap();
            }
            let mut older = pairing.into_active_model();
            older.factors = Set(Personal::new(factors));
            older.update(world.db()).await.unwrap();
        }

        let said = coordinator.query(ROUND, json!({ "id": id })).await["round"].clone();
        let report = &said["report"];
        assert_eq!(report["fairness"], json!(null));
        assert_eq!((&report["certificate"]["isVerified"], &report["certificate"]["isOverAllPairs"]), (&json!(true), &json!(false)));
        let nearest = |side: &str, field: &str, id: String| {
            let nodes = report[side]["nodes"].as_array().unwrap();
            nodes.iter().find(|node| node[field] == id).unwrap()["nearest"].clone()
        };
        assert_eq!(nearest("unmatchedRoles", "roleId", gid(&long.id)).as_array().unwrap().len(), 1);
        let nodes = report["unmatchedRoles"]["nodes"].as_array().unwrap();
        assert!(nodes.iter().any(|node| node["nearest"] == json!([])), "{nodes:#?}");
        assert_eq!(nearest("unmatchedVolunteers", "volunteerId", gid(&ben.id)).as_array().unwrap().len(), 1);
        let pairing = &said["pairings"]["nodes"][0];
        assert!(pairing["factors"].as_array().unwrap().len() > 3, "{pairing:#}");
        assert_eq!(pairing["losses"], json!([]));

        // Who took part is known from an older report too.
        let replay = "query($round: ID!, $weights: String!) { replay(roundId: $round, weights: $weights) {
            keptCount basis { isExact } lost { volunteerId } } }";
        let own = json!({ "round": id, "weights": matcher::model::Weights::embedded_text() });
        let replay = coordinator.query(replay, own).await["replay"].clone();
        assert_eq!(replay, json!({ "keptCount": 1, "basis": { "isExact": true }, "lost": [] }));
    }
}
