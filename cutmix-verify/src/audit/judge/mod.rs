//! The law of the draws: which rule and which alpha made the boxes, and how sure that is.
//!
//! Everything is a likelihood ratio of exact laws, or a bet against exact probabilities: an e-value, whose expectation is 1
//! where the implementation is right, so that it exceeds `x` once in `x` audits at most, however often one looks. See
//! `docs/AUDITOR.md`.
//!
//! ```
//! use cutmix_verify::audit::Options;
//! use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
//! use cutmix_verify::report::Verdict;
//! use cutmix_verify::play::{draws_of, variant};
//!
//! // 100 boxes of code that takes the drawn point for the box's first corner.
//! let size = [8, 6];
//! let (boxes, applied) = draws_of(variant("corner").unwrap(), 1.0, size, 100, 1).unwrap();
//! let places = vec![Place::default(); boxes.len()];
//! let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
//! let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
//! let Options { accept, tolerance, prob, .. } = Options::default();
//! let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
//! let judged = judge(&evidence, &terms).expect("a judgement of draws");
//! assert_eq!(judged.run.verdict, Verdict::Fail);
//! assert_eq!(judged.run.identified.rule, "corner");
//! assert!(judged.found.iter().any(|found| found.code == "BOX_CORNER"));
//! ```

pub(super) mod budget;
pub(super) mod collect;
mod dependence;
pub(super) mod evidence;
mod hypotheses;
mod identify;
mod likelihood;
pub(super) mod order;
mod refute;
mod repeats;
mod shown;
mod unknown;
mod verdict;
pub(crate) mod weights;

pub use evidence::{Applied, Part, Place};
pub(super) use verdict::judge_calls;
pub use verdict::{Evidence, Found, Judged, Terms, judge};
