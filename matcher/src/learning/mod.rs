//! Learning from outcomes: what became of proposed pairs, set against what was predicted of them.
//!
//! Pure, like `engine`: outcomes in, reports out. [`calibrate`] says how often each predicted fit came true, [`refit`]
//! which weights would have predicted better, [`replay`] what other weights would have chosen in a past round. Nothing
//! is applied: a person reads the reports and changes the policy, or does not. With too few outcomes each says so, with
//! the number it needs.
//!
//! Scores are integers; estimates are not. Outcomes are put in order first and every sum is taken on one thread, so that
//! the same outcomes in any order give the same report.

mod calibration;
mod factor;
mod model;
mod outcome;
mod proportion;
mod reason;
mod refit;
mod replay;
mod solver;
mod validation;
mod words;

use serde::Serialize;

pub use calibration::{Bin, Calibration, FactorCalibration, calibrate};
pub use outcome::{Answer, Criterion, Outcome, Target};
pub use proportion::Proportion;
pub use reason::reason_in_words;
pub use refit::{FactorRefit, HeldOut, Refit, RefitOptions, refit};
pub use replay::{Replay, Side, replay};

/// Too few outcomes to say anything firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TooFew {
    /// Outcomes with a yes.
    pub yes: usize,
    /// Outcomes with a no.
    pub no: usize,
    /// How many of each are needed.
    pub needed_of_each: usize,
}

impl TooFew {
    /// `None` when there are enough of both.
    fn check(yes: usize, no: usize, needed_of_each: usize) -> Option<Self> {
        (yes.min(no) < needed_of_each).then_some(Self {
            yes,
            no,
            needed_of_each,
        })
    }
}
