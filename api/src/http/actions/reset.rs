//! Choosing a new password by the mailed link; without a token, asking for that link. Known and unknown addresses look
//! the same.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use entity::language::Language;
use entity::personal::Personal;
use minijinja::context;
use secrecy::SecretString;
use serde::Deserialize;

use super::page::{Address, Page, Refusal, message};
use super::submitted::Submitted;
use crate::domain::accounts::{request_password_reset, reset_password};
use crate::error::{Code, DomainError, Violation};
use crate::http::request_context;
use crate::http::router::HttpState;

const PATH: &str = "/a/reset";

/// Either an address to send the link to, or the link's token with a password.
#[derive(Deserialize)]
pub(super) struct Submission {
    #[serde(flatten)]
    address: Address,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn show(parts: Parts, Query(address): Query<Address>) -> Response {
    form(address.language(None, &parts), &address.token, &[])
}

pub(super) async fn act(
    State(state): State<HttpState>,
    parts: Parts,
    Submitted(submission): Submitted<Submission>,
) -> Response {
    let Submission {
        address,
        email,
        password,
    } = submission;
    let language = address.language(None, &parts);
    let ctx = request_context::anonymous(&state.app, &parts, language);
    let is_request = address.token.is_empty();
    let outcome = if is_request {
        request_password_reset::run(&ctx, &Personal::new(email)).await
    } else {
        let input = reset_password::Input {
            token: address.token.clone(),
            new_password: SecretString::from(password),
        };
        reset_password::run(&ctx, &input).await
    };
    match outcome {
        Ok(()) if is_request => sent(language),
        Ok(()) => changed(language),
        Err(DomainError::Rules(violations)) if !is_spent(&violations) => {
            form(language, &address.token, &violations)
        }
        Err(error) => Refusal::of(&error).page(language),
    }
}

fn is_spent(violations: &[Violation]) -> bool {
    violations
        .iter()
        .any(|violation| violation.code == Code::Expired)
}

fn form(language: Language, token: &str, violations: &[Violation]) -> Response {
    Page {
        template: "reset.html",
        language,
        path: PATH,
        token,
        violations,
    }
    .render(context! {})
}

fn sent(language: Language) -> Response {
    let (heading, text) = match language {
        Language::En => (
            "Look into your mail",
            "If there is an account with this address, a link is on its way to it.",
        ),
        Language::Fr => (
            "Consultez vos courriels",
            "S’il existe un compte avec cette adresse, un lien est en route.",
        ),
    };
    message(StatusCode::OK, language, heading, text)
}

fn changed(language: Language) -> Response {
    let (heading, text) = match language {
        Language::En => (
            "Your password is changed",
            "Every open session was ended. Log in with the new password.",
        ),
        Language::Fr => (
            "Votre mot de passe est modifié",
            "Toutes les sessions ont été fermées. Ouvrez une session avec le nouveau mot de passe.",
        ),
    };
    message(StatusCode::OK, language, heading, text)
}
