//! Writes `CREATE TABLE` for SQLite and PostgreSQL from one description, so that the two databases hold the
//! same columns and the same constraints under the same names. The statements are written here because
//! sea-query leaves out the names of foreign keys on SQLite.
//!
//! Names follow from the table and its columns: `ck_<table>_<column or rule>`, `uq_<table>_<columns>`,
//! `fk_<table>_<column>`, `ix_<table>_<columns>`. SQLite reports a violated UNIQUE by its columns only, which
//! this rule turns back into the name. SQLite's tables are `STRICT`: it refuses values of another type, as
//! PostgreSQL does. Moments are RFC 3339 text in UTC there, which sorts as time does.
//!
//! Applied migrations call these functions: what a function writes must never change.

use std::fmt::Display;
use std::ops::RangeInclusive;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::index;

/// What happens to a row when the row it refers to is deleted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OnDelete {
    /// The other row cannot be deleted.
    Restrict,
    /// This row is deleted with it.
    Cascade,
}

/// The types that columns have, each with a form in both databases.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Uuid,
    Text,
    Small,
    Integer,
    Big,
    Real,
    Flag,
    Moment,
    Day,
    Json,
}

impl Kind {
    pub(crate) const fn sql(self, backend: DbBackend) -> &'static str {
        if matches!(backend, DbBackend::Sqlite) {
            match self {
                Self::Uuid => "BLOB",
                Self::Text | Self::Moment | Self::Day | Self::Json => "TEXT",
                Self::Small | Self::Integer | Self::Big | Self::Flag => "INTEGER",
                Self::Real => "REAL",
            }
        } else {
            match self {
                Self::Uuid => "uuid",
                Self::Text => "text",
                Self::Small => "smallint",
                Self::Integer => "integer",
                Self::Big => "bigint",
                Self::Real => "double precision",
                Self::Flag => "boolean",
                Self::Moment => "timestamptz",
                Self::Day => "date",
                Self::Json => "jsonb",
            }
        }
    }
}

#[derive(Debug)]
struct Column {
    name: &'static str,
    kind: Kind,
    is_nullable: bool,
}

/// A table to be created: columns in order, then constraints, then indexes.
#[derive(Debug)]
pub(crate) struct Table {
    name: &'static str,
    columns: Vec<Column>,
    constraints: Vec<String>,
    indexes: Vec<String>,
}

