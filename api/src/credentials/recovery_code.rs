//! Recovery codes: ten on paper, for whoever lost the authenticator app. Each has 80 random bits, so that a fast hash of it
//! can be stored.

use totp_rs::Secret;

use super::secret_token;
use crate::random::Random;

/// How many there are at a time.
pub const COUNT: usize = 10;
const BYTES: usize = 10;
/// Of base32, without the dashes.
const CHARACTERS: usize = 16;

/// A code as its owner gets it, and as the database keeps it.
#[derive(Clone, Debug)]
pub struct RecoveryCode {
    /// Four groups of four: `ABCD-EFGH-2345-6777`. Shown once, never stored.
    pub code: String,
    /// SHA-256 in hexadecimal.
    pub hash: String,
}

impl RecoveryCode {
    /// Makes a new one.
    pub fn generate(random: &Random) -> Self {
        let text = Secret::from(random.bytes::<BYTES>().to_vec()).to_base32();
        let mut code = String::with_capacity(CHARACTERS + 3);
        for (index, character) in text.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                code.push('-');
            }
            code.push(character);
        }
        Self {
            code,
            hash: secret_token::hash(&text),
        }
    }
}

/// The hash of a code as somebody typed it: in any case, with any dashes and blanks, and with the digits that base32 has not
/// for the letters that they look like. None when it is no recovery code.
pub fn hash(typed: &str) -> Option<String> {
    let text: String = typed
        .chars()
        .filter(|character| *character != '-' && !character.is_whitespace())
        .map(|character| match character.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            other => other,
        })
        .take(CHARACTERS + 1)
        .collect();
    let is_code = text.len() == CHARACTERS
        && text
            .bytes()
            .all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
    is_code.then(|| secret_token::hash(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_eighty_bits_in_four_groups() {
        let random = Random::seeded(1);
        let (one, other) = (
            RecoveryCode::generate(&random),
            RecoveryCode::generate(&random),
        );
        assert_ne!(one.code, other.code);
        let groups: Vec<usize> = one.code.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4, 4]);
        assert_eq!(hash(&one.code), Some(one.hash));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let right = hash("ABCD-EFGH-IOB2-3456");
        assert!(right.is_some());
        for typed in [
            "abcdefghiob23456",
            " ABCD EFGH IOB2 3456 ",
            "abcd-efgh-1082-3456",
        ] {
            assert_eq!(hash(typed), right, "{typed}");
        }
        for wrong in [
            "",
            "123456",
            "ABCD-EFGH-IOB2-345",
            "ABCD-EFGH-IOB2-34567",
            "ABCD-EFGH-IOB2-345é",
            "ABCD-EFGH-IOB2-3459",
        ] {
            assert_eq!(hash(wrong), None, "{wrong}");
        }
    }
}
