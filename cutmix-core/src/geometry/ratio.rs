//! Exact weights of labels, and the grid of Mixup's.

use core::fmt;

use super::{PatchBox, Size};
use crate::error::Error;

/// An exact weight `kept / total` in `[0, 1]`: the share of a label that stays with the base image, lambda'.
///
/// For CutMix it counts pixels outside the clipped box; for Mixup it is the weight on the grid that the pixels were
/// blended with. The floats derived from it are `w_a = f32(f64(kept) / f64(total))` and `w_b = 1 - w_a`.
///
/// ```
/// # use cutmix_core::{KeptRatio, PatchBox, Size};
/// let ratio = KeptRatio::of(PatchBox::new(8, 6, 28, 18)?, Size::new(40, 24)?)?;
/// assert_eq!((ratio.kept(), ratio.total()), (720, 960));
/// assert_eq!(ratio.weights(), (0.75, 0.25));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeptRatio {
    kept: u64,
    total: u64,
}

impl KeptRatio {
    /// Everything is kept: 1 / 1, the weight of a label that is not mixed.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PatchBox, Size};
    /// // The same number as the ratio of an empty box, which counts pixels.
    /// let counted = KeptRatio::of(PatchBox::EMPTY, Size::new(40, 24)?)?;
    /// assert!(counted.same_value(KeptRatio::ONE) && counted != KeptRatio::ONE);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const ONE: Self = Self { kept: 1, total: 1 };

    /// The ratio `kept / total`, not reduced.
    ///
    /// # Errors
    /// [`Error::Ratio`] if `total` is zero or less than `kept`.
    ///
    /// ```
    /// # use cutmix_core::KeptRatio;
    /// assert_eq!(KeptRatio::new(3, 4)?.weights(), (0.75, 0.25));
    /// assert!(KeptRatio::new(5, 4).is_err() && KeptRatio::new(0, 0).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const fn new(kept: u64, total: u64) -> Result<Self, Error> {
        if total == 0 || kept > total { Err(Error::Ratio { kept, total }) } else { Ok(Self { kept, total }) }
    }

    /// The share of the image that is outside the box.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] if the box is not within `size`.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PatchBox, Size};
    /// assert_eq!(KeptRatio::of(PatchBox::EMPTY, Size::new(40, 24)?)?, KeptRatio::new(960, 960)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[inline]
    pub const fn of(patch: PatchBox, size: Size) -> Result<Self, Error> {
        match patch.checked_in(size) {
            Ok(patch) => Ok(Self { kept: size.total() - patch.area(), total: size.total() }),
            Err(error) => Err(error),
        }
    }

    /// Numerator, at most [`KeptRatio::total`]: the pixels outside the box, or the Mixup weight in steps of its grid.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PatchBox, Size};
    /// assert_eq!(KeptRatio::of(PatchBox::new(8, 6, 28, 18)?, Size::new(40, 24)?)?.kept(), 40 * 24 - 20 * 12);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn kept(self) -> u64 {
        self.kept
    }

    /// Denominator, at least 1: the pixels of the image, or the steps of the Mixup grid.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PatchBox, Size, WeightGrid};
    /// assert_eq!(KeptRatio::of(PatchBox::EMPTY, Size::new(40, 24)?)?.total(), 960);
    /// assert_eq!(WeightGrid::Q15.weight(0.5)?.total(), 32_768); // not reduced to 2
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn total(self) -> u64 {
        self.total
    }

    /// The ratio as binary64: both counts and the quotient are each rounded to nearest (the counts are exact below 2^53).
    ///
    /// ```
    /// # use cutmix_core::KeptRatio;
    /// let ratio = KeptRatio::new(2, 3)?;
    /// assert_eq!(ratio.to_f64(), 2.0 / 3.0);
    /// assert_eq!(ratio.weights().0, ratio.to_f64() as f32); // the label's weight is binary32
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn to_f64(self) -> f64 {
        self.kept as f64 / self.total as f64
    }

    /// The label weights `(w_a, w_b)` of base and donor; `w_a` is [`KeptRatio::to_f64`] rounded once, `w_b = 1 - w_a`.
    ///
    /// ```
    /// # use cutmix_core::KeptRatio;
    /// let (w_a, w_b) = KeptRatio::new(2, 3)?.weights();
    /// assert_eq!((w_a, w_b), (2.0 / 3.0, 1.0 - w_a));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn weights(self) -> (f32, f32) {
        // The same bits either way; see `weight`.
        #[cfg(not(all(target_os = "none", target_pointer_width = "32")))]
        let w_a = self.to_f64() as f32;
        #[cfg(all(target_os = "none", target_pointer_width = "32"))]
        let w_a = super::weight::quotient(self.kept, self.total);
        (w_a, 1.0 - w_a)
    }

    /// Whether two ratios are the same number, reduced or not.
    ///
    /// ```
    /// # use cutmix_core::KeptRatio;
    /// let (reduced, counted) = (KeptRatio::new(3, 4)?, KeptRatio::new(720, 960)?);
    /// assert!(reduced != counted && reduced.same_value(counted));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn same_value(self, other: Self) -> bool {
        self.kept as u128 * other.total as u128 == other.kept as u128 * self.total as u128
    }
}

/// The grid that Mixup weights lie on, so that the label carries exactly the weight that the pixels got.
///
/// `lambda` becomes `q / 2^bits` with `q = floor(lambda 2^bits + 1/2)`.
///
/// ```
/// # use cutmix_core::WeightGrid;
/// // 0.3 lies on neither grid: pixels and label get the nearest weight that does.
/// let [integers, floats] = [WeightGrid::Q15.weight(0.3)?, WeightGrid::Q24.weight(0.3)?];
/// assert_eq!((integers.kept(), floats.kept()), (9830, 5_033_165)); // of 2^15 and of 2^24
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WeightGrid {
    /// Multiples of 2^-15: `u8` and `u16` pixels.
    #[default]
    Q15,
    /// Multiples of 2^-24: `f32` pixels, where both `w` and `1 - w` are exact.
    Q24,
}

impl WeightGrid {
    /// The denominator, 2^15 or 2^24.
    ///
    /// ```
    /// # use cutmix_core::WeightGrid;
    /// assert_eq!([WeightGrid::Q15, WeightGrid::Q24].map(WeightGrid::denominator), [32_768, 16_777_216]);
    /// ```
    #[must_use]
    pub const fn denominator(self) -> u32 {
        match self {
            Self::Q15 => 1 << 15,
            Self::Q24 => 1 << 24,
        }
    }

    /// The weight of the base nearest to `lambda` (ties upwards).
    ///
    /// # Errors
    /// [`Error::Lambda`] if `lambda` is not in `[0, 1]`.
    ///
    /// ```
    /// # use cutmix_core::WeightGrid;
    /// let w = WeightGrid::Q15.weight(0.3)?;
    /// assert_eq!((w.kept(), w.total()), (9830, 32768));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn weight(self, lambda: f64) -> Result<KeptRatio, Error> {
        if !(0.0..=1.0).contains(&lambda) {
            return Err(Error::Lambda { lambda });
        }
        // Both the product by a power of two and the sum are exact enough: floor sees at most one rounding.
        // Never negative, so dropping the fraction is the floor.
        let q = (lambda * f64::from(self.denominator()) + 0.5) as u64;
        KeptRatio::new(q, u64::from(self.denominator()))
    }
}

impl fmt::Display for KeptRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kept, self.total)
    }
}
