//! Labels: what base and partner weigh, in the types that a profile names, and the rows that are made of it.

use half::{bf16, f16};

use super::arithmetic::{AxisBox, Boxes, single};
use super::draws::OneDraw;
use crate::npz::Scalar;
use crate::probe::{CallLabels, Dtype, Method, Phase};
use crate::profile::{Label, LabelBlend, Pixels, Profile, Rounding};
use crate::reference::Patch;

/// The weights of both labels, from 0 to 1, each as the package's own type has it: their sum may be 1 but for its rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Weights {
    /// Of the image's own.
    pub(super) base: f64,
    /// Of its partner's.
    pub(super) partner: f64,
}

/// What the label of a sample is made from.
pub(super) struct LabelSource<'a> {
    pub(super) phase: &'a Phase,
    pub(super) boxes: &'a Boxes,
    pub(super) i: usize,
    /// The sample whose place in the batch is its base's.
    pub(super) base: usize,
    /// Kept fractions of all samples.
    pub(super) kept: &'a [f64],
}

impl LabelSource<'_> {
    fn drawn(&self) -> (&OneDraw, Patch, &[AxisBox; 2]) {
        (&self.boxes.drawn.samples[self.i], self.boxes.patches[self.i], &self.boxes.extents[self.i])
    }

    /// The base's weight in binary64.
    fn base(&self, label: Label) -> f64 {
        let pixels = self.phase.area() as f64;
        let (draw, patch, [across, down]) = self.drawn();
        let (area, kept) = (patch.area() as f64, self.kept[self.base]);
        match label {
            Label::Raw => draw.lambda,
            Label::Unclipped => 1.0 - (across.cut * down.cut) as f64 / pixels,
            Label::Swapped => 1.0 - kept,
            Label::RealArea => 1.0 - across.real * down.real / pixels,
            Label::Inclusive if area > 0.0 => 1.0 - ((patch.width() + 1) * (patch.height() + 1)) as f64 / pixels,
            Label::Denominator => 1.0 - area / (f64::from(self.phase.width) * f64::from(self.phase.width)),
            Label::BatchMean => self.kept.iter().sum::<f64>() / self.kept.len() as f64,
            Label::Mirrored => self.kept[self.kept.len() - 1 - self.base],
            Label::Squared => draw.lambda * draw.lambda,
            Label::Replaced => 0.0,
            Label::Unchanged => 1.0,
            Label::Constant => 0.5,
            Label::Random => draw.lengths[1],
            Label::Binary16 => f16::from_f64(kept).to_f64(),
            Label::Bfloat16 => bf16::from_f64(kept).to_f64(),
            Label::NotANumber if kept < 0.5 => f64::NAN,
            _ => kept,
        }
    }

    /// Both weights in the types of a profile.
    pub(super) fn weights(&self, profile: &Profile) -> Weights {
        let (label, dtype) = (profile.label, self.phase.dtype);
        let pixels = self.phase.area() as f64;
        let (_, patch, [across, down]) = self.drawn();
        let cut = (across.cut * down.cut) as f64;
        let area = match label {
            Label::Kept => patch.area() as f64,
            Label::RealArea => single(across.real * down.real),
            _ => cut,
        };
        let wide = |base: f64| Weights { base, partner: 1.0 - base };
        let narrow = |base: f64| Weights { base, partner: single(1.0 - base) };
        let share = |partner: f64| Weights { base: single(1.0 - partner), partner };
        let typed = |value: f64| if dtype.is_float() { dtype.value(dtype.bits(value)) } else { value };
        // Of a blend, and of a base inside the box, the share is not that of the box.
        let of_box = profile.method != Method::Mixup && profile.faults.pixels != Pixels::Inverted;
        let rounding = if of_box { profile.types.rounding } else { Rounding::Wide };
        match (label, rounding) {
            (Label::Sum, _) => {
                let base = self.base(label);
                Weights { base, partner: 0.9 - base }
            }
            // A package that gives the partner's share forms that one.
            (Label::Swapped, Rounding::NarrowUnlessWide) if dtype == Dtype::F64 => {
                Weights { base: 1.0 - cut / pixels, partner: cut / pixels }
            }
            (Label::Swapped, Rounding::NarrowUnlessWide) => share(single(cut / pixels)),
            (Label::Swapped, Rounding::ImageType) => {
                let Weights { base, partner } = share(single(cut / pixels));
                Weights { base: typed(base), partner: typed(partner) }
            }
            (Label::Kept | Label::Unclipped | Label::RealArea, Rounding::Narrow)
            | (Label::Kept | Label::Unclipped, Rounding::NarrowUnlessWide) => {
                narrow(single(1.0 - single(area / pixels)))
            }
            (Label::Kept | Label::Unclipped, Rounding::Last) => narrow(single(1.0 - area / pixels)),
            (Label::Kept | Label::Unclipped, Rounding::Quotients) => {
                share(single(area / f64::from(self.phase.width) / f64::from(self.phase.width)))
            }
            // An integer drops the fraction; what is subtracted from 1 is binary32 again.
            (Label::Kept, Rounding::ImageType) if !dtype.is_float() => narrow(single(1.0 - area / pixels).trunc()),
            (Label::Kept, Rounding::ImageType) => {
                let base = typed(single(1.0 - area / pixels));
                Weights { base, partner: typed(1.0 - base) }
            }
            _ => wide(self.base(label)),
        }
    }
}

