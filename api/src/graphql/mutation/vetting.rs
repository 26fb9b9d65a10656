//! Vetting, by coordinators.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::payload::{payloads, versioned_inputs};
use crate::domain::organizations;
use crate::error::Violation;
use crate::graphql::context::RequestExt as _;
use crate::graphql::id::decode;
use crate::graphql::types::organization::Organization;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct VettingMutation;

#[Object]
impl VettingMutation {
    /// Begins the review of an organization, so that no other coordinator does the same. For coordinators.
    async fn start_organization_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: StartOrganizationReviewInput,
    ) -> Result<StartOrganizationReviewPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::start_review::run(request, &input)).await
        };
        StartOrganizationReviewPayload::new(request, outcome.await)
    }

    /// Accepts an organization on evidence, for a time; or extends that time. For coordinators, never for their own.
    async fn vet_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and on which evidence.")] input: VetOrganizationInput,
    ) -> Result<VetOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::vet::run(request, &input)).await
        };
        VetOrganizationPayload::new(request, outcome.await)
    }

    /// Gives an organization back with questions, which are mailed. For coordinators.
    async fn ask_organization_info(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and what is asked.")] input: AskOrganizationInfoInput,
    ) -> Result<AskOrganizationInfoPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::ask_info::run(request, &input)).await
        };
        AskOrganizationInfoPayload::new(request, outcome.await)
    }

    /// Does not accept an organization. For coordinators.
    async fn reject_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and on which evidence.")] input: RejectOrganizationInput,
    ) -> Result<RejectOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::reject::run(request, &input)).await
        };
        RejectOrganizationPayload::new(request, outcome.await)
    }

    /// Doubts a vetted organization; its listings are hidden. For coordinators.
    async fn flag_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and on which evidence.")] input: FlagOrganizationInput,
    ) -> Result<FlagOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::flag::run(request, &input)).await
        };
        FlagOrganizationPayload::new(request, outcome.await)
    }

    /// Lifts the doubt about an organization. For coordinators.
    async fn reinstate_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and on which evidence.")]
        input: ReinstateOrganizationInput,
    ) -> Result<ReinstateOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::reinstate::run(request, &input)).await
        };
        ReinstateOrganizationPayload::new(request, outcome.await)
    }
}

versioned_inputs! {
    organizations::start_review::Input, organization_id, "organizationId", "The organization.";
    /// Which organization to review.
    StartOrganizationReviewInput,
}

/// Which organization, and what is asked.
#[derive(InputObject)]
struct AskOrganizationInfoInput {
    /// The organization.
    organization_id: ID,
    /// The version you read.
    expected_version: i32,
    /// What is asked, 1 to 4,000 characters; mailed as it is.
    questions: String,
    /// What was looked at so far, up to 4,000 characters.
    evidence: Option<String>,
}

impl AskOrganizationInfoInput {
    fn decode(self) -> std::result::Result<organizations::ask_info::Input, Violation> {
        Ok(organizations::ask_info::Input {
            id: decode(&self.organization_id, "organizationId")?,
            expected_version: self.expected_version,
            questions: self.questions,
            evidence: self.evidence,
        })
    }
}

/// Declares the inputs of decisions on evidence.
macro_rules! decision_inputs {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(InputObject)]
        struct $name {
            /// The organization.
            organization_id: ID,
            /// The version you read.
            expected_version: i32,
            /// What was looked at, 1 to 4,000 characters.
            evidence: String,
            /// For the other coordinators, up to 4,000 characters.
            note: Option<String>,
        }

        impl $name {
            fn decode(self) -> std::result::Result<organizations::vet::Input, Violation> {
                Ok(organizations::vet::Input {
                    id: decode(&self.organization_id, "organizationId")?,
                    expected_version: self.expected_version,
                    evidence: self.evidence,
                    note: self.note,
                })
            }
        }
    )+};
}

decision_inputs! {
    /// Which organization to vet, and on which evidence.
    VetOrganizationInput,
    /// Which organization to reject, and on which evidence.
    RejectOrganizationInput,
    /// Which organization to flag, and on which evidence.
    FlagOrganizationInput,
    /// Which organization to reinstate, and on which evidence.
    ReinstateOrganizationInput,
}

payloads! {
    entity::organization::Model => Organization as organization: Organization, "The organization as it is now.";
    /// The outcome of beginning a review.
    StartOrganizationReviewPayload,
    /// The outcome of vetting an organization.
    VetOrganizationPayload,
    /// The outcome of asking an organization.
    AskOrganizationInfoPayload,
    /// The outcome of rejecting an organization.
    RejectOrganizationPayload,
    /// The outcome of flagging an organization.
    FlagOrganizationPayload,
    /// The outcome of reinstating an organization.
    ReinstateOrganizationPayload,
}
