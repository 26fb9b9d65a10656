//! What mutations of a profile are given, and how ids in it are read.

use async_graphql::{ID, InputObject, MaybeUndefined};
use chrono::NaiveDate;
use entity::id::TimeOffId;
use entity::personal::Personal;

use crate::domain::volunteers::{
    add_time_off, set_causes, set_conflicts, set_languages, set_skills, set_state, set_windows,
    update,
};
use crate::error::Violation;
use crate::graphql::id::{GlobalId, decode};
use crate::graphql::types::language::Language;
use crate::graphql::types::volunteer::VolunteerState;
use crate::graphql::types::volunteer_lists::ConflictKind;
use crate::graphql::types::weekly_window::WeeklyWindowInput;

/// What shall change; what is absent stays, and null makes it unknown.
#[derive(InputObject)]
pub(super) struct UpdateVolunteerInput {
    /// The version that was read.
    expected_version: i32,
    /// Kind of profession.
    role_family_id: MaybeUndefined<ID>,
    /// In the volunteer's own words, up to 2,000 characters.
    about: MaybeUndefined<String>,
    /// The language of `about`; needed with it.
    about_language: MaybeUndefined<Language>,
    /// Hours a week, 1 to 168.
    hours_per_week: MaybeUndefined<i32>,
    /// Whether remote work is welcome.
    accepts_remote: MaybeUndefined<bool>,
    /// City, up to 120 characters; `places` finds Canadian ones.
    city: MaybeUndefined<String>,
    /// Degrees north, -90 to 90; together with `longitude`.
    latitude: MaybeUndefined<f64>,
    /// Degrees east, -180 to 180; together with `latitude`.
    longitude: MaybeUndefined<f64>,
    /// How many kilometres the volunteer travels, 0 to 20,000.
    radius_km: MaybeUndefined<i32>,
    /// IANA time zone of the windows.
    zone: Option<String>,
    /// How many placements at once, 1 to 10.
    max_placements: Option<i32>,
}

impl UpdateVolunteerInput {
    pub(super) fn read(self) -> Result<update::Input, Vec<Violation>> {
        let role_family_id = match self.role_family_id {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(id) => Some(Some(
                decode(&id, "roleFamilyId").map_err(|error| vec![error])?,
            )),
        };
        Ok(update::Input {
            expected_version: self.expected_version,
            role_family_id,
            about: personal(self.about),
            about_language: given(self.about_language.map_value(Into::into)),
            hours_per_week: given(self.hours_per_week),
            accepts_remote: given(self.accepts_remote),
            city: personal(self.city),
            latitude: personal(self.latitude),
            longitude: personal(self.longitude),
            radius_km: given(self.radius_km),
            zone: self.zone,
            max_placements: self.max_placements,
        })
    }
}

/// The skills as they shall be.
#[derive(InputObject)]
pub(super) struct SetVolunteerSkillsInput {
    /// The version that was read.
    expected_version: i32,
    /// At most 40.
    skills: Vec<VolunteerSkillInput>,
}

/// A skill, by its id or by what people call it.
#[derive(InputObject)]
struct VolunteerSkillInput {
    /// The skill's id.
    skill_id: Option<ID>,
    /// In place of the id: a label or alias in English or French, such as `JS`.
    name: Option<String>,
    /// 1 (beginner) to 5 (expert); may be absent only for a skill to be learned.
    level: Option<i32>,
    /// Years of practice, 0 to 60.
    years: Option<i32>,
    /// Whether the volunteer wants to learn it, or more of it.
    #[graphql(default)]
    wants_to_learn: bool,
}

impl SetVolunteerSkillsInput {
    pub(super) fn read(self) -> Result<set_skills::Input, Vec<Violation>> {
        let ids = self.skills.iter().enumerate().map(|(index, item)| {
            item.skill_id
                .as_ref()
                .map(|id| decode(id, &format!("skills.{index}.skillId")))
                .transpose()
        });
        let ids = all(ids)?;
        Ok(set_skills::Input {
            expected_version: self.expected_version,
            skills: self
                .skills
                .into_iter()
                .zip(ids)
                .map(|(item, skill_id)| set_skills::Item {
                    skill_id,
                    name: item.name,
                    level: item.level,
                    years: item.years,
                    wants_to_learn: item.wants_to_learn,
                })
                .collect(),
        })
    }
}

/// The windows as they shall be.
#[derive(InputObject)]
pub(super) struct SetVolunteerWindowsInput {
    /// The version that was read.
    expected_version: i32,
    /// IANA time zone of the windows; the profile's when absent.
    zone: Option<String>,
    /// At most 50.
    windows: Vec<WeeklyWindowInput>,
}

impl From<SetVolunteerWindowsInput> for set_windows::Input {
    fn from(input: SetVolunteerWindowsInput) -> Self {
        Self {
            expected_version: input.expected_version,
            zone: input.zone,
            windows: input.windows.into_iter().map(Into::into).collect(),
        }
    }
}

