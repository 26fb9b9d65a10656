//! A past round with other weights: what they would have changed, from the round's own inputs where these can be rebuilt.

use chrono::TimeDelta;
use entity::role::RoleState;
use entity::volunteer::{self, VolunteerState};
use entity::{role, round};
use matcher::model::Weights;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database::Backend;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const REPLAY: &str = "query($round: ID!, $weights: String!) { replay(roundId: $round, weights: $weights) {
    keptCount lostCount gainedCount words basis { isExact proposedCount repeatedCount message }
    lost { roleId volunteerId role { title { text } } volunteer { givenName } } gained(first: 5) { volunteerId }
    answersOfKept { answer count } answersOfLost { answer count }
    before { weightsVersion pairings pointsByBefore pointsByAfter fairness { volunteers { withAny gini } } }
    after { weightsVersion weightsFingerprint pairings pointsByBefore pointsByAfter fairness { volunteers { withAny gini } } } } }";
const RUN: &str =
    "mutation { runRound(input: {}) { round { id } userErrors { code message field } } }";
const APPLY: &str = "mutation($id: ID!) { applyRound(input: { roundId: $id }) { pairings { id volunteer { givenName } } userErrors { code message field } } }";
const REJECT: &str = "mutation($id: ID!) { rejectPairing(input: { id: $id, reason: SKILLS_DIFFER }) { userErrors { code message field } } }";

const APPROVE: &str = "mutation($id: ID!) { approvePairings(input: { pairings: [{ id: $id }] }) { userErrors { code message field } } }";
const ACCEPT: &str = "mutation($id: ID!) { acceptPairing(input: { id: $id }) { pairing { placement { id } } userErrors { code message field } } }";
const START: &str = "mutation($id: ID!) { startPlacement(input: { id: $id }) { userErrors { code message field } } }";
const COMPLETE: &str = "mutation($id: ID!) { completePlacement(input: { id: $id }) { userErrors { code message field } } }";
const END: &str = "mutation($id: ID!) { endPlacement(input: { id: $id, reason: OTHER }) { userErrors { code message field } } }";
const SET_STATE: &str = "mutation($state: VolunteerState!) { setVolunteerState(input: { state: $state }) { userErrors { code message field } } }";

/// A marketplace in which people stay logged in while an offer waits to be sent.
async fn marketplace(backend: Backend) -> TestApp {
    TestApp::with_settings(backend, &[("ACCESS_TOKEN_MINUTES", "15")]).await
}

/// Applies the round, approves the pairing of `volunteer` alone, lets both sides accept it, and gives its placement.
async fn confirm(
    app: &TestApp,
    coordinator: &Client,
    round: &Value,
    (volunteer, theirs): (&str, &Client),
    omar: &Client,
) -> Value {
    let applied = coordinator.mutate(APPLY, json!({ "id": round })).await;
    let pairings = applied["pairings"].as_array().unwrap();
    let is_theirs = |pairing: &&Value| pairing["volunteer"]["givenName"] == volunteer;
    let id = json!({ "id": pairings.iter().find(is_theirs).unwrap()["id"] });
    coordinator.mutate(APPROVE, id.clone()).await;
    app.advance(TimeDelta::minutes(10));
    app.run_jobs().await;
    theirs.mutate(ACCEPT, id.clone()).await;
    let confirmed = omar.mutate(ACCEPT, id).await;
    let placement = confirmed["pairing"]["placement"]["id"].clone();
    assert!(placement.is_string(), "{confirmed:#}");
    placement
}

