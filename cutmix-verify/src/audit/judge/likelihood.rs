//! How well every rule and every law of lambda explains the draws.
//!
//! The likelihood of a hypothesis is the product over all draws of `P(box | not empty)`, and of the probability that as many
//! samples were changed as were. A box depends on `s = sqrt(1 - lambda)` alone, and on centres. Between neighbouring points at which
//! a side or an edge jumps to another pixel, the probability of a box given `s` is a polynomial in `s` of degree two at most. So
//!
//! ```text
//! P(box) = sum over cells of (c0 M0 + c1 M1 + c2 M2),    Mk = integral of s^k over the cell
//! ```
//!
//! The `c` depend on rule and box ([`Table`]), the moments `M` on law and grid: rules times boxes and laws times grids are
//! computed instead of rules times laws times boxes. Three things make it fast:
//!
//! * Boxes that are the same are looked up once ([`Sorted`]).
//! * Nearly all rules have one of two grids, so moments are shared ([`Cache`]).
//! * Alpha is fitted for rules that are near enough to the best to matter.
//!
//! What is kept is a curve for each hypothesis, at checkpoints a tenth apart, not at every draw. Evidence may be taken wherever
//! it is largest, and between two checkpoints it may be larger. What was given up is a tenth of the draws at most; the promise
//! holds for any choice of places to look at.
//!
//! A law that a draw contradicts has likelihood 0, and one torn sample would decide. So every `P` is `(1 - e) P + e Q`, a law
//! again, in which `Q` is the mean of all rules and `e = FLOOR`. A box that is impossible costs `ln 10^-7`, and is counted by itself
//! as well ([`against`](super::against)), or a defect in one draw of a thousand would be forgiven for ever.

use rayon::prelude::*;

use super::bounds::bounded;
use super::evidence::{Applied, Evidence, Part};
use super::hypotheses::{ALPHAS, PLAIN, Ranked, claimed, deviations};
use super::terms::Terms;
use crate::audit::prob::Prob;
use crate::law::boxes::Table;
use crate::law::lambda::{Grid, Moments};
use crate::law::special::log_sum_exp;
use crate::profile::shape::Shape;
use crate::profile::{Hypothesis, Lambda, LambdaLaw, Precision, Rate};
use crate::reference::Patch;

/// What every law has of the mean of all rules. It is the rate at which rounding makes a box that a rule cannot make.
pub(super) const FLOOR: f64 = 1e-7;
/// The number of draws at which evidence is looked at first; nothing is decided by fewer.
const FIRST: f64 = 4.0;
/// From one checkpoint to the next.
const GROWTH: f64 = 1.1;
/// Below the best rule by this much a draw, and by this much in all, alpha is not fitted, since that would not lift the rule to
/// the best one. Around one that was given, alphas are tried at most a factor of 2 apart, so one of them is within 1.42 of the best; an alpha that is off by
/// 1.5 takes 1,557 draws for 17.5, which is 0.011 a draw. The rest is for few draws.
const NEAR: [f64; 2] = [0.05, 100.0];
/// With fewer draws than planned nothing passes: these likeliest rules are enough to tell alpha.
const LIKELIEST: usize = 4;
/// The probability of a box of the whole image, by rounding, from which a type is worth a try. Below it one type has the
/// likelihood of another up to a box in a million draws.
const ATOM: f64 = 1e-6;
/// The first step of the search for the best alpha, in its logarithm.
const STEP: f64 = 0.1;
/// Where the search ends, in the logarithm of alpha: what is printed has four digits.
const CLOSE: f64 = 5e-4;
/// Steps of a search, each of which at least halves what is open.
const STEPS: usize = 12;

/// A part with its boxes sorted.
#[derive(Debug)]
pub(super) struct Sorted<'a> {
    part: &'a Part,
    distinct: Vec<Patch>,
    index: Vec<u32>,
    /// What each box has from the mean of all rules.
    floor: Vec<f64>,
}

