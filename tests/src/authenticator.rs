//! An authenticator app, as somebody in a test holds it.

use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use crate::app::{PASSWORD, TestApp};
use crate::client::Client;

/// Begins to set one up.
pub const ENROLL: &str = "mutation($password: String!) {
    enrollSecondFactor(input: { password: $password }) { secret address userErrors { code message field } }
}";
/// Confirms it by its first code.
pub const CONFIRM: &str = "mutation($code: String!) {
    confirmSecondFactor(input: { code: $code }) { recoveryCodes userErrors { code message field } }
}";
/// Shows a code in a session.
pub const PROVE: &str = "mutation($code: String!) {
    proveSecondFactor(input: { code: $code }) { isProven userErrors { code message field } }
}";

/// An app that was given a secret.
pub struct Authenticator(Totp);

impl Authenticator {
    /// An app with a secret as it is shown for typing.
    pub fn new(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).unwrap();
        Self(Builder::new().with_secret(secret).build().unwrap())
    }

    /// Begins to set one up for a logged-in person whose password is [`PASSWORD`].
    pub async fn enroll(client: &Client) -> Self {
        let made = client.mutate(ENROLL, json!({ "password": PASSWORD })).await;
        Self::new(made["secret"].as_str().unwrap())
    }

    /// Sets one up and confirms it, and returns it with the recovery codes.
    pub async fn set_up(app: &TestApp, client: &Client) -> (Self, Vec<String>) {
        let own = Self::enroll(client).await;
        let done = client
            .mutate(CONFIRM, json!({ "code": own.code(app) }))
            .await;
        let codes = serde_json::from_value(done["recoveryCodes"].clone()).unwrap();
        (own, codes)
    }

    /// What it shows now.
    pub fn code(&self, app: &TestApp) -> String {
        self.code_at(app.app.clock.now().timestamp())
    }

    /// What it shows at a moment, in seconds since 1970.
    pub fn code_at(&self, seconds: i64) -> String {
        self.0.generate(seconds.try_into().unwrap()).to_string()
    }

    /// Shows the next code in a session; half a minute passes, so that it is one that was not shown before.
    pub async fn prove(&self, app: &TestApp, client: &Client) {
        app.advance(chrono::TimeDelta::seconds(30));
        client
            .mutate(PROVE, json!({ "code": self.code(app) }))
            .await;
    }
}
