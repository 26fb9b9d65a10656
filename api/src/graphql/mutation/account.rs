//! Accounts and sessions.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entity::personal::Personal;
use secrecy::SecretString;

use crate::credentials::session::Tokens;
use crate::domain::accounts;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::types::account::Account;
use crate::graphql::types::consent::ConsentPurpose;
use crate::graphql::types::language::Language;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Signs up. The answer is the same for a known address; the mail tells its owner.
    async fn register_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs up.")] input: RegisterAccountInput,
    ) -> Result<RegisterAccountPayload> {
        let request = ctx.request()?;
        let input = input.into();
        let outcome = accounts::register::run(request, &input).await;
        let (done, user_errors) = split(request, outcome)?;
        Ok(RegisterAccountPayload {
            is_mail_sent: done.is_some(),
            user_errors,
        })
    }

    /// Confirms a mail address by the token of the mailed link.
    async fn verify_address(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: VerifyAddressInput,
    ) -> Result<VerifyAddressPayload> {
        let request = ctx.request()?;
        let outcome = accounts::verify_address::run(request, &input.token).await;
        let (account, user_errors) = split(request, outcome)?;
        Ok(VerifyAddressPayload {
            account: account
                .map(|account| Account::of_asker(ctx, account))
                .transpose()?,
            user_errors,
        })
    }

    /// Mails the verification link again to the logged-in account; nothing is sent when its address is confirmed.
    async fn request_verification(&self, ctx: &Context<'_>) -> Result<RequestVerificationPayload> {
        let request = ctx.request()?;
        let outcome = accounts::verify_address::send_again(request).await;
        let (_, user_errors) = split(request, outcome)?;
        Ok(RequestVerificationPayload { user_errors })
    }

    /// Opens a session with address and password.
    async fn log_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Address and password.")] input: LogInInput,
    ) -> Result<SessionPayload> {
        let request = ctx.request()?;
        let input = accounts::log_in::Input {
            email: Personal::new(input.email),
            password: input.password.into(),
        };
        SessionPayload::new(ctx, accounts::log_in::run(request, &input).await)
    }

    /// Trades a refresh token for the next access and refresh tokens. A second use of the same token ends the session.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: RefreshSessionInput,
    ) -> Result<SessionPayload> {
        let request = ctx.request()?;
        SessionPayload::new(
            ctx,
            accounts::refresh_session::run(request, &input.refresh_token).await,
        )
    }

    /// Ends the session whose token was shown.
    async fn log_out(&self, ctx: &Context<'_>) -> Result<LogOutPayload> {
        let request = ctx.request()?;
        let (_, user_errors) = split(request, retrying(|| accounts::log_out::run(request)).await)?;
        Ok(LogOutPayload { user_errors })
    }

    /// Changes the names, language or zone of the logged-in account.
    async fn update_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What shall change.")] input: UpdateAccountInput,
    ) -> Result<UpdateAccountPayload> {
        let request = ctx.request()?;
        let input = input.into();
        let (account, user_errors) = split(
            request,
            retrying(|| accounts::update::run(request, &input)).await,
        )?;
        Ok(UpdateAccountPayload {
            account: account.map(Account),
            user_errors,
        })
    }

    /// Changes the password of the logged-in account; its other sessions end.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password as it is and as it shall be.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let request = ctx.request()?;
        let input = accounts::change_password::Input {
            current_password: input.current_password.into(),
            new_password: input.new_password.into(),
        };
        let outcome = accounts::change_password::run(request, &input).await;
        let (_, user_errors) = split(request, outcome)?;
        Ok(ChangePasswordPayload { user_errors })
    }

    /// Mails a link for choosing a new password. The answer is the same for an unknown address.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account's address.")] input: RequestPasswordResetInput,
    ) -> Result<RequestPasswordResetPayload> {
        let request = ctx.request()?;
        let outcome =
            accounts::request_password_reset::run(request, &Personal::new(input.email)).await;
        let (_, user_errors) = split(request, outcome)?;
        Ok(RequestPasswordResetPayload { user_errors })
    }

    /// Chooses a new password by the token of the mailed link; every session of the account ends.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token and the new password.")] input: ResetPasswordInput,
    ) -> Result<ResetPasswordPayload> {
        let request = ctx.request()?;
        let input = accounts::reset_password::Input {
            token: input.token,
            new_password: input.new_password.into(),
        };
        let outcome = accounts::reset_password::run(request, &input).await;
        let (_, user_errors) = split(request, outcome)?;
        Ok(ResetPasswordPayload { user_errors })
    }
}

/// Who signs up.
#[derive(InputObject)]
struct RegisterAccountInput {
    /// Mail address.
    email: String,
    /// 8 to 128 characters, any composition, none that others would try first; a short sentence is good.
    #[graphql(secret)]
    password: String,
    /// Given name, 1 to 80 characters.
    given_name: String,
    /// Family name, up to 80 characters.
    #[graphql(default)]
    family_name: String,
    /// The language of mails and of all words in answers; when absent, mails come in both.
    preferred_language: Option<Language>,
    /// IANA time zone in which mails tell times.
    #[graphql(default = "America/Toronto")]
    zone: String,
    /// What the person agrees to, each purpose apart.
    #[graphql(default)]
    consents: Vec<ConsentPurpose>,
}

