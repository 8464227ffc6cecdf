//! Draws, boxes, ratios, masks and labels.

use cutmix_core::draw::{Beta, uniform};
use cutmix_core::geometry::{mask_bits, mask_bits_row_bytes, mask_bytes};
use cutmix_core::label::{Smoothing, mix_ids};
use cutmix_core::plan::{Extent, Methods};
use cutmix_core::{
    BoxRule, Centre, Error, Grid, KeptRatio, Method, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid,
};

use crate::Hash;

/// Sizes, odd ones and extreme shapes among them.
const SIZES: [(u32, u32); 9] =
    [(32, 32), (40, 24), (24, 40), (1, 1), (7, 3), (224, 224), (1, 97), (333, 2), (4096, 2160)];
const ALPHAS: [f64; 10] = [1.0, 0.5, 2.0, 0.2, 0.1, 0.4, 8.0, 0.001, 3.7, 1e6];
const RULES: [BoxRule; 3] = [BoxRule::Paper, BoxRule::Official, BoxRule::FullExtent];

/// The configuration of a key: everything varies, at periods that do not divide each other.
pub(crate) fn config(key: u64) -> Result<PlanConfig, Error> {
    let pick = |len: usize| (key % len as u64) as usize;
    let (width, height) = SIZES[pick(SIZES.len())];
    let size = Size::new(width, height)?;
    let config = match key % 4 {
        0 | 1 => PlanConfig::cutmix(size),
        2 => PlanConfig::cutout(size),
        _ => PlanConfig::cutmix(size).with_methods(Methods::Switch { cutmix: 0.5 })?,
    };
    let config = match key % 11 {
        3 => config.with_extent(Extent::Fixed { width: 5, height: 9 })?,
        7 => config.with_extent(Extent::MinMax { min: 0.25, max: 0.75 })?,
        _ => config,
    };
    let config = if key % 13 == 5 { config.with_betas(Beta::new(0.3, 2.5)?, Beta::new(4.0, 0.7)?) } else { config };
    let config = if key % 13 == 5 { config } else { config.with_alpha(ALPHAS[pick(ALPHAS.len())])? };
    let grid = if key % 5 < 2 { WeightGrid::Q24 } else { WeightGrid::Q15 };
    config
        .with_rule(RULES[pick(RULES.len())])
        .with_grid(grid)
        .with_partners(1 + key * 997)
        .with_probability(if key % 7 == 6 { 0.5 } else { 1.0 })
}

pub(crate) fn hash_plan(hash: &mut Hash, plan: &SamplePlan) {
    hash.u8(match plan.method {
        Method::CutMix => 0,
        Method::Mixup => 1,
        Method::Cutout => 2,
    });
    hash.u8(plan.applied.into());
    hash.u64(plan.partner);
    hash_box(hash, plan.patch);
    hash.f64(plan.lambda);
    hash_ratio(hash, plan.kept);
    plan.noise.words.into_iter().for_each(|word| hash.u32(word));
}

fn hash_box(hash: &mut Hash, patch: PatchBox) {
    [patch.x0(), patch.y0(), patch.x1(), patch.y1()].into_iter().for_each(|edge| hash.u32(edge));
}

fn hash_ratio(hash: &mut Hash, ratio: KeptRatio) {
    hash.u64(ratio.kept());
    hash.u64(ratio.total());
    let (w_a, w_b) = ratio.weights();
    hash.f32(w_a);
    hash.f32(w_b);
}

pub(crate) fn walk(hash: &mut Hash, key: u64) -> Result<(), Error> {
    let sample = SampleKey { seed: key ^ 0x5eed, epoch: key % 3, index: key.wrapping_mul(0x9e37_79b9_7f4a_7c15) };
    let config = config(key)?;
    let plan = SamplePlan::draw(sample, &config);
    hash_plan(hash, &plan);

    // The stream itself, and every sampler from where it stands.
    let mut rng = sample.rng();
    hash.f64(uniform::unit(&mut rng));
    hash.u64(uniform::below(&mut rng, key * key + 1));
    for alpha in ALPHAS {
        hash.f64(Beta::symmetric(alpha)?.sample(&mut rng));
    }
    hash.f64(Beta::new(0.05 + (key % 40) as f64, 1.5)?.sample(&mut rng));

    // The rules away from the stream's own lambda.
    let size = config.size();
    let centre = Centre {
        x: uniform::unit(&mut rng) * f64::from(size.width()),
        y: uniform::unit(&mut rng) * f64::from(size.height()),
    };
    for rule in RULES {
        for lambda in [0.0, 1.0, uniform::unit(&mut rng)] {
            hash_box(hash, rule.patch_box(lambda, centre, size)?);
        }
        hash_box(hash, rule.fixed_box(3, 8, centre, size)?);
    }
    let grid = Grid::new(2, 2)?;
    hash_box(hash, plan.patch.snap(grid, size)?.subsample(grid));

    // Masks of small images, and labels.
    if size.total() <= 1024 {
        let mut bytes = [0; 1024];
        let mask = &mut bytes[..size.total() as usize];
        mask_bytes(plan.patch, size, mask)?;
        mask.iter().for_each(|&byte| hash.u8(byte));
        let mut bits = [0; 1024];
        let len = (mask_bits_row_bytes(size) * size.height()) as usize;
        mask_bits(plan.patch, size, &mut bits[..len])?;
        bits[..len].iter().for_each(|&byte| hash.u8(byte));
    }
    let mut row = [0.0; 10];
    let smoothing = Smoothing::new(if key.is_multiple_of(2) { 0.0 } else { 0.1 })?;
    mix_ids(&mut row, (key % 10) as u32, (key / 3 % 10) as u32, plan.label_ratio(), smoothing)?;
    row.into_iter().for_each(|weight| hash.f32(weight));
    Ok(())
}
