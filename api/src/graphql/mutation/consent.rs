//! Consents.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::domain::accounts::set_consent;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::types::account::Account;
use crate::graphql::types::consent::ConsentPurpose;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct ConsentMutation;

#[Object]
impl ConsentMutation {
    /// Gives a consent or takes it back, for one purpose. Without that for matching, one is not proposed.
    async fn set_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What for, and whether.")] input: SetConsentInput,
    ) -> Result<SetConsentPayload> {
        let request = ctx.request()?;
        let input = set_consent::Input {
            purpose: input.purpose.into(),
            is_granted: input.is_granted,
            wording_version: input.wording_version,
        };
        let outcome = retrying(|| set_consent::run(request, &input)).await;
        let (account, user_errors) = split(request, outcome)?;
        Ok(SetConsentPayload {
            account: account.map(Account),
            user_errors,
        })
    }
}

/// What for, and whether.
#[derive(InputObject)]
struct SetConsentInput {
    /// What for.
    purpose: ConsentPurpose,
    /// True to give it, false to take it back.
    is_granted: bool,
    /// The version of the words that the person was shown: `viewer { consentWordingVersion }` tells the current one.
    wording_version: String,
}

/// The outcome of giving a consent or taking it back.
#[derive(SimpleObject)]
struct SetConsentPayload {
    /// The account with its consents.
    account: Option<Account>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
