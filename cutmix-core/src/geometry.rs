//! Sizes, boxes, the exact kept ratio and the mask M: integers only, no image memory.
//!
//! Imports nothing but `error`; everybody may import it.

use core::fmt;
use core::ops::Range;

use crate::error::Error;

mod grid;
mod mask;
mod ratio;
#[cfg(any(test, all(target_os = "none", target_pointer_width = "32")))]
mod weight;

pub use grid::Grid;
pub use mask::{mask_bits, mask_bits_row_bytes, mask_bytes};
pub use ratio::{KeptRatio, WeightGrid};

/// Width and height of an image in pixels, both at least 1.
///
/// ```
/// # use cutmix_core::Size;
/// let size = Size::new(40, 24)?;
/// assert_eq!((size.width(), size.height(), size.total()), (40, 24, 960));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// A size of `width` columns and `height` rows, up to `u32::MAX` each.
    ///
    /// # Errors
    /// [`Error::ZeroSide`] if a side is zero.
    ///
    /// ```
    /// # use cutmix_core::{Error, Size};
    /// assert_eq!(Size::new(0, 24), Err(Error::ZeroSide { width: 0, height: 24 }));
    /// ```
    pub const fn new(width: u32, height: u32) -> Result<Self, Error> {
        if width == 0 || height == 0 {
            return Err(Error::ZeroSide { width, height });
        }
        Ok(Self { width, height })
    }

    /// Number of columns, at least 1.
    ///
    /// ```
    /// # use cutmix_core::Size;
    /// // The width comes first, also where the shape of an array has the height first.
    /// let [height, width, _channels] = [480, 640, 3];
    /// assert_eq!(Size::new(width, height)?.width(), 640);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn width(self) -> u32 {
        self.width
    }

    /// Number of rows, at least 1.
    ///
    /// ```
    /// # use cutmix_core::{PatchBox, Size};
    /// let size = Size::new(640, 480)?;
    /// assert_eq!(size.height(), 480);
    /// assert_eq!(PatchBox::full(size).row_span(size.height()), None); // the last row is 479
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn height(self) -> u32 {
        self.height
    }

    /// Number of pixels, `width * height`; never overflows.
    ///
    /// ```
    /// # use cutmix_core::Size;
    /// assert_eq!(Size::new(u32::MAX, u32::MAX)?.total(), 0xffff_fffe_0000_0001);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn total(self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

impl From<Size> for [u32; 2] {
    fn from(size: Size) -> Self {
        [size.width, size.height]
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// A half-open rectangle of pixels: columns `x0..x1`, rows `y0..y1`. The empty box is always `(0, 0, 0, 0)`.
///
/// It is the region where the mask M is 0, i.e. where the pixels of the donor replace those of the base.
///
/// ```
/// # use cutmix_core::{PatchBox, Size};
/// let patch = PatchBox::new(3, 1, 7, 4)?;
/// assert_eq!((patch.x0(), patch.y0(), patch.x1(), patch.y1()), (3, 1, 7, 4));
/// assert_eq!((patch.width(), patch.height(), patch.area()), (4, 3, 12));
/// assert!(patch.contains(6, 3) && !patch.contains(7, 3));
/// assert!(patch.fits(Size::new(7, 4)?) && !patch.is_empty());
/// assert_eq!(PatchBox::new(3, 1, 3, 4)?, PatchBox::EMPTY);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PatchBox {
    x0: u32,
    y0: u32,
    x1: u32,
    y1: u32,
}

impl PatchBox {
    /// The box without area: it fits every image, holds no pixel and replaces nothing.
    ///
    /// ```
    /// # use cutmix_core::{KeptRatio, PatchBox, Size};
    /// let size = Size::new(1, 1)?;
    /// assert!(PatchBox::EMPTY.fits(size) && !PatchBox::EMPTY.contains(0, 0));
    /// assert_eq!(KeptRatio::of(PatchBox::EMPTY, size)?.weights(), (1.0, 0.0));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const EMPTY: Self = Self { x0: 0, y0: 0, x1: 0, y1: 0 };

    /// The box of columns `x0..x1` and rows `y0..y1`; one without area becomes [`PatchBox::EMPTY`].
    ///
    /// # Errors
    /// [`Error::BoxReversed`] if `x0 > x1` or `y0 > y1`.
    ///
    /// ```
    /// # use cutmix_core::{Error, PatchBox};
    /// assert_eq!(PatchBox::new(3, 1, 2, 4), Err(Error::BoxReversed { x0: 3, y0: 1, x1: 2, y1: 4 }));
    /// ```
    pub const fn new(x0: u32, y0: u32, x1: u32, y1: u32) -> Result<Self, Error> {
        if x0 > x1 || y0 > y1 {
            return Err(Error::BoxReversed { x0, y0, x1, y1 });
        }
        Ok(Self::from_ordered(x0, y0, x1, y1))
    }

