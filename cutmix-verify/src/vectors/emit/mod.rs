//! One file of cases each. Inputs are written out or drawn from a stream of the contract; outputs come from the reference.

pub(super) mod apply;
pub(super) mod batch;
pub(super) mod boxes;
pub(super) mod cutout;
pub(super) mod invalid;
pub(super) mod labels;
pub(super) mod laws;
pub(super) mod mixup;
pub(super) mod stream;

use serde_json::{Value, json};

use super::ask::output;
use super::model::{Test, Verdict};
use super::naive::Naive;
use super::subject::{Dtype, Layout, Patch, Shape};
use super::value::{float, join};
use crate::reference::Stream;

/// A case that the reference answers.
pub(in crate::vectors) fn case(
    op: &str,
    result: Verdict,
    flags: &[&'static str],
    comment: impl Into<String>,
    input: Value,
) -> Test {
    let comment = comment.into();
    let output =
        output(&Naive, op, &input).unwrap_or_else(|refusal| unreachable!("{op}: {comment}: {refusal:?}: {input}"));
    Test { comment, flags: flags.to_vec(), input, output, result }
}

/// A case whose output may be off by so much.
fn tolerant(mut test: Test, tolerance: f64) -> Test {
    if tolerance > 0.0 {
        join(&mut test.output, json!({ "tolerance": float(tolerance) }));
    }
    test
}

/// Random inputs: a stream of its own for every file.
pub(in crate::vectors) fn inputs(file: u64) -> Stream {
    Stream::new(*b"CM1.vect", [file, 0, 0, 0])
}

pub(in crate::vectors) fn edges(patch: Patch) -> Value {
    json!({ "x0": patch.x0, "y0": patch.y0, "x1": patch.x1, "y1": patch.y1 })
}

pub(in crate::vectors) fn with(mut object: Value, other: Value) -> Value {
    join(&mut object, other);
    object
}

pub(in crate::vectors) const fn dense(
    dtype: Dtype,
    layout: Layout,
    (width, height): (u32, u32),
    channels: u32,
) -> Shape {
    let shape = Shape { dtype, layout, width, height, channels, row_pitch: 0 };
    Shape { row_pitch: shape.row_bytes(), ..shape }
}

pub(in crate::vectors) fn shape(shape: &Shape) -> Value {
    json!({
        "dtype": shape.dtype.name(), "layout": shape.layout.name(), "width": shape.width, "height": shape.height,
        "channels": shape.channels, "row_pitch": shape.row_pitch,
    })
}

/// Bytes of an image: of integers all of them random; of binary32 numbers on both sides of 0, all bits of which count.
pub(in crate::vectors) fn painted(shape: &Shape, random: &mut Stream) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(shape.bytes());
    while bytes.len() < shape.bytes() {
        let word = random.u32();
        let word = if shape.dtype == Dtype::F32 { ((random.unit() * 4.0 - 2.0) as f32).to_bits() } else { word };
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.truncate(shape.bytes());
    bytes
}

/// A random box that is not empty.
pub(in crate::vectors) fn any_box((width, height): (u32, u32), random: &mut Stream) -> Patch {
    let mut ends = |length: u32| {
        let (a, b) = (random.below(u64::from(length) + 1) as u32, random.below(u64::from(length)) as u32);
        let b = if b >= a { b + 1 } else { b };
        (a.min(b), a.max(b))
    };
    let ((x0, x1), (y0, y1)) = (ends(width), ends(height));
    Patch { x0, y0, x1, y1 }
}

/// The rule's own flag, and whether its cases may be refused.
const fn of_rule(rule: super::subject::Rule) -> (Option<&'static str>, Verdict) {
    match rule {
        super::subject::Rule::Paper => (None, Verdict::Valid),
        super::subject::Rule::Official => (Some("RuleOfAuthors"), Verdict::Acceptable),
        super::subject::Rule::FullExtent => (Some("RuleFullExtent"), Verdict::Acceptable),
    }
}

const RULES: [super::subject::Rule; 3] =
    [super::subject::Rule::Paper, super::subject::Rule::Official, super::subject::Rule::FullExtent];
