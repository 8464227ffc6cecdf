//! Numbers that a fuzzer would seldom hit by flipping bits: any bit pattern, but also what lies in range or next to a
//! limit.

use arbitrary::Arbitrary;

/// A binary64 number.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Real {
    /// Any bit pattern: NaN, infinities, subnormals.
    Bits(u64),
    /// A number in `[0, 1]`.
    Unit(u64),
    /// A special number, moved by some units in the last place.
    Near(u8, i8),
    /// `2^exponent` times a number in `[1, 2)`.
    Scaled(i8, u32),
}

/// Ends of documented ranges, and values with an algorithm of their own.
const SPECIAL: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    0.5,
    2.0,
    1e-3,
    1e6,
    0.05,
    50.0,
    0.25,
    3.0,
    0.75,
    f64::MIN_POSITIVE,
    f64::MAX,
    4294967295.0,
    224.0,
];

impl Real {
    /// The number.
    pub(crate) fn value(self) -> f64 {
        match self {
            Self::Bits(bits) => f64::from_bits(bits),
            Self::Unit(u) => (u >> 11) as f64 / ((1_u64 << 53) - 1) as f64,
            Self::Near(index, by) => {
                let special = SPECIAL[usize::from(index) % SPECIAL.len()];
                f64::from_bits(special.to_bits().wrapping_add_signed(i64::from(by)))
            }
            Self::Scaled(exponent, fraction) => {
                (1.0 + f64::from(fraction) / 4294967296.0) * 2.0_f64.powi(i32::from(exponent) / 4)
            }
        }
    }
}

/// Whether a number is in `[0, 1]`; NaN is not.
pub(crate) fn is_fraction(x: f64) -> bool {
    (0.0..=1.0).contains(&x)
}
