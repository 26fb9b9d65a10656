//! What a project says about itself: checked alike when it is created and when it is changed.

use std::collections::HashSet;

use chrono::{Datelike as _, NaiveDate};
use entity::id::{CauseId, ProjectId};
use entity::language::Language;
use entity::location_mode::LocationMode;
use entity::project::{Engagement, ProjectStage};
use entity::{cause, project, project_cause};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set,
};

use crate::domain::accounts::register::zone_violation;
use crate::domain::place::{self, Place};
use crate::domain::text::{self, Localized, Needed};
use crate::error::{Code, DomainError, Violation};

const MAX_TITLE: usize = 120;
const MAX_SUMMARY: usize = 300;
const MAX_PROBLEM: usize = 4_000;
const MAX_OUTCOME: usize = 2_000;
const MAX_CAUSES: usize = 5;

/// What a project says about itself. Lengths are in characters, for each language.
#[derive(Clone, Debug)]
pub struct Content {
    /// The language in which a title must be present.
    pub original_language: Language,
    /// What it is called, up to 120.
    pub title: Localized,
    /// It in one or two sentences, up to 300.
    pub summary: Localized,
    /// What is wrong now, and for whom, up to 4,000.
    pub problem: Localized,
    /// What shall be there at the end, up to 2,000.
    pub outcome: Localized,
    /// How far the thing itself has come.
    pub stage: ProjectStage,
    /// The shape of the work.
    pub engagement: Engagement,
    /// What it works for, up to 5.
    pub cause_ids: Vec<CauseId>,
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// Where the work is done.
    pub location_mode: LocationMode,
    /// The place; needed unless all work is remote.
    pub place: place::Input,
    /// IANA time zone.
    pub zone: String,
    /// Where its code is.
    pub code_url: Option<String>,
    /// Its own web address.
    pub website: Option<String>,
}

impl Content {
    /// Checks everything and turns it into columns.
    ///
    /// # Errors
    /// Every violation at once.
    pub(super) async fn columns(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<project::ActiveModel, DomainError> {
        let mut violations = self.text_violations();
        violations.extend(zone_violation(&self.zone, "zone"));
        violations.extend(period_violations(self.starts_on, self.ends_on));
        let place = resolve_place(self.location_mode, &self.place, &mut violations);
        violations.extend(cause_violations(connection, &self.cause_ids).await?);
        if !violations.is_empty() {
            return Err(DomainError::Rules(violations));
        }
        let (title, summary) = (self.title.cleaned(), self.summary.cleaned());
        let (problem, outcome) = (self.problem.cleaned(), self.outcome.cleaned());
        Ok(project::ActiveModel {
            original_language: Set(self.original_language),
            title_en: Set(title.en),
            title_fr: Set(title.fr),
            summary_en: Set(summary.en),
            summary_fr: Set(summary.fr),
            problem_en: Set(problem.en),
            problem_fr: Set(problem.fr),
            outcome_en: Set(outcome.en),
            outcome_fr: Set(outcome.fr),
            stage: Set(self.stage),
            engagement: Set(self.engagement),
            starts_on: Set(self.starts_on),
            ends_on: Set(self.ends_on),
            location_mode: Set(self.location_mode),
            latitude: Set(place.latitude()),
            longitude: Set(place.longitude()),
            city: Set(place.city),
            zone: Set(self.zone.clone()),
            code_url: Set(text::clean(self.code_url.as_deref())),
            website: Set(text::clean(self.website.as_deref())),
            ..Default::default()
        })
    }

    fn text_violations(&self) -> Vec<Violation> {
        let original = Needed::In(self.original_language);
        let localized = [
            ("title", &self.title, MAX_TITLE, original),
            ("summary", &self.summary, MAX_SUMMARY, Needed::Nowhere),
            ("problem", &self.problem, MAX_PROBLEM, Needed::Nowhere),
            ("outcome", &self.outcome, MAX_OUTCOME, Needed::Nowhere),
        ];
        let links = [
            text::url_violation(self.code_url.as_deref().unwrap_or_default(), "codeUrl"),
            text::url_violation(self.website.as_deref().unwrap_or_default(), "website"),
        ];
        localized
            .into_iter()
            .flat_map(|(field, text, max, needed)| text.violations(field, max, needed))
            .chain(links.into_iter().flatten())
            .collect()
    }
}

/// What is wrong with a first and a last day; also used for roles.
pub(in crate::domain) fn period_violations(
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (field, day) in [("startsOn", starts_on), ("endsOn", ends_on)] {
        if day.is_some_and(|day| !(2000..=2100).contains(&day.year())) {
            violations.push(Violation::new(
                Code::OutOfRange,
                field,
                "Give a day between the years 2000 and 2100.",
                "Indiquez un jour entre les années 2000 et 2100.",
            ));
        }
    }
    if starts_on
        .zip(ends_on)
        .is_some_and(|(start, end)| end < start)
    {
        violations.push(Violation::new(
            Code::OutOfRange,
            "endsOn",
            "The last day comes before the first.",
            "Le dernier jour précède le premier.",
        ));
    }
    violations
}

/// The place of work, which must be known unless all of it is remote; also used for roles.
pub(in crate::domain) fn resolve_place(
    mode: LocationMode,
    input: &place::Input,
    violations: &mut Vec<Violation>,
) -> Place {
    let place = place::resolve(input, "place").unwrap_or_else(|found| {
        violations.extend(found);
        Place::default()
    });
    let is_missing = place == Place::default() && *input == place::Input::default();
    if mode != LocationMode::Remote && is_missing {
        violations.push(Violation::new(
            Code::Required,
            "place",
            "Work on site needs a place: a city, or a position.",
            "Le travail sur place exige un lieu : une ville ou une position.",
        ));
    }
    place
}

async fn cause_violations(
    connection: &impl ConnectionTrait,
    ids: &[CauseId],
) -> Result<Vec<Violation>, DomainError> {
    if ids.len() > MAX_CAUSES {
        let count = ids.len();
        return Ok(vec![Violation::new(
            Code::TooLong,
            "causeIds",
            format!("At most {MAX_CAUSES} causes; there are {count}."),
            format!("Au plus {MAX_CAUSES} causes; il y en a {count}."),
        )]);
    }
    let known: HashSet<CauseId> = cause::Entity::find()
        .select_only()
        .column(cause::Column::Id)
        .filter(cause::COLUMN.id.is_in(ids.iter().cloned()))
        .into_tuple::<CauseId>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let mut seen = HashSet::new();
    let mut violations = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let field = format!("causeIds.{index}");
        if !known.contains(id) {
            violations.push(Violation::new(
                Code::Unknown,
                field,
                "There is no such cause; choose one of the list of causes.",
                "Cette cause n’existe pas; choisissez-en une dans la liste des causes.",
            ));
        } else if !seen.insert(id) {
            violations.push(Violation::new(
                Code::Duplicate,
                field,
                "This cause stands in the list twice.",
                "Cette cause figure deux fois dans la liste.",
            ));
        }
    }
    Ok(violations)
}

/// Makes `ids` the project's causes.
pub(super) async fn set_causes(
    transaction: &impl ConnectionTrait,
    project_id: ProjectId,
    ids: &[CauseId],
) -> Result<(), DomainError> {
    project_cause::Entity::delete_many()
        .filter(project_cause::COLUMN.project_id.eq(project_id))
        .exec(transaction)
        .await?;
    let rows: Vec<_> = ids
        .iter()
        .map(|id| project_cause::ActiveModel {
            project_id: Set(project_id),
            cause_id: Set(id.clone()),
        })
        .collect();
    if !rows.is_empty() {
        project_cause::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}
