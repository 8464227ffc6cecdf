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

    /// The bytes of row `y`, which the invariant puts inside the slice.
    fn row(&self, y: usize) -> core::ops::Range<usize> {
        let start = self.first.wrapping_add_signed((y as isize).wrapping_mul(self.pitch));
        start..start.wrapping_add(self.row_bytes)
    }

    /// Whether all rows lie in `len` bytes: the first and the last do, and the others between them.
    fn fits(&self, len: usize) -> bool {
        let inside = |row: core::ops::Range<usize>| row.start <= row.end && row.end <= len;
        self.rows == 0 || (inside(self.row(0)) && inside(self.row(self.rows - 1)))
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
    pub(super) fn new(bytes: &'a [u8], layout: &Layout, plane: u32, patch: PatchBox) -> Self {
        let shape = Shape::of(layout, plane, patch);
        debug_assert!(shape.fits(bytes.len()), "{shape:?} in {} bytes", bytes.len());
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
    pub(super) fn new(bytes: &'a mut [u8], layout: &Layout, plane: u32, patch: PatchBox) -> Self {
        let shape = Shape::of(layout, plane, patch);
        debug_assert!(shape.fits(bytes.len()), "{shape:?} in {} bytes", bytes.len());
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

    /// Row `y`; empty beyond the last.
    pub fn row_mut(&mut self, y: usize) -> &mut [u8] {
        if y >= self.shape.rows {
            return &mut [];
        }
        self.bytes.get_mut(self.shape.row(y)).unwrap_or(&mut [])
    }
}
