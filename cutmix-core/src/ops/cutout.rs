//! Cutout and regional dropout: a box filled with zeros, a constant for each channel, or noise.

use bytemuck::Pod;

use super::mixup::Blend;
use crate::draw::NoiseKey;
use crate::error::Error;
use crate::geometry::{KeptRatio, PatchBox, Size};
use crate::kernels::{Level, Noise};
use crate::view::{ImageViewMut, Layout};

/// What a Cutout fills its box with.
///
/// ```
/// # use cutmix_core::{ops, ImageViewMut, Level, NoiseKey, PatchBox, Size};
/// # use cutmix_core::ops::{Fill, Frame};
/// // The same values colour interleaved and planar pixels.
/// let (size, fill) = (Size::new(2, 1)?, Fill::Constant(&[7, 8, 9]));
/// let (mut nhwc, mut nchw) = ([0_u8; 6], [0_u8; 6]);
/// for mut view in [ImageViewMut::nhwc(&mut nhwc, size, 3)?, ImageViewMut::nchw(&mut nchw, size, 3)?] {
///     ops::cutout(Level::detect(), &mut view, PatchBox::full(size), fill, NoiseKey::default(), Frame::whole(size))?;
/// }
/// assert_eq!((nhwc, nchw), ([7, 8, 9, 7, 8, 9], [7, 7, 8, 8, 9, 9]));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill<'a, T> {
    /// All bytes zero: black.
    Zero,
    /// One value for every element of a pixel over all planes, plane by plane: red, green, blue for RGB in either
    /// layout. NC4HW4 has four for each plane, padding included.
    Constant(&'a [T]),
    /// Noise selected by the sample's key. Integers are uniform over the whole type and ignore the range.
    Noise(NoiseRange),
}

/// The half-open range of noise in `f32` pixels: `lo + U (hi - lo)`, `U` uniform of 24 bits in `[0, 1)`.
///
/// ```
/// # use cutmix_core::ops::NoiseRange;
/// assert_eq!(NoiseRange::default(), NoiseRange { lo: 0.0, hi: 1.0 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseRange {
    /// Least value.
    pub lo: f32,
    /// Upper end.
    pub hi: f32,
}

impl Default for NoiseRange {
    fn default() -> Self {
        Self { lo: 0.0, hi: 1.0 }
    }
}

/// Where a view lies in the whole image, so that every tile, crop and shard gets the noise of the whole.
///
/// An element's index in the whole image is `((plane * height + y) * width + x) * elements + e`, with `elements` per
/// pixel of a plane; NHWC and NCHW therefore number differently.
///
/// ```
/// # use cutmix_core::{ops, ImageViewMut, Level, NoiseKey, PatchBox, Size};
/// # use cutmix_core::ops::{Fill, Frame, NoiseRange};
/// let (whole, half, key) = (Size::new(4, 2)?, Size::new(4, 1)?, NoiseKey { words: [1, 2] });
/// let (fill, level) = (Fill::Noise(NoiseRange::default()), Level::detect());
/// let (mut image, mut lower) = ([0_u8; 8], [0_u8; 4]);
/// let mut view = ImageViewMut::nhwc(&mut image, whole, 1)?;
/// ops::cutout(level, &mut view, PatchBox::full(whole), fill, key, Frame::whole(whole))?;
/// // The second row alone gets the noise that it has in the whole.
/// let mut view = ImageViewMut::nhwc(&mut lower, half, 1)?;
/// ops::cutout(level, &mut view, PatchBox::full(half), fill, key, Frame { whole, x: 0, y: 1 })?;
/// assert_eq!(image[4..], lower);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Size of the whole image.
    pub whole: Size,
    /// Column of the view's first pixel.
    pub x: u32,
    /// Row of the view's first pixel.
    pub y: u32,
}

impl Frame {
    /// The view is the whole image, of `size` pixels.
    ///
    /// ```
    /// # use cutmix_core::{ops::Frame, Size};
    /// // The right half of an image: its noise is counted as that of columns 20 to 39.
    /// let half = Frame { x: 20, ..Frame::whole(Size::new(40, 24)?) };
    /// assert_eq!((half.whole.width(), half.x, half.y), (40, 20, 0));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn whole(size: Size) -> Self {
        Self { whole: size, x: 0, y: 0 }
    }
}

