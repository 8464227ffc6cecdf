//! Boxes, their ratio, Mixup weights and masks: arithmetic, no images.

use cutmix_core::{BoxRule, Centre, Grid, KeptRatio, PatchBox, Size, geometry};

use crate::config::{GRIDS, RULES, coded};
use crate::memory::{Call, In, Out, Target, answer, given};
use crate::status::{CUTMIX_NULL, Refusal, Status};

/// The box behind a pointer to x0, y0, x1, y1.
pub(crate) fn read_box<'call>(call: &Call<'call>, patch: In<'call, u32>) -> Result<PatchBox, Refusal> {
    match call.values(patch)? {
        &[x0, y0, x1, y1] => Ok(PatchBox::new(x0, y0, x1, y1)?),
        _ => Err(Refusal(CUTMIX_NULL)),
    }
}

fn put_box<'call>(call: &mut Call<'call>, target: Target<'call>, patch: PatchBox) {
    call.put(target, [patch.x0(), patch.y0(), patch.x1(), patch.y1()]);
}

/// Writes a ratio, each number where there is room for it.
pub(crate) fn put_ratio<'call>(call: &mut Call<'call>, to: (Target<'call>, Target<'call>), ratio: KeptRatio) {
    call.put(to.0, ratio.kept());
    call.put(to.1, ratio.total());
}

/// The box that a lambda in [0, 1] gives around a centre: `centre_x` in [0, `width`) and `centre_y` in [0, `height`), real,
/// in pixels. Writes x0, y0, x1, y1 to `patch`, in whole pixels and half open; the empty box is 0, 0, 0, 0. Constant cost,
/// some 10 ns on a desktop.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_ENUM`, `CUTMIX_ZERO_SIDE`, `CUTMIX_LAMBDA`, `CUTMIX_CENTRE`.
///
/// ```c
/// uint32_t patch[4];
/// cutmix_status s = cutmix_box_of_lambda(CUTMIX_RULE_PAPER, 0.75, 30.25, 11.5, 40, 24, patch);
/// assert(s == CUTMIX_OK && patch[0] == 20 && patch[1] == 5 && patch[2] == 40 && patch[3] == 17);
/// s = cutmix_box_of_lambda(CUTMIX_RULE_PAPER, 1.5, 30.25, 11.5, 40, 24, patch);
/// assert(s == CUTMIX_LAMBDA && patch[0] == 20);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_box_of_lambda(
    rule: u32,
    lambda: f64,
    centre_x: f64,
    centre_y: f64,
    width: u32,
    height: u32,
    patch: *mut u32,
) -> Status {
    answer(|call| {
        given!(call, patch[4]);
        make_box(call, rule, (centre_x, centre_y), (width, height), patch, |rule, centre, size| {
            rule.patch_box(lambda, centre, size)
        })
    })
}

/// The box of `box_width` x `box_height` pixels around a centre, clipped; otherwise as `cutmix_box_of_lambda`.
/// Constant cost.
///
/// Errors: as `cutmix_box_of_lambda`, without `CUTMIX_LAMBDA`.
///
/// ```c
/// uint32_t patch[4]; // 4 x 2 pixels around the left border
/// cutmix_status s = cutmix_box_fixed(CUTMIX_RULE_OFFICIAL, 4, 2, 1.0, 12.0, 40, 24, patch);
/// assert(s == CUTMIX_OK && patch[0] == 0 && patch[1] == 11 && patch[2] == 3 && patch[3] == 13);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_box_fixed(
    rule: u32,
    box_width: u32,
    box_height: u32,
    centre_x: f64,
    centre_y: f64,
    width: u32,
    height: u32,
    patch: *mut u32,
) -> Status {
    answer(|call| {
        given!(call, patch[4]);
        make_box(call, rule, (centre_x, centre_y), (width, height), patch, |rule, centre, size| {
            rule.fixed_box(box_width, box_height, centre, size)
        })
    })
}

