//! What organizations write, in English, in French or in both: one text is chosen, and it is said which.

use async_graphql::{InputObject, Result, SimpleObject};
use entity::language::Language as StoredLanguage;

use super::language::Language;
use crate::context::Context;
use crate::domain::text::Localized;
use crate::error::DomainError;
use crate::graphql::error::graphql;

/// A text in one of its languages.
#[derive(Clone, Debug, SimpleObject)]
pub struct LocalizedText {
    /// The text.
    pub text: String,
    /// The language it is in.
    pub language: Language,
    /// Whether it was written in this language first, rather than translated.
    pub is_original: bool,
    /// Whether another language was wanted, in which the text does not exist.
    pub is_fallback: bool,
}

impl LocalizedText {
    /// The text in the wanted language (the request's when none is), else in the other; none when there is neither.
    pub fn choose(
        request: &Context,
        wanted: Option<Language>,
        original: StoredLanguage,
        en: Option<&str>,
        fr: Option<&str>,
    ) -> Option<Self> {
        let wanted = wanted.map_or(request.language, Into::into);
        let (first, second) = match wanted {
            StoredLanguage::En => ((en, StoredLanguage::En), (fr, StoredLanguage::Fr)),
            StoredLanguage::Fr => ((fr, StoredLanguage::Fr), (en, StoredLanguage::En)),
        };
        [first, second].into_iter().find_map(|(text, language)| {
            text.map(|text| Self {
                text: text.to_owned(),
                language: language.into(),
                is_original: language == original,
                is_fallback: language != wanted,
            })
        })
    }

    /// The same for a text that the database keeps present in one language at least.
    ///
    /// # Errors
    /// An internal error when it is not.
    pub fn choose_present(
        request: &Context,
        wanted: Option<Language>,
        original: StoredLanguage,
        en: Option<&str>,
        fr: Option<&str>,
    ) -> Result<Self> {
        let chosen = Self::choose(request, wanted, original, en, fr)
            .ok_or_else(|| DomainError::internal("a text is present in no language"));
        graphql(request, chosen)
    }
}

/// A text in English, in French, or in both. An empty one counts as absent.
#[derive(Clone, Debug, Default, InputObject)]
pub struct LocalizedTextInput {
    /// In English.
    en: Option<String>,
    /// In French.
    fr: Option<String>,
}

impl From<LocalizedTextInput> for Localized {
    fn from(input: LocalizedTextInput) -> Self {
        Self {
            en: input.en,
            fr: input.fr,
        }
    }
}
