//! What a new password must be: long enough and not too long, in characters. No rule on its composition.

use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{Code, Violation};

/// The fewest characters of a password.
pub const MIN_CHARACTERS: usize = 8;
/// The most characters of a password.
pub const MAX_CHARACTERS: usize = 128;

/// Checks a new password's length, the only rule on its composition.
pub fn violation(password: &SecretString, field: &str) -> Option<Violation> {
    match password.expose_secret().chars().count() {
        ..MIN_CHARACTERS => Some(Violation::new(
            Code::TooShort,
            field,
            format!(
                "A password has at least {MIN_CHARACTERS} characters; any will do, a short sentence is good."
            ),
            format!(
                "Un mot de passe compte au moins {MIN_CHARACTERS} caractères; tous conviennent, une courte phrase est un bon choix."
            ),
        )),
        MIN_CHARACTERS..=MAX_CHARACTERS => None,
        _ => Some(Violation::new(
            Code::TooLong,
            field,
            format!("A password has at most {MAX_CHARACTERS} characters."),
            format!("Un mot de passe compte au plus {MAX_CHARACTERS} caractères."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        let code = |length: usize| {
            violation(&SecretString::from("é".repeat(length)), "password").map(|found| found.code)
        };
        assert_eq!(code(7), Some(Code::TooShort));
        assert_eq!((code(8), code(128)), (None, None));
        assert_eq!(code(129), Some(Code::TooLong));
    }
}