fn make_box<'call>(
    call: &mut Call<'call>,
    code: u32,
    (x, y): (f64, f64),
    (width, height): (u32, u32),
    patch: Out<'call, u32>,
    make: impl FnOnce(BoxRule, Centre, Size) -> Result<PatchBox, cutmix_core::Error>,
) -> Result<(), Refusal> {
    let target = patch.place()?;
    let made = make(coded(&RULES, code)?, Centre { x, y }, Size::new(width, height)?)?;
    put_box(call, target, made);
    Ok(())
}

/// Moves the edges of a box to the nearest borders of cells of `grid_x` x `grid_y` pixels, in place, so that subsampled
/// planes (4:2:0 chroma, Bayer quads) can be cut with the same box. Ties go to the lower border. Take the ratio from the
/// snapped box. Constant cost.
///
/// Errors: those of boxes, `CUTMIX_ZERO_GRID`, `CUTMIX_ZERO_SIDE`.
///
/// ```c
/// uint32_t patch[4] = {3, 1, 7, 5}; // 4:2:0 of 7 x 6 pixels: the last column belongs to the last chroma sample
/// cutmix_status s = cutmix_box_snap(patch, 2, 2, 7, 6);
/// assert(s == CUTMIX_OK && patch[0] == 2 && patch[1] == 0 && patch[2] == 7 && patch[3] == 4);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_box_snap(patch: *mut u32, grid_x: u32, grid_y: u32, width: u32, height: u32) -> Status {
    answer(|call| {
        given!(call, patch[4]);
        let drawn = read_box(call, patch.to_read())?;
        let snapped = drawn.snap(Grid::new(grid_x, grid_y)?, Size::new(width, height)?)?;
        put_box(call, patch.place()?, snapped);
        Ok(())
    })
}

/// Turns a box into that of a plane with one sample for each cell of `grid_x` x `grid_y` pixels, in place: for a snapped
/// box, exactly its samples there; of any other, the cells that it touches. Constant cost.
///
/// Errors: those of boxes, `CUTMIX_ZERO_GRID`.
///
/// ```c
/// uint32_t patch[4] = {2, 0, 7, 4};
/// cutmix_status s = cutmix_box_subsample(patch, 2, 2);
/// assert(s == CUTMIX_OK && patch[0] == 1 && patch[1] == 0 && patch[2] == 4 && patch[3] == 2);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_box_subsample(patch: *mut u32, grid_x: u32, grid_y: u32) -> Status {
    answer(|call| {
        given!(call, patch[4]);
        let cells = read_box(call, patch.to_read())?.subsample(Grid::new(grid_x, grid_y)?);
        put_box(call, patch.place()?, cells);
        Ok(())
    })
}

/// Writes the share of the image that is outside the box, `kept / total` in pixels: lambda', not reduced.
/// Constant cost.
///
/// Errors: those of boxes, `CUTMIX_ZERO_SIDE`.
///
/// ```c
/// uint32_t patch[4] = {1, 0, 3, 1};
/// uint64_t kept, total;
/// cutmix_status s = cutmix_box_ratio(patch, 3, 2, &kept, &total);
/// assert(s == CUTMIX_OK && kept == 4 && total == 6);
/// s = cutmix_box_ratio(patch, 2, 2, &kept, &total);
/// assert(s == CUTMIX_BOX_OUTSIDE && kept == 4);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_box_ratio(
    patch: *const u32,
    width: u32,
    height: u32,
    kept: *mut u64,
    total: *mut u64,
) -> Status {
    answer(|call| {
        given!(call, patch[4], kept, total);
        let ratio = KeptRatio::of(read_box(call, patch)?, Size::new(width, height)?)?;
        put_ratio(call, (kept.place()?, total.place()?), ratio);
        Ok(())
    })
}

