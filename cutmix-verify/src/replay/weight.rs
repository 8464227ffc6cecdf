//! Labels in a package's own arithmetic: the weight of the base, and what rows are made of it.

use half::{bf16, f16};

use super::side::Axis;
use crate::npz::Scalar;
use crate::probe::{Dtype, Phase};

/// How the weight of the base's label is formed; `A` is the area of the clipped box, `N` that of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// `1 - A / N` in binary64.
    Kept,
    /// The same, put into an array of binary32 and that into the type of the images.
    KeptInImageType,
    /// `1 - f32(A / N)` in binary32.
    KeptNarrow,
    /// The partner's `k_H k_W / N` of sides before clipping, in binary32, then in the type of the images.
    ShareInImageType,
    /// The same in binary32, or binary64 for images of that type.
    ShareNarrow,
    /// `1 - area / N` in binary32, of real sides.
    RealArea,
    /// `f32(1 - k_H k_W / N)`, the difference in binary64, of sides before clipping.
    Unclipped,
    /// `1 - f32(k^2 / L / L)`, both quotients in binary64, of the side before clipping.
    UnclippedShare,
    /// The same of `A`.
    ClippedShare,
    /// The label is the partner's.
    Replaced,
}

impl Weight {
    /// The name in a profile.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Kept | Self::KeptInImageType | Self::KeptNarrow | Self::ClippedShare => "kept",
            Self::ShareInImageType | Self::ShareNarrow => "swapped",
            Self::RealArea => "real-area",
            Self::Unclipped | Self::UnclippedShare => "unclipped",
            Self::Replaced => "replaced",
        }
    }

    /// Of the base and of the partner, each exact in the type that the package has it in.
    pub(super) fn of(self, x: Axis, y: Axis, phase: &Phase) -> Weights {
        let total = f64::from(phase.width) * f64::from(phase.height);
        let area = ((x.end - x.start) * (y.end - y.start)) as f64;
        let whole = x.side * y.side;
        let narrow = |base: f32| Weights { base: f64::from(base), partner: f64::from(1.0 - base) };
        let share = |partner: f32| Weights { base: f64::from(1.0 - partner), partner: f64::from(partner) };
        match self {
            Self::Kept => {
                let base = 1.0 - area / total;
                Weights { base, partner: 1.0 - base }
            }
            Self::KeptInImageType => {
                let held = (1.0 - area / total) as f32;
                if !phase.dtype.is_float() {
                    // An integer drops the fraction; what is subtracted from 1 is binary32 again.
                    return narrow(held.trunc());
                }
                let base = rounded(f64::from(held), phase.dtype);
                Weights { base, partner: rounded(1.0 - base, phase.dtype) }
            }
            Self::KeptNarrow => narrow(1.0 - area as f32 / total as f32),
            Self::ShareInImageType => {
                let Weights { base, partner } = share(whole as f32 / total as f32);
                if phase.dtype.is_float() {
                    Weights { base: rounded(base, phase.dtype), partner: rounded(partner, phase.dtype) }
                } else {
                    Weights { base, partner }
                }
            }
            Self::ShareNarrow if phase.dtype == Dtype::F64 => {
                Weights { base: 1.0 - whole / total, partner: whole / total }
            }
            Self::ShareNarrow => share(whole as f32 / total as f32),
            Self::RealArea => narrow(1.0 - x.side as f32 * y.side as f32 / total as f32),
            Self::Unclipped => narrow((1.0 - whole / total) as f32),
            Self::UnclippedShare => share((whole / f64::from(phase.width) / f64::from(phase.width)) as f32),
            Self::ClippedShare => share((area / f64::from(phase.width) / f64::from(phase.width)) as f32),
            Self::Replaced => Weights { base: 0.0, partner: 1.0 },
        }
    }
}

/// A value rounded to a type of fractions.
fn rounded(value: f64, dtype: Dtype) -> f64 {
    dtype.value(dtype.bits(value))
}

/// The weights of both labels, from 0 to 1, each as the package's own type has it: their sum may be 1 but for its rounding.
///
/// ```
/// use cutmix_verify::probe::{Phase, draws_of};
/// use cutmix_verify::replay::{Weights, expected, recipe};
///
/// // MONAI's label is the partner's, whatever was cut.
/// let phase = Phase::structure();
/// let sample = expected(recipe("monai-1.6").unwrap(), &phase, &draws_of(&phase, 8))[0][0];
/// assert_eq!(sample.weights, Weights { base: 0.0, partner: 1.0 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Of the image's own.
    pub base: f64,
    /// Of its partner's.
    pub partner: f64,
}

