//! What an operation may cost, on the schema as it is served.

use serde_json::json;

use super::development;

#[tokio::test]
async fn pages_within_pages_are_refused_and_a_page_with_its_roles_and_skills_is_not() {
    let app = development().await;
    let page = |below: &str| format!("nodes{{organization{{projects(first:100){{{below}}}}}}}");
    let bomb = format!("{{projects(first:100){{{}}}}}", page(&page("nodes{slug}")));
    assert_eq!(
        app.client().error_code(&bomb, json!({})).await,
        "TOO_COMPLEX"
    );
    let listing = "{projects(first:20){totalCount nodes{id slug title{text} summary{text} organization{name slug} \
                   causes{id label} roles{id title{text} seats filledSeats skills{level skill{id label}}}}}}";
    let answer = app.client().graphql(listing, json!({})).await;
    assert_eq!(
        answer.body["extensions"]["cost"],
        json!({ "used": 105, "limit": 300 })
    );
}

/// A run of the engine costs 100, whoever asks; of so many, the last is one too many.
#[tokio::test]
async fn each_kind_of_caller_has_a_limit_and_every_answer_says_what_was_spent() {
    let app = development().await;
    let many =
        "query($ids:[ID!]!){nodes(ids:$ids){... on Volunteer{matchingRoles(first:1){score}}}}";
    let ids = |count: usize| json!({ "ids": vec!["volunteer_0"; count] });
    let callers = [
        (app.client(), 2, 300),
        (app.sign_up("Ana", "en").await, 9, 1_000),
        (app.coordinator().await, 29, 3_000),
    ];
    for (caller, runs, limit) in callers {
        let answer = caller.graphql(many, ids(runs)).await;
        assert!(answer.body["errors"].is_null(), "{}", answer.text);
        let cost = &answer.body["extensions"]["cost"];
        assert_eq!(cost["limit"], limit);
        let used = cost["used"].as_u64().unwrap();
        assert!((runs as u64 * 100..limit).contains(&used), "{cost}");
        assert_eq!(caller.error_code(many, ids(runs + 1)).await, "TOO_COMPLEX");
    }
}

#[tokio::test]
async fn an_operation_has_ten_levels_at_most() {
    let app = development().await;
    let levels = |deepest: &str| {
        let page = |below: &str| format!("projects(first:1){{nodes{{organization{{{below}}}}}}}");
        format!(
            "{{viewer{{memberships{{organization{{{}}}}}}}}}",
            page(&page(deepest))
        )
    };
    // Nine down to the inner organization, and its own fields are the tenth.
    app.client().query(&levels("slug"), json!({})).await;
    let eleven = levels("projects(first:1){totalCount}");
    let code = app.client().error_code(&eleven, json!({})).await;
    assert_eq!(code, "TOO_DEEP");
}

#[tokio::test]
async fn the_schema_is_not_followed_from_type_to_type_without_end() {
    let app = development().await;
    let steps = |count: usize| {
        let (open, close) = ("fields{type{ofType{".repeat(count), "}}}".repeat(count));
        format!("{{__schema{{types{{{open}name{close}}}}}}}")
    };
    app.client().query(&steps(2), json!({})).await;
    let code = app.client().error_code(&steps(3), json!({})).await;
    assert_eq!(code, "TOO_COMPLEX");
    let twice = "{a:__schema{types{name}} b:__schema{types{name}}}";
    let code = app.client().error_code(twice, json!({})).await;
    assert_eq!(code, "TOO_COMPLEX");
}
