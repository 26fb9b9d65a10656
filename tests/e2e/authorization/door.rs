//! What somebody sees of the objects behind a door.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::client::Client;

use super::shape::Field;
use super::world::Side;

/// Fields asked for together; fewer than may stand at the root.
const TOGETHER: usize = 15;

/// What came of a field, the strongest last: where a list has several objects, what any of them tells counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// There is no object.
    Shut,
    /// Null.
    Null,
    /// An empty list.
    Empty,
    /// Something; numbers of things are told.
    Value(String),
    /// An error.
    Refused(String),
}

impl Outcome {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Shut => "-".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Empty => "[]".to_owned(),
            Self::Value(text) | Self::Refused(text) => text.clone(),
        }
    }

    /// Whether anything is told.
    pub(super) fn tells(&self) -> bool {
        matches!(self, Self::Empty | Self::Value(_))
    }
}

/// What `client` sees of each of `fields` behind a path.
pub(super) async fn look(
    client: &Client,
    (path, kind): (&str, &str),
    fields: &[Field],
    side: &Side,
) -> BTreeMap<String, Outcome> {
    let path = side.fill(path);
    let mut seen = BTreeMap::new();
    for fields in fields.chunks(TOGETHER) {
        let all: Vec<&Field> = fields.iter().collect();
        let answer = ask(client, &path, &all, side).await;
        if answer["errors"].is_null() {
            seen.extend(told(&answer, kind, &all));
            continue;
        }
        // One that is refused may take the others with it.
        for field in fields {
            let answer = ask(client, &path, &[field], side).await;
            seen.extend(told(&answer, kind, &[field]));
        }
    }
    seen
}

async fn ask(client: &Client, path: &str, fields: &[&Field], side: &Side) -> Value {
    let calls: Vec<String> = fields
        .iter()
        .map(|field| field.call(side, "__typename"))
        .collect();
    let fields = format!("matrix: __typename {}", calls.join(" "));
    let document = format!("{{ {} }}", path.replace('%', &fields));
    client.graphql(&document, json!({})).await.body
}

fn told(answer: &Value, kind: &str, fields: &[&Field]) -> Vec<(String, Outcome)> {
    let refused = answer["errors"][0]["extensions"]["code"].as_str();
    let mut objects = Vec::new();
    collect(&answer["data"], &mut objects);
    let outcome = |field: &&Field| {
        let outcome = if let Some(code) = refused {
            Outcome::Refused(code.to_owned())
        } else {
            let told = objects.iter().map(|object| {
                assert_eq!(object["matrix"], kind);
                value(&field.name, &object[&field.name])
            });
            told.max().unwrap_or(Outcome::Shut)
        };
        (field.name.clone(), outcome)
    };
    assert!(
        refused.is_some() || answer["data"].is_object(),
        "{answer:#}"
    );
    fields.iter().map(outcome).collect()
}

fn value(field: &str, value: &Value) -> Outcome {
    match value {
        Value::Null => Outcome::Null,
        Value::Array(items) if items.iter().all(Value::is_null) => Outcome::Empty,
        Value::Number(count) if field == "totalCount" => Outcome::Value(count.to_string()),
        _ => Outcome::Value("value".to_owned()),
    }
}

/// Every object behind the door.
fn collect<'a>(value: &'a Value, objects: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) if fields.contains_key("matrix") => objects.push(value),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, objects)),
        Value::Array(items) => items.iter().for_each(|value| collect(value, objects)),
        _ => {}
    }
}
