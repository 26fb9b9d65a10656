//! The certificate of a round, checked by a reader who has nothing but what the API says: one document with the pairs, what
//! roles wanted, what volunteers had room for and the prices, and the score of any pair, asked one by one.

use std::collections::{BTreeMap, BTreeSet};

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

use super::world::{Ask, Say, World, gid};

const RUN: &str = "mutation($input: RunRoundInput!) { runRound(input: $input) { round { id
    report { certificate { isVerified isOverAllPairs totalPoints boundPoints proofUrl } } } userErrors { code message field } } }";
const ROUND: &str = "query($id: ID!) { round(id: $id) { report { certificate { isVerified totalPoints proofUrl } } } }";
const EVALUATION: &str = "query($role: ID!, $volunteer: ID!) { evaluation(roleId: $role, volunteerId: $volunteer) { isEligible score } }";
const PIN: &str = "mutation($input: SetPairingRuleInput!) { setPairingRule(input: $input) { userErrors { code message field } } }";

/// Role and volunteer.
type Pair = (String, String);

/// The score in ten-thousandths of every pair that may be proposed.
type Scores = BTreeMap<Pair, i64>;

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

fn number(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

fn pair(value: &Value) -> Pair {
    let text = |field: &str| value[field].as_str().unwrap().to_owned();
    (text("roleId"), text("volunteerId"))
}

fn pairs(document: &Value, list: &str) -> BTreeSet<Pair> {
    document[list]
        .as_array()
        .unwrap()
        .iter()
        .map(pair)
        .collect()
}

/// The entries of a list by their ids.
fn by_id<'a>(document: &'a Value, list: &str, id: &str) -> BTreeMap<String, &'a Value> {
    let entries = document[list].as_array().unwrap().iter();
    entries
        .map(|entry| (entry[id].as_str().unwrap().to_owned(), entry))
        .collect()
}

/// A number of an entry; 0 for who is not listed, as they have a part in no sum.
fn of(entries: &BTreeMap<String, &Value>, id: &str, field: &str) -> i64 {
    entries.get(id).map_or(0, |entry| number(&entry[field]))
}

/// Does the sum of docs/matching.md. Says what is wrong with the certificate.
fn check(document: &Value, scores: &Scores) -> Result<(), String> {
    let roles = by_id(document, "roles", "roleId");
    let volunteers = by_id(document, "volunteers", "volunteerId");
    let bonus = |role: &str| {
        if roles[role]["hasPin"] == true {
            0
        } else {
            number(&document["firstSuggestionBonus"])
        }
    };
    let (pinned, left_out) = (
        pairs(document, "pinnedPairs"),
        pairs(document, "leftOutPairs"),
    );
    let fits = |(role, volunteer): &Pair| {
        let left = volunteers
            .get(volunteer)
            .and_then(|it| it["hoursLeft"].as_i64());
        left.is_none_or(|left| of(&roles, role, "hoursPerWeek") <= left)
    };
    let open: Scores = scores
        .iter()
        .filter(|(pair, _)| !pinned.contains(*pair) && fits(pair))
        .map(|(pair, score)| (pair.clone(), *score))
        .collect();

    // What was chosen is permitted, and totals what it says.
    let (mut total, mut of_role, mut of_volunteer) = (0, BTreeMap::new(), BTreeMap::new());
    for chosen in document["pairs"].as_array().unwrap() {
        let (role, volunteer) = pair(chosen);
        if open.get(&(role.clone(), volunteer.clone())) != Some(&number(&chosen["score"])) {
            return Err(format!("{chosen} has another score, or may not be chosen"));
        }
        let begun = of_role.entry(role.clone()).or_insert(0);
        total += number(&chosen["score"]) + if *begun == 0 { bonus(&role) } else { 0 };
        *begun += 1;
        *of_volunteer.entry(volunteer).or_insert(0) += 1;
    }
    let too_many = of_role
        .iter()
        .any(|(role, count)| *count > of(&roles, role, "wanted"))
        || of_volunteer
            .iter()
            .any(|(volunteer, count)| *count > of(&volunteers, volunteer, "room"));
    if too_many || total != number(&document["totalPoints"]) {
        return Err(format!(
            "the choice totals {total}, or is more than is permitted"
        ));
    }

    let of_roles = |prices: &str| -> i64 {
        let part = |(id, role): (&String, &&Value)| {
            let (wanted, price) = (number(&role["wanted"]), number(&role[prices]));
            let further = (wanted - 1).max(0) * (price - bonus(id)).max(0);
            further + if wanted > 0 { price } else { 0 }
        };
        roles.iter().map(part).sum()
    };
    let of_volunteers: i64 = volunteers
        .values()
        .map(|it| number(&it["room"]) * number(&it["price"]))
        .sum();
    let of_pairs: i64 = open
        .iter()
        .filter(|(pair, _)| !left_out.contains(*pair))
        .map(|((role, volunteer), score)| {
            let paid = of(&roles, role, "price") + of(&volunteers, volunteer, "price");
            (score + bonus(role) - paid).max(0)
        })
        .sum();
    let proven = of_roles("price") + of_volunteers + of_pairs;
    if proven != total {
        return Err(format!(
            "the choice totals {total}, the prices allow {proven}"
        ));
    }

    let bound = if document["isOverAllPairs"] == true {
        total
    } else {
        let ids: BTreeSet<&String> = open.keys().map(|(_, volunteer)| volunteer).collect();
        let loads = ids.into_iter().map(|id| {
            let worth = |((role, volunteer), score): (&Pair, &i64)| {
                let worth = score + bonus(role) - of(&roles, role, "boundPrice");
                (volunteer == id && worth > 0).then(|| (worth, of(&roles, role, "hoursPerWeek")))
            };
            let all: Vec<(i64, i64)> = open.iter().filter_map(worth).collect();
            let left = volunteers.get(id).and_then(|it| it["hoursLeft"].as_i64());
            best_load(
                &all,
                of(&volunteers, id, "placements"),
                left.unwrap_or(i64::MAX),
            )
        });
        of_roles("boundPrice") + loads.sum::<i64>()
    };
    if bound == number(&document["boundPoints"]) {
        Ok(())
    } else {
        Err(format!("the bound is {bound}"))
    }
}

