//! `invalid`: what must be refused. Each group begins with what would be right, of which the cases change something.

use serde_json::{Value, json};

use super::{Verdict, dense, edges, shape, with};
use crate::vectors::ask::output;
use crate::vectors::model::{File, Group, Test};
use crate::vectors::naive::Naive;
use crate::vectors::subject::{Dtype, Layout, Patch, Refusal};
use crate::vectors::value::float;

/// What is wrong: comment, flag, and the fields that make it so.
type Wrong = (&'static str, &'static str, Value);

/// Checks that the reference takes the input as it was, and refuses what was made of it.
fn group(op: &'static str, right: &Value, wrong: Vec<Wrong>) -> Group {
    if let Err(refusal) = output(&Naive, op, right) {
        unreachable!("{op}: {refusal:?}: {right}");
    }
    let test = |(comment, flag, change): Wrong| {
        let input = with(right.clone(), change);
        let refused = output(&Naive, op, &input);
        assert!(matches!(refused, Err(Refusal::Refused(_))), "{op}: {comment}: {refused:?}");
        Test { comment: comment.into(), flags: vec![flag], input, output: Value::Null, result: Verdict::Invalid }
    };
    Group::new(op, wrong.into_iter().map(test).collect())
}

/// A number of every kind that is not in `[0, 1]`.
fn fractions(name: &'static str) -> Vec<Wrong> {
    let of = |x: f64| json!({ name: float(x) });
    vec![
        ("NaN", "NotANumber", of(f64::NAN)),
        ("below 0", "OutOfRange", of(-1e-9)),
        ("above 1", "OutOfRange", of(1.0 + f64::EPSILON)),
        ("infinity", "OutOfRange", of(f64::INFINITY)),
    ]
}

fn boxes_outside() -> Vec<Wrong> {
    vec![
        ("a column too many", "BoxOutside", json!({ "x1": 5 })),
        ("a row too many", "BoxOutside", json!({ "y1": 4 })),
        ("columns reversed", "BoxOutside", json!({ "x0": 3, "x1": 2 })),
        ("rows reversed", "BoxOutside", json!({ "y0": 2, "y1": 1 })),
        ("an edge at the end of 32 bits", "BoxOutside", json!({ "x1": u32::MAX })),
    ]
}

fn of_boxes() -> Group {
    let right = super::boxes::input((4, 3), super::RULES[0], 0.5, (1.0, 1.0));
    let mut wrong = fractions("lambda");
    for (comment, flag, x) in
        [("NaN", "NotANumber", f64::NAN), ("before the image", "OutOfRange", -0.5), ("behind it", "OutOfRange", 4.0)]
    {
        wrong.push((comment, flag, json!({ "cx": float(x) })));
        wrong.push((comment, flag, json!({ "cy": float(x) })));
    }
    wrong.push(("no columns", "ZeroSize", json!({ "width": 0 })));
    wrong.push(("no rows", "ZeroSize", json!({ "height": 0 })));
    group("box", &right, wrong)
}

fn of_labels() -> [Group; 2] {
    let patch = Patch { x0: 0, y0: 0, x1: 2, y1: 2 };
    let right = with(super::boxes::input((4, 3), super::RULES[0], 0.5, (1.0, 1.0)), edges(patch));
    let right = with(right, json!({ "a": 0, "b": 2, "classes": 3, "smoothing": float(0.0) }));
    let mut wrong = boxes_outside();
    wrong.extend(fractions("smoothing"));
    wrong.push(("a class of the base too large", "UnknownClass", json!({ "a": 3 })));
    wrong.push(("a class of the donor too large", "UnknownClass", json!({ "b": 3 })));
    wrong.push(("no classes", "UnknownClass", json!({ "classes": 0 })));
    wrong.push(("no pixels", "ZeroSize", json!({ "width": 0, "x1": 0 })));
    let rows = json!({ "row_a": [float(1.0), float(0.0)], "row_b": [float(0.0), float(1.0)], "kept": 1, "total": 2 });
    let uneven = vec![
        ("a row too short", "ShapeMismatch", json!({ "row_b": [float(1.0)] })),
        ("a row too long", "ShapeMismatch", json!({ "row_b": [float(1.0), float(0.0), float(0.0)] })),
        ("more kept than there is", "OutOfRange", json!({ "kept": 3 })),
        ("nothing of nothing", "ZeroSize", json!({ "kept": 0, "total": 0 })),
    ];
    [group("label", &right, wrong), group("label_rows", &rows, uneven)]
}

