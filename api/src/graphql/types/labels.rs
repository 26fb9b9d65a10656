//! The words for a concept in both languages.

use async_graphql::SimpleObject;
use entity::language::Language;

use crate::context::Context;
use crate::graphql::types::language::Language as RequestedLanguage;

/// The words for a concept in both languages.
#[derive(Clone, Debug, SimpleObject)]
pub struct Labels {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

/// The label in the language asked for, else in the request's.
pub(super) fn pick<'label>(
    request: &Context,
    language: Option<RequestedLanguage>,
    en: &'label str,
    fr: &'label str,
) -> &'label str {
    match language.map_or(request.language, Into::into) {
        Language::En => en,
        Language::Fr => fr,
    }
}
