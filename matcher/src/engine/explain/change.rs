//! The smallest change that opens a gate, in words.

use super::gate::skills;
use super::phrase::{count, date, duration, languages, list};
use super::{Labels, Locale};
use crate::engine::gate::Change;
use crate::model::SkillId;

pub(super) fn words(change: &Change, locale: Locale, labels: &dyn Labels) -> Option<String> {
    Some(match change {
        Change::None | Change::Improve { factor: None } => return None,
        Change::ReopenRole => locale.pick("reopen the role", "rouvrir le rôle").into(),
        Change::AddSeat => locale.pick("add a seat", "ajouter une place").into(),
        Change::ExtendRole => locale.pick("extend the role", "prolonger le rôle").into(),
        Change::Resume { on: None } => locale
            .pick("become available again", "redevenir disponible")
            .into(),
        Change::Resume { on: Some(on) } => {
            let day = date(*on);
            locale.pick(
                format!("wait until {day}, or come back earlier"),
                format!("attendre le {day}, ou revenir plus tôt"),
            )
        }
        Change::RaisePlacements { to } => locale.pick(
            format!("accept {to} placements at once"),
            format!("accepter {to} placements à la fois"),
        ),
        Change::LiftProhibition => locale
            .pick("lift the prohibition", "lever l’interdiction")
            .into(),
        Change::AddLanguages { languages: codes } => {
            let names = languages(codes, locale);
            locale.pick(
                format!("add {names} to the languages"),
                format!("ajouter aux langues : {names}"),
            )
        }
        Change::FindHours { more } => {
            let hours = count(
                u64::from(*more),
                locale,
                ("more hour", "more hours"),
                ("heure de plus", "heures de plus"),
            );
            locale.pick(
                format!("find {hours} a week"),
                format!("trouver {hours} par semaine"),
            )
        }
        Change::WidenRadius { to_km } => locale.pick(
            format!("travel up to {to_km} km"),
            format!("se déplacer jusqu’à {to_km} km"),
        ),
        Change::AcceptRemote => locale
            .pick("accept remote work", "accepter le travail à distance")
            .into(),
        Change::AddSkills {
            skills: missing,
            has_learning_seat,
            not_wished,
        } => {
            let names = skills(missing, locale, labels);
            let learning = learning(*has_learning_seat, not_wished, locale, labels);
            locale.pick(
                format!("add {names}, or {learning}"),
                format!("ajouter {names}, ou {learning}"),
            )
        }
        Change::ReturnEarlier { before } => {
            let day = date(*before);
            locale.pick(
                format!("be back before {day}"),
                format!("revenir avant le {day}"),
            )
        }
        Change::FindMeetingTime { more_minutes } => {
            let time = duration(*more_minutes);
            locale.pick(
                format!("find {time} more a week to meet"),
                format!("trouver {time} de plus par semaine pour les réunions"),
            )
        }
        Change::TellUs { about } => {
            let names: Vec<String> = about
                .iter()
                .map(|code| code.name(locale).to_owned())
                .collect();
            let names = list(&names, locale);
            locale.pick(
                format!("say more about: {names}"),
                format!("en dire plus sur : {names}"),
            )
        }
        Change::Improve {
            factor: Some(factor),
        } => {
            let name = factor.name(locale);
            locale.pick(
                format!("improve most: {name}"),
                format!("à améliorer d’abord : {name}"),
            )
        }
    })
}

/// What learning on the way would take: the seat, the wish, or both, whichever is not there.
fn learning(
    has_learning_seat: bool,
    not_wished: &[SkillId],
    locale: Locale,
    labels: &dyn Labels,
) -> String {
    let mut steps = Vec::new();
    if !has_learning_seat {
        let seat = locale.pick("open a learning seat", "ouvrir une place d’apprentissage");
        steps.push(seat.to_owned());
    }
    if !not_wished.is_empty() {
        let names: Vec<String> = not_wished
            .iter()
            .map(|skill| labels.skill(skill, locale).into_owned())
            .collect();
        let names = list(&names, locale);
        steps.push(locale.pick(
            format!("wish to learn {names}"),
            format!("souhaiter apprendre {names}"),
        ));
    }
    list(&steps, locale)
}
