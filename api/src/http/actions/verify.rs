//! Confirming a mail address. The token is stored, single-use, and told to nobody before POST.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use entity::language::Language;
use minijinja::context;

use super::page::{Address, Page, Refusal, message};
use super::submitted::Submitted;
use crate::domain::accounts::verify_address;
use crate::error::DomainError;
use crate::http::request_context;
use crate::http::router::HttpState;

const PATH: &str = "/a/verify";

pub(super) async fn show(parts: Parts, Query(address): Query<Address>) -> Response {
    let language = address.language(None, &parts);
    if address.token.is_empty() {
        return Refusal::Forged.page(language);
    }
    Page {
        template: "verify.html",
        language,
        path: PATH,
        token: &address.token,
        violations: &[],
    }
    .render(context! {})
}

pub(super) async fn act(
    State(state): State<HttpState>,
    parts: Parts,
    Submitted(address): Submitted<Address>,
) -> Response {
    let language = address.language(None, &parts);
    let ctx = request_context::anonymous(&state.app, &parts, language);
    match verify_address::run(&ctx, &address.token).await {
        Ok(_) => confirmed(language),
        Err(error @ DomainError::Rules(_)) => {
            match verify_address::was_confirmed_by(&ctx, &address.token).await {
                Ok(true) => confirmed(language),
                Ok(false) => Refusal::of(&error).page(language),
                Err(fault) => Refusal::of(&fault).page(language),
            }
        }
        Err(error) => Refusal::of(&error).page(language),
    }
}

fn confirmed(language: Language) -> Response {
    let (heading, text) = match language {
        Language::En => (
            "Your address is confirmed",
            "Thank you. You can now log in and go on.",
        ),
        Language::Fr => (
            "Votre adresse est confirmée",
            "Merci. Vous pouvez maintenant ouvrir une session et continuer.",
        ),
    };
    message(StatusCode::OK, language, heading, text)
}
