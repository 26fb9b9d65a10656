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
        let range = dates.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)));
        let mut found = Self {
            numbered: Vec::new(),
            by_zone: HashMap::new(),
            range,
        };
        let Some((first, last)) = range else {
            return found;
        };
        let zones: BTreeMap<&str, Tz> = volunteers
            .iter()
            .filter_map(|volunteer| volunteer.availability.as_ref())
            .map(|availability| (availability.zone.name(), availability.zone))
            .collect();
        let (first, last) = calendar::on_any_clock(first, last);
        for zone in zones.into_values() {
            let clock: Arc<[Segment]> = calendar::segments(zone, first, last).into();
            let known = found.numbered.iter().position(|other| *other == clock);
            let number = known.unwrap_or(found.numbered.len());
            if known.is_none() {
                found.numbered.push(clock);
            }
            found.by_zone.insert(zone, number);
        }
        found
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

    /// First and last date that matter on any clock.
    pub(crate) fn range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.range?;
        Some(calendar::on_any_clock(first, last))
    }
}
