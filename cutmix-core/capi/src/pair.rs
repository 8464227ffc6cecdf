//! One pair of images, or one image.

use cutmix_core::ops::{self, Frame};
use cutmix_core::{KeptRatio, Level, Method, NoiseKey, PatchBox, Size};

use crate::boxes::read_box;
use crate::image::{Checked, Element, Fill, Image, blending, read_fill, read_image};
use crate::level::level;
use crate::memory::{put, slice, usable_or_null};
use crate::sample::{Sample, read_plan};
use crate::status::{CUTMIX_COPY_ONLY, CUTMIX_COUNT_MISMATCH, Refusal, Status, answer};

/// Writes a ratio to where the caller wants it.
///
/// # Safety
/// As [`put`] for both.
unsafe fn put_ratio(ratio: KeptRatio, kept: *mut u64, total: *mut u64) {
    // SAFETY: the caller's promise.
    unsafe { put(kept, ratio.kept()) };
    // SAFETY: the caller's promise.
    unsafe { put(total, ratio.total()) };
}

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
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_paste_in_place(
    level: u32,
    base: *const Image,
    donor: *const Image,
    patch: *const u32,
    kept: *mut u64,
    total: *mut u64,
) -> Status {
    answer(|| {
        let level = self::level(level)?;
        // SAFETY: the caller's promise.
        let base = unsafe { read_image(base) }?;
        // SAFETY: the caller's promise.
        let donor = unsafe { read_image(donor) }?;
        // SAFETY: the caller's promise.
        let patch = unsafe { read_box(patch) }?;
        usable_or_null(kept)?;
        usable_or_null(total)?;
        // SAFETY: the caller's promise.
        let ratio = unsafe { paste(level, &base, &donor, patch) }?;
        // SAFETY: both have been looked at.
        unsafe { put_ratio(ratio, kept, total) };
        Ok(())
    })
}

/// # Safety
/// The memory of both images is the caller's to lend, see the crate's documentation.
unsafe fn paste(level: Level, base: &Checked, donor: &Checked, patch: PatchBox) -> Result<KeptRatio, Refusal> {
    base.expect_element(donor)?;
    base.image_span()?.apart_from(&[donor.image_span()?])?;
    // SAFETY: the caller's promise, and apart from the base.
    let donor = unsafe { donor.view::<u8>() }?;
    // SAFETY: the caller's promise, and apart from the donor.
    let mut base = unsafe { base.view_mut::<u8>() }?;
    Ok(ops::cutmix_in_place(level, &mut base, &donor, patch)?)
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
///
/// # Safety
/// See the crate's documentation.
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
    answer(|| {
        let level = self::level(level)?;
        // SAFETY: the caller's promise.
        let out = unsafe { read_image(out) }?;
        // SAFETY: the caller's promise.
        let base = unsafe { read_image(base) }?;
        // SAFETY: the caller's promise.
        let donor = unsafe { read_image(donor) }?;
        // SAFETY: the caller's promise.
        let patch = unsafe { read_box(patch) }?;
        usable_or_null(kept)?;
        usable_or_null(total)?;
        // SAFETY: the caller's promise.
        let ratio = unsafe { paste_into(level, &out, &base, &donor, patch) }?;
        // SAFETY: both have been looked at.
        unsafe { put_ratio(ratio, kept, total) };
        Ok(())
    })
}

