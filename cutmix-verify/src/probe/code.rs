//! Code words: the value of every place of every image, and which image a value is from.
//!
//! Source of `scr`: `v = (m i + h) mod 256`, with `m` odd and `h` pseudo-random for every (row, column, plane): the images
//! of a call differ everywhere, a value from another place decodes as noise, and no blend of two code words is a third at
//! most places.

use rayon::prelude::*;

use super::element::Elements;
use super::key::splitmix64;
use super::spec::{Kind, Layout, Phase};
use super::special::{Places, Special};

/// Which image a value is from: its number in the batch, or one of the two constants.
pub type Image = u16;

/// A value of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A code word of 8 bits.
    Byte(u8),
    /// A code word of 24 bits.
    Wide(u32),
    /// A value that is none.
    Special(Special),
}

/// Values that are read at once.
const PIECE: usize = 4096;

/// The code words of one cycle of calls: calls of the same number modulo [`Codes::CYCLE`] have the same images.
///
/// ```
/// use cutmix_verify::probe::{Codes, Phase};
///
/// let turns = Codes::turns(&Phase::structure());
/// assert_eq!(turns.len(), 3, "call 3 has the images of call 0");
/// let mut bytes = Vec::new();
/// turns[0].write(1, &mut bytes);
/// assert_eq!(bytes.len(), 3 * 24 * 40 * 4);
/// ```
#[derive(Clone, Debug)]
pub struct Codes {
    phase: Phase,
    /// Number of the call in the cycle.
    turn: u32,
    /// For every value of an image in memory order: `m`, its inverse modulo 256, and `h`; side by side, so that the
    /// compiler takes many at once.
    m: Vec<u8>,
    inverse: Vec<u8>,
    h: Vec<u8>,
    places: Places,
}

impl Codes {
    /// Calls after which images repeat. Three, so that neither the last nor the next to last call's are this one's.
    pub const CYCLE: u32 = 3;
    /// Calls that are seeded alike for [`Kind::Digits`].
    pub const PASSES: u32 = 4;
    /// A code word that no image has there.
    pub const FOREIGN: Image = u16::MAX - 1;
    /// No code word at all.
    pub const INEXACT: Image = Elements::INEXACT;

    /// The code words of call `call`. Takes three bytes for every value of an image.
    #[must_use]
    pub fn new(phase: &Phase, call: u32) -> Self {
        let turn = match phase.kind {
            Kind::Digits => call % Self::PASSES,
            _ => call % Self::CYCLE,
        };
        let key = splitmix64(phase.key.wrapping_add(u64::from(turn)));
        let [mut ms, mut inverses, mut hs] = [(); 3].map(|()| vec![0; phase.image_len()]);
        for plane in 0..phase.planes() {
            for y in 0..phase.height as usize {
                for x in 0..phase.width as usize {
                    let [m, h] = Self::factors(phase.kind, key, (y, x), plane, phase.channels as usize);
                    let element = phase.element(plane, y, x);
                    (ms[element], inverses[element], hs[element]) = (m, inverse(m), h);
                }
            }
        }
        Self { phase: phase.clone(), turn, m: ms, inverse: inverses, h: hs, places: Places::new(phase) }
    }

    /// `m` and `h` of one place.
    fn factors(kind: Kind, key: u64, (y, x): (usize, usize), plane: usize, channels: usize) -> [u8; 2] {
        match kind {
            Kind::Scr | Kind::Nan => {
                let z = splitmix64(key ^ (y as u64) << 40 ^ (x as u64) << 16 ^ plane as u64);
                [(z >> 8) as u8 | 1, z as u8]
            }
            Kind::Tri => {
                let shift = key as u8;
                match plane % channels % 3 {
                    0 => [5, shift.wrapping_add(7)],
                    1 => [97, shift.wrapping_add(y as u8)],
                    _ => [149, shift.wrapping_add(x as u8)],
                }
            }
            // Their words are not of this form, see `word`.
            Kind::Word24 | Kind::Digits | Kind::Flat => [1, 0],
        }
    }

    /// The code words of every call until they repeat.
    #[must_use]
    pub fn turns(phase: &Phase) -> Vec<Self> {
        let turns = if phase.kind == Kind::Digits { Self::PASSES } else { Self::CYCLE };
        (0..turns).into_par_iter().map(|turn| Self::new(phase, turn)).collect()
    }

