//! Allocations of every in-place path, counted in the run that measures them: the bar is none at all.

use std::fmt::Write as _;
use std::hint::black_box;

use allocation_counter::measure;
use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
use cutmix_core::plan::{BatchConfig, Methods, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchViewMut};
use cutmix_core::{
    BatchKey, BatchPlan, Error, ImageView, ImageViewMut, Layout, Level, NoiseKey, PatchBox, PlanConfig, SampleKey,
    SamplePlan, Size, WeightGrid, label,
};

/// Samples of the batch.
const LEN: u32 = 64;

/// The table of counts over `levels`.
///
/// # Errors
/// A sentence, if the counter does not even see an allocation that is made on purpose, or an operation refuses its
/// arguments.
pub fn report(levels: &[Level]) -> Result<String, String> {
    if measure(|| drop(black_box(vec![0_u8; 64]))).count_total == 0 {
        return Err("the counter of allocations sees none where one is made".into());
    }
    let paths = count(levels).map_err(|error| error.to_string())?;
    let names: Vec<&str> = levels.iter().map(|level| level.name()).collect();
    let mut out = format!("Counted in this run, over the levels {}.\n\n", names.join(", "));
    out.push_str("| path | allocations | must |\n|---|---|---|\n");
    for (path, count) in paths {
        let missed = if count == 0 { "" } else { " **missed**" };
        let _ = writeln!(out, "| {path} | {count}{missed} | 0 |");
    }
    Ok(out)
}

/// Allocations of each path, summed over the levels.
fn count(levels: &[Level]) -> Result<[(&'static str, u64); 10], Error> {
    let size = Size::new(32, 32)?;
    let image = Layout::nchw(size, 3, 4)?;
    let (mut a, mut b) = (vec![0.25_f32; 3 * 1024], vec![0.5_f32; 3 * 1024]);
    let batch = BatchLayout::dense(image, LEN as usize)?;
    let mut data = vec![0.25_f32; batch.buffer_bytes() / 4];
    let mut scratch = [0; 700];
    let (mut row, classes) = (vec![0.0_f32; 1000], vec![0.001_f32; 1000]);
    let patch = PatchBox::new(3, 5, 20, 30)?;
    let weight = WeightGrid::Q24.weight(0.3)?;
    let fills = [Fill::Zero, Fill::Constant(&[0.1, 0.2, 0.3]), Fill::Noise(NoiseRange::default())];
    let plan = PlanConfig::cutmix(size).with_alpha(0.4)?;
    let mut slots = vec![PlanSlot::EMPTY; 4 * LEN as usize];
    let mut mixed = Vec::new();
    let mut drawing = 0;
    let pairings = [Pairing::Roll, Pairing::Flip, Pairing::Derangement, Pairing::WithReplacement];
    for (slots, pairing) in slots.chunks_exact_mut(LEN as usize).zip(pairings) {
        let plan = plan.with_methods(Methods::Switch { cutmix: 0.6 })?.with_grid(WeightGrid::Q24);
        let config = BatchConfig { plan, scope: Scope::Sample, pairing };
        let samples = Samples::Range { first: 0, len: LEN };
        let mut drawn = None;
        drawing += counted(|| {
            drawn = Some(BatchPlan::draw(BatchKey::default(), &config, samples, slots)?);
            Ok(())
        })?;
        mixed.extend(drawn);
    }
    let mut pasted_slots = vec![PlanSlot::EMPTY; LEN as usize];
    let config = BatchConfig { plan, scope: Scope::Sample, pairing: Pairing::Derangement };
    let samples = Samples::Range { first: 0, len: LEN };
    let pasted = BatchPlan::draw(BatchKey::default(), &config, samples, &mut pasted_slots)?;

    let mut counts = [0; 8];
    for &level in levels {
        let mut base = ImageViewMut::new(&mut a, image)?;
        counts[0] += counted(|| ops::cutmix_in_place(level, &mut base, &ImageView::new(&b, image)?, patch))?;
        counts[1] += counted(|| ops::mixup_in_place(level, &mut base, &ImageView::new(&b, image)?, weight))?;
        for fill in fills {
            let (key, frame) = (NoiseKey { words: [1, 2] }, Frame::whole(size));
            counts[2] += counted(|| ops::cutout(level, &mut base, patch, fill, key, frame))?;
        }
        let mut other = ImageViewMut::new(&mut b, image)?;
        counts[3] += counted(|| ops::cutmix_exchange(level, &mut base, &mut other, patch))?;
        let mut view = BatchViewMut::new(&mut data, batch)?;
        for plan in &mixed {
            counts[4] += counted(|| ops::batch::mix_in_place(level, &mut view, plan, Fill::Zero))?;
            counts[5] += counted(|| ops::batch::mix_in_place_with(level, &mut view, plan, Fill::Zero, &mut scratch))?;
        }
        counts[6] += counted(|| ops::batch::paste_in_place(level, &mut view, &pasted, Fill::Zero))?;
        counts[7] += counted(|| label::mix_rows(level, &mut row, &classes, &classes, weight))?;
    }
    let sample = counted(|| Ok(black_box(SamplePlan::draw(SampleKey::default(), &plan))))?;
    let [cutmix, mixup, cutout, exchange, mix, mix_with, paste, rows] = counts;
    Ok([
        ("ops::cutmix_in_place", cutmix),
        ("ops::cutmix_exchange", exchange),
        ("ops::mixup_in_place", mixup),
        ("ops::cutout: zeros, constant, noise", cutout),
        ("ops::batch::mix_in_place, four pairings", mix),
        ("ops::batch::mix_in_place_with, four pairings", mix_with),
        ("ops::batch::paste_in_place", paste),
        ("label::mix_rows", rows),
        ("SamplePlan::draw", sample),
        ("BatchPlan::draw, four pairings", drawing),
    ])
}

/// Allocations of one call, which has to succeed.
fn counted<T>(call: impl FnOnce() -> Result<T, Error>) -> Result<u64, Error> {
    let mut outcome = None;
    let counts = measure(|| outcome = Some(call().map(|_| ())));
    outcome.unwrap_or(Ok(()))?;
    Ok(counts.count_total)
}
