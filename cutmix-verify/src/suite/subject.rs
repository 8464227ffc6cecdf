//! The operations under test, as a trait: the core at some level, or a deliberately broken one that the suite must find.

use cutmix_core::ops::{self, Blend, Fill, Frame, NoiseRange};
use cutmix_core::plan::BatchPlan;
use cutmix_core::{ImageView, ImageViewMut, KeptRatio, Layout, Level, NoiseKey, PatchBox, Size, label};

use crate::guard::Rect;
use crate::reference::Dtype;

/// A rectangle to write, in a buffer whose address is a multiple of [`crate::guard::ALIGNMENTS`].
///
/// ```
/// use cutmix_core::Level;
/// use cutmix_verify::guard::{Guarded, Shape};
/// use cutmix_verify::suite::{Subject, Target};
///
/// let mut buffer = Guarded::new(Shape::line(3, 4));
/// let rect = buffer.rect();
/// Level::detect().fill(Target { bytes: buffer.bytes_mut(), rect }, Some(&[1, 2]))?; // Pixels of two bytes.
/// assert_eq!(buffer.bytes()[rect.row(0, 0)], [1, 2, 1, 2]);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Target<'a> {
    /// The whole buffer, red zones included.
    pub bytes: &'a mut [u8],
    /// Where the rows are.
    pub rect: Rect,
}

/// A rectangle to read.
///
/// ```
/// use cutmix_core::Level;
/// use cutmix_verify::guard::{Guarded, Shape};
/// use cutmix_verify::suite::{Source, Subject, Target};
///
/// let [mut to, mut from] = [Guarded::new(Shape::line(0, 4)), Guarded::new(Shape::line(5, 4))];
/// from.paint(0, 0);
/// let (rect, source) = (to.rect(), Source { bytes: from.bytes(), rect: from.rect() });
/// Level::detect().copy(Target { bytes: to.bytes_mut(), rect }, source)?;
/// assert_eq!(to.bytes()[rect.row(0, 0)], from.bytes()[from.rect().row(0, 0)]);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The whole buffer, red zones included.
    pub bytes: &'a [u8],
    /// Where the rows are.
    pub rect: Rect,
}

/// Which noise a rectangle gets: the rectangle is the part at `(x, y)` of an image of `whole` pixels of one element.
///
/// ```
/// use cutmix_core::Level;
/// use cutmix_verify::guard::{Guarded, Shape};
/// use cutmix_verify::reference::noise_integer;
/// use cutmix_verify::suite::{Dtype, Noise, Subject, Target};
///
/// // The second row of an image of four columns: it begins with element 4.
/// let noise = Noise { words: [1, 2], whole: (4, 3), x: 0, y: 1, range: [0.0, 1.0] };
/// let mut buffer = Guarded::new(Shape::line(0, 4));
/// let rect = buffer.rect();
/// Level::detect().noise(Dtype::U8, Target { bytes: buffer.bytes_mut(), rect }, noise)?;
/// assert_eq!(buffer.bytes()[rect.row(0, 0)], [4, 5, 6, 7].map(|index| noise_integer([1, 2], index, 1) as u8));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// The key.
    pub words: [u32; 2],
    /// Width and height of the whole image.
    pub whole: (u32, u32),
    /// Column of the rectangle's first element.
    pub x: u32,
    /// Its row.
    pub y: u32,
    /// The range of binary32 noise.
    pub range: [f32; 2],
}

/// What a call may answer: nothing, or why the core refused.
pub type Outcome = Result<(), String>;

/// The operations under test. Each runs the core's public API at [`Subject::level`]; a test that plants a defect
/// replaces one of them.
///
/// ```
/// use cutmix_core::Level;
/// use cutmix_verify::suite::Subject;
///
/// let (level, mut row) = (Level::detect(), [0.0; 2]);
/// level.mix_rows(&mut row, &[1.0, 0.0], &[0.0, 1.0], (3, 4))?;
/// assert_eq!(row, [0.75, 0.25]);
/// assert!(level.mix_rows(&mut row, &[1.0, 0.0], &[0.0, 1.0], (5, 4)).is_err()); // More than all are kept.
/// # Ok::<(), String>(())
/// ```
pub trait Subject {
    /// The level, which a failure names.
    fn level(&self) -> Level;

