//! Counts the transactions that wrote what the matcher reads, so that every node can tell at once whether what it keeps in
//! memory is of today. One row.

use sea_orm::entity::prelude::*;

/// The count.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matching_revision")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i16,
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}
