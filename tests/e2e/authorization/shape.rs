//! The schema's object types and their fields, as introspection tells them, and calls of fields with the least arguments.

use std::collections::{BTreeMap, BTreeSet};

use matcher::model::Weights;
use serde_json::{Value, json};
use tests::client::Client;

use super::world::Side;

const INTROSPECTION: &str = "{ __schema { types { name kind enumValues { name }
    fields { name type { ...Kind } args { name defaultValue type { ...Kind } } } possibleTypes { name } } } }
    fragment Kind on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// Every object type and interface.
pub(super) struct Shape {
    pub(super) types: BTreeMap<String, Vec<Field>>,
    interfaces: BTreeMap<String, Vec<String>>,
}

/// An output field.
pub(super) struct Field {
    pub(super) name: String,
    /// The name of its type, without lists and exclamation marks.
    pub(super) of: String,
    is_leaf: bool,
    arguments: Vec<Argument>,
}

struct Argument {
    name: String,
    is_needed: bool,
    is_list: bool,
    of: String,
    choices: Vec<String>,
}

impl Shape {
    pub(super) async fn ask(client: &Client) -> Self {
        let schema = client.query(INTROSPECTION, json!({})).await["__schema"].clone();
        let kinds: Vec<&Value> = items(&schema["types"])
            .filter(|kind| !name(kind).starts_with("__"))
            .collect();
        let choices: BTreeMap<&str, Vec<String>> = kinds
            .iter()
            .map(|kind| {
                (
                    name(kind),
                    items(&kind["enumValues"])
                        .map(|it| name(it).to_owned())
                        .collect(),
                )
            })
            .collect();
        let mut shape = Self {
            types: BTreeMap::new(),
            interfaces: BTreeMap::new(),
        };
        for kind in &kinds {
            let fields = items(&kind["fields"]).map(|field| Field::new(field, &choices));
            match kind["kind"].as_str().unwrap() {
                "OBJECT" => {
                    shape.types.insert(name(kind).to_owned(), fields.collect());
                }
                "INTERFACE" | "UNION" => {
                    let possible = items(&kind["possibleTypes"]).map(|it| name(it).to_owned());
                    shape
                        .interfaces
                        .insert(name(kind).to_owned(), possible.collect());
                }
                _ => {}
            }
        }
        shape
    }

    /// The types that can be reached from `roots` without going through one of `gates`, which are reached themselves.
    pub(super) fn reach(&self, roots: &[&str], gates: &[&str]) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
        while let Some(kind) = ahead.pop() {
            if !reached.insert(kind.clone()) || gates.contains(&kind.as_str()) {
                continue;
            }
            ahead.extend(self.interfaces.get(&kind).into_iter().flatten().cloned());
            let fields = self.types.get(&kind).into_iter().flatten();
            ahead.extend(
                fields
                    .filter(|field| !field.is_leaf)
                    .map(|field| field.of.clone()),
            );
        }
        reached.retain(|kind| self.types.contains_key(kind));
        reached
    }
}

impl Field {
    fn new(field: &Value, choices: &BTreeMap<&str, Vec<String>>) -> Self {
        let (of, kind) = named(&field["type"]);
        let arguments = items(&field["args"]).map(|argument| {
            let (of, _) = named(&argument["type"]);
            Argument {
                name: name(argument).to_owned(),
                is_needed: argument["type"]["kind"] == "NON_NULL"
                    && argument["defaultValue"].is_null(),
                is_list: argument["type"]["ofType"]["kind"] == "LIST",
                choices: choices.get(of).cloned().unwrap_or_default(),
                of: of.to_owned(),
            }
        });
        Self {
            name: name(field).to_owned(),
            of: of.to_owned(),
            is_leaf: ["SCALAR", "ENUM"].contains(&kind),
            arguments: arguments.collect(),
        }
    }

    /// The field with the least arguments, about what belongs to a side, and `selection` if it has fields of its own.
    pub(super) fn call(&self, side: &Side, selection: &str) -> String {
        let arguments: Vec<String> = self
            .arguments
            .iter()
            .filter(|argument| argument.is_needed || argument.name == "id")
            .map(|argument| format!("{}: {}", argument.name, self.value(argument, side)))
            .collect();
        let arguments = if arguments.is_empty() {
            String::new()
        } else {
            format!("({})", arguments.join(", "))
        };
        let selection = if self.is_leaf {
            String::new()
        } else {
            format!(" {{ {selection} }}")
        };
        format!("{}{arguments}{selection}", self.name)
    }

    fn value(&self, argument: &Argument, side: &Side) -> String {
        if let Some(choice) = argument.choices.first() {
            return choice.clone();
        }
        match (argument.of.as_str(), argument.name.as_str()) {
            // What could be found of anybody is asked for by the ids of an account.
            ("ID", "id" | "ids") if ["node", "nodes"].contains(&self.name.as_str()) => {
                let id = json!(side.id("account"));
                if argument.is_list {
                    json!([id]).to_string()
                } else {
                    id.to_string()
                }
            }
            ("ID", "id") if self.name == "skill" => json!("skill_javascript").to_string(),
            ("ID", "id") => json!(side.id(changed_stem(&self.name))).to_string(),
            ("ID", name) => json!(side.id(name.trim_end_matches("Id"))).to_string(),
            ("Int", _) => "1".to_owned(),
            ("String", "email") => json!("vera@example.org").to_string(),
            ("String", "search") => json!("mont").to_string(),
            ("String", "weights") => json!(Weights::embedded_text()).to_string(),
            (of, name) => panic!(
                "say in authorization/shape.rs which {of} to give `{}({name}:)`",
                self.name
            ),
        }
    }
}

/// What a field about changes is about: `pairing` of `pairingChanged`.
fn changed_stem(field: &str) -> &str {
    field.trim_end_matches("Changed")
}

/// The name and kind of a type, without lists and exclamation marks.
fn named(kind: &Value) -> (&str, &str) {
    if kind["ofType"].is_null() {
        (name(kind), kind["kind"].as_str().unwrap())
    } else {
        named(&kind["ofType"])
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn name(thing: &Value) -> &str {
    thing["name"].as_str().unwrap()
}
