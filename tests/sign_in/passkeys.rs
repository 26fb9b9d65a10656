//! Passkeys, by a device in software: added with the password, shown to log in, taken away; and every way in which one is not
//! taken.

mod access;
mod adding;
mod browser;
mod log_in;
mod staff;

use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::passkey::{Device, Passkey, options};

const NORA: &str = "nora@example.org";
const BEGIN: &str = "mutation($password: String!) {
    beginPasskeyEnrolment(input: { password: $password }) { options userErrors { code message field } }
}";
const ENROLL: &str = "mutation($name: String!, $credential: String!) {
    enrollPasskey(input: { name: $name, credential: $credential }) {
        passkey { id name createdAt lastUsedAt } userErrors { code message field }
    }
}";
const REMOVE: &str = "mutation($id: ID!, $password: String!) {
    removePasskey(input: { passkeyId: $id, password: $password }) { userErrors { code message field } }
}";
const BEGIN_LOG_IN: &str =
    "mutation { beginPasskeyLogIn { options userErrors { code message field } } }";
const LOG_IN: &str = "mutation($credential: String!) {
    logInWithPasskey(input: { credential: $credential }) {
        account { email } accessToken refreshToken userErrors { code message field }
    }
}";
const PASSKEYS: &str = "{ viewer { passkeys { id name createdAt lastUsedAt } } }";
const STANDING: &str = "{ viewer { secondFactor { standing } } }";
const NOT_GOOD: [&str; 1] = ["WRONG_CREDENTIALS"];
const EXPIRED: [&str; 1] = ["EXPIRED credential"];
const NOT_TAKEN: [&str; 1] = ["INVALID credential"];

fn password() -> Value {
    json!({ "password": PASSWORD })
}

fn credential(sent: &Value) -> Value {
    json!({ "credential": sent.to_string() })
}

fn named(name: &str, sent: &Value) -> Value {
    json!({ "name": name, "credential": sent.to_string() })
}

/// The options for a log-in of whoever comes.
async fn log_in_options(client: &Client) -> Value {
    options(&client.mutate(BEGIN_LOG_IN, json!({})).await)
}

/// Logs in with a passkey.
async fn log_in(app: &TestApp, passkey: &mut Passkey) -> Client {
    let stranger = app.client();
    let sent = Device::default().get(passkey, &log_in_options(&stranger).await);
    let opened = stranger.mutate(LOG_IN, credential(&sent)).await;
    stranger.with_token(opened["accessToken"].as_str().unwrap())
}

async fn passkeys(client: &Client) -> Vec<Value> {
    let viewer = client.query(PASSKEYS, json!({})).await;
    let passkeys = viewer["viewer"]["passkeys"].as_array().unwrap();
    passkeys.clone()
}

async fn standing(client: &Client) -> Value {
    client.query(STANDING, json!({})).await["viewer"]["secondFactor"]["standing"].clone()
}
