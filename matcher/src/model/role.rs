//! A role as the engine sees one: what a project asks of one or more people.

use std::collections::BTreeSet;
use std::ops::Deref;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use super::invalid::refuse_too_many;
use super::time::check_year;
use super::{
    CauseId, Hours, Invalid, LanguageCode, NeedKind, OrganizationId, RoleId, Rule, Set, Setting,
    SkillNeed, WeeklyWindow,
};

/// When a role's people meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// The zone in which the windows are meant.
    pub zone: Tz,
    /// Weekly windows in which meetings may be; those that overlap count once. 1 to 50.
    pub windows: Vec<WeeklyWindow>,
    /// Minutes a week that someone must be there, 0 to 10 080.
    pub minimum_minutes: u16,
}

/// The facts of a role, before they are checked. What a role does not ask is `None` or empty, and scores nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleFacts {
    /// Which role.
    pub id: RoleId,
    /// Whose role.
    pub organization: OrganizationId,
    /// Whether the role takes people now.
    pub is_accepting: bool,
    /// Seats still open, 0 to 1000.
    pub seats_open: u16,
    /// Volunteers to suggest for each open seat, 1 to 20.
    pub suggestions_per_seat: u8,
    /// Skills needed: at most 3 must-haves, at most 20 in all.
    pub skills: Vec<SkillNeed>,
    /// Whether someone may take a seat, any of them, who wishes to learn the must-haves that they lack.
    pub has_learning_seat: bool,
    /// Hours a week.
    pub hours_per_week: Option<Hours>,
    /// First day.
    pub start_on: Option<NaiveDate>,
    /// Last day.
    pub end_on: Option<NaiveDate>,
    /// Meetings, if any are fixed.
    pub meeting: Option<Meeting>,
    /// Where the work is done.
    pub setting: Setting,
    /// Languages without which the work cannot be done: all of them are needed.
    pub required_languages: Set<LanguageCode>,
    /// Languages that help.
    pub preferred_languages: Set<LanguageCode>,
    /// Causes that the role serves. At most 20.
    pub causes: Set<CauseId>,
    /// Times volunteers were proposed for it lately.
    pub recent_suggestions: u16,
}

impl RoleFacts {
    /// Volunteers to suggest for each open seat when nobody says how many.
    pub const SUGGESTIONS_PER_SEAT: u8 = 3;

    /// Facts of a role that asks nothing: remote, accepting, one seat with three suggestions.
    pub fn open(id: RoleId, organization: OrganizationId) -> Self {
        Self {
            id,
            organization,
            is_accepting: true,
            seats_open: 1,
            suggestions_per_seat: Self::SUGGESTIONS_PER_SEAT,
            skills: Vec::new(),
            has_learning_seat: false,
            hours_per_week: None,
            start_on: None,
            end_on: None,
            meeting: None,
            setting: Setting::Remote,
            required_languages: Set::default(),
            preferred_languages: Set::default(),
            causes: Set::default(),
            recent_suggestions: 0,
        }
    }
}

/// A role whose facts passed their rules; read-only, through [`Deref`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Role(RoleFacts);

impl Role {
    /// Most must-have skills: with more, demand finds nobody.
    pub const MOST_MUST_HAVES: usize = 3;
    /// Most skills in all.
    pub const MOST_SKILLS: usize = 20;

