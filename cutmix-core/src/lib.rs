#![no_std]
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic))]
//! CutMix, Mixup and Cutout without std, heap or panics: the same boxes, labels and pixels, bit for bit, on every
//! target.
//!
//! # The formula
//!
//! `CutMix` (Yun et al., ICCV 2019) makes a training image of two: `x~ = M x_A + (1 - M) x_B`, where the mask M is 0
//! inside a random box; the label becomes `y~ = lambda' y_A + (1 - lambda') y_B`, where lambda' is the share of pixels
//! that were kept: an exact ratio of two integers, counted after clipping, never the drawn lambda.
//!
//! # From key to pixels and label
//!
//! ```
//! use cutmix_core::{ops, label, ImageView, ImageViewMut, Level, PlanConfig, SampleKey, SamplePlan, Size};
//!
//! let size = Size::new(40, 24)?;
//! let (mut cat, coffee) = ([10_u8; 40 * 24 * 3], [200_u8; 40 * 24 * 3]);
//!
//! // A plan is a pure function of key and configuration: what to mix, where, with which weight.
//! let key = SampleKey { seed: 7, epoch: 0, index: 41 };
//! let plan = SamplePlan::draw(key, &PlanConfig::cutmix(size));
//!
//! // Pixels: views over your memory, any layout.
//! let mut base = ImageViewMut::nhwc(&mut cat, size, 3)?;
//! let kept = ops::cutmix_in_place(Level::detect(), &mut base, &ImageView::nhwc(&coffee, size, 3)?, plan.patch)?;
//!
//! // Label: the exact kept ratio.
//! let mut row = [0.0; 2];
//! label::mix_ids(&mut row, 0, 1, kept, label::Smoothing::NONE)?;
//! assert_eq!(kept, plan.kept);
//! assert_eq!(row[0] + row[1], 1.0);
//! # Ok::<(), cutmix_core::Error>(())
//! ```
//!
//! # The modules
//!
//! | module | what it holds |
//! |---|---|
//! | [`geometry`] | [`Size`], [`PatchBox`], [`KeptRatio`], the mask M |
//! | [`rule`] | the three [`BoxRule`]s from `(lambda, centre, size)` to a box |
//! | [`draw`] | keys, uniforms, the [`Beta`] sampler: the stream contract of `STREAM.md` |
//! | [`plan`] | [`SamplePlan`] and [`BatchPlan`]: pure data |
//! | [`view`] | [`ImageView`] over NHWC, NCHW, NC4HW4, padded, cropped and bottom-up memory |
//! | [`ops`] | `CutMix`, Mixup and Cutout: pairs, rows, batches |
//! | [`frame`] | camera and video frames: NV12, I420, P010, Bayer and packed raw, RGB565, with one box on their grid |
//! | [`label`] | class ids or rows in, soft rows or pairs out |
//! | [`guide`] | chapters: `CutMix` in five minutes, embed it, coming from other libraries, re-implement the stream |
//!
//! # Units, errors and cost
//!
//! Widths, heights, boxes and centres are pixels, `x` the column; pitches, origins and lengths named `bytes` are bytes;
//! `channels` counts elements of a pixel. Probabilities, fractions, lambda and weights lie in `[0, 1]`. Where a
//! documentation states no cost, it is constant and small; nothing allocates, ever. The documentation of a fallible function
//! lists its errors; unless it says otherwise, nothing was written then. Every function, type and constant has an
//! example.
//!
//! # What it promises
//!
//! * Nothing panics on what a caller passes: a mistake is an [`Error`] that says what was given and what was expected.
//! * No allocation, no std, no global state, unsafe code in the kernels alone.
//! * The same plan from the same key in whatever process, on whatever board.

mod error;

pub mod draw;
pub mod frame;
pub mod geometry;
#[cfg(any(doc, doctest))]
pub mod guide;
mod kernels;
pub mod label;
pub mod ops;
pub mod plan;
pub mod rule;
pub mod view;

pub use draw::{BatchKey, Beta, NoiseKey, SampleKey};
pub use error::Error;
pub use geometry::{Grid, KeptRatio, PatchBox, Size, WeightGrid};
pub use kernels::Level;
pub use plan::{BatchPlan, Method, PlanConfig, SamplePlan};
pub use rule::{BoxRule, Centre};
pub use view::{ImageView, ImageViewMut, Layout};
