//! Organizations: their whole life, who belongs to them, what is refused.

mod bad_input;
mod life;
mod members;
mod responsiveness;
