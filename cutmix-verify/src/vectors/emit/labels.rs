//! `label`: the row of a mixed label.

use super::{Expect, any_centre, boxes, case, inputs, tolerant};
use crate::subject::reference::{Naive, kept};
use crate::subject::{CutMixUnderTest, LabelCase, Rule};
use crate::vectors::model::{Case, File};
use crate::vectors::question::{Question, Rows, TwoClasses};
use crate::vectors::value::{Real, Real32};

/// A few roundings of binary32: less than any smaller type makes.
pub(crate) const TOLERANCE: f64 = 1.0 / 4194304.0;

fn test(given: LabelCase, flags: &[&'static str], comment: &str) -> Case {
    let LabelCase { size, rule, lambda, centre, patch, classes: [a, b], number, smoothing } = given;
    let mut flags = flags.to_vec();
    boxes::flags(size, rule, lambda, centre, &mut flags);
    flags.retain(|flag| !matches!(*flag, "OddSize" | "NonSquare" | "OnePixel"));
    let (kept, total) = kept(patch, size);
    let weight = kept as f64 / total as f64;
    let r = (1.0 - lambda).sqrt();
    let drawn =
        1.0 - f64::from((f64::from(size.0) * r) as u32) * f64::from((f64::from(size.1) * r) as u32) / total as f64;
    for (condition, flag) in [
        ((weight - lambda).abs() > 1e-3, "RawLambda"),
        ((weight - drawn).abs() > 1e-3, "UnclippedArea"),
        ((weight - 0.5).abs() > 1e-3, "SwappedWeights"),
        (kept != 0 && kept != total, "IntegerLabel"),
        ((f64::from(half::f16::from_f64(weight)) - weight).abs() > 1e-5, "HalfPrecision"),
        (a == b, "SameClass"),
        (smoothing > 0.0, "LabelSmoothing"),
        (a.max(b) > 256, "ManyClasses"),
    ] {
        // Of one class there is nothing to weigh.
        if condition && (a != b || matches!(flag, "SameClass" | "LabelSmoothing" | "ManyClasses")) {
            flags.push(flag);
        }
    }
    let classes = TwoClasses { a, b, classes: number, smoothing: Real(smoothing) };
    let (of, lambda) = (boxes::placed(size, rule, centre), boxes::lambda(lambda));
    let question = Question::Label { of, lambda, patch, classes };
    let test = tolerant(case(Expect::Valid, &flags, comment, &question), TOLERANCE);
    if smoothing > 0.0 { Case { result: Expect::Acceptable, ..test } } else { test }
}

fn given(size: (u32, u32), lambda: f64, centre: (f64, f64), classes: [u32; 2], number: u32) -> LabelCase {
    let rule = Rule::Paper;
    let patch = Naive.patch_box(rule, lambda, centre, size).unwrap_or_else(|_| unreachable!("a box of the reference"));
    LabelCase { size, rule, lambda, centre, patch, classes, number, smoothing: 0.0 }
}

fn ids() -> Vec<Case> {
    let mut random = inputs(3);
    let mut out = Vec::new();
    for size in [(40, 24), (32, 32), (7, 5), (24, 96)] {
        for i in 0..14_u32 {
            let (centre, lambda) = (any_centre(size, &mut random), random.unit());
            let classes = if i == 13 { [2, 2] } else { [i % 5, (i + 1 + i % 3) % 5] };
            out.push(test(given(size, lambda, centre, classes, 5), &["Ordinary"], "classes of 5"));
        }
    }
    for (lambda, comment) in [(0.0, "nothing is kept"), (1.0, "everything is kept")] {
        out.push(test(given((33, 32), lambda, (16.5, 16.0), [0, 3], 4), &[], comment));
    }
    // A third of three pixels, and other ratios without an end.
    for size in [(3, 1), (7, 1), (1, 11), (13, 13)] {
        for lambda in [0.2, 0.6] {
            let centre = (f64::from(size.0) / 2.0, f64::from(size.1) / 2.0);
            out.push(test(given(size, lambda, centre, [1, 0], 2), &[], "a ratio that no binary fraction is"));
        }
    }
    for size in [(5000, 4999), (65535, 65537), (70001, 65539)] {
        let centre = (f64::from(size.0) * 0.1, f64::from(size.1) * 0.4);
        out.push(test(given(size, 0.41, centre, [0, 1], 2), &[], "an area beyond 2^24, 2^31 or 2^32 pixels"));
    }
    for classes in [[257, 256], [0, 299], [290, 291]] {
        out.push(test(given((8, 8), 0.5, (2.0, 7.0), classes, 300), &[], "classes of 300"));
    }
    for smoothing in [0.1, 0.5, 1.0] {
        for i in 0..4_u32 {
            let (centre, lambda) = (any_centre((40, 24), &mut random), random.unit());
            let given = given((40, 24), lambda, centre, if i == 3 { [1, 1] } else { [i, 3] }, 4);
            out.push(test(LabelCase { smoothing, ..given }, &[], "smoothed once, after mixing"));
        }
    }
    out
}

fn rows() -> Vec<Case> {
    let mut random = inputs(4);
    let mut out = Vec::new();
    for (kept, total) in [(720_u64, 960_u64), (1, 3), (0, 7), (7, 7), (33, 35), (50000, 50176)] {
        for classes in [2_usize, 3, 9, 17] {
            let mut row = || -> Vec<Real32> {
                let weights: Vec<f64> = (0..classes).map(|_| random.unit()).collect();
                let sum: f64 = weights.iter().sum();
                weights.iter().map(|w| Real32((w / sum) as f32)).collect()
            };
            let question = Question::LabelRows { rows: Rows { row_a: row(), row_b: row(), kept, total } };
            let flags: &[&str] = if kept * 2 == total { &["SoftRows"] } else { &["SoftRows", "SwappedWeights"] };
            out.push(tolerant(case(Expect::Acceptable, flags, "two soft rows", &question), TOLERANCE));
        }
    }
    out
}

pub(in crate::vectors) fn file() -> File {
    File::new(
        "label",
        "The label of a mixed image. The weight of the base is the share of pixels outside the clipped box; lambda, centre and rule are there to show that they are not used.",
        vec![ids(), rows()],
    )
}
