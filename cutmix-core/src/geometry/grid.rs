//! Grids of cells: where a box may be cut if one stored sample stands for several pixels.

use core::fmt;
use core::num::NonZeroU32;

use super::{PatchBox, Size};
use crate::error::Error;

/// Cells of `x` columns and `y` rows, such as the 2 x 2 luma pixels of one 4:2:0 chroma sample or of one Bayer quad. The
/// first begins at the first pixel of the image.
///
/// ```
/// # use cutmix_core::{Grid, PatchBox, Size};
/// // A box that begins and ends in the midst of chroma samples, and where it may be cut.
/// let (size, drawn) = (Size::new(8, 8)?, PatchBox::new(1, 2, 5, 6)?);
/// assert!(!drawn.is_on(Grid::YUV420, size));
/// assert_eq!(drawn.snap(Grid::YUV420, size)?, PatchBox::new(0, 2, 4, 6)?);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grid {
    // A type without zero, so that no division by it can panic where the compiler does not see where it comes from.
    x: NonZeroU32,
    y: NonZeroU32,
}

impl Grid {
    /// Every pixel on its own: any box is on this grid.
    ///
    /// ```
    /// # use cutmix_core::{Grid, PatchBox, Size};
    /// let size = Size::new(7, 5)?;
    /// assert!(PatchBox::new(3, 1, 4, 2)?.is_on(Grid::PIXEL, size));
    /// assert_eq!(Grid::PIXEL.subsample(size), size);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const PIXEL: Self = Self::of(1, 1);
    /// 4:2:0 chroma (NV12, I420, P010): one sample for 2 x 2 luma pixels.
    ///
    /// ```
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!(Grid::YUV420.subsample(Size::new(1920, 1080)?), Size::new(960, 540)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const YUV420: Self = Self::of(2, 2);
    /// 4:2:2 chroma (NV16, YUYV): one sample for two luma pixels of a row.
    ///
    /// ```
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!(Grid::YUV422.subsample(Size::new(1920, 1080)?), Size::new(960, 1080)?); // chroma in every row
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const YUV422: Self = Self::of(2, 1);
    /// A Bayer mosaic: 2 x 2 pixels have one full colour.
    ///
    /// ```
    /// # use cutmix_core::{Grid, PatchBox, Size};
    /// // A box and its donor share coordinates, so a pixel keeps its colour; but a quad that is cut mixes two scenes.
    /// assert!(!PatchBox::new(1, 0, 3, 2)?.is_on(Grid::BAYER, Size::new(8, 8)?));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const BAYER: Self = Self::of(2, 2);
    /// A quad Bayer mosaic: 4 x 4 pixels have one full colour.
    ///
    /// ```
    /// # use cutmix_core::{Grid, PatchBox, Size};
    /// let (patch, size) = (PatchBox::new(2, 0, 6, 4)?, Size::new(8, 8)?);
    /// assert!(patch.is_on(Grid::BAYER, size) && !patch.is_on(Grid::QUAD_BAYER, size));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const QUAD_BAYER: Self = Self::of(4, 4);

    /// Cells of `x` columns and `y` rows, each at least 1.
    ///
    /// # Errors
    /// [`Error::ZeroGrid`] if a step is zero.
    ///
    /// ```
    /// # use cutmix_core::{Error, Grid};
    /// assert_eq!(Grid::new(2, 1)?, Grid::YUV422); // columns first
    /// assert_eq!(Grid::new(2, 0), Err(Error::ZeroGrid));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const fn new(x: u32, y: u32) -> Result<Self, Error> {
        match (NonZeroU32::new(x), NonZeroU32::new(y)) {
            (Some(x), Some(y)) => Ok(Self { x, y }),
            _ => Err(Error::ZeroGrid),
        }
    }

    /// Cells whose steps are known to be at least 1.
    pub(crate) const fn of(x: u32, y: u32) -> Self {
        match Self::new(x, y) {
            Ok(grid) => grid,
            Err(_) => Self { x: NonZeroU32::MIN, y: NonZeroU32::MIN },
        }
    }

