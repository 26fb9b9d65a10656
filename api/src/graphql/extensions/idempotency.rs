//! A mutation with an idempotency key is done once: what it answered first is answered again, also after a crash and on another
//! node.
//!
//! The key is claimed before the mutation runs. An answer without errors is kept, broken rules included, since a client that asks
//! again wants to hear the same; after an error the key is free again, unless something was done. It stands inside of the time
//! limit and around what notes the reads of personal data, so that nothing is kept that was not told.

use std::sync::{Arc, OnceLock};

use async_graphql::{
    Response, ServerError, ServerResult, Value, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery},
    parser::types::{DocumentOperations, ExecutableDocument, OperationType, Selection},
    value,
};
use entity::language::Language;
use entity::personal::Personal;
use sha2::{Digest as _, Sha256};

use super::coded;
use crate::context::Context;
use crate::credentials::secret_token::hexadecimal;
use crate::domain::idempotency::{IdempotencyKey, claim, settle};
use crate::error::DomainError;
use crate::graphql::error::code_and_message;
use crate::store::claim::{Claim, under};
use crate::store::transaction::retrying;

/// Mutations whose answers hold secrets, which are kept nowhere. A test finds them by their payloads.
pub const SECRET: &[&str] = &[
    "confirmSecondFactor",
    "enrollSecondFactor",
    "logIn",
    "logInWithPasskey",
    "refreshSession",
    "renewRecoveryCodes",
];

/// The extension. Register it after the time limit and before [`ReadsRecorded`](super::ReadsRecorded).
#[derive(Debug, Clone, Copy)]
pub struct Idempotency;

impl ExtensionFactory for Idempotency {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OneOperation(OnceLock::new()))
    }
}

/// What is remembered between the stages of one operation that came with a key.
struct OneOperation(OnceLock<Asked>);

/// What was asked.
struct Asked {
    operations: DocumentOperations,
    /// Over the document and the variables.
    digest: Sha256,
}

#[async_graphql::async_trait::async_trait]
impl Extension for OneOperation {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        if ctx.data_opt::<IdempotencyKey>().is_some() {
            let variables = serde_json::to_vec(variables).map_err(|error| {
                tracing::error!(%error, "variables could not be written as JSON");
                refusal("INTERNAL", "The variables could not be read.")
            })?;
            self.0.get_or_init(|| Asked {
                operations: document.operations.clone(),
                digest: Sha256::new()
                    .chain_update(Sha256::digest(query.as_bytes()))
                    .chain_update(Sha256::digest(&variables)),
            });
        }
        Ok(document)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let (Some(key), Some(asked), Some(request)) = (
            ctx.data_opt::<IdempotencyKey>(),
            self.0.get(),
            ctx.data_opt::<Context>(),
        ) else {
            return next.run(ctx, operation_name).await;
        };
        match asked.mutation(operation_name) {
            Mutation::None => return next.run(ctx, operation_name).await,
            Mutation::One => {}
            Mutation::Several => return told(request, Told::OneMutation),
            Mutation::Secret => return told(request, Told::Secret),
        }
        let input = claim::Input {
            key: key.clone(),
            request_hash: asked.hash(operation_name),
        };
        match retrying(|| claim::run(request, &input)).await {
            Ok(claim::Outcome::Claimed(claim)) => {
                let response = under(claim, next.run(ctx, operation_name)).await;
                if let Err(error) = settle(request, claim, &response).await {
                    // What was done is done, and told; whoever asks again hears that the answer is lost.
                    tracing::error!(
                        request_id = request.request_id,
                        error = error.with_causes(),
                        "the answer to an idempotency key could not be kept"
                    );
                }
                response
            }
            Ok(claim::Outcome::Answered(answer)) => again(request, &answer),
            Ok(claim::Outcome::UnderWay) => told(request, Told::UnderWay),
            Ok(claim::Outcome::AnswerLost) => told(request, Told::AnswerLost),
            Ok(claim::Outcome::OtherRequest) => told(request, Told::OtherRequest),
            Err(error) => failed(request, &error),
        }
    }
}

/// What an operation does, as far as a key goes.
enum Mutation {
    /// Nothing: it is a query.
    None,
    /// One mutation.
    One,
    /// More than one, or one that is not written out at the root.
    Several,
    /// One whose answer is kept nowhere.
    Secret,
}

