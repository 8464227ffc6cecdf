//! `apply`: the box of one image pasted into another.

use super::{Expect, any_box, case, dense, inputs, named, padded, pair};
use crate::reference::Stream;
use crate::subject::{Dtype, ImageShape, Layout, Patch};
use crate::vectors::model::{Case, File};
use crate::vectors::question::{BothImages, Question};
use crate::vectors::value::Hex;

/// Values that arithmetic does not leave as they are.
const DELICATE: [u32; 8] = [
    0x8000_0000, // -0
    0x7fc0_0001, // NaN with a payload
    0x7f80_0000, // infinity
    0xff80_0000, // -infinity
    0x0000_0001, // the least subnormal number
    0x7f7f_ffff, // the largest number
    0x3f80_0001, // 1 and one unit
    0xffa1_2345, // a signalling NaN
];

fn test(of: &ImageShape, pair: BothImages, patch: Patch, extra: &[&'static str], comment: &str) -> Case {
    let mut flags = vec!["OtherPlace"];
    let padded = of.row_pitch != of.row_bytes();
    for (condition, flag) in [
        (true, named(of.layout)),
        (of.channels != 3, "Channels"),
        (of.dtype == Dtype::U16, "Sixteen"),
        (of.dtype == Dtype::F32, "Binary32"),
        (padded, "PaddedRows"),
        (of.width != of.height, "NonSquare"),
        (patch.is_empty(), "EmptyBox"),
        (patch == Patch::full(of.width, of.height), "FullBox"),
    ] {
        if condition {
            flags.push(flag);
        }
    }
    flags.extend(extra);
    let optional = padded || of.dtype == Dtype::U16;
    let result = if optional { Expect::Acceptable } else { Expect::Valid };
    case(result, &flags, comment, &Question::Cutmix { shape: *of, patch, pair })
}

fn delicate(of: &ImageShape, random: &mut Stream) -> Hex {
    let values = of.bytes() / 4;
    let pick = |random: &mut Stream| DELICATE[random.below(DELICATE.len() as u64) as usize];
    Hex((0..values).flat_map(|_| pick(random).to_le_bytes()).collect())
}

pub(in crate::vectors) fn file() -> File {
    let mut random = inputs(5);
    let mut tests = Vec::new();
    for dtype in Dtype::MIXED {
        for layout in [Layout::Nhwc, Layout::Nchw] {
            for (size, channels) in [((6, 4), 3), ((4, 7), 1), ((5, 5), 4), ((9, 3), 2), ((3, 4), 5)] {
                let of = dense(dtype, layout, size, channels);
                for _ in 0..2 {
                    let pair = pair(&of, &mut random);
                    tests.push(test(&of, pair, any_box(size, &mut random), &[], "a box inside"));
                }
            }
            let of = dense(dtype, layout, (5, 3), 3);
            for (patch, comment) in
                [([0, 0, 0, 0], "no box"), ([0, 0, 5, 3], "the whole image"), ([4, 2, 5, 3], "the last pixel")]
            {
                let pair = pair(&of, &mut random);
                tests.push(test(&of, pair, Patch::of(patch), &[], comment));
            }
            let of = padded(of, 2 * dtype.bytes());
            let pair = pair(&of, &mut random);
            tests.push(test(&of, pair, any_box((5, 3), &mut random), &[], "rows with padding"));
        }
    }
    for layout in [Layout::Nhwc, Layout::Nchw] {
        for _ in 0..4 {
            let of = dense(Dtype::F32, layout, (4, 4), 3);
            let pair = BothImages { pixels_a: delicate(&of, &mut random), pixels_b: delicate(&of, &mut random) };
            let patch = Patch { x0: 1, y0: 1, x1: 3, y1: 4 };
            tests.push(test(&of, pair, patch, &["BitCopy", "MaskArithmetic"], "values that arithmetic changes"));
        }
    }
    File::new(
        "apply",
        "A box of image B pasted into image A. Pixels are hexadecimal, elements little-endian, bit for bit; bytes between rows stay.",
        vec![tests],
    )
}
