//! Passkeys: adding one, taking one away, logging in with one. What the browser's credential functions take and give is passed
//! on as the JSON that they write themselves.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::personal::Personal;
use secrecy::SecretString;

use super::account::SessionPayload;
use super::payload::payloads;
use crate::domain::accounts::passkeys::{begin_enrolment, begin_log_in, enroll, log_in, remove};
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::graphql::types::passkey::Passkey;

#[derive(Default)]
pub(super) struct PasskeyMutation;

#[Object]
impl PasskeyMutation {
    /// Begins to add a passkey to the logged-in account. A session whose account has a second factor shows that first.
    async fn begin_passkey_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] input: BeginPasskeyEnrolmentInput,
    ) -> Result<BeginPasskeyEnrolmentPayload> {
        let request = ctx.request()?;
        let password = SecretString::from(input.password);
        let outcome = begin_enrolment::run(request, &password).await;
        let (options, user_errors) = split(request, outcome)?;
        Ok(BeginPasskeyEnrolmentPayload {
            options: options.map(|options| options.to_string()),
            user_errors,
        })
    }

    /// Adds the passkey that the device has made. It counts as a second factor that was shown in this session.
    async fn enroll_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passkey and its name.")] input: EnrollPasskeyInput,
    ) -> Result<EnrollPasskeyPayload> {
        let request = ctx.request()?;
        let input = enroll::Input {
            name: Personal::new(input.name),
            credential: input.credential,
        };
        EnrollPasskeyPayload::new(request, enroll::run(request, &input).await)
    }

    /// Takes a passkey away, with the password, in a session that has shown the second factor. No session counts as having
    /// shown one afterwards.
    async fn remove_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which passkey, and the password.")] input: RemovePasskeyInput,
    ) -> Result<RemovePasskeyPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = remove::Input {
                id: decode(&input.passkey_id, "passkeyId").map_err(DomainError::from)?,
                password: input.password.into(),
            };
            remove::run(request, &input).await
        };
        let (_, user_errors) = split(request, outcome.await)?;
        Ok(RemovePasskeyPayload { user_errors })
    }

    /// Begins to log in with a passkey. Nobody says who they are: the device does.
    async fn begin_passkey_log_in(&self, ctx: &Context<'_>) -> Result<BeginPasskeyLogInPayload> {
        let request = ctx.request()?;
        let (options, user_errors) = split(request, begin_log_in::run(request).await)?;
        Ok(BeginPasskeyLogInPayload {
            options: options.map(|options| options.to_string()),
            user_errors,
        })
    }

    /// Logs in with a passkey. The session has shown the second factor from the start.
    async fn log_in_with_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the passkey signed.")] input: LogInWithPasskeyInput,
    ) -> Result<SessionPayload> {
        let request = ctx.request()?;
        SessionPayload::new(ctx, log_in::run(request, &input.credential).await)
    }
}

/// The password, asked for again.
#[derive(InputObject)]
struct BeginPasskeyEnrolmentInput {
    /// The password in use.
    #[graphql(secret)]
    password: String,
}

/// What the device needs to make a passkey.
#[derive(SimpleObject)]
struct BeginPasskeyEnrolmentPayload {
    /// JSON for `PublicKeyCredential.parseCreationOptionsFromJSON`, good for five minutes.
    options: Option<String>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// A passkey that was just made.
#[derive(InputObject)]
struct EnrollPasskeyInput {
    /// What to call it: 1 to 60 characters.
    name: String,
    /// The JSON of what `navigator.credentials.create` gave (`toJSON`), at most 16 KiB.
    #[graphql(secret)]
    credential: String,
}

payloads! {
    entity::passkey::Model => Passkey::from as passkey: Passkey, "The passkey.";
    /// The outcome of adding a passkey.
    EnrollPasskeyPayload,
}

/// Which passkey to take away.
#[derive(InputObject)]
struct RemovePasskeyInput {
    /// The passkey, from `viewer.passkeys`.
    passkey_id: ID,
    /// The password in use.
    #[graphql(secret)]
    password: String,
}

/// The outcome of taking a passkey away.
#[derive(SimpleObject)]
struct RemovePasskeyPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// What the device needs to sign.
#[derive(SimpleObject)]
struct BeginPasskeyLogInPayload {
    /// JSON for `PublicKeyCredential.parseRequestOptionsFromJSON`, good for five minutes.
    options: Option<String>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// What a passkey signed.
#[derive(InputObject)]
struct LogInWithPasskeyInput {
    /// The JSON of what `navigator.credentials.get` gave (`toJSON`), at most 16 KiB.
    #[graphql(secret)]
    credential: String,
}
