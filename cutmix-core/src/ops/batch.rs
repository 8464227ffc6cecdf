//! A plan applied to a whole batch: output `i` from inputs `i` and `partner(i)`, in place or into another buffer.

pub use super::in_place::{mix_images_in_place, mix_in_place, mix_in_place_with, paste_in_place, paste_in_place_with};

use bytemuck::Pod;

use super::{Blend, Fill, Frame, cutmix_into, cutout, cutout_copied, expect_same_shape, mixup_into};
use crate::error::Error;
use crate::geometry::PatchBox;
use crate::kernels::Level;
use crate::plan::{BatchPlan, Method, SamplePlan};
use crate::view::{BatchLayout, BatchView, BatchViewMut, ImageView, ImageViewMut};

/// Writes every sample of `out` from the samples of `input`, as `plan` says. `fill` is what Cutouts fill with.
///
/// Samples that are not applied, have nothing to replace, or are their own partner are copied as they are. Costs one
/// write of the output, and a second one of what Mixup blends and Cutout fills.
///
/// # Errors
/// [`Error::CountMismatch`] or [`Error::SizeMismatch`] if plan, input and output do not belong together;
/// [`Error::WeightGrid`] if the plan's Mixup weights are not on the grid of `T`; the errors of the operations. Samples
/// before the one that fails are written.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
/// use cutmix_core::{ops, BatchKey, Layout, Level, PlanConfig, Size};
///
/// let size = Size::new(8, 8)?;
/// let layout = BatchLayout::dense(Layout::nchw(size, 3, 4)?, 4)?;
/// let input = [0.5_f32; 4 * 3 * 64];
/// let mut output = [0.0_f32; 4 * 3 * 64];
/// let config = BatchConfig { plan: PlanConfig::cutmix(size), scope: Scope::Sample, pairing: Pairing::Roll };
/// let mut memory = [PlanSlot::EMPTY; 4];
/// let plan = BatchPlan::draw(BatchKey::default(), &config, Samples::Range { first: 0, len: 4 }, &mut memory)?;
/// let (mut out, input) = (BatchViewMut::new(&mut output, layout)?, BatchView::new(&input, layout)?);
/// ops::batch::mix_into(Level::detect(), &mut out, &input, &plan, ops::Fill::Zero)?;
/// assert_eq!(output, [0.5; 4 * 3 * 64]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_into<T: Blend>(
    level: Level,
    out: &mut BatchViewMut<'_, T>,
    input: &BatchView<'_, T>,
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
) -> Result<(), Error> {
    each(level, out, input, plan, |out, base, donor, sample, _| match sample.method {
        Method::CutMix => cutmix_into(level, out, base, donor, sample.patch).map(|_| ()),
        Method::Mixup => mixup_into(level, out, base, donor, sample.kept),
        Method::Cutout => {
            cutmix_into(level, out, base, base, PatchBox::EMPTY)?;
            cutout(level, out, sample.patch, fill, sample.noise, Frame::whole(base.size())).map(|_| ())
        }
    })
}

/// As [`mix_into`] for elements that can only be copied (half floats, packed pixels, class-index masks): `CutMix` and
/// constant Cutouts. A mask that travels with an image takes the same plan.
///
/// # Errors
/// As [`mix_into`], and [`Error::CopyOnly`] if the plan asks for Mixup or noise.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
/// use cutmix_core::{ops, BatchKey, Layout, Level, PlanConfig, Size};
///
/// // Class-index masks of two images, cut by the plan of the images.
/// let size = Size::new(8, 8)?;
/// let layout = BatchLayout::dense(Layout::nhwc(size, 1, 1)?, 2)?;
/// let masks: Vec<u8> = [3; 64].into_iter().chain([5; 64]).collect();
/// let mut out = vec![0_u8; 128];
/// let config = BatchConfig { plan: PlanConfig::cutmix(size), scope: Scope::Sample, pairing: Pairing::Flip };
/// let mut memory = [PlanSlot::EMPTY; 2];
/// let plan = BatchPlan::draw(BatchKey::default(), &config, Samples::Range { first: 0, len: 2 }, &mut memory)?;
/// let (mut to, from) = (BatchViewMut::new(&mut out, layout)?, BatchView::new(&masks, layout)?);
/// ops::batch::paste_into(Level::detect(), &mut to, &from, &plan, ops::Fill::Zero)?;
/// let pasted = out[..64].iter().filter(|&&class| class == 5).count() as u64;
/// assert_eq!(pasted, plan.get(0).unwrap().patch.area());
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn paste_into<T: Pod>(
    level: Level,
    out: &mut BatchViewMut<'_, T>,
    input: &BatchView<'_, T>,
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
) -> Result<(), Error> {
    each(level, out, input, plan, |out, base, donor, sample, index| match sample.method {
        Method::CutMix => cutmix_into(level, out, base, donor, sample.patch).map(|_| ()),
        Method::Mixup => Err(Error::CopyOnly { sample: index }),
        Method::Cutout => {
            cutmix_into(level, out, base, base, PatchBox::EMPTY)?;
            cutout_copied(level, out, sample.patch, fill, index).map(|_| ())
        }
    })
}

/// Checks that the batches fit the plan, then visits every sample; those that stay are copied.
fn each<T: Pod>(
    level: Level,
    out: &mut BatchViewMut<'_, T>,
    input: &BatchView<'_, T>,
    plan: &BatchPlan<'_>,
    mut mix: impl FnMut(
        &mut ImageViewMut<'_, T>,
        &ImageView<'_, T>,
        &ImageView<'_, T>,
        &SamplePlan,
        u64,
    ) -> Result<(), Error>,
) -> Result<(), Error> {
    expect_batch("samples of the input", input.layout(), plan)?;
    expect_batch("samples of the output", out.layout(), plan)?;
    expect_same_shape("the output", out.layout().sample(), input.layout().sample())?;
    for (i, sample) in plan.iter().enumerate() {
        let partner = usize::try_from(sample.partner).ok().and_then(|partner| input.get(partner));
        // All three exist: the plan's length and partners were checked.
        if let (Some(mut to), Some(base), Some(donor)) = (out.get_mut(i), input.get(i), partner) {
            if sample.leaves_base(i as u64) {
                cutmix_into(level, &mut to, &base, &base, PatchBox::EMPTY)?;
            } else {
                mix(&mut to, &base, &donor, sample, i as u64)?;
            }
        }
    }
    Ok(())
}

pub(super) fn expect_batch(what: &'static str, layout: &BatchLayout, plan: &BatchPlan<'_>) -> Result<(), Error> {
    if layout.len() != plan.len() {
        return Err(Error::CountMismatch { what, given: layout.len() as u64, expected: plan.len() as u64 });
    }
    let given = layout.sample().size();
    if given == plan.size() {
        Ok(())
    } else {
        Err(Error::SizeMismatch { what, given: given.into(), expected: plan.size().into() })
    }
}
