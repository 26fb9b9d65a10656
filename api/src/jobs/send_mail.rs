//! Sends one stored mail. Whether it may still go is decided now, not when it was written.

use std::sync::Arc;

use anyhow::anyhow;
use entity::id::MailMessageId;
use entity::mail_message::{self, MailState, MailTopic};
use entity::pairing;
use entity::personal::Personal;
use entity::suppression::{self, SuppressionTopic};
use matcher::mail::{Address, Envelope, Failure, Kind, SendError, Stage, Status};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde::{Deserialize, Serialize};

use super::pause::{self, Fault};
use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::accounts::email::normalize;
use crate::domain::mails::{return_path, suppression_topic, take_report};
use crate::domain::pairings::{introduce, notices};
use crate::domain::privacy::{mails, sealed_address};
use crate::error::{Code, DomainError, Violation};
use crate::store::traces;
use crate::store::transaction::{WriteTransaction, begin_write, retrying};

/// Sends one stored mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendMail {
    /// The mail.
    pub mail_message_id: MailMessageId,
    /// The sealed name of the domain that it goes to; of mails stored by an earlier version it is not known.
    #[serde(default)]
    pub domain: Option<String>,
    /// What it is about; of mails stored by an earlier version it is not known.
    #[serde(default)]
    pub topic: Option<MailTopic>,
}

impl Job for SendMail {
    const KIND: &'static str = "send_mail";
    /// The waits between nine tries add up to about 65 hours: mail servers give up after two to three days, too.
    const MAX_ATTEMPTS: i32 = 9;

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let Some(mail) = mail_message::Entity::find_by_id(self.mail_message_id)
            .one(&app.store.connection)
            .await?
        else {
            return Ok(());
        };
        if mail.state != MailState::Queued {
            // An earlier try may have ended between emptying the mail of an erased person and this.
            if mail.raw.expose().is_empty() {
                traces::remove(&app.store).await?;
            }
            return Ok(());
        }
        if is_suppressed(app, &mail).await? {
            return set_state(app, &mail, MailState::Suppressed, None).await;
        }
        if !is_timely(app, &mail).await? {
            return set_state(app, &mail, MailState::Dropped, None).await;
        }
        let return_path = return_path(app, &mail)?;
        let Err(error) = deliver(app, &mail, &return_path).await else {
            // First of all: what went out is not to go again, whatever fails now.
            set_state(app, &mail, MailState::Sent, None).await?;
            return Ok(pause::end(app, Self::KIND).await?);
        };
        let words = Some(error.to_string());
        // What is shown of the job names nobody; the mail's own words go with its reader.
        let codes = anyhow!(error.codes());
        if is_of_the_mail(&error) {
            // The relay takes us, and has come to the mail.
            pause::end(app, Self::KIND).await?;
        }
        if matches!(error, SendError::Permanent(_)) {
            set_state(app, &mail, MailState::Failed, words).await?;
            if let Some(status) = refused_recipient(&error) {
                let ctx = Context::system(app.clone(), Self::KIND);
                take_report::refused(&ctx, mail.id, status).await?;
            }
            return Err(JobError::Fail(codes));
        }
        set_state(app, &mail, MailState::Queued, words).await?;
        let waits = match relay_fault(&error) {
            Some(fault) => pause::note(app, Self::KIND, fault, &error.codes()).await?,
            None => None,
        };
        Err(match waits {
            Some(until) => JobError::Wait(until),
            None => JobError::Retry(codes),
        })
    }

    /// Somebody who registers or has lost their password waits for the mail; nobody waits for a summary.
    fn priority(&self) -> i16 {
        match self.topic {
            Some(MailTopic::Account) => 2,
            Some(MailTopic::Offers) | None => Self::PRIORITY,
            Some(MailTopic::Digest | MailTopic::Newsletter) => 8,
        }
    }

    fn lane(&self) -> Option<String> {
        let domain = self.domain.as_ref()?;
        Some(format!("mail:{domain}"))
    }

    /// The mail waits again, as it was written; whether it may still go is looked at when it is sent.
    async fn revive(&self, transaction: &WriteTransaction) -> Result<(), DomainError> {
        let changed = mail_message::Entity::update_many()
            .set(mail_message::ActiveModel {
                state: Set(MailState::Queued),
                ..Default::default()
            })
            .filter(mail_message::COLUMN.id.eq(self.mail_message_id))
            // One that is queued still was given up when nothing could be stored of it.
            .filter(
                mail_message::COLUMN
                    .state
                    .is_in([MailState::Failed, MailState::Queued]),
            )
            .filter(mail_message::COLUMN.raw.ne(Personal::<String>::new("")))
            .exec(&**transaction)
            .await?;
        if changed.rows_affected == 1 {
            return Ok(());
        }
        let mail = mail_message::Entity::find_by_id(self.mail_message_id)
            .one(&**transaction)
            .await?;
        let is_kept = mail.is_some_and(|mail| !mail.raw.expose().is_empty());
        Err(not_to_be_sent(is_kept).into())
    }

    /// A mail that is not tried again waits no longer.
    async fn give_up(&self, app: &Arc<App>, error: &JobError) -> Result<(), DomainError> {
        let mail = mail_message::Entity::find_by_id(self.mail_message_id)
            .one(&app.store.connection)
            .await?;
        let mut changes = mail_message::ActiveModel {
            state: Set(MailState::Failed),
            ..Default::default()
        };
        // What the last try met with says more, where there was one.
        if mail.is_some_and(|mail| mail.error.is_none()) {
            changes.error = Set(Some(Personal::new(error.to_string())));
        }
        report(app, self.mail_message_id, &changes).await
    }
}

