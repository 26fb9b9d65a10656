//! What the roles ask, with everything computed that does not depend on the volunteer.

use std::sync::Arc;

use super::super::calendar::{Days, on_any_clock};
use super::super::globe::Direction;
use super::super::index::PreparedRole;
use super::super::score::skill::Expected;
use super::hours::HourValues;
use super::member::{Member, mask_of};
use super::question::Asked;
use crate::model::{NeedKind, Weights};

/// What one role asks, with everything that does not depend on the volunteer.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts about a role that do not exclude each other"
)]
pub(super) struct Terms {
    /// Position of the role in the index.
    pub(super) position: u32,
    pub(super) asked: Asked,
    /// Must-haves first.
    pub(super) needs: Box<[Need]>,
    must_haves: usize,
    /// A bit for each skill asked, by number modulo 64.
    pub(super) asked_skills: u64,
    pub(super) must_have: Option<Expected>,
    pub(super) nice_to_have: Option<Expected>,
    pub(super) all_needs: u32,
    /// What hours left are worth; `None` where no hours are asked.
    pub(super) hours: Option<Arc<HourValues>>,
    pub(super) causes: u64,
    /// So many causes in common are full value; 0 where the role has none.
    pub(super) enough_causes: u32,
    pub(super) preferred_languages: u64,
    pub(super) asks_languages: bool,
    pub(super) is_remote: bool,
    pub(super) direction: Option<Direction>,
    /// The dates looked at.
    pub(super) days: Days,
    /// These and those on which some clock shows a meeting.
    pub(super) all_days: Days,
    pub(super) recent_suggestions: u16,
    pub(super) has_prohibitions: bool,
    pub(super) meets: bool,
    /// Whether it names causes or languages that are not in the members' words.
    pub(super) is_unusual: bool,
    pub(super) for_role: u32,
    pub(super) for_volunteer: u32,
}

#[derive(Debug)]
pub(super) struct Need {
    pub(super) skill: u32,
    /// From 0.
    pub(super) level: u8,
    pub(super) weight: u8,
    pub(super) is_must_have: bool,
}

impl Terms {
    pub(super) fn of(
        position: u32,
        role: &PreparedRole<'_>,
        asked: Asked,
        hours: Option<Arc<HourValues>>,
        weights: &Weights,
    ) -> Self {
        let (for_role, for_volunteer) = (&weights.role_view, &weights.volunteer_view);
        let asks_languages =
            !role.required_languages.is_empty() || !role.preferred_languages.is_empty();
        let sum = |factors: &[(u16, bool)]| {
            let asked = factors.iter().filter(|(_, is_asked)| *is_asked);
            asked.map(|(weight, _)| u32::from(*weight)).sum()
        };
        let mut needs: Vec<Need> = role
            .needs
            .iter()
            .map(|need| Need {
                skill: need.skill,
                level: need.level.get() - 1,
                weight: u8::try_from(need.weight).unwrap_or(u8::MAX),
                is_must_have: need.kind == NeedKind::MustHave,
            })
            .collect();
        needs.sort_by_key(|need| !need.is_must_have);
        Self {
            for_role: sum(&[
                (for_role.must_have, role.must_have.is_some()),
                (for_role.nice_to_have, role.nice_to_have.is_some()),
                (for_role.evidence, !role.needs.is_empty()),
                (for_role.meeting, role.meetings.is_some()),
                (for_role.hours, hours.is_some()),
            ]),
            for_volunteer: sum(&[
                (for_volunteer.causes, !role.causes.is_empty()),
                (for_volunteer.wish, !role.needs.is_empty()),
                (for_volunteer.place, true),
                (for_volunteer.languages, asks_languages),
            ]),
            position,
            asked,
            must_have: role.must_have,
            nice_to_have: role.nice_to_have,
            all_needs: role.needs.iter().map(|need| need.weight).sum(),
            must_haves: needs.iter().filter(|need| need.is_must_have).count(),
            asked_skills: mask_of(needs.iter().map(|need| need.skill)),
            needs: needs.into(),
            hours,
            causes: role.causes.low(),
            enough_causes: super::narrow(role.causes.len()).min(weights.causes.enough.into()),
            preferred_languages: role.preferred_languages.low(),
            asks_languages,
            is_remote: role.facts.setting.is_remote(),
            direction: role.direction,
            days: role
                .dates
                .map_or(Days::NONE, |(first, last)| Days::of(first, last)),
            all_days: role.dates.map_or(Days::NONE, |(first, last)| {
                let (first, last) = on_any_clock(first, last);
                Days::of(first, last)
            }),
            recent_suggestions: role.facts.recent_suggestions,
            has_prohibitions: !role.prohibited.is_empty(),
            meets: role.meetings.is_some(),
            is_unusual: ![
                &role.causes,
                &role.required_languages,
                &role.preferred_languages,
            ]
            .iter()
            .all(|set| set.is_low()),
        }
    }

    /// Must-haves and nice-to-haves.
    #[inline]
    pub(super) fn needs_by_kind(&self) -> (&[Need], &[Need]) {
        self.needs.split_at(self.must_haves)
    }

    /// All days that some of these roles look at.
    pub(super) fn days_of(roles: &[Self]) -> Days {
        roles.iter().fold(Days::NONE, |all, role| Days {
            first: all.first.min(role.all_days.first),
            last: all.last.max(role.all_days.last),
        })
    }

    /// Numbers of the skills that someone must have: roles of one field have numbers near each other.
    pub(super) fn field(&self) -> (Vec<u32>, u32) {
        let must_haves = self.needs.iter().filter(|need| need.is_must_have);
        let mut skills: Vec<u32> = must_haves.map(|need| need.skill).collect();
        skills.sort_unstable();
        (skills, self.position)
    }

    /// Whether a prohibition or a conflict may stand between the role and a member.
    #[inline]
    pub(super) const fn must_ask_if_permitted(&self, member: &Member) -> bool {
        self.has_prohibitions || member.has_conflicts()
    }
}
