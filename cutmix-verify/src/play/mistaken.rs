//! A profile as a subject: the core, but for what the profile does otherwise. The vectors are tested with these.

use super::arithmetic::{Boxes, boxed};
use super::draws::{DrawnCall, Lambdas, OneDraw};
use super::labels::{LabelSource, wide_row};
use super::pixels::Batch;
use super::variant;
use crate::probe::{CallLabels, Method, Phase};
use crate::profile::shape::shape_named;
use crate::profile::{Label, LambdaLaw, OFFICIAL, Pixels, Profile, Reports, Types};
use crate::reference::Stream;
use crate::subject::core::Core;
use crate::subject::{
    Answer, Configuration, CutMixUnderTest, DrawnPlan, Dtype, LabelCase, Patch, Picture, Refusal, Rule, bits,
};

/// A mistake. See [`MISTAKES`].
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// Its name.
    pub name: &'static str,
    /// Where: `box`, `label`, `pixel`, `batch order`, `dtype`, `checks`, `law` or `stream`.
    pub family: &'static str,
    /// A flag that must be among those that bite.
    pub flag: &'static str,
    /// The variant whose profile it is.
    variant: &'static str,
    slip: Option<Slip>,
}

/// A mistake that no profile has: neither a box, a law nor a trace shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip {
    FarEdge,
    SameClass,
    AreaOf32Bits,
    Padding,
    BatchPadding,
    /// What is no fraction is made one, before the core sees it.
    Unchecked,
    LambdaFirst,
}

const fn mistake(name: &'static str, family: &'static str, flag: &'static str, variant: &'static str) -> Mistake {
    Mistake { name, family, flag, variant, slip: None }
}

const fn slip(name: &'static str, family: &'static str, flag: &'static str, slip: Slip) -> Mistake {
    Mistake { name, family, flag, variant: "official", slip: Some(slip) }
}

/// All mistakes.
pub const MISTAKES: [Mistake; 27] = [
    mistake("box-axes-exchanged", "box", "NonSquare", "sides-exchanged"),
    mistake("box-side-rounded", "box", "JustBelowBoundary", "round-half"),
    slip("box-far-edge-inclusive", "box", "ExactBoundary", Slip::FarEdge),
    mistake("box-not-clipped-left", "box", "ClippedLeft", "clipped-left"),
    mistake("box-least-one-pixel", "box", "EmptyBox", "least-one"),
    mistake("label-raw-lambda", "label", "RawLambda", "label-raw"),
    mistake("label-unclipped-area", "label", "UnclippedArea", "label-unclipped"),
    mistake("label-weights-exchanged", "label", "SwappedWeights", "label-swapped"),
    slip("label-same-class-overwritten", "label", "SameClass", Slip::SameClass),
    mistake("label-half-precision", "dtype", "HalfPrecision", "label-half"),
    mistake("label-integers", "dtype", "IntegerLabel", "label-integer"),
    mistake("pixel-row-off", "pixel", "OtherPlace", "row-off"),
    mistake("pixel-mask-arithmetic", "pixel", "MaskArithmetic", "mask-multiply"),
    mistake("pixel-channel-left-out", "pixel", "Channels", "channel-left-out"),
    slip("pixel-padding-written", "pixel", "PaddedRows", Slip::Padding),
    mistake("pixel-through-binary16", "dtype", "Sixteen", "half-round-trip"),
    slip("label-area-of-32-bits", "label", "LargeImage", Slip::AreaOf32Bits),
    mistake("mixup-cut-off", "pixel", "Rounding", "mixup-truncated"),
    mistake("cutout-label-weighted", "label", "LabelStays", "cutout-label"),
    mistake("batch-in-order", "batch order", "Aliasing", "in-place-loop"),
    mistake("batch-partner-inverse", "batch order", "PartnerInverse", "partner-inverse"),
    // Right where the box is drawn, and wrong where each image is given its own.
    mistake("batch-one-box", "batch order", "MixedBoxes", "torchvision"),
    slip("batch-padding-written", "pixel", "PaddedRows", Slip::BatchPadding),
    mistake("law-no-root", "law", "LawOfBoxes", "root-omitted"),
    mistake("beta-not-rejected", "law", "SmallAlpha", "not-rejected"),
    slip("nothing-refused", "checks", "OutOfRange", Slip::Unchecked),
    slip("stream-order-of-draws", "stream", "DrawOrder", Slip::LambdaFirst),
];

/// The core with the mistake of that name, one of [`MISTAKES`].
#[must_use]
pub fn named(name: &str) -> Option<Mistaken> {
    MISTAKES.into_iter().find(|mistake| mistake.name == name).map(Mistaken::from)
}

/// The core with a mistake.
#[derive(Clone, Copy, Debug)]
pub struct Mistaken {
    name: &'static str,
    profile: Profile,
    slip: Option<Slip>,
}

