//! Where the rows of an image lie, in 128 bits and without a thought of the core's: what the view target decides by.

use std::ops::Range;

use cutmix_core::{PatchBox, Size};

/// An image as planes of rows of bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    pub(crate) size: Size,
    pub(crate) planes: u32,
    pub(crate) pixel: u32,
    pub(crate) row_pitch: i64,
    pub(crate) plane_pitch: i64,
    pub(crate) origin: i128,
}

impl Rows {
    pub(crate) fn row_bytes(&self) -> i128 {
        i128::from(self.size.width()) * i128::from(self.pixel)
    }

    /// The bytes of a row.
    pub(crate) fn span(&self, plane: u32, y: u32) -> Range<i128> {
        let start =
            self.origin + i128::from(plane) * i128::from(self.plane_pitch) + i128::from(y) * i128::from(self.row_pitch);
        start..start + self.row_bytes()
    }

    /// The rows at the corners, between which all others lie.
    fn corners(&self) -> [Range<i128>; 4] {
        let (plane, y) = (self.planes.max(1) - 1, self.size.height() - 1);
        [self.span(0, 0), self.span(0, y), self.span(plane, 0), self.span(plane, y)]
    }

    /// The first byte of all.
    pub(crate) fn first(&self) -> i128 {
        self.corners().map(|row| row.start).into_iter().min().unwrap_or(0)
    }

    /// The byte after the last of all.
    pub(crate) fn end(&self) -> i128 {
        self.corners().map(|row| row.end).into_iter().max().unwrap_or(0)
    }

    pub(crate) fn count(&self) -> u64 {
        u64::from(self.planes) * u64::from(self.size.height())
    }

    /// Planes and rows: all, or `most` of them.
    pub(crate) fn indices(&self, most: u64) -> impl Iterator<Item = (u32, u32)> + use<> {
        let height = u64::from(self.size.height());
        let (count, step) = (self.count(), self.count().div_ceil(most).max(1));
        (0..count).step_by(step as usize).map(move |i| ((i / height) as u32, (i % height) as u32))
    }

    /// Whether no two rows share a byte and either the planes are disjoint, rows within them, or the other way round:
    /// the documented kinds of layout. Few rows are compared each with each; of many, neighbours, since they are evenly
    /// spaced.
    pub(crate) fn nest(&self) -> bool {
        let plane = |rows: &Self| Self { planes: 1, ..*rows };
        let line = |rows: &Self| Self { size: Size::new(rows.size.width(), 1).expect("a width"), ..*rows };
        // Hulls of two neighbours along one axis, from the other axis' extent.
        let apart = |one: Range<i128>, two: Range<i128>| one.end <= two.start || two.end <= one.start;
        let hull = |rows: &Self| rows.first()..rows.end();
        let next_plane = Self { origin: self.origin + i128::from(self.plane_pitch), ..plane(self) };
        let next_line = Self { origin: self.origin + i128::from(self.row_pitch), ..line(self) };
        let (rows, planes) = (self.size.height(), self.planes);
        let rows_apart = rows == 1 || apart(self.span(0, 0), self.span(0, 1));
        let planes_apart = planes < 2 || apart(self.span(0, 0), self.span(1, 0));
        let planes_of_rows = rows_apart && (planes < 2 || apart(hull(&plane(self)), hull(&next_plane)));
        let rows_of_planes = planes_apart && (rows == 1 || apart(hull(&line(self)), hull(&next_line)));
        let nested = planes_of_rows || rows_of_planes;
        if nested && self.count() <= 32 {
            let mut spans: Vec<_> = self.indices(u64::MAX).map(|(plane, y)| self.span(plane, y)).collect();
            spans.sort_by_key(|span| span.start);
            assert!(spans.windows(2).all(|two| two[0].end <= two[1].start), "the oracle is wrong about {self:?}");
        }
        nested
    }

    /// Whether everything is a whole number of elements; nothing is of elements without a size.
    pub(crate) fn whole(&self, element: usize) -> bool {
        let whole = |n: i128| n.checked_rem(element as i128) == Some(0);
        whole(self.pixel.into())
            && whole(self.origin)
            && (self.size.height() == 1 || whole(self.row_pitch.into()))
            && (self.planes == 1 || whole(self.plane_pitch.into()))
    }

    pub(crate) fn window(&self, window: PatchBox) -> Self {
        let start = self.span(0, window.y0()).start + i128::from(window.x0()) * i128::from(self.pixel);
        let size = Size::new(window.width(), window.height()).expect("a window with pixels");
        Self { size, origin: start, ..*self }
    }

    pub(crate) fn flipped(&self) -> Self {
        let last = self.span(0, self.size.height() - 1).start;
        Self { origin: last, row_pitch: self.row_pitch.wrapping_neg(), ..*self }
    }

    pub(crate) fn split_rows(&self, y: u32) -> [Self; 2] {
        let size = |rows| Size::new(self.size.width(), rows).expect("rows on both sides");
        let (top, bottom) = (size(y), size(self.size.height() - y));
        [Self { size: top, ..*self }, Self { size: bottom, origin: self.span(0, y).start, ..*self }]
    }

    pub(crate) fn split_planes(&self, plane: u32) -> [Self; 2] {
        let others = Self { planes: self.planes - plane, origin: self.span(plane, 0).start, ..*self };
        [Self { planes: plane, ..*self }, others]
    }
}
