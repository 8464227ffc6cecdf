//! Views of whole batches: equal layouts at a sample pitch.

use core::marker::PhantomData;

use bytemuck::Pod;

use crate::error::Error;
use crate::view::{ImageView, ImageViewMut, Layout};

/// `len` images of one [`Layout`], `sample_pitch` bytes apart.
///
/// ```
/// # use cutmix_core::{Layout, Size, view::BatchLayout};
/// let batch = BatchLayout::dense(Layout::nchw(Size::new(32, 32)?, 3, 4)?, 256)?;
/// assert_eq!(batch.buffer_bytes(), 256 * 3 * 32 * 32 * 4);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLayout {
    sample: Layout,
    sample_pitch: usize,
    len: usize,
}

impl BatchLayout {
    /// Samples `sample_pitch` bytes apart. Each sample takes the bytes from its start to the end of its last row.
    ///
    /// # Errors
    /// [`Error::Overlap`] if the pitch is shorter than a sample, [`Error::TooLarge`] if the end exceeds `isize::MAX`.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::BatchLayout};
    /// // 12-byte images, each at the beginning of 16 bytes.
    /// let sample = Layout::nhwc(Size::new(4, 3)?, 1, 1)?;
    /// assert_eq!(BatchLayout::new(sample, 16, 2)?.buffer_bytes(), 28);
    /// assert!(BatchLayout::new(sample, 11, 2).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(sample: Layout, sample_pitch: usize, len: usize) -> Result<Self, Error> {
        if len > 1 && sample_pitch < sample.buffer_bytes() {
            return Err(Error::Overlap {
                what: "samples",
                pitch: sample_pitch as i64,
                needed: sample.buffer_bytes() as u64,
            });
        }
        let end = len
            .saturating_sub(1)
            .checked_mul(sample_pitch)
            .and_then(|start| start.checked_add(sample.buffer_bytes()))
            .filter(|&end| isize::try_from(end).is_ok());
        match end {
            Some(_) => Ok(Self { sample, sample_pitch, len }),
            None => Err(Error::TooLarge { what: "the end of a batch in memory" }),
        }
    }

    /// Samples one after the other.
    ///
    /// # Errors
    /// As [`BatchLayout::new`].
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::BatchLayout};
    /// // A padded image ends with its last pixel, so the next one begins there.
    /// let sample = Layout::nhwc(Size::new(3, 2)?, 1, 1)?.with_row_pitch(8)?;
    /// assert_eq!(BatchLayout::dense(sample, 2)?.sample_pitch(), 8 + 3);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn dense(sample: Layout, len: usize) -> Result<Self, Error> {
        Self::new(sample, sample.buffer_bytes(), len)
    }

    /// The layout of each sample, counted from the sample's start.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::BatchLayout};
    /// let batch = BatchLayout::dense(Layout::nchw(Size::new(32, 32)?, 3, 4)?, 256)?;
    /// assert_eq!((batch.sample().planes(), batch.sample().row_bytes()), (3, 128));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn sample(&self) -> &Layout {
        &self.sample
    }

    /// Bytes from one sample to the next.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::BatchLayout};
    /// let batch = BatchLayout::dense(Layout::nchw(Size::new(32, 32)?, 3, 4)?, 256)?;
    /// assert_eq!(batch.sample_pitch(), 3 * 32 * 32 * 4); // floats, but bytes here
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn sample_pitch(&self) -> usize {
        self.sample_pitch
    }

    /// Number of samples.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::BatchLayout};
    /// assert_eq!(BatchLayout::dense(Layout::nchw(Size::new(32, 32)?, 3, 4)?, 256)?.len(), 256); // images, not planes
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::BatchLayout};
    /// let none = BatchLayout::dense(Layout::nhwc(Size::new(32, 32)?, 3, 1)?, 0)?;
    /// assert!(none.is_empty()); // no mistake: every operation has nothing to do
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The least length in bytes of a buffer that holds the batch; 0 for an empty one.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::BatchLayout};
    /// let sample = Layout::nhwc(Size::new(4, 3)?, 1, 1)?;
    /// assert_eq!(BatchLayout::new(sample, 16, 3)?.buffer_bytes(), 2 * 16 + 12); // nothing follows the last
    /// assert_eq!(BatchLayout::new(sample, 16, 0)?.buffer_bytes(), 0);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn buffer_bytes(&self) -> usize {
        if self.len == 0 { 0 } else { (self.len - 1) * self.sample_pitch + self.sample.buffer_bytes() }
    }

    fn check<T: Pod>(&self, buffer_bytes: usize) -> Result<(), Error> {
        self.sample.check_elements(size_of::<T>())?;
        if self.len > 1 && !self.sample_pitch.is_multiple_of(size_of::<T>()) {
            return Err(Error::Misaligned {
                what: "the sample pitch",
                given: self.sample_pitch as i64,
                element_bytes: size_of::<T>() as u64,
            });
        }
        if buffer_bytes < self.buffer_bytes() {
            return Err(Error::TooShort {
                what: "the batch buffer (in bytes)",
                given: buffer_bytes as u64,
                expected: self.buffer_bytes() as u64,
            });
        }
        Ok(())
    }

    /// The bytes of sample `index`; `None` beyond the last.
    fn range(&self, index: usize) -> Option<core::ops::Range<usize>> {
        let start = (index < self.len).then(|| index.wrapping_mul(self.sample_pitch))?;
        Some(start..start.wrapping_add(self.sample.buffer_bytes()))
    }
}

