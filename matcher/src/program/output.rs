//! Pairs on paper: JSON for programs, CSV for spreadsheets, a table for people.

use std::collections::BTreeSet;

use serde::Serialize;

use super::arguments::Format;
use crate::engine::round::Proof;
use crate::engine::{Fit, IdLabels, Pairing, Round};
use crate::model::{BasisPoints, Locale, RoleId, VolunteerId};

/// What a run found.
#[derive(Serialize)]
pub(crate) struct Outcome {
    /// The pairs, by role, best first.
    #[serde(rename = "suggestions")]
    pub(crate) lines: Vec<Line>,
    /// What the pairs are worth together, when everybody was chosen for at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<Total>,
    /// Whether everybody was chosen for at once without seeking the greatest total.
    #[serde(rename = "quick", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_quick: bool,
    /// The whole round, when everybody was chosen for at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) round: Option<Round>,
}

/// What pairs are worth together, in basis points: the same sum however they were chosen.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Total {
    /// Sum of the scores.
    scores: u64,
    /// Sum of the bonuses, one for each role with a suggestion.
    first_suggestions: u64,
}

impl Total {
    pub(crate) fn of(pairings: &[Pairing], bonus: BasisPoints) -> Self {
        let scores = pairings.iter().map(|pairing| pairing.fit.score.get());
        let roles: BTreeSet<&RoleId> = pairings.iter().map(|pairing| &pairing.role).collect();
        Self {
            scores: scores.map(u64::from).sum(),
            first_suggestions: roles.len() as u64 * u64::from(bonus.get()),
        }
    }

    fn words(self, verdict: &str, locale: Locale) -> String {
        let [scores, bonus, both] = [
            self.scores,
            self.first_suggestions,
            self.scores + self.first_suggestions,
        ]
        .map(|points| number(points, locale));
        locale.pick(
            format!("sum of scores {scores}; with the bonus of {bonus} for first suggestions {both}: {verdict}"),
            format!("somme des scores {scores}; avec la prime de {bonus} des premières suggestions {both} : {verdict}"),
        )
    }
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
    if let Some(total) = outcome.total {
        text.push('\n');
        text.push_str(&counts(outcome, locale));
        let verdict = match &outcome.round {
            Some(round) => proof(&round.proof, locale),
            None => not_the_greatest(locale).to_owned(),
        };
        text.push_str(&total.words(&verdict, locale));
        text.push('\n');
    }
    if let Some(round) = &outcome.round {
        for line in round.fairness.words(locale) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

fn counts(outcome: &Outcome, locale: Locale) -> String {
    let Some(round) = &outcome.round else {
        let pairs = outcome.lines.len();
        return locale.pick(
            format!("{pairs} pairings\n"),
            format!("{pairs} jumelages\n"),
        );
    };
    let totals = &round.totals;
    let (pairs, served, roles) = (totals.pairings, totals.roles_served, totals.roles);
    let (placed, volunteers) = (totals.volunteers_served, totals.volunteers);
    locale.pick(
        format!("{pairs} pairings; {served} of {roles} roles and {placed} of {volunteers} volunteers have one\n"),
        format!("{pairs} jumelages; {served} rôles sur {roles} et {placed} bénévoles sur {volunteers} en ont un\n"),
    )
}

/// What a quick answer is.
pub(crate) fn not_the_greatest(locale: Locale) -> &'static str {
    locale.pick(
        "a quick answer, not the greatest total possible",
        "réponse rapide, et non le plus grand total possible",
    )
}

fn number(points: u64, locale: Locale) -> String {
    let mark = locale.pick('.', ',');
    format!("{}{mark}{:04}", points / 10_000, points % 10_000)
}

/// How near the total, bonus included, is known to be to the greatest there is.
fn proof(proof: &Proof, locale: Locale) -> String {
    if !proof.is_verified {
        return locale.pick("without proof", "sans preuve").to_owned();
    }
    if proof.total == proof.bound {
        return locale
            .pick(
                "the greatest total possible",
                "le plus grand total possible",
            )
            .to_owned();
    }
    let bound = number(proof.bound, locale);
    locale.pick(
        format!("no choice has more than {bound}"),
        format!("aucun choix ne dépasse {bound}"),
    )
}
