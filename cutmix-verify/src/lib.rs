#![forbid(unsafe_code)]
//! The reference of CutMix, Mixup and Cutout, the suites that check `cutmix-core` by it, and the auditor of everybody else's.
//!
//! Start at [`audit::Audit`] to judge an implementation by what it made of a probe, at [`subject::CutMixUnderTest`] to test one
//! that is written in Rust, and at [`mod@reference`] to read what CutMix is.
//!
//! | module | what it is |
//! |---|---|
//! | [`mod@reference`] | CutMix, Mixup and Cutout one pixel at a time; it imports nothing of the core |
//! | [`subject`], [`kit`] | what an implementation answers, and the tests that are made of it |
//! | [`suite`] | the suites that compare kernels and operations with the reference |
//! | [`probe`], [`trace`] | images whose values say where they came from, and what came of them |
//! | [`audit`], [`report`] | the auditor, and the forms of its report |
//! | [`adapter`] | other people's programs, run as child processes |
//!
//! The other modules are public for this repository's tests, benches and fuzzers, and are not documented here: `profile` describes an
//! implementation as data, `law` integrates it, `play` draws from it, `decode` reads pixels back, `vectors` are the published
//! cases, `cli` is the tool. They may change with any release.
//!
//! How to audit an implementation, and what is proven of this one: `guide`, in the documentation and in `cutmix-verify/guide/`.

pub mod adapter;
pub mod audit;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod guard;
#[cfg(any(doc, doctest))]
pub mod guide;
pub mod kit;
#[doc(hidden)]
pub mod law;
#[doc(hidden)]
pub mod npz;
#[doc(hidden)]
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
