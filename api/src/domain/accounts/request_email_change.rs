//! Asking for another mail address: with the password, in a session that has shown the second factor where there is one. The
//! answer, and the work before it, are the same whether or not the new address has an account.

use entity::account;
use entity::account_token::TokenPurpose;
use entity::personal::Personal;
use matcher::mail::{EmailChangeRequested, Message};
use secrecy::SecretString;

use super::{email, insert_token, is_admitted, load, load_locked, second_factor, wrong_password};
use crate::context::Context;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::jobs::{self, mail_email_change::MailEmailChange};
use crate::limiter::Operation;
use crate::outbox::{self, Draft};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::{begin_write, retrying};

/// The address that shall be the account's, and the password as it is.
#[derive(Clone, Debug)]
pub struct Input {
    /// The wanted address.
    pub new_email: Personal,
    /// The password in use.
    pub current_password: SecretString,
}

/// Has the link mailed to the new address that makes it the account's, and tells the address of now. Until the link is followed
/// nothing changes. An earlier link ends.
///
/// # Errors
/// Violations: no mail address, the one that the account has, a wrong password. [`DomainError::SecondFactorRequired`] while the
/// session has not shown the factor.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let account_id = ctx.person()?.account_id;
    decide(&ctx.actor, AccountAction::Edit, account_id).require()?;
    let app = &ctx.app;
    let person = second_factor::begin(ctx).await?;
    second_factor::require_shown(&app.store.connection, person).await?;
    let account = load(&app.store.connection, account_id).await?;
    if let Some(violation) = violation(&account, &input.new_email) {
        return Err(violation.into());
    }
    let limiter = &app.limiter;
    limiter.check_client(Operation::LogIn, ctx.client).await?;
    let hash = account.password_hash.as_deref();
    if !app.hasher.verify(&input.current_password, hash).await? {
        return Err(wrong_password("currentPassword"));
    }
    let of_account = format!("address:{account_id}");
    limiter.check(Operation::MailRecovery, &of_account).await?;
    // One mail an hour for each address, whoever asks for it; the caller hears the same either way. Counted apart from links for
    // a new password: nobody keeps those from the owner of the address by this.
    let of_address = format!("address:{}", email::normalize(&input.new_email).expose());
    match limiter.check(Operation::MailRecovery, &of_address).await {
        Err(DomainError::RateLimited { .. }) => return Ok(()),
        counted => counted?,
    }
    // Only this part is tried again when a concurrent transaction was in the way: the try is counted, and the work done.
    retrying(|| request(ctx, &account, &input.new_email)).await
}

/// What is wrong with the address.
fn violation(account: &account::Model, new_email: &Personal) -> Option<Violation> {
    let is_same = email::normalize(new_email) == account.email_normalized;
    email::violation(new_email, "newEmail").or_else(|| is_same.then(same))
}

/// Stores the wish of an account whose password was verified, and tells its owner.
async fn request(
    ctx: &Context,
    verified: &account::Model,
    new_email: &Personal,
) -> Result<(), DomainError> {
    let app = &ctx.app;
    let now = ctx.now();
    let transaction = begin_write(&app.store).await?;
    let account = load_locked(&*transaction, verified.id).await?;
    // Shut since the request began.
    if !is_admitted(&account) {
        return Err(DomainError::Unauthenticated);
    }
    // Looked at again: the password was changed meanwhile, by its owner, who may want to be rid of whoever asks for this.
    if account.password_hash != verified.password_hash {
        return Err(wrong_password("currentPassword"));
    }
    // The address stands here and not in the job, which holds nothing that people tell. Nobody knows this secret: the job that
    // mails the link gives it another.
    let wanted = Personal::new(new_email.expose().trim());
    let purpose = TokenPurpose::ChangeEmail;
    let (account_token_id, _) =
        insert_token(app, &*transaction, account.id, purpose, Some(wanted)).await?;
    let job = MailEmailChange { account_token_id };
    jobs::enqueue(app, &*transaction, &job, now).await?;
    let subject = ("account", Some(account.id.uuid()));
    let action = "account.email_change_requested";
    audit::record(ctx, &*transaction, action, subject, serde_json::json!({})).await?;
    let message = Message::EmailChangeRequested(EmailChangeRequested {
        requested_at: now,
        reset_link: format!("{}/a/reset", app.config.http.base_url),
    });
    let draft = Draft {
        to: &account,
        message,
        pairing_id: None,
        send_at: now,
    };
    outbox::queue(app, &*transaction, draft).await?;
    transaction.commit().await?;
    Ok(())
}

fn same() -> Violation {
    Violation::new(
        Code::WrongState,
        "newEmail",
        "This is the address that your account has; enter the one that it shall have.",
        "C’est l’adresse actuelle de votre compte; entrez celle qu’il doit avoir.",
    )
}
