//! Volunteer profiles through the API.

mod consents;
mod disclosure;
mod lists;
mod profile;
mod staff;
mod state;

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

/// Somebody with a profile, and its version.
async fn volunteer(app: &TestApp, name: &str, language: &str) -> Client {
    let client = app.sign_up(name, language).await;
    client
        .mutate(
            "mutation { startVolunteerProfile { userErrors { code message field } } }",
            json!({}),
        )
        .await;
    client
}

/// Fields of one's own profile.
async fn own(client: &Client, fields: &str) -> Value {
    let document = format!("{{ viewer {{ volunteer {{ {fields} }} }} }}");
    let data = client.query(&document, json!({})).await;
    data["viewer"]["volunteer"].clone()
}

/// Runs `mutation` with `input` at the profile's current version; returns the lines of its `userErrors`.
async fn errors(client: &Client, mutation: &str, mut input: Value) -> Vec<String> {
    let version = own(client, "version").await["version"].clone();
    input["expectedVersion"] = version;
    client
        .user_errors(&document(mutation), json!({ "input": input }))
        .await
}

/// The document of a mutation on the profile.
fn document(mutation: &str) -> String {
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    format!(
        "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code message field }} }} }}"
    )
}

const NONE: [&str; 0] = [];
