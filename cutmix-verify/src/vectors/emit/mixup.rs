//! `mixup`: blended images.

use serde_json::json;

use super::{Verdict, case, dense, inputs, painted, shape, tolerant, with};
use crate::vectors::model::{File, Group, Test};
use crate::vectors::subject::{Dtype, Layout, Shape};
use crate::vectors::value::{float, hex, join};

/// Ends of a type's range, by turns.
fn bright(of: &Shape, swapped: bool) -> Vec<u8> {
    let ends: [Vec<u8>; 2] = match of.dtype {
        Dtype::U8 => [vec![255], vec![0]],
        Dtype::U16 => [vec![255, 255], vec![0, 0]],
        Dtype::F32 => [1.0_f32.to_le_bytes().to_vec(), (-1.0_f32).to_le_bytes().to_vec()],
    };
    let count = of.bytes() / of.dtype.bytes();
    // Both bright, bright over dark, dark over bright, both dark.
    (0..count).flat_map(|i| ends[if swapped { i / 2 % 2 } else { i % 2 }].clone()).collect()
}

/// The formula in binary64, rounded once; bytes between rows are those of `a`. And the mean of the values before that.
fn blended(of: &Shape, a: &[u8], b: &[u8], lambda: f64) -> (Vec<u8>, f64) {
    let (mut out, mut sum) = (a.to_vec(), 0.0);
    let value = |bytes: &[u8]| {
        let bits = bytes.iter().rev().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte));
        if of.dtype == Dtype::F32 { f64::from(f32::from_bits(bits)) } else { f64::from(bits) }
    };
    for y in 0..of.height {
        for x in 0..of.width {
            for channel in 0..of.channels {
                let at = of.at(x, y, channel)..of.at(x, y, channel) + of.dtype.bytes();
                let mean = lambda * value(&a[at.clone()]) + (1.0 - lambda) * value(&b[at.clone()]);
                sum += mean;
                let bits = match of.dtype {
                    Dtype::U8 | Dtype::U16 => (mean + 0.5).floor() as u32,
                    Dtype::F32 => (mean as f32).to_bits(),
                };
                out[at.clone()].copy_from_slice(&bits.to_le_bytes()[..of.dtype.bytes()]);
            }
        }
    }
    (out, sum / f64::from(of.width * of.height * of.channels))
}

/// A case of `mixup`, whose answer is the formula's and not the core's, which has weights of 15 bits.
fn free(of: &Shape, [a, b]: &[Vec<u8>; 2], lambda: f64, result: Verdict, flags: &[&'static str]) -> Test {
    let ends = lambda == 0.0 || lambda == 1.0;
    let input = with(pixels(of, a, b), json!({ "lambda": float(lambda) }));
    let mut test = case("mixup", result, flags, format!("lambda {lambda}"), input);
    // What has the ends is not computed: a sum with 0 would lose the sign of another 0.
    if ends {
        return test;
    }
    let (mixed, mean) = blended(of, a, b, lambda);
    test.output = json!({ "pixels": hex(&mixed) });
    // Rounding up at halves is no bias where halves are rare; cutting off is one of half a level.
    if of.dtype != Dtype::F32 && lambda != 0.5 && !flags.contains(&"Wrap") && !flags.contains(&"PaddedRows") {
        join(&mut test.output, json!({ "mean": float(mean), "mean_tolerance": float(0.25) }));
    }
    // One level for those who round otherwise or whose weight has fewer digits; integers of 16 bits need a weight of more.
    let tolerance = match of.dtype {
        Dtype::U8 => 1.0,
        Dtype::U16 => 2.0,
        Dtype::F32 => 1.0 / 1048576.0,
    };
    tolerant(test, tolerance)
}

fn pixels(of: &Shape, a: &[u8], b: &[u8]) -> serde_json::Value {
    with(shape(of), json!({ "pixels_a": hex(a), "pixels_b": hex(b) }))
}

const fn layout(dtype: Dtype) -> Layout {
    match dtype {
        Dtype::U8 => Layout::Nhwc,
        Dtype::U16 | Dtype::F32 => Layout::Nchw,
    }
}

fn tests() -> [Vec<Test>; 3] {
    let mut random = inputs(7);
    let (mut frees, mut exact, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    let mut padded = Vec::new();
    for dtype in Dtype::ALL {
        let of = dense(dtype, layout(dtype), (5, 3), 3);
        let typed: Option<&'static str> = match dtype {
            Dtype::U8 => None,
            Dtype::U16 => Some("Sixteen"),
            Dtype::F32 => Some("Binary32"),
        };
        let result = if dtype == Dtype::U16 { Verdict::Acceptable } else { Verdict::Valid };
        for lambda in [0.0, 1.0, 0.5, 0.25, 0.3, 0.7182818, 0.001, 0.999] {
            let ends = lambda == 0.0 || lambda == 1.0;
            let mut flags = vec![if ends { "WeightEnds" } else { "Rounding" }];
            flags.extend(typed);
            for extreme in [false, true] {
                let pair = if extreme {
                    [bright(&of, false), bright(&of, true)]
                } else {
                    [painted(&of, &mut random), painted(&of, &mut random)]
                };
                let mut flags = flags.clone();
                if extreme {
                    flags.push("Wrap");
                }
                frees.push(free(&of, &pair, lambda, result, &flags));
            }
            weights.push(case(
                "mixup_weight",
                Verdict::Acceptable,
                &["ExactWeight"],
                format!("the weight of lambda {lambda}"),
                json!({ "dtype": dtype.name(), "lambda": float(lambda) }),
            ));
        }
        let grid = dtype.grid();
        for q in [0, 1, grid / 3, grid / 2, grid - 1, grid, random.below(grid), random.below(grid)] {
            let (a, b) = (painted(&of, &mut random), painted(&of, &mut random));
            let mut flags = vec!["ExactWeight", if q == 0 || q == grid { "WeightEnds" } else { "Rounding" }];
            flags.extend(typed);
            let input = with(pixels(&of, &a, &b), json!({ "q": q }));
            exact.push(case("mixup_exact", Verdict::Acceptable, &flags, format!("q = {q}"), input));
        }
        let of = Shape { row_pitch: of.row_pitch + 2 * dtype.bytes(), ..of };
        let mut flags = vec!["PaddedRows"];
        flags.extend(typed);
        let pair = [painted(&of, &mut random), painted(&of, &mut random)];
        padded.push(free(&of, &pair, 0.3, Verdict::Acceptable, &flags));
        flags.push("ExactWeight");
        let input = with(pixels(&of, &pair[0], &pair[1]), json!({ "q": grid / 3 }));
        exact.push(case("mixup_exact", Verdict::Acceptable, &flags, "rows with padding", input));
    }
    frees.extend(padded);
    [frees, exact, weights]
}

pub(in crate::vectors) fn file() -> File {
    let [frees, exact, weights] = tests();
    File {
        kind: "mixup",
        header: "Two images blended: lambda of A and 1 - lambda of B. `mixup` allows a tolerance in units of the pixels' type, and where there is a `mean` one for the mean of all values, which a bias would move; `mixup_exact` is the core's own arithmetic with weight q / 2^15, of f32 q / 2^24.",
        groups: vec![Group::new("mixup", frees), Group::new("mixup_exact", exact), Group::new("mixup_weight", weights)],
    }
}