impl Asked {
    fn mutation(&self, operation_name: Option<&str>) -> Mutation {
        let operation = match &self.operations {
            DocumentOperations::Single(operation) => Some(operation),
            DocumentOperations::Multiple(operations) => {
                operation_name.and_then(|name| operations.get(name))
            }
        };
        let Some(operation) =
            operation.filter(|operation| operation.node.ty == OperationType::Mutation)
        else {
            return Mutation::None;
        };
        let roots = &operation.node.selection_set.node.items;
        match roots.as_slice() {
            [root] => match &root.node {
                Selection::Field(field) if SECRET.contains(&field.node.name.node.as_str()) => {
                    Mutation::Secret
                }
                Selection::Field(_) => Mutation::One,
                Selection::FragmentSpread(_) | Selection::InlineFragment(_) => Mutation::Several,
            },
            _ => Mutation::Several,
        }
    }

    fn hash(&self, operation_name: Option<&str>) -> String {
        let name = operation_name.unwrap_or_default();
        let digest = self.digest.clone().chain_update(name.as_bytes());
        hexadecimal(&digest.finalize())
    }
}

async fn settle(request: &Context, claim: Claim, response: &Response) -> Result<(), DomainError> {
    if response.is_ok() {
        let answer = serde_json::to_string(&response.data).map_err(DomainError::internal)?;
        let answer = Personal::new(answer);
        retrying(|| settle::keep(request, claim, &answer)).await
    } else {
        retrying(|| settle::let_go(request, claim)).await
    }
}

/// The first answer, told again.
fn again(request: &Context, answer: &Personal) -> Response {
    match serde_json::from_str::<Value>(answer.expose()) {
        Ok(data) => Response::new(data).extension("idempotency", value!({ "isRepeated": true })),
        Err(error) => failed(request, &DomainError::internal(error)),
    }
}

fn failed(request: &Context, error: &DomainError) -> Response {
    let (code, message) = code_and_message(request, error);
    let mut error = refusal(code, &message);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("requestId", request.request_id.as_str());
    Response::from_errors(vec![error])
}

/// Why a request with a key is not executed.
#[derive(Clone, Copy)]
enum Told {
    OneMutation,
    Secret,
    UnderWay,
    AnswerLost,
    OtherRequest,
}

fn told(request: &Context, what: Told) -> Response {
    let (code, en, fr) = match what {
        Told::OneMutation => (
            "IDEMPOTENCY_ONE_MUTATION",
            "With an idempotency key a document has one mutation, written out at its root. Send each mutation with a key of its own.",
            "Avec une clé d’idempotence, un document comporte une seule mutation, écrite à sa racine. Envoyez chaque mutation avec sa propre clé.",
        ),
        Told::Secret => (
            "IDEMPOTENCY_SECRET_ANSWER",
            "The answer to this mutation holds secrets, which are kept nowhere. Send it without an idempotency key.",
            "La réponse à cette mutation contient des secrets, qui ne sont conservés nulle part. Envoyez-la sans clé d’idempotence.",
        ),
        Told::UnderWay => (
            "IDEMPOTENCY_UNDER_WAY",
            "The first request with this idempotency key is still being worked on. Send it again in a few seconds.",
            "La première requête avec cette clé d’idempotence est encore en cours. Renvoyez-la dans quelques secondes.",
        ),
        Told::AnswerLost => (
            "IDEMPOTENCY_ANSWER_LOST",
            "This was done, and its answer is lost. Read what is there now; it is not done a second time.",
            "C’est fait, mais la réponse est perdue. Lisez l’état actuel; l’action ne sera pas faite une seconde fois.",
        ),
        Told::OtherRequest => (
            "IDEMPOTENCY_KEY_REUSED",
            "This idempotency key came with another request. Choose a new key for each request.",
            "Cette clé d’idempotence a accompagné une autre requête. Choisissez une nouvelle clé pour chaque requête.",
        ),
    };
    let message = match request.language {
        Language::En => en,
        Language::Fr => fr,
    };
    let mut error = refusal(code, message);
    if matches!(what, Told::UnderWay) {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("retryAfterSeconds", 2);
    }
    Response::from_errors(vec![error])
}

fn refusal(code: &'static str, message: &str) -> ServerError {
    coded(ServerError::new(message, None), code)
}
