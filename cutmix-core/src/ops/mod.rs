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
mod mixup;
mod row;

pub use cutmix::{cutmix_exchange, cutmix_in_place, cutmix_into};
pub use cutout::{Fill, Frame, NoiseRange, cutout};
pub use mixup::{Blend, mixup_in_place, mixup_into};
pub use row::{cutmix_row, cutout_row, mixup_row};

pub(crate) use cutout::cutout_copied;

use crate::error::Error;
use crate::view::Layout;

/// That two images have the same size, planes and pixels; their pitches may differ. Inlined: it is paid for every patch.
#[inline]
fn expect_same_shape(what: &'static str, given: &Layout, expected: &Layout) -> Result<(), Error> {
    let same = given.size() == expected.size()
        && given.planes() == expected.planes()
        && given.pixel_bytes() == expected.pixel_bytes();
    if same { Ok(()) } else { Err(different_shape(what, given, expected)) }
}

#[cold]
fn different_shape(what: &'static str, given: &Layout, expected: &Layout) -> Error {
    if given.size() != expected.size() {
        Error::SizeMismatch { what, given: given.size(), expected: expected.size() }
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
    use crate::geometry::Size;

    #[test]
    fn a_mismatch_names_what_differs() {
        let layout = |width, channels, bytes| Layout::nchw(Size::new(width, 3).unwrap(), channels, bytes).unwrap();
        let base = layout(5, 3, 2);
        let refused = |given: Layout| expect_same_shape("the donor", &given, &base).unwrap_err();
        let sizes = Error::SizeMismatch { what: "the donor", given: Size::new(6, 3).unwrap(), expected: base.size() };
        // Wrong in everything: the size is named first.
        assert_eq!(refused(layout(6, 4, 1)), sizes);
        assert_eq!(refused(layout(5, 4, 1)), Error::CountMismatch { what: "planes", given: 4, expected: 3 });
        assert_eq!(refused(layout(5, 3, 1)), Error::CountMismatch { what: "bytes of a pixel", given: 1, expected: 2 });
        assert_eq!(expect_same_shape("the donor", &layout(5, 3, 2), &base), Ok(()));
    }
}
