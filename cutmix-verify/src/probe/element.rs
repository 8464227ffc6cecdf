//! Code words as values of an array's type, and back.

use half::{bf16, f16};
use serde::{Deserialize, Serialize};

pub use crate::reference::Dtype;

/// Values as bits and as numbers, and the code words among them.
impl Dtype {
    /// The value of a bit pattern.
    pub(crate) fn value(self, bits: u64) -> f64 {
        match self {
            Self::U8 | Self::U16 => bits as f64,
            Self::I16 => f64::from(bits as u16 as i16),
            Self::F16 => f16::from_bits(bits as u16).to_f64(),
            Self::Bf16 => bf16::from_bits(bits as u16).to_f64(),
            Self::F32 => f64::from(f32::from_bits(bits as u32)),
            Self::F64 => f64::from_bits(bits),
        }
    }

    /// The bit pattern of the nearest value; ties to even, integers saturate.
    pub(crate) fn bits(self, value: f64) -> u64 {
        match self {
            // Casts saturate; NaN becomes 0.
            Self::U8 => u64::from(libm::rint(value) as u8),
            Self::U16 => u64::from(libm::rint(value) as u16),
            Self::I16 => u64::from((libm::rint(value) as i16) as u16),
            Self::F16 => u64::from(f16::from_f64(value).to_bits()),
            Self::Bf16 => u64::from(bf16::from_f64(value).to_bits()),
            Self::F32 => u64::from((value as f32).to_bits()),
            Self::F64 => value.to_bits(),
        }
    }

    /// The distance of two neighbouring code words.
    pub(crate) const fn level(self) -> f64 {
        match self {
            Self::U8 => 1.0,
            Self::U16 => 257.0,
            Self::I16 => 128.0,
            _ => 1.0 / 255.0,
        }
    }

    /// The bit pattern of a code word of 8 bits.
    pub(crate) fn encode(self, code: u8) -> u64 {
        match self {
            Self::U8 => u64::from(code),
            Self::U16 => u64::from(code) * 257,
            Self::I16 => u64::from(code) * 128,
            _ => self.bits(f64::from(code) / 255.0),
        }
    }
}

/// The range of the values of a probe of floats.
///
/// ```
/// use cutmix_verify::probe::{Phase, Values};
///
/// // From -1000 to 3000; half types are too coarse for that.
/// assert!(Phase { values: Values::Far, ..Phase::structure() }.check().is_ok());
/// let half = Phase { values: Values::Far, dtype: cutmix_verify::probe::Dtype::F16, ..Phase::structure() };
/// assert!(half.check().unwrap_err().to_string().contains("f32 or f64"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Values {
    /// From 0 to 1.
    #[default]
    Unit,
    /// From -1000 to 3000: negative values, values far from 1, all bits of the mantissa in use.
    Far,
}

/// `value = FAR_SCALE * given + FAR_OFFSET`.
const FAR_SCALE: f64 = 4000.0;
const FAR_OFFSET: f64 = -1000.0;

impl Values {
    pub(crate) const fn is_unit(self) -> bool {
        matches!(self, Self::Unit)
    }

    /// The bit pattern of a code word, as a probe has it.
    pub(crate) fn encode(self, dtype: Dtype, code: u8) -> u64 {
        match self {
            Self::Unit => dtype.encode(code),
            Self::Far => dtype.bits(f64::from(code) / 255.0 * FAR_SCALE + FAR_OFFSET),
        }
    }

    /// The bit pattern in this range of a value in the usual one: what [`back`](Self::back) brings back.
    pub(crate) fn forth(self, dtype: Dtype, bits: u64) -> u64 {
        if self.is_unit() || !dtype.is_float() {
            return bits;
        }
        let value = dtype.value(bits);
        let code = libm::rint(value * 255.0) as u8;
        if dtype.encode(code) == bits { self.encode(dtype, code) } else { dtype.bits(value * FAR_SCALE + FAR_OFFSET) }
    }