/// Where what comes back of a mail is sent.
fn return_path(app: &App, mail: &mail_message::Model) -> Result<String, DomainError> {
    let secret = &app.config.credentials.link_secret;
    match &app.config.mail.bounce_address {
        Some(bounce_address) => return_path::of(secret, bounce_address, mail.id),
        None => Ok(app.config.mail.from_address.clone()),
    }
}

async fn deliver(
    app: &App,
    mail: &mail_message::Model,
    return_path: &str,
) -> Result<(), SendError> {
    let address = |text: &str, stage| {
        Address::parse(text).map_err(|error| {
            SendError::Permanent(Failure {
                stage,
                reply: None,
                detail: error.to_string(),
            })
        })
    };
    let envelope = Envelope {
        return_path: address(return_path, Stage::Sender)?,
        recipient: address(mail.to_address.expose(), Stage::Recipient)?,
    };
    let raw = mail.raw.expose();
    let Some(signer) = &app.signer else {
        return app.transport.send(&envelope, raw.as_bytes()).await;
    };
    // A key that cannot sign fails for every mail: they wait, as for a relay that refuses us.
    let signed = signer.sign(raw, mail.created_at).map_err(|error| {
        SendError::Relay(Failure {
            stage: Stage::Message,
            reply: None,
            detail: error.to_string(),
        })
    })?;
    app.transport.send(&envelope, signed.as_bytes()).await
}

/// Why a mail is not sent again, which is kept still or not.
fn not_to_be_sent(is_kept: bool) -> Violation {
    let (en, fr) = if is_kept {
        (
            "This mail went out, or nobody wants it any more; take the job off the list.",
            "Ce courriel est parti, ou plus personne n’en veut; retirez la tâche de la liste.",
        )
    } else {
        (
            "Nothing of this mail is kept any more, so that it cannot be sent.",
            "Rien de ce courriel n’est conservé, si bien qu’il ne peut plus être envoyé.",
        )
    };
    Violation::new(Code::WrongState, "jobId", en, fr)
}

/// What a failure tells of the relay rather than of the mail, which it had not come to yet.
fn relay_fault(error: &SendError) -> Option<Fault> {
    match error {
        SendError::Relay(_) => Some(Fault::Lasting),
        SendError::Transient(failure)
            if matches!(
                failure.stage,
                Stage::Connect | Stage::Tls | Stage::Authentication
            ) =>
        {
            Some(Fault::Passing)
        }
        SendError::Transient(_) | SendError::Permanent(_) => None,
    }
}

