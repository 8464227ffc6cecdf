//! Test vectors: cases with their expected outputs, as files for programs in any language.
//!
//! [`all`] makes the files, from [`mod@crate::reference`] and [`mod@crate::law`] and never from the core; `vectors/` has them as they are
//! published. [`ask`](ask::ask) puts a case to a Rust implementation ([`CutMixUnderTest`]), [`exec`] to any program, and
//! [`judge`](judge::judge) says whether the answer is right. docs/VECTORS.md has the format. [`core`] alone imports
//! `cutmix-core`: as one more implementation.

pub mod ask;
mod audit;
pub mod core;
pub mod defects;
mod emit;
pub mod exec;
pub mod judge;
pub mod kit;
pub mod model;
pub mod naive;
pub mod notes;
pub mod read;
pub mod subject;
pub mod table;
pub mod value;

pub use model::{File, Group, Test, Verdict};
pub use subject::CutMixUnderTest;

/// The kinds of files, in the order in which they are run.
pub const KINDS: [&str; 10] = ["box", "label", "apply", "batch", "mixup", "cutout", "law", "beta", "stream", "invalid"];

/// Makes all files. Some seconds: laws are computed, every expected output by the reference.
#[must_use]
pub fn all() -> Vec<File> {
    use emit::{apply, batch, boxes, cutout, invalid, labels, laws, mixup, stream};
    vec![
        boxes::file(),
        labels::file(),
        apply::file(),
        batch::file(),
        mixup::file(),
        cutout::file(),
        laws::boxes(),
        laws::beta(),
        stream::file(),
        invalid::file(),
    ]
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

/// All operations.
pub const OPS: [&str; 21] = [
    "box",
    "fixed_box",
    "label",
    "label_rows",
    "cutmix",
    "cutmix_batch",
    "pairing",
    "mixup",
    "mixup_exact",
    "mixup_weight",
    "cutout",
    "cutout_noise",
    "cutout_label",
    "draw_boxes",
    "draw_beta",
    "stream_words",
    "stream_below",
    "stream_beta",
    "stream_plan",
    "stream_pairing",
    "stream_noise",
];
