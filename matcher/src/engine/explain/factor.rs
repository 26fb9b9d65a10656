//! Factors in words.

use super::phrase::{count, duration, languages, list, moment};
use super::{Labels, Locale};
use crate::engine::fit::{Detail, Factor, Fit, NeedMet, SkillYears};
use crate::engine::score::FactorCode;
use crate::model::BasisPoints;

/// The reasons that speak for a pair, and a word where little is known.
pub(super) fn summary(fit: &Fit, locale: Locale, labels: &dyn Labels) -> Vec<String> {
    let mut parts = Vec::new();
    let needs: Vec<&NeedMet> = fit
        .factors
        .iter()
        .filter(|factor| factor.known.get() > 0)
        .filter_map(|factor| match &factor.detail {
            Detail::Skills { needs } => Some(needs),
            _ => None,
        })
        .flatten()
        .collect();
    if !needs.is_empty() {
        parts.push(skills_met(&needs, locale));
    }
    for factor in &fit.factors {
        let says_something = match &factor.detail {
            Detail::Meeting { best, .. } => best.is_some(),
            Detail::Causes { shared, .. } => {
                shared.as_ref().is_some_and(|shared| !shared.is_empty())
            }
            Detail::Wish { skills } => skills.as_ref().is_some_and(|skills| !skills.is_empty()),
            Detail::Distance { km, .. } => km.is_some(),
            _ => false,
        };
        if says_something {
            parts.push(match &factor.detail {
                Detail::Meeting {
                    best: Some(best),
                    zone,
                    ..
                } => fits(&moment(*best, *zone, locale), locale),
                _ => words(factor, locale, labels),
            });
        }
    }
    if fit.confidence.get() < 6_000 {
        parts.push(
            locale
                .pick("little is known yet", "peu d’éléments connus")
                .to_owned(),
        );
    }
    if parts.is_empty() {
        parts.push(
            locale
                .pick("nothing speaks against it", "rien ne s’y oppose")
                .to_owned(),
        );
    }
    parts
}

/// "2 of 3 skills, 1 in part". Below the level asked, or through a related skill, a need is met in part.
fn skills_met(needs: &[&NeedMet], locale: Locale) -> String {
    let full = needs
        .iter()
        .filter(|need| need.credit == BasisPoints::MOST)
        .count();
    let part = needs.iter().filter(|need| need.is_held).count() - full;
    match (full, part) {
        (_, 0) => skills_of(full, needs.len(), locale),
        (0, _) => {
            let met = skills_of(part, needs.len(), locale);
            locale.pick(format!("{met} in part"), format!("{met} en partie"))
        }
        _ => {
            let met = skills_of(full, needs.len(), locale);
            locale.pick(
                format!("{met}, {part} in part"),
                format!("{met}, {part} en partie"),
            )
        }
    }
}

fn skills_of(met: usize, asked: usize, locale: Locale) -> String {
    match locale {
        Locale::En => format!(
            "{met} of {}",
            count(asked as u64, locale, ("skill", "skills"), ("", ""))
        ),
        Locale::Fr => format!(
            "{met} compétence{} sur {asked}",
            if met > 1 { "s" } else { "" }
        ),
    }
}

fn fits(moment: &str, locale: Locale) -> String {
    locale.pick(format!("{moment} fits"), format!("le {moment} convient"))
}

/// The skills of which the years are known, each with them; nothing when none are.
pub(super) fn practised(
    years: &[SkillYears],
    locale: Locale,
    labels: &dyn Labels,
) -> Option<String> {
    let known: Vec<String> = years
        .iter()
        .filter_map(|skill| {
            let years = skill.years?.into();
            let years = count(years, locale, ("year", "years"), ("an", "ans"));
            Some(format!("{} ({years})", labels.skill(&skill.skill, locale)))
        })
        .collect();
    (!known.is_empty()).then(|| list(&known, locale))
}

pub(super) fn no_practice(locale: Locale) -> &'static str {
    locale.pick(
        "no practice known in the skills asked",
        "aucune pratique connue des compétences demandées",
    )
}

