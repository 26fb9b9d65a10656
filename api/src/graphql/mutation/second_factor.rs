//! Setting up a second factor, showing it in a session, and taking it away.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use secrecy::SecretString;

use super::payload::payloads;
use crate::domain::accounts::second_factor::{confirm, enroll, prove, remove, renew_codes, reset};
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::graphql::types::account::Account;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    /// Begins to set up an authenticator app as the second factor of the logged-in account. It protects nothing before
    /// `confirmSecondFactor`; until then it can be begun again.
    async fn enroll_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] input: EnrollSecondFactorInput,
    ) -> Result<EnrollSecondFactorPayload> {
        let request = ctx.request()?;
        let password = SecretString::from(input.password);
        let outcome = enroll::run(request, &password).await;
        let (made, user_errors) = split(request, outcome)?;
        let (secret, address) = made.map(|made| (made.secret, made.address)).unzip();
        Ok(EnrollSecondFactorPayload {
            secret,
            address,
            user_errors,
        })
    }

    /// Confirms the authenticator app by its first code. The factor is in use from then on, and counts as shown in this session.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code that the app shows.")] input: ConfirmSecondFactorInput,
    ) -> Result<ConfirmSecondFactorPayload> {
        let request = ctx.request()?;
        let outcome = confirm::run(request, &input.code).await;
        let (recovery_codes, user_errors) = split(request, outcome)?;
        Ok(ConfirmSecondFactorPayload {
            recovery_codes,
            user_errors,
        })
    }

    /// Shows the second factor in this session; it counts until the session ends.
    async fn prove_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A code.")] input: ProveSecondFactorInput,
    ) -> Result<ProveSecondFactorPayload> {
        let request = ctx.request()?;
        let outcome = prove::run(request, &input.code).await;
        let (done, user_errors) = split(request, outcome)?;
        Ok(ProveSecondFactorPayload {
            is_proven: done.is_some(),
            user_errors,
        })
    }

    /// Makes ten new recovery codes; the old ones are of no use any more.
    async fn renew_recovery_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A code.")] input: RenewRecoveryCodesInput,
    ) -> Result<RenewRecoveryCodesPayload> {
        let request = ctx.request()?;
        let outcome = renew_codes::run(request, &input.code).await;
        let (recovery_codes, user_errors) = split(request, outcome)?;
        Ok(RenewRecoveryCodesPayload {
            recovery_codes,
            user_errors,
        })
    }

    /// Takes the second factor of the logged-in account away, with the password and a code.
    async fn remove_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password and a code.")] input: RemoveSecondFactorInput,
    ) -> Result<RemoveSecondFactorPayload> {
        let request = ctx.request()?;
        let input = remove::Input {
            password: input.password.into(),
            code: input.code,
        };
        let outcome = remove::run(request, &input).await;
        let (_, user_errors) = split(request, outcome)?;
        Ok(RemoveSecondFactorPayload { user_errors })
    }

    /// Takes the second factor of an account away whose owner lost the app and the recovery codes. Its sessions end, and its
    /// owner is told by mail. For administrators, of accounts of others.
    async fn reset_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: ResetSecondFactorInput,
    ) -> Result<ResetSecondFactorPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.account_id, "accountId").map_err(DomainError::from)?;
            retrying(|| reset::run(request, id)).await
        };
        ResetSecondFactorPayload::new(request, outcome.await)
    }
}

/// The password, asked for again.
#[derive(InputObject)]
struct EnrollSecondFactorInput {
    /// The password in use.
    #[graphql(secret)]
    password: String,
}

/// What the app needs; it is not shown again.
#[derive(SimpleObject)]
struct EnrollSecondFactorPayload {
    /// The secret in base32, for typing it into the app.
    secret: Option<String>,
    /// The same as an `otpauth://` address, to be shown as a QR code.
    address: Option<String>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// The first code.
#[derive(InputObject)]
struct ConfirmSecondFactorInput {
    /// The six digits that the app shows now.
    #[graphql(secret)]
    code: String,
}

/// The outcome of confirming a second factor.
#[derive(SimpleObject)]
struct ConfirmSecondFactorPayload {
    /// Ten codes for whoever loses the app, each good once. They are not shown again: they belong on paper.
    recovery_codes: Option<Vec<String>>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// A code.
#[derive(InputObject)]
struct ProveSecondFactorInput {
    /// The six digits that the app shows now, or a recovery code, which is used up.
    #[graphql(secret)]
    code: String,
}

/// The outcome of showing a second factor.
#[derive(SimpleObject)]
struct ProveSecondFactorPayload {
    /// Whether this session counts as having shown it.
    is_proven: bool,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// A code.
#[derive(InputObject)]
struct RenewRecoveryCodesInput {
    /// The six digits that the app shows now, or one of the old recovery codes.
    #[graphql(secret)]
    code: String,
}

/// The outcome of renewing recovery codes.
#[derive(SimpleObject)]
struct RenewRecoveryCodesPayload {
    /// Ten codes, each good once. They are not shown again.
    recovery_codes: Option<Vec<String>>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// The password and a code.
#[derive(InputObject)]
struct RemoveSecondFactorInput {
    /// The password in use.
    #[graphql(secret)]
    password: String,
    /// The six digits that the app shows now, or a recovery code.
    #[graphql(secret)]
    code: String,
}

/// The outcome of taking a second factor away.
#[derive(SimpleObject)]
struct RemoveSecondFactorPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// Whose second factor to take away.
#[derive(InputObject)]
struct ResetSecondFactorInput {
    /// The account.
    account_id: ID,
}

payloads! {
    entity::account::Model => Account as account: Account, "The account as it is now.";
    /// The outcome of taking somebody's second factor away.
    ResetSecondFactorPayload,
}
