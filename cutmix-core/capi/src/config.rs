//! What plans are drawn from.

use cutmix_core::plan::{Extent, Methods, Scope};
use cutmix_core::{Beta, BoxRule, Method, PlanConfig, Size, WeightGrid};

use crate::memory::{answer, given};
use crate::status::{CUTMIX_ENUM, CUTMIX_RESERVED, Refusal, Status};
use crate::values::Struct;

/// `CutMix`: a box of the donor replaces that of the base.
pub const CUTMIX_METHOD_CUTMIX: u32 = 0;
/// Mixup: base and donor are blended.
pub const CUTMIX_METHOD_MIXUP: u32 = 1;
/// Cutout: a box of the base is filled; its label stays.
pub const CUTMIX_METHOD_CUTOUT: u32 = 2;
/// In a configuration only: `CutMix` with probability `switch_cutmix`, else Mixup.
pub const CUTMIX_METHOD_SWITCH: u32 = 3;

/// The paper's formula on a pixel grid: pixels whose centre lies in the real box.
pub const CUTMIX_RULE_PAPER: u32 = 0;
/// The paper authors' code; also torchvision, timm up to 1.0.28, mmpretrain and composer.
pub const CUTMIX_RULE_OFFICIAL: u32 = 1;
/// timm from 1.0.29 on, keras-cv: odd sides keep their pixel.
pub const CUTMIX_RULE_FULL_EXTENT: u32 = 2;

/// Sides of the box by the `CutMix` law: `sqrt(1 - lambda)` of those of the image, clipped.
pub const CUTMIX_EXTENT_LAW: u32 = 0;
/// Sides of `fixed_width` x `fixed_height` pixels, clipped.
pub const CUTMIX_EXTENT_FIXED: u32 = 1;
/// Each side uniform between the fractions `extent_min` and `extent_max` of the image's, the box wholly inside.
pub const CUTMIX_EXTENT_MIN_MAX: u32 = 2;

/// Mixup weights in multiples of 2^-15, for U8 and U16 images.
pub const CUTMIX_GRID_Q15: u32 = 0;
/// Mixup weights in multiples of 2^-24, for F32 images.
pub const CUTMIX_GRID_Q24: u32 = 1;

/// Every sample has a box of its own.
pub const CUTMIX_SCOPE_SAMPLE: u32 = 0;
/// The two samples of a pair share one; partners must be mutual.
pub const CUTMIX_SCOPE_PAIR: u32 = 1;
/// The whole batch shares one.
pub const CUTMIX_SCOPE_BATCH: u32 = 2;

/// Sample i takes from i - 1, the first from the last.
pub const CUTMIX_PAIRING_ROLL: u32 = 0;
/// Sample i takes from n - 1 - i.
pub const CUTMIX_PAIRING_FLIP: u32 = 1;
/// A uniform permutation, fixed points allowed.
pub const CUTMIX_PAIRING_PERMUTATION: u32 = 2;
/// A uniform permutation without fixed points.
pub const CUTMIX_PAIRING_DERANGEMENT: u32 = 3;
/// Each partner uniform over the batch, itself allowed.
pub const CUTMIX_PAIRING_REPLACEMENT: u32 = 4;
/// The partners that the caller gives in `partners`.
pub const CUTMIX_PAIRING_GIVEN: u32 = 5;

