//! Projects: their life, browsing, what is refused.

mod bad_input;
mod browse;
mod life;
