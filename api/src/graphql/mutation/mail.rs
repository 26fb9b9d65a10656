//! Which mail one gets, and whose address is written to again.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::domain::mails::{lift_block, set_topic};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::graphql::types::account::Account;
use crate::graphql::types::mail_topic::MailTopic;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct MailMutation;

#[Object]
impl MailMutation {
    /// Chooses whether mail of a kind is sent. What stopped because the address does not take mail, or because a mail was
    /// reported as spam, cannot be turned on again here.
    async fn set_mail_topic(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which mail, and whether.")] input: SetMailTopicInput,
    ) -> Result<SetMailTopicPayload> {
        let request = ctx.request()?;
        let input = set_topic::Input {
            topic: input.topic.into(),
            is_on: input.is_on,
            wording_version: input.wording_version,
        };
        let outcome = retrying(|| set_topic::run(request, &input)).await;
        let (account, user_errors) = split(request, outcome)?;
        Ok(SetMailTopicPayload {
            account: account.map(Account),
            user_errors,
        })
    }

    /// Has an account's address written to again that had not taken our mail, or whose owner had called one spam: after
    /// somebody has looked at it. What the owner chose stays. For coordinators.
    async fn lift_mail_block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose address.")] input: LiftMailBlockInput,
    ) -> Result<LiftMailBlockPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.account_id, "accountId")?;
            retrying(|| lift_block::run(request, id)).await
        };
        let (account, user_errors) = split(request, outcome.await)?;
        Ok(LiftMailBlockPayload {
            account: account.map(Account),
            user_errors,
        })
    }
}

/// Whose address is written to again.
#[derive(InputObject)]
struct LiftMailBlockInput {
    /// The account.
    account_id: ID,
}

/// The outcome of having an address written to again.
#[derive(SimpleObject)]
struct LiftMailBlockPayload {
    /// The account.
    account: Option<Account>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// Which mail, and whether.
#[derive(InputObject)]
struct SetMailTopicInput {
    /// Which mail.
    topic: MailTopic,
    /// True to get it, false to get none.
    is_on: bool,
    /// For news, to get them: the version of the words that the person was shown, as `consentWordings` gives them.
    wording_version: Option<String>,
}

/// The outcome of choosing which mail one gets.
#[derive(SimpleObject)]
struct SetMailTopicPayload {
    /// The account with its choices.
    account: Option<Account>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
