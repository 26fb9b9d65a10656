//! Why not better, and why nobody: what each factor costs, who is ahead and in what, the nearest of those with nobody, and
//! a round's unmatched by cause.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

use super::world::{Ask, Say, World, gid};

const LOSSES: &str =
    "query($role: ID!, $volunteer: ID!) { evaluation(roleId: $role, volunteerId: $volunteer) {
    score factors { code value } losses { code label points words } } }";
const STANDING: &str = "query($role: ID!, $volunteer: ID!) { evaluation(roleId: $role, volunteerId: $volunteer) {
    isEligible score factors { words } losses { code words } exclusions { code smallestChange } standing { rank eligible ahead {
        volunteerId rank score lead volunteer { givenName } differences { code label points words } } } } }";
const OF_ROLE: &str = "query($id: ID!) { node(id: $id) { ... on Role { matchingOutlook {
    eligible causes { code label count } nearest {
        roleId volunteerId score smallestChange role { title { text } } volunteer { givenName }
        exclusions { code message smallestChange } } } } } }";
const OF_VOLUNTEER: &str = "query($id: ID!) { volunteer(id: $id) { matchingOutlook {
    eligible causes { code count } nearest { roleId volunteerId score smallestChange exclusions { code } } } } }";
const RUN: &str = "mutation { runRound(input: {}) { userErrors { code message field } round { id report {
    unmatchedRoles { edges { node { roleId role { title { text } } smallestChange nearest {
        volunteerId score smallestChange role { title { text } } volunteer { givenName } exclusions { code smallestChange } } } } }
    unmatchedVolunteers { edges { node { volunteerId volunteer { givenName } nearest { roleId exclusions { code } } } } }
    unmatchedRolesByCause { count outbid withoutCounterparts causes { code label mainly affected pairs } }
    unmatchedVolunteersByCause { count outbid withoutCounterparts causes { code mainly affected pairs } }
    demandWithoutSupply { skillId skill { label } roles seats } } } } }";

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn at_level(level: i16) -> Say {
    Say {
        skills: vec![("python", level)],
        ..Say::default()
    }
}

fn for_experts() -> Ask {
    Ask {
        must_have: vec![("python", 5)],
        ..Ask::default()
    }
}