/// The configuration of a plan: with a key, it determines every drawn value. Set it with `cutmix_config_init`, then
/// change what should differ.
///
/// ```c
/// cutmix_config config;
/// cutmix_sample plan;
/// plan.struct_size = sizeof plan;
/// cutmix_status s = cutmix_config_init(&config, sizeof config, 224, 224);
/// config.method = CUTMIX_METHOD_MIXUP, config.mixup_alpha = config.mixup_beta = 0.2;
/// config.grid = CUTMIX_GRID_Q24; // the images are F32
/// if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);
/// assert(s == CUTMIX_OK && plan.method == CUTMIX_METHOD_MIXUP && plan.patch[2] == 0 && plan.total == 1 << 24);
/// ```
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Size of this struct in bytes.
    pub struct_size: u32,
    /// Columns of the images, at least 1.
    pub width: u32,
    /// Rows of the images, at least 1.
    pub height: u32,
    /// One of `CUTMIX_METHOD_*`.
    pub method: u32,
    /// One of `CUTMIX_RULE_*`.
    pub rule: u32,
    /// One of `CUTMIX_EXTENT_*`.
    pub extent: u32,
    /// With `CUTMIX_EXTENT_FIXED`: columns of the box.
    pub fixed_width: u32,
    /// With `CUTMIX_EXTENT_FIXED`: rows of the box.
    pub fixed_height: u32,
    /// One of `CUTMIX_GRID_*`.
    pub grid: u32,
    /// Zero.
    pub reserved: u32,
    /// With `CUTMIX_METHOD_SWITCH`: the probability of `CutMix`, in [0, 1].
    pub switch_cutmix: f64,
    /// With `CUTMIX_EXTENT_MIN_MAX`: the least fraction, in [0, 1].
    pub extent_min: f64,
    /// With `CUTMIX_EXTENT_MIN_MAX`: the greatest fraction, in [`extent_min`, 1].
    pub extent_max: f64,
    /// The probability that a sample is mixed at all, in [0, 1].
    pub probability: f64,
    /// Lambda of `CutMix` and Cutout is drawn from Beta(`cutmix_alpha`, `cutmix_beta`); 1 and 1 in the paper. Equal ones
    /// lie in [0.001, 1e6], unequal ones in [0.05, 50].
    pub cutmix_alpha: f64,
    /// See `cutmix_alpha`.
    pub cutmix_beta: f64,
    /// Lambda of Mixup is drawn from Beta(`mixup_alpha`, `mixup_beta`), as above.
    pub mixup_alpha: f64,
    /// See `mixup_alpha`.
    pub mixup_beta: f64,
    /// The partner of a single sample is drawn from this many, itself allowed; 0 counts as 1. Batches have a pairing
    /// instead.
    pub partners: u64,
}

// SAFETY: repr(C), ten u32 and then eight-byte fields: no padding; integers and floats only.
unsafe impl Struct for Config {}

/// What the plan of a batch needs beside the configuration. Set it with `cutmix_batch_config_init`.
///
/// ```c
/// uint32_t partners[3] = {2, 0, 1};
/// uint8_t work[1024];
/// cutmix_config config;
/// cutmix_batch_config batch;
/// cutmix_sample plans[3];
/// plans[0].struct_size = sizeof plans[0];
/// cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
/// if (!s) s = cutmix_batch_config_init(&batch, sizeof batch, 0);
/// batch.pairing = CUTMIX_PAIRING_GIVEN, batch.partners = partners;
/// if (!s) s = cutmix_plan_batch(7, 0, 0, &config, &batch, plans, 3, work, sizeof work);
/// assert(s == CUTMIX_OK && plans[0].partner == 2 && plans[1].partner == 0 && plans[2].partner == 1);
/// ```
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BatchConfig {
    /// Size of this struct in bytes.
    pub struct_size: u32,
    /// One of `CUTMIX_SCOPE_*`.
    pub scope: u32,
    /// One of `CUTMIX_PAIRING_*`.
    pub pairing: u32,
    /// Zero.
    pub reserved: u32,
    /// Index in the data set of the first sample; the others follow it. Not looked at where `indices` is given.
    pub first_index: u64,
    /// Null, or the index in the data set of every sample.
    pub indices: *const u64,
    /// With `CUTMIX_PAIRING_GIVEN`: the partner of every sample, as its position in the batch.
    pub partners: *const u32,
}

// SAFETY: repr(C), four u32, one u64 and two pointers of one size: no padding; integers and raw pointers only.
unsafe impl Struct for BatchConfig {}

/// Sets a configuration to `CutMix` of the paper on images of `width` x `height` pixels: alpha 1, rule
/// `CUTMIX_RULE_PAPER`, always applied. Pass `sizeof(cutmix_config)` as `struct_size`, which is in bytes. Constant cost.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`, `CUTMIX_ZERO_SIDE`.
///
/// ```c
/// cutmix_config config;
/// cutmix_status s = cutmix_config_init(&config, sizeof config, 40, 24);
/// assert(s == CUTMIX_OK && config.method == CUTMIX_METHOD_CUTMIX && config.rule == CUTMIX_RULE_PAPER);
/// assert(config.cutmix_alpha == 1.0 && config.cutmix_beta == 1.0 && config.probability == 1.0);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_config_init(
    config: *mut Config,
    struct_size: usize,
    width: u32,
    height: u32,
) -> Status {
    answer(|call| {
        given!(call, config);
        let config = config.sized(struct_size)?;
        Size::new(width, height)?;
        let value = Config {
            struct_size: config.struct_size(),
            width,
            height,
            method: CUTMIX_METHOD_CUTMIX,
            rule: CUTMIX_RULE_PAPER,
            extent: CUTMIX_EXTENT_LAW,
            fixed_width: 0,
            fixed_height: 0,
            grid: CUTMIX_GRID_Q15,
            reserved: 0,
            switch_cutmix: 0.5,
            extent_min: 0.0,
            extent_max: 1.0,
            probability: 1.0,
            cutmix_alpha: 1.0,
            cutmix_beta: 1.0,
            mixup_alpha: 1.0,
            mixup_beta: 1.0,
            partners: 1,
        };
        call.write(config, value)
    })
}

