//! The certificate of a round, checked by a reader who has nothing but what the API says: one document with the pairs, what
//! roles wanted, what volunteers had room for and the prices, and the score of any pair, asked one by one.

use std::sync::Arc;
use std::time::Duration;

use api::demo;
use api::graphql::endpoint::Endpoint;
use api::graphql::schema;
use api::http::certificate::Limits;
use api::http::router::{HttpState, router_of};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use entity::personal::Personal;
use entity::{round, round_proof};
use http_body_util::BodyExt as _;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use super::auditor::{Document, Named, Scope, Scores};
use super::world::{Ask, Say, World, gid};

const RUN: &str = "mutation($input: RunRoundInput!) { runRound(input: $input) { round { id
    report { certificate { isVerified isOverAllPairs totalPoints boundPoints proofUrl } } } userErrors { code message field } } }";
const ROUND: &str = "query($id: ID!) { round(id: $id) { report { certificate { isVerified totalPoints proofUrl } } } }";
const NEWEST: &str = "{ rounds(first: 1) { nodes { report { certificate { proofUrl } } } } }";
const EVALUATION: &str = "query($role: ID!, $volunteer: ID!) { evaluation(roleId: $role, volunteerId: $volunteer) { isEligible score } }";
const PIN: &str = "mutation($input: SetPairingRuleInput!) { setPairingRule(input: $input) { userErrors { code message field } } }";

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    /// Status and code of a refusal, and how to prove who one is.
    fn refusal(&self) -> (u16, &str, Option<&str>) {
        let extensions = &self.body["errors"][0]["extensions"];
        assert_eq!(
            extensions["requestId"],
            self.headers["x-request-id"].to_str().unwrap()
        );
        let challenge = self.headers.get(header::WWW_AUTHENTICATE);
        (
            self.status.as_u16(),
            extensions["code"].as_str().unwrap(),
            challenge.map(|it| it.to_str().unwrap()),
        )
    }

    fn message(&self) -> &str {
        self.body["errors"][0]["message"].as_str().unwrap()
    }
}

/// What a service answers at the path of `url`; always JSON, and never kept by anybody between.
async fn ask(router: Router, client: &Client, language: &str, url: &str) -> Answer {
    let path = url.strip_prefix("http://marketplace.test").unwrap();
    let mut request = Request::get(path).header(header::ACCEPT_LANGUAGE, language);
    if let Some(token) = client.token() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    assert_eq!(parts.headers[header::CACHE_CONTROL], "no-store");
    let media_type = parts.headers[header::CONTENT_TYPE].to_str().unwrap();
    assert!(media_type.starts_with("application/json"), "{media_type}");
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap(),
    }
}