/// Writes the Mixup weight nearest to a lambda in [0, 1] on a grid, one of `CUTMIX_GRID_*`: `kept` steps of the base out of
/// `total`. Constant cost.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_ENUM`, `CUTMIX_LAMBDA`.
///
/// ```c
/// uint64_t kept, total;
/// cutmix_status s = cutmix_mixup_weight(CUTMIX_GRID_Q15, 0.3, &kept, &total);
/// assert(s == CUTMIX_OK && kept == 9830 && total == 32768); // 0.3 * 2^15 is 9830.4
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mixup_weight(grid: u32, lambda: f64, kept: *mut u64, total: *mut u64) -> Status {
    answer(|call| {
        given!(call, kept, total);
        let weight = coded(&GRIDS, grid)?.weight(lambda)?;
        put_ratio(call, (kept.place()?, total.place()?), weight);
        Ok(())
    })
}

/// Writes the mask M, one byte a pixel in row order: 1 where the base is kept, 0 inside the box. `mask_bytes` is
/// `width * height`. Costs one write of the mask.
///
/// Errors: those of boxes, `CUTMIX_ZERO_SIDE`, `CUTMIX_COUNT_MISMATCH` if `mask_bytes` is another number,
/// `CUTMIX_TOO_LARGE`.
///
/// ```c
/// uint32_t patch[4] = {1, 0, 3, 1};
/// uint8_t mask[3 * 2], expected[3 * 2] = {1, 0, 0, 1, 1, 1};
/// cutmix_status s = cutmix_mask_bytes(patch, 3, 2, mask, sizeof mask);
/// assert(s == CUTMIX_OK && memcmp(mask, expected, sizeof mask) == 0);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mask_bytes(
    patch: *const u32,
    width: u32,
    height: u32,
    mask: *mut u8,
    mask_bytes: usize,
) -> Status {
    answer(|call| {
        given!(call, patch[4], mask[mask_bytes]);
        make_mask(call, patch, (width, height), mask, geometry::mask_bytes)
    })
}

/// Bytes of one row of `cutmix_mask_bits` for `width` pixels: `ceil(width / 8)`. Never fails; constant cost.
///
/// ```c
/// assert(cutmix_mask_bits_row_bytes(8) == 1 && cutmix_mask_bits_row_bytes(9) == 2);
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn cutmix_mask_bits_row_bytes(width: u32) -> u32 {
    width.div_ceil(8)
}

/// Writes the mask M, one bit a pixel, the leftmost pixel of each eight in the highest bit; rows begin on a byte, and the
/// bits after the last pixel are 0. `mask_bytes` is `cutmix_mask_bits_row_bytes(width) * height`. Costs one write of the
/// mask.
///
/// Errors: as `cutmix_mask_bytes`.
///
/// ```c
/// uint32_t patch[4] = {1, 0, 9, 1}; // of 10 pixels, the first and the last are kept
/// uint8_t mask[2];
/// cutmix_status s = cutmix_mask_bits(patch, 10, 1, mask, sizeof mask);
/// assert(s == CUTMIX_OK && mask[0] == 0x80 && mask[1] == 0x40);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_mask_bits(
    patch: *const u32,
    width: u32,
    height: u32,
    mask: *mut u8,
    mask_bytes: usize,
) -> Status {
    answer(|call| {
        given!(call, patch[4], mask[mask_bytes]);
        make_mask(call, patch, (width, height), mask, geometry::mask_bits)
    })
}

fn make_mask<'call>(
    call: &mut Call<'call>,
    patch: In<'call, u32>,
    (width, height): (u32, u32),
    mask: Out<'call, u8>,
    write: impl FnOnce(PatchBox, Size, &mut [u8]) -> Result<(), cutmix_core::Error>,
) -> Result<(), Refusal> {
    // A copy, so the mask may even lie over the box.
    let patch = read_box(call, patch)?;
    let size = Size::new(width, height)?;
    Ok(write(patch, size, mask.target()?.alone(call))?)
}
