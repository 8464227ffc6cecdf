//! `.npz` files: zip archives of `.npy` arrays, read call by call with bounded memory, trusting nothing.
//!
//! The container is the crate `zip`'s, inflation `flate2`'s. The array header is read here: the crates that do so allocate
//! what a header claims, or overflow on a shape, before one can object. Every error names file and key, and all arrays
//! come as little-endian bytes in C order.

mod header;
mod read;
mod write;

pub use header::Scalar;
pub use read::{Archive, Array, NpzError};
pub use write::Writer;
