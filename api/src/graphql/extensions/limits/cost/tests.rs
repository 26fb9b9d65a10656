//! What operations cost on the schema as it is served.

use std::sync::{Arc, LazyLock, OnceLock};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest};
use async_graphql::futures_util::FutureExt as _;
use async_graphql::parser::parse_query;
use async_graphql::{Response, Schema, SchemaEnv};
use serde_json::json;

use super::*;
use crate::graphql::mutation::Mutation;
use crate::graphql::query::Query;
use crate::graphql::schema;
use crate::graphql::subscription::Subscription;

/// Lets tests see the registry, which only extensions are given.
#[derive(Clone, Default)]
struct Seen(Arc<OnceLock<SchemaEnv>>);

impl ExtensionFactory for Seen {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(self.clone())
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Seen {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        self.0.get_or_init(|| ctx.schema_env.clone());
        next.run(ctx).await
    }
}

static SCHEMA: LazyLock<SchemaEnv> = LazyLock::new(|| {
    let seen = Seen::default();
    let schema = Schema::build(Query::default(), Mutation::default(), Subscription)
        .extension(seen.clone())
        .finish();
    schema.execute("{__typename}").now_or_never().unwrap();
    seen.0.get().unwrap().clone()
});

fn cost(document: &str) -> usize {
    cost_with(document, serde_json::Value::Null)
}

fn cost_with(document: &str, variables: serde_json::Value) -> usize {
    let variables = Variables::from_json(variables);
    of_document(
        &SCHEMA.registry,
        &parse_query(document).unwrap(),
        &variables,
    )
}

#[test]
fn what_followers_are_told_costs_as_much_as_may_be_told() {
    let told = |list: &str| {
        cost(&format!(
            "subscription{{currentSuggestionsChanged{{{list}{{roleId}}}}}}"
        ))
    };
    assert_eq!(told("proposed"), 2 + changes::MOST);
    assert_eq!(told("withdrawn"), 2 + changes::MOST);
}

#[test]
fn a_page_costs_its_size_times_its_items_and_a_statement() {
    assert_eq!(cost("{projects(first:3){nodes{slug}}}"), PAGE + 1 + 3);
    assert_eq!(
        cost("{projects(last:3){edges{node{slug}}}}"),
        PAGE + 1 + 3 * 2
    );
    assert_eq!(cost("{projects{nodes{slug}}}"), PAGE + 1 + 20);
    // What is said of the page as a whole is said once.
    assert_eq!(
        cost("{projects(first:50){totalCount pageInfo{hasNextPage}}}"),
        PAGE + 3
    );
}

#[test]
fn variables_and_their_defaults_count_as_what_they_stand_for() {
    let document = "query($first:Int=7){projects(first:$first){nodes{slug}}}";
    assert_eq!(cost(document), PAGE + 1 + 7);
    assert_eq!(cost_with(document, json!({ "first": 9 })), PAGE + 1 + 9);
    // More than a page has is refused by the list; until then it costs a whole page.
    assert_eq!(
        cost_with(document, json!({ "first": 1_000_000_000 })),
        PAGE + 1 + 100
    );
}

#[test]
fn other_lists_cost_ten_items_and_nodes_as_many_as_there_are_ids() {
    assert_eq!(cost("{causes{id}}"), 1 + ITEMS);
    assert_eq!(cost("{causes{id labels{en fr}}}"), 1 + ITEMS * 4);
    assert_eq!(cost("{nodes(ids:[\"a\",\"b\"]){id}}"), 1 + 2);
    let document = "query($ids:[ID!]!){nodes(ids:$ids){id ...on Skill{label}}}";
    assert_eq!(
        cost_with(document, json!({ "ids": ["a", "b", "c"] })),
        1 + 3 * 2
    );
}

#[test]
fn a_run_of_the_engine_costs_more_than_any_page() {
    let suggestions = cost("{role(id:\"a\"){suggestions(first:1){score}}}");
    assert_eq!(suggestions, 1 + 1_000 + 1 + 1);
    for (of, field, _) in EXPENSIVE {
        let found = SCHEMA.registry.types.get(of).unwrap().field_by_name(field);
        assert!(found.is_some(), "{of}.{field}");
    }
}

#[test]
fn the_dearest_operation_counts_and_fragments_are_followed() {
    let document = "query A{...P} query B{causes{id}} fragment P on Query{projects{...Q}} \
                    fragment Q on ProjectConnection{nodes{slug}}";
    assert_eq!(cost(document), PAGE + 1 + 20);
    let endless = "{...A} fragment A on Query{...A}";
    assert_eq!(cost(endless), usize::MAX);
}

/// Every list of objects multiplies what is below it, whoever adds one.
#[test]
fn no_list_of_the_schema_is_free() {
    let registry = &SCHEMA.registry;
    let mut lists = 0;
    for (parent, meta_type) in &registry.types {
        if parent.starts_with("__") {
            continue;
        }
        for (name, field) in meta_type.fields().into_iter().flatten() {
            let of_type = MetaTypeName::concrete_typename(&field.ty);
            let Some(below) = registry.types.get(of_type).and_then(|it| it.fields()) else {
                continue;
            };
            let is_list = MetaTypeName::create(&field.ty).is_list();
            let (is_page, is_of_page) = (
                below.contains_key("pageInfo"),
                parent.ends_with("Connection"),
            );
            let below = match below.keys().find(|key| *key != "pageInfo") {
                _ if is_page => "nodes{__typename a:__typename b:x}",
                Some(leaf) => leaf.as_str(),
                None => continue,
            };
            if !(is_list || is_page) {
                continue;
            }
            let document = parse_query(format!("{{{name}{{{below}}}}}")).unwrap();
            let measure = Measure {
                registry,
                fragments: HashMap::new(),
                variables: &Variables::default(),
                defaults: HashMap::new(),
            };
            let (_, operation) = document.operations.iter().next().unwrap();
            let selected = &operation.node.selection_set.node;
            let cost = measure.selections(parent, selected, 20, 0);
            let least = if is_page || is_of_page { 20 } else { ITEMS };
            assert!(cost > least, "{parent}.{name} costs {cost}");
            lists += 1;
        }
    }
    assert!(lists > 80, "{lists}");
}

#[tokio::test]
async fn pages_within_pages_within_pages_are_refused() {
    let inner = "{nodes{slug}}";
    let page = |below: &str| format!("{{nodes{{organization{{projects(first:100){below}}}}}}}");
    let document = format!("{{projects(first:100){}}}", page(&page(inner)));
    let response = schema::build().execute(document).await;
    let code = response.errors[0].extensions.as_ref().unwrap().get("code");
    assert_eq!(code, Some(&Value::from("TOO_COMPLEX")));
}
