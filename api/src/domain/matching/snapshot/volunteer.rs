//! A volunteer's rows as the engine's facts. What nobody said stays unknown, which is never the same as empty.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::account::AccountState;
use entity::id::{AccountId, OrganizationId, VolunteerId};
use entity::volunteer::{Model, VolunteerState};
use entity::weekday::Weekday;
use entity::{skill_relation, time_off, volunteer_language, volunteer_skill, volunteer_window};
use matcher::model::{
    Availability, BasisPoints, CauseId, Expected, Hours, Invalid, LanguageCode, Level, Point, Rule,
    Set, SkillHave, SkillId, SkillRelation, Standing, Taxonomy, TimeOff, Volunteer, VolunteerFacts,
    WeeklyWindow, Years, parse_zone,
};

use super::pair::PairFacts;
use super::rows::{AccountRow, Rows};
use super::{Permission, volunteer_key};
use crate::error::DomainError;

/// The rows of all volunteers, by volunteer.
pub(super) struct Details<'a> {
    accounts: HashMap<AccountId, &'a AccountRow>,
    consents: HashMap<AccountId, bool>,
    skills: HashMap<VolunteerId, Vec<&'a volunteer_skill::Model>>,
    windows: HashMap<VolunteerId, Vec<&'a volunteer_window::Model>>,
    times_off: HashMap<VolunteerId, Vec<&'a time_off::Model>>,
    languages: HashMap<VolunteerId, Vec<&'a volunteer_language::Model>>,
    causes: HashMap<VolunteerId, Vec<&'a entity::id::CauseId>>,
    conflicts: HashMap<VolunteerId, Vec<OrganizationId>>,
    memberships: HashMap<AccountId, Vec<OrganizationId>>,
}

impl<'a> Details<'a> {
    pub(super) fn new(rows: &'a Rows) -> Self {
        Self {
            accounts: rows
                .people
                .accounts
                .iter()
                .map(|row| (row.id, row))
                .collect(),
            // They come oldest first: the last one counts.
            consents: rows
                .people
                .consents
                .iter()
                .map(|(account, is_granted, _)| (*account, *is_granted))
                .collect(),
            skills: group(&rows.people.volunteer_skills, |row| (row.volunteer_id, row)),
            windows: group(&rows.people.volunteer_windows, |row| {
                (row.volunteer_id, row)
            }),
            times_off: group(&rows.people.times_off, |row| (row.volunteer_id, row)),
            languages: group(&rows.people.volunteer_languages, |row| {
                (row.volunteer_id, row)
            }),
            causes: group(&rows.people.volunteer_causes, |row| {
                (row.volunteer_id, &row.cause_id)
            }),
            conflicts: group(&rows.people.conflicts, |row| *row),
            memberships: group(&rows.people.memberships, |row| *row),
        }
    }

    pub(super) fn permission(&self, row: &Model) -> Permission {
        let account = self.accounts.get(&row.account_id);
        Permission {
            is_verified: account.is_some_and(|account| {
                account.state == AccountState::Active && account.email_verified_at.is_some()
            }),
            has_consent: self
                .consents
                .get(&row.account_id)
                .copied()
                .unwrap_or_default(),
            has_left: row.state == VolunteerState::Left,
        }
    }

    pub(super) fn facts(
        &mut self,
        row: &Model,
        pairs: &PairFacts,
        as_of: DateTime<Utc>,
    ) -> Result<Volunteer, Vec<Invalid>> {
        let mut faults = Faults::default();
        let id = row.id;
        let load = pairs.of_volunteer(id);
        let account_zone = self
            .accounts
            .get(&row.account_id)
            .map(|account| account.zone.as_str());
        let zone = row.zone.as_deref().or(account_zone).unwrap_or("UTC");
        let key = volunteer_key(id).map_err(|error| vec![unreadable("id", &error)])?;
        let mut facts = VolunteerFacts::unknown(key);
        facts.standing = standing(row);
        let rows = self.skills.remove(&id).unwrap_or_default();
        facts.skills = present(faults.list("skills", rows.iter().filter_map(|row| have(row))));
        facts.wants_to_learn = present(
            faults
                .list("wants_to_learn", rows.iter().filter_map(|row| wish(row)))
                .into_iter()
                .collect::<Set<_>>(),
        );
        facts.hours_per_week = faults.option(
            "hours_per_week",
            row.hours_per_week.map(|hours| Hours::new(hours.into())),
        );
        facts.committed_hours = Hours::new(load.hours).unwrap_or(Hours::MOST);
        facts.availability = self.availability(id, zone, &mut faults);
        // A language the engine has no code for cannot be asked for either.
        facts.languages = self.languages.remove(&id).map(|rows| {
            rows.iter()
                .filter_map(|row| LanguageCode::new(&row.language).ok())
                .collect()
        });
        facts.home = faults.option(
            "home",
            row.latitude
                .as_ref()
                .zip(row.longitude.as_ref())
                .map(|(latitude, longitude)| Point::new(*latitude.expose(), *longitude.expose())),
        );
        facts.radius_km = row.radius_km.and_then(|radius| u16::try_from(radius).ok());
        facts.is_remote_ok = row.accepts_remote;
        facts.causes = self.causes.remove(&id).map(|causes| {
            faults
                .list(
                    "causes",
                    causes.into_iter().map(|cause| CauseId::new(cause.as_str())),
                )
                .into_iter()
                .collect()
        });
        facts.conflicts = faults
            .list(
                "conflicts",
                self.organizations(row)
                    .iter()
                    .map(|id| matcher::model::OrganizationId::new(&id.to_string())),
            )
            .into_iter()
            .collect();
        facts.most_placements = u8::try_from(row.max_placements).unwrap_or(u8::MAX);
        facts.current_placements = u8::try_from(load.count).unwrap_or(u8::MAX);
        facts.waiting_days = if load.count > 0 {
            0
        } else {
            let since = load
                .last_ended_at
                .max(Some(row.created_at))
                .unwrap_or(as_of);
            u16::try_from((as_of - since).num_days().max(0)).unwrap_or(u16::MAX)
        };
        facts.recent_suggestions = u16::try_from(load.recent).unwrap_or(u16::MAX);
        if !faults.0.is_empty() {
            return Err(faults.0);
        }
        Volunteer::new(facts)
    }

