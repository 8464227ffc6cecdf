//! Plans: of one sample, of a batch, and what can be asked of them.

use cutmix_core::plan::{BatchConfig as CoreBatchConfig, BatchPlan, Pairing, PlanSlot, Samples as Indices};
use cutmix_core::{BatchKey, Error, PlanConfig, SampleKey, SamplePlan, Size};

use crate::boxes::read_box;
use crate::config::{
    BatchConfig, CUTMIX_PAIRING_DERANGEMENT, CUTMIX_PAIRING_FLIP, CUTMIX_PAIRING_GIVEN, CUTMIX_PAIRING_PERMUTATION,
    CUTMIX_PAIRING_REPLACEMENT, CUTMIX_PAIRING_ROLL, Config, SCOPES, coded, reserved,
};
use crate::memory::{Call, In, Out, answer, given};
use crate::sample::{Sample, read_plan, write_sample};
use crate::status::{CUTMIX_ENUM, CUTMIX_TOO_LARGE, Refusal, Status};
use crate::values::{carve, carved_bytes, values};

fn plan_one<'call>(
    call: &mut Call<'call>,
    config: In<'call, Config>,
    sample: Out<'call, Sample>,
    draw: impl FnOnce(&PlanConfig) -> Result<SamplePlan, Error>,
) -> Result<(), Refusal> {
    let config = call.read(config)?.checked()?;
    let sample = sample.one(call)?;
    let plan = draw(&config)?;
    call.write(sample, Sample::of(&plan, sample.struct_size()))
}

/// Draws the plan of one sample: a pure function of the key (`seed`, `epoch`, `index` of the sample in the data set) and
/// the configuration, the same in every process and on every board. `sample->struct_size` says how large `sample` is;
/// see `cutmix_sample_init`. Costs some 50 ns at alpha 1 on a desktop.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`, `CUTMIX_STRUCT_NEWER`, `CUTMIX_RESERVED`,
/// `CUTMIX_ENUM`, `CUTMIX_ZERO_SIDE`, `CUTMIX_FRACTION`, `CUTMIX_EXTENTS_REVERSED`, `CUTMIX_BETA_SHAPE`.
///
/// ```c
/// cutmix_config config;
/// cutmix_sample plan;
/// plan.struct_size = sizeof plan;
/// cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
/// if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
/// assert(s == CUTMIX_OK && plan.patch[0] == 0 && plan.patch[1] == 12 && plan.patch[2] == 22 && plan.patch[3] == 24);
/// assert(plan.kept == 696 && plan.total == 960);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_plan_sample(
    seed: u64,
    epoch: u64,
    index: u64,
    config: *const Config,
    sample: *mut Sample,
) -> Status {
    answer(|call| {
        given!(call, config, sample);
        let key = SampleKey { seed, epoch, index };
        plan_one(call, config, sample, |config| Ok(SamplePlan::draw(key, config)))
    })
}

/// As `cutmix_plan_sample`, for configurations whose four alphas and betas are 1, the paper's. The plan is the same; what
/// differs is that the library's other Beta samplers are not reached, so that a linker can leave them out: it saves some
/// kilobytes of flash. Costs as much as `cutmix_plan_sample`.
///
/// Errors: as `cutmix_plan_sample`, and `CUTMIX_NOT_UNIFORM` for other laws.
///
/// ```c
/// cutmix_config config;
/// cutmix_sample plan, uniform;
/// plan.struct_size = uniform.struct_size = sizeof plan;
/// cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
/// if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
/// if (!s) s = cutmix_plan_sample_uniform(7, 0, 41, &config, &uniform);
/// assert(s == CUTMIX_OK && memcmp(&plan, &uniform, sizeof plan) == 0);
/// config.cutmix_alpha = config.cutmix_beta = 0.5;
/// s = cutmix_plan_sample_uniform(7, 0, 41, &config, &uniform);
/// assert(s == CUTMIX_NOT_UNIFORM);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_plan_sample_uniform(
    seed: u64,
    epoch: u64,
    index: u64,
    config: *const Config,
    sample: *mut Sample,
) -> Status {
    answer(|call| {
        given!(call, config, sample);
        let key = SampleKey { seed, epoch, index };
        plan_one(call, config, sample, |config| SamplePlan::draw_uniform(key, config))
    })
}

