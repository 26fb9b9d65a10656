//! Closed gates in words.

use super::phrase::{count, date, duration, languages, list};
use super::{Labels, Locale};
use crate::engine::gate::{Gate, MissingSkill};
use crate::model::ProhibitionCause;

#[expect(
    clippy::too_many_lines,
    reason = "one sentence for each variant, both languages side by side"
)]
pub(super) fn words(gate: &Gate, locale: Locale, labels: &dyn Labels) -> String {
    match gate {
        Gate::RoleClosed => locale
            .pick(
                "the role takes nobody now",
                "le rôle n’accueille personne en ce moment",
            )
            .into(),
        Gate::RoleFull => locale
            .pick("no seat is open", "aucune place n’est libre")
            .into(),
        Gate::RoleOver { ended_on } => {
            let day = date(*ended_on);
            locale.pick(
                format!("the role ended on {day}"),
                format!("le rôle a pris fin le {day}"),
            )
        }
        Gate::VolunteerUnavailable { until: None } => locale
            .pick(
                "the volunteer is not available now",
                "la personne n’est pas disponible en ce moment",
            )
            .into(),
        Gate::VolunteerUnavailable { until: Some(until) } => {
            let day = date(*until);
            locale.pick(
                format!("the volunteer is paused until {day}"),
                format!("la personne est en pause jusqu’au {day}"),
            )
        }
        Gate::NoOpenPlacement { current, most } => {
            let most = count(
                u64::from(*most),
                locale,
                ("placement at once", "placements at once"),
                ("placement à la fois", "placements à la fois"),
            );
            locale.pick(
                format!("takes at most {most} and has {current}"),
                format!("accepte au plus {most} et en a {current}"),
            )
        }
        Gate::Prohibited { cause } => prohibited(*cause, locale).into(),
        Gate::Conflict => locale
            .pick(
                "conflict of interest with the organization",
                "conflit d’intérêts avec l’organisme",
            )
            .into(),
        Gate::Languages { missing } => {
            let missing = languages(missing, locale);
            locale.pick(
                format!("does not speak {missing}"),
                format!("ne parle pas : {missing}"),
            )
        }
        Gate::Hours { asked, left } => locale.pick(
            format!("{asked} h a week asked, {left} h left"),
            format!("{asked} h par semaine demandées, {left} h disponibles"),
        ),
        Gate::Place {
            distance_km: Some(km),
            radius_km,
        } => {
            let radius = radius_km.unwrap_or(0);
            locale.pick(
                format!("{km} km away, travels {radius} km"),
                format!("à {km} km, se déplace jusqu’à {radius} km"),
            )
        }
        Gate::Place {
            distance_km: None,
            radius_km: Some(_),
        } => locale.pick("does not travel", "ne se déplace pas").into(),
        Gate::Place {
            distance_km: None,
            radius_km: None,
        } => locale
            .pick("does not work remotely", "ne travaille pas à distance")
            .into(),
        Gate::MustHave { missing } => {
            let names = skills(missing, locale, labels);
            locale.pick(format!("lacks {names}"), format!("n’a pas : {names}"))
        }
        Gate::Away { through } => {
            let day = date(*through);
            locale.pick(
                format!("is away until after {day}"),
                format!("est absente jusqu’après le {day}"),
            )
        }
        Gate::Meeting { minutes, asked } => {
            let (minutes, asked) = (duration(*minutes), duration(*asked));
            locale.pick(
                format!("{minutes} a week in common, {asked} asked"),
                format!("{minutes} en commun par semaine, {asked} demandées"),
            )
        }
        Gate::Confidence { confidence, needed } => {
            let (known, needed) = (confidence.percent(), needed.percent());
            locale.pick(
                format!("only {known}% is known, {needed}% is needed"),
                format!("{known} % seulement est connu, il faut {needed} %"),
            )
        }
        Gate::Score { score, needed } => {
            let (score, needed) = (score.percent(), needed.percent());
            locale.pick(
                format!("the fit is {score}%, at least {needed}% is proposed"),
                format!("la correspondance est de {score} %, il faut au moins {needed} %"),
            )
        }
    }
}

const fn prohibited(cause: ProhibitionCause, locale: Locale) -> &'static str {
    let (en, fr) = match cause {
        ProhibitionCause::Forbidden => (
            "a coordinator forbade this pair",
            "une coordination a interdit cette paire",
        ),
        ProhibitionCause::AlreadyPaired => {
            ("the two are already paired", "les deux sont déjà jumelés")
        }
        ProhibitionCause::Declined => (
            "one of the two declined before",
            "l’une des deux parties a déjà refusé",
        ),
        ProhibitionCause::Rejected => (
            "a coordinator rejected this pair before",
            "une coordination a déjà rejeté cette paire",
        ),
    };
    match locale {
        Locale::En => en,
        Locale::Fr => fr,
    }
}

/// "Python (level 3) and SQL (level 2)".
pub(super) fn skills(skills: &[MissingSkill], locale: Locale, labels: &dyn Labels) -> String {
    let names: Vec<String> = skills
        .iter()
        .map(|missing| {
            let name = labels.skill(&missing.skill, locale);
            locale.pick(
                format!("{name} (level {})", missing.level),
                format!("{name} (niveau {})", missing.level),
            )
        })
        .collect();
    list(&names, locale)
}
