//! `invalid`: what must be refused. Each group begins with what would be right, of which the cases change something.

use serde_json::{Value, json};

use super::{boxes, case, dense};
use crate::subject::reference::Naive;
use crate::subject::{Dtype, Layout, Patch, Rule};
use crate::vectors::model::{Case, Expect, File};
use crate::vectors::question::{
    Base, BetaDraws, BothImages, BoxDraws, Filling, GivenBatch, Question, Reply, Rows, TwoClasses, ask,
};
use crate::vectors::value::{Hex, Real, Real32, join, reals};

/// What is wrong: comment, flag, and the fields that make it so.
type Spoilt = (&'static str, &'static str, Value);

/// Checks that the reference takes the input as it was, and refuses what was made of it.
fn group(right: &Question, wrong: impl IntoIterator<Item = Spoilt>) -> Vec<Case> {
    let right = case(Expect::Invalid, &[], "", right);
    let spoil = |(comment, flag, change): Spoilt| {
        let mut case = Case { comment: comment.into(), flags: vec![flag.into()], output: Value::Null, ..right.clone() };
        join(&mut case.input, change);
        let reply = ask(&Naive, &case.op, &case.input);
        assert!(matches!(reply, Reply::Refused(_)), "{}: {comment}: {reply:?}", case.op);
        case
    };
    wrong.into_iter().map(spoil).collect()
}

/// A number of every kind that is not in `[0, 1]`.
fn fractions(name: &'static str) -> Vec<Spoilt> {
    let of = |x: f64| json!({ name: Real(x) });
    vec![
        ("NaN", "NotANumber", of(f64::NAN)),
        ("below 0", "OutOfRange", of(-1e-9)),
        ("above 1", "OutOfRange", of(1.0 + f64::EPSILON)),
        ("infinity", "OutOfRange", of(f64::INFINITY)),
    ]
}

fn boxes_outside() -> Vec<Spoilt> {
    vec![
        ("a column too many", "BoxOutside", json!({ "x1": 5 })),
        ("a row too many", "BoxOutside", json!({ "y1": 4 })),
        ("columns reversed", "BoxOutside", json!({ "x0": 3, "x1": 2 })),
        ("rows reversed", "BoxOutside", json!({ "y0": 2, "y1": 1 })),
        ("an edge at the end of 32 bits", "BoxOutside", json!({ "x1": u32::MAX })),
    ]
}

fn of_boxes() -> Vec<Case> {
    let right = Question::Box { of: boxes::placed((4, 3), Rule::Paper, (1.0, 1.0)), lambda: boxes::lambda(0.5) };
    let mut wrong = fractions("lambda");
    for (comment, flag, x) in
        [("NaN", "NotANumber", f64::NAN), ("before the image", "OutOfRange", -0.5), ("behind it", "OutOfRange", 4.0)]
    {
        wrong.push((comment, flag, json!({ "cx": Real(x) })));
        wrong.push((comment, flag, json!({ "cy": Real(x) })));
    }
    wrong.push(("no columns", "ZeroSize", json!({ "width": 0 })));
    wrong.push(("no rows", "ZeroSize", json!({ "height": 0 })));
    group(&right, wrong)
}

fn of_labels() -> [Vec<Case>; 2] {
    let classes = TwoClasses { a: 0, b: 2, classes: 3, smoothing: Real(0.0) };
    let (of, lambda) = (boxes::placed((4, 3), Rule::Paper, (1.0, 1.0)), boxes::lambda(0.5));
    let right = Question::Label { of, lambda, patch: Patch::full(2, 2), classes };
    let mut wrong = boxes_outside();
    wrong.extend(fractions("smoothing"));
    wrong.push(("a class of the base too large", "UnknownClass", json!({ "a": 3 })));
    wrong.push(("a class of the donor too large", "UnknownClass", json!({ "b": 3 })));
    wrong.push(("no classes", "UnknownClass", json!({ "classes": 0 })));
    wrong.push(("no pixels", "ZeroSize", json!({ "width": 0, "x1": 0 })));
    let rows = Rows { row_a: vec![Real32(1.0); 2], row_b: vec![Real32(0.0); 2], kept: 1, total: 2 };
    let uneven = [
        ("a row too short", "ShapeMismatch", &[1.0][..], 1, 2),
        ("a row too long", "ShapeMismatch", &[1.0, 0.0, 0.0], 1, 2),
        ("more kept than there is", "OutOfRange", &[0.0, 1.0], 3, 2),
        ("nothing of nothing", "ZeroSize", &[0.0, 1.0], 0, 0),
    ];
    let uneven = uneven.map(|(comment, flag, row_b, kept, total)| {
        let rows = json!({ "row_a": reals(&[1.0, 0.0]), "row_b": reals(row_b), "kept": kept, "total": total });
        (comment, flag, rows)
    });
    [group(&right, wrong), group(&Question::LabelRows { rows }, uneven)]
}

