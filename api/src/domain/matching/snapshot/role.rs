//! A role's rows as the engine's facts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::{OrganizationId, ProjectId, RoleId};
use entity::location_mode::LocationMode;
use entity::organization::OrganizationState;
use entity::project::ProjectState;
use entity::role::{Model, RoleState};
use entity::role_language::RoleLanguageKind;
use entity::role_skill::RoleSkillKind;
use entity::{role_language, role_skill, role_window};
use matcher::model::{
    CauseId, Hours, Invalid, LanguageCode, Level, Meeting, NeedKind, NeedWeight, Point, Role,
    RoleFacts, Rule, Set, Setting, SkillId, SkillNeed, parse_zone,
};

use super::pair::PairFacts;
use super::role_key;
use super::rows::Rows;
use super::select::{ACCEPTING_PROJECT_STATES, Purpose};
use super::volunteer::{Faults, group, unreadable, window};

/// How many people a role still looks for.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    seats_open: u16,
    suggestions_per_seat: u8,
}

/// What a role still wants; nothing when a round finds that enough people wait for an answer already.
///
/// The engine counts in suggestions for each open seat, so a rest that does not divide is rounded down: rather one too
/// few than one too many.
pub(super) fn wish(row: &Model, pairs: &PairFacts, purpose: Purpose) -> Option<Wish> {
    let seats_open = u16::try_from(row.seats - row.filled).unwrap_or(0);
    match purpose {
        Purpose::Round {
            suggestions_per_seat,
        } => rest(
            seats_open,
            suggestions_per_seat,
            pairs.of_role(row.id).waiting,
        ),
        Purpose::Explanation | Purpose::OwnExplanation | Purpose::Application | Purpose::Offer => {
            Some(Wish {
                seats_open,
                suggestions_per_seat: RoleFacts::SUGGESTIONS_PER_SEAT,
            })
        }
    }
}

/// What is left to propose when `waiting` people wait for an answer.
fn rest(seats_open: u16, suggestions_per_seat: u8, waiting: usize) -> Option<Wish> {
    let wanted = usize::from(seats_open) * usize::from(suggestions_per_seat);
    let left = wanted.saturating_sub(waiting);
    if left == 0 {
        return None;
    }
    // Fewer suggestions than seats: one for each of as many seats.
    let seats_open = seats_open.min(u16::try_from(left).unwrap_or(u16::MAX));
    let each = left.checked_div(usize::from(seats_open)).unwrap_or(1);
    Some(Wish {
        seats_open,
        suggestions_per_seat: u8::try_from(each).unwrap_or(suggestions_per_seat),
    })
}

/// The rows of all roles, by role.
pub(super) struct Details<'a> {
    projects: HashMap<ProjectId, bool>,
    organizations: HashMap<OrganizationId, (OrganizationState, Option<DateTime<Utc>>)>,
    skills: HashMap<RoleId, Vec<&'a role_skill::Model>>,
    windows: HashMap<RoleId, Vec<&'a role_window::Model>>,
    languages: HashMap<RoleId, Vec<&'a role_language::Model>>,
    causes: HashMap<ProjectId, Vec<&'a entity::id::CauseId>>,
}

impl<'a> Details<'a> {
    pub(super) fn new(rows: &'a Rows) -> Self {
        let takes_people = |state: ProjectState, is_accepting: bool| {
            is_accepting && ACCEPTING_PROJECT_STATES.contains(&state)
        };
        Self {
            projects: rows
                .asking
                .projects
                .iter()
                .map(|(id, state, is_accepting)| (*id, takes_people(*state, *is_accepting)))
                .collect(),
            organizations: rows
                .asking
                .organizations
                .iter()
                .map(|(id, state, until)| (*id, (*state, *until)))
                .collect(),
            skills: group(&rows.asking.role_skills, |row| (row.role_id, row)),
            windows: group(&rows.asking.role_windows, |row| (row.role_id, row)),
            languages: group(&rows.asking.role_languages, |row| (row.role_id, row)),
            causes: group(&rows.asking.project_causes, |(project, cause)| {
                (*project, cause)
            }),
        }
    }

