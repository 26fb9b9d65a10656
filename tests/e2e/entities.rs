//! The entities and the migrated schema are written apart; here each is held against the other.

use std::collections::{BTreeMap, BTreeSet};

use api::domain::privacy::inventory::HELD;
use entity::actor_kind::ActorKind;
use entity::language::Language;
use entity::location_mode::LocationMode;
use entity::{
    account, account_token, audit_event, check_in, conflict_of_interest, consent, follow_up,
    incident, job, mail_message, membership, organization, pairing, pairing_rule, pending_log_in,
    personal_read, placement, project, role, role_language, role_skill, round, session,
    signing_key, suppression, vetting_record, volunteer, worklist_note,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ColumnType, DatabaseConnection, DbBackend, EntityTrait,
    IdenStatic, Iterable, QuerySelect, Value,
};
use serde_json::json;
use tests::database::TestDatabase;
use tests::on_both_databases;

use crate::catalog::{self, Column};

/// Evaluates an expression once per entity, with the entity's type under the name given.
macro_rules! for_every_entity {
    ($entity:ident => $body:expr) => {
        for_every_entity! {
            @each $entity => $body;
            account
            account_activity
            account_token
            audit_event
            cause
            check_in
            conflict_of_interest
            consent
            follow_up
            idempotency_key
            identity
            incident
            job
            job_pause
            mail_message
            matching_revision
            membership
            organization
            pairing
            pairing_event
            pairing_rule
            passkey
            passkey_challenge
            pending_log_in
            personal_read
            placement
            project
            project_cause
            recovery_code
            refresh_token
            role
            role_family
            role_family_skill
            role_language
            role_skill
            role_window
            round
            round_pairing
            round_proof
            second_factor
            session
            signing_key
            skill
            skill_alias
            skill_category
            skill_relation
            suppression
            throttle
            time_off
            vetting_record
            volunteer
            volunteer_cause
            volunteer_language
            volunteer_skill
            volunteer_window
            worklist_note
        }
    };
    (@each $entity:ident => $body:expr; $($module:ident)+) => {
        $({
            type $entity = entity::$module::Entity;
            $body;
        })+
    };
}

/// What is held of people in columns of any text, number or document whose debug form shows it, and why it may.
const SHOWN: &[(&str, &[&str])] = &[
    (
        "a digest, or sealed",
        &[
            "account.password_hash",
            "account_token.token_hash",
            "audit_event.hash",
            "audit_event.previous_hash",
            "idempotency_key.key_hash",
            "idempotency_key.request_hash",
            "passkey_challenge.challenge_hash",
            "pending_log_in.browser_hash",
            "pending_log_in.nonce_hash",
            "pending_log_in.sealed_verifier",
            "pending_log_in.state_hash",
            "recovery_code.code_hash",
            "refresh_token.token_hash",
            "round.inputs_digest",
            "second_factor.sealed_secret",
            "session.cookie_hash",
        ],
    ),
    (
        "an id, or made by a program",
        &[
            "audit_event.request_id",
            "audit_event.subject_id",
            "identity.issuer",
            "mail_message.message_id",
            "passkey.credential_id",
            "passkey.public_key",
            "round.scope",
            "round.weights",
        ],
    ),
    (
        "one of a list",
        &[
            "account.zone",
            "audit_event.action",
            "audit_event.subject_kind",
            "consent.wording_version",
            "mail_message.bounce_status",
            "mail_message.kind",
            "pairing.engine_version",
            "pairing.reason_code",
            "pairing_event.reason_code",
            "placement.end_reason",
            "round.engine_version",
            "round.weights_version",
            "volunteer.role_family_id",
            "volunteer.zone",
            "volunteer_cause.cause_id",
            "volunteer_language.language",
            "volunteer_skill.skill_id",
        ],
    ),
    ("without personal values", &["audit_event.detail"]),
    (
        "about an organization",
        &["vetting_record.evidence", "vetting_record.note"],
    ),
];

