//! What a role says about itself: checked alike when it is added and when it is changed.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::id::{RoleFamilyId, SkillId};
use entity::location_mode::LocationMode;
use entity::{role, role_family};
use sea_orm::{ConnectionTrait, EntityTrait as _, Set};

use super::requirements::{self, LanguageInput, Skill, SkillInput};
use crate::domain::accounts::register::zone_violation;
use crate::domain::place;
use crate::domain::projects::{period_violations, resolve_place};
use crate::domain::text::{Localized, Needed};
use crate::domain::weekly_window::{self, Window};
use crate::error::{Code, DomainError, Violation};

const MAX_TITLE: usize = 120;
const MAX_DESCRIPTION: usize = 4_000;

/// What a role says about itself. Lengths are in characters, for each language.
#[derive(Clone, Debug)]
pub struct Details {
    /// What one is there, up to 120; in one language at least.
    pub title: Localized,
    /// What there is to do, up to 4,000.
    pub description: Localized,
    /// The kind of profession.
    pub role_family_id: Option<RoleFamilyId>,
    /// How many people, 1 to 100.
    pub seats: i32,
    /// 1 to 168.
    pub hours_per_week: i32,
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// Where the work is done.
    pub location_mode: LocationMode,
    /// The place; needed unless all work is remote.
    pub place: place::Input,
    /// IANA time zone of the windows.
    pub zone: String,
    /// Minutes a week that a volunteer's windows must share with the role's; 0 to what the windows hold.
    pub minimum_overlap_minutes: i32,
    /// Meant for someone who wants to learn.
    pub is_learning_seat: bool,
    /// What one needs to be able to do, or should.
    pub skills: Vec<SkillInput>,
    /// When in the week the role meets.
    pub windows: Vec<weekly_window::Input>,
    /// What one needs to speak, or should.
    pub languages: Vec<LanguageInput>,
}

/// Checked details: columns and lists.
pub(super) struct Checked {
    pub(super) columns: role::ActiveModel,
    pub(super) skills: Vec<Skill>,
    pub(super) windows: Vec<Window>,
}

impl Details {
    /// Checks everything. Skills in `kept` may be retired ones.
    ///
    /// # Errors
    /// Every violation at once.
    pub(super) async fn check(
        &self,
        connection: &impl ConnectionTrait,
        kept: &HashSet<SkillId>,
    ) -> Result<Checked, DomainError> {
        let mut violations = self.title.violations("title", MAX_TITLE, Needed::Somewhere);
        violations.extend(self.description.violations(
            "description",
            MAX_DESCRIPTION,
            Needed::Nowhere,
        ));
        violations.extend(seats_violation(self.seats));
        if !(1..=168).contains(&self.hours_per_week) {
            violations.push(out_of_range("hoursPerWeek", 1, 168));
        }
        violations.extend(zone_violation(&self.zone, "zone"));
        violations.extend(period_violations(self.starts_on, self.ends_on));
        let place = resolve_place(self.location_mode, &self.place, &mut violations);
        let windows = self.check_windows(&mut violations);
        violations.extend(self.family_violation(connection).await?);
        let skills =
            requirements::check_skills(connection, &self.skills, kept, &mut violations).await?;
        requirements::check_languages(&self.languages, &mut violations);
        if !violations.is_empty() {
            return Err(DomainError::Rules(violations));
        }
        let (title, description) = (self.title.cleaned(), self.description.cleaned());
        let columns = role::ActiveModel {
            title_en: Set(title.en),
            title_fr: Set(title.fr),
            description_en: Set(description.en),
            description_fr: Set(description.fr),
            role_family_id: Set(self.role_family_id.clone()),
            seats: Set(self.seats),
            hours_per_week: Set(self.hours_per_week),
            starts_on: Set(self.starts_on),
            ends_on: Set(self.ends_on),
            location_mode: Set(self.location_mode),
            latitude: Set(place.latitude()),
            longitude: Set(place.longitude()),
            city: Set(place.city),
            zone: Set(self.zone.clone()),
            minimum_overlap_minutes: Set(self.minimum_overlap_minutes),
            is_learning_seat: Set(self.is_learning_seat),
            ..Default::default()
        };
        Ok(Checked {
            columns,
            skills,
            windows,
        })
    }

    fn check_windows(&self, violations: &mut Vec<Violation>) -> Vec<Window> {
        let windows = match weekly_window::parse_all(&self.windows, "windows") {
            Ok(windows) => windows,
            Err(found) => {
                violations.extend(found);
                return Vec::new();
            }
        };
        let minutes: i32 = windows.iter().map(|window| window.minutes()).sum();
        if !(0..=minutes).contains(&self.minimum_overlap_minutes) {
            violations.push(Violation::new(
                Code::OutOfRange,
                "minimumOverlapMinutes",
                format!("Must be from 0 to the {minutes} minutes that the windows hold."),
                format!("Doit être de 0 aux {minutes} minutes que comptent les plages."),
            ));
        }
        windows
    }

    async fn family_violation(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Option<Violation>, DomainError> {
        let Some(id) = &self.role_family_id else {
            return Ok(None);
        };
        let found = role_family::Entity::find_by_id(id.clone())
            .one(connection)
            .await?;
        Ok(found.is_none().then(|| {
            Violation::new(
                Code::Unknown,
                "roleFamilyId",
                "There is no such role family; choose one of the list.",
                "Cette famille de rôles n’existe pas; choisissez-en une dans la liste.",
            )
        }))
    }
}

/// What is wrong with a number of seats.
pub(super) fn seats_violation(seats: i32) -> Option<Violation> {
    (!(1..=100).contains(&seats)).then(|| out_of_range("seats", 1, 100))
}

/// A number is outside its range.
pub(super) fn out_of_range(field: &str, min: i32, max: i32) -> Violation {
    Violation::new(
        Code::OutOfRange,
        field,
        format!("Must be from {min} to {max}."),
        format!("Doit être de {min} à {max}."),
    )
}
