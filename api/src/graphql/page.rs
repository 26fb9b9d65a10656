//! Relay connections over keyset pages. `totalCount` costs a statement only when it is asked for: a list's own fields
//! object resolves it.

use async_graphql::connection::{Connection, CursorType, Edge, EmptyFields};
use async_graphql::{ObjectType, OutputType};

use crate::store::page::Page;

/// A cursor as clients see it: opaque text.
#[derive(Clone, Debug)]
pub struct OpaqueCursor(pub String);

impl CursorType for OpaqueCursor {
    type Error = std::convert::Infallible;

    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        Ok(Self(text.to_owned()))
    }

    fn encode_cursor(&self) -> String {
        self.0.clone()
    }
}

/// A page of `M` as a connection of `N`, with `fields` beside the edges (usually one that resolves `totalCount`).
pub fn connection<M, N, F>(
    page: Page<M>,
    fields: F,
    convert: impl Fn(M) -> N,
) -> Connection<OpaqueCursor, N, F, EmptyFields>
where
    N: OutputType,
    F: ObjectType,
{
    let mut connection =
        Connection::with_additional_fields(page.has_previous, page.has_next, fields);
    connection.edges.extend(
        page.items
            .into_iter()
            .map(|(cursor, item)| Edge::new(OpaqueCursor(cursor), convert(item))),
    );
    connection
}
