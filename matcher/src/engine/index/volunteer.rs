//! Prepares volunteers: the credit they bring to each skill that is asked, and their free time.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::super::calendar::{self, Segment};
use super::super::globe::direction;
use super::{FreeTime, Holding, Numbers, PreparedVolunteer, credit};
use crate::model::{CauseId, SkillHave, SkillId, Snapshot, Volunteer, Weights};

/// What preparing volunteers needs, and what they share.
pub(super) struct Preparation<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) weights: &'a Weights,
    pub(super) skills: Numbers<'a, SkillId>,
    pub(super) causes: Numbers<'a, CauseId>,
    pub(super) ranges: Vec<(NaiveDate, NaiveDate)>,
    /// For a skill that someone has: the skills asked that it stands in for, with its share in basis points.
    pub(super) related: HashMap<&'a SkillId, Vec<(u32, u32)>>,
    pub(super) segments: HashMap<Tz, Vec<Vec<Segment>>>,
}

impl<'a> Preparation<'a> {
    pub(super) fn prepare(&mut self, volunteer: &'a Volunteer) -> PreparedVolunteer<'a> {
        let holdings = volunteer
            .skills
            .as_ref()
            .map(|skills| self.holdings(skills));
        let free = self.free_time(volunteer);
        PreparedVolunteer {
            facts: volunteer,
            holdings,
            wishes: volunteer
                .wants_to_learn
                .as_ref()
                .map(|wishes| self.skills.known(wishes)),
            causes: volunteer
                .causes
                .as_ref()
                .map(|causes| self.causes.known(causes)),
            free,
            direction: volunteer.home.map(direction),
        }
    }

    fn holdings(&mut self, skills: &'a [SkillHave]) -> Vec<Holding> {
        let weights = self.weights;
        let mut best: HashMap<u32, Holding> = HashMap::new();
        for have in skills {
            let own = self
                .skills
                .0
                .get(&have.skill)
                .map(|number| (*number, 10_000, true));
            let related = self
                .related_to(&have.skill)
                .map(|(skill, share)| (skill, share, false));
            for (skill, share, is_own) in own.into_iter().chain(related) {
                let offered = Holding {
                    skill,
                    credit: credit(have.level, share, weights),
                    is_own,
                    is_level_known: have.level.is_some(),
                    years: have.years.filter(|_| is_own).map(crate::model::Years::get),
                };
                best.entry(skill)
                    .and_modify(|kept| kept.improve(&offered))
                    .or_insert(offered);
            }
        }
        let mut holdings: Vec<_> = best.into_values().collect();
        holdings.sort_unstable_by_key(|holding| holding.skill);
        holdings
    }

    fn related_to(&mut self, skill: &'a SkillId) -> impl Iterator<Item = (u32, u32)> + use<'_, 'a> {
        let share = u32::from(self.weights.skill.related_share.get());
        self.related
            .entry(skill)
            .or_insert_with(|| {
                self.snapshot
                    .taxonomy
                    .related_to(skill)
                    .iter()
                    .filter_map(|(near, weight)| {
                        let number = self.skills.0.get(near)?;
                        Some((*number, u32::from(weight.get()) * share / 10_000))
                    })
                    .collect()
            })
            .iter()
            .copied()
    }

    fn free_time(&mut self, volunteer: &Volunteer) -> Option<FreeTime> {
        let availability = volunteer.availability.as_ref()?;
        let ranges = &self.ranges;
        let segments = self.segments.entry(availability.zone).or_insert_with(|| {
            ranges
                .iter()
                .map(|(first, last)| calendar::segments(availability.zone, *first, *last))
                .collect()
        });
        let mut usually = Vec::new();
        let mut away = Vec::new();
        for ((first, last), segments) in ranges.iter().zip(segments.iter()) {
            usually.extend(calendar::project(
                &availability.windows,
                segments,
                *first,
                *last,
            ));
            away.extend(calendar::project_time_off(
                &availability.time_off,
                segments,
                *first,
                *last,
            ));
        }
        let really = calendar::without(&usually, &away);
        Some(FreeTime { usually, really })
    }
}
