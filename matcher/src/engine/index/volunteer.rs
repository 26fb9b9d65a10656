//! Prepares volunteers: the credit they bring to each skill that is asked, and their free time.

use std::slice;
use std::sync::Arc;

use rayon::prelude::*;

use super::super::calendar::{self, Week};
use super::super::globe::direction;
use super::super::score::adjustment;
use super::{Facts, FreeTime, Holding, HoldingList, Preparation, PreparedVolunteer, Worth};
use crate::model::{SkillHave, Standing, TimeOff, Volunteer};

/// Most volunteers who share a table of what skills are worth: enough that it is small beside their lists.
const MOST_TOGETHER: usize = 4_096;

impl Preparation<'_> {
    /// Prepares volunteers, on all threads.
    pub(crate) fn volunteers<'a>(
        &self,
        volunteers: Vec<Facts<'a, Volunteer>>,
    ) -> Vec<PreparedVolunteer<'a>> {
        let shared = volunteers
            .len()
            .div_ceil(4 * rayon::current_num_threads())
            .clamp(1, MOST_TOGETHER);
        let holdings: Vec<Option<HoldingList>> = volunteers
            .par_chunks(shared)
            .flat_map_iter(|together| self.holdings(together))
            .collect();
        volunteers
            .into_par_iter()
            .zip(holdings)
            .map(|(volunteer, holdings)| self.prepared(volunteer, holdings))
            .collect()
    }

    /// Prepares a volunteer.
    pub(crate) fn volunteer<'a>(&self, volunteer: Facts<'a, Volunteer>) -> PreparedVolunteer<'a> {
        let holdings = self.holdings(slice::from_ref(&volunteer)).pop().flatten();
        self.prepared(volunteer, holdings)
    }

    fn prepared<'a>(
        &self,
        volunteer: Facts<'a, Volunteer>,
        holdings: Option<HoldingList>,
    ) -> PreparedVolunteer<'a> {
        let vocabulary = &self.vocabulary;
        let wishes = volunteer.wants_to_learn.as_ref();
        let causes = volunteer.causes.as_ref();
        let languages = volunteer.languages.as_ref();
        PreparedVolunteer {
            is_available: volunteer.standing == Standing::Active && volunteer.open_placements() > 0,
            has_conflicts: !volunteer.conflicts.is_empty(),
            holdings,
            wishes: wishes.map(|wishes| vocabulary.skills.set(wishes)),
            causes: causes.map(|causes| vocabulary.causes.set(causes)),
            languages: languages.map(|spoken| vocabulary.languages.set(spoken)),
            free: self.free_time(&volunteer),
            direction: volunteer.home.map(direction),
            radius_km: volunteer.radius_km,
            is_remote_ok: volunteer.is_remote_ok,
            hours_left: volunteer.hours_left(),
            recent_suggestions: volunteer.recent_suggestions,
            waiting: adjustment::waiting(volunteer.waiting_days, self.weights),
            load: adjustment::load(volunteer.current_placements, self.weights),
            facts: volunteer,
        }
    }

    fn holdings(&self, volunteers: &[Facts<'_, Volunteer>]) -> Vec<Option<HoldingList>> {
        HoldingList::of(volunteers.iter().map(|volunteer| {
            let skills = volunteer.skills.as_ref();
            skills.map(|skills| self.brought(skills))
        }))
    }

    fn brought(&self, skills: &[SkillHave]) -> Vec<Holding> {
        let most = u32::from(self.weights.skill.related_share.get());
        let mut offered: Vec<Holding> = Vec::with_capacity(skills.len() * 4);
        for have in skills {
            let (level, weights) = (have.level, self.weights);
            let own = self.vocabulary.skills.find(&have.skill);
            offered.extend(own.map(|skill| Holding {
                skill,
                worth: Worth::own(level, have.years, weights),
            }));
            let related = self.vocabulary.near(&have.skill).iter();
            offered.extend(related.map(|(skill, near)| Holding {
                skill: *skill,
                worth: Worth::related(level, u32::from(*near) * most / 10_000, weights),
            }));
        }
        // The sort is stable, so that of several stand-ins the first that was given speaks first.
        offered.sort_by_key(|holding| holding.skill);
        offered.dedup_by(|next, kept| {
            let is_same = next.skill == kept.skill;
            if is_same {
                kept.worth.improve(&next.worth);
            }
            is_same
        });
        offered
    }

    fn free_time(&self, volunteer: &Volunteer) -> Option<FreeTime> {
        let availability = volunteer.availability.as_ref()?;
        let (clock_number, clock) = self.clocks.find(availability.zone)?;
        let away = self.clocks.range().map_or_else(Vec::new, |(first, last)| {
            calendar::project_time_off(&availability.time_off, clock, first, last)
        });
        Some(FreeTime {
            week: Week::new(&availability.windows),
            clock_number,
            clock: Arc::clone(clock),
            away: away.into(),
        })
    }
}

impl PreparedVolunteer<'_> {
    /// What they bring to each skill that some role needs, by skill number; nothing when the skills are not known.
    pub(crate) fn each_holding(&self) -> impl Iterator<Item = Holding> {
        self.holdings.iter().flat_map(HoldingList::iter)
    }

    /// Local dates away, as given.
    pub(crate) fn time_off(&self) -> &[TimeOff] {
        let availability = self.facts.availability.as_ref();
        availability.map_or(&[], |given| &given.time_off)
    }
}
