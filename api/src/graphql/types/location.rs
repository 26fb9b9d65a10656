//! Where work is done.

use async_graphql::{Enum, InputObject, SimpleObject};

use crate::domain::place;

/// Where the work of a project or a role is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::location_mode::LocationMode")]
pub enum LocationMode {
    /// From anywhere.
    Remote,
    /// Partly on site.
    Hybrid,
    /// On site.
    Onsite,
}

/// A city, a position, or both.
#[derive(Clone, Debug, SimpleObject)]
pub struct Location {
    /// The city's name as it was given.
    city: Option<String>,
    /// Degrees north.
    latitude: Option<f64>,
    /// Degrees east.
    longitude: Option<f64>,
}

impl Location {
    /// The location, unless nothing is known of it.
    pub fn new(city: Option<&str>, latitude: Option<f64>, longitude: Option<f64>) -> Option<Self> {
        (city.is_some() || latitude.is_some()).then(|| Self {
            city: city.map(str::to_owned),
            latitude,
            longitude,
        })
    }
}

/// A city by its name, a position, or both. A known city without a position gets its own.
#[derive(Clone, Debug, Default, InputObject)]
pub struct LocationInput {
    /// The city's name, in either language.
    city: Option<String>,
    /// Degrees north, -90 to 90.
    latitude: Option<f64>,
    /// Degrees east, -180 to 180.
    longitude: Option<f64>,
}

impl From<LocationInput> for place::Input {
    fn from(input: LocationInput) -> Self {
        Self {
            city: input.city,
            latitude: input.latitude,
            longitude: input.longitude,
        }
    }
}
