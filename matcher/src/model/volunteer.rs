//! A volunteer as the engine sees one: what they can do, care about and have time for. Never who they are.

use std::ops::Deref;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use super::invalid::{refuse_duplicates, refuse_too_many};
use super::{
    CauseId, Hours, Invalid, LanguageCode, OrganizationId, Point, Rule, Set, SkillHave, SkillId,
    TimeOff, VolunteerId, WeeklyWindow,
};

/// Whether a volunteer may be proposed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Standing {
    /// May be proposed.
    #[default]
    Active,
    /// Has enough to do and said so.
    Busy,
    /// Asked not to be proposed, until a date if one was given.
    Paused {
        /// First date on which they may be proposed again.
        until: Option<NaiveDate>,
    },
}

/// When a volunteer is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Availability {
    /// The zone in which the windows and the time off are meant.
    pub zone: Tz,
    /// Weekly windows; those that overlap count once. At most 100.
    pub windows: Vec<WeeklyWindow>,
    /// Dates away. At most 100.
    pub time_off: Vec<TimeOff>,
}

/// The facts of a volunteer, before they are checked. `None` means "not known" and is never the same as empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VolunteerFacts {
    /// Who.
    pub id: VolunteerId,
    /// Whether they may be proposed.
    pub standing: Standing,
    /// Skills they have. At most 200.
    pub skills: Option<Vec<SkillHave>>,
    /// Skills they wish to learn. At most 200.
    pub wants_to_learn: Option<Set<SkillId>>,
    /// Hours a week they give in all.
    pub hours_per_week: Option<Hours>,
    /// Hours of these already promised to placements.
    pub committed_hours: Hours,
    /// When they are free.
    pub availability: Option<Availability>,
    /// Languages they work in.
    pub languages: Option<Set<LanguageCode>>,
    /// Where they are.
    pub home: Option<Point>,
    /// How far they travel, in kilometres, 0 to 20 000; 0 means that they don't.
    pub radius_km: Option<u16>,
    /// Whether they work remotely.
    pub is_remote_ok: Option<bool>,
    /// Causes they care about. At most 100.
    pub causes: Option<Set<CauseId>>,
    /// Organizations that they represent, work for or sit on the board of.
    pub conflicts: Set<OrganizationId>,
    /// Most placements at once, 1 to 20.
    pub most_placements: u8,
    /// Placements and open offers now; may exceed the most if the volunteer lowered it since.
    pub current_placements: u8,
    /// Days since they became available and found nothing.
    pub waiting_days: u16,
    /// Times they were proposed lately.
    pub recent_suggestions: u16,
}

impl VolunteerFacts {
    /// Facts of whom nothing is known: active, with room for one placement.
    pub fn unknown(id: VolunteerId) -> Self {
        Self {
            id,
            standing: Standing::Active,
            skills: None,
            wants_to_learn: None,
            hours_per_week: None,
            committed_hours: Hours::LEAST,
            availability: None,
            languages: None,
            home: None,
            radius_km: None,
            is_remote_ok: None,
            causes: None,
            conflicts: Set::default(),
            most_placements: 1,
            current_placements: 0,
            waiting_days: 0,
            recent_suggestions: 0,
        }
    }
}

/// A volunteer whose facts passed their rules; read-only, through [`Deref`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Volunteer(VolunteerFacts);

impl Volunteer {
    /// Checks the facts and lists everything that is wrong with them.
    pub fn new(facts: VolunteerFacts) -> Result<Self, Vec<Invalid>> {
        let mut faults = Vec::new();
        if let Some(skills) = &facts.skills {
            refuse_too_many("skills", 200, skills.len(), &mut faults);
            refuse_duplicates("skills", skills.iter().map(|have| &have.skill), &mut faults);
        }
        if let Some(wishes) = &facts.wants_to_learn {
            refuse_too_many("wants_to_learn", 200, wishes.len(), &mut faults);
        }
        if let Some(causes) = &facts.causes {
            refuse_too_many("causes", 100, causes.len(), &mut faults);
        }
        if let Some(availability) = &facts.availability {
            refuse_too_many("windows", 100, availability.windows.len(), &mut faults);
            refuse_too_many("time_off", 100, availability.time_off.len(), &mut faults);
        }
        if let Some(radius) = facts.radius_km.filter(|radius| *radius > 20_000) {
            faults.push(
                Rule::OutOfRange {
                    least: 0,
                    most: 20_000,
                    given: radius.into(),
                }
                .at("radius_km"),
            );
        }
        if !(1..=20).contains(&facts.most_placements) {
            let given = facts.most_placements.into();
            faults.push(
                Rule::OutOfRange {
                    least: 1,
                    most: 20,
                    given,
                }
                .at("most_placements"),
            );
        }
        if faults.is_empty() {
            Ok(Self(facts))
        } else {
            Err(faults)
        }
    }

    /// Ends a pause whose date has come: from `until` on they may be proposed again.
    pub(crate) fn end_pause(&mut self, as_of: NaiveDate) {
        if let Standing::Paused { until: Some(until) } = self.0.standing
            && until <= as_of
        {
            self.0.standing = Standing::Active;
        }
    }

    /// Hours a week still free, when the budget is known.
    pub fn hours_left(&self) -> Option<u8> {
        self.hours_per_week
            .map(|hours| hours.get().saturating_sub(self.committed_hours.get()))
    }

    /// Placements that still fit.
    pub fn open_placements(&self) -> u8 {
        self.most_placements.saturating_sub(self.current_placements)
    }
}

impl Deref for Volunteer {
    type Target = VolunteerFacts;

    fn deref(&self) -> &VolunteerFacts {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> VolunteerFacts {
        VolunteerFacts::unknown(VolunteerId::new("v").unwrap())
    }

    #[test]
    fn every_fault_is_listed_at_its_field() {
        let python = SkillHave {
            skill: SkillId::new("python").unwrap(),
            level: None,
            years: None,
        };
        let faults = Volunteer::new(VolunteerFacts {
            skills: Some(vec![python.clone(), python]),
            radius_km: Some(20_001),
            most_placements: 21,
            ..facts()
        })
        .unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["skills", "radius_km", "most_placements"]);
    }

    #[test]
    fn the_limits_themselves_are_accepted() {
        assert!(
            Volunteer::new(VolunteerFacts {
                radius_km: Some(20_000),
                most_placements: 20,
                ..facts()
            })
            .is_ok()
        );
        assert!(
            Volunteer::new(VolunteerFacts {
                most_placements: 0,
                ..facts()
            })
            .is_err()
        );
    }

    #[test]
    fn promised_hours_beyond_the_budget_leave_none() {
        let volunteer = Volunteer::new(VolunteerFacts {
            hours_per_week: Some(Hours::new(3).unwrap()),
            committed_hours: Hours::new(5).unwrap(),
            ..facts()
        })
        .unwrap();
        assert_eq!(volunteer.hours_left(), Some(0));
    }
}
