//! Accounts, for those who administer them.

use async_graphql::{Context, Object, Result};
use entity::personal::Personal;

use super::found;
use crate::domain::accounts;
use crate::graphql::context::RequestExt as _;
use crate::graphql::types::account::Account;

#[derive(Default)]
pub(super) struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The account with this mail address; null when there is none. For administrators.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its mail address.")] email: String,
    ) -> Result<Option<Account>> {
        let request = ctx.request()?;
        let email = Personal::new(email);
        let account = found(request, accounts::find::run(request, &email).await)?;
        Ok(account.map(Account))
    }
}
