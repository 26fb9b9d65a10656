//! The second factor of an account, as its owner sees it.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};

use crate::actor;
use crate::domain::accounts::second_factor::find::Found;

/// The second factor of an account: an authenticator app, with recovery codes for whoever lost it.
#[derive(SimpleObject)]
pub struct SecondFactor {
    /// How far it is set up.
    state: SecondFactorState,
    /// When a first code of the app confirmed it.
    confirmed_at: Option<DateTime<Utc>>,
    /// How many of the ten recovery codes are still good.
    recovery_codes_left: i32,
    /// What this session has to do before it may decide over others, export, or set roles.
    standing: SecondFactorStanding,
}

/// How far a second factor is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SecondFactorState {
    /// There is none.
    None,
    /// A secret was made; a first code of the app is awaited.
    Pending,
    /// In use.
    Active,
}

/// How a session stands to the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "actor::SecondFactor")]
pub enum SecondFactorStanding {
    /// Nobody asks for one.
    NotAsked,
    /// It was shown in this session.
    Proven,
    /// It has to be shown first, with `proveSecondFactor`.
    ToProve,
    /// It has to be set up first, with `enrollSecondFactor`.
    ToEnroll,
}

impl SecondFactor {
    /// The factor that was found, in a session that stands so.
    pub fn new(found: Option<&Found>, standing: actor::SecondFactor) -> Self {
        let confirmed_at = found.and_then(|found| found.confirmed_at);
        let codes_left = found.map_or(0, |found| found.codes_left);
        Self {
            state: match (found, confirmed_at) {
                (None, _) => SecondFactorState::None,
                (Some(_), None) => SecondFactorState::Pending,
                (Some(_), Some(_)) => SecondFactorState::Active,
            },
            confirmed_at,
            recovery_codes_left: i32::try_from(codes_left).unwrap_or(i32::MAX),
            standing: standing.into(),
        }
    }
}
