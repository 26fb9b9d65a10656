//! Accounts and sessions.

mod administration;
mod browser;
mod email_change;
pub(crate) mod forged;
mod guide;
mod hashing;
mod keys;
mod limits;
mod log_in;
mod log_out;
mod mail_topics;
mod ownership;
mod password;
mod refresh_session;
mod register;
mod rotation;
mod second_factor;
mod sessions;
mod sign_up;
mod throttle;
mod token;
mod verify_address;

use serde_json::{Value, json};
use tests::client::Client;

const REGISTER: &str = "mutation($input: RegisterAccountInput!) {
    registerAccount(input: $input) { isMailSent userErrors { code message field } }
}";
const VERIFY: &str = "mutation($token: String!) {
    verifyAddress(input: { token: $token }) { account { isEmailVerified } userErrors { code message field } }
}";
const LOG_IN: &str = "mutation($input: LogInInput!) {
    logIn(input: $input) {
        account { email } accessToken accessTokenExpiresAt refreshToken userErrors { code message field }
    }
}";
const REFRESH: &str = "mutation($token: String!) {
    refreshSession(input: { refreshToken: $token }) {
        account { email } accessToken refreshToken userErrors { code message field }
    }
}";
const REQUEST_RESET: &str = "mutation($email: String!) {
    requestPasswordReset(input: { email: $email }) { userErrors { code message field } }
}";
const RESET: &str = "mutation($input: ResetPasswordInput!) {
    resetPassword(input: $input) { userErrors { code message field } }
}";
const CHANGE: &str = "mutation($input: ChangePasswordInput!) {
    changePassword(input: $input) { userErrors { code message field } }
}";
const VIEWER: &str = "{ viewer { email } }";

/// Tokens of an open session.
pub(crate) struct Session {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Session {
    pub(crate) async fn open(client: &Client, email: &str, password: &str) -> Self {
        let payload = client
            .mutate(
                LOG_IN,
                json!({ "input": { "email": email, "password": password } }),
            )
            .await;
        Self::of(&payload)
    }

    async fn refreshed(client: &Client, refresh: &str) -> Self {
        Self::of(&client.mutate(REFRESH, json!({ "token": refresh })).await)
    }

    fn of(payload: &Value) -> Self {
        let text = |field: &str| payload[field].as_str().unwrap().to_owned();
        Self {
            access: text("accessToken"),
            refresh: text("refreshToken"),
        }
    }

    /// Whether the access token is still good.
    async fn is_live(&self, client: &Client) -> bool {
        let response = client
            .with_token(&self.access)
            .graphql(VIEWER, json!({}))
            .await;
        match response.status.as_u16() {
            200 => true,
            401 => false,
            other => panic!("{other}: {}", response.body),
        }
    }
}
