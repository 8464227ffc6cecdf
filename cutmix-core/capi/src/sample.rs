//! The plan of one sample as plain data.

use cutmix_core::{KeptRatio, Method, NoiseKey, PatchBox, SamplePlan};

use crate::config::{CUTMIX_METHOD_CUTMIX, CUTMIX_METHOD_CUTOUT, CUTMIX_METHOD_MIXUP, METHODS, coded, reserved};
use crate::memory::{Call, In, answer, given};
use crate::status::{CUTMIX_ENUM, CUTMIX_LAMBDA, CUTMIX_STRUCT_SIZE, CUTMIX_TOO_SHORT, Refusal, Status};
use crate::values::{Struct, parse, unparse};

/// What to do to one sample. Plain data: log it, compare it, send it, replay it. Functions check it again each time.
///
/// In an array, the `struct_size` of the first one is the distance to the next in bytes, and all have the same.
///
/// ```c
/// cutmix_config config;
/// cutmix_sample plan, again;
/// plan.struct_size = again.struct_size = sizeof plan;
/// cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
/// if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
/// if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &again);
/// uint32_t box = (plan.patch[2] - plan.patch[0]) * (plan.patch[3] - plan.patch[1]);
/// assert(s == CUTMIX_OK && memcmp(&plan, &again, sizeof plan) == 0 && plan.kept == plan.total - box);
/// ```
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Size of this struct in bytes.
    pub struct_size: u32,
    /// `CUTMIX_METHOD_CUTMIX`, `CUTMIX_METHOD_MIXUP` or `CUTMIX_METHOD_CUTOUT`.
    pub method: u32,
    /// 1 if it is applied; 0 if the sample stays as it is (and the box is empty, the ratio 1).
    pub applied: u32,
    /// The box: first column, first row, column after the last, row after the last. All are 0 for the empty box, and for
    /// Mixup. Functions that take a box take this.
    pub patch: [u32; 4],
    /// Selects the noise of a Cutout that fills with noise.
    pub noise: [u32; 2],
    /// Zero.
    pub reserved: u32,
    /// The donor: its position in the batch, or for a plan of its own its index in the data set.
    pub partner: u64,
    /// Numerator of lambda', the exact weight of the base: pixels outside the box, or the Mixup weight on its grid.
    pub kept: u64,
    /// Denominator of lambda', at least 1: pixels of the image, or 2^15 or 2^24 for Mixup.
    pub total: u64,
    /// The drawn lambda, in [0, 1]. It decided the box, but is not the label's weight.
    pub lambda: f64,
}

// SAFETY: repr(C), ten u32 and then eight-byte fields: no padding; integers and a float only.
unsafe impl Struct for Sample {}

impl Sample {
    pub(crate) const fn of(plan: &SamplePlan, struct_size: u32) -> Self {
        Self {
            struct_size,
            method: match plan.method {
                Method::CutMix => CUTMIX_METHOD_CUTMIX,
                Method::Mixup => CUTMIX_METHOD_MIXUP,
                Method::Cutout => CUTMIX_METHOD_CUTOUT,
            },
            applied: plan.applied as u32,
            patch: [plan.patch.x0(), plan.patch.y0(), plan.patch.x1(), plan.patch.y1()],
            noise: plan.noise.words,
            reserved: 0,
            partner: plan.partner,
            kept: plan.kept.kept(),
            total: plan.kept.total(),
            lambda: plan.lambda,
        }
    }

    /// The core's plan. Whether it fits an image is for the functions to check that know one.
    pub(crate) fn checked(&self) -> Result<SamplePlan, Refusal> {
        reserved(self.reserved)?;
        if self.applied > 1 {
            return Err(Refusal(CUTMIX_ENUM));
        }
        if !(0.0..=1.0).contains(&self.lambda) {
            return Err(Refusal(CUTMIX_LAMBDA));
        }
        let [x0, y0, x1, y1] = self.patch;
        Ok(SamplePlan {
            method: coded(&METHODS, self.method)?,
            applied: self.applied == 1,
            partner: self.partner,
            patch: PatchBox::new(x0, y0, x1, y1)?,
            lambda: self.lambda,
            kept: KeptRatio::new(self.kept, self.total)?,
            noise: NoiseKey { words: self.noise },
        })
    }
}

/// Sets a sample to one that does nothing: not applied, no box, ratio 1. Pass `sizeof(cutmix_sample)` as `struct_size`,
/// which is in bytes. Constant cost.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`.
///
/// ```c
/// cutmix_sample plan;
/// cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
/// assert(s == CUTMIX_OK && plan.applied == 0 && plan.kept == plan.total && plan.patch[2] == 0);
/// s = cutmix_sample_init(&plan, sizeof plan - 1);
/// assert(s == CUTMIX_STRUCT_SIZE);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_sample_init(sample: *mut Sample, struct_size: usize) -> Status {
    answer(|call| {
        given!(call, sample);
        let sample = sample.sized(struct_size)?;
        call.write(sample, Sample::of(&SamplePlan::NOTHING, sample.struct_size()))
    })
}

/// The plan of one sample.
pub(crate) fn read_plan<'call>(call: &Call<'call>, sample: In<'call, Sample>) -> Result<SamplePlan, Refusal> {
    call.read(sample)?.checked()
}

/// The bytes of an array of samples, of which each has `stride`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Samples<'a> {
    bytes: &'a [u8],
    stride: usize,
    len: usize,
}

impl<'a> Samples<'a> {
    pub(crate) const fn new(bytes: &'a [u8], stride: usize, len: usize) -> Self {
        Self { bytes, stride, len }
    }

    pub(crate) const fn len(self) -> usize {
        self.len
    }

    /// The plan of sample `i`.
    pub(crate) fn get(self, i: usize) -> Result<SamplePlan, Refusal> {
        let bytes = self.bytes.get(i.wrapping_mul(self.stride)..).ok_or(Refusal(CUTMIX_TOO_SHORT))?;
        let sample = parse::<Sample>(bytes)?;
        if sample.struct_size as usize != self.stride {
            return Err(Refusal(CUTMIX_STRUCT_SIZE));
        }
        sample.checked()
    }
}

/// Writes sample `i` of an array.
pub(crate) fn write_sample(bytes: &mut [u8], stride: usize, i: usize, plan: &SamplePlan) -> Result<(), Refusal> {
    let start = i.wrapping_mul(stride);
    let bytes = bytes.get_mut(start..start.wrapping_add(stride)).ok_or(Refusal(CUTMIX_TOO_SHORT))?;
    unparse(bytes, Sample::of(plan, stride as u32))
}
