//! The explained score of a pair, as data: one number in the engine, the API and the explanation. Words are made from it
//! by `explain`; nothing is computed there again.

mod build;
mod loss;

use chrono::Weekday;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::score::{FactorCode, View};
use crate::model::{BasisPoints, CauseId, Hours, LanguageCode, Level, Set, SkillId, WeeklyWindow};

pub(crate) use build::explain;
pub use loss::Loss;

/// How well a pair fits, and why. The points of the factors sum to the score exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// The score.
    pub score: BasisPoints,
    /// How much of the score rests on known facts.
    pub confidence: BasisPoints,
    /// What the role gets: the weighted mean of its factors.
    pub role_view: BasisPoints,
    /// What the volunteer gets.
    pub volunteer_view: BasisPoints,
    /// The harmonic mean of the two, before adjustments.
    pub combined: BasisPoints,
    /// What the role asks, factor by factor, and what was taken off at the end.
    pub factors: Vec<Factor>,
}

/// One factor of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Which factor.
    pub code: FactorCode,
    /// Whose view it belongs to.
    pub view: View,
    /// Its weight in the view; 0 for adjustments.
    pub weight: u16,
    /// Its value; for an adjustment, what is taken off in basis points of the combined fit.
    pub value: BasisPoints,
    /// How much of the value rests on known facts; below 10 000 part of it is the neutral value.
    pub known: BasisPoints,
    /// Its part of the score, in basis points; negative for adjustments.
    pub points: i32,
    /// What it saw.
    pub detail: Detail,
}

/// What a factor saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Detail {
    /// Skills of one kind.
    Skills {
        /// Each need, in the role's order.
        needs: Vec<NeedMet>,
    },
    /// Years of practice, for the skills asked that the volunteer has.
    Evidence {
        /// Each with its years, where known.
        years: Vec<SkillYears>,
    },
    /// Time to meet.
    Meeting {
        /// Minutes a week in which both can, on average, time off taken out; `None` when not known.
        minutes: Option<u32>,
        /// Minutes a week asked.
        asked: u32,
        /// The stretch of a week in which both can most often, on the role's clock.
        best: Option<WeeklyWindow>,
        /// The role's zone, where the volunteer's is another one.
        zone: Option<Tz>,
    },
    /// Hours a week.
    Hours {
        /// Asked.
        asked: Hours,
        /// Left; `None` when not known.
        left: Option<u8>,
    },
    /// Causes.
    Causes {
        /// In common; `None` when the volunteer's are not known.
        shared: Option<Set<CauseId>>,
        /// How many the role has.
        asked: usize,
    },
    /// Skills asked that the volunteer wishes to learn.
    Wish {
        /// Which; `None` when not known.
        skills: Option<Vec<SkillId>>,
    },
    /// Remote work.
    Remote {
        /// Whether the volunteer works remotely; `None` when not known.
        is_ok: Option<bool>,
    },
    /// A place to come to.
    Distance {
        /// Kilometres; `None` when one of the places is not known.
        km: Option<u32>,
        /// How far the volunteer travels.
        radius_km: Option<u16>,
    },
    /// Languages.
    Languages {
        /// Required or preferred and spoken; `None` when the volunteer's are not known.
        spoken: Option<Set<LanguageCode>>,
        /// Required and not spoken: a gate is closed.
        #[serde(default)]
        lacking: Set<LanguageCode>,
        /// Preferred and not spoken.
        missing: Set<LanguageCode>,
    },
    /// Days of waiting.
    Waiting {
        /// Days.
        days: u16,
    },
    /// Placements and open offers.
    Load {
        /// How many.
        placements: u8,
    },
    /// Recent suggestions.
    Exposure {
        /// Of the volunteer.
        volunteer: u16,
        /// Of the role.
        role: u16,
    },
}

/// What a volunteer brings to a need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedMet {
    /// The skill asked.
    pub skill: SkillId,
    /// The level asked.
    pub asked: Level,
    /// Whether it counts as held.
    pub is_held: bool,
    /// The level the volunteer has; `None` when they lack it or did not say.
    pub had: Option<Level>,
    /// The related skill that stands in for it, when their own does not do better.
    pub via: Option<SkillId>,
    /// Credit.
    pub credit: BasisPoints,
}

/// Years of practice in one skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillYears {
    /// The skill.
    pub skill: SkillId,
    /// Years, when known.
    pub years: Option<u8>,
}

/// Names the part of the day in which a window begins; used by the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartOfDay {
    Morning,
    Afternoon,
    Evening,
    Night,
}

pub(crate) fn part_of_day(window: WeeklyWindow) -> (Weekday, PartOfDay) {
    let part = match window.start_minute() / 60 {
        5..=11 => PartOfDay::Morning,
        12..=16 => PartOfDay::Afternoon,
        17..=21 => PartOfDay::Evening,
        _ => PartOfDay::Night,
    };
    (window.weekday(), part)
}
