//! What is stored: one module per table in SeaORM's form, the enums their columns hold, typed ids, and the
//! type of what is personal.
//!
//! A database shape and no more: no business rule, no clock, no randomness, no GraphQL and no HTTP. The
//! schema itself, with every constraint, is made by the `migration` crate; a test compares the two.
#![expect(
    missing_docs,
    reason = "a column is named by the word the project has for it; documented is what a name cannot say: units, ranges, meanings"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "SeaORM's model macro writes a `begin` for saving nested models, which nobody may call here"
)]

pub mod account;
pub mod account_activity;
pub mod account_token;
pub mod actor_kind;
pub mod audit_event;
pub mod cause;
pub mod check_in;
mod choice;
pub mod conflict_of_interest;
pub mod consent;
pub mod follow_up;
pub mod id;
pub mod idempotency_key;
pub mod identity;
pub mod incident;
pub mod job;
pub mod job_pause;
pub mod language;
pub mod location_mode;
pub mod mail_message;
pub mod matching_revision;
pub mod membership;
pub mod organization;
pub mod pairing;
pub mod pairing_event;
pub mod pairing_rule;
pub mod passkey;
pub mod passkey_challenge;
pub mod pending_log_in;
pub mod personal;
pub mod personal_read;
pub mod placement;
pub mod project;
pub mod project_cause;
pub mod recovery_code;
pub mod refresh_token;
pub mod role;
pub mod role_family;
pub mod role_family_skill;
pub mod role_language;
pub mod role_skill;
pub mod role_window;
pub mod round;
pub mod round_pairing;
pub mod round_proof;
pub mod second_factor;
pub mod session;
pub mod signing_key;
pub mod skill;
pub mod skill_alias;
pub mod skill_category;
pub mod skill_relation;
pub mod suppression;
pub mod throttle;
pub mod time_off;
pub mod vetting_record;
pub mod volunteer;
pub mod volunteer_cause;
pub mod volunteer_language;
pub mod volunteer_skill;
pub mod volunteer_window;
pub mod weekday;
pub mod worklist_note;

pub use choice::UnknownChoice;