impl<'a> Sorted<'a> {
    pub(super) fn new(part: &'a Part) -> Self {
        let mut distinct = part.boxes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let place = |patch: &Patch| distinct.partition_point(|known| known < patch) as u32;
        let index = part.boxes.iter().map(place).collect();
        Self { part, distinct, index, floor: Vec::new() }
    }

    /// The numbers of the boxes of each call.
    pub(super) fn calls(&self) -> Vec<Vec<u32>> {
        let call = |i: usize| self.part.places.get(i).map(|place| (place.trace, place.phase, place.call));
        let numbers: Vec<usize> = (0..self.index.len()).collect();
        let calls = numbers.chunk_by(|&i, &j| call(i) == call(j) && call(i).is_some());
        calls.map(|call| call.iter().map(|&i| self.index[i]).collect()).collect()
    }

    /// The mean of all rules, box by box.
    fn floors<'m>(&mut self, shapes: &[Shape], moments: impl Fn(&Grid) -> &'m Moments + Sync) {
        let share = |shape: &Shape| {
            let table = Table::new(shape, self.part.size, &self.distinct);
            given(&table, moments(table.grid())).0
        };
        let shares: Vec<Vec<f64>> = shapes.par_iter().map(share).collect();
        let [w, h] = self.part.size.map(f64::from);
        // A box that no rule makes has what a uniform choice would give: one over the number of boxes that there are.
        let every = 4.0 / (w * (w + 1.0) * h * (h + 1.0));
        let sum = |i: usize| shares.iter().map(|of_shape| of_shape[i]).sum::<f64>() + every;
        self.floor = (0..self.distinct.len()).map(|i| sum(i) / (shapes.len() + 1) as f64).collect();
    }

    /// The probability of each box under a rule and a law, and that of a box that is not empty.
    pub(super) fn under(&self, shape: &Shape, law: &Hypothesis) -> (Vec<f64>, f64) {
        let table = Table::new(shape, self.part.size, &self.distinct);
        given(&table, &law.lambda.moments_in(table.grid(), law.precision))
    }
}

/// The probability of each box of a table, and that of a box that is not empty.
fn given(table: &Table, moments: &Moments) -> (Vec<f64>, f64) {
    let mut p = Vec::new();
    table.given_filled(moments, &mut p);
    (p, table.filled(moments))
}

/// One rule with every law.
#[derive(Debug)]
pub(super) struct ShapeFit {
    pub(super) shape: Shape,
    /// The logarithm of the likelihood of the first draws, for every law and checkpoint.
    pub(super) curves: Vec<Vec<f64>>,
    /// Boxes among the first draws that are impossible, for every law that is right and checkpoint.
    pub(super) impossible: Vec<Vec<u64>>,
    /// The largest log-likelihood over every alpha, and its alpha.
    pub(super) best: (f64, f64),
    /// The same below and above the tolerated alphas.
    pub(super) outside: [f64; 2],
    /// Whether `best` and `outside` were searched for, or are those of the laws that were tried: far from the others.
    pub(super) searched: bool,
}

impl ShapeFit {
    /// The logarithm of the likelihood of all draws, for every law.
    pub(super) fn ends(&self) -> impl Iterator<Item = f64> + Clone {
        self.curves.iter().filter_map(|curve| curve.last()).copied()
    }
}

/// What was drawn, and the promised probability of a change.
#[derive(Debug)]
struct Draws<'a> {
    sorted: Vec<Sorted<'a>>,
    prob: Prob,
}

/// Every rule with every law.
#[derive(Debug)]
pub(super) struct Likelihoods<'a> {
    draws: Draws<'a>,
    /// Numbers of draws at which all were looked at; the last is that of all draws.
    pub(super) checkpoints: Vec<usize>,
    /// The laws: those that are right first.
    pub(super) laws: Vec<Hypothesis>,
    /// How many of them are right.
    pub(super) right: usize,
    pub(super) shapes: Vec<ShapeFit>,
}

