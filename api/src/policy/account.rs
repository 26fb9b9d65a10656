//! Accounts: one's own, and what staff may do to others'.

use entity::id::AccountId;

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountAction {
    /// See names, address, language and settings.
    View,
    /// Change them, or the password.
    Edit,
    /// See or end its sessions.
    ManageSessions,
    /// Have a copy of everything that is held of its owner.
    Export,
    /// Have oneself erased.
    EraseOwn,
    /// Have its owner erased, who asked for it in writing.
    Erase,
    /// Shut it: its owner is logged out and cannot log in.
    Disable,
    /// Open it again.
    Enable,
    /// Make it coordinator or administrator, or take that away.
    SetStaffRole,
    /// Find it by its mail address.
    LookUp,
    /// Set up its second factor, show it, renew its recovery codes, take it away.
    ManageSecondFactor,
    /// Take its second factor away for an owner who lost it.
    ResetSecondFactor,
}

impl AccountAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 12] = [
        Self::View,
        Self::Edit,
        Self::ManageSessions,
        Self::Export,
        Self::EraseOwn,
        Self::Erase,
        Self::Disable,
        Self::Enable,
        Self::SetStaffRole,
        Self::LookUp,
        Self::ManageSecondFactor,
        Self::ResetSecondFactor,
    ];
}

/// Decides about the account `subject`.
pub fn decide(actor: &Actor, action: AccountAction, subject: AccountId) -> Decision {
    let is_own = actor.account_id() == Some(subject);
    let is_allowed = match action {
        AccountAction::View => is_own || actor.is_staff() || *actor == Actor::System,
        AccountAction::Edit
        | AccountAction::ManageSessions
        | AccountAction::ManageSecondFactor
        | AccountAction::Export
        | AccountAction::EraseOwn => is_own,
        // One's own takes one's password.
        AccountAction::Erase => actor.is_admin() && !is_own,
        // Nobody raises or shuts out oneself: another administrator or the command line does.
        AccountAction::Disable
        | AccountAction::Enable
        | AccountAction::SetStaffRole
        | AccountAction::ResetSecondFactor => {
            *actor == Actor::System || (actor.is_admin() && !is_own)
        }
        AccountAction::LookUp => *actor == Actor::System || actor.is_admin(),
    };
    let is_visible = decide_visible(actor, is_own);
    let decision = Decision::allow_if(
        is_allowed,
        denial(
            actor,
            if is_visible {
                Decision::Forbidden
            } else {
                Decision::Hidden
            },
        ),
    );
    match action {
        AccountAction::Disable
        | AccountAction::Enable
        | AccountAction::SetStaffRole
        | AccountAction::Erase
        | AccountAction::ResetSecondFactor => second_factor::guard(actor, decision),
        AccountAction::View
        | AccountAction::Edit
        | AccountAction::Export
        | AccountAction::EraseOwn
        | AccountAction::ManageSessions
        | AccountAction::LookUp
        | AccountAction::ManageSecondFactor => decision,
    }
}

fn decide_visible(actor: &Actor, is_own: bool) -> bool {
    is_own || actor.is_staff() || *actor == Actor::System
}
