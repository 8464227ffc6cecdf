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
pub(in crate::audit) use super::blends::{Blending, CLEAR};
use super::blends::{certainty, rate, repeated, streams};
use super::bounds::bounded;
use super::budget::{Budget, needed, ratio};
use super::evidence::Blended;
use super::facts::{lambda_between, never, strongest};
use super::foretold::{CLASSES as EIGHT, Foretold, Sequence, foretold, most};
use super::hypotheses::{ALPHAS, PLAIN, Ranked, claimed, deviations};
use super::identify::{chance, families, identified, pay};
use super::likelihood::edge;
use super::terms::{Found, Judged, Terms};
use super::unknown::dirichlet;
use crate::profile::{Code, Hypothesis, Lambda, LambdaLaw, Precision, Rate};
use crate::report::{
    AlphaInterval, Aspect, Departure, Deviant, Deviation, Event, Fact, Identified, LawRun, LawTest, Reason, Statistic,
    Tested, Verdict, Wrong,
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
/// Bands of weights that are counted for a statistic.
const BANDS: usize = 8;
/// Weights that are no further apart are one number.
const ONE: f64 = 1.0 / 512.0;
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
pub(crate) fn planned(alpha: f64, tolerance: f64) -> Budget {
    let bounds = bounds(&Lambda::beta(alpha));
    let p = probabilities(&Lambda::beta(alpha), &bounds);
    let needed = |other: f64| {
        let q = probabilities(&Lambda::beta(other), &bounds);
        needed(ratio(p.iter().zip(&q).map(|(&p, &q)| (1.0, p, q))))
    };
    let most = needed(alpha * tolerance).max(needed(alpha / tolerance));
    Budget::of(most, ROUND)
}

/// Blends in classes, and every law with its log-likelihood.
struct Blends {
    bounds: Vec<f64>,
    counts: Vec<u64>,
    /// Two weights, one drawn after the other, by coarse classes.
    pairs: Vec<u64>,
    draws: u64,
    /// The law that was asked for.
    asked: Option<Lambda>,
    fits: Vec<(Hypothesis, f64)>,
}

impl Blends {
    fn new(bounds: Vec<f64>, alpha: Option<f64>, seen: &[f64], accepted: &[LambdaLaw]) -> Self {
        let classes = bounds.len() - 1;
        let class = |weight: f64| class_in(&bounds, weight).min(classes - 1);
        let (mut counts, mut pairs) = (vec![0; classes], vec![0; COARSE * COARSE]);
        for &weight in seen {
            counts[class(weight)] += 1;
        }
        let coarse = |weight: f64| class(weight) * COARSE / classes;
        for &[a, b] in seen.as_chunks::<2>().0 {
            pairs[coarse(a) * COARSE + coarse(b)] += 1;
        }
        let mut weights =
            Self { bounds, counts, pairs, draws: seen.len() as u64, asked: alpha.map(Lambda::beta), fits: Vec::new() };
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
    fn interval(&self, hat: f64) -> Option<AlphaInterval> {
        let betas = self.fits.iter().filter(|(law, _)| matches!(law.code(), None | Some(Code::Alpha)));
        let least = mean(betas.map(|(_, total)| *total)) - libm::log(ALARM);
        let holds = |alpha: f64| self.likelihood(&Lambda::beta(alpha)) >= least;
        if !holds(hat) {
            return None;
        }
        let end = |factor: f64, last: f64| {
            let (mut inside, mut outside) = (hat, hat * factor);
            while holds(outside) {
                if !(ALPHAS[0]..=ALPHAS[1]).contains(&outside) {
                    return round(last);
                }
                (inside, outside) = (outside, outside * factor);
            }
            round(edge(holds, inside, outside))
        };
        Some(AlphaInterval { hat: round(hat), low: end(0.5, ALPHAS[0]), high: end(2.0, ALPHAS[1]) })
    }

    fn identify(&self, (top, hat): (f64, f64), fitted: &[Ranked], beta: bool) -> Identified {
        let laws = self.fits.iter().map(|(law, total)| (law, *total, *total));
        let mut families = families(laws.chain(fitted.iter().map(Ranked::values)));
        pay(&mut families);
        if let Some(family) = families.iter_mut().find(|family| beta && family.law.code() == Some(Code::Alpha)) {
            let mut fitted =
                [Ranked { law: Hypothesis::exact(LambdaLaw::Fitted, Lambda::beta(hat)), value: top, likelihood: top }];
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

    /// The weights whose number says most.
    fn statistic(&self, alpha: f64) -> Option<Statistic> {
        let p = probabilities(&Lambda::beta(alpha), &self.bounds);
        let band = p.len().div_ceil(BANDS);
        let counts = (0..p.len()).step_by(band).map(|start| {
            let end = (start + band).min(p.len());
            let event = Event::Weights(self.bounds[start], self.bounds[end]);
            (event, self.counts[start..end].iter().sum(), p[start..end].iter().sum())
        });
        strongest(counts, self.draws)
    }

    /// What weights show exactly: the least and the largest, where others are expected beyond.
    fn facts(&self, seen: &[f64]) -> Vec<Fact> {
        let Some(law) = &self.asked else { return Vec::new() };
        let [low, high] = [f64::min, f64::max].map(|of| seen.iter().copied().reduce(of).unwrap_or(0.0));
        let all = (law.cdf(RANGE[1]) - law.cdf(LEAST)).max(TINY);
        let beyond = |from: f64, to: f64| never((law.cdf(to) - law.cdf(from)) / all * self.draws as f64);
        let told = [beyond(LEAST, low), beyond(high, RANGE[1])];
        lambda_between([low, high], told, high - low < ONE).into_iter().collect()
    }

    /// What is wrong, where something is: the law that fits best, or that none does.
    fn found(
        &self,
        identified: &mut Identified,
        alpha: Option<AlphaInterval>,
        seen: &[f64],
        unknown: f64,
    ) -> Option<Found> {
        let law = identified.law.clone()?;
        let tests = self.tests(&probabilities(&law.lambda, &self.bounds));
        let tests: Vec<Tested> = tests.into_iter().filter(|(_, value)| *value >= unknown).map(|(of, _)| of).collect();
        let explained = identified.law_code().filter(|_| tests.is_empty());
        identified.explains = explained.is_some();
        Some(match explained {
            Some(code) => {
                let beta = matches!(code, Code::Alpha | Code::AlphaIgnored);
                Found::new(code, Wrong::Law(law, None, alpha.filter(|_| beta)))
            }
            None => {
                Found::new(Code::LawUnknown, Wrong::Unexplained { tests, facts: self.facts(seen), impossible: None })
            }
        })
    }
}

/// The number of the class of a weight; what is not judged is in the one after the last.
fn class_in(bounds: &[f64], weight: f64) -> usize {
    bounds.partition_point(|&bound| bound <= weight).saturating_sub(1).min(bounds.len() - 1)
}

/// Judges the blends of one alpha, in the order they were drawn.
pub(in crate::audit) fn judge(blending: &Blending<'_>, terms: &Terms) -> Option<Judged> {
    let Blending { blends, evidence } = blending;
    let alpha = evidence.alpha;
    let bounds = bounds(&Lambda::beta(alpha.unwrap_or(PLAIN)));
    let classes: Vec<u8> = blends.weights.iter().map(|&weight| class_in(&bounds, weight) as u8).collect();
    let certainty = certainty(evidence, terms.runs);
    let repeats = repeated(&classes, certainty);
    let is_new = |i: usize| repeats.iter().all(|repeat| !(repeat.at..repeat.at + repeat.length).contains(&i));
    let seen = blends.filtered(|i, weight| judged(weight) && is_new(i));
    if seen.weights.is_empty() {
        return None;
    }
    let told = told(&seen, &bounds);
    let streams = streams(blending, &repeats, certainty);
    let weights = Blends::new(bounds, alpha, &seen.weights, &terms.laws);
    let beta = terms.laws.contains(&LambdaLaw::AsAsked);
    let best = weights.most(alpha.unwrap_or(PLAIN));
    let interval = weights.interval(best.1);
    let mut run = LawRun {
        alpha,
        draws: weights.draws,
        repeated: repeats.iter().map(|repeat| repeat.length as u64).sum(),
        planned: terms.planned,
        tolerance: terms.tolerance,
        excluded_rate: round(libm::log(REFUTED) / weights.draws as f64),
        identified: weights.identify(best, &[], beta),
        interval: interval.filter(|_| beta),
        ..LawRun::default()
    };
    let mut found = Vec::new();
    let (foretold, best_told) = most(&told);
    // Each of these decides for itself; they need no alpha.
    let limits = [Share::Ratios, Share::Unknown, Share::Streams, Share::Foretold].map(|share| limit(terms.runs, share));
    let ordered = mean(streams.iter().map(|(value, _)| *value));
    if ordered >= limits[2] {
        found.extend(streams.iter().filter(|(value, _)| *value >= limits[2]).filter_map(|(_, found)| found.clone()));
    }
    // Rates and partners are counted with what is repeated, so that of those nothing is sure.
    let stream = found.iter().any(|found| found.code == Code::DuplicateStream);
    found.retain(|found| !stream || found.code == Code::DuplicateStream);
    if let Some(told) = best_told.filter(|told| foretold >= limits[3] && !(stream && told.repeats())) {
        found.push(Found::new(Code::DrawsDependent, Wrong::Foretold(told.aspect, told.teller, told.log10())));
    }
    run.tests = vec![LawTest { of: Tested::Foretold, log10_e: log10(foretold) }];
    run.tests.extend(streams.iter().map(|(value, _)| LawTest { of: Tested::Streams, log10_e: log10(*value) }));
    if let Some(alpha) = alpha {
        // Of several that are accepted the one that fits best.
        let right = weights.fits.iter().filter(|(law, _)| law.code().is_none());
        let (right, ours) = right.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let tests = weights.tests(&probabilities(&right.lambda, &weights.bounds));
        let unknown = mean(tests.iter().map(|(_, value)| *value));
        run.tests.splice(0..0, tests.into_iter().map(|(of, value)| LawTest { of, log10_e: log10(value) }));
        let all = weights.deviations(alpha, terms, *ours, best);
        run.deviations = all.len() as u64;
        run.open = all.into_iter().filter(|deviation| deviation.log10_e < libm::log10(REFUTED)).collect();
        run.refuted = run.deviations - run.open.len() as u64;
        let ratio = mean(weights.fits.iter().map(|(_, total)| *total)) - *ours;
        let rates = rate(evidence, terms.prob, &right.lambda);
        // Law and rate share one part of the budget, each with half of it.
        let half = limits[0] + core::f64::consts::LN_2;
        if ratio >= half || unknown >= limits[1] {
            run.identified = weights.identify(best, &bounded(alpha, |law| weights.likelihood(law)), beta);
            let known = found.iter().any(|found| found.code == Code::DrawsDependent);
            let law = weights.found(&mut run.identified, run.interval, &seen.weights, limits[1]);
            run.statistic = weights.statistic(alpha);
            // What tests expect is of draws that depend on nothing.
            found.extend(law.filter(|law| !(known && law.code == Code::LawUnknown)));
        }
        // Another law of lambda has another rate: it must be wrong under that one as well.
        let theirs = run.identified.law.as_ref().filter(|_| ratio >= half);
        let under = theirs.map_or(f64::INFINITY, |law| {
            rate(evidence, terms.prob, &law.lambda).map_or(f64::INFINITY, |(value, _)| value)
        });
        let (against, rate) = rates.map_or((0.0, None), |(value, found)| (value, Some(found)));
        found.extend(rate.filter(|_| against.min(under) >= half && !stream));
        if found.is_empty() {
            conclude(&mut run, alpha, [ratio, unknown, against, ordered, foretold].into_iter().fold(0.0, f64::max));
        }
    } else {
        run.because = vec![Reason::NoAlpha];
    }
    if !found.is_empty() {
        run.verdict = Verdict::Fail;
        run.because = Vec::new();
    }
    Some(Judged { run, found, untested: Vec::new() })
}

/// What tells the weights, by eight classes.
fn told(seen: &Blended, bounds: &[f64]) -> Vec<Foretold> {
    let number = bounds.len() - 1;
    let eighth = |&weight: &f64| (class_in(bounds, weight).min(number - 1) * EIGHT / number) as u8;
    let classes = seen.weights.iter().map(eighth).collect();
    foretold(&Sequence { aspect: Aspect::Weight, places: &seen.places, known: &seen.known, classes })
}

/// Whether what is not wrong is a PASS, and what that lacks.
fn conclude(run: &mut LawRun, alpha: f64, most: f64) {
    let missing = run.planned.saturating_sub(run.draws);
    let shows = planned(alpha, run.tolerance).shows_alpha;
    let (reason, needed) = if missing > 0 {
        (Reason::Draws(run.draws, run.planned), missing)
    } else if let Some(open) = run.open.iter().find(|open| shows || open.code != Code::Alpha) {
        (Reason::NotRefuted(vec![open.what.clone()]), run.draws)
    } else if !run.open.is_empty() {
        (Reason::Hidden(None, alpha, run.tolerance), 0)
    } else if most >= libm::log(REFUTED) {
        (Reason::Suspicious, run.draws)
    } else {
        run.verdict = Verdict::Pass;
        return;
    };
    run.needed = Some(needed).filter(|&draws| draws > 0);
    run.because = vec![reason];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Prob;
    use crate::audit::judge::evidence::Evidence;
    use crate::reference::Stream;

    fn terms() -> Terms {
        Terms {
            accept: Vec::new(),
            laws: vec![LambdaLaw::AsAsked],
            tolerance: 1.25,
            prob: Prob::Known(1.0),
            runs: 1,
            planned: 2000,
            square_only: false,
            fixed: None,
        }
    }

    /// What is judged of some weights, of samples of their own.
    fn of(alpha: f64, weights: Vec<f64>) -> Judged {
        let evidence = Evidence { alpha: Some(alpha), ..Evidence::default() };
        judge(&Blending { blends: &Blended::earlier(weights, 0), evidence: &evidence }, &terms()).unwrap()
    }

    /// Whatever weights are, an estimate lies inside of its interval, or there is none.
    #[test]
    fn an_estimate_lies_inside_of_its_interval() {
        for weight in [0.02, 0.25, 0.5, 0.7, 0.98] {
            for (alpha, spread) in [(1.0, 0.0), (0.2, 0.0), (8.0, 0.0), (1.0, 0.01), (0.25, 0.1)] {
                let weights: Vec<f64> = (0..3000).map(|i| weight + spread * f64::from(i % 7 - 3) / 7.0).collect();
                let judged = of(alpha, weights);
                assert_eq!(judged.run.verdict, Verdict::Fail);
                let held = judged.run.interval.is_none_or(|left| left.low <= left.hat && left.hat <= left.high);
                assert!(held, "{weight} at {alpha}: {:?}", judged.run.interval);
            }
        }
    }

    #[test]
    fn weights_of_no_known_law_are_told_by_their_bounds() {
        // In an order that nothing foretells, as far as is looked at.
        let mut stream = Stream::new(*b"weights\0", [7, 0, 0, 0]);
        let weights: Vec<f64> = (0..3000).map(|_| if stream.unit() < 0.5 { 0.3 } else { 0.7 }).collect();
        let judged = of(1.0, weights);
        let [found] = &judged.found[..] else { panic!("{:?}", judged.found) };
        assert_eq!(found.code, Code::LawUnknown);
        assert!(found.what.to_string().ends_with("; lambda lies between 0.30 and 0.70"), "{}", found.what);
        let most = judged.run.statistic.unwrap();
        assert!(most.seen > 1400 && most.expected < 600.0 && most.log10_e > 6.0, "{most:?}");
    }
}
