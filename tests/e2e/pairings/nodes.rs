//! Everything with an id is found by it, for those who may see it.

use entity::pairing::PairingOrigin;
use serde_json::{Value, json};
use tests::client::Client;
use tests::on_both_databases;

use super::scene::{Scene, answer, global, marketplace};

const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

on_both_databases! {
    async fn a_node_is_found_by_those_who_may_see_it(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "fr").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        for email in ["vera@example.org", "omar@example.org"] {
            let link = app.mail_to(email).pop().unwrap().action("offer");
            answer(&app, &link, "action=accept").await;
        }
        let seen = vera.query(
            "query($id: ID!) {
                viewer { id }
                pairing(id: $id) { id volunteer { id } placement { id } role { id project { id organization { id } } } }
            }",
            json!({ "id": global(pairing) }),
        ).await;
        let round = app.coordinator().await.mutate(
            "mutation($input: RunRoundInput!) { runRound(input: $input) { round { id } userErrors { message } } }",
            json!({ "input": {} }),
        ).await;
        let skill = vera.query("{ skills(first: 1) { nodes { id } } }", json!({})).await;
        let things = [
            ("Account", &seen["viewer"]["id"]),
            ("Organization", &seen["pairing"]["role"]["project"]["organization"]["id"]),
            ("Pairing", &seen["pairing"]["id"]),
            ("Placement", &seen["pairing"]["placement"]["id"]),
            ("Project", &seen["pairing"]["role"]["project"]["id"]),
            ("Role", &seen["pairing"]["role"]["id"]),
            ("Round", &round["round"]["id"]),
            ("Skill", &skill["skills"]["nodes"][0]["id"]),
            ("Volunteer", &seen["pairing"]["volunteer"]["id"]),
        ];
        let found = async |client: Client| {
            let ids: Vec<&Value> = things.iter().map(|(_, id)| *id).collect();
            let nodes = client.query(NODES, json!({ "ids": ids })).await["nodes"].clone();
            let seen = nodes.as_array().unwrap().iter().zip(&things).filter(|(node, _)| !node.is_null());
            seen.map(|(node, (name, id))| {
                assert_eq!(node, &json!({ "__typename": name, "id": id }));
                *name
            }).collect::<Vec<_>>()
        };

        let all = things.map(|(name, _)| name);
        let open = ["Organization", "Project", "Role", "Skill"];
        let disclosed = ["Organization", "Pairing", "Placement", "Project", "Role", "Skill", "Volunteer"];
        let own = [&["Account"][..], &disclosed].concat();
        assert_eq!(found(vera).await, own);
        assert_eq!(found(scene.omar.clone()).await, disclosed);
        assert_eq!(found(app.coordinator().await).await, all);
        assert_eq!(found(app.sign_up("Eve", "en").await).await, open);
        assert_eq!(found(app.client()).await, open);
    }
}
