#![forbid(unsafe_code)]
//! What `cutmix-core` is held against, and the command-line tool that shows it.
//!
//! * [`mod@reference`] states CutMix, Mixup and Cutout one pixel at a time; it imports nothing of the core.
//! * [`law`] gives the exact probability that a pixel is replaced.
//! * [`cli`] is the tool: `demo` and `mix`.
//!
//! The property, exhaustive and statistical suites are in this crate's `tests/`.

pub mod cli;
pub mod law;
pub mod reference;

/// The example of the workspace's README, compiled and run.
#[doc = include_str!("../../README.md")]
#[cfg(doctest)]
pub struct ReadmeDoctest;