/// What a replay with the round's own weights rests on, as `(exact, repeated, proposed)`.
async fn basis(coordinator: &Client, round: &Value) -> (bool, u64, u64) {
    let basis = replay(coordinator, round, &policy(&[])).await["basis"].clone();
    let count = |field: &str| basis[field].as_u64().unwrap();
    (
        basis["isExact"].as_bool().unwrap(),
        count("repeatedCount"),
        count("proposedCount"),
    )
}

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
        assert_eq!(french["words"][0], "les données sont exactement celles de la ronde (même empreinte)");
        assert_eq!(french["words"][1], "2026-11 → lenient, jumelages gardés : 1; perdus : 0; gagnés : 1");
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
        assert_eq!((&kept["keptCount"], &kept["basis"]["isExact"]), (&json!(1), &json!(true)));
        assert_eq!(kept["answersOfKept"], json!([{ "answer": "REJECTED", "count": 1 }]));
        let lost = replay(&coordinator, &round, &policy(&[("minimum_score = 2000", "minimum_score = 10000")])).await;
        assert_eq!(lost["answersOfLost"], json!([{ "answer": "REJECTED", "count": 1 }]));
    }

    async fn a_round_whose_pairings_were_confirmed_is_replayed_from_its_own_inputs_with_what_became_of_them(backend) {
        let app = marketplace(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask::default()).await;
        let (_, ana) = world.volunteer_with_client("ana", "en", Say::default()).await;
        world.volunteer("ben", Say { hours: 2, ..Say::default() }).await;
        let omar = world.owner("Omar", "en", &project).await;
        let round = dry_run(&coordinator).await;
        app.advance(TimeDelta::minutes(1));
        let placement = json!({ "id": confirm(&app, &coordinator, &round, ("ana", &ana), &omar).await });
        let again = role::Entity::find_by_id(role.id).one(world.db()).await.unwrap().unwrap();
        assert_eq!((again.filled, again.state), (1, RoleState::Filled));

        for (next, answer) in [(START, "ACCEPTED"), (COMPLETE, "ACCEPTED"), ("", "COMPLETED")] {
            let said = replay(&coordinator, &round, &policy(&[])).await;
            assert_eq!(said["basis"], json!({
                "isExact": true, "proposedCount": 1, "repeatedCount": 1,
                "message": "the inputs are exactly those of the round (same digest)",
            }));
            assert_eq!((&said["keptCount"], &said["answersOfKept"]), (&json!(1), &json!([{ "answer": answer, "count": 1 }])));
            if !next.is_empty() {
                omar.mutate(next, placement.clone()).await;
            }
        }

        // Neither a break afterwards nor a role that was closed afterwards changes what the round saw.
        ana.mutate(SET_STATE, json!({ "state": "BUSY" })).await;
        let closed = role::ActiveModel { id: Set(role.id), state: Set(RoleState::Closed), ..Default::default() };
        closed.update(world.db()).await.unwrap();
        assert_eq!(basis(&coordinator, &round).await, (true, 1, 1));
    }

    async fn seats_and_hours_that_were_given_back_since_count_as_taken(backend) {
        let app = marketplace(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask { seats: 2, ..Ask::default() }).await;
        let (_, ana) = world.volunteer_with_client("ana", "en", Say::default()).await;
        let omar = world.owner("Omar", "en", &project).await;
        let first = dry_run(&coordinator).await;
        app.advance(TimeDelta::minutes(1));
        let placement = confirm(&app, &coordinator, &first, ("ana", &ana), &omar).await;
        world.volunteer("ben", Say::default()).await;
        app.advance(TimeDelta::minutes(1));
        let second = dry_run(&coordinator).await;
        app.advance(TimeDelta::minutes(1));
        omar.mutate(END, json!({ "id": placement })).await;
        let again = role::Entity::find_by_id(role.id).one(world.db()).await.unwrap().unwrap();
        assert_eq!(again.filled, 0);

        // In the second round one seat was taken and ana had no room; in the first both were free.
        let said = replay(&coordinator, &second, &policy(&[])).await;
        assert_eq!((&said["basis"]["isExact"], &said["keptCount"]), (&json!(true), &json!(1)), "{said:#}");
        assert_eq!(basis(&coordinator, &first).await, (true, 1, 1));
    }

    async fn a_change_that_began_before_a_round_and_was_committed_after_it_counts_as_the_round_saw_it(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let ana = world.volunteer("ana", Say::default()).await;
        let before_it = Set(app.app.clock.now() - TimeDelta::seconds(1));
        let round = dry_run(&coordinator).await;
        let closed = role::ActiveModel {
            id: Set(role.id), state: Set(RoleState::Closed), updated_at: before_it.clone(), ..Default::default()
        };
        closed.update(world.db()).await.unwrap();
        assert_eq!(basis(&coordinator, &round).await, (true, 1, 1));
        let busy = volunteer::ActiveModel {
            id: Set(ana.id), state: Set(VolunteerState::Busy), updated_at: before_it, ..Default::default()
        };
        busy.update(world.db()).await.unwrap();
        assert_eq!(basis(&coordinator, &round).await, (true, 1, 1));
    }

    async fn what_was_over_before_a_round_and_what_came_after_it_is_not_read_for_its_replay(backend) {
        let app = marketplace(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        world.role(&project, Ask::default()).await;
        world.volunteer("ana", Say { hours: 9, most: 2, ..Say::default() }).await;
        let began = app.app.clock.now();
        let round = dry_run(&coordinator).await;
        app.advance(TimeDelta::minutes(1));
        let replayed_reading = async || {
            let before = app.statements();
            assert_eq!(basis(&coordinator, &round).await, (true, 1, 1));
            app.rows_read_after(before).await
        };
        let at_first = replayed_reading().await;
        assert!(at_first > 10, "{at_first}");

        let (long_ago, then) = (Set(began - TimeDelta::days(90)), Set(began - TimeDelta::days(60)));
        for number in 0..3 {
            let closed = world.role(&project, Ask::default()).await;
            let closed = role::ActiveModel {
                id: Set(closed.id), state: Set(RoleState::Closed), created_at: long_ago.clone(), updated_at: then.clone(), ..Default::default()
            };
            closed.update(world.db()).await.unwrap();
            let busy = world.volunteer(&format!("busy{number}"), Say::default()).await;
            let busy = volunteer::ActiveModel {
                id: Set(busy.id), state: Set(VolunteerState::Busy), created_at: long_ago.clone(), updated_at: then.clone(), ..Default::default()
            };
            busy.update(world.db()).await.unwrap();
        }
        assert_eq!(replayed_reading().await, at_first);

        // Later rounds of the same marketplace, in which ana is proposed again, and what became of that.
        for number in 0..3 {
            world.role(&project, Ask::default()).await;
            world.volunteer(&format!("later{number}"), Say::default()).await;
        }
        let second = dry_run(&coordinator).await;
        let applied = coordinator.mutate(APPLY, json!({ "id": second })).await;
        let pairings = applied["pairings"].as_array().unwrap();
        assert!(pairings.iter().any(|it| it["volunteer"]["givenName"] == "ana"), "{applied:#}");
        for pairing in pairings {
            coordinator.mutate(REJECT, json!({ "id": pairing["id"] })).await;
        }
        assert_eq!(replayed_reading().await, at_first);
    }

    async fn what_people_changed_since_counts_as_it_is_now_and_is_told(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let ana = world.volunteer("ana", Say::default()).await;
        let ben = world.volunteer("ben", Say::default()).await;
        let round = dry_run(&coordinator).await;
        assert_eq!(basis(&coordinator, &round).await, (true, 2, 2));
        app.advance(TimeDelta::minutes(1));

        let more = volunteer::ActiveModel { id: Set(ana.id), hours_per_week: Set(Some(4)), ..Default::default() };
        more.update(world.db()).await.unwrap();
        let said = replay(&coordinator, &round, &policy(&[])).await["basis"].clone();
        assert_eq!(said, json!({
            "isExact": false, "proposedCount": 2, "repeatedCount": 2,
            "message": "these inputs have changed since the round, and count as they are now: volunteers (proposed roles \
                concerned: 0, proposed volunteers concerned: 1); its own weights choose 2 of its 2 pairings again",
        }));

        // Who has taken their consent back is left out of the past too.
        world.consent(ben.account_id, false).await;
        assert_eq!(basis(&coordinator, &round).await, (false, 1, 2));
        coordinator.prefer("FR").await;
        let french = replay(&coordinator, &round, &policy(&[])).await;
        let message = french["basis"]["message"].as_str().unwrap();
        assert!(message.starts_with("ces données ont changé depuis la ronde et comptent telles qu’elles sont maintenant : bénévoles ("), "{message}");
        assert!(message.ends_with("; jumelages de la ronde que ses propres poids choisissent de nouveau : 1 sur 2"), "{message}");
        assert_eq!(french["words"][0], message);
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
