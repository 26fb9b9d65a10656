//! What hours left are worth to roles that ask for so many, looked up and not divided.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::index::PreparedRole;
use super::super::score::hours;
use crate::model::{Hours, Weights};

/// The values of 0 to 168 hours left.
#[derive(Debug)]
pub(super) struct HourValues([u16; 1 << 8]);

impl HourValues {
    fn asked(asked: u8, weights: &Weights) -> Self {
        let mut values = [0; 1 << 8];
        for (left, value) in (0..=u8::MAX).zip(&mut values) {
            *value = hours::value(left, asked, weights);
        }
        Self(values)
    }

    /// What so many hours left are worth.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    pub(super) const fn of(&self, left: u8) -> u16 {
        self.0[left as usize]
    }
}

/// Those of each number of hours that some role asks.
pub(super) struct Hourly(BTreeMap<u8, Arc<HourValues>>);

impl Hourly {
    pub(super) fn of(roles: &[PreparedRole<'_>], weights: &Weights) -> Self {
        let asked = roles.iter().filter_map(asked);
        Self(
            asked
                .map(|asked| (asked, Arc::new(HourValues::asked(asked, weights))))
                .collect(),
        )
    }

    /// Makes those of a role that comes later known.
    pub(super) fn learn(&mut self, role: &PreparedRole<'_>, weights: &Weights) {
        if let Some(asked) = asked(role) {
            let values = || Arc::new(HourValues::asked(asked, weights));
            self.0.entry(asked).or_insert_with(values);
        }
    }

    /// Those of a role; `None` when it asks no hours.
    pub(super) fn values(&self, role: &PreparedRole<'_>) -> Option<Arc<HourValues>> {
        self.0.get(&asked(role)?).cloned()
    }
}

fn asked(role: &PreparedRole<'_>) -> Option<u8> {
    let asked = role.facts.hours_per_week.map(Hours::get);
    asked.filter(|asked| *asked > 0)
}
