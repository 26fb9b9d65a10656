//! What preparing roles and volunteers needs: numbers for what is named, and the clocks that people live by.
//!
//! A round prepares everything once, for what its roles name and the dates they look at. Where facts change one at a time,
//! what is known is wider from the begin (`for_changes`), so that a role that names something for the first time changes
//! nothing about the volunteers.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::super::calendar::{self, Days, Sessions};
use super::clocks::Clocks;
use super::numbers::Vocabulary;
use super::role::dates;
use super::{Index, PreparedRole};
use crate::model::{Role, Snapshot, Taxonomy, Volunteer, Weights};

/// Weeks beyond the dates looked at today that roles may begin in before everything is prepared again.
const FURTHER_WEEKS: u64 = 26;

/// What preparing needs.
pub(crate) struct Preparation<'w> {
    pub(super) weights: &'w Weights,
    pub(super) as_of: NaiveDate,
    pub(super) vocabulary: Vocabulary,
    pub(super) clocks: Clocks,
}

impl<'w> Preparation<'w> {
    /// Enough for these roles and volunteers of the snapshot.
    pub(super) fn new(
        snapshot: &Snapshot,
        weights: &'w Weights,
        roles: &[&Role],
        volunteers: &[&Volunteer],
    ) -> Self {
        let as_of = snapshot.as_of;
        let looked_at = roles.iter().filter_map(|role| dates(role, as_of, weights));
        Self {
            weights,
            as_of,
            vocabulary: Vocabulary::of(roles, &snapshot.taxonomy),
            clocks: Clocks::of(volunteers, looked_at),
        }
    }

    /// Enough for these, and for most that may come in their place.
    pub(crate) fn for_changes(
        (as_of, taxonomy): (NaiveDate, &Taxonomy),
        weights: &'w Weights,
        roles: &[&Role],
        volunteers: &[&Volunteer],
    ) -> Self {
        let looked_at = roles.iter().filter_map(|role| dates(role, as_of, weights));
        let last = looked_at
            .clone()
            .map(|(_, last)| last)
            .fold(as_of, Ord::max);
        let weeks = FURTHER_WEEKS + u64::from(weights.meeting.weeks);
        let further = (as_of, calendar::later(last, weeks * 7));
        let mut vocabulary = Vocabulary::of(roles, taxonomy);
        for volunteer in volunteers {
            vocabulary.learn_volunteer(volunteer, taxonomy);
        }
        Self {
            weights,
            as_of,
            vocabulary,
            clocks: Clocks::of(volunteers, [further].into_iter()),
        }
    }

    /// The days on which any role that can be prepared looks at volunteers.
    pub(crate) fn days(&self) -> Days {
        self.clocks
            .range()
            .map_or(Days::NONE, |(first, last)| Days::of(first, last))
    }

    /// Makes a role's names known. `false` when it looks at dates that no clock shows: then everything is to be prepared
    /// again. Only for `for_changes`.
    pub(crate) fn learn_role(&mut self, role: &Role, taxonomy: &Taxonomy) -> bool {
        self.vocabulary.learn_role(role, taxonomy);
        dates(role, self.as_of, self.weights).is_none_or(|dates| self.clocks.cover(dates))
    }

    /// Makes a volunteer's names and clock known. A clock that nobody had so far is put into all roles of the index: some
    /// microseconds for each that meets. `true` when there was one. Only for `for_changes`.
    pub(crate) fn learn_volunteer(
        &mut self,
        volunteer: &Volunteer,
        taxonomy: &Taxonomy,
        index: &mut Index<'_>,
    ) -> bool {
        self.vocabulary.learn_volunteer(volunteer, taxonomy);
        let zone = volunteer.availability.as_ref().map(|given| given.zone);
        zone.is_some_and(|zone| self.learn_clock(zone, &mut index.roles))
    }

    fn learn_clock(&mut self, zone: Tz, roles: &mut [PreparedRole<'_>]) -> bool {
        let Some(clock) = self.clocks.learn(zone) else {
            return false;
        };
        for role in roles {
            if let Some(meetings) = &mut role.meetings {
                meetings
                    .sessions
                    .push(Sessions::new(&meetings.spans, clock));
            }
        }
        true
    }
}
