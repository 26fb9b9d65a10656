//! Throttles per operation and key. They live in the use case, since an HTTP layer cannot see GraphQL operations.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::config::Environment;
use crate::error::DomainError;

/// What is throttled. A key is a client's address, or a mail address's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// 3 a minute for each client.
    LogIn,
    /// 3 an hour for each client.
    Register,
    /// 3 an hour for each client.
    Recover,
    /// 1 an hour for each mail address.
    MailRecovery,
}

/// The counters of this node.
pub struct Limiter {
    log_in: DefaultKeyedRateLimiter<String>,
    register: DefaultKeyedRateLimiter<String>,
    recover: DefaultKeyedRateLimiter<String>,
    mail_recovery: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

impl Limiter {
    /// Fresh counters. Development allows ten times as much, since one person plays every part there.
    pub fn new(environment: Environment) -> Self {
        let factor = if environment == Environment::Development {
            10
        } else {
            1
        };
        let times = |count: u32| NonZeroU32::new(count * factor).unwrap_or(NonZeroU32::MIN);
        Self {
            log_in: DefaultKeyedRateLimiter::keyed(Quota::per_minute(times(3))),
            register: DefaultKeyedRateLimiter::keyed(Quota::per_hour(times(3))),
            recover: DefaultKeyedRateLimiter::keyed(Quota::per_hour(times(3))),
            mail_recovery: DefaultKeyedRateLimiter::keyed(Quota::per_hour(NonZeroU32::MIN)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one try by a client; requests that come from inside the process have no address and are not counted.
    ///
    /// # Errors
    /// [`DomainError::RateLimited`] when it is one too many.
    pub fn check_client(
        &self,
        operation: Operation,
        client: Option<IpAddr>,
    ) -> Result<(), DomainError> {
        client.map_or(Ok(()), |address| self.check(operation, address.to_string()))
    }

    /// Counts one try for `key`.
    ///
    /// # Errors
    /// [`DomainError::RateLimited`] when it is one too many.
    pub fn check(&self, operation: Operation, key: String) -> Result<(), DomainError> {
        let counter = match operation {
            Operation::LogIn => &self.log_in,
            Operation::Register => &self.register,
            Operation::Recover => &self.recover,
            Operation::MailRecovery => &self.mail_recovery,
        };
        counter
            .check_key(&key)
            .map_err(|refused| DomainError::RateLimited {
                retry_after_seconds: refused
                    .wait_time_from(self.clock.now())
                    .as_secs()
                    .saturating_add(1),
            })
    }
}
