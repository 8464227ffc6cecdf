//! Row kernels: what is done to the bytes of a rectangle. One [`Level`] per instruction set, one static table of
//! functions per level, looked up once a rectangle.
//!
//! Imports `view`; imported by `ops`. `portable` is safe Rust, the fallback and the contract that every other level is
//! held against. It is the only level so far.

mod portable;

use crate::view::{Rect, RectMut};

/// An instruction set that the kernels may use. A value can only be had where the machine has it.
///
/// ```
/// # use cutmix_core::Level;
/// assert!(Level::available().contains(&Level::detect()));
/// assert_eq!(Level::PORTABLE.name(), "portable");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Level(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Portable,
}

impl Level {
    /// Safe Rust, on every machine.
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// The best level of this machine.
    #[must_use]
    pub const fn detect() -> Self {
        Self::PORTABLE
    }

    /// All levels of this machine, the best one last.
    #[must_use]
    pub const fn available() -> &'static [Self] {
        &[Self::PORTABLE]
    }

    /// The name used on command lines and in tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
        }
    }

    pub(crate) const fn kernels(self) -> &'static Kernels {
        match self.0 {
            Kind::Portable => &portable::KERNELS,
        }
    }
}

/// The functions of one level. Rectangles of one call have equal shape; `ops` has checked it.
pub(crate) struct Kernels {
    /// Copies every row.
    pub(crate) copy: fn(&mut RectMut<'_>, &Rect<'_>),
    /// Repeats a pattern from the start of every row; a row is a whole number of patterns.
    pub(crate) fill: fn(&mut RectMut<'_>, &[u8]),
    /// `a = (q a + (2^15 - q) b + 2^14) >> 15` on bytes, `q` in `0..=2^15`.
    pub(crate) blend_u8: fn(&mut RectMut<'_>, &Rect<'_>, u16),
    /// The same on 16-bit elements in native byte order.
    pub(crate) blend_u16: fn(&mut RectMut<'_>, &Rect<'_>, u16),
    /// `a = w a + (1 - w) b` on binary32 elements: two products and one sum, each rounded. Takes `w` and `1 - w`.
    pub(crate) blend_f32: fn(&mut RectMut<'_>, &Rect<'_>, [f32; 2]),
    /// Uniform bytes.
    pub(crate) noise_u8: fn(&mut RectMut<'_>, Noise),
    /// Uniform 16-bit elements in native byte order.
    pub(crate) noise_u16: fn(&mut RectMut<'_>, Noise),
    /// `lo + U (hi - lo)` on binary32 elements, `U` of 24 bits; takes `lo` and `hi - lo`.
    pub(crate) noise_f32: fn(&mut RectMut<'_>, Noise, [f32; 2]),
}

/// Which noise a rectangle gets.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// The words of the sample's [`crate::NoiseKey`].
    pub(crate) words: [u32; 2],
    /// Index in the whole image of the rectangle's first element.
    pub(crate) first: u64,
    /// Elements from one row to the next in the whole image.
    pub(crate) row_step: u64,
}

impl Noise {
    /// Index of the first element of row `y`.
    fn row(&self, y: usize) -> u64 {
        self.first.wrapping_add(self.row_step.wrapping_mul(y as u64))
    }
}

/// The noise word `j`: Chris Wellons's hash `lowbias32` with one key word before the first multiplication and one
/// between the two, so that different keys give unrelated sequences and not shifts of one.
pub(crate) const fn noise_word(words: [u32; 2], j: u64) -> u32 {
    let [k0, k1] = words;
    let mut x = j as u32 ^ k0;
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_add(k1.wrapping_add(((j >> 32) as u32).wrapping_mul(0x9e37_79b9)));
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}
