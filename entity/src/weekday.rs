//! A day of the week, stored as its ISO 8601 number so that weekly windows sort and compare in the database.

use std::fmt;

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// A day of the week; Monday is 1, Sunday is 7.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// 1
    #[sea_orm(num_value = 1)]
    Monday,
    /// 2
    #[sea_orm(num_value = 2)]
    Tuesday,
    /// 3
    #[sea_orm(num_value = 3)]
    Wednesday,
    /// 4
    #[sea_orm(num_value = 4)]
    Thursday,
    /// 5
    #[sea_orm(num_value = 5)]
    Friday,
    /// 6
    #[sea_orm(num_value = 6)]
    Saturday,
    /// 7
    #[sea_orm(num_value = 7)]
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: &'static [Self] = &[
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The text in JSON and in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// The ISO 8601 number, 1 to 7.
    pub const fn number(self) -> i16 {
        match self {
            Self::Monday => 1,
            Self::Tuesday => 2,
            Self::Wednesday => 3,
            Self::Thursday => 4,
            Self::Friday => 5,
            Self::Saturday => 6,
            Self::Sunday => 7,
        }
    }

    /// The day with this ISO 8601 number, if there is one.
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.iter().copied().find(|day| day.number() == number)
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ActiveEnum;

    use super::*;

    #[test]
    fn the_number_in_code_is_the_number_in_the_database() {
        for day in Weekday::ALL {
            assert_eq!(day.to_value(), day.number());
            assert_eq!(Weekday::from_number(day.number()), Some(*day));
            assert_eq!(serde_json::to_string(day).unwrap(), format!("\"{day}\""));
        }
        assert_eq!(Weekday::from_number(0), None);
        assert_eq!(Weekday::from_number(8), None);
    }
}
