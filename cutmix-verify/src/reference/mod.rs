//! CutMix, Mixup and Cutout as an article would state them: one pixel at a time, no speed, no cleverness.
//!
//! Everything else is compared with this, so it imports nothing of `cutmix-core` and shares no code with it.
//! Images are plain vectors indexed `(plane, y, x)` by [`Image`]; how bytes lie in memory is not its business. [`Stream`] is
//! the contract of drawn values, written from its page, and [`Configuration`] what a key draws by it. Everything may import it.
//!
//! ```
//! use cutmix_verify::reference::{Patch, Image, cutmix, kept_pixels, mix_row, one_hot};
//!
//! let base = Image::from_fn(1, (4, 3), 1, |_, _, _, _| 0);
//! let donor = Image::from_fn(1, (4, 3), 1, |_, _, _, _| 9);
//! let patch = Patch { x0: 1, y0: 0, x1: 4, y1: 1 };
//! assert_eq!(cutmix(&base, &donor, patch).data, [0, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0]);
//! // A quarter of the pixels is the donor's, and so is a quarter of the label.
//! let kept = kept_pixels(patch, (4, 3));
//! assert_eq!(mix_row(&one_hot(0, 2), &one_hot(1, 2), kept, 12), [0.75, 0.25]);
//! ```

mod boxes;
mod element;
mod frames;
mod labels;
mod patch;
mod pixels;
mod plan;
mod stream;

pub(crate) use boxes::span;
pub use boxes::{Rule, inside_axis, inside_fixed, inside_law, kept_pixels, side_of};
pub use element::{Dtype, Layout};
pub use frames::{cutmix_plane, sample_inside, samples, snap, unpack_raw};
pub use labels::{mix_row, one_hot, smoothed};
pub use patch::Patch;
pub use pixels::{
    Image, cutmix, cutout, mean_f32, mean_integer, mixup_f32, mixup_integer, noise_f32, noise_integer, noise_word,
};
pub use plan::{Configuration, DrawnPlan, Extent, Method, Methods, PlanValues, partners};
pub use stream::{Stream, noise_key};