/// How two label values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blend {
    /// Products of binary32 and their sum, each rounded.
    Narrow,
    /// The same, or all in binary64 where the weights are (images of that type).
    AsImages,
    /// `torch.lerp` from the partner to the base, in binary32.
    Lerp,
}

impl Blend {
    /// One value of a row.
    pub(super) fn of(self, base: f32, partner: f32, weights: Weights, dtype: Dtype) -> f64 {
        if self == Self::AsImages && dtype == Dtype::F64 {
            return f64::from(base) * weights.base + f64::from(partner) * weights.partner;
        }
        let [a, b] = [weights.base, weights.partner].map(|weight| weight as f32);
        f64::from(match self {
            Self::Narrow | Self::AsImages => base * a + partner * b,
            // From whichever end is nearer.
            Self::Lerp if a < 0.5 => a.mul_add(base - partner, partner),
            Self::Lerp => (a - 1.0).mul_add(base - partner, base),
        })
    }
}

/// A row: class and value of what is not the rest, and the rest.
pub(super) struct Row {
    pub(super) values: Vec<(u32, f32)>,
    pub(super) rest: f32,
}

impl Row {
    /// Label smoothing of one class as `timm` has it: binary64, then binary32.
    pub(super) fn smoothed(class: u32, smoothing: f64, classes: u32) -> Self {
        let off = smoothing / f64::from(classes);
        Self { values: vec![(class, (1.0 - smoothing + off) as f32)], rest: off as f32 }
    }

    fn at(&self, class: u32) -> f32 {
        self.values.iter().find(|(known, _)| *known == class).map_or(self.rest, |(_, value)| *value)
    }
}

/// All values of a blended row of `classes`.
pub(super) fn blended(blend: Blend, rows: [&Row; 2], weights: Weights, phase: &Phase) -> Vec<f64> {
    let [base, partner] = rows;
    let of = |a, b| blend.of(a, b, weights, phase.dtype);
    let mut out = vec![of(base.rest, partner.rest); phase.classes as usize];
    for &(class, _) in base.values.iter().chain(&partner.values) {
        if let Some(out) = out.get_mut(class as usize) {
            *out = of(base.at(class), partner.at(class));
        }
    }
    out
}

/// A value as an array of some type has it. bf16 may lie in a trace as its bits in u16.
pub(super) fn stored(value: f64, scalar: Scalar, phase: &Phase) -> f64 {
    match scalar {
        Scalar::Float(2) => f16::from_f64(value).to_f64(),
        Scalar::Float(4) => f64::from(value as f32),
        Scalar::Raw2 => bf16::from_f64(value).to_f64(),
        Scalar::Uint(2) if phase.dtype == Dtype::Bf16 => f64::from(bf16::from_f64(value).to_bits()),
        Scalar::Float(_) | Scalar::Bool | Scalar::Uint(_) | Scalar::Int(_) => value,
    }
}

