//! `law` and `beta`: what a program draws with its own generator, against exact probabilities.

use serde_json::json;

use super::{Expect, answered, of_rule};
use crate::law::boxes::Table;
use crate::law::features::Features;
use crate::law::lambda::Lambda;
use crate::law::special::beta_inc;
use crate::profile::shape::shape_named;
use crate::subject::Rule;
use crate::vectors::model::{Case, File};
use crate::vectors::question::{BetaDraws, BoxDraws, Question};
use crate::vectors::value::{Real, reals};

/// A deviation of a tenth of an area's probability shows; one by chance does not, in a billion runs.
const DRAWS: u32 = 20_000;

fn of_boxes(rule: Rule, size: (u32, u32), alpha: f64) -> Case {
    let (shape, law) = (shape_named(rule.name()), Lambda::beta(alpha));
    let shape = shape.unwrap_or_else(|| unreachable!("the catalogue has the rules of the reference"));
    let dims = [size.0, size.1];
    let features = Features::new(shape, dims);
    let moments = law.moments(features.grid());
    let table = Table::new(shape, dims, &[]);
    let filled = table.filled(&law.moments(table.grid())).min(1.0);
    let mut areas = features.areas(&moments);
    // What summation leaves of an impossible area is nothing.
    for p in &mut areas {
        *p = if *p > 1e-15 { *p * filled } else { 0.0 };
    }
    areas[0] = 1.0 - filled;
    let mean: f64 = areas.iter().enumerate().map(|(area, p)| area as f64 * p).sum();
    let cover = features.coverage(&moments);
    let middle = cover[(size.1 / 2 * size.0 + size.0 / 2) as usize] * filled;
    // Of lambda below 2^-24 binary32 makes the whole image, which whole-pixel rules cut otherwise in no other case.
    let atom = if rule == Rule::Paper { 0.0 } else { law.cdf(1.0 / 16777216.0) };
    let mut flags = vec!["LawOfBoxes"];
    if alpha != 1.0 {
        flags.push("AlphaIgnored");
    }
    let (of_rule, result) = of_rule(rule);
    flags.extend(of_rule);
    let of = BoxDraws { width: size.0, height: size.1, rule, alpha: Real(alpha), draws: DRAWS };
    let output = json!({
        "areas": reals(&areas), "mean_area": Real(mean), "empty": Real(1.0 - filled), "atom": Real(atom),
        "covers_first": Real(cover[0] * filled), "covers_middle": Real(middle),
    });
    let comment = format!("boxes of {}x{}, alpha {alpha}", size.0, size.1);
    answered(result, &flags, comment, &Question::DrawBoxes { of }, output)
}

pub(in crate::vectors) fn boxes() -> File {
    let mut tests = Vec::new();
    for rule in Rule::ALL {
        for (size, alpha) in [
            ((8, 8), 1.0),
            ((8, 8), if rule == Rule::Paper { 0.2 } else { 0.7 }),
            ((12, 5), 1.0),
            ((12, 5), 2.0),
            ((5, 7), 0.5),
            ((1, 9), 1.0),
            ((10, 10), 5.0),
            ((2, 2), 1.0),
        ] {
            tests.push(of_boxes(rule, size, alpha));
        }
    }
    File::new(
        "law",
        "Boxes of lambda from Beta(alpha, alpha) around a uniform centre, drawn with the program's own generator. `areas` is the exact probability of every area in pixels, from 0 on; the answer is how often each was drawn.",
        vec![tests],
    )
}

/// The least number whose distribution function reaches `p`, by halving.
fn quantile(a: f64, b: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64.to_bits(), 1.0_f64.to_bits());
    while low + 1 < high {
        let middle = low.midpoint(high);
        if beta_inc(a, b, f64::from_bits(middle)).lower < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::from_bits(high)
}

fn of_beta((a, b): (f64, f64)) -> Case {
    // Nine figures will do for a quantile: its probability is then computed for what it is.
    let rounded = |x: f64| libm::rint(x * 1e9) / 1e9;
    let mut at: Vec<f64> =
        [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999].map(|p| rounded(quantile(a, b, p))).to_vec();
    if a < 0.01 {
        // Nearly all draws are next to 0 or 1: the quantiles tell nothing.
        at = vec![1e-9, 0.5, 1.0 - 1e-9];
    }
    at.retain(|&x| x > 0.0 && x < 1.0);
    at.dedup();
    // All of them: what is no number is not at most 1.
    at.push(1.0);
    let cdf: Vec<f64> = at.iter().map(|&x| if x < 1.0 { beta_inc(a, b, x).lower } else { 1.0 }).collect();
    let mut flags = vec!["LawOfBeta"];
    if a < 0.1 {
        flags.push("SmallAlpha");
    }
    if (a, b) != (1.0, 1.0) {
        flags.push("AlphaIgnored");
    }
    let of = BetaDraws { a: Real(a), b: Real(b), draws: DRAWS, at: reals(&at) };
    let result = if a == b { Expect::Valid } else { Expect::Acceptable };
    let output = json!({ "cdf": reals(&cdf) });
    answered(result, &flags, format!("Beta({a}, {b})"), &Question::DrawBeta { of }, output)
}

pub(in crate::vectors) fn beta() -> File {
    let symmetric =
        [0.001, 0.005, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 4.0, 8.0, 20.0, 50.0].map(|a| (a, a));
    let others = [(0.3, 1.3), (2.0, 1.0), (1.2, 0.2), (0.05, 50.0), (5.0, 3.0)];
    let tests = symmetric.into_iter().chain(others).map(of_beta).collect();
    File::new(
        "beta",
        "Draws of lambda with the program's own generator: how many of them are at most each number of `at`. `cdf` has the exact probabilities; quantiles, not draws.",
        vec![tests],
    )
}
