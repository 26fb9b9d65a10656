//! The reports in words, English and French. Nothing is computed here.

use super::calibration::{Bin, Calibration};
use super::outcome::Target;
use super::proportion::Proportion;
use super::reason;
use super::refit::Refit;
use super::replay::Replay;
use super::{Answer, TooFew};
use crate::model::{BasisPoints, Locale};

impl TooFew {
    /// What is missing.
    pub fn words(&self, locale: Locale) -> String {
        let Self {
            yes,
            no,
            needed_of_each,
        } = self;
        locale.pick(
            format!("too few outcomes: {yes} yes and {no} no, where {needed_of_each} of each are needed"),
            format!("trop peu de résultats : {yes} oui et {no} non, alors qu’il en faut {needed_of_each} de chaque"),
        )
    }
}

impl Calibration {
    /// The report, one finding a line.
    pub fn words(&self, locale: Locale) -> Vec<String> {
        let (yes, of) = (self.overall.yes, self.overall.of);
        let undecided = self.undecided;
        let target = self.target.words(locale);
        let mut lines = vec![locale.pick(
            format!("{target}: {yes} of {of}; {undecided} do not say"),
            format!("{target} : {yes} sur {of}; sans réponse claire : {undecided}"),
        )];
        lines.extend(self.too_few.map(|too_few| too_few.words(locale)));
        let heading = locale.pick("score", "score");
        lines.extend(section(
            heading,
            self.discrimination,
            &self.by_score,
            locale,
        ));
        for factor in &self.by_factor {
            let name = factor.code.name(locale);
            lines.extend(section(name, factor.discrimination, &factor.bins, locale));
        }
        lines.extend(self.reasons.iter().map(|(code, count)| {
            let reason = reason::words(code, locale);
            locale.pick(
                format!("reason {reason}: {count}"),
                format!("raison {reason} : {count}"),
            )
        }));
        lines
    }
}

fn section(
    name: &str,
    discrimination: Option<BasisPoints>,
    bins: &[Bin],
    locale: Locale,
) -> Vec<String> {
    if bins.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![match discrimination.map(|share| percent(share, locale)) {
        Some(share) => locale.pick(
            format!("{name}: a yes is above a no {share} of the time"),
            format!("{name} : un oui dépasse un non {share} du temps"),
        ),
        // Without both answers none is above the other.
        None => name.to_owned(),
    }];
    lines.extend(bins.iter().map(|bin| {
        let (from, to) = (bin.from.percent(), bin.to.percent());
        let observed = proportion(&bin.observed, locale);
        locale.pick(
            format!("  {from}–{to}%: {observed}"),
            format!("  {from}–{to} % : {observed}"),
        )
    }));
    lines
}

fn proportion(observed: &Proportion, locale: Locale) -> String {
    let (yes, of) = (observed.yes, observed.of);
    let (Some(share), Some((low, high))) = (observed.share, observed.interval) else {
        return "–".to_owned();
    };
    let share = percent(share, locale);
    let (low, high) = (low.percent(), high.percent());
    locale.pick(
        format!("{yes} of {of}, {share} [{low}–{high}]"),
        format!("{yes} sur {of}, {share} [{low}–{high}]"),
    )
}

