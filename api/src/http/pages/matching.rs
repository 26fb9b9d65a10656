//! How matching works, for those it is about: what decides, with which weights, what does not count, who has the last word.
//! Numbers are read from the engine's policy; a gate or factor that is added without words here does not compile.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use entity::language::Language;
use matcher::engine::{FactorCode, GateCode, VERSION};
use matcher::model::{AdjustmentWeights, Locale, RoleViewWeights, VolunteerViewWeights, Weights};
use serde::Serialize;

use super::page::{Failure, Reader};
use crate::domain::matching::weights;
use crate::http::router::HttpState;

#[derive(Serialize)]
struct Content {
    engine_version: &'static str,
    weights_version: String,
    gates: Vec<&'static str>,
    views: [View; 2],
    adjustments: Vec<Adjustment>,
    minimum_score: String,
    minimum_confidence: String,
    contact: String,
}

/// What counts for one side.
#[derive(Serialize)]
struct View {
    is_of_role: bool,
    total: u32,
    factors: Vec<Factor>,
}

#[derive(Serialize)]
struct Factor {
    name: &'static str,
    words: &'static str,
    weight: u16,
}

/// What is taken off at the end, at most so much.
#[derive(Serialize)]
struct Adjustment {
    name: &'static str,
    words: &'static str,
    most: String,
}

pub(super) async fn show(State(state): State<HttpState>, parts: Parts) -> Response {
    let reader = Reader::new(&parts, super::MATCHING.to_owned());
    match weights() {
        Ok(weights) => {
            let content = content(weights, reader.language, state.app.config.privacy_contact());
            reader.page("matching.html", StatusCode::OK, content)
        }
        Err(error) => {
            tracing::error!(error = error.with_causes(), "the weights cannot be read");
            Failure::Failed.page(&reader)
        }
    }
}

fn content(weights: &Weights, language: Language, contact: &str) -> Content {
    let Weights {
        version,
        gates: policy,
        role_view,
        volunteer_view,
        adjustment,
        ..
    } = weights;
    Content {
        engine_version: VERSION,
        weights_version: version.clone(),
        gates: GateCode::ALL
            .map(|code| pick(gate(code), language))
            .to_vec(),
        views: [
            view(true, &of_role(role_view), language),
            view(false, &of_volunteer(volunteer_view), language),
        ],
        adjustments: adjustments(adjustment, language),
        minimum_score: percent(policy.minimum_score.get(), language),
        minimum_confidence: percent(policy.minimum_confidence.get(), language),
        contact: contact.to_owned(),
    }
}

const fn of_role(weights: &RoleViewWeights) -> [(FactorCode, u16); 5] {
    let RoleViewWeights {
        must_have,
        nice_to_have,
        evidence,
        meeting,
        hours,
    } = *weights;
    [
        (FactorCode::MustHave, must_have),
        (FactorCode::NiceToHave, nice_to_have),
        (FactorCode::Evidence, evidence),
        (FactorCode::Meeting, meeting),
        (FactorCode::Hours, hours),
    ]
}

const fn of_volunteer(weights: &VolunteerViewWeights) -> [(FactorCode, u16); 4] {
    let VolunteerViewWeights {
        causes,
        wish,
        place,
        languages,
    } = *weights;
    [
        (FactorCode::Causes, causes),
        (FactorCode::Wish, wish),
        (FactorCode::Place, place),
        (FactorCode::Languages, languages),
    ]
}

fn view(is_of_role: bool, weights: &[(FactorCode, u16)], language: Language) -> View {
    View {
        is_of_role,
        total: weights.iter().map(|(_, weight)| u32::from(*weight)).sum(),
        factors: weights
            .iter()
            .map(|(code, weight)| Factor {
                name: code.name(locale(language)),
                words: pick(factor(*code), language),
                weight: *weight,
            })
            .collect(),
    }
}

fn adjustments(weights: &AdjustmentWeights, language: Language) -> Vec<Adjustment> {
    [
        (FactorCode::Waiting, weights.waiting_most),
        (FactorCode::Load, weights.load_most),
        (FactorCode::Exposure, weights.exposure_most),
    ]
    .into_iter()
    .map(|(code, most)| Adjustment {
        name: code.name(locale(language)),
        words: pick(factor(code), language),
        most: percent(most, language),
    })
    .collect()
}

/// Basis points in percent.
fn percent(basis_points: u16, language: Language) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    let (comma, unit) = match language {
        Language::En => (".", "%"),
        Language::Fr => (",", " %"),
    };
    if part == 0 {
        format!("{whole}{unit}")
    } else {
        format!("{whole}{comma}{part:02}{unit}")
    }
}

const fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::En,
        Language::Fr => Locale::Fr,
    }
}

const fn pick((en, fr): (&'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::En => en,
        Language::Fr => fr,
    }
}

