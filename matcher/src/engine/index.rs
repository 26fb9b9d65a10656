//! What a round looks up instead of computing for each pair: skills as numbers with their credit ready, windows as
//! spans of UTC minutes, places as directions. It holds nothing that the snapshot and the weights do not say.

mod volunteer;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::calendar::{self, Span};
use super::gate::Pair;
use super::globe::{Direction, direction};
use crate::model::{
    CauseId, Level, NeedKind, ProhibitionCause, Role, SkillId, Snapshot, Volunteer, Weights,
};

/// Roles and volunteers of a snapshot, prepared for scoring each with each; both in the order of their ids.
pub(crate) struct Index<'a> {
    pub(crate) weights: &'a Weights,
    pub(crate) roles: Vec<PreparedRole<'a>>,
    pub(crate) volunteers: Vec<PreparedVolunteer<'a>>,
}

/// A role with what can be computed from it alone.
pub(crate) struct PreparedRole<'a> {
    pub(crate) facts: &'a Role,
    pub(crate) needs: Vec<PreparedNeed>,
    pub(crate) causes: Vec<u32>,
    /// Volunteers (positions in the index) that must not be proposed, ascending.
    pub(crate) prohibited: Vec<(usize, ProhibitionCause)>,
    /// First and last date looked at; `None` when the role is over.
    pub(crate) dates: Option<(NaiveDate, NaiveDate)>,
    /// When it meets, in whole weeks of these dates (or in all of them if they are less than one).
    pub(crate) meeting: Vec<Span>,
    pub(crate) direction: Option<Direction>,
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
    pub(crate) facts: &'a Volunteer,
    /// By skill number, ascending; only skills that some role needs. `None` when the skills are not known.
    pub(crate) holdings: Option<Vec<Holding>>,
    pub(crate) wishes: Option<Vec<u32>>,
    pub(crate) causes: Option<Vec<u32>>,
    /// Free time as if they were never away, and as it is. `None` when it is not known.
    pub(crate) free: Option<FreeTime>,
    pub(crate) direction: Option<Direction>,
}

/// Spans in which a volunteer is free, in the dates that the roles look at.
pub(crate) struct FreeTime {
    pub(crate) usually: Vec<Span>,
    pub(crate) really: Vec<Span>,
}

/// What a volunteer brings to a skill: their own, or the best related one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holding {
    pub(crate) skill: u32,
    /// Credit in basis points when level 1, 2, 3, 4, 5 is asked.
    pub(crate) credit: [u16; 5],
    pub(crate) is_own: bool,
    pub(crate) is_level_known: bool,
    pub(crate) years: Option<u8>,
}

impl<'a> Index<'a> {
    /// Prepares the whole snapshot.
    pub(crate) fn new(snapshot: &'a Snapshot, weights: &'a Weights) -> Self {
        Self::of(
            snapshot,
            weights,
            snapshot.roles.iter().collect(),
            snapshot.volunteers.iter().collect(),
        )
    }

    /// Prepares some roles and volunteers of the snapshot, given in the order of their ids.
    pub(crate) fn of(
        snapshot: &'a Snapshot,
        weights: &'a Weights,
        roles: Vec<&'a Role>,
        volunteers: Vec<&'a Volunteer>,
    ) -> Self {
        let mut skills = Numbers::default();
        let mut causes = Numbers::default();
        let roles: Vec<_> = roles
            .into_iter()
            .map(|role| {
                prepare_role(
                    role,
                    snapshot,
                    weights,
                    &volunteers,
                    &mut skills,
                    &mut causes,
                )
            })
            .collect();
        let mut preparation = volunteer::Preparation {
            snapshot,
            weights,
            skills,
            causes,
            ranges: date_ranges(&roles),
            related: HashMap::new(),
            segments: HashMap::new(),
        };
        let volunteers = volunteers
            .into_iter()
            .map(|volunteer| preparation.prepare(volunteer))
            .collect();
        Self {
            weights,
            roles,
            volunteers,
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

/// Numbers for the ids that roles name; nobody else's matter.
struct Numbers<'a, T>(HashMap<&'a T, u32>);

impl<T> Default for Numbers<'_, T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<'a, T: std::hash::Hash + Eq> Numbers<'a, T> {
    fn number(&mut self, id: &'a T) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(id).or_insert(next)
    }

    fn known<'b>(&self, ids: impl IntoIterator<Item = &'b T>) -> Vec<u32>
    where
        T: 'b,
    {
        let mut numbers: Vec<u32> = ids
            .into_iter()
            .filter_map(|id| self.0.get(id).copied())
            .collect();
        numbers.sort_unstable();
        numbers
    }
}

