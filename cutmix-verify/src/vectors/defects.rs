//! Implementations with one mistake each: what the vectors are tested with. Each is the core but for one method.
//!
//! ```
//! use cutmix_verify::vectors::defects::{DEFECTS, named};
//! use cutmix_verify::vectors::{PUBLISHED, exec::run_here, read::cases};
//!
//! assert_eq!(DEFECTS[0].name, "box-axes-exchanged");
//! let findings = run_here(&named(DEFECTS[0].name).unwrap(), cases(PUBLISHED[0].1)?);
//! assert!(findings.flags().iter().any(|(flag, tally)| *flag == DEFECTS[0].flag && tally.failed > 0));
//! # Ok::<(), String>(())
//! ```

use super::core::Core;
use super::subject::{Answer, CutMixUnderTest, Dtype, LabelCase, Patch, Picture, PlanCase, PlanDrawn, Rule};
use crate::reference::Stream;

/// A mistake.
///
/// ```
/// use cutmix_verify::vectors::defects::{DEFECTS, Defect};
///
/// let defect = Defect { name: "batch-in-order", family: "batch order", flag: "Aliasing" };
/// assert!(DEFECTS.contains(&defect));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Its name.
    pub name: &'static str,
    /// Where: `box`, `label`, `pixel`, `batch order`, `dtype`, `checks`, `law` or `stream`.
    pub family: &'static str,
    /// A flag that must be among those that bite.
    pub flag: &'static str,
}

const fn defect(name: &'static str, family: &'static str, flag: &'static str) -> Defect {
    Defect { name, family, flag }
}

/// All of them.
pub const DEFECTS: [Defect; 27] = [
    defect("box-axes-exchanged", "box", "NonSquare"),
    defect("box-side-rounded", "box", "JustBelowBoundary"),
    defect("box-far-edge-inclusive", "box", "ExactBoundary"),
    defect("box-not-clipped-left", "box", "ClippedLeft"),
    defect("box-least-one-pixel", "box", "EmptyBox"),
    defect("label-raw-lambda", "label", "RawLambda"),
    defect("label-unclipped-area", "label", "UnclippedArea"),
    defect("label-weights-exchanged", "label", "SwappedWeights"),
    defect("label-same-class-overwritten", "label", "SameClass"),
    defect("label-half-precision", "dtype", "HalfPrecision"),
    defect("label-integers", "dtype", "IntegerLabel"),
    defect("pixel-row-off", "pixel", "OtherPlace"),
    defect("pixel-mask-arithmetic", "pixel", "MaskArithmetic"),
    defect("pixel-three-channels", "pixel", "Channels"),
    defect("pixel-padding-written", "pixel", "PaddedRows"),
    defect("pixel-through-bytes", "dtype", "Sixteen"),
    defect("label-area-of-32-bits", "label", "LargeImage"),
    defect("mixup-cut-off", "pixel", "Rounding"),
    defect("cutout-label-weighted", "label", "LabelStays"),
    defect("batch-in-order", "batch order", "Aliasing"),
    defect("batch-partner-inverse", "batch order", "PartnerInverse"),
    defect("batch-one-box", "batch order", "MixedBoxes"),
    defect("batch-padding-written", "pixel", "PaddedRows"),
    defect("law-no-root", "law", "LawOfBoxes"),
    defect("beta-not-a-number", "law", "SmallAlpha"),
    defect("nothing-refused", "checks", "OutOfRange"),
    defect("stream-order-of-draws", "stream", "DrawOrder"),
];

/// The core with the mistake of that name, one of [`DEFECTS`].
///
/// ```
/// use cutmix_verify::vectors::defects::named;
///
/// assert_eq!(named("label-raw-lambda").unwrap().0.flag, "RawLambda");
/// assert!(named("label-right").is_none());
/// ```
#[must_use]
pub fn named(name: &str) -> Option<Defective> {
    DEFECTS.into_iter().find(|defect| defect.name == name).map(Defective)
}