/// Writes to `bytes` how much working memory the functions for batches need for `count` samples: about 100 bytes for
/// each, wherever the memory begins, and `scratch_bytes` more for the pixels that `cutmix_batch_in_place` has to save. Of
/// those, one pixel of one plane is enough and a few KiB are best; the other functions need none. Constant cost.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_TOO_LARGE`.
///
/// ```c
/// size_t bytes;
/// cutmix_status s = cutmix_batch_work_bytes(64, 4096, &bytes);
/// assert(s == CUTMIX_OK && bytes > 4096 && bytes < 4096 + 64 * 128);
/// s = cutmix_batch_work_bytes(SIZE_MAX, 4096, &bytes);
/// assert(s == CUTMIX_TOO_LARGE);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_batch_work_bytes(count: usize, scratch_bytes: usize, bytes: *mut usize) -> Status {
    answer(|call| {
        given!(call, bytes);
        let bytes = bytes.place()?;
        let needed = carved_bytes::<PlanSlot>(count, scratch_bytes).filter(|&bytes| isize::try_from(bytes).is_ok());
        call.put(bytes, needed.ok_or(Refusal(CUTMIX_TOO_LARGE))?);
        Ok(())
    })
}

/// Draws the plans of a batch of `count` samples into `samples`, whose first one's `struct_size` says how large each of
/// them is (the others are set by this function). Boxes of `CUTMIX_SCOPE_SAMPLE` depend on `seed`, `epoch` and the
/// sample's index in the data set alone; pairings, and boxes of the other scopes, on `seed`, `epoch`, `batch` and `count`.
///
/// `work` is `work_bytes` of memory at any alignment, needed during the call only; see `cutmix_batch_work_bytes`. Costs a
/// `cutmix_plan_sample` for every sample (of a pair or batch that shares its box only one), and the pairing.
///
/// Errors: as `cutmix_plan_sample`, `CUTMIX_TOO_SHORT` for too little working memory, `CUTMIX_BUFFERS_OVERLAP`,
/// `CUTMIX_PARTNER` if a given partner is not in the batch, `CUTMIX_PAIR_NOT_MUTUAL`, `CUTMIX_NO_DERANGEMENT`,
/// `CUTMIX_TOO_LARGE` from 2^31 samples on.
///
/// ```c
/// uint8_t work[1024];
/// cutmix_config config;
/// cutmix_batch_config batch;
/// cutmix_sample plans[3];
/// plans[0].struct_size = sizeof plans[0];
/// cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
/// if (!s) s = cutmix_batch_config_init(&batch, sizeof batch, 96);
/// if (!s) s = cutmix_plan_batch(7, 0, 32, &config, &batch, plans, 3, work, sizeof work);
/// assert(s == CUTMIX_OK && plans[0].partner == 2 && plans[1].partner == 0 && plans[2].partner == 1);
/// s = cutmix_plan_batch(7, 0, 32, &config, &batch, plans, 3, work, 100);
/// assert(s == CUTMIX_TOO_SHORT);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_plan_batch(
    seed: u64,
    epoch: u64,
    batch: u64,
    config: *const Config,
    batch_config: *const BatchConfig,
    samples: *mut Sample,
    count: usize,
    work: *mut u8,
    work_bytes: usize,
) -> Status {
    answer(|call| {
        given!(call, config, batch_config, samples[count], work[work_bytes]);
        let key = BatchKey { seed, epoch, batch };
        let config = call.read(config)?.checked()?;
        let shared = call.read(batch_config)?;
        let (samples, stride) = samples.array(call)?;
        reserved(shared.reserved)?;
        let BatchConfig { indices, partners, .. } = shared;
        let listed = !indices.is_null();
        given!(call, indices[if listed { count } else { 0 }]);
        given!(call, partners[if shared.pairing == CUTMIX_PAIRING_GIVEN { count } else { 0 }]);
        let inputs = [indices.source()?, partners.source()?];
        samples.apart_from(&inputs)?;
        let ([samples, work], [indices, partners]) = call.lend([samples, work.target()?], inputs)?;
        let pairing = match shared.pairing {
            CUTMIX_PAIRING_ROLL => Pairing::Roll,
            CUTMIX_PAIRING_FLIP => Pairing::Flip,
            CUTMIX_PAIRING_PERMUTATION => Pairing::Permutation,
            CUTMIX_PAIRING_DERANGEMENT => Pairing::Derangement,
            CUTMIX_PAIRING_REPLACEMENT => Pairing::WithReplacement,
            CUTMIX_PAIRING_GIVEN => Pairing::Given(values(partners)?),
            _ => return Err(Refusal(CUTMIX_ENUM)),
        };
        let len = u32::try_from(count).map_err(|_| Refusal(CUTMIX_TOO_LARGE))?;
        let indices =
            if listed { Indices::Listed(values(indices)?) } else { Indices::Range { first: shared.first_index, len } };
        let (slots, _) = carve(work, count, |_| Ok(PlanSlot::EMPTY))?;
        let config = CoreBatchConfig { plan: config, scope: coded(&SCOPES, shared.scope)?, pairing };
        for (i, slot) in BatchPlan::draw_slots(key, &config, indices, slots)?.iter().enumerate() {
            write_sample(samples, stride, i, slot.plan())?;
        }
        Ok(())
    })
}

