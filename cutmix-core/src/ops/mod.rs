//! The operations on pixels: one pair, one image, one row, or a whole batch by plan.
//!
//! Every function takes the [`Level`](crate::Level) of the kernels it uses; pass `Level::detect()`. All levels give the
//! same bytes. Imports `kernels`, `view` and `plan`.

pub mod batch;
mod cutmix;
mod cutout;
mod in_place;
#[cfg(test)]
mod in_place_counts;
mod lines;
mod mixup;
mod row;

pub use cutmix::{cutmix_exchange, cutmix_in_place, cutmix_into};
pub use cutout::{Fill, Frame, NoiseRange, cutout};
pub use lines::LineMixer;
pub use mixup::{Blend, mixup_in_place, mixup_into};
pub use row::{cutmix_row, cutout_row, mixup_row};

pub(crate) use cutout::cutout_copied;

use crate::error::Error;
use crate::view::Layout;

/// That two images have the same size, planes and pixels; their pitches may differ. Inlined: it is paid for every patch.
#[inline]
pub(crate) fn expect_same_shape(what: &'static str, given: &Layout, expected: &Layout) -> Result<(), Error> {
    let same = given.size() == expected.size()
        && given.planes() == expected.planes()
        && given.pixel_bytes() == expected.pixel_bytes();
    if same { Ok(()) } else { Err(different_shape(what, given, expected)) }
}

#[cold]
fn different_shape(what: &'static str, given: &Layout, expected: &Layout) -> Error {
    if given.size() != expected.size() {
        Error::SizeMismatch { what, given: given.size().into(), expected: expected.size().into() }
    } else if given.planes() != expected.planes() {
        let (given, expected) = (given.planes().into(), expected.planes().into());
        Error::CountMismatch { what: "planes", given, expected }
    } else {
        let (given, expected) = (given.pixel_bytes().into(), expected.pixel_bytes().into());
        Error::CountMismatch { what: "bytes of a pixel", given, expected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::NoiseKey;
    use crate::geometry::{KeptRatio, PatchBox, Size};
    use crate::kernels::Level;
    use crate::plan::{BatchPlan, Method, PlanSlot, SamplePlan};
    use crate::view::{BatchLayout, BatchView, BatchViewMut, ImageViewMut};

    #[test]
    fn a_mismatch_names_what_differs() {
        let layout = |width, channels, bytes| Layout::nchw(Size::new(width, 3).unwrap(), channels, bytes).unwrap();
        let base = layout(5, 3, 2);
        let refused = |given: Layout| expect_same_shape("the donor", &given, &base).unwrap_err();
        let sizes = Error::SizeMismatch { what: "the donor", given: [6, 3], expected: [5, 3] };
        // Wrong in everything: the size is named first.
        assert_eq!(refused(layout(6, 4, 1)), sizes);
        assert_eq!(refused(layout(5, 4, 1)), Error::CountMismatch { what: "planes", given: 4, expected: 3 });
        assert_eq!(refused(layout(5, 3, 1)), Error::CountMismatch { what: "bytes of a pixel", given: 1, expected: 2 });
        assert_eq!(expect_same_shape("the donor", &layout(5, 3, 2), &base), Ok(()));
    }

    /// A plan of two samples that fill the same quarter of a 4 x 4 image.
    fn two<R>(method: Method, f: impl FnOnce(&BatchPlan<'_>) -> R) -> R {
        let (size, patch) = (Size::new(4, 4).unwrap(), PatchBox::new(0, 0, 2, 2).unwrap());
        let kept = KeptRatio::of(patch, size).unwrap();
        let sample = SamplePlan { method, applied: true, patch, kept, ..SamplePlan::NOTHING };
        let mut slots = [1, 0].map(|partner| PlanSlot::new(SamplePlan { partner, ..sample }));
        f(&BatchPlan::from_slots(size, &mut slots).unwrap())
    }

    #[test]
    fn batches_must_be_those_of_the_plan() {
        let batch =
            |width, len| BatchLayout::dense(Layout::nhwc(Size::new(width, 4).unwrap(), 1, 1).unwrap(), len).unwrap();
        let (input, fill) = ([7_u8; 64], Fill::Zero);
        two(Method::CutMix, |plan| {
            for (given, wrong) in [(batch(4, 3), "samples of the"), (batch(3, 2), "samples of the")] {
                let check = |error: Error| match error {
                    Error::CountMismatch { what, given: 3, expected: 2 }
                    | Error::SizeMismatch { what, given: [3, _], .. } => assert!(what.starts_with(wrong)),
                    other => panic!("{other}"),
                };
                let mut output = [0_u8; 64];
                let (good, bad) = (BatchView::new(&input, batch(4, 2)), BatchView::new(&input, given));
                let mut out = BatchViewMut::new(&mut output, given).unwrap();
                check(batch::mix_into(Level::PORTABLE, &mut out, &good.unwrap(), plan, fill).unwrap_err());
                check(batch::paste_into(Level::PORTABLE, &mut out, &bad.unwrap(), plan, fill).unwrap_err());
                check(batch::mix_in_place(Level::PORTABLE, &mut out, plan, fill).unwrap_err());
                check(batch::paste_in_place(Level::PORTABLE, &mut out, plan, fill).unwrap_err());
                assert_eq!(output, [0; 64], "nothing was written");
            }
        });
    }

    #[test]
    fn the_values_of_a_fill_count_only_where_something_is_filled() {
        let layout = BatchLayout::dense(Layout::nhwc(Size::new(4, 4).unwrap(), 1, 1).unwrap(), 2).unwrap();
        let (mut pixels, two_values) = ([7_u8; 32], Fill::Constant(&[1, 2]));
        let mut batch = BatchViewMut::new(&mut pixels, layout).unwrap();
        let result = two(Method::CutMix, |plan| batch::mix_in_place(Level::PORTABLE, &mut batch, plan, two_values));
        assert_eq!(result, Ok(()));
        let result = two(Method::Cutout, |plan| batch::mix_in_place(Level::PORTABLE, &mut batch, plan, two_values));
        assert!(matches!(result, Err(Error::CountMismatch { given: 2, expected: 1, .. })), "{result:?}");
        assert_eq!(pixels, [7; 32], "nothing was written");
    }

    #[test]
    fn noise_row_by_row_is_that_of_the_image() {
        let (size, patch) = (Size::new(5, 3).unwrap(), PatchBox::new(1, 1, 4, 3).unwrap());
        let (fill, key) = (Fill::Noise(NoiseRange::default()), NoiseKey { words: [3, 4] });
        let mut whole = [0_u8; 2 * 15];
        let mut image = ImageViewMut::nchw(&mut whole, size, 2).unwrap();
        cutout(Level::PORTABLE, &mut image, patch, fill, key, Frame::whole(size)).unwrap();
        let mut rows = [0_u8; 2 * 15];
        for (i, row) in rows.chunks_exact_mut(5).enumerate() {
            let (plane, y) = (i as u32 / 3, i as u32 % 3);
            cutout_row(Level::PORTABLE, row, 1, patch, (plane, y, 3), fill, key).unwrap();
        }
        assert_eq!(rows, whole);
        assert_ne!(whole[..15], whole[15..], "each plane has noise of its own");
    }
}
