//! What open roles ask of everybody, each question once: most roles ask for the same few languages, hours, places,
//! dates and skills. The answers of some people, in any order, are rows of bits; a bit says that the gate is closed.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::calendar::HalfHours;
use super::super::gate::{self, Pair};
use super::super::index::{Index, NumberSet, PreparedRole, PreparedVolunteer};
use crate::model::{BasisPoints, Hours, LanguageCode, Level, NeedKind, OrganizationId, Point, Set};

/// Number of a row.
type Row = usize;

/// What one role asks.
pub(super) struct Asked {
    /// Position of the role in the index.
    pub(super) role: usize,
    pub(super) languages: Row,
    pub(super) hours: Row,
    pub(super) place: Row,
    pub(super) away: Row,
    pub(super) conflict: Row,
    /// One for each must-have: the gate is closed where any is.
    pub(super) must_haves: Box<[Row]>,
    /// By clock, when it meets; `None` where the gate is open to everybody.
    pub(super) times: Option<Box<[HalfHours]>>,
}

/// A must-have: skill, level, and whether wishing to learn it is enough.
type Need = (u32, Level, bool);

/// All questions of the open roles.
#[derive(Default)]
pub(super) struct Questions<'a> {
    /// Those that one look at a volunteer answers, with a role that asks.
    plain: Vec<(Look, usize)>,
    conflicts: HashMap<&'a OrganizationId, Row>,
    /// By skill, which of its rows ask for which level, and whether it is taught.
    needs: HashMap<u32, Vec<(Level, bool, Row)>>,
    rows: usize,
}

/// Whether a gate is open.
type Look = fn(Pair<'_, '_>) -> bool;

/// What tells questions of one gate apart.
#[derive(PartialEq, Eq, Hash)]
enum Plain<'a> {
    Languages(&'a Set<LanguageCode>),
    Hours(Option<u8>),
    /// Whether it is remote, or where it is.
    Place(bool, Option<Point>),
    /// First and last date looked at.
    Dates(Option<(NaiveDate, NaiveDate)>),
}

impl<'a> Questions<'a> {
    /// The questions of all roles that want suggestions, and what each of these asks.
    pub(super) fn of(index: &'a Index<'_>) -> (Self, Vec<Asked>) {
        let mut questions = Self::default();
        let mut plain = HashMap::new();
        let mut needs = HashMap::new();
        let open = (0..).zip(&index.roles);
        let open = open.filter(|(_, role)| role.facts.suggestions_wanted() > 0);
        let asked = open.map(|(position, role)| {
            let facts = &*role.facts;
            let hours = facts.hours_per_week.map(Hours::get);
            let place = Plain::Place(facts.setting.is_remote(), facts.setting.point());
            let mut row = |key, look: Look| {
                *plain.entry(key).or_insert_with(|| {
                    questions.plain.push((look, position));
                    questions.plain.len() - 1
                })
            };
            Asked {
                role: position,
                languages: row(Plain::Languages(&facts.required_languages), gate::speaks),
                hours: row(Plain::Hours(hours), gate::has_hours),
                place: row(place, gate::is_near),
                away: row(Plain::Dates(role.dates), gate::is_there),
                conflict: {
                    let next = questions.conflicts.len();
                    let row = questions.conflicts.entry(&facts.organization);
                    *row.or_insert(next)
                },
                must_haves: must_haves(role)
                    .map(|need| {
                        let next = needs.len();
                        *needs.entry(need).or_insert(next)
                    })
                    .collect(),
                times: role.meetings.as_ref().and_then(|meetings| {
                    let of_each = meetings.sessions.iter();
                    let asked = u32::try_from(meetings.asked).unwrap_or(u32::MAX);
                    let times = of_each.map(|sessions| HalfHours::of(sessions, asked));
                    (meetings.asked > 0).then(|| times.collect())
                }),
            }
        });
        let mut asked: Vec<Asked> = asked.collect();
        // Rows of conflicts come after the plain ones, those of must-haves last.
        let (plain, conflicts) = (questions.plain.len(), questions.conflicts.len());
        for row in questions.conflicts.values_mut() {
            *row += plain;
        }
        for ((skill, level, is_taught), row) in &needs {
            let of_skill = questions.needs.entry(*skill).or_default();
            of_skill.push((*level, *is_taught, row + plain + conflicts));
        }
        for asked in &mut asked {
            asked.conflict += plain;
            for row in &mut asked.must_haves {
                *row += plain + conflicts;
            }
        }
        questions.rows = plain + conflicts + needs.len();
        (questions, asked)
    }
}

