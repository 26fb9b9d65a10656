//! The address that an account's owner wants instead: it stands with the link that confirms it, and sessions end with the change.

use sea_orm_migration::prelude::*;

use crate::alter;

/// Adds `account_token.email`, the purpose it is for, and why sessions end then.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const PURPOSES: (&[&str], &[&str]) = (
    &["verify_address", "reset_password"],
    &["verify_address", "reset_password", "change_email"],
);
const REASONS: (&[&str], &[&str]) = (
    &[
        "logged_out",
        "revoked",
        "reused",
        "password_changed",
        "disabled",
        "expired",
    ],
    &[
        "logged_out",
        "revoked",
        "reused",
        "password_changed",
        "email_changed",
        "disabled",
        "expired",
    ],
);

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (before, after) = PURPOSES;
        alter::change_choice(manager, "account_token", "purpose", before, after).await?;
        let (before, after) = REASONS;
        alter::change_choice(manager, "session", "end_reason", before, after).await?;
        let rule = "purpose = 'change_email'";
        alter::add_text_where(manager, "account_token", "email", rule).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DELETE FROM account_token WHERE purpose = 'change_email'")
            .await?;
        connection
            .execute_unprepared(
                "UPDATE session SET end_reason = 'revoked' WHERE end_reason = 'email_changed'",
            )
            .await?;
        alter::drop_column(manager, "account_token", "email").await?;
        let (before, after) = REASONS;
        alter::change_choice(manager, "session", "end_reason", after, before).await?;
        let (before, after) = PURPOSES;
        alter::change_choice(manager, "account_token", "purpose", after, before).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
