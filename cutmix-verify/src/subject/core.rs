//! The core as a subject, like any other implementation.
//!
//! ```
//! use cutmix_verify::subject::core::Core;
//! use cutmix_verify::subject::{CutMixUnderTest, Patch, Rule};
//!
//! // Half of both sides, around the middle.
//! let patch = Core.patch_box(Rule::Paper, 0.75, (16.0, 16.0), (32, 32));
//! assert_eq!(patch, Ok(Patch { x0: 8, y0: 8, x1: 24, y1: 24 }));
//! assert!(Core.patch_box(Rule::Paper, f64::NAN, (16.0, 16.0), (32, 32)).is_err());
//! ```

use bytemuck::Pod;
use cutmix_core::ops::{self, Blend, Fill, Frame, NoiseRange};
use cutmix_core::plan::{BatchConfig, BatchPlan, Extent, Methods, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchViewMut};
use cutmix_core::{
    BatchKey, Beta, BoxRule, Centre, Error, ImageView, ImageViewMut, KeptRatio, Layout as CoreLayout, Level, Method,
    NoiseKey, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid, draw, label,
};
use rand_core::Rng;

use super::{
    Answer, Configuration, CutMixUnderTest, DrawnPlan, Dtype, ImageShape, LabelCase, Layout, Patch, Picture, Refusal,
    Rule,
};
use crate::reference;

/// `cutmix-core` at the best level of this machine.
///
/// ```
/// use cutmix_verify::subject::core::Core;
/// use cutmix_verify::subject::CutMixUnderTest;
///
/// assert_eq!(Core.name(), "cutmix-core");
/// assert_eq!(Core.label_rows(&[1.0, 0.0], &[0.0, 1.0], 3, 4), Ok(vec![0.75, 0.25]));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Core;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::because(error)
    }
}

pub(crate) const fn rule(rule: Rule) -> BoxRule {
    match rule {
        Rule::Paper => BoxRule::Paper,
        Rule::Official => BoxRule::Official,
        Rule::FullExtent => BoxRule::FullExtent,
    }
}

fn patch(patch: Patch) -> Result<PatchBox, Error> {
    let [x0, y0, x1, y1] = patch.edges();
    PatchBox::new(x0, y0, x1, y1)
}

fn spec(patch: PatchBox) -> Patch {
    Patch { x0: patch.x0(), y0: patch.y0(), x1: patch.x1(), y1: patch.y1() }
}

fn layout(shape: &ImageShape) -> Result<CoreLayout, Error> {
    let (size, bytes) = (Size::new(shape.width, shape.height)?, shape.dtype.bytes() as u32);
    let dense = match shape.layout {
        Layout::Nhwc => CoreLayout::nhwc(size, shape.channels, bytes),
        Layout::Nchw => CoreLayout::nchw(size, shape.channels, bytes),
    }?;
    let dense = dense.with_row_pitch(shape.row_pitch as isize)?;
    match shape.layout {
        Layout::Nhwc => Ok(dense),
        Layout::Nchw => dense.with_plane_pitch(shape.row_pitch as isize * shape.height as isize),
    }
}

/// Typed memory, which bytes are not aligned for. Values are little-endian in the vectors, and so is every host of them.
fn typed<T: Pod>(bytes: &[u8]) -> Answer<Vec<T>> {
    if bytes.len().is_multiple_of(size_of::<T>()) {
        Ok(bytemuck::pod_collect_to_vec(bytes))
    } else {
        Err(Refusal::because("a part of a value"))
    }
}

/// Calls with the values of an image and its donor, as the type that they have.
macro_rules! by_type {
    ($dtype:expr, $function:ident($($argument:expr),*)) => {
        match $dtype {
            Dtype::U8 => $function::<u8>($($argument),*),
            Dtype::U16 => $function::<u16>($($argument),*),
            Dtype::F32 => $function::<f32>($($argument),*),
            Dtype::I16 | Dtype::F16 | Dtype::Bf16 | Dtype::F64 => Err(Refusal::Unsupported),
        }
    };
}

fn on_pair<T: Blend>(
    base: &mut Picture,
    donor: &Picture,
    mix: impl Fn(Level, &mut ImageViewMut<'_, T>, &ImageView<'_, T>) -> Result<(), Error>,
) -> Answer<()> {
    let (mut ours, theirs) = (typed::<T>(&base.bytes)?, typed::<T>(&donor.bytes)?);
    let mut view = ImageViewMut::new(&mut ours, layout(&base.shape)?)?;
    mix(Level::detect(), &mut view, &ImageView::new(&theirs, layout(&donor.shape)?)?)?;
    base.bytes = bytemuck::cast_slice(&ours).to_vec();
    Ok(())
}

