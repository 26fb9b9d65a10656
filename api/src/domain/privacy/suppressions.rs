//! What becomes of an address's suppressions when nobody has it any more: the address is not kept, and what was said of our
//! mail still holds.

use entity::id::SuppressionId;
use entity::personal::Personal;
use entity::suppression::{self, SuppressionReason};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set,
};

use super::sealed_address;
use crate::app::App;
use crate::error::DomainError;

/// What somebody who has another address now said of our mail goes with them. That the address of before took no mail does
/// not: the new one may. Of the address of before only the sealed form stays, which erasure could not find.
pub async fn follow(
    app: &App,
    transaction: &impl ConnectionTrait,
    before: &Personal,
    after: &Personal,
) -> Result<(), DomainError> {
    let secret = &app.config.credentials.link_secret;
    let said = suppression::Entity::find()
        .filter(
            suppression::COLUMN
                .email_normalized
                .is_in(sealed_address::names_of(secret, before)?),
        )
        .filter(suppression::COLUMN.reason.ne(SuppressionReason::Bounced))
        .order_by_asc(suppression::Column::CreatedAt)
        .all(transaction)
        .await?;
    for row in said {
        suppression::Entity::insert(suppression::ActiveModel {
            id: Set(SuppressionId::new(app.new_id())),
            email_normalized: Set(after.clone()),
            topic: Set(row.topic),
            reason: Set(row.reason),
            created_at: Set(row.created_at),
        })
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    }
    seal(app, transaction, before).await
}

/// Puts the suppressions of the address under its sealed form; of two for one topic, the older stays.
pub(super) async fn seal(
    app: &App,
    transaction: &impl ConnectionTrait,
    address: &Personal,
) -> Result<(), DomainError> {
    let sealed = sealed_address::seal(&app.config.credentials.link_secret, address)?;
    let rows = suppression::Entity::find()
        .filter(
            suppression::COLUMN
                .email_normalized
                .is_in([address.clone(), sealed.clone()]),
        )
        .order_by_asc(suppression::Column::CreatedAt)
        .all(transaction)
        .await?;
    let (known, plain): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.email_normalized == sealed);
    let is_known = |topic| known.iter().any(|row| row.topic == topic);
    let (doubled, new): (Vec<_>, Vec<_>) = plain.into_iter().partition(|row| is_known(row.topic));
    let ids = |rows: Vec<suppression::Model>| -> Vec<SuppressionId> {
        rows.into_iter().map(|row| row.id).collect()
    };
    suppression::Entity::delete_many()
        .filter(suppression::COLUMN.id.is_in(ids(doubled)))
        .exec(transaction)
        .await?;
    suppression::Entity::update_many()
        .set(suppression::ActiveModel {
            email_normalized: Set(sealed),
            ..Default::default()
        })
        .filter(suppression::COLUMN.id.is_in(ids(new)))
        .exec(transaction)
        .await?;
    Ok(())
}
