//! The filter: which members of a block may pass all gates of a role. It reads one word of 64 people at a time, and only
//! words in which somebody may have every must-have.
//!
//! For a role and a block it costs some ten instructions where nobody has the must-haves, and for each word that is left
//! three loads for each row asked, with a few more for each half hour of the meetings.

use super::block::Block;
use super::question::{Asked, Row};
use super::time::Time;

/// Of so many people in a word the half hours are counted all at once; of fewer one by one, with the exact gate.
const WORTH_COUNTING: u32 = 4;

/// The words in which somebody may have every must-have and each other row that is asked.
#[inline]
pub(super) fn words(block: &Block, asked: &Asked) -> u64 {
    let mut live = block.every_word();
    for (row, lesson) in must_haves(block, asked) {
        live &= block.summary(*row) | lesson.map_or(0, |row| block.summary(row));
    }
    for row in &asked.all {
        live &= block.summary(*row);
    }
    live
}

const fn must_haves<'q>(block: &Block, asked: &'q Asked) -> &'q [(Row, Option<Row>)] {
    if block.has_known_skills {
        &asked.must_haves
    } else {
        &[]
    }
}

/// Puts the places of all members of the live words who are not gated for sure into `survivors`, ascending.
pub(super) fn survivors(
    block: &Block,
    mut live: u64,
    asked: &Asked,
    time: Option<&Time>,
    survivors: &mut Vec<u32>,
) {
    survivors.clear();
    let must_haves = must_haves(block, asked);
    while live != 0 {
        let number = live.trailing_zeros();
        let word = number as usize;
        live &= live - 1;
        let mut open = block.everyone_in(word);
        for (row, lesson) in must_haves {
            open &= block.word(*row, word) | lesson.map_or(0, |row| block.word(row, word));
        }
        for row in &asked.all {
            open &= block.word(*row, word);
        }
        if open == 0 {
            continue;
        }
        if let Some(time) = time
            && open.count_ones() >= WORTH_COUNTING
        {
            open &= time.half_hours.enough(block.week(word));
        }
        while open != 0 {
            survivors.push(number * 64 + open.trailing_zeros());
            open &= open - 1;
        }
    }
}
