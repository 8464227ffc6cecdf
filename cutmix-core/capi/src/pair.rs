//! One pair of images, or one image.

use cutmix_core::ops::{self, Frame};
use cutmix_core::{KeptRatio, Level, Method, NoiseKey, PatchBox, Size};

use crate::boxes::{put_ratio, read_box};
use crate::image::{Checked, Element, Fill, Filling, Image, blending, read_fill, read_image};
use crate::level::level;
use crate::memory::{Call, answer, given};
use crate::sample::{Sample, read_plan};
use crate::status::{CUTMIX_COPY_ONLY, CUTMIX_COUNT_MISMATCH, Refusal, Status};

/// Pastes a box of the donor into the base: `CutMix` of one pair with a box of your own. `patch` is x0, y0, x1, y1, half
/// open, in pixels. Pixels are copied bit for bit; nothing outside the box is touched. `kept` and `total` receive
/// lambda', the exact weight of the base's label; either may be null. Costs one read and one write of the box.
///
/// Errors: those of images and boxes, `CUTMIX_SIZE_MISMATCH`, `CUTMIX_COUNT_MISMATCH` and `CUTMIX_ELEMENT_MISMATCH` if the
/// images differ, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`.
///
/// ```c
/// uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9};
/// uint32_t patch[4] = {1, 0, 3, 1};
/// uint64_t kept, total;
/// cutmix_image base, donor;
/// cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_paste_in_place(CUTMIX_LEVEL_BEST, &base, &donor, patch, &kept, &total);
/// assert(s == CUTMIX_OK && cat[0] == 1 && cat[1] == 9 && cat[2] == 9 && cat[3] == 1 && kept == 4 && total == 6);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_paste_in_place(
    level: u32,
    base: *const Image,
    donor: *const Image,
    patch: *const u32,
    kept: *mut u64,
    total: *mut u64,
) -> Status {
    answer(|call| {
        given!(call, base, donor, patch[4], kept, total);
        let level = self::level(level)?;
        let (base, donor) = (read_image(call, base)?, read_image(call, donor)?);
        let patch = read_box(call, patch)?;
        let weight = (kept.place_or_none()?, total.place_or_none()?);
        let ratio = paste(call, level, &base, &donor, patch)?;
        put_ratio(call, weight, ratio);
        Ok(())
    })
}

fn paste<'call>(
    call: &mut Call<'call>,
    level: Level,
    base: &Checked<'call>,
    donor: &Checked<'call>,
    patch: PatchBox,
) -> Result<KeptRatio, Refusal> {
    base.expect_element(donor)?;
    let ([to], [from]) = call.lend([base.bytes], [donor.source()])?;
    let donor = donor.view::<u8>(from)?;
    Ok(ops::cutmix_in_place(level, &mut base.view_mut(to)?, &donor, patch)?)
}

/// As `cutmix_paste_in_place`, into a third image: the base outside the box, the donor inside. Base and donor may be the
/// same image. Costs one write of the image.
///
/// Errors: as `cutmix_paste_in_place`, of all three images.
///
/// ```c
/// uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9}, mix[6];
/// uint32_t patch[4] = {1, 0, 3, 1};
/// cutmix_image base, donor, out;
/// cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&out, sizeof out, mix, sizeof mix, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_paste_into(CUTMIX_LEVEL_BEST, &out, &base, &donor, patch, NULL, NULL);
/// assert(s == CUTMIX_OK && mix[0] == 1 && mix[1] == 9 && mix[2] == 9 && mix[3] == 1 && cat[1] == 1);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_paste_into(
    level: u32,
    out: *const Image,
    base: *const Image,
    donor: *const Image,
    patch: *const u32,
    kept: *mut u64,
    total: *mut u64,
) -> Status {
    answer(|call| {
        given!(call, out, base, donor, patch[4], kept, total);
        let level = self::level(level)?;
        let (out, base, donor) = (read_image(call, out)?, read_image(call, base)?, read_image(call, donor)?);
        let patch = read_box(call, patch)?;
        let weight = (kept.place_or_none()?, total.place_or_none()?);
        let ratio = paste_into(call, level, &out, &base, &donor, patch)?;
        put_ratio(call, weight, ratio);
        Ok(())
    })
}

