//! Mixup of one pair: a weighted mean of base and donor.

use bytemuck::Pod;

use super::cutmix::copy;
use super::expect_same_shape;
use crate::error::Error;
use crate::geometry::{KeptRatio, PatchBox, WeightGrid};
use crate::kernels::{Level, Noise};
use crate::view::{ImageView, ImageViewMut, Rect, RectMut};

/// Elements with arithmetic: `u8`, `u16` and `f32` can be blended and filled with noise; all others only copied.
///
/// ```
/// # use cutmix_core::{ops::Blend, WeightGrid};
/// assert_eq!((u8::GRID, u16::GRID, f32::GRID), (WeightGrid::Q15, WeightGrid::Q15, WeightGrid::Q24));
/// ```
pub trait Blend: Pod + sealed::Sealed {
    /// The grid of the weights: 2^-15 for integers, 2^-24 for `f32`.
    ///
    /// ```
    /// # use cutmix_core::{ops::Blend, Error, KeptRatio};
    /// // The weight for pixels of any type.
    /// fn weight<T: Blend>(lambda: f64) -> Result<KeptRatio, Error> {
    ///     T::GRID.weight(lambda)
    /// }
    /// assert_eq!((weight::<u8>(0.25)?.kept(), weight::<f32>(0.25)?.kept()), (1 << 13, 1 << 22));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    const GRID: WeightGrid;
}

pub(crate) mod sealed {
    use super::{KeptRatio, Level, Noise, Rect, RectMut};

    pub trait Sealed: Sized {
        fn blend(level: Level, a: &mut RectMut<'_>, b: &Rect<'_>, weight: KeptRatio);
        fn noise(level: Level, dst: &mut RectMut<'_>, noise: Noise, range: [f32; 2]);
    }
}

impl Blend for u8 {
    const GRID: WeightGrid = WeightGrid::Q15;
}

impl sealed::Sealed for u8 {
    fn blend(level: Level, a: &mut RectMut<'_>, b: &Rect<'_>, weight: KeptRatio) {
        level.blend_u8(a, b, weight.kept() as u16);
    }
    fn noise(level: Level, dst: &mut RectMut<'_>, noise: Noise, _range: [f32; 2]) {
        level.noise_u8(dst, noise);
    }
}

impl Blend for u16 {
    const GRID: WeightGrid = WeightGrid::Q15;
}

impl sealed::Sealed for u16 {
    fn blend(level: Level, a: &mut RectMut<'_>, b: &Rect<'_>, weight: KeptRatio) {
        level.blend_u16(a, b, weight.kept() as Self);
    }
    fn noise(level: Level, dst: &mut RectMut<'_>, noise: Noise, _range: [f32; 2]) {
        level.noise_u16(dst, noise);
    }
}

impl Blend for f32 {
    const GRID: WeightGrid = WeightGrid::Q24;
}

impl sealed::Sealed for f32 {
    fn blend(level: Level, a: &mut RectMut<'_>, b: &Rect<'_>, weight: KeptRatio) {
        // On its grid both the weight and its complement are exact in binary32.
        let (w_a, w_b) = weight.weights();
        level.blend_f32(a, b, [w_a, w_b]);
    }
    fn noise(level: Level, dst: &mut RectMut<'_>, noise: Noise, [lo, hi]: [f32; 2]) {
        level.noise_f32(dst, noise, [lo, hi - lo]);
    }
}

/// Blends `donor` into `base` with the weight of the base: `x~ = w x_A + (1 - w) x_B` (Zhang et al., arXiv 1710.09412).
///
/// Integers: `(q a + (2^15 - q) b + 2^14) >> 15` with `w = q / 2^15`. `f32`: two products and one sum, each rounded.
/// `w = 1` leaves the base and `w = 0` copies the donor, bit for bit; where a result is NaN only its being NaN is
/// promised. `weight` is what the label gets too: see [`WeightGrid::weight`]. Costs two reads and a write of the image;
/// nothing at `w = 1`.
///
/// # Errors
/// [`Error::SizeMismatch`] or [`Error::CountMismatch`] if the images differ; [`Error::WeightGrid`] if the denominator
/// is not the one of this element type. Nothing is written then.
///
/// ```
/// # use cutmix_core::{ops, ImageView, ImageViewMut, Level, Size, WeightGrid};
/// let size = Size::new(2, 1)?;
/// let mut base = [100_u8, 200];
/// let weight = WeightGrid::Q15.weight(0.25)?;
/// let donor = ImageView::nhwc(&[0; 2], size, 1)?;
/// ops::mixup_in_place(Level::detect(), &mut ImageViewMut::nhwc(&mut base, size, 1)?, &donor, weight)?;
/// assert_eq!(base, [25, 50]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mixup_in_place<T: Blend>(
    level: Level,
    base: &mut ImageViewMut<'_, T>,
    donor: &ImageView<'_, T>,
    weight: KeptRatio,
) -> Result<(), Error> {
    expect_same_shape("the donor", donor.layout(), base.layout())?;
    let expected = u64::from(T::GRID.denominator());
    if weight.total() != expected {
        return Err(Error::WeightGrid { given: weight.total(), expected });
    }
    let whole = PatchBox::full(base.size());
    if weight.kept() == weight.total() {
        return Ok(());
    }
    if weight.kept() == 0 {
        copy(level, base, donor, whole);
        return Ok(());
    }
    for plane in 0..base.layout().planes() {
        T::blend(level, &mut base.rect_mut(plane, whole), &donor.rect(plane, whole), weight);
    }
    Ok(())
}

/// As [`mixup_in_place`], into a third image.
///
/// # Errors
/// As [`mixup_in_place`], also for the output.
///
/// Costs a copy of the base, then [`mixup_in_place`].
///
/// ```
/// # use cutmix_core::{ops, ImageView, ImageViewMut, Level, Size, WeightGrid};
/// let (size, weight) = (Size::new(2, 1)?, WeightGrid::Q24.weight(0.25)?);
/// let mut out = [0.0_f32; 2];
/// ops::mixup_into(
///     Level::detect(),
///     &mut ImageViewMut::nhwc(&mut out, size, 1)?,
///     &ImageView::nhwc(&[1.0, 2.0], size, 1)?,
///     &ImageView::nhwc(&[3.0, 0.0], size, 1)?,
///     weight,
/// )?;
/// assert_eq!(out, [2.5, 0.5]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mixup_into<T: Blend>(
    level: Level,
    out: &mut ImageViewMut<'_, T>,
    base: &ImageView<'_, T>,
    donor: &ImageView<'_, T>,
    weight: KeptRatio,
) -> Result<(), Error> {
    expect_same_shape("the output", out.layout(), base.layout())?;
    expect_same_shape("the donor", donor.layout(), base.layout())?;
    let expected = u64::from(T::GRID.denominator());
    if weight.total() != expected {
        return Err(Error::WeightGrid { given: weight.total(), expected });
    }
    copy(level, out, base, PatchBox::full(base.size()));
    mixup_in_place(level, out, donor, weight)
}
