//! Places: a city by its name in either language, or a position. Known cities give their position themselves.

use std::sync::LazyLock;

use super::taxonomy::fold::fold;
use super::taxonomy::{Place as City, places};
use super::text;
use crate::error::{Code, Violation};

/// The longest name of a city, in characters.
const MAX_CITY: usize = 100;

static CITIES: LazyLock<Vec<City>> = LazyLock::new(|| match places() {
    Ok(cities) => cities,
    Err(error) => {
        tracing::error!(%error, "the embedded list of cities cannot be read");
        Vec::new()
    }
});

/// A place as people give it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// The city's name.
    pub city: Option<String>,
    /// Degrees north, -90 to 90.
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180.
    pub longitude: Option<f64>,
}

/// A place as it is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The city's name as it was given.
    pub city: Option<String>,
    /// Latitude and longitude in degrees, if they are known.
    pub position: Option<(f64, f64)>,
}

impl Place {
    /// Degrees north.
    pub fn latitude(&self) -> Option<f64> {
        self.position.map(|(latitude, _)| latitude)
    }

    /// Degrees east.
    pub fn longitude(&self) -> Option<f64> {
        self.position.map(|(_, longitude)| longitude)
    }
}

/// The known city of this name, in either language and without regard to case and accents.
pub fn find_city(name: &str) -> Option<&'static City> {
    let name = fold(name);
    CITIES
        .iter()
        .find(|city| fold(&city.en) == name || fold(&city.fr) == name || fold(&city.id) == name)
}

/// Checks a place given at `field`, and completes the position of a known city.
///
/// # Errors
/// Every violation at once.
pub fn resolve(input: &Input, field: &str) -> Result<Place, Vec<Violation>> {
    let mut violations = Vec::new();
    let city = text::clean(input.city.as_deref());
    if let Some(city) = &city {
        violations.extend(text::violation(city, &format!("{field}.city"), MAX_CITY));
    }
    for (name, value, limit) in [
        ("latitude", input.latitude, 90.0),
        ("longitude", input.longitude, 180.0),
    ] {
        if value.is_some_and(|value| !(-limit..=limit).contains(&value)) {
            violations.push(Violation::new(
                Code::OutOfRange,
                format!("{field}.{name}"),
                format!("Must be from -{limit} to {limit} degrees."),
                format!("Doit être de -{limit} à {limit} degrés."),
            ));
        }
    }
    let missing = match (input.latitude, input.longitude) {
        (Some(_), None) => Some("longitude"),
        (None, Some(_)) => Some("latitude"),
        (Some(_), Some(_)) | (None, None) => None,
    };
    if let Some(missing) = missing {
        violations.push(Violation::new(
            Code::Required,
            format!("{field}.{missing}"),
            "A position needs both latitude and longitude.",
            "Une position exige à la fois une latitude et une longitude.",
        ));
    }
    if !violations.is_empty() {
        return Err(violations);
    }
    let position = input
        .latitude
        .zip(input.longitude)
        .or_else(|| find_city(city.as_deref()?).map(|city| (city.latitude, city.longitude)));
    Ok(Place { city, position })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(name: &str) -> Input {
        Input {
            city: Some(name.to_owned()),
            ..Input::default()
        }
    }

    #[test]
    fn a_known_city_brings_its_position_in_either_language() {
        let english = resolve(&city("Quebec City"), "place").unwrap();
        let french = resolve(&city("québec"), "place").unwrap();
        assert!(english.position.is_some());
        assert_eq!(english.position, french.position);
        assert_eq!(french.city.as_deref(), Some("québec"));
    }

    #[test]
    fn an_unknown_town_keeps_its_name_without_a_position() {
        let place = resolve(&city("Wawa"), "place").unwrap();
        assert_eq!(
            (place.city.as_deref(), place.position),
            (Some("Wawa"), None)
        );
    }

    #[test]
    fn half_a_position_and_one_off_the_globe_are_refused() {
        let half = Input {
            latitude: Some(90.0),
            ..Input::default()
        };
        assert_eq!(
            resolve(&half, "place").unwrap_err()[0].field,
            "place.longitude"
        );
        let off = Input {
            latitude: Some(90.1),
            longitude: Some(-180.1),
            ..Input::default()
        };
        let fields: Vec<_> = resolve(&off, "place")
            .unwrap_err()
            .into_iter()
            .map(|v| v.field)
            .collect();
        assert_eq!(fields, ["place.latitude", "place.longitude"]);
        let nan = Input {
            latitude: Some(f64::NAN),
            longitude: Some(0.0),
            ..Input::default()
        };
        assert!(resolve(&nan, "place").is_err());
    }
}