/// Days on which the volunteer is away.
#[derive(InputObject)]
pub(super) struct AddTimeOffInput {
    /// First day.
    starts_on: NaiveDate,
    /// Last day, not before the first and not over yet.
    ends_on: NaiveDate,
}

impl From<AddTimeOffInput> for add_time_off::Input {
    fn from(input: AddTimeOffInput) -> Self {
        Self {
            starts_on: input.starts_on,
            ends_on: input.ends_on,
        }
    }
}

/// Which days to take back.
#[derive(InputObject)]
pub(super) struct RemoveTimeOffInput {
    /// The id of the time off.
    time_off_id: ID,
}

impl RemoveTimeOffInput {
    pub(super) fn read(&self) -> Result<TimeOffId, Violation> {
        decode(&self.time_off_id, "timeOffId")
    }
}

/// The languages as they shall be.
#[derive(InputObject)]
pub(super) struct SetVolunteerLanguagesInput {
    /// The version that was read.
    expected_version: i32,
    /// ISO 639-1 codes, at most 20; none means unknown.
    languages: Vec<String>,
}

impl From<SetVolunteerLanguagesInput> for set_languages::Input {
    fn from(input: SetVolunteerLanguagesInput) -> Self {
        Self {
            expected_version: input.expected_version,
            languages: input.languages,
        }
    }
}

/// The causes as they shall be.
#[derive(InputObject)]
pub(super) struct SetVolunteerCausesInput {
    /// The version that was read.
    expected_version: i32,
    /// At most 10.
    cause_ids: Vec<ID>,
}

impl SetVolunteerCausesInput {
    pub(super) fn read(self) -> Result<set_causes::Input, Vec<Violation>> {
        Ok(set_causes::Input {
            expected_version: self.expected_version,
            cause_ids: decode_all(&self.cause_ids, "causeIds")?,
        })
    }
}

/// The conflicts of interest as they shall be.
#[derive(InputObject)]
pub(super) struct SetVolunteerConflictsInput {
    /// The version that was read.
    expected_version: i32,
    /// At most 20.
    conflicts: Vec<ConflictOfInterestInput>,
}

/// A tie to an organization.
#[derive(InputObject)]
struct ConflictOfInterestInput {
    /// The organization's id.
    organization_id: ID,
    /// What the tie is.
    kind: ConflictKind,
    /// More about it, up to 500 characters; needed for `OTHER`.
    note: Option<String>,
}

impl SetVolunteerConflictsInput {
    pub(super) fn read(self) -> Result<set_conflicts::Input, Vec<Violation>> {
        let ids = self.conflicts.iter().enumerate().map(|(index, item)| {
            let field = format!("conflicts.{index}.organizationId");
            decode(&item.organization_id, &field)
        });
        let ids = all(ids)?;
        Ok(set_conflicts::Input {
            expected_version: self.expected_version,
            conflicts: self
                .conflicts
                .into_iter()
                .zip(ids)
                .map(|(item, organization_id)| set_conflicts::Item {
                    organization_id,
                    kind: item.kind.into(),
                    note: item.note.map(Personal::new),
                })
                .collect(),
        })
    }
}

/// The state as it shall be.
#[derive(InputObject)]
pub(super) struct SetVolunteerStateInput {
    /// The state.
    state: VolunteerState,
    /// With `PAUSED`: the first day on which to be proposed again, within two years.
    paused_until: Option<NaiveDate>,
    /// With `PAUSED`, in place of the day: 1, 3, 6 or 12 months from today.
    pause_months: Option<i32>,
}

impl From<SetVolunteerStateInput> for set_state::Input {
    fn from(input: SetVolunteerStateInput) -> Self {
        Self {
            state: input.state.into(),
            paused_until: input.paused_until,
            pause_months: input.pause_months,
        }
    }
}

/// None when absent, `Some(None)` for null.
#[expect(
    clippy::option_option,
    reason = "absent, null and a value are three things"
)]
fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn personal<T>(value: MaybeUndefined<T>) -> Option<Option<Personal<T>>> {
    given(value.map_value(Personal::new))
}

fn decode_all<T: GlobalId>(ids: &[ID], field: &str) -> Result<Vec<T>, Vec<Violation>> {
    all(ids
        .iter()
        .enumerate()
        .map(|(index, id)| decode(id, &format!("{field}.{index}"))))
}

/// All values, or all violations.
fn all<T>(results: impl Iterator<Item = Result<T, Violation>>) -> Result<Vec<T>, Vec<Violation>> {
    let mut values = Vec::new();
    let mut violations = Vec::new();
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(violation) => violations.push(violation),
        }
    }
    if violations.is_empty() {
        Ok(values)
    } else {
        Err(violations)
    }
}
