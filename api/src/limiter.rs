//! Throttles per operation and key. They live in the use case, since an HTTP layer cannot see GraphQL operations.
//!
//! Use cases ask before they work, outside of what is tried again when a concurrent transaction was in the way. The
//! counters are in the database, shared by every node; keys leave this module only as an HMAC.

mod refusals;

use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::ExposeSecret as _;
use sha2::Sha256;

use self::refusals::Refusals;
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::credentials::secret_token::hexadecimal;
use crate::error::DomainError;
use crate::store::connection::Store;
use crate::store::throttle::{self, Quota, Verdict};

/// What is throttled. A key is a client's address, a mail address, an account, or a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// 3 a minute for each client.
    LogIn,
    /// 30 a minute for each client: what goes before a log-in by other means than a password.
    BeginLogIn,
    /// 30 a minute for each client: going to an identity provider, where other pages can send a browser, too.
    GoToProvider,
    /// 3 an hour for each client, counting what could succeed.
    Register,
    /// 30 a minute for each client, counting every form, however it is filled in.
    FillInRegistration,
    /// 3 an hour for each client.
    Recover,
    /// 1 an hour for each mail address.
    MailRecovery,
    /// 30 a minute for each client.
    RefreshSession,
    /// 30 a minute for each client; for each account where mail programs follow the link by themselves.
    FollowLink,
    /// 60 an hour for each account: the whole copy, and each table of it apart, some times over.
    Export,
    /// 5 in 5 minutes for each session.
    SecondFactor,
    /// 10 in 5 minutes for all sessions of an account, so that opening more of them helps nobody to guess.
    SecondFactorOfAccount,
    /// 50 a day for each account, counting codes of the app alone: with the password and a month of time, one in seventy
    /// guesses it. Recovery codes are too long to guess, so that the owner has a way in.
    AppCode,
    /// 1 a day for each account: telling its owner that somebody guesses.
    WarnOfGuesses,
}

impl Operation {
    /// The name under which it is counted.
    const fn name(self) -> &'static str {
        match self {
            Self::LogIn => "log_in",
            Self::BeginLogIn => "begin_log_in",
            Self::GoToProvider => "go_to_provider",
            Self::Register => "register",
            Self::FillInRegistration => "fill_in_registration",
            Self::Recover => "recover",
            Self::MailRecovery => "mail_recovery",
            Self::RefreshSession => "refresh_session",
            Self::FollowLink => "follow_link",
            Self::Export => "export",
            Self::SecondFactor => "second_factor",
            Self::SecondFactorOfAccount => "second_factor_of_account",
            Self::AppCode => "app_code",
            Self::WarnOfGuesses => "warn_of_guesses",
        }
    }

    /// What is allowed.
    fn quota(self, environment: Environment) -> Quota {
        let (tries, window) = match self {
            Self::LogIn => (3, TimeDelta::minutes(1)),
            Self::Register | Self::Recover => (3, TimeDelta::hours(1)),
            Self::MailRecovery => (1, TimeDelta::hours(1)),
            Self::Export => (60, TimeDelta::hours(1)),
            Self::FillInRegistration
            | Self::RefreshSession
            | Self::FollowLink
            | Self::BeginLogIn
            | Self::GoToProvider => (30, TimeDelta::minutes(1)),
            Self::SecondFactor => (5, TimeDelta::minutes(5)),
            Self::SecondFactorOfAccount => (10, TimeDelta::minutes(5)),
            Self::AppCode => (50, TimeDelta::days(1)),
            Self::WarnOfGuesses => (1, TimeDelta::days(1)),
        };
        // One person plays every part there.
        let is_mail = matches!(self, Self::MailRecovery | Self::WarnOfGuesses);
        let is_relaxed = environment == Environment::Development && !is_mail;
        let factor = if is_relaxed { 10 } else { 1 };
        Quota {
            tries: tries * factor,
            window,
        }
    }
}

/// After so many tries of this node what is not used up is forgotten: strangers choose the keys, and the table must not
/// grow with them.
const COUNTED_BETWEEN_FORGETTING: u32 = 256;

/// Asks the counters.
#[derive(Debug)]
pub struct Limiter {
    store: Store,
    clock: Clock,
    environment: Environment,
    /// Makes of a key what is stored: without the secret nobody finds out which address it was by trying them all.
    key_mac: Hmac<Sha256>,
    refusals: Refusals,
    counted: AtomicU32,
}

