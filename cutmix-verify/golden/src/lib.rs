#![no_std]
#![forbid(unsafe_code)]
#![allow(clippy::needless_for_each)] // A value a line, in the order of the hash.
//! The golden programme: a walk over keys, sizes, rules, alphas, methods, pairings, layouts, frames and element types that hashes
//! every draw, box, ratio, label bit and output element. Its digest must be the same on every target and level.
//!
//! No allocation, no std: it runs in a firmware image as it runs on a server. Elements enter the hash as little-endian
//! values, so that a big-endian machine gives the same, and no arithmetic meets NaN, whose bits are not promised.

mod draws;
mod frames;
mod pixels;

use cutmix_core::plan::PlanSlot;
use cutmix_core::{Error, Level};
use sha2::{Digest, Sha256};

/// How much of the walk is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// 200 keys: for Miri, emulators and firmware.
    Short,
    /// 10,000 keys: for native machines.
    Full,
}

impl Length {
    /// Name, number of keys, of how many keys one has pixels, and the digests that every target must give, in
    /// hexadecimal: before frames, and of all.
    const fn row(self) -> (&'static str, u64, u64, [&'static str; 2]) {
        match self {
            // Pixels cost most; every seventh key of the short walk has some, of all kinds in turn.
            Self::Short => {
                ("short", 200, 7, [include_str!("short.before_frames.sha256"), include_str!("short.sha256")])
            }
            Self::Full => ("full", 10_000, 1, [include_str!("full.before_frames.sha256"), include_str!("full.sha256")]),
        }
    }

    /// The digest that every target must give, in hexadecimal.
    #[must_use]
    pub const fn expected(self) -> &'static str {
        self.row().3[1].trim_ascii()
    }

    /// What [`digests`] gives in front, in hexadecimal.
    #[must_use]
    pub const fn expected_before_frames(self) -> &'static str {
        self.row().3[0].trim_ascii()
    }

    /// `short` or `full`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }
}

/// Words of each pixel buffer: 14 KiB.
const WORDS: usize = 3584;
/// Samples of the largest batch.
const SAMPLES: usize = 6;

/// The memory of the walk, some 29 KiB: the caller's, since firmware has it in a static.
pub struct Memory {
    input: [u32; WORDS],
    output: [u32; WORDS],
    slots: [PlanSlot; SAMPLES],
}

impl Memory {
    /// Memory that holds nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { input: [0; WORDS], output: [0; WORDS], slots: [PlanSlot::EMPTY; SAMPLES] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// What is hashed, as little-endian values.
struct Hash(Sha256);

impl Hash {
    fn u8(&mut self, value: u8) {
        self.0.update([value]);
    }

    fn u32(&mut self, value: u32) {
        self.0.update(value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.0.update(value.to_le_bytes());
    }

    fn f32(&mut self, value: f32) {
        self.u32(value.to_bits());
    }

    fn f64(&mut self, value: f64) {
        self.u64(value.to_bits());
    }
}

/// Walks with the kernels of `level` and gives the digest in hexadecimal.
///
/// # Errors
/// None of its own configurations is refused by the core; were one, that would be the core's [`Error`].
///
/// ```
/// use cutmix_core::Level;
/// use cutmix_golden::{Length, Memory, digest};
///
/// let hex = digest(Length::Short, Level::detect(), &mut Memory::new())?;
/// assert_eq!(core::str::from_utf8(&hex), Ok(Length::Short.expected()));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn digest(length: Length, level: Level, memory: &mut Memory) -> Result<[u8; 64], Error> {
    digests(length, level, memory).map(|[_, whole]| whole)
}

/// The same, with the digest of the walk before frames were a part of it in front. The walk grows at its end alone, so that what
/// was committed once stays a test.
///
/// # Errors
/// As [`digest`].
pub fn digests(length: Length, level: Level, memory: &mut Memory) -> Result<[[u8; 64]; 2], Error> {
    let mut hash = Hash(Sha256::new());
    let (_, keys, every, _) = length.row();
    for key in 0..keys {
        draws::walk(&mut hash, key)?;
        if key.is_multiple_of(every) {
            pixels::walk(&mut hash, key / every, level, memory)?;
        }
    }
    let before = hash.0.clone();
    for key in 0..keys.div_ceil(every) {
        frames::walk(&mut hash, key, level, memory)?;
    }
    Ok([hexadecimal(before), hexadecimal(hash.0)])
}

fn hexadecimal(hash: Sha256) -> [u8; 64] {
    let mut hex = [0; 64];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(hash.finalize()) {
        for (digit, nibble) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
            *digit = b"0123456789abcdef"[usize::from(nibble)];
        }
    }
    hex
}
