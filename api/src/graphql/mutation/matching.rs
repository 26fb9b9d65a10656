//! Running the matcher, instructing it, and coming forward for a role.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::personal::Personal;
use matcher::model::RoleFacts;

use crate::domain::matching::{
    apply_round, discard_round, express_interest, remove_rule, run_round, set_rule,
};
use crate::error::{Code, DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::{GlobalId, decode, encode};
use crate::graphql::types::exclusion::Exclusion;
use crate::graphql::types::pairing::Pairing;
use crate::graphql::types::pairing_rule::{PairingRule, PairingRuleKind};
use crate::graphql::types::round::Round;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct MatchingMutation;

#[Object]
impl MatchingMutation {
    /// Runs the matcher as a dry run: what it would propose is stored with the round, and nothing else changes. For
    /// coordinators.
    async fn run_round(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look at, and how much to propose.")] input: RunRoundInput,
    ) -> Result<RunRoundPayload> {
        let request = ctx.request()?;
        let outcome = match input.decode() {
            Ok(input) => retrying(|| run_round::run(request, &input)).await,
            Err(error) => Err(error),
        };
        let (round, user_errors) = split(request, outcome)?;
        Ok(RunRoundPayload {
            round: round.map(|round| Round(round.into())),
            user_errors,
        })
    }

    /// Applies a dry run: its pairs become suggestions that coordinators decide over. Pairs that have become impossible are
    /// skipped and told. A round is applied once. For coordinators.
    async fn apply_round(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which round.")] input: ApplyRoundInput,
    ) -> Result<ApplyRoundPayload> {
        let request = ctx.request()?;
        let outcome = match decode(&input.round_id, "roundId") {
            Ok(round_id) => {
                let input = apply_round::Input {
                    round_id,
                    accept_stale: input.accept_stale,
                };
                retrying(|| apply_round::run(request, &input)).await
            }
            Err(violation) => Err(violation.into()),
        };
        let (applied, user_errors) = split(request, outcome)?;
        let Some(applied) = applied else {
            return Ok(ApplyRoundPayload {
                round: None,
                pairings: Vec::new(),
                skipped: Vec::new(),
                user_errors,
            });
        };
        let skipped = applied.skipped.iter();
        Ok(ApplyRoundPayload {
            round: Some(Round(applied.round.into())),
            pairings: applied.pairings.into_iter().map(Pairing).collect(),
            skipped: skipped
                .map(|skipped| SkippedPair {
                    role_id: encode(&skipped.role_id),
                    volunteer_id: encode(&skipped.volunteer_id),
                    exclusions: Exclusion::list(&skipped.exclusions, request.language),
                })
                .collect(),
            user_errors,
        })
    }

    /// Puts a dry run aside. For coordinators.
    async fn discard_round(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which round.")] input: DiscardRoundInput,
    ) -> Result<DiscardRoundPayload> {
        let request = ctx.request()?;
        let outcome = match decode(&input.round_id, "roundId") {
            Ok(id) => retrying(|| discard_round::run(request, id)).await,
            Err(violation) => Err(violation.into()),
        };
        let (round, user_errors) = split(request, outcome)?;
        Ok(DiscardRoundPayload {
            round: round.map(|round| Round(round.into())),
            user_errors,
        })
    }

    /// Pins or forbids a role and a volunteer for every round to come; takes the place of an earlier instruction. For
    /// coordinators who belong to neither side.
    async fn set_pairing_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instruction.")] input: SetPairingRuleInput,
    ) -> Result<SetPairingRulePayload> {
        let request = ctx.request()?;
        let outcome = match couple(&input.role_id, &input.volunteer_id) {
            Ok((role_id, volunteer_id)) => {
                let input = set_rule::Input {
                    role_id,
                    volunteer_id,
                    kind: input.kind.into(),
                    note: input.note.map(Personal::new),
                };
                retrying(|| set_rule::run(request, &input)).await
            }
            Err(error) => Err(error),
        };
        let (rule, user_errors) = split(request, outcome)?;
        Ok(SetPairingRulePayload {
            rule: rule.map(PairingRule),
            user_errors,
        })
    }

    /// Lifts the instruction about a role and a volunteer. For coordinators who belong to neither side.
    async fn remove_pairing_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which two.")] input: RemovePairingRuleInput,
    ) -> Result<RemovePairingRulePayload> {
        let request = ctx.request()?;
        let outcome = match couple(&input.role_id, &input.volunteer_id) {
            Ok((role, volunteer)) => retrying(|| remove_rule::run(request, role, volunteer)).await,
            Err(error) => Err(error),
        };
        let (is_removed, user_errors) = split(request, outcome)?;
        Ok(RemovePairingRulePayload {
            is_removed: is_removed.unwrap_or_default(),
            user_errors,
        })
    }

    /// Comes forward for a role as the logged-in volunteer. When a hard constraint is in the way, the answer says which,
    /// and what would change it.
    async fn express_interest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For which role.")] input: ExpressInterestInput,
    ) -> Result<ExpressInterestPayload> {
        let request = ctx.request()?;
        let outcome = match decode(&input.role_id, "roleId") {
            Ok(role_id) => {
                let input = express_interest::Input {
                    role_id,
                    message: input.message.map(Personal::new),
                };
                retrying(|| express_interest::run(request, &input)).await
            }
            Err(violation) => Err(violation.into()),
        };
        let (pairing, user_errors) = split(request, outcome)?;
        Ok(ExpressInterestPayload {
            pairing: pairing.map(Pairing),
            user_errors,
        })
    }
}

