//! Thirty Canadian cities by population: where they are, their zone, and how many speak French and English.

use chrono_tz::Tz;

use super::draw::cumulative;

/// A city.
pub(crate) struct City {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) zone: Tz,
    thousands: f64,
    /// Probability that someone there works in French, in English.
    pub(crate) french: f64,
    pub(crate) english: f64,
}

macro_rules! cities {
    ($($latitude:literal $longitude:literal $zone:ident $thousands:literal $french:literal $english:literal;)*) => {
        /// Toronto, Montréal, Vancouver, Calgary, Edmonton, Ottawa, Winnipeg, Québec, Hamilton, Kitchener, London, Halifax,
        /// Victoria, Windsor, Oshawa, Saskatoon, Regina, Sherbrooke, St. John's, Barrie, Kelowna, Abbotsford, Sudbury,
        /// Kingston, Saguenay, Trois-Rivières, Guelph, Moncton, Saint John, Thunder Bay.
        pub(crate) const CITIES: [City; 30] = [$(City {
            latitude: $latitude,
            longitude: $longitude,
            zone: Tz::$zone,
            thousands: $thousands,
            french: $french,
            english: $english,
        },)*];
    };
}

cities! {
    43.65 -79.38 America__Toronto 6200.0 0.06 0.98;
    45.50 -73.57 America__Toronto 4290.0 0.90 0.62;
    49.28 -123.12 America__Vancouver 2640.0 0.05 0.98;
    51.05 -114.07 America__Edmonton 1480.0 0.05 0.99;
    53.55 -113.49 America__Edmonton 1420.0 0.05 0.99;
    45.42 -75.70 America__Toronto 1490.0 0.42 0.95;
    49.90 -97.14 America__Winnipeg 835.0 0.10 0.99;
    46.81 -71.21 America__Toronto 839.0 0.97 0.38;
    43.26 -79.87 America__Toronto 785.0 0.05 0.99;
    43.45 -80.49 America__Toronto 575.0 0.05 0.99;
    42.98 -81.25 America__Toronto 543.0 0.05 0.99;
    44.65 -63.57 America__Halifax 465.0 0.11 0.99;
    48.43 -123.37 America__Vancouver 397.0 0.06 0.99;
    42.31 -83.04 America__Toronto 422.0 0.07 0.99;
    43.90 -78.86 America__Toronto 415.0 0.05 0.99;
    52.13 -106.67 America__Regina 317.0 0.04 0.99;
    50.45 -104.62 America__Regina 249.0 0.05 0.99;
    45.40 -71.89 America__Toronto 227.0 0.95 0.45;
    47.56 -52.71 America__St_Johns 212.0 0.04 0.99;
    44.39 -79.69 America__Toronto 212.0 0.06 0.99;
    49.89 -119.50 America__Vancouver 222.0 0.04 0.99;
    49.05 -122.30 America__Vancouver 195.0 0.04 0.98;
    46.49 -81.01 America__Toronto 170.0 0.35 0.95;
    44.23 -76.49 America__Toronto 172.0 0.11 0.99;
    48.43 -71.07 America__Toronto 160.0 0.99 0.22;
    46.34 -72.54 America__Toronto 161.0 0.98 0.27;
    43.55 -80.25 America__Toronto 165.0 0.05 0.99;
    46.09 -64.78 America__Moncton 157.0 0.46 0.92;
    45.27 -66.06 America__Moncton 130.0 0.12 0.99;
    48.38 -89.25 America__Toronto 123.0 0.05 0.99;
}

/// The cities by population, as cumulative weights.
pub(crate) fn by_population() -> Vec<f64> {
    cumulative(CITIES.iter().map(|city| city.thousands))
}
