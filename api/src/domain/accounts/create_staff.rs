//! Making coordinators and administrators. The command line makes the first; there is no default account.

use entity::account::{self, AccountState, StaffRole};
use entity::account_token::TokenPurpose;
use entity::id::AccountId;
use entity::language::Language;
use entity::personal::Personal;
use entity::session::SessionEndReason;
use sea_orm::{ActiveModelTrait as _, Set};

use super::admins::Admins;
use super::second_factor::delete_passkeys;
use super::{add_token, email, end_tokens, is_admitted, load_locked, unproven};
use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// The new staff member.
#[derive(Clone, Debug)]
pub struct Input {
    /// Mail address, of a known account or a new one.
    pub email: Personal,
    /// Given name, for a new account.
    pub given_name: Personal,
    /// Coordinator or administrator.
    pub staff_role: StaffRole,
    /// Language of mails.
    pub preferred_language: Option<Language>,
}

/// A staff member, as the operator is told.
#[derive(Clone, Debug)]
pub struct Made {
    /// Whether the account was there already; it keeps its name and, if its address was confirmed, its password.
    pub was_known: bool,
    /// A one-time link by which the account's owner chooses a password.
    pub link: String,
}

/// Gives an account (made if need be) a staff role. The only administrator stays one.
pub async fn run(ctx: &Context, input: &Input) -> Result<Made, DomainError> {
    if let Some(violation) = email::violation(&input.email, "email") {
        return Err(violation.into());
    }
    let app = &ctx.app;
    let now = ctx.now();
    // Whoever may do this to nobody is told so before anything is looked up.
    let new_id = AccountId::new(app.new_id());
    decide(&ctx.actor, AccountAction::SetStaffRole, new_id).require()?;
    let transaction = begin_write(&app.store).await?;
    let known = match email::find_account(&*transaction, &input.email).await? {
        Some(account) => Some(load_locked(&*transaction, account.id).await?),
        None => None,
    };
    let was_known = known.is_some();
    let id = known.as_ref().map_or(new_id, |account| account.id);
    decide(&ctx.actor, AccountAction::SetStaffRole, id).require()?;
    if input.staff_role != StaffRole::Admin {
        let admins = Admins::lock(&*transaction).await?;
        admins.keep_one_beside(id, "email")?;
    }
    let account = match known {
        Some(account) => {
            if !is_admitted(&account) {
                return Err(shut());
            }
            // A role begins with a new log-in. Whoever registered an address that was never confirmed need not be its
            // owner: that password may not get the role either.
            session::end_all(&*transaction, id, SessionEndReason::Revoked, now).await?;
            unproven::take_away(ctx, &transaction, &account).await?;
            // Nor may they take the account along to another address, which they asked for before.
            end_tokens(app, &*transaction, id, TokenPurpose::ChangeEmail).await?;
            let password_hash = account.password_hash.clone();
            let password_hash = password_hash.filter(|_| account.email_verified_at.is_some());
            // Those of staff are a second factor: none that somebody added before counts as one.
            if account.staff_role.is_none() {
                delete_passkeys(&*transaction, id).await?;
            }
            let version = account.version + 1;
            account::ActiveModel {
                password_hash: Set(password_hash),
                staff_role: Set(Some(input.staff_role)),
                version: Set(version),
                updated_at: Set(now),
                ..account.into()
            }
            .update(&*transaction)
            .await?
        }
        None => {
            account::ActiveModel {
                id: Set(id),
                email: Set(Personal::new(input.email.expose().trim())),
                email_normalized: Set(email::normalize(&input.email)),
                password_hash: Set(None),
                given_name: Set(Personal::new(input.given_name.expose().trim())),
                family_name: Set(Personal::default()),
                preferred_language: Set(input.preferred_language),
                zone: Set("America/Toronto".to_owned()),
                state: Set(AccountState::Unverified),
                staff_role: Set(Some(input.staff_role)),
                email_verified_at: Set(None),
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
            }
            .insert(&*transaction)
            .await?
        }
    };
    let secret = add_token(app, &*transaction, account.id, TokenPurpose::ResetPassword).await?;
    let detail = serde_json::json!({ "staff_role": input.staff_role.as_str() });
    let subject = ("account", Some(account.id.uuid()));
    audit::record(
        ctx,
        &*transaction,
        "account.staff_role_given",
        subject,
        detail,
    )
    .await?;
    transaction.commit().await?;
    Ok(Made {
        was_known,
        link: format!("{}/a/reset?token={secret}", app.config.http.base_url),
    })
}

fn shut() -> DomainError {
    Violation::new(
        Code::WrongState,
        "email",
        "This account is disabled or erased; enable it first, or use another address.",
        "Ce compte est désactivé ou effacé; réactivez-le d’abord, ou utilisez une autre adresse.",
    )
    .into()
}