    fn availability(
        &mut self,
        id: VolunteerId,
        zone: &str,
        faults: &mut Faults,
    ) -> Option<Availability> {
        let windows = self.windows.remove(&id)?;
        let times_off = self.times_off.remove(&id).unwrap_or_default();
        Some(Availability {
            zone: faults.option("zone", Some(parse_zone(zone)))?,
            windows: faults.list(
                "windows",
                windows
                    .iter()
                    .map(|row| window(row.weekday, row.start_minute, row.end_minute)),
            ),
            time_off: faults.list(
                "time_off",
                times_off
                    .iter()
                    .map(|row| TimeOff::new(row.starts_on, row.ends_on)),
            ),
        })
    }

    /// Organizations with which the person has declared a tie or is a member of.
    fn organizations(&mut self, row: &Model) -> HashSet<OrganizationId> {
        let declared = self.conflicts.remove(&row.id).unwrap_or_default();
        let member = self.memberships.remove(&row.account_id).unwrap_or_default();
        declared.into_iter().chain(member).collect()
    }
}

/// How skills stand in for each other.
pub(super) fn taxonomy(rows: &[skill_relation::Model]) -> Result<Taxonomy, DomainError> {
    let relations: Result<Vec<_>, Rule> = rows
        .iter()
        .map(|row| {
            Ok(SkillRelation {
                a: SkillId::new(row.skill_a.as_str())?,
                b: SkillId::new(row.skill_b.as_str())?,
                weight: BasisPoints::new(row.weight_bp.into())?,
            })
        })
        .collect();
    Taxonomy::new(relations.map_err(DomainError::internal)?).map_err(|faults| {
        let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
        DomainError::internal(words.join("; "))
    })
}

/// The snapshot ends the pauses that are over.
fn standing(row: &Model) -> Standing {
    match row.state {
        VolunteerState::Active => Standing::Active,
        VolunteerState::Paused => Standing::Paused {
            until: row.paused_until,
        },
        VolunteerState::Busy | VolunteerState::Left => Standing::Busy,
    }
}

/// A skill counts as known when a level is given, or when nothing says that it is only a wish.
fn have(row: &volunteer_skill::Model) -> Option<Result<SkillHave, Rule>> {
    if row.level.is_none() && row.wants_to_learn {
        return None;
    }
    Some((|| {
        Ok(SkillHave {
            skill: SkillId::new(row.skill_id.as_str())?,
            level: row
                .level
                .map(|level| Level::new(level.into()))
                .transpose()?,
            years: row
                .years
                .map(|years| Years::new(years.into()))
                .transpose()?,
        })
    })())
}

fn wish(row: &volunteer_skill::Model) -> Option<Result<SkillId, Rule>> {
    row.wants_to_learn
        .then(|| SkillId::new(row.skill_id.as_str()))
}

pub(super) fn window(weekday: Weekday, start: i16, end: i16) -> Result<WeeklyWindow, Rule> {
    let weekday = match weekday {
        Weekday::Monday => chrono::Weekday::Mon,
        Weekday::Tuesday => chrono::Weekday::Tue,
        Weekday::Wednesday => chrono::Weekday::Wed,
        Weekday::Thursday => chrono::Weekday::Thu,
        Weekday::Friday => chrono::Weekday::Fri,
        Weekday::Saturday => chrono::Weekday::Sat,
        Weekday::Sunday => chrono::Weekday::Sun,
    };
    WeeklyWindow::new(weekday, start.into(), end.into())
}

/// Collects what is wrong, so that all of it is told at once.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<Invalid>);

impl Faults {
    pub(super) fn list<T>(
        &mut self,
        field: &str,
        items: impl Iterator<Item = Result<T, Rule>>,
    ) -> Vec<T> {
        items
            .enumerate()
            .filter_map(|(position, item)| {
                item.map_err(|rule| self.0.push(rule.at(format!("{field}[{position}]"))))
                    .ok()
            })
            .collect()
    }

    pub(super) fn option<T>(&mut self, field: &str, item: Option<Result<T, Rule>>) -> Option<T> {
        item?.map_err(|rule| self.0.push(rule.at(field))).ok()
    }
}

pub(super) fn unreadable(field: &str, error: &DomainError) -> Invalid {
    Rule::Unreadable {
        expected: Expected::new("an id", "un identifiant"),
        given: error.to_string(),
    }
    .at(field)
}

/// Nothing said is unknown.
fn present<T>(items: T) -> Option<T>
where
    for<'a> &'a T: IntoIterator,
{
    let is_empty = (&items).into_iter().next().is_none();
    (!is_empty).then_some(items)
}

pub(super) fn group<'a, R, K: Eq + std::hash::Hash, V>(
    rows: &'a [R],
    split: impl Fn(&'a R) -> (K, V),
) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows.iter().map(split) {
        groups.entry(key).or_default().push(value);
    }
    groups
}
