//! The taxonomy as clients see it.

mod search;
