//! The questions of roles that have a row of bits in every block. A bit says that the gate is not closed for sure: it is
//! open, or the fact is not known. Whatever is not asked here (conflicts, prohibitions, the last kilometre) is left to the
//! exact gates, which look at every survivor.

use std::collections::HashMap;

use super::super::index::{Index, NumberSet, PreparedNeed, PreparedRole, PreparedVolunteer};
use super::map::Map;
use crate::model::{BasisPoints, NeedKind};

/// Number of a row, from 0.
pub(super) type Row = usize;

/// A question that any number of roles ask and that one look at a volunteer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Question {
    /// Do they work remotely?
    Remote,
    /// Do they speak the language of this number?
    Language(u32),
    /// Have they so many hours left?
    Hours(u8),
    /// Do they travel at all?
    Travels,
    /// Do they travel to some place in this cell of the map?
    Near(usize),
}

/// Every row, with what makes a bit of it.
pub(super) struct Questions {
    plain: Vec<Question>,
    /// By skill number: the rows of those with enough credit when level 1 to 5 is asked, where a role asks it.
    must_haves: Vec<[Option<Row>; 5]>,
    /// By skill number: the row of those who wish to learn it, where a learning seat asks.
    lessons: Vec<Option<Row>>,
    map: Map,
    enough_credit: BasisPoints,
    count: usize,
}

/// What one role asks, as rows.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// For each must-have its row and, with a learning seat, the row of those who wish to learn it.
    pub(super) must_haves: Box<[(Row, Option<Row>)]>,
    /// Rows of which every bit is needed.
    pub(super) all: Box<[Row]>,
}

impl Questions {
    /// Collects the questions of all roles of an index; gives them with what each role asks, in the roles' order.
    pub(super) fn of(index: &Index<'_>) -> (Self, Vec<Asked>) {
        let map = Map::of(&index.roles);
        let mut plain: Vec<Question> = index
            .roles
            .iter()
            .flat_map(|role| plain_questions(role, &map))
            .collect();
        plain.sort_unstable();
        plain.dedup();
        let plain_rows: HashMap<Question, Row> = plain
            .iter()
            .enumerate()
            .map(|(row, question)| (*question, row))
            .collect();
        let mut questions = Self {
            count: plain.len(),
            plain,
            must_haves: Vec::new(),
            lessons: Vec::new(),
            map,
            enough_credit: index.weights.gates.must_have_credit,
        };
        let enough_credit = questions.enough_credit;
        let asked = index
            .roles
            .iter()
            .map(|role| Asked {
                must_haves: must_haves(role)
                    // A policy that asks no credit is met by everybody, whatever they hold.
                    .filter(|_| enough_credit > BasisPoints::LEAST)
                    .map(|need| {
                        let is_taught = role.facts.has_learning_seat;
                        let lesson = is_taught.then(|| questions.lesson_row(need.skill));
                        (questions.must_have_row(need), lesson)
                    })
                    .collect(),
                all: plain_questions(role, &questions.map)
                    .filter_map(|question| plain_rows.get(&question).copied())
                    .collect(),
            })
            .collect();
        (questions, asked)
    }

    /// How many rows there are.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Gives every row in which a volunteer's bit is set. Must-haves and lessons are not asked of volunteers whose skills
    /// are not known: such people have blocks of their own.
    pub(super) fn for_each_row(
        &self,
        volunteer: &PreparedVolunteer<'_>,
        set: &mut impl FnMut(Row),
    ) {
        for (row, question) in self.plain.iter().enumerate() {
            if self.is_not_closed(*question, volunteer) {
                set(row);
            }
        }
        for holding in volunteer.holdings.as_deref().unwrap_or_default() {
            let rows = self.must_haves.get(holding.skill as usize);
            for (row, credit) in rows.into_iter().flatten().zip(holding.credit()) {
                if let Some(row) = row.filter(|_| credit >= self.enough_credit.get()) {
                    set(row);
                }
            }
        }
        for skill in volunteer.wishes.iter().flat_map(NumberSet::iter) {
            if let Some(row) = self.lessons.get(skill as usize).copied().flatten() {
                set(row);
            }
        }
    }

    fn is_not_closed(&self, question: Question, volunteer: &PreparedVolunteer<'_>) -> bool {
        match question {
            Question::Remote => volunteer.is_remote_ok != Some(false),
            Question::Language(number) => volunteer
                .languages
                .as_ref()
                .is_none_or(|spoken| spoken.contains(number)),
            Question::Hours(asked) => volunteer.hours_left.is_none_or(|left| asked <= left),
            Question::Travels => volunteer.radius_km != Some(0),
            Question::Near(cell) => match (volunteer.direction, volunteer.radius_km) {
                (_, Some(0)) => false,
                (Some(here), Some(radius_km)) => self.map.may_reach(cell, here, radius_km),
                _ => true,
            },
        }
    }

    fn must_have_row(&mut self, need: &PreparedNeed) -> Row {
        let skill = need.skill as usize;
        if self.must_haves.len() <= skill {
            self.must_haves.resize(skill + 1, [None; 5]);
        }
        let row = self
            .must_haves
            .get_mut(skill)
            .and_then(|levels| levels.get_mut(usize::from(need.level.get()) - 1));
        numbered(row, &mut self.count)
    }

    fn lesson_row(&mut self, skill: u32) -> Row {
        let skill = skill as usize;
        if self.lessons.len() <= skill {
            self.lessons.resize(skill + 1, None);
        }
        numbered(self.lessons.get_mut(skill), &mut self.count)
    }
}

/// The row that is there, or the next one.
fn numbered(place: Option<&mut Option<Row>>, count: &mut usize) -> Row {
    let next = *count;
    let row = place.map_or(next, |place| *place.get_or_insert(next));
    *count = next.max(row + 1);
    row
}

fn must_haves<'r>(role: &'r PreparedRole<'_>) -> impl Iterator<Item = &'r PreparedNeed> {
    let needs = role.needs.iter();
    needs.filter(|need| need.kind == NeedKind::MustHave)
}

fn plain_questions(role: &PreparedRole<'_>, map: &Map) -> impl Iterator<Item = Question> {
    let languages = role.required_languages.iter().map(Question::Language);
    let hours = role.facts.hours_per_week;
    let place = if role.facts.setting.is_remote() {
        Question::Remote
    } else {
        let point = role.facts.setting.point();
        let cell = point.and_then(|point| map.find(point));
        cell.map_or(Question::Travels, Question::Near)
    };
    languages
        .chain(hours.map(|hours| Question::Hours(hours.get())))
        .chain([place])
}
