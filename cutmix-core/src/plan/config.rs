//! What a plan is drawn from, checked once at construction so that drawing cannot fail.

use crate::draw::Beta;
use crate::error::Error;
use crate::geometry::{Size, WeightGrid};
use crate::rule::BoxRule;

/// What is done to a sample.
///
/// ```
/// # use cutmix_core::plan::Method;
/// # use cutmix_core::{KeptRatio, PatchBox, SamplePlan, Size};
/// // The same box under two methods: the label follows the donor, or stays.
/// let (size, patch) = (Size::new(4, 2)?, PatchBox::new(0, 0, 2, 2)?);
/// let cutmix = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
/// let cutout = SamplePlan { method: Method::Cutout, ..cutmix };
/// assert_eq!([cutmix, cutout].map(|plan| plan.label_ratio().weights()), [(0.5, 0.5), (1.0, 0.0)]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// A box of the donor replaces that of the base; labels mix by the kept ratio.
    CutMix,
    /// Base and donor are blended; labels mix by the same weight.
    Mixup,
    /// A box of the base is filled; its label stays.
    Cutout,
}

impl Method {
    /// The name used on command lines and in plans: `cutmix`, `mixup`, `cutout`.
    ///
    /// ```
    /// # use cutmix_core::plan::Method;
    /// assert_eq!([Method::CutMix, Method::Mixup, Method::Cutout].map(Method::name), ["cutmix", "mixup", "cutout"]);
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CutMix => "cutmix",
            Self::Mixup => "mixup",
            Self::Cutout => "cutout",
        }
    }
}

/// Which of the methods a sample gets.
///
/// ```
/// # use cutmix_core::plan::{Method, Methods};
/// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
/// // A Mixup for every three of CutMix.
/// let config = PlanConfig::cutmix(Size::new(32, 32)?).with_methods(Methods::Switch { cutmix: 0.75 })?;
/// let method = |index| SamplePlan::draw(SampleKey { seed: 7, epoch: 0, index }, &config).method;
/// let cutmix = (0..1000).filter(|&index| method(index) == Method::CutMix).count();
/// assert!((700..800).contains(&cutmix));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Methods {
    /// Always this one.
    Only(Method),
    /// `CutMix` with this probability, else Mixup (timm's `switch_prob`).
    Switch {
        /// The probability of `CutMix`, in `[0, 1]`.
        cutmix: f64,
    },
}

/// Where the sides of a box come from.
///
/// ```
/// # use cutmix_core::plan::Extent;
/// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
/// // Between a quarter and half of each side, and never clipped.
/// let config = PlanConfig::cutmix(Size::new(40, 24)?).with_extent(Extent::MinMax { min: 0.25, max: 0.5 })?;
/// for index in 0..100 {
///     let patch = SamplePlan::draw(SampleKey { seed: 7, epoch: 0, index }, &config).patch;
///     assert!((10..=20).contains(&patch.width()) && (6..=12).contains(&patch.height()));
/// }
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Extent {
    /// The `CutMix` law: sides `(W r, H r)`, `r = sqrt(1 - lambda)`, clipped at the borders.
    #[default]
    Law,
    /// Sides of `width` x `height` pixels, clipped at the borders: the original Cutout.
    Fixed {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Each side a uniform whole number between two fractions of the image's side, inclusive, and the box uniform over
    /// all places where it fits (timm's `cutmix_minmax`, with both ends reachable). Lambda is drawn, but not used.
    MinMax {
        /// Least fraction, in `[0, 1]`.
        min: f64,
        /// Greatest fraction, in `[min, 1]`.
        max: f64,
    },
}

/// The configuration of a plan: with a key, it determines every drawn value.
///
/// ```
/// # use cutmix_core::{BoxRule, PlanConfig, Size};
/// let config = PlanConfig::cutmix(Size::new(224, 224)?)
///     .with_rule(BoxRule::FullExtent)
///     .with_alpha(0.2)?
///     .with_probability(0.5)?;
/// assert_eq!(config.cutmix_alpha().shape(), (0.2, 0.2));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanConfig {
    size: Size,
    methods: Methods,
    cutmix: Beta,
    mixup: Beta,
    rule: BoxRule,
    extent: Extent,
    probability: f64,
    grid: WeightGrid,
    partners: u64,
}