fn paste_into<'call>(
    call: &mut Call<'call>,
    level: Level,
    out: &Checked<'call>,
    base: &Checked<'call>,
    donor: &Checked<'call>,
    patch: PatchBox,
) -> Result<KeptRatio, Refusal> {
    out.expect_element(base)?;
    out.expect_element(donor)?;
    let ([to], [first, second]) = call.lend([out.bytes], [base.source(), donor.source()])?;
    let (base, donor) = (base.view::<u8>(first)?, donor.view(second)?);
    Ok(ops::cutmix_into(level, &mut out.view_mut(to)?, &base, &donor, patch)?)
}

/// `CutMix` of a pair with each other: the box of each becomes that of the other, without a copy of either. `kept` and
/// `total` receive the weight of each base's label; either may be null. Costs one read and one write of both boxes.
///
/// Errors: as `cutmix_paste_in_place`.
///
/// ```c
/// uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9};
/// uint32_t patch[4] = {1, 0, 3, 1};
/// cutmix_image a, b;
/// cutmix_status s = cutmix_image_nhwc(&a, sizeof a, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&b, sizeof b, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_exchange(CUTMIX_LEVEL_BEST, &a, &b, patch, NULL, NULL);
/// assert(s == CUTMIX_OK && cat[0] == 1 && cat[1] == 9 && dog[0] == 9 && dog[1] == 1);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_exchange(
    level: u32,
    a: *const Image,
    b: *const Image,
    patch: *const u32,
    kept: *mut u64,
    total: *mut u64,
) -> Status {
    answer(|call| {
        given!(call, a, b, patch[4], kept, total);
        let level = self::level(level)?;
        let (a, b) = (read_image(call, a)?, read_image(call, b)?);
        let patch = read_box(call, patch)?;
        let weight = (kept.place_or_none()?, total.place_or_none()?);
        a.expect_element(&b)?;
        let ([first, second], []) = call.lend([a.bytes, b.bytes], [])?;
        let ratio = ops::cutmix_exchange(level, &mut a.view_mut::<u8>(first)?, &mut b.view_mut(second)?, patch)?;
        put_ratio(call, weight, ratio);
        Ok(())
    })
}

/// Blends the donor into the base with the base's weight `kept / total` on the grid of the elements (`total` is 2^15 for
/// U8 and U16, 2^24 for F32): Mixup of one pair. See `cutmix_mixup_weight`. The label gets the same weight.
/// Costs two reads and a write of the image.
///
/// Errors: as `cutmix_paste_in_place`, and `CUTMIX_RATIO`, `CUTMIX_WEIGHT_GRID`, `CUTMIX_COPY_ONLY`.
///
/// ```c
/// uint8_t cat[2] = {100, 200}, dog[2] = {0, 0};
/// cutmix_image base, donor;
/// cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 2, 1, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 2, 1, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_mixup_in_place(CUTMIX_LEVEL_BEST, &base, &donor, 8192, 32768);
/// assert(s == CUTMIX_OK && cat[0] == 25 && cat[1] == 50);
/// s = cutmix_mixup_in_place(CUTMIX_LEVEL_BEST, &base, &donor, 1, 4); // a quarter as well, but not on the grid
/// assert(s == CUTMIX_WEIGHT_GRID && cat[0] == 25);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mixup_in_place(
    level: u32,
    base: *const Image,
    donor: *const Image,
    kept: u64,
    total: u64,
) -> Status {
    answer(|call| {
        given!(call, base, donor);
        let (level, weight) = (self::level(level)?, KeptRatio::new(kept, total)?);
        let (base, donor) = (read_image(call, base)?, read_image(call, donor)?);
        blend(call, level, &base, &donor, weight)
    })
}

