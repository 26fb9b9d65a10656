//! The clocks that volunteers live by, over all the dates that roles look at. Zones whose clocks agree on these dates are
//! one clock, so that a meeting is put on each clock once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::super::calendar::{self, Segment};
use crate::model::Volunteer;

/// The clocks, numbered from 0.
pub(crate) struct Clocks {
    numbered: Vec<Arc<[Segment]>>,
    by_zone: HashMap<Tz, usize>,
    /// First and last date that some role looks at; `None` when there is no such role.
    range: Option<(NaiveDate, NaiveDate)>,
}

impl Clocks {
    /// The clocks of the volunteers' zones over the dates, given as first and last date for each role.
    pub(crate) fn of(
        volunteers: &[&Volunteer],
        dates: impl Iterator<Item = (NaiveDate, NaiveDate)>,
    ) -> Self {
        let mut found = Self {
            numbered: Vec::new(),
            by_zone: HashMap::new(),
            range: dates.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1))),
        };
        let zones: BTreeMap<&str, Tz> = volunteers
            .iter()
            .filter_map(|volunteer| volunteer.availability.as_ref())
            .map(|availability| (availability.zone.name(), availability.zone))
            .collect();
        for zone in zones.into_values() {
            found.learn(zone);
        }
        found
    }

    /// Makes the clock of a zone known; gives it if no zone so far has it.
    pub(crate) fn learn(&mut self, zone: Tz) -> Option<&[Segment]> {
        let (first, last) = self.range()?;
        if self.by_zone.contains_key(&zone) {
            return None;
        }
        let clock: Arc<[Segment]> = calendar::segments(zone, first, last).into();
        let known = self.numbered.iter().position(|other| *other == clock);
        self.by_zone
            .insert(zone, known.unwrap_or(self.numbered.len()));
        if known.is_some() {
            return None;
        }
        self.numbered.push(clock);
        self.numbered.last().map(AsRef::as_ref)
    }

    /// The clocks, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Segment]> {
        self.numbered.iter().map(AsRef::as_ref)
    }

    /// The number of a zone's clock, and the clock.
    pub(crate) fn find(&self, zone: Tz) -> Option<(usize, &Arc<[Segment]>)> {
        let number = *self.by_zone.get(&zone)?;
        self.numbered.get(number).map(|clock| (number, clock))
    }

    /// Whether the clocks show these dates.
    pub(crate) fn cover(&self, (first, last): (NaiveDate, NaiveDate)) -> bool {
        self.range
            .is_some_and(|range| range.0 <= first && last <= range.1)
    }

    /// First and last date that matter on any clock.
    pub(crate) fn range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.range?;
        Some(calendar::on_any_clock(first, last))
    }
}
