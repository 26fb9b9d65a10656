//! Beginning to log in with a passkey: what the browser passes to the device. Nobody says who they are before the device does.

use serde_json::{Value, json};

use super::{CHALLENGE_LIFE, add_challenge, party};
use crate::context::Context;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::store::transaction::{begin_write, retrying};

/// Makes the options of `navigator.credentials.get`, the same for everybody but for the challenge.
pub async fn run(ctx: &Context) -> Result<Value, DomainError> {
    let limiter = &ctx.app.limiter;
    limiter
        .check_client(Operation::BeginLogIn, ctx.client)
        .await?;
    let challenge = retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        let challenge = add_challenge(ctx, &*transaction, None).await?;
        transaction.commit().await?;
        Ok(challenge)
    })
    .await?;
    Ok(json!({
        "challenge": challenge,
        "timeout": CHALLENGE_LIFE.num_milliseconds(),
        "rpId": party(&ctx.app)?.id,
        "allowCredentials": [],
        "userVerification": "required",
    }))
}