fn blend<'call>(
    call: &mut Call<'call>,
    level: Level,
    base: &Checked<'call>,
    donor: &Checked<'call>,
    weight: KeptRatio,
) -> Result<(), Refusal> {
    base.expect_element(donor)?;
    let ([to], [from]) = call.lend([base.bytes], [donor.source()])?;
    blending!(base.element, T => {
        let donor = donor.view::<T>(from)?;
        Ok(ops::mixup_in_place(level, &mut base.view_mut(to)?, &donor, weight)?)
    })
}

/// As `cutmix_mixup_in_place`, into a third image. Base and donor may be the same image. Costs a copy of the base, then
/// what `cutmix_mixup_in_place` does.
///
/// Errors: as `cutmix_mixup_in_place`, of all three images.
///
/// ```c
/// float cat[2] = {1, 1}, dog[2] = {0, 0.5f}, mix[2];
/// uint64_t kept, total;
/// cutmix_image base, donor, out;
/// cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 2, 1, 1, CUTMIX_ELEMENT_F32);
/// if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 2, 1, 1, CUTMIX_ELEMENT_F32);
/// if (!s) s = cutmix_image_nhwc(&out, sizeof out, mix, sizeof mix, 2, 1, 1, CUTMIX_ELEMENT_F32);
/// if (!s) s = cutmix_mixup_weight(CUTMIX_GRID_Q24, 0.25, &kept, &total);
/// if (!s) s = cutmix_mixup_into(CUTMIX_LEVEL_BEST, &out, &base, &donor, kept, total);
/// assert(s == CUTMIX_OK && mix[0] == 0.25f && mix[1] == 0.625f && cat[0] == 1);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mixup_into(
    level: u32,
    out: *const Image,
    base: *const Image,
    donor: *const Image,
    kept: u64,
    total: u64,
) -> Status {
    answer(|call| {
        given!(call, out, base, donor);
        let (level, weight) = (self::level(level)?, KeptRatio::new(kept, total)?);
        let (out, base, donor) = (read_image(call, out)?, read_image(call, base)?, read_image(call, donor)?);
        blend_into(call, level, &out, &base, &donor, weight)
    })
}

fn blend_into<'call>(
    call: &mut Call<'call>,
    level: Level,
    out: &Checked<'call>,
    base: &Checked<'call>,
    donor: &Checked<'call>,
    weight: KeptRatio,
) -> Result<(), Refusal> {
    out.expect_element(base)?;
    out.expect_element(donor)?;
    let ([to], [first, second]) = call.lend([out.bytes], [base.source(), donor.source()])?;
    blending!(out.element, T => {
        let (base, donor) = (base.view::<T>(first)?, donor.view(second)?);
        Ok(ops::mixup_into(level, &mut out.view_mut(to)?, &base, &donor, weight)?)
    })
}

