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
