//! `.npz` files: zip archives of `.npy` arrays, read call by call with bounded memory, trusting nothing.
//!
//! The container is the crate `zip`'s, inflation `flate2`'s. The array header is read here: the crates that do so allocate
//! what a header claims, or overflow on a shape, before one can object. Every error names file and key, and all arrays
//! come as little-endian bytes in C order.
//!
//! ```
//! use std::io::Write;
//! use cutmix_verify::npz::{Archive, Writer};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("trace.npz");
//! let mut npz = Writer::new(std::fs::File::create(&path)?, true);
//! npz.array("lambda", "<f4", &[2])?;
//! npz.write_all([0.25_f32, 0.75].map(f32::to_le_bytes).as_flattened())?;
//! npz.finish()?;
//!
//! let mut lambda = Archive::open(&path)?.array("lambda")?;
//! let mut bytes = [0; 8];
//! lambda.read(&mut bytes)?;
//! assert_eq!(lambda.scalar().values(&bytes), [0.25, 0.75]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod header;
mod read;
mod write;

pub use header::Scalar;
pub use read::{Archive, Array, NpzError};
pub use write::Writer;
