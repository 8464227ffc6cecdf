//! The operations on frames: one box or one weight for all planes.

use bytemuck::Pod;

use super::{Format, FrameView, FrameViewMut};
use crate::error::Error;
use crate::geometry::{KeptRatio, PatchBox, Size};
use crate::kernels::Level;
use crate::ops::{self, Blend, Fill, cutout_copied, expect_same_shape};
use crate::view::Layout;

/// Pastes `patch` of `donor` into `base`, in every plane. The box is in pixels and has to be on the grid of the base's
/// format. Samples are copied bit for bit; padding and everything outside the box are not touched.
///
/// Returns lambda', the exact weight of the base's label: the share of pixels (luma samples) that were kept. Costs one
/// read and one write of the box in each plane.
///
/// # Errors
/// [`Error::BoxOutside`] or [`Error::OffGrid`] if the box is not within the frame and on its grid (see
/// [`SamplePlan::snap`](crate::SamplePlan::snap)); [`Error::SizeMismatch`] or [`Error::CountMismatch`] if the frames
/// differ in size or samples. Nothing is written then.
///
/// ```
/// use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
/// use cutmix_core::{Error, Level, PatchBox, Size};
///
/// let size = Size::new(3, 3)?; // 2 x 2 samples of chroma
/// let (mut y, mut cb, mut cr) = ([0_u8; 9], [0_u8; 4], [0_u8; 4]);
/// let donor = FrameView::of_planes(Format::I420, size, [(&[7; 9][..], 3), (&[8; 4][..], 2), (&[9; 4][..], 2)])?;
/// let planes = [(&mut y[..], 3), (&mut cb[..], 2), (&mut cr[..], 2)];
/// let mut base = FrameViewMut::of_planes(Format::I420, size, planes)?;
///
/// let drawn = PatchBox::new(1, 0, 3, 1)?;
/// let refused = frame::cutmix_in_place(Level::detect(), &mut base, &donor, drawn);
/// assert!(matches!(refused, Err(Error::OffGrid { .. })));
///
/// // Ties go towards the origin: this row of pixels alone has no chroma of its own.
/// assert_eq!(drawn.snap(Format::I420.grid(), size)?, PatchBox::EMPTY);
/// let patch = PatchBox::new(1, 2, 3, 3)?.snap(Format::I420.grid(), size)?;
/// let kept = frame::cutmix_in_place(Level::detect(), &mut base, &donor, patch)?;
/// assert_eq!((y, cb, cr), ([0, 0, 0, 0, 0, 0, 7, 7, 7], [0, 0, 8, 8], [0, 0, 9, 9]));
/// assert_eq!((kept.kept(), kept.total()), (6, 9));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutmix_in_place<T: Pod, const N: usize>(
    level: Level,
    base: &mut FrameViewMut<'_, T, N>,
    donor: &FrameView<'_, T, N>,
    patch: PatchBox,
) -> Result<KeptRatio, Error> {
    expect_same_frame("the donor", donor, base.size(), base.layouts())?;
    let (ratio, cells) = boxed(base.format(), base.size(), patch)?;
    for ((base, donor), patch) in base.planes_mut().iter_mut().zip(donor.planes()).zip(cells) {
        ops::cutmix_in_place(level, base, donor, patch)?;
    }
    Ok(ratio)
}

/// As [`cutmix_in_place`], into a third frame: the base's samples outside the box, the donor's inside. Costs one write of
/// the frame.
///
/// # Errors
/// As [`cutmix_in_place`], also for the output.
///
/// ```
/// use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
/// use cutmix_core::{Level, PatchBox, Size};
///
/// let size = Size::new(4, 1)?;
/// let base = FrameView::of_planes(Format::YUYV, size, [(&[1_u8; 8][..], 8)])?;
/// let donor = FrameView::of_planes(Format::YUYV, size, [(&[2_u8; 8][..], 8)])?;
/// let mut bytes = [0_u8; 8];
/// let mut out = FrameViewMut::of_planes(Format::YUYV, size, [(&mut bytes[..], 8)])?;
/// let kept = frame::cutmix_into(Level::detect(), &mut out, &base, &donor, PatchBox::new(2, 0, 4, 1)?)?;
/// assert_eq!((bytes, kept.weights()), ([1, 1, 1, 1, 2, 2, 2, 2], (0.5, 0.5)));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutmix_into<T: Pod, const N: usize>(
    level: Level,
    out: &mut FrameViewMut<'_, T, N>,
    base: &FrameView<'_, T, N>,
    donor: &FrameView<'_, T, N>,
    patch: PatchBox,
) -> Result<KeptRatio, Error> {
    expect_same_frame("the base", base, out.size(), out.layouts())?;
    expect_same_frame("the donor", donor, out.size(), out.layouts())?;
    let (ratio, cells) = boxed(out.format(), out.size(), patch)?;
    let planes = base.planes().iter().zip(donor.planes()).zip(cells);
    for (out, ((base, donor), patch)) in out.planes_mut().iter_mut().zip(planes) {
        ops::cutmix_into(level, out, base, donor, patch)?;
    }
    Ok(ratio)
}

