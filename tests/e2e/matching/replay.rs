//! A past round with other weights: what they would have changed, as long as the round's inputs can be rebuilt.

use entity::round;
use entity::volunteer::{self, VolunteerState};
use matcher::model::Weights;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const REPLAY: &str = "query($round: ID!, $weights: String!) { replay(roundId: $round, weights: $weights) {
    keptCount lostCount gainedCount words
    lost { roleId volunteerId role { title { text } } volunteer { givenName } } gained(first: 5) { volunteerId }
    answersOfKept { answer count } answersOfLost { answer count }
    before { weightsVersion pairings pointsByBefore pointsByAfter fairness { volunteers { withAny gini } } }
    after { weightsVersion weightsFingerprint pairings pointsByBefore pointsByAfter fairness { volunteers { withAny gini } } } } }";
const RUN: &str =
    "mutation { runRound(input: {}) { round { id } userErrors { code message field } } }";
const APPLY: &str = "mutation($id: ID!) { applyRound(input: { roundId: $id }) { pairings { id } userErrors { code message field } } }";
const REJECT: &str = "mutation($id: ID!) { rejectPairing(input: { id: $id, reason: SKILLS_DIFFER }) { userErrors { code message field } } }";

/// The policy with some lines replaced.
fn policy(changes: &[(&str, &str)]) -> String {
    let text = Weights::embedded_text().to_owned();
    changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from} is in the policy");
        text.replacen(from, to, 1)
    })
}

async fn dry_run(coordinator: &Client) -> Value {
    coordinator.mutate(RUN, json!({})).await["round"]["id"].clone()
}

async fn replay(coordinator: &Client, round: &Value, weights: &str) -> Value {
    coordinator
        .query(REPLAY, json!({ "round": round, "weights": weights }))
        .await["replay"]
        .clone()
}

