//! Choosing which mail one gets. Only what a person chose can be chosen otherwise: an address that does not take mail, or
//! whose owner called a mail spam, is written to again by nobody's click.

use entity::account;
use entity::consent::ConsentPurpose;
use entity::id::SuppressionId;
use entity::mail_message::MailTopic;
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ModelTrait as _, QueryFilter as _, Set,
};

use super::{suppression_topic, topics, unsubscribe};
use crate::context::Context;
use crate::domain::accounts::register::CONSENT_WORDING_VERSION;
use crate::domain::accounts::{self, set_consent};
use crate::domain::privacy::sealed_address;
use crate::error::{Code, DomainError, Violation};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// The choice.
#[derive(Clone, Debug)]
pub struct Input {
    /// Which mail.
    pub topic: MailTopic,
    /// Whether it is sent.
    pub is_on: bool,
    /// For news, which need a consent: the version of the words the person was shown.
    pub wording_version: Option<String>,
}

/// Stores the choice for the actor's account. A repetition changes nothing.
///
/// # Errors
/// A violation for a topic that the account cannot choose, for words that are not shown any more, and where the address
/// cannot be written to.
pub async fn run(ctx: &Context, input: &Input) -> Result<account::Model, DomainError> {
    let account_id = ctx.person()?.account_id;
    decide(&ctx.actor, AccountAction::Edit, account_id).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let account = accounts::load(&*transaction, account_id).await?;
    let chosen = suppression_topic(input.topic);
    let Some(chosen) = chosen.filter(|_| topics::choosable(&account).contains(&input.topic)) else {
        return Err(no_choice().into());
    };
    if input.is_on {
        if input.topic == MailTopic::Newsletter
            && input.wording_version.as_deref() != Some(CONSENT_WORDING_VERSION)
        {
            return Err(set_consent::stale_wording().into());
        }
        take_back(ctx, &*transaction, &account, chosen).await?;
        if input.topic == MailTopic::Newsletter {
            let act = (ConsentPurpose::Newsletter, true, ctx.channel);
            set_consent::add(ctx, &*transaction, account_id, act).await?;
        }
    } else {
        unsubscribe::stop(ctx, &*transaction, &account, input.topic, chosen).await?;
    }
    transaction.commit().await?;
    Ok(account)
}

/// Takes back that the address gets no mail of a topic, if that was chosen.
async fn take_back(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
    chosen: SuppressionTopic,
) -> Result<(), DomainError> {
    let secret = &ctx.app.config.credentials.link_secret;
    let names = sealed_address::names_of(secret, &account.email_normalized)?;
    let standing = suppression::Entity::find()
        .filter(suppression::COLUMN.email_normalized.is_in(names))
        .filter(
            suppression::COLUMN
                .topic
                .is_in([SuppressionTopic::All, chosen]),
        )
        .all(transaction)
        .await?;
    if standing
        .iter()
        .any(|row| row.reason != SuppressionReason::Unsubscribed)
    {
        return Err(blocked().into());
    }
    for row in standing {
        if row.topic == SuppressionTopic::All {
            // The other topics stay as they were.
            let others = SuppressionTopic::ALL.iter().copied();
            let others = others.filter(|topic| ![SuppressionTopic::All, chosen].contains(topic));
            let rows = others.map(|topic| suppression::ActiveModel {
                id: Set(SuppressionId::new(ctx.app.new_id())),
                email_normalized: Set(account.email_normalized.clone()),
                topic: Set(topic),
                reason: Set(row.reason),
                created_at: Set(row.created_at),
            });
            suppression::Entity::insert_many(rows)
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .exec_without_returning(transaction)
                .await?;
        }
        row.delete(transaction).await?;
    }
    Ok(())
}

fn no_choice() -> Violation {
    Violation::new(
        Code::Unknown,
        "topic",
        "Your account gets no mail of this kind.",
        "Votre compte ne reçoit pas de courriels de ce genre.",
    )
}

fn blocked() -> Violation {
    Violation::new(
        Code::WrongState,
        "isOn",
        "Your address did not take our mail, or a mail to it was reported as spam; write to us, so that a person looks at it.",
        "Votre adresse n’a pas accepté nos courriels, ou l’un d’eux a été signalé comme pourriel; écrivez-nous pour qu’une personne s’en occupe.",
    )
}
