//! Everything that is held of a person: in which table and column, whose it is, what for, whether its owner gets a copy,
//! and what erasure does with it.
//!
//! [`HELD`] has a line for every column of every table that leads to an account; a test compares it with the schema
//! of both databases, so that a new column has no place before somebody has decided about it.

mod list;
mod whose;

use entity::language::Language;
use sea_orm::{ColumnDef, ColumnTrait as _, EntityTrait, IdenStatic as _, Iterable as _};

pub use self::list::{HELD, IMPERSONAL};
pub use self::whose::{Subject, Whose};

/// Rows of a table that are, in one way, of a person.
#[derive(Debug)]
pub struct Held {
    /// The table.
    pub table: &'static str,
    /// What these rows are called in an export: the table, unless it holds rows that are a person's in different ways.
    pub name: &'static str,
    /// How to find whose they are.
    pub whose: Whose,
    /// What they are held for.
    pub purpose: Purpose,
    /// What erasure does with the rows.
    pub rows: Rows,
    /// Their columns.
    pub columns: &'static [Column],
    definition: fn(&str) -> Option<ColumnDef>,
}

impl Held {
    /// How the entity defines a column.
    pub fn definition(&self, column: &str) -> Option<ColumnDef> {
        (self.definition)(column)
    }

    /// The columns that their owner gets a copy of.
    pub fn shown(&self) -> impl Iterator<Item = &'static str> {
        self.columns
            .iter()
            .filter(|column| column.export == Export::Shown)
            .map(|column| column.name)
    }
}

/// A column, and what becomes of its values.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The column.
    pub name: &'static str,
    /// Whether its owner gets a copy.
    pub export: Export,
    /// What erasure does with it where [`Rows::Kept`].
    pub erasure: Erasure,
}

/// Whether the owner of a value gets a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Yes.
    Shown,
    /// No, and why not.
    Withheld(Withheld),
}

/// Why a value is not in an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Whoever had it could act as its owner.
    Secret,
    /// It tells of other people, or is what they wrote; given by hand on request, without what is theirs.
    OfOthers,
    /// It is how the marketplace keeps its books, and tells nothing of anybody.
    Bookkeeping,
}

/// What erasure does with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// They stay, with what is in each column treated as it says.
    Kept,
    /// They are deleted.
    Deleted,
    /// They stay under a form of the address that only the address itself leads to.
    Sealed,
}

/// What erasure does with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// It stays: it counts, or proves what was agreed, and leads to nobody any more.
    Kept,
    /// It is taken away: NULL where a column may have none, else an empty text.
    Emptied,
    /// It becomes the same text for everybody.
    Text(&'static str),
    /// It becomes the same number for everybody.
    Number(i32),
    /// It becomes `erased:` and the account's id: unique, and no mail address.
    Tombstone,
    /// What is said in words is taken out of the document, codes and numbers stay.
    Unworded,
    /// One more, as for every change of the row.
    Counted,
    /// The moment of the erasure.
    Stamped,
}

/// What something is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Knowing whose account it is and writing to its owner.
    Account,
    /// Keeping strangers out of it.
    Security,
    /// Finding what suits a volunteer.
    Matching,
    /// Offers, answers and placements.
    Pairing,
    /// Acting for an organization.
    Organization,
    /// Sending mail, and not sending what nobody wants.
    Mail,
    /// Proving what was agreed and who did what.
    Evidence,
}

impl Purpose {
    /// In words.
    pub const fn words(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::Account => (
                "Knowing whose account it is and writing to its owner",
                "Savoir à qui est le compte et écrire à sa ou son propriétaire",
            ),
            Self::Security => (
                "Keeping strangers out of the account",
                "Garder le compte hors de portée d’autrui",
            ),
            Self::Matching => (
                "Finding roles that suit a volunteer",
                "Trouver des rôles qui conviennent à une personne bénévole",
            ),
            Self::Pairing => (
                "Offers, answers and placements",
                "Offres, réponses et placements",
            ),
            Self::Organization => ("Acting for an organization", "Agir pour un organisme"),
            Self::Mail => (
                "Sending mail, and not sending what nobody wants",
                "Envoyer des courriels, et ne pas envoyer ceux dont on ne veut pas",
            ),
            Self::Evidence => (
                "Proving what was agreed and who did what",
                "Prouver ce qui a été convenu et qui a fait quoi",
            ),
        };
        pick(language, en, fr)
    }
}

impl Withheld {
    /// In words.
    pub const fn words(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::Secret => (
                "Whoever had it could act in your name",
                "Quiconque l’aurait pourrait agir en votre nom",
            ),
            Self::OfOthers => (
                "It tells of other people or is what they wrote; ask for it in writing",
                "Cela concerne d’autres personnes ou vient d’elles; demandez-le par écrit",
            ),
            Self::Bookkeeping => (
                "It is how the marketplace keeps its books",
                "C’est ainsi que la plateforme tient ses livres",
            ),
        };
        pick(language, en, fr)
    }
}

const fn pick(language: Language, en: &'static str, fr: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Fr => fr,
    }
}

fn definition<E: EntityTrait>(name: &str) -> Option<ColumnDef> {
    E::Column::iter()
        .find(|column| column.as_str() == name)
        .map(|column| column.def())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sea_orm::ColumnType;

    use super::*;

    #[test]
    fn every_line_names_a_column_of_its_table_once() {
        for held in HELD {
            let mut seen = BTreeSet::new();
            for column in held.columns {
                let place = format!("{}.{}", held.name, column.name);
                assert!(held.definition(column.name).is_some(), "{place}");
                assert!(seen.insert(column.name), "{place} twice");
            }
        }
    }

    #[test]
    fn parts_of_an_export_have_names_of_their_own() {
        let names: BTreeSet<_> = HELD.iter().map(|held| held.name).collect();
        assert_eq!(names.len(), HELD.len());
    }

    #[test]
    fn what_erasure_puts_in_a_column_may_be_there() {
        for held in HELD.iter().filter(|held| held.rows == Rows::Kept) {
            for column in held.columns {
                let definition = held.definition(column.name).unwrap();
                let is_text = matches!(
                    definition.get_column_type(),
                    ColumnType::String(_) | ColumnType::Text
                );
                let may_be = match column.erasure {
                    Erasure::Kept => true,
                    Erasure::Emptied => definition.is_null() || is_text,
                    Erasure::Text(_) | Erasure::Tombstone => is_text,
                    Erasure::Number(_) | Erasure::Counted => {
                        matches!(definition.get_column_type(), ColumnType::Integer)
                    }
                    Erasure::Unworded => {
                        matches!(definition.get_column_type(), ColumnType::JsonBinary)
                    }
                    Erasure::Stamped => matches!(
                        definition.get_column_type(),
                        ColumnType::TimestampWithTimeZone
                    ),
                };
                assert!(may_be, "{}.{}", held.name, column.name);
            }
        }
    }

    #[test]
    fn no_secret_is_in_an_export() {
        for held in HELD {
            for column in held.shown() {
                assert!(!column.contains("hash"), "{}.{column}", held.name);
                assert!(!column.contains("secret"), "{}.{column}", held.name);
            }
        }
    }
}