/// The document at `url`.
async fn get(app: &TestApp, client: &Client, url: &Value) -> Value {
    let answer = ask(app.router(), client, "en", url.as_str().unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{:#}", answer.body);
    answer.body
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
        let document = get(&app, &coordinator, &certificate["proofUrl"]).await;
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
        let document = get(&app, &coordinator, &certificate["proofUrl"]).await;
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

    async fn a_round_over_some_is_checked_against_the_pairs_of_those_alone(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let (inside, outside) = (world.project().await, world.project().await);
        let mut roles = Vec::new();
        for project in [&inside, &inside, &outside] {
            let ask = Ask { must_have: vec![("python", 5)], ..Ask::default() };
            roles.push(gid(&world.role(project, ask).await.id));
        }
        let mut volunteers = Vec::new();
        for (name, level) in [("ana", 5), ("ben", 4), ("chloé", 3)] {
            volunteers.push(gid(&world.volunteer(name, Say { skills: vec![("python", level)], ..Say::default() }).await.id));
        }
        let scores = scores(&coordinator, &roles, &volunteers).await;
        assert_eq!(scores.len(), 9);

        // Ana fits best, and was not asked for.
        let some = json!({ "roleIds": roles[..1], "volunteerIds": volunteers[1..], "suggestionsPerSeat": 1 });
        let round = coordinator.mutate(RUN, json!({ "input": some })).await["round"].clone();
        let document = read(get(&app, &coordinator, &round["report"]["certificate"]["proofUrl"]).await);
        let scope = |projects: &[String], roles: &[String], volunteers: &[String]| Scope {
            projects: projects.to_vec(), roles: roles.to_vec(), volunteers: volunteers.to_vec(),
        };
        assert_eq!(document.scope, scope(&[], &roles[..1], &volunteers[1..]));
        assert_eq!(document.pairs.len(), 1);
        assert_eq!(document.check(&scores), Ok(()), "{document:#?}");
        let mut of_everybody = document.clone();
        of_everybody.scope.volunteers.clear();
        assert!(of_everybody.check(&scores).is_err(), "{scores:#?}");

        let project = gid(&inside.id);
        let some = json!({ "projectIds": [project], "suggestionsPerSeat": 1 });
        let round = coordinator.mutate(RUN, json!({ "input": some })).await["round"].clone();
        let document = read(get(&app, &coordinator, &round["report"]["certificate"]["proofUrl"]).await);
        assert_eq!(document.scope, scope(&[project], &[], &[]));
        assert_eq!(document.roles.len(), 2);
        assert_eq!(document.check(&scores), Ok(()), "{document:#?}");
    }

    async fn the_document_of_a_whole_marketplace_adds_up_by_itself(backend) {
        let app = TestApp::new(backend).await;
        let census = demo::fill(&app.app).await.unwrap().unwrap();
        let coordinator = app.coordinator().await;
        let newest = coordinator.query(NEWEST, json!({})).await["rounds"]["nodes"][0].clone();
        let document = read(get(&app, &coordinator, &newest["report"]["certificate"]["proofUrl"]).await);
        assert_eq!(document.pairs.len(), census.pairings);
        assert!(document.pairs.len() > 50, "{}", document.pairs.len());
        // No pair that was not chosen is worth more than its prices, so the chosen ones are all that is in the sum.
        let scores = document.own_scores();
        assert_eq!(document.check_choice(&scores), Ok(()));
        for altered in document.with_one_other_price(|price| price + 20_000) {
            assert!(altered.check_choice(&scores).is_err());
        }
    }

    async fn the_proof_is_for_coordinators_who_say_who_they_are(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        let (_, volunteer) = world.volunteer_with_client("Ana", "fr", Say::default()).await;
        let round = coordinator.mutate(RUN, json!({ "input": {} })).await["round"].clone();
        let url = round["report"]["certificate"]["proofUrl"].as_str().unwrap();
        let others = ["round_00000000000000000000000001", "role_00000000000000000000000001", "x", "%FF"];
        let others = others.map(|other| url.replace(round["id"].as_str().unwrap(), other));
        // Nothing is said of the path before it is known who asks.
        for url in others.iter().map(String::as_str).chain([url]) {
            let answer = ask(app.router(), &volunteer, "en", url).await;
            assert_eq!(answer.refusal(), (404, "NOT_FOUND", None));
            assert_eq!(answer.message(), "Cet élément n’existe pas.");
            for (language, message) in [("en", "Log in first."), ("fr", "Ouvrez d’abord une session.")] {
                let answer = ask(app.router(), &app.client(), language, url).await;
                assert_eq!(answer.refusal(), (401, "UNAUTHENTICATED", Some("Bearer")));
                assert_eq!(answer.message(), message);
            }
            for (language, message) in [
                ("en", "The access token does not hold. Get a new one, or send none."),
                ("fr", "Le jeton d’accès n’est pas valide. Demandez-en un nouveau ou n’en envoyez aucun."),
            ] {
                let answer = ask(app.router(), &app.client().with_token("forged"), language, url).await;
                assert_eq!(answer.refusal(), (401, "UNAUTHENTICATED", Some("Bearer error=\"invalid_token\"")));
                assert_eq!(answer.message(), message);
            }
        }
        for url in &others {
            assert_eq!(ask(app.router(), &coordinator, "en", url).await.refusal(), (404, "NOT_FOUND", None));
        }
    }

    async fn the_proof_is_kept_apart_from_the_report_and_older_rounds_have_none(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let world = World::new(&app);
        world.volunteer("ana", Say::default()).await;
        let round = coordinator.mutate(RUN, json!({ "input": {} })).await["round"].clone();
        let url = &round["report"]["certificate"]["proofUrl"];
        assert_eq!(get(&app, &coordinator, url).await["roundId"], round["id"]);
        let before = app.statements();
        let id = json!({ "id": round["id"] });
        let report = coordinator.query(ROUND, id.clone()).await["round"]["report"].clone();
        assert_eq!(&report["certificate"]["proofUrl"], url);
        let statements = app.statements_after(before);
        assert!(statements.iter().any(|sql| sql.contains("\"report\"")), "{statements:#?}");
        assert!(!statements.iter().any(|sql| sql.contains("round_proof")), "{statements:#?}");

        let stored = round::Entity::find().one(world.db()).await.unwrap().unwrap();
        let mut report = stored.report.clone().into_exposed();
        report["certificate"].as_object_mut().unwrap().remove("has_proof").unwrap();
        let older = round::ActiveModel { id: Set(stored.id), report: Set(Personal::new(report)), ..Default::default() };
        older.update(world.db()).await.unwrap();
        round_proof::Entity::delete_by_id(stored.id).exec(world.db()).await.unwrap();
        let said = coordinator.query(ROUND, id).await["round"]["report"]["certificate"].clone();
        assert_eq!(said, json!({ "isVerified": true, "totalPoints": 0, "proofUrl": null }));
        let answer = ask(app.router(), &coordinator, "en", url.as_str().unwrap()).await;
        assert_eq!(answer.refusal(), (404, "NOT_FOUND", None));
    }

    async fn documents_wait_for_a_place_and_give_it_back(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let round = coordinator.mutate(RUN, json!({ "input": {} })).await["round"].clone();
        let url = round["report"]["certificate"]["proofUrl"].as_str().unwrap();
        let with = |certificates: &Limits| {
            let state = HttpState::new(app.app.clone(), Endpoint::new(schema::build()), app.stop.clone());
            router_of(HttpState { certificates: certificates.clone(), ..state })
        };
        let one = Limits { places: Arc::new(Semaphore::new(1)), ..Limits::default() };
        for _ in 0..3 {
            assert_eq!(ask(with(&one), &coordinator, "en", url).await.status, StatusCode::OK);
            assert_eq!(one.places.available_permits(), 1);
        }
        let none = Limits { places: Arc::new(Semaphore::new(0)), reading: Duration::ZERO };
        coordinator.prefer("FR").await;
        let answer = ask(with(&none), &coordinator, "en", url).await;
        assert_eq!(answer.refusal(), (503, "UNAVAILABLE", None));
        assert_eq!(answer.headers[header::RETRY_AFTER], "5");
        assert_eq!(answer.message(), "Le service ne peut pas répondre pour le moment. Réessayez dans quelques secondes.");
        // Who may not read at all does not wait.
        assert_eq!(ask(with(&none), &app.client(), "en", url).await.status, StatusCode::UNAUTHORIZED);
    }
}
