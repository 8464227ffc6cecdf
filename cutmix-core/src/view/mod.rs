//! Views: typed, checked windows on image memory of any layout. Construction checks everything, so that the operations
//! on views have nothing left to fail but a mismatch between two of them.
//!
//! Imports `geometry`; imported by `kernels`, `ops`.

mod batch;
mod layout;
mod rect;

use core::marker::PhantomData;

use bytemuck::Pod;

use crate::error::Error;
use crate::geometry::{PatchBox, Size};

pub use batch::{BatchLayout, BatchView, BatchViewMut};
pub use layout::Layout;
pub(crate) use rect::{Rect, RectMut};

/// An image to read: elements of type `T` (`u8`, `u16`, `f32`, half floats, packed pixels, ...) in a [`Layout`].
///
/// ```
/// # use cutmix_core::{ImageView, Layout, Size};
/// let pixels = [0_u16; 5 * 4 * 3];
/// let view = ImageView::new(&pixels, Layout::nchw(Size::new(5, 4)?, 3, 2)?)?;
/// assert_eq!(view.row(2, 3), Some(&[0_u16; 5][..]));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ImageView<'a, T> {
    bytes: &'a [u8],
    layout: Layout,
    element: PhantomData<&'a [T]>,
}

/// An image to write; see [`ImageView`].
///
/// ```
/// # use cutmix_core::{ImageViewMut, Size};
/// let mut pixels = [0_u8; 12];
/// let view = ImageViewMut::nhwc(&mut pixels, Size::new(2, 2)?, 3)?;
/// assert_eq!(view.as_view().row(0, 1).map(<[u8]>::len), Some(6));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Debug)]
pub struct ImageViewMut<'a, T> {
    bytes: &'a mut [u8],
    layout: Layout,
    element: PhantomData<&'a mut [T]>,
}

/// What every view checks: the buffer is long enough and the layout counts in whole elements.
#[inline]
fn check<T: Pod>(buffer_bytes: usize, layout: &Layout) -> Result<(), Error> {
    layout.check_elements(size_of::<T>())?;
    if buffer_bytes < layout.buffer_bytes() {
        return Err(Error::TooShort {
            what: "the image buffer (in bytes)",
            given: buffer_bytes as u64,
            expected: layout.buffer_bytes() as u64,
        });
    }
    Ok(())
}

impl<'a, T: Pod> ImageView<'a, T> {
    /// A view of `data` in `layout`. The buffer may be longer than needed.
    ///
    /// # Errors
    /// [`Error::TooShort`] if the buffer does not hold the layout, [`Error::Misaligned`] if a pitch, the origin or the
    /// size of a pixel is not a whole number of elements (as is everything for zero-sized elements).
    ///
    /// ```
    /// # use cutmix_core::{Error, ImageView, Layout, Size};
    /// // Rows 10 bytes apart, which is a whole number of u16 and no whole number of f32.
    /// let layout = Layout::nhwc(Size::new(2, 3)?, 1, 4)?.with_row_pitch(10)?;
    /// assert_eq!(ImageView::new(&[0_u16; 14], layout)?.row(0, 2).map(<[u16]>::len), Some(4));
    /// let refused = ImageView::new(&[0.0_f32; 7], layout).unwrap_err();
    /// assert_eq!(refused.to_string(), "the row pitch of 10 bytes is not a whole number of 4-byte elements");
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(data: &'a [T], layout: Layout) -> Result<Self, Error> {
        check::<T>(size_of_val(data), &layout)?;
        Ok(Self { bytes: bytemuck::cast_slice(data), layout, element: PhantomData })
    }

