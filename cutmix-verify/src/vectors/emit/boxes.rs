//! `box`: from lambda and centre to pixels.

use super::{any_centre, case, inputs, of_rule};
use crate::subject::reference::Naive;
use crate::subject::{CutMixUnderTest, Rule};
use crate::vectors::model::{Case, Expect, File};
use crate::vectors::question::{GivenLambda, Placed, Question, Sides};
use crate::vectors::value::Real;

/// Size, lambda and centre, a flag, and the comment.
type Given = ((u32, u32), f64, (f64, f64), Option<&'static str>, &'static str);

pub(crate) const fn placed((width, height): (u32, u32), rule: Rule, (cx, cy): (f64, f64)) -> Placed {
    Placed { rule, cx: Real(cx), cy: Real(cy), width, height }
}

pub(crate) const fn lambda(lambda: f64) -> GivenLambda {
    GivenLambda { lambda: Real(lambda) }
}

/// What is special about a box, seen from what comes out.
pub(super) fn flags(size: (u32, u32), rule: Rule, lambda: f64, centre: (f64, f64), flags: &mut Vec<&'static str>) {
    let Ok(patch) = Naive.patch_box(rule, lambda, centre, size) else { return };
    let r = (1.0 - lambda).sqrt();
    let half = (f64::from(size.0) * r / 2.0, f64::from(size.1) * r / 2.0);
    let area = patch.area();
    let total = u64::from(size.0) * u64::from(size.1);
    let mut add = |condition: bool, flag| {
        if condition && !flags.contains(&flag) {
            flags.push(flag);
        }
    };
    add(area == 0, "EmptyBox");
    add(area == total, "FullBox");
    add(area > 0 && centre.0 - half.0 < -0.5, "ClippedLeft");
    add(area > 0 && centre.1 - half.1 < -0.5, "ClippedTop");
    add(area > 0 && centre.0 + half.0 > f64::from(size.0) + 0.5, "ClippedRight");
    add(area > 0 && centre.1 + half.1 > f64::from(size.1) + 0.5, "ClippedBottom");
    add(size.0 != size.1, "NonSquare");
    add(size.0 % 2 == 1 || size.1 % 2 == 1, "OddSize");
    add(size.0 == 1 || size.1 == 1, "OnePixel");
    add(total > 1 << 24, "LargeImage");
}

fn given() -> Vec<Given> {
    let mut out = Vec::new();
    let mut add = |size, lambda, centre, flag, comment| out.push((size, lambda, centre, flag, comment));
    // 1 - (m/16)^2 is exact, and so is its root: sides are W m / 16, without a rounding.
    for (size, centres) in [
        ((32, 32), [(16.0, 16.0), (3.0, 30.5)]),
        ((32, 16), [(8.5, 4.5), (31.75, 0.25)]),
        ((48, 80), [(24.0, 40.5), (0.0, 79.0)]),
        ((17, 31), [(8.5, 15.0), (16.5, 2.5)]),
    ] {
        for (i, m) in [1_u32, 2, 5, 8, 11, 15].into_iter().enumerate() {
            let (lambda, centre) = (1.0 - f64::from(m * m) / 256.0, centres[i % 2]);
            add(size, lambda, centre, Some("ExactBoundary"), "sides of m/16 of the image");
            add(size, lambda + 2.0_f64.powi(-40), centre, Some("JustBelowBoundary"), "sides just below");
        }
    }
    // Ends of lambda.
    for size in [(32, 32), (7, 5), (1, 1), (1, 9), (16, 1)] {
        let middle = (f64::from(size.0) / 2.0, f64::from(size.1) / 2.0);
        for (lambda, comment) in [
            (0.0, "lambda 0"),
            (1.0, "lambda 1: nothing is cut"),
            (f64::EPSILON / 2.0, "the least lambda that 1 - lambda can tell from 0"),
            (1.0 - f64::EPSILON / 2.0, "the largest lambda below 1"),
        ] {
            add(size, lambda, middle, None, comment);
        }
    }
    for centre in [(0.0, 0.0), (31.999, 31.999), (0.0, 31.5)] {
        add((32, 32), 0.0, centre, None, "lambda 0 off the middle");
    }
    for (size, lambda) in [((4096, 4097), 0.3), ((65535, 32769), 0.7), ((100_000, 3), 0.5)] {
        let centre = (f64::from(size.0) * 0.3, f64::from(size.1) * 0.9);
        add(size, lambda, centre, None, "an image of very many pixels");
    }
    let mut random = inputs(1);
    for size in [(40, 24), (24, 40), (32, 32), (7, 5), (13, 64), (224, 224), (2, 2), (3, 100)] {
        for i in 0..8 {
            let lambda = if i % 2 == 0 { random.unit() } else { random.beta(0.3, 0.3) };
            let centre = any_centre(size, &mut random);
            add(size, lambda, centre, Some("Ordinary"), "drawn");
        }
    }
    out
}

fn tests(rule: Rule) -> Vec<Case> {
    let (of_rule, result) = of_rule(rule);
    let test = |(size, lambda, centre, flag, comment): Given| {
        let mut flags = Vec::from_iter(flag);
        self::flags(size, rule, lambda, centre, &mut flags);
        flags.extend(of_rule);
        let question = Question::Box { of: placed(size, rule, centre), lambda: self::lambda(lambda) };
        case(result, &flags, comment, &question)
    };
    given().into_iter().map(test).collect()
}

fn fixed() -> Vec<Case> {
    let mut random = inputs(2);
    let mut out = Vec::new();
    for rule in Rule::ALL {
        for (size, sides) in
            [((32, 32), (16, 16)), ((40, 24), (9, 16)), ((7, 5), (3, 50)), ((32, 32), (0, 8)), ((9, 9), (1, 1))]
        {
            for _ in 0..2 {
                let centre = any_centre(size, &mut random);
                let mut flags = vec!["FixedSides"];
                flags.extend(of_rule(rule).0);
                if size.0 != size.1 {
                    flags.push("NonSquare");
                }
                let patch = Naive.fixed_box(rule, sides, centre, size);
                if patch.is_ok_and(|patch| patch.is_empty()) {
                    flags.push("EmptyBox");
                }
                let (of, sides) = (placed(size, rule, centre), Sides { side_x: sides.0, side_y: sides.1 });
                let question = Question::FixedBox { of, sides };
                out.push(case(Expect::Acceptable, &flags, "a box of fixed sides", &question));
            }
        }
    }
    out
}

pub(crate) fn file() -> File {
    let mut groups: Vec<Vec<Case>> = Rule::ALL.into_iter().map(tests).collect();
    groups.push(fixed());
    File::new(
        "box",
        "From a drawn lambda and a centre to the clipped box: columns x0 to x1 and rows y0 to y1, ends exclusive.",
        groups,
    )
}