/// # Safety
/// As [`paste`].
unsafe fn paste_into(
    level: Level,
    out: &Checked,
    base: &Checked,
    donor: &Checked,
    patch: PatchBox,
) -> Result<KeptRatio, Refusal> {
    out.expect_element(base)?;
    out.expect_element(donor)?;
    out.image_span()?.apart_from(&[base.image_span()?, donor.image_span()?])?;
    // SAFETY: the caller's promise, and apart from the output.
    let base = unsafe { base.view::<u8>() }?;
    // SAFETY: the caller's promise, and apart from the output.
    let donor = unsafe { donor.view::<u8>() }?;
    // SAFETY: the caller's promise, and apart from the other two.
    let mut out = unsafe { out.view_mut::<u8>() }?;
    Ok(ops::cutmix_into(level, &mut out, &base, &donor, patch)?)
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
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_exchange(
    level: u32,
    a: *const Image,
    b: *const Image,
    patch: *const u32,
    kept: *mut u64,
    total: *mut u64,
) -> Status {
    answer(|| {
        let level = self::level(level)?;
        // SAFETY: the caller's promise.
        let a = unsafe { read_image(a) }?;
        // SAFETY: the caller's promise.
        let b = unsafe { read_image(b) }?;
        // SAFETY: the caller's promise.
        let patch = unsafe { read_box(patch) }?;
        usable_or_null(kept)?;
        usable_or_null(total)?;
        a.expect_element(&b)?;
        a.image_span()?.apart_from(&[b.image_span()?])?;
        // SAFETY: the caller's promise, and apart from the other.
        let mut a = unsafe { a.view_mut::<u8>() }?;
        // SAFETY: the caller's promise, and apart from the other.
        let mut b = unsafe { b.view_mut::<u8>() }?;
        let ratio = ops::cutmix_exchange(level, &mut a, &mut b, patch)?;
        // SAFETY: both have been looked at.
        unsafe { put_ratio(ratio, kept, total) };
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
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mixup_in_place(
    level: u32,
    base: *const Image,
    donor: *const Image,
    kept: u64,
    total: u64,
) -> Status {
    answer(|| {
        let (level, weight) = (self::level(level)?, KeptRatio::new(kept, total)?);
        // SAFETY: the caller's promise.
        let base = unsafe { read_image(base) }?;
        // SAFETY: the caller's promise.
        let donor = unsafe { read_image(donor) }?;
        // SAFETY: the caller's promise.
        unsafe { blend(level, &base, &donor, weight) }
    })
}

/// # Safety
/// As [`paste`].
unsafe fn blend(level: Level, base: &Checked, donor: &Checked, weight: KeptRatio) -> Result<(), Refusal> {
    base.expect_element(donor)?;
    base.image_span()?.apart_from(&[donor.image_span()?])?;
    blending!(base.element, T => {
        // SAFETY: the caller's promise, and apart from the base.
        let donor = unsafe { donor.view::<T>() }?;
        // SAFETY: the caller's promise, and apart from the donor.
        let mut base = unsafe { base.view_mut::<T>() }?;
        Ok(ops::mixup_in_place(level, &mut base, &donor, weight)?)
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
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mixup_into(
    level: u32,
    out: *const Image,
    base: *const Image,
    donor: *const Image,
    kept: u64,
    total: u64,
) -> Status {
    answer(|| {
        let (level, weight) = (self::level(level)?, KeptRatio::new(kept, total)?);
        // SAFETY: the caller's promise.
        let out = unsafe { read_image(out) }?;
        // SAFETY: the caller's promise.
        let base = unsafe { read_image(base) }?;
        // SAFETY: the caller's promise.
        let donor = unsafe { read_image(donor) }?;
        // SAFETY: the caller's promise.
        unsafe { blend_into(level, &out, &base, &donor, weight) }
    })
}

/// # Safety
/// As [`paste`].
unsafe fn blend_into(
    level: Level,
    out: &Checked,
    base: &Checked,
    donor: &Checked,
    weight: KeptRatio,
) -> Result<(), Refusal> {
    out.expect_element(base)?;
    out.expect_element(donor)?;
    out.image_span()?.apart_from(&[base.image_span()?, donor.image_span()?])?;
    blending!(out.element, T => {
        // SAFETY: the caller's promise, and apart from the output.
        let base = unsafe { base.view::<T>() }?;
        // SAFETY: the caller's promise, and apart from the output.
        let donor = unsafe { donor.view::<T>() }?;
        // SAFETY: the caller's promise, and apart from the other two.
        let mut out = unsafe { out.view_mut::<T>() }?;
        Ok(ops::mixup_into(level, &mut out, &base, &donor, weight)?)
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
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_cutout(
    level: u32,
    image: *const Image,
    patch: *const u32,
    fill: *const Fill,
    noise: *const u32,
    frame: *const u32,
) -> Status {
    answer(|| {
        let level = self::level(level)?;
        // SAFETY: the caller's promise.
        let image = unsafe { read_image(image) }?;
        // SAFETY: the caller's promise.
        let patch = unsafe { read_box(patch) }?;
        // SAFETY: the caller's promise.
        let fill = unsafe { read_fill(fill) }?;
        // SAFETY: the caller's promise.
        let words = unsafe { slice(noise, if noise.is_null() { 0 } else { 2 }) }?;
        // SAFETY: the caller's promise.
        let place = unsafe { slice(frame, if frame.is_null() { 0 } else { 4 }) }?;
        let key = if let &[a, b] = words { NoiseKey { words: [a, b] } } else { NoiseKey::default() };
        let frame = match *place {
            [width, height, x, y] => Frame { whole: Size::new(width, height)?, x, y },
            _ => Frame::whole(image.layout.size()),
        };
        // SAFETY: the caller's promise.
        unsafe { cut(level, &image, patch, &fill, key, frame) }
    })
}

/// # Safety
/// As [`paste`], and for the values of the fill.
unsafe fn cut(
    level: Level,
    image: &Checked,
    patch: PatchBox,
    fill: &Fill,
    key: NoiseKey,
    frame: Frame,
) -> Result<(), Refusal> {
    image.image_span()?.apart_from(&[fill.span(image.element)?])?;
    let element = copied_as(image.element, fill)?;
    blending!(element, T => {
        // SAFETY: the caller's promise, and apart from the image.
        let fill = unsafe { fill.core::<T>() }?;
        // SAFETY: the caller's promise, and apart from the fill.
        let mut image = unsafe { image.view_mut::<T>() }?;
        ops::cutout(level, &mut image, patch, fill, key, frame)?;
        Ok(())
    })
}

/// Elements that can only be copied are filled byte by byte, but not with noise.
pub(crate) fn copied_as(element: Element, fill: &Fill) -> Result<Element, Refusal> {
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
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mix_in_place(
    level: u32,
    base: *const Image,
    donor: *const Image,
    sample: *const Sample,
    fill: *const Fill,
) -> Status {
    answer(|| {
        let level = self::level(level)?;
        // SAFETY: the caller's promise.
        let plan = unsafe { read_plan(sample) }?;
        // SAFETY: the caller's promise.
        let base = unsafe { read_image(base) }?;
        // SAFETY: the caller's promise.
        let fill = unsafe { read_fill(fill) }?;
        plan.check(base.layout.size(), 0)?;
        if !plan.applied {
            return Ok(());
        }
        if plan.method == Method::Cutout {
            let frame = Frame::whole(base.layout.size());
            // SAFETY: the caller's promise.
            return unsafe { cut(level, &base, plan.patch, &fill, plan.noise, frame) };
        }
        // SAFETY: the caller's promise.
        let donor = unsafe { read_image(donor) }?;
        if plan.method == Method::Mixup {
            // SAFETY: the caller's promise.
            return unsafe { blend(level, &base, &donor, plan.kept) };
        }
        // SAFETY: the caller's promise.
        unsafe { paste(level, &base, &donor, plan.patch) }.map(|_| ())
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
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mix_into(
    level: u32,
    out: *const Image,
    base: *const Image,
    donor: *const Image,
    sample: *const Sample,
    fill: *const Fill,
) -> Status {
    answer(|| {
        let level = self::level(level)?;
        // SAFETY: the caller's promise.
        let plan = unsafe { read_plan(sample) }?;
        // SAFETY: the caller's promise.
        let out = unsafe { read_image(out) }?;
        // SAFETY: the caller's promise.
        let base = unsafe { read_image(base) }?;
        // SAFETY: the caller's promise.
        let fill = unsafe { read_fill(fill) }?;
        plan.check(base.layout.size(), 0)?;
        if !plan.applied || plan.method == Method::Cutout {
            if plan.applied {
                // What could fail after the copy.
                expect_fill(&base, &fill)?;
            }
            let values = if plan.applied { fill.span(base.element)? } else { fill.span(Element::Bytes)? };
            out.image_span()?.apart_from(&[values])?;
            // SAFETY: the caller's promise.
            unsafe { paste_into(level, &out, &base, &base, PatchBox::EMPTY) }?;
            if plan.applied {
                let frame = Frame::whole(base.layout.size());
                // SAFETY: the caller's promise.
                unsafe { cut(level, &out, plan.patch, &fill, plan.noise, frame) }?;
            }
            return Ok(());
        }
        // SAFETY: the caller's promise.
        let donor = unsafe { read_image(donor) }?;
        if plan.method == Method::Mixup {
            // SAFETY: the caller's promise.
            return unsafe { blend_into(level, &out, &base, &donor, plan.kept) };
        }
        // SAFETY: the caller's promise.
        unsafe { paste_into(level, &out, &base, &donor, plan.patch) }.map(|_| ())
    })
}

/// That a fill suits an image.
fn expect_fill(image: &Checked, fill: &Fill) -> Result<(), Refusal> {
    copied_as(image.element, fill)?;
    let bytes = u64::from(image.layout.planes()) * u64::from(image.layout.pixel_bytes());
    let given = (fill.values_len as u64).checked_mul(u64::from(image.element.bytes()));
    if fill.kind == crate::image::CUTMIX_FILL_CONSTANT && given != Some(bytes) {
        return Err(Refusal(CUTMIX_COUNT_MISMATCH));
    }
    Ok(())
}