/// Fills `patch` with one colour: a value for every element of a sample, plane by plane, such as `[16, 128, 128]` for
/// black in 8-bit 4:2:0 of limited range (where zeros are green). Labels stay; the kept ratio is returned for whoever
/// wants it. Costs one write of the box.
///
/// Noise is a matter of single planes: [`FrameViewMut::planes_mut`] and [`ops::cutout`] with `patch.subsample(cell)`.
///
/// # Errors
/// As [`cutmix_in_place`], and [`Error::CountMismatch`] if `colour` has another number of values. Nothing is written
/// then.
///
/// ```
/// use cutmix_core::frame::{self, Format, FrameViewMut};
/// use cutmix_core::{Level, PatchBox, Size};
///
/// let size = Size::new(4, 2)?;
/// let (mut y, mut uv) = ([90_u8; 8], [200_u8; 4]);
/// let mut image = FrameViewMut::of_planes(Format::NV12, size, [(&mut y[..], 4), (&mut uv[..], 4)])?;
/// frame::cutout(Level::detect(), &mut image, PatchBox::new(2, 0, 4, 2)?, &[16, 128, 128])?;
/// assert_eq!((y, uv), ([90, 90, 16, 16, 90, 90, 16, 16], [200, 200, 128, 128]));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn cutout<T: Pod, const N: usize>(
    level: Level,
    image: &mut FrameViewMut<'_, T, N>,
    patch: PatchBox,
    colour: &[T],
) -> Result<KeptRatio, Error> {
    let (ratio, cells) = boxed(image.format(), image.size(), patch)?;
    let elements = *image.format().elements();
    let expected = elements.iter().map(|&count| u64::from(count)).sum();
    if colour.len() as u64 != expected {
        return Err(Error::CountMismatch { what: "fill values", given: colour.len() as u64, expected });
    }
    let mut rest = colour;
    for ((plane, patch), count) in image.planes_mut().iter_mut().zip(cells).zip(elements) {
        // Their sum has been checked.
        let Some((values, others)) = rest.split_at_checked(count as usize) else { break };
        cutout_copied(level, plane, patch, Fill::Constant(values), 0)?;
        rest = others;
    }
    Ok(ratio)
}

/// Blends `donor` into `base` with one weight in every plane; see [`ops::mixup_in_place`].
///
/// # Errors
/// [`Error::CopyOnly`] if the base's format does not blend: packed pixels have no mean; otherwise as
/// [`ops::mixup_in_place`]. Nothing is written then.
///
/// Costs two reads and a write of every plane; nothing at a weight of 1.
///
/// ```
/// use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
/// use cutmix_core::{Error, Level, Size, WeightGrid};
///
/// let (size, weight) = (Size::new(2, 1)?, WeightGrid::Q15.weight(0.25)?);
/// let mut pixels = [0xf800_u16, 0x07e0]; // red, green
/// let donor = FrameView::of_planes(Format::RGB565, size, [(&[0x001f, 0x001f][..], 4)])?;
/// let mut base = FrameViewMut::of_planes(Format::RGB565, size, [(&mut pixels[..], 4)])?;
/// let refused = frame::mixup_in_place(Level::detect(), &mut base, &donor, weight);
/// assert_eq!(refused, Err(Error::CopyOnly { sample: 0 }));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mixup_in_place<T: Blend, const N: usize>(
    level: Level,
    base: &mut FrameViewMut<'_, T, N>,
    donor: &FrameView<'_, T, N>,
    weight: KeptRatio,
) -> Result<(), Error> {
    if !base.format().blends() {
        return Err(Error::CopyOnly { sample: 0 });
    }
    expect_same_frame("the donor", donor, base.size(), base.layouts())?;
    for (base, donor) in base.planes_mut().iter_mut().zip(donor.planes()) {
        // A weight off the grid is refused at the first plane.
        ops::mixup_in_place(level, base, donor, weight)?;
    }
    Ok(())
}

/// The kept ratio of a box that is on the grid, and the box in every plane.
fn boxed<const N: usize>(format: &Format<N>, size: Size, patch: PatchBox) -> Result<(KeptRatio, [PatchBox; N]), Error> {
    let ratio = KeptRatio::of(patch.checked_on(format.grid(), size)?, size)?;
    Ok((ratio, format.cells().map(|cell| patch.subsample(cell))))
}

/// That two frames have the same pixels and samples; the first format counts, the other may have another grid.
fn expect_same_frame<T: Pod, const N: usize>(
    what: &'static str,
    given: &FrameView<'_, T, N>,
    size: Size,
    layouts: [&Layout; N],
) -> Result<(), Error> {
    if given.size() != size {
        return Err(Error::SizeMismatch { what, given: given.size().into(), expected: size.into() });
    }
    for (given, expected) in given.planes().iter().zip(layouts) {
        expect_same_shape(what, given.layout(), expected)?;
    }
    Ok(())
}
