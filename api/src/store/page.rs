//! Keyset pages: stable under inserts, equally fast on every page.

mod cursor;
mod each;
#[cfg(test)]
mod tests;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    Condition, ConnectionTrait, Cursor as SeaCursor, EntityTrait, FromQueryResult, Order,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, SelectModel, Value,
};

pub use self::cursor::{Cursor, KeyKind, SortKey};
pub use self::each::Groups;
use crate::error::{Code, DomainError, Violation};

/// The most items on one page.
pub const MAX_PAGE_SIZE: u32 = 100;
/// The items on a page when the caller does not say.
pub const DEFAULT_PAGE_SIZE: u32 = 20;

/// What a list is sorted by: any expression that is never null, with the id to make the order total.
#[derive(Clone, Debug)]
pub struct Sort {
    /// The expression.
    pub key: Expr,
    /// The id's column.
    pub id: Expr,
    /// Whether great values come first.
    pub is_descending: bool,
}

/// What a caller asks of a list, checked: 1 to 100 items after or before a cursor of this very list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest {
    list: String,
    size: u32,
    is_backward: bool,
    after: Option<Cursor>,
    before: Option<Cursor>,
}

/// Relay's four arguments as they came.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// Items from the start.
    pub first: Option<i32>,
    /// Only what follows this cursor.
    pub after: Option<String>,
    /// Items from the end.
    pub last: Option<i32>,
    /// Only what precedes this cursor.
    pub before: Option<String>,
}

impl PageRequest {
    /// Checks `arguments` against the list named `list` (its order included, such as `projects/newest`), which is sorted by
    /// values of these two `kinds`.
    ///
    /// # Errors
    /// A size outside 1–100, `first` together with `last`, or a cursor that is none of this list.
    pub fn new(
        list: impl Into<String>,
        kinds: (KeyKind, KeyKind),
        arguments: &PageArguments,
    ) -> Result<Self, Violation> {
        let list = list.into();
        let (field, size, is_backward) = match (arguments.first, arguments.last) {
            (Some(_), Some(_)) => {
                return Err(Violation::new(
                    Code::Invalid,
                    "last",
                    "Give first or last, not both.",
                    "Indiquez first ou last, pas les deux.",
                ));
            }
            (Some(first), None) => ("first", first, false),
            (None, Some(last)) => ("last", last, true),
            (None, None) => ("first", DEFAULT_PAGE_SIZE.cast_signed(), false),
        };
        let size = u32::try_from(size)
            .ok()
            .filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
            .ok_or_else(|| {
                Violation::new(
                    Code::OutOfRange,
                    field,
                    format!("A page has 1 to {MAX_PAGE_SIZE} items."),
                    format!("Une page compte de 1 à {MAX_PAGE_SIZE} éléments."),
                )
            })?;
        let decode = |text: &Option<String>, field| {
            text.as_deref()
                .map(|text| Cursor::decode(text, &list, kinds, field))
                .transpose()
        };
        let after = decode(&arguments.after, "after")?;
        let before = decode(&arguments.before, "before")?;
        Ok(Self {
            list,
            size,
            is_backward,
            after,
            before,
        })
    }

    /// Reads the page. `select` is already ordered by its two columns: `(sort column, id)`; `key` gives an item's values for them.
    pub async fn fetch<M, C>(
        &self,
        mut select: SeaCursor<SelectModel<M>>,
        connection: &C,
        key: impl Fn(&M) -> (SortKey, SortKey),
    ) -> Result<Page<M>, DomainError>
    where
        M: FromQueryResult + Send + Sync,
        C: ConnectionTrait,
    {
        if let Some(cursor) = &self.after {
            select.after((
                Value::from(cursor.key.clone()),
                Value::from(cursor.id.clone()),
            ));
        }
        if let Some(cursor) = &self.before {
            select.before((
                Value::from(cursor.key.clone()),
                Value::from(cursor.id.clone()),
            ));
        }
        // One more than asked for tells whether there is more.
        let limit = u64::from(self.size) + 1;
        let items = if self.is_backward {
            select.last(limit)
        } else {
            select.first(limit)
        }
        .all(connection)
        .await?;
        Ok(self.page(items, key))
    }

