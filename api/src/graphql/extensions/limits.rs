//! What one operation may cost, by who asks, and what its errors may say.
//!
//! Depth, cost and time are bounded here; size and shape of the text were bounded by the document
//! guard before. Every error leaves with a code, short,
//! and without a name or value that was sent. Permissions of the domain are not decided here.

mod cost;
mod error_policy;
mod introspection;
mod wording;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use std::time::Duration;

use async_graphql::{
    Response, ServerError, ServerResult, ValidationResult, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextRequest,
        NextSubscribe, NextValidation,
    },
    futures_util::{StreamExt as _, stream::BoxStream},
    parser::types::{ExecutableDocument, OperationType, Selection},
    value,
};

use self::error_policy::ErrorPolicy;
use super::{VALIDATION_FAILED, coded};
use crate::{actor::Actor, config::Environment, context::Context};

/// Levels of fields.
const DEPTH: usize = 10;
/// Levels of fields when only the schema is asked for: the standard introspection query has 13.
const INTROSPECTION_DEPTH: usize = 15;

/// Put into a request's data by transports that may only read, such as GET.
#[derive(Debug, Clone, Copy)]
pub(in crate::graphql) struct OnlyQueries;

/// The code of an operation other than a query on a transport that only reads.
pub(in crate::graphql) const NOT_A_QUERY: &str = "NOT_A_QUERY";
/// The code of an operation that took too long.
pub(in crate::graphql) const TIMED_OUT: &str = "TIMED_OUT";

/// Whether the asker may explore the schema, by introspection and by suggestions in errors: in
/// production, whoever is logged in.
pub(in crate::graphql) fn may_explore(context: &Context) -> bool {
    context.app.config.environment == Environment::Development
        || !matches!(context.actor, Actor::Anonymous)
}

/// The most an operation may cost, as [`cost`] measures it. A page of twenty projects with their roles, skills and
/// organizations costs 105.
fn cost_limit(actor: &Actor) -> usize {
    match actor {
        Actor::Anonymous => 300,
        Actor::Person(_) if actor.is_staff() => 3_000,
        Actor::Person(_) => 1_000,
        Actor::System => usize::MAX,
    }
}

/// The extension. Register it after the document guard.
#[derive(Debug, Clone, Copy)]
pub struct OperationLimits {
    /// From execution's begin to its end; for a subscription, for each event.
    time: Duration,
}

impl Default for OperationLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(5),
        }
    }
}

impl ExtensionFactory for OperationLimits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OneOperation {
            time: self.time,
            is_introspection: AtomicBool::new(false),
            cost: AtomicUsize::new(usize::MAX),
        })
    }
}

/// What is remembered between the stages of one operation.
struct OneOperation {
    time: Duration,
    is_introspection: AtomicBool,
    /// As much as can be until the document is read.
    cost: AtomicUsize,
}

/// The most that whoever asks may spend on an operation.
fn limit_of(ctx: &ExtensionContext<'_>) -> usize {
    let context = ctx.data_opt::<Context>();
    cost_limit(context.map_or(&Actor::Anonymous, |context| &context.actor))
}

#[async_graphql::async_trait::async_trait]
impl Extension for OneOperation {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        ErrorPolicy::apply(next.run(ctx).await)
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        next.run(ctx, stream).map(ErrorPolicy::apply).boxed()
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        if ctx.data_opt::<OnlyQueries>().is_some() && !has_only_queries(&document) {
            let message = "Only queries can be sent this way. Send mutations by POST.";
            return Err(coded(ServerError::new(message, None), NOT_A_QUERY));
        }
        if let Some(message) = introspection::refusal(&document) {
            return Err(coded(ServerError::new(message, None), "TOO_COMPLEX"));
        }
        self.is_introspection
            .store(is_introspection(&document), Ordering::Relaxed);
        let cost = cost::of_document(&ctx.schema_env.registry, &document, variables);
        self.cost.store(cost, Ordering::Relaxed);
        Ok(document)
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let context = ctx.data_opt::<Context>();
        let with_names = context.is_some_and(may_explore);
        let measured = next.run(ctx).await.map_err(|errors| {
            let worded = |error: ServerError| ServerError {
                message: wording::of_validation(&error.message, with_names),
                ..error
            };
            errors
                .into_iter()
                .map(|error| coded(worded(error), VALIDATION_FAILED))
                .collect::<Vec<_>>()
        })?;
        // The wider bounds are for those to whom the schema answers.
        let is_introspection =
            context.is_none_or(may_explore) && self.is_introspection.load(Ordering::Relaxed);
        let depth = if is_introspection {
            INTROSPECTION_DEPTH
        } else {
            DEPTH
        };
        if measured.depth > depth {
            let message =
                format!("The operation is more than {depth} levels deep. Select fewer levels.");
            return Err(vec![coded(ServerError::new(message, None), "TOO_DEEP")]);
        }
        let cost = self.cost.load(Ordering::Relaxed);
        let limit = limit_of(ctx);
        if cost > limit && !is_introspection {
            let is_known = context.is_some_and(|context| context.actor != Actor::Anonymous);
            let remedy = if is_known {
                "Ask"
            } else {
                "Log in to spend more, or ask"
            };
            let message = format!(
                "The operation costs {cost} of {limit} allowed. {remedy} for smaller pages or fewer fields."
            );
            return Err(vec![coded(ServerError::new(message, None), "TOO_COMPLEX")]);
        }
        Ok(measured)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let response = tokio::time::timeout(self.time, next.run(ctx, operation_name))
            .await
            .unwrap_or_else(|_| {
                let message = format!(
                    "The operation took more than {} seconds. Ask for less.",
                    self.time.as_secs()
                );
                Response::from_errors(vec![coded(ServerError::new(message, None), TIMED_OUT)])
            });
        let (used, limit) = (self.cost.load(Ordering::Relaxed), limit_of(ctx));
        response.extension("cost", value!({ "used": used, "limit": limit }))
    }
}

fn has_only_queries(document: &ExecutableDocument) -> bool {
    document
        .operations
        .iter()
        .all(|(_, operation)| operation.node.ty == OperationType::Query)
}

/// Whether nothing but the schema is asked for: `__schema`, `__type`, `__typename` at the root.
fn is_introspection(document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|(_, operation)| {
        operation
            .node
            .selection_set
            .node
            .items
            .iter()
            .all(|selection| match &selection.node {
                Selection::Field(field) => field.node.name.node.starts_with("__"),
                Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
            })
    })
}

#[cfg(test)]
mod tests;
