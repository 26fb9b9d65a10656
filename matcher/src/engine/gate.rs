//! Hard constraints, apart from weights: whether a pair may be proposed at all. Each closed gate has a stable code, what
//! it saw, and the smallest change that opens it. A fact that is not known closes no gate; it lowers the confidence.

mod look;
mod open;
mod set;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::index::{PreparedRole, PreparedVolunteer};
use super::score::FactorCode;
use crate::model::{
    BasisPoints, Hours, LanguageCode, Level, ProhibitionCause, Set, SkillId, Weights,
};

pub(crate) use look::{closed, closed_by_measure};
pub(crate) use open::{
    closed_set, closed_set_by_measure, has_hours, has_time_to_meet, is_near, is_not_over, is_open,
    is_open_beyond_rows, is_permitted, is_role_open, is_there, is_worth_proposing, speaks,
};
pub(crate) use set::{GATES, GateCounts, GateSet};

/// Stable code of a gate, in the order in which gates are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateCode {
    /// The role takes nobody now.
    RoleClosed,
    /// No seat is open.
    RoleFull,
    /// The role's last day has passed.
    RoleOver,
    /// The volunteer is busy or paused.
    VolunteerUnavailable,
    /// The volunteer has as many placements as they want.
    NoOpenPlacement,
    /// The pair must not be proposed.
    Prohibited,
    /// The volunteer belongs to the organization.
    Conflict,
    /// A required language is missing.
    Languages,
    /// The role asks more hours than are left.
    Hours,
    /// The place is too far, or the way of working does not fit.
    Place,
    /// A must-have skill is missing.
    MustHave,
    /// The volunteer is away all the time.
    Away,
    /// Too few minutes in which both can meet.
    Meeting,
    /// Too little is known to say.
    Confidence,
    /// The fit is too weak to propose.
    Score,
}

/// A closed gate: what it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Gate {
    /// The role takes nobody now.
    RoleClosed,
    /// No seat is open.
    RoleFull,
    /// The role's last day has passed.
    RoleOver {
        /// The last day.
        ended_on: NaiveDate,
    },
    /// The volunteer is busy, or paused until a date.
    VolunteerUnavailable {
        /// The date, when they gave one.
        until: Option<NaiveDate>,
    },
    /// The volunteer has as many placements as they want.
    NoOpenPlacement {
        /// Placements and open offers now.
        current: u8,
        /// Most at once.
        most: u8,
    },
    /// The pair must not be proposed.
    Prohibited {
        /// Why.
        cause: ProhibitionCause,
    },
    /// The volunteer represents, works for or sits on the board of the organization.
    Conflict,
    /// Required languages are missing.
    Languages {
        /// Which.
        missing: Set<LanguageCode>,
    },
    /// The role asks more hours than are left.
    Hours {
        /// Hours a week asked.
        asked: Hours,
        /// Hours a week left.
        left: u8,
    },
    /// The place is too far, or the way of working does not fit.
    Place {
        /// Kilometres between the two; `None` when it is not the distance that closes the gate.
        distance_km: Option<u32>,
        /// How far the volunteer travels, 0 for not at all; `None` when the work is remote.
        radius_km: Option<u16>,
    },
    /// Must-have skills are missing.
    MustHave {
        /// Which, with the level asked.
        missing: Vec<MissingSkill>,
    },
    /// The volunteer is away for the whole time looked at.
    Away {
        /// Last date looked at.
        through: NaiveDate,
    },
    /// Too few minutes in which both can meet.
    Meeting {
        /// Minutes a week in which both can, on average.
        minutes: u32,
        /// Minutes a week asked.
        asked: u32,
    },
    /// Too little is known to say.
    Confidence {
        /// How much is known.
        confidence: BasisPoints,
        /// How much is needed.
        needed: BasisPoints,
    },
    /// The fit is too weak to propose.
    Score {
        /// The score.
        score: BasisPoints,
        /// The least score proposed.
        needed: BasisPoints,
    },
}

/// A skill that closes the must-have gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingSkill {
    /// Which skill.
    pub skill: SkillId,
    /// The level at which the role asks it.
    pub level: Level,
}

/// The smallest change that opens a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Change {
    /// Nothing should change: the gate is there to stay.
    None,
    /// The role takes people again.
    ReopenRole,
    /// The role gets a seat.
    AddSeat,
    /// The role lasts longer.
    ExtendRole,
    /// The volunteer comes back, on a date if one is known.
    Resume {
        /// The date.
        on: Option<NaiveDate>,
    },
    /// The volunteer takes more placements at once.
    RaisePlacements {
        /// So many.
        to: u8,
    },
    /// The prohibition is lifted.
    LiftProhibition,
    /// The volunteer adds languages.
    AddLanguages {
        /// Which.
        languages: Set<LanguageCode>,
    },
    /// The volunteer finds more hours a week, or the role asks so many fewer.
    FindHours {
        /// Hours a week missing.
        more: u8,
    },
    /// The volunteer travels farther.
    WidenRadius {
        /// Kilometres.
        to_km: u32,
    },
    /// The volunteer works remotely.
    AcceptRemote,
    /// The volunteer adds skills. A learning seat and the wish to learn them do as well: both are needed, and what is
    /// there of the two need not change.
    AddSkills {
        /// Which, with the level from which they count.
        skills: Vec<MissingSkill>,
        /// Whether the role has a learning seat.
        has_learning_seat: bool,
        /// Those of them that the volunteer does not wish to learn, as far as is known.
        not_wished: Vec<SkillId>,
    },
    /// The volunteer is there earlier.
    ReturnEarlier {
        /// Last date looked at: a day before it is enough.
        before: NaiveDate,
    },
    /// Both find more time to meet.
    FindMeetingTime {
        /// Minutes a week missing.
        more_minutes: u32,
    },
    /// The volunteer tells more about themselves.
    TellUs {
        /// What matters most and is not known.
        about: Vec<FactorCode>,
    },
    /// The weakest factor gets better.
    Improve {
        /// Which factor.
        factor: Option<FactorCode>,
    },
}

/// A closed gate with the smallest change that opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// What is closed, and what it saw.
    pub gate: Gate,
    /// What would open it.
    pub change: Change,
}

/// One role and one volunteer of an index.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'i, 'a> {
    pub(crate) role: &'i PreparedRole<'a>,
    pub(crate) volunteer: &'i PreparedVolunteer<'a>,
    /// Position of the volunteer in the index.
    pub(crate) position: usize,
    pub(crate) weights: &'i Weights,
}

impl Gate {
    /// The code of the gate.
    pub const fn code(&self) -> GateCode {
        match self {
            Self::RoleClosed => GateCode::RoleClosed,
            Self::RoleFull => GateCode::RoleFull,
            Self::RoleOver { .. } => GateCode::RoleOver,
            Self::VolunteerUnavailable { .. } => GateCode::VolunteerUnavailable,
            Self::NoOpenPlacement { .. } => GateCode::NoOpenPlacement,
            Self::Prohibited { .. } => GateCode::Prohibited,
            Self::Conflict => GateCode::Conflict,
            Self::Languages { .. } => GateCode::Languages,
            Self::Hours { .. } => GateCode::Hours,
            Self::Place { .. } => GateCode::Place,
            Self::MustHave { .. } => GateCode::MustHave,
            Self::Away { .. } => GateCode::Away,
            Self::Meeting { .. } => GateCode::Meeting,
            Self::Confidence { .. } => GateCode::Confidence,
            Self::Score { .. } => GateCode::Score,
        }
    }
}
