//! An implementation of CutMix as data: what box, which law of lambda, what label, who shares, who is paired with whom.
//!
//! Plain data with names and codes, and no arithmetic: [`law`](crate::law) integrates it and the simulations draw from it, each
//! for itself. Imports `reference`; nothing of the core.

mod code;
mod lambda;
pub mod matching;
pub mod shape;
mod side;

pub use code::Code;
pub use lambda::{Family, Hypothesis, Lambda, Precision, Rate};
pub use side::{Centres, Cut, Ends, Side};