    /// Brings little-endian values back to the usual range: a code word to its own bits, others as near as can be.
    pub(crate) fn back(self, dtype: Dtype, bytes: &mut [u8]) {
        if self.is_unit() || !dtype.is_float() {
            return;
        }
        for value in bytes.chunks_exact_mut(dtype.bytes()) {
            let bits = Elements::new(dtype, value).bits(0);
            let usual = (dtype.value(bits) - FAR_OFFSET) / FAR_SCALE;
            // Casts saturate, and NaN becomes 0; the comparison has the last word.
            let code = libm::rint(usual * 255.0) as u8;
            let usual = if self.encode(dtype, code) == bits { dtype.encode(code) } else { beside(dtype, usual, code) };
            value.copy_from_slice(&usual.to_le_bytes()[..dtype.bytes()]);
        }
    }
}

/// The bit pattern of a value that is no code word, though it may round to one.
fn beside(dtype: Dtype, value: f64, code: u8) -> u64 {
    let bits = dtype.bits(value);
    bits + u64::from(bits == dtype.encode(code))
}

/// A pipeline's `value = scale * given + offset` of one channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// Factor.
    pub scale: f64,
    /// Summand.
    pub offset: f64,
}

/// Little-endian values of one type in a slice of bytes.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a> {
    dtype: Dtype,
    /// The type that the code words were given in, if it is another one.
    given: Dtype,
    bytes: &'a [u8],
}

impl<'a> Elements<'a> {
    /// The whole values in `bytes`.
    pub(crate) const fn new(dtype: Dtype, bytes: &'a [u8]) -> Self {
        Self { dtype, given: dtype, bytes }
    }

    /// The same values, which were of type `given` before something converted them.
    pub(crate) const fn converted_from(self, given: Dtype) -> Self {
        Self { given, ..self }
    }

    pub(crate) fn encoded(&self, code: u8) -> u64 {
        let bits = self.given.encode(code);
        if self.given == self.dtype { bits } else { self.dtype.bits(self.given.value(bits)) }
    }

    pub(crate) const fn len(&self) -> usize {
        self.bytes.len() / self.dtype.bytes()
    }

    pub(crate) const fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The bit pattern of value `index`; 0 beyond the last.
    pub(crate) fn bits(&self, index: usize) -> u64 {
        let size = self.dtype.bytes();
        let mut word = [0; 8];
        if let (Some(bytes), Some(word)) = (self.bytes.get(index * size..(index + 1) * size), word.get_mut(..size)) {
            word.copy_from_slice(bytes);
        }
        u64::from_le_bytes(word)
    }

    /// Value `index` as a number.
    pub(crate) fn value(&self, index: usize) -> f64 {
        self.dtype.value(self.bits(index))
    }

    /// Writes for every value from `first` on the code word it is, bit for bit; [`Self::INEXACT`] for others. Some 15 GB
    /// of values a second.
    #[allow(clippy::inline_always)] // Else it is not compiled for the unit that was chosen.
    #[inline(always)]
    pub(crate) fn codes(&self, first: usize, out: &mut [u16]) {
        #[allow(clippy::inline_always)] // Else it is not compiled for the unit that was chosen.
        #[inline(always)]
        fn each<const N: usize>(bytes: &[u8], out: &mut [u16], code: impl Fn([u8; N]) -> u16) {
            let (values, _) = bytes.as_chunks::<N>();
            for (out, value) in out.iter_mut().zip(values) {
                *out = code(*value);
            }
        }
        let bytes = self.bytes.get(first * self.dtype.bytes()..).unwrap_or(&[]);
        match self.dtype {
            _ if self.given != self.dtype => self.codes_of_any(first, out),
            Dtype::U8 => each(bytes, out, |[value]| u16::from(value)),
            Dtype::U16 => each(bytes, out, |[low, high]| if low == high { low.into() } else { Self::INEXACT }),
            Dtype::F32 => each(bytes, out, |bits| {
                let value = f32::from_le_bytes(bits);
                // The nearest whole number for 0 to 255, by the bits of a sum; anything else fails the comparison.
                let scaled = (value * 255.0 + 12_582_912.0).to_bits();
                let code = scaled as u8;
                let again = f32::from(code) / 255.0;
                if again.to_bits() == value.to_bits() { code.into() } else { Self::INEXACT }
            }),
            Dtype::I16 | Dtype::F16 | Dtype::Bf16 | Dtype::F64 => self.codes_of_any(first, out),
        }
    }

