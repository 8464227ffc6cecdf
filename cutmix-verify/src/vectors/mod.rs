//! Test vectors: cases with their expected outputs, as files for programs in any language.
//!
//! [`all`] makes the files, from [`mod@crate::reference`] and [`mod@crate::law`] and never from the core; `vectors/` has
//! them as they are published. [`exec`] puts cases to a Rust implementation ([`crate::subject::CutMixUnderTest`]) or to any
//! program, and [`Findings`] says which answers are right. docs/VECTORS.md has the format. Imports `subject`, `law` with
//! `profile`, `adapter` and `report`; imported by `kit` and `cli`.

pub(crate) mod emit;
pub mod exec;
mod judge;
pub(crate) mod model;
pub mod notes;
pub(crate) mod question;
pub mod read;
mod table;
pub(crate) mod value;

use emit::{apply, batch, boxes, cutout, invalid, labels, laws, mixup, stream};
pub use judge::CaseOutcome;
pub use model::{Case, Expect, File, GENERATOR_VERSION};
pub use question::OPS;
pub use table::{Findings, Tally};

macro_rules! kinds {
    ($($kind:literal $file:path;)*) => {
        /// The kinds of files, in the order in which they are run.
        pub const KINDS: [&str; 10] = [$($kind),*];

        /// Makes the files in the order of [`KINDS`], each when it is asked for: milliseconds, but for the laws, which take
        /// some seconds together. Every expected output is the reference's.
        pub fn all() -> impl ExactSizeIterator<Item = File> {
            const FILES: [fn() -> File; KINDS.len()] = [$($file),*];
            FILES.into_iter().map(|make| make())
        }

        /// The published files, as text, in the order of [`KINDS`].
        pub const PUBLISHED: [(&str, &str); KINDS.len()] =
            [$(($kind, include_str!(concat!("../../vectors/", $kind, ".json")))),*];

        /// The schemas of the files, and what they share.
        pub const SCHEMAS: [(&str, &str); KINDS.len() + 1] = [
            ("common", include_str!("../../vectors/schemas/common.schema.json")),
            $(($kind, include_str!(concat!("../../vectors/schemas/", $kind, ".schema.json")))),*
        ];
    };
}

kinds! {
    "box" boxes::file;
    "label" labels::file;
    "apply" apply::file;
    "batch" batch::file;
    "mixup" mixup::file;
    "cutout" cutout::file;
    "law" laws::boxes;
    "beta" laws::beta;
    "stream" stream::file;
    "invalid" invalid::file;
}