    /// Columns of a cell, at least 1.
    ///
    /// ```
    /// # use cutmix_core::Grid;
    /// assert_eq!(Grid::YUV422.x(), 2);
    /// ```
    #[must_use]
    pub const fn x(self) -> u32 {
        self.x.get()
    }

    /// Rows of a cell, at least 1.
    ///
    /// ```
    /// # use cutmix_core::Grid;
    /// assert_eq!(Grid::YUV422.y(), 1);
    /// ```
    #[must_use]
    pub const fn y(self) -> u32 {
        self.y.get()
    }

    /// The grid of the smallest cells that are unions of cells of both: least common multiples.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if a step would exceed `u32::MAX`.
    ///
    /// ```
    /// # use cutmix_core::Grid;
    /// // Five bytes hold four pixels of a row, and the mosaic repeats after two rows.
    /// assert_eq!(Grid::new(4, 1)?.common(Grid::BAYER)?, Grid::new(4, 2)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const fn common(self, other: Self) -> Result<Self, Error> {
        match (least_multiple(self.x, other.x), least_multiple(self.y, other.y)) {
            (Some(x), Some(y)) => Ok(Self { x, y }),
            _ => Err(Error::TooLarge { what: "the common cell of two grids" }),
        }
    }

    /// The size of a plane that holds one sample per cell; shorter last cells count.
    ///
    /// ```
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!(Grid::YUV420.subsample(Size::new(7, 5)?), Size::new(4, 3)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn subsample(self, size: Size) -> Size {
        Size { width: size.width.div_ceil(self.x.get()), height: size.height.div_ceil(self.y.get()) }
    }
}

impl From<Grid> for [u32; 2] {
    fn from(grid: Grid) -> Self {
        [grid.x(), grid.y()]
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}", self.x, self.y)
    }
}

/// The least common multiple of two numbers above zero, if it is a `u32`.
const fn least_multiple(a: NonZeroU32, b: NonZeroU32) -> Option<NonZeroU32> {
    let (mut divisor, mut rest) = (a, b.get());
    while let Some(next) = NonZeroU32::new(rest) {
        (divisor, rest) = (next, divisor.get() % next.get());
    }
    match NonZeroU32::new(a.get() / divisor.get()) {
        Some(times) => times.checked_mul(b),
        None => None,
    }
}

