//! The signed link in a mail by which one account answers one question, without logging in. It is good for nothing else.

use chrono::{DateTime, TimeDelta, Utc};
use entity::follow_up::FollowUpKind;
use entity::id::AccountId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::context::Context;
use crate::credentials::link_token::{self, LinkError};
use crate::domain::retention::activity;
use crate::error::DomainError;
use crate::outbox;
use crate::store::transaction::{begin_write, retrying};

const PURPOSE: &str = "follow_up";
/// How long the question can be answered from the mail.
const LIFE: TimeDelta = TimeDelta::days(90);

/// What the link stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpLink {
    /// What is asked.
    #[serde(rename = "k")]
    pub kind: FollowUpKind,
    /// About which row.
    #[serde(rename = "i")]
    pub subject_id: Uuid,
    /// Who answers.
    #[serde(rename = "a")]
    pub account_id: AccountId,
}

/// The address of the page on which a question is answered.
pub fn url(app: &App, link: FollowUpLink) -> String {
    outbox::action_url(app, "follow-up", PURPOSE, link, app.clock.now() + LIFE)
}

/// Notes that the account behind a link is in use: whoever answers from their mails may never log in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn note_use(ctx: &Context, link: &FollowUpLink) -> Result<(), DomainError> {
    retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        activity::note_use(&*transaction, link.account_id, ctx.now()).await?;
        transaction.commit().await?;
        Ok(())
    })
    .await
}

/// What a link's token stands for.
///
/// # Errors
/// [`LinkError`] when it is not ours or its time is over.
pub fn read(app: &App, token: &str, now: DateTime<Utc>) -> Result<FollowUpLink, LinkError> {
    link_token::verify(&app.config.credentials.link_secret, PURPOSE, token, now)
}
