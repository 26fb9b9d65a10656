//! The history of the database's schema: one reversible step per module, for SQLite and PostgreSQL alike.
//!
//! Steps are frozen once released and import no entity, because entities move on and history does not.
//! Each runs in a transaction on both databases: it is applied whole or not at all.

use sea_orm_migration::prelude::*;

mod alter;
mod index;
mod m20261121_000001_create_account;
mod m20261121_000002_create_organization;
mod m20261121_000003_create_skill;
mod m20261121_000004_create_cause;
mod m20261121_000005_create_role_family;
mod m20261121_000006_create_project;
mod m20261121_000007_create_role;
mod m20261121_000008_create_volunteer;
mod m20261121_000009_create_conflict_of_interest;
mod m20261121_000010_create_round;
mod m20261121_000011_create_pairing;
mod m20261121_000012_create_placement;
mod m20261121_000013_create_job;
mod m20261121_000014_create_mail;
mod m20261121_000015_create_consent;
mod m20261121_000016_create_audit_event;
mod m20261122_000017_create_matching_revision;
mod m20261122_000018_index_pairing_by_age;
mod m20261122_000019_create_round_proof;
mod m20261122_000020_create_signing_key;
mod m20261122_000021_create_second_factor;
mod m20261122_000022_add_session_cookie;
mod m20261122_000023_add_mail_basis;
mod m20261122_000024_create_account_activity;
mod m20261122_000025_create_throttle;
mod m20261122_000026_create_incident;
mod m20261122_000027_create_personal_read;
mod m20261122_000029_create_passkey;
mod m20261123_000028_add_token_email;
mod m20261123_000030_create_identity;
mod m20261123_000031_add_job_lane;
mod m20261123_000032_create_job_pause;
mod m20261123_000033_add_mail_outcome;
mod m20261123_000034_add_placement_calendar;
mod m20261123_000035_create_follow_up;
mod m20261123_000036_create_worklist_note;
mod m20261123_000037_add_seat_to_worklist;
mod m20261123_000038_create_idempotency_key;
mod schema;

/// Applies and reverts the steps in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_account::Migration),
            Box::new(m20261121_000002_create_organization::Migration),
            Box::new(m20261121_000003_create_skill::Migration),
            Box::new(m20261121_000004_create_cause::Migration),
            Box::new(m20261121_000005_create_role_family::Migration),
            Box::new(m20261121_000006_create_project::Migration),
            Box::new(m20261121_000007_create_role::Migration),
            Box::new(m20261121_000008_create_volunteer::Migration),
            Box::new(m20261121_000009_create_conflict_of_interest::Migration),
            Box::new(m20261121_000010_create_round::Migration),
            Box::new(m20261121_000011_create_pairing::Migration),
            Box::new(m20261121_000012_create_placement::Migration),
            Box::new(m20261121_000013_create_job::Migration),
            Box::new(m20261121_000014_create_mail::Migration),
            Box::new(m20261121_000015_create_consent::Migration),
            Box::new(m20261121_000016_create_audit_event::Migration),
            Box::new(m20261122_000017_create_matching_revision::Migration),
            Box::new(m20261122_000018_index_pairing_by_age::Migration),
            Box::new(m20261122_000019_create_round_proof::Migration),
            Box::new(m20261122_000020_create_signing_key::Migration),
            Box::new(m20261122_000021_create_second_factor::Migration),
            Box::new(m20261122_000022_add_session_cookie::Migration),
            Box::new(m20261122_000023_add_mail_basis::Migration),
            Box::new(m20261122_000024_create_account_activity::Migration),
            Box::new(m20261122_000025_create_throttle::Migration),
            Box::new(m20261122_000026_create_incident::Migration),
            Box::new(m20261122_000027_create_personal_read::Migration),
            Box::new(m20261122_000029_create_passkey::Migration),
            Box::new(m20261123_000030_create_identity::Migration),
            Box::new(m20261123_000031_add_job_lane::Migration),
            Box::new(m20261123_000032_create_job_pause::Migration),
            Box::new(m20261123_000033_add_mail_outcome::Migration),
            Box::new(m20261123_000028_add_token_email::Migration),
            Box::new(m20261123_000034_add_placement_calendar::Migration),
            Box::new(m20261123_000035_create_follow_up::Migration),
            Box::new(m20261123_000036_create_worklist_note::Migration),
            Box::new(m20261123_000037_add_seat_to_worklist::Migration),
            Box::new(m20261123_000038_create_idempotency_key::Migration),
        ]
    }
}

pub use sea_orm_migration::MigratorTrait;
