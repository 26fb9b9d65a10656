//! Plain data with validating constructors: what the engine reads.
//!
//! Ids are opaque strings, since the crate knows no database. Unknown is `None` and never the same as empty. No name,
//! address or protected attribute has a place here. A value that exists has passed its rules; the rules that need
//! several values together are in [`Volunteer::new`], [`Role::new`], [`Taxonomy::new`] and [`Snapshot::new`].

mod id;
mod invalid;
mod language;
mod likeness;
mod locale;
mod place;
mod quantity;
mod role;
mod set;
mod skill;
mod snapshot;
mod time;
mod volunteer;
mod weights;

pub use id::{CauseId, OrganizationId, RoleId, SkillId, VolunteerId};
pub use invalid::{Expected, Invalid, Rule};
pub use language::LanguageCode;
pub use likeness::likeliest;
pub use locale::Locale;
pub use place::{Point, Setting};
pub use quantity::{BasisPoints, Hours, Level, NeedWeight, Years};
pub use role::{Meeting, Role, RoleFacts};
pub use set::Set;
pub use skill::{NeedKind, SkillHave, SkillNeed, SkillRelation, Taxonomy};
pub use snapshot::{Pin, Prohibition, ProhibitionCause, Snapshot, SnapshotFacts};
pub use time::{TimeOff, WeeklyWindow, parse_zone};
pub use volunteer::{Availability, Standing, Volunteer, VolunteerFacts};
pub use weights::{
    AdjustmentWeights, AssignmentWeights, CauseWeights, EvidenceWeights, GatePolicy, HoursWeights,
    LanguageWeights, MeetingWeights, PlaceWeights, RoleViewWeights, SkillWeights, Step,
    VolunteerViewWeights, Weights, WeightsError, WeightsFault, WeightsFaultKind, WishWeights,
};
