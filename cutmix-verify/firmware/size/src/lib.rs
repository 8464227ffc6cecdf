#![no_std]
#![forbid(unsafe_code)]
//! What is measured: operations from key to pixels and label, on memory of the caller's, with values that the compiler
//! does not know. The image `bin/operation.rs` runs one of them under an emulator, `examples/host.rs` runs them natively.

#[cfg(target_os = "none")]
mod image;

#[cfg(target_os = "none")]
pub use image::{REPORT, run};

use core::hint::black_box;

use cutmix_core::label::{self, Smoothing};
use cutmix_core::ops::{self, Fill, Frame, NoiseRange, batch};
use cutmix_core::plan::{BatchConfig, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchViewMut, Layout};
use cutmix_core::{
    BatchKey, BatchPlan, Error, ImageView, ImageViewMut, Level, PlanConfig, SampleKey, SamplePlan, Size,
};

/// Columns and rows of a frame of three `u8` channels. Batches are four frames of half the side.
pub const SIDE: u32 = 96;

/// Bytes of a frame.
pub const FRAME: usize = (SIDE * SIDE * 3) as usize;

/// How often an operation is run; the figures are means over as many keys.
pub const CALLS: u64 = 64;

/// All memory that an operation works on, but for the plans of a batch: those are not blank.
#[derive(Debug)]
pub struct Memory {
    base: [u8; FRAME],
    donor: [u8; FRAME],
    label: [f32; 40],
    scratch: [u8; 256],
}

/// An operation: one frame, or one batch of four, under the key of that index.
pub type Operation = fn(&mut Memory, &mut [PlanSlot; 4], u64) -> Result<(), Error>;

impl Memory {
    /// Blank memory.
    #[must_use]
    pub const fn new() -> Self {
        Self { base: [0; FRAME], donor: [0; FRAME], label: [0.0; 40], scratch: [0; 256] }
    }

    /// Paints both frames.
    pub fn paint(&mut self) {
        for (i, (base, donor)) in self.base.iter_mut().zip(&mut self.donor).enumerate() {
            (*base, *donor) = ((i * 7) as u8, (i * 13 + 128) as u8);
        }
    }