/// Numbers of draws at which evidence is looked at: each a tenth more than the one before.
fn checkpoints(draws: usize) -> Vec<usize> {
    let mut all = Vec::new();
    let mut next = FIRST;
    while (next as usize) < draws {
        all.push(next as usize);
        next = (next * GROWTH).ceil();
    }
    all.push(draws);
    all
}

/// Every grid that the rules have, and the moments of all laws on it: most rules share one.
struct Cache(Vec<(Grid, Vec<Moments>)>);

impl Cache {
    fn new(parts: &[Part], shapes: &[Shape], laws: &[Hypothesis]) -> Self {
        let mut grids: Vec<Grid> = Vec::new();
        for grid in parts.iter().flat_map(|part| shapes.iter().map(|shape| shape.grid(part.size[0], part.size[1]))) {
            if !grids.contains(&grid) {
                grids.push(grid);
            }
        }
        let of = |grid: Grid| {
            let moments = laws.par_iter().map(|law| law.lambda.moments_in(&grid, law.precision)).collect();
            (grid, moments)
        };
        Self(grids.into_iter().map(of).collect())
    }

    fn of(&self, grid: &Grid) -> &[Moments] {
        let known = self.0.iter().find(|(known, _)| known == grid);
        // Every rule's grid was asked for when this was made.
        &known.unwrap_or(&self.0[0]).1
    }
}

/// What is needed to evaluate laws of one rule.
struct Fitter<'a> {
    tables: Vec<Table>,
    draws: &'a Draws<'a>,
}

impl<'a> Fitter<'a> {
    fn new(shape: &Shape, draws: &'a Draws<'a>) -> Self {
        let table = |sorted: &Sorted<'_>| Table::new(shape, sorted.part.size, &sorted.distinct);
        Self { tables: draws.sorted.iter().map(table).collect(), draws }
    }

    /// The log-likelihood of all draws.
    fn total(&self, law: &Lambda, precision: Precision) -> f64 {
        let mut sum = 0.0;
        for (table, sorted) in self.tables.iter().zip(&self.draws.sorted) {
            let (p, filled) = given(table, &law.moments_in(table.grid(), precision));
            let logs = logs(&p, &sorted.floor);
            sum += sorted.index.iter().map(|&i| logs[i as usize]).sum::<f64>();
            sum += self.applied(sorted.part, filled, Rate::Promised, u32::MAX);
        }
        sum
    }

    /// The log-likelihood of how often something was changed before so many draws; boxes are not empty with this probability.
    fn applied(&self, part: &Part, filled: f64, rate: Rate, draws: u32) -> f64 {
        let Prob::Known(prob) = self.draws.prob else { return 0.0 };
        let of = |applied: &Applied| {
            let [trials, touched] = applied.until(draws);
            let still = trials - touched;
            if rate == Rate::Any {
                // Any rate is as likely as any other: one over binomial coefficient and number of outcomes.
                let gamma = |n: u64| libm::lgamma(n as f64 + 1.0);
                return gamma(touched) + gamma(still) - gamma(trials) - libm::log(trials as f64 + 1.0);
            }
            let prob = if rate == Rate::Squared { prob * prob } else { prob };
            let of = |own: &f64| {
                let p = prob * filled * (1.0 - own);
                let p = (1.0 - FLOOR) * p + FLOOR / 2.0;
                touched as f64 * libm::log(p) + still as f64 * libm::log1p(-p)
            };
            // A sample is its own partner with one of these probabilities, unknown which: the mean likelihood. `Judge::limit`
            // adds ln 2 for it.
            log_sum_exp(applied.own.iter().map(of)) - libm::log(applied.own.len() as f64)
        };
        part.applied.iter().map(of).sum()
    }

