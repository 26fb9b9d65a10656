//! Prepares roles: needs with their numbers, meetings on every volunteer's clock.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::super::calendar::{self, Sessions, Span};
use super::super::globe::direction;
use super::super::score::meeting;
use super::super::score::skill::Expected;
use super::{Facts, Meetings, Preparation, PreparedNeed, PreparedRole};
use crate::model::{NeedKind, Prohibition, ProhibitionCause, Role, Volunteer, Weights};

impl Preparation<'_> {
    /// Prepares a role. `prohibited`: who must not be proposed, as `prohibited` below gives them.
    pub(crate) fn role<'a>(
        &self,
        role: Facts<'a, Role>,
        prohibited: Box<[(usize, ProhibitionCause)]>,
    ) -> PreparedRole<'a> {
        let dates = dates(&role, self.as_of, self.weights);
        let needs = self.needs(&role);
        let expected = |kind| {
            let of_kind = needs.iter().filter(|need| need.kind == kind);
            Expected::of(of_kind.map(|need| need.weight), &self.weights.skill)
        };
        PreparedRole {
            must_have: expected(NeedKind::MustHave),
            nice_to_have: expected(NeedKind::NiceToHave),
            needs,
            causes: self.vocabulary.causes.set(&role.causes),
            required_languages: self.vocabulary.languages.set(&role.required_languages),
            preferred_languages: self.vocabulary.languages.set(&role.preferred_languages),
            prohibited,
            dates,
            meetings: dates.and_then(|(first, last)| self.meetings(&role, first, last)),
            direction: role.setting.point().map(direction),
            facts: role,
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

    fn meetings(&self, role: &Role, first: NaiveDate, last: NaiveDate) -> Option<Meetings> {
        let meeting = role.meeting.as_ref()?;
        let last = calendar::last_of_whole_weeks(first, last);
        // Mostly somebody lives by the same clock.
        let clock = match self.clocks.find(meeting.zone) {
            Some((_, clock)) => Cow::Borrowed(&**clock),
            None => Cow::Owned(calendar::segments(meeting.zone, first, last)),
        };
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

/// The volunteers that must not be proposed for a role, by position among these.
pub(super) fn prohibited(
    role: &Role,
    prohibitions: &[Prohibition],
    volunteers: &[&Volunteer],
) -> Box<[(usize, ProhibitionCause)]> {
    let from = prohibitions.partition_point(|prohibition| prohibition.role < role.id);
    let of_role = prohibitions
        .iter()
        .skip(from)
        .take_while(|prohibition| prohibition.role == role.id);
    of_role
        .filter_map(|prohibition| {
            let found =
                volunteers.binary_search_by(|volunteer| volunteer.id.cmp(&prohibition.volunteer));
            found.ok().map(|position| (position, prohibition.cause))
        })
        .collect()
}

/// First and last date looked at; `None` when the role is over.
pub(super) fn dates(
    role: &Role,
    as_of: NaiveDate,
    weights: &Weights,
) -> Option<(NaiveDate, NaiveDate)> {
    let first = role.start_on.map_or(as_of, |start| start.max(as_of));
    let horizon = calendar::later(first, u64::from(weights.meeting.weeks) * 7 - 1);
    let last = role.end_on.map_or(horizon, |end| end.min(horizon));
    (first <= last).then_some((first, last))
}
