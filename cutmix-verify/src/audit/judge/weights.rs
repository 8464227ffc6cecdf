//! The law of Mixup's weights: lambda itself, seen up to the grid that pixels have.
//!
//! Weights are sorted into classes whose exact probabilities every law of lambda gives. Next to 1 the type of the images
//! decides whether anything is seen to have been done, so only what lies below is judged, given that it does.

use super::evidence::{Part, Place};
use super::hypotheses::{Hypothesis, Rate, claimed, deviations};
use super::unknown::dirichlet;
use super::verdict::{ALARM, BUDGET, Found, Judged, REFUTED, Terms, round};
use crate::law::lambda::{Lambda, Precision};
use crate::law::special::log_sum_exp;
use crate::profile::Code;
use crate::reference::Patch;
use crate::report::{AlphaInterval, Curve, Deviation, Identified, LawRun, LawTest, Verdict};

/// Weights that are judged.
const RANGE: [f64; 2] = [0.0, 63.0 / 64.0];
/// Those below are one class: whether they are a blend or the partner itself depends on the type.
const LEAST: f64 = 1.0 / 64.0;
/// Classes of about equal probability.
const CLASSES: usize = 64;
/// Of a class that a law never draws, this much remains.
const FLOOR: f64 = 1e-7;
const LN_10: f64 = core::f64::consts::LN_10;

/// Whether a weight is far enough from 0 and 1 to be judged.
#[must_use]
pub(in crate::audit) fn judged(weight: f64) -> bool {
    (RANGE[0]..RANGE[1]).contains(&weight)
}

/// Bounds of the classes: quantiles of a law, half-way between the points of the 15-bit grid of weights.
fn bounds(law: &Lambda) -> Vec<f64> {
    let [from, to] = RANGE;
    let (least, most) = (law.cdf(LEAST), law.cdf(to));
    let mut bounds = vec![from, LEAST];
    for i in 1..CLASSES {
        let wanted = least + (most - least) * i as f64 / CLASSES as f64;
        let (mut low, mut high) = (LEAST, to);
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if law.cdf(middle) < wanted { low = middle } else { high = middle }
        }
        let between = (libm::floor(low * 32_768.0) + 0.5) / 32_768.0;
        if between > bounds[bounds.len() - 1] && between < to {
            bounds.push(between);
        }
    }
    bounds.push(to);
    bounds
}

/// The probabilities of the classes, given that a weight is in one of them.
fn probabilities(law: &Lambda, bounds: &[f64]) -> Vec<f64> {
    // What has a probability of its own at 0 is in the first class.
    let below = |&bound: &f64| if bound <= 0.0 { 0.0 } else { law.cdf(bound) };
    let cdf: Vec<f64> = bounds.iter().map(below).collect();
    let all = (cdf[cdf.len() - 1] - cdf[0]).max(1e-300);
    let floor = FLOOR / (bounds.len() - 1) as f64;
    cdf.windows(2).map(|pair| (1.0 - FLOOR) * ((pair[1] - pair[0]) / all).clamp(0.0, 1.0) + floor).collect()
}

/// Draws that a right implementation needs to have every alpha beyond the tolerance refuted.
#[must_use]
pub(crate) fn planned(alpha: f64, tolerance: f64) -> u64 {
    let bounds = bounds(&Lambda::beta(alpha));
    let p = probabilities(&Lambda::beta(alpha), &bounds);
    let needed = |other: f64| {
        let q = probabilities(&Lambda::beta(other), &bounds);
        let ratio = |(p, q): (&f64, &f64)| libm::log(p / q);
        let mean: f64 = p.iter().zip(&q).map(|pair| pair.0 * ratio(pair)).sum();
        let square: f64 = p.iter().zip(&q).map(|pair| pair.0 * ratio(pair) * ratio(pair)).sum();
        let spread = 4.753_424 * libm::sqrt((square - mean * mean).max(0.0));
        let target = libm::log(8.0 * REFUTED);
        let root = (spread + libm::sqrt(spread * spread + 4.0 * mean * target)) / (2.0 * mean);
        (root * root).ceil() as u64
    };
    needed(alpha * tolerance).max(needed(alpha / tolerance)).next_multiple_of(256)
}

