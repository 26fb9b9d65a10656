//! What a new password must be: 8 to 128 characters of any kind, none of the passwords that others try first, and more than
//! what is known of whoever chooses it. No rule on its composition.

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;

use super::common_password::{fold, is_common};
use crate::config::Config;
use crate::error::{Code, Violation};

/// The fewest characters of a password.
pub const MIN_CHARACTERS: usize = 8;
/// The most characters of a password.
pub const MAX_CHARACTERS: usize = 128;
/// Shorter words stand in many others by chance.
const SHORTEST_WORD: usize = 3;

/// What others know of whoever chooses a password: the site, and the account's address and names. In lower case, letters and
/// digits without accents only, the longest first. It has no debug form.
#[derive(Clone)]
pub struct KnownWords(Vec<String>);

impl KnownWords {
    /// What is known of everybody here.
    pub fn of_site(config: &Config) -> Self {
        let host = config.http.base_url.split_once("://");
        let host = host.map_or("", |(_, rest)| rest);
        let host = host.split([':', '/']).next().unwrap_or_default();
        Self(Vec::new()).with([config.mail.from_name.as_str(), host])
    }

    /// And of the owner of an account.
    pub fn of_account(config: &Config, email: &str, given_name: &str, family_name: &str) -> Self {
        let mailbox = email.split_once('@').map_or(email, |(mailbox, _)| mailbox);
        let full_names = [
            format!("{given_name}{family_name}"),
            format!("{family_name}{given_name}"),
        ];
        Self::of_site(config)
            .with([email, mailbox, given_name, family_name])
            .with(full_names.each_ref().map(String::as_str))
    }

    fn with<const N: usize>(mut self, words: [&str; N]) -> Self {
        let words = words.map(squeeze);
        self.0.extend(
            words
                .into_iter()
                .filter(|word| word.chars().count() >= SHORTEST_WORD),
        );
        self.0.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        self.0.dedup();
        self
    }

    /// How many characters of a password these words make up.
    fn characters_in(&self, password: &str) -> usize {
        let mut rest = squeeze(password);
        let mut known = 0;
        for word in &self.0 {
            known += rest.matches(word.as_str()).count() * word.chars().count();
            // What stood on both sides of it does not make a word.
            rest = rest.replace(word.as_str(), " ");
        }
        known
    }
}

/// Letters and digits without accents, in lower case.
fn squeeze(text: &str) -> String {
    let decomposed: String = fold(text).nfkd().collect();
    decomposed
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect()
}

/// Checks a new password.
pub fn violation(password: &SecretString, known: &KnownWords, field: &str) -> Option<Violation> {
    let password = password.expose_secret();
    let characters = password.chars().count();
    if characters < MIN_CHARACTERS {
        return Some(Violation::new(
            Code::TooShort,
            field,
            format!(
                "A password has at least {MIN_CHARACTERS} characters; any will do, a short sentence is good."
            ),
            format!(
                "Un mot de passe compte au moins {MIN_CHARACTERS} caractères; tous conviennent, une courte phrase est un bon choix."
            ),
        ));
    }
    if characters > MAX_CHARACTERS {
        return Some(Violation::new(
            Code::TooLong,
            field,
            format!("A password has at most {MAX_CHARACTERS} characters."),
            format!("Un mot de passe compte au plus {MAX_CHARACTERS} caractères."),
        ));
    }
    if is_common(password) {
        return Some(Violation::new(
            Code::Guessable,
            field,
            "This password is on the lists of stolen and common ones that are tried first. Choose another; four words that have nothing to do with each other are good.",
            "Ce mot de passe figure sur les listes de mots de passe volés ou courants, qui sont essayés en premier. Choisissez-en un autre; quatre mots sans rapport entre eux conviennent bien.",
        ));
    }
    let known = known.characters_in(password);
    (known > 0 && characters.saturating_sub(known) < MIN_CHARACTERS).then(|| {
        Violation::new(
            Code::Guessable,
            field,
            format!(
                "Without your name, your address and the name of this site, fewer than {MIN_CHARACTERS} characters are left of this password. Choose another, or add words to it."
            ),
            format!(
                "Sans votre nom, votre adresse et le nom de ce site, il reste moins de {MIN_CHARACTERS} caractères de ce mot de passe. Choisissez-en un autre, ou ajoutez-y des mots."
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<Code> {
        let config = Config::from_values(
            [(
                "MARKETPLACE_BASE_URL".to_owned(),
                "http://benevoles.example.org:8080".to_owned(),
            )]
            .into(),
        )
        .unwrap();
        let known = KnownWords::of_account(&config, "zoe.t@example.org", "Zoé-Anne", "Tremblay");
        violation(&password.to_owned().into(), &known, "password").map(|found| found.code)
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(code(&"é".repeat(7)), Some(Code::TooShort));
        assert_eq!((code(&"é".repeat(8)), code(&"é".repeat(128))), (None, None));
        assert_eq!(code(&"é".repeat(129)), Some(Code::TooLong));
    }

    #[test]
    fn what_others_try_first_is_refused() {
        for password in ["Password1", "motdepasse", "12345678"] {
            assert_eq!(code(password), Some(Code::Guessable), "{password}");
        }
    }

    #[test]
    fn what_is_known_of_the_person_and_the_site_does_not_count() {
        for password in [
            "zoe.t@example.org",
            "ZOE.T@example.org!!",
            "Tremblay",
            "tremblay2026",
            "Zoe Anne Tremblay",
            "tremblayzoeanne1",
            "T.r.e.m.b.l.a.y",
            "zoeanne-zoeanne",
            "Civic Tech Marketplace",
            "civictechmarketplace1",
            "benevoles.example.org",
        ] {
            assert_eq!(code(password), Some(Code::Guessable), "{password}");
        }
    }

    #[test]
    fn a_name_among_other_words_does_no_harm() {
        for password in [
            "tremblay likes rain",
            "civic tech demo",
            "Tremblay12345678",
            "correct horse battery staple",
        ] {
            assert_eq!(code(password), None, "{password}");
        }
    }
}