    /// What the codes are of.
    #[must_use]
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Number of the call in the cycle.
    pub(crate) const fn turn(&self) -> u32 {
        self.turn
    }

    /// The grey of image `i` of a flat probe: levels as far apart as can be, and another image's in the next call.
    fn grey(&self, i: usize) -> u8 {
        let batch = self.phase.batch as usize;
        let i = (i + self.turn as usize) % batch;
        // 255 i / (B - 1), rounded.
        ((510 * i + (batch - 1)) / (2 * (batch - 1)).max(1)) as u8
    }

    /// Image, row and column in 24 bits; the image's number is another one in every call of the cycle.
    fn wide(&self, i: usize, (y, x): (usize, usize)) -> u32 {
        ((i as u32 + 85 * self.turn) & 255) << 16 | (y as u32) << 8 | x as u32
    }

    /// The word of image `i` at a place, by its number in memory.
    pub(crate) fn word(&self, i: usize, element: usize) -> Word {
        let here = |special: &Special| self.phase.kind == Kind::Nan && self.special(i, *special) == element;
        if let Some(special) = Special::ALL.into_iter().find(here) {
            return Word::Special(special);
        }
        let (m, h) = (self.m[element], self.h[element]);
        match self.phase.kind {
            Kind::Scr | Kind::Tri | Kind::Nan => Word::Byte(m.wrapping_mul(i as u8).wrapping_add(h)),
            Kind::Flat => Word::Byte(self.grey(i)),
            Kind::Word24 => Word::Wide(self.wide(i, self.place(element))),
            Kind::Digits => {
                let (y, x) = self.place(element);
                Word::Byte(match self.turn {
                    0 => i as u8,
                    1 => y as u8,
                    2 => x as u8,
                    // Each has 14 bits at most; two of the high bits are enough to tell crops apart.
                    _ => ((y >> 8) << 4 | (x >> 8) & 15) as u8,
                })
            }
        }
    }

    /// Row and column of a place in memory.
    pub(crate) fn place(&self, element: usize) -> (usize, usize) {
        let (width, area) = (self.phase.width as usize, self.phase.area());
        let pixel = match self.phase.layout {
            Layout::Nchw => element % area,
            Layout::Nhwc => element / self.phase.channels as usize % area,
        };
        (pixel / width, pixel % width)
    }

    /// Where image `i` has a special value (probes of kind `nan` only): no two images at one place, and no two places in one
    /// pixel before every pixel has one, so that another plane says whose the pixel is.
    pub(crate) fn special(&self, i: usize, special: Special) -> usize {
        let (pixel, plane) = self.places.at(3 * i + special as usize);
        let width = self.phase.width as usize;
        self.phase.element(plane, pixel / width, pixel % width)
    }

    /// The bit pattern of image `i` at a place.
    pub(crate) fn bits(&self, i: usize, element: usize) -> u64 {
        let dtype = self.phase.dtype;
        match self.word(i, element) {
            Word::Byte(code) => dtype.encode(code),
            Word::Wide(word) => dtype.bits(f64::from(word) / 16_777_216.0),
            Word::Special(special) => dtype.bits(special.value()),
        }
    }

    /// The bytes of image `i`, little-endian.
    pub fn write(&self, i: usize, out: &mut Vec<u8>) {
        self.write_some(i, 0..self.m.len(), out);
    }

    /// The bytes of some values of image `i`, little-endian, in the range of the phase.
    pub(crate) fn write_some(&self, i: usize, elements: core::ops::Range<usize>, out: &mut Vec<u8>) {
        let dtype = self.phase.dtype;
        let values = self.phase.values;
        let table: [u64; 256] = core::array::from_fn(|code| values.encode(dtype, code as u8));
        for element in elements {
            let bits = match self.word(i, element) {
                Word::Byte(code) => table[usize::from(code)],
                _ => self.bits(i, element),
            };
            out.extend_from_slice(&bits.to_le_bytes()[..dtype.bytes()]);
        }
    }

