//! What waits for coordinators.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, Union};
use chrono::{DateTime, Utc};
use entity::id::{MailMessageId, OrganizationId, PairingId, PlacementId, ProjectId, RoleId};
use entity::worklist_note;

use super::account::Account;
use super::mail_trouble::MailTrouble;
use super::organization::Organization;
use super::pairing::Pairing;
use super::placement::Placement;
use super::project::Project;
use super::role::Role;
use crate::domain::worklist::Subject;
use crate::domain::worklist::list::{self, Count, Filter, Item};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;

/// What waits for coordinators, the most overdue first.
pub struct Worklist {
    /// Which part of it.
    pub filter: Filter,
    /// So many things of it.
    pub first: i32,
}

/// What waits for coordinators, the most overdue first.
#[Object]
impl Worklist {
    /// The first things on the list.
    async fn items(&self, ctx: &Context<'_>) -> Result<Vec<WorklistItem>> {
        let request = ctx.request()?;
        let items = graphql(request, list::run(request, &self.filter, self.first).await)?;
        Ok(items.into_iter().map(WorklistItem).collect())
    }

    /// How much of each kind waits, and how much longer than it may. Costs statements of its own.
    async fn counts(&self, ctx: &Context<'_>) -> Result<Vec<WorklistCount>> {
        let request = ctx.request()?;
        let counts = graphql(request, list::counts(request, &self.filter).await)?;
        Ok(counts.into_iter().map(WorklistCount::from).collect())
    }
}

/// One thing that waits.
pub struct WorklistItem(pub Item);

/// One thing that waits.
#[Object]
impl WorklistItem {
    /// What is to be done.
    async fn kind(&self) -> WorklistKind {
        self.0.subject.0.into()
    }

    /// The id of the thing.
    async fn subject_id(&self) -> ID {
        global(self.0.subject)
    }

    /// The thing.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<WorklistSubject>> {
        load(ctx, self.0.subject).await
    }

    /// Since when it waits.
    async fn waiting_since(&self) -> DateTime<Utc> {
        self.0.since
    }

    /// Until when it may wait.
    async fn due_at(&self) -> DateTime<Utc> {
        self.0.due_at
    }

    /// Whether it waits longer than it may.
    async fn is_overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.0.due_at <= ctx.request()?.now())
    }

    /// Who sees to it.
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let Some(id) = self.0.assignee_id else {
            return Ok(None);
        };
        let account = ctx.loaders()?.load_one(id).await;
        match loaded(ctx.request()?, account)? {
            Some(account) => Account::visible(ctx, account),
            None => Ok(None),
        }
    }
}

/// A thing that may wait for coordinators.
#[derive(Union)]
pub enum WorklistSubject {
    /// To be vetted.
    Organization(Organization),
    /// To be reviewed.
    Project(Project),
    /// To be decided, or to be answered by its organization.
    Pairing(Pairing),
    /// To be filled: its `reserve` first, then its `suggestions`.
    Role(Role),
    /// To be asked about.
    Placement(Placement),
    /// To be looked at.
    MailTrouble(MailTrouble),
}

async fn load(ctx: &Context<'_>, (kind, id): Subject) -> Result<Option<WorklistSubject>> {
    use worklist_note::WorklistKind as Kind;
    let request = ctx.request()?;
    let loaders = ctx.loaders()?;
    Ok(match kind {
        Kind::Vetting => {
            let found = loaders.load_one(OrganizationId::new(id)).await;
            let found = loaded(request, found)?.map(Organization);
            found.map(WorklistSubject::Organization)
        }
        Kind::Review => {
            let found = loaders.load_one(ProjectId::new(id)).await;
            let found = loaded(request, found)?.map(Project);
            found.map(WorklistSubject::Project)
        }
        Kind::Application | Kind::Suggestion | Kind::Offer => {
            let found = loaders.load_one(PairingId::new(id)).await;
            let found = loaded(request, found)?.map(Pairing);
            found.map(WorklistSubject::Pairing)
        }
        Kind::Seat => {
            let found = loaders.load_one(RoleId::new(id)).await;
            let found = loaded(request, found)?.map(Role);
            found.map(WorklistSubject::Role)
        }
        Kind::Placement => {
            let found = loaders.load_one(PlacementId::new(id)).await;
            let found = loaded(request, found)?.map(Placement);
            found.map(WorklistSubject::Placement)
        }
        Kind::Mail => {
            let found = loaders.load_one(MailMessageId::new(id)).await;
            let found = loaded(request, found)?.map(MailTrouble);
            found.map(WorklistSubject::MailTrouble)
        }
    })
}

fn global((kind, id): Subject) -> ID {
    use worklist_note::WorklistKind as Kind;
    match kind {
        Kind::Vetting => encode(&OrganizationId::new(id)),
        Kind::Review => encode(&ProjectId::new(id)),
        Kind::Application | Kind::Suggestion | Kind::Offer => encode(&PairingId::new(id)),
        Kind::Seat => encode(&RoleId::new(id)),
        Kind::Placement => encode(&PlacementId::new(id)),
        Kind::Mail => encode(&MailMessageId::new(id)),
    }
}

/// How much of a kind waits.
#[derive(SimpleObject)]
pub struct WorklistCount {
    /// Of which kind.
    kind: WorklistKind,
    /// In all.
    total_count: u64,
    /// Longer than it may.
    overdue_count: u64,
}

impl From<Count> for WorklistCount {
    fn from(count: Count) -> Self {
        Self {
            kind: count.kind.into(),
            total_count: count.total,
            overdue_count: count.overdue,
        }
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "worklist_note::WorklistKind")]
pub enum WorklistKind {
    /// Vet an organization.
    Vetting,
    /// Review a project.
    Review,
    /// Decide over somebody who came forward for a role.
    Application,
    /// Decide over a suggestion.
    Suggestion,
    /// Ask an organization that has not answered an offer.
    Offer,
    /// Find somebody for a seat: whoever was asked for it declined, did not answer, or left. The role's `reserve` said yes
    /// when it was full; its `suggestions` are the best of the others now.
    Seat,
    /// Ask about a placement that nobody hears of, or whose volunteer needs help.
    Placement,
    /// Look at a mail that was given up, came back, or was called spam.
    Mail,
}
