//! The limits in front of a small schema, for a caller nobody knows.

use std::future::pending;

use async_graphql::{
    EmptySubscription, Object, Request, Schema, Value, futures_util::StreamExt as _,
};

use super::*;

struct Query;

#[Object]
impl Query {
    async fn this(&self) -> Self {
        Self
    }

    async fn never(&self) -> bool {
        pending().await
    }

    async fn list(&self, first: i32) -> Vec<Self> {
        (0..first.min(1)).map(|_| Self).collect()
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn act(&self) -> bool {
        true
    }
}

fn schema(limits: OperationLimits) -> Schema<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription)
        .extension(limits)
        .finish()
}

async fn execute(request: impl Into<Request>) -> Response {
    schema(OperationLimits::default()).execute(request).await
}

fn code(response: &Response) -> Option<&str> {
    match response.errors.first()?.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

fn levels(depth: usize) -> String {
    format!(
        "{}__typename{}",
        "{this".repeat(depth - 1) + "{",
        "}".repeat(depth)
    )
}

#[tokio::test]
async fn depth_is_bounded_on_both_sides() {
    // `__typename` is no field to the validator, so the deepest level is `this`.
    let deepest = format!(
        "{}{{list(first:0){{__typename}}}}{}",
        "{this".repeat(DEPTH - 1),
        "}".repeat(DEPTH - 1)
    );
    assert_eq!(execute(deepest).await.errors, []);
    assert_eq!(code(&execute(levels(DEPTH + 2)).await), Some("TOO_DEEP"));
}

#[tokio::test]
async fn cost_is_bounded_on_both_sides_for_a_stranger() {
    // A hundred objects with 73 each and three statements are worth 7,475 objects, of 7,500 that are allowed.
    let costs = |rest: i32| {
        format!(
            "{{list(first:100){{list(first:73){{__typename}}}} rest:list(first:{rest}){{__typename}}}}"
        )
    };
    let allowed = execute(costs(25)).await;
    assert_eq!(allowed.errors, []);
    let cost = allowed.extensions.get("cost").unwrap();
    assert_eq!(*cost, value!({ "used": 300, "limit": 300 }));
    let refused = execute(costs(26)).await;
    assert_eq!(code(&refused), Some("TOO_COMPLEX"));
    assert!(
        refused.errors[0].message.contains("301 of 300"),
        "{}",
        refused.errors[0].message
    );
}

#[tokio::test]
async fn the_standard_introspection_query_passes_and_a_cycle_does_not() {
    let types = "kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}}}";
    let standard = format!("{{__schema{{types{{fields{{args{{name type{{{types}}}}}}}}}}}}}");
    assert_eq!(execute(standard).await.errors, []);
    let chain = |open: &str, close: &str, count: usize| {
        let (open, close) = (open.repeat(count), close.repeat(count));
        format!("{{__schema{{types{{{open}name{close}}}}}}}")
    };
    let fan = execute(chain("fields{type{", "}}", 3)).await;
    assert_eq!(code(&fan), Some("TOO_COMPLEX"));
    let deep = execute(chain("ofType{", "}", INTROSPECTION_DEPTH)).await;
    assert_eq!(code(&deep), Some("TOO_DEEP"));
}

#[tokio::test]
async fn a_transport_that_only_reads_runs_no_mutation() {
    let read_only = |document: &str| Request::new(document).data(OnlyQueries);
    assert_eq!(
        code(&execute(read_only("mutation{act}")).await),
        Some(NOT_A_QUERY)
    );
    assert_eq!(execute(read_only("{__typename}")).await.errors, []);
    assert_eq!(execute("mutation{act}").await.errors, []);
}

#[tokio::test]
async fn an_operation_that_does_not_end_is_ended() {
    let hasty = schema(OperationLimits {
        time: Duration::ZERO,
    });
    assert_eq!(code(&hasty.execute("{never}").await), Some(TIMED_OUT));
    let streamed: Vec<_> = hasty.execute_stream("{never}").collect().await;
    assert_eq!(
        streamed.iter().map(code).collect::<Vec<_>>(),
        [Some(TIMED_OUT)]
    );
}

#[tokio::test]
async fn strangers_get_no_suggestions_and_few_errors_on_every_path() {
    let many = format!(
        "{{{}}}",
        (0..40)
            .map(|n| format!("thi{n} "))
            .collect::<Vec<_>>()
            .concat()
    );
    let once = execute(many.as_str()).await;
    let streamed: Vec<_> = schema(OperationLimits::default())
        .execute_stream(many.as_str())
        .collect()
        .await;
    for response in [&once, &streamed[0]] {
        assert_eq!(code(response), Some(VALIDATION_FAILED));
        assert!((1..=10).contains(&response.errors.len()));
        assert!(
            response
                .errors
                .iter()
                .all(|error| !error.message.contains("Did you mean"))
        );
    }
}

#[tokio::test]
async fn a_variable_of_the_wrong_type_is_told_without_its_value() {
    let request = Request::new("query($first:Int!){list(first:$first){__typename}}").variables(
        Variables::from_json(serde_json::json!({ "first": "s3cret" })),
    );
    let response = execute(request).await;
    assert!(!response.errors.is_empty());
    assert!(!format!("{:?}", response.errors).contains("s3cret"));
}
