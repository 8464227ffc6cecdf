//! How far something is: a bar on a terminal, a line now and then elsewhere. On stderr; stdout is for results.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What takes less is not spoken of.
const SOON: Duration = Duration::from_secs(2);

/// Shows progress until it is dropped.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    quiet: bool,
    unit: &'static str,
    last: Instant,
    tenth: u64,
}

impl Progress {
    pub(super) fn new(quiet: bool, unit: &'static str) -> Self {
        let bar = (!quiet && stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let style =
                ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len} {prefix}, {eta} left");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(unit);
            bar
        });
        Self { bar, quiet, unit, last: Instant::now(), tenth: 0 }
    }

    /// What is being done.
    pub(super) fn message(&mut self, text: String) {
        if let Some(bar) = &self.bar {
            bar.set_message(text);
        }
    }

    pub(super) fn at(&mut self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done.min(total));
            return;
        }
        let tenth = done * 10 / total.max(1);
        if !self.quiet && tenth > self.tenth && self.last.elapsed() >= SOON {
            self.last = Instant::now();
            self.tenth = tenth;
            eprintln!("{done} of {total} {}", self.unit);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
