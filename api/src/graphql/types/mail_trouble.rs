//! A mail that somebody should look at.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::mail_message::{self, MailState};
use entity::suppression::SuppressionReason;

use super::account::Account;
use crate::domain::accounts::email::normalize;
use crate::domain::mails::troubles;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::mail::SuppressionsOf;

/// A mail that was given up, came back, or was called spam.
pub struct MailTrouble(pub mail_message::Model);

/// A mail that was given up, came back, or was called spam. For coordinators.
#[Object]
impl MailTrouble {
    /// The mail's id.
    async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// Which mail it was, such as `offer_to_volunteer`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// To whom it went.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let Some(id) = self.0.account_id else {
            return Ok(None);
        };
        let account = ctx.loaders()?.load_one(id).await;
        match loaded(ctx.request()?, account)? {
            Some(account) => Account::visible(ctx, account),
            None => Ok(None),
        }
    }

    /// Whether it was given up before it left.
    async fn is_given_up(&self) -> bool {
        self.0.state == MailState::Failed
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the relay took it.
    async fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.0.sent_at
    }

    /// When a mail server reported that it was not delivered.
    async fn bounced_at(&self) -> Option<DateTime<Utc>> {
        self.0.bounced_at
    }

    /// Why, as an enhanced status code (RFC 3463), such as 5.1.1.
    async fn bounce_status(&self) -> Option<&str> {
        self.0.bounce_status.as_deref()
    }

    /// When its reader called it spam.
    async fn complained_at(&self) -> Option<DateTime<Utc>> {
        self.0.complained_at
    }

    /// Whether its address is written to about nothing but the account now, which `liftMailBlock` ends.
    async fn is_address_blocked(&self, ctx: &Context<'_>) -> Result<bool> {
        let key = SuppressionsOf(normalize(&self.0.to_address));
        let found = ctx.loaders()?.load_one(key).await;
        let found = loaded(ctx.request()?, found)?.unwrap_or_default();
        Ok(found
            .iter()
            .any(|row| row.reason != SuppressionReason::Unsubscribed))
    }
}

/// What is told about a whole list of mails that somebody should look at.
pub struct MailTroubleTotals;

/// What is told about a whole list of mails that somebody should look at.
#[Object]
impl MailTroubleTotals {
    /// How many there are on all pages; costs a statement of its own.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, troubles::count(request).await)
    }
}
