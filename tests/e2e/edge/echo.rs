//! Errors say what is wrong and where, and never repeat what was sent; all of them together are few and short.

use serde_json::{Value, json};
use tests::client::Client;

use super::{development, post, production};

/// Documents and variables that do not hold, with the word in every place where a client can write one.
fn mistakes() -> Vec<(&'static str, Value)> {
    let none = || json!({});
    vec![
        ("{ s3cret }", none()),
        ("{ viewer { s3cret } }", none()),
        ("{ skills(s3cret: 1) { totalCount } }", none()),
        ("{ skills(first: \"s3cret\") { totalCount } }", none()),
        ("{ skills(search: s3cret) { totalCount } }", none()),
        ("{ skills(first: $s3cret) { totalCount } }", none()),
        (
            "{ skills { s3cret: totalCount s3cret: __typename } }",
            none(),
        ),
        ("{ projects(orderBy: S3CRET) { totalCount } }", none()),
        ("{ projects(filter: { s3cret: 1 }) { totalCount } }", none()),
        (
            "{ projects(filter: { stages: [\"s3cret\"] }) { totalCount } }",
            none(),
        ),
        (
            "{ projects(filter: { near: { city: \"s3cret\" } }) { totalCount } }",
            none(),
        ),
        ("{ skill(id: \"s3cret\") { id } }", none()),
        ("query($s3cret: Int) { __typename }", none()),
        ("query s3cret($s3cret: Int) { __typename }", none()),
        (
            "query($s3cret: Int, $s3cret: Int) { skills(first: $s3cret) { totalCount } }",
            none(),
        ),
        (
            "query($s3cret: Skill) { skills(first: $s3cret) { totalCount } }",
            none(),
        ),
        (
            "query($s3cret: Int = \"s3cret\") { skills(first: $s3cret) { totalCount } }",
            none(),
        ),
        ("query($a: S3cret) { __typename }", none()),
        ("{ ...s3cret }", none()),
        (
            "{ __typename } fragment s3cret on Query { __typename }",
            none(),
        ),
        (
            "{ ...s3cret } fragment s3cret on S3cret { __typename }",
            none(),
        ),
        (
            "{ ...s3cret } fragment s3cret on Int { __typename }",
            none(),
        ),
        (
            "{ ...s3cret } fragment s3cret on Skill { __typename }",
            none(),
        ),
        (
            "{ ...s3cret } fragment s3cret on Query { ...s3cret }",
            none(),
        ),
        ("{ ... on S3cret { id } }", none()),
        ("{ skills @s3cret { totalCount } }", none()),
        ("{ skills @include(s3cret: 1) { totalCount } }", none()),
        (
            "{ skills @include(if: true, s3cret: 1) { totalCount } }",
            none(),
        ),
        (
            "mutation { logIn(input: { s3cret: 1 }) { userErrors { code } } }",
            none(),
        ),
        ("subscription { s3cret }", none()),
        ("{ s3cret(", none()),
        ("{ skills(first: 1 \"s3cret) { totalCount } }", none()),
        (
            "query($n: Int) { skills(first: $n) { totalCount } }",
            json!({ "n": "s3cret" }),
        ),
        (
            "query($n: Int) { skills(first: $n) { totalCount } }",
            json!({ "n": { "s3cret": 1 } }),
        ),
        (
            "query($o: ProjectOrder!) { projects(orderBy: $o) { totalCount } }",
            json!({ "o": "s3cret" }),
        ),
        (
            "query($f: ProjectFilter!) { projects(filter: $f) { totalCount } }",
            json!({ "f": { "s3cret": 1 } }),
        ),
        (
            "query($f: ProjectFilter!) { projects(filter: $f) { totalCount } }",
            json!({ "f": { "hoursAtMost": "s3cret" } }),
        ),
        (
            "query($d: DateTime!) { refit(question: ACCEPTANCE, since: $d) { __typename } }",
            json!({ "d": "s3cret" }),
        ),
        (
            "query($c: String!) { skills(after: $c) { totalCount } }",
            json!({ "c": "s3cret" }),
        ),
        (
            "query($c: String!) { skills(after: $c) { nodes { id } } }",
            json!({ "c": "s3cret" }),
        ),
    ]
}

async fn assert_told_without_echo(client: &Client) {
    let mut wrong = Vec::new();
    for (document, variables) in mistakes() {
        let response = client.graphql(document, variables).await;
        let errors = response.body["errors"].as_array().cloned();
        let errors = errors.unwrap_or_default();
        let has_codes = errors
            .iter()
            .all(|error| error["extensions"]["code"].is_string());
        let told = response.body["errors"].to_string().to_lowercase();
        if errors.is_empty() || !has_codes || told.contains("s3cret") {
            wrong.push(format!("{document}: {}", response.text));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn errors_do_not_repeat_what_was_sent_to_those_who_explore() {
    let app = development().await;
    assert_told_without_echo(&app.client()).await;
    assert_told_without_echo(&app.sign_up("Ana", "en").await).await;
}

#[tokio::test]
async fn errors_do_not_repeat_what_was_sent_to_strangers_nor_name_the_schema() {
    let app = production().await;
    let stranger = app.client();
    assert_told_without_echo(&stranger).await;
    for document in [
        "{ viewr { id } }",
        "{ skills(firt: 1) { totalCount } }",
        "{ skills }",
        "{ skills(first: \"x\") { totalCount } }",
        "mutation { logIn(input: {}) { userErrors { code } } }",
    ] {
        let response = stranger.graphql(document, json!({})).await;
        let message = response.body["errors"][0]["message"].as_str().unwrap();
        assert!(!message.contains('"'), "{message}");
    }
}

#[tokio::test]
async fn the_name_of_an_operation_that_is_not_there_is_not_repeated() {
    for app in [development().await, production().await] {
        let body = json!({ "query": "query A { __typename }", "operationName": "s3cret" });
        let answer = post(&app.router(), body.to_string()).await;
        assert_eq!(answer.code(), "OPERATION_RESOLUTION_FAILURE");
        assert!(!answer.text.contains("s3cret"), "{}", answer.text);
    }
}

#[tokio::test]
async fn errors_are_ten_at_most_in_two_kibibytes() {
    let app = development().await;
    let fields = |count: usize| {
        let field = |number| format!("{}{number} ", "x".repeat(300));
        (0..count).map(field).collect::<String>()
    };
    for (sent, told) in [(9, 9), (10, 10), (11, 10), (20, 10)] {
        let document = format!("{{ {} }}", fields(sent));
        let response = app.client().graphql(&document, json!({})).await;
        let errors = response.body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), told);
        assert!(response.body["errors"].to_string().len() <= 2_048);
    }
    // Six times four broken rules do not fit; the first of them are told.
    let filter = "{ hoursAtMost: 0, text: $long, languages: [$long, $long], near: { city: \"x\", radiusKm: 0 } }";
    let aliases: Vec<String> = (0..12)
        .map(|number| {
            format!("a{number}: projects(filter: {filter}) {{ totalCount nodes {{ id }} }}")
        })
        .collect();
    let document = format!("query($long: String!) {{ {} }}", aliases.join(" "));
    let long = json!({ "long": "x".repeat(300) });
    let response = app.client().graphql(&document, long).await;
    let errors = response.body["errors"].as_array().unwrap();
    assert!(!errors.is_empty());
    let first = errors[0]["extensions"]["violations"].as_array().unwrap();
    assert_eq!(first.len(), 5, "{}", response.text);
    assert!(
        response.body["errors"].to_string().len() <= 2_048,
        "{}",
        response.text
    );
}
