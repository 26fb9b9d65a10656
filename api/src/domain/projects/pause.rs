//! Pausing a project: hidden from browsing, and nobody new is proposed.

use entity::project;

pub use super::life::Input;
use super::life::step;
use super::transition::Event;
use crate::context::Context;
use crate::error::DomainError;

/// Pauses the project.
///
/// # Errors
/// Violations: a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    step(ctx, input, Event::Pause).await
}
