//! Finding skills, causes, role families and places.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

const SKILLS: &str = "query($search: String, $first: Int, $after: String) { skills(search: $search, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id label } } }";

async fn labels(client: &Client, search: &str) -> Vec<String> {
    let data = client
        .query(SKILLS, json!({ "search": search, "first": 100 }))
        .await;
    texts(&data["skills"]["nodes"], "label")
}

fn texts(nodes: &Value, field: &str) -> Vec<String> {
    nodes
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node[field].as_str().unwrap().to_owned())
        .collect()
}

on_both_databases! {
    async fn an_alias_and_words_of_either_language_find_the_skill_first(backend) {
        let app = TestApp::new(backend).await;
        let english = app.client().with_language("en");
        let french = app.client().with_language("fr");
        assert_eq!(labels(&english, "JS").await[0], "JavaScript");
        assert_eq!(labels(&french, "accessibilité").await[0], "Accessibilité numérique");
        assert_eq!(labels(&french, "ACCESSIBILITE").await, labels(&french, "accessibilité").await);
        assert!(labels(&french, "accessibilité").await.contains(&"Tests d’accessibilité".to_owned()));
        assert_eq!(labels(&english, "c++").await[0], "C++");
    }

    async fn a_stem_inside_a_word_and_signs_alone_find_nothing_of_their_own(backend) {
        let app = TestApp::new(backend).await;
        let client = app.client();
        assert!(!labels(&client, "script").await.contains(&"TypeScript".to_owned()));
        assert_eq!(labels(&client, "zzzz").await, Vec::<String>::new());
        let all = client.query(SKILLS, json!({ "search": " % " })).await;
        assert_eq!(all["skills"]["totalCount"], 506);
    }

    async fn pages_of_the_list_and_of_a_search_follow_each_other_without_a_gap(backend) {
        let app = TestApp::new(backend).await;
        let client = app.client().with_language("fr");
        for search in [Value::Null, json!("design")] {
            let mut seen = Vec::new();
            let mut after = Value::Null;
            let total = loop {
                let data = client
                    .query(SKILLS, json!({ "search": search, "first": 60, "after": after }))
                    .await;
                let list = &data["skills"];
                seen.extend(texts(&list["nodes"], "id"));
                after = list["pageInfo"]["endCursor"].clone();
                if list["pageInfo"]["hasNextPage"] == false {
                    break list["totalCount"].as_u64().unwrap();
                }
            };
            let count = seen.len() as u64;
            seen.sort();
            seen.dedup();
            assert_eq!((seen.len() as u64, count), (total, total), "{search}");
        }
    }

    async fn a_page_of_0_or_101_and_a_cursor_of_another_list_are_refused(backend) {
        let app = TestApp::new(backend).await;
        let client = app.client();
        for first in [0, 101, -1] {
            assert_eq!(client.error_code(SKILLS, json!({ "first": first })).await, "INVALID_ARGUMENT");
        }
        for first in [1, 100] {
            client.query(SKILLS, json!({ "first": first })).await;
        }
        let cursor = client.query(SKILLS, json!({ "search": "design", "first": 1 })).await;
        let cursor = cursor["skills"]["pageInfo"]["endCursor"].clone();
        assert_eq!(client.error_code(SKILLS, json!({ "after": cursor })).await, "INVALID_ARGUMENT");
    }

    async fn a_skill_tells_its_words_category_and_neighbours(backend) {
        let app = TestApp::new(backend).await;
        let data = app
            .client()
            .with_language("fr")
            .query(
                "{ skill(id: \"skill_javascript\") { label en: label(language: EN) labels { en fr } category { label labels { en } } aliases(language: EN) { label } related { weight skill { id } } } }",
                json!({}),
            )
            .await;
        let skill = &data["skill"];
        assert_eq!(skill["en"], "JavaScript");
        assert_eq!(skill["category"]["label"], "Langages de programmation");
        assert_eq!(skill["category"]["labels"]["en"], "Programming languages");
        assert!(texts(&skill["aliases"], "label").contains(&"JS".to_owned()));
        let related = skill["related"].as_array().unwrap();
        let weights: Vec<f64> = related.iter().map(|near| near["weight"].as_f64().unwrap()).collect();
        assert!(!weights.is_empty() && weights.is_sorted_by(|a, b| a >= b));
        assert!(weights.iter().all(|weight| *weight > 0.0 && *weight <= 1.0));
        assert!(related.iter().any(|near| near["skill"]["id"] == "skill_typescript"));
        let unknown = app.client().query("{ skill(id: \"skill_alchemy\") { id } }", json!({})).await;
        assert_eq!(unknown["skill"], Value::Null);
    }

    async fn causes_families_and_places_are_found_in_both_languages(backend) {
        let app = TestApp::new(backend).await;
        let data = app
            .client()
            .with_language("fr")
            .query(
                "{ all: causes { id } causes(search: \"banques alimentaires\") { id label } roleFamilies(search: \"traduction\") { id label skills { id } } places(search: \"montreal\") { label zone province latitude } none: places(search: \"?\") { label } }",
                json!({}),
            )
            .await;
        assert_eq!(data["all"].as_array().unwrap().len(), 27);
        assert_eq!(data["causes"][0], json!({ "id": "cause_food-security", "label": "Sécurité alimentaire" }));
        assert_eq!(data["roleFamilies"][0]["label"], "Traduction et langues");
        assert_eq!(data["roleFamilies"][0]["skills"].as_array().unwrap().len(), 11);
        assert_eq!(
            data["places"],
            json!([{ "label": "Montréal", "zone": "America/Toronto", "province": "QC", "latitude": 45.5 }])
        );
        assert_eq!(data["none"], json!([]));
    }
}
