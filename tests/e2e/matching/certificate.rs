//! The certificate of a round, checked by a reader who has nothing but what the API says: one document with the pairs, what
//! roles wanted, what volunteers had room for and the prices, and the score of any pair, asked one by one.

use api::demo;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::round;
use http_body_util::BodyExt as _;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use tower::ServiceExt as _;

use super::audit::{Document, Named, Scores};
use super::world::{Ask, Say, World, gid};

const RUN: &str = "mutation($input: RunRoundInput!) { runRound(input: $input) { round { id
    report { certificate { isVerified isOverAllPairs totalPoints boundPoints proofUrl } } } userErrors { code message field } } }";
const ROUND: &str = "query($id: ID!) { round(id: $id) { report { certificate { isVerified totalPoints proofUrl } } } }";
const NEWEST: &str = "{ rounds(first: 1) { nodes { report { certificate { proofUrl } } } } }";
const EVALUATION: &str = "query($role: ID!, $volunteer: ID!) { evaluation(roleId: $role, volunteerId: $volunteer) { isEligible score } }";
const PIN: &str = "mutation($input: SetPairingRuleInput!) { setPairingRule(input: $input) { userErrors { code message field } } }";

/// What the server answers at the path of `url`.
async fn get(app: &TestApp, client: &Client, url: &str) -> (StatusCode, Value) {
    let path = url.strip_prefix("http://marketplace.test").unwrap();
    let mut request = Request::get(path);
    if let Some(token) = client.token() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let response = app
        .router()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn read(document: Value) -> Document {
    serde_json::from_value(document).unwrap()
}

/// Asks for each pair apart.
async fn scores(coordinator: &Client, roles: &[String], volunteers: &[String]) -> Scores {
    let mut scores = Scores::new();
    for role in roles {
        for volunteer in volunteers {
            let pair = json!({ "role": role, "volunteer": volunteer });
            let said = coordinator.query(EVALUATION, pair).await["evaluation"].clone();
            if said["isEligible"] == true {
                let score = format!("{:.0}", said["score"].as_f64().unwrap() * 10_000.0);
                scores.insert((role.clone(), volunteer.clone()), score.parse().unwrap());
            }
        }
    }
    scores
}

on_both_databases! {
    async fn a_rounds_certificate_is_checked_from_what_the_api_says_alone(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let research = || Ask { must_have: vec![("user-research", 3)], ..Ask::default() };
        let mut roles = Vec::new();
        for ask in [Ask::default(), research(), research(), Ask { title: "Mentor", ..Ask::default() }] {
            roles.push(gid(&world.role(&project, ask).await.id));
        }
        let mut volunteers = Vec::new();
        for (name, skill, level) in [
            ("ana", "python", 5), ("ben", "python", 4), ("chloé", "python", 3), ("dev", "user-research", 4), ("eve", "python", 3),
        ] {
            let say = Say { skills: vec![(skill, level)], ..Say::default() };
            volunteers.push(gid(&world.volunteer(name, say).await.id));
        }
        let pin = json!({ "roleId": roles[3], "volunteerId": volunteers[4], "kind": "PIN" });
        coordinator.mutate(PIN, json!({ "input": pin })).await;
        let round = coordinator.mutate(RUN, json!({ "input": { "suggestionsPerSeat": 1 } })).await["round"].clone();
        let certificate = &round["report"]["certificate"];
        let (status, document) = get(&app, &coordinator, certificate["proofUrl"].as_str().unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        for field in ["isVerified", "isOverAllPairs", "totalPoints", "boundPoints"] {
            assert_eq!(document[field], certificate[field]);
        }
        assert_eq!(document["roundId"], round["id"]);
        let document = read(document);
        let pinned: Vec<_> = document.pinned_pairs.iter().map(Named::pair).collect();
        assert_eq!(pinned, [(roles[3].clone(), volunteers[4].clone())]);
        assert_eq!(document.pairs.len(), 2, "{document:#?}");

        let scores = scores(&coordinator, &roles, &volunteers).await;
        assert!(scores.len() > 6, "{scores:?}");
        assert_eq!(document.check(&scores), Ok(()), "{document:#?}");

        // Nobody can be sold for more than anybody pays, and who is wanted by two has a price that keeps one of them out.
        let dearer = document.with_one_other_price(|price| price + 20_000);
        assert!(dearer.len() >= 4, "{document:#?}");
        let given_away = document.with_one_other_price(|_| 0);
        assert!(given_away.len() >= 2, "{document:#?}");
        for altered in dearer.iter().chain(&given_away) {
            assert!(altered.check(&scores).is_err(), "{altered:#?}");
        }
        let mut other_choice = document.clone();
        other_choice.pairs.pop();
        assert!(other_choice.check(&scores).is_err());
    }

    async fn where_hours_bind_the_prices_prove_how_much_could_be_missing(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let project = world.project().await;
        let mut roles = Vec::new();
        for (hours, level) in [(1, 5), (4, 3), (4, 3)] {
            let ask = Ask { hours, must_have: vec![("python", level)], ..Ask::default() };
            roles.push(gid(&world.role(&project, ask).await.id));
        }
        let mut volunteers = Vec::new();
        for (name, level) in [("ana", 4), ("ben", 3)] {
            let say = Say { skills: vec![("python", level)], hours: 5, most: 2, ..Say::default() };
            volunteers.push(gid(&world.volunteer(name, say).await.id));
        }
        let round = coordinator.mutate(RUN, json!({ "input": {} })).await["round"].clone();
        let certificate = &round["report"]["certificate"];
        assert_eq!(certificate["isOverAllPairs"], false, "the two long roles fit better, and not together");
        let (_, document) = get(&app, &coordinator, certificate["proofUrl"].as_str().unwrap()).await;
        let scores = scores(&coordinator, &roles, &volunteers).await;
        assert_eq!(scores.len(), 6);
        let document = read(document);
        assert_eq!(document.check(&scores), Ok(()), "{document:#?}");
        let mut lower = document.clone();
        lower.bound_points -= 1;
        assert!(lower.check(&scores).is_err());
        let mut dearer = document.clone();
        dearer.roles[0].bound_price = document.roles[0].bound_price.map(|price| price + 20_000);
        assert!(dearer.check(&scores).is_err());
    }

    async fn the_document_of_a_whole_marketplace_adds_up_by_itself(backend) {
        let app = TestApp::new(backend).await;
        let census = demo::fill(&app.app).await.unwrap().unwrap();
        let coordinator = app.coordinator().await;
        let newest = coordinator.query(NEWEST, json!({})).await["rounds"]["nodes"][0].clone();
        let url = newest["report"]["certificate"]["proofUrl"].as_str().unwrap();
        let document = read(get(&app, &coordinator, url).await.1);
        assert_eq!(document.pairs.len(), census.pairings);
        assert!(document.pairs.len() > 50, "{}", document.pairs.len());
        // No pair that was not chosen is worth more than its prices, so the chosen ones are all that is in the sum.
        let scores = document.own_scores();
        assert_eq!(document.check_choice(&scores), Ok(()));
        for altered in document.with_one_other_price(|price| price + 20_000) {
            assert!(altered.check_choice(&scores).is_err());
        }
    }

    async fn the_proof_is_for_coordinators_and_of_rounds_that_kept_it(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let (_, volunteer) = world.volunteer_with_client("Ana", "fr", Say::default()).await;
        let round = coordinator.mutate(RUN, json!({ "input": {} })).await["round"].clone();
        let url = round["report"]["certificate"]["proofUrl"].as_str().unwrap().to_owned();
        let refused = |(status, body): (StatusCode, Value)| (status.as_u16(), body["errors"][0]["extensions"]["code"].clone());
        let (status, body) = get(&app, &volunteer, &url).await;
        assert_eq!(body["errors"][0]["message"], "Cet élément n’existe pas.");
        assert_eq!(refused((status, body)), (404, json!("NOT_FOUND")));
        assert_eq!(refused(get(&app, &app.client(), &url).await), (401, json!("UNAUTHENTICATED")));
        assert_eq!(refused(get(&app, &app.client().with_token("forged"), &url).await), (401, json!("UNAUTHENTICATED")));
        for other in ["round_00000000000000000000000001", "role_00000000000000000000000001", "x"] {
            let url = url.replace(round["id"].as_str().unwrap(), other);
            assert_eq!(refused(get(&app, &coordinator, &url).await), (404, json!("NOT_FOUND")));
        }

        let stored = round::Entity::find().one(world.db()).await.unwrap().unwrap();
        let mut report = stored.report.clone();
        report["certificate"].as_object_mut().unwrap().remove("proof").unwrap();
        let older = round::ActiveModel { id: Set(stored.id), report: Set(report), ..Default::default() };
        older.update(world.db()).await.unwrap();
        let said = coordinator.query(ROUND, json!({ "id": round["id"] })).await["round"]["report"]["certificate"].clone();
        assert_eq!(said, json!({ "isVerified": true, "totalPoints": 0, "proofUrl": null }));
        assert_eq!(refused(get(&app, &coordinator, &url).await), (404, json!("NOT_FOUND")));
    }
}
