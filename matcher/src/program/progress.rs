//! A bar on standard error, where a terminal is; silence elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use matcher::engine::Progress;

/// Shows how far a round is.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new() -> Self {
        // A bar drawn to standard error hides itself when that is no terminal.
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg:10} {bar:40} {pos}/{len} {elapsed}");
        Self(match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    pub(crate) fn show(&self, progress: Progress) {
        let (message, done, of) = match progress {
            Progress::Scored { done, of } => ("scoring", done, of),
            Progress::Assigned { done, of } => ("assigning", done, of),
            Progress::Accounted { done, of } => ("accounting", done, of),
        };
        self.0.set_message(message);
        self.0.set_length(of as u64);
        self.0.set_position(done as u64);
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
