//! How the bytes of an image lie in memory. Arithmetic only; checked once, here.

use crate::error::Error;
use crate::geometry::{PatchBox, Size};

/// `planes x rows` of pixels at given pitches: where every pixel of an image lies, in bytes.
///
/// | format | planes | bytes of a pixel | `row_pitch` |
/// |---|---|---|---|
/// | NHWC (interleaved) | 1 | channels x element | `width` pixels |
/// | NCHW (planar) | channels | element | `width` elements |
/// | NC4HW4 (tiled) | ceil(channels / 4) | 4 x element | `width` pixels of 4 |
/// | frame with padded rows | any | any | more than a row |
/// | crop of a larger frame | any | any | the frame's |
/// | bottom-up bitmap | any | any | negative |
///
/// A layout is valid: no two rows share a byte and no offset overflows. Whether it fits a buffer is checked when a view
/// is made of it.
///
/// ```
/// # use cutmix_core::{Layout, Size};
/// // Rows of a 100 x 60 RGB frame, each padded to 320 bytes, stored bottom row first.
/// let layout = Layout::nhwc(Size::new(100, 60)?, 3, 1)?.with_row_pitch(320)?.bottom_up();
/// assert_eq!((layout.row_bytes(), layout.row_pitch(), layout.buffer_bytes()), (300, -320, 19180));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    size: Size,
    planes: u32,
    pixel_bytes: u32,
    row_bytes: usize,
    row_pitch: isize,
    plane_pitch: isize,
    origin: usize,
    buffer_bytes: usize,
}

