//! A dry run proposes and changes nothing; applying it makes suggestions, once.

use entity::pairing::{self, PairingOrigin, PairingState};
use entity::round::{self, RoundState};
use entity::volunteer::{self, VolunteerState};
use entity::{pairing_event, round_pairing};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const RUN: &str = "mutation($input: RunRoundInput!) { runRound(input: $input) {
    userErrors { code message field }
    round { id state inputsDigest weightsVersion engineVersion
        pairings(first: 100) { totalCount edges { node { roleId volunteerId rank score confidence reasons factors { code points } } } }
        report {
            totals { roles volunteers pairings suggestionsWanted rolesServed volunteersServed rolesWaiting }
            unmatchedRoles { totalCount edges { node { roleId wanted got causes { code label count } smallestChange } } }
            unmatchedVolunteers { totalCount edges { node { volunteerId causes { code count } smallestChange } } }
            demandWithoutSupply { skillId roles seats }
            refusedInputs { roleId faults }
            certificate { isVerified totalPoints boundPoints }
        }
    } } }";
const APPLY: &str = "mutation($input: ApplyRoundInput!) { applyRound(input: $input) {
    userErrors { code message field } round { state appliedAt } pairings { id }
    skipped { roleId volunteerId exclusions { code message } } } }";

async fn dry_run(coordinator: &Client) -> Value {
    coordinator.mutate(RUN, json!({ "input": {} })).await["round"].clone()
}

