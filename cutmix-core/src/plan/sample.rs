//! The plan of one sample, and the order in which its values are drawn.

use rand_core::Rng;

use crate::draw::uniform::{below, unit};
use crate::draw::{NoiseKey, SampleKey};
use crate::error::Error;
use crate::geometry::{Grid, KeptRatio, PatchBox, Size};
use crate::kernels::real::trunc;
use crate::plan::{Extent, Method, Methods, PlanConfig};
use crate::rule::Centre;

/// What to do to one sample. Plain data: write it down, compare it, replay it.
///
/// ```
/// # use cutmix_core::{KeptRatio, PatchBox, SamplePlan, Size};
/// // A box of one's own: what a plan needs to be one for images of this size.
/// let (size, patch) = (Size::new(40, 24)?, PatchBox::new(8, 6, 28, 18)?);
/// let kept = KeptRatio::of(patch, size)?;
/// let plan = SamplePlan { applied: true, partner: 3, patch, kept, lambda: 0.75, ..SamplePlan::NOTHING };
/// assert_eq!(plan.check(size, 0), Ok(()));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SamplePlan {
    /// The method.
    pub method: Method,
    /// Whether it is applied; if not, the sample stays as it is (and the box is empty, the kept ratio 1).
    pub applied: bool,
    /// Index of the donor: in the batch, or in the data set for a plan of its own.
    pub partner: u64,
    /// The box; empty for Mixup.
    pub patch: PatchBox,
    /// The drawn lambda. It decides the box, but is not the label's weight.
    pub lambda: f64,
    /// The exact weight lambda' of the base: pixels outside the box, or the Mixup weight on its grid.
    pub kept: KeptRatio,
    /// Selects the noise of a Cutout that fills with noise.
    pub noise: NoiseKey,
}

