//! What a volunteer brings to a skill that some role asks: their own skill, or the best related one.

use crate::model::{Level, Weights, Years};

/// Years that are not known; known ones are at most 80.
const NO_YEARS: u8 = u8::MAX;

/// They have the skill itself.
const IS_OWN: u8 = 1;

/// The level is known.
const IS_LEVEL_KNOWN: u8 = 1 << 1;

/// What a volunteer brings to one skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) skill: u32,
    pub(crate) worth: Worth,
}

/// What a holding is worth to a role: all of it but the skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Worth {
    /// Credit in basis points when level 1, 2, 3, 4, 5 is asked.
    credit: [u16; 5],
    years: u8,
    facts: u8,
}

impl Worth {
    /// What a skill of theirs brings to the skill itself.
    pub(super) fn own(level: Option<Level>, years: Option<Years>, weights: &Weights) -> Self {
        Self {
            credit: credit(level, 10_000, weights),
            years: years.map_or(NO_YEARS, Years::get),
            facts: IS_OWN | known(level),
        }
    }

    /// What a skill of theirs brings to another, for a share of its credit in basis points.
    pub(super) fn related(level: Option<Level>, share: u32, weights: &Weights) -> Self {
        Self {
            credit: credit(level, share, weights),
            years: NO_YEARS,
            facts: known(level),
        }
    }

    /// Credit in basis points at the level asked.
    pub(crate) fn credit_at(&self, asked: Level) -> u16 {
        let [beginner, basic, good, advanced, expert] = self.credit;
        match asked.get() {
            1 => beginner,
            2 => basic,
            3 => good,
            4 => advanced,
            _ => expert,
        }
    }

    /// Credit in basis points when level 1, 2, 3, 4, 5 is asked.
    pub(crate) const fn credit(&self) -> [u16; 5] {
        self.credit
    }

    /// Whether they have the skill itself.
    pub(crate) const fn is_own(&self) -> bool {
        self.facts & IS_OWN != 0
    }

    pub(crate) const fn is_level_known(&self) -> bool {
        self.facts & IS_LEVEL_KNOWN != 0
    }

    /// Years of practice of the skill itself.
    pub(crate) fn years(&self) -> Option<u8> {
        (self.years != NO_YEARS).then_some(self.years)
    }

    /// Keeps the better credit for each level asked, and what is known of the skill itself.
    pub(super) fn improve(&mut self, other: &Self) {
        for (kept, offered) in self.credit.iter_mut().zip(other.credit) {
            *kept = (*kept).max(offered);
        }
        if other.is_own() {
            self.facts = other.facts;
            self.years = other.years;
        } else if !self.is_own() {
            self.facts |= other.facts;
        }
    }
}

const fn known(level: Option<Level>) -> u8 {
    if level.is_some() { IS_LEVEL_KNOWN } else { 0 }
}

/// Credit of a skill at `level` for each level asked, times `share` basis points.
pub(crate) fn credit(level: Option<Level>, share: u32, weights: &Weights) -> [u16; 5] {
    let had = level.unwrap_or(weights.skill.unknown_level).get();
    [1_u8, 2, 3, 4, 5].map(|asked| {
        let below = usize::from(asked.saturating_sub(had));
        let full = weights
            .skill
            .level_credit
            .get(below)
            .map_or(0, |credit| u32::from(credit.get()));
        u16::try_from(full * share / 10_000).unwrap_or(u16::MAX)
    })
}
