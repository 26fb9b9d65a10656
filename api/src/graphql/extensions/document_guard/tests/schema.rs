//! The guard in front of a real schema: the process lives on, and nothing sent is repeated.

use async_graphql::{
    EmptyMutation, EmptySubscription, Object, Request, Schema, ServerError, Value,
};

use super::{DocumentGuard, fan_out, nested_list, variables};

struct Query;

#[Object]
impl Query {
    async fn echo(&self, values: Option<Vec<i32>>) -> Vec<i32> {
        values.unwrap_or_default()
    }

    async fn this(&self) -> Self {
        Self
    }
}

async fn execute(request: Request) -> (Value, Vec<ServerError>) {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .extension(DocumentGuard::default())
        .finish();
    let response = schema.execute(request).await;
    (response.data, response.errors)
}

async fn code_of(request: Request) -> Value {
    let (_, errors) = execute(request).await;
    errors[0]
        .extensions
        .as_ref()
        .unwrap()
        .get("code")
        .unwrap()
        .clone()
}

#[tokio::test]
async fn the_schema_survives_what_the_guard_refuses() {
    let bomb = format!(
        "{{echo(values:{}1{})}}",
        "{a:".repeat(2_000),
        "}".repeat(2_000)
    );
    assert_eq!(
        code_of(Request::new(bomb)).await,
        Value::from("NESTED_TOO_DEEP")
    );
    assert_eq!(
        code_of(Request::new(fan_out())).await,
        Value::from("EXPANSION_TOO_LARGE")
    );
    let deep = Request::new("query($v:[Int!]){echo(values:$v)}")
        .variables(variables(serde_json::json!({ "v": nested_list(100) })));
    assert_eq!(code_of(deep).await, Value::from("VARIABLES_TOO_DEEP"));

    let (data, errors) = execute(Request::new("{echo(values:[1,2])}")).await;
    assert_eq!(errors, []);
    assert_eq!(
        data.into_json().unwrap(),
        serde_json::json!({ "echo": [1, 2] })
    );
}

#[tokio::test]
async fn parse_errors_do_not_repeat_the_document() {
    let (_, errors) = execute(Request::new("{ this { password: } }")).await;
    assert_eq!(
        errors[0].message,
        "The document has a syntax error at line 1, column 20."
    );
    assert_eq!(
        code_of(Request::new("fragment F on Query { this }")).await,
        Value::from("GRAPHQL_PARSE_FAILED")
    );
}

#[tokio::test]
async fn a_default_for_a_list_of_an_unknown_type_is_refused_and_does_not_panic() {
    for document in [
        "query($a:[Nope]=[1]){echo}",
        "query($a:[[Nope!]!]!){echo}",
        "query($a:Nope){echo}",
    ] {
        assert_eq!(
            code_of(Request::new(document)).await,
            Value::from("GRAPHQL_VALIDATION_FAILED"),
            "{document}"
        );
    }
}