fn must_haves(role: &PreparedRole<'_>) -> impl Iterator<Item = Need> {
    let needs = role.needs.iter();
    let must_haves = needs.filter(|need| need.kind == NeedKind::MustHave);
    must_haves.map(|need| (need.skill, need.level, role.facts.has_learning_seat))
}

/// The answers of some people who follow each other in the index.
pub(super) struct Rows {
    words: usize,
    bits: Vec<u64>,
}

impl Rows {
    /// Asks each of them, by position, every question. Costs a look for each plain question, and one for each of their
    /// skills.
    pub(super) fn of(index: &Index<'_>, questions: &Questions<'_>, people: &[usize]) -> Self {
        let words = people.len().div_ceil(64);
        let mut rows = Self {
            words,
            bits: vec![0; words * questions.rows],
        };
        for (row, (look, role)) in questions.plain.iter().enumerate() {
            for (place, volunteer) in people.iter().enumerate() {
                if index
                    .pair(*role, *volunteer)
                    .is_some_and(|pair| !look(pair))
                {
                    rows.set(row, place, true);
                }
            }
        }
        let volunteers = people
            .iter()
            .filter_map(|position| index.volunteers.get(*position));
        let volunteers: Vec<&PreparedVolunteer<'_>> = volunteers.collect();
        rows.close_must_haves(questions, &volunteers, index);
        for (place, volunteer) in volunteers.iter().enumerate() {
            for organization in &volunteer.facts.conflicts {
                if let Some(row) = questions.conflicts.get(organization) {
                    rows.set(*row, place, true);
                }
            }
            rows.open_must_haves(questions, place, volunteer, index);
        }
        rows
    }

    /// The answers of 64 people to one question.
    #[inline]
    pub(super) fn word(&self, row: Row, word: usize) -> u64 {
        let bits = self.bits.get(row * self.words + word);
        bits.copied().unwrap_or(0)
    }

    /// Every must-have is closed to whoever has said their skills. A policy that asks no credit closes it to nobody.
    fn close_must_haves(
        &mut self,
        questions: &Questions<'_>,
        volunteers: &[&PreparedVolunteer<'_>],
        index: &Index<'_>,
    ) {
        if index.weights.gates.must_have_credit == BasisPoints::LEAST {
            return;
        }
        let known = volunteers.chunks(64).map(|volunteers| {
            let known = volunteers.iter().enumerate();
            let known = known.filter(|(_, volunteer)| volunteer.holdings.is_some());
            known.fold(0, |bits, (place, _)| bits | 1_u64 << place)
        });
        let known: Vec<u64> = known.collect();
        for (.., row) in questions.needs.values().flatten() {
            let bits = self.bits.get_mut(row * self.words..(row + 1) * self.words);
            bits.unwrap_or_default().copy_from_slice(&known);
        }
    }

    /// But for what they hold, or wish to learn where it is taught.
    fn open_must_haves(
        &mut self,
        questions: &Questions<'_>,
        place: usize,
        volunteer: &PreparedVolunteer<'_>,
        index: &Index<'_>,
    ) {
        let enough = index.weights.gates.must_have_credit.get();
        for holding in volunteer.each_holding() {
            for (level, _, row) in questions.needs.get(&holding.skill).into_iter().flatten() {
                if holding.worth.credit_at(*level) >= enough {
                    self.set(*row, place, false);
                }
            }
        }
        for skill in volunteer.wishes.iter().flat_map(NumberSet::iter) {
            for (_, is_taught, row) in questions.needs.get(&skill).into_iter().flatten() {
                if *is_taught {
                    self.set(*row, place, false);
                }
            }
        }
    }

    fn set(&mut self, row: Row, place: usize, is_closed: bool) {
        if let Some(word) = self.bits.get_mut(row * self.words + place / 64) {
            let bit = 1 << (place % 64);
            *word = if is_closed { *word | bit } else { *word & !bit };
        }
    }
}
