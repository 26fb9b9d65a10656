//! The two languages in which the crate speaks to people. Languages that people speak are [`super::LanguageCode`].

use serde::{Deserialize, Serialize};

/// A language of output: Canadian English or Canadian French.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Canadian English.
    #[default]
    En,
    /// Canadian French.
    Fr,
}

impl Locale {
    /// `en` where the locale is English, else `fr`: for texts that stand side by side.
    pub fn pick<T>(self, en: T, fr: T) -> T {
        match self {
            Self::En => en,
            Self::Fr => fr,
        }
    }
}
