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
pub(super) enum Question {
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
    /// Do they bring enough to the skill of this number when this level, from 0, is asked?
    MustHave(u32, u8),
    /// Do they wish to learn the skill of this number?
    Lesson(u32),
}

/// Every row, with what makes a bit of it.
pub(super) struct Questions {
    /// Those that are not about skills, with their rows.
    plain: Vec<(Question, Row)>,
    plain_rows: HashMap<Question, Row>,
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
        let mut questions = Self {
            plain: Vec::new(),
            plain_rows: HashMap::new(),
            must_haves: Vec::new(),
            lessons: Vec::new(),
            map: Map::of(&index.roles),
            enough_credit: index.weights.gates.must_have_credit,
            count: 0,
        };
        let roles = index.roles.iter();
        let mut plain: Vec<Question> = roles
            .flat_map(|role| plain_questions(role, &questions.map))
            .collect();
        plain.sort_unstable();
        plain.dedup();
        for question in plain {
            questions.plain_row(question);
        }
        let asked = index.roles.iter().map(|role| questions.ask(role)).collect();
        (questions, asked)
    }

    /// What a role asks, as rows; those that are new come after all others.
    pub(super) fn ask(&mut self, role: &PreparedRole<'_>) -> Asked {
        let is_taught = role.facts.has_learning_seat;
        // A policy that asks no credit is met by everybody, whatever they hold.
        let is_met_by_all = self.enough_credit == BasisPoints::LEAST;
        Asked {
            must_haves: must_haves(role)
                .filter(|_| !is_met_by_all)
                .map(|need| {
                    let lesson = is_taught.then(|| self.lesson_row(need.skill));
                    (self.must_have_row(need), lesson)
                })
                .collect(),
            all: plain_questions(role, &self.map)
                .collect::<Vec<_>>()
                .into_iter()
                .map(|question| self.plain_row(question))
                .collect(),
        }
    }

    /// What the rows from this one on ask.
    pub(super) fn since(&self, row: Row) -> Vec<(Row, Question)> {
        let plain = self.plain.iter().map(|(question, row)| (*row, *question));
        let must_haves = self.must_haves.iter().zip(0..).flat_map(|(rows, skill)| {
            let rows = rows.iter().zip(0..);
            rows.filter_map(move |(row, level)| Some(((*row)?, Question::MustHave(skill, level))))
        });
        let lessons = self.lessons.iter().zip(0..);
        let lessons = lessons.filter_map(|(row, skill)| Some(((*row)?, Question::Lesson(skill))));
        let all = plain.chain(must_haves).chain(lessons);
        all.filter(|(asked, _)| *asked >= row).collect()
    }

    /// The rows about place. Every role asks one of them, so no role finds who is in none.
    pub(super) fn rows_of_place(&self) -> impl Iterator<Item = Row> {
        let is_of_place = |question: &Question| {
            matches!(
                question,
                Question::Remote | Question::Travels | Question::Near(_)
            )
        };
        let plain = self.plain.iter();
        plain
            .filter(move |(question, _)| is_of_place(question))
            .map(|(_, row)| *row)
    }

    /// From which credit in basis points a must-have is held.
    pub(super) const fn enough_credit(&self) -> u16 {
        self.enough_credit.get()
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
        for (question, row) in &self.plain {
            if self.is_not_closed(*question, volunteer) {
                set(*row);
            }
        }
        for holding in volunteer.each_holding() {
            let rows = self.must_haves.get(holding.skill as usize);
            for (row, credit) in rows.into_iter().flatten().zip(holding.worth.credit()) {
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

    /// Whether the volunteer's bit is set in the row of a question.
    pub(super) fn is_not_closed(
        &self,
        question: Question,
        volunteer: &PreparedVolunteer<'_>,
    ) -> bool {
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
            Question::MustHave(skill, level) => volunteer
                .holdings
                .as_ref()
                .and_then(|holdings| holdings.find(skill))
                .and_then(|worth| worth.credit().get(usize::from(level)).copied())
                .is_some_and(|credit| credit >= self.enough_credit.get()),
            Question::Lesson(skill) => volunteer
                .wishes
                .as_ref()
                .is_some_and(|wishes| wishes.contains(skill)),
        }
    }

    fn plain_row(&mut self, question: Question) -> Row {
        let next = self.count;
        let row = *self.plain_rows.entry(question).or_insert(next);
        if row == next {
            self.plain.push((question, row));
            self.count += 1;
        }
        row
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
