//! What must hold of everything that strangers send, whatever its bytes. A panic is a finding.
//!
//! The fuzzer calls these functions with bytes of its making, and ordinary tests with those in `regressions/`.

use std::path::Path;
use std::sync::OnceLock;

use api::credentials::access_token::{claims, key_id};
use api::credentials::link_token::{LinkError, sign, verify};
use api::credentials::signing_key::SigningKey;
use api::domain::mails::return_path;
use api::graphql::extensions::document_guard::{Limits, check};
use api::graphql::id::{GlobalId, Prefix, decode, encode};
use api::store::page::{Cursor, KeyKind, PageArguments, PageRequest, SortKey};
use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::id::{AccountId, PairingId, RoleFamilyId, RoleId, SkillId};
use matcher::mail::{Report, Status, Verdict};
use matcher::model::Locale;
use matcher::program::{Table, faults_of};
use secrecy::SecretString;
use serde_json::Value;

/// What the guard lets through, the parser reads or refuses, and it is within the bounds that the guard states.
pub fn guard(bytes: &[u8]) {
    let Ok(document) = str::from_utf8(bytes) else {
        return;
    };
    let limits = Limits::default();
    if let Ok(stats) = check(document, &limits) {
        assert!(document.len() <= limits.bytes, "{stats:?}");
        let _ = async_graphql::parser::parse_query(document);
    }
}

/// Every text is the id of one type at most, and what is read is written again as it was.
pub fn global_id(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let read = [
        reads::<AccountId>(text),
        reads::<PairingId>(text),
        reads::<RoleId>(text),
        reads::<RoleFamilyId>(text),
        reads::<SkillId>(text),
    ];
    let count = read.into_iter().filter(|is_read| *is_read).count();
    assert!(count <= 1, "`{text}` is of {count} types");
    assert!(count == 0 || Prefix::of(text).is_some(), "`{text}`");
}

fn reads<T: GlobalId>(text: &str) -> bool {
    let id = decode::<T>(&ID(text.to_owned()), "id");
    id.is_ok_and(|id| {
        assert_eq!(encode(&id).as_str(), text);
        true
    })
}

/// A cursor of another list or of values of other kinds is refused, and one that is read can be written into a question.
pub fn cursor(bytes: &[u8]) {
    let as_sent = String::from_utf8_lossy(bytes).into_owned();
    // What is under the armour, too: few texts come through it by chance.
    for text in [as_sent, URL_SAFE_NO_PAD.encode(bytes)] {
        let cursor = URL_SAFE_NO_PAD
            .decode(&text)
            .ok()
            .and_then(|json| serde_json::from_slice::<Cursor>(&json).ok());
        for key in [
            KeyKind::Text,
            KeyKind::Integer,
            KeyKind::Time,
            KeyKind::Uuid,
            KeyKind::Day,
        ] {
            let arguments = PageArguments {
                after: Some(text.clone()),
                ..PageArguments::default()
            };
            let request = PageRequest::new("projects/newest", (key, KeyKind::Uuid), &arguments);
            if request.is_err() {
                continue;
            }
            let cursor = cursor.as_ref().expect("what was accepted is a cursor");
            assert_eq!(cursor.list, "projects/newest");
            assert_eq!(kind(&cursor.key), key);
            assert_eq!(kind(&cursor.id), KeyKind::Uuid);
            let again = PageArguments {
                before: Some(cursor.encode()),
                ..PageArguments::default()
            };
            let request = PageRequest::new("projects/newest", (key, KeyKind::Uuid), &again);
            assert!(request.is_ok(), "{cursor:?}");
        }
    }
}

fn kind(key: &SortKey) -> KeyKind {
    match key {
        SortKey::Text(_) => KeyKind::Text,
        SortKey::Integer(_) => KeyKind::Integer,
        SortKey::Time(_) => KeyKind::Time,
        SortKey::Uuid(_) => KeyKind::Uuid,
        SortKey::Day(_) => KeyKind::Day,
    }
}

/// Only what was signed is read, only for its purpose and only in time.
pub fn link_token(bytes: &[u8]) {
    let secret = SecretString::from("a secret of thirty-two characters".to_owned());
    let now = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(
        verify::<Value>(&secret, "offer", &text, now),
        Err(LinkError::Forged)
    );

    let subject = Value::String(text.into_owned());
    let token = sign(&secret, "offer", &subject, now + TimeDelta::hours(1));
    assert_eq!(verify(&secret, "offer", &token, now), Ok(subject));
    assert_eq!(
        verify::<Value>(&secret, "reset", &token, now),
        Err(LinkError::Forged)
    );
    assert_eq!(
        verify::<u64>(&secret, "offer", &token, now),
        Err(LinkError::Forged)
    );
    let later = now + TimeDelta::hours(1);
    assert_eq!(
        verify::<Value>(&secret, "offer", &token, later),
        Err(LinkError::Expired)
    );

    // Any other token made of this one's characters is forged.
    let mut changed = token.clone().into_bytes();
    for (place, byte) in bytes.iter().enumerate().take(changed.len()) {
        changed[place] ^= byte;
    }
    if changed != token.as_bytes() {
        let changed = String::from_utf8_lossy(&changed);
        assert_eq!(
            verify::<Value>(&secret, "offer", &changed, now),
            Err(LinkError::Forged)
        );
    }
}

/// Whatever is shown as an access token says nothing, since our key did not sign it.
pub fn access_token(bytes: &[u8]) {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    let key = &KEY
        .get_or_init(|| SigningKey::generate().expect("a key"))
        .public;
    let now = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap_or_default();
    let as_sent = String::from_utf8_lossy(bytes).into_owned();
    // What is under the armour, too, and beside a header that is one of ours.
    let parts = bytes.split(|byte| *byte == b'.');
    let parts: Vec<String> = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
    let header = serde_json::json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": key.id });
    let header = URL_SAFE_NO_PAD.encode(header.to_string());
    let named = format!("{header}.{}", parts.join("."));
    for token in [as_sent, parts.join("."), named] {
        let _ = key_id(&token);
        let claims = claims(&token, &key.decoding, "https://marketplace.test", now);
        assert!(claims.is_none(), "{token}");
    }
}

/// A file is read, or its faults are told in both languages, as many in the one as in the other.
pub fn table(bytes: &[u8]) {
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default();
    for table in [Table::Volunteers, Table::Roles, Table::Relations] {
        for name in ["people.csv", "people.jsonl"] {
            let told = [Locale::En, Locale::Fr].map(|locale| {
                let faults = faults_of(table, Path::new(name), bytes, as_of, locale);
                faults.map(|words| words.lines().count())
            });
            assert_eq!(told[0], told[1], "{table:?} in {name}");
        }
    }
}

/// A report is read or refused, and what it says of a status is written as it is read.
pub fn mail_report(bytes: &[u8]) {
    let Ok(report) = Report::read(bytes) else {
        return;
    };
    if let Verdict::Failed(status) = report.verdict {
        assert_eq!(Status::parse(&status.to_string()), Some(status));
    }
    for address in report.addressed_to {
        let _ = return_path::read(&"a secret".into(), "bounces@marketplace.test", &address);
    }
}
