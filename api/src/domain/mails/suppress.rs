//! Writing to an address about nothing but its account any more.

use entity::id::SuppressionId;
use entity::personal::Personal;
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use crate::app::App;
use crate::error::DomainError;

/// Suppresses a normalized address. What its owner chose before gives way: that they could take back with a click, and this a
/// person has to look at. A complaint stays one.
pub(in crate::domain) async fn run(
    app: &App,
    transaction: &impl ConnectionTrait,
    address: Personal,
    reason: SuppressionReason,
) -> Result<(), DomainError> {
    let row = suppression::ActiveModel {
        id: Set(SuppressionId::new(app.new_id())),
        email_normalized: Set(address.clone()),
        topic: Set(SuppressionTopic::All),
        reason: Set(reason),
        created_at: Set(app.clock.now()),
    };
    suppression::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    suppression::Entity::update_many()
        .set(suppression::ActiveModel {
            reason: Set(reason),
            ..Default::default()
        })
        .filter(suppression::COLUMN.email_normalized.eq(address))
        .filter(suppression::COLUMN.topic.eq(SuppressionTopic::All))
        .filter(suppression::COLUMN.reason.ne(SuppressionReason::Complained))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Whether the normalized address is suppressed whatever the mail.
pub(in crate::domain) async fn is_in_force(
    connection: &impl ConnectionTrait,
    address: &Personal,
) -> Result<bool, DomainError> {
    let found = suppression::Entity::find()
        .filter(suppression::COLUMN.email_normalized.eq(address.clone()))
        .filter(suppression::COLUMN.topic.eq(SuppressionTopic::All))
        .one(connection)
        .await?;
    Ok(found.is_some())
}
