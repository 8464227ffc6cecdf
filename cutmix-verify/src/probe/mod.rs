//! Probes: images whose every value says where it came from, and labels that say whose they are.
//!
//! A probe is a pure function of its [`Spec`], so a trace need not repeat it. The file format is `docs/TRACE.md`. Imports
//! nothing of the core; imported by `decode`, `audit`, `simulate` and `cli`.

mod code;
mod draws;
mod element;
mod label;
mod read;
mod spec;
mod write;

pub use code::{Codes, Image, Special, Word, splitmix64};
pub use draws::{CallDraws, FORCED, draws_of};
pub use element::{Affine, Dtype, Elements};
pub use label::{CallLabels, label_of};
pub use read::read_spec;
pub use spec::{Declares, Kind, Layout, Method, Phase, Spec, SpecError};
pub(crate) use write::hex;
pub use write::{digest, mask_phase, write};