    /// The box of two ranges that are known to be in order.
    pub(crate) const fn from_ordered(x0: u32, y0: u32, x1: u32, y1: u32) -> Self {
        if x0 >= x1 || y0 >= y1 { Self::EMPTY } else { Self { x0, y0, x1, y1 } }
    }

    /// The whole image.
    ///
    /// ```
    /// # use cutmix_core::{PatchBox, Size};
    /// assert_eq!(PatchBox::full(Size::new(40, 24)?), PatchBox::new(0, 0, 40, 24)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn full(size: Size) -> Self {
        Self { x0: 0, y0: 0, x1: size.width, y1: size.height }
    }

    /// First column, in pixels; 0 for the empty box.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// let patch = PatchBox::new(3, 1, 7, 4)?;
    /// assert_eq!(patch.x0(), 3);
    /// assert!(patch.contains(patch.x0(), 1) && !patch.contains(patch.x0() - 1, 1));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn x0(self) -> u32 {
        self.x0
    }

    /// First row, in pixels; 0 for the empty box.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// let patch = PatchBox::new(3, 1, 7, 4)?;
    /// assert_eq!(patch.y0(), 1);
    /// assert_eq!(patch.row_span(patch.y0()), Some(3..7));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn y0(self) -> u32 {
        self.y0
    }

    /// Column after the last, in pixels; 0 for the empty box.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// let patch = PatchBox::new(3, 1, 7, 4)?;
    /// assert_eq!(patch.x1(), 7);
    /// assert!(patch.contains(patch.x1() - 1, 1) && !patch.contains(patch.x1(), 1)); // half-open
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn x1(self) -> u32 {
        self.x1
    }

    /// Row after the last, in pixels; 0 for the empty box.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// let patch = PatchBox::new(3, 1, 7, 4)?;
    /// assert_eq!(patch.y1(), 4);
    /// assert_eq!(patch.row_span(patch.y1()), None); // half-open
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn y1(self) -> u32 {
        self.y1
    }

    /// Number of columns; 0 for the empty box.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// assert_eq!(PatchBox::new(3, 1, 7, 4)?.width(), 4); // columns 3, 4, 5 and 6
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn width(self) -> u32 {
        self.x1 - self.x0
    }

    /// Number of rows; 0 for the empty box.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// assert_eq!(PatchBox::new(3, 1, 7, 4)?.height(), 3); // rows 1, 2 and 3
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn height(self) -> u32 {
        self.y1 - self.y0
    }

    /// Number of pixels; never overflows.
    ///
    /// ```
    /// # use cutmix_core::{PatchBox, Size};
    /// assert_eq!(PatchBox::new(3, 1, 7, 4)?.area(), 12);
    /// assert_eq!(PatchBox::full(Size::new(u32::MAX, 2)?).area(), 2 * u64::from(u32::MAX));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width() as u64 * self.height() as u64
    }

    /// Whether the box has no pixel.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// assert!(PatchBox::new(5, 0, 5, 9)?.is_empty()); // no column
    /// assert!(!PatchBox::new(5, 0, 6, 1)?.is_empty()); // one pixel
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.x1 == 0
    }

    /// Whether the pixel in column `x` and row `y` is in the box.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// let patch = PatchBox::new(3, 1, 7, 4)?;
    /// assert!(patch.contains(3, 1) && patch.contains(6, 3));
    /// assert!(!patch.contains(7, 3) && !patch.contains(6, 4)); // the ends are outside
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn contains(self, x: u32, y: u32) -> bool {
        self.x0 <= x && x < self.x1 && self.y0 <= y && y < self.y1
    }

    /// Whether the box lies within an image of this size.
    ///
    /// ```
    /// # use cutmix_core::{PatchBox, Size};
    /// let patch = PatchBox::new(3, 1, 7, 4)?;
    /// assert!(patch.fits(Size::new(7, 4)?)); // it may touch the borders
    /// assert!(!patch.fits(Size::new(6, 4)?) && !patch.fits(Size::new(7, 3)?));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    #[inline]
    pub const fn fits(self, size: Size) -> bool {
        self.x1 <= size.width && self.y1 <= size.height
    }

    /// Returns the box if it lies within an image of this size.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] otherwise.
    ///
    /// ```
    /// # use cutmix_core::{Error, PatchBox, Size};
    /// let (patch, size) = (PatchBox::new(3, 1, 7, 4)?, Size::new(6, 4)?);
    /// assert_eq!(patch.checked_in(size), Err(Error::BoxOutside { patch: [3, 1, 7, 4], size: [6, 4] }));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[inline]
    pub const fn checked_in(self, size: Size) -> Result<Self, Error> {
        let Self { x0, y0, x1, y1 } = self;
        if self.fits(size) {
            Ok(self)
        } else {
            Err(Error::BoxOutside { patch: [x0, y0, x1, y1], size: [size.width, size.height] })
        }
    }

    /// The columns that the box takes of row `y`, if any: what a line-buffered pipeline has to replace.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// let patch = PatchBox::new(3, 1, 7, 4)?;
    /// assert_eq!(patch.row_span(0), None);
    /// assert_eq!(patch.row_span(1), Some(3..7));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn row_span(self, y: u32) -> Option<Range<u32>> {
        if self.y0 <= y && y < self.y1 { Some(self.x0..self.x1) } else { None }
    }

    /// The pixels that two boxes share.
    ///
    /// ```
    /// # use cutmix_core::PatchBox;
    /// let (a, b) = (PatchBox::new(0, 0, 5, 5)?, PatchBox::new(3, 2, 9, 4)?);
    /// assert_eq!(a.intersection(b), PatchBox::new(3, 2, 5, 4)?);
    /// assert_eq!(a.intersection(PatchBox::new(5, 0, 6, 5)?), PatchBox::EMPTY);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self::from_ordered(self.x0.max(other.x0), self.y0.max(other.y0), self.x1.min(other.x1), self.y1.min(other.y1))
    }
}

