//! A Canadian city.

use async_graphql::{Context, Object, Result};

use super::labels::{Labels, pick};
use super::language::Language;
use crate::domain::taxonomy;
use crate::graphql::context::RequestExt as _;

/// A Canadian city, to fill in a place from its name.
pub struct Place(pub taxonomy::Place);

/// A Canadian city, to fill in a place from its name.
#[Object]
impl Place {
    /// Its name in one language.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<&str> {
        Ok(pick(ctx.request()?, language, &self.0.en, &self.0.fr))
    }

    /// Its name in both languages.
    async fn labels(&self) -> Labels {
        Labels {
            en: self.0.en.clone(),
            fr: self.0.fr.clone(),
        }
    }

    /// The two letters of its province or territory.
    async fn province(&self) -> &str {
        &self.0.province
    }

    /// Degrees north.
    async fn latitude(&self) -> f64 {
        self.0.latitude
    }

    /// Degrees east.
    async fn longitude(&self) -> f64 {
        self.0.longitude
    }

    /// IANA time zone.
    async fn zone(&self) -> &str {
        &self.0.zone
    }
}
