//! The workload of the benches: volunteers and roles of a country's civic-tech community, drawn from fixed distributions.
//!
//! 600 skills in 20 families of 6 clusters; families and skills by Zipf, supply and demand ordered differently; 30 Canadian
//! cities by population with their zones, languages and distances; four kinds of weeks, mean 13 free hours. Entity `i`
//! depends on the seed, its kind and `i` alone, so that a small workload is the beginning of a larger one. The generator
//! is its own, so that the workload never changes with a library.

mod draw;
mod place;
mod role;
mod taxonomy;
mod volunteer;

use chrono::NaiveDate;
use matcher::model::{Snapshot, SnapshotFacts};

use draw::{Draw, Kind};
use taxonomy::Names;

/// The seed of the published figures.
pub const SEED: u64 = 42;

/// The date of the workload: a Sunday. Eight weeks from some roles' start reach past the change of the clock in March.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// So many volunteers and roles.
pub fn snapshot(volunteers: usize, roles: usize) -> Snapshot {
    let names = Names::new();
    Snapshot::new(SnapshotFacts {
        volunteers: (0..volunteers)
            .map(|number| {
                volunteer::volunteer(number, &names, Draw::of(SEED, Kind::Volunteer, number))
            })
            .collect(),
        roles: (0..roles)
            .map(|number| role::role(number, &names, Draw::of(SEED, Kind::Role, number)))
            .collect(),
        taxonomy: taxonomy::taxonomy(&names),
        ..SnapshotFacts::empty(today())
    })
    .unwrap()
}
