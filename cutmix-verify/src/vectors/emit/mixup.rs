//! `mixup`: blended images.

use serde_json::json;

use super::{Expect, boxes, case, dense, inputs, padded, pair, tolerant};
use crate::subject::{Dtype, ImageShape, Layout, bits};
use crate::vectors::model::{Case, File};
use crate::vectors::question::{BothImages, ExactWeight, Question, Typed};
use crate::vectors::value::{Hex, Real, join};

/// Ends of a type's range, by turns.
fn bright(of: &ImageShape, swapped: bool) -> Hex {
    let ends: [Vec<u8>; 2] = if of.dtype == Dtype::F32 {
        [1.0_f32, -1.0].map(|end| end.to_le_bytes().to_vec())
    } else {
        [255, 0].map(|end| vec![end; of.dtype.bytes()])
    };
    let count = of.bytes() / of.dtype.bytes();
    // Both bright, bright over dark, dark over bright, both dark.
    Hex((0..count).flat_map(|i| ends[if swapped { i / 2 % 2 } else { i % 2 }].clone()).collect())
}

/// The formula in binary64, rounded once; bytes between rows are those of `a`. And the mean of the values before that.
fn blended(of: &ImageShape, a: &[u8], b: &[u8], lambda: f64) -> (Hex, f64) {
    let (mut out, mut sum) = (a.to_vec(), 0.0);
    let value = |bytes: &[u8]| of.dtype.value(bits(bytes));
    for y in 0..of.height {
        for x in 0..of.width {
            for channel in 0..of.channels {
                let at = of.at(x, y, channel)..of.at(x, y, channel) + of.dtype.bytes();
                let mean = lambda * value(&a[at.clone()]) + (1.0 - lambda) * value(&b[at.clone()]);
                sum += mean;
                let bits = if of.dtype.is_float() { (mean as f32).to_bits() } else { (mean + 0.5).floor() as u32 };
                out[at.clone()].copy_from_slice(&bits.to_le_bytes()[..of.dtype.bytes()]);
            }
        }
    }
    (Hex(out), sum / f64::from(of.width * of.height * of.channels))
}

/// A case of `mixup`, whose answer is the formula's and not the core's, which has weights of 15 bits.
fn free(shape: ImageShape, pair: &BothImages, lambda: f64, result: Expect, flags: &[&'static str]) -> Case {
    let ends = lambda == 0.0 || lambda == 1.0;
    let question = Question::Mixup { shape, pair: pair.clone(), lambda: boxes::lambda(lambda) };
    let mut test = case(result, flags, format!("lambda {lambda}"), &question);
    // What has the ends is not computed: a sum with 0 would lose the sign of another 0.
    if ends {
        return test;
    }
    let (pixels, mean) = blended(&shape, &pair.pixels_a.0, &pair.pixels_b.0, lambda);
    test.output = json!({ "pixels": pixels });
    // Rounding up at halves is no bias where halves are rare; cutting off is one of half a level.
    if shape.dtype != Dtype::F32 && lambda != 0.5 && !flags.contains(&"Wrap") && !flags.contains(&"PaddedRows") {
        join(&mut test.output, json!({ "mean": Real(mean), "mean_tolerance": Real(0.25) }));
    }
    // One level for those who round otherwise or whose weight has fewer digits; integers of 16 bits need a weight of more.
    let tolerance = match shape.dtype {
        Dtype::U8 => 1.0,
        Dtype::U16 => 2.0,
        _ => 1.0 / 1048576.0,
    };
    tolerant(test, tolerance)
}

fn exact(shape: ImageShape, pair: BothImages, q: u32, flags: &[&'static str], comment: impl Into<String>) -> Case {
    let question = Question::MixupExact { shape, pair, weight: ExactWeight { q: q.into() } };
    case(Expect::Acceptable, flags, comment, &question)
}

fn tests() -> [Vec<Case>; 3] {
    let mut random = inputs(7);
    let (mut frees, mut exacts, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = Vec::new();
    for (dtype, layout, typed) in [
        (Dtype::U8, Layout::Nhwc, None),
        (Dtype::U16, Layout::Nchw, Some("Sixteen")),
        (Dtype::F32, Layout::Nchw, Some("Binary32")),
    ] {
        let of = dense(dtype, layout, (5, 3), 3);
        let result = if dtype == Dtype::U16 { Expect::Acceptable } else { Expect::Valid };
        for lambda in [0.0, 1.0, 0.5, 0.25, 0.3, 0.7182818, 0.001, 0.999] {
            let ends = lambda == 0.0 || lambda == 1.0;
            let mut flags = vec![if ends { "WeightEnds" } else { "Rounding" }];
            flags.extend(typed);
            frees.push(free(of, &pair(&of, &mut random), lambda, result, &flags));
            flags.push("Wrap");
            let extreme = BothImages { pixels_a: bright(&of, false), pixels_b: bright(&of, true) };
            frees.push(free(of, &extreme, lambda, result, &flags));
            let question = Question::MixupWeight { of: Typed { dtype }, lambda: boxes::lambda(lambda) };
            let comment = format!("the weight of lambda {lambda}");
            weights.push(case(Expect::Acceptable, &["ExactWeight"], comment, &question));
        }
        let grid = dtype.grid();
        let mut below = || random.below(grid.into()) as u32;
        for q in [0, 1, grid / 3, grid / 2, grid - 1, grid, below(), below()] {
            let mut flags = vec!["ExactWeight", if q == 0 || q == grid { "WeightEnds" } else { "Rounding" }];
            flags.extend(typed);
            exacts.push(exact(of, pair(&of, &mut random), q, &flags, format!("q = {q}")));
        }
        let of = padded(of, 2 * dtype.bytes());
        let mut flags = vec!["PaddedRows"];
        flags.extend(typed);
        let pair = pair(&of, &mut random);
        last.push(free(of, &pair, 0.3, Expect::Acceptable, &flags));
        flags.push("ExactWeight");
        exacts.push(exact(of, pair, grid / 3, &flags, "rows with padding"));
    }
    frees.extend(last);
    [frees, exacts, weights]
}

pub(in crate::vectors) fn file() -> File {
    let [frees, exact, weights] = tests();
    File::new(
        "mixup",
        "Two images blended: lambda of A and 1 - lambda of B. `mixup` allows a tolerance in units of the pixels' type, and where there is a `mean` one for the mean of all values, which a bias would move; `mixup_exact` is the core's own arithmetic with weight q / 2^15, of f32 q / 2^24.",
        vec![frees, exact, weights],
    )
}