fn pairs(round: &Value) -> Vec<(String, String)> {
    let edges = round["pairings"]["edges"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    edges
        .iter()
        .map(|edge| {
            (
                text(&edge["node"]["roleId"]),
                text(&edge["node"]["volunteerId"]),
            )
        })
        .collect()
}

on_both_databases! {
    async fn a_dry_run_is_stored_with_reasons_and_changes_nothing_else(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let ana = world.volunteer("ana", Say::default()).await;
        world.volunteer("ben", Say { skills: vec![("user-research", 4)], ..Say::default() }).await;

        let round = dry_run(&coordinator).await;
        assert_eq!(round["state"], "DRY_RUN");
        assert_eq!(pairs(&round), [(gid(&role.id), gid(&ana.id))]);
        let node = &round["pairings"]["edges"][0]["node"];
        assert!(node["reasons"].as_array().unwrap().iter().any(|reason| reason.as_str().unwrap().contains("Python")), "{node:#}");
        let points: f64 = node["factors"].as_array().unwrap().iter().map(|factor| factor["points"].as_f64().unwrap()).sum();
        assert!((points - node["score"].as_f64().unwrap()).abs() < 1e-9, "{node:#}");
        let report = &round["report"];
        assert_eq!(report["totals"]["pairings"], 1);
        assert_eq!(report["totals"]["suggestionsWanted"], 3);
        assert_eq!(report["certificate"]["isVerified"], true);
        assert_eq!(report["certificate"]["totalPoints"], report["certificate"]["boundPoints"]);

        assert_eq!(pairing::Entity::find().count(world.db()).await.unwrap(), 0);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn two_dry_runs_over_the_same_inputs_say_the_same(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        for title in ["Analyst", "Engineer", "Mentor"] {
            world.role(&project, Ask { title, seats: 2, ..Ask::default() }).await;
        }
        for name in ["ana", "ben", "chloé", "dev", "eve"] {
            world.volunteer(name, Say { hours: 9, most: 2, ..Say::default() }).await;
        }
        let first = dry_run(&coordinator).await;
        let second = dry_run(&coordinator).await;
        assert_eq!(first["inputsDigest"], second["inputsDigest"]);
        assert_eq!(first["pairings"], second["pairings"]);
        assert!(pairs(&first).len() > 3);
        world.volunteer("fay", Say::default()).await;
        assert_ne!(dry_run(&coordinator).await["inputsDigest"], first["inputsDigest"]);
    }

    async fn applying_creates_exactly_what_was_proposed_and_tells_coordinators_once(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let ana = world.volunteer("ana", Say::default()).await;
        let ben = world.volunteer("ben", Say { skills: vec![("python", 3)], ..Say::default() }).await;
        let round = dry_run(&coordinator).await;

        let applied = coordinator.mutate(APPLY, json!({ "input": { "roundId": round["id"] } })).await;
        assert_eq!(applied["round"]["state"], "APPLIED");
        assert_eq!(applied["skipped"], json!([]));
        let mut pairings = pairing::Entity::find().all(world.db()).await.unwrap();
        pairings.sort_by_key(|pairing| std::cmp::Reverse(pairing.score_bp));
        let people: Vec<_> = pairings.iter().map(|pairing| pairing.volunteer_id).collect();
        assert_eq!(people, [ana.id, ben.id]);
        for pairing in &pairings {
            assert_eq!((pairing.role_id, pairing.state, pairing.origin), (role.id, PairingState::Suggested, PairingOrigin::Matcher));
            assert!(pairing.score_bp.is_some() && pairing.confidence_bp.is_some() && pairing.round_id.is_some());
            assert_eq!(pairing.engine_version.as_deref(), round["engineVersion"].as_str());
        }
        assert_eq!(pairing_event::Entity::find().count(world.db()).await.unwrap(), 2);

        app.run_jobs().await;
        let mails = app.mail_to("coordinator@example.org");
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("Data analyst") && mails[0].text.contains("ana"), "{}", mails[0].text);
        let again = coordinator.user_errors(APPLY, json!({ "input": { "roundId": round["id"] } })).await;
        assert_eq!(again, ["WRONG_STATE roundId"]);
        assert_eq!(pairing::Entity::find().count(world.db()).await.unwrap(), 2);
    }

    async fn a_role_whose_suggestions_wait_is_not_served_again(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        for name in ["ana", "ben", "chloé", "dev"] {
            world.volunteer(name, Say::default()).await;
        }
        let round = dry_run(&coordinator).await;
        assert_eq!(round["report"]["totals"]["pairings"], 3);
        coordinator.mutate(APPLY, json!({ "input": { "roundId": round["id"] } })).await;
        let next = dry_run(&coordinator).await;
        assert_eq!(next["report"]["totals"]["pairings"], 0);
        assert_eq!(next["report"]["totals"]["rolesWaiting"], 1);
    }

    async fn a_stale_round_tells_what_changed_and_is_applied_only_when_accepted(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let ana = world.volunteer("ana", Say::default()).await;
        let ben = world.volunteer("ben", Say::default()).await;
        let round = dry_run(&coordinator).await;
        assert_eq!(pairs(&round).len(), 2);
        let busy = volunteer::ActiveModel { id: Set(ben.id), state: Set(VolunteerState::Busy), ..Default::default() };
        busy.update(world.db()).await.unwrap();

        let input = json!({ "input": { "roundId": round["id"] } });
        let refused = coordinator.try_mutate(APPLY, input).await;
        assert_eq!(refused["userErrors"][0]["code"], "STALE");
        let message = refused["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("volunteers") && !message.contains("rules or"), "{message}");
        assert_eq!(pairing::Entity::find().count(world.db()).await.unwrap(), 0);

        let accepted = json!({ "input": { "roundId": round["id"], "acceptStale": true } });
        let applied = coordinator.mutate(APPLY, accepted).await;
        assert_eq!(applied["skipped"].as_array().unwrap().len(), 1);
        assert_eq!(applied["skipped"][0]["volunteerId"], gid(&ben.id));
        let created = pairing::Entity::find().all(world.db()).await.unwrap();
        assert_eq!(created.len(), 1);
        assert_eq!((created[0].role_id, created[0].volunteer_id), (role.id, ana.id));
    }

    async fn the_passing_of_time_alone_makes_no_round_stale(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        world.volunteer("ana", Say::default()).await;
        let round = dry_run(&coordinator).await;
        app.advance(chrono::TimeDelta::hours(30));
        let coordinator = app.log_in("coordinator@example.org").await;
        let applied = coordinator.mutate(APPLY, json!({ "input": { "roundId": round["id"] } })).await;
        assert_eq!(applied["pairings"].as_array().unwrap().len(), 1);
    }

    async fn a_discarded_round_cannot_be_applied(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let round = dry_run(&coordinator).await;
        let input = json!({ "input": { "roundId": round["id"] } });
        coordinator
            .mutate(
                "mutation($input: DiscardRoundInput!) { discardRound(input: $input) { round { state } userErrors { code message field } } }",
                input.clone(),
            )
            .await;
        assert_eq!(coordinator.user_errors(APPLY, input).await, ["WRONG_STATE roundId"]);
        let stored = round::Entity::find().all(World::new(&app).db()).await.unwrap();
        assert_eq!(stored[0].state, RoundState::Discarded);
    }

    async fn the_unmatched_of_both_sides_are_told_with_causes_and_what_would_change_it(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask { must_have: vec![("postgresql", 4)], languages: vec!["fr"], ..Ask::default() }).await;
        let ben = world
            .volunteer("ben", Say { skills: vec![("user-research", 4)], languages: vec!["en"], ..Say::default() })
            .await;
        let round = dry_run(&coordinator).await;
        let report = &round["report"];
        let unmatched = &report["unmatchedRoles"]["edges"][0]["node"];
        assert_eq!((&unmatched["roleId"], &unmatched["wanted"], &unmatched["got"]), (&json!(gid(&role.id)), &json!(3), &json!(0)));
        let codes: Vec<&str> =
            unmatched["causes"].as_array().unwrap().iter().map(|cause| cause["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"MUST_HAVE") && codes.contains(&"LANGUAGES"), "{unmatched:#}");
        let change = unmatched["smallestChange"].as_str().unwrap();
        assert!(change.contains("PostgreSQL") && change.contains("French"), "{change}");
        assert_eq!(report["unmatchedVolunteers"]["edges"][0]["node"]["volunteerId"], gid(&ben.id));
        assert_eq!(report["demandWithoutSupply"], json!([{ "skillId": "skill_postgresql", "roles": 1, "seats": 1 }]));
    }

    async fn only_people_who_may_be_proposed_take_part(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        let ana = world.volunteer("ana", Say::default()).await;
        let without_consent = world.volunteer("ben", Say::default()).await;
        app.advance(chrono::TimeDelta::minutes(1));
        world.consent(without_consent.account_id, false).await;
        let busy = world.volunteer("chloé", Say::default()).await;
        volunteer::ActiveModel { id: Set(busy.id), state: Set(VolunteerState::Busy), ..Default::default() }
            .update(world.db())
            .await
            .unwrap();
        let over_hours = world.volunteer("dev", Say { hours: 2, ..Say::default() }).await;
        let round = dry_run(&coordinator).await;
        assert_eq!(round["report"]["totals"]["volunteers"], 2);
        let people: Vec<_> = pairs(&round).into_iter().map(|(_, volunteer)| volunteer).collect();
        assert_eq!(people, [gid(&ana.id)]);
        let unmatched = &round["report"]["unmatchedVolunteers"]["edges"][0]["node"];
        assert_eq!(unmatched["volunteerId"], gid(&over_hours.id));
        assert_eq!(unmatched["causes"], json!([{ "code": "HOURS", "count": 1 }]));
    }

    async fn rounds_are_for_coordinators_only(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let (_, volunteer) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let round = dry_run(&coordinator).await;
        let id = json!({ "id": round["id"] });
        let apply = json!({ "input": { "roundId": round["id"] } });
        for (client, code) in [(volunteer, "NOT_FOUND"), (app.client(), "UNAUTHENTICATED")] {
            assert_eq!(client.error_code(RUN, json!({ "input": {} })).await, code);
            assert_eq!(client.error_code(APPLY, apply.clone()).await, code);
            assert_eq!(client.error_code("query($id: ID!) { round(id: $id) { id } }", id.clone()).await, code);
            assert_eq!(client.error_code("{ rounds { edges { node { id } } } }", json!({})).await, code);
        }
        let seen = coordinator.query("{ rounds { totalCount edges { node { id } } } }", json!({})).await;
        assert_eq!(seen["rounds"]["totalCount"], 1);
        assert_eq!(seen["rounds"]["edges"][0]["node"]["id"], round["id"]);
    }

    async fn bad_scopes_are_refused_at_their_fields(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, Ask::default()).await;
        let unknown = "role_00000000000000000000000001";
        let errors = coordinator
            .user_errors(RUN, json!({ "input": { "roleIds": [gid(&role.id), unknown], "suggestionsPerSeat": 3 } }))
            .await;
        assert_eq!(errors, ["UNKNOWN roleIds.1"]);
        let errors = coordinator
            .user_errors(RUN, json!({ "input": { "suggestionsPerSeat": 0, "mostPerVolunteer": 21 } }))
            .await;
        assert_eq!(errors, ["OUT_OF_RANGE mostPerVolunteer", "OUT_OF_RANGE suggestionsPerSeat"]);
        let errors = coordinator
            .user_errors(RUN, json!({ "input": { "roleIds": [gid(&role.id), gid(&role.id)] } }))
            .await;
        assert_eq!(errors, ["DUPLICATE roleIds.1"]);
    }

    async fn a_scope_leaves_everything_else_out(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let (here, there) = (world.project().await, world.project().await);
        let role = world.role(&here, Ask::default()).await;
        world.role(&there, Ask::default()).await;
        world.volunteer("ana", Say { hours: 10, most: 2, ..Say::default() }).await;
        let round = coordinator.mutate(RUN, json!({ "input": { "projectIds": [gid(&here.id)] } })).await["round"].clone();
        assert_eq!(round["report"]["totals"]["roles"], 1);
        let roles: Vec<_> = pairs(&round).into_iter().map(|(role, _)| role).collect();
        assert_eq!(roles, [gid(&role.id)]);
        let rows = round_pairing::Entity::find().filter(round_pairing::COLUMN.role_id.eq(role.id)).count(world.db()).await;
        assert_eq!(rows.unwrap(), 1);
    }
}