    /// How many bytes differ from those of image `i`. The memory is for the next time.
    pub(crate) fn changed(&self, i: usize, bytes: &[u8], memory: &mut (Vec<Image>, Vec<u8>)) -> usize {
        let (images, given) = memory;
        let usual = matches!(self.phase.kind, Kind::Scr | Kind::Tri) && self.phase.values.is_unit();
        if usual && bytes.len() == self.m.len() * self.phase.dtype.bytes() {
            // Several times as fast as making the image again: every value is image `i`'s, bit for bit.
            self.images(&Elements::new(self.phase.dtype, bytes), images);
            if all(images, i as Image) {
                return 0;
            }
        }
        given.clear();
        self.write(i, given);
        bytes.iter().zip(given.iter()).filter(|(a, b)| a != b).count() + bytes.len().abs_diff(given.len())
    }

    /// Which image of the call each value of an image in memory is from, judged by the value alone: a number below `B`,
    /// [`Self::FOREIGN`] or [`Self::INEXACT`]. Calls of a digits probe other than the first of four say nothing, and
    /// give [`Self::FOREIGN`].
    pub(crate) fn images(&self, values: &Elements<'_>, out: &mut Vec<Image>) {
        out.clear();
        out.resize(self.m.len(), Self::INEXACT);
        let batch = self.phase.batch as Image;
        if self.phase.kind == Kind::Word24 {
            for (element, out) in out.iter_mut().enumerate() {
                let scaled = values.value(element) * 16_777_216.0;
                let (y, x) = self.place(element);
                // NaN becomes 0, and then fails the comparison.
                let word = scaled as u32;
                // Every `f32` from a half to 1 is some word: those that are no place of an image are no code words.
                let [row, column] = [word >> 8 & 255, word & 255];
                let place = row < self.phase.height && column < self.phase.width;
                let whole = f64::from(word) == scaled && !(scaled == 0.0 && scaled.is_sign_negative());
                if whole && place && word < 1 << 24 {
                    let i = ((word >> 16) + 256 - ((85 * self.turn) & 255)) as u16 & 255;
                    let here = word & 0xffff == (y as u32) << 8 | x as u32;
                    *out = if here && i < batch { i } else { Self::FOREIGN };
                }
            }
            return;
        }
        if matches!(self.phase.kind, Kind::Scr | Kind::Tri | Kind::Nan) {
            // Compiled for newer vector units too, of which the best is taken.
            pulp::Arch::new().dispatch(Sources { codes: self, values, out });
        } else {
            values.codes(0, out);
        }
        let codes = out.iter_mut().filter(|out| **out != Self::INEXACT);
        match self.phase.kind {
            Kind::Flat => {
                let mut of = [Self::FOREIGN; 256];
                (0..batch).rev().for_each(|i| of[usize::from(self.grey(usize::from(i)))] = i);
                codes.for_each(|out| *out = of[usize::from(*out & 255)]);
            }
            Kind::Digits => codes.filter(|out| self.turn > 0 || **out >= batch).for_each(|out| *out = Self::FOREIGN),
            Kind::Nan => {
                for (i, special) in (0..batch).flat_map(|i| Special::ALL.map(|special| (i, special))) {
                    let element = self.special(i.into(), special);
                    if self.word(i.into(), element) == Word::Special(special) && special.is(values.value(element)) {
                        out[element] = i;
                    }
                }
            }
            Kind::Scr | Kind::Tri | Kind::Word24 => {}
        }
    }
}

/// Whether all are image `i`. Without a way out in between, which vectors do not have.
fn all(images: &[Image], i: Image) -> bool {
    images.iter().fold(0, |other, image| other | (image ^ i)) == 0
}

/// What [`Codes::images`] does for code words of the form `m i + h`, apart, so that it is compiled for several units.
struct Sources<'a> {
    codes: &'a Codes,
    values: &'a Elements<'a>,
    out: &'a mut [Image],
}

impl pulp::WithSimd for Sources<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // Else it is not compiled for the unit that was chosen.
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Sources { codes, values, out } = self;
        let batch = codes.phase.batch as Image;
        // In pieces that stay in the first-level cache between the two steps.
        let (inverses, hs) = (codes.inverse.chunks(PIECE), codes.h.chunks(PIECE));
        for (n, ((out, inverses), hs)) in out.chunks_mut(PIECE).zip(inverses).zip(hs).enumerate() {
            values.codes(n * PIECE, out);
            for ((out, inverse), h) in out.iter_mut().zip(inverses).zip(hs) {
                let i = u16::from((*out as u8).wrapping_sub(*h).wrapping_mul(*inverse));
                let known = if i < batch { i } else { Codes::FOREIGN };
                *out = if *out == Codes::INEXACT { Codes::INEXACT } else { known };
            }
        }
    }
}

