//! The shapes of the demo's files.

use std::collections::BTreeMap;

use anyhow::Context as _;
use entity::language::Language;
use entity::location_mode::LocationMode;
use entity::organization::OrganizationKind;
use entity::project::{Engagement, ProjectStage};
use entity::volunteer::VolunteerState;
use entity::weekday::Weekday;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
pub(super) struct Organization {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) kind: OrganizationKind,
    pub(super) website: Option<String>,
    pub(super) city: Option<String>,
    pub(super) original_language: Language,
    pub(super) description_en: String,
    pub(super) description_fr: String,
    pub(super) is_vetted: bool,
}

#[derive(Deserialize)]
pub(super) struct Project {
    pub(super) slug: String,
    pub(super) organization: String,
    pub(super) original_language: Language,
    pub(super) title_en: String,
    pub(super) title_fr: String,
    pub(super) summary_en: String,
    pub(super) summary_fr: String,
    pub(super) problem_en: String,
    pub(super) problem_fr: String,
    pub(super) outcome_en: String,
    pub(super) outcome_fr: String,
    pub(super) causes: Vec<String>,
    pub(super) stage: ProjectStage,
    pub(super) engagement: Engagement,
    pub(super) remote: LocationMode,
    pub(super) city: Option<String>,
    pub(super) code_url: Option<String>,
    pub(super) starts_in_days: i64,
    pub(super) weeks: i64,
    pub(super) roles: Vec<Role>,
}

#[derive(Deserialize)]
pub(super) struct Role {
    pub(super) title_en: String,
    pub(super) title_fr: String,
    pub(super) description_en: String,
    pub(super) description_fr: String,
    pub(super) family: String,
    pub(super) seats: i32,
    pub(super) hours_per_week: i32,
    pub(super) remote: LocationMode,
    pub(super) must_have: Vec<SkillNeed>,
    pub(super) nice_to_have: Vec<SkillNeed>,
    pub(super) meeting_windows: Vec<Window>,
    pub(super) zone: String,
    pub(super) minimum_overlap_minutes: i32,
    pub(super) languages_required: Vec<String>,
    pub(super) is_learning_seat: bool,
}

#[derive(Deserialize)]
pub(super) struct SkillNeed {
    pub(super) skill: String,
    pub(super) level: i16,
}

#[derive(Deserialize)]
pub(super) struct Window {
    pub(super) weekday: Weekday,
    pub(super) start: String,
    pub(super) end: String,
}

/// Shares from which fictional volunteers are drawn.
#[derive(Deserialize)]
pub(super) struct Volunteers {
    pub(super) count: usize,
    pub(super) given_names: Vec<GivenName>,
    pub(super) family_initials: Vec<String>,
    pub(super) provinces: Vec<Province>,
    pub(super) role_families: Vec<FamilyShare>,
    pub(super) skill_profiles: Vec<SkillProfile>,
    pub(super) skills_per_volunteer: AlsoRange,
    pub(super) experience: Vec<Experience>,
    pub(super) wants_to_learn: Counts,
    pub(super) hours_per_week: Vec<HoursShare>,
    pub(super) causes: Counts,
    pub(super) most_placements: Vec<PlacementShare>,
    pub(super) place: PlaceShares,
    pub(super) activity: Vec<StateShare>,
    pub(super) time_off: TimeOff,
    pub(super) availability: Availability,
}

#[derive(Deserialize)]
pub(super) struct GivenName {
    pub(super) name: String,
    /// `en`, `fr` or `any`: which speakers it is drawn for.
    pub(super) pool: String,
}

#[derive(Deserialize)]
pub(super) struct Province {
    pub(super) percent: f64,
    pub(super) places: Vec<PlaceShare>,
    pub(super) languages_percent: LanguageShares,
}

#[derive(Deserialize)]
pub(super) struct PlaceShare {
    pub(super) place: String,
    pub(super) percent: f64,
}

#[derive(Deserialize)]
pub(super) struct LanguageShares {
    pub(super) en_only: f64,
    pub(super) fr_only: f64,
    pub(super) both: f64,
}

#[derive(Deserialize)]
pub(super) struct FamilyShare {
    pub(super) family: String,
    pub(super) percent: f64,
}

#[derive(Deserialize)]
pub(super) struct SkillProfile {
    pub(super) family: String,
    pub(super) percent_within_family: f64,
    pub(super) core: Vec<String>,
    pub(super) also: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct AlsoRange {
    pub(super) also_least: usize,
    pub(super) also_most: usize,
}

#[derive(Deserialize)]
pub(super) struct Experience {
    pub(super) years_least: i16,
    pub(super) years_most: i16,
    pub(super) percent: f64,
    pub(super) core_level_percent: BTreeMap<i16, f64>,
}

#[derive(Deserialize)]
pub(super) struct Counts {
    pub(super) count_percent: BTreeMap<usize, f64>,
}

#[derive(Deserialize)]
pub(super) struct HoursShare {
    pub(super) hours: i32,
    pub(super) percent: f64,
}

#[derive(Deserialize)]
pub(super) struct PlacementShare {
    pub(super) placements: i32,
    pub(super) percent: f64,
}

#[derive(Deserialize)]
pub(super) struct PlaceShares {
    pub(super) remote_only_percent: f64,
    pub(super) remote_or_onsite_percent: f64,
    pub(super) onsite_only_percent: f64,
    pub(super) radius_kilometres: Vec<i32>,
}

#[derive(Deserialize)]
pub(super) struct StateShare {
    pub(super) state: VolunteerState,
    pub(super) percent: f64,
}

#[derive(Deserialize)]
pub(super) struct TimeOff {
    pub(super) percent: f64,
    pub(super) starts_in_days_least: i64,
    pub(super) starts_in_days_most: i64,
    pub(super) days_least: i64,
    pub(super) days_most: i64,
}

#[derive(Deserialize)]
pub(super) struct Availability {
    pub(super) earliest: String,
    pub(super) latest: String,
    pub(super) block_hours: i16,
    pub(super) windows_percent: BTreeMap<usize, f64>,
    pub(super) window_minutes: Vec<i16>,
    pub(super) unknown_percent: f64,
    pub(super) archetypes: Vec<Archetype>,
}

#[derive(Deserialize)]
pub(super) struct Archetype {
    pub(super) percent: f64,
    pub(super) percent_by_day_and_block: BTreeMap<Weekday, Vec<f64>>,
}

pub(super) fn organizations() -> anyhow::Result<Vec<Organization>> {
    json(
        "organizations",
        include_str!("../../data/demo/organizations.json"),
    )
}

pub(super) fn projects() -> anyhow::Result<Vec<Project>> {
    json("projects", include_str!("../../data/demo/projects.json"))
}

pub(super) fn volunteers() -> anyhow::Result<Volunteers> {
    json(
        "volunteers",
        include_str!("../../data/demo/volunteers.json"),
    )
}

/// Minutes since midnight of `HH:MM`.
pub(super) fn minute(text: &str) -> anyhow::Result<i16> {
    let (hours, minutes) = text.split_once(':').context("a time is HH:MM")?;
    let total = hours.parse::<i16>()? * 60 + minutes.parse::<i16>()?;
    anyhow::ensure!((0..=1440).contains(&total), "{text} is no time of day");
    Ok(total)
}

fn json<T: DeserializeOwned>(name: &str, text: &str) -> anyhow::Result<T> {
    serde_json::from_str(text).with_context(|| format!("the embedded demo {name}"))
}
