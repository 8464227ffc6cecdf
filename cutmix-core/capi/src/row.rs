//! One row at a time, for pipelines that never hold a whole image: a camera's line buffer.

use cutmix_core::{Level, Method, SamplePlan, Size, ops};

use crate::image::{Checked, Fill, Image, blending, read_fill, read_image};
use crate::level::level;
use crate::pair::copied_as;
use crate::sample::{Sample, read_plan};
use crate::status::{CUTMIX_COUNT_MISMATCH, CUTMIX_ROW_OUTSIDE, CUTMIX_SIZE_MISMATCH, Refusal, Status, answer};

/// As `cutmix_mix_in_place` for row `y` of plane `plane` of an image of `image_height` rows. `row` and `donor_row` are
/// images of height 1 with one plane; `row` is as wide as the image. Rows may come in any order. In planar images a
/// constant fill has the values of this plane only. Costs what the operation does on one row, and nothing in a row outside
/// the box.
///
/// Errors: as `cutmix_mix_in_place`, and `CUTMIX_ROW_OUTSIDE` if `y` is not below `image_height`, `CUTMIX_SIZE_MISMATCH` or
/// `CUTMIX_COUNT_MISMATCH` if a row has another height or more planes.
///
/// ```c
/// uint8_t cat[3] = {1, 1, 1}, dog[3] = {9, 9, 9}; // row 0 of images of 3 x 2
/// cutmix_image row, donor_row;
/// cutmix_sample plan;
/// cutmix_status s = cutmix_image_nhwc(&row, sizeof row, cat, sizeof cat, 3, 1, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_image_nhwc(&donor_row, sizeof donor_row, dog, sizeof dog, 3, 1, 1, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_sample_init(&plan, sizeof plan);
/// plan.applied = 1, plan.patch[2] = 2, plan.patch[3] = 1, plan.kept = 4, plan.total = 6;
/// if (!s) s = cutmix_mix_row(CUTMIX_LEVEL_BEST, &row, &donor_row, &plan, NULL, 0, 0, 2);
/// assert(s == CUTMIX_OK && cat[0] == 9 && cat[1] == 9 && cat[2] == 1);
/// ```
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mix_row(
    level: u32,
    row: *const Image,
    donor_row: *const Image,
    sample: *const Sample,
    fill: *const Fill,
    plane: u32,
    y: u32,
    image_height: u32,
) -> Status {
    answer(|| {
        let level = self::level(level)?;
        // SAFETY: the caller's promise.
        let plan = unsafe { read_plan(sample) }?;
        // SAFETY: the caller's promise.
        let row = unsafe { read_row(row) }?;
        // SAFETY: the caller's promise.
        let fill = unsafe { read_fill(fill) }?;
        if y >= image_height {
            return Err(Refusal(CUTMIX_ROW_OUTSIDE));
        }
        plan.check(Size::new(row.layout.size().width(), image_height)?, 0)?;
        if !plan.applied {
            return Ok(());
        }
        if plan.method == Method::Cutout {
            // SAFETY: the caller's promise.
            return unsafe { cut(level, &row, &plan, &fill, (plane, y, image_height)) };
        }
        // SAFETY: the caller's promise.
        let donor = unsafe { read_row(donor_row) }?;
        // SAFETY: the caller's promise.
        unsafe { mix(level, &row, &donor, &plan, y) }
    })
}

/// An image of one row.
///
/// # Safety
/// As [`read_image`].
unsafe fn read_row(row: *const Image) -> Result<Checked, Refusal> {
    // SAFETY: the caller's promise.
    let row = unsafe { read_image(row) }?;
    if row.layout.size().height() != 1 {
        return Err(Refusal(CUTMIX_SIZE_MISMATCH));
    }
    if row.layout.planes() == 1 { Ok(row) } else { Err(Refusal(CUTMIX_COUNT_MISMATCH)) }
}

/// # Safety
/// The memory of both rows is the caller's to lend, see the crate's documentation.
unsafe fn mix(level: Level, row: &Checked, donor: &Checked, plan: &SamplePlan, y: u32) -> Result<(), Refusal> {
    row.expect_element(donor)?;
    row.image_span()?.apart_from(&[donor.image_span()?])?;
    if row.layout.size() != donor.layout.size() {
        return Err(Refusal(CUTMIX_SIZE_MISMATCH));
    }
    let channels = row.layout.pixel_bytes();
    if channels != donor.layout.pixel_bytes() {
        return Err(Refusal(CUTMIX_COUNT_MISMATCH));
    }
    if plan.method == Method::CutMix {
        // SAFETY: the caller's promise, and apart from the row.
        let donor = unsafe { donor.row::<u8>() }?;
        // SAFETY: the caller's promise, and apart from the donor.
        let row = unsafe { row.row_mut::<u8>() }?;
        return Ok(ops::cutmix_row(level, row, donor, channels, plan.patch, y)?);
    }
    blending!(row.element, T => {
        // SAFETY: the caller's promise, and apart from the row.
        let donor = unsafe { donor.row::<T>() }?;
        // SAFETY: the caller's promise, and apart from the donor.
        let row = unsafe { row.row_mut::<T>() }?;
        Ok(ops::mixup_row(level, row, donor, plan.kept)?)
    })
}

/// # Safety
/// As [`mix`], and for the values of the fill.
unsafe fn cut(
    level: Level,
    row: &Checked,
    plan: &SamplePlan,
    fill: &Fill,
    place: (u32, u32, u32),
) -> Result<(), Refusal> {
    row.image_span()?.apart_from(&[fill.span(row.element)?])?;
    let channels = row.layout.pixel_bytes();
    blending!(copied_as(row.element, fill)?, T => {
        // SAFETY: the caller's promise, and apart from the row.
        let fill = unsafe { fill.core::<T>() }?;
        // SAFETY: the caller's promise, and apart from the fill.
        let row = unsafe { row.row_mut::<T>() }?;
        let channels = channels / size_of::<T>() as u32;
        Ok(ops::cutout_row(level, row, channels, plan.patch, place, fill, plan.noise)?)
    })
}
