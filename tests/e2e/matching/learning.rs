//! What became of proposed pairs, set against what was predicted: reports for coordinators that change nothing.

use entity::actor_kind::ActorKind;
use entity::id::{PairingEventId, PairingId};
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::personal::Personal;
use entity::{pairing_event, role, volunteer};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const CALIBRATION: &str = "query($question: LearningQuestion!, $since: DateTime) {
    calibration(question: $question, since: $since) {
        question words undecided isTruncated notReadable { count factors message } discrimination overall { yes of share low high }
        tooFew { yes no neededOfEach message } byScore { from to mean observed { yes of } }
        byFactor { code label asked discrimination bins { from to observed { yes of } } }
        reasons { reason words count } } }";
const REFIT: &str = "query($question: LearningQuestion!) { refit(question: $question) {
    question words isTruncated notReadable { count factors } tooFew { yes no neededOfEach message }
    proposal { yes no isMinimum weightsToml weights { code isInformed policy proposed low high }
        heldOut { policy refit gain gainLow gainHigh isBetter } } } }";
const REPLAY: &str =
    "query($round: ID!, $weights: String!) { replay(roundId: $round, weights: $weights) {
    keptCount before { weightsVersion } after { weightsVersion weightsFingerprint } } }";
const RUN: &str = "mutation { runRound(input: {}) { round { id weightsVersion pairings(first: 100) { nodes { roleId volunteerId score } } } userErrors { code message field } } }";
const APPLY: &str = "mutation($id: ID!) { applyRound(input: { roundId: $id }) { pairings { id volunteer { givenName } } userErrors { code message field } } }";
const APPROVE: &str = "mutation($id: ID!) { approvePairings(input: { pairings: [{ id: $id }] }) { userErrors { code message field } } }";
const REJECT: &str = "mutation($id: ID!, $reason: PairingReason!) { rejectPairing(input: { id: $id, reason: $reason }) { userErrors { code message field } } }";

/// A pairing that was proposed with these factors and stands so.
struct Past {
    state: PairingState,
    must_have: u16,
    meeting: u16,
    was_approved: bool,
}