    /// Checks the facts and lists everything that is wrong with them.
    pub fn new(facts: RoleFacts) -> Result<Self, Vec<Invalid>> {
        let mut faults = Vec::new();
        let mut range = |field: &str, given: i64, least: i64, most: i64| {
            if !(least..=most).contains(&given) {
                faults.push(Rule::OutOfRange { least, most, given }.at(field));
            }
        };
        range("seats_open", facts.seats_open.into(), 0, 1_000);
        range(
            "suggestions_per_seat",
            facts.suggestions_per_seat.into(),
            1,
            20,
        );
        if let Some(meeting) = &facts.meeting {
            range("minimum_minutes", meeting.minimum_minutes.into(), 0, 10_080);
            if meeting.windows.is_empty() {
                faults.push(Rule::Empty.at("windows"));
            }
            refuse_too_many("windows", 50, meeting.windows.len(), &mut faults);
        }
        let must_haves = facts
            .skills
            .iter()
            .filter(|need| need.kind == NeedKind::MustHave)
            .count();
        refuse_too_many("must_have", Self::MOST_MUST_HAVES, must_haves, &mut faults);
        refuse_too_many(
            "nice_to_have",
            Self::MOST_SKILLS.saturating_sub(must_haves),
            facts.skills.len() - must_haves,
            &mut faults,
        );
        let mut seen = BTreeSet::new();
        for need in &facts.skills {
            if !seen.insert(&need.skill) {
                let value = need.skill.to_string();
                faults.push(Rule::Duplicate { value }.at(list_of(need.kind)));
            }
        }
        refuse_too_many("causes", 20, facts.causes.len(), &mut faults);
        for (field, date) in [("start_on", facts.start_on), ("end_on", facts.end_on)] {
            faults.extend(
                date.and_then(|date| check_year(date).err())
                    .map(|rule| rule.at(field)),
            );
        }
        if let (Some(start), Some(end)) = (facts.start_on, facts.end_on)
            && end < start
        {
            faults.push(Rule::EndsBeforeStart.at("end_on"));
        }
        if faults.is_empty() {
            Ok(Self(facts))
        } else {
            Err(faults)
        }
    }

    /// Volunteers to suggest: open seats times suggestions per seat, or none when the role takes nobody.
    pub fn suggestions_wanted(&self) -> u32 {
        if self.is_accepting {
            u32::from(self.seats_open) * u32::from(self.suggestions_per_seat)
        } else {
            0
        }
    }
}

/// The list of skills in which needs of a kind stand.
const fn list_of(kind: NeedKind) -> &'static str {
    match kind {
        NeedKind::MustHave => "must_have",
        NeedKind::NiceToHave => "nice_to_have",
    }
}

impl Deref for Role {
    type Target = RoleFacts;

    fn deref(&self) -> &RoleFacts {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Level, NeedWeight, SkillId};

    fn facts() -> RoleFacts {
        RoleFacts::open(RoleId::new("r").unwrap(), OrganizationId::new("o").unwrap())
    }

    fn must_haves(count: usize) -> Vec<SkillNeed> {
        (0..count)
            .map(|number| SkillNeed {
                skill: SkillId::new(&format!("s{number}")).unwrap(),
                kind: NeedKind::MustHave,
                level: Level::new(3).unwrap(),
                weight: NeedWeight::default(),
            })
            .collect()
    }

    #[test]
    fn three_must_haves_are_accepted_and_four_refused() {
        assert!(
            Role::new(RoleFacts {
                skills: must_haves(3),
                ..facts()
            })
            .is_ok()
        );
        let faults = Role::new(RoleFacts {
            skills: must_haves(4),
            ..facts()
        })
        .unwrap_err();
        assert_eq!(
            faults,
            [Rule::TooMany { limit: 3, given: 4 }.at("must_have")]
        );
    }

    #[test]
    fn a_role_may_last_one_day_and_not_end_before_it_starts() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22);
        assert!(
            Role::new(RoleFacts {
                start_on: day,
                end_on: day,
                ..facts()
            })
            .is_ok()
        );
        let faults = Role::new(RoleFacts {
            start_on: day,
            end_on: day.unwrap().pred_opt(),
            ..facts()
        })
        .unwrap_err();
        assert_eq!(faults, [Rule::EndsBeforeStart.at("end_on")]);
    }

    #[test]
    fn a_role_that_takes_nobody_wants_no_suggestions() {
        let role = Role::new(RoleFacts {
            seats_open: 2,
            is_accepting: false,
            ..facts()
        })
        .unwrap();
        assert_eq!(role.suggestions_wanted(), 0);
    }
}
