//! Plans: what to mix with what, where, and in which order. Pure data without pixels, so that a plan can be logged,
//! compared and replayed.
//!
//! A plan is a pure function of its key and its configuration. Imports `rule`, `draw` and `geometry`; imported by `ops`
//! and `label`.

mod batch;
mod config;
mod order;
mod sample;

pub use batch::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
pub use config::{Extent, Methods, PlanConfig};
pub use sample::{Method, SamplePlan};

pub(crate) use order::{Cycle, Step};