/// The broken rules of a replay that is refused, as `CODE field: message`.
async fn refused(coordinator: &Client, round: &Value, weights: &str) -> Vec<String> {
    let response = coordinator
        .graphql(REPLAY, json!({ "round": round, "weights": weights }))
        .await;
    let extensions = &response.body["errors"][0]["extensions"];
    assert_eq!(
        extensions["code"], "INVALID_ARGUMENT",
        "{:#}",
        response.body
    );
    let violations = extensions["violations"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    violations
        .map(|it| {
            format!(
                "{} {}: {}",
                text(&it["code"]),
                text(&it["field"][0]),
                text(&it["message"])
            )
        })
        .collect()
}

on_both_databases! {
    async fn other_weights_keep_lose_and_gain_pairs_and_both_choices_are_valued_by_both(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask { must_have: vec![("python", 5)], ..Ask::default() }).await;
        let ana = world.volunteer("ana", Say { skills: vec![("python", 5)], ..Say::default() }).await;
        let ben = world.volunteer("ben", Say { skills: vec![("python", 1)], ..Say::default() }).await;
        let round = dry_run(&coordinator).await;

        let same = replay(&coordinator, &round, &policy(&[])).await;
        assert_eq!((&same["keptCount"], &same["lostCount"], &same["gainedCount"]), (&json!(1), &json!(0), &json!(0)));
        assert_eq!(same["before"]["pointsByBefore"], same["after"]["pointsByAfter"]);

        let lenient = policy(&[("must_have_credit = 2500", "must_have_credit = 1000"), ("version = \"2026-11\"", "version = \"lenient\"")]);
        let said = replay(&coordinator, &round, &lenient).await;
        assert_eq!((&said["keptCount"], &said["lostCount"], &said["gainedCount"]), (&json!(1), &json!(0), &json!(1)));
        assert_eq!(said["gained"], json!([{ "volunteerId": gid(&ben.id) }]));
        assert_eq!((&said["before"]["weightsVersion"], &said["after"]["weightsVersion"]), (&json!("2026-11"), &json!("lenient")));
        assert_eq!(said["after"]["pairings"], 2);
        assert_eq!(said["after"]["pointsByBefore"], said["before"]["pointsByBefore"], "ben counts nothing by the round's own");
        assert!(said["after"]["pointsByAfter"].as_u64() > said["before"]["pointsByAfter"].as_u64());
        assert_eq!((&said["before"]["fairness"]["volunteers"]["withAny"], &said["after"]["fairness"]["volunteers"]["withAny"]), (&json!(1), &json!(2)));
        let strict = policy(&[("minimum_score = 2000", "minimum_score = 10000")]);
        let said = replay(&coordinator, &round, &strict).await;
        assert_eq!((&said["keptCount"], &said["lostCount"]), (&json!(0), &json!(1)));
        assert_eq!(said["lost"][0]["volunteerId"], gid(&ana.id));
        assert_eq!((&said["lost"][0]["roleId"], &said["lost"][0]["role"]["title"]["text"]), (&json!(gid(&role.id)), &json!("Data analyst")));
        assert_eq!(said["lost"][0]["volunteer"]["givenName"], "ana");

        coordinator.prefer("FR").await;
        let french = replay(&coordinator, &round, &lenient).await;
        assert_eq!(french["words"][0], "2026-11 → lenient, jumelages gardés : 1 ; perdus : 0 ; gagnés : 1");
    }

    async fn what_followed_from_the_round_and_who_came_later_do_not_stand_in_the_way(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        world.role(&project, Ask::default()).await;
        world.volunteer("ana", Say::default()).await;
        let round = dry_run(&coordinator).await;
        app.advance(chrono::TimeDelta::minutes(1));
        let applied = coordinator.mutate(APPLY, json!({ "id": round })).await;
        coordinator.mutate(REJECT, json!({ "id": applied["pairings"][0]["id"] })).await;
        world.volunteer("ben", Say::default()).await;
        world.role(&project, Ask::default()).await;

        let kept = replay(&coordinator, &round, &policy(&[])).await;
        assert_eq!(kept["keptCount"], 1);
        assert_eq!(kept["answersOfKept"], json!([{ "answer": "REJECTED", "count": 1 }]));
        let lost = replay(&coordinator, &round, &policy(&[("minimum_score = 2000", "minimum_score = 10000")])).await;
        assert_eq!(lost["answersOfLost"], json!([{ "answer": "REJECTED", "count": 1 }]));
    }

    async fn a_round_whose_inputs_are_gone_is_not_replayed(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let ana = world.volunteer("ana", Say::default()).await;
        let round = dry_run(&coordinator).await;
        let busy = volunteer::ActiveModel { id: Set(ana.id), state: Set(VolunteerState::Busy), ..Default::default() };
        busy.update(world.db()).await.unwrap();
        let said = refused(&coordinator, &round, &policy(&[])).await;
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("STALE roundId: The inputs of this round can no longer be rebuilt; these have changed: volunteers"), "{said:?}");
        coordinator.prefer("FR").await;
        let said = refused(&coordinator, &round, &policy(&[])).await;
        assert!(said[0].contains("ne peuvent plus être reconstituées; ceci a changé : bénévoles"), "{said:?}");
    }

    async fn a_round_of_another_engine_is_not_replayed(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let round = dry_run(&coordinator).await;
        let world = World::new(&app);
        let stored = round::Entity::find().one(world.db()).await.unwrap().unwrap();
        let older = round::ActiveModel { id: Set(stored.id), engine_version: Set("0".to_owned()), ..Default::default() };
        older.update(world.db()).await.unwrap();
        let said = refused(&coordinator, &round, &policy(&[])).await;
        assert!(said[0].starts_with("STALE roundId: This round was made by version 0 of the engine"), "{said:?}");
    }

    async fn faults_of_the_weights_are_told_with_their_lines_at_the_field(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let round = dry_run(&coordinator).await;
        let line = |text: &str, what: &str| text.lines().position(|line| line == what).unwrap() + 1;

        let text = policy(&[("neutral = 5000", "neutral = 5000\ngrace = 1")]);
        let said = refused(&coordinator, &round, &text).await;
        let place = format!("INVALID weights: line {}: unknown field `grace`", line(&text, "grace = 1"));
        assert!(said[0].starts_with(&place), "{said:?}");

        let text = policy(&[("meeting = 20", "meeting = 0"), ("related_share = 5000", "related_share = 5001")]);
        coordinator.prefer("FR").await;
        let french = refused(&coordinator, &round, &text).await;
        coordinator.prefer("EN").await;
        assert_eq!(french, [
            format!("INVALID weights: ligne {} : role_view.meeting : doit être de 1 à 1000, et non 0.", line(&text, "meeting = 0")),
            format!("INVALID weights: ligne {} : skill.related_share : doit être de 0 à 5000, et non 5001.", line(&text, "related_share = 5001")),
        ]);

        let long = format!("{}\n#{}", policy(&[]), "x".repeat(16 * 1_024));
        assert_eq!(refused(&coordinator, &round, &long).await, ["TOO_LONG weights: At most 16384 bytes."]);
        let first = "query($round: ID!, $weights: String!) { replay(roundId: $round, weights: $weights) { lost(first: 101) { roleId } } }";
        let variables = json!({ "round": round, "weights": policy(&[]) });
        assert_eq!(coordinator.error_code(first, variables).await, "INVALID_ARGUMENT");
    }
}
