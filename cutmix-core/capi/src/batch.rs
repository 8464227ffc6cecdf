//! A plan applied to a batch: in its own memory, or into another.

use bytemuck::Pod;
use cutmix_core::ops::batch;
use cutmix_core::plan::{BatchPlan, PlanSlot};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};

use crate::image::{Checked, Element, Fill, Image, blending, read_fill, read_image};
use crate::level::level;
use crate::memory::{Call, In, Target, answer, given};
use crate::sample::{Sample, Samples};
use crate::status::{Refusal, Status};
use crate::values::{carve, values, values_mut};

/// A batch: its first image, and where the others are.
#[derive(Clone, Copy)]
struct Batch<'call> {
    first: Checked<'call>,
    layout: BatchLayout,
    bytes: Target<'call>,
}

fn read_batch<'call>(
    call: &Call<'call>,
    first: In<'call, Image>,
    sample_pitch: usize,
    count: usize,
) -> Result<Batch<'call>, Refusal> {
    let first = read_image(call, first)?;
    let pitch = if sample_pitch == 0 { first.layout.buffer_bytes() } else { sample_pitch };
    let layout = BatchLayout::new(first.layout, pitch, count)?;
    Ok(Batch { first, layout, bytes: first.first(layout.buffer_bytes())? })
}

impl Batch<'_> {
    fn view_mut<'a, T: Pod>(&self, bytes: &'a mut [u8]) -> Result<BatchViewMut<'a, T>, Refusal> {
        Ok(BatchViewMut::new(values_mut(bytes)?, self.layout)?)
    }

    fn view<'a, T: Pod>(&self, bytes: &'a [u8]) -> Result<BatchView<'a, T>, Refusal> {
        Ok(BatchView::new(values(bytes)?, self.layout)?)
    }
}

/// The samples as slots in the caller's working memory, and what is left of it.
fn slots<'a>(samples: Samples<'_>, work: &'a mut [u8]) -> Result<(&'a mut [PlanSlot], &'a mut [u8]), Refusal> {
    carve(work, samples.len(), |i| Ok(PlanSlot::new(samples.get(i)?)))
}

/// Mixes a batch of `count` samples in its own memory, as `samples` says: the result is that of `cutmix_batch_into` from
/// an untouched copy, for any partners. `batch` describes the first sample, with `data_bytes` of the whole batch; the
/// others are `sample_pitch` bytes apart, 0 for no gap. `fill` is what Cutouts fill with, null for zeros.
///
/// `work` is working memory for the call, see `cutmix_batch_work_bytes`; what is not needed for the samples is scratch,
/// which must hold at least one pixel of one plane. Every byte of a box is written once, and nothing else is touched.
/// Costs one read and one write of the boxes, and of what has to be saved a second of each.
///
/// Errors: those of images and samples, `CUTMIX_PARTNER`, `CUTMIX_BOX_OUTSIDE`, `CUTMIX_RATIO_NOT_OF_BOX`,
/// `CUTMIX_TOO_SHORT`, `CUTMIX_SHORT_PITCH`, `CUTMIX_WEIGHT_GRID`, `CUTMIX_COUNT_MISMATCH` of a constant fill,
/// `CUTMIX_COPY_ONLY`, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`. No pixel was written then.
///
/// ```c
/// uint8_t pixels[2 * 6] = {1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9}, work[1024]; // two grey images of 3 x 2
/// cutmix_image first;
/// cutmix_sample plans[2];
/// cutmix_status s = cutmix_image_nhwc(&first, sizeof first, pixels, sizeof pixels, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_sample_init(&plans[0], sizeof plans[0]);
/// plans[0].applied = 1, plans[0].patch[2] = plans[0].patch[3] = 1, plans[0].kept = 5, plans[0].total = 6;
/// plans[1] = plans[0], plans[0].partner = 1; // each takes the other's first pixel
/// if (!s) s = cutmix_batch_in_place(CUTMIX_LEVEL_BEST, &first, 0, plans, 2, NULL, work, sizeof work);
/// assert(s == CUTMIX_OK && pixels[0] == 9 && pixels[1] == 1 && pixels[6] == 1 && pixels[7] == 9);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_batch_in_place(
    level: u32,
    batch: *const Image,
    sample_pitch: usize,
    samples: *const Sample,
    count: usize,
    fill: *const Fill,
    work: *mut u8,
    work_bytes: usize,
) -> Status {
    answer(|call| {
        given!(call, batch, samples[count], fill, work[work_bytes]);
        let level = self::level(level)?;
        let images = read_batch(call, batch, sample_pitch, count)?;
        let (samples, stride) = samples.array(call)?;
        let fill = read_fill(call, fill)?;
        let (values, element) = (fill.source(images.first.element)?, images.first.element);
        let ([pixels, work], [samples, values]) = call.lend([images.bytes, work.target()?], [samples, values])?;
        let (slots, scratch) = slots(Samples::new(samples, stride, count), work)?;
        let plan = BatchPlan::from_slots(images.first.layout.size(), slots)?;
        if element == Element::Bytes {
            let fill = fill.core::<u8>(values)?;
            return Ok(batch::paste_in_place_with(level, &mut images.view_mut(pixels)?, &plan, fill, scratch)?);
        }
        blending!(element, T => {
            let fill = fill.core::<T>(values)?;
            Ok(batch::mix_in_place_with(level, &mut images.view_mut(pixels)?, &plan, fill, scratch)?)
        })
    })
}