impl PlanConfig {
    const fn only(method: Method, size: Size) -> Self {
        Self {
            size,
            methods: Methods::Only(method),
            cutmix: Beta::UNIFORM,
            mixup: Beta::UNIFORM,
            rule: BoxRule::Paper,
            extent: Extent::Law,
            probability: 1.0,
            grid: WeightGrid::Q15,
            partners: 1,
        }
    }

    /// `CutMix` of the paper: alpha 1, rule `Paper`, always applied.
    ///
    /// ```
    /// # use cutmix_core::{BoxRule, PlanConfig, Size};
    /// let config = PlanConfig::cutmix(Size::new(224, 224)?);
    /// assert_eq!((config.rule(), config.probability(), config.cutmix_alpha().shape()), (BoxRule::Paper, 1.0, (1.0, 1.0)));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn cutmix(size: Size) -> Self {
        Self::only(Method::CutMix, size)
    }

    /// Mixup (Zhang et al., arXiv 1710.09412): alpha 1, weights on the grid of `u8` and `u16`, always applied.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size, WeightGrid};
    /// let config = PlanConfig::mixup(Size::new(224, 224)?).with_grid(WeightGrid::Q24); // for f32
    /// let plan = SamplePlan::draw(SampleKey::default(), &config);
    /// assert_eq!(plan.kept, WeightGrid::Q24.weight(plan.lambda)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn mixup(size: Size) -> Self {
        Self::only(Method::Mixup, size)
    }

    /// Cutout by the `CutMix` law; see [`PlanConfig::with_extent`] for the original's fixed side.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PlanConfig, SampleKey, SamplePlan, Size};
    /// let plan = SamplePlan::draw(SampleKey::default(), &PlanConfig::cutout(Size::new(224, 224)?));
    /// assert_eq!(plan.label_ratio(), KeptRatio::ONE); // the label stays
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn cutout(size: Size) -> Self {
        Self::only(Method::Cutout, size)
    }

    /// The configuration of Chris Deotte's TensorFlow kernel, "CutMix and `MixUp` on GPU/TPU" (Kaggle, 2020): lambda
    /// uniform, even boxes around a whole-pixel centre, applied with probability `probability` (the kernel's
    /// `PROBABILITY`). Its label `1 - WIDTH^2 / DIM^2` ignores clipping; plans carry the corrected one. For whole
    /// batches see [`crate::plan::BatchConfig::kaggle`].
    ///
    /// # Errors
    /// [`Error::Fraction`] if `probability` is not in `[0, 1]`.
    ///
    /// ```
    /// # use cutmix_core::{BoxRule, PlanConfig, Size};
    /// assert_eq!(PlanConfig::kaggle(Size::new(331, 331)?, 0.5)?.rule(), BoxRule::Official);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn kaggle(size: Size, probability: f64) -> Result<Self, Error> {
        Self::cutmix(size).with_rule(BoxRule::Official).with_probability(probability)
    }

    /// Sets which methods are drawn.
    ///
    /// # Errors
    /// [`Error::Fraction`] if a switch probability is not in `[0, 1]`.
    ///
    /// ```
    /// # use cutmix_core::plan::{Method, Methods};
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// let config = PlanConfig::cutmix(Size::new(32, 32)?).with_methods(Methods::Switch { cutmix: 0.0 })?;
    /// assert_eq!(SamplePlan::draw(SampleKey::default(), &config).method, Method::Mixup);
    /// assert!(config.with_methods(Methods::Switch { cutmix: 1.5 }).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn with_methods(self, methods: Methods) -> Result<Self, Error> {
        if let Methods::Switch { cutmix } = methods {
            fraction("the switch probability", cutmix)?;
        }
        Ok(Self { methods, ..self })
    }

    /// Draws lambda from Beta(alpha, alpha), for all methods.
    ///
    /// # Errors
    /// [`Error::BetaShape`] if `alpha` is not in `[1e-3, 1e6]`.
    ///
    /// ```
    /// # use cutmix_core::{Error, PlanConfig, Size};
    /// let config = PlanConfig::cutmix(Size::new(32, 32)?);
    /// assert_eq!(config.with_alpha(0.2)?.mixup_alpha().shape(), (0.2, 0.2));
    /// // 0, which elsewhere means "off", is no law: a probability of 0 says that.
    /// assert_eq!(config.with_alpha(0.0), Err(Error::BetaShape { a: 0.0, b: 0.0 }));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn with_alpha(self, alpha: f64) -> Result<Self, Error> {
        let beta = Beta::symmetric(alpha)?;
        Ok(self.with_betas(beta, beta))
    }

    /// Draws lambda from one law for `CutMix` and Cutout, from another for Mixup.
    ///
    /// ```
    /// # use cutmix_core::{Beta, PlanConfig, Size};
    /// let config = PlanConfig::cutmix(Size::new(32, 32)?).with_betas(Beta::UNIFORM, Beta::symmetric(0.2)?);
    /// assert_eq!((config.cutmix_alpha().shape(), config.mixup_alpha().shape()), ((1.0, 1.0), (0.2, 0.2)));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn with_betas(self, cutmix: Beta, mixup: Beta) -> Self {
        Self { cutmix, mixup, ..self }
    }

    /// Sets the rule that turns the box into pixels.
    ///
    /// ```
    /// # use cutmix_core::{BoxRule, PlanConfig, SampleKey, SamplePlan, Size};
    /// // The rule moves edges by a pixel or so, not the draw: lambda and partner stay.
    /// let (key, config) = (SampleKey::default(), PlanConfig::cutmix(Size::new(40, 24)?).with_partners(1000));
    /// let [a, b] = [config, config.with_rule(BoxRule::Official)].map(|config| SamplePlan::draw(key, &config));
    /// assert_eq!((a.lambda, a.partner), (b.lambda, b.partner));
    /// assert_ne!(a.patch, b.patch);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn with_rule(self, rule: BoxRule) -> Self {
        Self { rule, ..self }
    }

    /// Sets where the sides of the box come from.
    ///
    /// # Errors
    /// [`Error::Fraction`] if a fraction is not in `[0, 1]`, [`Error::ExtentsReversed`] if `min > max`.
    ///
    /// ```
    /// # use cutmix_core::plan::Extent;
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// // The original Cutout: a square of 16 pixels, clipped.
    /// let config = PlanConfig::cutout(Size::new(32, 32)?).with_extent(Extent::Fixed { width: 16, height: 16 })?;
    /// assert!(SamplePlan::draw(SampleKey::default(), &config).patch.width() <= 16);
    /// assert!(config.with_extent(Extent::MinMax { min: 0.8, max: 0.2 }).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn with_extent(self, extent: Extent) -> Result<Self, Error> {
        if let Extent::MinMax { min, max } = extent {
            fraction("the least extent", min)?;
            fraction("the greatest extent", max)?;
            if min > max {
                return Err(Error::ExtentsReversed { min, max });
            }
        }
        Ok(Self { extent, ..self })
    }

    /// Applies the method with this probability, else leaves the sample as it is.
    ///
    /// # Errors
    /// [`Error::Fraction`] if `probability` is not in `[0, 1]`.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// let config = PlanConfig::cutmix(Size::new(32, 32)?).with_probability(0.0)?;
    /// assert!(!SamplePlan::draw(SampleKey::default(), &config).applied);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn with_probability(self, probability: f64) -> Result<Self, Error> {
        fraction("the probability", probability)?;
        Ok(Self { probability, ..self })
    }

    /// Sets the grid of Mixup weights: `Q15` for `u8` and `u16` pixels, `Q24` for `f32`.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size, WeightGrid};
    /// let config = PlanConfig::mixup(Size::new(32, 32)?);
    /// let total = |config| SamplePlan::draw(SampleKey::default(), &config).kept.total();
    /// assert_eq!((total(config), total(config.with_grid(WeightGrid::Q24))), (1 << 15, 1 << 24));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn with_grid(self, grid: WeightGrid) -> Self {
        Self { grid, ..self }
    }

    /// Draws the partner of a single sample from `0..partners`, with replacement, itself allowed. 0 counts as 1.
    /// Batches have a pairing instead.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// let config = PlanConfig::cutmix(Size::new(32, 32)?).with_partners(50_000);
    /// assert!(SamplePlan::draw(SampleKey::default(), &config).partner < 50_000);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn with_partners(self, partners: u64) -> Self {
        Self { partners: if partners == 0 { 1 } else { partners }, ..self }
    }

    /// Size of the images, in pixels.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// let config = PlanConfig::cutmix(Size::new(40, 24)?);
    /// assert!(SamplePlan::draw(SampleKey::default(), &config).patch.fits(config.size()));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Which methods are drawn.
    ///
    /// ```
    /// # use cutmix_core::plan::{Method, Methods};
    /// # use cutmix_core::{PlanConfig, Size};
    /// assert_eq!(PlanConfig::cutout(Size::new(40, 24)?).methods(), Methods::Only(Method::Cutout));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn methods(&self) -> Methods {
        self.methods
    }

    /// The law of lambda for `CutMix` and Cutout.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, Size};
    /// let config = PlanConfig::cutmix(Size::new(32, 32)?).with_alpha(0.2)?;
    /// assert_eq!(config.cutmix_alpha().shape(), (0.2, 0.2)); // both parameters
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn cutmix_alpha(&self) -> Beta {
        self.cutmix
    }

    /// The law of lambda for Mixup.
    ///
    /// ```
    /// # use cutmix_core::{Beta, PlanConfig, Size};
    /// // The usual two of timm's recipes: uniform for CutMix, 0.8 for Mixup.
    /// let config = PlanConfig::mixup(Size::new(32, 32)?).with_betas(Beta::UNIFORM, Beta::symmetric(0.8)?);
    /// assert_eq!(config.mixup_alpha().shape(), (0.8, 0.8));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn mixup_alpha(&self) -> Beta {
        self.mixup
    }

    /// The rule that turns the box into pixels.
    ///
    /// ```
    /// # use cutmix_core::{BoxRule, PlanConfig, Size};
    /// assert_eq!(PlanConfig::cutmix(Size::new(32, 32)?).rule(), BoxRule::Paper); // unless another is set
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn rule(&self) -> BoxRule {
        self.rule
    }

    /// Where the sides of the box come from.
    ///
    /// ```
    /// # use cutmix_core::plan::Extent;
    /// # use cutmix_core::{PlanConfig, Size};
    /// // Cutout by the CutMix law too, unless a fixed side is set.
    /// assert_eq!(PlanConfig::cutout(Size::new(32, 32)?).extent(), Extent::Law);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// The probability that a sample is mixed at all, in `[0, 1]`.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, Size};
    /// let size = Size::new(32, 32)?;
    /// assert_eq!(PlanConfig::cutmix(size).probability(), 1.0);
    /// assert_eq!(PlanConfig::kaggle(size, 0.5)?.probability(), 0.5);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn probability(&self) -> f64 {
        self.probability
    }

    /// The grid of Mixup weights.
    ///
    /// ```
    /// # use cutmix_core::{ops::Blend, PlanConfig, Size};
    /// assert_eq!(PlanConfig::mixup(Size::new(32, 32)?).grid(), u8::GRID); // not that of f32
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn grid(&self) -> WeightGrid {
        self.grid
    }

    /// The number of samples that the partner of a single sample is drawn from, at least 1.
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, Size};
    /// let config = PlanConfig::cutmix(Size::new(32, 32)?);
    /// assert_eq!((config.partners(), config.with_partners(0).partners()), (1, 1));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn partners(&self) -> u64 {
        self.partners
    }
}

fn fraction(what: &'static str, value: f64) -> Result<(), Error> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(Error::Fraction { what, value }) }
}