    /// An interleaved image of `channels` elements a pixel.
    ///
    /// # Errors
    /// As [`ImageView::new`] and [`Layout::nhwc`].
    ///
    /// ```
    /// # use cutmix_core::{Error, ImageView, Size};
    /// assert!(ImageView::nhwc(&[0_u8; 12], Size::new(2, 2)?, 3).is_ok());
    /// let short = ImageView::nhwc(&[0_u8; 11], Size::new(2, 2)?, 3).unwrap_err();
    /// assert_eq!(short.to_string(), "the image buffer (in bytes) has length 11, but at least 12 is needed");
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn nhwc(data: &'a [T], size: Size, channels: u32) -> Result<Self, Error> {
        Self::new(data, Layout::nhwc(size, channels, size_of::<T>() as u32)?)
    }

    /// A planar image of `channels` planes.
    ///
    /// # Errors
    /// As [`ImageView::new`] and [`Layout::nchw`].
    ///
    /// ```
    /// # use cutmix_core::{ImageView, Size};
    /// let view = ImageView::nchw(&[1_u8, 2, 3, 4, 5, 6], Size::new(1, 2)?, 3)?;
    /// assert_eq!([0, 1, 2].map(|plane| view.row(plane, 1)), [Some(&[2][..]), Some(&[4]), Some(&[6])]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn nchw(data: &'a [T], size: Size, channels: u32) -> Result<Self, Error> {
        Self::new(data, Layout::nchw(size, channels, size_of::<T>() as u32)?)
    }

    /// The elements of row `y` of `plane`; `None` outside the image.
    ///
    /// ```
    /// # use cutmix_core::{ImageView, Size};
    /// let view = ImageView::nchw(&[1_u8, 2, 3, 4, 5, 6, 7, 8], Size::new(2, 2)?, 2)?;
    /// assert_eq!((view.row(1, 0), view.row(2, 0)), (Some(&[5, 6][..]), None));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn row(&self, plane: u32, y: u32) -> Option<&'a [T]> {
        let layout = &self.layout;
        if plane >= layout.planes() || y >= layout.size().height() {
            return None;
        }
        let start = layout.offset(plane, 0, y);
        let bytes = self.bytes.get(start..start.wrapping_add(layout.row_bytes()))?;
        // Whole elements at whole-element offsets of an aligned buffer, so this never is an error.
        bytemuck::try_cast_slice(bytes).ok()
    }

    /// How the image lies in memory.
    ///
    /// ```
    /// # use cutmix_core::{ImageView, Size};
    /// let view = ImageView::nhwc(&[0_u16; 5 * 4 * 3], Size::new(5, 4)?, 3)?;
    /// assert_eq!((view.layout().row_pitch(), view.layout().pixel_bytes()), (30, 6)); // bytes, not elements
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Width and height in pixels.
    ///
    /// ```
    /// # use cutmix_core::{ImageView, PatchBox, Size};
    /// let view = ImageView::nhwc(&[0_u8; 5 * 4 * 3], Size::new(5, 4)?, 3)?;
    /// assert_eq!(view.crop(PatchBox::new(1, 0, 3, 4)?)?.size(), Size::new(2, 4)?); // of the view, not of the buffer
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn size(&self) -> Size {
        self.layout.size()
    }

    /// The part of the image inside `window`.
    ///
    /// # Errors
    /// As [`Layout::crop`].
    ///
    /// ```
    /// # use cutmix_core::{ImageView, PatchBox, Size};
    /// let view = ImageView::nhwc(&[1_u8, 2, 3, 4, 5, 6], Size::new(3, 2)?, 1)?.crop(PatchBox::new(1, 1, 3, 2)?)?;
    /// assert_eq!(view.row(0, 0), Some(&[5, 6][..]));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn crop(self, window: PatchBox) -> Result<Self, Error> {
        Ok(Self { layout: self.layout.crop(window)?, ..self })
    }

    /// The bytes of `patch` in one plane.
    pub(crate) fn rect(&self, plane: u32, patch: PatchBox) -> Rect<'a> {
        Rect::new(self.bytes, &self.layout, plane, patch)
    }
}

