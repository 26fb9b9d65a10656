//! What administrators do to accounts of others.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use entity::account::StaffRole;

use super::payload::payloads;
use crate::domain::accounts::{self, set_staff_role};
use crate::error::Violation;
use crate::graphql::context::RequestExt as _;
use crate::graphql::id::decode;
use crate::graphql::types::account::Account;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct AdministrationMutation;

#[Object]
impl AdministrationMutation {
    /// Shuts an account: its sessions end at once, and its owner cannot log in. Its memberships and pairings stay as they
    /// are; the matcher passes it over. For administrators, of accounts of others.
    async fn disable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: DisableAccountInput,
    ) -> Result<DisableAccountPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.account_id, "accountId")?;
            retrying(|| accounts::disable::run(request, id)).await
        };
        DisableAccountPayload::new(request, outcome.await)
    }

    /// Opens an account that was disabled; its owner logs in again. For administrators.
    async fn enable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: EnableAccountInput,
    ) -> Result<EnableAccountPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.account_id, "accountId")?;
            retrying(|| accounts::enable::run(request, id)).await
        };
        EnableAccountPayload::new(request, outcome.await)
    }

    /// Makes an account coordinator or administrator, or takes that away; its sessions end. For administrators, of accounts
    /// of others; the only administrator stays one.
    async fn set_staff_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account, and the role.")] input: SetStaffRoleInput,
    ) -> Result<SetStaffRolePayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| accounts::set_staff_role::run(request, &input)).await
        };
        SetStaffRolePayload::new(request, outcome.await)
    }
}

/// Which account to shut.
#[derive(InputObject)]
struct DisableAccountInput {
    /// The account.
    account_id: ID,
}

/// Which account to open.
#[derive(InputObject)]
struct EnableAccountInput {
    /// The account.
    account_id: ID,
}

/// Which account, and the role.
#[derive(InputObject)]
struct SetStaffRoleInput {
    /// The account.
    account_id: ID,
    /// The role it shall have.
    staff_role: GivenStaffRole,
}

/// A staff role to have, or none. None is a word of its own: a variable that somebody forgot counts as null, and shall not
/// take anything away.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum GivenStaffRole {
    /// Vets organizations, reviews projects, runs the matcher, approves pairings.
    Coordinator,
    /// Besides that, manages staff.
    Admin,
    /// No staff role.
    None,
}

impl SetStaffRoleInput {
    fn decode(self) -> std::result::Result<set_staff_role::Input, Violation> {
        Ok(set_staff_role::Input {
            id: decode(&self.account_id, "accountId")?,
            staff_role: match self.staff_role {
                GivenStaffRole::Coordinator => Some(StaffRole::Coordinator),
                GivenStaffRole::Admin => Some(StaffRole::Admin),
                GivenStaffRole::None => None,
            },
        })
    }
}

payloads! {
    entity::account::Model => Account as account: Account, "The account as it is now.";
    /// The outcome of shutting an account.
    DisableAccountPayload,
    /// The outcome of opening an account.
    EnableAccountPayload,
    /// The outcome of setting a staff role.
    SetStaffRolePayload,
}
