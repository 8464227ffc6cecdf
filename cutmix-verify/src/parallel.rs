//! A batch in place on several threads: an example of what a caller of the core can do with its plans.
//!
//! Every pixel is independent of every other place in the image, so bands of rows are independent parts: each takes the
//! same pixels of all samples, and its own part of the plan. Imports `cutmix-core` and rayon.

use cutmix_core::ops::{self, Blend, Fill, Frame};
use cutmix_core::plan::{PlanSlot, SamplePlan};
use cutmix_core::view::BatchViewMut;
use cutmix_core::{BatchPlan, Error, ImageViewMut, Level, PatchBox};
use rayon::prelude::*;

/// Scratch of each task; more gains nothing.
const SCRATCH: usize = 16 * 1024;

/// The same pixels of all samples.
struct Band<'a, T> {
    images: Vec<ImageViewMut<'a, T>>,
    /// First plane of the images in the whole sample.
    plane: u32,
    /// First row of the images in the whole sample.
    y: u32,
}

/// As [`ops::batch::mix_in_place`], with the rows cut into `bands` parts (of each plane, where planes follow each
/// other) that rayon's current pool works on. The result is the same, byte for byte.
///
/// Allocates the parts' views and plans. Worth its cost for batches of megabytes.
pub fn mix_in_place<T: Blend + Send + Sync>(
    level: Level,
    batch: &mut BatchViewMut<'_, T>,
    plan: &BatchPlan<'_>,
    fill: Fill<'_, T>,
    bands: u32,
) -> Result<(), Error> {
    let layout = *batch.layout().sample();
    if batch.layout().len() != plan.len() {
        let (given, expected) = (batch.layout().len() as u64, plan.len() as u64);
        return Err(Error::CountMismatch { what: "samples of the batch", given, expected });
    }
    if layout.size() != plan.size() {
        return Err(Error::SizeMismatch {
            what: "the batch",
            given: layout.size().into(),
            expected: plan.size().into(),
        });
    }
    let elements = layout.pixel_bytes() / size_of::<T>() as u32;
    if let Fill::Constant(values) = fill {
        let expected = u64::from(layout.planes()) * u64::from(elements);
        if values.len() as u64 != expected {
            return Err(Error::CountMismatch { what: "fill values", given: values.len() as u64, expected });
        }
    }
    // One part: its own plan, its own constants, its own place in the whole for noise.
    let mix = |mut band: Band<'_, T>| {
        let Some(first) = band.images.first() else { return Ok(()) };
        let (whole, size) = (plan.size(), first.size());
        let fill = match fill {
            Fill::Constant(values) => {
                let values = &values[(band.plane * elements) as usize..];
                Fill::Constant(&values[..(first.layout().planes() * elements) as usize])
            }
            other => other,
        };
        let window = PatchBox::new(0, band.y, size.width(), band.y + size.height())?;
        let part = |sample: &SamplePlan| sample.window(whole, window).map(PlanSlot::new);
        let mut slots = plan.iter().map(part).collect::<Result<Vec<_>, _>>()?;
        let plan = BatchPlan::from_slots(size, &mut slots)?;
        // Noise counts rows from the top of the first plane.
        let frame = Frame { whole, x: 0, y: band.plane * whole.height() + band.y };
        ops::batch::mix_images_in_place(level, &mut band.images, &plan, fill, frame, &mut [0; SCRATCH])
    };
    // The weights are those of the whole in every part, so a part that fails is not alone and none is written.
    split(batch, bands).into_par_iter().map(mix).collect()
}

/// Cuts all samples alike, into at most `bands` bands of rows: of all planes together where their rows are
/// neighbours, of each plane where they are not; not at all where neither is possible.
fn split<'a, T: Blend>(batch: &'a mut BatchViewMut<'_, T>, bands: u32) -> Vec<Band<'a, T>> {
    let mut parts: Vec<Band<'a, T>> = Vec::new();
    for image in batch.iter_mut() {
        for (k, (plane, y, part)) in split_image(image, bands).into_iter().enumerate() {
            match parts.get_mut(k) {
                Some(band) => band.images.push(part),
                None => parts.push(Band { images: vec![part], plane, y }),
            }
        }
    }
    parts
}

/// The parts of an image with their first plane and row.
fn split_image<T: Blend>(image: ImageViewMut<'_, T>, bands: u32) -> Vec<(u32, u32, ImageViewMut<'_, T>)> {
    let (height, planes) = (image.size().height(), image.layout().planes());
    let step = height.div_ceil(bands.max(1));
    let rows_counted = planes.checked_mul(height).is_some();
    let (mut done, mut rest) = (Vec::new(), vec![(0, 0, image)]);
    while let Some((plane, y, image)) = rest.pop() {
        let split = if image.size().height() > step { image.split_rows(step) } else { Err(image) };
        match split {
            Ok((band, others)) => {
                done.push((plane, y, band));
                rest.push((plane, y + step, others));
            }
            // The last band, or planes that lie between its rows: those are split one by one.
            Err(image) => {
                let planes = y == 0 && rows_counted && image.layout().planes() > 1;
                match if planes { image.split_planes(1) } else { Err(image) } {
                    Ok((first, others)) => rest.extend([(plane + 1, 0, others), (plane, 0, first)]),
                    Err(image) => done.push((plane, y, image)),
                }
            }
        }
    }
    done
}