impl PatchBox {
    /// Moves every edge to the nearest border of the cells of a grid (ties towards the origin), so that a subsampled
    /// plane can be cut with the same box. The last cell of an image whose side is no multiple of the step is shorter.
    ///
    /// Snapping down on ties keeps the width of boxes away from the borders on average, so the mean area stays. A box
    /// narrower than a cell may become empty. The kept ratio has to be taken from the snapped box.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] if the box is not within `size`.
    ///
    /// ```
    /// # use cutmix_core::{Grid, PatchBox, Size};
    /// // 4:2:0 chroma of an image with an odd number of columns: the last luma column belongs to the last chroma sample.
    /// let (size, grid) = (Size::new(7, 6)?, Grid::new(2, 2)?);
    /// let luma = PatchBox::new(3, 1, 7, 5)?.snap(grid, size)?;
    /// assert_eq!(luma, PatchBox::new(2, 0, 7, 4)?);
    /// assert_eq!(luma.subsample(grid), PatchBox::new(1, 0, 4, 2)?);
    /// assert_eq!(grid.subsample(size), Size::new(4, 3)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn snap(self, grid: Grid, size: Size) -> Result<Self, Error> {
        self.checked_in(size)?;
        Ok(Self::from_ordered(
            snap_edge(self.x0, grid.x, size.width),
            snap_edge(self.y0, grid.y, size.height),
            snap_edge(self.x1, grid.x, size.width),
            snap_edge(self.y1, grid.y, size.height),
        ))
    }

    /// The cells of a grid that the box touches: of a snapped box, exactly its samples in the subsampled plane.
    ///
    /// ```
    /// # use cutmix_core::{Grid, PatchBox};
    /// assert_eq!(PatchBox::new(2, 0, 6, 4)?.subsample(Grid::YUV420), PatchBox::new(1, 0, 3, 2)?);
    /// // Not snapped: a cell of which it has a column is taken as a whole.
    /// assert_eq!(PatchBox::new(3, 0, 5, 2)?.subsample(Grid::YUV420), PatchBox::new(1, 0, 3, 1)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn subsample(self, grid: Grid) -> Self {
        Self::from_ordered(
            self.x0 / grid.x(),
            self.y0 / grid.y(),
            self.x1.div_ceil(grid.x()),
            self.y1.div_ceil(grid.y()),
        )
    }

    /// Whether every edge lies on a border of the cells of a grid, the far borders of the image included: whether
    /// [`PatchBox::snap`] leaves the box as it is. False for a box that is not within `size`.
    ///
    /// ```
    /// # use cutmix_core::{Grid, PatchBox, Size};
    /// let size = Size::new(7, 6)?;
    /// assert!(PatchBox::new(4, 0, 7, 2)?.is_on(Grid::YUV420, size)); // an odd column, but the image ends there
    /// assert!(!PatchBox::new(4, 0, 5, 2)?.is_on(Grid::YUV420, size));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn is_on(self, grid: Grid, size: Size) -> bool {
        self.fits(size)
            && on_border(self.x0, grid.x(), size.width)
            && on_border(self.x1, grid.x(), size.width)
            && on_border(self.y0, grid.y(), size.height)
            && on_border(self.y1, grid.y(), size.height)
    }

    /// Returns the box if it is within the image and on the grid.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] or [`Error::OffGrid`] otherwise.
    ///
    /// ```
    /// # use cutmix_core::{Error, Grid, PatchBox, Size};
    /// let (patch, grid, size) = (PatchBox::new(4, 0, 5, 2)?, Grid::YUV420, Size::new(7, 6)?);
    /// let refused = Error::OffGrid { patch: [4, 0, 5, 2], grid: [2, 2], size: [7, 6] };
    /// assert_eq!(patch.checked_on(grid, size), Err(refused));
    /// assert_eq!(patch.checked_on(Grid::PIXEL, size), Ok(patch));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const fn checked_on(self, grid: Grid, size: Size) -> Result<Self, Error> {
        match self.checked_in(size) {
            Ok(_) if self.is_on(grid, size) => Ok(self),
            Ok(_) => Err(Error::OffGrid {
                patch: [self.x0, self.y0, self.x1, self.y1],
                grid: [grid.x(), grid.y()],
                size: [size.width, size.height],
            }),
            Err(error) => Err(error),
        }
    }
}

/// Whether a cell begins or the image ends at `edge`.
const fn on_border(edge: u32, step: u32, length: u32) -> bool {
    edge.is_multiple_of(step) || edge == length
}

