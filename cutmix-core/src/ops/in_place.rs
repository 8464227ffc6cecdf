//! A plan applied to a batch in its own memory: no copy of the batch, no heap. Reached as `ops::batch`.
//!
//! The plan's order (`plan::order`) puts every sample after those who read what it overwrites; cycles save the pixels
//! that their last and their first sample share, in tiles where the scratch is smaller than that. So every pixel is
//! written once, and read once but for the saved ones.

use bytemuck::Pod;

use super::batch::expect_batch;
use super::cutmix::{around, copy, exchange};
use super::cutout::expect_values;
use super::{Blend, Fill, Frame, cutout, cutout_copied, expect_same_shape};
use crate::error::Error;
use crate::geometry::{KeptRatio, PatchBox};
use crate::kernels::Level;
use crate::plan::{BatchPlan, Cycle, Method, SamplePlan, Step};
use crate::view::{BatchViewMut, ImageView, ImageViewMut, Layout, Rect, RectMut};

/// Bytes of scratch that the functions without a scratch of the caller's put on the stack.
const STACK: usize = 0x4000;

/// Mixes a batch in its own memory, as `plan` says; the result is that of [`mix_into`](super::batch::mix_into) from an
/// untouched copy. `fill` is what Cutouts fill with.
///
/// Puts 16 KiB on the stack; [`mix_in_place_with`] takes the caller's memory instead. Every pixel of a box is written
/// once, and nothing outside the boxes (for Mixup, the image) is touched. Never allocates.
///
/// # Errors
/// [`Error::CountMismatch`] or [`Error::SizeMismatch`] if plan, batch and fill do not belong together;
/// [`Error::WeightGrid`] if the plan's Mixup weights are not on the grid of `T`. Nothing is written then.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::view::{BatchLayout, BatchViewMut};
/// use cutmix_core::{ops, BatchKey, Layout, Level, PlanConfig, Size};
///
/// let size = Size::new(8, 8)?;
/// let layout = BatchLayout::dense(Layout::nchw(size, 3, 1)?, 4)?;
/// let mut pixels = core::array::from_fn::<u8, { 4 * 3 * 64 }, _>(|i| (i / 192) as u8);
/// let config = BatchConfig { plan: PlanConfig::cutmix(size), scope: Scope::Batch, pairing: Pairing::Roll };
/// let mut memory = [PlanSlot::EMPTY; 4];
/// let plan = BatchPlan::draw(BatchKey::default(), &config, Samples::Range { first: 0, len: 4 }, &mut memory)?;
/// ops::batch::mix_in_place(Level::detect(), &mut BatchViewMut::new(&mut pixels, layout)?, &plan, ops::Fill::Zero)?;
/// // Of the pixels of the first image, those of the box are now those of the last, 3 channels each.
/// let changed = pixels[..192].iter().filter(|&&pixel| pixel == 3).count() as u64;
/// assert_eq!(changed, 3 * plan.get(0).unwrap().patch.area());
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_in_place<T: Blend>(
    level: Level,
    batch: &mut BatchViewMut<'_, T>,
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
) -> Result<(), Error> {
    mix_in_place_with(level, batch, plan, fill, &mut [0; STACK])
}

