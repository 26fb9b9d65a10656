//! Proving who someone is: passwords, one-time codes, access tokens, single-use secrets, signed links.

pub mod access_token;
pub mod browser_cookie;
pub mod common_password;
#[cfg(feature = "oidc")]
pub mod id_token;
pub mod key_ring;
pub mod link_actor;
pub mod link_token;
mod open_session;
pub mod password;
pub mod password_rule;
pub mod recovery_code;
pub mod sealing;
pub mod secret_token;
pub mod session;
pub mod signing_key;
pub mod totp;
#[cfg(feature = "passkeys")]
pub mod webauthn;
