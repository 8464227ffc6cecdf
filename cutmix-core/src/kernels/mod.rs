//! Row kernels: what is done to the bytes of a rectangle. One [`Level`] per instruction set, one static table of
//! functions per level, looked up once a rectangle.
//!
//! Imports `view`; imported by `ops` and `label`, and `real`, which imports nothing, by `rule` and `draw`. `portable` is safe
//! Rust, the fallback and the contract that every other level is held against. All unsafe code of this crate is here, in
//! the modules of the instruction sets; it rests on two things: a `Level` can only be had where the machine has it, and the
//! rows of a rectangle lie in its buffer.

#[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))]
mod aarch64;
#[cfg(test)]
pub(crate) mod counting;
#[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
mod cpu;
#[cfg(test)]
mod equal;
#[cfg(any(
    all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"),
    all(target_arch = "wasm32", target_feature = "simd128")
))]
mod lanes16;
mod portable;
#[cfg(any(
    all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"),
    all(target_arch = "wasm32", target_feature = "simd128")
))]
mod raw;
pub(crate) mod real;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm32;
#[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
mod x86;

use crate::view::{Rect, RectMut};

/// An instruction set that the kernels may use. A value can only be had where the machine has it.
///
/// ```
/// # use cutmix_core::Level;
/// assert!(Level::available().contains(&Level::detect()));
/// assert_eq!(Level::from_name("portable"), Some(Level::PORTABLE));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Level(Kind);

/// In ascending order where one machine has several. Levels of other architectures cannot be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Portable,
    #[cfg(test)]
    Counting,
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
    Sse2,
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
    Avx2,
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
    Avx512,
    #[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))]
    Neon,
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

/// All levels of this build, each of which includes those before it.
const KINDS: &[Level] = &[
    Level(Kind::Portable),
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
    Level(Kind::Sse2),
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
    Level(Kind::Avx2),
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
    Level(Kind::Avx512),
    #[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))]
    Level(Kind::Neon),
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Level(Kind::Simd128),
];

impl Level {
    /// Safe Rust, on every machine.
    ///
    /// ```
    /// # use cutmix_core::{ops, Level, WeightGrid};
    /// // The same bytes as the best level, only slower: what one's own pipeline can be tested against.
    /// let weight = WeightGrid::Q15.weight(0.3)?;
    /// let mut rows = [[0_u8; 40]; 2];
    /// for (level, row) in [Level::PORTABLE, Level::detect()].into_iter().zip(&mut rows) {
    ///     ops::mixup_row(level, row, &[7; 40], weight)?;
    /// }
    /// assert_eq!(rows, [[5; 40]; 2]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// The portable kernels with a record of what they touch.
    #[cfg(test)]
    pub(crate) const COUNTING: Self = Self(Kind::Counting);

    /// The names of all levels, of every architecture.
    ///
    /// ```
    /// # use cutmix_core::Level;
    /// // What tells a level that this machine lacks from a typing error.
    /// let known = |name| Level::NAMES.contains(&name);
    /// assert!(known("neon") && known("avx512") && !known("avx"));
    /// ```
    pub const NAMES: &'static [&'static str] = &["portable", "sse2", "avx2", "avx512", "neon", "simd128"];

    /// The best level of this machine.
    ///
    /// On x86 it looks at the processor and at what the operating system saves, once; then it costs a relaxed load. On
    /// bare metal, in SGX and UEFI, and on every other architecture it is what the compiler was told.
    ///
    /// ```
    /// # use cutmix_core::Level;
    /// assert!(Level::NAMES.contains(&Level::detect().name()));
    /// ```
    #[must_use]
    #[inline]
    pub fn detect() -> Self {
        #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
        return Self(cpu::best());
        #[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))]
        return Self(Kind::Neon);
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        return Self(Kind::Simd128);
        #[allow(unreachable_code)] // Where one of the above is compiled.
        Self::PORTABLE
    }

    /// All levels of this machine, the best one last.
    ///
    /// ```
    /// # use cutmix_core::Level;
    /// assert_eq!(Level::available().first(), Some(&Level::PORTABLE));
    /// ```
    #[must_use]
    pub fn available() -> &'static [Self] {
        let best = Self::detect();
        let count = KINDS.iter().position(|&level| level == best).map_or(1, |best| best + 1);
        KINDS.get(..count).unwrap_or(KINDS)
    }

    /// The level of that name, if this machine has it.
    ///
    /// ```
    /// # use cutmix_core::Level;
    /// // What a program does with an option or a variable of the environment.
    /// let level = Level::from_name("avx2").unwrap_or(Level::detect());
    /// assert!(Level::available().contains(&level));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::available().iter().copied().find(|level| level.name() == name)
    }

    /// The level of that name, if this build has it, on the caller's word that the machine has it too: for bare metal,
    /// where nobody else can be asked whether the wide registers are switched on.
    ///
    /// ```
    /// # use cutmix_core::Level;
    /// // SAFETY: every machine has the portable level.
    /// assert_eq!(unsafe { Level::assume("portable") }, Some(Level::PORTABLE));
    /// ```
    ///
    /// # Safety
    /// The processor must be able to execute the level's instructions (`avx512` means BW and VL), and whatever switches
    /// tasks must save its registers.
    #[must_use]
    #[allow(unsafe_code)]
    pub unsafe fn assume(name: &str) -> Option<Self> {
        KINDS.iter().copied().find(|level| level.name() == name)
    }

    /// The name used on command lines and in tests.
    ///
    /// ```
    /// # use cutmix_core::Level;
    /// assert_eq!(Level::PORTABLE.name(), "portable");
    /// assert!(Level::available().iter().all(|&level| Level::from_name(level.name()) == Some(level)));
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(test)]
            Kind::Counting => "counting",
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
            Kind::Sse2 => "sse2",
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
            Kind::Avx2 => "avx2",
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
            Kind::Avx512 => "avx512",
            #[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))]
            Kind::Neon => "neon",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Kind::Simd128 => "simd128",
        }
    }

    #[inline]
    const fn kernels(self) -> &'static Kernels {
        match self.0 {
            Kind::Portable => &portable::KERNELS,
            #[cfg(test)]
            Kind::Counting => &counting::KERNELS,
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
            Kind::Sse2 => &x86::SSE2,
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
            Kind::Avx2 => &x86::AVX2,
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"))]
            Kind::Avx512 => &x86::AVX512,
            #[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))]
            Kind::Neon => &aarch64::NEON,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Kind::Simd128 => &wasm32::SIMD128,
        }
    }
}

