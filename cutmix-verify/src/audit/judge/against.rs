//! What speaks against each accepted rule.
//!
//! The evidence of known deviations is `sum over h of w_h P_h(draws) / P_0(draws)`: the mean likelihood of all hypotheses `h`
//! over that of the accepted rule. It is the wealth of a gambler who bets `w_h` on each `h` and starts with 1, so it has
//! expectation 1 after every draw where the rule is true, and its largest so far may be used. One need not know which deviation
//! it is; with two thousand hypotheses that costs about `ln 2000 = 7.6`, where a FAIL takes 14.5.
//!
//! The rules that are accepted are judged one by one, and a FAIL needs evidence against all of them. So nothing is lost where
//! several are accepted, and no prior among them is needed. What was given up: an implementation that mixes two accepted rules is
//! none of them, and FAILs.

use super::alarm::{Share, log10, mean};
use super::case::{Counted, Judge, Null};
use super::evidence::Part;
use super::likelihood::{ShapeFit, Sorted};
use super::unknown::{Classes, NO_BET, dirichlet, recur};
use crate::law::features::Features;
use crate::law::special::log_sum_exp;
use crate::profile::Hypothesis;
use crate::profile::shape::Shape;
use crate::report::{Accepted, RightLaw, Sort, Tested};

/// Probability of an impossible box in an implementation that is right. Where both axes change at the same lambda, rounding of
/// binary32 puts one on the wrong side in 10^-8 to 10^-7 of the draws.
const TORN_RATE: f64 = 1e-7;
/// The rates of impossible boxes that are bet on, far above the one that is allowed: one for every power of ten.
const TORN_BETS: [f64; 5] = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

/// What speaks against one accepted rule.
pub(super) struct Standing {
    /// Known deviations.
    pub(super) likelihood: f64,
    pub(super) impossible: f64,
    /// Unknown deviations.
    pub(super) tests: Vec<(Tested, f64)>,
    pub(super) count: u64,
    /// Draws after which the evidence was enough for a FAIL.
    pub(super) decided: Option<usize>,
}

impl Standing {
    pub(super) fn unknown(&self) -> f64 {
        mean(self.tests.iter().map(|(_, value)| *value))
    }

    pub(super) fn most(&self) -> f64 {
        self.likelihood.max(self.impossible).max(self.unknown())
    }
}

/// The e-value of a bet that impossible boxes are more frequent than those that rounding makes: the mean of Bernoulli likelihood
/// ratios over some rates. One such box in ten thousand draws is evidence of 10^1.9 to 1, and three are a FAIL.
pub(super) fn impossible(count: u64, draws: u64) -> f64 {
    let of = |rate: f64| {
        count as f64 * libm::log(rate / TORN_RATE)
            + (draws - count) as f64 * libm::log((1.0 - rate) / (1.0 - TORN_RATE))
    };
    mean(TORN_BETS.into_iter().map(of))
}

/// A bet that the boxes of a part recur more often than a rule and a law say.
fn recurring(part: &Part, shape: &Shape, law: &Hypothesis) -> f64 {
    let sorted = Sorted::new(part);
    let (p, _) = sorted.under(shape, law);
    recur(&sorted.calls(), &p)
}

