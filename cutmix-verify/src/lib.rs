#![forbid(unsafe_code)]
//! The naive reference of CutMix, Mixup and Cutout, and the command-line tool around it.

pub mod reference;