/// A batch to read.
///
/// ```
/// # use cutmix_core::{Layout, Size, view::{BatchLayout, BatchView}};
/// let pixels = [0_u8, 0, 1, 1, 2, 2];
/// let batch = BatchView::new(&pixels, BatchLayout::dense(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 3)?)?;
/// assert_eq!(batch.get(1).unwrap().row(0, 0), Some(&[1, 1][..]));
/// assert!(batch.get(3).is_none());
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BatchView<'a, T> {
    bytes: &'a [u8],
    layout: BatchLayout,
    element: PhantomData<&'a [T]>,
}

/// A batch to write.
///
/// ```
/// # use cutmix_core::{Layout, Size, view::{BatchLayout, BatchViewMut}};
/// let mut pixels = [0_u8; 6];
/// let mut batch = BatchViewMut::new(&mut pixels, BatchLayout::dense(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 3)?)?;
/// assert_eq!(batch.iter_mut().len(), 3);
/// assert!(batch.get_two_mut(0, 2).is_some() && batch.get_two_mut(1, 1).is_none());
/// assert_eq!(batch.get_mut(2).unwrap().size(), Size::new(2, 1)?);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Debug)]
pub struct BatchViewMut<'a, T> {
    bytes: &'a mut [u8],
    layout: BatchLayout,
    element: PhantomData<&'a mut [T]>,
}

impl<'a, T: Pod> BatchView<'a, T> {
    /// A view of `data` in `layout`. The buffer may be longer than needed.
    ///
    /// # Errors
    /// [`Error::TooShort`] if the buffer does not hold the batch, [`Error::Misaligned`] if a pitch, the origin or the
    /// size of a pixel is not a whole number of elements.
    ///
    /// ```
    /// # use cutmix_core::{Error, Layout, Size, view::{BatchLayout, BatchView}};
    /// let layout = BatchLayout::new(Layout::nhwc(Size::new(2, 1)?, 1, 2)?, 6, 2)?;
    /// assert!(BatchView::new(&[0_u16; 5], layout).is_ok()); // 6 bytes and 4
    /// assert!(matches!(BatchView::new(&[0_u16; 4], layout), Err(Error::TooShort { given: 8, expected: 10, .. })));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(data: &'a [T], layout: BatchLayout) -> Result<Self, Error> {
        layout.check::<T>(size_of_val(data))?;
        Ok(Self { bytes: bytemuck::cast_slice(data), layout, element: PhantomData })
    }

    /// How the batch lies in memory.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::{BatchLayout, BatchView}};
    /// let layout = BatchLayout::dense(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 3)?;
    /// // What the view covers, not how long the buffer is.
    /// assert_eq!(BatchView::new(&[0_u8; 100], layout)?.layout().buffer_bytes(), 6);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn layout(&self) -> &BatchLayout {
        &self.layout
    }

    /// Sample `index`; `None` beyond the last.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::{BatchLayout, BatchView}};
    /// let layout = BatchLayout::dense(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 2)?;
    /// let batch = BatchView::new(&[1_u8, 1, 2, 2, 3, 3], layout)?;
    /// assert_eq!(batch.get(1).and_then(|image| image.row(0, 0)), Some(&[2, 2][..]));
    /// assert!(batch.get(2).is_none()); // though the buffer has room for it
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, index: usize) -> Option<ImageView<'a, T>> {
        let bytes = self.bytes.get(self.layout.range(index)?)?;
        Some(ImageView { bytes, layout: self.layout.sample, element: PhantomData })
    }
}