impl From<PatchBox> for [u32; 4] {
    fn from(patch: PatchBox) -> Self {
        [patch.x0, patch.y0, patch.x1, patch.y1]
    }
}

impl fmt::Display for PatchBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}) x [{}, {})", self.x0, self.x1, self.y0, self.y1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_image_does_not_overflow() {
        let size = Size::new(u32::MAX, u32::MAX).unwrap();
        assert_eq!(size.total(), 0xffff_fffe_0000_0001);
        assert_eq!(PatchBox::full(size).area(), size.total());
        let ratio = KeptRatio::of(PatchBox::full(size), size).unwrap();
        assert_eq!((ratio.kept(), ratio.to_f64()), (0, 0.0));
        let one = KeptRatio::of(PatchBox::EMPTY, size).unwrap();
        assert_eq!(one.weights(), (1.0, 0.0));
        assert!(one.same_value(KeptRatio::ONE));
    }

    #[test]
    fn mask_bits_agree_with_mask_bytes() {
        for width in (1..=19).step_by(if cfg!(miri) { 8 } else { 1 }) {
            let size = Size::new(width, 3).unwrap();
            for x0 in 0..=width {
                for x1 in x0..=width {
                    let patch = PatchBox::new(x0, 1, x1, 3).unwrap();
                    let mut bytes = [7; 19 * 3];
                    let bytes = &mut bytes[..(width * 3) as usize];
                    mask_bytes(patch, size, bytes).unwrap();
                    let row_bytes = mask_bits_row_bytes(size) as usize;
                    let mut bits = [0x5a; 9];
                    let bits = &mut bits[..row_bytes * 3];
                    mask_bits(patch, size, bits).unwrap();
                    for y in 0..3_u32 {
                        for x in 0..row_bytes as u32 * 8 {
                            let bit = bits[y as usize * row_bytes + x as usize / 8] >> (7 - x % 8) & 1;
                            let expected = if x < width { bytes[(y * width + x) as usize] } else { 0 };
                            assert_eq!(bit, expected, "width {width}, box {patch}, pixel ({x}, {y})");
                            assert_eq!(expected == 1, x < width && !patch.contains(x, y));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn masks_refuse_wrong_lengths_and_boxes() {
        let size = Size::new(4, 2).unwrap();
        let given = Error::CountMismatch { what: "mask bytes", given: 7, expected: 8 };
        assert_eq!(mask_bytes(PatchBox::EMPTY, size, &mut [0; 7]), Err(given));
        let outside = PatchBox::new(0, 0, 5, 1).unwrap();
        assert_eq!(mask_bits(outside, size, &mut [0; 2]), Err(Error::BoxOutside { patch: [0, 0, 5, 1], size: [4, 2] }));
    }
}
