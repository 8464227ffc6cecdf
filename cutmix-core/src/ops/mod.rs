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

/// That two images have the same size, planes and pixels; their pitches may differ.
fn expect_same_shape(what: &'static str, given: &Layout, expected: &Layout) -> Result<(), Error> {
    if given.size() != expected.size() {
        return Err(Error::SizeMismatch { what, given: given.size(), expected: expected.size() });
    }
    let counts = [
        ("planes", given.planes(), expected.planes()),
        ("bytes of a pixel", given.pixel_bytes(), expected.pixel_bytes()),
    ];
    for (what, given, expected) in counts {
        if given != expected {
            return Err(Error::CountMismatch { what, given: given.into(), expected: expected.into() });
        }
    }
    Ok(())
}