/// Checks that name texts and are rules about several columns, not lists.
const RULES: [&str; 5] = [
    "ck_account_token_email",
    "ck_pending_log_in_whose",
    "ck_personal_read_organization",
    "ck_project_title",
    "ck_signing_key_private_key",
];

#[test]
fn what_people_tell_is_in_no_debug_form_of_a_row() {
    let mut found = BTreeSet::new();
    for_every_entity!(E => found.extend(shown::<E>()));
    let reasons = SHOWN.iter().flat_map(|(_, columns)| *columns);
    let known: BTreeSet<String> = reasons.map(|column| (*column).to_owned()).collect();
    assert_eq!(found, known);
}

on_both_databases! {
    async fn every_entity_reads_its_table(backend) {
        let database = TestDatabase::new(backend).await;
        for_every_entity!(E => reads_its_table::<E>(&database.connection).await);
    }

    async fn every_entity_has_the_columns_of_its_table(backend) {
        let database = TestDatabase::new(backend).await;
        for_every_entity!(E => has_the_columns_of_its_table::<E>(&database.connection).await);
    }

    async fn every_table_has_an_entity(backend) {
        let database = TestDatabase::new(backend).await;
        let mut tables = BTreeSet::new();
        for_every_entity!(E => tables.insert(E::default().as_str().to_owned()));
        assert_eq!(catalog::tables(&database.connection).await, tables);
    }

    async fn every_list_of_texts_is_that_of_an_enum(backend) {
        let database = TestDatabase::new(backend).await;
        let lists = catalog::constraints(&database.connection).await;
        let listed: BTreeMap<_, _> = lists
            .into_iter()
            .filter(|(name, texts)| name.starts_with("ck_") && !texts.is_empty() && !RULES.contains(&name.as_str()))
            .collect();
        assert_eq!(listed, enum_columns());
    }
}

/// The columns that take any text, number or document, hold it of people, and show it in the debug form of their row: an active
/// model has the fields of the model, of the same types.
fn shown<E: EntityTrait>() -> BTreeSet<String>
where
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let table = E::default();
    let held = HELD.iter().filter(|held| held.table == table.as_str());
    let names: BTreeSet<&str> = held
        .flat_map(|held| held.columns)
        .map(|it| it.name)
        .collect();
    E::Column::iter()
        .filter(|column| names.contains(column.as_str()))
        .filter(|column| {
            let planted = match column.def().get_column_type() {
                ColumnType::String(_) | ColumnType::Text => Value::from("planted"),
                ColumnType::Double => Value::from(45.501_689),
                ColumnType::JsonBinary => Value::from(json!({ "words": "planted" })),
                _ => return false,
            };
            let mut row = <E::ActiveModel as ActiveModelTrait>::default();
            // The enums of columns take nothing else than their texts.
            row.try_set(*column, planted).is_ok() && {
                let form = format!("{row:?}");
                form.contains("planted") || form.contains("45.5")
            }
        })
        .map(|column| format!("{}.{}", table.as_str(), column.as_str()))
        .collect()
}

async fn reads_its_table<E: EntityTrait>(connection: &DatabaseConnection) {
    let rows = E::find().limit(2).all(connection).await;
    let table = E::default();
    // A new database holds one row: the revision that everything is counted from.
    let expected = usize::from(table.as_str() == "matching_revision");
    assert!(
        rows.is_ok_and(|rows| rows.len() == expected),
        "{}",
        table.as_str()
    );
}

async fn has_the_columns_of_its_table<E: EntityTrait>(connection: &DatabaseConnection) {
    let backend = sea_orm::ConnectionTrait::get_database_backend(connection);
    let described: BTreeMap<_, _> = E::Column::iter()
        .map(|column| {
            let definition = column.def();
            let kind = kind(definition.get_column_type(), backend).to_owned();
            (
                column.as_str().to_owned(),
                Column {
                    kind,
                    is_nullable: definition.is_null(),
                },
            )
        })
        .collect();
    let table = E::default();
    assert_eq!(
        catalog::columns(connection, table.as_str()).await,
        described,
        "{}",
        table.as_str()
    );
}