impl<'a, T: Pod> ImageViewMut<'a, T> {
    /// A view of `data` in `layout`. The buffer may be longer than needed; bytes outside the image's rows are never
    /// written.
    ///
    /// # Errors
    /// As [`ImageView::new`].
    ///
    /// ```
    /// # use cutmix_core::{ops, ImageView, ImageViewMut, Layout, Level, PatchBox, Size};
    /// // Rows of two pixels, three bytes apart: the third byte is not the image's.
    /// let size = Size::new(2, 2)?;
    /// let mut pixels = [0_u8, 0, 9, 0, 0, 9];
    /// let mut view = ImageViewMut::new(&mut pixels, Layout::nhwc(size, 1, 1)?.with_row_pitch(3)?)?;
    /// ops::cutmix_in_place(Level::detect(), &mut view, &ImageView::nhwc(&[7; 4], size, 1)?, PatchBox::full(size))?;
    /// assert_eq!(pixels, [7, 7, 9, 7, 7, 9]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(data: &'a mut [T], layout: Layout) -> Result<Self, Error> {
        check::<T>(size_of_val(data), &layout)?;
        Ok(Self { bytes: bytemuck::cast_slice_mut(data), layout, element: PhantomData })
    }

    /// An interleaved image of `channels` elements a pixel.
    ///
    /// # Errors
    /// As [`ImageViewMut::new`] and [`Layout::nhwc`].
    ///
    /// ```
    /// # use cutmix_core::{Error, ImageViewMut, Size};
    /// let mut pixels = [0.0_f32; 12];
    /// assert!(ImageViewMut::nhwc(&mut pixels, Size::new(2, 2)?, 3).is_ok());
    /// let refused = ImageViewMut::nhwc(&mut pixels, Size::new(2, 2)?, 4);
    /// assert!(matches!(refused, Err(Error::TooShort { given: 48, expected: 64, .. }))); // bytes
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn nhwc(data: &'a mut [T], size: Size, channels: u32) -> Result<Self, Error> {
        Self::new(data, Layout::nhwc(size, channels, size_of::<T>() as u32)?)
    }

    /// A planar image of `channels` planes.
    ///
    /// # Errors
    /// As [`ImageViewMut::new`] and [`Layout::nchw`].
    ///
    /// ```
    /// # use cutmix_core::{ImageViewMut, Size};
    /// let mut pixels = [1_u8, 2, 3, 4, 5, 6];
    /// let view = ImageViewMut::nchw(&mut pixels, Size::new(2, 1)?, 3)?;
    /// assert_eq!(view.as_view().row(2, 0), Some(&[5, 6][..])); // the third plane
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn nchw(data: &'a mut [T], size: Size, channels: u32) -> Result<Self, Error> {
        Self::new(data, Layout::nchw(size, channels, size_of::<T>() as u32)?)
    }

    /// Rows `0..y` and the others as images of their own, which two threads may write.
    ///
    /// # Errors
    /// The view itself, if one of the two would be empty, or their bytes are interleaved: then [`Self::split_planes`]
    /// comes first.
    ///
    /// ```
    /// # use cutmix_core::{ImageViewMut, Size};
    /// let mut pixels = [0_u8; 12];
    /// let image = ImageViewMut::nhwc(&mut pixels, Size::new(4, 3)?, 1)?;
    /// let (top, bottom) = image.split_rows(1).expect("rows of one plane can be split");
    /// assert_eq!((top.size(), bottom.size()), (Size::new(4, 1)?, Size::new(4, 2)?));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn split_rows(self, y: u32) -> Result<(Self, Self), Self> {
        let (width, height) = (self.layout.size().width(), self.layout.size().height());
        let top = self.layout.crop(PatchBox::from_ordered(0, 0, width, y));
        let bottom = self.layout.crop(PatchBox::from_ordered(0, y, width, height));
        match (top, bottom) {
            (Ok(top), Ok(bottom)) => self.split(top, bottom),
            _ => Err(self),
        }
    }

    /// Planes `0..plane` and the others as images of their own.
    ///
    /// # Errors
    /// The view itself, if one of the two would be empty, or their bytes are interleaved.
    ///
    /// ```
    /// # use cutmix_core::{ImageViewMut, Size};
    /// let mut pixels = [0_u8; 12];
    /// let image = ImageViewMut::nchw(&mut pixels, Size::new(2, 2)?, 3)?;
    /// let (red, others) = image.split_planes(1).expect("planes one after the other");
    /// assert_eq!((red.layout().planes(), others.layout().planes()), (1, 2));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn split_planes(self, plane: u32) -> Result<(Self, Self), Self> {
        match (self.layout.some_planes(0..plane), self.layout.some_planes(plane..self.layout.planes())) {
            (Ok(first), Ok(others)) => self.split(first, others),
            _ => Err(self),
        }
    }

    /// Two parts of the image whose bytes do not lie between each other.
    fn split(self, one: Layout, two: Layout) -> Result<(Self, Self), Self> {
        let (ascending, from) = (one.buffer_bytes() <= two.first(), two.first().max(one.first()));
        if !ascending && two.buffer_bytes() > one.first() {
            return Err(self);
        }
        // Within the buffer, since both parts are; written so that no length can panic.
        if from > self.bytes.len() {
            return Err(self);
        }
        let element = self.element;
        let (low, high) = self.bytes.split_at_mut_checked(from).unwrap_or_default();
        let (one_bytes, two_bytes) = if ascending { (low, high) } else { (high, low) };
        let (one_from, two_from) = if ascending { (0, from) } else { (from, 0) };
        Ok((
            Self { bytes: one_bytes, layout: one.moved_down(one_from), element },
            Self { bytes: two_bytes, layout: two.moved_down(two_from), element },
        ))
    }

    /// How the image lies in memory.
    ///
    /// ```
    /// # use cutmix_core::{ImageViewMut, Size};
    /// let mut pixels = [0_u16; 5 * 4 * 3];
    /// let view = ImageViewMut::nchw(&mut pixels, Size::new(5, 4)?, 3)?;
    /// assert_eq!(view.layout().plane_pitch(), 40); // bytes, not elements
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Width and height in pixels.
    ///
    /// ```
    /// # use cutmix_core::{ImageViewMut, PatchBox, Size};
    /// let mut pixels = [0_u8; 5 * 4];
    /// let view = ImageViewMut::nhwc(&mut pixels, Size::new(5, 4)?, 1)?.crop(PatchBox::new(1, 0, 3, 4)?)?;
    /// assert_eq!(view.size(), Size::new(2, 4)?); // of the view, not of the buffer
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn size(&self) -> Size {
        self.layout.size()
    }

    /// The same image to read, while this one is borrowed.
    ///
    /// ```
    /// # use cutmix_core::{ops, ImageViewMut, Level, PatchBox, Size};
    /// // One's own output as the next one's donor.
    /// let size = Size::new(2, 1)?;
    /// let (mut a, mut b) = ([1_u8; 2], [2_u8; 2]);
    /// let (first, mut second) = (ImageViewMut::nhwc(&mut a, size, 1)?, ImageViewMut::nhwc(&mut b, size, 1)?);
    /// ops::cutmix_in_place(Level::detect(), &mut second, &first.as_view(), PatchBox::new(0, 0, 1, 1)?)?;
    /// assert_eq!(b, [1, 2]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn as_view(&self) -> ImageView<'_, T> {
        ImageView { bytes: self.bytes, layout: self.layout, element: PhantomData }
    }

    /// The same image to write, for a shorter time.
    ///
    /// ```
    /// # use cutmix_core::{ImageViewMut, PatchBox, Size};
    /// let (mut pixels, size) = ([0_u8; 4], Size::new(2, 2)?);
    /// let mut view = ImageViewMut::nhwc(&mut pixels, size, 1)?;
    /// view.reborrow().crop(PatchBox::new(0, 0, 2, 1)?)?; // `crop` takes the view; this one is left
    /// assert_eq!(view.size(), size);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn reborrow(&mut self) -> ImageViewMut<'_, T> {
        ImageViewMut { bytes: self.bytes, layout: self.layout, element: PhantomData }
    }

    /// The part of the image inside `window`.
    ///
    /// # Errors
    /// As [`Layout::crop`].
    ///
    /// The pixels around the window stay as they are, whatever is done to it.
    ///
    /// ```
    /// # use cutmix_core::{ops, ImageView, ImageViewMut, Level, PatchBox, Size};
    /// // A donor of 2 x 1 pixels, pasted as a whole into a corner of 3 x 2.
    /// let (mut pixels, small) = ([0_u8; 6], Size::new(2, 1)?);
    /// let donor = ImageView::nhwc(&[7; 2], small, 1)?;
    /// let mut corner = ImageViewMut::nhwc(&mut pixels, Size::new(3, 2)?, 1)?.crop(PatchBox::new(1, 1, 3, 2)?)?;
    /// ops::cutmix_in_place(Level::detect(), &mut corner, &donor, PatchBox::full(small))?;
    /// assert_eq!(pixels, [0, 0, 0, 0, 7, 7]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn crop(self, window: PatchBox) -> Result<Self, Error> {
        let layout = self.layout.crop(window)?;
        Ok(Self { layout, ..self })
    }

    /// A view of memory that [`ImageView::new`] has found to hold this layout.
    pub(crate) fn of_checked(data: &'a mut [T], layout: Layout) -> Self {
        Self { bytes: bytemuck::cast_slice_mut(data), layout, element: PhantomData }
    }

    /// As [`Self::crop`], of the view that is there.
    pub(crate) fn narrow(&mut self, window: PatchBox) -> Result<(), Error> {
        self.layout = self.layout.crop(window)?;
        Ok(())
    }

    /// The bytes of `patch` in one plane.
    pub(crate) fn rect_mut(&mut self, plane: u32, patch: PatchBox) -> RectMut<'_> {
        RectMut::new(self.bytes, &self.layout, plane, patch)
    }
}

