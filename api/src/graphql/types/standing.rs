//! Where a pair stands among a role's candidates.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use entity::id::VolunteerId;
use entity::language::Language;

use super::evaluation::volunteer_of;
use super::factor::{FactorCode, unit};
use super::volunteer::Volunteer;
use crate::domain::matching::explanation::factor_name;
use crate::domain::matching::standing;
use crate::graphql::id::encode;

/// The place of a volunteer among all who may be proposed for a role now.
#[derive(SimpleObject)]
pub struct PairStanding {
    /// The place, from 1; for one who may not be proposed, the place that they would take.
    rank: u64,
    /// How many volunteers may be proposed for the role.
    eligible: u64,
    /// Those just ahead, the nearest first; at most three.
    ahead: Vec<PairAhead>,
}

impl PairStanding {
    /// In `language`.
    pub fn new(found: &standing::Standing, language: Language) -> Self {
        Self {
            rank: found.rank as u64,
            eligible: found.eligible as u64,
            ahead: found
                .ahead
                .iter()
                .map(|ahead| PairAhead::new(ahead, language))
                .collect(),
        }
    }
}

/// A volunteer who stands ahead of another for the same role.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PairAhead {
    /// The volunteer.
    volunteer_id: ID,
    /// Their place, from 1.
    rank: u64,
    /// How well they fit, 0 to 1.
    score: f64,
    /// By how much their score is higher, 0 to 1; 0 for a tie, which the id decides.
    lead: f64,
    /// Where the lead comes from, the widest difference first. The points sum to the lead.
    differences: Vec<FactorDifference>,
    #[graphql(skip)]
    key: VolunteerId,
}

#[ComplexObject]
impl PairAhead {
    /// The volunteer, as far as the asker may see them.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        volunteer_of(ctx, self.key).await
    }
}

impl PairAhead {
    fn new(ahead: &standing::Ahead, language: Language) -> Self {
        let factors = &ahead.fit.explanation.factors;
        let differences = ahead.differences.iter().map(|difference| {
            let theirs = factors.iter().find(|it| it.code == difference.code);
            FactorDifference {
                code: difference.code.into(),
                label: factor_name(difference.code)
                    .in_language(language)
                    .to_owned(),
                points: unit(difference.points),
                words: theirs.map(|it| it.words.in_language(language).to_owned()),
            }
        });
        Self {
            volunteer_id: encode(&ahead.volunteer_id),
            rank: ahead.rank as u64,
            score: unit(ahead.fit.score_bp),
            lead: unit(ahead.lead_bp.into()),
            differences: differences.collect(),
            key: ahead.volunteer_id,
        }
    }
}

/// How far two volunteers are apart in one factor.
#[derive(SimpleObject)]
pub struct FactorDifference {
    /// Which factor.
    code: FactorCode,
    /// Its name, in the request's language.
    label: String,
    /// The part of the score of the one ahead less that of the one behind, -1 to 1; negative when it is for the one behind.
    points: f64,
    /// What the factor saw of the one ahead, in the request's language; null for what was taken off the one behind only.
    words: Option<String>,
}