    /// The log-likelihood at an alpha, drawn in the type that explains it best.
    fn at(&self, alpha: f64) -> f64 {
        let law = Lambda::beta(alpha);
        let differs = |precision: &Precision| *precision == Precision::Exact || law.atom(*precision) > ATOM;
        let types = Precision::ALL.into_iter().filter(differs);
        types.map(|precision| self.total(&law, precision)).fold(f64::MIN, f64::max)
    }

    /// The largest log-likelihood over alphas around one, and its alpha.
    ///
    /// In the logarithm of alpha it is nearly a parabola. So each step goes to the top of the one through the three points around
    /// the highest so far, and some five evaluations find it; a golden section would take fifteen.
    fn most(&self, start: f64) -> (f64, f64) {
        let ends = ALPHAS.map(libm::log);
        let value = |x: f64| (self.at(libm::exp(x)), x);
        let centre = libm::log(start).clamp(ends[0] + STEP, ends[1] - STEP);
        let mut points = [value(centre - STEP), value(centre), value(centre + STEP)];
        for _ in 0..STEPS {
            let [(fa, a), (fb, b), (fc, c)] = points;
            let (up, down) = ((b - a) * (fb - fc), (b - c) * (fb - fa));
            let step = 0.5 * ((b - a) * up - (b - c) * down) / (up - down);
            // A hill has its top inside; anywhere else it is climbed by doubling.
            let next = if fb >= fa && fb >= fc && step.is_finite() {
                (b - step).clamp(a, c)
            } else if fc > fa {
                c + 2.0 * (c - b)
            } else {
                a - 2.0 * (b - a)
            };
            let next = next.clamp(ends[0], ends[1]);
            if points.iter().any(|&(_, x)| (x - next).abs() < CLOSE) {
                break;
            }
            let mut all = [points[0], points[1], points[2], value(next)];
            all.sort_by(|p, q| p.1.total_cmp(&q.1));
            // The three around the highest.
            let top = (0..4).max_by(|&i, &j| all[i].0.total_cmp(&all[j].0)).unwrap_or(1).clamp(1, 2);
            points = [all[top - 1], all[top], all[top + 1]];
        }
        let best =
            points.into_iter().fold((f64::MIN, centre), |best, point| if point.0 > best.0 { point } else { best });
        (best.0, libm::exp(best.1))
    }

    /// The log-likelihood of the first draws, and how many of them are impossible, by checkpoint.
    fn curve<'m>(
        &self,
        moments: impl Iterator<Item = &'m Moments>,
        rate: Rate,
        checkpoints: &[usize],
    ) -> (Vec<f64>, Vec<u64>) {
        let (mut curve, mut impossible) =
            (Vec::with_capacity(checkpoints.len()), Vec::with_capacity(checkpoints.len()));
        let (mut sum, mut rates, mut draw, mut never) = (0.0, 0.0, 0, 0);
        for ((table, sorted), moments) in self.tables.iter().zip(&self.draws.sorted).zip(moments) {
            let (p, filled) = given(table, moments);
            let logs = logs(&p, &sorted.floor);
            for (number, &i) in sorted.index.iter().enumerate() {
                sum += logs[i as usize];
                never += u64::from(p[i as usize] == 0.0);
                draw += 1;
                if checkpoints.get(curve.len()) == Some(&draw) {
                    // What was tried after the last draw counts as well.
                    let until = if checkpoints.last() == Some(&draw) { u32::MAX } else { number as u32 + 1 };
                    curve.push(sum + rates + self.applied(sorted.part, filled, rate, until));
                    impossible.push(never);
                }
            }
            rates += self.applied(sorted.part, filled, rate, u32::MAX);
        }
        (curve, impossible)
    }
}

fn logs(p: &[f64], floor: &[f64]) -> Vec<f64> {
    p.iter().zip(floor).map(|(p, floor)| libm::log((1.0 - FLOOR) * p + FLOOR * floor)).collect()
}

