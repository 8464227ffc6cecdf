//! How the planes of a frame belong to its pixels.

use crate::error::Error;
use crate::geometry::{Grid, Size};
use crate::view::Layout;

/// For each of `N` planes the cell of pixels that one sample stands for and the values of a sample; and the grid that
/// boxes have to be on. See the [module](super) for the formats there are. Pure data: no memory, no pitch.
///
/// ```
/// # use cutmix_core::frame::Format;
/// # use cutmix_core::{Grid, Size};
/// // A camera frame of 1920 x 1080: two planes, the second of half the width and height with two values a sample.
/// let (size, format) = (Size::new(1920, 1080)?, Format::NV12);
/// let bytes = [format.layout(0, size, 1)?.buffer_bytes(), format.layout(1, size, 1)?.buffer_bytes()];
/// assert_eq!((bytes, format.grid()), ([1920 * 1080, 1920 * 540], Grid::YUV420));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Format<const N: usize> {
    cells: [Grid; N],
    elements: [u32; N],
    grid: Grid,
    blends: bool,
}

/// Four pixels of a row whose mosaic repeats after two rows.
const FOUR: Grid = Grid::of(4, 1);
const FOUR_BY_TWO: Grid = Grid::of(4, 2);

impl Format<1> {
    /// One value a pixel behind a Bayer filter: 8 bits, or 10 to 16 bits in a `u16`. Blends: values of 10 bits stay
    /// values of 10 bits.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Grid;
    /// // Stored as a grey image; cut by quads.
    /// assert_eq!((Format::BAYER.cells(), Format::BAYER.grid()), (&[Grid::PIXEL], Grid::new(2, 2)?));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const BAYER: Self = Self { cells: [Grid::PIXEL], elements: [1], grid: Grid::BAYER, blends: true };
    /// One value a pixel behind a quad Bayer filter, whose pattern repeats after four pixels.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Grid;
    /// assert_eq!(Format::QUAD_BAYER.grid(), Grid::new(4, 4)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const QUAD_BAYER: Self = Self { grid: Grid::QUAD_BAYER, ..Self::BAYER };
    /// MIPI CSI-2 RAW10, of `u8`: the high bits of four pixels in four bytes, their low bits in a fifth. Copied only.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!(Format::RAW10.layout(0, Size::new(640, 480)?, 1)?.row_bytes(), 640 / 4 * 5);
    /// assert_eq!(Format::RAW10.grid(), Grid::new(4, 2)?); // four pixels by their bytes, two rows by the mosaic
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const RAW10: Self = Self { cells: [FOUR], elements: [5], grid: FOUR_BY_TWO, blends: false };
    /// MIPI CSI-2 RAW12, of `u8`: two pixels in three bytes. Copied only.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!(Format::RAW12.layout(0, Size::new(640, 480)?, 1)?.row_bytes(), 640 / 2 * 3);
    /// assert_eq!(Format::RAW12.grid(), Grid::new(2, 2)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const RAW12: Self = Self { cells: [Grid::YUV422], elements: [3], grid: Grid::BAYER, blends: false };
    /// MIPI CSI-2 RAW14, of `u8`: four pixels in seven bytes. Copied only.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!(Format::RAW14.layout(0, Size::new(640, 480)?, 1)?.row_bytes(), 640 / 4 * 7);
    /// assert_eq!(Format::RAW14.grid(), Grid::new(4, 2)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const RAW14: Self = Self { cells: [FOUR], elements: [7], grid: FOUR_BY_TWO, blends: false };
    /// Packed 4:2:2, of `u8`: Y Cb Y Cr for two pixels of a row, in any order of these four.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::{Grid, Size};
    /// // Any row may be cut, but columns in pairs: they share their chroma.
    /// assert_eq!(Format::YUYV.grid(), Grid::new(2, 1)?);
    /// assert_eq!(Format::YUYV.layout(0, Size::new(641, 480)?, 1)?.row_bytes(), 321 * 4);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const YUYV: Self = Self { cells: [Grid::YUV422], elements: [4], grid: Grid::YUV422, blends: true };
    /// Packed pixels of 5, 6 and 5 bits, of `u16` in either byte order. Copied only: a weighted mean of two words would
    /// carry from one colour into the next.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!((Format::RGB565.grid(), Format::RGB565.blends()), (Grid::PIXEL, false));
    /// assert_eq!(Format::RGB565.layout(0, Size::new(320, 240)?, 2)?.row_bytes(), 640);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const RGB565: Self = Self { cells: [Grid::PIXEL], elements: [1], grid: Grid::PIXEL, blends: false };
}