impl Refit {
    /// The proposal and its evidence, one finding a line.
    pub fn words(&self, locale: Locale) -> Vec<String> {
        let mut lines = vec![if self.is_minimum {
            let (low, high) = self.held_out.interval;
            let gain = self.held_out.gain;
            let gain = locale.pick(
                format!("gain on people held out: {gain:.4} of log loss [{low:.4}, {high:.4}]"),
                decimal_comma(&format!(
                    "gain sur les personnes mises de côté : {gain:.4} de perte logarithmique [{low:.4}; {high:.4}]"
                )),
            );
            let verdict = if self.held_out.is_better() {
                locale.pick(
                    "the weights below predict better",
                    "les poids ci-dessous prédisent mieux",
                )
            } else {
                locale.pick(
                    "no weights predict better than the policy beyond chance",
                    "aucun poids ne prédit mieux que la politique au-delà du hasard",
                )
            };
            format!("{gain}; {verdict}")
        } else {
            locale
                .pick(
                    "the search did not end: the weights below mean nothing",
                    "la recherche n’a pas abouti : les poids ci-dessous ne veulent rien dire",
                )
                .to_owned()
        }];
        lines.extend(self.factors.iter().map(|factor| {
            let name = factor.code.name(locale);
            let (policy, proposed) = (percent_of(factor.policy), percent_of(factor.proposed));
            let (low, high) = (percent_of(factor.interval.0), percent_of(factor.interval.1));
            let silent = if factor.is_informed {
                ""
            } else {
                locale.pick(
                    " (the outcomes say nothing of it)",
                    " (les résultats n’en disent rien)",
                )
            };
            locale.pick(
                format!("{name}: {policy}% → {proposed}% [{low}–{high}]{silent}"),
                format!("{name} : {policy} % → {proposed} % [{low}–{high}]{silent}"),
            )
        }));
        lines.push(
            locale
                .pick(
                    "nothing was changed: copy what you decide into a file of weights",
                    "rien n’a été changé : copiez ce que vous décidez dans un fichier de poids",
                )
                .to_owned(),
        );
        lines
    }
}

impl Replay {
    /// The difference, one finding a line.
    pub fn words(&self, locale: Locale) -> Vec<String> {
        let (kept, lost, gained) = (self.kept.len(), self.lost.len(), self.gained.len());
        let (before, after) = (&self.before.weights_version, &self.after.weights_version);
        let mut lines = vec![locale.pick(
            format!("{before} → {after}: {kept} pairings kept, {lost} lost, {gained} gained"),
            format!(
                "{before} → {after}, jumelages gardés : {kept}; perdus : {lost}; gagnés : {gained}"
            ),
        )];
        for (answers, en, fr) in [
            (&self.answers_of_kept, "of those kept", "parmi les gardés"),
            (&self.answers_of_lost, "of those lost", "parmi les perdus"),
        ] {
            lines.extend(answers.iter().map(|(answer, count)| {
                let words = answer.words(locale);
                locale.pick(
                    format!("{en}, {count} were {words}"),
                    format!("{fr}, {count} : {words}"),
                )
            }));
        }
        for (side, en, fr) in [
            (&self.before, "before", "avant"),
            (&self.after, "after", "après"),
        ] {
            let name = locale.pick(en, fr);
            lines.extend(
                side.fairness
                    .words(locale)
                    .into_iter()
                    .map(|line| format!("{name}{}{line}", locale.pick(": ", " : "))),
            );
        }
        lines
    }
}

impl Target {
    const fn words(self, locale: Locale) -> &'static str {
        let (en, fr) = match self {
            Self::Approval => ("approved by a coordinator", "approuvés par la coordination"),
            Self::Acceptance => ("accepted by both sides", "acceptés par les deux côtés"),
            Self::Completion => ("completed as meant", "menés à terme comme prévu"),
        };
        match locale {
            Locale::En => en,
            Locale::Fr => fr,
        }
    }
}

impl Answer {
    /// The answer in words, as after "they were".
    pub const fn words(self, locale: Locale) -> &'static str {
        let (en, fr) = match self {
            Self::Rejected => ("rejected by a coordinator", "rejetés par la coordination"),
            Self::Approved => (
                "approved, without an answer yet",
                "approuvés, sans réponse encore",
            ),
            Self::Declined => ("declined", "déclinés"),
            Self::Expired => ("not answered in time", "restés sans réponse à temps"),
            Self::Accepted => ("accepted", "acceptés"),
            Self::Completed => ("completed", "menés à terme"),
            Self::Ended => ("ended early", "terminés plus tôt"),
            Self::NoShow => ("never begun", "jamais commencés"),
        };
        match locale {
            Locale::En => en,
            Locale::Fr => fr,
        }
    }
}

fn percent(share: BasisPoints, locale: Locale) -> String {
    let percent = share.percent();
    locale.pick(format!("{percent}%"), format!("{percent} %"))
}

/// Whole percent of basis points.
const fn percent_of(points: u16) -> u16 {
    (points + 50) / 100
}

fn decimal_comma(text: &str) -> String {
    text.replace('.', ",")
}
