//! The guide, chapter by chapter: how to audit an implementation, and what is proven of this one. Documentation only.
//!
//! The chapters are the files of `cutmix-verify/guide/` in the repository; what is written for a shell or for Python in them is run
//! by `.ci/guide`, which compares what is printed with what is shown. The guide of the library is that of the crate
//! `cutmix-core`.
//!
//! # Pages of the repository
//!
//! Some links of the chapters lead to files of the repository: `cutmix-verify/docs/AUDITOR.md`, `AUDITS.md`, `EVIDENCE.md` and `TRACE.md`
//! beside it, and `cutmix-verify/adapters/`.

/// [adapters]: crate::guide#pages-of-the-repository
/// [trace]: crate::guide#pages-of-the-repository
/// [auditor]: crate::guide#pages-of-the-repository
///
#[doc = include_str!("../guide/audit_yours.md")]
pub mod audit_yours {}

/// [evidence]: crate::guide#pages-of-the-repository
/// [auditor]: crate::guide#pages-of-the-repository
/// [audits]: crate::guide#pages-of-the-repository
///
#[doc = include_str!("../guide/what_we_prove.md")]
pub mod what_we_prove {}
