//! The entry points for writing: `verbNoun(input: VerbNounInput!): VerbNounPayload!`, broken rules as `userErrors`.

mod account;
mod administration;
mod consent;
mod email_change;
mod erasure;
mod follow_up;
#[cfg(feature = "oidc")]
mod identity;
mod job;
mod mail;
mod matching;
mod membership;
mod organization;
mod pairing;
#[cfg(feature = "passkeys")]
mod passkey;
mod payload;
mod project;
mod project_life;
mod proposal;
mod role;
mod second_factor;
mod session;
mod vetting;
mod volunteer;
mod worklist;

use async_graphql::MergedObject;

/// Everything that can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    account::AccountMutation,
    administration::AdministrationMutation,
    consent::ConsentMutation,
    email_change::EmailChangeMutation,
    erasure::ErasureMutation,
    follow_up::FollowUpMutation,
    #[cfg(feature = "oidc")] identity::IdentityMutation,
    job::JobMutation,
    mail::MailMutation,
    matching::MatchingMutation,
    membership::MembershipMutation,
    organization::OrganizationMutation,
    pairing::PairingMutation,
    #[cfg(feature = "passkeys")] passkey::PasskeyMutation,
    project::ProjectMutation,
    project_life::ProjectLifeMutation,
    proposal::ProposalMutation,
    role::RoleMutation,
    second_factor::SecondFactorMutation,
    session::SessionMutation,
    vetting::VettingMutation,
    volunteer::VolunteerMutation,
    worklist::WorklistMutation,
);
