//! The use cases, one a file, each with its input and its `run`: load what the actor may see, authorize, check the
//! rules, write in one transaction together with the jobs that follow.

pub mod accounts;
pub mod audit;
pub mod follow_ups;
pub mod idempotency;
pub mod incidents;
pub mod jobs;
pub mod language_code;
pub mod learning;
pub mod mails;
pub mod matching;
pub mod organizations;
pub mod pairings;
pub mod personal_reads;
pub mod place;
pub mod placements;
pub mod privacy;
pub mod projects;
pub mod retention;
pub mod roles;
pub mod signing_keys;
pub mod slug;
pub mod taxonomy;
pub mod text;
pub mod version;
pub mod volunteers;
pub mod weekly_window;
pub mod worklist;
