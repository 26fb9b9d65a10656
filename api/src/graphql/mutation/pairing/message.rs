//! What goes into the mutations of pairings and placements, and what comes out.

use async_graphql::{ID, InputObject, SimpleObject};
use entity::personal::Personal;

use crate::domain::pairings::approve;
use crate::error::DomainError;
use crate::graphql::error::UserError;
use crate::graphql::id::decode;
use crate::graphql::types::pairing::Pairing;
use crate::graphql::types::pairing_reason::PairingReason;
use crate::graphql::types::placement::{Placement, PlacementEndReason};

/// Which pairings are approved.
#[derive(InputObject)]
pub(super) struct ApprovePairingsInput {
    /// One to a hundred.
    pub(super) pairings: Vec<PairingToApprove>,
    /// For coordinators only, up to 2,000 characters.
    pub(super) note: Option<String>,
}

/// A pairing to approve.
#[derive(InputObject)]
pub(super) struct PairingToApprove {
    /// The pairing's id.
    pub(super) id: ID,
    /// The version that was seen; a changed pairing is then refused as stale.
    pub(super) expected_version: Option<i32>,
}

impl TryFrom<ApprovePairingsInput> for approve::Input {
    type Error = DomainError;

    fn try_from(input: ApprovePairingsInput) -> std::result::Result<Self, DomainError> {
        let mut pairings = Vec::new();
        let mut violations = Vec::new();
        for (index, item) in input.pairings.iter().enumerate() {
            match decode(&item.id, &format!("pairings.{index}.id")) {
                Ok(id) => pairings.push(approve::Choice {
                    id,
                    expected_version: item.expected_version,
                }),
                Err(violation) => violations.push(violation),
            }
        }
        if !violations.is_empty() {
            return Err(DomainError::Rules(violations));
        }
        Ok(Self {
            pairings,
            note: input.note.map(Personal::new),
        })
    }
}

/// The outcome of approving.
#[derive(SimpleObject)]
pub(super) struct ApprovePairingsPayload {
    /// The pairings, held until they are sent, in the order of the input.
    pub(super) pairings: Option<Vec<Pairing>>,
    /// Broken rules, each at its pairing.
    pub(super) user_errors: Vec<UserError>,
}

/// What rejecting needs to know.
#[derive(InputObject)]
pub(super) struct RejectPairingInput {
    /// The pairing's id.
    pub(super) id: ID,
    /// The version that was seen; a changed pairing is then refused as stale.
    pub(super) expected_version: Option<i32>,
    /// Why.
    pub(super) reason: PairingReason,
    /// More about why, for coordinators only, up to 2,000 characters.
    pub(super) note: Option<String>,
}

/// The outcome of rejecting.
#[derive(SimpleObject)]
pub(super) struct RejectPairingPayload {
    /// The pairing as it is now.
    pub(super) pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What recalling needs to know.
#[derive(InputObject)]
pub(super) struct RecallPairingInput {
    /// The pairing's id.
    pub(super) id: ID,
    /// The version that was seen; a changed pairing is then refused as stale.
    pub(super) expected_version: Option<i32>,
    /// Why.
    pub(super) reason: PairingReason,
    /// More about why, for coordinators only, up to 2,000 characters.
    pub(super) note: Option<String>,
}

/// The outcome of recalling.
#[derive(SimpleObject)]
pub(super) struct RecallPairingPayload {
    /// The pairing as it is now.
    pub(super) pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What accepting needs to know.
#[derive(InputObject)]
pub(super) struct AcceptPairingInput {
    /// The pairing's id.
    pub(super) id: ID,
}

/// The outcome of accepting.
#[derive(SimpleObject)]
pub(super) struct AcceptPairingPayload {
    /// The pairing as it is now.
    pub(super) pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What declining needs to know.
#[derive(InputObject)]
pub(super) struct DeclinePairingInput {
    /// The pairing's id.
    pub(super) id: ID,
    /// Why; none is owed.
    #[graphql(default_with = "PairingReason::Unspecified")]
    pub(super) reason: PairingReason,
    /// More about why, for coordinators only, up to 2,000 characters.
    pub(super) note: Option<String>,
}

/// The outcome of declining.
#[derive(SimpleObject)]
pub(super) struct DeclinePairingPayload {
    /// The pairing as it is now.
    pub(super) pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What taking a decline back needs to know.
#[derive(InputObject)]
pub(super) struct UndoDeclineInput {
    /// The pairing's id.
    pub(super) id: ID,
}

/// The outcome of taking a decline back.
#[derive(SimpleObject)]
pub(super) struct UndoDeclinePayload {
    /// The pairing as it is now.
    pub(super) pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What withdrawing needs to know.
#[derive(InputObject)]
pub(super) struct WithdrawPairingInput {
    /// The pairing's id.
    pub(super) id: ID,
    /// Why; none is owed.
    #[graphql(default_with = "PairingReason::Unspecified")]
    pub(super) reason: PairingReason,
    /// More about why, for coordinators only, up to 2,000 characters.
    pub(super) note: Option<String>,
}

/// The outcome of withdrawing.
#[derive(SimpleObject)]
pub(super) struct WithdrawPairingPayload {
    /// The pairing as it is now.
    pub(super) pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What starting a placement needs to know.
#[derive(InputObject)]
pub(super) struct StartPlacementInput {
    /// The placement's id.
    pub(super) id: ID,
}

/// The outcome of starting a placement.
#[derive(SimpleObject)]
pub(super) struct StartPlacementPayload {
    /// The placement as it is now.
    pub(super) placement: Option<Placement>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What completing a placement needs to know.
#[derive(InputObject)]
pub(super) struct CompletePlacementInput {
    /// The placement's id.
    pub(super) id: ID,
}

/// The outcome of completing a placement.
#[derive(SimpleObject)]
pub(super) struct CompletePlacementPayload {
    /// The placement as it is now.
    pub(super) placement: Option<Placement>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}

/// What ending a placement needs to know.
#[derive(InputObject)]
pub(super) struct EndPlacementInput {
    /// The placement's id.
    pub(super) id: ID,
    /// Why.
    pub(super) reason: PlacementEndReason,
}

/// The outcome of ending a placement.
#[derive(SimpleObject)]
pub(super) struct EndPlacementPayload {
    /// The placement as it is now.
    pub(super) placement: Option<Placement>,
    /// Broken rules, each at its field.
    pub(super) user_errors: Vec<UserError>,
}