impl From<Mistake> for Mistaken {
    fn from(of: Mistake) -> Self {
        let profile = variant(of.variant).map_or(OFFICIAL, |known| known.profile);
        Self { name: of.name, profile, slip: of.slip }
    }
}

fn draw(lambda: f64, place: [f64; 2]) -> OneDraw {
    OneDraw { lambda, lengths: [lambda; 2], place, wrong: true, applied: true }
}

/// A draw as it is asked for. A whole number of pixels stays one after a division and a product.
fn asked(lambda: f64, centre: (f64, f64), size: (u32, u32)) -> OneDraw {
    draw(lambda, [centre.0 / f64::from(size.0), centre.1 / f64::from(size.1)].map(f64::next_up))
}

/// Zeros where the padding was.
fn written(image: &mut Picture) {
    image.shape.padding().for_each(|padding| image.bytes[padding].fill(0));
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
    fn slips(&self, slip: Slip) -> bool {
        self.slip == Some(slip)
    }

    /// Lambda as the core is given it.
    fn checked(&self, lambda: f64) -> f64 {
        match lambda {
            _ if !self.slips(Slip::Unchecked) => lambda,
            x if x.is_nan() => 0.5,
            x => x.clamp(0.0, 1.0),
        }
    }

    fn row(&self, case: &LabelCase) -> Vec<f64> {
        let LabelCase { size: (width, height), patch, number, .. } = *case;
        let phase = Phase { width, height, classes: number, ..Phase::structure() };
        let draw = asked(case.lambda, case.centre, case.size);
        let (_, extents) = boxed(&self.profile, [width, height], &draw, 0);
        let drawn = DrawnCall { samples: vec![draw], partners: vec![1], others: vec![1] };
        let boxes = Boxes { drawn, patches: vec![patch], extents: vec![extents] };
        let kept = boxes.kept(&phase);
        let source = LabelSource { phase: &phase, boxes: &boxes, i: 0, base: 0, kept: &kept };
        let labels = CallLabels { ids: case.classes.to_vec(), second: None };
        let smoothed = Profile { types: Types { smoothing: case.smoothing, ..self.profile.types }, ..self.profile };
        let row = wide_row(&smoothed, &labels, [0, 1], source.weights(&smoothed), number);
        row.into_iter().map(f64::from).collect()
    }

    /// Mixes images of one shape as the profile does.
    fn mixed(&self, images: &mut [Picture], partners: &[u32], patches: &[Patch], lambda: f64) {
        let Some(shape) = images.first().map(|image| image.shape) else { return };
        let (width, height, channels) = (shape.width, shape.height, shape.channels);
        let (layout, dtype, batch) = (shape.layout, shape.dtype, images.len() as u32);
        let phase = Phase { batch, width, height, channels, layout, dtype, ..Phase::structure() };
        let mut at = vec![0; phase.image_len()];
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            for channel in 0..channels {
                at[phase.element(channel as usize, y as usize, x as usize)] = shape.at(x, y, channel);
            }
        }
        let given = |image: &Picture| at.iter().map(|&at| bits(&image.bytes[at..at + dtype.bytes()])).collect();
        let given: Vec<Vec<u64>> = images.iter().map(given).collect();
        let partners: Vec<usize> = partners.iter().map(|&j| j as usize).collect();
        let samples = vec![draw(lambda, [0.0; 2]); images.len()];
        let drawn = DrawnCall { samples, others: partners.clone(), partners };
        let boxes = Boxes { drawn, patches: patches.to_vec(), extents: Vec::new() };
        let batch = Batch { phase: &phase, given: &given, before: &given, boxes: &boxes };
        for (image, mixed) in images.iter_mut().zip(batch.mixed(&self.profile)) {
            for (&at, bits) in at.iter().zip(mixed) {
                image.bytes[at..at + dtype.bytes()].copy_from_slice(&bits.to_le_bytes()[..dtype.bytes()]);
            }
        }
    }

    /// Whether a method's pixels are others than the core's.
    fn paints(&self, method: Method) -> bool {
        self.profile.method == method && self.profile.faults.pixels != Pixels::Copy
    }

    fn lambdas(&self, alpha: f64) -> Answer<Option<Lambdas>> {
        let other = self.profile.lambda != LambdaLaw::AsAsked;
        other.then(|| Lambdas::new(&self.profile, alpha).map_err(Refusal::because)).transpose()
    }
}

impl CutMixUnderTest for Mistaken {
    fn name(&self) -> String {
        self.name.into()
    }

    fn patch_box(&self, rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        let patch = Core.patch_box(rule, self.checked(lambda), centre, size)?;
        Ok(match rule {
            _ if self.slips(Slip::FarEdge) => {
                Patch { x1: (patch.x1 + 1).min(size.0), y1: (patch.y1 + 1).min(size.1), ..patch }
            }
            // The mistakes of the catalogue are made in the authors' rule.
            Rule::Official if self.profile.shape != OFFICIAL.shape => {
                boxed(&self.profile, [size.0, size.1], &asked(lambda, centre, size), 0).0
            }
            _ => patch,
        })
    }

    fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
        let mut row = Core.label(case)?;
        let [a, b] = case.classes.map(|class| class as usize);
        if self.slips(Slip::SameClass) && a == b {
            row[a] = case.patch.area() as f64 / (f64::from(case.size.0) * f64::from(case.size.1));
        }
        if self.slips(Slip::AreaOf32Bits) && a != b {
            let of = |width: u32, height: u32| f64::from(width.wrapping_mul(height));
            let kept = 1.0 - of(case.patch.width(), case.patch.height()) / of(case.size.0, case.size.1);
            row[a] = case.smoothing / f64::from(case.number) + (1.0 - case.smoothing) * kept;
        }
        let right = self.profile.label == Label::Kept || self.profile.method == Method::Cutout;
        Ok(if right { row } else { self.row(case) })
    }

    fn cutmix(&self, base: &mut Picture, donor: &Picture, patch: Patch) -> Answer<()> {
        let mut pair = [base.clone(), donor.clone()];
        Core.cutmix(base, donor, patch)?;
        if self.paints(Method::Cutmix) {
            self.mixed(&mut pair, &[1, 0], &[patch, Patch::EMPTY], 0.0);
            base.clone_from(&pair[0]);
        }
        if self.slips(Slip::Padding) {
            written(base);
        }
        Ok(())
    }

    fn cutmix_batch(&self, images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
        Core.cutmix_batch(&mut images.to_vec(), partners, boxes)?;
        let mut partners = partners.to_vec();
        if self.profile.faults.reports == Reports::PartnerInverse {
            let giver = |i: u32| partners.iter().position(|&j| j == i).map_or(i, |j| j as u32);
            partners = (0..partners.len() as u32).map(giver).collect();
        }
        let map: Vec<usize> = partners.iter().map(|&partner| partner as usize).collect();
        let of = |i: usize| boxes[self.profile.sharing.drawn_by(i, &map)[1]];
        let boxes: Vec<Patch> = (0..boxes.len()).map(of).collect();
        if self.paints(Method::Cutmix) {
            self.mixed(images, &partners, &boxes, 0.0);
        } else {
            Core.cutmix_batch(images, &partners, &boxes)?;
        }
        if self.slips(Slip::BatchPadding) {
            images.iter_mut().for_each(written);
        }
        Ok(())
    }

    fn mixup(&self, base: &mut Picture, donor: &Picture, lambda: f64) -> Answer<()> {
        let mut pair = [base.clone(), donor.clone()];
        Core.mixup(base, donor, self.checked(lambda))?;
        if self.paints(Method::Mixup) {
            self.mixed(&mut pair, &[1, 0], &[Patch::EMPTY; 2], lambda);
            base.clone_from(&pair[0]);
        }
        Ok(())
    }

    fn cutout_label(&self, size: (u32, u32), patch: Patch, class: u32, number: u32) -> Answer<Vec<f64>> {
        let row = Core.cutout_label(size, patch, class, number)?;
        if self.profile.method != Method::Cutout {
            return Ok(row);
        }
        let lambda = 1.0 - patch.area() as f64 / (f64::from(size.0) * f64::from(size.1));
        let (rule, classes) = (Rule::Official, [class, (class + 1) % number]);
        let case = LabelCase { size, rule, lambda, centre: (0.0, 0.0), patch, classes, number, smoothing: 0.0 };
        Ok(self.row(&case))
    }

    fn draw_boxes(&self, rule: Rule, size: (u32, u32), alpha: f64, draws: u32) -> Answer<Vec<Patch>> {
        let Some(lambdas) = self.lambdas(alpha)? else { return Core.draw_boxes(rule, size, alpha, draws) };
        Core.draw_boxes(rule, size, alpha, 0)?;
        let mut stream = Stream::new(*b"CM1.smpl", [0; 4]);
        let profile = Profile { shape: shape_named(rule.name()).unwrap_or(OFFICIAL.shape), ..self.profile };
        let one = |_| {
            let place = [stream.unit(), stream.unit()];
            boxed(&profile, [size.0, size.1], &draw(lambdas.sample(&mut stream), place), 0).0
        };
        Ok((0..draws).map(one).collect())
    }

    fn draw_beta(&self, a: f64, b: f64, draws: u32) -> Answer<Vec<f64>> {
        let lambdas = if a == b { self.lambdas(a)? } else { None };
        let Some(lambdas) = lambdas else { return Core.draw_beta(a, b, draws) };
        let mut stream = Stream::new(*b"CM1.smpl", [1; 4]);
        Ok((0..draws).map(|_| lambdas.sample(&mut stream)).collect())
    }

    fn stream_plan(&self, key: [u64; 3], of: &Configuration) -> Answer<DrawnPlan> {
        let plan = Core.stream_plan(key, of)?;
        if !self.slips(Slip::LambdaFirst) {
            return Ok(plan);
        }
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
