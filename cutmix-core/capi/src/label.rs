//! Labels by the exact ratio of a sample: ids or rows in, soft rows or weights out.

use cutmix_core::label::{self, Smoothing};
use cutmix_core::{Level, SamplePlan};

use crate::level::level;
use crate::memory::{answer, given};
use crate::sample::{Sample, Samples, read_plan};
use crate::status::{CUTMIX_CLASS, CUTMIX_COUNT_MISMATCH, CUTMIX_PARTNER, CUTMIX_TOO_LARGE, Refusal, Status};
use crate::values::{values, values_mut};

/// Writes the weights of the pair form: the loss is `weight_a * loss(y_a) + weight_b * loss(y_b)`, `y_a` being the base's
/// label and `y_b` the donor's. `weight_a` is f32(kept / total), `weight_b` is 1 - `weight_a`; 1 and 0 for Cutout, whose
/// labels stay. Constant cost.
///
/// Errors: those of samples, `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`.
///
/// ```c
/// cutmix_sample plan;
/// float weight_a, weight_b;
/// cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
/// plan.applied = 1, plan.kept = 3, plan.total = 4;
/// if (!s) s = cutmix_label_weights(&plan, &weight_a, &weight_b);
/// assert(s == CUTMIX_OK && weight_a == 0.75f && weight_b == 0.25f);
/// plan.method = CUTMIX_METHOD_CUTOUT;
/// s = cutmix_label_weights(&plan, &weight_a, &weight_b);
/// assert(s == CUTMIX_OK && weight_a == 1 && weight_b == 0);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_label_weights(sample: *const Sample, weight_a: *mut f32, weight_b: *mut f32) -> Status {
    answer(|call| {
        given!(call, sample, weight_a, weight_b);
        let plan = read_plan(call, sample)?;
        let (weight_a, weight_b) = (weight_a.place()?, weight_b.place()?);
        let (a, b) = plan.label_ratio().weights();
        call.put(weight_a, a);
        call.put(weight_b, b);
        Ok(())
    })
}

/// Mixes two class ids into a soft row of `classes` numbers. `smoothing` in [0, 1] gives `smoothing / classes` to every
/// class and takes it from the true ones; 0 for none. The sum is 1 within one rounding. Costs one write of the row.
///
/// Errors: those of samples, `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_FRACTION`, `CUTMIX_CLASS` if an id is not
/// below `classes`, `CUTMIX_TOO_LARGE`.
///
/// ```c
/// cutmix_sample plan;
/// float row[4];
/// cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
/// plan.applied = 1, plan.kept = 5, plan.total = 8;
/// if (!s) s = cutmix_label_ids(&plan, row, 4, 2, 0, 0.0);
/// assert(s == CUTMIX_OK && row[0] == 0.375f && row[1] == 0 && row[2] == 0.625f && row[3] == 0);
/// s = cutmix_label_ids(&plan, row, 4, 4, 0, 0.0);
/// assert(s == CUTMIX_CLASS);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_label_ids(
    sample: *const Sample,
    row: *mut f32,
    classes: usize,
    base: u32,
    donor: u32,
    smoothing: f64,
) -> Status {
    answer(|call| {
        given!(call, sample, row[classes]);
        let plan = read_plan(call, sample)?;
        let smoothing = Smoothing::new(smoothing)?;
        let row = values_mut(row.target()?.alone(call))?;
        Ok(label::mix_ids(row, base, donor, plan.label_ratio(), smoothing)?)
    })
}

/// Mixes two soft or one-hot rows of `classes` numbers into a third, which shares no bytes with them. Costs two reads and
/// a write of each number.
///
/// Errors: those of samples, `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_BUFFERS_OVERLAP`, `CUTMIX_LEVEL_MISSING`,
/// `CUTMIX_TOO_LARGE`.
///
/// ```c
/// cutmix_sample plan;
/// float cat[3] = {1, 0, 0}, dogs[3] = {0, 0.5f, 0.5f}, row[3];
/// cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
/// plan.applied = 1, plan.kept = 3, plan.total = 4;
/// if (!s) s = cutmix_label_rows(CUTMIX_LEVEL_BEST, &plan, row, cat, dogs, 3);
/// assert(s == CUTMIX_OK && row[0] == 0.75f && row[1] == 0.125f && row[2] == 0.125f);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_label_rows(
    level: u32,
    sample: *const Sample,
    row: *mut f32,
    base: *const f32,
    donor: *const f32,
    classes: usize,
) -> Status {
    answer(|call| {
        given!(call, sample, row[classes], base[classes], donor[classes]);
        let level = self::level(level)?;
        let ratio = read_plan(call, sample)?.label_ratio();
        let ([row], [base, donor]) = call.lend([row.target()?], [base.source()?, donor.source()?])?;
        Ok(label::mix_rows(level, values_mut(row)?, values(base)?, values(donor)?, ratio)?)
    })
}

