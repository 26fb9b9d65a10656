//! The current suggestions follow every change, on every node, and are those of a round.

use entity::volunteer_skill;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use tests::socket::{Socket, listen};

use super::world::{Ask, Say, World, gid};

const LIST: &str = "query($roleId: ID, $volunteerId: ID, $first: Int, $after: String) {
    currentSuggestions(roleId: $roleId, volunteerId: $volunteerId, first: $first, after: $after) {
        totalCount asOf pageInfo { hasNextPage endCursor } nodes { roleId volunteerId score confidence reasons } } }";
const RUN: &str = "mutation { runRound(input: {}) { userErrors { code }
    round { id pairings(first: 100) { nodes { roleId volunteerId score confidence reasons } } } } }";
const SET_STATE: &str = "mutation($input: SetVolunteerStateInput!) { setVolunteerState(input: $input) { userErrors { code message } } }";
const SET_RULE: &str = "mutation($input: SetPairingRuleInput!) { setPairingRule(input: $input) { userErrors { code message } } }";

async fn listed(coordinator: &Client, filter: Value) -> Value {
    coordinator.query(LIST, filter).await["currentSuggestions"].clone()
}

fn volunteers(list: &Value) -> Vec<String> {
    let nodes = list["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| node["volunteerId"].as_str().unwrap().to_owned())
        .collect()
}

on_both_databases! {
    async fn an_edit_on_one_node_shows_on_another(backend) {
        let here = TestApp::new(backend).await;
        let world = World::new(&here);
        let role = world.role(&world.project().await, Ask::default()).await;
        let (ana, client) = world.volunteer_with_client("ana", "en", Say::default()).await;
        let ben = world.volunteer("ben", Say { skills: vec![("python", 2)], ..Say::default() }).await;
        here.coordinator().await;
        let there = here.another_node().await;
        let coordinator = there.log_in("coordinator@example.org").await;
        assert!(there.follow().await);
        let both = [gid(&ana.id), gid(&ben.id)];
        assert_eq!(volunteers(&listed(&coordinator, json!({})).await), both);

        client.mutate(SET_STATE, json!({ "input": { "state": "BUSY" } })).await;
        assert!(there.follow().await);
        assert_eq!(volunteers(&listed(&coordinator, json!({})).await), both[1..]);

        client.mutate(SET_STATE, json!({ "input": { "state": "ACTIVE" } })).await;
        assert!(there.follow().await);
        assert_eq!(volunteers(&listed(&coordinator, json!({})).await), both);

        let forbid = json!({ "kind": "FORBID", "roleId": gid(&role.id), "volunteerId": gid(&ben.id) });
        coordinator.mutate(SET_RULE, json!({ "input": forbid })).await;
        assert!(here.follow().await);
        let coordinator = here.log_in("coordinator@example.org").await;
        assert_eq!(volunteers(&listed(&coordinator, json!({})).await), both[..1]);
    }

    async fn they_are_what_a_round_over_everybody_proposes(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        for seats in 1..4 {
            world.role(&project, Ask { seats, ..Ask::default() }).await;
        }
        world.role(&project, Ask { must_have: vec![("user-research", 3)], ..Ask::default() }).await;
        let mut people = Vec::new();
        for number in 0..12_i32 {
            let skills = vec![("python", i16::try_from(1 + number % 5).unwrap()), ("sql", 3)];
            let say = Say { skills, hours: 3 + number % 4, most: 1 + number % 2, ..Say::default() };
            people.push(world.volunteer_with_client(&format!("volunteer{number}"), "en", say).await);
        }
        app.follow().await;
        // Edits in between: what is shown depends on what is stored, not on how it came to be.
        for (_, client) in people.iter().step_by(3) {
            client.mutate(SET_STATE, json!({ "input": { "state": "BUSY" } })).await;
            assert!(app.follow().await);
        }
        people[3].1.mutate(SET_STATE, json!({ "input": { "state": "ACTIVE" } })).await;
        assert!(app.follow().await);

        let shown = listed(&coordinator, json!({ "first": 100 })).await;
        let round = coordinator.mutate(RUN, json!({})).await["round"].clone();
        let in_order = |nodes: &Value| {
            let mut nodes: Vec<String> = nodes.as_array().unwrap().iter().map(ToString::to_string).collect();
            nodes.sort();
            nodes
        };
        let shown_nodes = in_order(&shown["nodes"]);
        assert!(shown_nodes.len() > 8, "{shown:#}");
        assert_eq!(shown_nodes, in_order(&round["pairings"]["nodes"]));
        let scores: Vec<f64> = shown["nodes"].as_array().unwrap().iter().map(|node| node["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b));

        // A node that starts now shows the same.
        let started = app.another_node().await;
        let client = started.log_in("coordinator@example.org").await;
        assert_eq!(listed(&client, json!({ "first": 100 })).await["nodes"], shown["nodes"]);

        // What a round has proposed waits for an answer and is not suggested again.
        let apply = "mutation($id: ID!) { applyRound(input: { roundId: $id }) { userErrors { code } } }";
        coordinator.mutate(apply, json!({ "id": round["id"] })).await;
        assert!(app.follow().await);
        let couples = |list: &Value| -> Vec<Value> {
            let nodes = list["nodes"].as_array().unwrap().iter();
            nodes.map(|node| json!([node["roleId"], node["volunteerId"]])).collect()
        };
        let next = couples(&listed(&coordinator, json!({ "first": 100 })).await);
        assert!(couples(&shown).iter().all(|couple| !next.contains(couple)));
        app.run_jobs().await;
    }

    async fn they_are_filtered_and_paged(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask::default()).await;
        let other = world.role(&project, Ask { must_have: vec![("sql", 3)], ..Ask::default() }).await;
        let ana = world.volunteer("ana", Say { most: 2, hours: 10, ..Say::default() }).await;
        world.volunteer("ben", Say { most: 2, hours: 10, ..Say::default() }).await;

        assert_eq!(listed(&coordinator, json!({})).await["totalCount"], 4);
        let of_role = listed(&coordinator, json!({ "roleId": gid(&role.id) })).await;
        assert_eq!(of_role["totalCount"], 2);
        let of_both = listed(&coordinator, json!({ "roleId": gid(&other.id), "volunteerId": gid(&ana.id) })).await;
        assert_eq!(volunteers(&of_both), [gid(&ana.id)]);

        let first = listed(&coordinator, json!({ "first": 3 })).await;
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let after = &first["pageInfo"]["endCursor"];
        let second = listed(&coordinator, json!({ "first": 3, "after": after })).await;
        assert_eq!(volunteers(&second).len(), 1);
        let foreign = json!({ "roleId": gid(&role.id), "after": after });
        let refused = coordinator.graphql(LIST, foreign).await;
        assert!(refused.text.contains("does not belong to this list"), "{}", refused.text);
    }

    async fn a_page_goes_on_from_its_place_when_the_last_pair_read_is_gone_or_stands_elsewhere(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        world.role(&project, Ask { seats: 2, must_have: vec![("python", 5)], ..Ask::default() }).await;
        let mut people = Vec::new();
        for (name, level) in [("ana", 5), ("ben", 4), ("cleo", 3), ("dev", 2)] {
            let say = Say { skills: vec![("python", level)], ..Say::default() };
            people.push(world.volunteer_with_client(name, "en", say).await);
        }
        app.follow().await;
        let ids: Vec<String> = people.iter().map(|(volunteer, _)| gid(&volunteer.id)).collect();
        let first = listed(&coordinator, json!({ "first": 2 })).await;
        assert_eq!(volunteers(&first), ids[..2]);
        let after = json!({ "first": 2, "after": first["pageInfo"]["endCursor"] });

        // Ben is gone, then back in the last place.
        people[1].1.mutate(SET_STATE, json!({ "input": { "state": "BUSY" } })).await;
        app.follow().await;
        assert_eq!(volunteers(&listed(&coordinator, after.clone()).await), ids[2..]);
        people[1].1.mutate(SET_STATE, json!({ "input": { "state": "ACTIVE" } })).await;
        volunteer_skill::Entity::update_many()
            .set(volunteer_skill::ActiveModel { level: Set(Some(2)), years: Set(Some(0)), ..Default::default() })
            .filter(volunteer_skill::COLUMN.volunteer_id.eq(people[1].0.id))
            .exec(world.db())
            .await
            .unwrap();
        app.follow().await;
        let rest = listed(&coordinator, json!({ "first": 3, "after": after["after"] })).await;
        assert_eq!(volunteers(&rest), [2, 3, 1].map(|place: usize| ids[place].clone()));
    }

    async fn nothing_is_chosen_anew_while_nothing_has_changed(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let (_, client) = world.volunteer_with_client("ana", "en", Say::default()).await;
        assert!(app.follow().await);
        let before = app.statements();
        assert!(!app.follow().await);
        assert_eq!(app.statements() - before, 1);

        // The matcher does not read sessions.
        app.log_in("ana@example.org").await;
        assert!(!app.follow().await);
        client.mutate(SET_STATE, json!({ "input": { "state": "BUSY" } })).await;
        assert!(app.follow().await);

        // Some things change with time alone.
        app.advance(chrono::TimeDelta::seconds(299));
        assert!(!app.follow().await);
        app.advance(chrono::TimeDelta::seconds(1));
        assert!(app.follow().await);
    }

    async fn every_table_that_the_matcher_reads_is_followed(backend) {
        let app = TestApp::new(backend).await;
        let before = app.statements();
        app.follow().await;
        let mut read: Vec<String> = app
            .statements_after(before)
            .iter()
            .flat_map(|sql| sql.split(" FROM \"").skip(1).chain(sql.split(" JOIN \"").skip(1)))
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .filter(|table| table != "matching_revision")
            .collect();
        read.sort();
        read.dedup();
        assert_eq!(read, api::store::revision::TABLES);
    }

    async fn those_who_follow_are_told_the_difference_alone(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let (ana, client) = world.volunteer_with_client("ana", "fr", Say::default()).await;
        let ben = world.volunteer("ben", Say { skills: vec![("python", 2)], ..Say::default() }).await;
        let url = listen(&app).await;
        let query = "subscription { currentSuggestionsChanged { asOf isWhole withdrawn { roleId volunteerId }
            proposed { roleId volunteerId score } } }";
        for (stranger, code) in [(&client, "NOT_FOUND"), (&app.client(), "UNAUTHENTICATED")] {
            let mut socket = Socket::open(&url, stranger).await;
            socket.subscribe(query, json!({})).await;
            let answer = socket.hear().await;
            assert!(answer.to_string().contains(code), "{answer}");
        }
        let mut socket = Socket::open(&url, &coordinator).await;
        socket.subscribe(query, json!({})).await;
        let told = |answer: Value| answer["payload"]["data"]["currentSuggestionsChanged"].clone();
        let beginning = told(socket.hear().await);
        assert_eq!(beginning["proposed"], json!([]));
        assert_eq!(beginning["withdrawn"], json!([]));

        // A change that moves no suggestion is not told.
        coordinator.mutate(SET_RULE, json!({ "input": { "kind": "PIN", "roleId": gid(&role.id), "volunteerId": gid(&ben.id) } })).await;
        app.follow().await;
        client.mutate(SET_STATE, json!({ "input": { "state": "BUSY" } })).await;
        app.follow().await;
        let gone = told(socket.hear().await);
        assert_eq!(gone["withdrawn"], json!([{ "roleId": gid(&role.id), "volunteerId": gid(&ana.id) }]));
        assert_eq!(gone["proposed"], json!([]));
        assert_eq!(gone["isWhole"], true);

        client.mutate(SET_STATE, json!({ "input": { "state": "ACTIVE" } })).await;
        app.follow().await;
        let back = told(socket.hear().await);
        assert_eq!(back["withdrawn"], json!([]));
        assert_eq!(back["proposed"][0]["volunteerId"], gid(&ana.id));
        assert_eq!(back["proposed"].as_array().unwrap().len(), 1);
    }

    async fn they_are_for_coordinators(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "fr").await;
        for (client, code) in [(&nora, "NOT_FOUND"), (&app.client(), "UNAUTHENTICATED")] {
            let answer = client.graphql(LIST, json!({})).await;
            assert!(answer.text.contains(code), "{}", answer.text);
        }
    }
}
