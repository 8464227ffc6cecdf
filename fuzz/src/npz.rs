//! The reader of other people's archives. Input that begins with a zero byte is no file, but what one is made of: arrays that
//! are written here in other words, and must come back value by value; then one byte of the file is changed, and nothing
//! but what was written or an error may come back. Other input is a file as it is: whatever is read has the length that its
//! header claims.

use std::io::{Cursor, Write as _};

use arbitrary::Arbitrary;
use cutmix_verify::npz::{Archive, NpzError};
use zip::write::SimpleFileOptions;

use crate::Outcome;

/// The most values that a run reads of one array.
const MOST: usize = 1 << 20;

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Kind {
    Bool,
    U1,
    I2,
    U4,
    F2,
    F4,
    F8,
    I8,
}

impl Kind {
    /// numpy's letter and size.
    const fn code(self) -> (char, usize) {
        match self {
            Self::Bool => ('b', 1),
            Self::U1 => ('u', 1),
            Self::I2 => ('i', 2),
            Self::U4 => ('u', 4),
            Self::F2 => ('f', 2),
            Self::F4 => ('f', 4),
            Self::F8 => ('f', 8),
            Self::I8 => ('i', 8),
        }
    }
}

/// One array and how it is written.
#[derive(Arbitrary, Debug)]
struct Made {
    kind: Kind,
    sides: [u8; 3],
    rank: u8,
    seed: u32,
    big: bool,
    fortran: bool,
    deflate: bool,
    /// Bits: a long header, keys in another order, double quotes, a version 2 header.
    style: u8,
}

#[derive(Arbitrary, Debug)]
struct Forged {
    arrays: Vec<Made>,
    /// Where a byte is changed, and by what; 0 changes none.
    place: u16,
    change: u8,
}

impl Made {
    fn shape(&self) -> Vec<usize> {
        self.sides.iter().take(usize::from(self.rank % 4)).map(|&side| usize::from(side % 7)).collect()
    }

    /// The bytes of value `n` in C order, little-endian.
    fn value(&self, n: usize) -> Vec<u8> {
        let word = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(self.seed);
        let (letter, size) = self.kind.code();
        let bytes = word.to_le_bytes()[..size].to_vec();
        if letter == 'b' { vec![bytes[0] & 1] } else { bytes }
    }

    fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// The values in C order, little-endian: what must be read.
    fn expected(&self) -> Vec<u8> {
        (0..self.len()).flat_map(|n| self.value(n)).collect()
    }

    /// The `.npy` file.
    fn file(&self) -> Vec<u8> {
        let (letter, size) = self.kind.code();
        let order = if size == 1 {
            '|'
        } else if self.big {
            '>'
        } else {
            '<'
        };
        let sides: Vec<String> = self.shape().iter().map(|side| format!("{side},")).collect();
        let list = sides.join(" ");
        let quote = if self.style & 4 == 0 { '\'' } else { '"' };
        let key = |name: &str| format!("{quote}{name}{quote}");
        let descr = format!("{}: '{order}{letter}{size}'", key("descr"));
        let fortran = format!("{}: {}", key("fortran_order"), if self.fortran { "True" } else { "False" });
        let shape = format!("{}: ({list})", key("shape"));
        let parts = if self.style & 2 == 0 { [descr, fortran, shape] } else { [shape, descr, fortran] };
        let mut text = format!("{{{}, }}", parts.join(", "));
        text.push_str(&" ".repeat(if self.style & 1 == 0 { 3 } else { 300 }));
        text.push('\n');
        let mut file = b"\x93NUMPY".to_vec();
        if self.style & 8 == 0 {
            file.extend([1, 0]);
            file.extend((text.len() as u16).to_le_bytes());
        } else {
            file.extend([2, 0]);
            file.extend((text.len() as u32).to_le_bytes());
        }
        file.extend(text.as_bytes());
        // In the order of the file: Fortran's first index runs fastest.
        let shape = self.shape();
        for n in 0..self.len() {
            let mut at = n;
            if self.fortran {
                let (mut rest, mut index) = (n, Vec::new());
                for &side in &shape {
                    index.push(rest % side);
                    rest /= side;
                }
                at = index.iter().zip(&shape).fold(0, |at, (&i, &side)| at * side + i);
            }
            let mut bytes = self.value(at);
            if self.big {
                bytes.reverse();
            }
            file.extend(bytes);
        }
        file
    }
}

fn archive(arrays: &[Made]) -> Option<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, made) in arrays.iter().enumerate() {
        let method = if made.deflate { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
        zip.start_file(format!("a{i}.npy"), SimpleFileOptions::default().compression_method(method)).ok()?;
        zip.write_all(&made.file()).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

/// All arrays of a file: their keys and bytes.
fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, NpzError> {
    let mut file = tempfile::NamedTempFile::new().expect("room for a file");
    file.write_all(bytes).expect("room for a file");
    let archive = Archive::open(file.path())?;
    let keys: Vec<String> = archive.keys().map(str::to_owned).collect();
    keys.into_iter()
        .map(|key| {
            let mut array = archive.array(&key)?;
            let size = array.scalar().bytes();
            let whole = array.shape().iter().product::<u64>() as usize * size;
            // In two parts, as calls are read.
            let mut values = vec![0; whole.min(MOST)];
            let half = values.len() / 2 / size * size;
            array.read(&mut values[..half])?;
            array.read(&mut values[half..])?;
            if whole <= MOST {
                assert!(array.read(&mut [0]).is_err(), "{key}: nothing follows the last value");
            }
            Ok((key, values))
        })
        .collect()
}

/// One line, and it names the file.
fn is_one_line(error: &NpzError) {
    let text = error.to_string();
    assert!(text.contains("expected") && text.lines().count() == 1, "{text:?}");
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some((0, forged)) = data.split_first() else {
        return match read(data) {
            Ok(_) => Outcome::Verified,
            Err(error) => {
                is_one_line(&error);
                Outcome::Refused
            }
        };
    };
    let Some(forged) = crate::read::<Forged>(forged) else { return Outcome::Malformed };
    let arrays = &forged.arrays[..forged.arrays.len().min(12)];
    let Some(mut bytes) = archive(arrays) else { return Outcome::Malformed };
    let mut expected: Vec<(String, Vec<u8>)> =
        arrays.iter().enumerate().map(|(i, made)| (format!("a{i}"), made.expected())).collect();
    expected.sort();
    let found = read(&bytes).unwrap_or_else(|error| panic!("{error}"));
    for (found, expected) in found.iter().zip(&expected) {
        let place = found.1.iter().zip(&expected.1).position(|(a, b)| a != b);
        let lengths = (found.1.len(), expected.1.len());
        assert!(found == expected, "{} and {}: {lengths:?}, {place:?}", found.0, expected.0);
    }
    assert_eq!(found.len(), expected.len());
    if forged.change == 0 || bytes.is_empty() {
        return Outcome::Verified;
    }
    let place = usize::from(forged.place) % bytes.len();
    bytes[place] ^= forged.change;
    match read(&bytes) {
        // A changed header may claim another shape or order, a changed directory other names or fewer: values stay.
        Ok(found) => {
            let sorted = |mut bytes: Vec<u8>| {
                bytes.sort_unstable();
                bytes
            };
            let written: Vec<_> = expected.into_iter().map(|(_, bytes)| sorted(bytes)).collect();
            for (_, values) in found {
                assert!(written.contains(&sorted(values)), "values that nobody wrote");
            }
            Outcome::Verified
        }
        Err(error) => {
            is_one_line(&error);
            Outcome::Refused
        }
    }
}
