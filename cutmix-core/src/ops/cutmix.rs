//! `CutMix` of one pair: a box of the donor replaces that of the base.

use bytemuck::Pod;

use super::expect_same_shape;
use crate::error::Error;
use crate::geometry::{KeptRatio, PatchBox};
use crate::kernels::Level;
use crate::view::{ImageView, ImageViewMut};

/// Pastes `patch` of `donor` into `base`: `x~ = M x_A + (1 - M) x_B`. Pixels are copied bit for bit (NaN, infinities
/// and -0.0 included); pixels outside the box and padding are not touched.
///
/// Returns lambda', the exact weight of the base's label. Costs one read and one write of the patch.
///
/// # Errors
/// [`Error::SizeMismatch`] or [`Error::CountMismatch`] if the images differ in size, planes or pixels;
/// [`Error::BoxOutside`] if the box is not within them. Nothing is written then.
///
/// ```
/// # use cutmix_core::{ops, ImageView, ImageViewMut, Level, PatchBox, Size};
/// let size = Size::new(4, 2)?;
/// let mut base = [0_u8; 8];
/// let ratio = ops::cutmix_in_place(
///     Level::detect(),
///     &mut ImageViewMut::nhwc(&mut base, size, 1)?,
///     &ImageView::nhwc(&[9; 8], size, 1)?,
///     PatchBox::new(1, 0, 3, 2)?,
/// )?;
/// assert_eq!(base, [0, 9, 9, 0, 0, 9, 9, 0]);
/// assert_eq!(ratio.weights(), (0.5, 0.5));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutmix_in_place<T: Pod>(
    level: Level,
    base: &mut ImageViewMut<'_, T>,
    donor: &ImageView<'_, T>,
    patch: PatchBox,
) -> Result<KeptRatio, Error> {
    expect_same_shape("the donor", donor.layout(), base.layout())?;
    let ratio = KeptRatio::of(patch, base.size())?;
    copy(level, base, donor, patch);
    Ok(ratio)
}

/// As [`cutmix_in_place`], into a third image: the base's pixels outside the box, the donor's inside. Costs one write
/// of the image.
///
/// # Errors
/// As [`cutmix_in_place`], also for the output.
///
/// ```
/// # use cutmix_core::{ops, ImageView, ImageViewMut, Level, PatchBox, Size};
/// let size = Size::new(4, 1)?;
/// let mut out = [0_u8; 4];
/// ops::cutmix_into(
///     Level::detect(),
///     &mut ImageViewMut::nhwc(&mut out, size, 1)?,
///     &ImageView::nhwc(&[1; 4], size, 1)?,
///     &ImageView::nhwc(&[2; 4], size, 1)?,
///     PatchBox::new(1, 0, 3, 1)?,
/// )?;
/// assert_eq!(out, [1, 2, 2, 1]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutmix_into<T: Pod>(
    level: Level,
    out: &mut ImageViewMut<'_, T>,
    base: &ImageView<'_, T>,
    donor: &ImageView<'_, T>,
    patch: PatchBox,
) -> Result<KeptRatio, Error> {
    expect_same_shape("the output", out.layout(), base.layout())?;
    expect_same_shape("the donor", donor.layout(), base.layout())?;
    let size = base.size();
    let ratio = KeptRatio::of(patch, size)?;
    // The base around the box, then the box: every pixel is written once.
    let bands = around(PatchBox::full(size), patch);
    for band in bands {
        copy(level, out, base, band);
    }
    copy(level, out, donor, patch);
    Ok(ratio)
}

/// `CutMix` of a pair with each other: the box of one becomes that of the other. What a flipped batch does with equal
/// boxes; neither image needs a copy.
///
/// Returns lambda', the exact weight of each base's label. Costs one read and one write of both patches.
///
/// # Errors
/// As [`cutmix_in_place`].
///
/// ```
/// # use cutmix_core::{ops, ImageViewMut, Level, PatchBox, Size};
/// let size = Size::new(3, 1)?;
/// let (mut a, mut b) = ([1_u8; 3], [2_u8; 3]);
/// let (mut first, mut second) = (ImageViewMut::nhwc(&mut a, size, 1)?, ImageViewMut::nhwc(&mut b, size, 1)?);
/// ops::cutmix_exchange(Level::detect(), &mut first, &mut second, PatchBox::new(0, 0, 1, 1)?)?;
/// assert_eq!((a, b), ([2, 1, 1], [1, 2, 2]));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutmix_exchange<T: Pod>(
    level: Level,
    a: &mut ImageViewMut<'_, T>,
    b: &mut ImageViewMut<'_, T>,
    patch: PatchBox,
) -> Result<KeptRatio, Error> {
    expect_same_shape("the second image", b.layout(), a.layout())?;
    let ratio = KeptRatio::of(patch, a.size())?;
    exchange(level, a, b, patch);
    Ok(ratio)
}

/// The pixels of `outer` that are not in `inner`, which lies within it or is empty: above, left, right, below.
pub(super) fn around(outer: PatchBox, inner: PatchBox) -> [PatchBox; 4] {
    if inner.is_empty() {
        return [outer, PatchBox::EMPTY, PatchBox::EMPTY, PatchBox::EMPTY];
    }
    [
        PatchBox::from_ordered(outer.x0(), outer.y0(), outer.x1(), inner.y0()),
        PatchBox::from_ordered(outer.x0(), inner.y0(), inner.x0(), inner.y1()),
        PatchBox::from_ordered(inner.x1(), inner.y0(), outer.x1(), inner.y1()),
        PatchBox::from_ordered(outer.x0(), inner.y1(), outer.x1(), outer.y1()),
    ]
}

/// Exchanges a box between images of the same shape.
pub(super) fn exchange<T: Pod>(
    level: Level,
    a: &mut ImageViewMut<'_, T>,
    b: &mut ImageViewMut<'_, T>,
    patch: PatchBox,
) {
    for plane in 0..a.layout().planes() {
        level.exchange(&mut a.rect_mut(plane, patch), &mut b.rect_mut(plane, patch));
    }
}

/// Copies a box between images of the same shape.
pub(super) fn copy<T: Pod>(level: Level, to: &mut ImageViewMut<'_, T>, from: &ImageView<'_, T>, patch: PatchBox) {
    // Most of the boxes around a box are empty.
    if patch.is_empty() {
        return;
    }
    for plane in 0..to.layout().planes() {
        level.copy(&mut to.rect_mut(plane, patch), &from.rect(plane, patch));
    }
}