    /// Copies the rows of `from` over those of `to`.
    ///
    /// # Errors
    /// What the core says, as everywhere here; a check that expects none fails with it.
    fn copy(&self, to: Target<'_>, from: Source<'_>) -> Outcome {
        let margin = margin(&to.rect).min(margin(&from.rect));
        let (layout, patch) = image(&to.rect, 1, margin)?;
        let (from_layout, _) = image(&from.rect, 1, margin)?;
        let mut base = ImageViewMut::<u8>::new(to.bytes, layout).map_err(text)?;
        let donor = ImageView::<u8>::new(from.bytes, from_layout).map_err(text)?;
        ops::cutmix_in_place(self.level(), &mut base, &donor, patch).map(|_| ()).map_err(text)
    }

    /// Exchanges the rows of `a` and `b`.
    ///
    /// # Errors
    /// As [`Subject::copy`].
    fn exchange(&self, a: Target<'_>, b: Target<'_>) -> Outcome {
        let margin = margin(&a.rect).min(margin(&b.rect));
        let (layout_a, patch) = image(&a.rect, 1, margin)?;
        let (layout_b, _) = image(&b.rect, 1, margin)?;
        let mut first = ImageViewMut::<u8>::new(a.bytes, layout_a).map_err(text)?;
        let mut second = ImageViewMut::<u8>::new(b.bytes, layout_b).map_err(text)?;
        ops::cutmix_exchange(self.level(), &mut first, &mut second, patch).map(|_| ()).map_err(text)
    }

    /// Fills the rows with zeros, or with a constant of one pixel for each plane.
    ///
    /// # Errors
    /// As [`Subject::copy`].
    fn fill(&self, to: Target<'_>, constant: Option<&[u8]>) -> Outcome {
        let pixel = constant.map_or(1, |values| values.len() / to.rect.shape.planes);
        let (layout, patch) = image(&to.rect, pixel, margin(&to.rect) / pixel)?;
        let mut view = ImageViewMut::<u8>::new(to.bytes, layout).map_err(text)?;
        let fill = constant.map_or(Fill::Zero, Fill::Constant);
        let frame = Frame::whole(view.size());
        ops::cutout(self.level(), &mut view, patch, fill, NoiseKey::default(), frame).map(|_| ()).map_err(text)
    }

    /// Blends the rows of `b` into those of `a` with the weight `q` of `a`, on the grid of the type: one of [`Dtype::MIXED`],
    /// in native byte order.
    ///
    /// # Errors
    /// As [`Subject::copy`].
    fn blend(&self, element: Dtype, mut a: Target<'_>, b: Source<'_>, q: u32) -> Outcome {
        match element {
            Dtype::U8 => blend::<u8>(self.level(), &mut a, b, q),
            Dtype::U16 => blend::<u16>(self.level(), &mut a, b, q),
            Dtype::F32 => blend::<f32>(self.level(), &mut a, b, q),
            _ => Err(format!("no blend of {}", element.name())),
        }
    }

    /// Fills the rows with noise.
    ///
    /// # Errors
    /// As [`Subject::copy`].
    fn noise(&self, element: Dtype, mut to: Target<'_>, noise: Noise) -> Outcome {
        match element {
            Dtype::U8 => fill_noise::<u8>(self.level(), &mut to, noise),
            Dtype::U16 => fill_noise::<u16>(self.level(), &mut to, noise),
            Dtype::F32 => fill_noise::<f32>(self.level(), &mut to, noise),
            _ => Err(format!("no noise of {}", element.name())),
        }
    }

    /// Mixes two label rows with the weight `kept / total` of `a`.
    ///
    /// # Errors
    /// As [`Subject::copy`].
    fn mix_rows(&self, out: &mut [f32], a: &[f32], b: &[f32], (kept, total): (u64, u64)) -> Outcome {
        let ratio = KeptRatio::new(kept, total).map_err(text)?;
        label::mix_rows(self.level(), out, a, b, ratio).map_err(text)
    }

    /// Mixes the label rows of a batch.
    ///
    /// # Errors
    /// As [`Subject::copy`].
    fn mix_batch_rows(&self, out: &mut [f32], rows: &[f32], classes: usize, plan: &BatchPlan<'_>) -> Outcome {
        label::mix_batch_rows(self.level(), out, rows, classes, plan).map_err(text)
    }
}

