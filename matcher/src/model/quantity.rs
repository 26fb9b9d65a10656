//! Numbers with a range: levels, hours, years, weights of needs, basis points.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Rule;

fn within(given: i64, least: i64, most: i64) -> Result<i64, Rule> {
    if (least..=most).contains(&given) {
        Ok(given)
    } else {
        Err(Rule::OutOfRange { least, most, given })
    }
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident: $inner:ty, $least:literal ..= $most:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name($inner);

        impl $name {
            /// Least value.
            pub const LEAST: Self = Self($least);
            /// Greatest value.
            pub const MOST: Self = Self($most);

            /// Checks the range.
            pub fn new(given: i64) -> Result<Self, Rule> {
                let checked = within(given, $least, $most)?;
                <$inner>::try_from(checked).map(Self).map_err(|_| Rule::OutOfRange { least: $least, most: $most, given })
            }

            /// The number.
            pub const fn get(self) -> $inner {
                self.0
            }
        }

        impl TryFrom<i64> for $name {
            type Error = Rule;

            fn try_from(given: i64) -> Result<Self, Rule> {
                Self::new(given)
            }
        }

        impl From<$name> for i64 {
            fn from(quantity: $name) -> Self {
                quantity.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

quantity!(
    /// How well someone knows a skill or how well a role needs it: 1 (beginner) to 5 (expert).
    Level: u8, 1..=5
);
quantity!(
    /// Whole hours a week, 0 to 168.
    Hours: u8, 0..=168
);
quantity!(
    /// Whole years of practice, 0 to 80.
    Years: u8, 0..=80
);
quantity!(
    /// How much a need counts among the needs of its kind, 1 to 10.
    NeedWeight: u8, 1..=10
);
quantity!(
    /// Ten-thousandths, 0 to 10 000: the unit of every score, share and confidence.
    BasisPoints: u16, 0..=10_000
);

impl Default for NeedWeight {
    fn default() -> Self {
        Self::LEAST
    }
}

impl BasisPoints {
    /// Takes a number that arithmetic keeps in range, and caps it if it does not.
    pub(crate) fn capped(number: u64) -> Self {
        u16::try_from(number).map_or(Self::MOST, |number| Self(number.min(Self::MOST.0)))
    }

    /// The same quantity from 0.0 to 1.0.
    pub fn as_unit(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }

    /// Whole percent, rounded half up.
    pub const fn percent(self) -> u16 {
        (self.0 + 50) / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_every_limit() {
        for (inside, outside) in [(1, 0), (5, 6)] {
            assert!(Level::new(inside).is_ok());
            assert_eq!(
                Level::new(outside),
                Err(Rule::OutOfRange {
                    least: 1,
                    most: 5,
                    given: outside
                })
            );
        }
        assert!(Hours::new(168).is_ok() && Hours::new(169).is_err() && Hours::new(-1).is_err());
        assert!(Years::new(80).is_ok() && Years::new(81).is_err());
        assert!(
            NeedWeight::new(10).is_ok()
                && NeedWeight::new(11).is_err()
                && NeedWeight::new(0).is_err()
        );
        assert!(BasisPoints::new(10_000).is_ok() && BasisPoints::new(10_001).is_err());
    }

    #[test]
    fn percent_rounds_half_up() {
        assert_eq!(BasisPoints(7_649).percent(), 76);
        assert_eq!(BasisPoints(7_650).percent(), 77);
    }
}
