//! Adapters: other people's implementations, run as child processes that mix probes round after round.
//!
//! docs/TRACE.md has the protocol. Imports `probe`; nothing of the core, and nothing of the auditor.
//!
//! ```
//! use std::sync::{Arc, atomic::AtomicBool};
//! use std::time::Duration;
//! use cutmix_verify::adapter::Session;
//!
//! // `Session` exchanges lines with a command, if there is one.
//! let error = Session::start("no-such-command-anywhere", Duration::from_secs(1), Arc::new(AtomicBool::new(false)));
//! assert_eq!(error.unwrap_err().expected, "a program that can be started");
//! ```

mod message;
mod pipes;

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

pub use message::{About, Answer, LINE_MOST, PROTOCOL, Refusal, Request};
use pipes::{Stdout, StdoutLine, Tail};

/// How much of a child's stderr is kept, in bytes.
pub const STDERR_MOST: usize = 1 << 16;
/// What an [`AdapterError`] found begins with where a child was silent for too long.
pub(crate) const SILENT: &str = "silent for ";
/// The places of errors before the first round.
pub(crate) const STARTED: &str = "start";
pub(crate) const GREETED: &str = "hello";
/// How long a child has to end after its stdin did.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long the last words of a child that is gone may be on their way.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long a line that a child said at its very end may be on its way through the thread that reads it.
const LAST_LINE: Duration = Duration::from_millis(200);
/// How often it is looked whether something has happened that cannot be waited for, and whether to stop.
const LOOK: Duration = Duration::from_millis(10);
const LOOK_TO_STOP: Duration = Duration::from_millis(100);
/// Characters of a child's message, of the last line of its stderr, and bytes of a line, that an error shows.
const FOUND_SHOWN: usize = 600;
const STDERR_SHOWN: usize = 300;
const LINE_SHOWN: usize = 80;

/// Waits until something has happened, but no longer than to an instant.
fn wait_until(end: Instant, mut happened: impl FnMut() -> bool) {
    while !happened() && Instant::now() < end {
        thread::sleep(LOOK);
    }
}

/// Why an adapter could not be run, or a round has no trace. One line, with text of the child's that is not trusted.
///
/// ```
/// use cutmix_verify::adapter::AdapterError;
///
/// let [place, found, expected, stderr] = ["round 3", "the end", "an answer", "no weights"].map(String::from);
/// let error = AdapterError { place, found, expected, stderr, refusal: None };
/// let text = "--exec: round 3: the end, expected an answer; the end of its stderr: no weights";
/// assert_eq!(error.to_string(), text);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterError {
    /// When: `start`, `hello`, or `round N`.
    pub place: String,
    /// What happened.
    pub found: String,
    /// What should have; empty where the adapter says itself what is wrong.
    pub expected: String,
    /// The last line of stderr, if there is one. Untrusted.
    pub stderr: String,
    /// What the adapter said, if it answered that it could not do it.
    pub refusal: Option<Box<Refusal>>,
}

impl fmt::Display for AdapterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--exec: {}: {}", self.place, self.found)?;
        if !self.expected.is_empty() {
            write!(f, ", expected {}", self.expected)?;
        }
        if self.stderr.is_empty() { Ok(()) } else { write!(f, "; the end of its stderr: {}", self.stderr) }
    }
}

impl std::error::Error for AdapterError {}

/// A child process that mixes probes. Ended with its process group when this is dropped.
///
/// ```
/// use std::sync::{Arc, atomic::AtomicBool};
/// use std::time::Duration;
/// use cutmix_verify::adapter::Session;
///
/// let start = |command| Session::start(command, Duration::from_secs(60), Arc::new(AtomicBool::new(false)));
/// // Words are split as a shell would, but no shell is started.
/// assert_eq!(start("python 'adapter.py").unwrap_err().expected, "a command whose quotations are closed");
/// assert_eq!(start("").unwrap_err().to_string(), "--exec: start: nothing, expected a command");
/// ```
pub struct Session {
    child: Box<dyn ChildWrapper>,
    lines: Stdout,
    stderr: Tail,
    stderr_thread: Option<thread::JoinHandle<()>>,
    folder: tempfile::TempDir,
    timeout: Duration,
    stop: Arc<AtomicBool>,
    round: u32,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("round", &self.round).finish_non_exhaustive()
    }
}