impl SamplePlan {
    /// A plan that does nothing, for images of any size: where plans of one's own begin.
    ///
    /// ```
    /// # use cutmix_core::{SamplePlan, Size};
    /// assert_eq!(SamplePlan::NOTHING.check(Size::new(1, 1)?, 0), Ok(()));
    /// assert_eq!(SamplePlan::NOTHING.label_ratio().weights(), (1.0, 0.0));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const NOTHING: Self = Self {
        method: Method::CutMix,
        applied: false,
        partner: 0,
        patch: PatchBox::EMPTY,
        lambda: 1.0,
        kept: KeptRatio::ONE,
        noise: NoiseKey { words: [0, 0] },
    };

    /// Draws the plan of one sample; a pure function of the key and the configuration.
    ///
    /// Costs some 50 ns at alpha 1 on a desktop, and no memory.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PlanConfig, SampleKey, SamplePlan, Size};
    /// let size = Size::new(40, 24)?;
    /// let key = SampleKey { seed: 7, epoch: 0, index: 41 };
    /// let plan = SamplePlan::draw(key, &PlanConfig::cutmix(size).with_partners(50_000));
    /// assert_eq!(plan.kept, KeptRatio::of(plan.patch, size)?);
    /// assert_eq!(plan, SamplePlan::draw(key, &PlanConfig::cutmix(size).with_partners(50_000)));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn draw(key: SampleKey, config: &PlanConfig) -> Self {
        Values::draw(&mut key.rng(), config).plan(config, key)
    }

    /// As [`SamplePlan::draw`], for configurations whose lambda is uniform (alpha 1), the paper's. The result is the
    /// same; what differs is that nothing of the other Beta samplers, and so neither `log` nor `exp`, is reached: a
    /// linker that drops what is not called saves some kilobytes of a microcontroller's flash.
    ///
    /// # Errors
    /// [`Error::NotUniform`] if lambda has another law, for whichever method.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// let key = SampleKey { seed: 7, epoch: 0, index: 41 };
    /// let config = PlanConfig::cutmix(Size::new(40, 24)?);
    /// assert_eq!(SamplePlan::draw_uniform(key, &config), Ok(SamplePlan::draw(key, &config)));
    /// assert!(SamplePlan::draw_uniform(key, &config.with_alpha(0.2)?).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn draw_uniform(key: SampleKey, config: &PlanConfig) -> Result<Self, Error> {
        for law in [config.cutmix_alpha(), config.mixup_alpha()] {
            if !law.is_uniform() {
                let (a, b) = law.shape();
                return Err(Error::NotUniform { a, b });
            }
        }
        Ok(Values::draw_with(&mut key.rng(), config, |_, rng| unit(rng)).plan(config, key))
    }

    /// The weight of the base's label: the kept ratio, or 1 for Cutout, whose labels stay.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PlanConfig, SampleKey, SamplePlan, Size};
    /// let (key, size) = (SampleKey::default(), Size::new(40, 24)?);
    /// let plan = SamplePlan::draw(key, &PlanConfig::cutmix(size));
    /// assert_eq!(plan.label_ratio(), plan.kept);
    /// assert_eq!(SamplePlan::draw(key, &PlanConfig::cutout(size)).label_ratio(), KeptRatio::ONE);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn label_ratio(&self) -> KeptRatio {
        match self.method {
            Method::CutMix | Method::Mixup => self.kept,
            Method::Cutout => KeptRatio::ONE,
        }
    }

    /// Whether sample `index` of a batch stays as it is under this plan: not applied, nothing to replace, or its own
    /// donor.
    ///
    /// ```
    /// # use cutmix_core::SamplePlan;
    /// assert!(SamplePlan::NOTHING.leaves_base(0));
    /// ```
    #[must_use]
    pub const fn leaves_base(&self, index: u64) -> bool {
        !self.applied
            || match self.method {
                Method::CutMix => self.patch.is_empty() || self.partner == index,
                Method::Mixup => self.kept.kept() == self.kept.total() || self.partner == index,
                Method::Cutout => self.patch.is_empty(),
            }
    }

    /// The part of the plan inside `window`, for the window alone: what is done there, in its own coordinates. The
    /// label comes from the whole plan, since only that has the whole kept ratio.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] if the window is not within an image of `size`, [`Error::ZeroSide`] if it is empty.
    ///
    /// ```
    /// # use cutmix_core::{PatchBox, PlanConfig, SampleKey, SamplePlan, Size};
    /// let size = Size::new(40, 24)?;
    /// let plan = SamplePlan::draw(SampleKey::default(), &PlanConfig::cutmix(size));
    /// let upper = plan.window(size, PatchBox::new(0, 0, 40, 12)?)?;
    /// let lower = plan.window(size, PatchBox::new(0, 12, 40, 24)?)?;
    /// assert_eq!(upper.patch.area() + lower.patch.area(), plan.patch.area());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn window(&self, size: Size, window: PatchBox) -> Result<Self, Error> {
        window.checked_in(size)?;
        let inside = self.patch.intersection(window);
        let patch = PatchBox::from_ordered(
            inside.x0().saturating_sub(window.x0()),
            inside.y0().saturating_sub(window.y0()),
            inside.x1().saturating_sub(window.x0()),
            inside.y1().saturating_sub(window.y0()),
        );
        self.with_box(patch, Size::new(window.width(), window.height())?)
    }

    /// The plan with its box moved to the borders of the cells of a grid by [`PatchBox::snap`], and the kept ratio of the
    /// box that results: so the label follows the pixels. Mixup has no box and stays.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] if the box is not within an image of `size`.
    ///
    /// ```
    /// # use cutmix_core::{Grid, KeptRatio, PlanConfig, SampleKey, SamplePlan, Size};
    /// let size = Size::new(41, 25)?;
    /// let drawn = SamplePlan::draw(SampleKey::default(), &PlanConfig::cutmix(size));
    /// let plan = drawn.snap(Grid::YUV420, size)?;
    /// assert!(plan.patch.is_on(Grid::YUV420, size));
    /// assert_eq!(plan.kept, KeptRatio::of(plan.patch, size)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn snap(&self, grid: Grid, size: Size) -> Result<Self, Error> {
        self.with_box(self.patch.snap(grid, size)?, size)
    }

    /// The plan for a plane that holds one sample for each cell of a grid, such as the chroma of a frame: for rows and
    /// batches of that plane alone. The label comes from the whole plan.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] or [`Error::OffGrid`] if the box is not that of a plan for `size` after
    /// [`SamplePlan::snap`].
    ///
    /// ```
    /// # use cutmix_core::{Grid, PlanConfig, SampleKey, SamplePlan, Size};
    /// let size = Size::new(41, 25)?;
    /// let plan = SamplePlan::draw(SampleKey::default(), &PlanConfig::cutmix(size)).snap(Grid::YUV420, size)?;
    /// let chroma = plan.subsample(Grid::YUV420, size)?;
    /// assert_eq!(chroma.patch, plan.patch.subsample(Grid::YUV420));
    /// assert_eq!(chroma.check(Size::new(21, 13)?, 0), Ok(()));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn subsample(&self, grid: Grid, size: Size) -> Result<Self, Error> {
        self.with_box(self.patch.checked_on(grid, size)?.subsample(grid), grid.subsample(size))
    }

    /// The same plan with another box, in an image of `size`.
    fn with_box(&self, patch: PatchBox, size: Size) -> Result<Self, Error> {
        Ok(match self.method {
            Method::Mixup => *self,
            Method::CutMix | Method::Cutout => Self { patch, kept: KeptRatio::of(patch, size)?, ..*self },
        })
    }

    /// Checks that the plan fits images of this size: that the box lies within it and has the kept ratio it claims.
    /// `sample` is only named in the error.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] or [`Error::RatioNotOfBox`].
    ///
    /// ```
    /// # use cutmix_core::{Error, KeptRatio, SamplePlan, Size};
    /// // The drawn lambda in the place of the kept ratio.
    /// let plan = SamplePlan { applied: true, kept: KeptRatio::new(3, 4)?, ..SamplePlan::NOTHING };
    /// assert_eq!(plan.check(Size::new(40, 24)?, 7), Err(Error::RatioNotOfBox { sample: 7 }));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn check(&self, size: Size, sample: u64) -> Result<(), Error> {
        self.patch.checked_in(size)?;
        let honest = match self.method {
            _ if !self.applied => self.patch.is_empty() && self.kept.same_value(KeptRatio::ONE),
            Method::CutMix | Method::Cutout => self.kept.same_value(KeptRatio::of(self.patch, size)?),
            Method::Mixup => self.patch.is_empty(),
        };
        if honest { Ok(()) } else { Err(Error::RatioNotOfBox { sample }) }
    }
}

