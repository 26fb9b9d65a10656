//! The order of fields, and null in the place of what failed, in answers of a schema made for this.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Result, Schema};
use std::task::Poll;

use super::*;

/// A node whose fields answer late, fail, or neither.
struct Node;

#[Object]
impl Node {
    async fn quick(&self) -> &'static str {
        "quick"
    }

    /// Ends after every other field has been asked once.
    async fn slow(&self) -> &'static str {
        let mut is_first = true;
        std::future::poll_fn(|context| {
            if std::mem::take(&mut is_first) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready("slow")
        })
        .await
    }

    async fn failing(&self) -> Result<&'static str> {
        Err("failed".into())
    }

    async fn maybe_failing(&self) -> Result<Option<&'static str>> {
        Err("failed".into())
    }

    async fn node(&self) -> Node {
        Node
    }

    async fn maybe_node(&self) -> Option<Node> {
        Some(Node)
    }

    async fn nodes(&self) -> Vec<Node> {
        vec![Node, Node]
    }

    async fn maybe_nodes(&self) -> Vec<Option<Node>> {
        vec![Some(Node), None]
    }
}

/// The data of the answer, as text: the order counts.
async fn data(document: &str) -> String {
    let schema = Schema::build(Node, EmptyMutation, EmptySubscription)
        .extension(Completion)
        .finish();
    let response = schema.execute(document).await;
    serde_json::to_string(&response.data).unwrap()
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_document() {
    assert_eq!(
        data("{ slow quick }").await,
        r#"{"slow":"slow","quick":"quick"}"#
    );
    assert_eq!(
        data("{ nodes { slow b: quick a: slow } __typename }").await,
        concat!(
            r#"{"nodes":[{"slow":"slow","b":"quick","a":"slow"},"#,
            r#"{"slow":"slow","b":"quick","a":"slow"}],"__typename":"Node"}"#
        )
    );
}

#[tokio::test]
async fn fields_of_fragments_come_where_they_are_first_selected() {
    let document = "
        { ...Both ... on Node { node { quick } } ... { a: quick } }
        fragment Both on Node { slow node { slow } quick }";
    assert_eq!(
        data(document).await,
        r#"{"slow":"slow","node":{"slow":"slow","quick":"quick"},"quick":"quick","a":"quick"}"#
    );
}

#[tokio::test]
async fn a_failed_field_that_can_be_null_is_null() {
    assert_eq!(
        data("{ maybeFailing quick }").await,
        r#"{"maybeFailing":null,"quick":"quick"}"#
    );
    assert_eq!(data("{ maybeFailing }").await, r#"{"maybeFailing":null}"#);
    assert_eq!(
        data("{ maybeNode { maybeFailing } }").await,
        r#"{"maybeNode":{"maybeFailing":null}}"#
    );
}

#[tokio::test]
async fn a_failed_field_that_cannot_be_null_makes_the_nearest_parent_null_that_can() {
    assert_eq!(data("{ quick failing }").await, "null");
    assert_eq!(data("{ quick node { quick failing } }").await, "null");
    assert_eq!(
        data("{ quick maybeNode { quick node { failing } } }").await,
        r#"{"quick":"quick","maybeNode":null}"#
    );
    assert_eq!(
        data("{ maybeNodes { quick failing } quick }").await,
        r#"{"maybeNodes":[null,null],"quick":"quick"}"#
    );
    assert_eq!(
        data("{ maybeNode { nodes { quick failing } } quick }").await,
        r#"{"maybeNode":null,"quick":"quick"}"#
    );
}

#[tokio::test]
async fn a_skipped_field_is_not_there() {
    assert_eq!(
        data("{ quick slow @skip(if: true) failing @include(if: false) }").await,
        r#"{"quick":"quick"}"#
    );
    assert_eq!(
        data("{ node { slow @skip(if: true) } }").await,
        r#"{"node":{}}"#
    );
}

#[tokio::test]
async fn the_schema_answers_as_before() {
    assert_eq!(
        data(r#"{ __type(name: "Node") { kind fields { name } name ofType { name } } }"#).await,
        concat!(
            r#"{"__type":{"kind":"OBJECT","fields":[{"name":"quick"},{"name":"slow"},{"name":"failing"},"#,
            r#"{"name":"maybeFailing"},{"name":"node"},{"name":"maybeNode"},{"name":"nodes"},"#,
            r#"{"name":"maybeNodes"}],"name":"Node","ofType":null}}"#
        )
    );
}
