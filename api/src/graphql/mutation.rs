//! The entry points for writing: `verbNoun(input: VerbNounInput!): VerbNounPayload!`, broken rules as `userErrors`.

mod account;
mod consent;
mod pairing;
mod volunteer;

use async_graphql::MergedObject;

/// Everything that can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    account::AccountMutation,
    consent::ConsentMutation,
    pairing::PairingMutation,
    volunteer::VolunteerMutation,
);