/// The row of an image as classes and weights, as an implementation takes it.
fn given(profile: &Profile, labels: &CallLabels, image: usize, classes: u32) -> Vec<(u32, f64)> {
    let row = labels.row(image);
    let class = |class: u32| match profile.label {
        Label::ClassRounded => (bf16::from_f64(class.into()).to_f64() as u32).min(classes - 1),
        Label::OtherClass => (class + 1) % classes,
        _ => class,
    };
    match profile.label {
        Label::Index => vec![(image as u32, 1.0)],
        Label::Hardened => vec![(row[0].0, 1.0)],
        _ => row.into_iter().map(|(id, weight)| (class(id), f64::from(weight))).collect(),
    }
}

/// The dense row of two images, all in binary64 and rounded at the end.
pub(super) fn wide_row(
    profile: &Profile,
    labels: &CallLabels,
    [base, partner]: [usize; 2],
    weights: Weights,
    classes: u32,
) -> Vec<f32> {
    let mut out = vec![0.0_f64; classes as usize];
    for (image, share) in [(base, weights.base), (partner, weights.partner)] {
        for (class, weight) in given(profile, labels, image, classes) {
            out[class as usize] += share * weight;
        }
    }
    let smoothing = if profile.label == Label::Smoothed { 0.1 } else { profile.types.smoothing };
    let floor = smoothing / f64::from(classes);
    let typed = |y: f32| if profile.label == Label::Integers { libm::rintf(y) } else { y };
    out.into_iter().map(|weight| typed((weight * (1.0 - smoothing) + floor) as f32)).collect()
}

impl LabelBlend {
    /// One value of a row of binary32 values.
    fn of(self, base: f32, partner: f32, weights: Weights, dtype: Dtype) -> f64 {
        if self == Self::Wide || (self == Self::AsImages && dtype == Dtype::F64) {
            return f64::from(base) * weights.base + f64::from(partner) * weights.partner;
        }
        let [a, b] = [weights.base, weights.partner].map(|weight| weight as f32);
        f64::from(match self {
            // From whichever end is nearer.
            Self::Lerp if a < 0.5 => a.mul_add(base - partner, partner),
            Self::Lerp => (a - 1.0).mul_add(base - partner, base),
            Self::Wide | Self::Narrow | Self::AsImages => base * a + partner * b,
        })
    }
}

/// A row: class and value of what is not the rest, and the rest.
pub(super) struct SparseRow {
    pub(super) values: Vec<(u32, f32)>,
    pub(super) rest: f32,
}

impl SparseRow {
    /// Label smoothing of one class as `timm` has it: binary64, then binary32.
    pub(super) fn smoothed(class: u32, smoothing: f64, classes: u32) -> Self {
        let off = smoothing / f64::from(classes);
        Self { values: vec![(class, (1.0 - smoothing + off) as f32)], rest: off as f32 }
    }

    fn at(&self, class: u32) -> f32 {
        self.values.iter().find(|(known, _)| *known == class).map_or(self.rest, |(_, value)| *value)
    }
}

