//! Accounts, how they log in, and the one-time secrets mailed to them.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `account`, `account_token`, `session`, `refresh_token`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("account")
            .id()
            .text("email")
            .text("email_normalized")
            .unique(&["email_normalized"])
            .text("password_hash")
            .or_null()
            .text("given_name")
            .text("family_name")
            .choice("preferred_language", &["en", "fr"])
            .or_null()
            .text("zone")
            .choice("state", &["unverified", "active", "disabled", "erased"])
            .choice("staff_role", &["coordinator", "admin"])
            .or_null()
            .moment("email_verified_at")
            .or_null()
            .version()
            .timestamps()
            .create(manager)
            .await?;
        Table::new("account_token")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .choice("purpose", &["verify_address", "reset_password"])
            .text("token_hash")
            .unique(&["token_hash"])
            .moment("expires_at")
            .moment("used_at")
            .or_null()
            .moment("created_at")
            .index(&["account_id"])
            .create(manager)
            .await?;
        Table::new("session")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .text("user_agent")
            .or_null()
            .moment("created_at")
            .moment("last_used_at")
            .moment("expires_at")
            .moment("ended_at")
            .or_null()
            .choice(
                "end_reason",
                &[
                    "logged_out",
                    "revoked",
                    "reused",
                    "password_changed",
                    "disabled",
                    "expired",
                ],
            )
            .or_null()
            .check("end", "(ended_at IS NULL) = (end_reason IS NULL)")
            .index(&["account_id"])
            .create(manager)
            .await?;
        Table::new("refresh_token")
            .id()
            .reference("session_id", "session", OnDelete::Cascade)
            .text("token_hash")
            .unique(&["token_hash"])
            .moment("issued_at")
            .moment("used_at")
            .or_null()
            .uuid("successor_id")
            .or_null()
            .moment("access_used_at")
            .or_null()
            .index(&["session_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["refresh_token", "session", "account_token", "account"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