/// The inverse of an odd number modulo 256; each step doubles the right bits, of which `m` itself has three.
const fn inverse(m: u8) -> u8 {
    let mut x = m;
    let mut round = 0;
    while round < 3 {
        x = x.wrapping_mul(2_u8.wrapping_sub(m.wrapping_mul(x)));
        round += 1;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::super::element::Dtype;
    use super::*;

    #[test]
    fn inverses() {
        for m in (1..=255_u8).step_by(2) {
            assert_eq!(m.wrapping_mul(inverse(m)), 1, "{m}");
        }
    }

    #[test]
    fn known_answers() {
        assert_eq!(
            [0, 1, 0xdead_beef].map(splitmix64),
            [0xe220_a839_7b1d_cdaf, 0x910a_2dec_8902_5cc1, 0x4adf_b90f_68c9_eb9b]
        );
        // Four images of 2 x 3 pixels with 2 channels, of the key 0x5eed itself.
        let expected =
            "b4ec4409c8f12609c083c1bf5d3b8de66fd8b1ae99843c44068ad6c316bf3c537285b7c9afd91fa0bda6c7f84b86324e";
        let mut hex = String::new();
        for i in 0..4_u8 {
            for (y, x, c) in (0..2).flat_map(|y| (0..3).flat_map(move |x| (0..2).map(move |c| (y, x, c)))) {
                let [m, h] = Codes::factors(Kind::Scr, 0x5eed, (y, x), c, 2);
                hex.push_str(&super::super::write::hex(&[m.wrapping_mul(i).wrapping_add(h)]));
            }
        }
        assert_eq!(hex, expected);
        // Image 3, row 2, column 5; the second of four calls has the row alone.
        let word = |kind, call| {
            let phase = Phase { kind, ..Phase::structure() };
            Codes::new(&phase, call).word(3, phase.element(0, 2, 5))
        };
        assert_eq!([word(Kind::Word24, 0), word(Kind::Digits, 1)], [Word::Wide(0x03_02_05), Word::Byte(2)]);
    }

    #[test]
    fn every_kind_in_every_type_and_layout_names_its_own_images() {
        let kinds = [Kind::Scr, Kind::Tri, Kind::Word24, Kind::Digits, Kind::Flat, Kind::Nan];
        for kind in kinds {
            for dtype in [Dtype::U8, Dtype::U16, Dtype::I16, Dtype::F16, Dtype::Bf16, Dtype::F32, Dtype::F64] {
                for (layout, frames) in [(Layout::Nchw, None), (Layout::Nhwc, Some(2))] {
                    let base =
                        Phase { kind, dtype, layout, frames, batch: 5, width: 7, height: 6, ..Phase::structure() };
                    if base.check().is_err() {
                        continue;
                    }
                    for call in 0..4 {
                        let codes = Codes::new(&base, call);
                        for i in 0..5 {
                            let (mut bytes, mut images) = (Vec::new(), Vec::new());
                            codes.write(i, &mut bytes);
                            let values = Elements::new(dtype, &bytes);
                            assert!((0..values.len()).all(|at| values.bits(at) == codes.bits(i, at)));
                            codes.images(&values, &mut images);
                            let expected = if kind == Kind::Digits && call > 0 { Codes::FOREIGN } else { i as Image };
                            assert!(images.iter().all(|&image| image == expected), "{kind:?} {dtype:?} {i} {images:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn images_of_other_calls_are_foreign_almost_everywhere() {
        let phase = Phase::structure();
        let (now, before) = (Codes::new(&phase, 4), Codes::new(&phase, 3));
        let (mut bytes, mut images) = (Vec::new(), Vec::new());
        before.write(2, &mut bytes);
        now.images(&Elements::new(phase.dtype, &bytes), &mut images);
        let foreign = images.iter().filter(|&&image| image == Codes::FOREIGN).count();
        assert!(foreign * 32 > images.len() * 30, "{foreign} of {}", images.len());
        let mut memory = Default::default();
        assert_eq!(before.changed(2, &bytes, &mut memory), 0);
        bytes[100] ^= 255;
        assert_eq!(before.changed(2, &bytes, &mut memory), 1);
    }
}