impl Judge<'_> {
    /// Logarithms of the weights of all hypotheses. Half is for those that are off in one way, rule or law: they are more
    /// probable, and many fewer.
    pub(super) fn weights(&self) -> Vec<Vec<f64>> {
        let single = |fit: &ShapeFit, law: usize| self.accepts(&fit.shape) || law < self.fits.right;
        let laws = self.fits.laws.len();
        let all = || self.fits.shapes.iter().flat_map(|fit| (0..laws).map(move |law| (fit, law)));
        let number = all().filter(|&(fit, law)| single(fit, law)).count().max(1) as f64;
        let rest = (all().count() as f64 - number).max(1.0);
        let weight = |fit: &ShapeFit, law| -libm::log(2.0 * if single(fit, law) { number } else { rest });
        self.fits.shapes.iter().map(|fit| (0..laws).map(|law| weight(fit, law)).collect()).collect()
    }

    /// The logarithm of the mean likelihood of all hypotheses, by checkpoint.
    pub(super) fn mixture(&self, weights: &[Vec<f64>]) -> Vec<f64> {
        let at = |checkpoint: usize| {
            let fits = self.fits.shapes.iter().zip(weights);
            let terms: Vec<f64> = fits
                .flat_map(|(fit, weights)| fit.curves.iter().zip(weights).map(move |(curve, w)| curve[checkpoint] + w))
                .collect();
            log_sum_exp(terms.iter().copied())
        };
        (0..self.fits.checkpoints.len()).map(at).collect()
    }

    pub(super) fn against(&self, null: &Null<'_>, mixture: &[f64], classes: &[Counted]) -> Standing {
        let ratio = |checkpoint: usize| {
            mixture[checkpoint] - if self.asked() { null.likelihood[checkpoint] } else { null.likelihood[0] }
        };
        let checkpoints = &self.fits.checkpoints;
        let last = checkpoints.len() - 1;
        let counts = null.fit.impossible.get(null.law);
        let torn = |checkpoint: usize| {
            counts.map_or(0.0, |counts| impossible(counts[checkpoint], checkpoints[checkpoint] as u64))
        };
        // Evidence may be taken wherever it is largest; without an alpha only its end is known.
        let looked = || if self.asked() { 0..last + 1 } else { last..last + 1 };
        let decided =
            looked().find(|&i| ratio(i) >= self.limit(Share::Ratios) || torn(i) >= self.limit(Share::Impossible));
        let tests =
            if self.asked() { self.tests(&null.fit.shape, &self.fits.laws[null.law], classes) } else { Vec::new() };
        let mut standing = Standing {
            likelihood: looked().map(ratio).fold(f64::MIN, f64::max),
            impossible: looked().map(torn).fold(f64::MIN, f64::max),
            tests,
            count: counts.and_then(|counts| counts.last()).copied().unwrap_or(0),
            decided: decided.map(|i| checkpoints[i]),
        };
        if standing.decided.is_none() && standing.unknown() >= self.limit(Share::Unknown) {
            standing.decided = Some(self.draws);
        }
        standing
    }

    /// Tests of deviations that are in no table.
    pub(super) fn tests(&self, shape: &Shape, law: &Hypothesis, classes: &[Counted]) -> Vec<(Tested, f64)> {
        let parts = &self.evidence.parts;
        let of = |((part, (classes, counts)), frequent): ((&Part, &Counted), &bool)| {
            let features = Features::new(shape, part.size);
            let p = classes.probabilities(&features, &law.lambda.moments_in(features.grid(), law.precision));
            let size = (parts.len() > 1).then_some(part.size);
            let test =
                |(sort, (counts, p)): (Sort, (&Vec<u64>, Vec<f64>))| (Tested::Boxes(sort, size), dirichlet(counts, &p));
            let recur = if *frequent { recurring(part, shape, law) } else { NO_BET };
            let recur = (Tested::Recurring(size), recur);
            Classes::ALL.into_iter().zip(counts.iter().zip(p)).map(test).chain([recur]).collect::<Vec<_>>()
        };
        parts.iter().zip(classes).zip(&self.frequent).flat_map(of).collect()
    }

    pub(super) fn accepted(&self, null: &Null<'_>, standing: &Standing) -> Accepted {
        let law = self.fits.laws.get(null.law).filter(|_| self.asked());
        Accepted {
            shape: null.fit.shape,
            law: law.map_or(RightLaw::AnyAlpha, |law| RightLaw::Known(law.clone())),
            log10_likelihood: log10(standing.likelihood),
            log10_impossible: log10(standing.impossible),
            log10_generic: log10(standing.unknown()),
            impossible: standing.count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::alarm::{LN_10, limit};
    use super::*;

    #[test]
    fn one_impossible_box_is_no_fail_and_three_are() {
        assert!((impossible(1, 10_000) / LN_10 - 1.9).abs() < 0.1);
        assert!(impossible(2, 10_000) < limit(1, Share::Impossible));
        assert!(impossible(3, 10_000) > limit(1, Share::Impossible));
    }
}
