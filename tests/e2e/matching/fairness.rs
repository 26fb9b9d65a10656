//! A round says how evenly it gives, and keeps that.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

use super::world::{Ask, Say, World};

const RUN: &str =
    "mutation { runRound(input: {}) { round { id } userErrors { code message field } } }";
const REPORT: &str = "query($id: ID!) { round(id: $id) { report {
    totals { pairings } certificate { isVerified isOverAllPairs totalPoints boundPoints }
    fairness { words
        volunteers { members withAny total most gini topDecileShare }
        volunteersOverTime { members total }
        roles { members withAny total gini }
        waitsBefore { volunteers meanDays medianDays ninthDecileDays longestDays }
        waitsServed { volunteers } waitsUnserved { volunteers longestDays }
        organizations { size organizations organizationsServed roles rolesServed suggestionsWanted suggestions filledShare }
        volunteerLanguages { group members served servedShare suggestions meanScore }
        roleLanguages { group members served } } } } }";

async fn report(client: &Client, id: &Value) -> Value {
    client.query(REPORT, json!({ "id": id })).await["round"]["report"].clone()
}

on_both_databases! {
    async fn a_round_reports_exposure_waits_small_organizations_and_languages(backend) {
        let app = TestApp::new(backend).await;
        let world = World::new(&app);
        let (small, large) = (world.project().await, world.project().await);
        world.role(&small, Ask::default()).await;
        for _ in 0..2 {
            world.role(&large, Ask { must_have: vec![("postgresql", 5)], languages: vec!["fr"], ..Ask::default() }).await;
        }
        world.volunteer("ana", Say { languages: vec!["en"], ..Say::default() }).await;
        world.volunteer("ben", Say::default()).await;
        world.volunteer("cleo", Say { languages: vec!["fr"], ..Say::default() }).await;
        app.advance(chrono::TimeDelta::days(10));
        let coordinator = app.coordinator().await;

        let id = coordinator.mutate(RUN, json!({})).await["round"]["id"].clone();
        let said = report(&coordinator, &id).await;
        let fairness = &said["fairness"];
        let spread = &fairness["volunteers"];
        assert_eq!((&spread["members"], &spread["withAny"], &spread["total"], &spread["most"]), (&json!(3), &json!(2), &json!(2), &json!(1)));
        // Two of three have one each: a third of the mean difference over the mean.
        assert_eq!(spread["gini"], json!(0.3333));
        assert_eq!(spread["topDecileShare"], json!(0.5));
        assert_eq!(fairness["volunteersOverTime"], json!({ "members": 3, "total": 2 }));
        assert_eq!((&fairness["roles"]["members"], &fairness["roles"]["withAny"]), (&json!(3), &json!(1)));
        assert_eq!(
            fairness["waitsBefore"],
            json!({ "volunteers": 3, "meanDays": 10, "medianDays": 10, "ninthDecileDays": 10, "longestDays": 10 })
        );
        assert_eq!((&fairness["waitsServed"]["volunteers"], &fairness["waitsUnserved"]["volunteers"]), (&json!(2), &json!(1)));
        assert_eq!(fairness["organizations"], json!([
            { "size": "ONE", "organizations": 1, "organizationsServed": 1, "roles": 1, "rolesServed": 1,
              "suggestionsWanted": 3, "suggestions": 2, "filledShare": 0.6667 },
            { "size": "FEW", "organizations": 1, "organizationsServed": 0, "roles": 2, "rolesServed": 0,
              "suggestionsWanted": 6, "suggestions": 0, "filledShare": 0.0 },
        ]));
        let groups: Vec<_> = fairness["volunteerLanguages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| (group["group"].as_str().unwrap(), group["members"].as_u64().unwrap(), group["served"].as_u64().unwrap()))
            .collect();
        assert_eq!(groups, [("ENGLISH", 1, 1), ("FRENCH", 1, 0), ("BOTH", 1, 1)]);
        assert!(fairness["volunteerLanguages"][0]["meanScore"].as_f64().unwrap() > 0.5);
        assert!(fairness["volunteerLanguages"][1]["meanScore"].is_null());
        assert_eq!(fairness["roleLanguages"][1], json!({ "group": "FRENCH", "members": 2, "served": 0 }));

        let first = |said: &Value| said["fairness"]["words"][0].as_str().unwrap().to_owned();
        assert!(first(&said).starts_with("2 of 3 available volunteers have a suggestion"), "{}", first(&said));
        coordinator.prefer("FR").await;
        let french = report(&coordinator, &id).await;
        assert!(first(&french).starts_with("2 bénévoles disponibles sur 3 ont une suggestion"), "{}", first(&french));
        assert_eq!(french["fairness"]["words"].as_array().unwrap().len(), said["fairness"]["words"].as_array().unwrap().len());

        // It is stored: what changes later does not change it.
        world.volunteer("dev", Say::default()).await;
        assert_eq!(report(&coordinator, &id).await, french);
    }

    async fn the_certificate_holds_over_all_pairs_and_counts_the_bonus_of_a_first_suggestion(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.role(&world.project().await, Ask::default()).await;
        world.volunteer("ana", Say::default()).await;
        let run = "mutation { runRound(input: {}) { userErrors { code message field } round { id pairings { edges { node { score } } } } } }";
        let round = coordinator.mutate(run, json!({})).await["round"].clone();
        let certificate = report(&coordinator, &round["id"]).await["certificate"].clone();
        assert_eq!((&certificate["isVerified"], &certificate["isOverAllPairs"]), (&json!(true), &json!(true)));
        let score = round["pairings"]["edges"][0]["node"]["score"].as_f64().unwrap();
        let bonus = certificate["totalPoints"].as_f64().unwrap() - score * 10_000.0;
        assert!((bonus - 500.0).abs() < 0.5, "the policy's bonus is 500: {bonus}");
    }

    async fn an_empty_round_has_no_shares(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let id = coordinator.mutate(RUN, json!({})).await["round"]["id"].clone();
        let fairness = report(&coordinator, &id).await["fairness"].clone();
        assert_eq!((&fairness["volunteers"]["gini"], &fairness["waitsBefore"]), (&json!(null), &json!(null)));
        assert_eq!((&fairness["organizations"], &fairness["words"]), (&json!([]), &json!([])));
    }
}
