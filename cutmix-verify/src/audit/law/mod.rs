//! The law of the draws: which rule and which alpha made the boxes, and how sure that is.
//!
//! Everything is a likelihood ratio of exact laws, or a bet against exact probabilities: an e-value, whose expectation is 1
//! where the implementation is right, so that it exceeds `x` once in `x` audits at most, however often one looks. See
//! `docs/AUDITOR.md`.

pub(super) mod collect;
mod dependence;
pub mod evidence;
pub mod generic;
pub mod hypotheses;
mod identify;
pub mod order;
mod refute;
mod shown;
pub mod stream;
pub mod verdict;
pub mod weights;

pub use evidence::{Applied, Part, Place};
pub use verdict::{BUDGET, Evidence, Found, Judged, Terms, judge, judge_calls};
