//! Organizations, by those who run them.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::payload::{change, payloads, versioned_inputs};
use crate::domain::organizations;
use crate::error::Violation;
use crate::graphql::context::RequestExt as _;
use crate::graphql::id::decode;
use crate::graphql::types::language::Language;
use crate::graphql::types::localized_text::LocalizedTextInput;
use crate::graphql::types::organization::{Organization, OrganizationKind};
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct OrganizationMutation;

#[Object]
impl OrganizationMutation {
    /// Creates an organization: a draft that you own. One that is here already is refused, with the way to join it.
    async fn create_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says about itself.")] input: CreateOrganizationInput,
    ) -> Result<CreateOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::create::run(request, &input)).await
        };
        CreateOrganizationPayload::new(request, outcome.await)
    }

    /// Changes what an organization says about itself.
    async fn update_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What shall change.")] input: UpdateOrganizationInput,
    ) -> Result<UpdateOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::update::run(request, &input)).await
        };
        UpdateOrganizationPayload::new(request, outcome.await)
    }

    /// Hands an organization in for vetting.
    async fn submit_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: SubmitOrganizationInput,
    ) -> Result<SubmitOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::submit::run(request, &input)).await
        };
        SubmitOrganizationPayload::new(request, outcome.await)
    }

    /// Takes an organization back; its listings are hidden.
    async fn withdraw_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and why.")] input: WithdrawOrganizationInput,
    ) -> Result<WithdrawOrganizationPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::withdraw::run(request, &input)).await
        };
        WithdrawOrganizationPayload::new(request, outcome.await)
    }
}

/// What an organization says about itself.
#[derive(InputObject)]
struct CreateOrganizationInput {
    /// Its name, 1 to 120 characters.
    name: String,
    /// What makes it one of public benefit.
    kind: OrganizationKind,
    /// Registration number of a charity: nine digits, RR, four digits.
    charity_number: Option<String>,
    /// Web address.
    website: Option<String>,
    /// City.
    city: Option<String>,
    /// The two letters of the province or territory.
    province: Option<String>,
    /// The language in which the description is given at least.
    original_language: Language,
    /// What it does, up to 4,000 characters a language.
    description: LocalizedTextInput,
}

impl CreateOrganizationInput {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "inputs are all decoded alike; this one has no id that could be wrong"
    )]
    fn decode(self) -> std::result::Result<organizations::create::Details, Violation> {
        Ok(organizations::create::Details {
            name: self.name,
            kind: self.kind.into(),
            charity_number: self.charity_number,
            website: self.website,
            city: self.city,
            province: self.province,
            original_language: self.original_language.into(),
            description: self.description.into(),
        })
    }
}

/// What shall change; what is absent stays, null empties.
#[derive(InputObject)]
struct UpdateOrganizationInput {
    /// The organization.
    organization_id: ID,
    /// The version you read.
    expected_version: i32,
    /// Its name, 1 to 120 characters.
    name: Option<String>,
    /// What makes it one of public benefit.
    kind: Option<OrganizationKind>,
    /// Registration number of a charity: nine digits, RR, four digits.
    charity_number: MaybeUndefined<String>,
    /// Web address.
    website: MaybeUndefined<String>,
    /// City.
    city: MaybeUndefined<String>,
    /// The two letters of the province or territory.
    province: MaybeUndefined<String>,
    /// The language in which the description is given at least.
    original_language: Option<Language>,
    /// What it does; replaces both languages.
    description: Option<LocalizedTextInput>,
}

impl UpdateOrganizationInput {
    fn decode(self) -> std::result::Result<organizations::update::Input, Violation> {
        Ok(organizations::update::Input {
            id: decode(&self.organization_id, "organizationId")?,
            expected_version: self.expected_version,
            name: self.name,
            kind: self.kind.map(Into::into),
            charity_number: change(self.charity_number),
            website: change(self.website),
            city: change(self.city),
            province: change(self.province),
            original_language: self.original_language.map(Into::into),
            description: self.description.map(Into::into),
        })
    }
}

versioned_inputs! {
    organizations::submit::Input, organization_id, "organizationId", "The organization.";
    /// Which organization to submit.
    SubmitOrganizationInput,
}

/// Which organization to withdraw, and why.
#[derive(InputObject)]
struct WithdrawOrganizationInput {
    /// The organization.
    organization_id: ID,
    /// The version you read.
    expected_version: i32,
    /// Why, 1 to 4,000 characters; coordinators read it.
    reason: String,
}

impl WithdrawOrganizationInput {
    fn decode(self) -> std::result::Result<organizations::withdraw::Input, Violation> {
        Ok(organizations::withdraw::Input {
            id: decode(&self.organization_id, "organizationId")?,
            expected_version: self.expected_version,
            reason: self.reason,
        })
    }
}

payloads! {
    entity::organization::Model => Organization as organization: Organization, "The organization as it is now.";
    /// The outcome of creating an organization.
    CreateOrganizationPayload,
    /// The outcome of changing an organization.
    UpdateOrganizationPayload,
    /// The outcome of submitting an organization.
    SubmitOrganizationPayload,
    /// The outcome of withdrawing an organization.
    WithdrawOrganizationPayload,
}
