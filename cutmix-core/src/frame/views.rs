//! Checked windows on the memory of all planes of a frame.

use bytemuck::Pod;

use super::Format;
use crate::error::Error;
use crate::geometry::{PatchBox, Size};
use crate::ops::expect_same_shape;
use crate::view::{ImageView, ImageViewMut, Layout};

/// A frame to read: `N` planes in the caller's memory, each with its own pitch, in a [`Format`].
#[derive(Clone, Copy, Debug)]
pub struct FrameView<'a, T, const N: usize> {
    format: Format<N>,
    size: Size,
    planes: [ImageView<'a, T>; N],
}

/// A frame to write; see [`FrameView`].
#[derive(Debug)]
pub struct FrameViewMut<'a, T, const N: usize> {
    format: Format<N>,
    size: Size,
    planes: [ImageViewMut<'a, T>; N],
}

/// That every plane is an image of the format's samples.
fn check<'a, T: Pod, const N: usize>(
    format: &Format<N>,
    size: Size,
    planes: impl Iterator<Item = &'a Layout>,
) -> Result<(), Error> {
    for (i, given) in planes.enumerate() {
        let expected = format.layout(i, size, size_of::<T>() as u32)?;
        expect_same_shape("a plane of the frame", given, &expected)?;
    }
    Ok(())
}

/// The layout of one plane with its pitch.
fn padded<T: Pod, const N: usize>(
    format: &Format<N>,
    plane: usize,
    size: Size,
    row_pitch: isize,
) -> Result<Layout, Error> {
    format.layout(plane, size, size_of::<T>() as u32)?.with_row_pitch(row_pitch)
}

impl<'a, T: Pod, const N: usize> FrameView<'a, T, N> {
    /// A frame of `size` pixels from views of its planes, whose pixels are the samples: of 7 x 5 pixels in NV12, the
    /// first view is 7 x 5 of 1 value, the second 4 x 3 of 2 values. Any pitch, origin and order of rows, each its own.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`] or [`Error::CountMismatch`] if a plane is not what [`Format::layout`] says.
    pub fn new(format: Format<N>, size: Size, planes: [ImageView<'a, T>; N]) -> Result<Self, Error> {
        check::<T, N>(&format, size, planes.iter().map(ImageView::layout))?;
        Ok(Self { format, size, planes })
    }

    /// A frame whose planes begin at the first element of their memory; beside each is its row pitch in bytes. The last
    /// row needs no padding. [`FrameView::new`] takes other layouts.
    ///
    /// # Errors
    /// [`Error::TooShort`] if memory does not hold its plane, [`Error::Overlap`] if a pitch is less than a row,
    /// [`Error::Misaligned`] if it is not a whole number of elements, [`Error::TooLarge`] if it is negative or too large.
    pub fn of_planes(format: Format<N>, size: Size, planes: [(&'a [T], isize); N]) -> Result<Self, Error> {
        let view = |plane, (data, row_pitch): (&'a [T], isize)| {
            ImageView::new(data, padded::<T, N>(&format, plane, size, row_pitch)?)
        };
        // There is no format without planes.
        let first = planes.first().ok_or(Error::CountMismatch { what: "planes", given: 0, expected: 1 })?;
        let mut views = [view(0, *first)?; N];
        for (i, (to, &plane)) in views.iter_mut().zip(&planes).enumerate() {
            *to = view(i, plane)?;
        }
        Ok(Self { format, size, planes: views })
    }

    /// How the frame is stored.
    #[must_use]
    pub const fn format(&self) -> &Format<N> {
        &self.format
    }

    /// Width and height in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The planes as images of samples.
    #[must_use]
    pub const fn planes(&self) -> &[ImageView<'a, T>; N] {
        &self.planes
    }

    /// The part of the frame inside `window`, in the same memory.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] or [`Error::OffGrid`] if the window is not within the frame and on its grid,
    /// [`Error::ZeroSide`] if it is empty.
    pub fn crop(self, window: PatchBox) -> Result<Self, Error> {
        let size = window_size(&self.format, self.size, window)?;
        let mut planes = self.planes;
        for (plane, cell) in planes.iter_mut().zip(self.format.cells()) {
            *plane = plane.crop(window.subsample(*cell))?;
        }
        Ok(Self { size, planes, ..self })
    }
}

impl<'a, T: Pod, const N: usize> FrameViewMut<'a, T, N> {
    /// As [`FrameView::new`], to write. What lies beside the samples is never written.
    ///
    /// # Errors
    /// As [`FrameView::new`].
    pub fn new(format: Format<N>, size: Size, planes: [ImageViewMut<'a, T>; N]) -> Result<Self, Error> {
        check::<T, N>(&format, size, planes.iter().map(ImageViewMut::layout))?;
        Ok(Self { format, size, planes })
    }

    /// As [`FrameView::of_planes`], to write.
    ///
    /// # Errors
    /// As [`FrameView::of_planes`].
    pub fn of_planes(format: Format<N>, size: Size, planes: [(&'a mut [T], isize); N]) -> Result<Self, Error> {
        let checked = FrameView::of_planes(format, size, planes.each_ref().map(|(data, pitch)| (&**data, *pitch)))?;
        let layouts = checked.planes.map(|plane| *plane.layout());
        let mut memory = planes.into_iter().map(|(data, _)| data);
        // As many as layouts.
        let planes = layouts.map(|layout| ImageViewMut::of_checked(memory.next().unwrap_or_default(), layout));
        Ok(Self { format, size, planes })
    }

    /// How the frame is stored.
    #[must_use]
    pub const fn format(&self) -> &Format<N> {
        &self.format
    }

    /// Width and height in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The layouts of the planes.
    pub(super) fn layouts(&self) -> [&Layout; N] {
        self.planes.each_ref().map(ImageViewMut::layout)
    }

    /// The planes as images of samples, for whatever the operations on frames do not offer, such as noise.
    pub const fn planes_mut(&mut self) -> &mut [ImageViewMut<'a, T>; N] {
        &mut self.planes
    }

    /// The same frame to read.
    #[must_use]
    pub fn as_view(&self) -> FrameView<'_, T, N> {
        FrameView { format: self.format, size: self.size, planes: self.planes.each_ref().map(ImageViewMut::as_view) }
    }

    /// The part of the frame inside `window`: a frame of its own, as long as this one is borrowed.
    ///
    /// # Errors
    /// As [`FrameView::crop`].
    pub fn crop(&mut self, window: PatchBox) -> Result<FrameViewMut<'_, T, N>, Error> {
        let size = window_size(&self.format, self.size, window)?;
        let mut planes = self.planes.each_mut().map(ImageViewMut::reborrow);
        for (plane, cell) in planes.iter_mut().zip(self.format.cells()) {
            plane.narrow(window.subsample(*cell))?;
        }
        Ok(FrameViewMut { format: self.format, size, planes })
    }
}

/// The size of a window that all planes can be cropped to.
fn window_size<const N: usize>(format: &Format<N>, size: Size, window: PatchBox) -> Result<Size, Error> {
    window.checked_on(format.grid(), size)?;
    Size::new(window.width(), window.height())
}
