//! One row at a time, for pipelines that never hold a whole image: a camera's line buffer.

use cutmix_core::{Level, Method, SamplePlan, Size, ops};

use crate::image::{Checked, Fill, Filling, Image, blending, read_fill, read_image};
use crate::level::level;
use crate::memory::{Call, In, answer, given};
use crate::pair::copied_as;
use crate::sample::{Sample, read_plan};
use crate::status::{CUTMIX_COUNT_MISMATCH, CUTMIX_ROW_OUTSIDE, CUTMIX_SIZE_MISMATCH, Refusal, Status};

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
#[doc = safety!()]
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
    answer(|call| {
        given!(call, row, donor_row, sample, fill);
        let level = self::level(level)?;
        let plan = read_plan(call, sample)?;
        let row = read_row(call, row)?;
        let fill = read_fill(call, fill)?;
        if y >= image_height {
            return Err(Refusal(CUTMIX_ROW_OUTSIDE));
        }
        plan.check(Size::new(row.layout.size().width(), image_height)?, 0)?;
        if !plan.applied {
            return Ok(());
        }
        if plan.method == Method::Cutout {
            return cut(call, level, &row, &plan, &fill, (plane, y, image_height));
        }
        let donor = read_row(call, donor_row)?;
        mix(call, level, &row, &donor, &plan, y)
    })
}

/// An image of one row.
fn read_row<'call>(call: &Call<'call>, row: In<'call, Image>) -> Result<Checked<'call>, Refusal> {
    let row = read_image(call, row)?;
    if row.layout.size().height() != 1 {
        return Err(Refusal(CUTMIX_SIZE_MISMATCH));
    }
    if row.layout.planes() == 1 { Ok(row) } else { Err(Refusal(CUTMIX_COUNT_MISMATCH)) }
}

fn mix<'call>(
    call: &mut Call<'call>,
    level: Level,
    row: &Checked<'call>,
    donor: &Checked<'call>,
    plan: &SamplePlan,
    y: u32,
) -> Result<(), Refusal> {
    row.expect_element(donor)?;
    let ([to], [from]) = call.lend([row.bytes], [donor.source()])?;
    if row.layout.size() != donor.layout.size() {
        return Err(Refusal(CUTMIX_SIZE_MISMATCH));
    }
    let channels = row.layout.pixel_bytes();
    if channels != donor.layout.pixel_bytes() {
        return Err(Refusal(CUTMIX_COUNT_MISMATCH));
    }
    if plan.method == Method::CutMix {
        return Ok(ops::cutmix_row(level, row.row_mut::<u8>(to)?, donor.row(from)?, channels, plan.patch, y)?);
    }
    blending!(row.element, T => Ok(ops::mixup_row::<T>(level, row.row_mut(to)?, donor.row(from)?, plan.kept)?))
}

fn cut<'call>(
    call: &mut Call<'call>,
    level: Level,
    row: &Checked<'call>,
    plan: &SamplePlan,
    fill: &Filling<'call>,
    place: (u32, u32, u32),
) -> Result<(), Refusal> {
    let ([to], [values]) = call.lend([row.bytes], [fill.source(row.element)?])?;
    blending!(copied_as(row.element, fill)?, T => {
        let fill = fill.core::<T>(values)?;
        let channels = row.layout.pixel_bytes() / size_of::<T>() as u32;
        Ok(ops::cutout_row(level, row.row_mut(to)?, channels, plan.patch, place, fill, plan.noise)?)
    })
}
