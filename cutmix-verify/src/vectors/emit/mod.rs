//! One file of cases each. Inputs are written out or drawn from a stream of the contract; outputs come from the reference.

pub(super) mod apply;
pub(super) mod batch;
pub(crate) mod boxes;
pub(super) mod cutout;
pub(super) mod invalid;
pub(crate) mod labels;
pub(super) mod laws;
pub(super) mod mixup;
pub(super) mod stream;

use serde_json::{Value, json};

use super::model::{Case, Expect};
use super::question::{BothImages, Question, answer};
use super::value::{Hex, Real, join};
use crate::reference::Stream;
use crate::subject::reference::Naive;
use crate::subject::{Dtype, ImageShape, Layout, Patch, Rule};

/// A case, whose kind and number are its file's.
fn answered(result: Expect, flags: &[&str], comment: impl Into<String>, question: &Question, output: Value) -> Case {
    let (op, comment, input) = (question.op().into(), comment.into(), json!(question));
    let flags = flags.iter().map(|&flag| flag.into()).collect();
    Case { kind: String::new(), op, number: 0, comment, flags, input, output, result }
}

/// A case that the reference answers.
pub(crate) fn case(result: Expect, flags: &[&str], comment: impl Into<String>, question: &Question) -> Case {
    let output = answer(&Naive, question).unwrap_or_else(|refusal| unreachable!("{refusal:?}: {question:?}"));
    answered(result, flags, comment, question, output)
}

/// A case whose output may be off by so much.
pub(crate) fn tolerant(mut test: Case, tolerance: f64) -> Case {
    if tolerance > 0.0 {
        join(&mut test.output, json!({ "tolerance": Real(tolerance) }));
    }
    test
}

/// Random inputs: a stream of its own for every file.
pub(crate) fn inputs(file: u64) -> Stream {
    Stream::new(*b"CM1.vect", [file, 0, 0, 0])
}

pub(crate) const fn dense(dtype: Dtype, layout: Layout, (width, height): (u32, u32), channels: u32) -> ImageShape {
    let shape = ImageShape { dtype, layout, width, height, channels, row_pitch: 0 };
    ImageShape { row_pitch: shape.row_bytes(), ..shape }
}

/// The shape with so many bytes after each row.
const fn padded(of: ImageShape, bytes: usize) -> ImageShape {
    ImageShape { row_pitch: of.row_pitch + bytes, ..of }
}

/// The flag of a layout.
const fn named(layout: Layout) -> &'static str {
    match layout {
        Layout::Nhwc => "Nhwc",
        Layout::Nchw => "Nchw",
    }
}

/// Bytes of an image: of integers all of them random; of binary32 numbers on both sides of 0, all bits of which count.
pub(crate) fn painted(shape: &ImageShape, random: &mut Stream) -> Hex {
    let mut bytes = Vec::with_capacity(shape.bytes());
    while bytes.len() < shape.bytes() {
        let word = random.u32();
        let word = if shape.dtype == Dtype::F32 { ((random.unit() * 4.0 - 2.0) as f32).to_bits() } else { word };
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.truncate(shape.bytes());
    Hex(bytes)
}

/// Two images of random bytes.
pub(crate) fn pair(shape: &ImageShape, random: &mut Stream) -> BothImages {
    BothImages { pixels_a: painted(shape, random), pixels_b: painted(shape, random) }
}

/// A centre, anywhere in the image.
pub(crate) fn any_centre((width, height): (u32, u32), random: &mut Stream) -> (f64, f64) {
    (random.unit() * f64::from(width), random.unit() * f64::from(height))
}

/// A random box that is not empty.
pub(crate) fn any_box((width, height): (u32, u32), random: &mut Stream) -> Patch {
    let mut ends = |length: u32| {
        let (a, b) = (random.below(u64::from(length) + 1) as u32, random.below(u64::from(length)) as u32);
        let b = if b >= a { b + 1 } else { b };
        (a.min(b), a.max(b))
    };
    let ((x0, x1), (y0, y1)) = (ends(width), ends(height));
    Patch { x0, y0, x1, y1 }
}

/// The rule's own flag, and whether its cases may be refused.
const fn of_rule(rule: Rule) -> (Option<&'static str>, Expect) {
    match rule {
        Rule::Paper => (None, Expect::Valid),
        Rule::Official => (Some("RuleOfAuthors"), Expect::Acceptable),
        Rule::FullExtent => (Some("RuleFullExtent"), Expect::Acceptable),
    }
}
