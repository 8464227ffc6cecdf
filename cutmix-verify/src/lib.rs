#![forbid(unsafe_code)]
//! What `cutmix-core` is held against, and the command-line tool that shows it.
//!
//! * [`mod@reference`] states CutMix, Mixup and Cutout one pixel at a time; it imports nothing of the core.
//! * [`guard`] and [`suite`] hold the kernels of every level against it, byte by byte.
//! * [`law`] gives the exact probability of boxes, of a pixel's replacement, of weights.
//! * [`probe`], [`trace`], [`decode`] and [`audit`] judge implementations by what they make of images whose values say where they
//!   came from; [`profile`] describes what people use and what may be wrong, and [`play`] does what a profile says: from draws
//!   of its own, to test the auditor, or from recorded ones, bit for bit as a package.
//! * [`subject`] is what a Rust implementation answers, and [`kit`] makes its tests; [`vectors`] are the cases with their
//!   answers, for programs in any language.
//! * [`cli`] is the tool.
//!
//! How to audit an implementation, and what is proven of this one: `guide`, in the documentation and in `cutmix-verify/guide/`.
//!
//! The property, exhaustive and statistical suites are in this crate's `tests/`.

pub mod adapter;
pub mod audit;
pub mod cli;
pub mod decode;
#[doc(hidden)]
pub mod guard;
#[cfg(any(doc, doctest))]
pub mod guide;
pub mod kit;
pub mod law;
#[doc(hidden)]
pub mod npz;
pub mod parallel;
#[doc(hidden)]
pub mod play;
pub mod probe;
#[doc(hidden)]
pub mod profile;
pub mod reference;
pub mod report;
pub mod subject;
pub mod suite;
pub mod trace;
#[doc(hidden)]
pub mod vectors;

/// The example of the workspace's README, compiled and run.
#[doc = include_str!("../../README.md")]
#[cfg(doctest)]
pub struct ReadmeDoctest;
