//! Languages: what is required is a gate and worth a fixed part; the rest is the share of the preferred ones spoken.
//! `value = required + (10 000 − required) × spoken ÷ preferred`, full value when none are preferred, and 0 when a
//! required one is missing.

use super::super::index::{PreparedRole, PreparedVolunteer};
use super::Reading;
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let (required, preferred) = (
        &role.facts.required_languages,
        &role.facts.preferred_languages,
    );
    if required.is_empty() && preferred.is_empty() {
        return None;
    }
    let Some(spoken) = &volunteer.facts.languages else {
        return Some(Reading::unknown(weights));
    };
    if !required.is_subset(spoken) {
        return Some(Reading::known(0));
    }
    let base = u32::from(weights.languages.required.get());
    let liked = u32::try_from(preferred.intersection(spoken).count()).ok()?;
    let asked = u32::try_from(preferred.len()).ok()?;
    let rest = 10_000 - base;
    let extra = (rest * liked).checked_div(asked).unwrap_or(rest);
    Some(Reading::known(u16::try_from(base + extra).ok()?))
}
