//! A coarse map of where roles are: cells of some degrees, so few that each has a row of bits in every block. Whether
//! someone may reach a cell is a bound: nobody who reaches a place in it is left out.

use std::collections::HashMap;

use super::super::globe::{Direction, direction, distance_km};
use super::super::index::PreparedRole;
use crate::model::Point;

/// Most cells; places are gathered into coarser cells until there are so few.
const MOST_CELLS: usize = 256;

/// Radius of the Earth in kilometres, rounded down: a bound is wider for it.
const RADIUS_KM: f64 = 6_371.0;

/// The cells that have a role in them, numbered from 0.
pub(super) struct Map {
    degrees: f64,
    numbers: HashMap<(i64, i64), usize>,
    cells: Vec<Cell>,
}

/// Roles near each other: where one of them is, and how far from it the others are at most, in kilometres.
struct Cell {
    anchor: Direction,
    widest_km: u32,
}

impl Map {
    /// Gathers the places of all roles that are not remote, in cells of a quarter of a degree or coarser.
    pub(super) fn of(roles: &[PreparedRole<'_>]) -> Self {
        let points: Vec<Point> = roles
            .iter()
            .filter_map(|role| role.facts.setting.point())
            .collect();
        let mut map = Self::with_cells_of(0.25, &points);
        while map.cells.len() > MOST_CELLS {
            map = Self::with_cells_of(map.degrees * 2.0, &points);
        }
        map
    }

    fn with_cells_of(degrees: f64, points: &[Point]) -> Self {
        let mut map = Self {
            degrees,
            numbers: HashMap::new(),
            cells: Vec::new(),
        };
        for point in points {
            let there = direction(*point);
            let next = map.cells.len();
            let number = *map.numbers.entry(square(*point, degrees)).or_insert(next);
            match map.cells.get_mut(number) {
                Some(cell) => {
                    cell.widest_km = cell.widest_km.max(distance_km(cell.anchor, there) + 1);
                }
                None => map.cells.push(Cell {
                    anchor: there,
                    widest_km: 0,
                }),
            }
        }
        map
    }

    /// The cell in which a role's place is; `None` where there is none, or none so wide, which only a role that came later
    /// can meet with.
    pub(super) fn find(&self, point: Point) -> Option<usize> {
        let number = *self.numbers.get(&square(point, self.degrees))?;
        let cell = self.cells.get(number)?;
        let distance = distance_km(cell.anchor, direction(point));
        (distance <= cell.widest_km).then_some(number)
    }

    /// Whether someone may reach a place in the cell: their radius and the cell's together reach its anchor. An arc is
    /// never shorter than its chord, so comparing the chord leaves nobody out; a hundredth and three kilometres more
    /// cover the rounding of distances.
    pub(super) fn may_reach(&self, cell: usize, here: Direction, radius_km: u16) -> bool {
        self.cells.get(cell).is_none_or(|cell| {
            let far = f64::from(u32::from(radius_km) + cell.widest_km) * 1.01 + 3.0;
            let chord_squared: f64 = cell
                .anchor
                .iter()
                .zip(here)
                .map(|(a, b)| (a - b) * (a - b))
                .sum();
            chord_squared <= (far / RADIUS_KM) * (far / RADIUS_KM)
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are below 361")]
fn square(point: Point, degrees: f64) -> (i64, i64) {
    (
        (point.latitude() / degrees).floor() as i64,
        (point.longitude() / degrees).floor() as i64,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point() -> impl Strategy<Value = Point> {
        (-90.0..=90.0, -180.0..=180.0)
            .prop_map(|(latitude, longitude)| Point::new(latitude, longitude).unwrap())
    }

    proptest! {
        #[test]
        fn nobody_who_reaches_a_place_is_left_out(
            places in prop::collection::vec(point(), 1..400),
            home in point(),
            radius in 0..20_000_u16,
        ) {
            let mut map = Map::with_cells_of(0.25, &places);
            while map.cells.len() > 16 {
                map = Map::with_cells_of(map.degrees * 2.0, &places);
            }
            for place in places {
                let is_reached = distance_km(direction(place), direction(home)) <= u32::from(radius);
                let cell = map.find(place).unwrap();
                prop_assert!(!is_reached || map.may_reach(cell, direction(home), radius));
            }
        }
    }
}
