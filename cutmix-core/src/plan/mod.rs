//! Plans: what to mix with what, where, and in which order. Pure data without pixels, so that a plan can be logged,
//! compared and replayed.
//!
//! A plan is a pure function of its key and its configuration. Imports `rule`, `draw` and `geometry`; imported by `ops`
//! and `label`.

mod batch;
mod config;
mod order;
mod pairing;
mod sample;
mod slot;

pub use batch::BatchPlan;
pub use config::{Extent, Method, Methods, PlanConfig};
pub use pairing::{BatchConfig, Pairing, Samples, Scope};
pub use sample::SamplePlan;
pub use slot::PlanSlot;

pub(crate) use order::{Cycle, Step};
