//! The matcher's policy as data: read from TOML, validated, versioned and identified by its content.
//!
//! No number of the policy lives in code. The type of the gates is apart from the types of the weights.

mod check;
mod fault;
mod shape;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::fault::{WeightsFault, WeightsFaultKind};
use super::{BasisPoints, Invalid, Level};

/// The policy that comes with the crate.
const DEFAULT: &str = include_str!("../../weights.toml");

/// Everything that turns facts into a score. Values are in basis points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Name of this version of the policy.
    pub version: String,
    /// The value of a fact that is not known.
    pub neutral: BasisPoints,
    /// The policy of the gates.
    pub gates: GatePolicy,
    /// Weights of the factors of the role's view.
    pub role_view: RoleViewWeights,
    /// Weights of the factors of the volunteer's view.
    pub volunteer_view: VolunteerViewWeights,
    /// Credit for skills.
    pub skill: SkillWeights,
    /// Value of years of practice.
    pub evidence: EvidenceWeights,
    /// Value of meeting overlap.
    pub meeting: MeetingWeights,
    /// Value of hours left.
    pub hours: HoursWeights,
    /// Value of shared causes.
    pub causes: CauseWeights,
    /// Value of wishes to learn.
    pub wish: WishWeights,
    /// Value of nearness.
    pub place: PlaceWeights,
    /// Value of languages.
    pub languages: LanguageWeights,
    /// What is taken off at the end.
    pub adjustment: AdjustmentWeights,
    /// What counts beside the scores when the engine chooses for everybody at once.
    pub assignment: AssignmentWeights,
}

/// Where the gates that have a threshold stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatePolicy {
    /// Credit from which a must-have counts as held.
    pub must_have_credit: BasisPoints,
    /// Confidence below which a pair is not proposed.
    pub minimum_confidence: BasisPoints,
    /// Score below which a pair is not proposed.
    pub minimum_score: BasisPoints,
}

/// Weights of the role's view; ratios only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleViewWeights {
    /// Must-have skills.
    pub must_have: u16,
    /// Nice-to-have skills.
    pub nice_to_have: u16,
    /// Years of practice in the skills asked.
    pub evidence: u16,
    /// Meeting overlap.
    pub meeting: u16,
    /// Hours left.
    pub hours: u16,
}

/// Weights of the volunteer's view; ratios only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolunteerViewWeights {
    /// Causes in common.
    pub causes: u16,
    /// Wishes to learn.
    pub wish: u16,
    /// Nearness.
    pub place: u16,
    /// Languages.
    pub languages: u16,
}

/// Credit for skills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillWeights {
    /// Credit when 0, 1, 2, 3, 4 levels below what is asked; never rising.
    pub level_credit: [BasisPoints; 5],
    /// The level taken for a skill whose level is not known.
    pub unknown_level: Level,
    /// What a fully related skill is worth; at most 5000.
    pub related_share: BasisPoints,
    /// How many needs of one kind someone is expected to bring in full; 1 to 20.
    pub enough_needs: u8,
    /// How much each further need adds to what is expected.
    pub further_share: BasisPoints,
}

/// Value of practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceWeights {
    /// By whole years, from 0; the last holds for more; never falling.
    pub by_years: Vec<BasisPoints>,
}

/// Value of meeting overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingWeights {
    /// Weeks looked at, 1 to 26.
    pub weeks: u16,
    /// Overlap of full value, in percent of the minimum; 100 to 1000.
    pub full_at_percent_of_minimum: u16,
}

/// One step of a table: from `percent` on, the value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u16, BasisPoints)", into = "(u16, BasisPoints)")]
pub struct Step {
    /// Where the step begins.
    pub percent: u16,
    /// What it is worth.
    pub value: BasisPoints,
}

impl From<(u16, BasisPoints)> for Step {
    fn from((percent, value): (u16, BasisPoints)) -> Self {
        Self { percent, value }
    }
}

impl From<Step> for (u16, BasisPoints) {
    fn from(step: Step) -> Self {
        (step.percent, step.value)
    }
}

/// Value of hours left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursWeights {
    /// By hours left in percent of hours asked; never falling.
    pub by_percent_left: Vec<Step>,
}

/// Value of shared causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseWeights {
    /// How many shared causes are full value; at least 1.
    pub enough: u8,
}

/// Value of wishes to learn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WishWeights {
    /// By skills asked that the volunteer wishes to learn, from 0; the last holds for more; never falling.
    pub by_count: Vec<BasisPoints>,
}

/// Value of nearness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceWeights {
    /// By distance in percent of the radius; never rising.
    pub by_percent_of_radius: Vec<Step>,
}

/// Value of languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageWeights {
    /// Value of the required languages; the rest is for the preferred ones.
    pub required: BasisPoints,
}

/// What is taken off at the end. Bounded, so that it never outweighs a fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentWeights {
    /// Given back to those who wait; at most 1000.
    pub waiting_most: u16,
    /// Days after which half of it is given back; at least 1.
    pub waiting_half_days: u16,
    /// For each placement and open offer.
    pub load_each: u16,
    /// Most for load; at most 1000.
    pub load_most: u16,
    /// For each recent suggestion of either side.
    pub exposure_each: u16,
    /// Most for exposure; at most 1000.
    pub exposure_most: u16,
}