impl Limiter {
    /// A limiter over the counters in `store`. Development allows ten times as much for each client.
    ///
    /// # Errors
    /// When the secret cannot be used.
    pub fn new(config: &Config, store: Store, clock: Clock) -> anyhow::Result<Self> {
        // Derived, so that what is stored says nothing of links' signatures, which are made with the same secret.
        let mut derivation = mac(config.credentials.link_secret.expose_secret().as_bytes())?;
        derivation.update(b"keys of throttles");
        Ok(Self {
            store,
            clock,
            environment: config.environment,
            key_mac: mac(&derivation.finalize().into_bytes())?,
            refusals: Refusals::default(),
            counted: AtomicU32::new(0),
        })
    }

    /// Counts one try by a client; requests that come from inside the process have no address and are not counted.
    ///
    /// # Errors
    /// [`DomainError::RateLimited`] when it is one too many.
    pub async fn check_client(
        &self,
        operation: Operation,
        client: Option<IpAddr>,
    ) -> Result<(), DomainError> {
        match client {
            Some(address) => self.check(operation, &network(address).to_string()).await,
            None => Ok(()),
        }
    }

    /// Counts one try for `key`.
    ///
    /// # Errors
    /// [`DomainError::RateLimited`] when it is one too many.
    pub async fn check(&self, operation: Operation, key: &str) -> Result<(), DomainError> {
        let quota = operation.quota(self.environment);
        let now = self.clock.now().timestamp_micros();
        let key = (operation, self.hash(operation, key));
        let known = self.refusals.until(&key, now);
        if let Some(until) = known.filter(|until| quota.can_refuse_until(*until, now)) {
            return Err(refused(until, now));
        }
        match throttle::count(&self.store, operation.name(), &key.1, quota, now).await? {
            Verdict::Counted => {
                self.forget_now_and_then(now).await;
                Ok(())
            }
            Verdict::RefusedUntil(until) => {
                self.refusals.remember(key, until, now);
                Err(refused(until, now))
            }
        }
    }

    fn hash(&self, operation: Operation, key: &str) -> String {
        let mut mac = self.key_mac.clone();
        // No name of an operation contains the separator.
        mac.update(operation.name().as_bytes());
        mac.update(b"\n");
        mac.update(key.as_bytes());
        hexadecimal(&mac.finalize().into_bytes())
    }

    /// That it fails is no reason to refuse whoever happens to be counted: the next time makes up for it.
    async fn forget_now_and_then(&self, now: i64) {
        let counted = self.counted.fetch_add(1, Ordering::Relaxed);
        if counted % COUNTED_BETWEEN_FORGETTING != COUNTED_BETWEEN_FORGETTING - 1 {
            return;
        }
        match throttle::forget_unused(&self.store, now).await {
            Ok(forgotten) => tracing::debug!(forgotten, "keys of throttles were forgotten"),
            Err(error) => tracing::warn!(
                error = error.with_causes(),
                "keys of throttles could not be forgotten"
            ),
        }
    }
}

fn mac(key: &[u8]) -> anyhow::Result<Hmac<Sha256>> {
    Hmac::new_from_slice(key).context("the secret behind keys of throttles")
}

fn refused(until: i64, now: i64) -> DomainError {
    let wait = u64::try_from(until - now).unwrap_or_default();
    DomainError::RateLimited {
        retry_after_seconds: wait.div_ceil(1_000_000).max(1),
    }
}

/// What counts as one client: an IPv4 address, or the /64 of an IPv6 address, since whoever has one address of it has
/// all of them.
pub fn network(address: IpAddr) -> IpAddr {
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

    #[test]
    fn a_client_is_counted_by_its_network() {
        let counted = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:0:1::1"), "2001:db8:0:1::");
        assert_eq!(counted("2001:db8:0:1:ffff::3"), "2001:db8:0:1::");
        assert_eq!(counted("2001:db8:0:2::1"), "2001:db8:0:2::");
        assert_eq!(counted("192.0.2.1"), "192.0.2.1");
        assert_eq!(counted("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(counted("192.0.2.2"), "192.0.2.2");
    }

    #[test]
    fn development_allows_ten_times_as_much_but_no_more_mail() {
        let tries = |operation: Operation, environment| operation.quota(environment).tries;
        for (operation, production, development) in [
            (Operation::LogIn, 3, 30),
            (Operation::FollowLink, 30, 300),
            (Operation::MailRecovery, 1, 1),
        ] {
            assert_eq!(tries(operation, Environment::Production), production);
            assert_eq!(tries(operation, Environment::Development), development);
        }
    }

    #[test]
    fn a_refusal_names_whole_seconds_and_at_least_one() {
        for (wait, seconds) in [
            (0, 1),
            (1, 1),
            (1_000_000, 1),
            (1_000_001, 2),
            (20_000_000, 20),
        ] {
            assert!(
                matches!(refused(wait, 0), DomainError::RateLimited { retry_after_seconds } if retry_after_seconds == seconds),
                "{wait}"
            );
        }
    }
}
