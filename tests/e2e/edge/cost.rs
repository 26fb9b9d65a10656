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
    app.client().query(listing, json!({})).await;
}

#[tokio::test]
async fn a_volunteer_cannot_run_the_engine_in_a_loop() {
    let app = development().await;
    let ana = app.sign_up("Ana", "en").await;
    let many =
        "query($ids:[ID!]!){nodes(ids:$ids){... on Volunteer{matchingRoles(first:1){score}}}}";
    let ids = |count: usize| json!({ "ids": vec!["volunteer_0"; count] });
    assert_eq!(ana.error_code(many, ids(30)).await, "TOO_COMPLEX");
    ana.query(many, ids(29)).await;
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
