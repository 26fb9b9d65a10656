//! A mutation of the schema, and calls of it with the least input that its types allow.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tests::client::Client;

const INTROSPECTION: &str = "{ __schema { mutationType { fields { name
    args { name type { ...Kind } } type { ...Kind } } } types { name kind
    inputFields { name defaultValue type { ...Kind } } enumValues { name } } } }
    fragment Kind on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// A mutation and a call of it with the least input that its types allow.
pub(crate) struct Mutation {
    pub(crate) name: String,
    document: String,
    variables: Value,
}

impl Mutation {
    pub(crate) async fn all(client: &Client) -> Vec<Self> {
        let schema = client.query(INTROSPECTION, json!({})).await["__schema"].clone();
        let types: BTreeMap<String, Value> = schema["types"]
            .as_array()
            .unwrap()
            .iter()
            .map(|kind| (kind["name"].as_str().unwrap().to_owned(), kind.clone()))
            .collect();
        let fields = schema["mutationType"]["fields"].as_array().unwrap();
        fields
            .iter()
            .map(|field| Self::new(field, &types))
            .collect()
    }

    fn new(field: &Value, types: &BTreeMap<String, Value>) -> Self {
        let name = field["name"].as_str().unwrap().to_owned();
        let (document, variables) = match field["args"].as_array().unwrap().as_slice() {
            [] => (
                format!("mutation {{ {name} {{ userErrors {{ code }} }} }}"),
                json!({}),
            ),
            [argument] => {
                let kind = argument["type"]["ofType"]["name"].as_str().unwrap();
                let document = format!(
                    "mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code field }} }} }}"
                );
                (
                    document,
                    json!({ "input": least(&argument["type"], "input", types) }),
                )
            }
            _ => panic!("{name} has arguments beside its input"),
        };
        Self {
            name,
            document,
            variables,
        }
    }

    /// Whether it names a row; concepts such as skills are known to everybody.
    pub(crate) fn takes_id(&self) -> bool {
        let variables = self.variables.to_string();
        let concepts = ["cause", "role_family", "skill"];
        concepts
            .into_iter()
            .fold(variables, |rest, concept| {
                rest.replace(&absent(concept), "")
            })
            .contains(&absent(""))
    }

    /// The same mutation about things that exist: each id of nothing replaced by that of `things` with its prefix. None
    /// when it is about nothing of theirs.
    pub(crate) fn about(&self, things: &[String]) -> Option<Self> {
        let mut variables = self.variables.to_string();
        for thing in things {
            let (prefix, _) = thing.rsplit_once('_').unwrap();
            variables = variables.replace(&absent(prefix), thing);
        }
        let variables = serde_json::from_str(&variables).unwrap();
        (variables != self.variables).then(|| Self {
            name: self.name.clone(),
            document: self.document.clone(),
            variables,
        })
    }

    /// The ids of rows that it names.
    pub(crate) fn things(&self) -> Vec<String> {
        let mut things = Vec::new();
        texts(&self.variables, &mut things);
        things.retain(|text| {
            text.rsplit_once('_')
                .is_some_and(|(_, key)| key.len() == 26)
        });
        things
    }

    /// Its input.
    pub(crate) fn variables(&self) -> &Value {
        &self.variables
    }

    /// What `client` gets for it.
    pub(crate) async fn answer(&self, client: &Client) -> Value {
        client
            .graphql(&self.document, self.variables.clone())
            .await
            .body
    }

    /// The code of the error, the codes of broken rules, or `ok`.
    pub(crate) async fn outcome(&self, client: &Client) -> String {
        Self::outcome_of(&self.name, &self.answer(client).await)
    }

    /// The same of an answer to the mutation of this name.
    pub(crate) fn outcome_of(name: &str, answer: &Value) -> String {
        if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
            return code.to_owned();
        }
        let errors = answer["data"][name]["userErrors"]
            .as_array()
            .unwrap_or_else(|| panic!("{name} gave {answer:#}"));
        errors.first().map_or("ok".to_owned(), |error| {
            format!("rule {}", error["code"].as_str().unwrap())
        })
    }
}

/// Every text in a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

/// The least value of a type; ids are well-formed and name nothing that exists.
fn least(kind: &Value, field: &str, types: &BTreeMap<String, Value>) -> Value {
    match kind["kind"].as_str().unwrap() {
        "NON_NULL" => least(&kind["ofType"], field, types),
        "LIST" => json!([least(&kind["ofType"], field, types)]),
        "INPUT_OBJECT" => {
            let owner = kind["name"].as_str().unwrap();
            let fields = types[owner]["inputFields"].as_array().unwrap();
            let needed = fields
                .iter()
                .filter(|field| {
                    field["type"]["kind"] == "NON_NULL" && field["defaultValue"].is_null()
                })
                .map(|field| {
                    let name = field["name"].as_str().unwrap();
                    // A bare `id` is that of the thing which the input's name tells.
                    let meaning = match name {
                        "id" => thing(owner),
                        // Of the first kind on the worklist, which is what is least.
                        "subjectId" => "organizationId",
                        name => name,
                    };
                    (name.to_owned(), least(&field["type"], meaning, types))
                });
            Value::Object(needed.collect::<Map<_, _>>())
        }
        "ENUM" => types[kind["name"].as_str().unwrap()]["enumValues"][0]["name"].clone(),
        _ => match kind["name"].as_str().unwrap() {
            "ID" => json!(absent_id(field)),
            "Int" => json!(1),
            "Float" => json!(1.0),
            "Boolean" => json!(true),
            "DateTime" => json!("2026-12-01T00:00:00Z"),
            "NaiveDate" => json!("2026-12-01"),
            "NaiveTime" => json!("18:00:00"),
            _ => json!("x"),
        },
    }
}

/// The field name that the ids of an input's thing would have.
fn thing(input: &str) -> &'static str {
    if input.contains("Placement") {
        "placementId"
    } else {
        "pairingId"
    }
}

/// A well-formed id of nothing, of the type that the field's name tells.
fn absent_id(field: &str) -> String {
    let stem = field.trim_end_matches("Ids").trim_end_matches("Id");
    let prefix: String = stem
        .chars()
        .flat_map(|letter| {
            let underscore = letter.is_uppercase().then_some('_');
            underscore.into_iter().chain(letter.to_lowercase())
        })
        .collect();
    absent(&prefix)
}

fn absent(prefix: &str) -> String {
    format!("{prefix}_00000000000000000000000000")
}
