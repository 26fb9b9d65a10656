//! Prepares volunteers: the credit they bring to each skill that is asked, and their free time.

use std::sync::Arc;

use super::super::calendar::{self, Week};
use super::super::globe::direction;
use super::super::score::adjustment;
use super::{Facts, FreeTime, Holding, Preparation, PreparedVolunteer};
use crate::model::{SkillHave, Standing, Volunteer};

impl Preparation<'_> {
    /// Prepares a volunteer.
    pub(crate) fn volunteer<'a>(&self, volunteer: Facts<'a, Volunteer>) -> PreparedVolunteer<'a> {
        let vocabulary = &self.vocabulary;
        let wishes = volunteer.wants_to_learn.as_ref();
        let causes = volunteer.causes.as_ref();
        let languages = volunteer.languages.as_ref();
        PreparedVolunteer {
            is_available: volunteer.standing == Standing::Active && volunteer.open_placements() > 0,
            has_conflicts: !volunteer.conflicts.is_empty(),
            holdings: volunteer
                .skills
                .as_ref()
                .map(|skills| self.holdings(skills)),
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

    fn holdings(&self, skills: &[SkillHave]) -> Box<[Holding]> {
        let most = u32::from(self.weights.skill.related_share.get());
        let mut offered: Vec<Holding> = Vec::with_capacity(skills.len() * 4);
        for have in skills {
            let (level, weights) = (have.level, self.weights);
            let own = self.vocabulary.skills.find(&have.skill);
            offered.extend(own.map(|skill| Holding::own(skill, level, have.years, weights)));
            let related = self.vocabulary.near(&have.skill).iter();
            offered.extend(related.map(|(skill, near)| {
                Holding::related(*skill, level, u32::from(*near) * most / 10_000, weights)
            }));
        }
        // The sort is stable, so that of several stand-ins the first that was given speaks first.
        offered.sort_by_key(|holding| holding.skill);
        offered.dedup_by(|next, kept| {
            let is_same = next.skill == kept.skill;
            if is_same {
                kept.improve(next);
            }
            is_same
        });
        offered.into()
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
            time_off: availability.time_off.as_slice().into(),
            away: away.into(),
        })
    }
}