/// As [`mix_in_place`], with scratch of the caller's: any memory of at least one pixel of one plane. More than a few
/// KiB gains nothing; with little of it, long cycles are written in many small tiles.
///
/// # Errors
/// As [`mix_in_place`], and [`Error::TooShort`] if the scratch does not hold a pixel.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::view::{BatchLayout, BatchViewMut};
/// use cutmix_core::{ops, BatchKey, Layout, Level, PlanConfig, Size};
///
/// let size = Size::new(8, 8)?;
/// let layout = BatchLayout::dense(Layout::nchw(size, 1, 1)?, 4)?;
/// let config = BatchConfig { plan: PlanConfig::cutmix(size), scope: Scope::Sample, pairing: Pairing::Roll };
/// let mut memory = [PlanSlot::EMPTY; 4];
/// let plan = BatchPlan::draw(BatchKey::default(), &config, Samples::Range { first: 0, len: 4 }, &mut memory)?;
/// let batch: [u8; 256] = core::array::from_fn(|i| i as u8);
/// let (mut much, mut little) = (batch, batch);
/// for (pixels, scratch) in [(&mut much, &mut [0; 64][..]), (&mut little, &mut [0; 1])] {
///     let mut batch = BatchViewMut::new(pixels, layout)?;
///     ops::batch::mix_in_place_with(Level::detect(), &mut batch, &plan, ops::Fill::Zero, scratch)?;
/// }
/// assert_eq!(much, little);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_in_place_with<T: Blend>(
    level: Level,
    batch: &mut BatchViewMut<'_, T>,
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
    scratch: &mut [u8],
) -> Result<(), Error> {
    expect_batch("samples of the batch", batch.layout(), plan)?;
    let (sample, frame) = (*batch.layout().sample(), Frame::whole(plan.size()));
    mix(level, batch, &sample, plan, (fill, frame), scratch)
}

/// As [`mix_in_place_with`] for images that do not lie in one buffer, or are parts of larger ones: `frame` says where
/// in the whole they lie, which only noise asks for. This is what parallel callers use: the parts of all samples in one
/// window (see [`SamplePlan::window`] and [`ImageViewMut::split_rows`]) are independent of those in another. Costs what
/// [`mix_in_place_with`] does.
///
/// # Errors
/// As [`mix_in_place_with`], also if the images differ in shape.
///
/// ```
/// use cutmix_core::ops::{self, Fill, Frame};
/// use cutmix_core::plan::{BatchPlan, PlanSlot};
/// use cutmix_core::{ImageViewMut, KeptRatio, Level, PatchBox, SamplePlan, Size};
///
/// let (size, patch) = (Size::new(3, 1)?, PatchBox::new(0, 0, 2, 1)?);
/// let sample = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
/// let mut memory = [1, 0].map(|partner| PlanSlot::new(SamplePlan { partner, ..sample }));
/// let plan = BatchPlan::from_slots(size, &mut memory)?;
/// let (mut a, mut b) = ([1_u8; 3], [2_u8; 3]); // wherever they lie
/// let mut images = [ImageViewMut::nhwc(&mut a, size, 1)?, ImageViewMut::nhwc(&mut b, size, 1)?];
/// ops::batch::mix_images_in_place(Level::detect(), &mut images, &plan, Fill::Zero, Frame::whole(size), &mut [0; 16])?;
/// assert_eq!((a, b), ([2, 2, 1], [1, 1, 2]));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_images_in_place<T: Blend>(
    level: Level,
    images: &mut [ImageViewMut<'_, T>],
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
    frame: Frame,
    scratch: &mut [u8],
) -> Result<(), Error> {
    let Some(sample) = expect_images(images, plan)? else { return Ok(()) };
    mix(level, images, &sample, plan, (fill, frame), scratch)
}

/// As [`mix_in_place`] for elements that can only be copied (half floats, packed pixels, class-index masks): `CutMix`
/// and constant Cutouts.
///
/// # Errors
/// As [`mix_in_place`], and [`Error::CopyOnly`] if the plan asks for Mixup or noise.
///
/// ```
/// use cutmix_core::plan::{BatchPlan, PlanSlot};
/// use cutmix_core::view::{BatchLayout, BatchViewMut};
/// use cutmix_core::{ops, Error, KeptRatio, Layout, Level, PatchBox, SamplePlan, Size};
///
/// // Packed pixels of three bytes.
/// let (size, patch) = (Size::new(2, 1)?, PatchBox::new(0, 0, 1, 1)?);
/// let sample = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
/// let mut memory = [1, 0].map(|partner| PlanSlot::new(SamplePlan { partner, ..sample }));
/// let plan = BatchPlan::from_slots(size, &mut memory)?;
/// let mut pixels = [[1_u8, 2, 3], [1, 2, 3], [7, 8, 9], [7, 8, 9]];
/// let layout = BatchLayout::dense(Layout::nhwc(size, 3, 1)?, 2)?;
/// ops::batch::paste_in_place(Level::detect(), &mut BatchViewMut::new(&mut pixels, layout)?, &plan, ops::Fill::Zero)?;
/// assert_eq!(pixels, [[7, 8, 9], [1, 2, 3], [1, 2, 3], [7, 8, 9]]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn paste_in_place<T: Pod>(
    level: Level,
    batch: &mut BatchViewMut<'_, T>,
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
) -> Result<(), Error> {
    paste_in_place_with(level, batch, plan, fill, &mut [0; STACK])
}