#[cfg(test)]
mod tests {
    use core::ops::Range;

    use super::*;

    #[test]
    fn construction_checks_lengths_and_alignment() {
        let size = Size::new(5, 4).unwrap();
        let short = ImageView::<u8>::nhwc(&[0; 59], size, 3).unwrap_err();
        assert_eq!(short, Error::TooShort { what: "the image buffer (in bytes)", given: 59, expected: 60 });
        let odd_pitch = Layout::nhwc(size, 1, 2).unwrap().with_row_pitch(11).unwrap();
        let error = ImageView::<u16>::new(&[0; 40], odd_pitch).unwrap_err();
        assert_eq!(error, Error::Misaligned { what: "the row pitch", given: 11, element_bytes: 2 });
        let odd_pixel = Layout::nhwc(size, 3, 1).unwrap();
        assert!(matches!(ImageView::<u16>::new(&[0; 40], odd_pixel), Err(Error::Misaligned { .. })));
        assert!(matches!(ImageView::<()>::new(&[(); 40], odd_pixel), Err(Error::Misaligned { .. })));
        assert!(ImageView::<[u8; 3]>::new(&[[0; 3]; 20], odd_pixel).is_ok(), "packed pixels");
    }

    #[test]
    fn rows_of_padded_and_flipped_images() {
        let size = Size::new(2, 3).unwrap();
        let data: [u16; 12] = core::array::from_fn(|i| i as u16);
        let layout = Layout::nhwc(size, 1, 2).unwrap().with_row_pitch(8).unwrap();
        let view = ImageView::new(&data, layout).unwrap();
        assert_eq!(view.row(0, 1), Some(&[4, 5][..]));
        assert_eq!((view.row(0, 3), view.row(1, 0)), (None, None));
        let flipped = ImageView::new(&data, layout.bottom_up()).unwrap();
        assert_eq!(flipped.row(0, 0), Some(&[8, 9][..]));
        let right = view.crop(PatchBox::new(1, 1, 2, 3).unwrap()).unwrap();
        assert_eq!((right.row(0, 0), right.row(0, 1)), (Some(&[5][..]), Some(&[9][..])));
    }