impl Format<2> {
    /// 4:2:0, of `u8`: a plane of Y and one of Cb and Cr interleaved.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Size;
    /// let chroma = Format::NV12.layout(1, Size::new(7, 5)?, 1)?;
    /// // The last column and the last row have samples of their own.
    /// assert_eq!((chroma.size(), chroma.row_bytes()), (Size::new(4, 3)?, 8));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const NV12: Self =
        Self { cells: [Grid::PIXEL, Grid::YUV420], elements: [1, 2], grid: Grid::YUV420, blends: true };
    /// 4:2:2, of `u8`: as NV12 with chroma in every row.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Size;
    /// let chroma = Format::NV16.layout(1, Size::new(7, 5)?, 1)?;
    /// assert_eq!((chroma.size(), chroma.row_bytes()), (Size::new(4, 5)?, 8)); // in every row
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const NV16: Self =
        Self { cells: [Grid::PIXEL, Grid::YUV422], elements: [1, 2], grid: Grid::YUV422, blends: true };
    /// NV12 of 10 bits in the high bits of a `u16`. Copied only: a mean would put a fraction into the six low bits, which
    /// have to be zero. (P016, where all bits count, is [`Format::NV12`] of `u16`, and blends.)
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// assert_eq!((Format::P010.blends(), Format::NV12.blends()), (false, true));
    /// assert_eq!(Format::P010, Format::NV12.copied_only());
    /// ```
    pub const P010: Self = Self { blends: false, ..Self::NV12 };
}

impl Format<3> {
    /// 4:2:0, of `u8`: planes of Y, Cb and Cr.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Size;
    /// let [cb, cr] = [1, 2].map(|plane| Format::I420.layout(plane, Size::new(7, 5).unwrap(), 1));
    /// assert_eq!((cb?.size(), cr?.row_bytes()), (Size::new(4, 3)?, 4));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const I420: Self = Self {
        cells: [Grid::PIXEL, Grid::YUV420, Grid::YUV420],
        elements: [1, 1, 1],
        grid: Grid::YUV420,
        blends: true,
    };
    /// 4:2:2, of `u8`: planes of Y, Cb and Cr.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::{Grid, Size};
    /// assert_eq!(Format::I422.layout(2, Size::new(7, 5)?, 1)?.size(), Size::new(4, 5)?);
    /// assert_eq!(Format::I422.grid(), Grid::YUV422);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const I422: Self = Self {
        cells: [Grid::PIXEL, Grid::YUV422, Grid::YUV422],
        elements: [1, 1, 1],
        grid: Grid::YUV422,
        blends: true,
    };
}

