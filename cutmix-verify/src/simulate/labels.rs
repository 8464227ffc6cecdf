//! Label rows, right and wrong.

use half::{bf16, f16};

use super::boxes::{Draw, Side};
use super::{Build, Labels};
use crate::probe::{CallLabels, Phase};
use crate::reference::Patch;

/// What the label of a sample is made from.
pub(super) struct Made<'a> {
    pub(super) phase: &'a Phase,
    pub(super) labels: &'a CallLabels,
    pub(super) before: &'a CallLabels,
    pub(super) i: usize,
    pub(super) partner: usize,
    pub(super) other: usize,
    pub(super) draw: &'a Draw,
    pub(super) patch: Patch,
    pub(super) sides: &'a [Side; 2],
    /// Kept fractions of all samples.
    pub(super) kept: &'a [f64],
}

/// The base's weight.
pub(super) fn weight(build: &Build, made: &Made<'_>) -> f64 {
    let (width, height) = (f64::from(made.phase.width), f64::from(made.phase.height));
    let (area, kept) = (made.patch.area() as f64, made.kept[made.i]);
    let [across, down] = made.sides;
    match build.labels {
        Labels::Raw => made.draw.lambda,
        Labels::Unclipped => 1.0 - (across.cut * down.cut) as f64 / (width * height),
        Labels::Swapped => 1.0 - kept,
        Labels::RealArea => 1.0 - across.real * down.real / (width * height),
        Labels::Inclusive if area > 0.0 => {
            1.0 - ((made.patch.width() + 1) * (made.patch.height() + 1)) as f64 / (width * height)
        }
        Labels::Denominator => 1.0 - area / (width * width),
        Labels::BatchMean => made.kept.iter().sum::<f64>() / made.kept.len() as f64,
        Labels::Mirrored => made.kept[made.kept.len() - 1 - made.i],
        Labels::Squared => made.draw.lambda * made.draw.lambda,
        Labels::Replaced => 0.0,
        Labels::Unchanged => 1.0,
        Labels::Constant => 0.5,
        Labels::Random => made.draw.other,
        Labels::Half => f16::from_f64(kept).to_f64(),
        Labels::Brain => bf16::from_f64(kept).to_f64(),
        Labels::NotANumber if kept < 0.5 => f64::NAN,
        _ => kept,
    }
}

/// The row of an image as classes and weights.
fn given(build: &Build, made: &Made<'_>, image: usize) -> Vec<(u32, f64)> {
    let labels = if build.labels == Labels::EarlierCall { made.before } else { made.labels };
    let row = labels.row(image);
    let class = |class: u32| match build.labels {
        Labels::ClassHalf => (bf16::from_f64(class.into()).to_f64() as u32).min(made.phase.classes - 1),
        Labels::WrongClass => (class + 1) % made.phase.classes,
        _ => class,
    };
    match build.labels {
        Labels::Index => vec![(image as u32, 1.0)],
        Labels::Hardened => vec![(row[0].0, 1.0)],
        _ => row.into_iter().map(|(id, weight)| (class(id), f64::from(weight))).collect(),
    }
}

/// The row of a sample, dense.
pub(super) fn row(build: &Build, made: &Made<'_>) -> Vec<f32> {
    let mut out = vec![0.0_f64; made.phase.classes as usize];
    let w = weight(build, made);
    let (a, b) = (w, if build.labels == Labels::Sum { 0.9 - w } else { 1.0 - w });
    let partner = if build.labels == Labels::OtherPartner { made.other } else { made.partner };
    for (class, weight) in given(build, made, made.i) {
        out[class as usize] += a * weight;
    }
    for (class, weight) in given(build, made, partner) {
        out[class as usize] += b * weight;
    }
    let smoothing = if build.labels == Labels::Smoothed { 0.1 } else { build.smoothing };
    let floor = smoothing / f64::from(made.phase.classes);
    out.into_iter().map(|weight| (weight * (1.0 - smoothing) + floor) as f32).collect()
}
