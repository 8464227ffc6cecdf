//! Writing `.npz` files: whole or not at all, and the same bytes for the same content.

use std::io::{self, Seek, SeekFrom, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The lowest level that finds repetitions 23 KiB apart, which is what the images of a law phase are.
const LEVEL: i64 = 4;

/// What is written to, until that fails once: what follows is thrown away. An archive that is given up is completed by its
/// writer all the same, which would print why it cannot be.
#[derive(Debug)]
struct UntilFailed<W> {
    inner: W,
    failed: bool,
    /// The furthest it has been.
    end: u64,
}

impl<W> UntilFailed<W> {
    fn tried<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.failed |= result.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        result
    }
}

impl<W: Write> Write for UntilFailed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed {
            self.end += bytes.len() as u64;
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.end += *written.as_ref().unwrap_or(&0) as u64;
        self.tried(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.tried(flushed)
    }
}

impl<W: Seek> Seek for UntilFailed<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if self.failed {
            // Its writer reckons with places behind those where an entry began, also where the error came from going back to one.
            return Ok(self.end);
        }
        let at = self.inner.seek(to);
        self.end = self.end.max(*at.as_ref().unwrap_or(&0));
        self.tried(at)
    }
}

/// Writes arrays one after the other; [`Writer::finish`] completes the file.
#[derive(Debug)]
pub struct Writer<W: Write + Seek> {
    zip: ZipWriter<UntilFailed<W>>,
    options: SimpleFileOptions,
}

impl<W: Write + Seek> Writer<W> {
    /// A file of deflated arrays, or stored ones.
    pub fn new(inner: W, deflate: bool) -> Self {
        let method = if deflate { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        // `large_file` spares a second pass over the sizes.
        let level = deflate.then_some(LEVEL);
        let options = SimpleFileOptions::default().compression_method(method).compression_level(level).large_file(true);
        Self { zip: ZipWriter::new(UntilFailed { inner, failed: false, end: 0 }), options }
    }

    /// Begins an array; `descr` as `numpy` writes it (`|u1`, `<f4`). Its bytes follow through [`Write`], in
    /// C order; that there are as many as the shape has is not checked here, [`Archive::array`](super::Archive::array) does.
    pub fn array(&mut self, key: &str, descr: &str, shape: &[u64]) -> io::Result<()> {
        self.zip.start_file(format!("{key}.npy"), self.options).map_err(io::Error::other)?;
        let list: Vec<String> = shape.iter().map(u64::to_string).collect();
        let shape = if let [one] = &list[..] { format!("({one},)") } else { format!("({})", list.join(", ")) };
        let dict = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
        // Magic, version and length are 10 bytes; the data begins at a multiple of 64.
        let padding = 63 - (10 + dict.len()) % 64;
        let header = format!("{dict}{}\n", " ".repeat(padding));
        let length = u16::try_from(header.len()).map_err(io::Error::other)?;
        self.zip.write_all(b"\x93NUMPY\x01\x00")?;
        self.zip.write_all(&length.to_le_bytes())?;
        self.zip.write_all(header.as_bytes())
    }

    /// Completes the file.
    pub fn finish(self) -> io::Result<W> {
        let UntilFailed { inner, failed, .. } = self.zip.finish().map_err(io::Error::other)?;
        // Who went on after an error has no file.
        if failed { Err(io::Error::other("an earlier write failed")) } else { Ok(inner) }
    }
}

impl<W: Write + Seek> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.zip.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Room for so many bytes.
    #[derive(Debug)]
    struct Room(Cursor<Vec<u8>>, usize);

    impl Write for Room {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.get_ref().len() + bytes.len() > self.1 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Room {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    /// An error is told once, and a file is never called complete after it.
    #[test]
    fn a_full_disk_is_told_wherever_it_ends() {
        let written = |room: usize, stubborn: bool| {
            let mut npz = Writer::new(Room(Cursor::new(Vec::new()), room), false);
            let result = npz.array("a", "|u1", &[100]).and_then(|()| npz.write_all(&[7; 100]));
            if !stubborn {
                result?;
            }
            npz.finish().map(|room| room.0.into_inner().len())
        };
        let whole = written(usize::MAX, false).unwrap();
        for room in 0..whole {
            assert!(written(room, false).is_err() && written(room, true).is_err(), "{room} of {whole}");
        }
        assert_eq!(written(whole, false).unwrap(), whole);
    }
}
