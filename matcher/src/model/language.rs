//! The languages people speak: ISO 639-1 codes. What a role needs is a subset of what a person has, so they come in sets.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Rule;

/// The codes of ISO 639-1 in use (not the withdrawn ones), in order, two letters each.
const CODES: &str = "aaabaeafakamanarasavayazbabebgbibmbnbobrbscachcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofrfygagdgl\
gngugvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimkmlmnmrmsmtmynanb\
ndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukur\
uzvevivowawoxhyiyozazhzu";

/// A two-letter language code, as `en`, `fr` or `iu`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageCode([u8; 2]);

impl LanguageCode {
    /// English.
    pub const ENGLISH: Self = Self(*b"en");
    /// French.
    pub const FRENCH: Self = Self(*b"fr");

    /// Reads a code in any case.
    pub fn new(text: &str) -> Result<Self, Rule> {
        let unknown = || Rule::UnknownLanguage {
            given: text.to_owned(),
        };
        let [first, second] = text.as_bytes() else {
            return Err(unknown());
        };
        let code = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
        if CODES.as_bytes().chunks_exact(2).any(|known| known == code) {
            Ok(Self(code))
        } else {
            Err(unknown())
        }
    }
}

impl fmt::Display for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.0;
        write!(f, "{}{}", char::from(first), char::from(second))
    }
}

impl fmt::Debug for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for LanguageCode {
    type Error = Rule;

    fn try_from(text: String) -> Result<Self, Rule> {
        Self::new(&text)
    }
}

impl From<LanguageCode> for String {
    fn from(code: LanguageCode) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_without_duplicates() {
        let codes: Vec<_> = CODES.as_bytes().chunks(2).collect();
        assert!(codes.is_sorted_by(|a, b| a < b));
        assert!(codes.iter().all(|code| code.len() == 2));
    }

    #[test]
    fn codes_are_read_in_any_case_and_others_refused() {
        assert_eq!(LanguageCode::new("FR"), Ok(LanguageCode::FRENCH));
        for text in ["xx", "eng", "e", "", "é"] {
            assert_eq!(
                LanguageCode::new(text),
                Err(Rule::UnknownLanguage { given: text.into() })
            );
        }
    }
}
