//! Distances on Earth, from additions and multiplications alone: the mathematical library of a machine may round sines
//! its own way, and the engine gives the same result everywhere, bit for bit.

use std::f64::consts::PI;

use crate::model::Point;

/// Mean radius of the Earth in kilometres (IUGG).
const RADIUS_KM: f64 = 6_371.008_8;

/// A place as a unit vector from the centre of the Earth.
pub(crate) type Direction = [f64; 3];

/// The direction of a place.
pub(crate) fn direction(point: Point) -> Direction {
    let latitude = point.latitude() * PI / 180.0;
    let longitude = point.longitude() * PI / 180.0;
    let across = cosine(latitude);
    [
        across * cosine(longitude),
        across * sine(longitude),
        sine(latitude),
    ]
}

/// Whole kilometres along the surface between two places, rounded down; within 0.1 % up to 10 000 km.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 20 016 km"
)]
pub(crate) fn distance_km(a: Direction, b: Direction) -> u32 {
    let half_chord_squared = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / 4.0;
    // The square root is exact by IEEE 754.
    (2.0 * RADIUS_KM * arcsine(half_chord_squared.min(1.0).sqrt())) as u32
}

/// Taylor's series from −π to π, after folding to −π/2..=π/2; the error is below 1e-10.
fn sine(angle: f64) -> f64 {
    let folded = if angle > PI / 2.0 {
        PI - angle
    } else if angle < -PI / 2.0 {
        -PI - angle
    } else {
        angle
    };
    let square = folded * folded;
    let mut term = folded;
    let mut sum = folded;
    for step in 1..=9_u32 {
        let step = f64::from(step);
        term *= -square / ((2.0 * step) * (2.0 * step + 1.0));
        sum += term;
    }
    sum
}

fn cosine(angle: f64) -> f64 {
    let turned = PI / 2.0 - angle;
    sine(if turned > PI {
        turned - 2.0 * PI
    } else {
        turned
    })
}

/// The series of the arcsine from 0 to √½, and its reflection above; the error is below 1e-6.
fn arcsine(ratio: f64) -> f64 {
    if ratio > 0.710 {
        return PI / 2.0 - arcsine((1.0 - ratio * ratio).max(0.0).sqrt());
    }
    let square = ratio * ratio;
    let mut term = ratio;
    let mut sum = ratio;
    for step in 1..=16_u32 {
        let odd = f64::from(2 * step - 1);
        term *= square * odd / f64::from(2 * step);
        sum += term / f64::from(2 * step + 1);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(a: (f64, f64), b: (f64, f64)) -> u32 {
        distance_km(
            direction(Point::new(a.0, a.1).unwrap()),
            direction(Point::new(b.0, b.1).unwrap()),
        )
    }

    #[test]
    fn known_distances() {
        let toronto = (43.6532, -79.3832);
        let montreal = (45.5019, -73.5674);
        let vancouver = (49.2827, -123.1207);
        assert_eq!(between(toronto, toronto), 0);
        assert!(
            (503..=506).contains(&between(toronto, montreal)),
            "{}",
            between(toronto, montreal)
        );
        assert!(
            (3_355..=3_368).contains(&between(toronto, vancouver)),
            "{}",
            between(toronto, vancouver)
        );
        assert!((20_010..=20_016).contains(&between((0.0, 0.0), (0.0, 180.0))));
    }

    #[test]
    fn the_date_line_is_no_wall() {
        assert!(between((0.0, 179.5), (0.0, -179.5)) <= 112);
    }

    #[test]
    fn the_series_agree_with_the_library() {
        for degrees in -180..=180 {
            let angle = f64::from(degrees) * PI / 180.0;
            assert!((sine(angle) - angle.sin()).abs() < 1e-9, "{degrees}");
            assert!((cosine(angle) - angle.cos()).abs() < 1e-9, "{degrees}");
        }
        for step in 0..=1000 {
            let ratio = f64::from(step) / 1000.0;
            assert!((arcsine(ratio) - ratio.asin()).abs() < 1e-5, "{ratio}");
        }
    }
}