/// Which roles and volunteers a round looks at, and how much it may propose.
#[derive(InputObject)]
struct RunRoundInput {
    /// Only roles of these projects, at most 200; all when empty.
    #[graphql(default)]
    project_ids: Vec<ID>,
    /// Only these roles, at most 200; all when empty.
    #[graphql(default)]
    role_ids: Vec<ID>,
    /// Only these volunteers, at most 200; all when empty.
    #[graphql(default)]
    volunteer_ids: Vec<ID>,
    /// Volunteers to suggest for each open seat, 1 to 20, those who wait for an answer already included.
    #[graphql(default_with = "i32::from(RoleFacts::SUGGESTIONS_PER_SEAT)")]
    suggestions_per_seat: i32,
    /// Most suggestions for one volunteer in this round, 1 to 20; when absent, as many placements as they have room for.
    most_per_volunteer: Option<i32>,
}

impl RunRoundInput {
    /// Numbers that do not fit are left to the use case's ranges: 0 is outside of all of them.
    fn decode(self) -> Result<run_round::Input, DomainError> {
        let mut violations = Vec::new();
        let input = run_round::Input {
            projects: decode_all(&self.project_ids, "projectIds", &mut violations),
            roles: decode_all(&self.role_ids, "roleIds", &mut violations),
            volunteers: decode_all(&self.volunteer_ids, "volunteerIds", &mut violations),
            suggestions_per_seat: u8::try_from(self.suggestions_per_seat).unwrap_or(0),
            most_per_volunteer: self
                .most_per_volunteer
                .map(|most| u32::try_from(most).unwrap_or(0)),
        };
        if violations.is_empty() {
            Ok(input)
        } else {
            Err(DomainError::Rules(violations))
        }
    }
}

fn decode_all<T: GlobalId + PartialEq>(
    ids: &[ID],
    field: &str,
    violations: &mut Vec<Violation>,
) -> Vec<T> {
    let mut decoded = Vec::new();
    for (position, id) in ids.iter().enumerate() {
        let field = format!("{field}.{position}");
        match decode(id, &field) {
            Ok(id) if decoded.contains(&id) => violations.push(Violation::new(
                Code::Duplicate,
                field,
                "This stands in the list twice.",
                "Cet élément figure deux fois dans la liste.",
            )),
            Ok(id) => decoded.push(id),
            Err(violation) => violations.push(violation),
        }
    }
    decoded
}

pub(super) fn couple<R: GlobalId, V: GlobalId>(
    role: &ID,
    volunteer: &ID,
) -> Result<(R, V), DomainError> {
    match (decode(role, "roleId"), decode(volunteer, "volunteerId")) {
        (Ok(role), Ok(volunteer)) => Ok((role, volunteer)),
        (role, volunteer) => Err(DomainError::Rules(
            role.err().into_iter().chain(volunteer.err()).collect(),
        )),
    }
}

/// The outcome of running the matcher.
#[derive(SimpleObject)]
struct RunRoundPayload {
    /// The dry run.
    round: Option<Round>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// Which round to apply.
#[derive(InputObject)]
struct ApplyRoundInput {
    /// The dry run.
    round_id: ID,
    /// Apply although roles, volunteers, rules or pairings changed since it was run.
    #[graphql(default)]
    accept_stale: bool,
}

/// The outcome of applying a round.
#[derive(SimpleObject)]
struct ApplyRoundPayload {
    /// The round.
    round: Option<Round>,
    /// The new pairings, best first.
    pairings: Vec<Pairing>,
    /// Proposed pairs that became no pairing.
    skipped: Vec<SkippedPair>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// A proposed pair that became no pairing.
#[derive(SimpleObject)]
struct SkippedPair {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
    /// What is in the way now; empty when one of the two takes no part in matching any more.
    exclusions: Vec<Exclusion>,
}

/// Which round to put aside.
#[derive(InputObject)]
struct DiscardRoundInput {
    /// The dry run.
    round_id: ID,
}

/// The outcome of putting a round aside.
#[derive(SimpleObject)]
struct DiscardRoundPayload {
    /// The round.
    round: Option<Round>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// An instruction about a role and a volunteer.
#[derive(InputObject)]
struct SetPairingRuleInput {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
    /// What the matcher must do.
    kind: PairingRuleKind,
    /// Why, for other coordinators; up to 1,000 characters.
    note: Option<String>,
}

/// The outcome of instructing the matcher.
#[derive(SimpleObject)]
struct SetPairingRulePayload {
    /// The instruction.
    rule: Option<PairingRule>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// The two whose instruction is lifted.
#[derive(InputObject)]
struct RemovePairingRuleInput {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
}

/// The outcome of lifting an instruction.
#[derive(SimpleObject)]
struct RemovePairingRulePayload {
    /// Whether there was one.
    is_removed: bool,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// For which role a volunteer comes forward.
#[derive(InputObject)]
struct ExpressInterestInput {
    /// The role.
    role_id: ID,
    /// What the organization shall read; up to 2,000 characters.
    message: Option<String>,
}

/// The outcome of coming forward.
#[derive(SimpleObject)]
struct ExpressInterestPayload {
    /// The new pairing.
    pairing: Option<Pairing>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
