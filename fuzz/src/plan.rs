//! Plans: any configuration is refused exactly where its documentation says; a drawn plan is what the stream contract
//! (`STREAM.md`) says, drawn here a second time, with the reference's boxes; masks, ratios and labels count its pixels;
//! the order of a batch loses nothing.

use arbitrary::Arbitrary;
use cutmix_core::draw::uniform::{below, unit};
use cutmix_core::plan::{Extent, Methods};
use cutmix_core::{
    BatchKey, Beta, BoxRule, Centre, Error, KeptRatio, Method, NoiseKey, PatchBox, PlanConfig, SampleKey, SamplePlan,
    Size, WeightGrid, geometry,
};
use cutmix_verify::reference;
use rand_core::Rng;

use crate::Outcome;
use crate::batches;
use crate::numbers::{Real, is_fraction};
use crate::rules::{RULES, expect_pixels};

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Sides {
    Law,
    Fixed(u32, u32),
    FixedSmall(u8, u8),
    MinMax(Real, Real),
}

#[derive(Arbitrary, Debug)]
struct Input {
    key: [u64; 3],
    width: u16,
    height: u16,
    /// Shifts the sides up, to images beyond any memory.
    larger: u8,
    method: u8,
    switch: Option<Real>,
    alphas: [Real; 2],
    rule: u8,
    sides: Sides,
    probability: Real,
    fine: bool,
    partners: u64,
    batch: batches::Input,
}

impl Input {
    fn size(&self) -> Size {
        let shift = if self.larger.is_multiple_of(4) { u32::from(self.larger) % 17 } else { 0 };
        let side = |side: u16| (1 + u32::from(side) % 600) << shift.min(22);
        Size::new(side(self.width), side(self.height)).expect("sides of at least 1")
    }

    fn extent(&self) -> Extent {
        match self.sides {
            Sides::Law => Extent::Law,
            Sides::Fixed(width, height) => Extent::Fixed { width, height },
            Sides::FixedSmall(width, height) => Extent::Fixed { width: width.into(), height: height.into() },
            Sides::MinMax(min, max) => Extent::MinMax { min: min.value(), max: max.value() },
        }
    }

    fn only(&self) -> Method {
        [Method::CutMix, Method::Mixup, Method::Cutout][usize::from(self.method) % 3]
    }

    fn methods(&self) -> Methods {
        self.switch.map_or(Methods::Only(self.only()), |cutmix| Methods::Switch { cutmix: cutmix.value() })
    }

    /// Whether every number is in its documented range.
    fn is_valid(&self) -> bool {
        let alpha = |alpha: Real| (1e-3..=1e6).contains(&alpha.value());
        let extent = match self.extent() {
            Extent::MinMax { min, max } => is_fraction(min) && is_fraction(max) && min <= max,
            Extent::Law | Extent::Fixed { .. } => true,
        };
        self.switch.is_none_or(|switch| is_fraction(switch.value()))
            && self.alphas.iter().all(|&a| alpha(a))
            && is_fraction(self.probability.value())
            && extent
    }

    fn config(&self) -> Result<PlanConfig, Error> {
        let config = match self.only() {
            Method::CutMix => PlanConfig::cutmix(self.size()),
            Method::Mixup => PlanConfig::mixup(self.size()),
            Method::Cutout => PlanConfig::cutout(self.size()),
        };
        let [cutmix, mixup] = self.alphas.map(|alpha| Beta::symmetric(alpha.value()));
        let config = config.with_methods(self.methods())?.with_betas(cutmix?, mixup?);
        let config = config.with_rule(BoxRule::ALL[usize::from(self.rule) % 3]).with_extent(self.extent())?;
        let grid = if self.fine { WeightGrid::Q24 } else { WeightGrid::Q15 };
        Ok(config.with_probability(self.probability.value())?.with_grid(grid).with_partners(self.partners))
    }
}

