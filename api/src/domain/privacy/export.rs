//! A copy of everything that is held of oneself, read at one moment. Asking for it is counted and leaves an entry in the audit
//! trail; what is withheld is named with the reason.

use chrono::{DateTime, NaiveDate, Utc};
use entity::account;
use entity::id::AccountId;
use sea_orm::sea_query::{Alias, Order, Query};
use sea_orm::{ColumnDef, ColumnType, ConnectionTrait, DbErr, QueryResult};
use serde_json::Value;
use uuid::Uuid;

use super::inventory::{Export as Shown, HELD, Held, Subject, Withheld};
use crate::context::Context;
use crate::domain::{accounts, audit};
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::{begin_read, begin_write, retrying};

/// A copy of what is held of one person. It has no debug form.
#[derive(Clone)]
pub struct Copy {
    /// Whose it is.
    pub account_id: AccountId,
    /// The moment of which it is true.
    pub as_of: DateTime<Utc>,
    /// Its tables, also those without a row.
    pub tables: Vec<Table>,
}

/// One table of a copy.
#[derive(Clone)]
pub struct Table {
    /// What is held, and what for.
    pub held: &'static Held,
    /// The columns of every row.
    pub columns: Vec<&'static str>,
    /// The rows: for each column a text, a number, yes or no, a document, or null.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// The columns that are not in the copy, and why.
    pub fn withheld(&self) -> impl Iterator<Item = (&'static str, Withheld)> {
        self.held
            .columns
            .iter()
            .filter_map(|column| match column.export {
                Shown::Shown => None,
                Shown::Withheld(why) => Some((column.name, why)),
            })
    }
}

/// What there is to ask for: tables of which at least one column is shown.
pub fn tables() -> impl Iterator<Item = &'static Held> {
    HELD.iter().filter(|held| held.shown().next().is_some())
}

/// Copies the table `name`, or all of them, of the actor.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such table, [`DomainError::RateLimited`].
pub async fn run(ctx: &Context, name: Option<&str>) -> Result<Copy, DomainError> {
    let account_id = ctx.person()?.account_id;
    decide(&ctx.actor, AccountAction::Export, account_id).require()?;
    let asked_for: Vec<&Held> = tables()
        .filter(|held| name.is_none_or(|name| held.name == name))
        .collect();
    if asked_for.is_empty() {
        return Err(DomainError::NotFound);
    }
    ctx.app
        .limiter
        .check(Operation::Export, &account_id.to_string())
        .await?;
    let copy = read(ctx, account_id, &asked_for).await?;
    // It leaves only once the trail knows of it.
    retrying(|| note(ctx, account_id, name)).await?;
    Ok(copy)
}

async fn read(
    ctx: &Context,
    account_id: AccountId,
    asked_for: &[&'static Held],
) -> Result<Copy, DomainError> {
    let connection = begin_read(&ctx.app.store).await?;
    let account: account::Model = accounts::load(&connection, account_id).await?;
    let subject = Subject::of(&connection, &account).await?;
    let mut tables = Vec::with_capacity(asked_for.len());
    for held in asked_for {
        tables.push(read_table(&connection, held, &subject).await?);
    }
    Ok(Copy {
        account_id,
        as_of: ctx.now(),
        tables,
    })
}

async fn note(ctx: &Context, account_id: AccountId, name: Option<&str>) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let subject = ("account", Some(account_id.uuid()));
    let detail = serde_json::json!({ "table": name });
    audit::record(ctx, &*transaction, "account.exported", subject, detail).await?;
    transaction.commit().await?;
    Ok(())
}

async fn read_table(
    connection: &impl ConnectionTrait,
    held: &'static Held,
    subject: &Subject,
) -> Result<Table, DomainError> {
    let mut columns = Vec::new();
    let mut definitions = Vec::new();
    for column in held.shown() {
        let definition = held
            .definition(column)
            .ok_or_else(|| DomainError::internal(format!("no column {}.{column}", held.table)))?;
        columns.push(column);
        definitions.push(definition);
    }
    let mut select = Query::select();
    select
        .columns(columns.iter().map(|column| Alias::new(*column)))
        .from(Alias::new(held.table))
        .cond_where(held.whose.condition(subject));
    // Ids begin with the time of their making.
    for column in &columns {
        if *column == "id" || column.ends_with("_id") {
            select.order_by(Alias::new(*column), Order::Asc);
        }
    }
    let mut rows = Vec::new();
    for row in connection.query_all(&select).await? {
        let cells = columns.iter().zip(&definitions);
        let cells = cells.map(|(column, definition)| cell(&row, column, definition));
        rows.push(cells.collect::<Result<_, _>>()?);
    }
    Ok(Table {
        held,
        columns,
        rows,
    })
}

/// A value in the form of JSON, the same from both databases.
fn cell(row: &QueryResult, name: &str, definition: &ColumnDef) -> Result<Value, DbErr> {
    fn json<T: serde::Serialize>(value: T) -> Result<Value, DbErr> {
        serde_json::to_value(value).map_err(|error| DbErr::Json(error.to_string()))
    }
    match definition.get_column_type() {
        ColumnType::Uuid => json(row.try_get::<Option<Uuid>>("", name)?),
        ColumnType::String(_) | ColumnType::Text => json(row.try_get::<Option<String>>("", name)?),
        ColumnType::SmallInteger => json(row.try_get::<Option<i16>>("", name)?),
        ColumnType::Integer => json(row.try_get::<Option<i32>>("", name)?),
        ColumnType::BigInteger => json(row.try_get::<Option<i64>>("", name)?),
        ColumnType::Double => json(row.try_get::<Option<f64>>("", name)?),
        ColumnType::Boolean => json(row.try_get::<Option<bool>>("", name)?),
        ColumnType::TimestampWithTimeZone => json(row.try_get::<Option<DateTime<Utc>>>("", name)?),
        ColumnType::Date => json(row.try_get::<Option<NaiveDate>>("", name)?),
        ColumnType::JsonBinary => json(row.try_get::<Option<Value>>("", name)?),
        other => Err(DbErr::Type(format!("{name} is {other:?}"))),
    }
}
