//! How often something was tried: one row for each operation and key, shared by every node.

use sea_orm::entity::prelude::*;

/// A counter by the generic cell rate algorithm: one moment says how much of a quota is used up.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    /// What is tried.
    #[sea_orm(primary_key, auto_increment = false)]
    pub operation: String,
    /// Who or what is counted, as an HMAC in hexadecimal: the key is an address, and addresses are personal data. For jobs it is
    /// their lane, of which the same is true.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: String,
    /// When the next try would be on time if they came evenly, in microseconds since 1970. A moment that has passed means
    /// that nothing of the quota is used up: the row may go.
    pub theoretical_arrival_micros: i64,
}

impl ActiveModelBehavior for ActiveModel {}