    /// Reads the page of a list that is sorted by an expression rather than by columns.
    pub async fn fetch_by<E, C>(
        &self,
        select: Select<E>,
        sort: &Sort,
        connection: &C,
        key: impl Fn(&E::Model) -> (SortKey, SortKey),
    ) -> Result<Page<E::Model>, DomainError>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Sized + Send + Sync,
        C: ConnectionTrait,
    {
        let order = self.order(sort);
        let mut items = self
            .between_cursors(select, sort)
            .order_by(sort.key.clone(), order.clone())
            .order_by(sort.id.clone(), order)
            // One more than asked for tells whether there is more.
            .limit(u64::from(self.size) + 1)
            .all(connection)
            .await?;
        if self.is_backward {
            items.reverse();
        }
        Ok(self.page(items, key))
    }

    /// Only what the cursors leave of a list.
    fn between_cursors<E: EntityTrait>(&self, mut select: Select<E>, sort: &Sort) -> Select<E> {
        if let Some(cursor) = &self.after {
            select = select.filter(beyond(sort, cursor, !sort.is_descending));
        }
        if let Some(cursor) = &self.before {
            select = select.filter(beyond(sort, cursor, sort.is_descending));
        }
        select
    }

    /// In which direction rows are read: from the list's end for a page that counts from there.
    const fn order(&self, sort: &Sort) -> Order {
        if sort.is_descending == self.is_backward {
            Order::Asc
        } else {
            Order::Desc
        }
    }

    /// Drops the one item too many and says what lies on either side.
    fn page<M>(&self, mut items: Vec<M>, key: impl Fn(&M) -> (SortKey, SortKey)) -> Page<M> {
        let has_more = items.len() > self.size as usize;
        if has_more {
            if self.is_backward {
                items.remove(0);
            } else {
                items.pop();
            }
        }
        Page {
            items: self.with_cursors(items, key),
            has_next: if self.is_backward {
                self.before.is_some()
            } else {
                has_more
            },
            has_previous: if self.is_backward {
                has_more
            } else {
                self.after.is_some()
            },
        }
    }

    /// Cuts the page out of a list that is already in memory and ascends by `key` (ranked search, computed lists). A page goes
    /// on from the place of its cursor, whether the item is still there or not.
    pub fn slice<M>(&self, all: Vec<M>, key: impl Fn(&M) -> (SortKey, SortKey)) -> Page<M> {
        let place = |cursor: &Cursor| (cursor.key.clone(), cursor.id.clone());
        let start = self
            .after
            .as_ref()
            .map(place)
            .map_or(0, |after| all.partition_point(|item| key(item) <= after));
        let end = self.before.as_ref().map(place).map_or(all.len(), |before| {
            all.partition_point(|item| key(item) < before)
        });
        let end = end.max(start);
        let size = self.size as usize;
        let (from, to) = if self.is_backward {
            (end.saturating_sub(size).max(start), end)
        } else {
            (start, (start + size).min(end))
        };
        let total = all.len();
        let items = all.into_iter().skip(from).take(to - from);
        Page {
            items: self.with_cursors(items, key),
            has_next: to < total,
            has_previous: from > 0,
        }
    }

    /// Each item with the cursor of its place in this list.
    fn with_cursors<M>(
        &self,
        items: impl IntoIterator<Item = M>,
        key: impl Fn(&M) -> (SortKey, SortKey),
    ) -> Vec<(String, M)> {
        let with_cursor = |item| {
            let (key, id) = key(&item);
            let list = self.list.clone();
            (Cursor { list, key, id }.encode(), item)
        };
        items.into_iter().map(with_cursor).collect()
    }
}

/// What lies on the greater side of a cursor, or on the lesser.
fn beyond(sort: &Sort, cursor: &Cursor, is_greater: bool) -> Condition {
    let (key, id) = (
        Value::from(cursor.key.clone()),
        Value::from(cursor.id.clone()),
    );
    let passes = |expr: &Expr, value: Value| {
        if is_greater {
            expr.clone().gt(value)
        } else {
            expr.clone().lt(value)
        }
    };
    Condition::any().add(passes(&sort.key, key.clone())).add(
        Condition::all()
            .add(sort.key.clone().eq(key))
            .add(passes(&sort.id, id)),
    )
}

/// A page: items with their cursors, and whether there are more on either side.
#[derive(Clone, Debug)]
pub struct Page<M> {
    /// Cursor and item, in order.
    pub items: Vec<(String, M)>,
    /// Whether more follow.
    pub has_next: bool,
    /// Whether more precede.
    pub has_previous: bool,
}

impl<M> Page<M> {
    /// The same page with each item turned into another.
    pub fn map<N>(self, convert: impl Fn(M) -> N) -> Page<N> {
        Page {
            items: self
                .items
                .into_iter()
                .map(|(cursor, item)| (cursor, convert(item)))
                .collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}