fn cut<T: Blend>(base: &mut Picture, donor: &Picture, patch: PatchBox) -> Answer<()> {
    on_pair::<T>(base, donor, |level, base, donor| ops::cutmix_in_place(level, base, donor, patch).map(drop))
}

fn mix<T: Blend>(base: &mut Picture, donor: &Picture, weight: KeptRatio) -> Answer<()> {
    on_pair::<T>(base, donor, |level, base, donor| ops::mixup_in_place(level, base, donor, weight))
}

fn fill<T: Blend>(image: &mut Picture, patch: PatchBox, key: NoiseKey, with: Fill<'_, T>) -> Answer<()> {
    let same = image.clone();
    on_pair::<T>(image, &same, |level, image, _| {
        ops::cutout(level, image, patch, with, key, Frame::whole(image.size())).map(drop)
    })
}

fn fill_value<T: Blend>(image: &mut Picture, patch: PatchBox, value: &[u8]) -> Answer<()> {
    fill(image, patch, NoiseKey::default(), Fill::Constant(&typed::<T>(value)?))
}

fn batch<T: Blend>(images: &mut [Picture], slots: &mut [PlanSlot]) -> Answer<()> {
    let Some(first) = images.first() else { return Ok(()) };
    let (one, length) = (layout(&first.shape)?, first.bytes.len());
    if images.iter().any(|image| image.shape != first.shape) {
        return Err(Refusal::because("images of different shapes"));
    }
    let plan = BatchPlan::from_slots(one.size(), slots)?;
    let mut all = typed::<T>(&images.iter().flat_map(|image| image.bytes.clone()).collect::<Vec<_>>())?;
    let mut view = BatchViewMut::new(&mut all, BatchLayout::new(one, length, images.len())?)?;
    // A scratch of one pixel: cycles are written in as many tiles as there can be.
    let mut scratch = vec![0; first.shape.channels as usize * size_of::<T>()];
    ops::batch::mix_in_place_with(Level::detect(), &mut view, &plan, Fill::Zero, &mut scratch)?;
    for (image, bytes) in images.iter_mut().zip(bytemuck::cast_slice::<T, u8>(&all).chunks_exact(length)) {
        image.bytes = bytes.to_vec();
    }
    Ok(())
}

const fn grid(dtype: Dtype) -> WeightGrid {
    if dtype.is_float() { WeightGrid::Q24 } else { WeightGrid::Q15 }
}

const fn sample([seed, epoch, index]: [u64; 3]) -> SampleKey {
    SampleKey { seed, epoch, index }
}

fn row(row: &[f32]) -> Vec<f64> {
    row.iter().map(|&y| f64::from(y)).collect()
}

fn partners(key: [u64; 3], pairing: Pairing<'_>, count: u32) -> Answer<Vec<u64>> {
    let plan = PlanConfig::cutmix(Size::new(1, 1)?);
    let mut memory = vec![PlanSlot::EMPTY; count as usize];
    let key = BatchKey { seed: key[0], epoch: key[1], batch: key[2] };
    let config = BatchConfig { plan, scope: Scope::Sample, pairing };
    let plan = BatchPlan::draw(key, &config, Samples::Range { first: 0, len: count }, &mut memory)?;
    Ok(plan.iter().map(|sample| sample.partner).collect())
}

impl CutMixUnderTest for Core {
    fn name(&self) -> String {
        "cutmix-core".into()
    }

    fn patch_box(&self, by: Rule, lambda: f64, (x, y): (f64, f64), (w, h): (u32, u32)) -> Answer<Patch> {
        Ok(spec(rule(by).patch_box(lambda, Centre { x, y }, Size::new(w, h)?)?))
    }

    fn fixed_box(&self, by: Rule, sides: (u32, u32), (x, y): (f64, f64), (w, h): (u32, u32)) -> Answer<Patch> {
        Ok(spec(rule(by).fixed_box(sides.0, sides.1, Centre { x, y }, Size::new(w, h)?)?))
    }

    fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
        let ratio = KeptRatio::of(patch(case.patch)?, Size::new(case.size.0, case.size.1)?)?;
        let mut out = vec![0.0; case.number as usize];
        let smoothing = label::Smoothing::new(case.smoothing)?;
        label::mix_ids(&mut out, case.classes[0], case.classes[1], ratio, smoothing)?;
        Ok(row(&out))
    }

    fn label_rows(&self, a: &[f32], b: &[f32], kept: u64, total: u64) -> Answer<Vec<f64>> {
        let mut out = vec![0.0; a.len()];
        label::mix_rows(Level::detect(), &mut out, a, b, KeptRatio::new(kept, total)?)?;
        Ok(row(&out))
    }

    fn cutmix(&self, base: &mut Picture, donor: &Picture, of: Patch) -> Answer<()> {
        let patch = patch(of)?;
        if base.shape.dtype != donor.shape.dtype {
            return Err(Refusal::because("two types of pixels"));
        }
        by_type!(base.shape.dtype, cut(base, donor, patch))
    }

    fn cutmix_batch(&self, images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
        if partners.len() != images.len() || boxes.len() != images.len() {
            return Err(Refusal::because("not one partner and one box for each image"));
        }
        let Some(shape) = images.first().map(|image| image.shape) else { return Ok(()) };
        let size = Size::new(shape.width, shape.height)?;
        let slot = |(&partner, &of): (&u32, &Patch)| {
            let patch = patch(of)?;
            let kept = KeptRatio::of(patch, size)?;
            let method = Method::CutMix;
            Ok(PlanSlot::new(SamplePlan {
                method,
                applied: true,
                partner: partner.into(),
                patch,
                kept,
                ..SamplePlan::NOTHING
            }))
        };
        let mut slots = partners.iter().zip(boxes).map(slot).collect::<Result<Vec<_>, Error>>()?;
        by_type!(shape.dtype, batch(images, &mut slots))
    }

    fn pairing(&self, name: &str, count: u32) -> Answer<Vec<u64>> {
        match name {
            "roll" => partners([0; 3], Pairing::Roll, count),
            "flip" => partners([0; 3], Pairing::Flip, count),
            _ => Err(Refusal::Unsupported),
        }
    }

    fn mixup(&self, base: &mut Picture, donor: &Picture, lambda: f64) -> Answer<()> {
        let q = self.mixup_weight(base.shape.dtype, lambda)?;
        self.mixup_exact(base, donor, q)
    }

    fn mixup_exact(&self, base: &mut Picture, donor: &Picture, q: u64) -> Answer<()> {
        let weight = KeptRatio::new(q, base.shape.dtype.grid().into())?;
        by_type!(base.shape.dtype, mix(base, donor, weight))
    }

    fn mixup_weight(&self, dtype: Dtype, lambda: f64) -> Answer<u64> {
        Ok(grid(dtype).weight(lambda)?.kept())
    }

    fn cutout(&self, image: &mut Picture, of: Patch, value: &[u8]) -> Answer<()> {
        let patch = patch(of)?;
        by_type!(image.shape.dtype, fill_value(image, patch, value))
    }

    fn cutout_noise(&self, image: &mut Picture, of: Patch, words: [u32; 2], [lo, hi]: [f32; 2]) -> Answer<()> {
        let (patch, range) = (patch(of)?, NoiseRange { lo, hi });
        by_type!(image.shape.dtype, fill(image, patch, NoiseKey { words }, Fill::Noise(range)))
    }

    fn cutout_label(&self, size: (u32, u32), of: Patch, class: u32, number: u32) -> Answer<Vec<f64>> {
        let size = Size::new(size.0, size.1)?;
        let patch = patch(of)?;
        let kept = KeptRatio::of(patch, size)?;
        let plan = SamplePlan { method: Method::Cutout, applied: true, patch, kept, ..SamplePlan::NOTHING };
        let mut out = vec![0.0; number as usize];
        label::mix_ids(&mut out, class, class, plan.label_ratio(), label::Smoothing::NONE)?;
        Ok(row(&out))
    }

    fn draw_boxes(&self, by: Rule, size: (u32, u32), alpha: f64, draws: u32) -> Answer<Vec<Patch>> {
        let config = PlanConfig::cutmix(Size::new(size.0, size.1)?).with_alpha(alpha)?.with_rule(rule(by));
        let draw = |index| spec(SamplePlan::draw(SampleKey { seed: 31, epoch: 7, index }, &config).patch);
        Ok((0..u64::from(draws)).map(draw).collect())
    }

    fn draw_beta(&self, a: f64, b: f64, draws: u32) -> Answer<Vec<f64>> {
        let beta = Beta::new(a, b)?;
        let draw = |index| beta.sample(&mut SampleKey { seed: 32, epoch: 7, index }.rng());
        Ok((0..u64::from(draws)).map(draw).collect())
    }

    fn stream_words(&self, domain: &str, [a, b, c, d]: [u64; 4], count: usize) -> Answer<Vec<u32>> {
        let (sample, batch) = (sample([a, b, c]), BatchKey { seed: a, epoch: b, batch: c });
        let mut rng = match (domain, d) {
            ("CM1.smpl", 0) => sample.rng(),
            ("CM1.pair", 0) => batch.pairing_rng(),
            ("CM1.btch", 0) => batch.rng(),
            ("CM1.grup", pair) => batch.pair_rng(pair),
            // Of the noise only the two words of the key are public.
            ("CM1.nois", 0) => return Ok(sample.noise().words.into_iter().take(count).collect()),
            _ => return Err(Refusal::Unsupported),
        };
        Ok((0..count).map(|_| rng.next_u32()).collect())
    }

    fn stream_below(&self, key: [u64; 3], bound: u64, count: usize) -> Answer<Vec<u64>> {
        let mut rng = sample(key).rng();
        Ok((0..count).map(|_| draw::uniform::below(&mut rng, bound)).collect())
    }

    fn stream_beta(&self, key: [u64; 3], a: f64, b: f64) -> Answer<f64> {
        Ok(Beta::new(a, b)?.sample(&mut sample(key).rng()))
    }

    fn stream_plan(&self, key: [u64; 3], of: &Configuration) -> Answer<DrawnPlan> {
        let methods = match of.methods {
            reference::Methods::Only(reference::Method::Cutmix) => Methods::Only(Method::CutMix),
            reference::Methods::Only(reference::Method::Mixup) => Methods::Only(Method::Mixup),
            reference::Methods::Only(reference::Method::Cutout) => Methods::Only(Method::Cutout),
            reference::Methods::Switch(cutmix) => Methods::Switch { cutmix },
        };
        let extent = match of.extent {
            reference::Extent::Law => Extent::Law,
            reference::Extent::Fixed([width, height]) => Extent::Fixed { width, height },
            reference::Extent::MinMax(min, max) => Extent::MinMax { min, max },
        };
        let grid = if of.grid == WeightGrid::Q24.denominator() { WeightGrid::Q24 } else { WeightGrid::Q15 };
        let [cutmix, mixup] = of.alphas.map(Beta::symmetric);
        let config = PlanConfig::cutmix(Size::new(of.size[0], of.size[1])?)
            .with_methods(methods)?
            .with_betas(cutmix?, mixup?)
            .with_rule(rule(of.rule))
            .with_extent(extent)?
            .with_probability(of.probability)?
            .with_grid(grid)
            .with_partners(of.partners);
        let plan = SamplePlan::draw(sample(key), &config);
        Ok(DrawnPlan {
            method: match plan.method {
                Method::CutMix => reference::Method::Cutmix,
                Method::Mixup => reference::Method::Mixup,
                Method::Cutout => reference::Method::Cutout,
            },
            applied: plan.applied,
            partner: plan.partner,
            patch: spec(plan.patch),
            lambda: plan.lambda,
            kept: [plan.kept.kept(), plan.kept.total()],
            noise: plan.noise.words,
        })
    }

    fn stream_pairing(&self, key: [u64; 3], name: &str, count: u32) -> Answer<Vec<u64>> {
        let pairing = match name {
            "permutation" => Pairing::Permutation,
            "derangement" => Pairing::Derangement,
            "replacement" => Pairing::WithReplacement,
            _ => return Err(Refusal::Unsupported),
        };
        partners(key, pairing, count)
    }

    fn stream_noise(&self, key: [u64; 3], j: u64) -> Answer<([u32; 2], u32)> {
        let words = sample(key).noise().words;
        // Word j, read where a u8 image has it: four elements a word.
        let first = j.wrapping_mul(4);
        let (x, y) = ((first % (1 << 30)) as u32, (first >> 30) as u32);
        let whole = Size::new(1 << 30, u32::MAX)?;
        let mut out = [0_u8; 4];
        let size = Size::new(4, 1)?;
        let mut view = ImageViewMut::nhwc(&mut out, size, 1)?;
        let (fill, frame) = (Fill::Noise(NoiseRange::default()), Frame { whole, x, y });
        ops::cutout(Level::detect(), &mut view, PatchBox::full(size), fill, NoiseKey { words }, frame)?;
        Ok((words, u32::from_le_bytes(out)))
    }

    fn mix(&self, images: &mut [Picture], ids: &[u32], number: u32, alpha: f64, call: u64) -> Answer<Vec<Vec<f64>>> {
        let Some(shape) = images.first().map(|image| image.shape) else { return Ok(Vec::new()) };
        let plan = PlanConfig::cutmix(Size::new(shape.width, shape.height)?).with_alpha(alpha)?;
        let config = BatchConfig { plan, scope: Scope::Sample, pairing: Pairing::Derangement };
        let mut memory = vec![PlanSlot::EMPTY; images.len()];
        let count = images.len() as u32;
        let samples = Samples::Range { first: call << 20, len: count };
        let key = BatchKey { seed: 33, epoch: 0, batch: call };
        let plan = BatchPlan::draw(key, &config, samples, &mut memory)?;
        let mut rows = vec![0.0; images.len() * number as usize];
        label::mix_batch_ids(&mut rows, ids, number as usize, label::Smoothing::NONE, &plan)?;
        by_type!(shape.dtype, batch(images, &mut memory))?;
        Ok(rows.chunks(number.max(1) as usize).map(row).collect())
    }
}
