//! How outcomes of use cases are told: rule violations as data in the payload, the rest as GraphQL errors with a code.

use std::sync::Arc;

use async_graphql::resolver_utils::enum_value;
use async_graphql::{Enum, Error, ErrorExtensions as _, Result, SimpleObject, Value, value};
use entity::language::Language;

use crate::context::Context;
use crate::error::{Code, DomainError, Violation};

/// The most broken rules that one error tells.
const MAX_TOLD: usize = 5;
/// The code of what cannot be done at the moment, through no fault of whoever asked.
pub(super) const UNAVAILABLE: &str = "UNAVAILABLE";
/// When to try again after the database could not be reached, in seconds.
const UNAVAILABLE_SECONDS: u64 = 5;

/// A broken rule: what to do about it, and at which field of the input.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// For programs to switch on.
    pub code: UserErrorCode,
    /// For people, in the request's language.
    pub message: String,
    /// The path of the input field, such as `["skills", "2", "level"]`; null when it is about the whole input.
    pub field: Option<Vec<String>>,
}

/// The kinds of rule violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::error::Code")]
pub enum UserErrorCode {
    /// A value is needed.
    Required,
    /// A text is shorter, or a list has fewer items, than allowed.
    TooShort,
    /// A text is longer, or a list has more items, than allowed.
    TooLong,
    /// A number or date is outside its range.
    OutOfRange,
    /// A password is among the first that others would try.
    Guessable,
    /// A value has the wrong form.
    Invalid,
    /// No such thing is known.
    Unknown,
    /// Several things are meant by the same words.
    Ambiguous,
    /// The same item stands twice in a list.
    Duplicate,
    /// Somebody has it already.
    Taken,
    /// It exists already.
    AlreadyExists,
    /// It was changed since it was read; read it again.
    Stale,
    /// Its state does not allow this.
    WrongState,
    /// A link or token is no longer good.
    Expired,
    /// All seats are taken.
    Full,
    /// As many wait for an answer as may.
    TooManyPending,
    /// A hard constraint is in the way; the message names it and what would change it.
    Gated,
    /// Mail address or password do not match.
    WrongCredentials,
    /// The mail address must be confirmed first.
    Unverified,
    /// A conflict of interest forbids it.
    ConflictOfInterest,
}

impl UserError {
    fn new(violation: &Violation, language: Language) -> Self {
        let field = (!violation.field.is_empty())
            .then(|| violation.field.split('.').map(str::to_owned).collect());
        Self {
            code: violation.code.into(),
            message: violation.message(language).to_owned(),
            field,
        }
    }
}

/// A use case's result, split for a payload: the value when it went well, else the broken rules.
///
/// # Errors
/// Everything that is not a rule violation, as a GraphQL error.
pub fn split<T>(
    ctx: &Context,
    outcome: std::result::Result<T, DomainError>,
) -> Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(DomainError::Rules(violations)) => Ok((
            None,
            violations
                .iter()
                .map(|violation| UserError::new(violation, ctx.language))
                .collect(),
        )),
        Err(error) => Err(to_graphql(ctx, &error)),
    }
}

/// A broken rule's code by its name in the schema.
pub fn rule_name(code: Code) -> String {
    enum_value(UserErrorCode::from(code)).to_string()
}

