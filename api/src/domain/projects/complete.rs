//! Ending a project because its work is done. Its roles are closed.

use entity::project;

pub use super::life::Input;
use super::life::end;
use super::transition::Event;
use crate::context::Context;
use crate::error::DomainError;

/// Completes the project.
///
/// # Errors
/// Violations: a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    end(ctx, input, Event::Complete).await
}
