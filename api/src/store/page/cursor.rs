//! Cursors: a place in a list as clients carry it. A cursor knows its list; another list refuses it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use sea_orm::Value;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Violation};

/// A value a list is sorted by, as it travels in a cursor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SortKey {
    /// Text, uuid or date, compared as the database compares it.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A time, in microseconds since 1970.
    Time(i64),
    /// A UUID.
    Uuid(uuid::Uuid),
    /// A calendar day.
    Day(NaiveDate),
}

/// Which kind of [`SortKey`] a list is sorted by. The database is never given another: it would refuse to compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// [`SortKey::Text`].
    Text,
    /// [`SortKey::Integer`].
    Integer,
    /// [`SortKey::Time`].
    Time,
    /// [`SortKey::Uuid`].
    Uuid,
    /// [`SortKey::Day`].
    Day,
}

impl SortKey {
    /// Whether it is of `kind`, and a value that both databases can read: no NUL in text, and the years that have four
    /// digits, in which every time and day of ours lies.
    fn is_readable_as(&self, kind: KeyKind) -> bool {
        let is_year = |year| (1..=9_999).contains(&year);
        match (self, kind) {
            (Self::Text(text), KeyKind::Text) => !text.contains('\0'),
            (Self::Integer(_), KeyKind::Integer) | (Self::Uuid(_), KeyKind::Uuid) => true,
            (Self::Time(micros), KeyKind::Time) => DateTime::<Utc>::from_timestamp_micros(*micros)
                .is_some_and(|time| is_year(time.year())),
            (Self::Day(day), KeyKind::Day) => is_year(day.year()),
            _ => false,
        }
    }
}

impl From<SortKey> for Value {
    fn from(key: SortKey) -> Self {
        match key {
            SortKey::Text(text) => text.into(),
            SortKey::Integer(number) => number.into(),
            SortKey::Time(micros) => DateTime::<Utc>::from_timestamp_micros(micros)
                .unwrap_or_default()
                .into(),
            SortKey::Uuid(uuid) => uuid.into(),
            SortKey::Day(day) => day.into(),
        }
    }
}

/// A place in a list: the sort values of an item, which list it belongs to, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cursor {
    /// The list and its order, such as `projects/newest`.
    #[serde(rename = "l")]
    pub list: String,
    /// The item's first sort value.
    #[serde(rename = "k")]
    pub key: SortKey,
    /// The item's id, which makes the order total.
    #[serde(rename = "i")]
    pub id: SortKey,
}

impl Cursor {
    /// The opaque text clients see.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a cursor of `list`, whose two sort values are of `kinds`.
    pub(super) fn decode(
        text: &str,
        list: &str,
        kinds: (KeyKind, KeyKind),
        field: &str,
    ) -> Result<Self, Violation> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok())
            .filter(|cursor| {
                cursor.list == list
                    && cursor.key.is_readable_as(kinds.0)
                    && cursor.id.is_readable_as(kinds.1)
            })
            .ok_or_else(|| {
                Violation::new(
                    Code::Invalid,
                    field,
                    "This cursor does not belong to this list in this order; use one from pageInfo or an edge of it.",
                    "Ce curseur n’appartient pas à cette liste dans cet ordre; utilisez-en un de pageInfo ou d’une arête de celle-ci.",
                )
            })
    }
}
