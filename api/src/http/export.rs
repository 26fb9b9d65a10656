//! `/me/export.json` and `/me/export/{table}.csv`: a copy of everything that is held of whoever asks, as one document or
//! table by table for a spreadsheet. The same token or cookie is shown as for GraphQL.

mod spreadsheet;

use std::time::Duration;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use entity::language::Language;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::failure::Failure;
use super::graphql_over_http::{AUTHENTICATION_TIME, MediaType};
use super::request_context;
use super::router::HttpState;
use crate::domain::privacy::export::{self, Copy, Table};
use crate::domain::privacy::inventory::{Purpose, Withheld};
use crate::error::DomainError;

/// For the database to answer.
const READING: Duration = Duration::from_secs(5);

/// Raised when a program that reads the document must be changed.
const FORMAT_VERSION: u32 = 1;

/// The routes.
pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route("/me/export.json", get(whole))
        .route("/me/export/{file}", get(table))
}

async fn whole(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    respond(&state, &parts, None, |copy| {
        Ok(File {
            name: "export.json".to_owned(),
            content_type: "application/json",
            bytes: serde_json::to_vec(&document(copy)).map_err(DomainError::internal)?,
        })
    })
    .await
}

async fn table(
    State(state): State<HttpState>,
    file: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    // What cannot be read names no table.
    let file = file.map(|Path(file)| file).unwrap_or_default();
    let name = file.strip_suffix(".csv").unwrap_or_default();
    respond(&state, &parts, Some(name), |copy| {
        let table = copy.tables.first().ok_or(DomainError::NotFound)?;
        Ok(File {
            name: format!("{name}.csv"),
            content_type: "text/csv; charset=utf-8",
            bytes: spreadsheet::write(&table.columns, &table.rows)
                .map_err(DomainError::internal)?,
        })
    })
    .await
}

struct File {
    name: String,
    content_type: &'static str,
    bytes: Vec<u8>,
}

async fn respond(
    state: &HttpState,
    parts: &Parts,
    name: Option<&str>,
    write: impl FnOnce(&Copy) -> Result<File, DomainError>,
) -> Response {
    match answer(state, parts, name, write).await {
        Ok(file) => {
            let disposition = format!("attachment; filename=\"{}\"", file.name);
            let headers = [
                (header::CONTENT_TYPE, file.content_type),
                (header::CONTENT_DISPOSITION, disposition.as_str()),
                (header::CACHE_CONTROL, "no-store"),
                (header::VARY, "Authorization, Cookie, Origin"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, file.bytes).into_response()
        }
        Err(failure) => failure
            .with_request_id(request_context::request_id(&parts.headers))
            .into_response(MediaType::Json),
    }
}

/// The file, or why not.
async fn answer(
    state: &HttpState,
    parts: &Parts,
    name: Option<&str>,
    write: impl FnOnce(&Copy) -> Result<File, DomainError>,
) -> Result<File, Failure> {
    let language = request_context::language(&parts.headers);
    let context = request_context::from_parts(&state.app, parts);
    let ctx = timeout(AUTHENTICATION_TIME, context)
        .await
        .map_err(|_| Failure::unavailable(language))?
        .map_err(|refusal| Failure::of_refusal(&refusal, language))?;
    let refused = |error: DomainError| Failure::of_domain(&ctx, &error);
    let copy = timeout(READING, export::run(&ctx, name))
        .await
        .map_err(|_| Failure::unavailable(ctx.language))?
        .map_err(refused)?;
    write(&copy).map_err(refused)
}

fn document(copy: &Copy) -> Value {
    let tables: Vec<Value> = copy.tables.iter().map(table_document).collect();
    json!({
        "formatVersion": FORMAT_VERSION,
        "accountId": copy.account_id,
        "asOfAt": copy.as_of,
        "tables": tables,
    })
}

fn table_document(table: &Table) -> Value {
    let row = |cells: &Vec<Value>| -> Value {
        let names = table.columns.iter().map(|column| (*column).to_owned());
        Value::Object(names.zip(cells.iter().cloned()).collect::<Map<_, _>>())
    };
    let withheld = |(column, why): (&str, Withheld)| json!({ "column": column, "why": in_both(|language| why.words(language)) });
    let purpose: Purpose = table.held.purpose;
    json!({
        "name": table.held.name,
        "purpose": in_both(|language| purpose.words(language)),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "withheld": table.withheld().map(withheld).collect::<Vec<_>>(),
    })
}

fn in_both(words: impl Fn(Language) -> &'static str) -> Value {
    json!({ "en": words(Language::En), "fr": words(Language::Fr) })
}
