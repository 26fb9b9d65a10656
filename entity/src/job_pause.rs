//! Kinds of jobs of which something that all of them need does not work.

use sea_orm::entity::prelude::*;

/// What is wrong with what a kind of job needs. The row goes when one of them succeeds.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_pause")]
pub struct Model {
    /// The jobs' kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// How many met with it in a row.
    pub faults: i32,
    /// How often they were made to wait for it.
    pub pauses: i32,
    /// None of them begins before; afterwards one at a time.
    pub paused_until: Option<DateTimeUtc>,
    /// What the last one met with; without personal values.
    pub reason: String,
    /// When the first one met with it.
    pub since: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
