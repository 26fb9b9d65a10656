//! Nearness: remote work is full value for those who work remotely; else `value = table[distance × 100 ÷ radius]`.

use super::super::globe::distance_km;
use super::super::index::{PreparedRole, PreparedVolunteer};
use super::{Reading, step};
use crate::model::Weights;

#[expect(
    clippy::unnecessary_wraps,
    reason = "every factor has this shape; a place is always asked"
)]
pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    if role.facts.setting.is_remote() {
        return Some(match volunteer.is_remote_ok {
            None => Reading::unknown(weights),
            Some(true) => Reading::known(10_000),
            Some(false) => Reading::known(0),
        });
    }
    let (Some(there), Some(here), Some(radius)) =
        (role.direction, volunteer.direction, volunteer.radius_km)
    else {
        return Some(Reading::unknown(weights));
    };
    Some(Reading::known(value(
        distance_km(there, here),
        radius,
        weights,
    )))
}

/// What a distance is worth for a radius. Beyond it the gate is closed; what is measured there says nothing for the pair.
pub(crate) fn value(distance_km: u32, radius_km: u16, weights: &Weights) -> u16 {
    let percent = match (distance_km, u32::from(radius_km)) {
        (0, _) => 0,
        (distance, radius) if distance > radius => return 0,
        (distance, radius) => (distance * 100).div_ceil(radius),
    };
    step(&weights.place.by_percent_of_radius, percent.into()).unwrap_or(0)
}