impl Table {
    /// A table without columns.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
        }
    }

    /// The key of a row: a UUID called `id`.
    pub(crate) fn id(self) -> Self {
        self.column("id", Kind::Uuid).primary_key(&["id"])
    }

    /// The key of a concept: a slug called `id`.
    pub(crate) fn slug_id(self) -> Self {
        self.column("id", Kind::Text).primary_key(&["id"])
    }

    /// A UUID that refers to no table.
    pub(crate) fn uuid(self, name: &'static str) -> Self {
        self.column(name, Kind::Uuid)
    }

    /// Any text.
    pub(crate) fn text(self, name: &'static str) -> Self {
        self.column(name, Kind::Text)
    }

    /// One of a few texts.
    pub(crate) fn choice(self, name: &'static str, texts: &[&str]) -> Self {
        let condition = format!("{} IN ({})", quote(name), list(texts));
        self.column(name, Kind::Text).check(name, &condition)
    }

    /// A small whole number (16 bits) within bounds.
    pub(crate) fn small(self, name: &'static str, bounds: RangeInclusive<i16>) -> Self {
        self.column(name, Kind::Small).bounded(name, &bounds)
    }

    /// A whole number (32 bits) within bounds.
    pub(crate) fn integer(self, name: &'static str, bounds: RangeInclusive<i32>) -> Self {
        self.column(name, Kind::Integer).bounded(name, &bounds)
    }

    /// A whole number (32 bits) that counts from a first value up.
    pub(crate) fn count(self, name: &'static str, first: i32) -> Self {
        let condition = format!("{} >= {first}", quote(name));
        self.column(name, Kind::Integer).check(name, &condition)
    }

    /// A whole number (64 bits) that counts from a first value up.
    pub(crate) fn big_count(self, name: &'static str, first: i64) -> Self {
        let condition = format!("{} >= {first}", quote(name));
        self.column(name, Kind::Big).check(name, &condition)
    }

    /// Basis points, 0 to 10,000.
    pub(crate) fn basis_points(self, name: &'static str) -> Self {
        self.integer(name, 0..=10_000)
    }

    /// Yes or no.
    pub(crate) fn flag(self, name: &'static str) -> Self {
        self.column(name, Kind::Flag)
    }

    /// A moment in UTC.
    pub(crate) fn moment(self, name: &'static str) -> Self {
        self.column(name, Kind::Moment)
    }

    /// A calendar day.
    pub(crate) fn day(self, name: &'static str) -> Self {
        self.column(name, Kind::Day)
    }

    /// A JSON document.
    pub(crate) fn json(self, name: &'static str) -> Self {
        self.column(name, Kind::Json)
    }

    /// The counter of guarded updates, from 1.
    pub(crate) fn version(self) -> Self {
        self.count("version", 1)
    }

    /// When the row was made and last changed.
    pub(crate) fn timestamps(self) -> Self {
        self.moment("created_at").moment("updated_at")
    }

    /// A row of another table, by UUID.
    pub(crate) fn reference(self, name: &'static str, table: &str, on_delete: OnDelete) -> Self {
        self.column(name, Kind::Uuid)
            .foreign_key(name, table, on_delete)
    }

    /// A concept, by slug.
    pub(crate) fn concept(self, name: &'static str, table: &str, on_delete: OnDelete) -> Self {
        self.column(name, Kind::Text)
            .foreign_key(name, table, on_delete)
    }

    /// A town and, when it could be found, its position in degrees.
    pub(crate) fn place(self) -> Self {
        self.text("city")
            .or_null()
            .column("latitude", Kind::Real)
            .or_null()
            .bounded("latitude", &(-90..=90))
            .column("longitude", Kind::Real)
            .or_null()
            .bounded("longitude", &(-180..=180))
            .check("position", "(latitude IS NULL) = (longitude IS NULL)")
    }

    /// A first and a last day, either or both of which may be open.
    pub(crate) fn open_period(self) -> Self {
        self.day("starts_on")
            .or_null()
            .day("ends_on")
            .or_null()
            .ordered_days()
    }

    /// A first and a last day.
    pub(crate) fn period(self) -> Self {
        self.day("starts_on").day("ends_on").ordered_days()
    }

    /// A weekly stretch of time within one day, in minutes after midnight.
    pub(crate) fn weekly_window(self) -> Self {
        self.small("weekday", 1..=7)
            .small("start_minute", 0..=1_439)
            .small("end_minute", 1..=1_440)
            .check("window", "end_minute > start_minute")
    }

    /// An ISO 639 code of a language.
    pub(crate) fn language_code(self, name: &'static str) -> Self {
        let column = quote(name);
        let condition = format!("length({column}) BETWEEN 2 AND 3 AND {column} = lower({column})");
        self.text(name).check(name, &condition)
    }

    /// Lets the last column be empty.
    pub(crate) fn or_null(mut self) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.is_nullable = true;
        }
        self
    }

    /// The key, when it is not a single `id`.
    pub(crate) fn primary_key(self, columns: &[&str]) -> Self {
        let name = format!("pk_{}", self.name);
        self.constraint(&name, &format!("PRIMARY KEY ({})", quoted(columns)))
    }

    /// Columns whose values together occur once.
    pub(crate) fn unique(self, columns: &[&str]) -> Self {
        let name = format!("uq_{}_{}", self.name, columns.join("_"));
        self.constraint(&name, &format!("UNIQUE ({})", quoted(columns)))
    }

    /// A condition on each row; one that comes out as NULL holds.
    pub(crate) fn check(self, rule: &str, condition: &str) -> Self {
        let name = format!("ck_{}_{rule}", self.name);
        self.constraint(&name, &format!("CHECK ({condition})"))
    }

    /// An index to find rows by.
    pub(crate) fn index(mut self, columns: &[&str]) -> Self {
        self.indexes.push(index::statement(self.name, columns));
        self
    }

    /// Columns whose values together occur once among the rows that meet a condition.
    pub(crate) fn unique_where(mut self, rule: &str, columns: &[&str], condition: &str) -> Self {
        let name = format!("uq_{}_{rule}", self.name);
        let columns = quoted(columns);
        self.indexes.push(format!(
            "CREATE UNIQUE INDEX {} ON {} ({columns}) WHERE {condition}",
            quote(&name),
            quote(self.name)
        ));
        self
    }

    /// Creates the table and its indexes.
    pub(crate) async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared(&self.create_statement(manager.get_database_backend()))
            .await?;
        for index in &self.indexes {
            connection.execute_unprepared(index).await?;
        }
        Ok(())
    }

    fn create_statement(&self, backend: DbBackend) -> String {
        let columns = self.columns.iter().map(|column| {
            let null = if column.is_nullable { "" } else { " NOT NULL" };
            format!("{} {}{null}", quote(column.name), column.kind.sql(backend))
        });
        let parts: Vec<String> = columns.chain(self.constraints.iter().cloned()).collect();
        let strict = if backend == DbBackend::Sqlite {
            " STRICT"
        } else {
            ""
        };
        format!(
            "CREATE TABLE {} (\n  {}\n){strict}",
            quote(self.name),
            parts.join(",\n  ")
        )
    }

    fn column(mut self, name: &'static str, kind: Kind) -> Self {
        self.columns.push(Column {
            name,
            kind,
            is_nullable: false,
        });
        self
    }

    fn bounded<T: Display>(self, name: &str, bounds: &RangeInclusive<T>) -> Self {
        let condition = format!(
            "{} BETWEEN {} AND {}",
            quote(name),
            bounds.start(),
            bounds.end()
        );
        self.check(name, &condition)
    }

    fn ordered_days(self) -> Self {
        self.check("period", "ends_on >= starts_on")
    }

    fn foreign_key(self, column: &str, table: &str, on_delete: OnDelete) -> Self {
        let name = format!("fk_{}_{column}", self.name);
        let action = match on_delete {
            OnDelete::Restrict => "RESTRICT",
            OnDelete::Cascade => "CASCADE",
        };
        let (column, table) = (quote(column), quote(table));
        self.constraint(
            &name,
            &format!("FOREIGN KEY ({column}) REFERENCES {table} (\"id\") ON DELETE {action}"),
        )
    }

    fn constraint(mut self, name: &str, body: &str) -> Self {
        self.constraints
            .push(format!("CONSTRAINT {} {body}", quote(name)));
        self
    }
}

/// Drops tables in the order given: those that refer before those referred to.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager
            .get_connection()
            .execute_unprepared(&format!("DROP TABLE {}", quote(table)))
            .await?;
    }
    Ok(())
}

/// Texts as a list of SQL literals.
pub(crate) fn list(texts: &[&str]) -> String {
    let literals: Vec<String> = texts.iter().map(|text| format!("'{text}'")).collect();
    literals.join(", ")
}

pub(crate) fn quote(name: &str) -> String {
    format!("\"{name}\"")
}

pub(crate) fn quoted(columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| quote(column)).collect();
    columns.join(", ")
}
