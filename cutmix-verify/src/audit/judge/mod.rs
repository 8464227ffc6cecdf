//! The law of the draws: which rule and which alpha made the boxes, and how sure that is.
//!
//! Every rule for boxes is tried with every law of lambda, some two thousand hypotheses in all (`terms`, `hypotheses`). For
//! each the exact probability of every draw is known (`likelihood`), and three things are read off the same numbers: the evidence
//! against each accepted rule (`against`), the rule and law that explain the draws best (`identify`), and how far each deviation
//! is refuted (`refute`). Bets on laws that are in no table (`unknown`), on draws that were made before (`repeats`,
//! `order`) and on draws of one call that depend on each other (`dependence`) stand beside them. `verdict` is the programme,
//! `weights` the same for Mixup, `budget` says how many draws are needed, and `alarm` how often a right implementation may FAIL.
//!
//! Each number is a likelihood ratio of exact laws, or a bet against exact probabilities: an e-value. Its expectation is 1 where
//! the implementation is right, so it exceeds `x` once in `x` audits at most, however often one looks. See `docs/AUDITOR.md`.
//!
//! The audit imports this module; it knows neither the ledger of findings nor a trace, and makes no sentences.

mod against;
mod alarm;
mod bounds;
pub(super) mod budget;
mod case;
pub(super) mod collect;
mod dependence;
pub(super) mod evidence;
pub(super) mod extents;
mod facts;
mod hypotheses;
mod identify;
mod likelihood;
pub(super) mod order;
mod refute;
mod repeats;
mod shown;
mod terms;
mod unknown;
mod verdict;
pub(crate) mod weights;

pub use evidence::{Applied, Drawn, Evidence, Part, Place};
pub use terms::{Found, Judged, Terms};
pub(super) use verdict::judge_calls;
pub use verdict::{judge, judge_without_alpha};