/// Writes every sample of `out` from the samples of `input`, as `samples` says; both describe their first sample as in
/// `cutmix_batch_in_place`. Samples that are not mixed are copied. `work` needs no scratch.
/// Costs one write of the output, and a second one of what Mixup blends and Cutout fills.
///
/// Errors: as `cutmix_batch_in_place`, and `CUTMIX_SIZE_MISMATCH`, `CUTMIX_COUNT_MISMATCH` or `CUTMIX_ELEMENT_MISMATCH` if
/// the images differ. For `CUTMIX_WEIGHT_GRID`, `CUTMIX_COUNT_MISMATCH` of a fill and `CUTMIX_COPY_ONLY` the samples before
/// the one that is wrong were written.
///
/// ```c
/// uint8_t from[2 * 6] = {1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9}, to[2 * 6], work[1024]; // two grey images of 3 x 2
/// cutmix_image input, out;
/// cutmix_sample plans[2];
/// cutmix_status s = cutmix_image_nhwc(&input, sizeof input, from, sizeof from, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&out, sizeof out, to, sizeof to, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_sample_init(&plans[0], sizeof plans[0]);
/// plans[1] = plans[0]; // not applied: copied
/// plans[0].applied = 1, plans[0].patch[2] = plans[0].patch[3] = 1, plans[0].kept = 5, plans[0].total = 6;
/// plans[0].partner = 1;
/// if (!s) s = cutmix_batch_into(CUTMIX_LEVEL_BEST, &out, 0, &input, 0, plans, 2, NULL, work, sizeof work);
/// assert(s == CUTMIX_OK && to[0] == 9 && to[1] == 1 && memcmp(to + 6, from + 6, 6) == 0);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_batch_into(
    level: u32,
    out: *const Image,
    out_sample_pitch: usize,
    input: *const Image,
    input_sample_pitch: usize,
    samples: *const Sample,
    count: usize,
    fill: *const Fill,
    work: *mut u8,
    work_bytes: usize,
) -> Status {
    answer(|call| {
        given!(call, out, input, samples[count], fill, work[work_bytes]);
        let level = self::level(level)?;
        let out = read_batch(call, out, out_sample_pitch, count)?;
        let input = read_batch(call, input, input_sample_pitch, count)?;
        let (samples, stride) = samples.array(call)?;
        let fill = read_fill(call, fill)?;
        let element = out.first.element;
        out.first.expect_element(&input.first)?;
        let inputs = [input.bytes.source(), samples, fill.source(element)?];
        let ([to, work], [from, samples, values]) = call.lend([out.bytes, work.target()?], inputs)?;
        let (slots, _) = slots(Samples::new(samples, stride, count), work)?;
        let plan = BatchPlan::from_slots(input.first.layout.size(), slots)?;
        if element == Element::Bytes {
            let (fill, input) = (fill.core::<u8>(values)?, input.view(from)?);
            return Ok(batch::paste_into(level, &mut out.view_mut(to)?, &input, &plan, fill)?);
        }
        blending!(element, T => {
            let (fill, input) = (fill.core::<T>(values)?, input.view(from)?);
            Ok(batch::mix_into(level, &mut out.view_mut(to)?, &input, &plan, fill)?)
        })
    })
}
