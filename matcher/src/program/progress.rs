//! A bar on standard error, where a terminal is; silence elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::Progress;
use crate::model::Locale;

/// Shows how far a round is.
pub(crate) struct Bar {
    bar: ProgressBar,
    locale: Locale,
}

impl Bar {
    pub(crate) fn new(locale: Locale) -> Self {
        // A bar drawn to standard error hides itself when that is no terminal.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg:10} {bar:40} {pos}/{len} {elapsed}");
        let bar = match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        Self { bar, locale }
    }

    pub(crate) fn show(&self, progress: Progress) {
        let (done, of) = match progress {
            Progress::Scored { done, of }
            | Progress::Assigned { done, of }
            | Progress::Accounted { done, of } => (done, of),
        };
        if of == 0 {
            // Nothing of nothing would be a full bar.
            return;
        }
        self.bar.set_length(of as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(label(progress, self.locale));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn label(progress: Progress, locale: Locale) -> &'static str {
    match progress {
        Progress::Scored { .. } => locale.pick("scoring", "notation"),
        Progress::Assigned { .. } => locale.pick("assigning", "jumelage"),
        Progress::Accounted { .. } => locale.pick("accounting", "bilan"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_has_its_label_in_both_languages() {
        let (done, of) = (1, 2);
        let labels = |locale| {
            [
                Progress::Scored { done, of },
                Progress::Assigned { done, of },
                Progress::Accounted { done, of },
            ]
            .map(|progress| label(progress, locale))
        };
        assert_eq!(labels(Locale::En), ["scoring", "assigning", "accounting"]);
        assert_eq!(labels(Locale::Fr), ["notation", "jumelage", "bilan"]);
    }

    #[test]
    fn a_step_without_work_does_not_show_a_full_bar() {
        let bar = Bar::new(Locale::En);
        bar.show(Progress::Scored { done: 0, of: 0 });
        assert_eq!(bar.bar.length(), None);
        bar.show(Progress::Scored { done: 1, of: 2 });
        assert_eq!((bar.bar.position(), bar.bar.length()), (1, Some(2)));
    }
}
