//! The schema as the transports see it: a call in, an answer out, in JSON.
//!
//! Transports need not know the GraphQL library, and this needs not know HTTP or WebSocket. The
//! order of a call is fixed here: context, document guard, limits, execution.

use std::sync::Arc;

use async_graphql::{
    Executor, Pos, Request, Response, ServerError, Value as GraphqlValue, Variables,
    futures_util::{
        FutureExt as _, StreamExt as _,
        future::BoxFuture,
        stream::{self, BoxStream},
    },
};
use sea_orm::DbErr;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::error::{UNAVAILABLE, to_graphql};
use super::extensions::coded;
use super::extensions::limits::{NOT_A_QUERY, OnlyQueries, TIMED_OUT, may_explore};
use super::extensions::reads::NOT_RECORDED;
use super::loaders::loaders;
use super::reads::Reads;
use super::trusted_documents::TrustedDocuments;
use crate::context::Context;
use crate::domain::idempotency::{IdempotencyKey, RULE};

/// The document of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Sent with the call.
    Text(String),
    /// Named by the SHA-256 of its text, in lower-case hexadecimal.
    Trusted(String),
}

/// One operation to execute, as every transport brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What to execute.
    pub document: Document,
    /// The operation's name, if one was given.
    pub operation_name: Option<String>,
    /// The variables, bounded in depth by the JSON reader.
    pub variables: Variables,
    /// Whether only a query may run, as with GET.
    pub is_read_only: bool,
    /// Whether it came with a browser's cookie. Where there is a list of trusted documents, such a call names one of them: a
    /// script that got into the page asks nothing that the page does not.
    pub is_from_browser: bool,
    /// By which a mutation that is sent twice is done once.
    pub idempotency_key: Option<IdempotencyKey>,
}

/// Why parameters make no call. Says which one, never what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The parameters are no JSON object.
    #[error("The request must be one JSON object with a `query`. Batches are not supported.")]
    NotAnObject,
    /// There is no document.
    #[error("`query` is missing: it must be a string that holds a GraphQL document.")]
    QueryMissing,
    /// A document and the name of one.
    #[error("There are both `query` and `documentId`. Send one of them.")]
    TwoDocuments,
    /// A parameter has the wrong type.
    #[error("`{0}` must be {1}.")]
    WrongType(&'static str, &'static str),
}

impl Call {
    /// Reads `query` or `documentId`, `operationName`, `variables` and `extensions` from a JSON object; null is as
    /// good as absent, other members are ignored. `documentId` is `sha256:` and the hash of a trusted document; where
    /// neither is there, `extensions.persistedQuery.sha256Hash` may hold the hash, as Apollo's clients send it. A mutation may have
    /// a key in `extensions.idempotencyKey`.
    ///
    /// # Errors
    /// [`CallError`] for anything that is not a call.
    pub fn from_json(parameters: Value) -> Result<Self, CallError> {
        let Value::Object(mut parameters) = parameters else {
            return Err(CallError::NotAnObject);
        };
        let text = match take(&mut parameters, "query") {
            Some(Value::String(query)) => Some(query),
            Some(_) => return Err(CallError::WrongType("query", "a string")),
            None => None,
        };
        let id = match take(&mut parameters, "documentId") {
            Some(Value::String(id)) => Some(trusted(&id, "documentId", DOCUMENT_ID)?),
            Some(_) => return Err(CallError::WrongType("documentId", DOCUMENT_ID)),
            None => None,
        };
        let operation_name = match take(&mut parameters, "operationName") {
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(CallError::WrongType("operationName", "a string")),
            None => None,
        };
        let variables = match take(&mut parameters, "variables") {
            Some(object @ Value::Object(_)) => Variables::deserialize(object)
                .map_err(|_| CallError::WrongType("variables", "an object of JSON values"))?,
            Some(_) => return Err(CallError::WrongType("variables", "an object")),
            None => Variables::default(),
        };
        let (persisted, key) = match take(&mut parameters, "extensions") {
            None => (None, None),
            Some(Value::Object(mut extensions)) => (
                take(&mut extensions, "persistedQuery"),
                take(&mut extensions, "idempotencyKey"),
            ),
            Some(_) => return Err(CallError::WrongType("extensions", "an object")),
        };
        let idempotency_key = match key {
            None => None,
            Some(Value::String(key)) => Some(key.parse().map_err(|_| WRONG_KEY)?),
            Some(_) => return Err(WRONG_KEY),
        };
        let document = match (text, id, persisted) {
            (Some(_), Some(_), _) => return Err(CallError::TwoDocuments),
            // Apollo's clients send both when they want a text to be kept, which is not done here.
            (Some(text), None, _) => Document::Text(text),
            (None, Some(document), _) => document,
            (None, None, Some(persisted)) => match persisted.get("sha256Hash") {
                Some(Value::String(hash)) => trusted(&format!("sha256:{hash}"), HASH, HASH_TYPE)?,
                _ => return Err(CallError::WrongType(HASH, HASH_TYPE)),
            },
            (None, None, None) => return Err(CallError::QueryMissing),
        };
        Ok(Self {
            document,
            operation_name,
            variables,
            is_read_only: false,
            is_from_browser: false,
            idempotency_key,
        })
    }

