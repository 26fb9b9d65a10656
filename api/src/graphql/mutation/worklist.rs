//! Who sees to what on the coordinators' worklist.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::id::{MailMessageId, OrganizationId, PairingId, PlacementId, ProjectId, RoleId};
use entity::worklist_note;

use crate::domain::worklist::Subject;
use crate::domain::worklist::note::{self, Said};
use crate::error::{DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::graphql::types::worklist::WorklistKind;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct WorklistMutation;

#[Object]
impl WorklistMutation {
    /// Says who sees to things on the worklist, all of them or none; with nobody, that is taken back. For coordinators.
    async fn assign_worklist_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which things, and who.")] input: AssignWorklistItemsInput,
    ) -> Result<AssignWorklistItemsPayload> {
        let said = match &input.assignee_id {
            Some(id) => decode(id, "assigneeId").map(|id| Said::Assigned(Some(id))),
            None => Ok(Said::Assigned(None)),
        };
        let user_errors = note(ctx, &input.items, said).await?;
        Ok(AssignWorklistItemsPayload { user_errors })
    }

    /// Takes offers, placements and mails off the worklist, all that are named or none, or puts them back. What happens to them
    /// later waits again. For coordinators.
    async fn settle_worklist_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which things.")] input: SettleWorklistItemsInput,
    ) -> Result<SettleWorklistItemsPayload> {
        let said = Ok(Said::Settled(input.is_settled));
        let user_errors = note(ctx, &input.items, said).await?;
        Ok(SettleWorklistItemsPayload { user_errors })
    }
}

async fn note(
    ctx: &Context<'_>,
    items: &[WorklistItemInput],
    said: Result<Said, Violation>,
) -> Result<Vec<UserError>> {
    let request = ctx.request()?;
    let outcome = async {
        let mut subjects = Vec::new();
        for (place, item) in items.iter().enumerate() {
            subjects.push(item.decode(place)?);
        }
        let input = note::Input {
            subjects,
            said: said?,
        };
        retrying(|| note::run(request, &input)).await
    };
    let outcome: std::result::Result<(), DomainError> = outcome.await;
    let (_, user_errors) = split(request, outcome)?;
    Ok(user_errors)
}

/// Something on the worklist.
#[derive(InputObject)]
struct WorklistItemInput {
    /// What is to be done.
    kind: WorklistKind,
    /// The id of the thing.
    subject_id: ID,
}

impl WorklistItemInput {
    fn decode(&self, place: usize) -> std::result::Result<Subject, Violation> {
        use worklist_note::WorklistKind as Kind;
        let field = format!("items.{place}.subjectId");
        let kind = self.kind.into();
        let id = match kind {
            Kind::Vetting => decode::<OrganizationId>(&self.subject_id, &field)?.uuid(),
            Kind::Review => decode::<ProjectId>(&self.subject_id, &field)?.uuid(),
            Kind::Application | Kind::Suggestion | Kind::Offer => {
                decode::<PairingId>(&self.subject_id, &field)?.uuid()
            }
            Kind::Seat => decode::<RoleId>(&self.subject_id, &field)?.uuid(),
            Kind::Placement => decode::<PlacementId>(&self.subject_id, &field)?.uuid(),
            Kind::Mail => decode::<MailMessageId>(&self.subject_id, &field)?.uuid(),
        };
        Ok((kind, id))
    }
}

/// Which things, and who sees to them.
#[derive(InputObject)]
struct AssignWorklistItemsInput {
    /// The things, 1 to 100.
    items: Vec<WorklistItemInput>,
    /// A coordinator or an administrator; nobody when left out.
    assignee_id: Option<ID>,
}

/// Which things are seen to.
#[derive(InputObject)]
struct SettleWorklistItemsInput {
    /// The things, 1 to 100: offers, seats, placements or mails.
    items: Vec<WorklistItemInput>,
    /// False puts them back on the list.
    #[graphql(default = true)]
    is_settled: bool,
}

/// The outcome of saying who sees to things.
#[derive(SimpleObject)]
struct AssignWorklistItemsPayload {
    /// Broken rules, each at its field; nothing was changed when there are any.
    user_errors: Vec<UserError>,
}

/// The outcome of taking things off the worklist.
#[derive(SimpleObject)]
struct SettleWorklistItemsPayload {
    /// Broken rules, each at its field; nothing was changed when there are any.
    user_errors: Vec<UserError>,
}
