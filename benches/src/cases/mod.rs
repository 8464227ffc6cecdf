//! The cases. Each function makes one [`Group`] over buffers of its own, which are freed with it.

mod batches;
mod draws;
mod frames;
mod patches;
mod peers;
mod pixels;

use bytemuck::Pod;
use cutmix_core::{ImageView, ImageViewMut, Layout, Level, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, ops};

use crate::{Bar, Group};

/// The levels to show: those of this machine, or the one that was asked for.
pub type Levels<'l> = &'l [Level];

/// The yardstick of most groups, and once more: how far the two are apart is the noise of the clock.
const MEMCPY: [&str; 2] = ["memcpy per row", "memcpy per row again"];

/// A group that is made when its turn comes: buffers of hundreds of megabytes should not wait in memory.
pub struct Case {
    /// The name of the group it makes.
    pub name: String,
    /// Makes the group.
    pub make: Box<dyn Fn(Levels<'_>) -> Group<'static>>,
}

impl Case {
    fn new(name: impl Into<String>, make: impl Fn(&str, Levels<'_>) -> Group<'static> + 'static) -> Self {
        let name = name.into();
        let own = name.clone();
        Self { name, make: Box::new(move |levels| make(&own, levels)) }
    }
}

/// All cases in the order of the report.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases = patches::cases();
    cases.extend(peers::cases());
    cases.extend(batches::cases());
    cases.extend(frames::cases());
    cases.extend(pixels::cases());
    cases.extend(draws::cases());
    cases
}

/// The levels with their bars; the portable one has none.
fn barred(levels: Levels<'_>, bar: impl Fn(Level) -> Option<Bar>) -> impl Iterator<Item = (Level, Option<Bar>)> {
    levels.iter().map(move |&level| (level, bar(level).filter(|_| level != Level::PORTABLE)))
}

/// Boxes by the CutMix law at alpha 1, without the empty ones.
fn law_boxes(size: Size, count: usize) -> Vec<PatchBox> {
    let config = PlanConfig::cutmix(size);
    (0..)
        .map(|index| SamplePlan::draw(SampleKey { seed: 1, epoch: 0, index }, &config).patch)
        .filter(|patch| !patch.is_empty())
        .take(count)
        .collect()
}

/// Bytes of the pixels of some boxes in images of a layout.
fn patch_bytes(layout: &Layout, boxes: &[PatchBox]) -> u64 {
    let pixel = u64::from(layout.pixel_bytes()) * u64::from(layout.planes());
    boxes.iter().map(|patch| patch.area() * pixel).sum()
}

/// The rows of a box of a dense layout, plane after plane, as `memcpy` gets them: the yardstick of patches.
fn memcpy_rows(to: &mut [u8], from: &[u8], layout: &Layout, patch: PatchBox) {
    let pixel = layout.pixel_bytes() as usize;
    let row = layout.row_bytes();
    let plane = row * layout.size().height() as usize;
    let bytes = patch.x0() as usize * pixel..patch.x1() as usize * pixel;
    let (skip, take) = (patch.y0() as usize, patch.height() as usize);
    for (to, from) in to.chunks_exact_mut(plane).zip(from.chunks_exact(plane)) {
        let rows = to.chunks_exact_mut(row).zip(from.chunks_exact(row));
        for (to, from) in rows.skip(skip).take(take) {
            to[bytes.clone()].copy_from_slice(&from[bytes.clone()]);
        }
    }
}

/// A pair of images, cut by each of some boxes.
fn cut<T: Pod>(level: Level, to: &mut [T], from: &[T], layout: Layout, boxes: impl IntoIterator<Item = PatchBox>) {
    let mut base = ImageViewMut::new(to, layout).unwrap();
    let donor = ImageView::new(from, layout).unwrap();
    for patch in boxes {
        ops::cutmix_in_place(level, &mut base, &donor, patch).unwrap();
    }
}

/// Bytes that differ from place to place.
fn painted(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i as u32).wrapping_mul(0x9e37_79b1).rotate_left(13) as u8).collect()
}
