//! What stands on an account whose address nobody has confirmed: whoever typed the address first put it there, and need not be
//! its owner.

use entity::account;
use entity::consent::ConsentPurpose;

use super::{second_factor, set_consent};
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::WriteTransaction;

/// Takes it away from an account that is about to get its owner: a second factor would keep the owner out, and consents would
/// be shown as the owner's. Nothing of an account whose address was confirmed before.
pub(super) async fn take_away(
    ctx: &Context,
    transaction: &WriteTransaction,
    account: &account::Model,
) -> Result<(), DomainError> {
    if account.email_verified_at.is_some() {
        return Ok(());
    }
    second_factor::delete(transaction, account.id).await?;
    for purpose in ConsentPurpose::ALL {
        let act = (*purpose, false, ctx.channel);
        set_consent::add(ctx, &**transaction, account.id, act).await?;
    }
    Ok(())
}
