//! What is wrong with one file that is at hand.

use std::path::Path;

use chrono::NaiveDate;

use super::fault::Faults;
use super::{record, relation, role, volunteer};
use crate::model::Locale;

/// What a file has a row of for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// People.
    Volunteers,
    /// What people are needed for.
    Roles,
    /// Which skill stands for which other.
    Relations,
}

/// The faults of the file `path` with these `bytes`, one a line, at most as many as the program lists; none when it can be
/// used. Nothing is read: the path is named in the words, and its ending (`.csv`, `.jsonl`) says what the bytes are.
pub fn faults_of(
    table: Table,
    path: &Path,
    bytes: &[u8],
    as_of: NaiveDate,
    locale: Locale,
) -> Option<String> {
    let mut faults = Faults::default();
    match table {
        Table::Volunteers => {
            record::decode(path, bytes, &volunteer::KIND, &mut faults, |cells| {
                let (volunteer, _) = volunteer::decode(cells, as_of)?;
                Some((volunteer.id.to_string(), ()))
            });
        }
        Table::Roles => {
            record::decode(path, bytes, &role::KIND, &mut faults, |cells| {
                let (role, _) = role::decode(cells)?;
                Some((role.id.to_string(), ()))
            });
        }
        Table::Relations => {
            record::decode(path, bytes, &relation::KIND, &mut faults, |cells| {
                let relation = relation::decode(cells)?;
                Some((relation::name(&relation), ()))
            });
        }
    }
    (!faults.is_empty()).then(|| faults.words(locale))
}
