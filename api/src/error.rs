//! What can go wrong in a use case, without GraphQL and without HTTP.
//!
//! Rule violations are data: they carry a code, the field and words in both languages, and several are told at once.
//! What the actor may not know exists is [`DomainError::NotFound`]; causes of [`DomainError::Internal`] are logged, never shown.

use std::fmt;

use entity::language::Language;
use sea_orm::DbErr;

use crate::store::constraint;

/// The outcome of a use case that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    /// The request breaks rules; each is told with its field.
    #[error("{} rule violation(s)", .0.len())]
    Rules(Vec<Violation>),
    /// There is no such thing, or the actor may not know that there is.
    #[error("not found")]
    NotFound,
    /// The actor knows the thing but may not do this to it.
    #[error("forbidden")]
    Forbidden,
    /// Nobody is logged in, or the token does not hold.
    #[error("unauthenticated")]
    Unauthenticated,
    /// The actor may do this to it, but has to show the account's second factor first.
    #[error("second factor required")]
    SecondFactorRequired {
        /// Whether there is one to show; else it has to be set up before.
        is_enrolled: bool,
    },
    /// Too many tries; the seconds until the next is welcome.
    #[error("rate limited")]
    RateLimited {
        /// Whole seconds to wait, at least 1.
        retry_after_seconds: u64,
    },
    /// Too many ask at once for what takes the machine long; nothing was done.
    #[error("busy")]
    Busy {
        /// Whole seconds to wait, at least 1.
        retry_after_seconds: u64,
    },
    /// A concurrent transaction was in the way: the same call may succeed when repeated.
    #[error("a concurrent transaction was in the way")]
    Retry(#[source] DbErr),
    /// The database cannot be reached, or has no room.
    #[error("the database is unavailable")]
    Unavailable(#[source] DbErr),
    /// A fault of ours.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl DomainError {
    /// One violation.
    pub fn rule(violation: Violation) -> Self {
        Self::Rules(vec![violation])
    }

    /// A fault of ours, in words for the log.
    pub fn internal(message: impl fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{message}"))
    }

    /// The error and its causes on one line, for the log. The causes' `Debug` form must not go there: a database's
    /// details quote the values of rows.
    pub fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}

impl From<DbErr> for DomainError {
    fn from(error: DbErr) -> Self {
        if constraint::is_retryable(&error) {
            Self::Retry(error)
        } else if constraint::is_unavailable(&error) {
            Self::Unavailable(error)
        } else {
            Self::Internal(error.into())
        }
    }
}

impl From<anyhow::Error> for DomainError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<Violation> for DomainError {
    fn from(violation: Violation) -> Self {
        Self::rule(violation)
    }
}

/// A broken rule: what, where, and words that say what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// For programs.
    pub code: Code,
    /// The input field in the API's spelling, dotted and indexed as `skills.2.level`; empty for the whole input.
    pub field: String,
    /// For people, in English.
    pub en: String,
    /// For people, in French.
    pub fr: String,
}

impl Violation {
    /// A violation at `field`, in both languages.
    pub fn new(
        code: Code,
        field: impl Into<String>,
        en: impl Into<String>,
        fr: impl Into<String>,
    ) -> Self {
        Self {
            code,
            field: field.into(),
            en: en.into(),
            fr: fr.into(),
        }
    }

    /// The words in `language`.
    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Fr => &self.fr,
        }
    }
}

/// The kinds of rule violations. The API's clients switch on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
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
    /// A pairing of this volunteer with this role exists already.
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