/// Checks that a plan fits images of `width` x `height` pixels: the box lies within and has the ratio that it claims.
/// Constant cost.
///
/// Errors: those of samples, `CUTMIX_ZERO_SIDE`, `CUTMIX_BOX_OUTSIDE`, `CUTMIX_RATIO_NOT_OF_BOX`.
///
/// ```c
/// cutmix_sample plan;
/// cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
/// plan.applied = 1, plan.patch[2] = 2, plan.patch[3] = 1, plan.kept = 4, plan.total = 6;
/// if (!s) s = cutmix_sample_check(&plan, 3, 2);
/// assert(s == CUTMIX_OK);
/// s = cutmix_sample_check(&plan, 3, 3);
/// assert(s == CUTMIX_RATIO_NOT_OF_BOX);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_sample_check(sample: *const Sample, width: u32, height: u32) -> Status {
    answer(|call| {
        given!(call, sample);
        Ok(read_plan(call, sample)?.check(Size::new(width, height)?, 0)?)
    })
}

/// Turns a plan for images of `width` x `height` pixels into what it means for a window (x0, y0, x1, y1) of them, in the
/// window's own coordinates, in place. The label comes from the whole plan, since only that has the whole ratio.
/// Constant cost.
///
/// Errors: those of samples and boxes, `CUTMIX_ZERO_SIDE` if the window is empty.
///
/// ```c
/// uint32_t window[4] = {1, 0, 3, 2}; // the last two columns of 3 x 2 pixels
/// cutmix_sample part;
/// cutmix_status s = cutmix_sample_init(&part, sizeof part);
/// part.applied = 1, part.patch[2] = 2, part.patch[3] = 1, part.kept = 4, part.total = 6;
/// if (!s) s = cutmix_sample_window(&part, 3, 2, window);
/// assert(s == CUTMIX_OK && part.patch[0] == 0 && part.patch[2] == 1 && part.kept == 3 && part.total == 4);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_sample_window(
    sample: *mut Sample,
    width: u32,
    height: u32,
    window: *const u32,
) -> Status {
    answer(|call| {
        given!(call, sample, window[4]);
        let plan = read_plan(call, sample.to_read())?;
        let sample = sample.one(call)?;
        let window = read_box(call, window)?;
        let part = plan.window(Size::new(width, height)?, window)?;
        call.write(sample, Sample::of(&part, sample.struct_size()))
    })
}
