//! The list itself: one line a column.

use super::Erasure::{Counted, Emptied, Number, Stamped, Text, Tombstone, Unworded};
use super::{Column, Erasure, Export, Held, Purpose, Rows, Whose, Withheld, definition};

/// What its owner told or did: in the export, and emptied by erasure.
const fn own(name: &'static str) -> Column {
    Column {
        name,
        export: Export::Shown,
        erasure: Erasure::Emptied,
    }
}

/// What leads to nobody once the rest is gone: in the export, and kept.
const fn fact(name: &'static str) -> Column {
    Column {
        name,
        export: Export::Shown,
        erasure: Erasure::Kept,
    }
}

/// What whoever has it can act with: in no export, and emptied.
const fn secret(name: &'static str) -> Column {
    Column {
        name,
        export: Export::Withheld(Withheld::Secret),
        erasure: Erasure::Emptied,
    }
}

/// What is another's: in no export, and kept.
const fn others(name: &'static str) -> Column {
    Column {
        name,
        export: Export::Withheld(Withheld::OfOthers),
        erasure: Erasure::Kept,
    }
}

/// What tells nothing of anybody: in no export, and kept.
const fn books(name: &'static str) -> Column {
    Column {
        name,
        export: Export::Withheld(Withheld::Bookkeeping),
        erasure: Erasure::Kept,
    }
}

impl Column {
    const fn then(mut self, erasure: Erasure) -> Self {
        self.erasure = erasure;
        self
    }
}

macro_rules! held {
    ($(
        $table:ident $(as $name:literal)?, $whose:expr, $purpose:ident, $rows:ident:
        $($make:ident[$($column:literal $(=> $erasure:expr)?),+ $(,)?])+;
    )+) => {
        /// All that is held of people. Erasure goes from the first line to the last: rows come before those they hang on.
        pub const HELD: &[Held] = &[$(
            Held {
                table: stringify!($table),
                name: held!(@name $table $($name)?),
                whose: $whose,
                purpose: Purpose::$purpose,
                rows: Rows::$rows,
                columns: &[$($($make($column)$(.then($erasure))?,)+)+],
                definition: definition::<entity::$table::Entity>,
            },
        )+];
    };
    (@name $table:ident $name:literal) => { $name };
    (@name $table:ident) => { stringify!($table) };
}

