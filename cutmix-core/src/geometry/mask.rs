//! The mask M of a box, in bytes or bits.

use core::ops::Range;

use super::{PatchBox, Size};
use crate::error::Error;

/// Writes the mask M, one byte a pixel in row order: 1 where the base is kept, 0 inside the box. Costs one write of the
/// mask.
///
/// # Errors
/// [`Error::BoxOutside`], or [`Error::CountMismatch`] if `out` does not have one byte for every pixel.
///
/// ```
/// # use cutmix_core::{geometry, PatchBox, Size};
/// let mut mask = [9; 8];
/// geometry::mask_bytes(PatchBox::new(1, 0, 3, 1)?, Size::new(4, 2)?, &mut mask)?;
/// assert_eq!(mask, [1, 0, 0, 1, 1, 1, 1, 1]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mask_bytes(patch: PatchBox, size: Size, out: &mut [u8]) -> Result<(), Error> {
    patch.checked_in(size)?;
    expect_len("mask bytes", out.len(), size.total())?;
    out.fill(1);
    // The length equals `total`, so the width fits a usize here; it is never 0, which the compiler cannot know.
    for (y, row) in out.chunks_exact_mut((size.width as usize).max(1)).enumerate() {
        if let Some(span) = patch.row_span(y as u32)
            && let Some(cells) = row.get_mut(span.start as usize..span.end as usize)
        {
            cells.fill(0);
        }
    }
    Ok(())
}

/// Bytes that one row of [`mask_bits`] takes: `ceil(width / 8)`.
///
/// ```
/// # use cutmix_core::{geometry, Size};
/// let size = Size::new(9, 100)?; // the ninth pixel of a row takes a byte
/// assert_eq!(geometry::mask_bits_row_bytes(size) * size.height(), 200);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[must_use]
pub const fn mask_bits_row_bytes(size: Size) -> u32 {
    size.width.div_ceil(8)
}

/// Writes the mask M as bits: each row starts at a byte, the leftmost pixel is the most significant bit, padding bits
/// are 0. (The order of `numpy.packbits(axis=1)` and of the PBM format.) Costs one write of the mask.
///
/// # Errors
/// [`Error::BoxOutside`], or [`Error::CountMismatch`] if `out` does not have
/// `height *` [`mask_bits_row_bytes`]`(size)` bytes.
///
/// ```
/// # use cutmix_core::{geometry, PatchBox, Size};
/// let mut mask = [0; 4];
/// geometry::mask_bits(PatchBox::new(2, 0, 9, 1)?, Size::new(10, 2)?, &mut mask)?;
/// assert_eq!(mask, [0b1100_0000, 0b0100_0000, 0b1111_1111, 0b1100_0000]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mask_bits(patch: PatchBox, size: Size, out: &mut [u8]) -> Result<(), Error> {
    patch.checked_in(size)?;
    let row_bytes = mask_bits_row_bytes(size);
    expect_len("mask bit bytes", out.len(), u64::from(row_bytes) * u64::from(size.height))?;
    for (y, row) in out.chunks_exact_mut((row_bytes as usize).max(1)).enumerate() {
        let inside = patch.row_span(y as u32).unwrap_or(0..0);
        for (j, byte) in row.iter_mut().enumerate() {
            let first = j as u64 * 8;
            *byte = bits_between(first, 0..size.width) & !bits_between(first, inside.clone());
        }
    }
    Ok(())
}

/// The bits of the byte that begins at pixel `first` whose pixels lie in `range`, most significant first.
fn bits_between(first: u64, range: Range<u32>) -> u8 {
    let clamp = |edge: u32| u64::from(edge).saturating_sub(first).min(8) as u16;
    // 16 bits wide, so that a shift by 8 is defined.
    let from = |edge: u16| (0xff_u16 >> edge) as u8;
    from(clamp(range.start)) & !from(clamp(range.end))
}

fn expect_len(what: &'static str, given: usize, expected: u64) -> Result<(), Error> {
    if given as u64 == expected { Ok(()) } else { Err(Error::CountMismatch { what, given: given as u64, expected }) }
}
