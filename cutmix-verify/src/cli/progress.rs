//! How far something is: a bar on a terminal, a line now and then elsewhere. On stderr; stdout is for results.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What takes less is not spoken of.
const SOON: Duration = Duration::from_secs(2);

/// Shows progress until it is dropped.
pub(super) struct Progress {
    /// Hidden unless stderr is a terminal.
    bar: ProgressBar,
    quiet: bool,
    unit: &'static str,
    last: Instant,
    tenth: u64,
}

impl Progress {
    pub(super) fn new(quiet: bool, unit: &'static str) -> Self {
        let shown = !quiet && stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len} {prefix}, {eta} left");
        let bar = ProgressBar::with_draw_target(Some(0), target).with_prefix(unit);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, quiet, unit, last: Instant::now(), tenth: 0 }
    }

    /// What is being done.
    pub(super) fn message(&mut self, text: String) {
        self.bar.set_message(text);
    }

    pub(super) fn at(&mut self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done.min(total));
        let tenth = done * 10 / total.max(1);
        if self.bar.is_hidden() && !self.quiet && tenth > self.tenth && self.last.elapsed() >= SOON {
            self.last = Instant::now();
            self.tenth = tenth;
            eprintln!("{done} of {total} {}", self.unit);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
