//! Edits name the version they were made from: who edits what another has changed meanwhile is told, and loses nothing.

use crate::error::{Code, Violation};

/// Checks that the row is still at the version the caller read.
///
/// # Errors
/// [`Code::Stale`] at `expectedVersion`.
pub fn check(current: i32, expected: i32) -> Result<(), Violation> {
    if current == expected {
        Ok(())
    } else {
        Err(stale())
    }
}

/// The row was changed since it was read.
pub fn stale() -> Violation {
    Violation::new(
        Code::Stale,
        "expectedVersion",
        "This was changed since you read it; read it again, then repeat your change.",
        "Cet élément a été modifié depuis que vous l’avez lu; relisez-le, puis refaites votre changement.",
    )
}
