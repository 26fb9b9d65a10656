//! One-time codes of authenticator apps (RFC 6238): six digits of HMAC-SHA-1, a new one every 30 seconds, which is what every
//! app knows. A code is accepted for a step before and after its own, since clocks differ. That it is taken once only is for
//! the caller to see to, by the step.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

use crate::random::Random;

/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// What both sides know.
pub struct SharedSecret(Vec<u8>);

impl SharedSecret {
    /// A new one.
    pub fn generate(random: &Random) -> Self {
        Self(random.bytes::<SECRET_BYTES>().to_vec())
    }

    /// One that was kept.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// To be sealed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// For typing into an app: 32 characters of base32.
    pub fn to_base32(&self) -> String {
        Secret::from(self.0.clone()).to_base32()
    }

    /// The `otpauth://` address that apps read, mostly from a QR code, under names of the site and the account.
    ///
    /// # Errors
    /// When the secret is too short.
    pub fn address(&self, site: &str, account: &str) -> anyhow::Result<String> {
        // What stands before the colon is the site.
        let name = |text: &str| text.replace(':', " ");
        let totp = Builder::new()
            .with_secret(self.0.clone())
            .with_issuer(Some(name(site)))
            .with_account_name(name(account))
            .build()?;
        totp.to_url().context("the address of an authenticator app")
    }

    /// The step, in 30 seconds since 1970, whose code `code` is; none when it is not one of those that hold at `now`.
    ///
    /// # Errors
    /// When the secret is too short, or the moment before 1970.
    pub fn step_of(&self, code: &str, now: DateTime<Utc>) -> anyhow::Result<Option<i64>> {
        let seconds = u64::try_from(now.timestamp())?;
        let step = self.totp()?.check(code, seconds);
        Ok(step.map(i64::try_from).transpose()?)
    }

    fn totp(&self) -> anyhow::Result<Totp> {
        Ok(Builder::new().with_secret(self.0.clone()).build()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn secret() -> SharedSecret {
        SharedSecret::from_bytes(b"12345678901234567890".to_vec())
    }

    fn code(seconds: u64) -> String {
        secret().totp().unwrap().generate(seconds).to_string()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // Its table has eight digits; ours are the last six.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                secret().step_of(code, at(seconds)).unwrap(),
                Some(seconds / 30)
            );
        }
    }

    #[test]
    fn a_code_holds_for_a_step_before_and_after_its_own() {
        let code = code(3_000);
        let step = |seconds| secret().step_of(&code, at(seconds)).unwrap();
        assert_eq!(step(2_969), None);
        for seconds in [2_970, 3_000, 3_029, 3_059] {
            assert_eq!(step(seconds), Some(100), "{seconds}");
        }
        assert_eq!(step(3_060), None);
    }

    #[test]
    fn what_is_not_six_digits_is_no_code() {
        for code in ["", "28708", "2870820", "+87082", "28708x", "２８７０８２"] {
            assert_eq!(secret().step_of(code, at(59)).unwrap(), None, "{code}");
        }
    }

    #[test]
    fn an_app_reads_the_address() {
        assert_eq!(secret().to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            secret()
                .address("Civic: Tech", "nora+a@example.org")
                .unwrap(),
            "otpauth://totp/Civic%20%20Tech:nora%2Ba%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Civic%20%20Tech"
        );
    }

    #[test]
    fn no_two_secrets_are_alike() {
        let random = Random::seeded(1);
        let (one, other) = (
            SharedSecret::generate(&random),
            SharedSecret::generate(&random),
        );
        assert_eq!(one.as_bytes().len(), 20);
        assert_ne!(one.as_bytes(), other.as_bytes());
    }
}
