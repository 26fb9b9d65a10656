//! What a round looks up instead of computing for each pair: skills as numbers with their credit ready, meetings on every
//! volunteer's clock, places as directions. It holds nothing that the snapshot and the weights do not say.

mod change;
mod clocks;
mod facts;
mod holding;
mod holding_list;
mod numbers;
mod preparation;
mod role;
mod set;
mod volunteer;

use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::calendar::{Segment, Sessions, Span, Week};
use super::gate::Pair;
use super::globe::Direction;
use super::score::skill::Expected;
use crate::model::{Level, NeedKind, ProhibitionCause, Role, Snapshot, Volunteer, Weights};

pub(crate) use facts::Facts;
pub(crate) use holding::{Holding, Worth, credit};
pub(crate) use holding_list::HoldingList;
pub(crate) use preparation::Preparation;
pub(crate) use set::NumberSet;

/// Roles and volunteers of a snapshot, prepared for scoring each with each; both in the order of their ids.
pub(crate) struct Index<'a> {
    pub(crate) weights: &'a Weights,
    pub(crate) roles: Vec<PreparedRole<'a>>,
    pub(crate) volunteers: Vec<PreparedVolunteer<'a>>,
}

/// A role with what can be computed from it alone.
pub(crate) struct PreparedRole<'a> {
    pub(crate) facts: Facts<'a, Role>,
    pub(crate) needs: Box<[PreparedNeed]>,
    /// What one person is expected to bring of the must-haves, and of the rest; `None` where there are none.
    pub(crate) must_have: Option<Expected>,
    pub(crate) nice_to_have: Option<Expected>,
    pub(crate) causes: NumberSet,
    pub(crate) required_languages: NumberSet,
    pub(crate) preferred_languages: NumberSet,
    /// Volunteers (positions in the index) that must not be proposed, ascending.
    pub(crate) prohibited: Box<[(usize, ProhibitionCause)]>,
    /// First and last date looked at; `None` when the role is over.
    pub(crate) dates: Option<(NaiveDate, NaiveDate)>,
    /// `None` when the role does not meet in the weeks looked at.
    pub(crate) meetings: Option<Meetings>,
    pub(crate) direction: Option<Direction>,
}

/// The meetings of a role in the whole weeks of the dates looked at, or on all of these dates if they are less than one.
pub(crate) struct Meetings {
    pub(crate) spans: Box<[Span]>,
    /// How many weeks these are; what is less than one counts as one.
    pub(crate) weeks: i64,
    /// Minutes that someone must be there, over all these weeks.
    pub(crate) asked: i64,
    /// Minutes of full value, over all these weeks; at least 1.
    pub(crate) full: i64,
    /// By number of the clock.
    pub(crate) sessions: Vec<Sessions>,
}

/// A skill that a role needs.
pub(crate) struct PreparedNeed {
    pub(crate) skill: u32,
    pub(crate) kind: NeedKind,
    pub(crate) level: Level,
    pub(crate) weight: u32,
}

/// A volunteer with what can be computed from them alone.
pub(crate) struct PreparedVolunteer<'a> {
    pub(crate) facts: Facts<'a, Volunteer>,
    /// Whether they may be proposed at all: active, with an open placement.
    pub(crate) is_available: bool,
    /// Whether they have a conflict of interest with any organization.
    pub(crate) has_conflicts: bool,
    /// `None` when the skills are not known.
    pub(crate) holdings: Option<HoldingList>,
    pub(crate) wishes: Option<NumberSet>,
    pub(crate) causes: Option<NumberSet>,
    pub(crate) languages: Option<NumberSet>,
    /// `None` when it is not known.
    pub(crate) free: Option<FreeTime>,
    pub(crate) direction: Option<Direction>,
    pub(crate) radius_km: Option<u16>,
    pub(crate) is_remote_ok: Option<bool>,
    pub(crate) hours_left: Option<u8>,
    pub(crate) recent_suggestions: u16,
    /// What is taken off for a short wait and for load, in basis points.
    pub(crate) waiting: u16,
    pub(crate) load: u16,
}

/// When a volunteer is free, on their own clock.
pub(crate) struct FreeTime {
    pub(crate) week: Week,
    pub(crate) clock_number: usize,
    pub(crate) clock: Arc<[Segment]>,
    /// Local dates away as UTC minutes, merged, where roles look.
    pub(crate) away: Box<[Span]>,
}

impl<'a> Index<'a> {
    /// Prepares the whole snapshot.
    pub(crate) fn new(snapshot: &'a Snapshot, weights: &'a Weights) -> Self {
        Self::of(
            snapshot,
            weights,
            &snapshot.roles.iter().collect::<Vec<_>>(),
            &snapshot.volunteers.iter().collect::<Vec<_>>(),
        )
    }

    /// Prepares some roles and volunteers of the snapshot, given in the order of their ids.
    pub(crate) fn of(
        snapshot: &'a Snapshot,
        weights: &'a Weights,
        roles: &[&'a Role],
        volunteers: &[&'a Volunteer],
    ) -> Self {
        let preparation = Preparation::new(snapshot, weights, roles, volunteers);
        Self {
            weights,
            roles: roles
                .par_iter()
                .map(|role| {
                    let prohibited = role::prohibited(role, &snapshot.prohibitions, volunteers);
                    preparation.role(Facts::Borrowed(role), prohibited)
                })
                .collect(),
            volunteers: preparation.volunteers(
                volunteers
                    .iter()
                    .map(|volunteer| Facts::Borrowed(*volunteer))
                    .collect(),
            ),
        }
    }

    /// The pair at these positions.
    pub(crate) fn pair(&self, role: usize, volunteer: usize) -> Option<Pair<'_, 'a>> {
        let (role, weights) = (self.roles.get(role)?, self.weights);
        self.volunteers.get(volunteer).map(|prepared| Pair {
            role,
            volunteer: prepared,
            position: volunteer,
            weights,
        })
    }

    /// The pairs of one role, by volunteer.
    pub(crate) fn pairs_of<'i>(
        &'i self,
        role: &'i PreparedRole<'a>,
    ) -> impl Iterator<Item = Pair<'i, 'a>> {
        let volunteers = self.volunteers.iter().enumerate();
        volunteers.map(|(position, volunteer)| Pair {
            role,
            volunteer,
            position,
            weights: self.weights,
        })
    }

    /// All pairs, by role, then volunteer.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = Pair<'_, 'a>> {
        self.roles.iter().flat_map(|role| self.pairs_of(role))
    }
}