impl<const N: usize> Format<N> {
    /// A format of planes with one sample of `elements[i]` values for each cell of `cells[i]`. Boxes have to be on all of
    /// these grids. It blends, value by value.
    ///
    /// # Errors
    /// [`Error::CountMismatch`] if there are no planes or samples without values, [`Error::TooLarge`] if the common cell
    /// exceeds `u32::MAX` pixels.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Grid;
    /// // 4:1:1 with an alpha plane of full resolution.
    /// let chroma = Grid::new(4, 1)?;
    /// let format = Format::new([Grid::PIXEL, chroma, chroma, Grid::PIXEL], [1, 1, 1, 1])?;
    /// assert_eq!(format.grid(), chroma);
    /// // 25 pixels of 10 bits in 32 bytes, behind a Bayer filter.
    /// let packed = Format::new([Grid::new(25, 1)?], [32])?.with_grid(Grid::BAYER)?.copied_only();
    /// assert_eq!(packed.grid(), Grid::new(50, 2)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(cells: [Grid; N], elements: [u32; N]) -> Result<Self, Error> {
        if N == 0 {
            return Err(Error::CountMismatch { what: "planes", given: 0, expected: 1 });
        }
        if elements.contains(&0) {
            return Err(Error::CountMismatch { what: "elements of a sample", given: 0, expected: 1 });
        }
        let grid = cells.iter().try_fold(Grid::PIXEL, |all, &cell| all.common(cell))?;
        Ok(Self { cells, elements, grid, blends: true })
    }

    /// The same format with boxes that are on `grid` too, such as that of a mosaic.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if the common cell exceeds `u32::MAX` pixels.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Grid;
    /// // Both grids hold: the smallest cell that is made of whole cells of each.
    /// assert_eq!(Format::NV12.with_grid(Grid::new(3, 1)?)?.grid(), Grid::new(6, 2)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const fn with_grid(self, grid: Grid) -> Result<Self, Error> {
        match self.grid.common(grid) {
            Ok(grid) => Ok(Self { grid, ..self }),
            Err(error) => Err(error),
        }
    }

    /// The same format whose values have no mean: they can be copied, but not blended.
    ///
    /// ```
    /// # use cutmix_core::{frame::Format, Grid};
    /// // An image and its mask of class indices, of which two have no mean.
    /// let format = Format::new([Grid::PIXEL; 2], [3, 1])?;
    /// assert!(format.blends() && !format.copied_only().blends());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn copied_only(self) -> Self {
        Self { blends: false, ..self }
    }

    /// The grid that boxes have to be on: what a plan is snapped to.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// let (size, grid) = (Size::new(41, 25)?, Format::I420.grid());
    /// let plan = SamplePlan::draw(SampleKey::default(), &PlanConfig::cutmix(size)).snap(grid, size)?;
    /// assert_eq!((plan.patch.x0() % 2, plan.patch.y0() % 2), (0, 0));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn grid(&self) -> Grid {
        self.grid
    }

    /// The pixels that one sample of each plane stands for.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::PatchBox;
    /// // One box in pixels, and its part of every plane in samples.
    /// let patch = PatchBox::new(2, 0, 6, 4)?;
    /// let parts = Format::I420.cells().map(|cell| patch.subsample(cell));
    /// assert_eq!(parts, [patch, PatchBox::new(1, 0, 3, 2)?, PatchBox::new(1, 0, 3, 2)?]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn cells(&self) -> &[Grid; N] {
        &self.cells
    }

    /// The values of one sample in each plane, each at least 1.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// assert_eq!(Format::NV12.elements(), &[1, 2]); // Y; Cb and Cr
    /// assert_eq!(Format::RAW10.elements(), &[5]); // bytes of four pixels
    /// ```
    #[must_use]
    pub const fn elements(&self) -> &[u32; N] {
        &self.elements
    }

    /// Whether values can be blended one by one.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// assert!(Format::NV12.blends() && !Format::RGB565.blends());
    /// ```
    #[must_use]
    pub const fn blends(&self) -> bool {
        self.blends
    }

    /// The layout without padding of one plane of a frame of `size` pixels: an image of samples. Pitch and origin are
    /// set on it.
    ///
    /// # Errors
    /// [`Error::CountMismatch`] if there is no such plane or `element_bytes` is 0, [`Error::TooLarge`] if it cannot be
    /// addressed.
    ///
    /// ```
    /// # use cutmix_core::frame::Format;
    /// # use cutmix_core::Size;
    /// let chroma = Format::NV12.layout(1, Size::new(1919, 1079)?, 1)?.with_row_pitch(2048)?;
    /// assert_eq!((chroma.size(), chroma.row_bytes()), (Size::new(960, 540)?, 1920));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn layout(&self, plane: usize, size: Size, element_bytes: u32) -> Result<Layout, Error> {
        let (Some(&cell), Some(&elements)) = (self.cells.get(plane), self.elements.get(plane)) else {
            let given = (plane as u64).saturating_add(1);
            return Err(Error::CountMismatch { what: "planes", given, expected: N as u64 });
        };
        Layout::nhwc(cell.subsample(size), elements, element_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(x: u32, y: u32) -> Grid {
        Grid::new(x, y).unwrap()
    }

    #[test]
    fn boxes_are_on_the_grid_of_every_plane() {
        fn check<const N: usize>(format: Format<N>, more: Grid, blends: bool) {
            let same = Format::new(format.cells, format.elements).unwrap().with_grid(more).unwrap();
            assert_eq!(if blends { same } else { same.copied_only() }, format);
            assert_eq!(format.blends(), blends);
        }
        for (format, more, blends) in [
            (Format::BAYER, Grid::BAYER, true),
            (Format::QUAD_BAYER, Grid::QUAD_BAYER, true),
            (Format::RAW10, Grid::BAYER, false),
            (Format::RAW12, Grid::BAYER, false),
            (Format::RAW14, Grid::BAYER, false),
            (Format::YUYV, Grid::PIXEL, true),
            (Format::RGB565, Grid::PIXEL, false),
        ] {
            check(format, more, blends);
        }
        check(Format::NV12, Grid::PIXEL, true);
        check(Format::NV16, Grid::PIXEL, true);
        check(Format::P010, Grid::PIXEL, false);
        check(Format::I420, Grid::PIXEL, true);
        check(Format::I422, Grid::PIXEL, true);
    }

    #[test]
    fn samples_hold_the_bits_of_their_pixels() {
        for (format, bits) in [(Format::RAW10, 10), (Format::RAW12, 12), (Format::RAW14, 14)] {
            let ([cell], [elements]) = (*format.cells(), *format.elements());
            assert_eq!((elements * 8, cell.y()), (cell.x() * bits, 1));
        }
        // 8 bits of luma for every pixel, and two of chroma for a cell.
        assert_eq!((*Format::NV12.elements(), Format::NV12.cells()[1]), ([1, 2], grid(2, 2)));
        assert_eq!((*Format::NV16.elements(), Format::NV16.cells()[1]), ([1, 2], grid(2, 1)));
        assert_eq!((*Format::I420.elements(), Format::I420.cells()[2]), ([1, 1, 1], grid(2, 2)));
        assert_eq!((*Format::I422.elements(), Format::I422.cells()[1]), ([1, 1, 1], grid(2, 1)));
        assert_eq!((*Format::YUYV.elements(), Format::YUYV.cells()[0]), ([4], grid(2, 1)));
    }

    #[test]
    fn formats_refuse_nonsense() {
        let nothing = |what| Err(Error::CountMismatch { what, given: 0, expected: 1 });
        assert_eq!(Format::new([], []).map(|_| ()), nothing("planes"));
        assert_eq!(Format::new([Grid::PIXEL; 2], [1, 0]).map(|_| ()), nothing("elements of a sample"));
        let too_large = Err(Error::TooLarge { what: "the common cell of two grids" });
        assert_eq!(Format::new([grid(u32::MAX, 1), grid(2, 1)], [1, 1]).map(|_| ()), too_large);
        assert_eq!(Format::new([grid(u32::MAX, 1)], [1]).unwrap().with_grid(Grid::BAYER).map(|_| ()), too_large);
        let size = Size::new(7, 5).unwrap();
        let beyond = Error::CountMismatch { what: "planes", given: 3, expected: 2 };
        assert_eq!(Format::NV12.layout(2, size, 1), Err(beyond));
        assert_eq!(Format::NV12.layout(1, size, 2), Layout::nhwc(Size::new(4, 3).unwrap(), 2, 2));
        assert_eq!(Format::RAW10.layout(0, size, 1), Layout::nhwc(Size::new(2, 5).unwrap(), 5, 1));
    }
}
