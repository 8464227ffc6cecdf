//! Checked windows on the memory of all planes of a frame.

use bytemuck::Pod;

use super::Format;
use crate::error::Error;
use crate::geometry::{PatchBox, Size};
use crate::ops::expect_same_shape;
use crate::view::{ImageView, ImageViewMut, Layout};

/// A frame to read: `N` planes in the caller's memory, each with its own pitch, in a [`Format`].
///
/// ```
/// # use cutmix_core::frame::{Format, FrameView};
/// # use cutmix_core::Size;
/// // What a camera driver hands over: two pointers, each with a pitch.
/// let (luma, chroma) = ([0_u8; 5 * 64], [128_u8; 3 * 64]);
/// let frame = FrameView::of_planes(Format::NV12, Size::new(40, 5)?, [(&luma[..], 64), (&chroma[..], 64)])?;
/// assert_eq!(frame.planes()[1].size(), Size::new(20, 3)?); // samples of Cb and Cr
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FrameView<'a, T, const N: usize> {
    format: Format<N>,
    size: Size,
    planes: [ImageView<'a, T>; N],
}

/// A frame to write; see [`FrameView`].
///
/// ```
/// # use cutmix_core::frame::{self, Format, FrameViewMut};
/// # use cutmix_core::{Level, PatchBox, Size};
/// let size = Size::new(2, 1)?;
/// let mut pixels = [0xffff_u16; 2]; // white
/// let mut frame = FrameViewMut::of_planes(Format::RGB565, size, [(&mut pixels[..], 4)])?;
/// frame::cutout(Level::detect(), &mut frame, PatchBox::new(0, 0, 1, 1)?, &[0xf800])?;
/// assert_eq!(pixels, [0xf800, 0xffff]); // red, white
/// # Ok::<(), cutmix_core::Error>(())
/// ```
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
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameView};
    /// # use cutmix_core::{ImageView, Size};
    /// // Both planes of a frame in one buffer, bottom row first.
    /// let (buffer, size) = ([0_u8; 8 * 4 + 8 * 2], Size::new(8, 4)?);
    /// let luma = ImageView::new(&buffer, Format::NV12.layout(0, size, 1)?.bottom_up())?;
    /// let chroma = ImageView::new(&buffer, Format::NV12.layout(1, size, 1)?.with_origin(32)?.bottom_up())?;
    /// assert!(FrameView::new(Format::NV12, size, [luma, chroma]).is_ok());
    /// assert!(FrameView::new(Format::NV12, size, [luma, luma]).is_err()); // too large for chroma
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
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
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameView};
    /// # use cutmix_core::{Error, Size};
    /// let (size, luma) = (Size::new(4, 2)?, [0_u16; 10]);
    /// // Ten-bit values in u16: 8 bytes a row, here 12 apart. The last row of luma ends with its pixels.
    /// let frame = |chroma| FrameView::of_planes(Format::P010, size, [(&luma[..], 12), (chroma, 12)]);
    /// assert!(frame(&[0; 4]).is_ok());
    /// assert!(matches!(frame(&[0; 3]), Err(Error::TooShort { given: 6, expected: 8, .. })));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
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
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameView};
    /// # use cutmix_core::Size;
    /// let frame = FrameView::of_planes(Format::YUYV, Size::new(4, 1)?, [(&[0_u8; 8][..], 8)])?;
    /// assert_eq!(frame.format().grid().x(), 2); // what its boxes have to be snapped to
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn format(&self) -> &Format<N> {
        &self.format
    }

    /// Width and height in pixels; a plane may have fewer samples.
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameView};
    /// # use cutmix_core::Size;
    /// let frame = FrameView::of_planes(Format::YUYV, Size::new(4, 1)?, [(&[0_u8; 8][..], 8)])?;
    /// assert_eq!((frame.size(), frame.planes()[0].size()), (Size::new(4, 1)?, Size::new(2, 1)?));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The planes as images of samples, in the order of the format.
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameView};
    /// # use cutmix_core::Size;
    /// let planes = [(&[1_u8, 2, 3, 4][..], 4), (&[5, 6, 7, 8][..], 4)];
    /// let frame = FrameView::of_planes(Format::NV12, Size::new(4, 1)?, planes)?;
    /// assert_eq!(frame.planes()[1].row(0, 0), Some(&[5, 6, 7, 8][..])); // Cb, Cr, Cb, Cr
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn planes(&self) -> &[ImageView<'a, T>; N] {
        &self.planes
    }

    /// The part of the frame inside `window`, in the same memory.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] or [`Error::OffGrid`] if the window is not within the frame and on its grid,
    /// [`Error::ZeroSide`] if it is empty.
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameView};
    /// # use cutmix_core::{PatchBox, Size};
    /// let planes = [(&[1_u8, 2, 3, 4][..], 4), (&[5, 6, 7, 8][..], 4)];
    /// let frame = FrameView::of_planes(Format::NV12, Size::new(4, 1)?, planes)?;
    /// let right = frame.crop(PatchBox::new(2, 0, 4, 1)?)?;
    /// assert_eq!([0, 1].map(|i| right.planes()[i].row(0, 0)), [Some(&[3, 4][..]), Some(&[7, 8])]);
    /// assert!(frame.crop(PatchBox::new(1, 0, 4, 1)?).is_err()); // through a chroma sample
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
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
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameViewMut};
    /// # use cutmix_core::{ImageViewMut, Size};
    /// // One buffer, cut into the memory of three planes.
    /// let (size, mut buffer) = (Size::new(4, 2)?, [0_u8; 8 + 2 + 2]);
    /// let (y, chroma) = buffer.split_at_mut(8);
    /// let (cb, cr) = chroma.split_at_mut(2);
    /// let half = Size::new(2, 1)?;
    /// let [cb, cr] = [ImageViewMut::nhwc(cb, half, 1)?, ImageViewMut::nhwc(cr, half, 1)?];
    /// let frame = FrameViewMut::new(Format::I420, size, [ImageViewMut::nhwc(y, size, 1)?, cb, cr])?;
    /// assert_eq!(frame.size(), size);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(format: Format<N>, size: Size, planes: [ImageViewMut<'a, T>; N]) -> Result<Self, Error> {
        check::<T, N>(&format, size, planes.iter().map(ImageViewMut::layout))?;
        Ok(Self { format, size, planes })
    }

    /// As [`FrameView::of_planes`], to write.
    ///
    /// # Errors
    /// As [`FrameView::of_planes`].
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameViewMut};
    /// # use cutmix_core::{Error, Size};
    /// let (size, mut raw) = (Size::new(8, 2)?, [0_u8; 20]); // four pixels in five bytes
    /// assert!(FrameViewMut::of_planes(Format::RAW10, size, [(&mut raw[..], 10)]).is_ok());
    /// let refused = FrameViewMut::of_planes(Format::RAW10, size, [(&mut raw[..], 8)]);
    /// assert!(matches!(refused, Err(Error::Overlap { what: "rows", pitch: 8, needed: 10 })));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn of_planes(format: Format<N>, size: Size, planes: [(&'a mut [T], isize); N]) -> Result<Self, Error> {
        let checked = FrameView::of_planes(format, size, planes.each_ref().map(|(data, pitch)| (&**data, *pitch)))?;
        let layouts = checked.planes.map(|plane| *plane.layout());
        let mut memory = planes.into_iter().map(|(data, _)| data);
        // As many as layouts.
        let planes = layouts.map(|layout| ImageViewMut::of_checked(memory.next().unwrap_or_default(), layout));
        Ok(Self { format, size, planes })
    }

    /// How the frame is stored.
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameViewMut};
    /// # use cutmix_core::Size;
    /// let mut pixels = [0_u16; 4];
    /// let frame = FrameViewMut::of_planes(Format::RGB565, Size::new(4, 1)?, [(&mut pixels[..], 8)])?;
    /// assert!(!frame.format().blends()); // to be known before a Mixup is planned
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn format(&self) -> &Format<N> {
        &self.format
    }

    /// Width and height in pixels; a plane may have fewer samples.
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameViewMut};
    /// # use cutmix_core::{PatchBox, Size};
    /// let mut pixels = [0_u16; 4];
    /// let mut frame = FrameViewMut::of_planes(Format::RGB565, Size::new(4, 1)?, [(&mut pixels[..], 8)])?;
    /// assert_eq!(frame.crop(PatchBox::new(1, 0, 3, 1)?)?.size(), Size::new(2, 1)?);
    /// assert_eq!(frame.size(), Size::new(4, 1)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The layouts of the planes.
    pub(super) fn layouts(&self) -> [&Layout; N] {
        self.planes.each_ref().map(ImageViewMut::layout)
    }

    /// The planes as images of samples, in the order of the format, for whatever the operations on frames do not offer,
    /// such as noise.
    ///
    /// ```
    /// # use cutmix_core::frame::{Format, FrameViewMut};
    /// # use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
    /// # use cutmix_core::{Level, NoiseKey, PatchBox, Size};
    /// let (size, patch) = (Size::new(64, 1)?, PatchBox::new(0, 0, 32, 1)?);
    /// let (mut y, mut uv, key) = ([0_u8; 64], [128_u8; 64], NoiseKey { words: [1, 2] });
    /// let mut frame = FrameViewMut::of_planes(Format::NV12, size, [(&mut y[..], 64), (&mut uv[..], 64)])?;
    /// // Grey noise: luma alone.
    /// let [luma, _] = frame.planes_mut();
    /// ops::cutout(Level::detect(), luma, patch, Fill::Noise(NoiseRange::default()), key, Frame::whole(size))?;
    /// assert!(y[..32] != [0; 32] && y[32..] == [0; 32] && uv == [128; 64]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const fn planes_mut(&mut self) -> &mut [ImageViewMut<'a, T>; N] {
        &mut self.planes
    }

    /// The same frame to read, while this one is borrowed.
    ///
    /// ```
    /// # use cutmix_core::frame::{self, Format, FrameViewMut};
    /// # use cutmix_core::{Level, PatchBox, Size};
    /// // A frame that is written here, as the donor of another.
    /// let (size, patch) = (Size::new(2, 1)?, PatchBox::new(0, 0, 1, 1)?);
    /// let (mut first, mut second) = ([1_u16; 2], [2_u16; 2]);
    /// let a = FrameViewMut::of_planes(Format::RGB565, size, [(&mut first[..], 4)])?;
    /// let mut b = FrameViewMut::of_planes(Format::RGB565, size, [(&mut second[..], 4)])?;
    /// frame::cutmix_in_place(Level::detect(), &mut b, &a.as_view(), patch)?;
    /// assert_eq!(second, [1, 2]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn as_view(&self) -> FrameView<'_, T, N> {
        FrameView { format: self.format, size: self.size, planes: self.planes.each_ref().map(ImageViewMut::as_view) }
    }

    /// The part of the frame inside `window`: a frame of its own, as long as this one is borrowed.
    ///
    /// # Errors
    /// As [`FrameView::crop`].
    ///
    /// ```
    /// # use cutmix_core::frame::{self, Format, FrameViewMut};
    /// # use cutmix_core::{Level, PatchBox, Size};
    /// let (mut y, mut uv) = ([90_u8; 4], [200_u8; 4]);
    /// let mut frame = FrameViewMut::of_planes(Format::NV12, Size::new(4, 1)?, [(&mut y[..], 4), (&mut uv[..], 4)])?;
    /// let mut right = frame.crop(PatchBox::new(2, 0, 4, 1)?)?;
    /// let whole = PatchBox::full(right.size()); // boxes are counted from the corner of the window
    /// frame::cutout(Level::detect(), &mut right, whole, &[16, 128, 128])?;
    /// assert_eq!((y, uv), ([90, 90, 16, 16], [200, 200, 128, 128]));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
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
