#![no_std]
// The whole point of this crate is raw pointers; each block names the check or the promise that makes it sound.
#![allow(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic))]
//! The C ABI of `cutmix-core`: what `include/cutmix.h` declares. The guide for C programmers is the crate's README.
//!
//! Every function checks all it is given and answers with a [`Status`]; nothing allocates, nothing is opaque, nothing
//! is remembered but the processor's level (one atomic in the core). Rust programmers want `cutmix-core` itself.
//!
//! | module | what it holds |
//! |---|---|
//! | `status` | the codes and their messages |
//! | `memory` | the caller's pointers: the promise below, the checks, all reading and writing through them |
//! | `values` | bytes as structs, numbers and working memory |
//! | `level` | instruction sets, versions |
//! | `config` | [`Config`], [`BatchConfig`], their constants |
//! | `sample` | [`Sample`]: the plan of one sample |
//! | `image` | [`Image`], [`Fill`] and the views made of them |
//! | `plan`, `pair`, `row`, `batch`, `label`, `boxes` | the functions |
//!
//! # What every function asks of its caller
//!
//! A pointer that is not null is valid for as many bytes as the length, the layout or the `struct_size` given with it
//! says, for reading, and for writing where it is not `const`; during the call no other thread writes what is read,
//! or touches what is written. Everything else is checked.

#[cfg(not(all(feature = "bare-metal", target_os = "none")))]
extern crate std;

/// The section on safety of all functions: for Rust, since the header's first comment has the rule.
macro_rules! safety {
    ($($also:literal)?) => {
        concat!("\n# Safety\n", $($also,)? "See the crate's documentation.")
    };
}

#[cfg(all(feature = "bare-metal", target_os = "none"))]
mod bare_metal;
mod batch;
mod boxes;
mod config;
mod image;
mod label;
mod level;
mod memory;
mod pair;
mod plan;
mod row;
mod sample;
mod status;
mod values;

pub use batch::*;
pub use boxes::*;
pub use config::*;
pub use image::*;
pub use label::*;
pub use level::*;
pub use pair::*;
pub use plan::*;
pub use row::*;
pub use sample::*;
pub use status::*;
