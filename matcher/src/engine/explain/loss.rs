//! Why a factor is not full, in words.

use super::phrase::{count, duration, languages, list};
use super::{Labels, Locale, factor as factors};
use crate::engine::fit::{Detail, Factor, NeedMet, SkillYears};
use crate::model::BasisPoints;

/// What is missing in one factor. It makes sense for a factor that costs something.
pub(super) fn words(factor: &Factor, locale: Locale, labels: &dyn Labels) -> String {
    if factor.known == BasisPoints::LEAST {
        return unknown(factor, locale);
    }
    let missing = match &factor.detail {
        Detail::Skills { needs } => skills(needs, locale, labels),
        Detail::Evidence { years } => evidence(years, locale, labels),
        Detail::Meeting { minutes, asked, .. } => {
            let (common, asked) = (duration(minutes.unwrap_or(0)), duration(*asked));
            locale.pick(
                format!("{common} a week in common for {asked} asked: more would leave a choice"),
                format!(
                    "{common} en commun par semaine pour {asked} : davantage laisserait le choix"
                ),
            )
        }
        Detail::Hours { asked, left } => {
            let left = left.unwrap_or(0);
            locale.pick(
                format!("{left} h a week left for {asked} h asked: little or no air"),
                format!("{left} h par semaine disponibles pour {asked} h demandées : peu de marge"),
            )
        }
        Detail::Causes { shared, asked } => causes(
            shared.as_ref().map_or(0, |shared| shared.len()),
            *asked,
            locale,
        ),
        Detail::Wish { skills } => wishes(skills.as_deref().unwrap_or_default().len(), locale),
        Detail::Languages { lacking, .. } if !lacking.is_empty() => {
            let lacking = languages(lacking, locale);
            locale.pick(
                format!("does not speak {lacking}, which is required"),
                format!("ne parle pas : {lacking} (exigé)"),
            )
        }
        Detail::Languages { missing, .. } if !missing.is_empty() => {
            let missing = languages(missing, locale);
            locale.pick(
                format!("does not speak {missing}, which is preferred"),
                format!("ne parle pas : {missing} (atout)"),
            )
        }
        Detail::Waiting { days } => {
            let days = count(u64::from(*days), locale, ("day", "days"), ("jour", "jours"));
            locale.pick(
                format!("has waited {days}; those who wait longer come first"),
                format!("attend depuis {days}; les plus longues attentes passent avant"),
            )
        }
        Detail::Languages { .. }
        | Detail::Remote { .. }
        | Detail::Distance { .. }
        | Detail::Load { .. }
        | Detail::Exposure { .. } => factors::words(factor, locale, labels),
    };
    if factor.known == BasisPoints::MOST {
        return if missing.is_empty() {
            factors::words(factor, locale, labels)
        } else {
            missing
        };
    }
    let partly = locale.pick("part of it is not known", "une partie est inconnue");
    if missing.is_empty() {
        return partly.to_owned();
    }
    format!("{missing}; {partly}")
}

fn unknown(factor: &Factor, locale: Locale) -> String {
    let (name, value) = (factor.code.name(locale), factor.value.percent());
    locale.pick(
        format!("{name}: not known, so they count as {value}%"),
        format!("{name} : information inconnue, comptée à {value} %"),
    )
}

fn skills(needs: &[NeedMet], locale: Locale, labels: &dyn Labels) -> String {
    let short = |is_held: bool| {
        needs
            .iter()
            .filter(move |need| need.is_held == is_held && need.credit < BasisPoints::MOST)
    };
    let lacking: Vec<String> = short(false)
        .map(|need| labels.skill(&need.skill, locale).into_owned())
        .collect();
    let in_part: Vec<String> = short(true)
        .map(|need| factors::one(need, locale, labels))
        .collect();
    let mut parts = Vec::new();
    if !lacking.is_empty() {
        let lacking = list(&lacking, locale);
        parts.push(locale.pick(format!("lacks {lacking}"), format!("manque : {lacking}")));
    }
    if !in_part.is_empty() {
        let in_part = list(&in_part, locale);
        parts.push(locale.pick(
            format!("in part: {in_part}"),
            format!("en partie : {in_part}"),
        ));
    }
    parts.join("; ")
}

fn evidence(years: &[SkillYears], locale: Locale, labels: &dyn Labels) -> String {
    factors::practised(years, locale, labels).map_or_else(
        || factors::no_practice(locale).to_owned(),
        |known| {
            locale.pick(
                format!("more practice would count in the skills asked; known: {known}"),
                format!("plus de pratique des compétences demandées compterait; connu : {known}"),
            )
        },
    )
}

fn causes(shared: usize, asked: usize, locale: Locale) -> String {
    let of = count(
        asked as u64,
        locale,
        ("cause of the role", "causes of the role"),
        ("cause du rôle", "causes du rôle"),
    );
    match shared {
        0 => locale.pick(
            format!("in common: none of {of}"),
            format!("aucune en commun sur {of}"),
        ),
        _ => locale.pick(
            format!("in common: {shared} of {of}"),
            format!("{shared} en commun sur {of}"),
        ),
    }
}

fn wishes(met: usize, locale: Locale) -> String {
    match met {
        0 => locale.pick(
            "no skill asked is one they wish to learn",
            "aucune compétence demandée ne figure parmi leurs souhaits d’apprentissage",
        ),
        1 => locale.pick(
            "only one skill asked is one they wish to learn",
            "une seule compétence demandée figure parmi leurs souhaits d’apprentissage",
        ),
        _ => locale.pick(
            "few of the skills asked are ones they wish to learn",
            "peu de compétences demandées figurent parmi leurs souhaits d’apprentissage",
        ),
    }
    .to_owned()
}
