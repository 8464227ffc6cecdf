//! CutMix, Mixup and Cutout as an article would state them: one pixel at a time, no speed, no cleverness.
//!
//! This is what everything else is held against, so it imports nothing of `cutmix-core` and shares no code with it.
//! Images are plain vectors indexed `(plane, y, x)` by [`Image`]; how bytes lie in memory is not its business. [`Stream`] is
//! the contract of drawn values, written from its page.

mod boxes;
mod frames;
mod labels;
mod pixels;
mod stream;

pub use boxes::{BoxSpec, Rule, inside_axis, inside_fixed, inside_law, kept_pixels, side_of, span};
pub use frames::{cutmix_plane, sample_inside, samples, snap, snap_edge, unpack_raw};
pub use labels::{mix_row, one_hot, smoothed};
pub use pixels::{
    Image, cutmix, cutout, mean_f32, mean_integer, mixup_f32, mixup_integer, noise_f32, noise_integer, noise_word,
};
pub use stream::{Stream, noise_key};
