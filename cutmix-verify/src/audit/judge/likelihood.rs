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

use super::evidence::{Applied, Evidence, Part};
use super::hypotheses::{ALPHAS, PLAIN, claimed, deviations};
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
/// Impossible boxes that are kept for an example.
const EXAMPLES: usize = 64;
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
struct Sorted<'a> {
    part: &'a Part,
    distinct: Vec<Patch>,
    index: Vec<u32>,
    /// What each box has from the mean of all rules.
    floor: Vec<f64>,
}

impl<'a> Sorted<'a> {
    fn new(part: &'a Part) -> Self {
        let mut distinct = part.boxes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let place = |patch: &Patch| distinct.partition_point(|known| known < patch) as u32;
        let index = part.boxes.iter().map(place).collect();
        let floor = vec![0.0; distinct.len()];
        Self { part, distinct, index, floor }
    }
}

/// One rule with every law.
#[derive(Clone, Debug)]
pub(super) struct ShapeFit {
    /// The rule.
    pub(super) shape: Shape,
    /// The logarithm of the likelihood of the first draws, for every law and checkpoint.
    pub(super) curves: Vec<Vec<f64>>,
    /// Boxes among the first draws that are impossible, for every law that is right and checkpoint.
    pub(super) impossible: Vec<Vec<u64>>,
    /// The draws that are, for the first of these laws: at most some.
    pub(super) examples: Vec<usize>,
    /// The largest log-likelihood over every alpha, and its alpha.
    pub(super) best: (f64, f64),
    /// The same below and above the tolerated alphas.
    pub(super) outside: [f64; 2],
    /// Whether `best` and `outside` were searched for, or are those of the laws that were tried: far from the others.
    pub(super) searched: bool,
}

/// Every rule with every law.
#[derive(Clone, Debug)]
pub(super) struct Likelihoods {
    /// Numbers of draws at which all were looked at; the last is that of all draws.
    pub(super) checkpoints: Vec<usize>,
    /// The laws: those that are right first.
    pub(super) laws: Vec<Hypothesis>,
    /// How many of them are right.
    pub(super) right: usize,
    /// The rules.
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

/// The moments of all laws on every grid that the rules have: most rules share one. By part, and by parts of `1 / length`.
struct Cache(Vec<Vec<(u32, Vec<Moments>)>>);

impl Cache {
    fn new(parts: &[Part], shapes: &[Shape], laws: &[Hypothesis]) -> Self {
        let of_part = |part: &Part| {
            let [width, height] = part.size;
            let mut grids: Vec<u32> = shapes.iter().map(|shape| shape.parts(width, height)).collect();
            grids.sort_unstable();
            grids.dedup();
            let of_grid = |parts: u32| {
                let grid = Grid::new(width, height, parts);
                (parts, laws.par_iter().map(|law| law.lambda.moments_in(&grid, law.precision)).collect())
            };
            grids.into_iter().map(of_grid).collect()
        };
        Self(parts.iter().map(of_part).collect())
    }

    fn of(&self, part: usize, parts: u32, law: usize) -> &Moments {
        let grid = self.0[part].iter().find(|(known, _)| *known == parts);
        // Every rule's grid was asked for when this was made.
        &grid.unwrap_or(&self.0[part][0]).1[law]
    }
}

/// What is needed to evaluate laws of one rule.
struct Fitter<'a> {
    tables: Vec<Table>,
    parts: &'a [Sorted<'a>],
    prob: Prob,
}

