//! Causes in common: their count predicts satisfaction and intent to stay (Stukas et al., NVSQ 38(1), 2009).
//! `value = causes shared ÷ min(causes of the role, enough)`.

use super::super::index::{PreparedRole, PreparedVolunteer};
use super::{Reading, share};
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    if role.causes.is_empty() {
        return None;
    }
    let Some(cared_for) = &volunteer.causes else {
        return Some(Reading::unknown(weights));
    };
    let shared = role.causes.shared_with(cared_for);
    let enough = role.causes.len().min(usize::from(weights.causes.enough));
    Some(Reading::known(share(shared as u64, enough as u64)))
}