/// Fills a box of the image. `fill` may be null for zeros. `noise` is two words that select the noise, null for zeros;
/// `frame` is the width and height of the whole image and the column and row of this one in it, null where this is the
/// whole: so every tile gets the noise of the whole. Costs one write of the box.
///
/// Errors: those of images and boxes, `CUTMIX_COUNT_MISMATCH` if a constant does not have one value for every element of a
/// pixel, `CUTMIX_COPY_ONLY` for noise in `CUTMIX_ELEMENT_BYTES`, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`.
///
/// ```c
/// uint8_t pixels[4] = {0}, right[2] = {0}; // 4 x 1, and the tile of its last two columns
/// uint32_t all[4] = {0, 0, 4, 1}, both[4] = {0, 0, 2, 1}, noise[2] = {7, 41}, frame[4] = {4, 1, 2, 0};
/// cutmix_image image, tile;
/// cutmix_fill fill;
/// cutmix_status s = cutmix_image_nhwc(&image, sizeof image, pixels, sizeof pixels, 4, 1, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&tile, sizeof tile, right, sizeof right, 2, 1, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_fill_init(&fill, sizeof fill);
/// fill.kind = CUTMIX_FILL_NOISE;
/// if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, all, &fill, noise, NULL);
/// if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &tile, both, &fill, noise, frame);
/// assert(s == CUTMIX_OK && memcmp(right, pixels + 2, 2) == 0 && memcmp(right, pixels, 2) != 0);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_cutout(
    level: u32,
    image: *const Image,
    patch: *const u32,
    fill: *const Fill,
    noise: *const u32,
    frame: *const u32,
) -> Status {
    answer(|call| {
        given!(call, image, patch[4], fill);
        let level = self::level(level)?;
        let image = read_image(call, image)?;
        let patch = read_box(call, patch)?;
        let fill = read_fill(call, fill)?;
        given!(call, noise[if noise.is_null() { 0 } else { 2 }], frame[if frame.is_null() { 0 } else { 4 }]);
        let (noise, frame) = (call.values(noise)?, call.values(frame)?);
        let key = if let &[a, b] = noise { NoiseKey { words: [a, b] } } else { NoiseKey::default() };
        let frame = match *frame {
            [width, height, x, y] => Frame { whole: Size::new(width, height)?, x, y },
            _ => Frame::whole(image.layout.size()),
        };
        cut(call, level, &image, patch, &fill, key, frame)
    })
}

fn cut<'call>(
    call: &mut Call<'call>,
    level: Level,
    image: &Checked<'call>,
    patch: PatchBox,
    fill: &Filling<'call>,
    key: NoiseKey,
    frame: Frame,
) -> Result<(), Refusal> {
    let ([to], [values]) = call.lend([image.bytes], [fill.source(image.element)?])?;
    blending!(copied_as(image.element, fill)?, T => {
        let fill = fill.core::<T>(values)?;
        ops::cutout(level, &mut image.view_mut(to)?, patch, fill, key, frame)?;
        Ok(())
    })
}

/// Elements that can only be copied are filled byte by byte, but not with noise.
pub(crate) fn copied_as(element: Element, fill: &Filling<'_>) -> Result<Element, Refusal> {
    match element {
        Element::Bytes if fill.kind == crate::image::CUTMIX_FILL_NOISE => Err(Refusal(CUTMIX_COPY_ONLY)),
        Element::Bytes => Ok(Element::U8),
        other => Ok(other),
    }
}

/// Does to the base what the plan says: `CutMix`, Mixup or Cutout, or nothing where it is not applied. `donor` is only
/// looked at where the plan takes something from it, and may be null for Cutout; `fill` is what Cutout fills with, null
/// for zeros. Costs what the operation does.
///
/// Errors: as `cutmix_paste_in_place`, `cutmix_mixup_in_place` and `cutmix_cutout`, those of samples, and
/// `CUTMIX_RATIO_NOT_OF_BOX` if the plan is not one for images of this size.
///
/// ```c
/// uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9};
/// cutmix_image base, donor;
/// cutmix_sample plan;
/// cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_sample_init(&plan, sizeof plan);
/// plan.applied = 1, plan.patch[2] = 2, plan.patch[3] = 1, plan.kept = 4, plan.total = 6; // or cutmix_plan_sample
/// if (!s) s = cutmix_mix_in_place(CUTMIX_LEVEL_BEST, &base, &donor, &plan, NULL);
/// assert(s == CUTMIX_OK && cat[0] == 9 && cat[1] == 9 && cat[2] == 1 && cat[3] == 1);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mix_in_place(
    level: u32,
    base: *const Image,
    donor: *const Image,
    sample: *const Sample,
    fill: *const Fill,
) -> Status {
    answer(|call| {
        given!(call, base, donor, sample, fill);
        let level = self::level(level)?;
        let plan = read_plan(call, sample)?;
        let base = read_image(call, base)?;
        let fill = read_fill(call, fill)?;
        plan.check(base.layout.size(), 0)?;
        if !plan.applied {
            return Ok(());
        }
        if plan.method == Method::Cutout {
            let frame = Frame::whole(base.layout.size());
            return cut(call, level, &base, plan.patch, &fill, plan.noise, frame);
        }
        let donor = read_image(call, donor)?;
        if plan.method == Method::Mixup {
            return blend(call, level, &base, &donor, plan.kept);
        }
        paste(call, level, &base, &donor, plan.patch).map(|_| ())
    })
}

