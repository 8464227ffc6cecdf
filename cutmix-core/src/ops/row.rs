//! The same operations on one row at a time, for pipelines that never hold a whole image: a camera's line buffer.
//!
//! A row is `width` pixels of one plane; rows may come in any order.

use bytemuck::Pod;

use super::cutmix::cutmix_in_place;
use super::cutout::{Fill, Frame, cutout};
use super::mixup::{Blend, mixup_in_place};
use crate::draw::NoiseKey;
use crate::error::Error;
use crate::geometry::{KeptRatio, PatchBox, Size};
use crate::kernels::Level;
use crate::view::{ImageView, ImageViewMut};

/// The part of `patch` in row `y`, as a box in an image of that row alone.
pub(super) fn row_box(patch: PatchBox, y: u32) -> PatchBox {
    patch.row_span(y).map_or(PatchBox::EMPTY, |span| PatchBox::from_ordered(span.start, 0, span.end, 1))
}

/// The size of a row of `elements`, with `per_pixel` of them a pixel.
pub(super) fn row_size(elements: usize, per_pixel: u32) -> Result<Size, Error> {
    let per = per_pixel as usize;
    match elements.checked_rem(per) {
        Some(0) => {
            let width = u32::try_from(elements / per).map_err(|_| Error::TooLarge { what: "the width of a row" })?;
            Size::new(width, 1)
        }
        _ => Err(Error::CountMismatch {
            what: "elements of a row (whole pixels)",
            given: elements as u64,
            expected: per_pixel.into(),
        }),
    }
}

/// `CutMix` of row `y`: `row` holds the base's pixels and receives the result, `donor` the donor's of the same row.
/// `channels` is the number of elements of a pixel in this plane. Costs one read and one write of the row's part of the
/// box.
///
/// # Errors
/// [`Error::CountMismatch`], [`Error::SizeMismatch`] or [`Error::BoxOutside`] if the rows are not whole pixels, not
/// equally long, or shorter than the box needs.
///
/// ```
/// # use cutmix_core::{ops, Level, PatchBox};
/// let patch = PatchBox::new(1, 5, 3, 9)?;
/// let mut row = [0_u8; 4];
/// ops::cutmix_row(Level::detect(), &mut row, &[7; 4], 1, patch, 5)?;
/// assert_eq!(row, [0, 7, 7, 0]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutmix_row<T: Pod>(
    level: Level,
    row: &mut [T],
    donor: &[T],
    channels: u32,
    patch: PatchBox,
    y: u32,
) -> Result<(), Error> {
    let (size, donor_size) = (row_size(row.len(), channels)?, row_size(donor.len(), channels)?);
    let donor = ImageView::nhwc(donor, donor_size, channels)?;
    cutmix_in_place(level, &mut ImageViewMut::nhwc(row, size, channels)?, &donor, row_box(patch, y))?;
    Ok(())
}

/// Mixup of a row; see [`mixup_in_place`]. Costs two reads and a write of the row.
///
/// # Errors
/// As [`cutmix_row`], and [`Error::WeightGrid`].
///
/// ```
/// # use cutmix_core::{ops, Level, WeightGrid};
/// let mut row = [100_u8, 200];
/// ops::mixup_row(Level::detect(), &mut row, &[0; 2], WeightGrid::Q15.weight(0.5)?)?;
/// assert_eq!(row, [50, 100]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mixup_row<T: Blend>(level: Level, row: &mut [T], donor: &[T], weight: KeptRatio) -> Result<(), Error> {
    let (size, donor_size) = (row_size(row.len(), 1)?, row_size(donor.len(), 1)?);
    mixup_in_place(level, &mut ImageViewMut::nhwc(row, size, 1)?, &ImageView::nhwc(donor, donor_size, 1)?, weight)
}

/// Cutout of row `y` of `plane` in an image of `height` rows. For planar images a constant fill has the values of this
/// plane only. Costs one write of the row's part of the box.
///
/// # Errors
/// As [`cutmix_row`] and [`cutout`].
///
/// ```
/// # use cutmix_core::{ops, ops::Fill, Level, NoiseKey, PatchBox};
/// // Row 1 of the only plane, of an image of 3 rows.
/// let (mut row, patch) = ([5_u8; 4], PatchBox::new(1, 0, 3, 2)?);
/// ops::cutout_row(Level::detect(), &mut row, 1, patch, (0, 1, 3), Fill::Zero, NoiseKey::default())?;
/// assert_eq!(row, [5, 0, 0, 5]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[allow(clippy::too_many_arguments)] // A row knows nothing of the image it belongs to.
pub fn cutout_row<T: Blend>(
    level: Level,
    row: &mut [T],
    channels: u32,
    patch: PatchBox,
    (plane, y, height): (u32, u32, u32),
    fill: Fill<'_, T>,
    key: NoiseKey,
) -> Result<(), Error> {
    let size = row_size(row.len(), channels)?;
    // The row counted from the top of the first plane, as the index of noise counts it.
    let line = u64::from(plane) * u64::from(height) + u64::from(y);
    let y_in_whole = u32::try_from(line).map_err(|_| Error::TooLarge { what: "the number of rows over all planes" })?;
    let frame = Frame { whole: size, x: 0, y: y_in_whole };
    cutout(level, &mut ImageViewMut::nhwc(row, size, channels)?, row_box(patch, y), fill, key, frame)?;
    Ok(())
}
