//! `matcher calibrate` and `matcher replay`: reports on what was learned. They change nothing.

use std::path::Path;

use serde::Serialize;

use super::arguments::{Calibrate, LearnFormat, Replay};
use super::fault::Faults;
use super::{Failure, outcome, print, read_files, read_weights, record, tell};
use crate::engine::RoundOptions;
use crate::learning::{
    Criterion, Outcome, RefitOptions, TooFew, calibrate as set_against, refit, replay as play_again,
};
use crate::model::Locale;

/// What `calibrate` prints as JSON.
#[derive(Serialize)]
struct Learned {
    calibration: crate::learning::Calibration,
    #[serde(skip_serializing_if = "Option::is_none")]
    refit: Option<crate::learning::Refit>,
    /// Why there is no refit, though one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    too_few_for_refit: Option<TooFew>,
}

/// Sets outcomes against predictions, and fits weights if asked to.
pub(crate) fn calibrate(arguments: &Calibrate) -> Result<(), Failure> {
    let mut faults = Faults::default();
    let outcomes = read_outcomes(&arguments.outcomes, &mut faults);
    let weights = read_weights(arguments.weights.as_deref(), &mut faults);
    let (Some(weights), true) = (weights, faults.is_empty()) else {
        return Err(Failure::Input(faults));
    };
    let criterion = Criterion {
        target: arguments.target.into(),
        beside_the_point: arguments.beside_the_point.iter().cloned().collect(),
    };
    let calibration = set_against(&outcomes, &criterion);
    let fitted = arguments
        .refit
        .then(|| refit(&outcomes, &criterion, &weights, &RefitOptions::default()));
    let (refit, too_few_for_refit) = match fitted {
        None => (None, None),
        Some(Ok(refit)) => (Some(refit), None),
        Some(Err(too_few)) => (None, Some(too_few)),
    };
    let learned = Learned {
        calibration,
        refit,
        too_few_for_refit,
    };
    let locale = arguments.lang.locale();
    report(&learned, arguments.format, || learned.words(locale))?;
    tell(&faults.remarks(locale));
    Ok(())
}

impl Learned {
    fn words(&self, locale: Locale) -> Vec<String> {
        let mut lines = self.calibration.words(locale);
        if let Some(refit) = &self.refit {
            lines.push(String::new());
            lines.extend(refit.words(locale));
        }
        if let Some(too_few) = &self.too_few_for_refit {
            lines.push(String::new());
            let refused = locale.pick("no weights were fitted", "aucun poids n’a été ajusté");
            let colon = locale.pick(": ", " : ");
            lines.push(format!("{refused}{colon}{}", too_few.words(locale)));
        }
        lines
    }
}

/// Runs a round with the weights given and with others, and prints the difference.
pub(crate) fn replay(arguments: &Replay) -> Result<(), Failure> {
    let mut faults = Faults::default();
    let outcomes = arguments
        .outcomes
        .as_ref()
        .map(|path| read_outcomes(path, &mut faults))
        .unwrap_or_default();
    let other = read_weights(Some(&arguments.other), &mut faults);
    let read = read_files(&arguments.files, &mut faults);
    let (Some(other), Some((snapshot, weights, _)), true) = (other, read, faults.is_empty()) else {
        return Err(Failure::Input(faults));
    };
    let options = RoundOptions::default();
    let difference = play_again(&snapshot, &options, &weights, &other, &outcomes)
        .map_err(|error| Failure::Other(error.to_string()))?;
    let locale = arguments.lang.locale();
    report(&difference, arguments.format, || difference.words(locale))?;
    tell(&faults.remarks(locale));
    Ok(())
}

fn read_outcomes(path: &Path, faults: &mut Faults) -> Vec<Outcome> {
    record::read(path, &outcome::KIND, faults, |cells| {
        let outcome = outcome::decode(cells)?;
        Some((outcome::name(&outcome), outcome))
    })
}

fn report(
    value: &impl Serialize,
    format: LearnFormat,
    words: impl FnOnce() -> Vec<String>,
) -> Result<(), Failure> {
    let text = match format {
        LearnFormat::Json => serde_json::to_string_pretty(value)
            .map_err(|error| Failure::Other(error.to_string()))?,
        LearnFormat::Text => words().join("\n"),
    };
    print(&(text + "\n"))
}
