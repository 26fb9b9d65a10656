//! Taking in what mail servers report of a mail that left: it was not delivered after all, or its reader called it spam. An
//! address that takes no mail, or whose owner wants none of ours, is written to about nothing but the account from then on.

use entity::id::SuppressionId;
use entity::mail_message::{self, MailState};
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use matcher::mail::{Report, ReportError, Status, Verdict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, Set,
};
use serde_json::json;

use super::return_path;
use crate::context::Context;
use crate::domain::accounts::email::normalize;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::mail::{MailAction, decide};
use crate::store::transaction::{begin_write, retrying};

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

async fn take(ctx: &Context, report: &Report) -> Result<Taken, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let Some(mail) = find(ctx, &*transaction, report).await? else {
        return Ok(Taken::Unknown);
    };
    let taken = match report.verdict {
        Verdict::Delayed | Verdict::Delivered => return Ok(Taken::Nothing),
        Verdict::Failed(status) => Taken::Bounced {
            status,
            is_suppressed: status.is_of_the_address(),
        },
        Verdict::Complaint => Taken::Complained,
    };
    let is_known = match taken {
        Taken::Bounced { .. } => mail.bounced_at.is_some(),
        _ => mail.complained_at.is_some(),
    };
    if is_known {
        return Ok(taken);
    }
    let address = normalize(&mail.to_address);
    let id = mail.id;
    let mut changes = mail.into_active_model();
    let (action, detail) = if let Taken::Bounced {
        status,
        is_suppressed,
    } = taken
    {
        changes.bounced_at = Set(Some(ctx.now()));
        changes.bounce_status = Set(Some(status.to_string()));
        if is_suppressed {
            suppress(ctx, &*transaction, address, SuppressionReason::Bounced).await?;
        }
        let detail = json!({ "status": status.to_string(), "isSuppressed": is_suppressed });
        ("mail.bounced", detail)
    } else {
        changes.complained_at = Set(Some(ctx.now()));
        suppress(ctx, &*transaction, address, SuppressionReason::Complained).await?;
        ("mail.complained", json!({}))
    };
    changes.update(&*transaction).await?;
    let subject = ("mail", Some(id.uuid()));
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    transaction.commit().await?;
    Ok(taken)
}

/// The mail that a report is about, if it ever left: by the return path it was sent to, else by what came back of it.
async fn find(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    report: &Report,
) -> Result<Option<mail_message::Model>, DomainError> {
    let bounce_address = ctx.app.config.mail.bounce_address.as_deref();
    let by_path = bounce_address.and_then(|bounce_address| {
        let addresses = report.addressed_to.iter();
        let mut found = addresses.filter_map(|it| return_path::read(bounce_address, it));
        found.next()
    });
    let sent = mail_message::Entity::find().filter(mail_message::COLUMN.state.eq(MailState::Sent));
    let sent = match (by_path, &report.message_id) {
        (Some(id), _) => sent.filter(mail_message::COLUMN.id.eq(id)),
        (None, Some(id)) => sent.filter(mail_message::COLUMN.message_id.eq(id.as_str())),
        (None, None) => return Ok(None),
    };
    Ok(sent.one(connection).await?)
}

/// Writes to the address about nothing but the account any more. What its owner chose before gives way: that they could take
/// back with a click, and this a person has to look at. A complaint stays one.
async fn suppress(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    address: entity::personal::Personal,
    reason: SuppressionReason,
) -> Result<(), DomainError> {
    let found = suppression::Entity::find()
        .filter(suppression::COLUMN.email_normalized.eq(address.clone()))
        .filter(suppression::COLUMN.topic.eq(SuppressionTopic::All))
        .one(transaction)
        .await?;
    match found {
        Some(row) if row.reason == SuppressionReason::Complained => {}
        Some(row) => {
            let mut changes = row.into_active_model();
            changes.reason = Set(reason);
            changes.update(transaction).await?;
        }
        None => {
            suppression::ActiveModel {
                id: Set(SuppressionId::new(ctx.app.new_id())),
                email_normalized: Set(address),
                topic: Set(SuppressionTopic::All),
                reason: Set(reason),
                created_at: Set(ctx.now()),
            }
            .insert(transaction)
            .await?;
        }
    }
    Ok(())
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