/// A value of a trace's array with its type and bits, for a reader who compares them.
pub(super) fn shown(value: f64, scalar: Scalar, phase: &Phase) -> String {
    let name = scalar.name();
    match scalar {
        Scalar::Float(2) => format!("{value} ({name} 0x{:04x})", f16::from_f64(value).to_bits()),
        Scalar::Float(4) => format!("{value} ({name} 0x{:08x})", (value as f32).to_bits()),
        Scalar::Raw2 => format!("{value} (bf16 0x{:04x})", bf16::from_f64(value).to_bits()),
        Scalar::Uint(2) if phase.dtype == Dtype::Bf16 => {
            format!("{} (bf16 0x{:04x})", bf16::from_bits(value as u16), value as u16)
        }
        Scalar::Float(_) => format!("{value} ({name} 0x{:016x})", value.to_bits()),
        Scalar::Bool | Scalar::Uint(_) | Scalar::Int(_) => format!("{value} ({name})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(start: u32, end: u32, side: f64) -> Axis {
        Axis { start, end, side }
    }

    #[test]
    fn weights_by_hand() {
        let phase = Phase { width: 8, height: 8, ..Phase::structure() };
        let (x, y) = (axis(0, 4, 5.0), axis(2, 6, 4.0));
        let of = |weight: Weight| weight.of(x, y, &phase);
        for weight in [Weight::Kept, Weight::KeptInImageType, Weight::KeptNarrow, Weight::ClippedShare] {
            assert_eq!(of(weight), Weights { base: 0.75, partner: 0.25 }, "{weight:?}");
        }
        for weight in
            [Weight::ShareInImageType, Weight::ShareNarrow, Weight::RealArea, Weight::Unclipped, Weight::UnclippedShare]
        {
            assert_eq!(of(weight), Weights { base: 0.6875, partner: 0.3125 }, "{weight:?}");
        }
        assert_eq!(of(Weight::Replaced), Weights { base: 0.0, partner: 1.0 });
        // 1 - 16 / 60 in every type.
        let phase = Phase { width: 10, height: 6, ..phase };
        let of = |weight: Weight, dtype: Dtype| weight.of(x, y, &Phase { dtype, ..phase.clone() }).base;
        let kept = 1.0 - 16.0 / 60.0;
        assert_eq!(of(Weight::Kept, Dtype::F16), kept);
        assert_eq!(of(Weight::KeptInImageType, Dtype::F64), f64::from(kept as f32));
        assert_eq!(of(Weight::KeptInImageType, Dtype::F16), f16::from_f64(kept).to_f64());
        assert_eq!(of(Weight::KeptInImageType, Dtype::U8), 0.0);
        assert_eq!(of(Weight::KeptNarrow, Dtype::F64), f64::from(1.0 - 16_f32 / 60_f32));
        assert_eq!(of(Weight::ShareNarrow, Dtype::F64), 1.0 - 20.0 / 60.0);
        assert_eq!(of(Weight::ShareNarrow, Dtype::F32), f64::from(1.0 - 20_f32 / 60_f32));
    }

    #[test]
    fn rows_are_rounded_at_every_step() {
        let phase = Phase { classes: 17, ..Phase::structure() };
        let weights = Weights { base: 1.0 / 3.0, partner: 2.0 / 3.0 };
        let row = |class: u32| Row { values: vec![(class, 1.0)], rest: 0.0 };
        let out = blended(Blend::Narrow, [&row(3), &row(5)], weights, &phase);
        assert_eq!((out[3], out[5], out[4]), (f64::from(1.0_f32 / 3.0), f64::from(2.0_f32 / 3.0), 0.0));
        // One class of both: the sum of rounded products.
        let out = blended(Blend::Narrow, [&row(3), &row(3)], weights, &phase);
        assert_eq!(out[3], f64::from(1.0_f32 / 3.0 + 2.0_f32 / 3.0));
        let smooth = |class: u32| Row::smoothed(class, 0.1, 17);
        let out = blended(Blend::Narrow, [&smooth(3), &smooth(5)], weights, &phase);
        let [on, off] = [1.0 - 0.1 + 0.1 / 17.0, 0.1 / 17.0].map(|value| value as f32);
        let [a, b] = [1.0_f32 / 3.0, 2.0_f32 / 3.0];
        assert_eq!(out[3], f64::from(on * a + off * b));
        assert_eq!(out[16], f64::from(off * a + off * b));
        let wide = Phase { dtype: Dtype::F64, ..phase.clone() };
        assert_eq!(blended(Blend::AsImages, [&row(3), &row(5)], weights, &wide)[3], 1.0 / 3.0);
        // From the nearer end.
        assert_eq!(Blend::Lerp.of(1.0, 0.0, weights, Dtype::F32), f64::from(1.0_f32 / 3.0));
        let other = Weights { base: 2.0 / 3.0, partner: 1.0 / 3.0 };
        assert_eq!(Blend::Lerp.of(0.0, 1.0, other, Dtype::F32), f64::from(0.0 - (2.0_f32 / 3.0 - 1.0)));
    }

    #[test]
    fn bits_are_those_of_the_array() {
        let phase = Phase::structure();
        assert_eq!(stored(0.1, Scalar::Float(4), &phase), f64::from(0.1_f32));
        assert_eq!(stored(0.1, Scalar::Float(8), &phase), 0.1);
        assert_eq!(shown(0.75, Scalar::Float(4), &phase), "0.75 (f4 0x3f400000)");
        assert_eq!(shown(0.75, Scalar::Float(2), &phase), "0.75 (f2 0x3a00)");
        let bf16 = Phase { dtype: Dtype::Bf16, ..phase };
        let bits = stored(0.75, Scalar::Uint(2), &bf16);
        assert_eq!(shown(bits, Scalar::Uint(2), &bf16), "0.75 (bf16 0x3f40)");
        assert_eq!(stored(7.0, Scalar::Int(8), &bf16), 7.0);
    }
}
