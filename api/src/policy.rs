//! Who may do what: pure functions of an actor, an action and a few facts. A use case calls one of them before anything
//! else. The whole table is printed under test (`policy/snapshots`).
//!
//! One file per concept, each with an enum of its actions and one function `decide`.

pub mod account;
pub mod incident;
pub mod job;
pub mod learning;
pub mod mail;
pub mod matching;
pub mod organization;
pub mod pairing;
pub mod personal_read;
pub mod project;
pub mod role;
pub mod round;
pub mod second_factor;
pub mod signing_key;
pub mod volunteer;
pub mod worklist;

#[cfg(test)]
mod matrix;

use crate::actor::Actor;
use crate::error::DomainError;

/// The answer of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allow,
    /// Log in first.
    Unauthenticated,
    /// The actor may not even know that the thing exists.
    Hidden,
    /// The actor sees the thing but may not do this to it.
    Forbidden,
    /// The actor may do this to it, after showing a second factor.
    SecondFactor {
        /// Whether there is one to show.
        is_enrolled: bool,
    },
}

impl Decision {
    /// [`Decision::Allow`] when `condition` holds, else `otherwise`.
    pub const fn allow_if(condition: bool, otherwise: Self) -> Self {
        if condition { Self::Allow } else { otherwise }
    }

    /// Turns a denial into the use case's error.
    ///
    /// # Errors
    /// `Unauthenticated`, `NotFound`, `Forbidden` or `SecondFactorRequired`.
    pub const fn require(self) -> Result<(), DomainError> {
        match self {
            Self::Allow => Ok(()),
            Self::Unauthenticated => Err(DomainError::Unauthenticated),
            Self::Hidden => Err(DomainError::NotFound),
            Self::Forbidden => Err(DomainError::Forbidden),
            Self::SecondFactor { is_enrolled } => {
                Err(DomainError::SecondFactorRequired { is_enrolled })
            }
        }
    }

    /// Whether it is [`Decision::Allow`].
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allow)
    }
}

/// What an actor who may not do something is told: to log in when nobody is, else `otherwise`.
const fn denial(actor: &Actor, otherwise: Decision) -> Decision {
    match actor {
        Actor::Anonymous => Decision::Unauthenticated,
        Actor::System | Actor::Person(_) => otherwise,
    }
}
