//! The same page of many lists by one statement, since a list within a list must not cost a statement for each parent.

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::sea_query::{ColumnRef, Expr, ExprTrait as _, Query, WindowStatement};
use sea_orm::{
    ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Select,
};

use super::{Page, PageRequest, Sort, SortKey};
use crate::error::DomainError;

/// The row's id in the inner statement.
const MEMBER: &str = "member";
/// The row's place in its list, from 1.
const PLACE: &str = "place";

/// Which lists: the rows of a table fall apart into one for each value of a column.
#[derive(Clone, Debug)]
pub struct Groups<'g, G, M> {
    /// The lists that are asked for.
    pub all: &'g [G],
    /// The column.
    pub column: ColumnRef,
    /// Its value in a row.
    pub of: fn(&M) -> G,
}

impl PageRequest {
    /// Reads this page of each of `groups`; `select` has the rows of them all and of no other. A list without rows has an
    /// empty page.
    pub async fn fetch_each<E, C, G>(
        &self,
        select: Select<E>,
        sort: &Sort,
        groups: Groups<'_, G, E::Model>,
        connection: &C,
        key: impl Fn(&E::Model) -> (SortKey, SortKey),
    ) -> Result<HashMap<G, Page<E::Model>>, DomainError>
    where
        E: EntityTrait,
        E::Model: Send + Sync,
        C: ConnectionTrait,
        G: Clone + Eq + Hash,
    {
        let order = self.order(sort);
        let mut window = WindowStatement::partition_by(groups.column);
        window
            .order_by_expr(sort.key.clone(), order.clone())
            .order_by_expr(sort.id.clone(), order.clone());
        let mut placed = self
            .between_cursors(select, sort)
            .select_only()
            .expr_as(sort.id.clone(), MEMBER)
            .into_query();
        placed.expr_window_as(Expr::cust("ROW_NUMBER()"), window, PLACE);
        // One more than asked for tells whether there is more.
        let limit = i64::from(self.size) + 1;
        let members = Query::select()
            .column(MEMBER)
            .from_subquery(placed, "placed")
            .and_where(Expr::col(PLACE).lte(limit))
            .take();
        let rows = E::find()
            .filter(sort.id.clone().in_subquery(members))
            .order_by(sort.key.clone(), order.clone())
            .order_by(sort.id.clone(), order)
            .all(connection)
            .await?;
        let mut lists: HashMap<G, Vec<E::Model>> = groups
            .all
            .iter()
            .map(|group| (group.clone(), Vec::new()))
            .collect();
        for row in rows {
            lists.entry((groups.of)(&row)).or_default().push(row);
        }
        let page = |mut rows: Vec<E::Model>| {
            if self.is_backward {
                rows.reverse();
            }
            self.page(rows, &key)
        };
        Ok(lists
            .into_iter()
            .map(|(group, rows)| (group, page(rows)))
            .collect())
    }
}
