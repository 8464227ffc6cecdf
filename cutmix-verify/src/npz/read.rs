//! Reading: the directory once, then each array as a stream.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::CrcReader;
use flate2::read::DeflateDecoder;
use serde::de::DeserializeOwned;
use zip::{CompressionMethod, ZipArchive};

use super::file::Opened;
use super::header::{self, Header, Scalar};

/// A file that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpzError {
    /// The file.
    pub file: PathBuf,
    /// The key, or empty where the file as a whole is meant.
    pub key: String,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub expected: String,
}

impl fmt::Display for NpzError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.display())?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

impl std::error::Error for NpzError {}

impl NpzError {
    /// About a key of a file, or about all of it where that is empty.
    pub(crate) fn at(file: &Path, key: &str, found: impl fmt::Display, expected: impl fmt::Display) -> Self {
        Self { file: file.to_owned(), key: key.into(), found: found.to_string(), expected: expected.to_string() }
    }
}

/// Where an array lies in the file.
#[derive(Clone, Copy, Debug)]
struct Member {
    start: u64,
    stored: u64,
    size: u64,
    crc: u32,
    deflated: bool,
}

/// A file whose directory has been read. It stays open: what takes its place later is not read.
#[derive(Clone, Debug)]
pub struct Archive {
    path: PathBuf,
    file: Opened,
    members: BTreeMap<String, Member>,
}

/// The longest JSON text that is read.
const JSON_MOST: u64 = 1 << 20;
/// The most that is read at once: half of a small second-level cache.
const PIECE: usize = 1 << 17;
/// More arrays than any trace has.
const MOST: usize = 256;
/// The most that an array in Fortran order may take, which cannot be read call by call.
const FORTRAN_MOST: u64 = 1 << 28;

impl Archive {
    /// Reads the directory.
    ///
    /// # Errors
    /// If it is not a zip archive, or an entry is not an array of a plain name, is encrypted, compressed by other means,
    /// there twice, or one of too many.
    pub fn open(path: &Path) -> Result<Self, NpzError> {
        Self::open_within(path, u64::MAX)
    }

    /// The same of a file of at most so many bytes.
    ///
    /// # Errors
    /// As [`open`](Self::open), and if it has more.
    pub(crate) fn open_within(path: &Path, most: u64) -> Result<Self, NpzError> {
        let wrong = |found: &dyn fmt::Display| NpzError::at(path, "", found, "an .npz file");
        let file = Opened::open(path).map_err(|cause| wrong(&cause))?;
        if file.length() > most {
            return Err(NpzError::at(path, "", format!("{} bytes", file.length()), format!("{most} at most")));
        }
        let mut zip = ZipArchive::new(BufReader::new(file.from(0))).map_err(|cause| wrong(&cause))?;
        let mut archive = Self { path: path.to_owned(), file, members: BTreeMap::new() };
        if zip.len() > MOST {
            return Err(archive.error("", format!("{} entries", zip.len()), "256 at most"));
        }
        // Among others: names that are there twice, or are not those of the entries themselves.
        zip.validate_header_consistency()
            .map_err(|cause| archive.error("", cause, "each key once, as the directory says"))?;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|cause| archive.error("", cause, "an .npz file"))?;
            let raw = String::from_utf8_lossy(entry.name_raw());
            let shown: String = raw.chars().take(60).flat_map(char::escape_default).collect();
            let plain = |name: &str| {
                (1..=80).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            let Some(key) = raw.strip_suffix(".npy").filter(|name| plain(name)) else {
                return Err(archive.error(&shown, "a name that is no key", "letters, digits and _, then .npy"));
            };
            if entry.encrypted() {
                return Err(archive.error(key, "an encrypted entry", "a stored or deflated one"));
            }
            let deflated = match entry.compression() {
                CompressionMethod::Stored => false,
                CompressionMethod::Deflated => true,
                other => return Err(archive.error(key, format!("compression {other}"), "stored or deflated")),
            };
            let Some(start) = entry.data_start() else { return Err(archive.error(key, "no data", "an array")) };
            let (stored, size) = (entry.compressed_size(), entry.size());
            if !deflated && stored != size {
                let found = format!("{stored} bytes stored of {size}");
                return Err(archive.error(key, found, "equal sizes of a stored entry"));
            }
            // Deflate cannot do better than 1032 : 1.
            if deflated && size / 1032 > stored {
                let found = format!("{stored} bytes that claim to hold {size}");
                return Err(archive.error(key, found, "1032 times as much at most"));
            }
            archive.members.insert(key.into(), Member { start, stored, size, crc: entry.crc32(), deflated });
        }
        Ok(archive)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All bytes of the file.
    pub(crate) fn bytes(&self) -> impl Read + Send + use<> {
        self.file.from(0)
    }