/// As [`paste_in_place`], with scratch of the caller's; see [`mix_in_place_with`].
///
/// # Errors
/// As [`paste_in_place`] and [`mix_in_place_with`].
///
/// ```
/// use cutmix_core::plan::{BatchPlan, PlanSlot};
/// use cutmix_core::view::{BatchLayout, BatchViewMut};
/// use cutmix_core::{ops, Error, KeptRatio, Layout, Level, PatchBox, SamplePlan, Size};
///
/// // Three samples of packed 4-byte pixels give each other the left one: a cycle, and scratch for one pixel.
/// let (size, patch) = (Size::new(2, 1)?, PatchBox::new(0, 0, 1, 1)?);
/// let sample = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
/// let mut memory = [2, 0, 1].map(|partner| PlanSlot::new(SamplePlan { partner, ..sample }));
/// let plan = BatchPlan::from_slots(size, &mut memory)?;
/// let mut pixels = [1_u32, 1, 2, 2, 3, 3];
/// let mut batch = BatchViewMut::new(&mut pixels, BatchLayout::dense(Layout::nhwc(size, 1, 4)?, 3)?)?;
/// let mut paste = |scratch: &mut [u8]| {
///     ops::batch::paste_in_place_with(Level::detect(), &mut batch, &plan, ops::Fill::Zero, scratch)
/// };
/// assert!(matches!(paste(&mut [0; 3]), Err(Error::TooShort { given: 3, expected: 4, .. })));
/// paste(&mut [0; 4])?;
/// assert_eq!(pixels, [3, 1, 1, 2, 2, 3]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[inline(never)] // See `mix`.
pub fn paste_in_place_with<T: Pod>(
    level: Level,
    batch: &mut BatchViewMut<'_, T>,
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
    scratch: &mut [u8],
) -> Result<(), Error> {
    expect_batch("samples of the batch", batch.layout(), plan)?;
    let sample = *batch.layout().sample();
    for (i, plan) in active(plan) {
        if plan.method == Method::Mixup || (plan.method == Method::Cutout && matches!(fill, Fill::Noise(_))) {
            return Err(Error::CopyOnly { sample: i });
        }
    }
    expect_fill(plan, &sample, fill)?;
    let no_blend = |_: &mut RectMut<'_>, _: &Rect<'_>, _: KeptRatio| {};
    let cut = |image: &mut ImageViewMut<'_, T>, plan: &SamplePlan| {
        cutout_copied(level, image, plan.patch, fill, 0).map(|_| ())
    };
    InPlace { mixer: Mixer { level, plan, blend: no_blend }, images: batch, cut }.run(&sample, scratch)
}

/// Checks what the element type asks for, then mixes. A frame of its own, here and below: inlined, the locals of all
/// phases would lie on the stack together, which a microcontroller with 1 KiB of it would notice.
#[inline(never)]
fn mix<T: Blend>(
    level: Level,
    images: &mut (impl Images<T> + ?Sized),
    sample: &Layout,
    plan: &BatchPlan<'_>,
    (fill, frame): (Fill<'_, T>, Frame),
    scratch: &mut [u8],
) -> Result<(), Error> {
    let expected = u64::from(T::GRID.denominator());
    for (_, plan) in active(plan) {
        if plan.method == Method::Mixup && plan.kept.total() != expected {
            return Err(Error::WeightGrid { given: plan.kept.total(), expected });
        }
    }
    expect_fill(plan, sample, fill)?;
    let blend = |a: &mut RectMut<'_>, b: &Rect<'_>, weight: KeptRatio| T::blend(level, a, b, weight);
    let cut = |image: &mut ImageViewMut<'_, T>, plan: &SamplePlan| {
        cutout(level, image, plan.patch, fill, plan.noise, frame).map(|_| ())
    };
    InPlace { mixer: Mixer { level, plan, blend }, images, cut }.run(sample, scratch)
}

