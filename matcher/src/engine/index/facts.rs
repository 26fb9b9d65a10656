//! Facts as an index knows them: borrowed from a snapshot, or held because they change one at a time.

use std::ops::Deref;

/// Facts of one role or volunteer.
pub(crate) enum Facts<'a, T> {
    /// Of a snapshot that outlives the index.
    Borrowed(&'a T),
    /// Of nobody else.
    Held(Box<T>),
}

impl<T> Deref for Facts<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Borrowed(facts) => facts,
            Self::Held(facts) => facts,
        }
    }
}
