//! Probes: images whose every value says where it came from, and labels that name their image.
//!
//! A probe is a pure function of its [`Spec`], so a trace need not repeat it. The file format is `docs/TRACE.md`. Imports
//! nothing of the core; imported by `trace`, `decode`, `play`, `audit` and `cli`.
//!
//! ```
//! use cutmix_verify::probe::{Codes, Dtype, Phase};
//!
//! // Two images of the second call have no value in common.
//! let codes = Codes::new(&Phase { dtype: Dtype::U8, ..Phase::structure() }, 1);
//! let [mut first, mut second] = [Vec::new(), Vec::new()];
//! codes.write(0, &mut first);
//! codes.write(1, &mut second);
//! assert!(first.iter().zip(&second).all(|(a, b)| a != b));
//! ```

mod code;
mod draws;
mod element;
mod key;
mod label;
mod read;
mod spec;
mod special;
mod write;

pub use code::Codes;
#[doc(hidden)]
pub use code::{Image, Word};
#[doc(hidden)]
pub use draws::CallDraws;
pub(crate) use draws::draws_of;
#[doc(hidden)]
pub use element::{Affine, Elements};
pub use element::{Dtype, Values};
pub(crate) use key::splitmix64;
pub use label::{CallLabels, label_of};
pub use read::read_spec;
pub use spec::{Declares, Kind, Layout, Method, Phase, Spec, SpecError, View};
#[doc(hidden)]
pub use special::Special;
pub(crate) use write::{descr, hex, mask_phase};
pub use write::{digest, write};