/// The nearest cell border to `edge` along an axis of `length` pixels; ties go to the lower one.
fn snap_edge(edge: u32, step: NonZeroU32, length: u32) -> u32 {
    let step = step.get();
    let below = edge - edge % step;
    let above = below.saturating_add(step).min(length);
    if edge - below <= above.saturating_sub(edge) { below } else { above }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    #[test]
    fn a_grid_is_written_columns_first() {
        assert_eq!(Grid::new(4, 2).unwrap().to_string(), "4 x 2");
    }

    #[test]
    fn snapped_boxes_are_unions_of_cells() {
        for (length, step) in
            (1..if cfg!(miri) { 9 } else { 40 }).flat_map(|length| (1..9).map(move |step| (length, step)))
        {
            let border = |edge: u32| edge.is_multiple_of(step) || edge == length;
            for edge in 0..=length {
                let snapped = snap_edge(edge, NonZeroU32::new(step).unwrap(), length);
                assert!(border(snapped), "edge {edge} of {length} by {step} became {snapped}");
                let nearest = (0..=length).filter(|&e| border(e)).map(|e| e.abs_diff(edge)).min().unwrap();
                assert_eq!(snapped.abs_diff(edge), nearest, "edge {edge} of {length} by {step} became {snapped}");
            }
            assert_eq!(snap_edge(0, NonZeroU32::new(step).unwrap(), length), 0);
            assert_eq!(snap_edge(length, NonZeroU32::new(step).unwrap(), length), length);
        }
    }

    #[test]
    fn the_largest_cell_does_not_overflow() {
        let size = Size::new(u32::MAX, u32::MAX).unwrap();
        let grid = Grid::new(u32::MAX, 2).unwrap();
        assert_eq!(PatchBox::full(size).snap(grid, size).unwrap(), PatchBox::full(size));
    }

    #[test]
    #[cfg_attr(miri, ignore = "integers alone, and says nothing about memory")]
    fn common_cells_are_the_smallest_of_both() {
        for a in 1..=12_u32 {
            for b in 1..=12_u32 {
                let naive = (1..=144).find(|n| n % a == 0 && n % b == 0);
                let [first, second] = [a, b].map(|step| NonZeroU32::new(step).unwrap());
                assert_eq!(least_multiple(first, second).map(NonZeroU32::get), naive, "{a} and {b}");
            }
        }
        let grid = |x, y| Grid::new(x, y).unwrap();
        assert_eq!(grid(4, 1).common(grid(6, 3)), Ok(grid(12, 3)));
        assert_eq!(grid(1, 6).common(grid(3, 4)), Ok(grid(3, 12)));
        let too_large = Err(Error::TooLarge { what: "the common cell of two grids" });
        assert_eq!(grid(u32::MAX, 1).common(grid(2, 1)), too_large);
        assert_eq!(grid(1, 2).common(grid(1, u32::MAX)), too_large);
        assert_eq!((grid(5, 7).x(), grid(5, 7).y()), (5, 7));
        assert_eq!((Grid::new(0, 1), Grid::new(1, 0)), (Err(Error::ZeroGrid), Err(Error::ZeroGrid)));
    }

    #[test]
    #[cfg_attr(miri, ignore = "integers alone, and says nothing about memory")]
    fn a_box_is_on_a_grid_if_snapping_leaves_it() {
        let size = Size::new(7, 5).unwrap();
        for grid in [Grid::PIXEL, Grid::YUV420, Grid::YUV422, Grid::QUAD_BAYER, Grid::new(3, 2).unwrap()] {
            for (x0, x1) in (0..=7).flat_map(|x0| (x0..=7).map(move |x1| (x0, x1))) {
                for (y0, y1) in (0..=5).flat_map(|y0| (y0..=5).map(move |y1| (y0, y1))) {
                    let patch = PatchBox::new(x0, y0, x1, y1).unwrap();
                    let stays = patch.snap(grid, size).unwrap() == patch;
                    assert_eq!(patch.is_on(grid, size), stays, "{patch} on {grid}");
                    let checked = patch.checked_on(grid, size);
                    let off = Error::OffGrid { patch: patch.into(), grid: grid.into(), size: size.into() };
                    assert_eq!(checked, if stays { Ok(patch) } else { Err(off) });
                }
            }
        }
        for outside in [PatchBox::new(0, 0, 8, 2).unwrap(), PatchBox::new(0, 0, 2, 6).unwrap()] {
            assert!(!outside.is_on(Grid::YUV420, size));
            let refused = Error::BoxOutside { patch: outside.into(), size: size.into() };
            assert_eq!(outside.checked_on(Grid::YUV420, size), Err(refused));
            assert_eq!(outside.snap(Grid::YUV420, size), Err(refused));
        }
    }

    #[test]
    fn the_cells_of_a_snapped_box_are_its_pixels() {
        let size = Size::new(7, 5).unwrap();
        for grid in [Grid::YUV420, Grid::YUV422, Grid::QUAD_BAYER, Grid::new(3, 2).unwrap()] {
            let (cells, (gx, gy)) = (grid.subsample(size), (grid.x(), grid.y()));
            for (x0, y0, x1, y1) in [(0, 0, 7, 5), (1, 1, 6, 4), (3, 0, 7, 3), (4, 2, 5, 5), (6, 4, 7, 5)] {
                let patch = PatchBox::new(x0, y0, x1, y1).unwrap().snap(grid, size).unwrap();
                let sub = patch.subsample(grid);
                assert!(sub.fits(cells), "{sub} of {patch}");
                for (x, y) in (0..5).flat_map(|y| (0..7).map(move |x| (x, y))) {
                    assert_eq!(patch.contains(x, y), sub.contains(x / gx, y / gy), "({x}, {y}) of {patch} on {grid}");
                }
            }
        }
    }
}
