//! Writes down whose personal data an answer tells, before it leaves: what cannot be written down is not told.
//!
//! It stands inside of the time limit, and around each event of a subscription as around a query. What a mutation did stays
//! done when its answer is held back.

use std::sync::Arc;

use async_graphql::{
    Response, ServerError,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use entity::language::Language;

use super::coded;
use crate::context::Context;
use crate::domain::personal_reads::record;
use crate::error::DomainError;
use crate::graphql::reads::Reads;
use crate::store::claim::aside;
use crate::store::transaction::retrying;

/// The code of an answer that was held back.
pub(in crate::graphql) const NOT_RECORDED: &str = "NOT_RECORDED";

/// The extension. Register it after the time limit.
#[derive(Debug, Clone, Copy)]
pub struct ReadsRecorded;

impl ExtensionFactory for ReadsRecorded {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for ReadsRecorded {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let response = next.run(ctx, operation_name).await;
        // Without a place to note them, resolvers tell nothing of anybody.
        let (Some(request), Some(reads)) = (ctx.data_opt::<Context>(), ctx.data_opt::<Reads>())
        else {
            return response;
        };
        let looks = reads.take();
        if looks.is_empty() {
            return response;
        }
        match aside(retrying(|| record::run(request, &looks))).await {
            Ok(()) => response,
            Err(error) => held_back(request, &error),
        }
    }
}

fn held_back(request: &Context, error: &DomainError) -> Response {
    tracing::error!(
        request_id = request.request_id,
        error = error.with_causes(),
        "an answer was held back: whose data it tells could not be written down"
    );
    let message = match request.language {
        Language::En => {
            "Other people's data are shown only when it can be recorded that they were, which is not possible now; try again."
        }
        Language::Fr => {
            "Les données d’autres personnes ne sont montrées que si leur consultation peut être consignée, ce qui est impossible en ce moment; réessayez."
        }
    };
    let mut error = coded(ServerError::new(message, None), NOT_RECORDED);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("requestId", request.request_id.as_str());
    Response::from_errors(vec![error])
}
