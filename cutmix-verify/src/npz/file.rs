//! A file that is opened once: what takes its place at its path afterwards is not read, and it cannot grow while it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// A regular file of a known length. Copies read the same file, each from a place of its own.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    file: Arc<File>,
    at: u64,
    length: u64,
}

impl Opened {
    /// Opens a regular file. Nothing else is waited for, such as the other end of a pipe.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.custom_flags(libc::O_NONBLOCK);
        }
        let file = options.open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::other("no regular file"));
        }
        Ok(Self { file: Arc::new(file), at: 0, length: meta.len() })
    }

    /// Its bytes when it was opened.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// The same file, read from a place.
    pub(super) fn from(&self, at: u64) -> Self {
        Self { at, ..self.clone() }
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

impl Read for Opened {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.at);
        let most = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = read_at(&self.file, &mut bytes[..most], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_follows_the_opening_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "twelve bytes").unwrap();
        let opened = Opened::open(&path).unwrap();
        // It grows, and another takes its place.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b" and more").unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "another").unwrap();
        let read = |at| {
            let mut text = String::new();
            opened.from(at).read_to_string(&mut text).map(|_| text).unwrap()
        };
        assert_eq!((opened.length(), read(0).as_str(), read(7).as_str()), (12, "twelve bytes", "bytes"));
        let mut end = opened.from(0);
        assert_eq!((end.seek(SeekFrom::End(-5)).unwrap(), end.seek(SeekFrom::Current(2)).unwrap()), (7, 9));
        assert!(end.seek(SeekFrom::Current(-10)).is_err() && Opened::open(folder.path()).is_err());
    }

    /// Opening a pipe to read waits for who writes, by default.
    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(Opened::open(&path).unwrap_err().to_string(), "no regular file");
    }
}