/// Fills `patch` of the image. Labels stay; the kept ratio of the pixels is returned for whoever wants it.
///
/// `key` and `frame` matter for noise only. Costs one write of the patch.
///
/// # Errors
/// [`Error::BoxOutside`] if the box is not within the image; [`Error::CountMismatch`] if a constant does not have one
/// value for every element of a pixel. Nothing is written then.
///
/// ```
/// # use cutmix_core::{ops, ImageViewMut, Level, NoiseKey, PatchBox, Size};
/// # use cutmix_core::ops::{Fill, Frame};
/// let size = Size::new(3, 1)?;
/// let mut image = [1_u8; 9];
/// let mut view = ImageViewMut::nhwc(&mut image, size, 3)?;
/// let fill = Fill::Constant(&[7, 8, 9]);
/// ops::cutout(Level::detect(), &mut view, PatchBox::new(1, 0, 2, 1)?, fill, NoiseKey::default(), Frame::whole(size))?;
/// assert_eq!(image, [1, 1, 1, 7, 8, 9, 1, 1, 1]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutout<T: Blend>(
    level: Level,
    image: &mut ImageViewMut<'_, T>,
    patch: PatchBox,
    fill: Fill<'_, T>,
    key: NoiseKey,
    frame: Frame,
) -> Result<KeptRatio, Error> {
    let Fill::Noise(range) = fill else {
        return cutout_copied(level, image, patch, fill, 0);
    };
    let ratio = KeptRatio::of(patch, image.size())?;
    let elements = u64::from(image.layout().pixel_bytes()) / size_of::<T>() as u64;
    let row_step = u64::from(frame.whole.width()).wrapping_mul(elements);
    for plane in 0..image.layout().planes() {
        let row = u64::from(plane)
            .wrapping_mul(u64::from(frame.whole.height()))
            .wrapping_add(u64::from(frame.y) + u64::from(patch.y0()));
        let column = (u64::from(frame.x) + u64::from(patch.x0())).wrapping_mul(elements);
        let noise = Noise { words: key.words, first: row.wrapping_mul(row_step).wrapping_add(column), row_step };
        T::noise(level, &mut image.rect_mut(plane, patch), noise, [range.lo, range.hi]);
    }
    Ok(ratio)
}

/// The fills that need no arithmetic. `sample` is only named in the error that noise gives.
pub(crate) fn cutout_copied<T: Pod>(
    level: Level,
    image: &mut ImageViewMut<'_, T>,
    patch: PatchBox,
    fill: Fill<'_, T>,
    sample: u64,
) -> Result<KeptRatio, Error> {
    let ratio = KeptRatio::of(patch, image.size())?;
    match fill {
        Fill::Zero => {
            for plane in 0..image.layout().planes() {
                level.fill(&mut image.rect_mut(plane, patch), &[0]);
            }
        }
        Fill::Constant(values) => fill_constant(level, image, patch, values)?,
        Fill::Noise(_) => return Err(Error::CopyOnly { sample }),
    }
    Ok(ratio)
}

/// Fills a box that lies within the image with one value for every element of a pixel.
fn fill_constant<T: Pod>(
    level: Level,
    image: &mut ImageViewMut<'_, T>,
    patch: PatchBox,
    values: &[T],
) -> Result<(), Error> {
    expect_values(image.layout(), values)?;
    // Never 0, which the compiler cannot know; chunks of 0 bytes would panic.
    let pixel_bytes = (image.layout().pixel_bytes() as usize).max(1);
    let patterns = bytemuck::cast_slice::<T, u8>(values).chunks_exact(pixel_bytes);
    for (plane, pattern) in (0..image.layout().planes()).zip(patterns) {
        level.fill(&mut image.rect_mut(plane, patch), pattern);
    }
    Ok(())
}

/// That there is one value for every element of a pixel over all planes.
pub(super) fn expect_values<T: Pod>(layout: &Layout, values: &[T]) -> Result<(), Error> {
    // Views of elements without a size cannot be made.
    let elements = (layout.pixel_bytes() as usize).checked_div(size_of::<T>()).unwrap_or(0);
    let expected = u64::from(layout.planes()) * elements as u64;
    if values.len() as u64 == expected {
        Ok(())
    } else {
        Err(Error::CountMismatch { what: "fill values", given: values.len() as u64, expected })
    }
}
