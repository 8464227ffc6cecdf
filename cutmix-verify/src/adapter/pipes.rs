//! What comes out of a child's pipes, read in threads of their own, so that a child can neither block nor fill the memory.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A line of stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StdoutLine {
    /// Without its end.
    Whole(Vec<u8>),
    /// Longer than the limit; what follows is not read.
    TooLong,
}

/// Reads one line of at most `most` bytes, its end included. `None` at the end of the stream; a last line without an end
/// counts as one.
pub(super) fn line(reader: &mut impl BufRead, most: usize) -> io::Result<Option<StdoutLine>> {
    let mut line = Vec::new();
    reader.by_ref().take(most as u64).read_until(b'\n', &mut line)?;
    match line.last() {
        None => Ok(None),
        Some(b'\n') => {
            line.pop();
            Ok(Some(StdoutLine::Whole(line)))
        }
        Some(_) if line.len() == most => Ok(Some(StdoutLine::TooLong)),
        Some(_) => Ok(Some(StdoutLine::Whole(line))),
    }
}

/// The lines of a stream, as far as they have arrived.
pub(super) struct Stdout {
    receive: Receiver<Vec<StdoutLine>>,
    /// Those that came together with one that was taken.
    ready: VecDeque<StdoutLine>,
}

impl Stdout {
    /// Reads the lines of a stream until it ends, errs, or has one that is too long. A few are kept until they are
    /// taken; then the child waits.
    pub(super) fn of(stream: impl Read + Send + 'static, most: usize) -> io::Result<Self> {
        let (send, receive) = sync_channel(2);
        thread::Builder::new().name("adapter stdout".into()).spawn(move || {
            let mut reader = io::BufReader::new(stream);
            let mut more = true;
            while more {
                // What was written at once is passed on at once: the first line's reader can tell that it was not alone.
                let mut together = Vec::new();
                while more && (together.is_empty() || reader.buffer().contains(&b'\n')) {
                    let found = line(&mut reader, most).ok().flatten();
                    more = matches!(found, Some(StdoutLine::Whole(_)));
                    together.extend(found);
                }
                more &= send.send(together).is_ok();
            }
        })?;
        Ok(Self { receive, ready: VecDeque::new() })
    }

    /// The next line, if it has arrived.
    pub(super) fn arrived(&mut self) -> Option<StdoutLine> {
        self.ready.extend(self.receive.try_iter().flatten());
        self.ready.pop_front()
    }

    /// The next line; waits for it.
    ///
    /// # Errors
    /// If none comes in time, or there are no more.
    pub(super) fn wait(&mut self, time: Duration) -> Result<StdoutLine, RecvTimeoutError> {
        if let Some(line) = self.ready.pop_front() {
            return Ok(line);
        }
        self.ready.extend(self.receive.recv_timeout(time)?);
        // Nothing came with the end of the stream.
        self.ready.pop_front().ok_or(RecvTimeoutError::Disconnected)
    }
}

/// The end of a stream, kept while it is read to its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Tail(Arc<Mutex<VecDeque<u8>>>);

impl Tail {
    /// Keeps the last `most` bytes of a stream.
    pub(super) fn of(
        mut stream: impl Read + Send + 'static,
        most: usize,
    ) -> io::Result<(Self, thread::JoinHandle<()>)> {
        let tail = Self::default();
        let kept = tail.clone();
        let thread = thread::Builder::new().name("adapter stderr".into()).spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut buffer) {
                let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend(&buffer[..read]);
                let surplus = kept.len().saturating_sub(most);
                kept.drain(..surplus);
            }
        })?;
        Ok((tail, thread))
    }

    /// What is kept by now. Bytes that are not UTF-8 become replacement characters.
    pub(super) fn text(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (a, b) = kept.as_slices();
        String::from_utf8_lossy(&[a, b].concat()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn lines_end_at_their_limit() {
        let mut reader = b"ab\n\nabc\nabcd\nx".as_slice();
        let mut next = || line(&mut reader, 4).unwrap();
        assert_eq!(next(), Some(StdoutLine::Whole(b"ab".to_vec())));
        assert_eq!(next(), Some(StdoutLine::Whole(Vec::new())));
        assert_eq!(next(), Some(StdoutLine::Whole(b"abc".to_vec())));
        assert_eq!(next(), Some(StdoutLine::TooLong), "four bytes and no end of the line");
        let mut rest = b"x".as_slice();
        assert_eq!(line(&mut rest, 4).unwrap(), Some(StdoutLine::Whole(b"x".to_vec())));
        assert_eq!(line(&mut rest, 4).unwrap(), None);
    }

    #[test]
    fn a_line_that_never_ends_takes_no_more_than_its_limit() {
        let mut received = Stdout::of(io::repeat(b'a'), 1 << 16).unwrap();
        assert_eq!(received.wait(LONG), Ok(StdoutLine::TooLong));
        assert_eq!(received.wait(LONG), Err(RecvTimeoutError::Disconnected), "nothing after it");
    }

    #[test]
    fn lines_that_are_written_together_arrive_together() {
        let whole = |text: &str| StdoutLine::Whole(text.as_bytes().to_vec());
        for _ in 0..1000 {
            let (stream, mut child) = io::pipe().unwrap();
            let mut received = Stdout::of(stream, 16).unwrap();
            child.write_all(b"ab\ncd\ne").unwrap();
            assert_eq!(received.wait(LONG), Ok(whole("ab")));
            assert_eq!(received.arrived(), Some(whole("cd")));
            assert_eq!(received.arrived(), None, "a line that has not ended");
            drop(child);
            assert_eq!(received.wait(LONG), Ok(whole("e")));
            assert_eq!(received.wait(LONG), Err(RecvTimeoutError::Disconnected));
        }
    }

    #[test]
    fn the_end_of_a_long_stream_is_kept() {
        let stream = io::repeat(b'a').take(1 << 20).chain(b"end \xff".as_slice());
        let (tail, thread) = Tail::of(stream, 10).unwrap();
        thread.join().unwrap();
        assert_eq!(tail.text(), "aaaaaend \u{fffd}");
    }
}
