//! Every mutation of the schema, tried by every kind of actor on things that do not exist or are not theirs. A new
//! mutation joins by itself: the schema is asked for its mutations and for what their inputs need.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::on_both_databases;

const INTROSPECTION: &str = "{ __schema { mutationType { fields { name
    args { name type { ...Kind } } type { ...Kind } } } types { name kind
    inputFields { name defaultValue type { ...Kind } } enumValues { name } } } }
    fragment Kind on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// What anybody may do without logging in.
const PUBLIC: [&str; 6] = [
    "logIn",
    "refreshSession",
    "registerAccount",
    "requestPasswordReset",
    "resetPassword",
    "verifyAddress",
];

on_both_databases! {
    async fn nobody_who_is_not_logged_in_can_do_anything_but_sign_up_and_log_in(backend) {
        let app = TestApp::new(backend).await;
        let anonymous = app.client();
        for mutation in Mutation::all(&anonymous).await {
            let outcome = mutation.outcome(&anonymous).await;
            if PUBLIC.contains(&mutation.name.as_str()) {
                assert_ne!(outcome, "FORBIDDEN", "{}", mutation.name);
            } else {
                assert_eq!(outcome, "UNAUTHENTICATED", "{}", mutation.name);
            }
        }
    }

    async fn what_each_kind_of_actor_hears_about_things_that_do_not_exist(backend) {
        let app = TestApp::new(backend).await;
        let actors = [
            ("anonymous", app.client()),
            ("member", app.sign_up("Nora", "en").await),
            ("coordinator", app.coordinator().await),
            ("admin", app.admin().await),
        ];
        let mut table = format!("{:<28}", "mutation");
        for (heading, _) in &actors {
            write!(table, "{heading:<24}").unwrap();
        }
        for mutation in Mutation::all(&actors[0].1).await {
            // These end the session that the other columns need.
            if ["logOut", "changePassword"].contains(&mutation.name.as_str()) {
                continue;
            }
            write!(table, "\n{:<28}", mutation.name).unwrap();
            for (_, client) in &actors {
                write!(table, "{:<24}", mutation.outcome(client).await).unwrap();
            }
        }
        let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
        insta::assert_snapshot!("what_each_kind_of_actor_hears", lines.join("\n"));
    }
}

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

    /// The code of the error, the codes of broken rules, or `ok`.
    pub(crate) async fn outcome(&self, client: &Client) -> String {
        let response = client.graphql(&self.document, self.variables.clone()).await;
        if let Some(code) = response.body["errors"][0]["extensions"]["code"].as_str() {
            return code.to_owned();
        }
        let errors = response.body["data"][&self.name]["userErrors"]
            .as_array()
            .unwrap_or_else(|| panic!("{} gave {:#}", self.name, response.body));
        errors.first().map_or("ok".to_owned(), |error| {
            format!("rule {}", error["code"].as_str().unwrap())
        })
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
                    let meaning = if name == "id" { thing(owner) } else { name };
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
