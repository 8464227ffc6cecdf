//! Probes: images whose every value says where it came from, and labels that name their image.
//!
//! A probe is a pure function of its [`Spec`], so a trace need not repeat it. The file format is `docs/TRACE.md`. Imports
//! nothing of the core; imported by `decode`, `audit`, `simulate` and `cli`.
//!
//! ```
//! use cutmix_verify::probe::{Codes, Dtype, Elements, Phase};
//!
//! // Four images of the second call, and which of them each value of the third is from.
//! let phase = Phase { calls: 6, batch: 4, dtype: Dtype::U8, ..Phase::structure() };
//! let codes = Codes::new(&phase, 1);
//! let (mut bytes, mut images) = (Vec::new(), Vec::new());
//! codes.write(2, &mut bytes);
//! codes.images(&Elements::new(Dtype::U8, &bytes), &mut images);
//! assert!(images.iter().all(|image| *image == 2));
//! // A value that was changed is another image's, or none's.
//! bytes[7] ^= 1;
//! codes.images(&Elements::new(Dtype::U8, &bytes), &mut images);
//! assert_ne!(images[7], 2);
//! ```

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
pub(crate) use write::descr;
pub(crate) use write::hex;
pub use write::{digest, mask_phase, write};