/// The code of a domain error and what people are told, the same on every path. Causes of internal ones are logged under the
/// request id.
pub fn code_and_message(ctx: &Context, error: &DomainError) -> (&'static str, String) {
    let french = ctx.language == Language::Fr;
    let pick = |en: &str, fr: &str| if french { fr.to_owned() } else { en.to_owned() };
    match error {
        DomainError::Rules(violations) => {
            let words: Vec<&str> = violations
                .iter()
                .map(|violation| violation.message(ctx.language))
                .collect();
            ("INVALID_ARGUMENT", words.join(" "))
        }
        DomainError::NotFound => (
            "NOT_FOUND",
            pick("There is no such thing.", "Cet élément n’existe pas."),
        ),
        DomainError::Forbidden => (
            "FORBIDDEN",
            pick(
                "You may not do this.",
                "Vous n’êtes pas autorisé à faire cela.",
            ),
        ),
        DomainError::Unauthenticated => (
            "UNAUTHENTICATED",
            pick("Log in first.", "Ouvrez d’abord une session."),
        ),
        DomainError::SecondFactorRequired { is_enrolled: true } if cfg!(feature = "passkeys") => (
            "SECOND_FACTOR_REQUIRED",
            pick(
                "This needs your second factor: log in with a passkey or, if you have an authenticator app, show its code or a recovery code with proveSecondFactor; it counts until you log out.",
                "Cette action exige votre second facteur : ouvrez une session avec une clé d’accès ou, si vous avez une application d’authentification, présentez son code ou un code de secours avec proveSecondFactor; il compte jusqu’à la fin de la session.",
            ),
        ),
        DomainError::SecondFactorRequired { is_enrolled: true } => (
            "SECOND_FACTOR_REQUIRED",
            pick(
                "This needs your second factor: show a code of your authenticator app, or a recovery code, with proveSecondFactor; it counts until you log out.",
                "Cette action exige votre second facteur : présentez un code de votre application d’authentification, ou un code de secours, avec proveSecondFactor; il compte jusqu’à la fin de la session.",
            ),
        ),
        DomainError::SecondFactorRequired { is_enrolled: false } => (
            "SECOND_FACTOR_REQUIRED",
            pick(
                "This needs a second factor, and your account has none yet: set up an authenticator app with enrollSecondFactor, then confirm it with confirmSecondFactor.",
                "Cette action exige un second facteur, et votre compte n’en a pas encore : configurez une application d’authentification avec enrollSecondFactor, puis confirmez-la avec confirmSecondFactor.",
            ),
        ),
        DomainError::RateLimited { .. } => (
            "RATE_LIMITED",
            pick(
                "Too many tries; wait a little.",
                "Trop de tentatives; attendez un peu.",
            ),
        ),
        DomainError::Busy { .. } => (
            UNAVAILABLE,
            pick(
                "Too many people are at this at once. Nothing was done; try again in a few seconds.",
                "Trop de personnes font cela en même temps. Rien n’a été fait; réessayez dans quelques secondes.",
            ),
        ),
        DomainError::Unavailable(_) => {
            tracing::error!(
                request_id = ctx.request_id,
                error = error.with_causes(),
                "a request could not be served"
            );
            (
                UNAVAILABLE,
                pick(
                    "The service cannot answer at the moment. Try again in a few seconds.",
                    "Le service ne peut pas répondre pour le moment. Réessayez dans quelques secondes.",
                ),
            )
        }
        DomainError::Retry(_) | DomainError::Internal(_) => {
            tracing::error!(
                request_id = ctx.request_id,
                error = error.with_causes(),
                "a request failed"
            );
            (
                "INTERNAL",
                pick(
                    "Something went wrong on our side; try again, or report this request's id.",
                    "Une erreur s’est produite de notre côté; réessayez ou signalez l’identifiant de cette requête.",
                ),
            )
        }
    }
}

/// The one place where domain errors become GraphQL errors.
pub fn to_graphql(ctx: &Context, error: &DomainError) -> Error {
    let (code, message) = code_and_message(ctx, error);
    let request_id = ctx.request_id.clone();
    let retry_after = match error {
        DomainError::RateLimited {
            retry_after_seconds,
        }
        | DomainError::Busy {
            retry_after_seconds,
        } => Some(*retry_after_seconds),
        DomainError::Unavailable(_) => Some(UNAVAILABLE_SECONDS),
        _ => None,
    };
    let violations = match error {
        DomainError::Rules(violations) => told(violations, ctx.language),
        _ => Vec::new(),
    };
    Error::new(message).extend_with(|_, extensions| {
        extensions.set("code", code);
        if !violations.is_empty() {
            extensions.set("violations", violations);
        }
        extensions.set("requestId", request_id.as_str());
        if let Some(seconds) = retry_after {
            extensions.set("retryAfterSeconds", seconds);
        }
    })
}

/// Broken rules of a query's arguments, as `userErrors` tells those of a mutation's input.
fn told(violations: &[Violation], language: Language) -> Vec<Value> {
    violations
        .iter()
        .take(MAX_TOLD)
        .map(|violation| {
            let error = UserError::new(violation, language);
            value!({
                "code": enum_value(error.code),
                "field": error.field,
                "message": error.message,
            })
        })
        .collect()
}

/// For resolvers outside mutations: a domain result as a GraphQL result.
pub fn graphql<T>(ctx: &Context, outcome: std::result::Result<T, DomainError>) -> Result<T> {
    outcome.map_err(|error| to_graphql(ctx, &error))
}

/// For loaders, whose errors are shared by all who waited for the batch.
pub fn loaded<T>(ctx: &Context, outcome: std::result::Result<T, Arc<DomainError>>) -> Result<T> {
    outcome.map_err(|error| to_graphql(ctx, &error))
}
