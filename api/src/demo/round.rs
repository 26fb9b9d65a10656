//! The demo's round of matching, run and applied by its coordinator.

use std::sync::Arc;

use entity::account::StaffRole;
use entity::id::{AccountId, SessionId};
use entity::language::Language;

use crate::actor::{Actor, Person, SecondFactor};
use crate::app::App;
use crate::context::Context;
use crate::domain::matching::{apply_round, run_round};
use crate::error::DomainError;

/// Runs a round over everything, applies it, and says how many pairings it proposed.
pub(super) async fn run(app: &Arc<App>, coordinator: AccountId) -> Result<usize, DomainError> {
    let ctx = Context {
        actor: Actor::Person(Box::new(Person {
            account_id: coordinator,
            session_id: SessionId::new(app.new_id()),
            is_verified: true,
            staff_role: Some(StaffRole::Coordinator),
            second_factor: SecondFactor::NotAsked,
            memberships: Vec::new(),
            volunteer_id: None,
            language: Some(Language::En),
        })),
        ..Context::system(app.clone(), "demo")
    };
    let round = run_round::run(&ctx, &run_round::Input::default()).await?;
    let input = apply_round::Input {
        round_id: round.id,
        accept_stale: false,
    };
    Ok(apply_round::run(&ctx, &input).await?.pairings.len())
}