/// As `cutmix_mix_in_place`, into a third image, which is written in any case. Costs one write of the image, and a second
/// one of what Mixup blends and Cutout fills.
///
/// Errors: as `cutmix_mix_in_place`, of all three images; the donor is looked at in the same cases.
///
/// ```c
/// uint8_t cat[6] = {1, 1, 1, 1, 1, 1}, dog[6] = {9, 9, 9, 9, 9, 9}, mix[6];
/// cutmix_image base, donor, out;
/// cutmix_sample plan;
/// cutmix_status s = cutmix_image_nhwc(&base, sizeof base, cat, sizeof cat, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&donor, sizeof donor, dog, sizeof dog, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&out, sizeof out, mix, sizeof mix, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_sample_init(&plan, sizeof plan);
/// plan.method = CUTMIX_METHOD_MIXUP, plan.applied = 1, plan.kept = 24576, plan.total = 32768; // or cutmix_plan_sample
/// if (!s) s = cutmix_mix_into(CUTMIX_LEVEL_BEST, &out, &base, &donor, &plan, NULL);
/// assert(s == CUTMIX_OK && mix[0] == 3 && mix[5] == 3 && cat[0] == 1); // 3/4 of 1 and 1/4 of 9
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mix_into(
    level: u32,
    out: *const Image,
    base: *const Image,
    donor: *const Image,
    sample: *const Sample,
    fill: *const Fill,
) -> Status {
    answer(|call| {
        given!(call, out, base, donor, sample, fill);
        let level = self::level(level)?;
        let plan = read_plan(call, sample)?;
        let (out, base) = (read_image(call, out)?, read_image(call, base)?);
        let fill = read_fill(call, fill)?;
        plan.check(base.layout.size(), 0)?;
        if !plan.applied || plan.method == Method::Cutout {
            if plan.applied {
                // What could fail after the copy.
                expect_fill(&base, &fill)?;
            }
            let values = if plan.applied { fill.source(base.element)? } else { fill.source(Element::Bytes)? };
            out.bytes.apart_from(&[values])?;
            paste_into(call, level, &out, &base, &base, PatchBox::EMPTY)?;
            if plan.applied {
                let frame = Frame::whole(base.layout.size());
                cut(call, level, &out, plan.patch, &fill, plan.noise, frame)?;
            }
            return Ok(());
        }
        let donor = read_image(call, donor)?;
        if plan.method == Method::Mixup {
            return blend_into(call, level, &out, &base, &donor, plan.kept);
        }
        paste_into(call, level, &out, &base, &donor, plan.patch).map(|_| ())
    })
}

/// That a fill suits an image.
fn expect_fill(image: &Checked<'_>, fill: &Filling<'_>) -> Result<(), Refusal> {
    copied_as(image.element, fill)?;
    let bytes = u64::from(image.layout.planes()) * u64::from(image.layout.pixel_bytes());
    let given = (fill.values.len() as u64).checked_mul(u64::from(image.element.bytes()));
    if fill.kind == crate::image::CUTMIX_FILL_CONSTANT && given != Some(bytes) {
        return Err(Refusal(CUTMIX_COUNT_MISMATCH));
    }
    Ok(())
}
