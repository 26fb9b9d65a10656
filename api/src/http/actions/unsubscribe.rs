//! Stopping mail of a topic. Mail programs post to this address by themselves when someone asks them to (RFC 8058); for
//! them the token stands in the address, for the page's own form in the body.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use entity::id::AccountId;
use entity::language::Language;
use entity::mail_message::MailTopic;
use minijinja::context;

use super::page::{Address, Page, Refusal, message};
use super::submitted::Submitted;
use crate::credentials::link_actor;
use crate::domain::mails::unsubscribe;
use crate::http::request_context;
use crate::http::router::HttpState;
use crate::outbox;

const PATH: &str = "/a/unsubscribe";

pub(super) async fn show(
    State(state): State<HttpState>,
    parts: Parts,
    Query(address): Query<Address>,
) -> Response {
    let (_, topic, language) = match read(&state, &parts, &address).await {
        Ok(read) => read,
        Err(refusal) => return refusal.page(address.language(None, &parts)),
    };
    Page {
        template: "unsubscribe.html",
        language,
        path: PATH,
        token: &address.token,
        violations: &[],
    }
    .render(context! { topic => topic.as_str() })
}

pub(super) async fn act(
    State(state): State<HttpState>,
    parts: Parts,
    Query(query): Query<Address>,
    Submitted(body): Submitted<Address>,
) -> Response {
    let address = Address {
        token: if body.token.is_empty() {
            query.token
        } else {
            body.token
        },
        lang: body.lang.or(query.lang),
    };
    let (account_id, topic, language) = match read(&state, &parts, &address).await {
        Ok(read) => read,
        Err(refusal) => return refusal.page(address.language(None, &parts)),
    };
    let ctx = request_context::anonymous(&state.app, &parts, language);
    match unsubscribe::run(&ctx, account_id, topic).await {
        Ok(_) => stopped(language),
        Err(error) => Refusal::of(&error).page(language),
    }
}

async fn read(
    state: &HttpState,
    parts: &Parts,
    address: &Address,
) -> Result<(AccountId, MailTopic, Language), Refusal> {
    let (account_id, topic) = outbox::read_unsubscribe(&state.app, &address.token)?;
    // Someone whose account is shut may still stop its mail; only the page's language is not known then.
    let own = link_actor::load(&state.app, account_id)
        .await
        .map_err(|error| Refusal::of(&error))?
        .and_then(|(_, account)| account.preferred_language);
    Ok((account_id, topic, address.language(own, parts)))
}

fn stopped(language: Language) -> Response {
    let (heading, text) = match language {
        Language::En => (
            "Done: no more of these mails",
            "It holds from now on, also for mail that was waiting to be sent.",
        ),
        Language::Fr => (
            "C’est fait : plus de ces courriels",
            "Cela vaut dès maintenant, y compris pour les courriels en attente d’envoi.",
        ),
    };
    message(StatusCode::OK, language, heading, text)
}