struct Fit {
    law: Hypothesis,
    total: f64,
}

/// Judges the weights of one alpha, in the order they were drawn.
#[must_use]
#[allow(clippy::too_many_lines)] // One reading of the same few numbers after the other.
pub(in crate::audit) fn judge(alpha: Option<f64>, weights: &[f64], terms: &Terms) -> Option<Judged> {
    let seen: Vec<f64> = weights.iter().copied().filter(|&weight| judged(weight)).collect();
    if seen.is_empty() {
        return None;
    }
    let bounds = bounds(&Lambda::beta(alpha.unwrap_or(1.0)));
    let class = |weight: f64| bounds.partition_point(|&bound| bound <= weight).saturating_sub(1).min(bounds.len() - 2);
    let mut counts = vec![0_u64; bounds.len() - 1];
    for &weight in &seen {
        counts[class(weight)] += 1;
    }
    let likelihood = |law: &Lambda| -> f64 {
        let p = probabilities(law, &bounds);
        counts.iter().zip(&p).map(|(&n, p)| n as f64 * libm::log(*p)).sum()
    };
    // Rates and roots have no part in a blend.
    let told = |law: &Hypothesis| {
        law.precision == Precision::Exact && law.rate == Rate::Promised && law.code != Some(Code::RootOmitted)
    };
    let fits: Vec<Fit> = alpha
        .map(claimed)
        .unwrap_or_default()
        .into_iter()
        .chain(deviations(alpha))
        .filter(told)
        .map(|law| Fit { total: likelihood(&law.law), law })
        .collect();
    let draws = seen.len() as u64;
    let limit = |part: usize| libm::log(ALARM * terms.runs.max(1) as f64 / BUDGET[part].1);
    let mean = |values: Vec<f64>| log_sum_exp(values.iter().copied()) - libm::log(values.len().max(1) as f64);
    let mixture = mean(fits.iter().map(|fit| fit.total).collect());
    let ours = alpha.map(|alpha| likelihood(&Lambda::beta(alpha)));
    let (top, hat) = most(&likelihood, alpha.unwrap_or(1.0));
    let interval = {
        let betas: Vec<f64> =
            fits.iter().filter(|fit| matches!(fit.law.code, None | Some(Code::Alpha))).map(|fit| fit.total).collect();
        let least = mean(betas) - libm::log(ALARM);
        let end = |factor: f64| {
            let (mut inside, mut outside) = (hat, hat * factor);
            while likelihood(&Lambda::beta(outside)) >= least && (1e-3..=1e4).contains(&outside) {
                (inside, outside) = (outside, outside * factor);
            }
            for _ in 0..12 {
                let middle = (inside * outside).sqrt();
                if likelihood(&Lambda::beta(middle)) >= least { inside = middle } else { outside = middle }
            }
            round((inside * outside).sqrt())
        };
        AlphaInterval { hat: round(hat), low: end(0.5), high: end(2.0) }
    };
    let identified = identify(&fits, top, hat, draws);
    let mut run = LawRun {
        alpha,
        sizes: Vec::new(),
        draws,
        repeated: 0,
        by_call: false,
        planned: terms.planned,
        tolerance: terms.tolerance,
        verdict: Verdict::Inconclusive,
        because: String::new(),
        decided: None,
        needed: None,
        excluded_rate: round(libm::log(REFUTED) / draws as f64),
        accepted: Vec::new(),
        deviations: 0,
        refuted: 0,
        open: Vec::new(),
        identified,
        interval: Some(interval),
        tests: Vec::new(),
        curves: Vec::<Curve>::new(),
        extents: None,
    };
    let (Some(alpha), Some(ours)) = (alpha, ours) else {
        run.because = "no --alpha was given, so the law of lambda is not judged".into();
        return Some(Judged { run, found: Vec::new(), untested: Vec::new() });
    };
    let p = probabilities(&Lambda::beta(alpha), &bounds);
    let four = |weight: f64| class(weight) * 4 / (bounds.len() - 1);
    let mut pairs = vec![0_u64; 16];
    for [a, b] in seen.as_chunks::<2>().0 {
        pairs[four(*a) * 4 + four(*b)] += 1;
    }
    let tests_of = |p: &[f64]| {
        let mut coarse = [0.0; 4];
        p.iter().enumerate().for_each(|(i, p)| coarse[i * 4 / (bounds.len() - 1)] += p);
        let products: Vec<f64> = coarse.iter().flat_map(|a| coarse.iter().map(move |b| a * b)).collect();
        [("weights", dirichlet(&counts, p)), ("weights of neighbouring draws", dirichlet(&pairs, &products))]
    };
    let tests = tests_of(&p);
    let generic = mean(tests.iter().map(|(_, value)| *value).collect());
    run.tests =
        tests.iter().map(|(name, value)| LawTest { name: (*name).into(), log10_e: round(value / LN_10) }).collect();
    let outside = |end: f64| {
        let beyond = if end > alpha { hat >= end } else { hat <= end };
        if beyond { top } else { likelihood(&Lambda::beta(end)) }
    };
    let mut all: Vec<Deviation> = fits
        .iter()
        .filter_map(|fit| Some((fit.law.name.clone(), fit.law.code.filter(|code| *code != Code::Alpha)?, fit.total)))
        .chain([
            (format!("alpha below {:.4}", alpha / terms.tolerance), Code::Alpha, outside(alpha / terms.tolerance)),
            (format!("alpha above {:.4}", alpha * terms.tolerance), Code::Alpha, outside(alpha * terms.tolerance)),
        ])
        .map(|(name, code, theirs)| Deviation { name, code, log10_e: round((ours - theirs) / LN_10) })
        .collect();
    all.sort_by(|a, b| a.log10_e.total_cmp(&b.log10_e));
    run.deviations = all.len() as u64;
    run.open = all.into_iter().filter(|deviation| deviation.log10_e < libm::log10(REFUTED)).collect();
    run.refuted = run.deviations - run.open.len() as u64;
    let mut found = Vec::new();
    let ratio = mixture - ours;
    if ratio >= limit(0) || generic >= limit(1) {
        let text = format!(
            "lambda follows {}; alpha is {} ({} to {})",
            run.identified.law, interval.hat, interval.low, interval.high
        );
        // What fits best may not fit.
        let best = if run.identified.law_code == Some(Code::Alpha) {
            probabilities(&Lambda::beta(hat), &bounds)
        } else {
            fits.iter()
                .find(|fit| fit.law.name == run.identified.law)
                .map_or(p, |fit| probabilities(&fit.law.law, &bounds))
        };
        let unknown: Vec<&str> =
            tests_of(&best).into_iter().filter(|(_, value)| *value >= limit(1)).map(|(name, _)| name).collect();
        let explained = run.identified.law_code.filter(|_| unknown.is_empty());
        run.identified.explains = explained.is_some();
        found.push(if let Some(code) = explained {
            Found::new(code, text)
        } else {
            let why = if unknown.is_empty() { "the draws".to_owned() } else { unknown.join(", ") };
            let text = format!("nearest: {}, which does not explain: {why}", run.identified.law);
            Found::new(Code::LawUnknown, text)
        });
        run.verdict = Verdict::Fail;
        run.decided = Some(draws);
        return Some(Judged { run, found, untested: Vec::new() });
    }
    let missing = terms.planned.saturating_sub(draws);
    run.because = if missing > 0 {
        run.needed = Some(missing);
        format!("{draws} of {} planned draws", terms.planned)
    } else if !run.open.is_empty() {
        run.needed = Some(draws);
        format!("not refuted yet: {}", run.open[0].name)
    } else if ratio.max(generic) >= libm::log(REFUTED) {
        run.needed = Some(draws);
        "suspicious, but not sure".into()
    } else {
        run.verdict = Verdict::Pass;
        String::new()
    };
    Some(Judged { run, found, untested: Vec::new() })
}

