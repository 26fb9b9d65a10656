//! Ending sessions from elsewhere.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::domain::accounts;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends one of your sessions, at once and with its open sockets. One that is over stays so.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: RevokeSessionInput,
    ) -> Result<RevokeSessionPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.session_id, "sessionId")?;
            retrying(|| accounts::revoke_session::run(request, id)).await
        };
        let (_, user_errors) = split(request, outcome.await)?;
        Ok(RevokeSessionPayload { user_errors })
    }

    /// Ends all of your sessions but the one whose token is shown with this request.
    async fn revoke_other_sessions(&self, ctx: &Context<'_>) -> Result<RevokeOtherSessionsPayload> {
        let request = ctx.request()?;
        let outcome = retrying(|| accounts::revoke_other_sessions::run(request)).await;
        let (count, user_errors) = split(request, outcome)?;
        Ok(RevokeOtherSessionsPayload {
            count: count.and_then(|count| i32::try_from(count).ok()),
            user_errors,
        })
    }
}

/// Which session to end.
#[derive(InputObject)]
struct RevokeSessionInput {
    /// The session, from `viewer.sessions`.
    session_id: ID,
}

/// The outcome of ending a session.
#[derive(SimpleObject)]
struct RevokeSessionPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// The outcome of ending the other sessions.
#[derive(SimpleObject)]
struct RevokeOtherSessionsPayload {
    /// How many were ended.
    count: Option<i32>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
