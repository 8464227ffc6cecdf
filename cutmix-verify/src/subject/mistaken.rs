//! Implementations with one mistake each: what the vectors are tested with. Each is the core but for one method, or two.

use super::core::Core;
use super::{Answer, Configuration, CutMixUnderTest, DrawnPlan, Dtype, LabelCase, Patch, Picture, Rule};
use crate::reference::Stream;

/// A mistake. See [`MISTAKES`].
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// Its name.
    pub name: &'static str,
    /// Where: `box`, `label`, `pixel`, `batch order`, `dtype`, `checks`, `law` or `stream`.
    pub family: &'static str,
    /// A flag that must be among those that bite.
    pub flag: &'static str,
    wrong: Misstep,
}

/// What is asked of a box.
struct Asked {
    rule: Rule,
    lambda: f64,
    centre: (f64, f64),
    size: (u32, u32),
}

impl Asked {
    /// The box with these sides.
    fn fixed(&self, sides: [f64; 2]) -> Patch {
        let patch = Core.fixed_box(self.rule, (sides[0] as u32, sides[1] as u32), self.centre, self.size);
        patch.unwrap_or_else(|refusal| unreachable!("{refusal:?} of a box that was there"))
    }

    fn sides(&self) -> [f64; 2] {
        sides(self.size, self.lambda)
    }
}

/// Mixes the images, given partners and boxes.
type OnBatch = fn(&mut [Picture], &[u32], &[Patch]) -> Answer<()>;

/// The method that is wrong, and what it makes of an input that the core takes and of the core's answer.
#[derive(Clone, Copy, Debug)]
enum Misstep {
    Box(fn(&Asked, Patch) -> Patch),
    Label(fn(&LabelCase, Vec<f64>) -> Vec<f64>),
    /// The answer, the base as it was, the donor, the box.
    Pixels(fn(&mut Picture, &Picture, &Picture, Patch)),
    Batch(OnBatch),
    MixupCutOff,
    CutoutWeighted,
    NoRoot,
    NotANumber,
    LambdaFirst,
    /// What is no fraction is made one, before the core sees it.
    Unchecked,
}

const fn mistake(name: &'static str, family: &'static str, flag: &'static str, wrong: Misstep) -> Mistake {
    Mistake { name, family, flag, wrong }
}

/// All mistakes.
pub const MISTAKES: [Mistake; 27] = [
    mistake("box-axes-exchanged", "box", "NonSquare", Misstep::Box(exchanged)),
    mistake("box-side-rounded", "box", "JustBelowBoundary", Misstep::Box(rounded)),
    mistake("box-far-edge-inclusive", "box", "ExactBoundary", Misstep::Box(inclusive)),
    mistake("box-not-clipped-left", "box", "ClippedLeft", Misstep::Box(unclipped)),
    mistake("box-least-one-pixel", "box", "EmptyBox", Misstep::Box(one_pixel)),
    mistake("label-raw-lambda", "label", "RawLambda", Misstep::Label(|case, _| mixed(case, case.lambda))),
    mistake("label-unclipped-area", "label", "UnclippedArea", Misstep::Label(unclipped_area)),
    mistake("label-weights-exchanged", "label", "SwappedWeights", Misstep::Label(|case, _| mixed(case, cut(case)))),
    mistake("label-same-class-overwritten", "label", "SameClass", Misstep::Label(overwritten)),
    mistake("label-half-precision", "dtype", "HalfPrecision", Misstep::Label(|_, row| each(row, halved))),
    mistake("label-integers", "dtype", "IntegerLabel", Misstep::Label(|_, row| each(row, f64::trunc))),
    mistake("pixel-row-off", "pixel", "OtherPlace", Misstep::Pixels(row_off)),
    mistake("pixel-mask-arithmetic", "pixel", "MaskArithmetic", Misstep::Pixels(mask_arithmetic)),
    mistake("pixel-three-channels", "pixel", "Channels", Misstep::Pixels(three_channels)),
    mistake("pixel-padding-written", "pixel", "PaddedRows", Misstep::Pixels(|base, _, _, _| written(base))),
    mistake("pixel-through-bytes", "dtype", "Sixteen", Misstep::Pixels(through_bytes)),
    mistake("label-area-of-32-bits", "label", "LargeImage", Misstep::Label(area_of_32_bits)),
    mistake("mixup-cut-off", "pixel", "Rounding", Misstep::MixupCutOff),
    mistake("cutout-label-weighted", "label", "LabelStays", Misstep::CutoutWeighted),
    mistake("batch-in-order", "batch order", "Aliasing", Misstep::Batch(in_order)),
    mistake("batch-partner-inverse", "batch order", "PartnerInverse", Misstep::Batch(inverse)),
    mistake("batch-one-box", "batch order", "MixedBoxes", Misstep::Batch(one_box)),
    mistake("batch-padding-written", "pixel", "PaddedRows", Misstep::Batch(all_written)),
    mistake("law-no-root", "law", "LawOfBoxes", Misstep::NoRoot),
    mistake("beta-not-a-number", "law", "SmallAlpha", Misstep::NotANumber),
    mistake("nothing-refused", "checks", "OutOfRange", Misstep::Unchecked),
    mistake("stream-order-of-draws", "stream", "DrawOrder", Misstep::LambdaFirst),
];