/// One factor in words.
#[expect(
    clippy::too_many_lines,
    reason = "one sentence for each variant, both languages side by side"
)]
pub(super) fn words(factor: &Factor, locale: Locale, labels: &dyn Labels) -> String {
    match &factor.detail {
        _ if factor.known.get() == 0 => unknown(factor.code, locale),
        Detail::Skills { needs } => skills(factor.code, needs, locale, labels),
        Detail::Evidence { years } => practised(years, locale, labels).map_or_else(
            || no_practice(locale).to_owned(),
            |known| format!("{}{known}", locale.pick("practice: ", "pratique : ")),
        ),
        Detail::Meeting {
            minutes,
            best,
            zone,
            ..
        } => {
            let moment = best.map(|best| moment(best, *zone, locale));
            meeting(minutes.unwrap_or(0), moment, locale)
        }
        Detail::Hours { asked, left } => {
            let left = left.unwrap_or(0);
            locale.pick(
                format!("{asked} h a week asked, {left} h left"),
                format!("{asked} h par semaine demandées, {left} h disponibles"),
            )
        }
        Detail::Causes { shared, .. } => {
            let names: Vec<String> = shared
                .iter()
                .flatten()
                .map(|cause| labels.cause(cause, locale).into_owned())
                .collect();
            let number = count(
                names.len() as u64,
                locale,
                ("cause in common", "causes in common"),
                ("cause en commun", "causes en commun"),
            );
            if names.is_empty() {
                number
            } else {
                format!("{number}{}{}", colon(locale), list(&names, locale))
            }
        }
        Detail::Wish { skills } => {
            let names: Vec<String> = skills
                .iter()
                .flatten()
                .map(|skill| labels.skill(skill, locale).into_owned())
                .collect();
            if names.is_empty() {
                locale
                    .pick(
                        "no skill they wish to learn",
                        "aucune compétence à apprendre parmi leurs souhaits",
                    )
                    .into()
            } else {
                format!(
                    "{}{}",
                    locale.pick("can learn ", "peut apprendre "),
                    list(&names, locale)
                )
            }
        }
        Detail::Remote { is_ok: Some(true) } => locale
            .pick("remote work suits", "le travail à distance convient")
            .into(),
        Detail::Remote { .. } => locale
            .pick("does not work remotely", "ne travaille pas à distance")
            .into(),
        Detail::Distance { km, radius_km } => {
            let (km, radius) = (km.unwrap_or(0), radius_km.unwrap_or(0));
            locale.pick(
                format!("{km} km away, travels {radius} km"),
                format!("à {km} km, se déplace jusqu’à {radius} km"),
            )
        }
        Detail::Languages {
            spoken,
            lacking,
            missing,
        } => {
            let spoken: Vec<_> = spoken.iter().flatten().collect();
            if spoken.is_empty() {
                let missing = languages(&lacking.union(missing), locale);
                return locale.pick(
                    format!("does not speak {missing}"),
                    format!("ne parle pas : {missing}"),
                );
            }
            let spoken = languages(spoken, locale);
            locale.pick(format!("speaks {spoken}"), format!("parle : {spoken}"))
        }
        Detail::Waiting { days } => {
            let days = count(u64::from(*days), locale, ("day", "days"), ("jour", "jours"));
            locale.pick(
                format!("waiting {days}; those who wait longer come first"),
                format!("attend depuis {days}; une longue attente passe avant"),
            )
        }
        Detail::Load { placements } => count(
            u64::from(*placements),
            locale,
            (
                "placement or open offer now",
                "placements or open offers now",
            ),
            (
                "placement ou offre en cours",
                "placements ou offres en cours",
            ),
        ),
        Detail::Exposure { volunteer, role } => {
            let number = count(
                u64::from(*volunteer) + u64::from(*role),
                locale,
                ("recent suggestion", "recent suggestions"),
                ("suggestion récente", "suggestions récentes"),
            );
            locale.pick(
                format!("{number} of the two"),
                format!("{number} pour les deux"),
            )
        }
    }
}

fn colon(locale: Locale) -> &'static str {
    locale.pick(": ", " : ")
}

fn unknown(code: FactorCode, locale: Locale) -> String {
    let name = code.name(locale);
    locale.pick(format!("{name}: not known"), format!("{name} : inconnu"))
}

fn meeting(minutes: u32, moment: Option<String>, locale: Locale) -> String {
    let Some(moment) = moment else {
        return locale
            .pick(
                "no meeting time in common",
                "aucune heure de réunion en commun",
            )
            .into();
    };
    let duration = duration(minutes);
    let fits = fits(&moment, locale);
    locale.pick(
        format!("{fits}: {duration} a week in common"),
        format!("{fits} : {duration} en commun par semaine"),
    )
}

fn skills(code: FactorCode, needs: &[NeedMet], locale: Locale, labels: &dyn Labels) -> String {
    let held: Vec<&NeedMet> = needs.iter().filter(|need| need.is_held).collect();
    let lacking: Vec<String> = needs
        .iter()
        .filter(|need| !need.is_held)
        .map(|need| labels.skill(&need.skill, locale).into_owned())
        .collect();
    let name = code.name(locale);
    let mut text = format!("{name}{}{}/{}", colon(locale), held.len(), needs.len());
    if !held.is_empty() {
        let names: Vec<String> = held.iter().map(|need| one(need, locale, labels)).collect();
        text += " (";
        text += &names.join(", ");
        text += ")";
    }
    if !lacking.is_empty() {
        text += locale.pick("; lacks ", "; manque : ");
        text += &list(&lacking, locale);
    }
    text
}

pub(super) fn one(need: &NeedMet, locale: Locale, labels: &dyn Labels) -> String {
    let name = labels.skill(&need.skill, locale);
    if let Some(via) = &need.via {
        let via = labels.skill(via, locale);
        return locale.pick(format!("{name} through {via}"), format!("{name} par {via}"));
    }
    match need.had {
        Some(had) if had < need.asked => locale.pick(
            format!("{name} at level {had} of {}", need.asked),
            format!("{name} au niveau {had} sur {}", need.asked),
        ),
        Some(_) => name.into_owned(),
        None => locale.pick(
            format!("{name}, level not known"),
            format!("{name}, niveau inconnu"),
        ),
    }
}