fn of_pixels() -> [Group; 3] {
    let image = dense(Dtype::U8, Layout::Nhwc, (4, 3), 1);
    let patch = edges(Patch { x0: 1, y0: 1, x1: 3, y1: 2 });
    let (zeros, ones) = ("00".repeat(12), "01".repeat(12));
    let right = with(shape(&image), json!({ "pixels_a": zeros, "pixels_b": ones }));
    let short = "01".repeat(11);
    let lengths = || {
        vec![
            ("a base too short", "ShapeMismatch", json!({ "pixels_a": short })),
            ("a donor too short", "ShapeMismatch", json!({ "pixels_b": short })),
            ("an empty donor", "ShapeMismatch", json!({ "pixels_b": "" })),
            ("no channels", "ZeroSize", json!({ "channels": 0 })),
            ("rows that overlap", "ShapeMismatch", json!({ "row_pitch": 3 })),
        ]
    };
    let cut = with(right.clone(), patch.clone());
    let cuts = group("cutmix", &cut, boxes_outside().into_iter().chain(lengths()).collect());
    let mixed = with(right, json!({ "lambda": float(0.5) }));
    let mixes = group("mixup", &mixed, fractions("lambda").into_iter().chain(lengths()).collect());
    let filled = with(with(shape(&image), patch), json!({ "pixels_a": zeros, "fill": "07" }));
    let mut wrong = boxes_outside();
    wrong.push(("an image too short", "ShapeMismatch", json!({ "pixels_a": short })));
    wrong.push(("a value too few to fill with", "ShapeMismatch", json!({ "fill": "" })));
    wrong.push(("a value too many", "ShapeMismatch", json!({ "fill": "0708" })));
    [cuts, mixes, group("cutout", &filled, wrong)]
}

fn of_batches() -> Group {
    let image = dense(Dtype::U8, Layout::Nhwc, (2, 1), 1);
    let right = with(
        shape(&image),
        json!({ "count": 2, "partners": [1, 0], "boxes": [[0, 0, 1, 1], [0, 0, 1, 1]], "images": "00010203" }),
    );
    group(
        "cutmix_batch",
        &right,
        vec![
            ("a partner that is not there", "UnknownPartner", json!({ "partners": [2, 0] })),
            ("a partner far away", "UnknownPartner", json!({ "partners": [0, u32::MAX] })),
            ("a partner too few", "ShapeMismatch", json!({ "partners": [1] })),
            ("a partner too many", "ShapeMismatch", json!({ "partners": [1, 0, 0] })),
            ("a box too few", "ShapeMismatch", json!({ "boxes": [[0, 0, 1, 1]] })),
            ("a box outside", "BoxOutside", json!({ "boxes": [[0, 0, 1, 1], [0, 0, 3, 1]] })),
            ("a box reversed", "BoxOutside", json!({ "boxes": [[1, 0, 0, 1], [0, 0, 1, 1]] })),
        ],
    )
}

fn of_draws() -> [Group; 2] {
    let alphas = |names: &[&str]| -> Vec<Wrong> {
        let of = |x: f64| names.iter().map(|name| ((*name).to_owned(), float(x))).collect::<Value>();
        vec![
            ("alpha 0", "BadAlpha", of(0.0)),
            ("alpha below 0", "BadAlpha", of(-1.0)),
            ("NaN", "NotANumber", of(f64::NAN)),
            ("infinity", "BadAlpha", of(f64::INFINITY)),
        ]
    };
    let boxes = json!({ "rule": "paper", "width": 4, "height": 3, "alpha": float(1.0), "draws": 10 });
    let mut wrong = alphas(&["alpha"]);
    wrong.push(("no columns", "ZeroSize", json!({ "width": 0 })));
    let beta = json!({ "a": float(1.0), "b": float(1.0), "draws": 10, "at": [float(0.5)] });
    [group("draw_boxes", &boxes, wrong), group("draw_beta", &beta, alphas(&["a", "b"]))]
}

pub(in crate::vectors) fn file() -> File {
    let mut groups = vec![of_boxes()];
    groups.extend(of_labels());
    groups.extend(of_pixels());
    groups.push(of_batches());
    groups.extend(of_draws());
    File {
        kind: "invalid",
        header: "Inputs that must be refused with an error: no answer, no crash, no default. An implementation may have no such function at all.",
        groups,
    }
}
