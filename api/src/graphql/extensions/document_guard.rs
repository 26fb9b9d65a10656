//! A guard in front of the GraphQL parser, on every transport.
//!
//! The parser and the validator behind it recurse, and expand fragments again at each spread: with
//! every built-in limit set, 8 KB of nested literals end the process and 600 bytes of fragments
//! keep it busy for seconds. So the text is read once, in linear time and without recursion, and
//! refused here when it is out of proportion. The guard knows no schema and decides no permission.

mod error;
mod expansion;
mod outline;
mod token;
mod variables;

use std::sync::Arc;

use async_graphql::{
    Pos, ServerError, ServerResult, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery},
    parser::types::{BaseType, DocumentOperations, ExecutableDocument},
};

pub use error::GuardError;

use super::{PARSE_FAILED, VALIDATION_FAILED, coded};

/// How much one request may hold. Every number is the largest that is still accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: usize,
    /// Lexical tokens, without blanks and comments.
    pub tokens: usize,
    /// Brackets of any kind that are open at once.
    pub nesting: usize,
    /// Aliased fields.
    pub aliases: usize,
    /// Fields at the root of an operation, fragments written out.
    pub root_fields: usize,
    /// Directives.
    pub directives: usize,
    /// Operations and fragments together.
    pub definitions: usize,
    /// Fields and fragments after every fragment is written out where it is spread.
    pub expansion: usize,
    /// Levels of lists and objects in the variables; the variables object itself is the first.
    pub variable_nesting: usize,
    /// Values in the variables: lists, objects and what they hold.
    pub variable_values: usize,
    /// Values in the variables times the places that use a variable, fragments written out: each
    /// use is a copy of its value.
    pub variable_copies: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16_384,
            tokens: 2_000,
            nesting: 24,
            aliases: 20,
            root_fields: 20,
            directives: 10,
            definitions: 30,
            expansion: 4_000,
            variable_nesting: 24,
            variable_values: 10_000,
            variable_copies: 200_000,
        }
    }
}

/// What was counted in a document that passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Lexical tokens.
    pub tokens: usize,
    /// Deepest bracket.
    pub nesting: usize,
    /// Aliased fields.
    pub aliases: usize,
    /// Root fields of the operation, fragments written out.
    pub root_fields: usize,
    /// Directives.
    pub directives: usize,
    /// Operations and fragments together.
    pub definitions: usize,
    /// Fields and fragments of the largest definition, fragments written out.
    pub expansion: usize,
    /// Uses of variables in the definition that has most, fragments written out.
    pub variable_uses: usize,
}

/// Reads `document` once and says what it holds, or which limit it passes.
///
/// Costs linear time in the text (plus definitions times spreads) and no recursion. It does not say
/// whether the document is valid: that is the parser's work, and safe once this has passed.
///
/// # Errors
/// The first [`GuardError`] met, in the order of the text; whole-document ones last.
pub fn check(document: &str, limits: &Limits) -> Result<Stats, GuardError> {
    if document.len() > limits.bytes {
        return Err(GuardError::TooLarge(limits.bytes));
    }
    let outline = outline::read(document, limits)?;
    let heaviest = expansion::heaviest(&outline.definitions)?;
    let expansion = within(
        heaviest.selections,
        limits.expansion,
        GuardError::ExpansionTooLarge,
    )?;
    let root_fields = within(
        heaviest.root_fields,
        limits.root_fields,
        GuardError::TooManyRootFields,
    )?;
    Ok(Stats {
        tokens: outline.tokens,
        nesting: outline.nesting,
        aliases: outline.aliases,
        root_fields,
        directives: outline.directives,
        definitions: outline.definitions.len(),
        expansion,
        variable_uses: usize::try_from(heaviest.variable_uses).unwrap_or(usize::MAX),
    })
}

/// Bounds the variables by themselves and by how often the document uses them.
///
/// # Errors
/// [`GuardError::VariablesTooDeep`], [`GuardError::VariablesTooLarge`] or
/// [`GuardError::VariablesTooOften`].
pub fn check_variables(
    variables: &Variables,
    stats: &Stats,
    limits: &Limits,
) -> Result<(), GuardError> {
    let values = variables::count(variables, limits)?;
    if values.saturating_mul(stats.variable_uses) > limits.variable_copies {
        return Err(GuardError::VariablesTooOften);
    }
    Ok(())
}

fn within(
    counted: u64,
    limit: usize,
    error: impl Fn(usize) -> GuardError,
) -> Result<usize, GuardError> {
    usize::try_from(counted)
        .ok()
        .filter(|counted| *counted <= limit)
        .ok_or_else(|| error(limit))
}

/// The guard as an extension of the schema. Register it first.
#[derive(Debug, Clone, Default)]
pub struct DocumentGuard {
    limits: Limits,
}

impl ExtensionFactory for DocumentGuard {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(self.clone())
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for DocumentGuard {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let stats = check(query, &self.limits)?;
        check_variables(variables, &stats, &self.limits)?;
        let document = next
            .run(ctx, query, variables)
            .await
            .map_err(without_echo)?;
        require_known_variable_types(ctx, &document)?;
        Ok(document)
    }
}

/// The parser quotes the line it stumbled over; positions say as much without repeating input.
/// Errors with a code are of other extensions, and stay.
fn without_echo(error: ServerError) -> ServerError {
    if error.extensions.is_some() {
        return error;
    }
    let message = match error.locations.first() {
        Some(Pos { line, column }) => {
            format!("The document has a syntax error at line {line}, column {column}.")
        }
        None => "The document has no operation, or one that cannot be parsed.".to_owned(),
    };
    coded(ServerError { message, ..error }, PARSE_FAILED)
}

/// The validator panics on a default value for a list of an unknown type (`[Nope] = [1]`), so
/// unknown types of variables are refused before it runs.
fn require_known_variable_types(
    ctx: &ExtensionContext<'_>,
    document: &ExecutableDocument,
) -> ServerResult<()> {
    let operations: Vec<_> = match &document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values().collect(),
    };
    for definition in operations
        .iter()
        .flat_map(|operation| &operation.node.variable_definitions)
    {
        let mut base = &definition.node.var_type.node.base;
        let name = loop {
            match base {
                BaseType::Named(name) => break name,
                BaseType::List(inner) => base = &inner.base,
            }
        };
        if !ctx.schema_env.registry.types.contains_key(name.as_str()) {
            let error = ServerError::new(
                "A variable has a type that does not exist.",
                Some(definition.pos),
            );
            return Err(coded(error, VALIDATION_FAILED));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
