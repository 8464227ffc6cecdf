//! The three rules that turn `(lambda, centre, size)` into a box of pixels.
//!
//! Everything is binary64 with `+ - * /`, square root, floor and ceil only, in the order of operations written in the
//! documentation of [`BoxRule`]: each of them is exact or correctly rounded on every target, so the box is the same bit
//! for bit everywhere. Imports `geometry` and `kernels::real`; imported by `plan`.

use core::ops::Range;

use crate::error::Error;
use crate::geometry::{PatchBox, Size};
use crate::kernels::real::{ceil, sqrt, trunc};

/// How the real box of the paper, of size `(W r, H r)` with `r = sqrt(1 - lambda)` around a uniform centre, becomes
/// pixels. Source: Yun et al., "CutMix", ICCV 2019 (arXiv 1905.04899), equation 2.
///
/// For one side of length `L`, side of the box `e = L r` and centre coordinate `c` in `[0, L)`:
///
/// | rule | pixels of the side |
/// |---|---|
/// | `Paper` | `[ceil((c - h) - 0.5), ceil((c + h) - 0.5))` clamped to `[0, L]`, `h = e / 2`: the pixels whose centres lie in `[c - h, c + h)` |
/// | `Official` | `[max(0, i - h), min(L, i + h))`, `k = trunc(e)`, `h = floor(k / 2)`, `i = floor(c)` |
/// | `FullExtent` | `[max(0, i - floor(k / 2)), min(L, i + ceil(k / 2)))`, `k = trunc(e)`, `i = floor(c)` |
///
/// ```
/// # use cutmix_core::BoxRule;
/// // 12 pixels, r = 0.6: a side of 7.2 around 4.95.
/// let spans = BoxRule::ALL.map(|rule| rule.span(0.64, 4.95, 12));
/// assert_eq!(spans, [Ok(1..9), Ok(1..7), Ok(1..8)]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BoxRule {
    /// The formula itself on a pixel grid: each pixel is replaced with exactly the probability that the paper's law
    /// gives to its centre.
    #[default]
    Paper,
    /// The box of the paper authors' code (clovaai/CutMix-PyTorch); torchvision, timm up to 1.0.28, mmpretrain and
    /// composer give the same. Interior sides are always even.
    Official,
    /// The box of timm from 1.0.29 on and of keras-cv: odd sides keep their pixel.
    FullExtent,
}

/// The centre of a box in pixels, `x` in `[0, width)` and `y` in `[0, height)`; real, not rounded.
///
/// ```
/// # use cutmix_core::{BoxRule, Centre, Error, PatchBox, Size};
/// // (0, 0) is the corner of the image; the middle of its first pixel is (0.5, 0.5).
/// let size = Size::new(40, 24)?;
/// let patch = BoxRule::Paper.fixed_box(4, 4, Centre { x: 0.0, y: 0.0 }, size)?;
/// assert_eq!(patch, PatchBox::new(0, 0, 2, 2)?);
/// let beyond = BoxRule::Paper.fixed_box(4, 4, Centre { x: 40.0, y: 0.0 }, size);
/// assert_eq!(beyond, Err(Error::Centre { centre: 40.0, length: 40 }));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centre {
    /// Column coordinate.
    pub x: f64,
    /// Row coordinate.
    pub y: f64,
}

impl BoxRule {
    /// All rules, in the order of the documentation.
    ///
    /// ```
    /// # use cutmix_core::BoxRule;
    /// // Whatever the rule, nothing is replaced at lambda 1.
    /// assert!(BoxRule::ALL.into_iter().all(|rule| rule.span(1.0, 5.5, 11).is_ok_and(|span| span.is_empty())));
    /// ```
    pub const ALL: [Self; 3] = [Self::Paper, Self::Official, Self::FullExtent];

