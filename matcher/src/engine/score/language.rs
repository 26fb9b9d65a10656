//! Languages: what is required is a gate and worth a fixed part; the rest is the share of the preferred ones spoken.
//! `value = required + (10 000 − required) × spoken ÷ preferred`, full value when none are preferred, and 0 when a
//! required one is missing.

use super::super::index::{PreparedRole, PreparedVolunteer};
use super::Reading;
use crate::model::{BasisPoints, Weights};

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let (required, preferred) = (&role.required_languages, &role.preferred_languages);
    if required.is_empty() && preferred.is_empty() {
        return None;
    }
    let Some(spoken) = &volunteer.languages else {
        return Some(Reading::unknown(weights));
    };
    if !required.is_subset_of(spoken) {
        return Some(Reading::known(0));
    }
    let base = weights.languages.required.get();
    let liked = preferred.shared_with(spoken) as u64;
    let extra = u64::from(10_000 - base) * liked;
    let extra = extra
        .checked_div(preferred.len() as u64)
        .unwrap_or(u64::from(10_000 - base));
    Some(Reading::known(
        BasisPoints::capped(u64::from(base) + extra).get(),
    ))
}
