//! The passwords that others try first, because they were stolen somewhere or many people choose them. Kept as what is enough
//! to know them again: the first 40 bits of the SHA-256 of each, sorted; of ten million others, one is taken for one of them.
//!
//! `scripts/common-passwords` makes the file; `data/ATTRIBUTIONS.md` says of which lists. Nothing is asked of a service.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

/// Bytes of each.
const PREFIX: usize = 5;

static PREFIXES: &[u8] = include_bytes!("../../data/passwords/common.bin");

/// Whether a password is one of them, however it is written in capitals and compatibility characters.
pub fn is_common(password: &str) -> bool {
    let digest = Sha256::digest(fold(password).trim().as_bytes());
    let (prefixes, _) = PREFIXES.as_chunks::<PREFIX>();
    digest
        .first_chunk::<PREFIX>()
        .is_some_and(|prefix| prefixes.binary_search(prefix).is_ok())
}

/// The form in which passwords are compared with what is known: NFKC, lower case. They are hashed as they were written.
pub(super) fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole_and_sorted() {
        let (prefixes, rest) = PREFIXES.as_chunks::<PREFIX>();
        assert_eq!((prefixes.len(), rest.len()), (100_000, 0));
        assert!(prefixes.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn stolen_and_common_passwords_are_known_however_they_are_written() {
        for password in [
            "password1",
            "PASSWORD1",
            "Password1",
            "ｐａｓｓｗｏｒｄ１",
            " password1 ",
            "12345678",
            "qwertyuiop",
            "azertyuiop",
            "motdepasse",
            "Montreal",
            "canada123",
            "iloveyou",
            "!QAZ2wsx",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn sentences_are_not() {
        for password in [
            "correct horse battery staple",
            "civic tech demo",
            "four words, none alike",
            "un mot de passe bien à moi",
            "password1 and three words",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }
}