/// Sets a batch's configuration: a draw for each sample, pairing `CUTMIX_PAIRING_ROLL`, samples in a row from
/// `first_index` on. Pass `sizeof(cutmix_batch_config)` as `struct_size`, which is in bytes. Constant cost.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`.
///
/// ```c
/// cutmix_batch_config batch; // the samples from index 96 of the data set on
/// cutmix_status s = cutmix_batch_config_init(&batch, sizeof batch, 96);
/// assert(s == CUTMIX_OK && batch.pairing == CUTMIX_PAIRING_ROLL && batch.scope == CUTMIX_SCOPE_SAMPLE);
/// assert(batch.first_index == 96 && batch.indices == NULL);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_batch_config_init(
    batch: *mut BatchConfig,
    struct_size: usize,
    first_index: u64,
) -> Status {
    answer(|call| {
        given!(call, batch);
        let batch = batch.sized(struct_size)?;
        let value = BatchConfig {
            struct_size: batch.struct_size(),
            scope: CUTMIX_SCOPE_SAMPLE,
            pairing: CUTMIX_PAIRING_ROLL,
            reserved: 0,
            first_index,
            indices: core::ptr::null(),
            partners: core::ptr::null(),
        };
        call.write(batch, value)
    })
}

pub(crate) fn reserved(value: u32) -> Result<(), Refusal> {
    if value == 0 { Ok(()) } else { Err(Refusal(CUTMIX_RESERVED)) }
}

/// What the codes stand for, in their order.
pub(crate) const METHODS: [Method; 3] = [Method::CutMix, Method::Mixup, Method::Cutout];
pub(crate) const RULES: [BoxRule; 3] = [BoxRule::Paper, BoxRule::Official, BoxRule::FullExtent];
pub(crate) const GRIDS: [WeightGrid; 2] = [WeightGrid::Q15, WeightGrid::Q24];
pub(crate) const SCOPES: [Scope; 3] = [Scope::Sample, Scope::Pair, Scope::Batch];

/// What a code stands for.
pub(crate) fn coded<T: Copy>(by_code: &[T], code: u32) -> Result<T, Refusal> {
    by_code.get(code as usize).copied().ok_or(Refusal(CUTMIX_ENUM))
}

impl Config {
    /// The core's configuration. Fields that the chosen method and extent do not use are not looked at.
    pub(crate) fn checked(&self) -> Result<PlanConfig, Refusal> {
        reserved(self.reserved)?;
        let methods = match self.method {
            CUTMIX_METHOD_SWITCH => Methods::Switch { cutmix: self.switch_cutmix },
            code => Methods::Only(coded(&METHODS, code)?),
        };
        let extent = match self.extent {
            CUTMIX_EXTENT_LAW => Extent::Law,
            CUTMIX_EXTENT_FIXED => Extent::Fixed { width: self.fixed_width, height: self.fixed_height },
            CUTMIX_EXTENT_MIN_MAX => Extent::MinMax { min: self.extent_min, max: self.extent_max },
            _ => return Err(Refusal(CUTMIX_ENUM)),
        };
        let (rule, grid) = (coded(&RULES, self.rule)?, coded(&GRIDS, self.grid)?);
        let cutmix = Beta::new(self.cutmix_alpha, self.cutmix_beta)?;
        let mixup = Beta::new(self.mixup_alpha, self.mixup_beta)?;
        Ok(PlanConfig::cutmix(Size::new(self.width, self.height)?)
            .with_methods(methods)?
            .with_extent(extent)?
            .with_probability(self.probability)?
            .with_betas(cutmix, mixup)
            .with_rule(rule)
            .with_grid(grid)
            .with_partners(self.partners))
    }
}
