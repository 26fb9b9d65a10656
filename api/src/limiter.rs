//! Throttles per operation and key. They live in the use case, since an HTTP layer cannot see GraphQL operations.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

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
    checks: AtomicU32,
}

/// After so many checks the counters of keys that have long been quiet are forgotten: strangers choose the keys, and
/// memory must not grow with them.
const CHECKS_BETWEEN_CLEANING: u32 = 1024;

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
            checks: AtomicU32::new(0),
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
        client.map_or(Ok(()), |address| {
            self.check(operation, network(address).to_string())
        })
    }

    /// Counts one try for `key`.
    ///
    /// # Errors
    /// [`DomainError::RateLimited`] when it is one too many.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "keys are made for the call; the counters borrow them as `String`"
    )]
    pub fn check(&self, operation: Operation, key: String) -> Result<(), DomainError> {
        let counter = match operation {
            Operation::LogIn => &self.log_in,
            Operation::Register => &self.register,
            Operation::Recover => &self.recover,
            Operation::MailRecovery => &self.mail_recovery,
        };
        let checks = self.checks.fetch_add(1, Ordering::Relaxed);
        if checks % CHECKS_BETWEEN_CLEANING == CHECKS_BETWEEN_CLEANING - 1 {
            self.forget_the_quiet();
        }
        counter
            .check_key(&key)
            .map_err(|refused| DomainError::RateLimited {
                retry_after_seconds: refused
                    .wait_time_from(self.clock.now())
                    .as_secs()
                    .saturating_add(1),
            })
    }

    fn forget_the_quiet(&self) {
        for counter in [
            &self.log_in,
            &self.register,
            &self.recover,
            &self.mail_recovery,
        ] {
            counter.retain_recent();
            counter.shrink_to_fit();
        }
    }
}

/// What counts as one client: an IPv4 address, or the /64 of an IPv6 address, since whoever has one address of it has
/// all of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
        canonical @ IpAddr::V4(_) => canonical,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_allowed(limiter: &Limiter, client: &str) -> bool {
        limiter
            .check_client(Operation::Register, Some(client.parse().unwrap()))
            .is_ok()
    }

    #[test]
    fn a_client_is_counted_by_its_network() {
        let limiter = Limiter::new(Environment::Production);
        assert!(is_allowed(&limiter, "2001:db8:0:1::1"));
        assert!(is_allowed(&limiter, "2001:db8:0:1::2"));
        assert!(is_allowed(&limiter, "2001:db8:0:1:ffff::3"));
        assert!(!is_allowed(&limiter, "2001:db8:0:1::4"));
        assert!(is_allowed(&limiter, "2001:db8:0:2::1"));
    }

    #[test]
    fn both_ways_to_write_an_ipv4_address_are_one_client() {
        let limiter = Limiter::new(Environment::Production);
        for client in ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"] {
            assert!(is_allowed(&limiter, client));
        }
        assert!(!is_allowed(&limiter, "::ffff:192.0.2.1"));
        assert!(is_allowed(&limiter, "192.0.2.2"));
    }

    #[test]
    fn a_refusal_names_the_wait_and_keys_do_not_share_it() {
        let limiter = Limiter::new(Environment::Production);
        let check = |key: &str| limiter.check(Operation::MailRecovery, key.to_owned());
        check("a").unwrap();
        assert!(matches!(
            check("a"),
            Err(DomainError::RateLimited {
                retry_after_seconds: 1..=3601
            })
        ));
        check("b").unwrap();
    }
}
