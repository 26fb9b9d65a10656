//! What the engine says of a pair, in words of both languages, in the form in which it is stored and told.
//!
//! Words are made once, when the engine answers: a stored pairing keeps the reasons it was proposed for, whatever skills
//! are called later.

use entity::language::Language;
use matcher::engine::{Blocked, Factor, FactorCode, Fit, GateCode, View};
use matcher::model::Locale;
use serde::{Deserialize, Serialize};

use super::labels::Labels;
use crate::error::DomainError;

/// The most reasons that people are told.
const MOST_REASONS: usize = 4;
/// From this value on a factor speaks for a pair, in basis points.
const GOOD: u16 = 6_000;

/// The same thing said in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

impl Words {
    /// Says something in each language.
    pub fn new(say: impl Fn(Locale) -> String) -> Self {
        Self {
            en: say(Locale::En),
            fr: say(Locale::Fr),
        }
    }

    /// Nothing said.
    pub const fn none() -> Self {
        Self {
            en: String::new(),
            fr: String::new(),
        }
    }

    /// The words in `language`.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Fr => &self.fr,
        }
    }
}

/// Why a pair fits: the `factors` column of pairings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What both sides are told, the weightiest first; at most four.
    pub reasons: Vec<Words>,
    /// All of it in one line.
    pub summary: Words,
    /// What the role gets, in basis points.
    pub role_view_bp: u16,
    /// What the volunteer gets, in basis points.
    pub volunteer_view_bp: u16,
    /// The parts of the score; their points sum to it.
    pub factors: Vec<ExplainedFactor>,
}

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedFactor {
    /// Which factor.
    pub code: FactorCode,
    /// Whose view it belongs to.
    pub view: View,
    /// Its weight in the view; 0 for adjustments.
    pub weight: u16,
    /// Its value in basis points; for an adjustment, what is taken off.
    pub value_bp: u16,
    /// How much of the value rests on known facts, in basis points.
    pub known_bp: u16,
    /// Its part of the score in basis points; negative for adjustments.
    pub points: i32,
    /// The factor's name.
    pub label: Words,
    /// What it saw.
    pub words: Words,
    /// What it costs, when it is not full.
    #[serde(default)]
    pub loss: Option<ExplainedLoss>,
}

/// What a factor costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedLoss {
    /// By how much the score would be higher, in basis points, if this factor alone were full.
    pub points: u16,
    /// Why it is not.
    pub words: Words,
}

/// A closed gate with the smallest change that opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Which gate.
    pub code: GateCode,
    /// What it saw.
    pub message: Words,
    /// What would open it; nothing when it is there to stay.
    pub change: Option<Words>,
}

impl Explanation {
    /// Puts a fit into words.
    pub fn new(fit: &Fit, labels: &Labels) -> Self {
        let mut telling: Vec<&Factor> = fit
            .factors
            .iter()
            .filter(|factor| factor.view != View::Adjustment)
            .filter(|factor| factor.value.get() >= GOOD && factor.known.get() >= GOOD)
            .collect();
        telling.sort_by_key(|factor| std::cmp::Reverse(factor.points));
        let words = |factor: &Factor| Words::new(|locale| factor.words(locale, labels));
        let losses = fit.losses();
        let loss = |factor: &Factor| {
            let loss = losses.iter().find(|loss| loss.factor.code == factor.code)?;
            Some(ExplainedLoss {
                points: loss.points.get(),
                words: Words::new(|locale| loss.words(locale, labels)),
            })
        };
        Self {
            reasons: telling.into_iter().take(MOST_REASONS).map(words).collect(),
            summary: Words::new(|locale| fit.summary(locale, labels)),
            role_view_bp: fit.role_view.get(),
            volunteer_view_bp: fit.volunteer_view.get(),
            factors: fit
                .factors
                .iter()
                .map(|factor| ExplainedFactor {
                    code: factor.code,
                    view: factor.view,
                    weight: factor.weight,
                    value_bp: factor.value.get(),
                    known_bp: factor.known.get(),
                    points: factor.points,
                    label: factor_name(factor.code),
                    words: words(factor),
                    loss: loss(factor),
                })
                .collect(),
        }
    }

    /// The factors that cost something, the dearest first.
    pub fn losses(&self) -> Vec<(&ExplainedFactor, &ExplainedLoss)> {
        let mut losses: Vec<_> = self
            .factors
            .iter()
            .filter_map(|factor| Some((factor, factor.loss.as_ref()?)))
            .collect();
        losses.sort_by_key(|(_, loss)| std::cmp::Reverse(loss.points));
        losses
    }

    /// The stored form.
    ///
    /// # Errors
    /// Never for plain data.
    pub fn to_json(&self) -> Result<serde_json::Value, DomainError> {
        serde_json::to_value(self).map_err(|error| DomainError::Internal(error.into()))
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it was not written by [`to_json`](Self::to_json).
    pub fn from_json(json: &serde_json::Value) -> Result<Self, DomainError> {
        Self::deserialize(json).map_err(|error| DomainError::Internal(error.into()))
    }
}

impl Exclusion {
    /// Puts a closed gate into words.
    pub fn new(blocked: &Blocked, labels: &Labels) -> Self {
        let change = |locale| blocked.change.words(locale, labels);
        Self {
            code: blocked.gate.code(),
            message: Words::new(|locale| blocked.gate.words(locale, labels)),
            change: change(Locale::En)
                .zip(change(Locale::Fr))
                .map(|(en, fr)| Words { en, fr }),
        }
    }
}

/// A factor's name.
pub fn factor_name(code: FactorCode) -> Words {
    Words::new(|locale| code.name(locale).to_owned())
}

/// A gate's name, as a cause in a report.
pub fn gate_name(code: GateCode) -> Words {
    let (en, fr) = match code {
        GateCode::RoleClosed => ("the role takes nobody now", "le rôle n’accueille personne"),
        GateCode::RoleFull => ("no seat is open", "aucune place libre"),
        GateCode::RoleOver => ("the role is over", "le rôle est terminé"),
        GateCode::VolunteerUnavailable => ("not available now", "indisponible en ce moment"),
        GateCode::NoOpenPlacement => ("enough placements", "assez de placements"),
        GateCode::Prohibited => ("the pair was ruled out", "paire exclue"),
        GateCode::Conflict => ("conflict of interest", "conflit d’intérêts"),
        GateCode::Languages => ("a required language is missing", "langue exigée manquante"),
        GateCode::Hours => ("too few hours left", "trop peu d’heures disponibles"),
        GateCode::Place => ("too far, or not remote", "trop loin, ou pas à distance"),
        GateCode::MustHave => (
            "a must-have skill is missing",
            "compétence indispensable manquante",
        ),
        GateCode::Away => ("away the whole time", "absence pendant toute la période"),
        GateCode::Meeting => ("too little time to meet", "trop peu de temps commun"),
        GateCode::Confidence => ("too little is known", "trop peu d’information"),
        GateCode::Score => ("the fit is too weak", "correspondance trop faible"),
    };
    Words {
        en: en.to_owned(),
        fr: fr.to_owned(),
    }
}