/// The samples that are written, with their numbers.
fn active<'m>(plan: &BatchPlan<'m>) -> impl Iterator<Item = (u64, &'m SamplePlan)> {
    plan.iter().enumerate().map(|(i, plan)| (i as u64, plan)).filter(|(i, plan)| !plan.leaves_base(*i))
}

fn expect_fill<T: Pod>(plan: &BatchPlan<'_>, sample: &Layout, fill: Fill<'_, T>) -> Result<(), Error> {
    match fill {
        Fill::Constant(values) if active(plan).any(|(_, plan)| plan.method == Method::Cutout) => {
            expect_values(sample, values)
        }
        _ => Ok(()),
    }
}

/// That there are as many images as the plan has samples, all of its size and one shape; `None` if there are none.
fn expect_images<T: Pod>(images: &[ImageViewMut<'_, T>], plan: &BatchPlan<'_>) -> Result<Option<Layout>, Error> {
    if images.len() != plan.len() {
        return Err(Error::CountMismatch { what: "images", given: images.len() as u64, expected: plan.len() as u64 });
    }
    let Some(first) = images.first() else { return Ok(None) };
    if first.size() != plan.size() {
        return Err(Error::SizeMismatch {
            what: "the image",
            given: first.size().into(),
            expected: plan.size().into(),
        });
    }
    for image in images {
        expect_same_shape("an image", image.layout(), first.layout())?;
    }
    Ok(Some(*first.layout()))
}

/// A batch of images of one shape, two of which can be had at a time.
trait Images<T> {
    fn one(&mut self, i: usize) -> Option<ImageViewMut<'_, T>>;
    /// Two different ones.
    fn two(&mut self, i: usize, j: usize) -> Option<(ImageViewMut<'_, T>, ImageViewMut<'_, T>)>;
}

impl<T: Pod> Images<T> for BatchViewMut<'_, T> {
    fn one(&mut self, i: usize) -> Option<ImageViewMut<'_, T>> {
        self.get_mut(i)
    }
    fn two(&mut self, i: usize, j: usize) -> Option<(ImageViewMut<'_, T>, ImageViewMut<'_, T>)> {
        self.get_two_mut(i, j)
    }
}

impl<T: Pod> Images<T> for [ImageViewMut<'_, T>] {
    fn one(&mut self, i: usize) -> Option<ImageViewMut<'_, T>> {
        self.get_mut(i).map(ImageViewMut::reborrow)
    }
    fn two(&mut self, i: usize, j: usize) -> Option<(ImageViewMut<'_, T>, ImageViewMut<'_, T>)> {
        let [a, b] = self.get_disjoint_mut([i, j]).ok()?;
        Some((a.reborrow(), b.reborrow()))
    }
}

/// What is done to the pixels of a part.
struct Mixer<'r, 'm, B> {
    level: Level,
    plan: &'r BatchPlan<'m>,
    /// Blends the second into the first with the first's weight.
    blend: B,
}

impl<B: Fn(&mut RectMut<'_>, &Rect<'_>, KeptRatio)> Mixer<'_, '_, B> {
    /// One plane of a part of a sample's region from its donor's.
    #[inline]
    fn part<T: Pod>(
        &self,
        sample: &SamplePlan,
        image: &mut ImageViewMut<'_, T>,
        donor: &ImageView<'_, T>,
        plane: u32,
        part: PatchBox,
    ) {
        if !part.is_empty() {
            self.rect(sample, &mut image.rect_mut(plane, part), &donor.rect(plane, part));
        }
    }