/// The core with the mistake of that name, one of [`MISTAKES`].
#[must_use]
pub fn named(name: &str) -> Option<Mistaken> {
    MISTAKES.into_iter().find(|mistake| mistake.name == name).map(Mistaken)
}

/// The core with a mistake.
#[derive(Clone, Copy, Debug)]
pub struct Mistaken(pub Mistake);

/// The sides of a box before they are whole numbers.
fn sides(size: (u32, u32), lambda: f64) -> [f64; 2] {
    [size.0, size.1].map(|length| f64::from(length) * (1.0 - lambda).sqrt())
}

fn exchanged(asked: &Asked, _: Patch) -> Patch {
    asked.fixed(sides((asked.size.1, asked.size.0), asked.lambda))
}

fn rounded(asked: &Asked, patch: Patch) -> Patch {
    if asked.rule == Rule::Paper { patch } else { asked.fixed(asked.sides().map(f64::round)) }
}

fn inclusive(asked: &Asked, patch: Patch) -> Patch {
    Patch { x1: (patch.x1 + 1).min(asked.size.0), y1: (patch.y1 + 1).min(asked.size.1), ..patch }
}

fn unclipped(asked: &Asked, patch: Patch) -> Patch {
    let side = asked.sides()[0] as u32;
    if patch.x0 == 0 { Patch { x1: side.clamp(patch.x1, asked.size.0), ..patch } } else { patch }
}

fn one_pixel(asked: &Asked, patch: Patch) -> Patch {
    let (x, y) = (asked.centre.0 as u32, asked.centre.1 as u32);
    if patch.x1 == 0 { Patch::EMPTY.with(x, y) } else { patch }
}

/// A row with weight `w` of the base.
fn mixed(case: &LabelCase, w: f64) -> Vec<f64> {
    let mut row = vec![case.smoothing / f64::from(case.number); case.number as usize];
    row[case.classes[0] as usize] += (1.0 - case.smoothing) * w;
    row[case.classes[1] as usize] += (1.0 - case.smoothing) * (1.0 - w);
    row
}

fn total(size: (u32, u32)) -> f64 {
    f64::from(size.0) * f64::from(size.1)
}

/// The share of the box.
fn cut(case: &LabelCase) -> f64 {
    case.patch.area() as f64 / total(case.size)
}

fn each(row: Vec<f64>, f: fn(f64) -> f64) -> Vec<f64> {
    row.into_iter().map(f).collect()
}

fn halved(y: f64) -> f64 {
    half::f16::from_f64(y).to_f64()
}

fn unclipped_area(case: &LabelCase, _: Vec<f64>) -> Vec<f64> {
    let [columns, rows] = sides(case.size, case.lambda).map(f64::trunc);
    mixed(case, 1.0 - columns * rows / total(case.size))
}

fn overwritten(case: &LabelCase, mut row: Vec<f64>) -> Vec<f64> {
    if case.classes[0] == case.classes[1] {
        row[case.classes[0] as usize] = cut(case);
    }
    row
}