held! {
    account_token, Whose::Account("account_id"), Security, Deleted:
        own["id", "account_id", "purpose", "expires_at", "used_at", "created_at", "email"] secret["token_hash"];
    refresh_token, Whose::Session("session_id"), Security, Deleted:
        own["id", "session_id", "issued_at", "used_at", "access_used_at", "successor_id"] secret["token_hash"];
    pending_log_in, Whose::Account("account_id"), Security, Deleted:
        own["account_id", "session_id", "purpose", "expires_at"]
        secret["state_hash", "browser_hash", "nonce_hash", "sealed_verifier"];
    session, Whose::Account("account_id"), Security, Deleted:
        own["id", "account_id", "user_agent", "created_at", "last_used_at", "expires_at", "ended_at", "end_reason"]
        own["factor_at"] secret["cookie_hash"];
    second_factor, Whose::Account("account_id"), Security, Deleted:
        own["account_id", "created_at", "confirmed_at"] secret["sealed_secret"] books["last_step"];
    recovery_code, Whose::Account("account_id"), Security, Deleted:
        own["account_id", "created_at", "used_at"] secret["code_hash"];
    passkey, Whose::Account("account_id"), Security, Deleted:
        own["id", "account_id", "name", "credential_id", "created_at", "last_used_at"] books["public_key", "signature_count"];
    passkey_challenge, Whose::Account("account_id"), Security, Deleted:
        own["account_id", "expires_at"] secret["challenge_hash"];
    identity, Whose::Account("account_id"), Security, Deleted:
        own["id", "account_id", "issuer", "subject", "linked_at"];

    follow_up, Whose::Account("account_id"), Account, Deleted:
        own["id", "account_id", "kind", "subject_id", "occasion", "noted_at", "told_at"];
    account_activity, Whose::Account("account_id"), Account, Deleted:
        own["account_id", "last_used_at", "first_notice_at", "last_notice_at"];

    volunteer_skill, Whose::Volunteer("volunteer_id"), Matching, Deleted:
        own["volunteer_id", "skill_id", "level", "years", "wants_to_learn"];
    volunteer_window, Whose::Volunteer("volunteer_id"), Matching, Deleted:
        own["id", "volunteer_id", "weekday", "start_minute", "end_minute"];
    volunteer_language, Whose::Volunteer("volunteer_id"), Matching, Deleted:
        own["volunteer_id", "language"];
    volunteer_cause, Whose::Volunteer("volunteer_id"), Matching, Deleted:
        own["volunteer_id", "cause_id"];
    time_off, Whose::Volunteer("volunteer_id"), Matching, Deleted:
        own["id", "volunteer_id", "starts_on", "ends_on"];
    conflict_of_interest, Whose::Volunteer("volunteer_id"), Matching, Deleted:
        own["id", "volunteer_id", "organization_id", "kind", "note"];
    pairing_rule, Whose::Volunteer("volunteer_id"), Matching, Deleted:
        own["id", "role_id", "volunteer_id", "kind", "created_at"] others["note", "created_by"];
    pairing_rule as "pairing_rule_made", Whose::Account("created_by"), Matching, Kept:
        fact["id", "role_id", "kind", "created_at", "created_by"] own["note"] others["volunteer_id"];
    round_pairing, Whose::Volunteer("volunteer_id"), Matching, Kept:
        fact["round_id", "role_id", "volunteer_id", "score_bp", "confidence_bp", "rank", "factors" => Unworded];
    volunteer, Whose::Account("account_id"), Matching, Kept:
        fact["id", "account_id", "created_at", "updated_at" => Stamped, "last_active_at" => Stamped]
        fact["state" => Text("left"), "max_placements" => Number(1)]
        own["role_family_id", "about", "about_language", "paused_until", "hours_per_week", "accepts_remote"]
        own["city", "latitude", "longitude", "radius_km", "zone"]
        books["version" => Counted];

    pairing_event, Whose::Pairing("pairing_id"), Pairing, Kept:
        fact["id", "pairing_id", "sequence", "from_state", "to_state", "actor_kind", "reason_code", "at"]
        others["actor_account_id", "note" => Emptied];
    pairing_event as "pairing_act", Whose::Account("actor_account_id"), Pairing, Kept:
        fact["id", "pairing_id", "actor_account_id", "to_state", "reason_code", "at"] own["note"];
    placement, Whose::Volunteer("volunteer_id"), Pairing, Kept:
        fact["id", "pairing_id", "role_id", "volunteer_id", "organization_id", "state", "hours_per_week"]
        fact["starts_on", "ends_on", "end_reason", "created_at", "updated_at"]
        books["calendar_sequence", "version"];
    check_in, Whose::Volunteer("volunteer_id"), Pairing, Deleted:
        own["id", "placement_id", "volunteer_id", "asked_at", "due_at", "answered_at", "answer", "note"];
    pairing, Whose::Volunteer("volunteer_id"), Pairing, Kept:
        fact["id", "role_id", "volunteer_id", "organization_id", "round_id", "origin", "state", "score_bp", "confidence_bp"]
        fact["factors" => Unworded, "reason_code", "declined_by", "held_until", "offered_at", "answer_due_at"]
        fact["reminded_at", "created_at", "updated_at"]
        own["message"] others["approved_by"] books["engine_version", "version"];
    pairing as "pairing_approved", Whose::Account("approved_by"), Pairing, Kept:
        fact["id", "approved_by", "role_id", "state"] others["volunteer_id"];

    membership, Whose::Account("account_id"), Organization, Deleted:
        own["id", "organization_id", "account_id", "role", "state", "created_at", "updated_at"];
    round as "round_started", Whose::Account("started_by"), Organization, Kept:
        fact["id", "started_by", "state", "started_at", "finished_at", "as_of"]
        books["scope", "weights", "weights_version", "engine_version", "inputs_digest", "version"]
        others["report", "applied_at", "applied_by"];
    round as "round_applied", Whose::Account("applied_by"), Organization, Kept:
        fact["id", "applied_by", "applied_at"];
    idempotency_key, Whose::Account("account_id"), Evidence, Deleted:
        fact["id", "account_id", "created_at", "claimed_at", "has_acted"] books["key_hash", "request_hash"]
        others["answer"];
    worklist_note, Whose::Account("assignee_id"), Organization, Kept:
        fact["id", "kind", "subject_id", "settled_at", "updated_at"] own["assignee_id"];
    vetting_record, Whose::Account("decided_by"), Organization, Kept:
        fact["id", "organization_id", "decision", "decided_by", "decided_at", "expires_at"]
        others["evidence", "note"];

    mail_message, Whose::Account("account_id"), Mail, Kept:
        fact["id", "kind", "topic", "account_id", "pairing_id", "state", "attempts", "created_at", "sent_at"]
        fact["basis", "consent_id", "bounced_at", "bounce_status", "complained_at"]
        own["to_address", "language", "error"] others["subject" => Emptied] secret["raw"] books["message_id"];
    mail_message as "mail_about_pairing", Whose::PairingMail, Mail, Kept:
        others["subject" => Emptied, "raw" => Emptied];
    mail_message as "digest", Whose::Digest, Mail, Kept:
        others["subject" => Emptied, "raw" => Emptied];
    suppression, Whose::Address("email_normalized"), Mail, Sealed:
        fact["id", "topic", "reason", "created_at"] own["email_normalized"];

    consent, Whose::Account("account_id"), Evidence, Kept:
        fact["id", "account_id", "purpose", "is_granted", "wording_version", "language", "channel", "given_at"];
    audit_event, Whose::Account("actor_account_id"), Evidence, Kept:
        fact["id", "at", "actor_account_id", "actor_kind", "action", "subject_kind", "subject_id", "request_id", "detail"]
        books["sequence", "previous_hash", "hash"];
    audit_event as "audit_about", Whose::AuditSubject, Evidence, Kept:
        fact["id", "at", "actor_kind", "action", "detail"] others["actor_account_id"];

    personal_read, Whose::Account("account_id"), Evidence, Kept:
        fact["id", "account_id", "viewer_role", "organization_id", "field_group", "day", "times"]
        others["viewer_account_id"];
    personal_read as "personal_read_made", Whose::Account("viewer_account_id"), Evidence, Kept:
        fact["id", "viewer_account_id", "viewer_role", "organization_id", "field_group", "day", "times"]
        others["account_id"];

    account, Whose::Account("id"), Account, Kept:
        fact["id", "created_at", "updated_at" => Stamped, "state" => Text("erased")]
        own["email", "given_name", "family_name", "preferred_language", "zone" => Text("UTC")]
        own["staff_role", "email_verified_at"]
        secret["password_hash"] books["email_normalized" => Tombstone, "version" => Counted];
}

/// The tables that hold nothing of a person, and what they hold instead.
pub const IMPERSONAL: &[(&str, &str)] = &[
    ("cause", "a concept"),
    ("incident", "what happened to data, never whose they were"),
    (
        "job",
        "ids of what is to be done, and errors without addresses",
    ),
    ("job_pause", "what a mail relay said, without addresses"),
    ("matching_revision", "a count"),
    ("organization", "an organization"),
    ("project", "an organization's project"),
    ("project_cause", "an organization's project"),
    ("role", "an organization's role"),
    ("role_family", "a concept"),
    ("role_family_skill", "a concept"),
    ("role_language", "an organization's role"),
    ("role_skill", "an organization's role"),
    ("role_window", "an organization's role"),
    (
        "round_proof",
        "ids and numbers, which erasure leaves leading to nobody",
    ),
    ("signing_key", "a key behind access tokens"),
    ("skill", "a concept"),
    ("skill_alias", "a concept"),
    ("skill_category", "a concept"),
    ("skill_relation", "a concept"),
    (
        "throttle",
        "keyed digests of addresses, for as long as tries are counted",
    ),
];