/// The most likely alpha, and its likelihood.
fn most(likelihood: &dyn Fn(&Lambda) -> f64, start: f64) -> (f64, f64) {
    let value = |x: f64| likelihood(&Lambda::beta(libm::exp(x)));
    let (mut a, mut b) = (libm::log((start / 64.0).max(1e-3)), libm::log((start * 64.0).min(1e4)));
    while b - a > 1e-4 {
        let (c, d) = (a + (b - a) / 3.0, b - (b - a) / 3.0);
        if value(c) > value(d) { b = d } else { a = c }
    }
    let x = f64::midpoint(a, b);
    (value(x), libm::exp(x))
}

fn identify(fits: &[Fit], top: f64, hat: f64, draws: u64) -> Identified {
    let mut families: Vec<(Option<Code>, f64, String)> = Vec::new();
    for fit in fits {
        let value = fit.total - if fit.law.code.is_none() { 0.0 } else { 7.0 };
        match families.iter_mut().find(|family| family.0 == fit.law.code) {
            Some(family) if value > family.1 => (family.1, family.2) = (value, fit.law.name.clone()),
            Some(_) => {}
            None => families.push((fit.law.code, value, fit.law.name.clone())),
        }
    }
    if let Some(family) = families.iter_mut().find(|family| family.0 == Some(Code::Alpha)) {
        family.1 = family.1.max(top - 7.0 - 0.5 * libm::log(draws as f64));
        family.2 = format!("Beta({hat:.3}, {hat:.3})");
    }
    families.sort_by(|a, b| b.1.total_cmp(&a.1));
    let asked = families.iter().find(|family| family.0.is_none()).map_or(families[0].1, |family| family.1);
    let rival = families.get(1);
    Identified {
        rule: "mixup",
        what: "a blend",
        rule_odds: 0.0,
        rule_rival: "",
        law: families[0].2.clone(),
        law_code: families[0].0,
        law_odds: rival.map_or(0.0, |rival| round((families[0].1 - rival.1) / LN_10)),
        law_rival: rival.map_or(String::new(), |rival| rival.2.clone()),
        against_asked: round((families[0].1 - asked) / LN_10),
        explains: true,
    }
}

