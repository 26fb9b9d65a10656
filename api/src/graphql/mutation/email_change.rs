//! Another mail address for an account.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entity::personal::Personal;

use crate::domain::accounts::request_email_change;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};

#[derive(Default)]
pub(super) struct EmailChangeMutation;

#[Object]
impl EmailChangeMutation {
    /// Asks for another mail address for the logged-in account, in a session that has shown the second factor where there is
    /// one. A link to confirm it is mailed to the new address, good for a day, and the address of now is told. Until the link is
    /// followed nothing changes; then every session ends. The answer is the same for an address that has an account, which gets
    /// no link. Once an hour.
    async fn change_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new address, and the password.")] input: ChangeEmailInput,
    ) -> Result<ChangeEmailPayload> {
        let request = ctx.request()?;
        let input = request_email_change::Input {
            new_email: Personal::new(input.new_email),
            current_password: input.current_password.into(),
        };
        let outcome = request_email_change::run(request, &input).await;
        let (_, user_errors) = split(request, outcome)?;
        Ok(ChangeEmailPayload { user_errors })
    }
}

/// The new address, and the password.
#[derive(InputObject)]
struct ChangeEmailInput {
    /// The mail address that the account shall have.
    new_email: String,
    /// The password in use.
    #[graphql(secret)]
    current_password: String,
}

/// The outcome of asking for another address.
#[derive(SimpleObject)]
struct ChangeEmailPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