async fn write(app: &TestApp, role: &role::Model, volunteer: &volunteer::Model, past: Past) {
    let (now, db) = (app.app.clock.now(), &app.app.store.connection);
    let factor = |code: &str, view: &str, value: u16| json!({ "code": code, "view": view, "value_bp": value });
    let id = PairingId::new(app.app.new_id());
    let pairing = pairing::Model {
        id,
        role_id: role.id,
        volunteer_id: volunteer.id,
        organization_id: role.organization_id,
        round_id: None,
        origin: PairingOrigin::Matcher,
        state: past.state,
        score_bp: Some(i32::from(past.must_have) / 2 + i32::from(past.meeting) / 2),
        confidence_bp: Some(9_000),
        factors: Some(Personal::new(json!({ "reasons": [], "factors": [
            factor("must_have", "role", past.must_have),
            factor("meeting", "role", past.meeting),
            factor("causes", "volunteer", 10_000),
            factor("waiting", "adjustment", 300),
        ] }))),
        engine_version: Some("3".to_owned()),
        message: None,
        reason_code: (past.state == PairingState::Declined).then(|| "no_time".to_owned()),
        declined_by: None,
        approved_by: None,
        held_until: None,
        offered_at: None,
        answer_due_at: None,
        reminded_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    pairing.into_active_model().insert(db).await.unwrap();
    if past.was_approved {
        let event = pairing_event::Model {
            id: PairingEventId::new(app.app.new_id()),
            pairing_id: id,
            sequence: 1,
            from_state: Some(PairingState::Suggested),
            to_state: PairingState::Approved,
            actor_kind: ActorKind::Coordinator,
            actor_account_id: None,
            reason_code: "approved".to_owned(),
            note: None,
            at: now,
        };
        event.into_active_model().insert(db).await.unwrap();
    }
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is a number"))
}

on_both_databases! {
    async fn with_too_few_outcomes_the_reports_say_so_in_both_languages(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let question = json!({ "question": "ACCEPTANCE" });
        let said = coordinator.query(CALIBRATION, question.clone()).await["calibration"].clone();
        assert_eq!((&said["overall"]["of"], &said["overall"]["share"]), (&json!(0), &json!(null)));
        assert_eq!(said["tooFew"]["neededOfEach"], 100);
        assert_eq!(said["tooFew"]["message"], "too few outcomes: 0 yes and 0 no, where 100 of each are needed");
        let said = coordinator.query(REFIT, question.clone()).await["refit"].clone();
        assert_eq!((&said["proposal"], &said["tooFew"]["neededOfEach"]), (&json!(null), &json!(10)));
        coordinator.prefer("FR").await;
        let french = coordinator.query(REFIT, question).await["refit"].clone();
        assert_eq!(french["words"][0], "trop peu de résultats : 0 oui et 0 non, alors qu’il en faut 10 de chaque");
        assert_eq!(french["tooFew"]["message"], french["words"][0]);
    }

    async fn what_coordinators_decided_is_counted_and_reasons_beside_the_point_are_not(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        for name in ["ana", "ben", "cleo"] {
            world.volunteer(name, Say::default()).await;
        }
        let round = coordinator.mutate(RUN, json!({})).await["round"].clone();
        let applied = coordinator.mutate(APPLY, json!({ "id": round["id"] })).await;
        let pairings = applied["pairings"].as_array().unwrap();
        assert_eq!(pairings.len(), 3);
        coordinator.mutate(APPROVE, json!({ "id": pairings[0]["id"] })).await;
        coordinator.mutate(REJECT, json!({ "id": pairings[1]["id"], "reason": "SKILLS_DIFFER" })).await;
        coordinator.mutate(REJECT, json!({ "id": pairings[2]["id"], "reason": "NO_LONGER_NEEDED" })).await;

        let said = coordinator.query(CALIBRATION, json!({ "question": "APPROVAL" })).await["calibration"].clone();
        assert_eq!((&said["overall"]["yes"], &said["overall"]["of"]), (&json!(1), &json!(2)), "{said:#}");
        assert_eq!((&said["overall"]["share"], &said["undecided"]), (&json!(0.5), &json!(1)));
        let mut reasons: Vec<_> = said["reasons"].as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap()).collect();
        reasons.sort_unstable();
        assert_eq!(reasons, ["NO_LONGER_NEEDED", "SKILLS_DIFFER"]);
        let must_have = said["byFactor"].as_array().unwrap().iter().find(|it| it["code"] == "MUST_HAVE").unwrap();
        assert_eq!((&must_have["asked"], &must_have["label"]), (&json!(2), &json!("must-have skills")));
        assert_eq!(must_have["bins"], json!([{ "from": 0.8, "to": 1.0, "observed": { "yes": 1, "of": 2 } }]));
        let none = coordinator.query(CALIBRATION, json!({ "question": "ACCEPTANCE" })).await["calibration"].clone();
        assert_eq!((&none["overall"]["of"], &none["undecided"]), (&json!(0), &json!(3)));

        app.advance(chrono::TimeDelta::minutes(1));
        let since = app.app.clock.now().to_rfc3339();
        let later = coordinator.query(CALIBRATION, json!({ "question": "APPROVAL", "since": since })).await;
        assert_eq!((&later["calibration"]["overall"]["of"], &later["calibration"]["undecided"]), (&json!(0), &json!(0)));
    }

    async fn answers_of_both_sides_are_counted_from_those_that_were_approved(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        for (name, state, was_approved) in [
            ("ana", PairingState::Confirmed, true),
            ("ben", PairingState::Declined, true),
            ("cleo", PairingState::Expired, true),
            // Nobody had approved it: the organization said no to an application.
            ("dev", PairingState::Declined, false),
            ("eve", PairingState::Offered, true),
            ("fay", PairingState::Suggested, false),
            ("gus", PairingState::Superseded, false),
        ] {
            let volunteer = world.volunteer(name, Say::default()).await;
            write(&app, &role, &volunteer, Past { state, must_have: 9_000, meeting: 5_000, was_approved }).await;
        }
        let said = coordinator.query(CALIBRATION, json!({ "question": "ACCEPTANCE" })).await["calibration"].clone();
        assert_eq!((&said["overall"]["yes"], &said["overall"]["of"], &said["undecided"]), (&json!(1), &json!(3), &json!(1)), "{said:#}");
        coordinator.prefer("FR").await;
        let french = coordinator.query(CALIBRATION, json!({ "question": "ACCEPTANCE" })).await;
        assert_eq!(french["calibration"]["words"][0], "acceptés par les deux côtés : 1 sur 3; sans réponse claire : 1");
    }

    async fn outcomes_that_cannot_be_read_any_more_are_counted_and_named_and_the_others_count(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let mut people = Vec::new();
        for name in ["ana", "ben", "cleo"] {
            let volunteer = world.volunteer(name, Say::default()).await;
            let past = Past { state: PairingState::Confirmed, must_have: 9_000, meeting: 5_000, was_approved: true };
            write(&app, &role, &volunteer, past).await;
            people.push(volunteer.id);
        }
        let question = json!({ "question": "ACCEPTANCE" });
        let said = coordinator.query(CALIBRATION, question.clone()).await["calibration"].clone();
        assert_eq!((&said["overall"]["of"], &said["notReadable"]), (&json!(3), &json!(null)));

        let renamed = json!({ "factors": [{ "code": "charm", "view": "role", "value_bp": 5_000 }] });
        for (volunteer, factors) in [(people[0], renamed), (people[1], json!({ "score": 1 }))] {
            let stored = pairing::Entity::find().filter(pairing::COLUMN.volunteer_id.eq(volunteer)).one(world.db()).await.unwrap().unwrap();
            let older = pairing::ActiveModel { id: Set(stored.id), factors: Set(Some(Personal::new(factors))), ..Default::default() };
            older.update(world.db()).await.unwrap();
        }
        let said = coordinator.query(CALIBRATION, question.clone()).await["calibration"].clone();
        assert_eq!((&said["overall"]["of"], &said["undecided"]), (&json!(1), &json!(0)), "{said:#}");
        let message = "not readable, and not counted: 2; factors that are not known: charm";
        assert_eq!(said["notReadable"], json!({ "count": 2, "factors": ["charm"], "message": message }));
        assert_eq!(said["words"].as_array().unwrap().last().unwrap(), message);
        let said = coordinator.query(REFIT, question.clone()).await["refit"].clone();
        assert_eq!(said["notReadable"], json!({ "count": 2, "factors": ["charm"] }));
        coordinator.prefer("FR").await;
        let french = coordinator.query(REFIT, question).await["refit"]["words"].as_array().unwrap().clone();
        assert_eq!(french.last().unwrap(), "illisibles, donc non comptés : 2; facteurs inconnus : charm");
    }

    async fn a_refit_proposes_weights_beside_the_policys_and_applies_nothing(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let mut people = Vec::new();
        for number in 0..12 {
            people.push(world.volunteer(&format!("volunteer-{number}"), Say::default()).await);
        }
        // Whoever has the skills is approved, whatever the meeting times; a few exceptions keep it uncertain.
        for number in 0..6_u16 {
            let role = world.role(&project, Ask::default()).await;
            for (volunteer, place) in people.iter().zip(0_u16..) {
                let is_able = (number + place) % 2 == 0;
                let is_exception = (number * 12 + place) % 11 == 0;
                let past = Past {
                    state: if is_able == is_exception { PairingState::Rejected } else { PairingState::Approved },
                    must_have: if is_able { 9_500 } else { 2_500 },
                    meeting: 1_000 + 1_300 * (place * 5 % 7),
                    was_approved: is_able != is_exception,
                };
                write(&app, &role, volunteer, past).await;
            }
        }
        // Everybody so far is paired or has been; these two are not.
        world.role(&project, Ask::default()).await;
        world.volunteer("zoe", Say::default()).await;
        let round = coordinator.mutate(RUN, json!({})).await["round"].clone();
        let before = app.statements();
        let said = coordinator.query(REFIT, json!({ "question": "APPROVAL" })).await["refit"].clone();
        let reads = |table: &str| {
            let from = format!("FROM \"{table}\"");
            app.statements_after(before).iter().filter(|sql| sql.contains(&from)).count()
        };
        assert_eq!((reads("pairing"), reads("pairing_event")), (1, 1), "one statement each for 72 outcomes");
        let proposal = &said["proposal"];
        assert_eq!((&said["tooFew"], &proposal["isMinimum"]), (&json!(null), &json!(true)), "{said:#}");
        assert_eq!(proposal["yes"].as_u64().unwrap() + proposal["no"].as_u64().unwrap(), 72);
        let weight = |code: &str| {
            let weights = proposal["weights"].as_array().unwrap();
            weights.iter().find(|weight| weight["code"] == code).unwrap().clone()
        };
        let (must_have, meeting) = (weight("MUST_HAVE"), weight("MEETING"));
        assert!(number(&must_have["proposed"]) > number(&must_have["policy"]), "{must_have:#}");
        assert!(number(&meeting["proposed"]) < number(&meeting["policy"]), "{meeting:#}");
        assert_eq!((&must_have["isInformed"], &weight("CAUSES")["isInformed"]), (&json!(true), &json!(false)));
        let held_out = &proposal["heldOut"];
        assert!((number(&held_out["policy"]) - number(&held_out["refit"]) - number(&held_out["gain"])).abs() < 1e-9);
        assert!(number(&held_out["gainLow"]) <= number(&held_out["gain"]) && number(&held_out["gain"]) <= number(&held_out["gainHigh"]));

        // The proposal is a file of weights that a replay takes, and the next round is made with the policy as before.
        let variables = json!({ "round": round["id"], "weights": proposal["weightsToml"] });
        let replay = coordinator.query(REPLAY, variables).await["replay"].clone();
        assert_eq!(replay["before"]["weightsVersion"], round["weightsVersion"]);
        let fitted = matcher::model::Weights::from_toml(proposal["weightsToml"].as_str().unwrap()).unwrap();
        assert_ne!(json!(fitted.version), round["weightsVersion"]);
        assert_eq!(replay["after"], json!({ "weightsVersion": fitted.version, "weightsFingerprint": fitted.fingerprint() }));
        let next = coordinator.mutate(RUN, json!({})).await["round"].clone();
        assert_eq!((&next["weightsVersion"], &next["pairings"]), (&round["weightsVersion"], &round["pairings"]));
        assert!(!round["pairings"]["nodes"].as_array().unwrap().is_empty());
    }

    async fn learning_is_for_coordinators_and_administrators(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let round = coordinator.mutate(RUN, json!({})).await["round"]["id"].clone();
        let (member, anonymous, admin) = (app.sign_up("Nora", "en").await, app.client(), app.admin().await);
        let question = json!({ "question": "APPROVAL" });
        let replay = json!({ "round": round, "weights": matcher::model::Weights::embedded_text() });
        // The dearest two cost more than a stranger may spend, who is told to log in all the same.
        for (document, variables, code) in [
            (CALIBRATION, &question, "UNAUTHENTICATED"),
            (REFIT, &question, "TOO_COMPLEX"),
            (REPLAY, &replay, "TOO_COMPLEX"),
        ] {
            assert_eq!(member.error_code(document, variables.clone()).await, "NOT_FOUND");
            let refused = anonymous.graphql(document, variables.clone()).await;
            assert_eq!(refused.body["errors"][0]["extensions"]["code"], code);
            assert!(code == "UNAUTHENTICATED" || refused.text.contains("Log in"), "{}", refused.text);
            admin.query(document, variables.clone()).await;
        }
        let absent = json!({ "round": gid(&entity::id::RoundId::new(uuid::Uuid::nil())), "weights": replay["weights"] });
        assert_eq!(coordinator.error_code(REPLAY, absent).await, "NOT_FOUND");
    }
}
