//! `mixup`: blended images.

use serde_json::json;

use super::{Verdict, case, dense, inputs, painted, shape, tolerant, with};
use crate::vectors::model::{File, Group, Test};
use crate::vectors::subject::{Dtype, Layout, Shape};
use crate::vectors::value::{float, hex};

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
    let (mut free, mut exact, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for dtype in Dtype::ALL {
        let of = dense(dtype, layout(dtype), (5, 3), 3);
        let typed: Option<&'static str> = match dtype {
            Dtype::U8 => None,
            Dtype::U16 => Some("Sixteen"),
            Dtype::F32 => Some("Binary32"),
        };
        let result = if dtype == Dtype::U16 { Verdict::Acceptable } else { Verdict::Valid };
        // One level for those who round otherwise or whose weight has fewer digits; integers of 16 bits need a weight of more.
        let tolerance = match dtype {
            Dtype::U8 => 1.0,
            Dtype::U16 => 2.0,
            Dtype::F32 => 1.0 / 1048576.0,
        };
        for lambda in [0.0, 1.0, 0.5, 0.25, 0.3, 0.7182818, 0.001, 0.999] {
            let ends = lambda == 0.0 || lambda == 1.0;
            let mut flags = vec![if ends { "WeightEnds" } else { "Rounding" }];
            flags.extend(typed);
            for extreme in [false, true] {
                let (a, b) = if extreme {
                    (bright(&of, false), bright(&of, true))
                } else {
                    (painted(&of, &mut random), painted(&of, &mut random))
                };
                let mut flags = flags.clone();
                if extreme {
                    flags.push("Wrap");
                }
                let input = with(pixels(&of, &a, &b), json!({ "lambda": float(lambda) }));
                let test = case("mixup", result, &flags, format!("lambda {lambda}"), input);
                free.push(tolerant(test, if ends { 0.0 } else { tolerance }));
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
    }
    [free, exact, weights]
}

pub(in crate::vectors) fn file() -> File {
    let [free, exact, weights] = tests();
    File {
        kind: "mixup",
        header: "Two images blended: lambda of A and 1 - lambda of B. `mixup` allows a tolerance in units of the pixels' type; `mixup_exact` is the core's own arithmetic with weight q / 2^15, of f32 q / 2^24.",
        groups: vec![Group::new("mixup", free), Group::new("mixup_exact", exact), Group::new("mixup_weight", weights)],
    }
}
