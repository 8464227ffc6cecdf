//! Pixels: pairs and batches, in place and into another buffer, of every element type and layout.

use cutmix_core::ops::{self, Blend, Fill, Frame, NoiseRange};
use cutmix_core::plan::{BatchConfig, Methods, Pairing, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{
    BatchKey, BatchPlan, Error, ImageView, ImageViewMut, Layout, Level, NoiseKey, PatchBox, PlanConfig, Size,
    WeightGrid, label,
};

use crate::draws::hash_plan;
use crate::{Hash, Memory, SAMPLES};

/// Widths around the registers' sizes, for one to three bytes a pixel.
const SIZES: [(u32, u32); 8] = [(17, 9), (32, 8), (5, 4), (64, 3), (11, 12), (21, 7), (1, 5), (43, 4)];

/// An element of the walk.
pub(crate) trait Element: Blend {
    /// Not NaN, and of every size there is.
    fn painted(seed: u32) -> Self;
    fn hash(self, hash: &mut Hash);
}

impl Element for u8 {
    fn painted(seed: u32) -> Self {
        (seed >> 13) as Self
    }
    fn hash(self, hash: &mut Hash) {
        hash.u8(self);
    }
}

impl Element for u16 {
    fn painted(seed: u32) -> Self {
        (seed >> 9) as Self
    }
    fn hash(self, hash: &mut Hash) {
        self.to_le_bytes().into_iter().for_each(|byte| hash.u8(byte));
    }
}

impl Element for f32 {
    fn painted(seed: u32) -> Self {
        // From subnormal to large; the exponent never is all ones.
        let (sign, exponent) = ((seed & 1) << 31, (seed >> 1) % 160);
        Self::from_bits(sign | exponent << 23 | seed >> 9)
    }
    fn hash(self, hash: &mut Hash) {
        hash.f32(self);
    }
}

pub(crate) fn paint<T: Element>(data: &mut [T], seed: u64) {
    let mut state = seed as u32;
    for element in data {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        *element = T::painted((state ^ state >> 16).wrapping_mul(0x7feb_352d));
    }
}

fn layout(key: u64, size: Size, bytes: u32) -> Result<Layout, Error> {
    let nhwc = Layout::nhwc(size, 3, bytes)?;
    let row = nhwc.row_bytes() as isize;
    match key % 5 {
        0 => Ok(nhwc),
        1 => Layout::nchw(size, 2, bytes),
        2 => Layout::nc4hw4(size, 3, bytes),
        3 => nhwc.with_row_pitch(row + 3 * bytes as isize),
        _ => Ok(nhwc.with_row_pitch(row + bytes as isize)?.bottom_up()),
    }
}

pub(crate) fn walk(hash: &mut Hash, key: u64, level: Level, memory: &mut Memory) -> Result<(), Error> {
    match key % 3 {
        0 => typed::<u8>(hash, key, level, memory),
        1 => typed::<u16>(hash, key, level, memory),
        _ => typed::<f32>(hash, key, level, memory),
    }
}

fn typed<T: Element>(hash: &mut Hash, key: u64, level: Level, memory: &mut Memory) -> Result<(), Error> {
    let (width, height) = SIZES[(key % SIZES.len() as u64) as usize];
    let size = Size::new(width, height)?;
    let sample = layout(key, size, size_of::<T>() as u32)?;
    let per_sample = sample.buffer_bytes() / size_of::<T>();
    let input: &mut [T] = bytemuck::cast_slice_mut(&mut memory.input);
    let output: &mut [T] = bytemuck::cast_slice_mut(&mut memory.output);
    let samples = SAMPLES.min(input.len() / per_sample);
    let batch = BatchLayout::dense(sample, samples)?;
    let len = samples * per_sample;
    let (input, output) = (&mut input[..len], &mut output[..len]);
    paint(input, key);
    paint(output, key + 1);

    let methods = match key % 7 {
        0..=2 => PlanConfig::cutmix(size),
        3 | 4 => PlanConfig::cutmix(size).with_methods(Methods::Switch { cutmix: 0.5 })?,
        5 => PlanConfig::mixup(size),
        _ => PlanConfig::cutout(size),
    };
    let pairing = match key % 6 {
        0 => Pairing::Roll,
        1 => Pairing::Flip,
        2 => Pairing::Permutation,
        3 if samples > 1 => Pairing::Derangement,
        4 => Pairing::Given(&[1, 2, 0, 0, 3, 4][..samples]),
        _ => Pairing::WithReplacement,
    };
    let given_fits = samples == SAMPLES || samples > 2;
    let pairing = if matches!(pairing, Pairing::Given(_)) && !given_fits { Pairing::Roll } else { pairing };
    let scope = if key % 4 == 1 { Scope::Batch } else { Scope::Sample };
    let config = BatchConfig { plan: methods.with_grid(T::GRID), scope, pairing };
    let range = Samples::Range { first: key * 64, len: samples as u32 };
    let plan = BatchPlan::draw(BatchKey { seed: 11, epoch: 1, batch: key }, &config, range, &mut memory.slots)?;
    plan.iter().for_each(|sample| hash_plan(hash, sample));

    // Into another buffer, then in place with scratch from a pixel up: both enter the hash.
    let fill = if key.is_multiple_of(2) { Fill::Noise(NoiseRange { lo: -1.0, hi: 3.0 }) } else { Fill::Zero };
    let mut target = BatchViewMut::new(output, batch)?;
    ops::batch::mix_into(level, &mut target, &BatchView::new(input, batch)?, &plan, fill)?;
    output.iter().for_each(|&element| element.hash(hash));
    let mut scratch = [0; 600];
    let room = sample.pixel_bytes() as usize + (key % 580) as usize;
    let mut target = BatchViewMut::new(input, batch)?;
    ops::batch::mix_in_place_with(level, &mut target, &plan, fill, &mut scratch[..room])?;
    input.iter().for_each(|&element| element.hash(hash));

    pair(hash, key, level, (input, output), sample)?;
    labels(hash, key, level)
}

/// The operations on two images that batches do not reach.
fn pair<T: Element>(
    hash: &mut Hash,
    key: u64,
    level: Level,
    (a, b): (&mut [T], &mut [T]),
    layout: Layout,
) -> Result<(), Error> {
    let size = layout.size();
    let (x, y) = ((key % u64::from(size.width())) as u32, (key % u64::from(size.height())) as u32);
    let patch = PatchBox::new(x, y, size.width(), size.height())?;
    let (mut first, mut second) = (ImageViewMut::new(a, layout)?, ImageViewMut::new(b, layout)?);
    ops::cutmix_exchange(level, &mut first, &mut second, patch)?;
    let frame = Frame { whole: Size::new(size.width() + 5, size.height() + 2)?, x: 3, y: 1 };
    let key_words = NoiseKey { words: [key as u32, 0x9e37_79b9] };
    ops::cutout(level, &mut first, patch, Fill::Noise(NoiseRange::default()), key_words, frame)?;
    let weight = T::GRID.weight((key % 101) as f64 / 100.0)?;
    ops::mixup_in_place(level, &mut second, &first.as_view(), weight)?;
    let values = [T::painted(1), T::painted(2), T::painted(3), T::painted(4)];
    let pixel = layout.planes() * layout.pixel_bytes() / size_of::<T>() as u32;
    let corner = PatchBox::new(0, 0, size.width().div_ceil(2), 1)?;
    if let Some(values) = values.get(..pixel as usize) {
        ops::cutout(level, &mut first, corner, Fill::Constant(values), key_words, frame)?;
    }
    let elements = layout.buffer_bytes() / size_of::<T>();
    a[..elements].iter().chain(&b[..elements]).for_each(|&element| element.hash(hash));

    // A line at a time.
    let width = size.width() as usize;
    let (row, other) = (&mut a[..width], &b[..width]);
    ops::cutmix_row(level, row, other, 1, patch, y)?;
    ops::mixup_row(level, row, other, weight)?;
    row.iter().for_each(|&element| element.hash(hash));
    let view = ImageView::nhwc(&a[..width], Size::new(size.width(), 1)?, 1)?;
    view.row(0, 0).into_iter().flatten().for_each(|&element| element.hash(hash));
    Ok(())
}

fn labels(hash: &mut Hash, key: u64, level: Level) -> Result<(), Error> {
    let mut rows = [[0.0_f32; 19]; 3];
    let [_, a, b] = &mut rows;
    for (i, (a, b)) in a.iter_mut().zip(b).enumerate() {
        *a = 1.0 / (i + 1) as f32;
        *b = (key % 97) as f32 / 97.0;
    }
    let ratio = WeightGrid::Q24.weight((key % 1009) as f64 / 1009.0)?;
    let [_, a, b] = rows;
    label::mix_rows(level, &mut rows[0], &a, &b, ratio)?;
    rows[0].into_iter().for_each(|weight| hash.f32(weight));
    Ok(())
}
