//! The pages of an organization and of a project. They ask the API as anybody may, without a token: what they show is what
//! it tells everybody, by the same policies.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use super::page::{Failure, Reader};
use crate::graphql::endpoint::{Answer, Call};
use crate::http::request_context;
use crate::http::router::HttpState;

/// A page of a kind of things: its template, where it is, and what it asks.
struct Listing {
    template: &'static str,
    folder: &'static str,
    /// A document with the variable `slug` and one field, named `it`.
    document: &'static str,
}

const ORGANIZATION: Listing = Listing {
    template: "organization.html",
    folder: "/organizations/",
    document: include_str!("listing/organization.graphql"),
};

const PROJECT: Listing = Listing {
    template: "project.html",
    folder: "/projects/",
    document: include_str!("listing/project.graphql"),
};

type Slug = Result<Path<String>, PathRejection>;

pub(super) async fn organization(
    State(state): State<HttpState>,
    slug: Slug,
    parts: Parts,
) -> Response {
    show(&ORGANIZATION, &state, slug, &parts).await
}

pub(super) async fn project(State(state): State<HttpState>, slug: Slug, parts: Parts) -> Response {
    show(&PROJECT, &state, slug, &parts).await
}

async fn show(listing: &Listing, state: &HttpState, slug: Slug, parts: &Parts) -> Response {
    // What cannot be read names nothing.
    let slug = slug.map(|Path(slug)| slug).unwrap_or_default();
    let is_plain = slug
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || character == '-');
    let path = if is_plain && !slug.is_empty() {
        format!("{}{slug}", listing.folder)
    } else {
        String::new()
    };
    let reader = Reader::new(parts, path);
    match ask(listing, state, &slug, &reader, parts).await {
        Ok(data) => reader.page(listing.template, StatusCode::OK, data),
        Err(failure) => failure.page(&reader),
    }
}

async fn ask(
    listing: &Listing,
    state: &HttpState,
    slug: &str,
    reader: &Reader,
    parts: &Parts,
) -> Result<Value, Failure> {
    let parameters = json!({ "query": listing.document, "variables": { "slug": slug } });
    let call = Call::from_json(parameters).map_err(|error| {
        tracing::error!(%error, "a page's question is no call");
        Failure::Failed
    })?;
    let ctx = request_context::anonymous(&state.app, parts, reader.language);
    let answer = match state.graphql.execute(ctx, call).await {
        Answer::Executed(answer) => answer,
        Answer::Refused { errors, .. } => {
            tracing::error!(errors, "a page's question was refused");
            return Err(Failure::Failed);
        }
    };
    let mut answer: Value = serde_json::from_str(&answer).map_err(|error| {
        tracing::error!(%error, "the answer to a page's question cannot be read");
        Failure::Failed
    })?;
    if answer.get("errors").is_some() {
        // They were logged where they arose.
        return Err(Failure::Failed);
    }
    match answer.pointer_mut("/data/it").map(Value::take) {
        Some(Value::Null) | None => Err(Failure::Missing),
        Some(found) => Ok(found),
    }
}
