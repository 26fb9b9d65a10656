//! Why the guard refuses: a code for programs and words that say what to do, never what was sent.

use async_graphql::{Pos, ServerError};

use super::super::{PARSE_FAILED, coded};

/// Why a request was refused before it was parsed. Messages name the limit and the way out of it,
/// and never repeat what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// More bytes than `Limits::bytes`.
    #[error(
        "The document is larger than {0} bytes. Send long values as variables and ask for less at once."
    )]
    TooLarge(usize),
    /// More tokens than `Limits::tokens`.
    #[error(
        "The document has more than {0} tokens. Send values as variables and ask for less at once."
    )]
    TooManyTokens(usize),
    /// More open brackets than `Limits::nesting`.
    #[error(
        "The document nests more than {0} brackets. Send nested values as variables and select fewer levels."
    )]
    NestedTooDeep(usize),
    /// More aliases than `Limits::aliases`.
    #[error(
        "The document has more than {0} aliases. Use a field that takes a list, or several requests."
    )]
    TooManyAliases(usize),
    /// More root fields than `Limits::root_fields`.
    #[error("The operation selects more than {0} fields at its root. Use several requests.")]
    TooManyRootFields(usize),
    /// More directives than `Limits::directives`.
    #[error(
        "The document has more than {0} directives. Leave out on the client what is not needed."
    )]
    TooManyDirectives(usize),
    /// More definitions than `Limits::definitions`.
    #[error(
        "The document defines more than {0} operations and fragments. Send only those the operation uses."
    )]
    TooManyDefinitions(usize),
    /// More than one operation.
    #[error(
        "The document has more than one operation. Send each operation in a request of its own."
    )]
    SeveralOperations,
    /// More selections than `Limits::expansion` with fragments written out.
    #[error(
        "The document selects more than {0} fields once its fragments are written out. Spread fewer fragments."
    )]
    ExpansionTooLarge(usize),
    /// A fragment that spreads itself.
    #[error("A fragment spreads itself, directly or through others. Break the cycle.")]
    FragmentCycle,
    /// Text that no GraphQL document contains.
    #[error("The document has a syntax error at line {line}, column {column}.")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
    },
    /// More levels than `Limits::variable_nesting`.
    #[error("The variables nest more than {0} levels. Send flatter input.")]
    VariablesTooDeep(usize),
    /// More values than `Limits::variable_values`.
    #[error("The variables hold more than {0} values. Send the input in several requests.")]
    VariablesTooLarge(usize),
    /// More copies than `Limits::variable_copies`.
    #[error("The document uses large variables too often. Use each of them in fewer places.")]
    VariablesTooOften,
}

impl GuardError {
    /// The code in the error's `extensions`: stable, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "DOCUMENT_TOO_LARGE",
            Self::TooManyTokens(_) => "TOO_MANY_TOKENS",
            Self::NestedTooDeep(_) => "NESTED_TOO_DEEP",
            Self::TooManyAliases(_) => "TOO_MANY_ALIASES",
            Self::TooManyRootFields(_) => "TOO_MANY_ROOT_FIELDS",
            Self::TooManyDirectives(_) => "TOO_MANY_DIRECTIVES",
            Self::TooManyDefinitions(_) => "TOO_MANY_DEFINITIONS",
            Self::SeveralOperations => "SEVERAL_OPERATIONS",
            Self::ExpansionTooLarge(_) => "EXPANSION_TOO_LARGE",
            Self::FragmentCycle => "FRAGMENT_CYCLE",
            Self::Malformed { .. } => PARSE_FAILED,
            Self::VariablesTooDeep(_) => "VARIABLES_TOO_DEEP",
            Self::VariablesTooLarge(_) => "VARIABLES_TOO_LARGE",
            Self::VariablesTooOften => "VARIABLES_TOO_OFTEN",
        }
    }

    pub(super) fn malformed(document: &str, byte: usize) -> Self {
        let before = document.get(..byte).unwrap_or(document);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self::Malformed {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

impl From<GuardError> for ServerError {
    fn from(error: GuardError) -> Self {
        let position = match error {
            GuardError::Malformed { line, column } => Some(Pos { line, column }),
            _ => None,
        };
        coded(ServerError::new(error.to_string(), position), error.code())
    }
}
