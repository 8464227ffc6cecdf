//! The law of Mixup's weights: lambda itself, seen up to the grid that pixels have.
//!
//! Blends are sorted into classes whose exact probabilities every law of lambda gives: differences of its distribution function.
//! So a likelihood is a sum over 64 classes, and everything else is as with boxes: the mean likelihood of all laws against the
//! one that was asked for, bets on unknown probabilities, the most likely law, an interval for alpha.
//!
//! What was given up: where a weight lies within its class. Classes are bounded by quantiles of the law that was asked for,
//! half-way between the points of the 15-bit grid that weights of 8-bit pixels are read on, so no rounding moves a weight across a
//! bound. Next to 1 the type of the images decides whether anything is seen to have been done, so only what lies below is
//! judged, given that it does.

use super::alarm::{ALARM, REFUTED, Share, limit, log10, mean, round};
use super::bounds::bounded;
use super::budget::{needed, ratio};
use super::hypotheses::{ALPHAS, PLAIN, Ranked, claimed, deviations};
use super::identify::{chance, families, identified, pay};
use super::likelihood::edge;
use super::terms::{Found, Judged, Terms};
use super::unknown::dirichlet;
use crate::profile::{Code, Hypothesis, Lambda, LambdaLaw, Precision, Rate};
use crate::report::{
    AlphaInterval, Departure, Deviant, Deviation, Facts, Identified, LawRun, LawTest, Reason, Tested, Verdict, Wrong,
};

/// Blends that are judged: from a blend of 63/64 on, a pixel of 8 bits may not change.
const RANGE: [f64; 2] = [0.0, 63.0 / 64.0];
/// Those below are one class: whether they are a blend or the partner itself depends on the type.
const LEAST: f64 = 1.0 / 64.0;
/// Classes of about equal probability. More would say little more: a class is narrower than what tells two alphas apart.
const CLASSES: usize = 64;
/// Of a class that a law never draws, this much remains, as with boxes that a rule never makes.
const FLOOR: f64 = 1e-7;
/// Points of the grid that weights lie on.
const GRID: f64 = 32_768.0;
/// Steps of a bisection of 0 to 1, beyond the grid by a factor of 2^25.
const BISECTIONS: usize = 40;
/// A probability that divides nothing by zero.
const TINY: f64 = 1e-300;
/// Numbers of draws are multiples of this.
const ROUND: u64 = 256;
/// Classes of each of two weights, one drawn after the other.
const COARSE: usize = 4;
/// The most likely alpha is looked for within this factor of the one that was asked for.
const AROUND: f64 = 64.0;
/// Where that ends, in the logarithm of alpha: what is printed has four digits.
const CLOSE: f64 = 1e-4;

/// Whether a weight is far enough from 0 and 1 to be judged.
pub(in crate::audit) fn judged(weight: f64) -> bool {
    (RANGE[0]..RANGE[1]).contains(&weight)
}