impl Layout {
    /// The general layout.
    ///
    /// * `planes`: how many planes, at least 1; `pixel_bytes`: bytes of one pixel in one plane, at least 1.
    /// * `row_pitch`, `plane_pitch`: bytes from one row (plane) to the next, possibly negative. Rows may lie within
    ///   planes, or planes within rows; the pitch of a single row or plane is not looked at.
    /// * `origin`: byte offset in the buffer of the first pixel of row 0 of plane 0.
    ///
    /// # Errors
    /// [`Error::CountMismatch`] for no planes or empty pixels, [`Error::Overlap`] if rows or planes share bytes,
    /// [`Error::TooLarge`] if an offset exceeds `isize::MAX` or is negative.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// // Planes within rows: row 0 of red, row 0 of green, row 0 of blue, row 1 of red, ...
    /// let layout = Layout::new(Size::new(5, 4)?, 3, 1, 15, 5, 0)?;
    /// assert_eq!(layout.buffer_bytes(), 60);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(
        size: Size,
        planes: u32,
        pixel_bytes: u32,
        row_pitch: isize,
        plane_pitch: isize,
        origin: usize,
    ) -> Result<Self, Error> {
        if planes == 0 {
            return Err(Error::CountMismatch { what: "planes", given: 0, expected: 1 });
        }
        if pixel_bytes == 0 {
            return Err(Error::CountMismatch { what: "bytes of a pixel", given: 0, expected: 1 });
        }
        // 128 bits hold every sum and product of these: at most (2^32 + 2^32) 2^63 + 2^64 + 2^64.
        let row = i128::from(size.width()) * i128::from(pixel_bytes);
        let (rows, planes_wide) = (i128::from(size.height()), i128::from(planes));
        let (row_step, plane_step) = (row_pitch as i128, plane_pitch as i128);
        let rows_span = (rows - 1) * row_step.abs() + row;
        let planes_span = (planes_wide - 1) * plane_step.abs() + row;
        let disjoint = |count: i128, step: i128, needed: i128| count == 1 || step.abs() >= needed;
        let rows_in_planes = disjoint(rows, row_step, row) && disjoint(planes_wide, plane_step, rows_span);
        let planes_in_rows = disjoint(planes_wide, plane_step, row) && disjoint(rows, row_step, planes_span);
        if !rows_in_planes && !planes_in_rows {
            return Err(if disjoint(rows, row_step, row) {
                Error::Overlap {
                    what: "planes",
                    pitch: plane_pitch as i64,
                    needed: rows_span.min(u64::MAX as i128) as u64,
                }
            } else {
                Error::Overlap { what: "rows", pitch: row_pitch as i64, needed: row as u64 }
            });
        }
        let (last_row, last_plane) = ((rows - 1) * row_step, (planes_wide - 1) * plane_step);
        let first = origin as i128 + last_row.min(0) + last_plane.min(0);
        let end = origin as i128 + last_row.max(0) + last_plane.max(0) + row;
        if first < 0 {
            return Err(Error::TooLarge { what: "a negative pitch (rows begin before the buffer)" });
        }
        if end > isize::MAX as i128 {
            return Err(Error::TooLarge { what: "the end of an image in memory" });
        }
        Ok(Self {
            size,
            planes,
            pixel_bytes,
            // At most `end`.
            row_bytes: row as usize,
            // The pitch of a single row (plane) is never used; 0 keeps equal layouts equal.
            row_pitch: if rows == 1 { 0 } else { row_pitch },
            plane_pitch: if planes == 1 { 0 } else { plane_pitch },
            origin,
            buffer_bytes: end as usize,
        })
    }

    /// Rows without padding, planes without gaps. Made for every row and every small patch, so without the wide
    /// arithmetic of [`Self::new`], which checks what cannot be wrong here.
    #[inline]
    fn dense(size: Size, planes: u32, pixel_bytes: Option<u32>) -> Result<Self, Error> {
        let too_large = Error::TooLarge { what: "the size of an image in memory" };
        let pixel_bytes = pixel_bytes.ok_or(too_large)?;
        if planes == 0 || pixel_bytes == 0 {
            let what = if planes == 0 { "planes" } else { "bytes of a pixel" };
            return Err(Error::CountMismatch { what, given: 0, expected: 1 });
        }
        let row = u64::from(size.width()) * u64::from(pixel_bytes);
        let plane = row.checked_mul(u64::from(size.height()));
        let all = plane.and_then(|plane| plane.checked_mul(u64::from(planes)));
        let (Some(plane), Some(Ok(all))) = (plane, all.map(isize::try_from)) else { return Err(too_large) };
        Ok(Self {
            size,
            planes,
            pixel_bytes,
            // None of these exceeds `all`.
            row_bytes: row as usize,
            row_pitch: if size.height() == 1 { 0 } else { row as isize },
            plane_pitch: if planes == 1 { 0 } else { plane as isize },
            origin: 0,
            buffer_bytes: all as usize,
        })
    }

    /// Interleaved: one plane whose pixels hold all channels. Also grey and packed formats, with `channels` 1.
    ///
    /// # Errors
    /// [`Error::CountMismatch`] if `channels` or `element_bytes` is 0, [`Error::TooLarge`] if it cannot be addressed.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nhwc(Size::new(5, 4)?, 3, 2)?; // RGB of 16 bits
    /// assert_eq!((layout.planes(), layout.pixel_bytes(), layout.row_pitch(), layout.buffer_bytes()), (1, 6, 30, 120));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn nhwc(size: Size, channels: u32, element_bytes: u32) -> Result<Self, Error> {
        Self::dense(size, 1, channels.checked_mul(element_bytes))
    }

    /// Planar: one plane a channel.
    ///
    /// # Errors
    /// As [`Layout::nhwc`].
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nchw(Size::new(5, 4)?, 3, 4)?; // floats
    /// assert_eq!((layout.planes(), layout.row_bytes(), layout.plane_pitch(), layout.buffer_bytes()), (3, 20, 80, 240));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn nchw(size: Size, channels: u32, element_bytes: u32) -> Result<Self, Error> {
        Self::dense(size, channels, Some(element_bytes))
    }

    /// Tiled by four: `ceil(channels / 4)` planes of 4-element pixels; the elements beyond the last channel are padding
    /// that travels along.
    ///
    /// # Errors
    /// As [`Layout::nhwc`].
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nc4hw4(Size::new(5, 4)?, 6, 1)?;
    /// assert_eq!((layout.planes(), layout.pixel_bytes(), layout.buffer_bytes()), (2, 4, 160));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn nc4hw4(size: Size, channels: u32, element_bytes: u32) -> Result<Self, Error> {
        Self::dense(size, channels.div_ceil(4), element_bytes.checked_mul(4))
    }

    /// The same image with rows `row_pitch` bytes apart, planes following each other without a gap.
    ///
    /// # Errors
    /// As [`Layout::new`].
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nchw(Size::new(5, 4)?, 3, 1)?.with_row_pitch(8)?;
    /// assert_eq!((layout.plane_pitch(), layout.buffer_bytes()), (32, 2 * 32 + 3 * 8 + 5));
    /// assert!(layout.with_row_pitch(4).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn with_row_pitch(self, row_pitch: isize) -> Result<Self, Error> {
        let plane = isize::try_from(self.size.height())
            .ok()
            .and_then(|rows| rows.checked_mul(row_pitch))
            .ok_or(Error::TooLarge { what: "the size of a plane in memory" })?;
        Self::new(self.size, self.planes, self.pixel_bytes, row_pitch, plane, self.origin)
    }

    /// The same image with planes `plane_pitch` bytes apart.
    ///
    /// # Errors
    /// As [`Layout::new`].
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nchw(Size::new(5, 4)?, 3, 1)?.with_plane_pitch(64)?;
    /// assert_eq!(layout.buffer_bytes(), 2 * 64 + 20);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn with_plane_pitch(self, plane_pitch: isize) -> Result<Self, Error> {
        Self::new(self.size, self.planes, self.pixel_bytes, self.row_pitch, plane_pitch, self.origin)
    }

    /// The same image with its first pixel `origin` bytes into the buffer.
    ///
    /// # Errors
    /// As [`Layout::new`].
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// // After a header of 54 bytes.
    /// assert_eq!(Layout::nhwc(Size::new(4, 4)?, 3, 1)?.with_origin(54)?.buffer_bytes(), 54 + 48);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn with_origin(self, origin: usize) -> Result<Self, Error> {
        Self::new(self.size, self.planes, self.pixel_bytes, self.row_pitch, self.plane_pitch, origin)
    }

    /// The same bytes read in the opposite order of rows: row 0 is the last one in each plane. Twice, it is
    /// the layout that it was.
    ///
    /// ```
    /// # use cutmix_core::{ImageView, Layout, Size};
    /// let layout = Layout::nhwc(Size::new(2, 3)?, 1, 1)?;
    /// let view = ImageView::new(&[1_u8, 1, 2, 2, 3, 3], layout.bottom_up())?;
    /// assert_eq!(view.row(0, 0), Some(&[3, 3][..]));
    /// assert_eq!(layout.bottom_up().bottom_up(), layout);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn bottom_up(self) -> Self {
        let last = (self.size.height() - 1) as isize;
        Self {
            origin: self.origin.wrapping_add_signed(last.wrapping_mul(self.row_pitch)),
            row_pitch: self.row_pitch.wrapping_neg(),
            ..self
        }
    }

    /// The part of the image inside `window`, in the same buffer.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] if the window is not within the image, [`Error::ZeroSide`] if it is empty.
    ///
    /// ```
    /// # use cutmix_core::{Layout, PatchBox, Size};
    /// let crop = Layout::nhwc(Size::new(8, 8)?, 1, 1)?.crop(PatchBox::new(2, 1, 5, 3)?)?;
    /// assert_eq!((crop.size(), crop.origin(), crop.row_pitch()), (Size::new(3, 2)?, 10, 8));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn crop(self, window: PatchBox) -> Result<Self, Error> {
        window.checked_in(self.size)?;
        let size = Size::new(window.width(), window.height())?;
        // Offsets inside the image cannot overflow: `new` has checked its last byte.
        let origin = self
            .origin
            .wrapping_add(window.x0() as usize * self.pixel_bytes as usize)
            .wrapping_add_signed((window.y0() as isize).wrapping_mul(self.row_pitch));
        Self::new(size, self.planes, self.pixel_bytes, self.row_pitch, self.plane_pitch, origin)
    }

    /// Some of the planes, in the same buffer.
    pub(super) fn some_planes(self, planes: core::ops::Range<u32>) -> Result<Self, Error> {
        let origin = self.offset(planes.start, 0, 0);
        let count = planes.end.min(self.planes).saturating_sub(planes.start);
        Self::new(self.size, count, self.pixel_bytes, self.row_pitch, self.plane_pitch, origin)
    }

    /// Offset of the first byte of all rows.
    pub(super) fn first(&self) -> usize {
        let back = |count: u32, pitch: isize| ((count - 1) as isize).wrapping_mul(pitch).min(0);
        // `new` has found this not to be negative.
        self.origin
            .wrapping_add_signed(back(self.size.height(), self.row_pitch))
            .wrapping_add_signed(back(self.planes, self.plane_pitch))
    }

    /// The same in a buffer that begins `bytes` later, which no row begins before.
    pub(super) const fn moved_down(self, bytes: usize) -> Self {
        Self { origin: self.origin.wrapping_sub(bytes), buffer_bytes: self.buffer_bytes.wrapping_sub(bytes), ..self }
    }

    /// Width and height in pixels.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nhwc(Size::new(5, 4)?, 3, 2)?.with_row_pitch(64)?;
    /// assert_eq!(layout.size(), Size::new(5, 4)?); // padding is no pixel
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Number of planes, at least 1.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let size = Size::new(5, 4)?;
    /// assert_eq!((Layout::nhwc(size, 3, 1)?.planes(), Layout::nchw(size, 3, 1)?.planes()), (1, 3));
    /// assert_eq!(Layout::nc4hw4(size, 3, 1)?.planes(), 1); // of four elements, one of them padding
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn planes(&self) -> u32 {
        self.planes
    }

    /// Bytes of one pixel in one plane, at least 1.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let size = Size::new(5, 4)?;
    /// // Three channels of floats.
    /// assert_eq!((Layout::nhwc(size, 3, 4)?.pixel_bytes(), Layout::nchw(size, 3, 4)?.pixel_bytes()), (12, 4));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn pixel_bytes(&self) -> u32 {
        self.pixel_bytes
    }

    /// Bytes of one row without padding.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// assert_eq!(Layout::nhwc(Size::new(5, 4)?, 3, 2)?.with_row_pitch(64)?.row_bytes(), 5 * 3 * 2);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// Bytes from one row to the next; negative for bottom-up images, 0 for a single row.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nhwc(Size::new(5, 4)?, 3, 2)?;
    /// assert_eq!((layout.row_pitch(), layout.bottom_up().row_pitch()), (30, -30));
    /// assert_eq!(layout.with_row_pitch(64)?.row_pitch(), 64);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn row_pitch(&self) -> isize {
        self.row_pitch
    }

    /// Bytes from one plane to the next, possibly negative; 0 for a single plane.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let size = Size::new(5, 4)?;
    /// assert_eq!((Layout::nchw(size, 3, 4)?.plane_pitch(), Layout::nhwc(size, 3, 4)?.plane_pitch()), (80, 0));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn plane_pitch(&self) -> isize {
        self.plane_pitch
    }

    /// Byte offset of the first pixel of row 0 of plane 0.
    ///
    /// ```
    /// # use cutmix_core::{Layout, PatchBox, Size};
    /// let layout = Layout::nhwc(Size::new(5, 4)?, 3, 1)?;
    /// assert_eq!(layout.crop(PatchBox::new(2, 1, 5, 4)?)?.origin(), 15 + 2 * 3);
    /// assert_eq!(layout.bottom_up().origin(), 3 * 15); // the last row in memory
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn origin(&self) -> usize {
        self.origin
    }

    /// The least length in bytes of a buffer that holds the image: the bytes before it count, padding after its last row
    /// does not.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size};
    /// let layout = Layout::nhwc(Size::new(5, 4)?, 1, 1)?.with_row_pitch(8)?;
    /// assert_eq!(layout.buffer_bytes(), 3 * 8 + 5);
    /// assert_eq!(layout.with_origin(100)?.buffer_bytes(), 100 + 3 * 8 + 5);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn buffer_bytes(&self) -> usize {
        self.buffer_bytes
    }

    /// Checks that every offset is a whole number of elements. Inlined, so that the size is a constant: views are made
    /// for every small patch.
    #[inline]
    pub(super) fn check_elements(&self, element_bytes: usize) -> Result<(), Error> {
        let whole = |quantity: usize| quantity.checked_rem(element_bytes) == Some(0);
        let all = whole(self.pixel_bytes as usize)
            && whole(self.row_pitch.unsigned_abs())
            && whole(self.plane_pitch.unsigned_abs())
            && whole(self.origin);
        if all { Ok(()) } else { Err(self.misaligned(element_bytes)) }
    }

    /// The first quantity that is not a whole number of elements.
    #[cold]
    fn misaligned(&self, element_bytes: usize) -> Error {
        let quantities = [
            ("the size of a pixel", self.pixel_bytes as i64),
            ("the row pitch", self.row_pitch as i64),
            ("the plane pitch", self.plane_pitch as i64),
            ("the origin", self.origin as i64),
        ];
        let (what, given) = quantities
            .into_iter()
            .find(|(_, given)| given.checked_rem(element_bytes as i64) != Some(0))
            .unwrap_or(("the layout", 0));
        Error::Misaligned { what, given, element_bytes: element_bytes as u64 }
    }

    /// Offset of the first byte of a pixel inside the image, which `new` has proved to be addressable.
    #[inline]
    pub(crate) fn offset(&self, plane: u32, x: u32, y: u32) -> usize {
        self.origin
            .wrapping_add_signed((plane as isize).wrapping_mul(self.plane_pitch))
            .wrapping_add_signed((y as isize).wrapping_mul(self.row_pitch))
            .wrapping_add((x as usize).wrapping_mul(self.pixel_bytes as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).unwrap()
    }

    #[test]
    fn dense_layouts_are_those_of_the_general_constructor() {
        for (w, h, planes, bytes) in [(5, 4, 3, 2), (1, 1, 1, 1), (7, 1, 2, 4), (1, 9, 1, 12), (300, 200, 5, 1)] {
            let dense = Layout::nchw(size(w, h), planes, bytes).unwrap();
            let row = (w * bytes) as isize;
            assert_eq!(Layout::new(size(w, h), planes, bytes, row, row * h as isize, 0), Ok(dense));
        }
    }

    #[test]
    fn dense_layouts() {
        let nhwc = Layout::nhwc(size(5, 4), 3, 2).unwrap();
        assert_eq!((nhwc.planes(), nhwc.pixel_bytes(), nhwc.row_pitch(), nhwc.buffer_bytes()), (1, 6, 30, 120));
        let nchw = Layout::nchw(size(5, 4), 3, 2).unwrap();
        assert_eq!((nchw.planes(), nchw.row_pitch(), nchw.plane_pitch(), nchw.buffer_bytes()), (3, 10, 40, 120));
        let tiled = Layout::nc4hw4(size(5, 4), 6, 1).unwrap();
        assert_eq!((tiled.planes(), tiled.pixel_bytes(), tiled.buffer_bytes()), (2, 4, 160));
    }

    #[test]
    fn rows_and_planes_may_nest_either_way_but_not_overlap() {
        // Planes within planes, rows within rows: 3 planes of 5 bytes side by side in rows of 16.
        assert!(Layout::new(size(5, 4), 3, 1, 16, 5, 0).is_ok());
        assert!(Layout::new(size(5, 4), 3, 1, -16, 5, 48).is_ok());
        let rows = Layout::new(size(5, 4), 1, 1, 4, 0, 0);
        assert_eq!(rows, Err(Error::Overlap { what: "rows", pitch: 4, needed: 5 }));
        let planes = Layout::new(size(5, 4), 2, 1, 5, 19, 0);
        assert_eq!(planes, Err(Error::Overlap { what: "planes", pitch: 19, needed: 20 }));
        assert!(Layout::new(size(5, 1), 1, 1, 0, 0, 0).is_ok(), "a single row has no pitch to check");
    }

    #[test]
    fn nothing_overflows() {
        let huge = size(u32::MAX, u32::MAX);
        assert!(matches!(Layout::nhwc(huge, 3, 1), Err(Error::TooLarge { .. })));
        assert!(matches!(Layout::nhwc(huge, u32::MAX, u32::MAX), Err(Error::TooLarge { .. })));
        assert!(Layout::new(huge, u32::MAX, u32::MAX, isize::MAX, isize::MIN, usize::MAX).is_err());
        assert!(matches!(Layout::new(size(1, 2), 1, 1, isize::MIN, 0, 5), Err(Error::TooLarge { .. })));
        assert!(matches!(Layout::new(size(2, 2), 1, 1, -2, 0, 1), Err(Error::TooLarge { .. })));
        assert!(matches!(Layout::new(size(2, 1), 1, 1, 0, 0, isize::MAX as usize - 1), Err(Error::TooLarge { .. })));
        let nothing = |what| Err(Error::CountMismatch { what, given: 0, expected: 1 });
        assert_eq!(Layout::nhwc(size(2, 2), 0, 1), nothing("bytes of a pixel"));
        assert_eq!(Layout::nchw(size(2, 2), 0, 1), nothing("planes"));
        assert_eq!(Layout::new(size(2, 2), 0, 1, 2, 4, 0), nothing("planes"));
        assert_eq!(Layout::new(size(2, 2), 1, 0, 2, 4, 0), nothing("bytes of a pixel"));
    }

    #[test]
    fn crops_and_flips_address_the_same_bytes() {
        let whole = Layout::nchw(size(7, 5), 2, 2).unwrap().with_row_pitch(20).unwrap().with_origin(6).unwrap();
        let window = PatchBox::new(2, 1, 6, 4).unwrap();
        let crop = whole.crop(window).unwrap();
        let flipped = whole.bottom_up();
        assert_eq!(flipped.bottom_up(), whole);
        for (plane, y, x) in (0..2).flat_map(|p| (0..5).flat_map(move |y| (0..7).map(move |x| (p, y, x)))) {
            assert_eq!(flipped.offset(plane, x, y), whole.offset(plane, x, 4 - y));
            if window.contains(x, y) {
                assert_eq!(crop.offset(plane, x - 2, y - 1), whole.offset(plane, x, y));
            }
        }
        assert_eq!(whole.crop(PatchBox::EMPTY), Err(Error::ZeroSide { width: 0, height: 0 }));
    }
}
