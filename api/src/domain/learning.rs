//! Learning from what became of proposed pairs. It reports, and people decide: nothing here changes the policy.
//!
//! `matcher::learning` computes; `outcomes` reads for it what people answered.

pub mod calibrate;
pub mod outcomes;
pub mod refit;
pub mod replay;

use std::collections::BTreeSet;

use matcher::learning::{Criterion, Target};

use super::pairings::reason::Reason;

/// Reasons that say nothing of the fit of the two.
const BESIDE_THE_POINT: [Reason; 7] = [
    Reason::NoLongerNeeded,
    Reason::Mistake,
    Reason::ProjectChanged,
    Reason::RoleFilled,
    Reason::RoleClosed,
    Reason::ProjectClosed,
    Reason::OrganizationUnavailable,
];

/// The outcomes that count for a question.
fn criterion(target: Target) -> Criterion {
    let codes = BESIDE_THE_POINT.iter().map(|reason| reason.as_str());
    Criterion {
        target,
        beside_the_point: codes.map(str::to_owned).collect::<BTreeSet<_>>(),
    }
}