/// All values of a blended row.
pub(super) fn blended(blend: LabelBlend, rows: [&SparseRow; 2], weights: Weights, phase: &Phase) -> Vec<f64> {
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
        Scalar::Float(4) => single(value),
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
    use crate::play::draws::DrawnCall;
    use crate::profile::{OFFICIAL, Types};

    /// The weights of a box of columns 0 to 3 and rows 2 to 5, that were five columns and four rows before clipping.
    fn weights(label: Label, rounding: Rounding, size: [u32; 2], dtype: Dtype) -> Weights {
        let phase = Phase { width: size[0], height: size[1], dtype, ..Phase::structure() };
        let draw = OneDraw { lambda: 0.5, lengths: [0.5; 2], place: [0.5; 2], wrong: true, applied: true };
        let drawn = DrawnCall { samples: vec![draw], partners: vec![0], others: vec![0] };
        let extent = |from, to, cut| AxisBox { from, to, start: from.into(), cut, real: cut as f64 };
        let extents = vec![[extent(0, 4, 5), extent(2, 6, 4)]];
        let boxes = Boxes { drawn, patches: vec![Patch::of([0, 2, 4, 6])], extents };
        let source = LabelSource { phase: &phase, boxes: &boxes, i: 0, base: 0, kept: &boxes.kept(&phase) };
        source.weights(&Profile { label, types: Types { rounding, ..Types::WIDE }, ..OFFICIAL })
    }

    #[test]
    fn weights_by_hand() {
        let square = |label, rounding| weights(label, rounding, [8, 8], Dtype::F32);
        for rounding in [Rounding::Wide, Rounding::ImageType, Rounding::Narrow, Rounding::Quotients] {
            assert_eq!(square(Label::Kept, rounding), Weights { base: 0.75, partner: 0.25 }, "{rounding:?}");
        }
        for (label, rounding) in [
            (Label::Swapped, Rounding::ImageType),
            (Label::Swapped, Rounding::NarrowUnlessWide),
            (Label::RealArea, Rounding::Narrow),
            (Label::Unclipped, Rounding::Last),
            (Label::Unclipped, Rounding::Quotients),
        ] {
            assert_eq!(square(label, rounding), Weights { base: 0.6875, partner: 0.3125 }, "{label:?} {rounding:?}");
        }
        assert_eq!(square(Label::Replaced, Rounding::Wide), Weights { base: 0.0, partner: 1.0 });
        assert_eq!(square(Label::Swapped, Rounding::Wide), Weights { base: 0.25, partner: 0.75 });
        // 1 - 16 / 60 in every type.
        let of = |label, rounding, dtype| weights(label, rounding, [10, 6], dtype).base;
        let kept = 1.0 - 16.0 / 60.0;
        assert_eq!(of(Label::Kept, Rounding::Wide, Dtype::F16), kept);
        assert_eq!(of(Label::Kept, Rounding::ImageType, Dtype::F64), single(kept));
        assert_eq!(of(Label::Kept, Rounding::ImageType, Dtype::F16), f16::from_f64(kept).to_f64());
        assert_eq!(of(Label::Kept, Rounding::ImageType, Dtype::U8), 0.0);
        assert_eq!(of(Label::Kept, Rounding::Narrow, Dtype::F64), f64::from(1.0 - 16_f32 / 60_f32));
        assert_eq!(of(Label::Swapped, Rounding::NarrowUnlessWide, Dtype::F64), 1.0 - 20.0 / 60.0);
        assert_eq!(of(Label::Swapped, Rounding::NarrowUnlessWide, Dtype::F32), f64::from(1.0 - 20_f32 / 60_f32));
    }

    #[test]
    fn rows_are_rounded_at_every_step() {
        let phase = Phase { classes: 17, ..Phase::structure() };
        let weights = Weights { base: 1.0 / 3.0, partner: 2.0 / 3.0 };
        let row = |class: u32| SparseRow { values: vec![(class, 1.0)], rest: 0.0 };
        let out = blended(LabelBlend::Narrow, [&row(3), &row(5)], weights, &phase);
        assert_eq!((out[3], out[5], out[4]), (f64::from(1.0_f32 / 3.0), f64::from(2.0_f32 / 3.0), 0.0));
        // One class of both: the sum of rounded products.
        let out = blended(LabelBlend::Narrow, [&row(3), &row(3)], weights, &phase);
        assert_eq!(out[3], f64::from(1.0_f32 / 3.0 + 2.0_f32 / 3.0));
        let smooth = |class: u32| SparseRow::smoothed(class, 0.1, 17);
        let out = blended(LabelBlend::Narrow, [&smooth(3), &smooth(5)], weights, &phase);
        let [on, off] = [1.0 - 0.1 + 0.1 / 17.0, 0.1 / 17.0].map(|value| value as f32);
        let [a, b] = [1.0_f32 / 3.0, 2.0_f32 / 3.0];
        assert_eq!(out[3], f64::from(on * a + off * b));
        assert_eq!(out[16], f64::from(off * a + off * b));
        let wide = Phase { dtype: Dtype::F64, ..phase.clone() };
        assert_eq!(blended(LabelBlend::AsImages, [&row(3), &row(5)], weights, &wide)[3], 1.0 / 3.0);
        // From the nearer end.
        assert_eq!(LabelBlend::Lerp.of(1.0, 0.0, weights, Dtype::F32), f64::from(1.0_f32 / 3.0));
        let other = Weights { base: 2.0 / 3.0, partner: 1.0 / 3.0 };
        assert_eq!(LabelBlend::Lerp.of(0.0, 1.0, other, Dtype::F32), f64::from(0.0 - (2.0_f32 / 3.0 - 1.0)));
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