/// That `plan` is what the contract draws from `rng`; `partner` is given where a batch's pairing decides it.
pub(crate) fn expect_drawn(
    plan: &SamplePlan,
    rng: &mut impl Rng,
    config: &PlanConfig,
    noise: NoiseKey,
    partner: Option<u64>,
) {
    let size = config.size();
    let applied = unit(rng) < config.probability();
    let switch = unit(rng);
    let drawn = below(rng, config.partners().max(1));
    let (u, v) = (unit(rng), unit(rng));
    let mut extent = [0_u32; 2];
    for (extent, length) in extent.iter_mut().zip([size.width(), size.height()]) {
        let part = |share: f64| (f64::from(length) * share).trunc() as u64;
        let (least, most) = match config.extent() {
            Extent::MinMax { min, max } => (part(min), part(max)),
            Extent::Law | Extent::Fixed { .. } => (0, 0),
        };
        *extent = (least + below(rng, most - least + 1)) as u32;
    }
    let method = match config.methods() {
        Methods::Only(method) => method,
        Methods::Switch { cutmix } => {
            if switch < cutmix {
                Method::CutMix
            } else {
                Method::Mixup
            }
        }
    };
    let beta = if method == Method::Mixup { config.mixup_alpha() } else { config.cutmix_alpha() };
    let lambda = beta.sample(rng);
    assert_eq!(
        (plan.method, plan.applied, plan.partner, plan.lambda.to_bits()),
        (method, applied, partner.unwrap_or(drawn), lambda.to_bits()),
        "{plan:?} is not what the contract draws"
    );
    assert_eq!(plan.noise, if method == Method::Cutout { noise } else { NoiseKey::default() });
    let patch = plan.patch;
    if !applied || method == Method::Mixup {
        assert!(patch == PatchBox::EMPTY, "{plan:?} has a box");
    } else {
        let centre = Centre { x: u * f64::from(size.width()), y: v * f64::from(size.height()) };
        let naive = RULES[BoxRule::ALL.iter().position(|&rule| rule == config.rule()).expect("one of all")];
        let (place, sides) = ((centre.x, centre.y), (size.width(), size.height()));
        expect_pixels(patch, size, centre, plan, |(x, y)| match config.extent() {
            Extent::Law => reference::inside_law(naive, lambda, place, sides, (x, y)),
            Extent::Fixed { width, height } => reference::inside_fixed(naive, (width, height), place, (x, y)),
            Extent::MinMax { .. } => {
                let first = |unit: f64, extent: u32, length: u32| {
                    let room = u64::from(length) - u64::from(extent);
                    ((unit * (room + 1) as f64).trunc() as u64).min(room)
                };
                let (x0, y0) = (first(u, extent[0], size.width()), first(v, extent[1], size.height()));
                (x0..x0 + u64::from(extent[0])).contains(&x.into())
                    && (y0..y0 + u64::from(extent[1])).contains(&y.into())
            }
        });
    }
    let kept = match method {
        Method::Mixup => {
            let steps = f64::from(config.grid().denominator());
            let q = if applied { (lambda * steps + 0.5).floor() } else { steps };
            (q as u64, u64::from(config.grid().denominator()))
        }
        Method::CutMix | Method::Cutout => {
            let area = u128::from(patch.x1() - patch.x0()) * u128::from(patch.y1() - patch.y0());
            let total = u128::from(size.width()) * u128::from(size.height());
            ((total - area) as u64, total as u64)
        }
    };
    assert_eq!((plan.kept.kept(), plan.kept.total()), kept, "the ratio of {plan:?}");
    expect_label(plan, size);
}

/// That the plan is honest, its label weights sum to one, and its masks hold what its ratio counts.
fn expect_label(plan: &SamplePlan, size: Size) {
    assert_eq!(plan.check(size, 0), Ok(()), "{plan:?}");
    let ratio = plan.label_ratio();
    assert!(plan.method != Method::Cutout || ratio == KeptRatio::ONE);
    let (w_a, w_b) = ratio.weights();
    assert_eq!(w_a, (ratio.kept() as f64 / ratio.total() as f64) as f32);
    assert!(w_a + w_b == 1.0 && (0.0..=1.0).contains(&w_a), "weights {w_a} and {w_b} of {plan:?}");
    if size.total() > 4096 {
        return;
    }
    let mut bytes = vec![7; size.total() as usize];
    let row_bytes = geometry::mask_bits_row_bytes(size) as usize;
    let mut bits = vec![0x5a; row_bytes * size.height() as usize];
    assert_eq!(geometry::mask_bytes(plan.patch, size, &mut bytes), Ok(()));
    assert_eq!(geometry::mask_bits(plan.patch, size, &mut bits), Ok(()));
    assert!(bytes.iter().all(|&byte| byte < 2), "a mask of zeros and ones");
    let ones = bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>();
    assert_eq!(bits.iter().map(|byte| u64::from(byte.count_ones())).sum::<u64>(), ones, "bits are bytes");
    assert!(plan.method == Method::Mixup || ones == plan.kept.kept(), "the mask of {plan:?} keeps {ones}");
}

/// The oracle.
#[must_use]
pub fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    let config = match input.config() {
        Ok(config) => config,
        Err(error) => {
            assert!(!input.is_valid(), "{error} for {input:?}");
            return Outcome::Refused;
        }
    };
    assert!(input.is_valid(), "numbers out of range were taken: {input:?}");
    let [seed, epoch, index] = input.key;
    let key = SampleKey { seed, epoch, index };
    let plan = SamplePlan::draw(key, &config);
    assert_eq!(plan, SamplePlan::draw(key, &config), "the same key, the same plan");
    expect_drawn(&plan, &mut key.rng(), &config, key.noise(), None);
    batches::check(&input.batch, BatchKey { seed, epoch, batch: index }, &config)
}
