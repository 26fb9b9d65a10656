//! Who belongs to an organization.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::payload::payloads;
use crate::context::Context as Request;
use crate::domain::organizations;
use crate::domain::organizations::answer_membership::Answer;
use crate::error::{DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::{decode, encode};
use crate::graphql::types::membership::{Membership, MembershipRole};
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Asks to join an organization; its owners answer.
    async fn request_membership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organization.")] input: RequestMembershipInput,
    ) -> Result<RequestMembershipPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::request_membership::run(request, &input)).await
        };
        RequestMembershipPayload::new(request, outcome.await)
    }

    /// Answers a request to join. For owners.
    async fn answer_membership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which request, and the answer.")] input: AnswerMembershipInput,
    ) -> Result<AnswerMembershipPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::answer_membership::run(request, &input)).await
        };
        AnswerMembershipPayload::new(request, outcome.await)
    }

    /// Sets what a member may do. For owners; the only owner stays one.
    async fn set_member_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member, and the role.")] input: SetMemberRoleInput,
    ) -> Result<SetMemberRolePayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::set_member_role::run(request, &input)).await
        };
        SetMemberRolePayload::new(request, outcome.await)
    }

    /// Removes a member, or yourself. The only owner stays.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member.")] input: RemoveMemberInput,
    ) -> Result<RemoveMemberPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| organizations::remove_member::run(request, &input)).await
        };
        RemoveMemberPayload::new(request, outcome.await)
    }
}

/// Which organization to join.
#[derive(InputObject)]
struct RequestMembershipInput {
    /// Its slug.
    slug: String,
}

impl RequestMembershipInput {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "inputs are all decoded alike; this one has no id that could be wrong"
    )]
    fn decode(self) -> std::result::Result<organizations::request_membership::Input, Violation> {
        Ok(organizations::request_membership::Input { slug: self.slug })
    }
}

/// The answer to a request to join.
#[derive(InputObject)]
struct AnswerMembershipInput {
    /// The requested membership.
    membership_id: ID,
    /// Whether the person joins.
    is_approved: bool,
    /// In which role.
    #[graphql(default_with = "MembershipRole::Member")]
    role: MembershipRole,
}

impl AnswerMembershipInput {
    fn decode(self) -> std::result::Result<organizations::answer_membership::Input, Violation> {
        Ok(organizations::answer_membership::Input {
            id: decode(&self.membership_id, "membershipId")?,
            answer: if self.is_approved {
                Answer::Approve(self.role.into())
            } else {
                Answer::Refuse
            },
        })
    }
}

/// Which member, and the role.
#[derive(InputObject)]
struct SetMemberRoleInput {
    /// The membership.
    membership_id: ID,
    /// The role it shall have.
    role: MembershipRole,
}

impl SetMemberRoleInput {
    fn decode(self) -> std::result::Result<organizations::set_member_role::Input, Violation> {
        Ok(organizations::set_member_role::Input {
            id: decode(&self.membership_id, "membershipId")?,
            role: self.role.into(),
        })
    }
}

/// Which member to remove.
#[derive(InputObject)]
struct RemoveMemberInput {
    /// The membership; your own, to leave.
    membership_id: ID,
}

impl RemoveMemberInput {
    fn decode(self) -> std::result::Result<organizations::remove_member::Input, Violation> {
        Ok(organizations::remove_member::Input {
            id: decode(&self.membership_id, "membershipId")?,
        })
    }
}

payloads! {
    entity::membership::Model => Membership as membership: Membership, "The membership as it is now.";
    /// The outcome of asking to join.
    RequestMembershipPayload,
    /// The outcome of setting a member's role.
    SetMemberRolePayload,
}

/// The outcome of answering a request to join.
#[derive(SimpleObject)]
struct AnswerMembershipPayload {
    /// The membership, when it was approved.
    membership: Option<Membership>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

impl AnswerMembershipPayload {
    fn new(
        request: &Request,
        outcome: std::result::Result<Option<entity::membership::Model>, DomainError>,
    ) -> Result<Self> {
        let (answered, user_errors) = split(request, outcome)?;
        Ok(Self {
            membership: answered.flatten().map(Membership),
            user_errors,
        })
    }
}

/// The outcome of removing a member.
#[derive(SimpleObject)]
struct RemoveMemberPayload {
    /// The id of the membership that is no more.
    removed_membership_id: Option<ID>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

impl RemoveMemberPayload {
    fn new(
        request: &Request,
        outcome: std::result::Result<entity::id::MembershipId, DomainError>,
    ) -> Result<Self> {
        let (removed, user_errors) = split(request, outcome)?;
        Ok(Self {
            removed_membership_id: removed.map(|id| encode(&id)),
            user_errors,
        })
    }
}