    /// First byte and the byte after the last of some rows of some planes.
    fn ends(layout: &Layout, planes: Range<u32>, rows: Range<u32>) -> (usize, usize) {
        let starts = planes.flat_map(|plane| rows.clone().map(move |y| layout.offset(plane, 0, y)));
        let (least, most) = starts.fold((usize::MAX, 0), |(least, most), at| (least.min(at), most.max(at)));
        (least, most + layout.row_bytes())
    }

    #[test]
    fn parts_are_the_rows_and_planes_of_the_whole_wherever_their_bytes_are_apart() {
        let size = Size::new(3, 4).unwrap();
        let side_by_side = Layout::new(size, 2, 1, 9, 4, 1).unwrap();
        let descending = Layout::new(size, 3, 1, 3, -13, 26).unwrap();
        let layouts = [
            Layout::nhwc(size, 2, 1).unwrap(),
            Layout::nhwc(size, 2, 1).unwrap().bottom_up(),
            Layout::nhwc(size, 1, 1).unwrap().with_row_pitch(5).unwrap().bottom_up().with_origin(20).unwrap(),
            Layout::nchw(size, 3, 1).unwrap(),
            Layout::nchw(size, 3, 1).unwrap().bottom_up(),
            side_by_side,
            side_by_side.bottom_up(),
            descending,
            descending.bottom_up(),
        ];
        let data: [u8; 64] = core::array::from_fn(|i| i as u8);
        let (mut split, mut refused) = (0, 0);
        for layout in layouts {
            let (whole, planes) = (ImageView::new(&data, layout).unwrap(), layout.planes());
            let cuts = (0..=4).map(|y| ((0..planes, 0..y), (0..planes, y..4)));
            let cuts = cuts.chain((0..=planes).map(|k| ((0..k, 0..4), (k..planes, 0..4))));
            for (i, (one, two)) in cuts.enumerate() {
                let mut copy = data;
                let image = ImageViewMut::new(&mut copy, layout).unwrap();
                let parts = if i <= 4 { image.split_rows(i as u32) } else { image.split_planes(i as u32 - 5) };
                let empty = [&one, &two].into_iter().any(|(planes, rows)| planes.is_empty() || rows.is_empty());
                let apart = !empty && {
                    let (a, b) =
                        (ends(&layout, one.0.clone(), one.1.clone()), ends(&layout, two.0.clone(), two.1.clone()));
                    a.1 <= b.0 || b.1 <= a.0
                };
                assert_eq!(parts.is_ok(), apart, "{layout:?} cut into {one:?} and {two:?}");
                let Ok(parts) = parts else {
                    refused += 1;
                    continue;
                };
                split += 1;
                for (part, (planes, rows)) in [(parts.0, one), (parts.1, two)] {
                    let (_, end) = ends(part.layout(), 0..planes.len() as u32, 0..rows.len() as u32);
                    assert_eq!(part.layout().buffer_bytes(), end, "{layout:?} cut to {planes:?}, {rows:?}");
                    assert_eq!(
                        (part.layout().planes(), part.size().height()),
                        (planes.len() as u32, rows.len() as u32)
                    );
                    for (plane, y) in planes.clone().flat_map(|plane| rows.clone().map(move |y| (plane, y))) {
                        let row = part.as_view().row(plane - planes.start, y - rows.start);
                        assert_eq!(row, whole.row(plane, y), "{layout:?} plane {plane} row {y}");
                    }
                }
            }
        }
        assert!(split > 20 && refused > 20, "{split} split, {refused} refused");
    }
}