fn of_pixels() -> [Vec<Case>; 3] {
    let shape = dense(Dtype::U8, Layout::Nhwc, (4, 3), 1);
    let patch = Patch { x0: 1, y0: 1, x1: 3, y1: 2 };
    let pair = || BothImages { pixels_a: Hex(vec![0; 12]), pixels_b: Hex(vec![1; 12]) };
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
    let cut = Question::Cutmix { shape, patch, pair: pair() };
    let cuts = group(&cut, boxes_outside().into_iter().chain(lengths()));
    let mixed = Question::Mixup { shape, pair: pair(), lambda: boxes::lambda(0.5) };
    let mixes = group(&mixed, fractions("lambda").into_iter().chain(lengths()));
    let (base, fill) = (Base { pixels_a: Hex(vec![0; 12]) }, Filling { fill: Hex(vec![7]) });
    let filled = Question::Cutout { shape, patch, base, fill };
    let mut wrong = boxes_outside();
    wrong.push(("an image too short", "ShapeMismatch", json!({ "pixels_a": short })));
    wrong.push(("a value too few to fill with", "ShapeMismatch", json!({ "fill": "" })));
    wrong.push(("a value too many", "ShapeMismatch", json!({ "fill": "0708" })));
    [cuts, mixes, group(&filled, wrong)]
}

fn of_batches() -> Vec<Case> {
    let shape = dense(Dtype::U8, Layout::Nhwc, (2, 1), 1);
    let batch =
        GivenBatch { count: 2, partners: vec![1, 0], boxes: vec![[0, 0, 1, 1]; 2], images: Hex(vec![0, 1, 2, 3]) };
    group(
        &Question::CutmixBatch { shape, batch },
        [
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

fn of_draws() -> [Vec<Case>; 2] {
    let alphas = |names: &[&str]| -> Vec<Spoilt> {
        let of = |x: f64| names.iter().map(|name| ((*name).to_owned(), json!(Real(x)))).collect::<Value>();
        vec![
            ("alpha 0", "BadAlpha", of(0.0)),
            ("alpha below 0", "BadAlpha", of(-1.0)),
            ("NaN", "NotANumber", of(f64::NAN)),
            ("infinity", "BadAlpha", of(f64::INFINITY)),
        ]
    };
    let boxes = BoxDraws { width: 4, height: 3, rule: Rule::Paper, alpha: Real(1.0), draws: 10 };
    let mut wrong = alphas(&["alpha"]);
    wrong.push(("no columns", "ZeroSize", json!({ "width": 0 })));
    let beta = BetaDraws { a: Real(1.0), b: Real(1.0), draws: 10, at: vec![Real(0.5)] };
    let beta = group(&Question::DrawBeta { of: beta }, alphas(&["a", "b"]));
    [group(&Question::DrawBoxes { of: boxes }, wrong), beta]
}

pub(in crate::vectors) fn file() -> File {
    let mut groups = vec![of_boxes()];
    groups.extend(of_labels());
    groups.extend(of_pixels());
    groups.push(of_batches());
    groups.extend(of_draws());
    File::new(
        "invalid",
        "Inputs that must be refused with an error: no answer, no crash, no default. An implementation may have no such function at all.",
        groups,
    )
}