/// When a pair is not proposed at all.
const fn gate(code: GateCode) -> (&'static str, &'static str) {
    match code {
        GateCode::RoleClosed => (
            "The role takes nobody now.",
            "Le rôle n’accueille personne pour l’instant.",
        ),
        GateCode::RoleFull => ("Every seat is taken.", "Toutes les places sont prises."),
        GateCode::RoleOver => (
            "The role’s last day has passed.",
            "Le dernier jour du rôle est passé.",
        ),
        GateCode::VolunteerUnavailable => (
            "The volunteer is busy or on a break.",
            "La personne bénévole est occupée ou en pause.",
        ),
        GateCode::NoOpenPlacement => (
            "The volunteer has as many placements and open offers as they want.",
            "La personne bénévole a autant de placements et d’offres ouvertes qu’elle le souhaite.",
        ),
        GateCode::Prohibited => (
            "The two are paired already, one of them declined before, or a coordinator ruled the pair out.",
            "Les deux sont déjà jumelés, l’un d’eux a déjà décliné, ou la coordination a écarté ce jumelage.",
        ),
        GateCode::Conflict => (
            "The volunteer represents the organization, works for it or sits on its board.",
            "La personne bénévole représente l’organisme, y travaille ou siège à son conseil.",
        ),
        GateCode::Languages => (
            "The volunteer does not speak a language that the role requires.",
            "La personne bénévole ne parle pas une langue que le rôle exige.",
        ),
        GateCode::Hours => (
            "The role asks for more hours a week than the volunteer has left.",
            "Le rôle demande plus d’heures par semaine qu’il n’en reste à la personne bénévole.",
        ),
        GateCode::Place => (
            "The place is farther than the volunteer travels, or remote work does not suit them.",
            "Le lieu est plus loin que la personne bénévole ne se déplace, ou le travail à distance ne lui convient pas.",
        ),
        GateCode::MustHave => (
            "A must-have skill is missing, and the role has no learning seat for someone who wishes to learn it.",
            "Une compétence indispensable manque, et le rôle n’a pas de place d’apprentissage pour qui souhaite l’acquérir.",
        ),
        GateCode::Away => (
            "The volunteer is away for all of the weeks that are looked at.",
            "La personne bénévole est absente pendant toutes les semaines considérées.",
        ),
        GateCode::Meeting => (
            "The two have too little time in common for the role’s meetings.",
            "Les deux ont trop peu de temps en commun pour les rencontres du rôle.",
        ),
        GateCode::Confidence => (
            "Too little is known to say.",
            "On en sait trop peu pour se prononcer.",
        ),
        GateCode::Score => (
            "The score is too low to propose the pair.",
            "Le pointage est trop bas pour proposer le jumelage.",
        ),
    }
}

/// What a factor looks at.
const fn factor(code: FactorCode) -> (&'static str, &'static str) {
    match code {
        FactorCode::MustHave => (
            "how far the skills that the role cannot do without reach the levels it asks for; a related skill counts in part",
            "dans quelle mesure les compétences dont le rôle ne peut se passer atteignent le niveau demandé; une compétence apparentée compte en partie",
        ),
        FactorCode::NiceToHave => (
            "the same for skills that would help",
            "de même pour les compétences qui aideraient",
        ),
        FactorCode::Evidence => (
            "years of practice in those skills, as the volunteer states them",
            "les années de pratique de ces compétences, telles que déclarées",
        ),
        FactorCode::Meeting => (
            "time that both have in the week, time off taken out",
            "le temps que les deux ont en commun dans la semaine, absences déduites",
        ),
        FactorCode::Hours => (
            "hours a week that the volunteer has left",
            "les heures par semaine qui restent à la personne bénévole",
        ),
        FactorCode::Causes => (
            "causes that both work for",
            "les causes que les deux défendent",
        ),
        FactorCode::Wish => (
            "skills asked for that the volunteer wishes to learn",
            "les compétences demandées que la personne bénévole souhaite acquérir",
        ),
        FactorCode::Place => (
            "how near the work is; remote work counts in full",
            "la proximité du travail; le travail à distance compte pleinement",
        ),
        FactorCode::Languages => (
            "languages that the role requires or prefers",
            "les langues que le rôle exige ou préfère",
        ),
        FactorCode::Waiting => (
            "given back, day by day, to those who have waited",
            "redonné, jour après jour, à qui attend",
        ),
        FactorCode::Load => (
            "for each placement and open offer of the volunteer",
            "pour chaque placement et offre ouverte de la personne bénévole",
        ),
        FactorCode::Exposure => (
            "for each recent suggestion of either side, so that chances are spread",
            "pour chaque suggestion récente de l’une ou l’autre partie, afin de répartir les occasions",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_written_as_each_language_does() {
        assert_eq!(percent(2_000, Language::En), "20%");
        assert_eq!(percent(2_000, Language::Fr), "20 %");
        assert_eq!(percent(205, Language::En), "2.05%");
        assert_eq!(percent(205, Language::Fr), "2,05 %");
    }
}
