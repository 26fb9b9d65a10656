//! The public contract: `schema.graphql` is what the server prints, and every part of it is described.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::database::Backend;

#[test]
fn schema_graphql_is_what_the_server_prints() {
    let stored = include_str!("../../schema.graphql");
    let printed = api::graphql::schema::print();
    if let Some((number, (old, new))) = stored
        .lines()
        .zip(printed.lines())
        .enumerate()
        .find(|(_, (old, new))| old != new)
    {
        panic!(
            "schema.graphql differs from line {}:\n- {old}\n+ {new}\nrun `make schema`",
            number + 1
        );
    }
    assert_eq!(
        stored, printed,
        "schema.graphql has another length than what the server prints; run `make schema`"
    );
}

const INTROSPECTION: &str = "{ __schema { types { kind name description
    fields(includeDeprecated: true) { name description args { name description } }
    inputFields { name description }
    enumValues(includeDeprecated: true) { name description } } } }";

#[tokio::test]
async fn every_type_field_argument_and_enum_value_is_described() {
    let app = TestApp::new(Backend::Sqlite).await;
    let data = app.client().query(INTROSPECTION, json!({})).await;
    let mut missing = Vec::new();
    for kind in data["__schema"]["types"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        // Built-in types, and the parts of a connection that Relay's specification describes.
        if name.starts_with("__") || is_built_in(name) || name.ends_with("Connection") {
            continue;
        }
        note_missing(kind, name, &mut missing);
        for part in ["fields", "inputFields", "enumValues"] {
            for member in kind[part].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", member["name"].as_str().unwrap());
                note_missing(member, &path, &mut missing);
                for argument in member["args"].as_array().into_iter().flatten() {
                    note_missing(
                        argument,
                        &format!("{path}({})", argument["name"].as_str().unwrap()),
                        &mut missing,
                    );
                }
            }
        }
    }
    assert!(
        missing.is_empty(),
        "without a description:\n{}",
        missing.join("\n")
    );
}

fn is_built_in(name: &str) -> bool {
    matches!(name, "String" | "Int" | "Float" | "Boolean" | "ID")
}

fn note_missing(part: &Value, path: &str, missing: &mut Vec<String>) {
    if part["description"]
        .as_str()
        .unwrap_or_default()
        .trim()
        .is_empty()
    {
        missing.push(path.to_owned());
    }
}
