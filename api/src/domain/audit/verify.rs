//! Looks whether the audit trail is whole: every entry's hash computed again, every link followed, no number missing.
//!
//! A trail of which the last entries were cut off is whole in itself. Only its head, kept elsewhere, shows that: whoever
//! verifies says up to which entry they verified before.

use std::fmt;
use std::str::FromStr;

use entity::audit_event;
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::seal;
use crate::app::App;
use crate::error::DomainError;

/// Entries read at a time.
const PAGE: u64 = 1_000;

/// Most faults that are told: one that was forged well breaks only what follows it.
const MOST_FAULTS: usize = 20;

/// An entry by its number and hash: what is kept elsewhere of a trail that was whole. As text `12:9f3c…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the entry, from 1; 0 before the first.
    pub sequence: i64,
    /// Its hash, 64 lower-case hexadecimal digits.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not SEQUENCE:HASH, as `audit verify` prints it");
        let (sequence, hash) = text.split_once(':').ok_or_else(wrong)?;
        let sequence: i64 = sequence.parse().map_err(|_| wrong())?;
        let is_hash = hash.len() == seal::GENESIS.len()
            && hash
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if sequence < 0 || !is_hash {
            return Err(wrong());
        }
        Ok(Self {
            sequence,
            hash: hash.to_owned(),
        })
    }
}

/// What is wrong with a trail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A column of this entry is not what it was, or its hash is not.
    #[error("entry {sequence} was changed: its hash is not that of its columns")]
    Changed {
        /// Its number.
        sequence: i64,
    },
    /// Entries between two that are there are gone.
    #[error("entries {from} to {to} are missing")]
    Missing {
        /// First that is missing.
        from: i64,
        /// Last that is missing.
        to: i64,
    },
    /// An entry does not follow the one before it.
    #[error("entry {sequence} does not carry the hash of the entry before it")]
    Unlinked {
        /// Its number.
        sequence: i64,
    },
    /// The trail ends before the entry that is expected.
    #[error("the trail ends at entry {last}, but entry {expected} was verified before")]
    CutOff {
        /// The last entry that is there.
        last: i64,
        /// The entry that is expected.
        expected: i64,
    },
    /// The entry that was verified before is another one now.
    #[error("entry {sequence} is not the one that was verified before")]
    Replaced {
        /// Its number.
        sequence: i64,
    },
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// The last one, to be kept elsewhere.
    pub head: Head,
    /// What is wrong, by entry; the first twenty.
    pub faults: Vec<Fault>,
}

/// Reads the whole trail, a thousand entries at a time. `expected` is the head that an earlier run printed.
///
/// # Errors
/// When the database cannot be read.
pub async fn run(app: &App, expected: Option<&Head>) -> Result<Verified, DomainError> {
    let mut verified = Verified {
        entries: 0,
        head: Head {
            sequence: 0,
            hash: seal::GENESIS.to_owned(),
        },
        faults: Vec::new(),
    };
    loop {
        let page = audit_event::Entity::find()
            .filter(audit_event::COLUMN.sequence.gt(verified.head.sequence))
            .order_by_asc(audit_event::Column::Sequence)
            .limit(PAGE)
            .all(&app.store.connection)
            .await?;
        let is_last = (page.len() as u64) < PAGE;
        for event in page {
            verified.follow(event, expected);
        }
        if is_last {
            break;
        }
    }
    if let Some(expected) = expected
        && expected.sequence > verified.head.sequence
    {
        verified.tell(Fault::CutOff {
            last: verified.head.sequence,
            expected: expected.sequence,
        });
    }
    Ok(verified)
}

impl Verified {
    fn tell(&mut self, fault: Fault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    fn follow(&mut self, event: audit_event::Model, expected: Option<&Head>) {
        let sequence = event.sequence;
        let next = self.head.sequence + 1;
        if sequence > next {
            self.tell(Fault::Missing {
                from: next,
                to: sequence - 1,
            });
        } else if event.previous_hash != self.head.hash {
            self.tell(Fault::Unlinked { sequence });
        }
        if seal::hash(&event) != event.hash {
            self.tell(Fault::Changed { sequence });
        }
        if expected.is_some_and(|head| head.sequence == sequence && head.hash != event.hash) {
            self.tell(Fault::Replaced { sequence });
        }
        self.entries += 1;
        self.head = Head {
            sequence,
            hash: event.hash,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_as_it_is_printed() {
        let head = Head {
            sequence: 12,
            hash: seal::GENESIS.replace('0', "a"),
        };
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in [
            "",
            "12",
            "12:",
            "-1:aa",
            "x:y",
            &format!("1:{}", "A".repeat(64)),
        ] {
            let told = wrong.parse::<Head>().unwrap_err();
            assert!(told.contains("SEQUENCE:HASH"), "{told}");
        }
    }
}