/// The values of one stream, in the order of the contract. Every one is drawn even where it cannot matter, and lambda
/// last, since its sampler rejects: so changing alpha, a probability or a rule moves no centre and no partner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values {
    apply: f64,
    pub(super) partner: u64,
    centre: [f64; 2],
    extent: [u32; 2],
    method: Method,
    lambda: f64,
}

impl Values {
    pub(super) fn draw<R: Rng + ?Sized>(rng: &mut R, config: &PlanConfig) -> Self {
        Self::draw_with(rng, config, |method, rng| match method {
            Method::CutMix | Method::Cutout => config.cutmix_alpha().sample(rng),
            Method::Mixup => config.mixup_alpha().sample(rng),
        })
    }

    /// `lambda` draws from the law of the method.
    fn draw_with<R: Rng + ?Sized>(
        rng: &mut R,
        config: &PlanConfig,
        lambda: impl FnOnce(Method, &mut R) -> f64,
    ) -> Self {
        let apply = unit(rng);
        let switch = unit(rng);
        let partner = below(rng, config.partners());
        let centre = [unit(rng), unit(rng)];
        let size = config.size();
        let mut extent = [0, 0];
        for (extent, length) in extent.iter_mut().zip([size.width(), size.height()]) {
            let (least, greatest) = match config.extent() {
                Extent::MinMax { min, max } => (trunc(f64::from(length) * min), trunc(f64::from(length) * max)),
                Extent::Law | Extent::Fixed { .. } => (0, 0),
            };
            // The fractions lie in [0, 1] and in order, so the sum is at most `length`.
            let more = below(rng, u64::from(greatest.saturating_sub(least)) + 1) as u32;
            *extent = least.saturating_add(more);
        }
        let method = match config.methods() {
            Methods::Only(method) => method,
            Methods::Switch { cutmix } if switch < cutmix => Method::CutMix,
            Methods::Switch { .. } => Method::Mixup,
        };
        let lambda = lambda(method, rng);
        Self { apply, partner, centre, extent, method, lambda }
    }

