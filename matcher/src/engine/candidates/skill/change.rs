//! Pages of which a member comes, and the row of a question about a skill read from them.

use super::{Holdings, NOTHING, Pages, UNLISTED};
use crate::engine::index::{HoldingList, PreparedVolunteer};
use crate::model::Weights;

impl Pages {
    /// Pages of up to 64 members, who come one by one.
    pub(in crate::engine::candidates) fn of_nobody() -> Self {
        Self {
            skills: 0,
            numbers: Box::default(),
            bytes: Box::new([[NOTHING; 64]]),
        }
    }

    /// Adds what a member brings to pages of one word. `true` when something of it has no number.
    pub(in crate::engine::candidates) fn add(
        &mut self,
        place: usize,
        volunteer: &PreparedVolunteer<'_>,
        holdings: &Holdings,
        weights: &Weights,
    ) -> bool {
        let theirs = volunteer.holdings.as_ref();
        let Some(last) = theirs.and_then(HoldingList::last_skill) else {
            return false;
        };
        let mut numbers = std::mem::take(&mut self.numbers).into_vec();
        let mut bytes = std::mem::take(&mut self.bytes).into_vec();
        self.skills = self.skills.max(last as usize + 1);
        numbers.resize(self.skills, 0);
        let mut is_unlisted = false;
        for holding in volunteer.each_holding() {
            let Some(page) = numbers.get_mut(holding.skill as usize) else {
                continue;
            };
            if *page == 0 {
                *page = super::super::narrow(bytes.len());
                bytes.push([NOTHING; 64]);
            }
            let number = holdings.number(&holding.worth, weights);
            is_unlisted |= number == UNLISTED;
            let page = bytes.get_mut(*page as usize);
            if let Some(byte) = page.and_then(|page| page.get_mut(place % 64)) {
                *byte = number;
            }
        }
        (self.numbers, self.bytes) = (numbers.into(), bytes.into());
        is_unlisted
    }

    /// Of each word in which somebody brings something to a skill: the members, as bits, of whom `is_enough` holds by the
    /// number of what they bring, and those for whom it does not know.
    pub(in crate::engine::candidates) fn words_with(
        &self,
        skill: u32,
        is_enough: impl Fn(u8) -> Option<bool>,
    ) -> impl Iterator<Item = (usize, u64, u64)> {
        let words = self.numbers.chunks_exact(self.skills.max(1)).enumerate();
        words.filter_map(move |(word, numbers)| {
            let page = numbers.get(skill as usize).filter(|page| **page > 0)?;
            let (mut enough, mut unknown) = (0, 0);
            for (bit, number) in self.bytes.get(*page as usize)?.iter().enumerate() {
                match is_enough(*number) {
                    Some(is_enough) => enough |= u64::from(is_enough) << bit,
                    None => unknown |= 1 << bit,
                }
            }
            Some((word, enough, unknown))
        })
    }
}

impl Holdings {
    /// Whether the holding of a number brings so much credit when a level, from 0, is asked; `None` where it has none.
    pub(in crate::engine::candidates) fn brings(
        &self,
        number: u8,
        level: u8,
        credit: u16,
    ) -> Option<bool> {
        let met = self.met(level, number);
        (number != UNLISTED).then(|| number != NOTHING && met.credits() >= u32::from(credit))
    }
}