/// The core itself.
impl Subject for Level {
    fn level(&self) -> Level {
        *self
    }
}

fn text(error: cutmix_core::Error) -> String {
    format!("the core refuses: {error}")
}

/// How many bytes beside the rows an image may have that holds the rectangle as an inner box: up to three, where the
/// pitches leave room.
fn margin(rect: &Rect) -> usize {
    let shape = &rect.shape;
    let plane_bytes = shape.rows.saturating_sub(1) * shape.row_pitch.unsigned_abs() + shape.row_bytes;
    let between_rows =
        if shape.rows > 1 { shape.row_pitch.unsigned_abs().saturating_sub(shape.row_bytes) } else { usize::MAX };
    let between_planes =
        if shape.planes > 1 { shape.plane_pitch.unsigned_abs().saturating_sub(plane_bytes) } else { usize::MAX };
    3.min(between_rows / 2).min(between_planes / 2)
}

/// The image that has the rectangle as a box, `margin` pixels from its left and right edges. A rectangle without bytes
/// is the empty box of an image of one pixel.
fn image(rect: &Rect, pixel_bytes: usize, margin: usize) -> Result<(Layout, PatchBox), String> {
    let shape = &rect.shape;
    let number = |n: usize| u32::try_from(n).map_err(|_| format!("{n} is too large for an image"));
    let (pixel, planes) = (number(pixel_bytes)?, number(shape.planes)?);
    if shape.rows == 0 || shape.row_bytes == 0 {
        let size = Size::new(1, 1).map_err(text)?;
        return Ok((Layout::new(size, 1, pixel, 0, 0, rect.start).map_err(text)?, PatchBox::EMPTY));
    }
    let (width, rows, margin) = (number(shape.row_bytes / pixel_bytes)?, number(shape.rows)?, number(margin)?);
    let size = Size::new(width + 2 * margin, rows).map_err(text)?;
    let origin = rect.start - margin as usize * pixel_bytes;
    let layout = Layout::new(size, planes, pixel, shape.row_pitch, shape.plane_pitch, origin).map_err(text)?;
    Ok((layout, PatchBox::new(margin, 0, margin + width, rows).map_err(text)?))
}

fn blend<T: Blend>(level: Level, a: &mut Target<'_>, b: Source<'_>, q: u32) -> Outcome {
    let (layout_a, _) = image(&a.rect, size_of::<T>(), 0)?;
    let (layout_b, _) = image(&b.rect, size_of::<T>(), 0)?;
    let weight = KeptRatio::new(q.into(), T::GRID.denominator().into()).map_err(text)?;
    let mut base = ImageViewMut::<T>::new(elements_mut(a.bytes)?, layout_a).map_err(text)?;
    let donor = ImageView::<T>::new(elements(b.bytes)?, layout_b).map_err(text)?;
    ops::mixup_in_place(level, &mut base, &donor, weight).map_err(text)
}

fn fill_noise<T: Blend>(level: Level, to: &mut Target<'_>, noise: Noise) -> Outcome {
    // An inner box where there is room on the left of the frame too.
    let margin = (margin(&to.rect) / size_of::<T>()).min(noise.x as usize);
    let (layout, patch) = image(&to.rect, size_of::<T>(), margin)?;
    let mut view = ImageViewMut::<T>::new(elements_mut(to.bytes)?, layout).map_err(text)?;
    let whole = Size::new(noise.whole.0, noise.whole.1).map_err(text)?;
    let frame = Frame { whole, x: noise.x - margin as u32, y: noise.y };
    let fill = Fill::Noise(NoiseRange { lo: noise.range[0], hi: noise.range[1] });
    ops::cutout(level, &mut view, patch, fill, NoiseKey { words: noise.words }, frame).map(|_| ()).map_err(text)
}

fn elements<T: Blend>(bytes: &[u8]) -> Result<&[T], String> {
    bytemuck::try_cast_slice(bytes).map_err(|error| format!("the buffer as elements: {error}"))
}

fn elements_mut<T: Blend>(bytes: &mut [u8]) -> Result<&mut [T], String> {
    bytemuck::try_cast_slice_mut(bytes).map_err(|error| format!("the buffer as elements: {error}"))
}
