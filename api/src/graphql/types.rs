//! The API's types, one file each.

pub mod account;
pub mod cause;
pub mod consent;
pub mod labels;
pub mod language;
pub mod localized_text;
pub mod location;
pub mod membership;
pub mod organization;
pub mod pairing;
pub mod pairing_event;
pub mod place;
pub mod placement;
pub mod project;
pub mod role;
pub mod role_family;
pub mod skill;
pub mod skill_category;
pub mod vetting_record;
pub mod volunteer;
pub mod volunteer_lists;
pub mod weekday;
pub mod weekly_window;
