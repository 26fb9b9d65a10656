//! Explanations in words, English and French, made from the data of a fit or a closed gate. Nothing is computed here.
//!
//! Labels of skills and causes come from whoever has them; without labels the ids stand.

mod change;
mod factor;
mod gate;
mod loss;
mod phrase;

use std::borrow::Cow;

use super::fit::{Factor, Fit, Loss};
use super::gate::{Blocked, Change, Gate};
use super::score::FactorCode;
use crate::model::{CauseId, LanguageCode, Locale, SkillId};

/// Names for the ids in an explanation.
pub trait Labels {
    /// The label of a skill.
    fn skill<'a>(&'a self, id: &'a SkillId, locale: Locale) -> Cow<'a, str>;
    /// The label of a cause.
    fn cause<'a>(&'a self, id: &'a CauseId, locale: Locale) -> Cow<'a, str>;
}

/// Labels for those who have none: the ids themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdLabels;

impl Labels for IdLabels {
    fn skill<'a>(&'a self, id: &'a SkillId, _: Locale) -> Cow<'a, str> {
        Cow::Borrowed(id.as_str())
    }

    fn cause<'a>(&'a self, id: &'a CauseId, _: Locale) -> Cow<'a, str> {
        Cow::Borrowed(id.as_str())
    }
}

impl Fit {
    /// The reasons in one line, as "3 of 4 skills; Tuesday evening fits; 2 causes in common".
    pub fn summary(&self, locale: Locale, labels: &dyn Labels) -> String {
        factor::summary(self, locale, labels).join("; ")
    }

    /// Each factor in words, in the order of the fit.
    pub fn reasons(&self, locale: Locale, labels: &dyn Labels) -> Vec<String> {
        self.factors
            .iter()
            .map(|factor| factor.words(locale, labels))
            .collect()
    }
}

impl Factor {
    /// The factor in words.
    pub fn words(&self, locale: Locale, labels: &dyn Labels) -> String {
        factor::words(self, locale, labels)
    }
}

impl Loss<'_> {
    /// Why the factor is not full, in words.
    pub fn words(&self, locale: Locale, labels: &dyn Labels) -> String {
        loss::words(self.factor, locale, labels)
    }
}

impl Gate {
    /// The closed gate in words.
    pub fn words(&self, locale: Locale, labels: &dyn Labels) -> String {
        gate::words(self, locale, labels)
    }
}

impl Change {
    /// The change in words; `None` when nothing should change.
    pub fn words(&self, locale: Locale, labels: &dyn Labels) -> Option<String> {
        change::words(self, locale, labels)
    }
}

impl Blocked {
    /// Gate and change in words.
    pub fn words(&self, locale: Locale, labels: &dyn Labels) -> String {
        let gate = self.gate.words(locale, labels);
        match self.change.words(locale, labels) {
            Some(change) => format!("{gate}{}{change}", locale.pick(" → ", " → ")),
            None => gate,
        }
    }
}

impl LanguageCode {
    /// The name of the language where it is a common one here, else its code.
    pub fn name(&self, locale: Locale) -> String {
        phrase::languages([self], locale)
    }
}

impl FactorCode {
    /// The name of the factor, as in a heading.
    pub const fn name(self, locale: Locale) -> &'static str {
        let (en, fr) = match self {
            Self::MustHave => ("must-have skills", "compétences indispensables"),
            Self::NiceToHave => ("nice-to-have skills", "compétences souhaitées"),
            Self::Evidence => ("experience", "expérience"),
            Self::Meeting => ("meeting times", "heures de réunion"),
            Self::Hours => ("hours a week", "heures par semaine"),
            Self::Causes => ("causes", "causes"),
            Self::Wish => ("wish to learn", "désir d’apprendre"),
            Self::Place => ("place", "lieu"),
            Self::Languages => ("languages", "langues"),
            Self::Waiting => ("waiting", "attente"),
            Self::Load => ("current load", "charge actuelle"),
            Self::Exposure => ("recent suggestions", "suggestions récentes"),
        };
        match locale {
            Locale::En => en,
            Locale::Fr => fr,
        }
    }
}