/// How a database calls the type of an entity's column.
fn kind(column: &ColumnType, backend: DbBackend) -> &'static str {
    let (sqlite, postgres) = match column {
        ColumnType::Uuid => ("BLOB", "uuid"),
        ColumnType::String(_) | ColumnType::Text => ("TEXT", "text"),
        ColumnType::SmallInteger => ("INTEGER", "smallint"),
        ColumnType::Integer => ("INTEGER", "integer"),
        ColumnType::BigInteger => ("INTEGER", "bigint"),
        ColumnType::Double => ("REAL", "double precision"),
        ColumnType::Boolean => ("INTEGER", "boolean"),
        ColumnType::TimestampWithTimeZone => ("TEXT", "timestamp with time zone"),
        ColumnType::Date => ("TEXT", "date"),
        ColumnType::JsonBinary => ("TEXT", "jsonb"),
        other => panic!("no column may be {other:?}"),
    };
    if backend == DbBackend::Sqlite {
        sqlite
    } else {
        postgres
    }
}

/// The texts of each column that holds an enum, by the name of the column's CHECK.
fn enum_columns() -> BTreeMap<String, Vec<String>> {
    macro_rules! columns {
        ($($table:ident.$column:ident: $choice:ty,)+) => {
            [$((
                concat!("ck_", stringify!($table), "_", stringify!($column)).to_owned(),
                <$choice>::ALL.iter().map(|choice| choice.as_str().to_owned()).collect(),
            )),+]
        };
    }
    BTreeMap::from(columns! {
        account.preferred_language: Language,
        account.state: account::AccountState,
        account.staff_role: account::StaffRole,
        account_token.purpose: account_token::TokenPurpose,
        audit_event.actor_kind: audit_event::AuditActorKind,
        check_in.answer: check_in::CheckInAnswer,
        conflict_of_interest.kind: conflict_of_interest::ConflictKind,
        consent.purpose: consent::ConsentPurpose,
        consent.language: Language,
        consent.channel: consent::ConsentChannel,
        follow_up.kind: follow_up::FollowUpKind,
        incident.kind: incident::IncidentKind,
        incident.risk: incident::IncidentRisk,
        job.state: job::JobState,
        mail_message.topic: mail_message::MailTopic,
        mail_message.language: Language,
        mail_message.state: mail_message::MailState,
        mail_message.basis: mail_message::MailBasis,
        membership.role: membership::MembershipRole,
        membership.state: membership::MembershipState,
        organization.kind: organization::OrganizationKind,
        organization.original_language: Language,
        organization.state: organization::OrganizationState,
        pairing.origin: pairing::PairingOrigin,
        pairing.state: pairing::PairingState,
        pairing.declined_by: pairing::PairingSide,
        pairing_event.from_state: pairing::PairingState,
        pairing_event.to_state: pairing::PairingState,
        pairing_event.actor_kind: ActorKind,
        pairing_rule.kind: pairing_rule::PairingRuleKind,
        pending_log_in.purpose: pending_log_in::LogInPurpose,
        personal_read.viewer_role: personal_read::ViewerRole,
        personal_read.field_group: personal_read::FieldGroup,
        placement.state: placement::PlacementState,
        project.original_language: Language,
        project.stage: project::ProjectStage,
        project.engagement: project::Engagement,
        project.state: project::ProjectState,
        project.location_mode: LocationMode,
        role.state: role::RoleState,
        role.location_mode: LocationMode,
        role_language.kind: role_language::RoleLanguageKind,
        role_skill.kind: role_skill::RoleSkillKind,
        round.state: round::RoundState,
        session.end_reason: session::SessionEndReason,
        signing_key.state: signing_key::SigningKeyState,
        skill_alias.language: Language,
        suppression.topic: suppression::SuppressionTopic,
        suppression.reason: suppression::SuppressionReason,
        vetting_record.decision: vetting_record::VettingDecision,
        volunteer.about_language: Language,
        volunteer.state: volunteer::VolunteerState,
        worklist_note.kind: worklist_note::WorklistKind,
    })
}