    /// The keys in alphabetical order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Key, length in bytes (its header among them) and checksum (CRC-32) of every array, as the directory has
    /// them: equal where two files hold the same.
    #[must_use]
    pub fn contents(&self) -> Vec<(String, u64, u32)> {
        self.members.iter().map(|(key, member)| (key.clone(), member.size, member.crc)).collect()
    }

    /// Whether there is such an array.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    /// An error about an array of this file.
    pub fn error(&self, key: &str, found: impl fmt::Display, expected: impl fmt::Display) -> NpzError {
        NpzError::at(&self.path, key, found, expected)
    }

    /// Reads an array whose bytes are a JSON text.
    ///
    /// # Errors
    /// If there is none, or it is longer than 1 MiB, or the text is not what `expected` says in words.
    pub fn json<T: DeserializeOwned>(&self, key: &str, expected: &str) -> Result<T, NpzError> {
        let mut array = self.array(key)?;
        let [length @ ..=JSON_MOST] = *array.shape() else {
            return Err(array.shape_error("the bytes of a JSON text, 1 MiB at most"));
        };
        if array.scalar().bytes() != 1 {
            return Err(array.error(format!("values of type {}", array.scalar().name()), "bytes"));
        }
        let mut bytes = vec![0; length as usize];
        array.read(&mut bytes)?;
        serde_json::from_slice(&bytes).map_err(|error| array.error(error, expected))
    }

    /// Begins to read an array.
    ///
    /// # Errors
    /// If there is none, or its header is not one, or its length is not that of its shape.
    pub fn array(&self, key: &str) -> Result<Array, NpzError> {
        let Some(&member) = self.members.get(key) else {
            return Err(self.error(key, "no such key", "an array"));
        };
        let cut = |cause: io::Error| self.error(key, cause, "a whole array");
        let raw = self.file.from(member.start).take(member.stored);
        let source: Box<dyn Read + Send> = if member.deflated {
            Box::new(DeflateDecoder::new(BufReader::with_capacity(1 << 16, raw)))
        } else {
            Box::new(raw)
        };
        let mut stream = CrcReader::new(source);
        let mut start = [0; 12];
        stream.read_exact(&mut start[..10]).map_err(cut)?;
        if start[..6] != *b"\x93NUMPY" {
            return Err(self.error(key, "other bytes than numpy's first six", "an .npy array"));
        }
        let (before, length) = match start[6] {
            1 => (10, usize::from(u16::from_le_bytes([start[8], start[9]]))),
            2 | 3 => {
                stream.read_exact(&mut start[10..]).map_err(cut)?;
                let long = u32::from_le_bytes([start[8], start[9], start[10], start[11]]);
                (12, usize::try_from(long).unwrap_or(usize::MAX))
            }
            version => return Err(self.error(key, format!("array format {version}"), "1, 2 or 3")),
        };
        if length > header::LONGEST {
            return Err(self.error(key, format!("a header of {length} bytes"), "10000 at most"));
        }
        let mut text = vec![0; length];
        stream.read_exact(&mut text).map_err(cut)?;
        let header = header::parse(&text).map_err(|found| self.error(key, found, "a plain numeric array"))?;
        let bytes = header.shape.iter().try_fold(header.scalar.bytes() as u64, |all, &side| all.checked_mul(side));
        let held = member.size.saturating_sub((before + length) as u64);
        if bytes != Some(held) {
            let expected = format!("as many as the shape {:?} has", header.shape);
            return Err(self.error(key, format!("{held} bytes of values"), expected));
        }
        let (archive, crc) = (self.clone(), member.crc);
        let mut array = Array { archive, key: key.into(), header, stream, crc, left: held, ready: None };
        if array.header.fortran && array.header.shape.len() > 1 {
            array.transpose()?;
        }
        Ok(array)
    }
}

