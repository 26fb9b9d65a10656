//! The guide to matching over GraphQL: each of its documents is answered, one after the other, with ids of the answers before.

use std::fs;
use std::path::Path;

use api::demo::{self, PASSWORD};
use serde_json::{Map, Value};
use tests::app::TestApp;
use tests::on_both_databases;

on_both_databases! {
    async fn each_document_is_answered(backend) {
        let app = TestApp::new(backend).await;
        demo::fill(&app.app).await.unwrap();
        let coordinator = app.log_in_with("coordinator@example.org", PASSWORD).await;
        let mut known = Map::new();
        known.insert("weights".to_owned(), read("matcher/weights.toml").into());
        let documents = documents(&read("docs/matching-api.md"));
        assert_eq!(documents.len(), 9);
        for document in documents {
            let answer = coordinator.graphql(&document, variables(&document, &known)).await.body;
            assert!(answer["errors"].is_null(), "{document}\n{answer:#}");
            let data = answer["data"].as_object().unwrap();
            for answered in data.values() {
                assert!(!answered.is_null(), "{document}");
                let errors = answered["userErrors"].as_array();
                assert!(errors.is_none_or(Vec::is_empty), "{document}\n{answer:#}");
            }
            let first = &answer["data"]["currentSuggestions"]["nodes"][0];
            let round = &answer["data"]["runRound"]["round"];
            for (name, id) in [
                ("role", &first["roleId"]),
                ("volunteer", &first["volunteerId"]),
                ("round", &round["id"]),
            ] {
                if id.is_string() {
                    known.insert(name.to_owned(), id.clone());
                }
            }
        }
    }
}

/// Of what is known, what a document declares.
fn variables(document: &str, known: &Map<String, Value>) -> Value {
    let declared = |name: &str| document.contains(&format!("${name}: "));
    let of_document = known.iter().filter(|(name, _)| declared(name));
    of_document
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// The fenced documents of a page.
fn documents(page: &str) -> Vec<String> {
    let fenced = page.split("```graphql\n").skip(1);
    fenced
        .map(|rest| rest.split_once("```").unwrap().0.to_owned())
        .collect()
}

fn read(path: &str) -> String {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(repository.join(path)).unwrap()
}
