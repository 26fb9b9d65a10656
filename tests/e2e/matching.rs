//! Matching through the API: rounds, evaluations, standing instructions and applications.

mod current;
mod evaluation;
mod interest;
mod round;
mod rules;
mod statements;
mod world;
