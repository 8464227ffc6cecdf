//! Plans: any configuration is refused exactly where its documentation says; a drawn plan is what the stream contract
//! (`STREAM.md`) says, drawn a second time by the reference; the order of a batch loses nothing.

use arbitrary::Arbitrary;
use cutmix_core::plan::{Extent, Methods};
use cutmix_core::{BatchKey, Beta, BoxRule, Error, Method, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid};
use cutmix_verify::reference::Stream;

use crate::Outcome;
use crate::batches;
use crate::drawn::expect_drawn;
use crate::numbers::{Real, is_fraction};

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

pub(crate) fn check(data: &[u8]) -> Outcome {
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
    expect_drawn(&plan, &mut Stream::new(*b"CM1.smpl", [seed, epoch, index, 0]), &config, key, None);
    batches::check(&input.batch, BatchKey { seed, epoch, batch: index }, &config)
}