/// What the two functions for batches share: every sample in its order with its partner, after all were checked.
fn each(
    samples: Samples<'_>,
    mut write: impl FnMut(usize, usize, &SamplePlan) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    for i in 0..samples.len() {
        if samples.get(i)?.partner >= samples.len() as u64 {
            return Err(Refusal(CUTMIX_PARTNER));
        }
    }
    for i in 0..samples.len() {
        let plan = samples.get(i)?;
        write(i, plan.partner as usize, &plan)?;
    }
    Ok(())
}

fn row_of<T>(values: &[T], i: usize, classes: usize) -> Result<&[T], Refusal> {
    let start = i.wrapping_mul(classes);
    values.get(start..start.wrapping_add(classes)).ok_or(Refusal(CUTMIX_COUNT_MISMATCH))
}

fn row_of_mut<T>(values: &mut [T], i: usize, classes: usize) -> Result<&mut [T], Refusal> {
    let start = i.wrapping_mul(classes);
    values.get_mut(start..start.wrapping_add(classes)).ok_or(Refusal(CUTMIX_COUNT_MISMATCH))
}

/// Mixes the class ids of a batch of `count` samples into `count` soft rows of `classes` numbers, one after the other.
/// The labels of Cutouts and of samples that are not applied stay. Costs one write of the rows.
///
/// Errors: as `cutmix_label_ids`, `CUTMIX_PARTNER` if a partner is not in the batch, `CUTMIX_BUFFERS_OVERLAP`.
///
/// ```c
/// cutmix_sample plans[2];
/// uint32_t ids[2] = {2, 0};
/// float rows[2 * 3];
/// cutmix_status s = cutmix_sample_init(&plans[0], sizeof plans[0]);
/// plans[1] = plans[0]; // not applied
/// plans[0].applied = 1, plans[0].kept = 3, plans[0].total = 4, plans[0].partner = 1;
/// if (!s) s = cutmix_batch_label_ids(plans, 2, rows, 3, ids, 0.0);
/// assert(s == CUTMIX_OK && rows[0] == 0.25f && rows[2] == 0.75f && rows[3] == 1 && rows[5] == 0);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_batch_label_ids(
    samples: *const Sample,
    count: usize,
    rows: *mut f32,
    classes: usize,
    ids: *const u32,
    smoothing: f64,
) -> Status {
    answer(|call| {
        given!(call, samples[count], ids[count]);
        let (samples, stride) = samples.array(call)?;
        let smoothing = Smoothing::new(smoothing)?;
        let len = count.checked_mul(classes).ok_or(Refusal(CUTMIX_TOO_LARGE))?;
        given!(call, rows[len]);
        let ([rows], [samples, ids]) = call.lend([rows.target()?], [samples, ids.source()?])?;
        let (rows, ids) = (values_mut(rows)?, values::<u32>(ids)?);
        if ids.iter().any(|&id| id as usize >= classes) {
            return Err(Refusal(CUTMIX_CLASS));
        }
        each(Samples::new(samples, stride, count), |i, partner, plan| {
            let id = |i: usize| ids.get(i).copied().ok_or(Refusal(CUTMIX_PARTNER));
            Ok(label::mix_ids(row_of_mut(rows, i, classes)?, id(i)?, id(partner)?, plan.label_ratio(), smoothing)?)
        })
    })
}

/// Mixes the rows of a batch of `count` samples, `classes` numbers each, one after the other, into `out`. Costs two reads
/// and a write of each number.
///
/// Errors: as `cutmix_label_rows`, `CUTMIX_PARTNER` if a partner is not in the batch.
///
/// ```c
/// cutmix_sample plans[2];
/// float rows[2 * 2] = {1, 0, 0.5f, 0.5f}, out[2 * 2];
/// cutmix_status s = cutmix_sample_init(&plans[0], sizeof plans[0]);
/// plans[1] = plans[0]; // not applied
/// plans[0].applied = 1, plans[0].kept = 3, plans[0].total = 4, plans[0].partner = 1;
/// if (!s) s = cutmix_batch_label_rows(CUTMIX_LEVEL_BEST, plans, 2, out, rows, 2);
/// assert(s == CUTMIX_OK && out[0] == 0.875f && out[1] == 0.125f && out[2] == 0.5f && out[3] == 0.5f);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_batch_label_rows(
    level: u32,
    samples: *const Sample,
    count: usize,
    out: *mut f32,
    rows: *const f32,
    classes: usize,
) -> Status {
    answer(|call| {
        given!(call, samples[count]);
        let level: Level = self::level(level)?;
        let (samples, stride) = samples.array(call)?;
        let len = count.checked_mul(classes).ok_or(Refusal(CUTMIX_TOO_LARGE))?;
        given!(call, out[len], rows[len]);
        let ([out], [samples, rows]) = call.lend([out.target()?], [samples, rows.source()?])?;
        let (out, rows) = (values_mut(out)?, values(rows)?);
        each(Samples::new(samples, stride, count), |i, partner, plan| {
            let (base, donor) = (row_of(rows, i, classes)?, row_of(rows, partner, classes)?);
            Ok(label::mix_rows(level, row_of_mut(out, i, classes)?, base, donor, plan.label_ratio())?)
        })
    })
}
