//! The words of consents: open to everybody.

use async_graphql::Object;

use crate::domain::accounts::wordings;
use crate::graphql::types::consent::ConsentWording;

#[derive(Default)]
pub(super) struct ConsentQuery;

#[Object]
impl ConsentQuery {
    /// The words of the consents, one for each purpose.
    async fn consent_wordings(
        &self,
        #[graphql(
            desc = "The version; that which is shown now when absent. Of one that there never was there are none."
        )]
        version: Option<String>,
    ) -> Vec<ConsentWording> {
        let wordings = match version {
            Some(version) => wordings::find(&version),
            None => wordings::current(),
        };
        wordings.into_iter().map(ConsentWording::from).collect()
    }
}
