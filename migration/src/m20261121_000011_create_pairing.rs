//! Pairings through all their states, the steps they took, and coordinators' standing instructions.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables, list};

/// The states of a pairing that is not over, of which a role and a volunteer share one at most.
const LIVE: &[&str] = &[
    "suggested",
    "interested",
    "invited",
    "approved",
    "held",
    "offered",
    "volunteer_accepted",
    "organization_accepted",
    "confirmed",
];
const STATES: &[&str] = &[
    "suggested",
    "interested",
    "invited",
    "approved",
    "held",
    "offered",
    "volunteer_accepted",
    "organization_accepted",
    "confirmed",
    "rejected",
    "declined",
    "withdrawn",
    "expired",
    "recalled",
    "superseded",
    "concluded",
];

/// Creates `pairing_rule`, `pairing`, `pairing_event`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("pairing_rule")
            .id()
            .reference("role_id", "role", OnDelete::Cascade)
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .unique(&["role_id", "volunteer_id"])
            .choice("kind", &["pin", "forbid"])
            .text("note")
            .or_null()
            .reference("created_by", "account", OnDelete::Restrict)
            .moment("created_at")
            .index(&["volunteer_id"])
            .create(manager)
            .await?;
        Table::new("pairing")
            .id()
            .reference("role_id", "role", OnDelete::Restrict)
            .reference("volunteer_id", "volunteer", OnDelete::Restrict)
            .reference("organization_id", "organization", OnDelete::Restrict)
            .reference("round_id", "round", OnDelete::Restrict)
            .or_null()
            .choice(
                "origin",
                &["matcher", "volunteer", "organization", "coordinator"],
            )
            .choice("state", STATES)
            .basis_points("score_bp")
            .or_null()
            .basis_points("confidence_bp")
            .or_null()
            .json("factors")
            .or_null()
            .text("engine_version")
            .or_null()
            .text("message")
            .or_null()
            .text("reason_code")
            .or_null()
            .choice("declined_by", &["volunteer", "organization"])
            .or_null()
            .reference("approved_by", "account", OnDelete::Restrict)
            .or_null()
            .moment("held_until")
            .or_null()
            .moment("offered_at")
            .or_null()
            .moment("answer_due_at")
            .or_null()
            .moment("reminded_at")
            .or_null()
            .version()
            .timestamps()
            .unique_where(
                "live",
                &["role_id", "volunteer_id"],
                &format!("state IN ({})", list(LIVE)),
            )
            .index(&["organization_id", "state"])
            .index(&["volunteer_id", "state"])
            .index(&["role_id", "state"])
            .index(&["round_id"])
            .index(&["state", "answer_due_at"])
            .index(&["state", "held_until"])
            .create(manager)
            .await?;
        Table::new("pairing_event")
            .id()
            .reference("pairing_id", "pairing", OnDelete::Cascade)
            .count("sequence", 1)
            .unique(&["pairing_id", "sequence"])
            .choice("from_state", STATES)
            .or_null()
            .choice("to_state", STATES)
            .choice(
                "actor_kind",
                &["system", "volunteer", "organization", "coordinator"],
            )
            .reference("actor_account_id", "account", OnDelete::Restrict)
            .or_null()
            .text("reason_code")
            .text("note")
            .or_null()
            .moment("at")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["pairing_event", "pairing", "pairing_rule"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