/// An array that is being read.
pub struct Array {
    archive: Archive,
    key: String,
    header: Header,
    stream: CrcReader<Box<dyn Read + Send>>,
    /// The checksum in the directory.
    crc: u32,
    /// Bytes that were not given out yet.
    left: u64,
    /// All of an array that had to be transposed.
    ready: Option<io::Cursor<Vec<u8>>>,
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Array").field("key", &self.key).field("header", &self.header).finish_non_exhaustive()
    }
}

impl Array {
    #[must_use]
    pub const fn scalar(&self) -> Scalar {
        self.header.scalar
    }

    #[must_use]
    pub fn shape(&self) -> &[u64] {
        &self.header.shape
    }

    /// An error about this array.
    pub fn error(&self, found: impl fmt::Display, expected: impl fmt::Display) -> NpzError {
        self.archive.error(&self.key, found, expected)
    }

    /// An error that quotes the shape.
    pub fn shape_error(&self, expected: impl fmt::Display) -> NpzError {
        self.error(format!("shape {:?}", self.header.shape), expected)
    }

    /// Reads the next values into `out`, all of it, little-endian. Its length is that of whole values.
    ///
    /// # Errors
    /// If the file ends before, or after the last value its checksum is wrong or more follows.
    pub fn read(&mut self, out: &mut [u8]) -> Result<(), NpzError> {
        let cut = |this: &Self, cause: io::Error| {
            let found = match cause.kind() {
                io::ErrorKind::UnexpectedEof => "the end of the file".to_owned(),
                _ => cause.to_string(),
            };
            this.error(found, format!("{} more bytes of values", this.left))
        };
        if (out.len() as u64) > self.left {
            return Err(cut(self, io::ErrorKind::UnexpectedEof.into()));
        }
        let result = match &mut self.ready {
            Some(ready) => ready.read_exact(out),
            // The checksum looks at bytes that are still in the cache.
            None => out.chunks_mut(PIECE).try_for_each(|piece| self.stream.read_exact(piece)),
        };
        result.map_err(|cause| cut(self, cause))?;
        self.left -= out.len() as u64;
        if self.ready.is_some() {
            return Ok(());
        }
        if self.header.big_endian {
            out.chunks_exact_mut(self.header.scalar.bytes()).for_each(<[u8]>::reverse);
        }
        if self.left == 0 { self.finish() } else { Ok(()) }
    }

    /// Checks what follows the last value: nothing, and the checksum.
    fn finish(&mut self) -> Result<(), NpzError> {
        let mut more = [0];
        match self.stream.read(&mut more) {
            Ok(0) => {}
            Ok(_) => return Err(self.error("bytes after the last value", "none")),
            Err(cause) => return Err(self.error(cause, "the end of the array")),
        }
        let (found, expected) = (self.stream.crc().sum(), self.crc);
        if found == expected {
            return Ok(());
        }
        Err(self.error(format!("checksum {found:08x}"), format!("{expected:08x}, as the directory says")))
    }

    /// Reads all of an array in Fortran order and puts it into C order.
    fn transpose(&mut self) -> Result<(), NpzError> {
        if self.left > FORTRAN_MOST {
            return Err(self.error(
                format!("{} bytes in Fortran order", self.left),
                "C order (numpy.ascontiguousarray) from 256 MiB on",
            ));
        }
        let mut bytes = vec![0; self.left as usize];
        let left = self.left;
        self.read(&mut bytes)?;
        self.left = left;
        let size = self.header.scalar.bytes();
        let mut out = Vec::with_capacity(bytes.len());
        // A side may be long where another is 0.
        if !bytes.is_empty() {
            // The memory of the first index is densest.
            let mut next = size;
            let strides = self.header.shape.iter().map(|&side| {
                let stride = next;
                next *= side as usize;
                (side as usize, stride)
            });
            c_order(&bytes, size, &strides.collect::<Vec<_>>(), &mut out);
        }
        self.ready = Some(io::Cursor::new(out));
        Ok(())
    }
}

/// Appends the values of an array in C order, given the length of each side and the bytes from neighbour to neighbour along it.
fn c_order(bytes: &[u8], size: usize, sides: &[(usize, usize)], out: &mut Vec<u8>) {
    match sides {
        [] => out.extend_from_slice(&bytes[..size]),
        [(side, stride), rest @ ..] => (0..*side).for_each(|i| c_order(&bytes[i * stride..], size, rest, out)),
    }
}