on_both_databases! {
    async fn what_a_factor_costs_is_told_with_why_the_dearest_first_in_both_languages(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, for_experts()).await;
        let (ana, client) = world.volunteer_with_client("Ana", "en", at_level(3)).await;
        let variables = json!({ "role": gid(&role.id), "volunteer": gid(&ana.id) });
        let said = client.query(LOSSES, variables.clone()).await["evaluation"].clone();
        let losses = said["losses"].as_array().unwrap();
        assert_eq!(losses[0]["code"], "MUST_HAVE");
        assert_eq!(losses[0]["label"], "must-have skills");
        assert_eq!(losses[0]["words"], "in part: Python at level 3 of 5");
        let points: Vec<f64> = losses.iter().map(|loss| number(&loss["points"])).collect();
        assert!(points.is_sorted_by(|a, b| a >= b) && points.iter().all(|points| *points > 0.0), "{said:#}");
        for factor in said["factors"].as_array().unwrap().iter().filter(|factor| factor["value"] == json!(1.0)) {
            assert!(losses.iter().all(|loss| loss["code"] != factor["code"]), "a full factor costs nothing: {said:#}");
        }

        client.prefer("FR").await;
        let french = client.query(LOSSES, variables).await["evaluation"]["losses"][0].clone();
        assert_eq!(french["words"], "en partie : Python au niveau 3 sur 5");

        // The loss is what the score gains when that factor alone becomes full.
        let (eve, client) = world.volunteer_with_client("Eve", "en", at_level(5)).await;
        let full = client.query(LOSSES, json!({ "role": gid(&role.id), "volunteer": gid(&eve.id) })).await["evaluation"].clone();
        let gained = number(&full["score"]) - number(&said["score"]);
        assert!((gained - points[0]).abs() < 1e-9, "{gained} {said:#}");
    }

    async fn coordinators_learn_who_is_ahead_and_in_what_and_volunteers_do_not(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, for_experts()).await;
        let (ana, client) = world.volunteer_with_client("Ana", "en", at_level(3)).await;
        let ben = world.volunteer("ben", at_level(5)).await;
        let cleo = world.volunteer("cleo", at_level(4)).await;
        let gated = world.volunteer("dev", Say { languages: vec!["fr"], ..at_level(5) }).await;
        let about = |volunteer: String| json!({ "role": gid(&role.id), "volunteer": volunteer });

        let said = coordinator.query(STANDING, about(gid(&ana.id))).await["evaluation"].clone();
        let standing = &said["standing"];
        assert_eq!((&standing["rank"], &standing["eligible"]), (&json!(3), &json!(3)));
        let ahead = standing["ahead"].as_array().unwrap();
        let people: Vec<_> = ahead.iter().map(|one| (one["volunteerId"].clone(), one["rank"].clone())).collect();
        assert_eq!(people, [(json!(gid(&cleo.id)), json!(2)), (json!(gid(&ben.id)), json!(1))]);
        assert_eq!(ahead[0]["volunteer"]["givenName"], "cleo");
        for one in ahead {
            assert!((number(&one["score"]) - number(&said["score"]) - number(&one["lead"])).abs() < 1e-9, "{said:#}");
            let differences = one["differences"].as_array().unwrap();
            let sum: f64 = differences.iter().map(|part| number(&part["points"])).sum();
            assert!((sum - number(&one["lead"])).abs() < 1e-9, "{said:#}");
            assert_eq!(differences[0]["code"], "MUST_HAVE");
        }
        assert_eq!(ahead[1]["differences"][0]["words"], "must-have skills: 1/1 (Python)");
        let first = coordinator.query(STANDING, about(gid(&ben.id))).await["evaluation"]["standing"].clone();
        assert_eq!((&first["rank"], &first["ahead"]), (&json!(1), &json!([])));

        // Who may not be proposed is told the same, with the place that they would take.
        let would = coordinator.query(STANDING, about(gid(&gated.id))).await["evaluation"].clone();
        assert_eq!((&would["isEligible"], &would["standing"]["eligible"]), (&json!(false), &json!(3)));
        assert_eq!(would["exclusions"], json!([{ "code": "LANGUAGES", "smallestChange": "add English to the languages" }]), "{would:#}");
        assert!(would["losses"].as_array().unwrap().iter().any(|loss| loss["code"] == "LANGUAGES" && loss["words"].is_string()));
        let ahead = would["standing"]["ahead"].as_array().unwrap();
        assert_eq!(would["standing"]["rank"], json!(ahead.len() + 1));
        for one in ahead {
            assert!((number(&one["score"]) - number(&would["score"]) - number(&one["lead"])).abs() < 1e-9, "{would:#}");
        }
        let eve = world.volunteer("eve", at_level(5)).await;
        app.advance(chrono::TimeDelta::minutes(1));
        world.consent(eve.account_id, false).await;
        let would = coordinator.query(STANDING, about(gid(&eve.id))).await["evaluation"].clone();
        assert_eq!((&would["isEligible"], &would["exclusions"][0]["code"]), (&json!(false), &json!("NO_CONSENT")));
        assert_eq!((&would["standing"]["rank"], &would["standing"]["eligible"]), (&json!(2), &json!(3)), "{would:#}");
        assert_eq!(would["standing"]["ahead"][0]["volunteer"]["givenName"], "ben");

        coordinator.prefer("FR").await;
        let french = coordinator.query(STANDING, about(gid(&ana.id))).await;
        let part = &french["evaluation"]["standing"]["ahead"][1]["differences"][0];
        assert_eq!(part["label"], "compétences indispensables");
        let would = coordinator.query(STANDING, about(gid(&gated.id))).await["evaluation"].clone();
        assert_eq!(would["exclusions"][0]["smallestChange"], "ajouter aux langues : anglais");
        assert!(would["factors"].as_array().unwrap().iter().any(|factor| factor["words"].as_str().unwrap().contains("compétence")), "{would:#}");

        let own = client.query(STANDING, about(gid(&ana.id))).await["evaluation"].clone();
        assert_eq!((&own["isEligible"], &own["standing"]), (&json!(true), &json!(null)));
    }

    async fn who_is_ahead_costs_as_many_statements_for_three_as_for_one(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let role = world.role(&world.project().await, for_experts()).await;
        let last = world.volunteer("last", at_level(3)).await;
        let variables = json!({ "role": gid(&role.id), "volunteer": gid(&last.id) });
        let mut counts = Vec::new();
        for name in ["ana", "ben", "cleo"] {
            world.volunteer(name, at_level(5)).await;
            let before = app.statements();
            let said = coordinator.query(STANDING, variables.clone()).await;
            counts.push(app.statements() - before);
            assert_eq!(said["evaluation"]["standing"]["ahead"].as_array().unwrap().len(), counts.len());
        }
        assert_eq!(counts[1..], vec![counts[1]; 2]);
    }

    async fn a_role_with_nobody_has_its_nearest_three_and_what_would_open_each(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask::default()).await;
        for (name, hours, languages) in [("ana", 2, "en"), ("ben", 1, "en"), ("cleo", 2, "en"), ("dev", 1, "fr")] {
            world.volunteer(name, Say { hours, languages: vec![languages], ..Say::default() }).await;
        }
        // Without consent she is nobody's nearest.
        let eve = world.volunteer("eve", Say::default()).await;
        app.advance(chrono::TimeDelta::minutes(1));
        world.consent(eve.account_id, false).await;

        let id = json!({ "id": gid(&role.id) });
        let outlook = coordinator.query(OF_ROLE, id.clone()).await["node"]["matchingOutlook"].clone();
        assert_eq!(outlook["eligible"], 0);
        assert_eq!(outlook["causes"][0], json!({ "code": "HOURS", "label": "too few hours left", "count": 4 }));
        let nearest = outlook["nearest"].as_array().unwrap();
        assert_eq!(nearest.len(), 3, "{outlook:#}");
        for pair in nearest {
            assert_eq!(pair["roleId"], gid(&role.id));
            assert_eq!(pair["exclusions"].as_array().unwrap().len(), 1, "two gates are farther than one: {outlook:#}");
            assert_eq!(pair["exclusions"][0]["code"], "HOURS");
            assert_eq!(pair["smallestChange"], pair["exclusions"][0]["smallestChange"]);
            assert_eq!(pair["role"]["title"]["text"], "Data analyst");
        }
        let mut told: Vec<(&str, &str)> = nearest
            .iter()
            .map(|pair| (pair["volunteer"]["givenName"].as_str().unwrap(), pair["smallestChange"].as_str().unwrap()))
            .collect();
        told.sort_unstable();
        let one_more = "find 1 more hour a week";
        assert_eq!(told, [("ana", one_more), ("ben", "find 2 more hours a week"), ("cleo", one_more)]);
        coordinator.prefer("FR").await;
        let french = coordinator.query(OF_ROLE, id.clone()).await;
        let change = french["node"]["matchingOutlook"]["nearest"][0]["smallestChange"].as_str().unwrap().to_owned();
        assert_eq!(change, "trouver 1 heure de plus par semaine");

        world.volunteer("fay", Say::default()).await;
        let outlook = coordinator.query(OF_ROLE, id.clone()).await["node"]["matchingOutlook"].clone();
        assert_eq!((&outlook["eligible"], &outlook["nearest"]), (&json!(1), &json!([])));

        let (_, stranger) = world.volunteer_with_client("Gus", "en", Say::default()).await;
        assert_eq!(stranger.error_code(OF_ROLE, id.clone()).await, "NOT_FOUND");
        assert_eq!(app.client().error_code(OF_ROLE, id).await, "UNAUTHENTICATED");
    }

    async fn a_volunteer_with_nobody_sees_their_own_nearest_roles(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let project = world.project().await;
        for (title, hours) in [("Analyst", 6), ("Engineer", 7), ("Mentor", 8), ("Writer", 9)] {
            world.role(&project, Ask { title, hours, ..Ask::default() }).await;
        }
        let (ana, client) = world.volunteer_with_client("Ana", "en", Say { hours: 5, ..Say::default() }).await;
        let id = json!({ "id": gid(&ana.id) });
        let outlook = client.query(OF_VOLUNTEER, id.clone()).await["volunteer"]["matchingOutlook"].clone();
        assert_eq!(outlook["eligible"], 0);
        assert_eq!(outlook["causes"], json!([{ "code": "HOURS", "count": 4 }]));
        let nearest = outlook["nearest"].as_array().unwrap();
        assert_eq!(nearest.len(), 3);
        assert!(nearest.iter().all(|pair| pair["volunteerId"] == gid(&ana.id)));
        let codes: Vec<_> = nearest.iter().map(|pair| pair["exclusions"][0]["code"].clone()).collect();
        assert_eq!(codes, ["HOURS"; 3]);

        // Whoever has not agreed to be proposed has nobody, and it is said before all else.
        app.advance(chrono::TimeDelta::minutes(1));
        world.consent(ana.account_id, false).await;
        let fitting = world.role(&project, Ask::default()).await;
        let outlook = client.query(OF_VOLUNTEER, id.clone()).await["volunteer"]["matchingOutlook"].clone();
        assert_eq!(outlook["eligible"], 0);
        assert_eq!(outlook["nearest"][0]["roleId"], gid(&fitting.id));
        assert_eq!(outlook["nearest"][0]["exclusions"], json!([{ "code": "NO_CONSENT" }]));
        assert_eq!(outlook["nearest"][0]["smallestChange"], "agree to be proposed");
    }

    async fn what_was_decided_in_confidence_is_not_told_to_the_volunteer(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let role = world.role(&project, Ask::default()).await;
        let (ana, client) = world.volunteer_with_client("Ana", "en", Say::default()).await;
        let pair = json!({ "role": gid(&role.id), "volunteer": gid(&ana.id) });
        let eligible = |said: &Value| said["evaluation"]["isEligible"].clone();
        assert_eq!(eligible(&client.query(STANDING, pair.clone()).await), true);

        let forbid = "mutation($role: ID!, $volunteer: ID!) {
            setPairingRule(input: { kind: FORBID, roleId: $role, volunteerId: $volunteer }) { userErrors { code } } }";
        coordinator.mutate(forbid, pair.clone()).await;
        assert_eq!(eligible(&coordinator.query(STANDING, pair.clone()).await), false);
        assert_eq!(eligible(&client.query(STANDING, pair.clone()).await), true);
        let outlook = client.query(OF_VOLUNTEER, json!({ "id": gid(&ana.id) })).await["volunteer"]["matchingOutlook"].clone();
        assert_eq!((&outlook["eligible"], &outlook["causes"]), (&json!(1), &json!([])));
        let outlook = coordinator.query(OF_VOLUNTEER, json!({ "id": gid(&ana.id) })).await["volunteer"]["matchingOutlook"].clone();
        assert_eq!(outlook["eligible"], 0);

        // A suggestion waits for a coordinator: nobody has asked the volunteer yet.
        let other = world.role(&project, Ask { title: "Analyst", ..Ask::default() }).await;
        let pair = json!({ "role": gid(&other.id), "volunteer": gid(&ana.id) });
        let round = coordinator.mutate(RUN, json!({})).await["round"]["id"].clone();
        let apply = "mutation($id: ID!) { applyRound(input: { roundId: $id }) { pairings { id } userErrors { code } } }";
        let applied = coordinator.mutate(apply, json!({ "id": round })).await;
        assert_eq!(applied["pairings"].as_array().unwrap().len(), 1);
        assert_eq!(eligible(&coordinator.query(STANDING, pair.clone()).await), false);
        assert_eq!(eligible(&client.query(STANDING, pair).await), true);
        app.run_jobs().await;
    }

    async fn a_round_keeps_the_nearest_three_and_counts_its_unmatched_by_cause(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let long = world.role(&project, Ask { hours: 9, ..Ask::default() }).await;
        let rare = world.role(&project, Ask { must_have: vec![("user-research", 4)], ..Ask::default() }).await;
        world.role(&project, Ask { title: "Mentor", ..Ask::default() }).await;
        for (name, hours) in [("ana", 5), ("ben", 6), ("cleo", 7), ("dev", 8)] {
            world.volunteer(name, Say { hours, ..Say::default() }).await;
        }
        let round = coordinator.mutate(RUN, json!({})).await["round"].clone();
        let report = &round["report"];
        let of = |id: String| {
            let edges = report["unmatchedRoles"]["edges"].as_array().unwrap();
            edges.iter().find(|edge| edge["node"]["roleId"] == id).unwrap()["node"].clone()
        };
        let nearest = of(gid(&long.id))["nearest"].as_array().unwrap().clone();
        assert_eq!(nearest.len(), 3);
        let hours: Vec<_> = nearest.iter().map(|pair| pair["smallestChange"].clone()).collect();
        assert!(hours.iter().all(|change| change.as_str().unwrap().contains("hour")), "{hours:?}");
        assert_eq!(of(gid(&long.id))["smallestChange"], hours[0]);
        assert_eq!(of(gid(&rare.id))["nearest"][0]["exclusions"][0]["code"], "MUST_HAVE");

        // Three suggestions for one seat: one of four goes without, and mentoring has what it wants.
        assert_eq!(report["unmatchedRolesByCause"]["count"], 2);
        assert_eq!(report["unmatchedRolesByCause"]["outbid"], 0);
        assert_eq!(report["unmatchedRolesByCause"]["withoutCounterparts"], 0);
        let mut causes = report["unmatchedRolesByCause"]["causes"].as_array().unwrap().clone();
        causes.sort_by_key(|cause| cause["code"].as_str().unwrap().to_owned());
        assert_eq!(causes, [
            json!({ "code": "HOURS", "label": "too few hours left", "mainly": 1, "affected": 1, "pairs": 4 }),
            json!({ "code": "MUST_HAVE", "label": "a must-have skill is missing", "mainly": 1, "affected": 1, "pairs": 4 }),
        ]);
        let volunteers = &report["unmatchedVolunteersByCause"];
        assert_eq!((&volunteers["count"], &volunteers["outbid"]), (&json!(1), &json!(1)));
        assert!(volunteers["causes"].as_array().unwrap().iter().all(|cause| cause["mainly"] == 0 && cause["pairs"] == 1));
        let skill = json!({ "label": "User research" });
        assert_eq!(report["demandWithoutSupply"], json!([{ "skillId": "skill_user-research", "skill": skill, "roles": 1, "seats": 1 }]));
        assert_eq!(of(gid(&rare.id))["role"]["title"]["text"], "Data analyst");
        assert!(report["unmatchedVolunteers"]["edges"][0]["node"]["volunteer"]["givenName"].is_string());
    }

    async fn a_report_costs_as_many_statements_for_six_unmatched_roles_as_for_two(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        for name in ["ana", "ben", "cleo", "dev"] {
            world.volunteer(name, Say { hours: 1, ..Say::default() }).await;
        }
        let document = "query($id: ID!) { round(id: $id) { report { unmatchedRoles { edges { node { role { title { text } } nearest {
            role { title { text } } volunteer { givenName } } } } } } } }";
        let mut counts = Vec::new();
        for roles in [2, 4] {
            for _ in 0..roles {
                world.role(&project, Ask::default()).await;
            }
            let round = coordinator.mutate(RUN, json!({})).await["round"]["id"].clone();
            let before = app.statements();
            let seen = coordinator.query(document, json!({ "id": round })).await;
            counts.push(app.statements() - before);
            let edges = seen["round"]["report"]["unmatchedRoles"]["edges"].as_array().unwrap().clone();
            assert!(edges.iter().all(|edge| edge["node"]["nearest"].as_array().unwrap().len() == 3));
        }
        assert_eq!(counts[0], counts[1]);
    }
}