fn prepare_role<'a>(
    role: &'a Role,
    snapshot: &'a Snapshot,
    weights: &Weights,
    volunteers: &[&Volunteer],
    skills: &mut Numbers<'a, SkillId>,
    causes: &mut Numbers<'a, CauseId>,
) -> PreparedRole<'a> {
    let first = role
        .start_on
        .map_or(snapshot.as_of, |start| start.max(snapshot.as_of));
    let horizon = calendar::later(first, u64::from(weights.meeting.weeks) * 7 - 1);
    let last = role.end_on.map_or(horizon, |end| end.min(horizon));
    let dates = (first <= last).then_some((first, last));
    let meeting = match (&role.meeting, dates) {
        (Some(meeting), Some((first, last))) => {
            let last = calendar::last_of_whole_weeks(first, last);
            let segments = calendar::segments(meeting.zone, first, last);
            calendar::project(&meeting.windows, &segments, first, last)
        }
        _ => Vec::new(),
    };
    let from = snapshot
        .prohibitions
        .partition_point(|prohibition| prohibition.role < role.id);
    let prohibited = snapshot
        .prohibitions
        .iter()
        .skip(from)
        .take_while(|prohibition| prohibition.role == role.id)
        .filter_map(|prohibition| {
            let found =
                volunteers.binary_search_by(|volunteer| volunteer.id.cmp(&prohibition.volunteer));
            found.ok().map(|position| (position, prohibition.cause))
        })
        .collect();
    PreparedRole {
        facts: role,
        needs: role
            .skills
            .iter()
            .map(|need| PreparedNeed {
                skill: skills.number(&need.skill),
                kind: need.kind,
                level: need.level,
                weight: need.weight.get().into(),
            })
            .collect(),
        causes: {
            let mut numbers: Vec<u32> = role
                .causes
                .iter()
                .map(|cause| causes.number(cause))
                .collect();
            numbers.sort_unstable();
            numbers
        },
        prohibited,
        dates,
        meeting,
        direction: role.setting.point().map(direction),
    }
}

/// The dates that roles look at, a day wider on each side since zones differ, joined where they touch.
fn date_ranges(roles: &[PreparedRole<'_>]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut ranges: Vec<_> = roles
        .iter()
        .filter_map(|role| role.dates)
        .map(|(first, last)| (first.pred_opt().unwrap_or(first), calendar::later(last, 1)))
        .collect();
    ranges.sort_unstable();
    let mut joined: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(range) if first <= calendar::later(range.1, 1) => range.1 = range.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

impl Holding {
    /// Keeps the better credit for each level asked, and what is known of the skill itself.
    fn improve(&mut self, other: &Self) {
        for (kept, offered) in self.credit.iter_mut().zip(other.credit) {
            *kept = (*kept).max(offered);
        }
        if other.is_own {
            self.is_level_known = other.is_level_known;
            self.years = other.years;
        } else if !self.is_own {
            self.is_level_known |= other.is_level_known;
        }
        self.is_own |= other.is_own;
    }
}

/// Credit of a skill at `level` for each level asked, times `share` basis points.
pub(super) fn credit(level: Option<Level>, share: u32, weights: &Weights) -> [u16; 5] {
    let had = level.unwrap_or(weights.skill.unknown_level).get();
    [1_u8, 2, 3, 4, 5].map(|asked| {
        let below = usize::from(asked.saturating_sub(had));
        let full = weights
            .skill
            .level_credit
            .get(below)
            .map_or(0, |credit| u32::from(credit.get()));
        u16::try_from(full * share / 10_000).unwrap_or(u16::MAX)
    })
}