/// Bounds of the classes: quantiles of a law, half-way between the points of the grid.
fn bounds(law: &Lambda) -> Vec<f64> {
    let [from, to] = RANGE;
    let (least, most) = (law.cdf(LEAST), law.cdf(to));
    let mut bounds = vec![from, LEAST];
    for i in 1..CLASSES {
        let wanted = least + (most - least) * i as f64 / CLASSES as f64;
        let (mut low, mut high) = (LEAST, to);
        for _ in 0..BISECTIONS {
            let middle = f64::midpoint(low, high);
            if law.cdf(middle) < wanted { low = middle } else { high = middle }
        }
        let between = (libm::floor(low * GRID) + 0.5) / GRID;
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
    let all = (cdf[cdf.len() - 1] - cdf[0]).max(TINY);
    let floor = FLOOR / (bounds.len() - 1) as f64;
    cdf.windows(2).map(|pair| (1.0 - FLOOR) * ((pair[1] - pair[0]) / all).clamp(0.0, 1.0) + floor).collect()
}

/// Draws that a right implementation needs to have every alpha beyond the tolerance refuted.
pub(crate) fn planned(alpha: f64, tolerance: f64) -> u64 {
    let bounds = bounds(&Lambda::beta(alpha));
    let p = probabilities(&Lambda::beta(alpha), &bounds);
    let needed = |other: f64| {
        let q = probabilities(&Lambda::beta(other), &bounds);
        needed(ratio(p.iter().zip(&q).map(|(&p, &q)| (1.0, p, q))))
    };
    let most = needed(alpha * tolerance).max(needed(alpha / tolerance));
    most.checked_next_multiple_of(ROUND).unwrap_or(u64::MAX)
}

/// Blends in classes, and every law with its log-likelihood.
struct Blends {
    bounds: Vec<f64>,
    counts: Vec<u64>,
    /// Two weights, one drawn after the other, by coarse classes.
    pairs: Vec<u64>,
    draws: u64,
    fits: Vec<(Hypothesis, f64)>,
}

impl Blends {
    fn new(alpha: Option<f64>, seen: &[f64], accepted: &[LambdaLaw]) -> Self {
        let bounds = bounds(&Lambda::beta(alpha.unwrap_or(PLAIN)));
        let classes = bounds.len() - 1;
        let class = |weight: f64| bounds.partition_point(|&bound| bound <= weight).saturating_sub(1).min(classes - 1);
        let (mut counts, mut pairs) = (vec![0; classes], vec![0; COARSE * COARSE]);
        for &weight in seen {
            counts[class(weight)] += 1;
        }
        let coarse = |weight: f64| class(weight) * COARSE / classes;
        for &[a, b] in seen.as_chunks::<2>().0 {
            pairs[coarse(a) * COARSE + coarse(b)] += 1;
        }
        let mut weights = Self { bounds, counts, pairs, draws: seen.len() as u64, fits: Vec::new() };
        // Rates and roots have no part in a blend.
        let told = |law: &Hypothesis| {
            law.precision == Precision::Exact && law.rate == Rate::Promised && law.law != LambdaLaw::NoRoot
        };
        let laws = alpha
            .map(|alpha| claimed(alpha, accepted))
            .unwrap_or_default()
            .into_iter()
            .chain(deviations(alpha, LambdaLaw::ALL, accepted))
            .filter(told);
        weights.fits = laws.map(|law| (law.clone(), weights.likelihood(&law.lambda))).collect();
        weights
    }

    fn likelihood(&self, law: &Lambda) -> f64 {
        let p = probabilities(law, &self.bounds);
        self.counts.iter().zip(&p).map(|(&n, p)| n as f64 * libm::log(*p)).sum()
    }

    /// The largest log-likelihood over alphas around one, and its alpha, by thirds: it has one hill.
    fn most(&self, start: f64) -> (f64, f64) {
        let value = |x: f64| self.likelihood(&Lambda::beta(libm::exp(x)));
        let (mut a, mut b) = (libm::log((start / AROUND).max(ALPHAS[0])), libm::log((start * AROUND).min(ALPHAS[1])));
        while b - a > CLOSE {
            let (c, d) = (a + (b - a) / 3.0, b - (b - a) / 3.0);
            if value(c) > value(d) { b = d } else { a = c }
        }
        let x = f64::midpoint(a, b);
        (value(x), libm::exp(x))
    }

    /// The alphas that the draws do not exclude, as with boxes.
    fn interval(&self, hat: f64) -> AlphaInterval {
        let betas = self.fits.iter().filter(|(law, _)| matches!(law.code(), None | Some(Code::Alpha)));
        let least = mean(betas.map(|(_, total)| *total)) - libm::log(ALARM);
        let holds = |alpha: f64| self.likelihood(&Lambda::beta(alpha)) >= least;
        let end = |factor: f64| {
            let (mut inside, mut outside) = (hat, hat * factor);
            while holds(outside) && (ALPHAS[0]..=ALPHAS[1]).contains(&outside) {
                (inside, outside) = (outside, outside * factor);
            }
            round(edge(holds, inside, outside))
        };
        AlphaInterval { hat: round(hat), low: end(0.5), high: end(2.0) }
    }

    fn identify(&self, (top, hat): (f64, f64), fitted: &[Ranked], beta: bool) -> Identified {
        let fitted_laws = fitted.iter().map(|family| (&family.law, family.value));
        let mut families = families(self.fits.iter().map(|(law, total)| (law, *total)).chain(fitted_laws));
        pay(&mut families);
        if let Some(family) = families.iter_mut().find(|family| beta && family.law.code() == Some(Code::Alpha)) {
            let mut fitted = [Ranked { law: Hypothesis::exact(LambdaLaw::Fitted, Lambda::beta(hat)), value: top }];
            pay(&mut fitted);
            let [fitted] = fitted;
            *family = Ranked { value: family.value.max(fitted.value - chance(self.draws as f64)), ..fitted };
        }
        identified(&families)
    }

    /// Bets on probabilities other than these.
    fn tests(&self, p: &[f64]) -> [(Tested, f64); 2] {
        let mut coarse = [0.0; COARSE];
        p.iter().enumerate().for_each(|(i, p)| coarse[i * COARSE / self.counts.len()] += p);
        let products: Vec<f64> = coarse.iter().flat_map(|a| coarse.iter().map(move |b| a * b)).collect();
        [
            (Tested::Weights, dirichlet(&self.counts, p)),
            (Tested::NeighbouringWeights, dirichlet(&self.pairs, &products)),
        ]
    }

    /// How far every deviation is refuted.
    fn deviations(&self, alpha: f64, terms: &Terms, ours: f64, (top, hat): (f64, f64)) -> Vec<Deviation> {
        let (tolerance, beta) = (terms.tolerance, terms.laws.contains(&LambdaLaw::AsAsked));
        let outside = |end: f64| {
            let beyond = if end > alpha { hat >= end } else { hat <= end };
            if beyond { top } else { self.likelihood(&Lambda::beta(end)) }
        };
        let [low, high] = [alpha / tolerance, alpha * tolerance];
        let laws = self.fits.iter().filter_map(|(law, total)| {
            let code = law.code().filter(|code| *code != Code::Alpha || law.beyond(tolerance, beta))?;
            Some((Departure::Law(law.clone()), code, *total))
        });
        let ends =
            [(Departure::Below(low), Code::Alpha, outside(low)), (Departure::Above(high), Code::Alpha, outside(high))];
        let of = |(departure, code, theirs): (Departure, Code, f64)| {
            let what = Deviant { shape: None, departure };
            Deviation { what, code, log10_e: log10(ours - theirs) }
        };
        let ends = ends.into_iter().filter(|_| beta);
        let mut all: Vec<Deviation> = laws.chain(ends).map(of).collect();
        all.sort_by(|a, b| a.log10_e.total_cmp(&b.log10_e));
        all
    }

    /// What is wrong, where something is: the law that fits best, or that none does.
    fn found(&self, identified: &mut Identified, alpha: Option<AlphaInterval>, unknown: f64) -> Option<Found> {
        let law = identified.law.clone()?;
        let tests = self.tests(&probabilities(&law.lambda, &self.bounds));
        let tests: Vec<Tested> = tests.into_iter().filter(|(_, value)| *value >= unknown).map(|(of, _)| of).collect();
        let explained = identified.law_code().filter(|_| tests.is_empty());
        identified.explains = explained.is_some();
        Some(match explained {
            Some(code) => Found::new(code, Wrong::Law(law, None, alpha)),
            None => {
                Found::new(Code::LawUnknown, Wrong::Unexplained { tests, impossible: None, facts: Facts::default() })
            }
        })
    }
}

/// Judges the weights of one alpha, in the order they were drawn.
pub(in crate::audit) fn judge(alpha: Option<f64>, weights: &[f64], terms: &Terms) -> Option<Judged> {
    let seen: Vec<f64> = weights.iter().copied().filter(|&weight| judged(weight)).collect();
    if seen.is_empty() {
        return None;
    }
    let weights = Blends::new(alpha, &seen, &terms.laws);
    let beta = terms.laws.contains(&LambdaLaw::AsAsked);
    let best = weights.most(alpha.unwrap_or(PLAIN));
    let interval = weights.interval(best.1);
    let mut run = LawRun {
        alpha,
        draws: weights.draws,
        planned: terms.planned,
        tolerance: terms.tolerance,
        excluded_rate: round(libm::log(REFUTED) / weights.draws as f64),
        identified: weights.identify(best, &[], beta),
        interval: beta.then_some(interval),
        ..LawRun::default()
    };
    let mut found = Vec::new();
    if let Some(alpha) = alpha {
        // Of several that are accepted the one that fits best.
        let right = weights.fits.iter().filter(|(law, _)| law.code().is_none());
        let (right, ours) = right.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let tests = weights.tests(&probabilities(&right.lambda, &weights.bounds));
        let unknown = mean(tests.iter().map(|(_, value)| *value));
        run.tests = tests.into_iter().map(|(of, value)| LawTest { of, log10_e: log10(value) }).collect();
        let all = weights.deviations(alpha, terms, *ours, best);
        run.deviations = all.len() as u64;
        run.open = all.into_iter().filter(|deviation| deviation.log10_e < libm::log10(REFUTED)).collect();
        run.refuted = run.deviations - run.open.len() as u64;
        let ratio = mean(weights.fits.iter().map(|(_, total)| *total)) - *ours;
        let limits = [Share::Ratios, Share::Unknown].map(|share| limit(terms.runs, share));
        if ratio >= limits[0] || unknown >= limits[1] {
            run.identified = weights.identify(best, &bounded(alpha, |law| weights.likelihood(law)), beta);
            found.extend(weights.found(&mut run.identified, run.interval, limits[1]));
            run.verdict = Verdict::Fail;
            run.decided = Some(weights.draws);
        } else {
            conclude(&mut run, ratio.max(unknown));
        }
    } else {
        run.because = vec![Reason::NoAlpha];
    }
    Some(Judged { run, found, untested: Vec::new() })
}

/// Whether what is not wrong is a PASS, and what that lacks.
fn conclude(run: &mut LawRun, most: f64) {
    let missing = run.planned.saturating_sub(run.draws);
    let lacks = if missing > 0 {
        Some((Reason::Draws(run.draws, run.planned), missing))
    } else if let Some(open) = run.open.first() {
        Some((Reason::NotRefuted(vec![open.what.clone()]), run.draws))
    } else if most >= libm::log(REFUTED) {
        Some((Reason::Suspicious, run.draws))
    } else {
        None
    };
    run.verdict = if lacks.is_none() { Verdict::Pass } else { Verdict::Inconclusive };
    run.needed = lacks.as_ref().map(|(_, draws)| *draws);
    run.because = lacks.into_iter().map(|(reason, _)| reason).collect();
}
