//! Deciding over pairings, answering them, and carrying placements on.

mod message;

use async_graphql::{Context, ID, Object, Result};
use entity::id::PairingId;
use entity::pairing::PairingSide;
use entity::personal::Personal;
use message::{
    AcceptPairingInput, AcceptPairingPayload, ApprovePairingsInput, ApprovePairingsPayload,
    CompletePlacementInput, CompletePlacementPayload, DeclinePairingInput, DeclinePairingPayload,
    EndPlacementInput, EndPlacementPayload, RecallPairingInput, RecallPairingPayload,
    RejectPairingInput, RejectPairingPayload, StartPlacementInput, StartPlacementPayload,
    UndoDeclineInput, UndoDeclinePayload, WithdrawPairingInput, WithdrawPairingPayload,
};

use crate::context::Context as Request;
use crate::domain::pairings::{
    self, accept, approve, decline, recall, reject, undo_decline, withdraw,
};
use crate::domain::placements::change::{self, Change};
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::graphql::types::pairing::Pairing;
use crate::graphql::types::placement::Placement;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct PairingMutation;

#[Object]
impl PairingMutation {
    /// A coordinator says yes to one or many pairings, all or none. They are held for the hold window and then sent.
    async fn approve_pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairings.")] input: ApprovePairingsInput,
    ) -> Result<ApprovePairingsPayload> {
        let request = ctx.request()?;
        let outcome = match input.try_into() {
            Ok(input) => retrying(|| approve::run(request, &input)).await,
            Err(error) => Err(error),
        };
        let (approved, user_errors) = split(request, outcome)?;
        Ok(ApprovePairingsPayload {
            pairings: approved.map(|pairings| pairings.into_iter().map(Pairing).collect()),
            user_errors,
        })
    }

    /// A coordinator says no to a suggestion, an application or an invitation.
    async fn reject_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing, and why.")] input: RejectPairingInput,
    ) -> Result<RejectPairingPayload> {
        let request = ctx.request()?;
        let outcome = match decode(&input.id, "id") {
            Ok(pairing_id) => {
                let input = reject::Input {
                    pairing_id,
                    expected_version: input.expected_version,
                    reason: input.reason.into(),
                    note: input.note.map(Personal::new),
                };
                retrying(|| reject::run(request, &input)).await
            }
            Err(violation) => Err(violation.into()),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(RejectPairingPayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }

    /// A coordinator takes an approval back: unseen within the hold window, with a notice to both sides later.
    async fn recall_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing, and why.")] input: RecallPairingInput,
    ) -> Result<RecallPairingPayload> {
        let request = ctx.request()?;
        let outcome = match decode(&input.id, "id") {
            Ok(pairing_id) => {
                let input = recall::Input {
                    pairing_id,
                    expected_version: input.expected_version,
                    reason: input.reason.into(),
                    note: input.note.map(Personal::new),
                };
                retrying(|| recall::run(request, &input)).await
            }
            Err(violation) => Err(violation.into()),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(RecallPairingPayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }

    /// Says yes to an offer, for the side the actor answers for. The second yes confirms it.
    async fn accept_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing.")] input: AcceptPairingInput,
    ) -> Result<AcceptPairingPayload> {
        let request = ctx.request()?;
        let outcome = match own_side(request, &input.id).await {
            Ok((pairing_id, side)) => {
                let input = accept::Input {
                    pairing_id,
                    side,
                    channel: request.channel,
                };
                retrying(|| accept::run(request, &input)).await
            }
            Err(error) => Err(error),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(AcceptPairingPayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }

    /// Says no, for the side the actor answers for. The other side hears the reason, coordinators also the note.
    async fn decline_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing, and why.")] input: DeclinePairingInput,
    ) -> Result<DeclinePairingPayload> {
        let request = ctx.request()?;
        let outcome = match own_side(request, &input.id).await {
            Ok((pairing_id, side)) => {
                let input = decline::Input {
                    pairing_id,
                    side,
                    reason: input.reason.into(),
                    note: input.note.map(Personal::new),
                };
                retrying(|| decline::run(request, &input)).await
            }
            Err(error) => Err(error),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(DeclinePairingPayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }

    /// Takes a decline back, within the undo window; the pairing stands again where it stood.
    async fn undo_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing.")] input: UndoDeclineInput,
    ) -> Result<UndoDeclinePayload> {
        let request = ctx.request()?;
        let outcome = match own_side(request, &input.id).await {
            Ok((pairing_id, side)) => {
                let input = undo_decline::Input { pairing_id, side };
                retrying(|| undo_decline::run(request, &input)).await
            }
            Err(error) => Err(error),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(UndoDeclinePayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }

    /// Takes an application, or an invitation, back before it went out as an offer.
    async fn withdraw_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing, and why.")] input: WithdrawPairingInput,
    ) -> Result<WithdrawPairingPayload> {
        let request = ctx.request()?;
        let outcome = match decode(&input.id, "id") {
            Ok(pairing_id) => {
                let input = withdraw::Input {
                    pairing_id,
                    reason: input.reason.into(),
                    note: input.note.map(Personal::new),
                };
                retrying(|| withdraw::run(request, &input)).await
            }
            Err(violation) => Err(violation.into()),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(WithdrawPairingPayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }

    /// The work of a placement begins.
    async fn start_placement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which placement.")] input: StartPlacementInput,
    ) -> Result<StartPlacementPayload> {
        let (placement, user_errors) = change_placement(ctx, &input.id, Change::Start).await?;
        Ok(StartPlacementPayload {
            placement,
            user_errors,
        })
    }

    /// The work of a placement is done.
    async fn complete_placement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which placement.")] input: CompletePlacementInput,
    ) -> Result<CompletePlacementPayload> {
        let (placement, user_errors) = change_placement(ctx, &input.id, Change::Complete).await?;
        Ok(CompletePlacementPayload {
            placement,
            user_errors,
        })
    }

    /// A placement ends early; its seat is free again.
    async fn end_placement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which placement, and why.")] input: EndPlacementInput,
    ) -> Result<EndPlacementPayload> {
        let change = Change::End(input.reason.into());
        let (placement, user_errors) = change_placement(ctx, &input.id, change).await?;
        Ok(EndPlacementPayload {
            placement,
            user_errors,
        })
    }
}

/// The pairing and the side for which the actor answers it.
async fn own_side(
    request: &Request,
    id: &ID,
) -> std::result::Result<(PairingId, PairingSide), DomainError> {
    let id = decode(id, "id")?;
    let pairing = pairings::view(request, id).await?;
    Ok((id, pairings::own_side(request, &pairing)?))
}

async fn change_placement(
    ctx: &Context<'_>,
    id: &ID,
    change: Change,
) -> Result<(Option<Placement>, Vec<UserError>)> {
    let request = ctx.request()?;
    let outcome = match decode(id, "id") {
        Ok(placement_id) => {
            let input = change::Input {
                placement_id,
                change,
            };
            retrying(|| change::run(request, &input)).await
        }
        Err(violation) => Err(violation.into()),
    };
    let (placement, user_errors) = split(request, outcome)?;
    Ok((placement.map(Placement), user_errors))
}
