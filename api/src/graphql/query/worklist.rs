//! What waits for coordinators.

use async_graphql::{Context, ID, Object, Result};
use entity::worklist_note;

use crate::domain::worklist::list::{Assignee, Filter};
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::decode;
use crate::graphql::types::worklist::{Worklist, WorklistKind};
use crate::policy::worklist::{WorklistAction, decide};

#[derive(Default)]
pub(super) struct WorklistQuery;

#[Object]
impl WorklistQuery {
    /// Everything that waits for coordinators in one list, the most overdue first: organizations to vet, projects to review,
    /// applications and suggestions to decide, offers without an answer of the organization, placements to ask about, mails to
    /// look at. For coordinators.
    async fn worklist(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only things of these kinds; all when left out.")] kinds: Option<
            Vec<WorklistKind>,
        >,
        #[graphql(desc = "Only what this account sees to.")] assignee_id: Option<ID>,
        #[graphql(desc = "Only what nobody sees to yet.", default)] is_unassigned: bool,
        #[graphql(desc = "So many things, 1 to 100.", default = 50)] first: i32,
    ) -> Result<Worklist> {
        let request = ctx.request()?;
        let allowed = decide(&request.actor, WorklistAction::View).require();
        graphql(request, allowed)?;
        let assignee = match (assignee_id, is_unassigned) {
            (_, true) => Assignee::Nobody,
            (Some(id), false) => {
                let id = decode(&id, "assigneeId").map_err(DomainError::from);
                Assignee::Account(graphql(request, id)?)
            }
            (None, false) => Assignee::Any,
        };
        let all = || worklist_note::WorklistKind::ALL.to_vec();
        let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
        let filter = Filter {
            kinds: kinds.unwrap_or_else(all),
            assignee,
        };
        Ok(Worklist { filter, first })
    }
}