    fn into_request(self, context: Context, query: String) -> Request {
        let may_explore = may_explore(&context);
        let loaders = loaders(context.clone());
        let mut request = Request::new(query)
            .variables(self.variables)
            .data(loaders)
            .data(Reads::default())
            .data(context);
        request.operation_name = self.operation_name;
        if self.is_read_only {
            request = request.data(OnlyQueries);
        }
        if let Some(key) = self.idempotency_key {
            request = request.data(key);
        }
        if may_explore {
            request
        } else {
            request.disable_introspection()
        }
    }
}

fn take(parameters: &mut Map<String, Value>, name: &str) -> Option<Value> {
    parameters.remove(name).filter(|value| !value.is_null())
}

const WRONG_KEY: CallError = CallError::WrongType("extensions.idempotencyKey", RULE);
const DOCUMENT_ID: &str = "`sha256:` and 64 lower-case hexadecimal digits";
const HASH: &str = "extensions.persistedQuery.sha256Hash";
const HASH_TYPE: &str = "64 lower-case hexadecimal digits";

/// The document that is named by `id`, if it is a name.
fn trusted(
    id: &str,
    parameter: &'static str,
    must_be: &'static str,
) -> Result<Document, CallError> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match id.strip_prefix("sha256:") {
        Some(hash) if hash.len() == 64 && hash.bytes().all(is_digit) => {
            Ok(Document::Trusted(hash.to_owned()))
        }
        _ => Err(CallError::WrongType(parameter, must_be)),
    }
}

/// What came of a call, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The operation ran: a JSON object with `data` and, when fields failed, `errors`.
    Executed(String),
    /// The operation did not run: a JSON array of errors, and why.
    Refused {
        /// For the transport's own status.
        cause: Cause,
        /// The errors.
        errors: String,
    },
}

/// Why an operation did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The request is wrong: it does not parse, does not fit the schema, or is out of proportion.
    Request,
    /// A mutation or subscription where only queries may run.
    NotAQuery,
    /// It took too long.
    TimedOut,
    /// What it would have told could not be accounted for.
    NotRecorded,
    /// Nothing of it could be done at the moment, through no fault of whoever asked.
    Unavailable,
}

/// The schema behind the transports. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint {
    schema: Arc<dyn AnySchema>,
    trusted_documents: Arc<TrustedDocuments>,
}

impl Endpoint {
    /// An endpoint that executes with `schema`, whose extensions must include the document guard.
    pub fn new(schema: impl Executor) -> Self {
        Self {
            schema: Arc::new(schema),
            trusted_documents: Arc::default(),
        }
    }

    /// The same, with documents that may be named by their hash.
    #[must_use]
    pub fn with_trusted_documents(self, trusted_documents: Arc<TrustedDocuments>) -> Self {
        Self {
            trusted_documents,
            ..self
        }
    }

