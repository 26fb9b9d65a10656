//! What the hash of an entry is made of: every column but the hash itself, the hash of the entry before among them.

use entity::audit_event;
use sha2::{Digest as _, Sha256};

use crate::credentials::secret_token::hexadecimal;

/// The hash that the first entry follows.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of an entry: SHA-256 of its columns as one JSON array, in lower-case hexadecimal.
pub(super) fn hash(event: &audit_event::Model) -> String {
    let fields = serde_json::json!([
        event.id,
        event.sequence,
        event.at,
        event.actor_account_id,
        event.actor_kind.as_str(),
        event.action,
        event.subject_kind,
        event.subject_id,
        event.request_id,
        event.detail,
        event.previous_hash,
    ]);
    hexadecimal(&Sha256::digest(fields.to_string().as_bytes()))
}