    pub(super) fn facts(
        &mut self,
        row: &Model,
        wish: Wish,
        pairs: &PairFacts,
        as_of: DateTime<Utc>,
    ) -> Result<Role, Vec<Invalid>> {
        let mut faults = Faults::default();
        let key = role_key(row.id).map_err(|error| vec![unreadable("id", &error)])?;
        let organization = matcher::model::OrganizationId::new(&row.organization_id.to_string())
            .map_err(|rule| vec![rule.at("organization")])?;
        let mut facts = RoleFacts::open(key, organization);
        facts.is_accepting = self.is_accepting(row, as_of);
        facts.seats_open = wish.seats_open;
        facts.suggestions_per_seat = wish.suggestions_per_seat;
        let skills = self.skills.remove(&row.id).unwrap_or_default();
        facts.skills = faults.list("skills", skills.into_iter().map(need));
        facts.has_learning_seat = row.is_learning_seat;
        facts.hours_per_week = faults.option(
            "hours_per_week",
            Some(Hours::new(row.hours_per_week.into())),
        );
        facts.start_on = row.starts_on;
        facts.end_on = row.ends_on;
        facts.meeting = self.meeting(row, &mut faults);
        let point = faults.option(
            "place",
            row.latitude
                .zip(row.longitude)
                .map(|(latitude, longitude)| Point::new(latitude, longitude)),
        );
        facts.setting = match row.location_mode {
            LocationMode::Remote => Setting::Remote,
            LocationMode::Hybrid => Setting::Hybrid(point),
            LocationMode::Onsite => Setting::OnSite(point),
        };
        let languages = self.languages.remove(&row.id).unwrap_or_default();
        facts.required_languages = faults
            .list(
                "required_languages",
                of_kind(&languages, RoleLanguageKind::Required),
            )
            .into_iter()
            .collect();
        // A preferred language that the engine has no code for helps nobody; a required one must not be passed over.
        facts.preferred_languages = of_kind(&languages, RoleLanguageKind::Preferred)
            .flatten()
            .collect();
        facts.causes = faults
            .list(
                "causes",
                self.causes
                    .get(&row.project_id)
                    .into_iter()
                    .flatten()
                    .map(|cause| CauseId::new(cause.as_str())),
            )
            .into_iter()
            .collect::<Set<_>>();
        facts.recent_suggestions = u16::try_from(pairs.of_role(row.id).recent).unwrap_or(u16::MAX);
        if !faults.0.is_empty() {
            return Err(faults.0);
        }
        Role::new(facts)
    }

    /// Whether role, project and organization all take people at this moment. A filled role has no open seat, which is
    /// its own gate.
    fn is_accepting(&self, row: &Model, as_of: DateTime<Utc>) -> bool {
        let is_vetted =
            self.organizations
                .get(&row.organization_id)
                .is_some_and(|(state, until)| {
                    *state == OrganizationState::Vetted && until.is_none_or(|until| until > as_of)
                });
        let takes_people = self
            .projects
            .get(&row.project_id)
            .copied()
            .unwrap_or_default();
        matches!(row.state, RoleState::Open | RoleState::Filled) && takes_people && is_vetted
    }

    fn meeting(&mut self, row: &Model, faults: &mut Faults) -> Option<Meeting> {
        let windows = self.windows.remove(&row.id)?;
        Some(Meeting {
            zone: faults.option("zone", Some(parse_zone(&row.zone)))?,
            windows: faults.list(
                "windows",
                windows
                    .iter()
                    .map(|row| window(row.weekday, row.start_minute, row.end_minute)),
            ),
            minimum_minutes: u16::try_from(row.minimum_overlap_minutes).unwrap_or(u16::MAX),
        })
    }
}

fn of_kind(
    rows: &[&role_language::Model],
    kind: RoleLanguageKind,
) -> impl Iterator<Item = Result<LanguageCode, Rule>> {
    rows.iter()
        .filter(move |row| row.kind == kind)
        .map(|row| LanguageCode::new(&row.language))
}

fn need(row: &role_skill::Model) -> Result<SkillNeed, Rule> {
    Ok(SkillNeed {
        skill: SkillId::new(row.skill_id.as_str())?,
        kind: match row.kind {
            RoleSkillKind::MustHave => NeedKind::MustHave,
            RoleSkillKind::NiceToHave => NeedKind::NiceToHave,
        },
        level: Level::new(row.level.into())?,
        // Stored from 1 to 100, counted from 1 to 10: only ratios matter.
        weight: NeedWeight::new((i64::from(row.weight) + 9) / 10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_those_who_wait_there_are_never_more_suggestions_than_wanted() {
        for (seats, each) in [(1, 3), (2, 3), (3, 2), (5, 20), (7, 1)] {
            let wanted = usize::from(seats) * usize::from(each);
            for waiting in 0..wanted {
                let wish = rest(seats, each, waiting).unwrap();
                let more = usize::from(wish.seats_open) * usize::from(wish.suggestions_per_seat);
                assert!(
                    more >= 1 && more + waiting <= wanted,
                    "{seats} × {each}, {waiting} wait"
                );
            }
            assert!(rest(seats, each, wanted).is_none());
        }
    }
}
