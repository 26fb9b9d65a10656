//! Writing again to an address that had not taken our mail, or whose owner had called one spam: after somebody has looked at it.

use entity::account;
use entity::id::AccountId;
use entity::suppression::{self, SuppressionReason};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::context::Context;
use crate::domain::privacy::sealed_address;
use crate::domain::{accounts, audit};
use crate::error::{Code, DomainError, Violation};
use crate::policy::mail::{MailAction, decide};
use crate::store::transaction::begin_write;

/// Lifts what keeps mail from an account's address and was not its owner's choice; what they chose stays.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such account; a violation when nothing keeps mail from it.
pub async fn run(ctx: &Context, id: AccountId) -> Result<account::Model, DomainError> {
    decide(&ctx.actor, MailAction::LiftBlock).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let account = accounts::load(&*transaction, id).await?;
    let secret = &ctx.app.config.credentials.link_secret;
    let names = sealed_address::names_of(secret, &account.email_normalized)?;
    let lifted = suppression::Entity::delete_many()
        .filter(suppression::COLUMN.email_normalized.is_in(names))
        .filter(
            suppression::COLUMN
                .reason
                .ne(SuppressionReason::Unsubscribed),
        )
        .exec(&*transaction)
        .await?;
    if lifted.rows_affected == 0 {
        return Err(nothing_blocks().into());
    }
    let subject = ("account", Some(id.uuid()));
    let action = "account.mail_block_lifted";
    audit::record(ctx, &*transaction, action, subject, json!({})).await?;
    transaction.commit().await?;
    Ok(account)
}

fn nothing_blocks() -> Violation {
    Violation::new(
        Code::WrongState,
        "accountId",
        "Nothing keeps mail from this account but what its owner chose.",
        "Rien n’empêche d’écrire à ce compte, hormis ce que sa ou son propriétaire a choisi.",
    )
}