/// What counts beside the scores when the engine chooses for everybody at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentWeights {
    /// What a role's first suggestion is worth beside its score; 0 is no bonus.
    pub first_suggestion: BasisPoints,
}

/// Why a policy was refused.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// Not TOML, a key unknown or missing, or a value of the wrong kind or range; names line and column.
    #[error("{0}")]
    Unreadable(#[from] toml::de::Error),
    /// Values that do not go together.
    #[error("{}", list(.0))]
    Invalid(Vec<Invalid>),
}

fn list(faults: &[Invalid]) -> String {
    faults
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

impl Weights {
    /// Reads and checks a policy.
    pub fn from_toml(text: &str) -> Result<Self, WeightsError> {
        let weights: Self = toml::from_str(text)?;
        let faults = weights.faults();
        if faults.is_empty() {
            Ok(weights)
        } else {
            Err(WeightsError::Invalid(faults))
        }
    }

    /// The policy as a text that reads back as the same policy; comments are not kept.
    ///
    /// # Errors
    /// Never for plain data with string keys.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// The policy that comes with the crate, which a test reads too.
    pub fn embedded() -> Result<Self, WeightsError> {
        Self::from_toml(DEFAULT)
    }

    /// The text of the policy that comes with the crate.
    pub const fn embedded_text() -> &'static str {
        DEFAULT
    }

    /// Identifies the policy by its content: SHA-256 in hexadecimal. Comments and spacing do not count.
    pub fn fingerprint(&self) -> String {
        fingerprint(self)
    }
}

/// SHA-256 of the value's JSON, in hexadecimal.
pub(crate) fn fingerprint(value: &impl Serialize) -> String {
    // Plain data with string keys always has a JSON form; if that ever changes, the message identifies it instead.
    let text = serde_json::to_vec(value).unwrap_or_else(|error| error.to_string().into_bytes());
    Sha256::digest(&text)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(from: &str, to: &str) -> Result<Weights, WeightsError> {
        assert!(DEFAULT.contains(from), "{from} is in the default policy");
        Weights::from_toml(&DEFAULT.replacen(from, to, 1))
    }

    #[test]
    fn the_embedded_policy_is_valid_and_keeps_its_identity_without_comments() {
        let weights = Weights::embedded().unwrap();
        let bare: String = DEFAULT
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(
            weights.fingerprint(),
            Weights::from_toml(&bare).unwrap().fingerprint()
        );
        assert_ne!(
            weights.fingerprint(),
            with("meeting = 20", "meeting = 21").unwrap().fingerprint()
        );
    }

    #[test]
    fn unknown_missing_and_misplaced_keys_are_refused_with_their_line() {
        let unknown = with("neutral = 5000", "neutral = 5000\ngrace = 1")
            .unwrap_err()
            .to_string();
        assert!(
            unknown.contains("grace") && unknown.contains("line 7"),
            "{unknown}"
        );
        let missing = with("minimum_score = 2000", "").unwrap_err().to_string();
        assert!(missing.contains("minimum_score"), "{missing}");
    }

    #[test]
    fn both_sides_of_the_limits() {
        assert!(with("related_share = 5000", "related_share = 4999").is_ok());
        assert!(with("related_share = 5000", "related_share = 5001").is_err());
        assert!(with("enough_needs = 4", "enough_needs = 20").is_ok());
        assert!(with("enough_needs = 4", "enough_needs = 0").is_err());
        assert!(with("weeks = 8", "weeks = 26").is_ok());
        assert!(with("weeks = 8", "weeks = 27").is_err());
        assert!(with("meeting = 20", "meeting = 0").is_err());
        assert!(with("waiting_most = 500", "waiting_most = 1000").is_ok());
        assert!(with("waiting_most = 500", "waiting_most = 1001").is_err());
        assert!(with("neutral = 5000", "neutral = 10001").is_err());
        assert!(with("first_suggestion = 500", "first_suggestion = 10000").is_ok());
        assert!(with("first_suggestion = 500", "first_suggestion = 10001").is_err());
    }

    #[test]
    fn tables_are_in_order_and_begin_where_the_gates_open() {
        assert!(with("[10000, 7000,", "[7000, 10000,").is_err());
        assert!(with("[[100, 7000]", "[[110, 7000]").is_err());
        assert!(with("[25, 9000]", "[80, 9000]").is_err());
        assert!(with("[125, 8500]", "[125, 6999]").is_err());
        assert!(with("[25, 9000]", "[25, 10000]").is_ok());
        let farther_is_worth_more = with("[50, 8000]", "[50, 9001]").unwrap_err().to_string();
        assert!(
            farther_is_worth_more.starts_with("place.by_percent_of_radius: "),
            "{farther_is_worth_more}"
        );
        assert!(with("by_count = [5000, 8500, 10000]", "by_count = []").is_err());
    }
}
