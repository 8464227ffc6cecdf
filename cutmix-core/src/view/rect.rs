//! Rectangles of bytes: what the kernels work on. Invariant, kept by the only constructors: every row lies within
//! `bytes`, and no two rows share a byte.

use crate::geometry::PatchBox;
use crate::view::layout::Layout;

/// The shape of a rectangle in its byte slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// Offset of row 0.
    first: usize,
    rows: usize,
    row_bytes: usize,
    /// From one row to the next.
    pitch: isize,
}

impl Shape {
    const EMPTY: Self = Self { first: 0, rows: 0, row_bytes: 0, pitch: 0 };

    /// The pixels of `patch` in one plane. `patch` lies within the layout.
    #[inline]
    fn of(layout: &Layout, plane: u32, patch: PatchBox) -> Self {
        if patch.is_empty() {
            return Self::EMPTY;
        }
        Self {
            first: layout.offset(plane, patch.x0(), patch.y0()),
            rows: patch.height() as usize,
            row_bytes: (patch.width() as usize).wrapping_mul(layout.pixel_bytes() as usize),
            pitch: layout.row_pitch(),
        }
    }

    /// Rows one after the other.
    #[inline]
    fn dense(len: usize, row_bytes: usize) -> Self {
        let rows = len.checked_div(row_bytes).unwrap_or(0);
        Self { first: 0, rows, row_bytes, pitch: row_bytes as isize }.within(len)
    }

    /// The bytes of row `y`, which the invariant puts inside the slice.
    fn row(&self, y: usize) -> core::ops::Range<usize> {
        let start = self.first.wrapping_add_signed((y as isize).wrapping_mul(self.pitch));
        start..start.wrapping_add(self.row_bytes)
    }

    /// Whether all rows lie in `len` bytes: the first and the last do, and the others between them.
    #[inline]
    fn fits(&self, len: usize) -> bool {
        let Some(last_row) = self.rows.checked_sub(1) else { return true };
        let last = isize::try_from(last_row)
            .ok()
            .and_then(|row| row.checked_mul(self.pitch))
            .and_then(|offset| self.first.checked_add_signed(offset));
        match (last, len.checked_sub(self.row_bytes)) {
            (Some(last), Some(limit)) => self.first <= limit && last <= limit,
            _ => false,
        }
    }

    /// The shape, or nothing at all where it would leave the buffer. Layouts are checked when they are made, so it
    /// never does; the kernels' soundness rests on this line alone.
    #[inline]
    fn within(self, len: usize) -> Self {
        let fits = self.fits(len);
        debug_assert!(fits, "{self:?} in {len} bytes");
        if fits { self } else { Self::EMPTY }
    }
}

/// A rectangle to read.
#[derive(Clone, Copy, Debug)]
pub struct Rect<'a> {
    bytes: &'a [u8],
    shape: Shape,
}

/// A rectangle to write.
#[derive(Debug)]
pub struct RectMut<'a> {
    bytes: &'a mut [u8],
    shape: Shape,
}

impl<'a> Rect<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8], layout: &Layout, plane: u32, patch: PatchBox) -> Self {
        let shape = Shape::of(layout, plane, patch).within(bytes.len());
        Self { bytes, shape }
    }

    /// All of `bytes` as rows of `row_bytes`; what is left of it is not part of a row.
    pub(crate) fn dense(bytes: &'a [u8], row_bytes: usize) -> Self {
        let shape = Shape::dense(bytes.len(), row_bytes);
        Self { bytes, shape }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.shape.rows
    }

    /// Bytes of a row.
    #[must_use]
    pub fn row_bytes(&self) -> usize {
        self.shape.row_bytes
    }

    /// Address of row 0 and the bytes from one row to the next. [`Self::rows`] rows of [`Self::row_bytes`] bytes from
    /// there lie in memory that may be read as long as `'a` lives.
    #[allow(dead_code)] // Targets with the portable level alone have no use for addresses.
    pub(crate) const fn start(&self) -> (*const u8, isize) {
        (self.bytes.as_ptr().wrapping_add(self.shape.first), self.shape.pitch)
    }

    /// Row `y`; empty beyond the last.
    #[must_use]
    pub fn row(&self, y: usize) -> &'a [u8] {
        if y >= self.shape.rows {
            return &[];
        }
        self.bytes.get(self.shape.row(y)).unwrap_or(&[])
    }
}

impl<'a> RectMut<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a mut [u8], layout: &Layout, plane: u32, patch: PatchBox) -> Self {
        let shape = Shape::of(layout, plane, patch).within(bytes.len());
        Self { bytes, shape }
    }

    /// As [`Rect::dense`].
    pub(crate) fn dense(bytes: &'a mut [u8], row_bytes: usize) -> Self {
        let shape = Shape::dense(bytes.len(), row_bytes);
        Self { bytes, shape }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.shape.rows
    }

    /// Bytes of a row.
    #[must_use]
    pub fn row_bytes(&self) -> usize {
        self.shape.row_bytes
    }

    /// Address of row 0 and the bytes from one row to the next. [`Self::rows`] rows of [`Self::row_bytes`] bytes from
    /// there lie in memory that may be read and written as long as this borrow lives.
    #[allow(dead_code)] // As above.
    pub(crate) const fn start_mut(&mut self) -> (*mut u8, isize) {
        (self.bytes.as_mut_ptr().wrapping_add(self.shape.first), self.shape.pitch)
    }

    /// Row `y`; empty beyond the last.
    pub fn row_mut(&mut self, y: usize) -> &mut [u8] {
        if y >= self.shape.rows {
            return &mut [];
        }
        self.bytes.get_mut(self.shape.row(y)).unwrap_or(&mut [])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_fits_only_with_its_first_and_its_last_row() {
        let shape = |first, rows, row_bytes, pitch| Shape { first, rows, row_bytes, pitch };
        let fitting =
            [shape(0, 3, 4, 8), shape(16, 3, 4, -8), shape(9, 0, 4, 8), shape(0, 5, 4, 0), shape(20, 1, 0, 9)];
        assert_eq!(fitting.map(|shape| shape.fits(20)), [true; 5]);
        let leaving = [
            shape(1, 3, 4, 8),
            shape(17, 3, 4, -8),
            shape(7, 2, 4, -8),
            shape(0, 1, 21, 8),
            shape(0, 3, 4, isize::MAX),
            shape(usize::MAX, 2, 4, 1),
            shape(0, usize::MAX, 4, 1),
        ];
        for shape in leaving {
            assert!(!shape.fits(20), "{shape:?}");
        }
    }
}