impl<'a, T: Pod> BatchViewMut<'a, T> {
    /// A view of `data` in `layout`. The buffer may be longer than needed; bytes outside the images' rows are never
    /// written.
    ///
    /// # Errors
    /// As [`BatchView::new`].
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::{BatchLayout, BatchViewMut}};
    /// let layout = BatchLayout::new(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 3, 2)?;
    /// assert!(BatchViewMut::new(&mut [0_u8; 5], layout).is_ok());
    /// assert!(BatchViewMut::new(&mut [0_u8; 4], layout).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(data: &'a mut [T], layout: BatchLayout) -> Result<Self, Error> {
        layout.check::<T>(size_of_val(data))?;
        Ok(Self { bytes: bytemuck::cast_slice_mut(data), layout, element: PhantomData })
    }

    /// How the batch lies in memory.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::{BatchLayout, BatchViewMut}};
    /// let layout = BatchLayout::dense(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 3)?;
    /// assert_eq!(BatchViewMut::new(&mut [0_u8; 100], layout)?.layout().len(), 3);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn layout(&self) -> &BatchLayout {
        &self.layout
    }

    /// Sample `index` to write; `None` beyond the last.
    ///
    /// ```
    /// # use cutmix_core::{Layout, Size, view::{BatchLayout, BatchViewMut}};
    /// let layout = BatchLayout::dense(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 3)?;
    /// let mut pixels = [1_u8, 1, 2, 2, 3, 3];
    /// let mut batch = BatchViewMut::new(&mut pixels, layout)?;
    /// assert_eq!(batch.get_mut(2).unwrap().as_view().row(0, 0), Some(&[3, 3][..]));
    /// assert!(batch.get_mut(3).is_none());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn get_mut(&mut self, index: usize) -> Option<ImageViewMut<'_, T>> {
        let bytes = self.bytes.get_mut(self.layout.range(index)?)?;
        Some(ImageViewMut { bytes, layout: self.layout.sample, element: PhantomData })
    }

    /// Two different samples to write; `None` if they are one, or beyond the last.
    ///
    /// ```
    /// # use cutmix_core::{ops, Layout, Level, PatchBox, Size, view::{BatchLayout, BatchViewMut}};
    /// let layout = BatchLayout::dense(Layout::nhwc(Size::new(2, 1)?, 1, 1)?, 3)?;
    /// let mut pixels = [1_u8, 1, 2, 2, 3, 3];
    /// let mut batch = BatchViewMut::new(&mut pixels, layout)?;
    /// let (mut first, mut last) = batch.get_two_mut(0, 2).expect("two samples of the batch");
    /// ops::cutmix_exchange(Level::detect(), &mut first, &mut last, PatchBox::new(0, 0, 1, 1)?)?;
    /// assert_eq!(pixels, [3, 1, 2, 2, 1, 3]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn get_two_mut(&mut self, i: usize, j: usize) -> Option<(ImageViewMut<'_, T>, ImageViewMut<'_, T>)> {
        // Samples do not overlap; the ranges of one and the same do, and so are refused.
        let [a, b] = self.bytes.get_disjoint_mut([self.layout.range(i)?, self.layout.range(j)?]).ok()?;
        let view = |bytes| ImageViewMut { bytes, layout: self.layout.sample, element: PhantomData };
        Some((view(a), view(b)))
    }

    /// All samples to write, in their order.
    ///
    /// ```
    /// # use cutmix_core::{ops, Layout, Level, PatchBox, Size, view::{BatchLayout, BatchViewMut}};
    /// # use cutmix_core::ops::{Fill, Frame};
    /// let (size, patch) = (Size::new(2, 1)?, PatchBox::new(1, 0, 2, 1)?);
    /// let mut pixels = [1_u8, 1, 9, 2, 2, 9, 3, 3]; // a byte of padding between the samples
    /// let mut batch = BatchViewMut::new(&mut pixels, BatchLayout::new(Layout::nhwc(size, 1, 1)?, 3, 3)?)?;
    /// for mut image in batch.iter_mut() {
    ///     ops::cutout(Level::detect(), &mut image, patch, Fill::Zero, Default::default(), Frame::whole(size))?;
    /// }
    /// assert_eq!(pixels, [1, 0, 9, 2, 0, 9, 3, 0]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = ImageViewMut<'_, T>> {
        let layout = self.layout;
        let mut rest = &mut *self.bytes;
        (0..layout.len).map(move |i| {
            // Every sample but the last is followed by its pitch; the last may have less after it.
            let pitch = if i + 1 < layout.len { layout.sample_pitch } else { layout.sample.buffer_bytes() };
            // The layout fits the buffer, so there always is as much; written so that no length can panic.
            let (bytes, others) = core::mem::take(&mut rest).split_at_mut_checked(pitch).unwrap_or_default();
            rest = others;
            ImageViewMut { bytes, layout: layout.sample, element: PhantomData }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn samples_lie_where_the_pitch_says() {
        let sample = Layout::nhwc(Size::new(2, 2).unwrap(), 1, 2).unwrap();
        let mut data: [u16; 11] = core::array::from_fn(|i| i as u16);
        let layout = BatchLayout::new(sample, 14, 2).unwrap();
        let batch = BatchView::new(&data, layout).unwrap();
        assert_eq!(batch.get(1).unwrap().row(0, 1), Some(&[9, 10][..]));
        assert!(batch.get(2).is_none());
        assert!(BatchViewMut::new(&mut data[..10], layout).is_err());
        let odd = BatchLayout::new(sample, 13, 2).unwrap();
        assert!(matches!(BatchView::new(&data, odd), Err(Error::Misaligned { .. })));
        assert!(matches!(BatchLayout::new(sample, 7, 2), Err(Error::Overlap { what: "samples", .. })));
        assert!(matches!(BatchLayout::new(sample, usize::MAX / 2, 9), Err(Error::TooLarge { .. })));
        assert_eq!(BatchLayout::dense(sample, 0).unwrap().buffer_bytes(), 0);
    }

    #[test]
    fn nothing_is_taken_for_a_sample_but_the_samples() {
        let sample = Layout::nhwc(Size::new(2, 1).unwrap(), 1, 1).unwrap();
        let mut data: [u8; 8] = core::array::from_fn(|i| i as u8);
        // 8 bytes: two samples of 2 at 6 bytes, the last without what follows the first.
        let layout = BatchLayout::new(sample, 6, 2).unwrap();
        assert_eq!((layout.len(), layout.is_empty()), (2, false));
        assert!(BatchLayout::new(sample, 6, 0).unwrap().is_empty());
        let mut batch = BatchViewMut::new(&mut data, layout).unwrap();
        let mut rows = [[0; 2]; 2];
        assert_eq!(batch.iter_mut().len(), 2);
        for (row, image) in rows.iter_mut().zip(batch.iter_mut()) {
            row.copy_from_slice(image.as_view().row(0, 0).unwrap());
        }
        assert_eq!(rows, [[0, 1], [6, 7]]);
        // Room for a second sample does not make one.
        let layout = BatchLayout::new(sample, 6, 1).unwrap();
        assert!(BatchView::new(&data, layout).unwrap().get(1).is_none());
        assert!(BatchViewMut::new(&mut data, layout).unwrap().get_mut(1).is_none());
    }

    #[test]
    fn the_pitch_of_a_single_sample_is_not_looked_at() {
        let sample = Layout::nhwc(Size::new(2, 1).unwrap(), 1, 2).unwrap();
        let layout = BatchLayout::new(sample, 3, 1).unwrap();
        assert_eq!(BatchView::<u16>::new(&[7, 8], layout).unwrap().get(0).unwrap().row(0, 0), Some(&[7, 8][..]));
    }
}