impl From<RegisterAccountInput> for accounts::register::Input {
    fn from(input: RegisterAccountInput) -> Self {
        Self {
            email: Personal::new(input.email),
            password: SecretString::from(input.password),
            given_name: Personal::new(input.given_name),
            family_name: Personal::new(input.family_name),
            preferred_language: input.preferred_language.map(Into::into),
            zone: input.zone,
            consents: input.consents.into_iter().map(Into::into).collect(),
        }
    }
}

/// The outcome of signing up.
#[derive(SimpleObject)]
struct RegisterAccountPayload {
    /// Whether a mail is on its way to the address.
    is_mail_sent: bool,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// A verification link's token.
#[derive(InputObject)]
struct VerifyAddressInput {
    /// The `token` of the mailed link.
    #[graphql(secret)]
    token: String,
}

/// The outcome of confirming an address.
#[derive(SimpleObject)]
struct VerifyAddressPayload {
    /// The account whose address is confirmed.
    account: Option<Account>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// The outcome of asking for the link again.
#[derive(SimpleObject)]
struct RequestVerificationPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// Address and password.
#[derive(InputObject)]
struct LogInInput {
    /// Mail address.
    email: String,
    /// Password.
    #[graphql(secret)]
    password: String,
}

/// A refresh token.
#[derive(InputObject)]
struct RefreshSessionInput {
    /// From the last log-in or refresh.
    #[graphql(secret)]
    refresh_token: String,
}

/// An open session.
#[derive(SimpleObject)]
pub(super) struct SessionPayload {
    /// Whose session it is.
    account: Option<Account>,
    /// For the header `Authorization: Bearer …`.
    access_token: Option<String>,
    /// When the access token ends.
    access_token_expires_at: Option<DateTime<Utc>>,
    /// For one use of `refreshSession`.
    refresh_token: Option<String>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

impl SessionPayload {
    pub(super) fn new(
        ctx: &Context<'_>,
        outcome: std::result::Result<(entity::account::Model, Tokens), crate::error::DomainError>,
    ) -> Result<Self> {
        let (opened, user_errors) = split(ctx.request()?, outcome)?;
        let (account, tokens) = opened.unzip();
        let (access, refresh_token) = tokens.map(|tokens| (tokens.access, tokens.refresh)).unzip();
        let (access_token, access_token_expires_at) = access
            .map(|access| (access.token, access.expires_at))
            .unzip();
        Ok(Self {
            account: account
                .map(|account| Account::of_asker(ctx, account))
                .transpose()?,
            access_token,
            access_token_expires_at,
            refresh_token,
            user_errors,
        })
    }
}

/// The outcome of logging out.
#[derive(SimpleObject)]
struct LogOutPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// What shall change; what is absent stays.
#[derive(InputObject)]
struct UpdateAccountInput {
    /// Given name, 1 to 80 characters.
    given_name: Option<String>,
    /// Family name, up to 80 characters.
    family_name: Option<String>,
    /// The language of mails and of all words in answers; null for mails in both.
    preferred_language: MaybeUndefined<Language>,
    /// IANA time zone.
    zone: Option<String>,
}

impl From<UpdateAccountInput> for accounts::update::Input {
    fn from(input: UpdateAccountInput) -> Self {
        Self {
            given_name: input.given_name.map(Personal::new),
            family_name: input.family_name.map(Personal::new),
            preferred_language: match input.preferred_language {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(language) => Some(Some(language.into())),
            },
            zone: input.zone,
        }
    }
}

/// The outcome of changing an account.
#[derive(SimpleObject)]
struct UpdateAccountPayload {
    /// The account as it is now.
    account: Option<Account>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// The password as it is and as it shall be.
#[derive(InputObject)]
struct ChangePasswordInput {
    /// The password in use.
    #[graphql(secret)]
    current_password: String,
    /// The new one, 8 to 128 characters.
    #[graphql(secret)]
    new_password: String,
}

/// The outcome of changing a password.
#[derive(SimpleObject)]
struct ChangePasswordPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// Whose password is forgotten.
#[derive(InputObject)]
struct RequestPasswordResetInput {
    /// The account's mail address.
    email: String,
}

/// The outcome of asking for a reset link.
#[derive(SimpleObject)]
struct RequestPasswordResetPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// A reset link's token and a new password.
#[derive(InputObject)]
struct ResetPasswordInput {
    /// The `token` of the mailed link.
    #[graphql(secret)]
    token: String,
    /// 8 to 128 characters.
    #[graphql(secret)]
    new_password: String,
}

/// The outcome of choosing a new password.
#[derive(SimpleObject)]
struct ResetPasswordPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