impl<'a> Fitter<'a> {
    fn new(shape: &Shape, parts: &'a [Sorted<'a>], prob: Prob) -> Self {
        let tables = parts.iter().map(|sorted| Table::new(shape, sorted.part.size, &sorted.distinct)).collect();
        Self { tables, parts, prob }
    }

    fn moments(&self, law: &Lambda, precision: Precision) -> Vec<Moments> {
        self.tables.iter().map(|table| law.moments_in(table.grid(), precision)).collect()
    }

    /// The log-likelihood of all draws.
    fn total(&self, law: &Lambda, precision: Precision) -> f64 {
        let mut sum = 0.0;
        let mut p = Vec::new();
        for ((table, sorted), moments) in self.tables.iter().zip(self.parts).zip(self.moments(law, precision)) {
            table.given_filled(&moments, &mut p);
            let logs = logs(&p, &sorted.floor);
            sum += sorted.index.iter().map(|&i| logs[i as usize]).sum::<f64>();
            sum += self.applied(sorted.part, table.filled(&moments), Rate::Promised, u32::MAX);
        }
        sum
    }

    /// The log-likelihood of how often something was changed before so many draws; boxes are not empty with this probability.
    fn applied(&self, part: &Part, filled: f64, rate: Rate, draws: u32) -> f64 {
        let Prob::Known(prob) = self.prob else { return 0.0 };
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

    fn curve(
        &self,
        moments: &[&Moments],
        rate: Rate,
        checkpoints: &[usize],
        mut impossible: Option<(&mut Vec<u64>, &mut Vec<usize>)>,
    ) -> Vec<f64> {
        let mut curve = Vec::with_capacity(checkpoints.len());
        let (mut sum, mut rates, mut draw, mut never) = (0.0, 0.0, 0, 0);
        let mut p = Vec::new();
        for ((table, sorted), moments) in self.tables.iter().zip(self.parts).zip(moments) {
            table.given_filled(moments, &mut p);
            let (logs, filled) = (logs(&p, &sorted.floor), table.filled(moments));
            for (number, &i) in sorted.index.iter().enumerate() {
                sum += logs[i as usize];
                if p[i as usize] == 0.0 {
                    never += 1;
                    if let Some((_, examples)) = impossible.as_mut().filter(|(_, examples)| examples.len() < EXAMPLES) {
                        examples.push(draw);
                    }
                }
                draw += 1;
                if draw == checkpoints[curve.len()] {
                    // What was tried after the last draw counts as well.
                    let until = if draw == checkpoints[checkpoints.len() - 1] { u32::MAX } else { number as u32 + 1 };
                    curve.push(sum + rates + self.applied(sorted.part, filled, rate, until));
                    if let Some((counts, _)) = &mut impossible {
                        counts.push(never);
                    }
                    if curve.len() == checkpoints.len() {
                        return curve;
                    }
                }
            }
            rates += self.applied(sorted.part, filled, rate, u32::MAX);
        }
        curve
    }
}

fn logs(p: &[f64], floor: &[f64]) -> Vec<f64> {
    p.iter().zip(floor).map(|(p, floor)| libm::log((1.0 - FLOOR) * p + FLOOR * floor)).collect()
}

impl Likelihoods {
    /// Of draws that were made with one alpha, if it is known, under these rules and the laws of these rows.
    #[must_use]
    pub(super) fn new(evidence: &Evidence, terms: &Terms, shapes: &[Shape], table: &[LambdaLaw]) -> Self {
        let (parts, alpha, prob) = (&evidence.parts, evidence.alpha, terms.prob);
        let mut sorted: Vec<Sorted<'_>> = parts.iter().map(Sorted::new).collect();
        let draws: usize = parts.iter().map(|part| part.boxes.len()).sum();
        let mut laws = alpha.map(claimed).unwrap_or_default();
        let right = laws.len();
        laws.extend(deviations(alpha, table));
        floors(&mut sorted, shapes, alpha);
        let cache = Cache::new(parts, shapes, &laws);
        let checkpoints = checkpoints(draws.max(1));
        let fits: Vec<ShapeFit> =
            shapes.par_iter().map(|shape| fit(shape, (&sorted, prob), (&laws, &cache), right, &checkpoints)).collect();
        let last =
            |fit: &ShapeFit| fit.curves.iter().filter_map(|curve| curve.last()).copied().fold(f64::MIN, f64::max);
        let best = fits.iter().map(last).fold(f64::MIN, f64::max);
        let mut likeliest: Vec<f64> = fits.iter().map(last).collect();
        likeliest.sort_by(|a, b| b.total_cmp(a));
        let near = if draws as u64 >= terms.planned {
            best - NEAR[0] * draws as f64 - NEAR[1]
        } else {
            likeliest.get(LIKELIEST - 1).or(likeliest.last()).copied().unwrap_or(best)
        };
        let shapes = fits
            .into_par_iter()
            .map(|mut fit| {
                if last(&fit) >= near {
                    search(&mut fit, (&sorted, prob), alpha, terms.tolerance);
                }
                fit
            })
            .collect();
        Self { checkpoints, laws, right, shapes }
    }
}

