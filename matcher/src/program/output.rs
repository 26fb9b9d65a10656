//! Pairs on paper: JSON for programs, CSV for spreadsheets, a table for people.

use matcher::engine::round::Proof;
use matcher::engine::{Fit, IdLabels, Round};
use matcher::model::{Locale, RoleId, VolunteerId};
use serde::Serialize;

use super::arguments::Format;

/// What a run found.
#[derive(Serialize)]
pub(crate) struct Outcome {
    /// The pairs, by role, best first.
    #[serde(rename = "suggestions")]
    pub(crate) lines: Vec<Line>,
    /// Whether everybody was chosen for at once without seeking the greatest total.
    #[serde(rename = "quick", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_quick: bool,
    /// The whole round, when everybody was chosen for at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) round: Option<Round>,
}

/// One pair.
#[derive(Serialize)]
pub(crate) struct Line {
    pub(crate) role: String,
    pub(crate) volunteer: String,
    /// 0 to 1.
    pub(crate) score: f64,
    /// 0 to 1.
    pub(crate) confidence: f64,
    pub(crate) summary: String,
    pub(crate) reasons: Vec<String>,
    /// The factors with their points.
    pub(crate) fit: Fit,
}

impl Line {
    pub(crate) fn new(role: &RoleId, volunteer: &VolunteerId, fit: &Fit, locale: Locale) -> Self {
        Self {
            role: role.to_string(),
            volunteer: volunteer.to_string(),
            score: fit.score.as_unit(),
            confidence: fit.confidence.as_unit(),
            summary: fit.summary(locale, &IdLabels),
            reasons: fit.reasons(locale, &IdLabels),
            fit: fit.clone(),
        }
    }
}

pub(crate) fn render(outcome: &Outcome, format: Format, locale: Locale) -> Result<String, String> {
    match format {
        Format::Json => serde_json::to_string_pretty(outcome)
            .map(|text| text + "\n")
            .map_err(|error| error.to_string()),
        Format::Csv => csv(&outcome.lines).map_err(|error| error.to_string()),
        Format::Table => Ok(table(outcome, locale)),
    }
}

fn csv(lines: &[Line]) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["role", "volunteer", "score", "confidence", "summary"])?;
    for line in lines {
        let (score, confidence) = (
            format!("{:.4}", line.score),
            format!("{:.4}", line.confidence),
        );
        writer.write_record([
            &line.role,
            &line.volunteer,
            &score,
            &confidence,
            &line.summary,
        ])?;
    }
    Ok(String::from_utf8(
        writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)?,
    )?)
}

fn table(outcome: &Outcome, locale: Locale) -> String {
    let header = locale.pick(
        ["Role", "Volunteer", "Score", "Known", "Why"],
        ["Rôle", "Bénévole", "Score", "Connu", "Pourquoi"],
    );
    let percent = |number: u16| locale.pick(format!("{number}%"), format!("{number} %"));
    let mut rows = vec![header.map(str::to_owned)];
    rows.extend(outcome.lines.iter().map(|line| {
        [
            line.role.clone(),
            line.volunteer.clone(),
            percent(line.fit.score.percent()),
            percent(line.fit.confidence.percent()),
            line.summary.clone(),
        ]
    }));
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    if outcome.is_quick {
        let points = outcome
            .lines
            .iter()
            .map(|line| u64::from(line.fit.score.get()));
        text.push_str(&quick(outcome.lines.len(), points.sum(), locale));
    }
    if let Some(round) = &outcome.round {
        text.push_str(&totals(round, locale));
        for line in round.fairness.words(locale) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

fn totals(round: &Round, locale: Locale) -> String {
    let totals = &round.totals;
    let (pairs, served, roles) = (totals.pairings, totals.roles_served, totals.roles);
    let (placed, volunteers) = (totals.volunteers_served, totals.volunteers);
    let proof = proof(&round.proof, locale);
    locale.pick(
        format!("\n{pairs} pairings; {served} of {roles} roles and {placed} of {volunteers} volunteers have one\n{proof}\n"),
        format!("\n{pairs} jumelages; {served} rôles sur {roles} et {placed} bénévoles sur {volunteers} en ont un\n{proof}\n"),
    )
}

fn quick(pairs: usize, points: u64, locale: Locale) -> String {
    let total = score(points, locale);
    locale.pick(
        format!(
            "\n{pairs} pairings, total score {total}: {}\n",
            not_the_greatest(locale)
        ),
        format!(
            "\n{pairs} jumelages, score total {total} : {}\n",
            not_the_greatest(locale)
        ),
    )
}

/// What a quick answer is.
pub(crate) fn not_the_greatest(locale: Locale) -> &'static str {
    locale.pick(
        "a quick answer, not the greatest total possible",
        "réponse rapide, et non le plus grand total possible",
    )
}

fn score(points: u64, locale: Locale) -> String {
    let mark = locale.pick('.', ',');
    format!("{}{mark}{:04}", points / 10_000, points % 10_000)
}

/// The total score, and how near it is known to be to the greatest there is.
fn proof(proof: &Proof, locale: Locale) -> String {
    let (total, bound) = (score(proof.total, locale), score(proof.bound, locale));
    if !proof.is_verified {
        return locale.pick(
            format!("total score {total}, without proof"),
            format!("score total {total}, sans preuve"),
        );
    }
    if proof.total == proof.bound {
        return locale.pick(
            format!("total score {total}, the greatest possible"),
            format!("score total {total}, le plus grand possible"),
        );
    }
    locale.pick(
        format!("total score {total}; no choice has more than {bound}"),
        format!("score total {total}; aucun choix ne dépasse {bound}"),
    )
}