/// The most that pairs of one volunteer are worth within room and hours: every set is tried.
fn best_load(all: &[(i64, i64)], room: i64, hours: i64) -> i64 {
    let Some(((worth, asked), rest)) = all.split_first() else {
        return 0;
    };
    let without = best_load(rest, room, hours);
    if room > 0 && *asked <= hours {
        without.max(worth + best_load(rest, room - 1, hours - asked))
    } else {
        without
    }
}

/// The document with one price changed, for each price that has a part in a sum.
fn with_one_other_price(document: &Value, change: impl Fn(i64) -> i64) -> Vec<Value> {
    let mut all = Vec::new();
    for (list, amount) in [("roles", "wanted"), ("volunteers", "room")] {
        for (position, entry) in document[list].as_array().unwrap().iter().enumerate() {
            let price = number(&entry["price"]);
            if number(&entry[amount]) > 0 && change(price) != price {
                let mut other = document.clone();
                other[list][position]["price"] = json!(change(price));
                all.push(other);
            }
        }
    }
    all
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
        assert_eq!(pairs(&document, "pinnedPairs"), BTreeSet::from([(roles[3].clone(), volunteers[4].clone())]));
        assert_eq!(pairs(&document, "pairs").len(), 2, "{document:#}");

        let scores = scores(&coordinator, &roles, &volunteers).await;
        assert!(scores.len() > 6, "{scores:?}");
        assert_eq!(check(&document, &scores), Ok(()), "{document:#}");

        // Nobody can be sold for more than anybody pays, and who is wanted by two has a price that keeps one of them out.
        let dearer = with_one_other_price(&document, |price| price + 20_000);
        assert!(dearer.len() >= 4, "{document:#}");
        let given_away = with_one_other_price(&document, |_| 0);
        assert!(given_away.len() >= 2, "{document:#}");
        for altered in dearer.iter().chain(&given_away) {
            assert!(check(altered, &scores).is_err(), "{altered:#}");
        }
        let mut other_choice = document.clone();
        other_choice["pairs"].as_array_mut().unwrap().pop();
        assert!(check(&other_choice, &scores).is_err());
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
        assert_eq!(check(&document, &scores), Ok(()), "{document:#}");
        let mut lower = document.clone();
        lower["boundPoints"] = json!(number(&document["boundPoints"]) - 1);
        assert!(check(&lower, &scores).is_err());
        let mut dearer = document.clone();
        dearer["roles"][0]["boundPrice"] = json!(number(&document["roles"][0]["boundPrice"]) + 20_000);
        assert!(check(&dearer, &scores).is_err());
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
