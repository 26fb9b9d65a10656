//! Coming back from the provider: opening a session of whoever it is, or linking it to the account that asked. An account that
//! nobody linked and one that is shut look the same; neither is found by its mail address, which is not even asked for.

use entity::id::{IdentityId, SessionId};
use entity::identity;
use entity::pending_log_in::LogInPurpose;
use entity::personal::Personal;
use entity::session::SessionEndReason;
use matcher::mail::FactorChange;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    Set,
};

use super::super::{is_admitted, load_locked, log_in_browser, second_factor};
use super::begin_link::has_one;
use super::list::find;
use super::pending::{self, Taken};
use super::{IdentityError, provider, record, unavailable};
use crate::context::Context;
use crate::credentials::browser_cookie;
use crate::credentials::session::{self, Cookie};
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::identity_provider::Returned;
use crate::limiter::Operation;
use crate::policy::account::{AccountAction, decide};
use crate::store::constraint;
use crate::store::transaction::{begin_write, retrying};

/// What the browser brings back.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// What went along.
    pub state: &'a str,
    /// The secret of the cookie that it was given when it went.
    pub browser: &'a str,
    /// What the provider's token is given for; nothing when the provider let nobody in.
    pub code: Option<&'a str>,
    /// Which provider it was, if it said so.
    pub issuer: Option<&'a str>,
    /// The secret of the session that the browser holds, if any.
    pub before: Option<&'a str>,
}

/// What came of it.
pub enum Finished {
    /// A session was opened, in the place of the one before.
    Opened(Cookie),
    /// The provider's account was linked.
    Linked,
}

/// A log-in at the provider that is as it should be.
struct Shown<'a> {
    issuer: &'a str,
    subject: Personal,
    session_id: Option<SessionId>,
}

/// Opens a session, or links.
///
/// # Errors
/// Violations: it was not begun in this browser, was used or took too long; the provider let nobody in, or what it says is not
/// good; nobody here is known by it; it is somebody else's. [`IdentityError::Unavailable`] while the provider does not answer.
pub async fn run(ctx: &Context, input: &Input<'_>) -> Result<Finished, IdentityError> {
    let app = &ctx.app;
    let provider = provider(app)?;
    // Nobody guesses these two, and whatever page sends a browser here must not use up the tries of its whole office.
    if !pending::is_waiting(ctx, input.state, input.browser).await? {
        return Err(expired().into());
    }
    let limiter = &app.limiter;
    limiter.check_client(Operation::LogIn, ctx.client).await?;
    let taken = pending::take(ctx, input.state, input.browser).await?;
    let Taken { log_in, verifier } = taken.ok_or_else(expired)?;
    let returned = Returned {
        code: input.code.ok_or_else(|| refused(ctx))?,
        issuer: input.issuer,
        verifier: &verifier,
        nonce_hash: &log_in.nonce_hash,
    };
    let subject = match provider.redeem(ctx.now(), &returned).await {
        Ok(subject) => subject,
        Err(error) if error.is_refusal() => {
            tracing::info!(request_id = ctx.request_id, %error, "a log-in of the identity provider was not taken");
            return Err(refused(ctx).into());
        }
        Err(error) => return Err(unavailable(ctx, error)),
    };
    let shown = Shown {
        issuer: &provider.config.issuer,
        subject: Personal::new(subject),
        session_id: log_in.session_id,
    };
    Ok(match log_in.purpose {
        LogInPurpose::LogIn => {
            let cookie = retrying(|| open(ctx, &shown, input.before)).await?;
            Finished::Opened(cookie)
        }
        LogInPurpose::Link => {
            // Whoever asked is asked for anew: the session may be over since, or its owner shut out.
            let session_id = shown.session_id.ok_or_else(expired)?;
            let actor = browser_cookie::authenticate_session(app, session_id).await;
            let actor = actor.map_err(|error| match error {
                DomainError::Unauthenticated => expired(),
                other => other,
            })?;
            let ctx = Context {
                actor,
                ..ctx.clone()
            };
            retrying(|| link(&ctx, &shown)).await?;
            Finished::Linked
        }
    })
}