    /// Executes a query or a mutation.
    pub async fn execute(&self, context: Context, call: Call) -> Answer {
        match self.request(context, call) {
            Ok(request) => answer(&self.schema.execute(request).await),
            Err(refused) => refused,
        }
    }

    /// Executes any operation: one answer for a query or mutation, one for each event of a
    /// subscription.
    pub fn stream(&self, context: Context, call: Call) -> BoxStream<'static, Answer> {
        match self.request(context, call) {
            Ok(request) => {
                let responses = self.schema.stream(request);
                responses.map(|response| answer(&response)).boxed()
            }
            Err(refused) => stream::once(async { refused }).boxed(),
        }
    }

    /// What the schema is asked, unless it is a document that nobody knows.
    fn request(&self, context: Context, call: Call) -> Result<Request, Answer> {
        let text = match &call.document {
            Document::Text(_) if call.is_from_browser && !self.trusted_documents.is_empty() => {
                return Err(untrusted_document());
            }
            Document::Text(text) => Some(text.as_str()),
            Document::Trusted(hash) => self.trusted_documents.find(hash),
        };
        let text = text.ok_or_else(unknown_document)?.to_owned();
        if let Err(error) = context.app.store.reach.require() {
            return Err(unavailable(&context, error));
        }
        Ok(call.into_request(context, text))
    }
}

/// The answer to whatever is asked while the database cannot be reached.
fn unavailable(context: &Context, error: DbErr) -> Answer {
    let error = to_graphql(context, &error.into());
    Answer::Refused {
        cause: Cause::Unavailable,
        errors: json(&[error.into_server_error(Pos::default())]),
    }
}

/// The answer to the name of a document that is on no list. The code is the one by which clients know to send the text.
fn unknown_document() -> Answer {
    let message =
        "No trusted document has this hash. Send the document itself as `query`, if you may.";
    let error = coded(ServerError::new(message, None), "PERSISTED_QUERY_NOT_FOUND");
    Answer::Refused {
        cause: Cause::Request,
        errors: json(&[error]),
    }
}

/// The answer to a text where only trusted documents may be named.
fn untrusted_document() -> Answer {
    let message =
        "With a session cookie only documents of the server's list run. Name one by `documentId`.";
    let error = coded(ServerError::new(message, None), "TRUSTED_DOCUMENTS_ONLY");
    Answer::Refused {
        cause: Cause::Request,
        errors: json(&[error]),
    }
}

/// [`Executor`] without its generics, which transports would otherwise have to repeat.
trait AnySchema: Send + Sync {
    fn execute(&self, request: Request) -> BoxFuture<'_, Response>;
    fn stream(&self, request: Request) -> BoxStream<'static, Response>;
}

impl<E: Executor> AnySchema for E {
    fn execute(&self, request: Request) -> BoxFuture<'_, Response> {
        Executor::execute(self, request).boxed()
    }

    fn stream(&self, request: Request) -> BoxStream<'static, Response> {
        Executor::execute_stream(self, request, None)
    }
}

fn answer(response: &Response) -> Answer {
    // An error that belongs to no field means that the operation did not run.
    let is_refused = response.data == GraphqlValue::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    let is_unavailable = is_empty(&response.data)
        && response.errors.iter().any(
            |error| matches!(code(error), Some(GraphqlValue::String(code)) if code == UNAVAILABLE),
        );
    if is_unavailable {
        return Answer::Refused {
            cause: Cause::Unavailable,
            errors: json(&response.errors),
        };
    }
    if is_refused {
        let cause = match response.errors.first().and_then(code) {
            Some(GraphqlValue::String(code)) if code == NOT_A_QUERY => Cause::NotAQuery,
            Some(GraphqlValue::String(code)) if code == TIMED_OUT => Cause::TimedOut,
            Some(GraphqlValue::String(code)) if code == NOT_RECORDED => Cause::NotRecorded,
            _ => Cause::Request,
        };
        return Answer::Refused {
            cause,
            errors: json(&response.errors),
        };
    }
    Answer::Executed(json(response))
}