/// A round that was made.
///
/// ```
/// use std::sync::{Arc, atomic::AtomicBool};
/// use std::time::Duration;
/// use cutmix_verify::adapter::Session;
///
/// # if cfg!(unix) {
/// // An adapter of one line, which leaves an empty file where the trace should be.
/// let shell = r#"sh -c 'read -r line; trace=${line##*\"trace\":\"}; : > "${trace%%\"*}"; echo "{\"ok\": true}"'"#;
/// let mut session = Session::start(shell, Duration::from_secs(60), Arc::new(AtomicBool::new(false)))?;
/// let round = session.round(None, |path| std::fs::write(path, "a probe"))?;
/// assert!(round.number == 0 && round.trace.exists());
/// session.forget(&round);
/// assert!(!round.trace.exists());
/// # }
/// # Ok::<(), cutmix_verify::adapter::AdapterError>(())
/// ```
#[derive(Debug)]
pub struct Round {
    /// Its number.
    pub number: u32,
    /// Where the trace is; [`Session::forget`] deletes it.
    pub trace: PathBuf,
    probe: PathBuf,
}

impl Session {
    /// Starts a command: words as a shell would split them, without one. `timeout` is how long it may be silent while an
    /// answer is due; `stop` ends the wait at once when it becomes true.
    ///
    /// # Errors
    /// If the command is empty, has an open quotation, or cannot be started.
    pub fn start(command: &str, timeout: Duration, stop: Arc<AtomicBool>) -> Result<Self, AdapterError> {
        let fail = |found: String, expected: &str| AdapterError {
            place: STARTED.into(),
            found,
            expected: expected.into(),
            stderr: String::new(),
            refusal: None,
        };
        let Some(words) = shlex::split(command) else {
            return Err(fail(format!("{command:?}"), "a command whose quotations are closed"));
        };
        let Some((program, args)) = words.split_first() else {
            return Err(fail("nothing".into(), "a command"));
        };
        let folder = tempfile::Builder::new()
            .prefix("cutmix-audit-")
            .tempdir()
            .map_err(|error| fail(error.to_string(), "a temporary folder"))?;
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut command = CommandWrap::from(command);
        // A group of its own: what the command starts is ended with it.
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::std::JobObject);
        let expected = "a program that can be started";
        let mut child = command.spawn().map_err(|error| fail(format!("{program:?}: {error}"), expected))?;
        let pipes = child.stdout().take().zip(child.stderr().take()).ok_or_else(|| io::Error::other("no pipes"));
        let threads =
            pipes.and_then(|(stdout, stderr)| Ok((Stdout::of(stdout, LINE_MOST)?, Tail::of(stderr, STDERR_MOST)?)));
        match threads {
            Ok((lines, (stderr, thread))) => {
                Ok(Self { child, lines, stderr, stderr_thread: Some(thread), folder, timeout, stop, round: 0 })
            }
            Err(error) => {
                let _ = child.start_kill();
                Err(fail(error.to_string(), "threads that read its output"))
            }
        }
    }

    /// What the adapter is.
    ///
    /// # Errors
    /// If it does not answer, or with an error.
    pub fn hello(&mut self) -> Result<About, AdapterError> {
        self.ask(&Request::HELLO, GREETED)
    }

    /// Makes a round: `write` fills the probe's file, the adapter the trace's.
    ///
    /// # Errors
    /// If the probe cannot be written, the adapter does not answer, or leaves no trace.
    pub fn round(
        &mut self,
        alpha: Option<f64>,
        write: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<Round, AdapterError> {
        let number = self.round;
        let place = format!("round {number}");
        self.round += 1;
        let probe = self.folder.path().join(format!("probe-{number}.npz"));
        let trace = self.folder.path().join(format!("trace-{number}.npz"));
        write(&probe).map_err(|error| self.error(&place, error.to_string(), "room for a probe"))?;
        let request = Request::Round { protocol: PROTOCOL, round: number, alpha, probe: &probe, trace: &trace };
        if let Err(error) = self.ask(&request, &place) {
            // The next round finds the folder as this one did.
            self.forget(&Round { number, trace, probe });
            return Err(error);
        }
        self.only(&place, &[&probe, &trace])?;
        // Neither a link to elsewhere nor a pipe that never ends.
        if !trace.symlink_metadata().is_ok_and(|meta| meta.is_file()) {
            return Err(self.error(&place, "no trace", "the file that \"trace\" names"));
        }
        Ok(Round { number, trace, probe })
    }

    /// Deletes the files of a round.
    pub fn forget(&self, round: &Round) {
        // What cannot be deleted goes with the folder.
        let _ = std::fs::remove_file(&round.trace);
        let _ = std::fs::remove_file(&round.probe);
    }

    /// Ends the adapter: closes its stdin, waits a while, ends what is left of its group. The end of its stderr.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.farewell();
        self.kill();
        self.stderr.text()
    }

    /// Closes its stdin and waits a while for its end.
    fn farewell(&mut self) {
        self.child.stdin().take();
        wait_until(Instant::now() + FAREWELL, || !matches!(self.child.try_wait(), Ok(None)));
    }

    /// Nothing in the folder but these.
    fn only(&self, place: &str, files: &[&Path]) -> Result<(), AdapterError> {
        let found = std::fs::read_dir(self.folder.path())
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>())
            .map_err(|error| self.error(place, error.to_string(), "a folder that can be read"))?;
        match found.iter().find(|path| !files.contains(&path.as_path())) {
            Some(other) => {
                let name = other.file_name().unwrap_or_default();
                Err(self.error(place, format!("a file {}", name.display()), "nothing but the trace to be written"))
            }
            None => Ok(()),
        }
    }

    fn ask(&mut self, request: &Request, place: &str) -> Result<About, AdapterError> {
        let line = request.line().map_err(|error| self.error(place, error, "a path of UTF-8"))?;
        let bytes = self.exchange(&line, place)?;
        match Answer::parse(&bytes) {
            Ok(Answer::Done(about)) => Ok(about),
            Ok(Answer::Failed(refusal)) => {
                let whose = if refusal.is_of_the_code() { "" } else { "the adapter's error: " };
                let mut error = self.error(place, format!("{whose}{}", refusal.error), "");
                if refusal.is_of_the_code() {
                    // It has said all of it.
                    error.stderr.clear();
                }
                Err(AdapterError { refusal: Some(Box::new(refusal)), ..error })
            }
            Err(error) => Err(self.error(place, format!("{}: {error}", show(&StdoutLine::Whole(bytes))), LINES)),
        }
    }

    /// That the child has said nothing that was not asked for.
    ///
    /// # Errors
    /// If it has, as far as that has arrived.
    pub fn silent(&mut self, place: &str) -> Result<(), AdapterError> {
        let early = self.lines.arrived();
        self.unasked(place, early)
    }

    /// As [`Session::finish`], and that the child said nothing more until its end.
    ///
    /// # Errors
    /// As [`Session::silent`].
    pub fn end(mut self, place: &str) -> Result<(), AdapterError> {
        self.farewell();
        let early = self.lines.wait(LAST_LINE).ok();
        self.unasked(place, early)
    }

    fn unasked(&self, place: &str, line: Option<StdoutLine>) -> Result<(), AdapterError> {
        match line {
            Some(line) => Err(self.error(place, format!("{} without a request", show(&line)), LINES)),
            None => Ok(()),
        }
    }

    /// Sends a line, its end included, and waits for the line that answers it. What the answer says is the caller's to read.
    ///
    /// # Errors
    /// If the child ends, is silent for too long, or writes more than one line of at most [`LINE_MOST`] bytes.
    pub fn exchange(&mut self, line: &[u8], place: &str) -> Result<Vec<u8>, AdapterError> {
        if line.len() > LINE_MOST {
            let found = format!("a request of {} bytes", line.len());
            return Err(self.error(place, found, "a shorter one: of a round, a shorter temporary folder"));
        }
        // A line that was not asked for would be taken for the answer.
        self.silent(place)?;
        // 64 KiB at most, and the child has read all before it: the pipe takes it, or the child is no adapter.
        let stdin = self.child.stdin().as_mut();
        if stdin.is_none_or(|stdin| stdin.write_all(line).and_then(|()| stdin.flush()).is_err()) {
            // What it said before it left tells more than that it left.
            return Err(match self.lines.wait(LAST_WORDS) {
                Ok(line) => self.error(place, format!("{} and the end", show(&line)), LINES),
                Err(_) => self.ended(place),
            });
        }
        let until = Instant::now() + self.timeout;
        let line = loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(self.error(place, "interrupted", "to be let run"));
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.wait(left.min(LOOK_TO_STOP)) {
                Ok(line) => break line,
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    let found = format!("{SILENT}{} s", self.timeout.as_secs_f64());
                    return Err(self.error(place, found, "an answer, or a longer --timeout"));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended(place)),
            }
        };
        match line {
            StdoutLine::Whole(bytes) => Ok(bytes),
            StdoutLine::TooLong => Err(self.error(place, show(&line), LINES)),
        }
    }

    /// The error of a child that is gone.
    fn ended(&mut self, place: &str) -> AdapterError {
        let end = Instant::now() + LAST_WORDS;
        let mut status = Ok(None);
        wait_until(end, || {
            status = self.child.try_wait();
            !matches!(status, Ok(None))
        });
        let found = match status {
            Ok(Some(status)) => format!("the command ended ({status})"),
            _ => "the command closed its pipes".into(),
        };
        // Only while the pipe is not held open by another process.
        wait_until(end, || self.stderr_thread.as_ref().is_none_or(thread::JoinHandle::is_finished));
        self.error(place, found, "it to answer until its stdin ends")
    }

    fn error(&self, place: &str, found: impl AsRef<str>, expected: &str) -> AdapterError {
        let text = self.stderr.text();
        let last = text.lines().rev().find(|line| says(line)).unwrap_or_default();
        let stderr = last.chars().take(STDERR_SHOWN).collect();
        let found = found.as_ref().chars().take(FOUND_SHOWN).collect();
        AdapterError { place: place.into(), found, expected: expected.into(), stderr, refusal: None }
    }

    fn kill(&mut self) {
        // The group may outlive its leader.
        let _ = self.child.start_kill();
        let end = Instant::now() + LAST_WORDS;
        wait_until(end, || !matches!(self.child.try_wait(), Ok(None)));
        if let Some(thread) = self.stderr_thread.take() {
            wait_until(end, || thread.is_finished());
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.kill();
    }
}

const LINES: &str = "one line of JSON a request, and nothing else on stdout";

/// Whether a line of stderr says something: neither the version that Node ends with, nor a place of its stack.
fn says(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("Node.js v") && !line.starts_with("    at ")
}

/// A line as an error names it.
fn show(line: &StdoutLine) -> String {
    match line {
        StdoutLine::TooLong => format!("a line of more than {LINE_MOST} bytes"),
        StdoutLine::Whole(bytes) => {
            let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LINE_SHOWN)]);
            format!("the line {text:?}{}", if bytes.len() > LINE_SHOWN { " ..." } else { "" })
        }
    }
}
