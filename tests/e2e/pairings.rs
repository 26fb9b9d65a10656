//! A pairing's life, through the API, the jobs and the pages behind mail links.

mod answering;
mod applications;
mod changes;
mod clashes;
mod consent;
mod deciding;
mod following;
mod hidden;
mod nodes;
mod pages;
mod pending;
mod races;
mod recheck;
pub(crate) mod scene;
mod second_factor;
mod strangers;