impl<'a> Likelihoods<'a> {
    /// Of draws that were made with one alpha, if it is known, under these rules and the laws of these rows.
    pub(super) fn new(evidence: &'a Evidence, terms: &Terms, shapes: &[Shape], table: &[LambdaLaw]) -> Self {
        let (parts, alpha) = (&evidence.parts, evidence.alpha);
        let mut draws = Draws { sorted: parts.iter().map(Sorted::new).collect(), prob: terms.prob };
        let number: usize = parts.iter().map(|part| part.boxes.len()).sum();
        let mut laws = alpha.map(|alpha| claimed(alpha, &terms.laws)).unwrap_or_default();
        let right = laws.len();
        laws.extend(deviations(alpha, table, &terms.laws));
        let cache = Cache::new(parts, shapes, &laws);
        let plain = Lambda::beta(alpha.unwrap_or(PLAIN));
        // In real numbers: they are the first of its types.
        let plain = laws.iter().position(|law| law.lambda == plain).unwrap_or(0);
        draws.sorted.iter_mut().for_each(|sorted| sorted.floors(shapes, |grid| &cache.of(grid)[plain]));
        let checkpoints = checkpoints(number.max(1));
        let fit = |shape: &Shape| fit(shape, &draws, (&laws, right), &cache, &checkpoints);
        let mut fits: Vec<ShapeFit> = shapes.par_iter().map(fit).collect();
        let last = |fit: &ShapeFit| fit.ends().fold(f64::MIN, f64::max);
        let mut likeliest: Vec<f64> = fits.iter().map(last).collect();
        likeliest.sort_by(|a, b| b.total_cmp(a));
        let best = likeliest.first().copied().unwrap_or(f64::MIN);
        let near = if number as u64 >= terms.planned {
            best - NEAR[0] * number as f64 - NEAR[1]
        } else {
            likeliest.get(LIKELIEST - 1).or(likeliest.last()).copied().unwrap_or(best)
        };
        let near = fits.par_iter_mut().filter(|fit| last(fit) >= near);
        near.for_each(|fit| search(fit, &draws, alpha, terms.tolerance));
        Self { draws, checkpoints, laws, right, shapes: fits }
    }

    /// The ends of the alphas around the most likely one whose log-likelihood is at least `least`.
    pub(super) fn interval(&self, fit: &ShapeFit, least: f64) -> [f64; 2] {
        let fitter = Fitter::new(&fit.shape, &self.draws);
        let hat = fit.best.1;
        // By the side, not by where the end lies: the most likely alpha may be an end itself.
        [(ALPHAS[0], 0.5), (ALPHAS[1], 2.0)].map(|(end, factor)| {
            let (mut inside, mut outside) = (hat, hat * factor);
            // Further out until it is outside.
            while fitter.at(outside) >= least {
                (inside, outside) = (outside, outside * factor);
                if !(ALPHAS[0]..=ALPHAS[1]).contains(&outside) {
                    return end;
                }
            }
            edge(|alpha| fitter.at(alpha) >= least, inside, outside)
        })
    }

    /// The intervals of lambda that explain the draws of an alpha best under a rule, each in the type that does so best.
    pub(super) fn bounded(&self, fit: &ShapeFit, alpha: f64) -> Vec<Ranked> {
        let fitter = Fitter::new(&fit.shape, &self.draws);
        let typed = |family: Ranked| {
            let of = |precision| (fitter.total(&family.law.lambda, precision), precision);
            let [exact, rest @ ..] = Precision::ALL.map(of);
            let most = rest.into_iter().fold(exact, |best, here| if here.0 > best.0 { here } else { best });
            Ranked {
                law: Hypothesis { precision: most.1, ..family.law.clone() },
                value: family.value + most.0 - exact.0,
                likelihood: most.0,
            }
        };
        bounded(alpha, |lambda| fitter.total(lambda, Precision::Exact)).into_iter().map(typed).collect()
    }

