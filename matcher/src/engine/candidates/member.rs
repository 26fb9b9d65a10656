//! A volunteer as the search scores them: what every pair looks at, in two lines of the cache and not in ten places.

use super::super::calendar::{Days, Slots, away_days};
use super::super::globe::Direction;
use super::super::index::{NumberSet, PreparedVolunteer};

/// Hours left that are not known; known ones are at most 168.
const NO_HOURS: u8 = u8::MAX;

const KNOWS_CAUSES: u8 = 1;
const KNOWS_LANGUAGES: u8 = 1 << 1;
const KNOWS_WISHES: u8 = 1 << 2;
const KNOWS_REACH: u8 = 1 << 3;
const KNOWS_REMOTE: u8 = 1 << 4;
const HAS_CONFLICTS: u8 = 1 << 5;
const IS_UNUSUAL: u8 = 1 << 6;

/// One member of a block.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Member {
    /// Free half hours on their own clock.
    pub(super) week: Slots,
    causes: u64,
    languages: u64,
    direction: Direction,
    /// Days on which they are away, in runs with a gap between them.
    pub(super) away: [Days; 2],
    /// A bit for each skill that they wish to learn, by number modulo 64.
    wished: u64,
    wishes_from: u32,
    /// What is taken off for a short wait and for load.
    pub(super) deduction: u16,
    pub(super) recent_suggestions: u16,
    radius_km: u16,
    hours_left: u8,
    wishes: u8,
    facts: u8,
}

/// All members of a block, with what is too long for their lines.
#[derive(Debug, Default)]
pub(super) struct Members {
    list: Vec<Member>,
    wishes: Vec<u32>,
}

impl Members {
    /// None yet, with room for so many.
    pub(super) fn with_room_for(count: usize) -> Self {
        Self {
            list: Vec::with_capacity(count),
            wishes: Vec::new(),
        }
    }

    /// Adds a volunteer. `is_unlisted`: what they bring to some skill has no number. `days`: those that some role looks at.
    pub(super) fn push(
        &mut self,
        volunteer: &PreparedVolunteer<'_>,
        is_unlisted: bool,
        days: Days,
    ) {
        let wishes_from = self.wishes.len();
        self.wishes
            .extend(volunteer.wishes.iter().flat_map(NumberSet::iter));
        let free = volunteer.free.as_ref();
        let mut runs = away_days(volunteer.time_off()).into_iter();
        let mut runs = runs.by_ref().filter(|run| run.touches(days));
        let away = [(); 2].map(|()| runs.next().unwrap_or(Days::NONE));
        let is_away_more = runs.next().is_some();
        let wishes = u8::try_from(self.wishes.len() - wishes_from);
        let is_odd = free.is_some_and(|free| !free.week.is_on_half_hours());
        let reach = volunteer.direction.zip(volunteer.radius_km);
        let low = |set: &Option<NumberSet>| set.as_ref().map_or(0, NumberSet::low);
        let facts = [
            (KNOWS_CAUSES, volunteer.causes.is_some()),
            (KNOWS_LANGUAGES, volunteer.languages.is_some()),
            (KNOWS_WISHES, volunteer.wishes.is_some()),
            (KNOWS_REACH, reach.is_some()),
            (KNOWS_REMOTE, volunteer.is_remote_ok.is_some()),
            (HAS_CONFLICTS, volunteer.has_conflicts),
            (
                IS_UNUSUAL,
                is_unlisted || is_odd || is_away_more || wishes.is_err(),
            ),
        ];
        let facts = facts.into_iter().filter(|(_, holds)| *holds);
        self.list.push(Member {
            week: free.map_or_else(Slots::default, |free| *free.week.slots()),
            causes: low(&volunteer.causes),
            languages: low(&volunteer.languages),
            direction: reach.map_or_else(Direction::default, |(direction, _)| direction),
            away,
            wished: mask_of(volunteer.wishes.iter().flat_map(NumberSet::iter)),
            wishes_from: super::narrow(wishes_from),
            deduction: volunteer.waiting + volunteer.load,
            recent_suggestions: volunteer.recent_suggestions,
            radius_km: reach.map_or(0, |(_, radius_km)| radius_km),
            hours_left: volunteer.hours_left.unwrap_or(NO_HOURS),
            wishes: wishes.unwrap_or(0),
            facts: facts.fold(0, |facts, (fact, _)| facts | fact),
        });
    }

    /// Gives back the room that nobody took.
    pub(super) fn shrink(&mut self) {
        self.wishes.shrink_to_fit();
    }

    pub(super) fn get(&self, place: usize) -> Option<&Member> {
        self.list.get(place)
    }

    /// Numbers of the skills that a member wishes to learn; `None` when it is not known.
    pub(super) fn wishes_of(&self, member: &Member) -> Option<&[u32]> {
        let from = member.wishes_from as usize;
        let wishes = self.wishes.get(from..from + usize::from(member.wishes));
        wishes.filter(|_| member.is(KNOWS_WISHES))
    }
}

impl Member {
    const fn is(&self, fact: u8) -> bool {
        self.facts & fact != 0
    }

    /// Causes below 64.
    pub(super) const fn causes(&self) -> Option<u64> {
        if self.is(KNOWS_CAUSES) {
            Some(self.causes)
        } else {
            None
        }
    }

    /// Languages below 64.
    pub(super) const fn languages(&self) -> Option<u64> {
        if self.is(KNOWS_LANGUAGES) {
            Some(self.languages)
        } else {
            None
        }
    }

    /// Where they are, and how far they travel.
    pub(super) const fn reach(&self) -> Option<(Direction, u16)> {
        if self.is(KNOWS_REACH) {
            Some((self.direction, self.radius_km))
        } else {
            None
        }
    }

    pub(super) const fn hours_left(&self) -> Option<u8> {
        if self.hours_left == NO_HOURS {
            None
        } else {
            Some(self.hours_left)
        }
    }

    /// Whether they said that they work remotely; who said that they do not is in no row of remote roles.
    pub(super) const fn knows_remote(&self) -> bool {
        self.is(KNOWS_REMOTE)
    }

    /// Whether they may wish to learn one of some skills, given as [`mask_of`] them; no is certain.
    pub(super) const fn may_wish(&self, skills: u64) -> bool {
        self.wished & skills != 0
    }

    pub(super) const fn has_conflicts(&self) -> bool {
        self.is(HAS_CONFLICTS)
    }

    /// Whether the readable score must say: not everything about them fits here.
    pub(super) const fn is_unusual(&self) -> bool {
        self.is(IS_UNUSUAL)
    }
}

/// A bit for each skill, by number modulo 64.
pub(super) fn mask_of(skills: impl Iterator<Item = u32>) -> u64 {
    skills.fold(0, |mask, skill| mask | 1 << (skill % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_takes_two_lines_of_the_cache() {
        assert_eq!(size_of::<Member>(), 128);
    }
}