/// Calls of a level's functions; see [`Kernels`].
#[allow(unsafe_code)]
impl Level {
    #[inline]
    pub(crate) fn copy(self, a: &mut RectMut<'_>, b: &Rect<'_>) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().copy)(a, b) }
    }

    #[inline]
    pub(crate) fn exchange(self, a: &mut RectMut<'_>, b: &mut RectMut<'_>) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().exchange)(a, b) }
    }

    #[inline]
    pub(crate) fn fill(self, a: &mut RectMut<'_>, pattern: &[u8]) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().fill)(a, pattern) }
    }

    #[inline]
    pub(crate) fn blend_u8(self, a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().blend_u8)(a, b, q) }
    }

    #[inline]
    pub(crate) fn blend_u16(self, a: &mut RectMut<'_>, b: &Rect<'_>, q: u16) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().blend_u16)(a, b, q) }
    }

    #[inline]
    pub(crate) fn blend_f32(self, a: &mut RectMut<'_>, b: &Rect<'_>, weights: [f32; 2]) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().blend_f32)(a, b, weights) }
    }

    #[inline]
    pub(crate) fn noise_u8(self, a: &mut RectMut<'_>, noise: Noise) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().noise_u8)(a, noise) }
    }

    #[inline]
    pub(crate) fn noise_u16(self, a: &mut RectMut<'_>, noise: Noise) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().noise_u16)(a, noise) }
    }

    #[inline]
    pub(crate) fn noise_f32(self, a: &mut RectMut<'_>, noise: Noise, range: [f32; 2]) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().noise_f32)(a, noise, range) }
    }

    #[inline]
    pub(crate) fn mix_rows(self, out: &mut [f32], a: &[f32], b: &[f32], weights: [f64; 2]) {
        // SAFETY: a level is the proof that this machine has what its functions use.
        unsafe { (self.kernels().mix_rows)(out, a, b, weights) }
    }
}

/// The functions of one level, which may only run where the level is available. Rectangles of one call have equal
/// shape; `ops` has checked it.
pub(crate) struct Kernels {
    /// Copies every row.
    pub(crate) copy: unsafe fn(&mut RectMut<'_>, &Rect<'_>),
    /// Exchanges every row.
    pub(crate) exchange: unsafe fn(&mut RectMut<'_>, &mut RectMut<'_>),
    /// Repeats a pattern from the start of every row; a row is a whole number of patterns.
    pub(crate) fill: unsafe fn(&mut RectMut<'_>, &[u8]),
    /// `a = (q a + (2^15 - q) b + 2^14) >> 15` on bytes, `q` in `0..=2^15`.
    pub(crate) blend_u8: unsafe fn(&mut RectMut<'_>, &Rect<'_>, u16),
    /// The same on 16-bit elements in native byte order.
    pub(crate) blend_u16: unsafe fn(&mut RectMut<'_>, &Rect<'_>, u16),
    /// `a = w a + (1 - w) b` on binary32 elements: two products and one sum, each rounded. Takes `w` and `1 - w`.
    pub(crate) blend_f32: unsafe fn(&mut RectMut<'_>, &Rect<'_>, [f32; 2]),
    /// Uniform bytes.
    pub(crate) noise_u8: unsafe fn(&mut RectMut<'_>, Noise),
    /// Uniform 16-bit elements in native byte order.
    pub(crate) noise_u16: unsafe fn(&mut RectMut<'_>, Noise),
    /// `lo + U (hi - lo)` on binary32 elements, `U` of 24 bits; takes `lo` and `hi - lo`.
    pub(crate) noise_f32: unsafe fn(&mut RectMut<'_>, Noise, [f32; 2]),
    /// `out = w_a a + w_b b` on label rows, in binary64 and rounded once; as many numbers as the shortest of them has.
    pub(crate) mix_rows: MixRows,
}

/// Output, the rows of base and donor, their weights.
type MixRows = unsafe fn(&mut [f32], &[f32], &[f32], [f64; 2]);

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

/// The byte that a pattern consists of, if it is one alone.
fn uniform(pattern: &[u8]) -> Option<u8> {
    let (&first, others) = pattern.split_first()?;
    others.iter().all(|&byte| byte == first).then_some(first)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_known_by_name_and_ascend() {
        let available = Level::available();
        assert_eq!(available.first(), Some(&Level::PORTABLE));
        assert_eq!(available.last(), Some(&Level::detect()));
        for (i, level) in available.iter().enumerate() {
            assert!(Level::NAMES.contains(&level.name()));
            assert_eq!(Level::from_name(level.name()), Some(*level));
            assert!(!available[..i].contains(level));
        }
        assert_eq!(Level::from_name("AVX2"), None);
        let there = Level::NAMES.iter().filter(|name| Level::from_name(name).is_some()).count();
        assert_eq!(there, available.len());
    }
}
