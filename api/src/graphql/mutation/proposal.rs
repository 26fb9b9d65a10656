//! Proposing a pair outside of any round.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::personal::Personal;

use super::matching::couple;
use crate::domain::matching::propose;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::types::pairing::Pairing;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct ProposalMutation;

#[Object]
impl ProposalMutation {
    /// Proposes a role and a volunteer to each other, outside of any round: somebody from the role's reserve, or the next best after a
    /// decline. It becomes a suggestion with the engine's word on it, to be decided like others. For coordinators who belong to
    /// neither side.
    async fn propose_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which two.")] input: ProposePairingInput,
    ) -> Result<ProposePairingPayload> {
        let request = ctx.request()?;
        let outcome = match couple(&input.role_id, &input.volunteer_id) {
            Ok((role_id, volunteer_id)) => {
                let input = propose::Input {
                    role_id,
                    volunteer_id,
                    note: input.note.map(Personal::new),
                };
                retrying(|| propose::run(request, &input)).await
            }
            Err(error) => Err(error),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(ProposePairingPayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }
}

/// The two who are proposed to each other.
#[derive(InputObject)]
struct ProposePairingInput {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
    /// Why, for other coordinators; up to 2,000 characters.
    note: Option<String>,
}

/// The outcome of proposing two to each other.
#[derive(SimpleObject)]
struct ProposePairingPayload {
    /// The suggestion.
    pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
