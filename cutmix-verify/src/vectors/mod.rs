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

pub use judge::CaseOutcome;
pub use model::{Expect, File, GENERATOR_VERSION};
pub use question::OPS;
pub use table::{Findings, Tally};

/// The kinds of files, in the order in which they are run.
pub const KINDS: [&str; 10] = ["box", "label", "apply", "batch", "mixup", "cutout", "law", "beta", "stream", "invalid"];

/// Makes the files in the order of [`KINDS`], each when it is asked for: milliseconds, but for the laws, which take some
/// seconds together. Every expected output is the reference's.
pub fn all() -> impl ExactSizeIterator<Item = File> {
    use emit::{apply, batch, boxes, cutout, invalid, labels, laws, mixup, stream};
    const FILES: [fn() -> File; KINDS.len()] = [
        boxes::file,
        labels::file,
        apply::file,
        batch::file,
        mixup::file,
        cutout::file,
        laws::boxes,
        laws::beta,
        stream::file,
        invalid::file,
    ];
    FILES.into_iter().map(|make| make())
}

/// The published files, as text, in the order of [`KINDS`].
pub const PUBLISHED: [(&str, &str); 10] = [
    ("box", include_str!("../../vectors/box.json")),
    ("label", include_str!("../../vectors/label.json")),
    ("apply", include_str!("../../vectors/apply.json")),
    ("batch", include_str!("../../vectors/batch.json")),
    ("mixup", include_str!("../../vectors/mixup.json")),
    ("cutout", include_str!("../../vectors/cutout.json")),
    ("law", include_str!("../../vectors/law.json")),
    ("beta", include_str!("../../vectors/beta.json")),
    ("stream", include_str!("../../vectors/stream.json")),
    ("invalid", include_str!("../../vectors/invalid.json")),
];

/// The schemas of the files, and what they share.
pub const SCHEMAS: [(&str, &str); 11] = [
    ("apply", include_str!("../../vectors/schemas/apply.schema.json")),
    ("batch", include_str!("../../vectors/schemas/batch.schema.json")),
    ("beta", include_str!("../../vectors/schemas/beta.schema.json")),
    ("box", include_str!("../../vectors/schemas/box.schema.json")),
    ("common", include_str!("../../vectors/schemas/common.schema.json")),
    ("cutout", include_str!("../../vectors/schemas/cutout.schema.json")),
    ("invalid", include_str!("../../vectors/schemas/invalid.schema.json")),
    ("label", include_str!("../../vectors/schemas/label.schema.json")),
    ("law", include_str!("../../vectors/schemas/law.schema.json")),
    ("mixup", include_str!("../../vectors/schemas/mixup.schema.json")),
    ("stream", include_str!("../../vectors/schemas/stream.schema.json")),
];