fn code(error: &ServerError) -> Option<&GraphqlValue> {
    error.extensions.as_ref()?.get("code")
}

/// Whether nothing is told, not of any field at the root.
fn is_empty(data: &GraphqlValue) -> bool {
    match data {
        GraphqlValue::Null => true,
        GraphqlValue::Object(fields) => fields.values().all(|value| *value == GraphqlValue::Null),
        _ => false,
    }
}

/// Responses hold only what JSON can say; should one ever not, that is told and logged.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| {
        tracing::error!(%error, "a GraphQL response could not be written as JSON");
        r#"[{"message":"Something went wrong on our side.","extensions":{"code":"INTERNAL"}}]"#
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(parameters: Value) -> CallError {
        Call::from_json(parameters).unwrap_err()
    }

    #[test]
    fn a_call_is_an_object_with_a_query() {
        let call = Call::from_json(
            json!({ "query": "{a}", "id": 7, "variables": { "a": [1] }, "operationName": "A" }),
        )
        .unwrap();
        assert_eq!(
            (call.document, call.operation_name.as_deref()),
            (Document::Text("{a}".to_owned()), Some("A"))
        );
        assert_eq!(call.variables, Variables::from_json(json!({ "a": [1] })));
        assert!(!call.is_read_only);
        let bare = Call::from_json(
            json!({ "query": "{a}", "variables": null, "operationName": null, "extensions": null }),
        )
        .unwrap();
        assert_eq!(bare.variables, Variables::default());
    }

    #[test]
    fn a_document_is_named_by_its_hash_in_either_way() {
        let hash = "0123456789abcdef".repeat(4);
        let named = Document::Trusted(hash.clone());
        for parameters in [
            json!({ "documentId": format!("sha256:{hash}") }),
            json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } }),
        ] {
            assert_eq!(Call::from_json(parameters).unwrap().document, named);
        }
        let both =
            json!({ "query": "{a}", "extensions": { "persistedQuery": { "sha256Hash": hash } } });
        let text = Document::Text("{a}".to_owned());
        assert_eq!(Call::from_json(both).unwrap().document, text);
        let two = json!({ "query": "{a}", "documentId": format!("sha256:{hash}") });
        assert_eq!(refusal(two), CallError::TwoDocuments);
        for wrong in [
            json!(7),
            json!(hash),
            json!(format!("sha256:{hash}0")),
            json!("sha256:"),
            json!(format!("sha256:{}", hash.to_uppercase())),
        ] {
            let is_of = |parameters, name| matches!(refusal(parameters), CallError::WrongType(parameter, _) if parameter == name);
            assert!(is_of(json!({ "documentId": wrong }), "documentId"));
            if wrong != json!(hash) {
                let persisted = json!({ "persistedQuery": { "sha256Hash": wrong } });
                assert!(is_of(json!({ "extensions": persisted }), HASH));
            }
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_name_of_the_parameter() {
        for batch in [
            json!([{ "query": "{a}" }]),
            json!(["{a}"]),
            json!("{a}"),
            json!(null),
        ] {
            assert_eq!(refusal(batch), CallError::NotAnObject);
        }
        for missing in [
            json!({}),
            json!({ "query": null }),
            json!({ "qeury": "{a}" }),
        ] {
            assert_eq!(refusal(missing), CallError::QueryMissing);
        }
        for wrong in [json!({}), json!(0), json!(false), json!(["a"])] {
            assert_eq!(
                refusal(json!({ "query": wrong })),
                CallError::WrongType("query", "a string")
            );
            assert_eq!(
                refusal(json!({ "query": "{a}", "operationName": wrong })),
                CallError::WrongType("operationName", "a string")
            );
        }
        for wrong in [json!("a"), json!(0), json!(false), json!(["a"])] {
            assert_eq!(
                refusal(json!({ "query": "{a}", "variables": wrong })),
                CallError::WrongType("variables", "an object")
            );
            assert_eq!(
                refusal(json!({ "query": "{a}", "extensions": wrong })),
                CallError::WrongType("extensions", "an object")
            );
        }
    }
}