    fn rect(&self, sample: &SamplePlan, to: &mut RectMut<'_>, from: &Rect<'_>) {
        if sample.method == Method::Mixup && sample.kept.kept() != 0 {
            (self.blend)(to, from, sample.kept);
        } else {
            self.level.copy(to, from);
        }
    }
}

/// Everything a step needs.
struct InPlace<'r, 'm, I: ?Sized, B, C> {
    mixer: Mixer<'r, 'm, B>,
    images: &'r mut I,
    /// A Cutout of the whole sample.
    cut: C,
}

impl<I: ?Sized, B: Fn(&mut RectMut<'_>, &Rect<'_>, KeptRatio), C> InPlace<'_, '_, I, B, C> {
    fn run<T: Pod>(&mut self, sample: &Layout, scratch: &mut [u8]) -> Result<(), Error>
    where
        I: Images<T>,
        C: Fn(&mut ImageViewMut<'_, T>, &SamplePlan) -> Result<(), Error>,
    {
        let pixel_bytes = sample.pixel_bytes() as usize;
        if scratch.len() < pixel_bytes {
            return Err(Error::TooShort {
                what: "the scratch (in bytes)",
                given: scratch.len() as u64,
                expected: pixel_bytes as u64,
            });
        }
        for step in self.mixer.plan.steps() {
            match step {
                Step::One(i) => self.one(i)?,
                Step::Cycle(cycle) => self.cycle(cycle, sample, scratch),
            }
        }
        Ok(())
    }

    /// A sample whose donor still is what it was.
    #[inline(never)]
    fn one<T: Pod>(&mut self, i: usize) -> Result<(), Error>
    where
        I: Images<T>,
        C: Fn(&mut ImageViewMut<'_, T>, &SamplePlan) -> Result<(), Error>,
    {
        // All of these exist: the plan was checked when it was made, and the batch against the plan.
        let Some(sample) = self.mixer.plan.get(i) else { return Ok(()) };
        if sample.method == Method::Cutout {
            return self.images.one(i).map_or(Ok(()), |mut image| (self.cut)(&mut image, sample));
        }
        if let Some((mut image, donor)) = self.images.two(i, sample.partner as usize) {
            let region = self.mixer.plan.region(i);
            for plane in 0..image.layout().planes() {
                self.mixer.part(sample, &mut image, &donor.as_view(), plane, region);
            }
        }
        Ok(())
    }

    fn cycle<T: Pod>(&mut self, cycle: Cycle<'_>, layout: &Layout, scratch: &mut [u8])
    where
        I: Images<T>,
    {
        let mut samples = cycle.iter();
        let (Some(first), Some(last)) = (samples.next(), samples.next_back()) else { return };
        let saved = self.mixer.plan.region(first).intersection(self.mixer.plan.region(last));
        if cycle.iter().len() == 2 && self.swap(first, last, saved) {
            return;
        }
        let whole = PatchBox::full(layout.size());
        let pixels = saved.area().saturating_mul(u64::from(layout.planes()));
        if pixels.saturating_mul(u64::from(layout.pixel_bytes())) <= scratch.len() as u64 {
            self.cycle_tile(cycle, 0..layout.planes(), whole, saved, scratch);
            return;
        }
        let (width, height) = (layout.size().width(), layout.size().height());
        // Pixels of the saved box that the scratch holds; at least one, as was checked.
        let room = scratch.len().checked_div(layout.pixel_bytes() as usize).and_then(|room| u32::try_from(room).ok());
        let room = room.unwrap_or(u32::MAX);
        let rows = (room / saved.width().max(1)).max(1);
        let columns = room.min(saved.width()).max(1);
        for plane in 0..layout.planes() {
            let mut y0 = 0;
            while y0 < height {
                // The first tile begins at the top and the last one ends at the bottom, whatever the saved box spans.
                let y1 = saved.y0().max(y0).saturating_add(rows);
                let y1 = if y1 >= saved.y1() { height } else { y1 };
                let mut x0 = 0;
                while x0 < width {
                    let x1 = saved.x0().max(x0).saturating_add(columns);
                    let x1 = if x1 >= saved.x1() { width } else { x1 };
                    let tile = PatchBox::from_ordered(x0, y0, x1, y1);
                    self.cycle_tile(cycle, plane..plane + 1, tile, saved.intersection(tile), scratch);
                    x0 = x1;
                }
                y0 = y1;
            }
        }
    }

    /// A cycle of two `CutMix` samples: what both write is exchanged in registers. Says whether it was one.
    #[inline(never)]
    fn swap<T: Pod>(&mut self, first: usize, last: usize, shared: PatchBox) -> bool
    where
        I: Images<T>,
    {
        let is_cutmix = |i: usize| self.mixer.plan.get(i).is_some_and(|sample| sample.method == Method::CutMix);
        if !is_cutmix(first) || !is_cutmix(last) {
            return false;
        }
        let regions = [self.mixer.plan.region(first), self.mixer.plan.region(last)];
        let Some((mut a, mut b)) = self.images.two(first, last) else { return false };
        exchange(self.mixer.level, &mut a, &mut b, shared);
        if regions == [shared, shared] {
            return true;
        }
        let [of_a, of_b] = regions;
        for part in around(of_a, shared) {
            copy(self.mixer.level, &mut a, &b.as_view(), part);
        }
        for part in around(of_b, shared) {
            copy(self.mixer.level, &mut b, &a.as_view(), part);
        }
        true
    }

    /// A cycle within one window: `saved` of the first sample is kept in the scratch for the last, who reads it after
    /// it was overwritten.
    fn cycle_tile<T: Pod>(
        &mut self,
        cycle: Cycle<'_>,
        planes: core::ops::Range<u32>,
        tile: PatchBox,
        saved: PatchBox,
        scratch: &mut [u8],
    ) where
        I: Images<T>,
    {
        let mut samples = cycle.iter();
        let (Some(first), Some(last)) = (samples.next(), samples.next_back()) else { return };
        let Some(image) = self.images.one(first) else { return };
        let row_bytes = saved.width() as usize * image.layout().pixel_bytes() as usize;
        let plane_bytes = saved.height() as usize * row_bytes;
        let level = self.mixer.level;
        let image = image.as_view();
        for (plane, kept) in planes.clone().zip(chunks(scratch, plane_bytes)) {
            level.copy(&mut RectMut::dense(kept, row_bytes), &image.rect(plane, saved));
        }
        for i in core::iter::once(first).chain(samples) {
            let Some(sample) = self.mixer.plan.get(i) else { return };
            let part = self.mixer.plan.region(i).intersection(tile);
            if let Some((mut image, donor)) = self.images.two(i, sample.partner as usize) {
                for plane in planes.clone() {
                    self.mixer.part(sample, &mut image, &donor.as_view(), plane, part);
                }
            }
        }
        let Some(sample) = self.mixer.plan.get(last) else { return };
        let part = self.mixer.plan.region(last).intersection(tile);
        if let Some((mut image, donor)) = self.images.two(last, first) {
            for (plane, kept) in planes.zip(chunks(scratch, plane_bytes)) {
                self.mixer.rect(sample, &mut image.rect_mut(plane, saved), &Rect::dense(kept, row_bytes));
                for part in around(part, saved) {
                    self.mixer.part(sample, &mut image, &donor.as_view(), plane, part);
                }
            }
        }
    }
}

/// The scratch of one plane after the other; empty ones without end where nothing is saved.
fn chunks(scratch: &mut [u8], bytes: usize) -> impl Iterator<Item = &mut [u8]> {
    let mut rest = scratch;
    core::iter::from_fn(move || {
        let (chunk, others) = core::mem::take(&mut rest).split_at_mut_checked(bytes)?;
        rest = others;
        Some(chunk)
    })
}
