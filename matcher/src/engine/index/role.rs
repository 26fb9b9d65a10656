//! Prepares roles: needs with their numbers, meetings on every volunteer's clock.

use chrono::NaiveDate;

use super::super::calendar::{self, Sessions, Span};
use super::super::globe::direction;
use super::super::score::meeting;
use super::super::score::skill::Expected;
use super::clocks::Clocks;
use super::numbers::Vocabulary;
use super::{Meetings, PreparedNeed, PreparedRole};
use crate::model::{NeedKind, ProhibitionCause, Role, Snapshot, Volunteer, Weights};

/// What preparing roles needs.
pub(super) struct Preparation<'i, 'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) weights: &'i Weights,
    pub(super) vocabulary: &'i Vocabulary<'a>,
    pub(super) clocks: &'i Clocks,
    pub(super) volunteers: &'i [&'a Volunteer],
}

impl<'a> Preparation<'_, 'a> {
    pub(super) fn prepare(&self, role: &'a Role) -> PreparedRole<'a> {
        let dates = dates(role, self.snapshot, self.weights);
        let needs = self.needs(role);
        let expected = |kind| {
            let of_kind = needs.iter().filter(|need| need.kind == kind);
            Expected::of(of_kind.map(|need| need.weight), &self.weights.skill)
        };
        PreparedRole {
            facts: role,
            must_have: expected(NeedKind::MustHave),
            nice_to_have: expected(NeedKind::NiceToHave),
            needs,
            causes: self.vocabulary.causes.set(&role.causes),
            required_languages: self.vocabulary.languages.set(&role.required_languages),
            preferred_languages: self.vocabulary.languages.set(&role.preferred_languages),
            prohibited: self.prohibited(role),
            dates,
            meetings: dates.and_then(|(first, last)| self.meetings(role, first, last)),
            direction: role.setting.point().map(direction),
        }
    }

    fn needs(&self, role: &Role) -> Box<[PreparedNeed]> {
        let numbered = role.skills.iter().filter_map(|need| {
            Some(PreparedNeed {
                skill: self.vocabulary.skills.find(&need.skill)?,
                kind: need.kind,
                level: need.level,
                weight: need.weight.get().into(),
            })
        });
        numbered.collect()
    }

    fn prohibited(&self, role: &Role) -> Box<[(usize, ProhibitionCause)]> {
        let all = &self.snapshot.prohibitions;
        let from = all.partition_point(|prohibition| prohibition.role < role.id);
        let of_role = all
            .iter()
            .skip(from)
            .take_while(|prohibition| prohibition.role == role.id);
        of_role
            .filter_map(|prohibition| {
                let found = self
                    .volunteers
                    .binary_search_by(|volunteer| volunteer.id.cmp(&prohibition.volunteer));
                found.ok().map(|position| (position, prohibition.cause))
            })
            .collect()
    }

    fn meetings(&self, role: &Role, first: NaiveDate, last: NaiveDate) -> Option<Meetings> {
        let meeting = role.meeting.as_ref()?;
        let last = calendar::last_of_whole_weeks(first, last);
        let clock = calendar::segments(meeting.zone, first, last);
        let spans: Box<[Span]> = calendar::project(&meeting.windows, &clock, first, last).into();
        let offered = calendar::minutes(&spans);
        if offered == 0 {
            return None;
        }
        let weeks = (calendar::days(first, last) / 7).max(1);
        let asked = meeting::asked(meeting.minimum_minutes, offered, weeks);
        Some(Meetings {
            sessions: self
                .clocks
                .iter()
                .map(|clock| Sessions::new(&spans, clock))
                .collect(),
            spans,
            weeks,
            asked,
            full: meeting::full(asked, offered, self.weights),
        })
    }
}

/// First and last date looked at; `None` when the role is over.
pub(super) fn dates(
    role: &Role,
    snapshot: &Snapshot,
    weights: &Weights,
) -> Option<(NaiveDate, NaiveDate)> {
    let first = role
        .start_on
        .map_or(snapshot.as_of, |start| start.max(snapshot.as_of));
    let horizon = calendar::later(first, u64::from(weights.meeting.weeks) * 7 - 1);
    let last = role.end_on.map_or(horizon, |end| end.min(horizon));
    (first <= last).then_some((first, last))
}