    /// The name used on command lines and in plans: `paper`, `official`, `full-extent`.
    ///
    /// ```
    /// # use cutmix_core::BoxRule;
    /// // What a program does with an option.
    /// let rule = BoxRule::ALL.into_iter().find(|rule| rule.name() == "full-extent");
    /// assert_eq!(rule, Some(BoxRule::FullExtent));
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Official => "official",
            Self::FullExtent => "full-extent",
        }
    }

    /// The box that replaces about `1 - lambda` of the image around `centre`, clipped at the borders.
    ///
    /// Constant cost, some 10 ns.
    ///
    /// # Errors
    /// [`Error::Lambda`] if `lambda` is not in `[0, 1]`, [`Error::Centre`] if the centre is not in the image; NaN is
    /// neither.
    ///
    /// ```
    /// # use cutmix_core::{BoxRule, Centre, PatchBox, Size};
    /// let (size, centre) = (Size::new(40, 24)?, Centre { x: 30.25, y: 11.5 });
    /// let patch = BoxRule::Paper.patch_box(0.75, centre, size)?;
    /// assert_eq!(patch, PatchBox::new(20, 5, 40, 17)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn patch_box(self, lambda: f64, centre: Centre, size: Size) -> Result<PatchBox, Error> {
        let r = ratio(lambda)?;
        let (width, height) = (size.width(), size.height());
        self.box_of_extents([f64::from(width) * r, f64::from(height) * r], centre, size)
    }

    /// One side of [`BoxRule::patch_box`]: the pixels of an axis of `length` pixels. An axis may come out empty.
    ///
    /// # Errors
    /// As [`BoxRule::patch_box`].
    ///
    /// ```
    /// # use cutmix_core::{BoxRule, Error};
    /// assert_eq!(BoxRule::Paper.span(0.75, 5.0, 10)?, 2..7);
    /// assert_eq!(BoxRule::Paper.span(1.5, 5.0, 10), Err(Error::Lambda { lambda: 1.5 }));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn span(self, lambda: f64, centre: f64, length: u32) -> Result<Range<u32>, Error> {
        self.span_of_extent(f64::from(length) * ratio(lambda)?, centre, length)
    }

    /// The box with sides of `width` x `height` pixels around `centre`, clipped at the borders; with `Official` the
    /// square of the original Cutout (DeVries and Taylor, arXiv 1708.04552).
    ///
    /// # Errors
    /// [`Error::Centre`] if the centre is not in the image.
    ///
    /// ```
    /// # use cutmix_core::{BoxRule, Centre, PatchBox, Size};
    /// let patch = BoxRule::Official.fixed_box(16, 16, Centre { x: 3.9, y: 12.0 }, Size::new(40, 24)?)?;
    /// assert_eq!(patch, PatchBox::new(0, 4, 11, 20)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn fixed_box(self, width: u32, height: u32, centre: Centre, size: Size) -> Result<PatchBox, Error> {
        self.box_of_extents([f64::from(width), f64::from(height)], centre, size)
    }

    fn box_of_extents(self, [width, height]: [f64; 2], centre: Centre, size: Size) -> Result<PatchBox, Error> {
        let x = self.span_of_extent(width, centre.x, size.width())?;
        let y = self.span_of_extent(height, centre.y, size.height())?;
        Ok(PatchBox::from_ordered(x.start, y.start, x.end, y.end))
    }

    /// `extent` is finite, not negative and at most `u32::MAX`: callers pass `L r` or a whole number of pixels.
    fn span_of_extent(self, extent: f64, centre: f64, length: u32) -> Result<Range<u32>, Error> {
        if !(0.0..f64::from(length)).contains(&centre) {
            return Err(Error::Centre { centre, length });
        }
        let (lo, hi) = if self == Self::Paper {
            let h = extent / 2.0;
            // Negative edges become 0.
            (ceil((centre - h) - 0.5), ceil((centre + h) - 0.5))
        } else {
            let (k, i) = (trunc(extent), trunc(centre));
            let below = k / 2;
            let above = if self == Self::Official { below } else { k - below };
            (i.saturating_sub(below), i.saturating_add(above))
        };
        Ok(lo.min(length)..hi.min(length))
    }
}

/// A box's share of each side, `sqrt(1 - lambda)`.
fn ratio(lambda: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&lambda) { Ok(sqrt(1.0 - lambda)) } else { Err(Error::Lambda { lambda }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extreme_lambda() {
        let size = Size::new(7, 5).unwrap();
        // Off the pixel centres: a box of any positive size around a pixel's centre holds that pixel.
        let centre = Centre { x: 3.25, y: 2.25 };
        for rule in BoxRule::ALL {
            for lambda in [1.0, 1.0 - f64::EPSILON / 2.0] {
                assert_eq!(rule.patch_box(lambda, centre, size), Ok(PatchBox::EMPTY), "{rule:?} {lambda}");
            }
            for lambda in [0.0, -0.0, f64::MIN_POSITIVE, f64::from_bits(1)] {
                let expected = match rule {
                    // k = 7 is floored to 2 * 3, so the last column stays.
                    BoxRule::Official => PatchBox::new(0, 0, 6, 4).unwrap(),
                    BoxRule::Paper | BoxRule::FullExtent => PatchBox::full(size),
                };
                assert_eq!(rule.patch_box(lambda, centre, size), Ok(expected), "{rule:?} {lambda}");
            }
            for lambda in [f64::NAN, -1e-300, 1.0 + f64::EPSILON, f64::INFINITY] {
                assert!(matches!(rule.patch_box(lambda, centre, size), Err(Error::Lambda { .. })));
            }
            for x in [f64::NAN, -1e-300, 7.0, f64::INFINITY] {
                let outside = Centre { x, y: 1.0 };
                assert!(matches!(rule.patch_box(0.5, outside, size), Err(Error::Centre { length: 7, .. })));
                assert!(matches!(rule.fixed_box(2, 2, outside, size), Err(Error::Centre { length: 7, .. })));
            }
        }
    }

    #[test]
    fn largest_sides_and_extents_stay_in_range() {
        let size = Size::new(u32::MAX, 1).unwrap();
        for rule in BoxRule::ALL {
            for x in [0.0, 4294967294.9, 2147483647.5] {
                let centre = Centre { x, y: 0.5 };
                assert!(rule.patch_box(0.0, centre, size).unwrap().fits(size));
                assert!(rule.fixed_box(u32::MAX, u32::MAX, centre, size).unwrap().fits(size));
            }
        }
    }

    #[test]
    fn names_are_those_of_plans_and_command_lines() {
        assert_eq!(BoxRule::ALL.map(BoxRule::name), ["paper", "official", "full-extent"]);
    }

    #[test]
    fn a_fixed_side_of_zero_is_empty() {
        let size = Size::new(9, 9).unwrap();
        for rule in BoxRule::ALL {
            assert_eq!(rule.fixed_box(0, 4, Centre { x: 4.0, y: 4.0 }, size), Ok(PatchBox::EMPTY));
        }
    }
}
