//! The page on which a side of a pairing reads and answers an offer. The link says who answers, for which side and which
//! offering; what is possible is decided by the same policy and use cases as everywhere.

mod content;

use std::fmt::Write as _;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use entity::account;
use entity::consent::ConsentChannel;
use entity::language::Language;
use entity::pairing::{self, PairingSide};
use entity::personal::Personal;
use serde::Deserialize;

use super::page::{Address, Page, Refusal};
use super::reader;
use super::submitted::Submitted;
use crate::context::Context;
use crate::domain::pairings::answer_link::{self, AnswerLink};
use crate::domain::pairings::reason::Reason;
use crate::domain::pairings::{self, accept, decline, pause_volunteer, undo_decline, withdraw};
use crate::domain::text;
use crate::error::{DomainError, Violation};
use crate::http::router::HttpState;
use crate::store::transaction::retrying;

const PATH: &str = "/a/offer";

/// An answer.
#[derive(Deserialize)]
pub(super) struct Submission {
    #[serde(flatten)]
    address: Address,
    action: String,
    reason: Option<String>,
    note: Option<String>,
    months: Option<String>,
}

/// A link that holds.
struct Opened {
    ctx: Context,
    account: account::Model,
    link: AnswerLink,
    pairing: pairing::Model,
}

pub(super) async fn show(
    State(state): State<HttpState>,
    parts: Parts,
    Query(address): Query<Address>,
) -> Response {
    match open(&state, &parts, &address).await {
        Ok(opened) => page(&opened, &address, &[]).await,
        Err(refusal) => refusal.page(address.language(None, &parts)),
    }
}

pub(super) async fn act(
    State(state): State<HttpState>,
    parts: Parts,
    Submitted(submission): Submitted<Submission>,
) -> Response {
    let address = &submission.address;
    let opened = match reader::count(&state, &parts, address).await {
        Ok(()) => open(&state, &parts, address).await,
        Err(refusal) => Err(refusal),
    };
    let opened = match opened {
        Ok(opened) => opened,
        Err(refusal) => return refusal.page(address.language(None, &parts)),
    };
    match answer(&opened, &submission).await {
        Ok(()) => to_page(address, opened.ctx.language),
        Err(DomainError::Rules(violations)) => {
            // What stands there now may be the reason: it is read again.
            match pairings::view(&opened.ctx, opened.pairing.id).await {
                Ok(pairing) => page(&Opened { pairing, ..opened }, address, &violations).await,
                Err(error) => Refusal::of(&error).page(opened.ctx.language),
            }
        }
        Err(error) => Refusal::of(&error).page(opened.ctx.language),
    }
}

/// Reads the link and what it stands for, as the account it was made for.
async fn open(state: &HttpState, parts: &Parts, address: &Address) -> Result<Opened, Refusal> {
    let link = answer_link::read(&state.app, &address.token, state.app.clock.now())?;
    let (ctx, account) = reader::load(state, parts, address, link.account_id).await?;
    let pairing = pairings::view(&ctx, link.pairing_id)
        .await
        .map_err(|error| Refusal::of(&error))?;
    if answer_link::version(&pairing) != link.version {
        return Err(Refusal::Gone);
    }
    Ok(Opened {
        ctx,
        account,
        link,
        pairing,
    })
}

async fn answer(opened: &Opened, submission: &Submission) -> Result<(), DomainError> {
    let ctx = &opened.ctx;
    let AnswerLink {
        pairing_id, side, ..
    } = opened.link;
    match submission.action.as_str() {
        "accept" => {
            let input = accept::Input {
                pairing_id,
                side,
                channel: ConsentChannel::Mail,
            };
            retrying(|| accept::run(ctx, &input)).await.map(drop)
        }
        "decline" => {
            let (reason, note) = why(submission);
            let input = decline::Input {
                pairing_id,
                side,
                reason,
                note,
            };
            retrying(|| decline::run(ctx, &input)).await.map(drop)
        }
        "undo" => {
            let input = undo_decline::Input { pairing_id, side };
            retrying(|| undo_decline::run(ctx, &input)).await.map(drop)
        }
        "withdraw" if withdraw::side(&opened.pairing) == side => {
            let (reason, note) = why(submission);
            let input = withdraw::Input {
                pairing_id,
                reason,
                note,
            };
            retrying(|| withdraw::run(ctx, &input)).await.map(drop)
        }
        "pause" if side == PairingSide::Volunteer => {
            let months = submission.months.as_deref();
            let input = pause_volunteer::Input {
                pairing_id,
                months: months
                    .and_then(|months| months.parse().ok())
                    .unwrap_or_default(),
            };
            retrying(|| pause_volunteer::run(ctx, &input))
                .await
                .map(drop)
        }
        _ => Err(unknown_action().into()),
    }
}

/// The reason and the note of a no.
fn why(submission: &Submission) -> (Reason, Option<Personal>) {
    let reason = submission.reason.as_deref().and_then(Reason::from_code);
    let note = text::clean(submission.note.as_deref()).map(Personal::new);
    (reason.unwrap_or(Reason::Unspecified), note)
}

fn unknown_action() -> Violation {
    Violation::new(
        crate::error::Code::Unknown,
        "action",
        "Choose one of the answers on this page.",
        "Choisissez une des réponses de cette page.",
    )
}

async fn page(opened: &Opened, address: &Address, violations: &[Violation]) -> Response {
    let language = opened.ctx.language;
    match content::of(&opened.ctx, &opened.account, &opened.link, &opened.pairing).await {
        Ok(content) => Page {
            template: "offer.html",
            language,
            path: PATH,
            token: &address.token,
            violations,
        }
        .render_refusing(StatusCode::CONFLICT, content),
        Err(error) => Refusal::of(&error).page(language),
    }
}

/// After an answer the page is fetched anew, so that reloading it answers nothing.
fn to_page(address: &Address, language: Language) -> Response {
    // A token is URL-safe as it is.
    let mut target = format!("{PATH}?token={}", address.token);
    if address.lang.is_some() {
        // Writing to a string cannot fail.
        let _ = write!(target, "&lang={language}");
    }
    Redirect::to(&target).into_response()
}
