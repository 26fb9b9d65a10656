//! Matching through the API: rounds, evaluations, standing instructions and applications.

mod auditor;
mod certificate;
mod current;
mod evaluation;
mod fairness;
mod following;
mod guide;
mod interest;
mod kept;
mod learning;
mod older;
mod replay;
mod round;
mod rules;
mod statements;
mod why;
mod world;
