//! The guide, chapter by chapter. Documentation only: nothing here is compiled into the library, and every piece of Rust is
//! a test.
//!
//! The chapters are the files of `cutmix-core/guide/` in the repository; what is written for a shell, for Python or for C in
//! them is run by `.ci/guide`, which compares what is printed with what is shown.
//!
//! # Pages of the repository
//!
//! Some links of the chapters lead to files beside this crate: `README.md`, `cutmix-verify/docs/AUDITS.md` (what was found in
//! released packages), `cutmix-verify/assets/sheet.png`, `cutmix-verify/tests/stream_port/`, `cutmix-core/capi/`, `.github/SECURITY.md`. How to audit
//! an implementation, and what is proven of this one, is the guide of the crate `cutmix-verify`.

/// [sheet]: crate::guide#pages-of-the-repository
/// [audit]: crate::guide#pages-of-the-repository
///
#[doc = include_str!("../guide/five_minutes.md")]
pub mod five_minutes {}

/// [stability]: crate::guide::stability
/// [stream]: crate::guide::stream
///
#[doc = include_str!("../guide/embed.md")]
pub mod embed {}

/// [stream]: crate::guide::stream
/// [stability]: crate::guide::stability
///
#[doc = include_str!("../guide/reimplement_stream.md")]
pub mod reimplement_stream {}

#[doc = include_str!("../STREAM.md")]
pub mod stream {}

/// [audits]: crate::guide#pages-of-the-repository
///
#[doc = include_str!("../guide/coming_from.md")]
pub mod coming_from {}

/// [STREAM]: crate::guide::stream
/// [SECURITY]: crate::guide#pages-of-the-repository
///
#[doc = include_str!("../STABILITY.md")]
pub mod stability {}