    /// What the values mean. `key` gives the noise, which is the sample's own even where the values are shared.
    pub(super) fn plan(&self, config: &PlanConfig, key: SampleKey) -> SamplePlan {
        let size = config.size();
        let applied = self.apply < config.probability();
        let patch = match self.method {
            Method::CutMix | Method::Cutout if applied => self.patch(config),
            _ => PatchBox::EMPTY,
        };
        // Neither fails: the box was clamped to the image, and every sampler gives lambda in [0, 1].
        let kept = match self.method {
            Method::CutMix | Method::Cutout => KeptRatio::of(patch, size),
            Method::Mixup => config.grid().weight(if applied { self.lambda } else { 1.0 }),
        };
        let noise = match self.method {
            Method::Cutout => key.noise(),
            Method::CutMix | Method::Mixup => NoiseKey::default(),
        };
        SamplePlan {
            method: self.method,
            applied,
            partner: self.partner,
            patch,
            lambda: self.lambda,
            kept: kept.unwrap_or(KeptRatio::ONE),
            noise,
        }
    }

    fn patch(&self, config: &PlanConfig) -> PatchBox {
        let size = config.size();
        let [u, v] = self.centre;
        // u (1 - 2^-53) at most, and a product with a whole number below 2^53 never rounds up to that number.
        let centre = Centre { x: u * f64::from(size.width()), y: v * f64::from(size.height()) };
        let patch = match config.extent() {
            Extent::Law => config.rule().patch_box(self.lambda, centre, size),
            Extent::Fixed { width, height } => config.rule().fixed_box(width, height, centre, size),
            Extent::MinMax { .. } => {
                let [width, height] = self.extent;
                let x = place(u, width, size.width());
                let y = place(v, height, size.height());
                PatchBox::new(x, y, x.saturating_add(width), y.saturating_add(height))
            }
        };
        patch.unwrap_or(PatchBox::EMPTY)
    }
}

