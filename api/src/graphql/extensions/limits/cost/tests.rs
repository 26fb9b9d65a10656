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
    let most = (25 + 1 + 25 + changes::MOST).div_ceil(25);
    assert_eq!((told("proposed"), told("withdrawn")), (most, most));
}

#[test]
fn a_page_costs_a_statement_and_its_objects_and_a_count_one_more() {
    assert_eq!(cost("{projects(first:25){nodes{slug}}}"), 2);
    assert_eq!(cost("{projects(first:26){nodes{slug}}}"), 3);
    assert_eq!(cost("{projects(last:100){edges{cursor node{slug}}}}"), 5);
    // Twenty where nobody asks.
    assert_eq!(
        cost("{a:projects{nodes{slug}} b:projects{nodes{slug}} c:projects{nodes{slug}}}"),
        6
    );
    assert_eq!(
        cost("{projects(first:50){totalCount pageInfo{hasNextPage}}}"),
        4
    );
    assert_eq!(
        cost("{projects(first:25){nodes{title{text language} summary{text}}}}"),
        2
    );
}

#[test]
fn loaders_read_what_stands_beside_each_other_by_one_statement() {
    // Fifty projects, their organizations, ten roles of each.
    assert_eq!(
        cost("{projects(first:50){nodes{organization{slug}}}}"),
        3 + 3
    );
    assert_eq!(cost("{projects(first:50){nodes{roles{id}}}}"), 3 + 1 + 20);
}

#[test]
fn what_everything_names_is_counted_as_a_hundred_different_ones_at_most() {
    // Ten causes of each project: of ten projects a hundred are named, and of a hundred projects no more.
    assert_eq!(cost("{projects(first:9){nodes{causes{id}}}}"), 6);
    for projects in [10, 100] {
        let document = format!("{{projects(first:{projects}){{nodes{{causes{{id}}}}}}}}");
        let objects = 25 + projects + 25 + NAMED;
        assert_eq!(cost(&document), objects.div_ceil(25));
    }
    for concept in TAXONOMY {
        assert!(SCHEMA.registry.types.contains_key(concept), "{concept}");
    }
}

#[test]
fn pages_below_each_of_many_objects_are_a_statement_for_each() {
    let below = |page: &str| cost(&format!("{{organizations(first:25){{nodes{{{page}}}}}}}"));
    // But for the projects of organizations.
    assert_eq!(below("projects(first:25){nodes{slug}}"), 2 + 1 + 25);
    assert_eq!(below("projects(first:25){totalCount}"), 2 + 1 + 25 + 1);
    let teams = cost(
        "{nodes(ids:[\"a\",\"b\",\"c\",\"d\",\"e\"]){...on Round{pairings(first:25){totalCount}}}}",
    );
    assert_eq!(
        teams,
        (25 + 5 + 5 * 25 + 5 * 25 + 5 * 25_usize).div_ceil(25)
    );
}

#[test]
fn variables_and_their_defaults_count_as_what_they_stand_for() {
    let document = "query($first:Int=75){projects(first:$first){nodes{slug}}}";
    assert_eq!(cost(document), 4);
    assert_eq!(cost_with(document, json!({ "first": 50 })), 3);
    // More than a page has is refused by the list; until then it costs a whole page.
    assert_eq!(cost_with(document, json!({ "first": 1_000_000_000 })), 5);
}

#[test]
fn other_lists_cost_ten_items_and_nodes_as_many_as_there_are_ids() {
    assert_eq!(
        cost("{a:causes{id} b:causes{id labels{en fr}}}"),
        (2 * (25 + ITEMS)).div_ceil(25)
    );
    let document = "query($ids:[ID!]!){nodes(ids:$ids){id ...on Skill{label}}}";
    let ids = |count: usize| json!({ "ids": vec!["a"; count] });
    assert_eq!(cost_with(document, ids(25)), 2);
    assert_eq!(cost_with(document, ids(26)), 3);
}

#[test]
fn a_run_of_the_engine_costs_more_than_any_page() {
    let suggestions = cost("{role(id:\"a\"){suggestions(first:1){score}}}");
    assert_eq!(suggestions, 100 + (25 + 1 + 25 + 1_usize).div_ceil(25));
    let expensive = EXPENSIVE.iter().map(|(of, field, _)| (of, field));
    for (of, field) in expensive.chain(BATCHED.iter().map(|(of, field)| (of, field))) {
        let found = SCHEMA.registry.types.get(*of).unwrap().field_by_name(field);
        assert!(found.is_some(), "{of}.{field}");
    }
}

#[test]
fn the_dearest_operation_counts_and_fragments_are_followed() {
    let document = "query A{...P} query B{causes{id}} fragment P on Query{projects(first:100){...Q}} \
                    fragment Q on ProjectConnection{nodes{slug}}";
    assert_eq!(cost(document), 5);
    let endless = "{...A} fragment A on Query{...A}";
    assert_eq!(cost(endless), usize::MAX.div_ceil(OBJECTS));
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
            let is_page = below.contains_key("pageInfo");
            let below = match below.keys().find(|key| *key != "pageInfo") {
                _ if is_page => "nodes{__typename a:__typename b:x}",
                Some(leaf) => leaf.as_str(),
                None => continue,
            };
            // What is on a page was counted with the page.
            if !(is_list || is_page) || parent.ends_with("Connection") {
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
            let cost = measure.selections(parent, selected, Beside::ONE, 0);
            assert!(cost >= OBJECTS + ITEMS, "{parent}.{name} costs {cost}");
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
