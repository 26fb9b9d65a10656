//! Taking in what mail servers report of a mail that left: it was not delivered after all, or its reader called it spam. An
//! address that takes no mail, or whose owner wants none of ours, is written to about nothing but the account from then on.

use entity::account;
use entity::id::MailMessageId;
use entity::mail_message::{self, MailState};
use entity::suppression::SuppressionReason;
use matcher::mail::{Report, ReportError, Status, Verdict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _, Set,
};
use serde_json::json;

use super::{return_path, suppress};
use crate::context::Context;
use crate::domain::accounts::email::normalize;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::mail::{MailAction, decide};
use crate::store::transaction::{WriteTransaction, begin_write, retrying};

/// What was made of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The mail was not delivered.
    Bounced {
        /// Why.
        status: Status,
        /// Whether its address is written to no more.
        is_suppressed: bool,
    },
    /// Its reader called it spam. The address is written to no more.
    Complained,
    /// It tells of nothing that is to be done: the mail was delivered, or is on its way still.
    Nothing,
    /// It is about no mail of ours, or one that is kept no more.
    Unknown,
}

/// Takes in one report, a whole mail message. The same report again changes nothing.
///
/// # Errors
/// A violation that says why it is no report.
pub async fn run(ctx: &Context, message: &[u8]) -> Result<Taken, DomainError> {
    decide(&ctx.actor, MailAction::Report).require()?;
    let report = Report::read(message).map_err(unreadable)?;
    retrying(|| take(ctx, &report)).await
}

/// Takes in that the relay itself refused a mail's recipient for good, which is told by no report.
pub async fn refused(
    ctx: &Context,
    mail_id: MailMessageId,
    status: Status,
) -> Result<(), DomainError> {
    decide(&ctx.actor, MailAction::Report).require()?;
    retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        let mail = mail_message::Entity::find_by_id(mail_id)
            .one(&*transaction)
            .await?
            .ok_or(DomainError::NotFound)?;
        let mail = lock(&*transaction, mail).await?;
        bounced(ctx, transaction, mail, (status, None)).await?;
        Ok(())
    })
    .await
}

async fn take(ctx: &Context, report: &Report) -> Result<Taken, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let Some(mail) = find(ctx, &*transaction, report).await? else {
        return Ok(Taken::Unknown);
    };
    let mail = lock(&*transaction, mail).await?;
    match report.verdict {
        Verdict::Delayed | Verdict::Delivered => Ok(Taken::Nothing),
        Verdict::Failed(status) => {
            bounced(
                ctx,
                transaction,
                mail,
                (status, report.recipient.as_deref()),
            )
            .await
        }
        Verdict::Complaint => complained(ctx, transaction, mail).await,
    }
}

/// Of two reports at once the second finds what the first has written; and erasure, which locks the account before it empties
/// its mails, comes before or after both.
async fn lock(
    transaction: &impl ConnectionTrait,
    mail: mail_message::Model,
) -> Result<mail_message::Model, DomainError> {
    if let Some(account_id) = mail.account_id {
        account::Entity::find_by_id(account_id)
            .lock_exclusive()
            .one(transaction)
            .await?;
    }
    mail_message::Entity::find_by_id(mail.id)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}