/// The core with a mistake.
///
/// ```
/// use cutmix_verify::vectors::defects::named;
/// use cutmix_verify::vectors::subject::{CutMixUnderTest, Rule};
///
/// let wide = named("box-far-edge-inclusive").unwrap();
/// let patch = wide.patch_box(Rule::Paper, 0.75, (16.0, 16.0), (32, 32)).unwrap();
/// assert_eq!([patch.x0, patch.x1], [8, 25]); // To 24 it should be.
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Defective(pub Defect);

impl Defective {
    fn is(&self, name: &str) -> bool {
        self.0.name == name
    }
}

fn clamped(x: f64) -> f64 {
    if x.is_nan() { 0.5 } else { x.clamp(0.0, 1.0) }
}

const fn area(patch: Patch) -> f64 {
    (patch.x1 - patch.x0) as f64 * (patch.y1 - patch.y0) as f64
}

impl CutMixUnderTest for Defective {
    fn name(&self) -> String {
        self.0.name.into()
    }

    fn patch_box(&self, rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        if self.is("nothing-refused") {
            return Core.patch_box(rule, clamped(lambda), centre, size);
        }
        if self.is("box-axes-exchanged") {
            let side = |length: u32| length as f64 * (1.0 - lambda).sqrt();
            let sides = (side(size.1) as u32, side(size.0) as u32);
            Core.patch_box(rule, lambda, centre, size)?;
            return Core.fixed_box(rule, sides, centre, size);
        }
        let mut patch = Core.patch_box(rule, lambda, centre, size)?;
        if self.is("box-side-rounded") && rule != Rule::Paper {
            let side = |length: u32| (f64::from(length) * (1.0 - lambda).sqrt()).round() as u32;
            return Core.fixed_box(rule, (side(size.0), side(size.1)), centre, size);
        }
        if self.is("box-far-edge-inclusive") {
            (patch.x1, patch.y1) = ((patch.x1 + 1).min(size.0), (patch.y1 + 1).min(size.1));
        }
        if self.is("box-not-clipped-left") && patch.x0 == 0 {
            let side = (f64::from(size.0) * (1.0 - lambda).sqrt()) as u32;
            patch.x1 = side.clamp(patch.x1, size.0);
        }
        if self.is("box-least-one-pixel") && patch.x1 == 0 {
            let (x0, y0) = (centre.0 as u32, centre.1 as u32);
            patch = Patch { x0, y0, x1: x0 + 1, y1: y0 + 1 };
        }
        Ok(patch)
    }

    fn fixed_box(&self, rule: Rule, sides: (u32, u32), centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        Core.fixed_box(rule, sides, centre, size)
    }

    fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
        let mut row = Core.label(case)?;
        let total = f64::from(case.size.0) * f64::from(case.size.1);
        let mixed = |w: f64| {
            let mut row = vec![case.smoothing / f64::from(case.number); case.number as usize];
            row[case.classes[0] as usize] += (1.0 - case.smoothing) * w;
            row[case.classes[1] as usize] += (1.0 - case.smoothing) * (1.0 - w);
            row
        };
        match self.0.name {
            "label-raw-lambda" => row = mixed(case.lambda),
            "label-unclipped-area" => {
                let side = |length: u32| (f64::from(length) * (1.0 - case.lambda).sqrt()).trunc();
                row = mixed(1.0 - side(case.size.0) * side(case.size.1) / total);
            }
            "label-weights-exchanged" => row = mixed(area(case.patch) / total),
            "label-same-class-overwritten" if case.classes[0] == case.classes[1] => {
                row[case.classes[0] as usize] = area(case.patch) / total;
            }
            "label-half-precision" => row.iter_mut().for_each(|y| *y = half::f16::from_f64(*y).to_f64()),
            "label-area-of-32-bits" => {
                let of = |width: u32, height: u32| f64::from(width.wrapping_mul(height));
                let patch = case.patch;
                row = mixed(1.0 - of(patch.x1 - patch.x0, patch.y1 - patch.y0) / of(case.size.0, case.size.1));
            }
            "label-integers" => row.iter_mut().for_each(|y| *y = y.trunc()),
            _ => {}
        }
        Ok(row)
    }

    fn label_rows(&self, a: &[f32], b: &[f32], kept: u64, total: u64) -> Answer<Vec<f64>> {
        Core.label_rows(a, b, kept, total)
    }

    fn cutmix(&self, base: &mut Picture, donor: &Picture, patch: Patch) -> Answer<()> {
        let before = base.clone();
        Core.cutmix(base, donor, patch)?;
        let shape = base.shape;
        match self.0.name {
            "pixel-row-off" => {
                let other = Patch { y0: patch.y0.saturating_sub(1), y1: patch.y1.saturating_sub(1), ..patch };
                let mut moved = before.clone();
                Core.cutmix(&mut moved, donor, other)?;
                if patch.y0 > 0 {
                    *base = moved;
                }
            }
            "pixel-mask-arithmetic" if shape.dtype == Dtype::F32 => {
                let real =
                    |bytes: &[u8], at: usize| f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
                for at in (0..base.bytes.len()).step_by(4) {
                    let inside = base.bytes[at..at + 4] != before.bytes[at..at + 4];
                    let m = if inside { 0.0 } else { 1.0 };
                    let y = m * real(&before.bytes, at) + (1.0 - m) * real(&donor.bytes, at);
                    base.bytes[at..at + 4].copy_from_slice(&y.to_le_bytes());
                }
            }
            "pixel-three-channels" if shape.channels > 3 => {
                for y in 0..shape.height {
                    for x in 0..shape.width {
                        for channel in 3..shape.channels {
                            let at = shape.at(x, y, channel);
                            let at = at..at + shape.dtype.bytes();
                            base.bytes[at.clone()].copy_from_slice(&before.bytes[at]);
                        }
                    }
                }
            }
            "pixel-padding-written" => {
                for row in 0..shape.rows() {
                    let padding = row * shape.row_pitch + shape.row_bytes()..(row + 1) * shape.row_pitch;
                    base.bytes[padding].fill(0);
                }
            }
            "pixel-through-bytes" if shape.dtype == Dtype::U16 => {
                base.bytes.iter_mut().skip(1).step_by(2).for_each(|high| *high = 0);
            }
            _ => {}
        }
        Ok(())
    }

    fn cutmix_batch(&self, images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
        match self.0.name {
            "batch-in-order" if partners.iter().all(|&j| (j as usize) < images.len()) => {
                Core.cutmix_batch(&mut images.to_vec(), partners, boxes)?;
                for (i, (&j, &patch)) in partners.iter().zip(boxes).enumerate() {
                    let donor = images[j as usize].clone();
                    Core.cutmix(&mut images[i], &donor, patch)?;
                }
                Ok(())
            }
            "batch-partner-inverse" => {
                let inverse: Vec<u32> = (0..partners.len() as u32)
                    .map(|i| partners.iter().position(|&j| j == i).map_or(i, |j| j as u32))
                    .collect();
                Core.cutmix_batch(&mut images.to_vec(), partners, boxes)?;
                Core.cutmix_batch(images, &inverse, boxes)
            }
            "batch-one-box" if boxes.len() == images.len() && !boxes.is_empty() => {
                Core.cutmix_batch(&mut images.to_vec(), partners, boxes)?;
                Core.cutmix_batch(images, partners, &vec![boxes[0]; boxes.len()])
            }
            "batch-padding-written" => {
                Core.cutmix_batch(images, partners, boxes)?;
                for image in images {
                    let shape = image.shape;
                    for row in 0..shape.rows() {
                        let padding = row * shape.row_pitch + shape.row_bytes()..(row + 1) * shape.row_pitch;
                        image.bytes[padding].fill(0);
                    }
                }
                Ok(())
            }
            _ => Core.cutmix_batch(images, partners, boxes),
        }
    }

    fn pairing(&self, name: &str, count: u32) -> Answer<Vec<u64>> {
        Core.pairing(name, count)
    }

    fn mixup(&self, base: &mut Picture, donor: &Picture, lambda: f64) -> Answer<()> {
        let lambda = if self.is("nothing-refused") { clamped(lambda) } else { lambda };
        let before = base.clone();
        Core.mixup(base, donor, lambda)?;
        if self.is("mixup-cut-off") && base.shape.dtype == Dtype::U8 {
            for ((y, &a), &b) in base.bytes.iter_mut().zip(&before.bytes).zip(&donor.bytes) {
                *y = (lambda * f64::from(a) + (1.0 - lambda) * f64::from(b)) as u8;
            }
        }
        Ok(())
    }

    fn mixup_exact(&self, base: &mut Picture, donor: &Picture, q: u64) -> Answer<()> {
        Core.mixup_exact(base, donor, q)
    }

    fn mixup_weight(&self, dtype: Dtype, lambda: f64) -> Answer<u64> {
        Core.mixup_weight(dtype, lambda)
    }

    fn cutout(&self, image: &mut Picture, patch: Patch, fill: &[u8]) -> Answer<()> {
        Core.cutout(image, patch, fill)
    }

    fn cutout_noise(&self, image: &mut Picture, patch: Patch, key: [u32; 2], range: [f32; 2]) -> Answer<()> {
        Core.cutout_noise(image, patch, key, range)
    }

    fn cutout_label(&self, size: (u32, u32), patch: Patch, class: u32, number: u32) -> Answer<Vec<f64>> {
        let mut row = Core.cutout_label(size, patch, class, number)?;
        if self.is("cutout-label-weighted") {
            row[class as usize] = 1.0 - area(patch) / (f64::from(size.0) * f64::from(size.1));
        }
        Ok(row)
    }

    fn draw_boxes(&self, rule: Rule, size: (u32, u32), alpha: f64, draws: u32) -> Answer<Vec<Patch>> {
        if !self.is("law-no-root") {
            return Core.draw_boxes(rule, size, alpha, draws);
        }
        Core.draw_boxes(rule, size, alpha, 0)?;
        let mut stream = Stream::new(*b"CM1.smpl", [0; 4]);
        let draw = |_| {
            let cut = 1.0 - stream.beta(alpha, alpha);
            let centre = (stream.unit() * f64::from(size.0), stream.unit() * f64::from(size.1));
            Core.patch_box(rule, 1.0 - cut * cut, centre, size)
        };
        (0..draws).map(draw).collect()
    }

    fn draw_beta(&self, a: f64, b: f64, draws: u32) -> Answer<Vec<f64>> {
        if !self.is("beta-not-a-number") {
            return Core.draw_beta(a, b, draws);
        }
        // Johnk's rejection in powers, both of which are 0 where the parameters are small.
        Core.draw_beta(a, b, 0)?;
        let mut stream = Stream::new(*b"CM1.smpl", [1; 4]);
        let mut draw = |_| loop {
            let (x, y) = (stream.unit().powf(1.0 / a), stream.unit().powf(1.0 / b));
            if x + y <= 1.0 || a > 1.0 || b > 1.0 {
                return if a > 1.0 || b > 1.0 { stream.beta(a, b) } else { x / (x + y) };
            }
        };
        Ok((0..draws).map(&mut draw).collect())
    }

    fn stream_words(&self, domain: &str, words: [u64; 4], count: usize) -> Answer<Vec<u32>> {
        Core.stream_words(domain, words, count)
    }

    fn stream_below(&self, key: [u64; 3], bound: u64, count: usize) -> Answer<Vec<u64>> {
        Core.stream_below(key, bound, count)
    }

    fn stream_beta(&self, key: [u64; 3], a: f64, b: f64) -> Answer<f64> {
        Core.stream_beta(key, a, b)
    }

    fn stream_plan(&self, case: &PlanCase) -> Answer<PlanDrawn> {
        let plan = Core.stream_plan(case)?;
        if !self.is("stream-order-of-draws") {
            return Ok(plan);
        }
        // Lambda first, and not last.
        let [seed, epoch, index] = case.key;
        let lambda = Stream::new(*b"CM1.smpl", [seed, epoch, index, 0]).beta(case.alpha, case.alpha);
        Ok(PlanDrawn { lambda, ..plan })
    }

    fn stream_pairing(&self, key: [u64; 3], name: &str, count: u32) -> Answer<Vec<u64>> {
        Core.stream_pairing(key, name, count)
    }

    fn stream_noise(&self, key: [u64; 3], j: u64) -> Answer<([u32; 2], u32)> {
        Core.stream_noise(key, j)
    }
}