/// Whether the relay said something about the mail itself.
fn is_of_the_mail(error: &SendError) -> bool {
    let failure = error.failure();
    failure.reply.is_some() && matches!(failure.stage, Stage::Recipient | Stage::Message)
}

/// What the relay said of the recipient, when it is for good.
fn refused_recipient(error: &SendError) -> Option<Status> {
    let SendError::Permanent(failure) = error else {
        return None;
    };
    let reply = failure.reply.as_ref()?;
    let is_about_them = failure.stage == Stage::Recipient;
    Status::parse(reply.enhanced.as_deref().filter(|_| is_about_them)?)
}

/// Whether what the mail says of its pairing still holds: a recalled offer is not mailed, and nobody's contact data once
/// they took their consent to that back.
async fn is_timely(app: &App, mail: &mail_message::Model) -> Result<bool, JobError> {
    let (Some(pairing_id), Ok(kind)) = (mail.pairing_id, mail.kind.parse()) else {
        return Ok(true);
    };
    let connection = &app.store.connection;
    let pairing = pairing::Entity::find_by_id(pairing_id)
        .one(connection)
        .await?;
    match pairing {
        Some(pairing) if notices::is_timely(kind, pairing.state) => match kind {
            Kind::Confirmation => {
                Ok(introduce::may_still_be_told(connection, &pairing, mail.account_id).await?)
            }
            _ => Ok(true),
        },
        _ => Ok(false),
    }
}

/// Whether the reader opted out of the mail's topic, or the address does not take mail. Who opted out and was erased since
/// is known by the sealed form of the address.
async fn is_suppressed(app: &App, mail: &mail_message::Model) -> Result<bool, JobError> {
    let Some(topic) = suppression_topic(mail.topic) else {
        return Ok(false);
    };
    let address = normalize(&mail.to_address);
    let secret = &app.config.credentials.link_secret;
    let found = suppression::Entity::find()
        .filter(
            suppression::COLUMN
                .email_normalized
                .is_in(sealed_address::names_of(secret, &address)?),
        )
        .filter(
            suppression::COLUMN
                .topic
                .is_in([SuppressionTopic::All, topic]),
        )
        .one(&app.store.connection)
        .await?;
    Ok(found.is_some())
}

/// Stores what became of a try. It is repeated when a concurrent transaction was in the way: a mail that went out and
/// is not marked so would go out again.
async fn set_state(
    app: &App,
    mail: &mail_message::Model,
    state: MailState,
    error: Option<String>,
) -> Result<(), JobError> {
    let changes = mail_message::ActiveModel {
        state: Set(state),
        error: Set(error.map(Personal::new)),
        attempts: Set(mail.attempts + 1),
        sent_at: Set((state == MailState::Sent).then(|| app.clock.now())),
        ..Default::default()
    };
    Ok(report(app, mail.id, &changes).await?)
}

/// Changes a mail that is queued still. When it is over and somebody in it was erased, nothing of it is kept.
async fn report(
    app: &App,
    id: MailMessageId,
    changes: &mail_message::ActiveModel,
) -> Result<(), DomainError> {
    let is_forgotten = retrying(|| async {
        let transaction = begin_write(&app.store).await?;
        mail_message::Entity::update_many()
            .set(changes.clone())
            .filter(mail_message::COLUMN.id.eq(id))
            .filter(mail_message::COLUMN.state.eq(MailState::Queued))
            .exec(&*transaction)
            .await?;
        let mail = mail_message::Entity::find_by_id(id)
            .one(&*transaction)
            .await?
            .filter(|mail| mail.state != MailState::Queued);
        let is_forgotten = match mail {
            Some(mail) => mails::forget(&*transaction, &mail).await?,
            None => false,
        };
        transaction.commit().await?;
        Ok(is_forgotten)
    })
    .await?;
    if is_forgotten {
        traces::remove(&app.store).await?;
    }
    Ok(())
}
