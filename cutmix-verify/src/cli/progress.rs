//! How far something is: a bar on a terminal, a line now and then elsewhere. On stderr; stdout is for results.

use std::io::{IsTerminal as _, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What takes less is not spoken of.
const SOON: Duration = Duration::from_secs(2);

/// How often it is said how far something is, however little happens.
const MINUTE: Duration = Duration::from_secs(60);

/// Says the last line that it was given once in an interval, until it is dropped.
#[derive(Debug)]
pub(super) struct Ticker {
    lines: Sender<String>,
}

impl Ticker {
    fn new(interval: Duration, say: impl Fn(&str) + Send + 'static) -> Self {
        let (lines, given) = channel::<String>();
        let tick = move || {
            let (mut line, mut next) = (String::new(), Instant::now() + interval);
            loop {
                match given.recv_timeout(next.saturating_duration_since(Instant::now())) {
                    Ok(given) => line = given,
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {
                        next = Instant::now() + interval;
                        if !line.is_empty() {
                            say(&line);
                        }
                    }
                }
            }
        };
        // Without a thread nothing is said.
        let _ = thread::Builder::new().name("progress".into()).spawn(tick);
        Self { lines }
    }

    fn line(&self, line: String) {
        // Nobody listens where there is no thread.
        let _ = self.lines.send(line);
    }
}

/// Shows progress until it is dropped.
pub(super) struct Progress {
    /// Hidden unless stderr is a terminal.
    bar: ProgressBar,
    quiet: bool,
    unit: &'static str,
    last: Instant,
    tenth: u64,
    /// Off a terminal.
    ticker: Option<Ticker>,
}

impl Progress {
    pub(super) fn new(quiet: bool, unit: &'static str) -> Self {
        let shown = !quiet && stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len} {prefix}, {eta} left");
        let bar = ProgressBar::with_draw_target(Some(0), target).with_prefix(unit);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let ticker = (!quiet && !shown).then(|| Ticker::new(MINUTE, |line| eprintln!("{line}")));
        Self { bar, quiet, unit, last: Instant::now(), tenth: 0, ticker }
    }

    /// What is being done.
    pub(super) fn message(&mut self, text: String) {
        self.bar.set_message(text);
    }

    pub(super) fn at(&mut self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done.min(total));
        if let Some(ticker) = &self.ticker {
            ticker.line(format!("{done} of {total} {}", self.unit));
        }
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn the_last_line_is_said_again_until_the_end() {
        let (said, heard) = channel();
        let ticker = Ticker::new(Duration::from_millis(20), move |line| {
            let _ = said.send(line.to_owned());
        });
        for line in ["first", "second"] {
            ticker.line(line.into());
        }
        let minute = Duration::from_secs(60);
        let lines: Vec<String> = (0..3).map(|_| heard.recv_timeout(minute).unwrap()).collect();
        assert_eq!(lines.last().map(String::as_str), Some("second"), "{lines:?}");
        drop(ticker);
        // What is on its way comes still; then there is nobody to speak.
        while heard.recv_timeout(minute).is_ok() {}
        assert_eq!(heard.recv_timeout(minute), Err(RecvTimeoutError::Disconnected));
    }
}