    /// Whether each draw is possible under a rule and a law, by part.
    pub(super) fn possible(&self, shape: &Shape, law: &Hypothesis) -> Vec<Vec<bool>> {
        let of = |sorted: &Sorted<'_>| {
            let (p, _) = sorted.under(shape, law);
            sorted.index.iter().map(|&i| p[i as usize] > 0.0).collect()
        };
        self.draws.sorted.iter().map(of).collect()
    }

    /// In how large a part of the draws two hypotheses differ: their distance in total variation, `E max(0, 1 - q/p)` over draws
    /// of the first, which is what was drawn; and how much more often one of them has no box.
    pub(super) fn distance(&self, ours: (&Shape, &Hypothesis), theirs: (&Shape, &Hypothesis)) -> f64 {
        let (mut sum, mut draws) = (0.0, 0.0);
        let mut most_empty: f64 = 0.0;
        for sorted in &self.draws.sorted {
            let [(p, filled), (q, other)] = [ours, theirs].map(|(shape, law)| sorted.under(shape, law));
            let share = |&i: &u32| match p[i as usize] {
                0.0 => 0.0,
                p => (1.0 - q[i as usize] / p).max(0.0),
            };
            sum += sorted.index.iter().map(share).sum::<f64>();
            draws += sorted.index.len() as f64;
            most_empty = most_empty.max((filled - other).abs());
        }
        sum / f64::max(draws, 1.0) + most_empty
    }
}

fn fit(
    shape: &Shape,
    draws: &Draws<'_>,
    (laws, right): (&[Hypothesis], usize),
    cache: &Cache,
    checkpoints: &[usize],
) -> ShapeFit {
    let fitter = Fitter::new(shape, draws);
    let moments: Vec<&[Moments]> = fitter.tables.iter().map(|table| cache.of(table.grid())).collect();
    let curve = |(number, law): (usize, &Hypothesis)| {
        fitter.curve(moments.iter().map(|laws| &laws[number]), law.rate, checkpoints)
    };
    let (curves, mut impossible): (Vec<Vec<f64>>, Vec<_>) = laws.iter().enumerate().map(curve).unzip();
    impossible.truncate(right);
    let mut best = (f64::MIN, PLAIN);
    for (law, curve) in laws.iter().zip(&curves).filter(|(law, _)| law.rate == Rate::Promised) {
        match (&law.lambda, curve.last()) {
            (Lambda::Beta { a, b }, Some(end)) if a == b && *end > best.0 => best = (*end, *a),
            _ => {}
        }
    }
    ShapeFit { shape: *shape, curves, impossible, best, outside: [best.0; 2], searched: false }
}

/// Finds the largest log-likelihoods over alpha. Rules without lambda have one.
fn search(fit: &mut ShapeFit, draws: &Draws<'_>, alpha: Option<f64>, tolerance: f64) {
    fit.searched = true;
    if fit.shape.without_lambda() {
        return;
    }
    let fitter = Fitter::new(&fit.shape, draws);
    // Log-likelihoods have one hill; the laws that were tried say where.
    fit.best = fitter.most(fit.best.1);
    let Some(alpha) = alpha else { return };
    let [low, high] = [alpha / tolerance, alpha * tolerance];
    // Outside an interval that holds the top, the ends are the largest.
    fit.outside = [
        if fit.best.1 <= low { fit.best.0 } else { fitter.at(low) },
        if fit.best.1 >= high { fit.best.0 } else { fitter.at(high) },
    ];
}

/// Where between an alpha for which something holds and one for which it does not it ceases to.
pub(super) fn edge(holds: impl Fn(f64) -> bool, mut inside: f64, mut outside: f64) -> f64 {
    for _ in 0..STEPS {
        let middle = (inside * outside).sqrt();
        if holds(middle) { inside = middle } else { outside = middle }
    }
    (inside * outside).sqrt()
}
