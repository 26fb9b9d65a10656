//! The revision of what the matcher reads: a count that each transaction raises that writes to one of its tables. Whoever
//! keeps something made of them in memory, on any node, compares one number to know whether it still holds.
//!
//! It is raised by [`WriteTransaction::commit`](super::transaction::WriteTransaction::commit), so no use case can forget
//! to. The row is the last that a transaction locks, and only until it is committed.

use entity::matching_revision;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _, QueryFilter as _, QuerySelect as _,
};

/// The tables that the matcher reads.
pub const TABLES: &[&str] = &[
    "account",
    "conflict_of_interest",
    "consent",
    "membership",
    "organization",
    "pairing",
    "pairing_rule",
    "placement",
    "project",
    "project_cause",
    "role",
    "role_language",
    "role_skill",
    "role_window",
    "skill_relation",
    "time_off",
    "volunteer",
    "volunteer_cause",
    "volunteer_language",
    "volunteer_skill",
    "volunteer_window",
];

/// The revision that `connection` sees.
///
/// # Errors
/// When the database fails, or the one row is missing.
pub async fn read(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    matching_revision::Entity::find()
        .select_only()
        .column(matching_revision::Column::Revision)
        .into_tuple()
        .one(connection)
        .await?
        .ok_or_else(no_row)
}

fn no_row() -> DbErr {
    DbErr::RecordNotFound("matching_revision has no row".to_owned())
}

/// Counts one more.
pub(super) async fn raise(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let one_more = Expr::col(matching_revision::Column::Revision).add(1);
    let raised = matching_revision::Entity::update_many()
        .col_expr(matching_revision::Column::Revision, one_more)
        .filter(matching_revision::COLUMN.id.eq(1))
        .exec(connection)
        .await?;
    if raised.rows_affected == 1 {
        Ok(())
    } else {
        Err(no_row())
    }
}
