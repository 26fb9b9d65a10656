//! The engine: a snapshot and weights in, pairings with reasons out. Pure: no `async`, no clock, no input or output.
//!
//! The same inputs and version give the same result, bit for bit, in any order of the inputs and on any number of
//! threads. `gate` says who may be proposed, `score` how well a pair fits, `candidates` finds the pairs, `assign` chooses
//! for everybody at once, `round` runs all of it, `warm` keeps what a change does not touch, `fairness` says how evenly it
//! gives, `explain` puts it in words.

pub mod assign;
mod calendar;
pub mod candidates;
pub mod evaluate;
pub mod explain;
pub mod fairness;
pub mod fit;
pub mod gate;
mod globe;
mod index;
mod outlook;
mod quick;
pub mod round;
mod score;
mod seats;
mod standing;
mod unmatched;
pub mod warm;

pub use candidates::{Candidates, Depth, Ranked, TopLists};
pub use evaluate::{
    Appraisal, Evaluation, Suggestion, appraise, evaluate, top_for_each_role,
    top_for_each_role_with_progress, top_for_role, top_for_volunteer,
};
pub use explain::{IdLabels, Labels};
pub use fairness::Fairness;
pub use fit::{Detail, Factor, Fit, Loss};
pub use gate::{Blocked, Change, Gate, GateCode};
pub use outlook::{Outlook, outlook_of_role, outlook_of_volunteer};
pub use quick::{Quick, quick_pairings};
pub use round::{Pairing, Progress, Round, RoundOptions, pairings, round, round_with_progress};
pub use score::{FactorCode, View};
pub use standing::{Ahead, Difference, Standing, standing};
pub use unmatched::{Demand, Nearest, UnmatchedRole, UnmatchedVolunteer};
pub use warm::{Edit, EditError, Warm, WarmGraph};

/// Version of the engine: changes whenever the same inputs may give another result.
pub const VERSION: &str = "3";
