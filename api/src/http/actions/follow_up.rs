//! The page on which somebody answers what was asked because it had gone quiet: how a placement goes, whether a listing still
//! looks for people, whether a volunteer is still there.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use entity::check_in::CheckInAnswer;
use entity::follow_up::FollowUpKind;
use entity::id::{CheckInId, ProjectId};
use entity::language::Language;
use entity::personal::Personal;
use minijinja::context;
use serde::Deserialize;

use super::page::{Address, Page, Refusal, message};
use super::reader;
use super::submitted::Submitted;
use crate::context::Context;
use crate::domain::follow_ups::link::{self, FollowUpLink};
use crate::domain::placements::answer_check_in;
use crate::domain::projects::{confirm_listing, set_accepting};
use crate::domain::volunteers::resume;
use crate::error::{Code, DomainError, Violation};
use crate::http::router::HttpState;
use crate::policy::project::ProjectAction;
use crate::store::transaction::retrying;

const PATH: &str = "/a/follow-up";

/// An answer.
#[derive(Deserialize)]
pub(super) struct Submission {
    #[serde(flatten)]
    address: Address,
    #[serde(default)]
    action: String,
    note: Option<String>,
}

pub(super) async fn show(
    State(state): State<HttpState>,
    parts: Parts,
    Query(address): Query<Address>,
) -> Response {
    match open(&state, &parts, &address).await {
        Ok((ctx, link)) => form(&ctx, &link, &address.token, None, &[]),
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
    let (ctx, link) = match opened {
        Ok(opened) => opened,
        Err(refusal) => return refusal.page(address.language(None, &parts)),
    };
    match answer(&ctx, &link, &submission).await {
        Ok(()) => thanks(ctx.language),
        Err(DomainError::Rules(violations)) => {
            let note = submission.note.as_deref();
            form(&ctx, &link, &address.token, note, &violations)
        }
        Err(error) => Refusal::of(&error).page(ctx.language),
    }
}

/// Reads the link, as the account it was made for.
async fn open(
    state: &HttpState,
    parts: &Parts,
    address: &Address,
) -> Result<(Context, FollowUpLink), Refusal> {
    let link = link::read(&state.app, &address.token, state.app.clock.now())?;
    let (ctx, _) = reader::load(state, parts, address, link.account_id).await?;
    Ok((ctx, link))
}

async fn answer(
    ctx: &Context,
    link: &FollowUpLink,
    submission: &Submission,
) -> Result<(), DomainError> {
    match (link.kind, submission.action.as_str()) {
        (FollowUpKind::CheckIn, action) => {
            let input = answer_check_in::Input {
                id: CheckInId::new(link.subject_id),
                answer: action.parse().map_err(|_| unknown_action())?,
                note: submission.note.clone().map(Personal::new),
            };
            retrying(|| answer_check_in::run(ctx, &input)).await?;
        }
        (FollowUpKind::ListingCheck | FollowUpKind::ListingHidden, "open") => {
            let id = ProjectId::new(link.subject_id);
            retrying(|| confirm_listing::run(ctx, id)).await?;
        }
        (FollowUpKind::ListingCheck | FollowUpKind::ListingHidden, "close") => {
            retrying(|| close(ctx, ProjectId::new(link.subject_id))).await?;
        }
        (FollowUpKind::StillThere, "resume") => {
            retrying(|| resume::run(ctx)).await?;
        }
        _ => return Err(unknown_action().into()),
    }
    link::note_use(ctx, link).await
}

/// Whatever version the listing has: that nobody is looked for does not depend on its words.
async fn close(ctx: &Context, id: ProjectId) -> Result<(), DomainError> {
    let connection = &ctx.app.store.connection;
    let (project, _) =
        crate::domain::projects::load(ctx, connection, id, ProjectAction::Edit).await?;
    let input = set_accepting::Input {
        id,
        expected_version: project.version,
        is_accepting: false,
    };
    set_accepting::run(ctx, &input).await.map(drop)
}

/// A button: what it sends, and its words in English and French.
type Choice = (&'static str, (&'static str, &'static str));

fn form(
    ctx: &Context,
    link: &FollowUpLink,
    token: &str,
    note: Option<&str>,
    violations: &[Violation],
) -> Response {
    let (heading, text, choices): ((&str, &str), (&str, &str), Vec<Choice>) = match link.kind {
        FollowUpKind::CheckIn => (
            ("How is it going?", "Comment cela se passe-t-il?"),
            (
                "Your answer goes to the coordinators, not to the organization. You can change it later.",
                "Votre réponse va à la coordination, pas à l’organisme. Vous pourrez la modifier plus tard.",
            ),
            vec![
                (
                    CheckInAnswer::GoingWell.as_str(),
                    ("It goes well", "Cela se passe bien"),
                ),
                (
                    CheckInAnswer::NeedsHelp.as_str(),
                    ("I need help", "J’ai besoin d’aide"),
                ),
                (
                    CheckInAnswer::Leaving.as_str(),
                    ("I cannot go on", "Je ne peux pas continuer"),
                ),
            ],
        ),
        FollowUpKind::ListingCheck | FollowUpKind::ListingHidden => (
            (
                "Does the project still look for people?",
                "Le projet cherche-t-il encore des personnes?",
            ),
            (
                "If not, it stays visible, and nobody can come forward until you open it again.",
                "Sinon, il reste visible, et personne ne peut se proposer avant que vous le rouvriez.",
            ),
            vec![
                (
                    "open",
                    ("Yes, it looks for people", "Oui, il cherche des personnes"),
                ),
                ("close", ("No, not any more", "Non, plus maintenant")),
            ],
        ),
        FollowUpKind::StillThere => (
            ("Are you still there?", "Êtes-vous toujours là?"),
            (
                "You get no offers at present. One click, and roles that fit are offered to you again.",
                "Vous ne recevez pas d’offres en ce moment. Un clic, et des rôles qui vous conviennent vous seront de nouveau proposés.",
            ),
            vec![(
                "resume",
                ("Offer me roles again", "Me proposer de nouveau des rôles"),
            )],
        ),
        // No link is made for what asks nothing.
        FollowUpKind::OrganizationDraft
        | FollowUpKind::ProjectDraft
        | FollowUpKind::VettingEnds
        | FollowUpKind::CommitmentEnds => return Refusal::Gone.page(ctx.language),
    };
    let pick = |(en, fr): (&'static str, &'static str)| match ctx.language {
        Language::En => en,
        Language::Fr => fr,
    };
    let choices: Vec<_> = choices
        .into_iter()
        .map(|(value, words)| context! { value, label => pick(words) })
        .collect();
    Page {
        template: "follow_up.html",
        language: ctx.language,
        path: PATH,
        token,
        violations,
    }
    .render(context! {
        heading => pick(heading),
        text => pick(text),
        choices,
        has_note => link.kind == FollowUpKind::CheckIn,
        note,
    })
}

fn thanks(language: Language) -> Response {
    let (heading, text) = match language {
        Language::En => (
            "Thank you",
            "Your answer is noted. You can close this page.",
        ),
        Language::Fr => (
            "Merci",
            "Votre réponse est notée. Vous pouvez fermer cette page.",
        ),
    };
    message(StatusCode::OK, language, heading, text)
}

fn unknown_action() -> Violation {
    Violation::new(
        Code::Unknown,
        "action",
        "Choose one of the answers on this page.",
        "Choisissez une des réponses de cette page.",
    )
}
