//! Confirming another mail address for an account. The token is stored, single-use, and told to nobody before POST.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use entity::language::Language;
use minijinja::context;

use super::page::{Address, Page, Refusal, message};
use super::submitted::Submitted;
use crate::domain::accounts::confirm_email_change;
use crate::error::{Code, DomainError, Violation};
use crate::http::request_context;
use crate::http::router::HttpState;

const PATH: &str = "/a/address";

pub(super) async fn show(parts: Parts, Query(address): Query<Address>) -> Response {
    let language = address.language(None, &parts);
    if address.token.is_empty() {
        return Refusal::Forged.page(language);
    }
    form(language, &address.token, &[])
}

pub(super) async fn act(
    State(state): State<HttpState>,
    parts: Parts,
    Submitted(address): Submitted<Address>,
) -> Response {
    let language = address.language(None, &parts);
    let ctx = request_context::anonymous(&state.app, &parts, language);
    match confirm_email_change::run(&ctx, &address.token).await {
        Ok(()) => changed(language),
        Err(DomainError::Rules(violations)) if is_taken(&violations) => {
            form(language, &address.token, &violations)
        }
        Err(error @ DomainError::Rules(_)) => {
            match confirm_email_change::was_changed_by(&ctx, &address.token).await {
                Ok(true) => changed(language),
                Ok(false) => Refusal::of(&error).page(language),
                Err(fault) => Refusal::of(&fault).page(language),
            }
        }
        Err(error) => Refusal::of(&error).page(language),
    }
}

/// Whether the link is good still, and its address another account's.
fn is_taken(violations: &[Violation]) -> bool {
    violations
        .iter()
        .any(|violation| violation.code == Code::AlreadyExists)
}

fn form(language: Language, token: &str, violations: &[Violation]) -> Response {
    Page {
        template: "address.html",
        language,
        path: PATH,
        token,
        violations,
    }
    .render(context! {})
}

fn changed(language: Language) -> Response {
    let (heading, text) = match language {
        Language::En => (
            "Your mail address is changed",
            "Every open session was ended. Log in with the new address.",
        ),
        Language::Fr => (
            "Votre adresse courriel est modifiée",
            "Toutes les sessions ont été fermées. Ouvrez une session avec la nouvelle adresse.",
        ),
    };
    message(StatusCode::OK, language, heading, text)
}
