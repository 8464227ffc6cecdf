//! Randomness: keys hashed into PCG streams, and the samplers that read them.
//!
//! `STREAM.md` beside this crate's manifest states every value drawn here precisely enough to re-implement it in
//! another language. Imports nothing but `error` and `kernels::real`; imported by `plan`.

pub mod beta;
pub mod key;
pub mod uniform;

pub use beta::Beta;
pub(crate) use key::EpochKeys;
pub use key::{BatchKey, NoiseKey, SampleKey};