/// The mean of all rules, box by box.
fn floors(sorted: &mut [Sorted<'_>], shapes: &[Shape], alpha: Option<f64>) {
    let base = [Hypothesis::exact(LambdaLaw::AsAsked, Lambda::beta(alpha.unwrap_or(PLAIN)))];
    for part in sorted {
        let cache = Cache::new(std::slice::from_ref(part.part), shapes, &base);
        let [w, h] = part.part.size.map(f64::from);
        // One over the number of boxes that there are.
        let every = 4.0 / (w * (w + 1.0) * h * (h + 1.0));
        let shares: Vec<Vec<f64>> = shapes
            .par_iter()
            .map(|shape| {
                let table = Table::new(shape, part.part.size, &part.distinct);
                let mut p = Vec::new();
                let [width, height] = part.part.size;
                table.given_filled(cache.of(0, shape.parts(width, height), 0), &mut p);
                p
            })
            .collect();
        for (i, floor) in part.floor.iter_mut().enumerate() {
            // A box that no rule makes has what a uniform choice among all would give.
            let sum: f64 = shares.iter().map(|of_shape| of_shape[i]).sum();
            *floor = (sum + every) / (shapes.len() + 1) as f64;
        }
    }
}

fn fit(
    shape: &Shape,
    (sorted, prob): (&[Sorted<'_>], Prob),
    (laws, cache): (&[Hypothesis], &Cache),
    right: usize,
    checkpoints: &[usize],
) -> ShapeFit {
    let fitter = Fitter::new(shape, sorted, prob);
    let mut impossible = vec![Vec::new(); right];
    let (mut examples, mut others) = (Vec::new(), Vec::new());
    let curves: Vec<Vec<f64>> = laws
        .iter()
        .enumerate()
        .map(|(number, law)| {
            let counts = impossible.get_mut(number).map(|counts| {
                // Examples are those of the law in real numbers.
                others.clear();
                (counts, if number == 0 { &mut examples } else { &mut others })
            });
            let moments = |part: usize| {
                let [width, height] = sorted[part].part.size;
                cache.of(part, shape.parts(width, height), number)
            };
            let moments: Vec<&Moments> = (0..sorted.len()).map(moments).collect();
            fitter.curve(&moments, law.rate, checkpoints, counts)
        })
        .collect();
    let last = |i: usize| *curves[i].last().unwrap_or(&0.0);
    let alphas =
        |i: &usize| laws[*i].rate == Rate::Promised && matches!(laws[*i].lambda, Lambda::Beta { a, b } if a == b);
    let best = (0..laws.len()).filter(alphas).map(|i| (last(i), parameter(&laws[i].lambda)));
    let best = best.fold((f64::MIN, PLAIN), |best, other| if other.0 > best.0 { other } else { best });
    ShapeFit { shape: *shape, curves, impossible, examples, best, outside: [best.0; 2], searched: false }
}

const fn parameter(law: &Lambda) -> f64 {
    match law {
        Lambda::Beta { a, .. } => *a,
        _ => PLAIN,
    }
}

/// Finds the largest log-likelihoods over alpha. Rules without lambda have one.
fn search(fit: &mut ShapeFit, (sorted, prob): (&[Sorted<'_>], Prob), alpha: Option<f64>, tolerance: f64) {
    fit.searched = true;
    if fit.shape.without_lambda() {
        return;
    }
    let fitter = Fitter::new(&fit.shape, sorted, prob);
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

/// The ends of the alphas around the most likely one whose log-likelihood is at least `least`.
#[must_use]
pub(super) fn interval(evidence: &Evidence, prob: Prob, shapes: &[Shape], fit: &ShapeFit, least: f64) -> [f64; 2] {
    let mut sorted: Vec<Sorted<'_>> = evidence.parts.iter().map(Sorted::new).collect();
    floors(&mut sorted, shapes, evidence.alpha);
    let fitter = Fitter::new(&fit.shape, &sorted, prob);
    let hat = fit.best.1;
    ALPHAS.map(|end| {
        let factor = if end < hat { 0.5 } else { 2.0 };
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

/// Where between an alpha for which something holds and one for which it does not it ceases to.
pub(super) fn edge(holds: impl Fn(f64) -> bool, mut inside: f64, mut outside: f64) -> f64 {
    for _ in 0..STEPS {
        let middle = (inside * outside).sqrt();
        if holds(middle) { inside = middle } else { outside = middle }
    }
    (inside * outside).sqrt()
}

/// How many draws are impossible under a rule and a law, and the first of them, at most some.
#[must_use]
pub(super) fn impossible_under(parts: &[Part], shape: &Shape, law: &Hypothesis) -> (u64, Vec<usize>) {
    let sorted: Vec<Sorted<'_>> = parts.iter().map(Sorted::new).collect();
    let draws = parts.iter().map(|part| part.boxes.len()).sum::<usize>().max(1);
    let (mut counts, mut examples) = (Vec::new(), Vec::new());
    let fitter = Fitter::new(shape, &sorted, Prob::Unknown);
    let moments = fitter.moments(&law.lambda, law.precision);
    let moments: Vec<&Moments> = moments.iter().collect();
    fitter.curve(&moments, law.rate, &[draws], Some((&mut counts, &mut examples)));
    (counts.first().copied().unwrap_or(0), examples)
}

/// The draws that are possible under a rule and a law, by part.
#[must_use]
pub(super) fn possible_under(parts: &[Part], shape: &Shape, law: &Hypothesis) -> Vec<Vec<Patch>> {
    let of = |part: &Part| {
        let sorted = Sorted::new(part);
        let table = Table::new(shape, part.size, &sorted.distinct);
        let mut p = Vec::new();
        table.given_filled(&law.lambda.moments_in(table.grid(), law.precision), &mut p);
        sorted.index.iter().zip(&part.boxes).filter(|(i, _)| p[**i as usize] > 0.0).map(|(_, patch)| *patch).collect()
    };
    parts.iter().map(of).collect()
}

/// In how large a part of the draws two hypotheses differ: their distance in total variation, `E max(0, 1 - q/p)` over draws of
/// the first, which is what was drawn; and how much more often one of them has no box.
#[must_use]
pub(super) fn distance(parts: &[Part], ours: (&Shape, &Hypothesis), theirs: (&Shape, &Hypothesis)) -> f64 {
    let (mut sum, mut draws) = (0.0, 0.0);
    let mut most_empty: f64 = 0.0;
    for part in parts {
        let sorted = Sorted::new(part);
        let of = |(shape, law): (&Shape, &Hypothesis)| {
            let table = Table::new(shape, part.size, &sorted.distinct);
            let moments = law.lambda.moments_in(table.grid(), law.precision);
            let mut p = Vec::new();
            table.given_filled(&moments, &mut p);
            (p, table.filled(&moments))
        };
        let ((p, filled), (q, other)) = (of(ours), of(theirs));
        let share = |i: &u32| match p[*i as usize] {
            0.0 => 0.0,
            p => (1.0 - q[*i as usize] / p).max(0.0),
        };
        sum += sorted.index.iter().map(share).sum::<f64>();
        draws += sorted.index.len() as f64;
        most_empty = most_empty.max((filled - other).abs());
    }
    sum / f64::max(draws, 1.0) + most_empty
}
