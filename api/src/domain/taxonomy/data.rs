//! The taxonomy that ships with the program (`api/data/taxonomy`, licences in `api/data/ATTRIBUTIONS.md`).

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
pub(super) struct SkillRow {
    pub(super) id: String,
    pub(super) en: String,
    pub(super) fr: String,
    pub(super) category: String,
    pub(super) aliases_en: Vec<String>,
    pub(super) aliases_fr: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RelationRow {
    pub(super) a: String,
    pub(super) b: String,
    pub(super) weight: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct LabelRow {
    pub(super) id: String,
    pub(super) en: String,
    pub(super) fr: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CauseRow {
    pub(super) id: String,
    pub(super) en: String,
    pub(super) fr: String,
    pub(super) aliases_en: Vec<String>,
    pub(super) aliases_fr: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FamilyRow {
    pub(super) id: String,
    pub(super) en: String,
    pub(super) fr: String,
    pub(super) skills: Vec<String>,
}

/// A Canadian city.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// Slug.
    pub id: String,
    /// English name.
    pub en: String,
    /// French name.
    pub fr: String,
    /// Two-letter province or territory code.
    pub province: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// IANA time zone.
    pub zone: String,
    /// Inhabitants.
    pub population: u32,
}

/// Canadian cities, for the demo and for finding a place by its name.
pub fn places() -> anyhow::Result<Vec<Place>> {
    json("places", include_str!("../../../data/taxonomy/places.json"))
}

pub(super) fn skills() -> anyhow::Result<Vec<SkillRow>> {
    json_lines(
        "skills",
        include_str!("../../../data/taxonomy/skills.jsonl"),
    )
}

pub(super) fn relations() -> anyhow::Result<Vec<RelationRow>> {
    json_lines(
        "relations",
        include_str!("../../../data/taxonomy/relations.jsonl"),
    )
}

pub(super) fn categories() -> anyhow::Result<Vec<LabelRow>> {
    json(
        "categories",
        include_str!("../../../data/taxonomy/categories.json"),
    )
}

pub(super) fn causes() -> anyhow::Result<Vec<CauseRow>> {
    json("causes", include_str!("../../../data/taxonomy/causes.json"))
}

pub(super) fn role_families() -> anyhow::Result<Vec<FamilyRow>> {
    json(
        "role families",
        include_str!("../../../data/taxonomy/role_families.json"),
    )
}

fn json<T: DeserializeOwned>(name: &str, text: &str) -> anyhow::Result<T> {
    serde_json::from_str(text).with_context(|| format!("the embedded {name}"))
}

fn json_lines<T: DeserializeOwned>(name: &str, text: &str) -> anyhow::Result<Vec<T>> {
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("the embedded {name}, line {}", index + 1))
        })
        .collect()
}