async fn bounced(
    ctx: &Context,
    transaction: WriteTransaction,
    mail: mail_message::Model,
    (status, recipient): (Status, Option<&str>),
) -> Result<Taken, DomainError> {
    let address = normalize(&mail.to_address);
    // An alias may stand for several people: that one of them has left does not speak of the alias.
    let is_about_it = recipient.is_none_or(|recipient| recipient == address.expose());
    let is_suppressed = status.is_of_the_address() && is_about_it && !address.expose().is_empty();
    let stored = mail.bounce_status.as_deref().and_then(Status::parse);
    let is_worse = is_suppressed && stored.is_none_or(|stored| !stored.is_of_the_address());
    if mail.bounced_at.is_some() && !is_worse {
        let is_suppressed = suppress::is_in_force(&*transaction, &address).await?;
        return Ok(Taken::Bounced {
            status,
            is_suppressed,
        });
    }
    if is_suppressed {
        let reason = SuppressionReason::Bounced;
        suppress::run(&ctx.app, &*transaction, address, reason).await?;
    }
    let id = mail.id;
    let mut changes = mail.into_active_model();
    changes.bounced_at = Set(Some(ctx.now()));
    changes.bounce_status = Set(Some(status.to_string()));
    changes.update(&*transaction).await?;
    let detail = json!({ "status": status.to_string(), "isSuppressed": is_suppressed });
    let subject = ("mail", Some(id.uuid()));
    audit::record(ctx, &*transaction, "mail.bounced", subject, detail).await?;
    transaction.commit().await?;
    Ok(Taken::Bounced {
        status,
        is_suppressed,
    })
}

async fn complained(
    ctx: &Context,
    transaction: WriteTransaction,
    mail: mail_message::Model,
) -> Result<Taken, DomainError> {
    if mail.complained_at.is_some() {
        return Ok(Taken::Complained);
    }
    let address = normalize(&mail.to_address);
    if !address.expose().is_empty() {
        let reason = SuppressionReason::Complained;
        suppress::run(&ctx.app, &*transaction, address, reason).await?;
    }
    let id = mail.id;
    let mut changes = mail.into_active_model();
    changes.complained_at = Set(Some(ctx.now()));
    changes.update(&*transaction).await?;
    let subject = ("mail", Some(id.uuid()));
    audit::record(ctx, &*transaction, "mail.complained", subject, json!({})).await?;
    transaction.commit().await?;
    Ok(Taken::Complained)
}

/// The mail that a report is about, if it ever left: by the return path it was sent to. A report that names the mail by its
/// `Message-ID` alone may be anybody's who has seen an answer to it: that a mail came back is not believed of one. Complaints are
/// sent by mailbox providers to an address that they were given, and name the mail by nothing else.
async fn find(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    report: &Report,
) -> Result<Option<mail_message::Model>, DomainError> {
    let bounce_address = ctx.app.config.mail.bounce_address.as_deref();
    let secret = &ctx.app.config.credentials.link_secret;
    let mut by_path = None;
    for address in &report.addressed_to {
        if let (Some(bounce_address), None) = (bounce_address, by_path) {
            by_path = return_path::read(secret, bounce_address, address)?;
        }
    }
    let sent = mail_message::Entity::find().filter(mail_message::COLUMN.state.eq(MailState::Sent));
    let sent = match (by_path, &report.message_id) {
        (Some(id), _) => sent.filter(mail_message::COLUMN.id.eq(id)),
        (None, Some(id)) if report.verdict == Verdict::Complaint => {
            sent.filter(mail_message::COLUMN.message_id.eq(id.as_str()))
        }
        (None, _) => return Ok(None),
    };
    Ok(sent.one(connection).await?)
}

fn unreadable(error: ReportError) -> DomainError {
    let (en, fr) = match error {
        ReportError::TooLong => (
            "This is longer than 256 KiB; send the report as the mail server wrote it.",
            "Cela dépasse 256 Kio; envoyez le rapport tel que le serveur de courriel l’a écrit.",
        ),
        ReportError::NoMessage => (
            "This is no mail message; send the whole message with its headers.",
            "Ce n’est pas un courriel; envoyez le message entier avec ses en-têtes.",
        ),
        ReportError::NoReport => (
            "This message is no delivery status notification (RFC 3464) and no complaint (RFC 5965).",
            "Ce message n’est ni un avis d’état de remise (RFC 3464) ni une plainte (RFC 5965).",
        ),
        ReportError::NoVerdict => (
            "This report does not say what became of the mail.",
            "Ce rapport ne dit pas ce qu’il est advenu du courriel.",
        ),
    };
    Violation::new(Code::Invalid, "", en, fr).into()
}