fn area_of_32_bits(case: &LabelCase, _: Vec<f64>) -> Vec<f64> {
    let of = |width: u32, height: u32| f64::from(width.wrapping_mul(height));
    mixed(case, 1.0 - of(case.patch.width(), case.patch.height()) / of(case.size.0, case.size.1))
}

fn row_off(base: &mut Picture, before: &Picture, donor: &Picture, patch: Patch) {
    if patch.y0 > 0 {
        *base = before.clone();
        let moved = Core.cutmix(base, donor, Patch { y0: patch.y0 - 1, y1: patch.y1 - 1, ..patch });
        moved.unwrap_or_else(|refusal| unreachable!("{refusal:?} of a box that was taken"));
    }
}

fn mask_arithmetic(base: &mut Picture, before: &Picture, donor: &Picture, _: Patch) {
    if base.shape.dtype == Dtype::F32 {
        let real = |bytes: &[u8], at: usize| f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
        for at in (0..base.bytes.len()).step_by(4) {
            let m = if base.bytes[at..at + 4] == before.bytes[at..at + 4] { 1.0 } else { 0.0 };
            let y = m * real(&before.bytes, at) + (1.0 - m) * real(&donor.bytes, at);
            base.bytes[at..at + 4].copy_from_slice(&y.to_le_bytes());
        }
    }
}

fn three_channels(base: &mut Picture, before: &Picture, _: &Picture, patch: Patch) {
    let shape = base.shape;
    for (y, x) in (patch.y0..patch.y1).flat_map(|y| (patch.x0..patch.x1).map(move |x| (y, x))) {
        for channel in 3..shape.channels {
            let at = shape.at(x, y, channel)..shape.at(x, y, channel) + shape.dtype.bytes();
            base.bytes[at.clone()].copy_from_slice(&before.bytes[at]);
        }
    }
}

/// Zeros where the padding was.
fn written(image: &mut Picture) {
    image.shape.padding().for_each(|padding| image.bytes[padding].fill(0));
}

fn through_bytes(base: &mut Picture, _: &Picture, _: &Picture, _: Patch) {
    if base.shape.dtype == Dtype::U16 {
        base.bytes.iter_mut().skip(1).step_by(2).for_each(|high| *high = 0);
    }
}

fn in_order(images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
    for (i, (&j, &patch)) in partners.iter().zip(boxes).enumerate() {
        let donor = images[j as usize].clone();
        Core.cutmix(&mut images[i], &donor, patch)?;
    }
    Ok(())
}

fn inverse(images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
    let giver = |i: u32| partners.iter().position(|&j| j == i).map_or(i, |j| j as u32);
    let inverse: Vec<u32> = (0..partners.len() as u32).map(giver).collect();
    Core.cutmix_batch(images, &inverse, boxes)
}

fn one_box(images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
    Core.cutmix_batch(images, partners, &boxes.iter().map(|_| boxes[0]).collect::<Vec<_>>())
}

fn all_written(images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
    Core.cutmix_batch(images, partners, boxes)?;
    images.iter_mut().for_each(written);
    Ok(())
}

/// Methods in which nothing is mistaken.
macro_rules! as_the_core {
    ($(fn $method:ident($($name:ident: $type:ty),*) -> $out:ty;)*) => {$(
        fn $method(&self, $($name: $type),*) -> Answer<$out> {
            Core.$method($($name),*)
        }
    )*};
}

impl Mistaken {
    /// Lambda as the core is given it.
    fn checked(self, lambda: f64) -> f64 {
        match self.0.wrong {
            Misstep::Unchecked if lambda.is_nan() => 0.5,
            Misstep::Unchecked => lambda.clamp(0.0, 1.0),
            _ => lambda,
        }
    }
}

impl CutMixUnderTest for Mistaken {
    fn name(&self) -> String {
        self.0.name.into()
    }

    fn patch_box(&self, rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        let patch = Core.patch_box(rule, self.checked(lambda), centre, size)?;
        let Misstep::Box(wrong) = self.0.wrong else { return Ok(patch) };
        Ok(wrong(&Asked { rule, lambda, centre, size }, patch))
    }

    fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
        let row = Core.label(case)?;
        Ok(if let Misstep::Label(wrong) = self.0.wrong { wrong(case, row) } else { row })
    }

    fn cutmix(&self, base: &mut Picture, donor: &Picture, patch: Patch) -> Answer<()> {
        let before = base.clone();
        Core.cutmix(base, donor, patch)?;
        if let Misstep::Pixels(wrong) = self.0.wrong {
            wrong(base, &before, donor, patch);
        }
        Ok(())
    }

    fn cutmix_batch(&self, images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
        let Misstep::Batch(wrong) = self.0.wrong else { return Core.cutmix_batch(images, partners, boxes) };
        Core.cutmix_batch(&mut images.to_vec(), partners, boxes)?;
        wrong(images, partners, boxes)
    }

    fn mixup(&self, base: &mut Picture, donor: &Picture, lambda: f64) -> Answer<()> {
        let before = base.clone();
        Core.mixup(base, donor, self.checked(lambda))?;
        if matches!(self.0.wrong, Misstep::MixupCutOff) && base.shape.dtype == Dtype::U8 {
            for ((y, &a), &b) in base.bytes.iter_mut().zip(&before.bytes).zip(&donor.bytes) {
                *y = (lambda * f64::from(a) + (1.0 - lambda) * f64::from(b)) as u8;
            }
        }
        Ok(())
    }

    fn cutout_label(&self, size: (u32, u32), patch: Patch, class: u32, number: u32) -> Answer<Vec<f64>> {
        let mut row = Core.cutout_label(size, patch, class, number)?;
        if matches!(self.0.wrong, Misstep::CutoutWeighted) {
            row[class as usize] = 1.0 - patch.area() as f64 / total(size);
        }
        Ok(row)
    }

    fn draw_boxes(&self, rule: Rule, size: (u32, u32), alpha: f64, draws: u32) -> Answer<Vec<Patch>> {
        let Misstep::NoRoot = self.0.wrong else { return Core.draw_boxes(rule, size, alpha, draws) };
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
        let Misstep::NotANumber = self.0.wrong else { return Core.draw_beta(a, b, draws) };
        Core.draw_beta(a, b, 0)?;
        let mut stream = Stream::new(*b"CM1.smpl", [1; 4]);
        // Johnk's rejection in powers, both of which are 0 where the parameters are small.
        let mut draw = |_| loop {
            let (x, y) = (stream.unit().powf(1.0 / a), stream.unit().powf(1.0 / b));
            if x + y <= 1.0 || a > 1.0 || b > 1.0 {
                return if a > 1.0 || b > 1.0 { stream.beta(a, b) } else { x / (x + y) };
            }
        };
        Ok((0..draws).map(&mut draw).collect())
    }

    fn stream_plan(&self, key: [u64; 3], of: &Configuration) -> Answer<DrawnPlan> {
        let plan = Core.stream_plan(key, of)?;
        let Misstep::LambdaFirst = self.0.wrong else { return Ok(plan) };
        let [seed, epoch, index] = key;
        let mut stream = Stream::new(*b"CM1.smpl", [seed, epoch, index, 0]);
        Ok(DrawnPlan { lambda: stream.beta(of.alphas[0], of.alphas[0]), ..plan })
    }

    as_the_core! {
        fn fixed_box(rule: Rule, sides: (u32, u32), centre: (f64, f64), size: (u32, u32)) -> Patch;
        fn label_rows(a: &[f32], b: &[f32], kept: u64, total: u64) -> Vec<f64>;
        fn pairing(name: &str, count: u32) -> Vec<u64>;
        fn mixup_exact(base: &mut Picture, donor: &Picture, q: u64) -> ();
        fn mixup_weight(dtype: Dtype, lambda: f64) -> u64;
        fn cutout(image: &mut Picture, patch: Patch, fill: &[u8]) -> ();
        fn cutout_noise(image: &mut Picture, patch: Patch, key: [u32; 2], range: [f32; 2]) -> ();
        fn stream_words(domain: &str, words: [u64; 4], count: usize) -> Vec<u32>;
        fn stream_below(key: [u64; 3], bound: u64, count: usize) -> Vec<u64>;
        fn stream_beta(key: [u64; 3], a: f64, b: f64) -> f64;
        fn stream_pairing(key: [u64; 3], name: &str, count: u32) -> Vec<u64>;
        fn stream_noise(key: [u64; 3], j: u64) -> ([u32; 2], u32);
    }
}