/// The first pixel of a side of `extent` pixels, uniform over the places where it fits.
fn place(u: f64, extent: u32, length: u32) -> u32 {
    let room = length.saturating_sub(extent);
    trunc(u * (f64::from(room) + 1.0)).min(room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Beta;
    use crate::draw::uniform::tests::Words;
    use crate::geometry::WeightGrid;
    use crate::rule::BoxRule;

    fn key(index: u64) -> SampleKey {
        SampleKey { seed: 11, epoch: 2, index }
    }

    #[test]
    fn alpha_rule_and_probability_move_no_centre_and_no_partner() {
        let size = Size::new(100, 60).unwrap();
        let base = PlanConfig::cutmix(size).with_partners(1000);
        let others = [
            base.with_alpha(0.2).unwrap(),
            base.with_alpha(2.0).unwrap(),
            base.with_rule(BoxRule::Official),
            base.with_probability(0.5).unwrap(),
            base.with_methods(Methods::Switch { cutmix: 0.5 }).unwrap(),
            PlanConfig::mixup(size).with_partners(1000).with_grid(WeightGrid::Q24),
        ];
        for index in 0..if cfg!(miri) { 8 } else { 200 } {
            let first = Values::draw(&mut key(index).rng(), &base);
            for config in &others {
                let other = Values::draw(&mut key(index).rng(), config);
                assert_eq!((first.apply, first.partner), (other.apply, other.partner));
                assert_eq!(first.centre, other.centre);
            }
        }
    }

    #[test]
    fn probability_zero_never_applies_and_one_always() {
        let size = Size::new(8, 8).unwrap();
        for index in 0..if cfg!(miri) { 20 } else { 500 } {
            let never = SamplePlan::draw(key(index), &PlanConfig::cutmix(size).with_probability(0.0).unwrap());
            assert!(!never.applied && never.leaves_base(9) && never.patch.is_empty());
            assert!(never.kept.same_value(KeptRatio::ONE));
            assert!(SamplePlan::draw(key(index), &PlanConfig::cutmix(size)).applied);
        }
    }

    #[test]
    fn the_uniform_draw_is_the_general_one_and_refuses_other_laws() {
        let size = Size::new(100, 60).unwrap();
        let config = PlanConfig::cutmix(size).with_partners(1000).with_probability(0.8).unwrap();
        let switch = config.with_methods(Methods::Switch { cutmix: 0.5 }).unwrap();
        let cutout = config.with_methods(Methods::Only(Method::Cutout)).unwrap();
        for index in 0..if cfg!(miri) { 8 } else { 200 } {
            for config in [config, switch, cutout] {
                let plan = SamplePlan::draw_uniform(key(index), &config);
                assert_eq!(plan, Ok(SamplePlan::draw(key(index), &config)));
            }
        }
        let other = Beta::new(1.0, 2.0).unwrap();
        for config in [config.with_betas(other, Beta::UNIFORM), config.with_betas(Beta::UNIFORM, other)] {
            let refused = Err(Error::NotUniform { a: 1.0, b: 2.0 });
            assert_eq!(SamplePlan::draw_uniform(key(0), &config), refused);
        }
    }

    #[test]
    fn min_max_extents_reach_both_ends_and_stay_inside() {
        let size = Size::new(10, 7).unwrap();
        let extent = Extent::MinMax { min: 0.2, max: 0.5 };
        let config = PlanConfig::cutmix(size).with_extent(extent).unwrap();
        let (mut widths, mut first, mut last) = ([0; 11], false, false);
        let (draws, least) = if cfg!(miri) { (80, 8) } else { (2000, 400) };
        for index in 0..draws {
            let patch = SamplePlan::draw(key(index), &config).patch;
            assert!(patch.fits(size) && (1..=3).contains(&patch.height()), "{patch}");
            widths[patch.width() as usize] += 1;
            first |= patch.x0() == 0;
            last |= patch.x1() == 10;
        }
        assert!(first && last);
        assert_eq!(widths.iter().sum::<i32>(), widths[2..=5].iter().sum::<i32>(), "{widths:?}");
        assert!(widths[2..=5].iter().all(|&n| n > least), "{widths:?}");
        let all = PlanConfig::cutmix(size).with_extent(Extent::MinMax { min: 1.0, max: 1.0 }).unwrap();
        assert_eq!(SamplePlan::draw(key(0), &all).patch, PatchBox::full(size));
        let none = PlanConfig::cutmix(size).with_extent(Extent::MinMax { min: 0.0, max: 0.0 }).unwrap();
        assert!(SamplePlan::draw(key(0), &none).patch.is_empty());
    }

    #[test]
    fn configurations_refuse_nonsense() {
        let config = PlanConfig::cutmix(Size::new(4, 4).unwrap());
        for bad in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(config.with_probability(bad), Err(Error::Fraction { .. })));
            assert!(matches!(config.with_methods(Methods::Switch { cutmix: bad }), Err(Error::Fraction { .. })));
            let extent = Extent::MinMax { min: bad, max: 1.0 };
            assert!(matches!(config.with_extent(extent), Err(Error::Fraction { .. })));
        }
        let extent = Extent::MinMax { min: 0.6, max: 0.5 };
        assert_eq!(config.with_extent(extent), Err(Error::ExtentsReversed { min: 0.6, max: 0.5 }));
    }

    #[test]
    fn check_finds_plans_that_lie() {
        let size = Size::new(40, 24).unwrap();
        let plan = SamplePlan::draw(key(3), &PlanConfig::cutmix(size));
        assert_eq!(plan.check(size, 0), Ok(()));
        let lying = SamplePlan { kept: KeptRatio::new(1, 3).unwrap(), ..plan };
        assert_eq!(lying.check(size, 5), Err(Error::RatioNotOfBox { sample: 5 }));
        let outside = SamplePlan { patch: PatchBox::full(Size::new(41, 24).unwrap()), ..plan };
        assert!(matches!(outside.check(size, 0), Err(Error::BoxOutside { .. })));
    }

    #[test]
    fn snapped_plans_are_honest_in_every_plane() {
        let (size, chroma) = (Size::new(41, 25).unwrap(), Size::new(21, 13).unwrap());
        let (cutmix, cutout) = (PlanConfig::cutmix(size), PlanConfig::cutout(size));
        let (mut moved, mut refused) = (0, 0);
        for index in 0..if cfg!(miri) { 10 } else { 200 } {
            for config in [cutmix, cutout, cutmix.with_probability(0.5).unwrap()] {
                let drawn = SamplePlan::draw(key(index), &config);
                let plan = drawn.snap(Grid::YUV420, size).unwrap();
                assert_eq!((plan.check(size, 0), plan.noise), (Ok(()), drawn.noise));
                assert_eq!(plan.patch, drawn.patch.snap(Grid::YUV420, size).unwrap());
                let sub = plan.subsample(Grid::YUV420, size).unwrap();
                assert_eq!((sub.check(chroma, 0), sub.patch), (Ok(()), plan.patch.subsample(Grid::YUV420)));
                moved += u32::from(plan.patch != drawn.patch);
                refused += u32::from(drawn.subsample(Grid::YUV420, size).is_err());
            }
        }
        assert!(moved > 0 && moved == refused, "{moved} moved, {refused} refused");
        let mixup = SamplePlan::draw(key(1), &PlanConfig::mixup(size));
        assert_eq!((mixup.snap(Grid::YUV420, size), mixup.subsample(Grid::YUV420, size)), (Ok(mixup), Ok(mixup)));
        let outside = SamplePlan { patch: PatchBox::full(Size::new(42, 25).unwrap()), ..cutmix_plan() };
        assert!(matches!(outside.snap(Grid::YUV420, size), Err(Error::BoxOutside { .. })));
        assert!(matches!(outside.subsample(Grid::YUV420, size), Err(Error::BoxOutside { .. })));
    }

    fn cutmix_plan() -> SamplePlan {
        SamplePlan { applied: true, ..SamplePlan::NOTHING }
    }

    #[test]
    fn a_plan_that_is_not_applied_replaces_nothing() {
        let size = Size::new(4, 4).unwrap();
        assert_eq!(SamplePlan::NOTHING.check(size, 0), Ok(()));
        let patch = PatchBox::new(0, 0, 2, 2).unwrap();
        let kept = KeptRatio::of(patch, size).unwrap();
        // Each of these would be true of a plan that is applied.
        for lying in [
            SamplePlan { patch, kept, ..SamplePlan::NOTHING },
            SamplePlan { patch, ..SamplePlan::NOTHING },
            SamplePlan { kept, ..SamplePlan::NOTHING },
            SamplePlan { method: Method::Mixup, kept, ..SamplePlan::NOTHING },
        ] {
            assert_eq!(lying.check(size, 7), Err(Error::RatioNotOfBox { sample: 7 }), "{lying:?}");
        }
    }

    #[test]
    fn a_probability_of_zero_is_never_reached_even_by_the_word_zero() {
        let size = Size::new(8, 8).unwrap();
        let config = PlanConfig::cutmix(size).with_probability(0.0).unwrap();
        let config = config.with_methods(Methods::Switch { cutmix: 0.0 }).unwrap();
        let values = Values::draw(&mut Words(&[]), &config);
        assert_eq!((values.apply, values.method), (0.0, Method::Mixup));
        assert!(!values.plan(&config, key(0)).applied);
        let least = PlanConfig::cutmix(size).with_probability(f64::MIN_POSITIVE).unwrap();
        let least = least.with_methods(Methods::Switch { cutmix: f64::MIN_POSITIVE }).unwrap();
        let values = Values::draw(&mut Words(&[]), &least);
        assert!(values.method == Method::CutMix && values.plan(&least, key(0)).applied);
    }
}
