//! Where work is done and where people are.

use serde::{Deserialize, Serialize};

use super::{Expected, Rule};

/// A place on Earth in millionths of a degree, so that places compare and hash exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawPoint", into = "RawPoint")]
pub struct Point {
    latitude_millionths: i32,
    longitude_millionths: i32,
}

impl Point {
    /// Degrees north (−90 to 90) and east (−180 to 180); finer than a millionth of a degree is rounded away.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, Rule> {
        Ok(Self {
            latitude_millionths: millionths(latitude, 90)?,
            longitude_millionths: millionths(longitude, 180)?,
        })
    }

    /// Degrees north.
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude_millionths) / 1e6
    }

    /// Degrees east.
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude_millionths) / 1e6
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked first: at most 180 million"
)]
fn millionths(degrees: f64, most: i32) -> Result<i32, Rule> {
    if degrees.is_finite() && degrees.abs() <= f64::from(most) {
        Ok((degrees * 1e6).round() as i32)
    } else {
        Err(Rule::Unreadable {
            expected: Expected::new(
                format!("degrees from -{most} to {most}"),
                format!("des degrés de -{most} à {most}"),
            ),
            given: degrees.to_string(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct RawPoint {
    latitude: f64,
    longitude: f64,
}

impl TryFrom<RawPoint> for Point {
    type Error = Rule;

    fn try_from(raw: RawPoint) -> Result<Self, Rule> {
        Self::new(raw.latitude, raw.longitude)
    }
}

impl From<Point> for RawPoint {
    fn from(point: Point) -> Self {
        Self {
            latitude: point.latitude(),
            longitude: point.longitude(),
        }
    }
}

/// Where a role is done. A place that is not known is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "place", rename_all = "snake_case")]
pub enum Setting {
    /// From anywhere.
    Remote,
    /// Partly at the place.
    Hybrid(Option<Point>),
    /// At the place.
    OnSite(Option<Point>),
}

impl Setting {
    /// Whether one has to come to a place at all.
    pub const fn is_remote(self) -> bool {
        matches!(self, Self::Remote)
    }

    /// The place, where there is one and it is known.
    pub const fn point(self) -> Option<Point> {
        match self {
            Self::Remote => None,
            Self::Hybrid(point) | Self::OnSite(point) => point,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_limits_of_the_globe() {
        assert!(Point::new(90.0, -180.0).is_ok());
        assert!(Point::new(90.1, 0.0).is_err());
        assert!(Point::new(0.0, 180.1).is_err());
        assert!(Point::new(f64::NAN, 0.0).is_err());
    }
}
