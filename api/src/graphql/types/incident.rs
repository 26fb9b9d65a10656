//! A confidentiality incident.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use entity::incident;

use crate::domain::incidents::list::{self, Filter};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::encode;

/// A confidentiality incident, as the law asks to keep a register of them. It says how many people are concerned, never who.
pub struct Incident(pub incident::Model);

/// A confidentiality incident, as the law asks to keep a register of them. It says how many people are concerned, never who.
#[Object]
impl Incident {
    /// The incident's id.
    async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// What happened to personal data.
    async fn kind(&self) -> IncidentKind {
        self.0.kind.into()
    }

    /// It in words.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// When it was noticed.
    async fn noticed_on(&self) -> NaiveDate {
        self.0.noticed_on
    }

    /// How many people are concerned; null when that is not known.
    async fn people(&self) -> Option<i32> {
        self.0.people
    }

    /// Whether serious injury may come of it.
    async fn risk(&self) -> IncidentRisk {
        self.0.risk.into()
    }

    /// What was done; null while it is open.
    async fn measures(&self) -> Option<&str> {
        self.0.measures.as_deref()
    }

    /// When the privacy commissioner was told.
    async fn commissioner_told_on(&self) -> Option<NaiveDate> {
        self.0.commissioner_told_on
    }

    /// When the people were told.
    async fn people_told_on(&self) -> Option<NaiveDate> {
        self.0.people_told_on
    }

    /// When it was closed; null while it is open.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.0.closed_at
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// What is told about a whole list of incidents.
pub struct IncidentTotals(pub Filter);

/// What is told about a whole list of incidents.
#[Object]
impl IncidentTotals {
    /// How many there are on all pages; costs a statement of its own.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, list::count(request, self.0).await)
    }
}

/// What happened to personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "incident::IncidentKind")]
pub enum IncidentKind {
    /// Someone read them who may not.
    UnauthorizedAccess,
    /// They were used for something else.
    UnauthorizedUse,
    /// They were told to someone who may not know them.
    UnauthorizedDisclosure,
    /// They were lost.
    Loss,
    /// Their protection failed in another way.
    Other,
}

/// Whether serious injury may come of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "incident::IncidentRisk")]
pub enum IncidentRisk {
    /// Nobody has judged it yet.
    Unassessed,
    /// No serious injury is to be expected.
    Low,
    /// Serious injury may come of it.
    Serious,
}
