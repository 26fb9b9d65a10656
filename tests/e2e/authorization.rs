//! Who sees and may what: every field and every mutation of the schema, tried by every kind of actor on what is their own
//! and on what is another's. What came of it is printed into `authorization/snapshots`, to be read by people.
//!
//! Types, fields and mutations are asked of the schema, so that a new one joins by itself and fails until its rows were read
//! and accepted. The words of [`READ_IT`] say how.

mod disclosure;
mod door;
mod doors;
mod fields;
mod mutation;
mod mutations;
mod shape;
mod table;
mod world;

pub(crate) use self::mutation::Mutation;
pub(crate) use self::world::{World, answered_check_in};

/// Printed with every difference.
const READ_IT: &str = "\
A new or changed row means that somebody sees or may something else than before. Read each such row as the person in its \
column: is this theirs to see, and do they hear of another's thing exactly what they hear of one that does not exist? Then \
accept it with INSTA_UPDATE=always, run the test again without, and commit the snapshot with the change.";