async fn open(
    ctx: &Context,
    shown: &Shown<'_>,
    before: Option<&str>,
) -> Result<Cookie, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let found = of_subject(&*transaction, shown).await?;
    let found = found.ok_or_else(|| unknown(ctx))?;
    let account = load_locked(&*transaction, found.account_id).await?;
    // Looked at again: unlinked meanwhile, it opens nothing any more.
    let identity = of_subject(&*transaction, shown).await?;
    let identity = identity
        .filter(|it| it.account_id == account.id && is_admitted(&account))
        .ok_or_else(|| unknown(ctx))?;
    // The browser may not show its cookie when it comes from elsewhere: the session that it held was noted when it went.
    if let Some(id) = shown.session_id {
        let reason = SessionEndReason::LoggedOut;
        session::end(&*transaction, id, reason, ctx.now()).await?;
    }
    let cookie = log_in_browser::open(ctx, &*transaction, &account, before, None).await?;
    let subject = ("account", Some(account.id.uuid()));
    let detail = serde_json::json!({ "identity": identity.id });
    let action = "account.identity_shown";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    transaction.commit().await?;
    Ok(cookie)
}

async fn link(ctx: &Context, shown: &Shown<'_>) -> Result<(), DomainError> {
    let person = ctx.person()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, person.account_id).await?;
    decide(&ctx.actor, AccountAction::ManageSecondFactor, account.id).require()?;
    // Looked at again: a new password or a shut account ended it meanwhile, and with it what it was about to do.
    let session = session::load(&*transaction, person.session_id).await?;
    if session.ended_at.is_some() || !is_admitted(&account) {
        return Err(expired());
    }
    second_factor::require_shown(&*transaction, person).await?;
    if find(&*transaction, account.id, shown.issuer)
        .await?
        .is_some()
    {
        return Err(has_one().into());
    }
    let inserted = identity::ActiveModel {
        id: Set(IdentityId::new(ctx.app.new_id())),
        account_id: Set(account.id),
        issuer: Set(shown.issuer.to_owned()),
        subject: Set(shown.subject.clone()),
        linked_at: Set(ctx.now()),
    }
    .insert(&*transaction)
    .await;
    inserted.map_err(|error| {
        let columns = ["issuer", "subject"];
        let rule = "uq_identity_issuer_subject";
        if constraint::is_unique_violation(&error, rule, "identity", &columns) {
            taken(ctx)
        } else {
            DomainError::from(error)
        }
    })?;
    let change = FactorChange::IdentityLinked;
    record(
        ctx,
        &transaction,
        &account,
        "account.identity_linked",
        change,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn of_subject(
    connection: &impl ConnectionTrait,
    shown: &Shown<'_>,
) -> Result<Option<identity::Model>, DomainError> {
    Ok(identity::Entity::find()
        .filter(identity::COLUMN.issuer.eq(shown.issuer))
        .filter(identity::COLUMN.subject.eq(shown.subject.clone()))
        .one(connection)
        .await?)
}

fn expired() -> DomainError {
    Violation::new(
        Code::Expired,
        "",
        "This log-in was not begun in this browser, took longer than ten minutes, or was used already. Begin again.",
        "Cette ouverture de session n’a pas été commencée dans ce navigateur, a pris plus de dix minutes ou a déjà servi. Recommencez.",
    )
    .into()
}

fn refused(ctx: &Context) -> DomainError {
    let named = |en: &str, fr: &str| {
        Violation::new(
            Code::WrongCredentials,
            "",
            format!(
                "{en} did not let you in, or its answer was not good. Try again, or log in with your password."
            ),
            format!(
                "{fr} ne vous a pas laissé entrer, ou sa réponse n’était pas valable. Réessayez, ou ouvrez une session avec votre mot de passe."
            ),
        )
    };
    by_name(ctx, named)
}

fn unknown(ctx: &Context) -> DomainError {
    let named = |en: &str, fr: &str| {
        Violation::new(
            Code::Unknown,
            "",
            format!(
                "No account here is linked to the one at {en} that you have just used. Log in with your mail address and your password, and link it first: nobody is let in because the addresses are alike."
            ),
            format!(
                "Aucun compte ici n’est lié à celui de {fr} que vous venez d’utiliser. Ouvrez une session avec votre adresse courriel et votre mot de passe, et liez-le d’abord : personne n’entre parce que les adresses se ressemblent."
            ),
        )
    };
    by_name(ctx, named)
}

fn taken(ctx: &Context) -> DomainError {
    let named = |en: &str, fr: &str| {
        Violation::new(
            Code::Taken,
            "",
            format!(
                "The account at {en} that you have just used is linked to another account here. Use another one there, or unlink it here first."
            ),
            format!(
                "Le compte de {fr} que vous venez d’utiliser est lié à un autre compte ici. Utilisez-en un autre là-bas, ou dissociez-le d’abord ici."
            ),
        )
    };
    by_name(ctx, named)
}

fn by_name(ctx: &Context, named: impl Fn(&str, &str) -> Violation) -> DomainError {
    let name = ctx.app.identity_provider.as_ref();
    let name = name.map(|provider| &provider.config.name);
    name.map_or(DomainError::NotFound, |it| named(&it.en, &it.fr).into())
}
