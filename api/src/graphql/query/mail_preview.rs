//! Looking at mails before anybody gets one.

use async_graphql::{Context, Object, Result};

use crate::domain::mails::preview::{self, Input};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::types::language::Language;
use crate::graphql::types::mail_preview::{MailKind, MailPreview};
use crate::outbox::mail_language;

#[derive(Default)]
pub(super) struct MailPreviewQuery;

#[Object]
impl MailPreviewQuery {
    /// A mail with invented data, as its reader would get it; nothing that was sent is shown. For coordinators.
    async fn mail_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which mail.")] kind: MailKind,
        #[graphql(
            desc = "In which language; without one it is in both, as for somebody whose language is not known."
        )]
        language: Option<Language>,
    ) -> Result<MailPreview> {
        let request = ctx.request()?;
        let input = Input {
            kind: kind.into(),
            language: language.map(|language| mail_language(language.into())),
        };
        Ok(MailPreview(graphql(request, preview::run(request, input))?))
    }
}
