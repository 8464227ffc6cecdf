//! A profile at work: what an implementation makes of a probe, from draws of a generator ([`simulate`]) or from recorded ones
//! ([`replay()`]). One arithmetic for boxes, labels and pixels, in the types that the profile names; none of `law`'s, which
//! integrates the same profiles and is checked by this. Imports `profile`, `probe`, `trace`, `npz` and `decode`, and [`mistaken`]
//! alone `subject`; imported by `cli` and by tests.

mod area;
mod arithmetic;
mod compare;
mod draws;
mod expect;
mod labels;
pub mod mistaken;
mod pixels;
mod probes;
mod trace;
#[cfg(test)]
mod transcribed;

pub use compare::{Outcome, replay};
#[cfg(test)]
pub(crate) use probes::labelled_boxes;
pub use probes::{DrawnBoxes, draws_of};
pub use trace::{simulate, simulate_with};

pub use crate::profile::{LAWS, VARIANTS, Variant, variant, variants};