    fn codes_of_any(&self, first: usize, out: &mut [u16]) {
        let table: [u64; 256] = core::array::from_fn(|code| self.encoded(code as u8));
        for (i, out) in out.iter_mut().enumerate() {
            let bits = self.bits(first + i);
            // Casts saturate, and NaN becomes 0; the comparison has the last word.
            let code = libm::rint(self.dtype.value(bits) / self.given.level()) as u8;
            *out = if table[usize::from(code)] == bits { code.into() } else { Self::INEXACT };
        }
    }

    /// No code word.
    pub(crate) const INEXACT: u16 = u16::MAX;
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Dtype; 7] = [Dtype::U8, Dtype::U16, Dtype::I16, Dtype::F16, Dtype::Bf16, Dtype::F32, Dtype::F64];

    #[test]
    fn every_code_word_is_read_back_in_every_type_and_its_neighbours_are_not() {
        for dtype in ALL {
            let mut bytes = Vec::new();
            for code in 0..=255 {
                bytes.extend_from_slice(&dtype.encode(code).to_le_bytes()[..dtype.bytes()]);
            }
            let mut codes = vec![0; 256];
            Elements::new(dtype, &bytes).codes(0, &mut codes);
            assert!(codes.iter().enumerate().all(|(i, &code)| i == usize::from(code)), "{dtype:?}");
            // Of these the neighbour is the next code word.
            if matches!(dtype, Dtype::U8 | Dtype::Bf16) {
                continue;
            }
            for step in [1, -1_i64] {
                let mut bytes = Vec::new();
                for code in 1..=254 {
                    let bits = dtype.encode(code).wrapping_add_signed(step);
                    bytes.extend_from_slice(&bits.to_le_bytes()[..dtype.bytes()]);
                }
                let mut codes = vec![0; 254];
                Elements::new(dtype, &bytes).codes(0, &mut codes);
                let read = codes.iter().filter(|&&code| code != Elements::INEXACT).count();
                assert_eq!(read, 0, "{dtype:?} {step}");
            }
        }
    }

    #[test]
    fn values_are_rounded_and_saturate() {
        assert_eq!((Dtype::U16.encode(255), Dtype::U16.level()), (65_535, 257.0));
        assert_eq!(Dtype::F32.value(Dtype::F32.encode(51)), f64::from(0.2_f32));
        assert_eq!([-1.0, 2.5, 300.0].map(|value| Dtype::U8.bits(value)), [0, 2, 255]);
        let converted = Elements::new(Dtype::F32, &[]).converted_from(Dtype::U8);
        assert_eq!(converted.encoded(51), u64::from(51.0_f32.to_bits()));
    }

    #[test]
    fn values_far_from_1_come_back_bit_by_bit_and_their_neighbours_do_not() {
        for dtype in [Dtype::F32, Dtype::F64] {
            let back = |bits: u64| {
                let mut bytes = bits.to_le_bytes()[..dtype.bytes()].to_vec();
                Values::Far.back(dtype, &mut bytes);
                Elements::new(dtype, &bytes).bits(0)
            };
            for code in 0..=255 {
                let far = Values::Far.encode(dtype, code);
                assert_eq!(back(far), dtype.encode(code), "{dtype:?} {code}");
                assert_ne!(back(far + 1), dtype.encode(code), "{dtype:?} {code}");
                let near = dtype.value(back(far + 1)) - dtype.value(dtype.encode(code));
                assert!(near.abs() < 1e-6, "{dtype:?} {code} {near}");
            }
            assert!(dtype.value(back(dtype.bits(f64::NAN))).is_nan());
        }
        assert_eq!(Values::Far.encode(Dtype::F32, 0), u64::from((-1000.0_f32).to_bits()));
    }

    #[test]
    fn what_is_no_number_is_no_code_word() {
        for dtype in ALL.into_iter().filter(|dtype| dtype.is_float()) {
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, -1.0, 256.0 / 255.0, 1e30] {
                let bytes = dtype.bits(value).to_le_bytes();
                let mut codes = [0];
                Elements::new(dtype, &bytes[..dtype.bytes()]).codes(0, &mut codes);
                assert_eq!(codes, [Elements::INEXACT], "{dtype:?} {value}");
            }
        }
    }
}
