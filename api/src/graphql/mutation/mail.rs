//! Which mail one gets.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::domain::mails::set_topic;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
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