impl super::Evidence {
    /// Columns and rows of a box that is always the same, but for clipping: Cutout's own.
    #[must_use]
    pub(in crate::audit) fn fixed_sides(&self) -> Option<[u32; 2]> {
        let all = || self.parts.iter().flat_map(|part| part.boxes.iter().map(move |patch| (part.size, patch)));
        let side = |axis: usize| all().map(|(_, patch)| patch.sides()[axis]).max();
        let sides = [side(0)?, side(1)?];
        let inside =
            |size: [u32; 2], patch: &Patch, axis: usize| patch.span(axis).0 > 0 && patch.span(axis).1 < size[axis];
        let fits = |(size, patch): ([u32; 2], &Patch)| {
            (0..2).all(|axis| !inside(size, patch, axis) || patch.sides()[axis] == sides[axis])
        };
        let whole = |axis: usize| all().filter(|(size, patch)| inside(*size, patch, axis)).count();
        let enough = whole(0) + whole(1) >= 8;
        (enough && all().all(fits)).then_some(sides)
    }

    /// Where a draw was made, counted over all parts.
    #[must_use]
    pub(in crate::audit) fn drawn(&self, mut draw: usize) -> Option<(&Part, Place, Patch)> {
        for part in &self.parts {
            if let (Some(place), Some(patch)) = (part.places.get(draw), part.boxes.get(draw)) {
                return Some((part, *place, *patch));
            }
            draw = draw.checked_sub(part.boxes.len())?;
        }
        None
    }
}