    /// A digest of pixels and labels (FNV-1a): the same natively and under the emulator.
    #[must_use]
    pub fn digest(&self) -> u32 {
        let words = self.label.iter().flat_map(|weight| weight.to_bits().to_le_bytes());
        self.base
            .iter()
            .copied()
            .chain(words)
            .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

fn key(index: u64) -> SampleKey {
    SampleKey { seed: black_box(7), epoch: black_box(0), index }
}

fn size() -> Result<Size, Error> {
    Size::new(black_box(SIDE), black_box(SIDE))
}

/// Nothing: what every image holds.
#[inline(never)]
pub fn empty(memory: &mut Memory, slots: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    black_box((memory, slots, index));
    Ok(())
}

/// From key to box and exact ratio at alpha 1.
#[inline(never)]
pub fn plan_uniform(memory: &mut Memory, slots: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    let plan = SamplePlan::draw_uniform(key(index), &PlanConfig::cutmix(size()?))?;
    slots[0] = PlanSlot::new(plan);
    memory.label[0] = plan.kept.weights().0;
    Ok(())
}

fn cutmix(memory: &mut Memory, plan: &SamplePlan) -> Result<(), Error> {
    let size = size()?;
    let mut base = ImageViewMut::nhwc(&mut memory.base, size, 3)?;
    let donor = ImageView::nhwc(&memory.donor, size, 3)?;
    let kept = ops::cutmix_in_place(Level::detect(), &mut base, &donor, plan.patch)?;
    label::mix_ids(&mut memory.label[..10], 3, 7, kept, Smoothing::NONE)
}

/// `CutMix` of a frame at alpha 1, without the Beta sampler.
#[inline(never)]
pub fn cutmix_uniform(memory: &mut Memory, _: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    let plan = SamplePlan::draw_uniform(key(index), &PlanConfig::cutmix(size()?))?;
    cutmix(memory, &plan)
}

/// `CutMix` of a frame at any alpha; measured at 0.2.
#[inline(never)]
pub fn cutmix_beta(memory: &mut Memory, _: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    let config = PlanConfig::cutmix(size()?).with_alpha(black_box(0.2))?;
    cutmix(memory, &SamplePlan::draw(key(index), &config))
}

/// Mixup of a frame at alpha 1.
#[inline(never)]
pub fn mixup(memory: &mut Memory, _: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    let size = size()?;
    let plan = SamplePlan::draw_uniform(key(index), &PlanConfig::mixup(size))?;
    let mut base = ImageViewMut::nhwc(&mut memory.base, size, 3)?;
    let donor = ImageView::nhwc(&memory.donor, size, 3)?;
    ops::mixup_in_place(Level::detect(), &mut base, &donor, plan.kept)?;
    label::mix_ids(&mut memory.label[..10], 3, 7, plan.kept, Smoothing::NONE)
}

/// Cutout of a frame with noise at alpha 1; its label stays.
#[inline(never)]
pub fn cutout_noise(memory: &mut Memory, _: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    let size = size()?;
    let plan = SamplePlan::draw_uniform(key(index), &PlanConfig::cutout(size))?;
    let mut base = ImageViewMut::nhwc(&mut memory.base, size, 3)?;
    let fill = Fill::Noise(NoiseRange::default());
    ops::cutout(Level::detect(), &mut base, plan.patch, fill, plan.noise, Frame::whole(size))?;
    Ok(())
}

fn batch_layout() -> Result<BatchLayout, Error> {
    BatchLayout::dense(Layout::nhwc(Size::new(black_box(SIDE / 2), black_box(SIDE / 2))?, 3, 1)?, 4)
}

/// A frame of its own: what is drawn is no longer on the stack when it is mixed.
#[inline(never)]
fn draw_four(slots: &mut [PlanSlot; 4], size: Size, index: u64) -> Result<(), Error> {
    for (i, slot) in (0_u64..).zip(slots) {
        let plan = SamplePlan::draw_uniform(key(4 * index + i), &PlanConfig::cutmix(size))?;
        *slot = PlanSlot::new(SamplePlan { partner: (i + 1) % 4, ..plan });
    }
    Ok(())
}

/// `CutMix` of a batch of four in place at alpha 1, with scratch and plans of the caller's.
#[inline(never)]
pub fn batch_uniform(memory: &mut Memory, slots: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    let size = batch_layout()?.sample().size();
    draw_four(slots, size, index)?;
    let plan = BatchPlan::from_slots(size, slots)?;
    let mut images = BatchViewMut::new(&mut memory.base, batch_layout()?)?;
    batch::paste_in_place_with(Level::detect(), &mut images, &plan, Fill::Zero, &mut memory.scratch)?;
    label::mix_batch_ids(&mut memory.label, &[0, 1, 2, 3], 10, Smoothing::NONE, &plan)
}

#[inline(never)]
fn config_any() -> Result<PlanConfig, Error> {
    PlanConfig::cutmix(batch_layout()?.sample().size()).with_alpha(black_box(0.2))
}

/// As `draw_four`.
#[inline(never)]
fn draw_any(slots: &mut [PlanSlot; 4], index: u64) -> Result<BatchPlan<'_>, Error> {
    let plan = config_any()?;
    let config = BatchConfig { plan, scope: black_box(Scope::Sample), pairing: black_box(Pairing::Roll) };
    let key = BatchKey { seed: black_box(7), epoch: black_box(0), batch: index };
    BatchPlan::draw(key, &config, Samples::Range { first: 4 * index, len: 4 }, slots)
}

/// As `draw_four`.
#[inline(never)]
fn mix_any(memory: &mut Memory, plan: BatchPlan<'_>) -> Result<(), Error> {
    let mut images = BatchViewMut::new(&mut memory.base, batch_layout()?)?;
    let fill = black_box(Fill::Noise(NoiseRange::default()));
    batch::mix_in_place_with(Level::detect(), &mut images, &plan, fill, &mut memory.scratch)?;
    label::mix_batch_ids(&mut memory.label, &[0, 1, 2, 3], 10, Smoothing::NONE, &plan)
}

/// A batch of four in place: any method, law and pairing, with scratch and plans of the caller's; measured with `CutMix`
/// at alpha 0.2.
#[inline(never)]
pub fn batch_any(memory: &mut Memory, slots: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    mix_any(memory, draw_any(slots, index)?)
}

/// The operations by name, in the order of the table, and whether the feature of that name is on.
pub const OPERATIONS: [(&str, Operation, bool); 8] = [
    ("empty", empty, false),
    ("plan_uniform", plan_uniform, cfg!(feature = "plan_uniform")),
    ("cutmix_uniform", cutmix_uniform, cfg!(feature = "cutmix_uniform")),
    ("cutmix_beta", cutmix_beta, cfg!(feature = "cutmix_beta")),
    ("mixup", mixup, cfg!(feature = "mixup")),
    ("cutout_noise", cutout_noise, cfg!(feature = "cutout_noise")),
    ("batch_uniform", batch_uniform, cfg!(feature = "batch_uniform")),
    ("batch_any", batch_any, cfg!(feature = "batch_any")),
];

/// The operation whose feature is on; without any, the empty one.
pub const CHOSEN: Operation = {
    let (mut chosen, mut i): (Operation, usize) = (empty, 0);
    while i < OPERATIONS.len() {
        if OPERATIONS[i].2 {
            chosen = OPERATIONS[i].1;
        }
        i += 1;
    }
    chosen
};
