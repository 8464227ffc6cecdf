//! Rectangles of pixels.

use std::fmt;
use std::ops::Range;

/// The pixels of columns `x0..x1` and rows `y0..y1`: the one rectangle of this crate.
///
/// ```
/// use cutmix_verify::reference::Patch;
///
/// let patch = Patch::EMPTY.with(3, 5).with(4, 5).with(3, 7);
/// assert_eq!((patch.width(), patch.height(), patch.area()), (2, 3, 6));
/// assert!(patch.contains(4, 6) && !patch.contains(5, 6) && !patch.is_empty());
/// assert_eq!(patch.to_string(), "[3, 5)x[5, 8)");
/// assert_eq!(Patch::full(40, 24).area(), 960);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Patch {
    /// First column.
    pub x0: u32,
    /// First row.
    pub y0: u32,
    /// Column after the last.
    pub x1: u32,
    /// Row after the last.
    pub y1: u32,
}

impl Patch {
    /// No pixels.
    pub const EMPTY: Self = Self { x0: 0, y0: 0, x1: 0, y1: 0 };

    /// All pixels of an image.
    #[must_use]
    pub const fn full(width: u32, height: u32) -> Self {
        Self { x0: 0, y0: 0, x1: width, y1: height }
    }

    /// First column, first row, column after the last, row after the last.
    #[must_use]
    pub const fn edges(&self) -> [u32; 4] {
        [self.x0, self.y0, self.x1, self.y1]
    }

    /// The rectangle of these edges: first column, first row, column after the last, row after the last.
    #[must_use]
    pub const fn of([x0, y0, x1, y1]: [u32; 4]) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// The rectangle of these columns and rows; [`Patch::EMPTY`] where it has no pixels.
    #[must_use]
    pub const fn spanning((x0, x1): (u32, u32), (y0, y1): (u32, u32)) -> Self {
        if x0 < x1 && y0 < y1 { Self { x0, y0, x1, y1 } } else { Self::EMPTY }
    }

    /// First column and column after the last (axis 0), or the same of rows (axis 1).
    #[must_use]
    pub const fn span(&self, axis: usize) -> (u32, u32) {
        if axis == 0 { (self.x0, self.x1) } else { (self.y0, self.y1) }
    }

    /// The columns, as indices.
    #[must_use]
    pub const fn columns(&self) -> Range<usize> {
        self.x0 as usize..self.x1 as usize
    }

    /// The rows, as indices.
    #[must_use]
    pub const fn rows(&self) -> Range<usize> {
        self.y0 as usize..self.y1 as usize
    }

    /// Columns.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.x1.saturating_sub(self.x0)
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.y1.saturating_sub(self.y0)
    }

    /// Columns and rows.
    #[must_use]
    pub const fn sides(&self) -> [u32; 2] {
        [self.width(), self.height()]
    }

    /// Pixels.
    #[must_use]
    pub const fn area(&self) -> u64 {
        self.width() as u64 * self.height() as u64
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.area() == 0
    }

    /// Whether a pixel is one of them.
    #[must_use]
    pub const fn contains(&self, x: u32, y: u32) -> bool {
        x >= self.x0 && x < self.x1 && y >= self.y0 && y < self.y1
    }

    /// The smallest patch with one more pixel.
    #[must_use]
    pub fn with(self, x: u32, y: u32) -> Self {
        if self.is_empty() {
            return Self { x0: x, y0: y, x1: x + 1, y1: y + 1 };
        }
        Self { x0: self.x0.min(x), y0: self.y0.min(y), x1: self.x1.max(x + 1), y1: self.y1.max(y + 1) }
    }
}

impl fmt::Display for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})x[{}, {})", self.x0, self.x1, self.y0, self.y1)
    }
}
