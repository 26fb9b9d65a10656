//! Nearness by place of the role and base of the volunteer: only where the volunteer goes that far.

use matcher::model::{Point, Weights};

use super::{Named, Sheet, write_line};

/// Mean radius of the Earth in kilometres (IUGG).
const EARTH_KM: f64 = 6_371.008_8;

/// Writes place, base and value of each that is within the radius.
pub(super) fn write(sheet: &mut Sheet, weights: &Weights, named: &Named<'_>) {
    for (place, there) in (0..).zip(&named.places) {
        for (base, (home, radius)) in (0..).zip(&named.bases) {
            let (distance, radius) = (kilometres(*there, *home), i64::from(*radius));
            if radius == 0 || distance > radius {
                continue;
            }
            let percent = (distance * 100 + radius - 1) / radius;
            let mut steps = weights.place.by_percent_of_radius.iter().rev();
            let step = steps.find(|step| i64::from(step.percent) <= percent);
            let value = step.map_or(0, |step| step.value.get().into());
            write_line(sheet, &[place, base, value]);
        }
    }
}

/// Whole kilometres, rounded down, by the haversine formula.
#[allow(clippy::cast_possible_truncation, reason = "at most 20 016")]
fn kilometres(a: Point, b: Point) -> i64 {
    let (north_a, north_b) = (a.latitude().to_radians(), b.latitude().to_radians());
    let east = (b.longitude() - a.longitude()).to_radians();
    let haversine = ((north_b - north_a) / 2.0).sin().powi(2)
        + north_a.cos() * north_b.cos() * (east / 2.0).sin().powi(2);
    (2.0 * EARTH_KM * haversine.min(1.0).sqrt().asin()) as i64
}
