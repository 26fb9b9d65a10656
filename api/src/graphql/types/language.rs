//! The two official languages.

use async_graphql::Enum;

/// One of the two official languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::language::Language")]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
}
