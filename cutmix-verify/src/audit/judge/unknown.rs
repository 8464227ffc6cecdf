//! Deviations that are in no table: draws sorted into classes whose exact probabilities are known, and an e-process
//! that bets on any other probabilities.
//!
//! ```text
//! E = mean over kappa of DirichletMultinomial(n | kappa K p) / product of p_k^n_k
//! ```
//!
//! `n_k` draws of `K` classes with probabilities `p_k`. Under the bet the probabilities are themselves drawn, from a Dirichlet law
//! around `p` that is the narrower the larger `kappa` is; so each draw is predicted from those before it, at
//! `(kappa K p_k + n_k) / (kappa K + n)`. At every number of draws the expectation of `E` is 1 where `p` is right, so it exceeds `x`
//! with probability `1/x` at most, whenever one looks. In closed form it takes `lgamma` alone.
//!
//! A chi-square test would say the same in about three quarters of the draws, but its tail is an approximation where the judge
//! works: with a class of expected count 0.7 it promises 10^-5 and fails 13 times as often. Here nothing is approximated.
//!
//! Classes are pooled to about equal probability under one law, so that none is rare, and serve for all laws. Columns, rows and
//! areas are cut finely by themselves and coarsely in pairs: 16 to 25 classes each, which two thousand draws fill.

use super::alarm::mean;
use crate::law::axis::Interval;
use crate::law::features::Features;
use crate::law::lambda::Moments;
use crate::reference::Patch;
use crate::report::Sort;

/// Strengths of the belief that the classes have the probabilities that they should have, in draws for each class: from a
/// difference that shows at once to one that takes a hundred thousand draws.
pub(super) const KAPPAS: [f64; 6] = [4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0];
/// Classes of what is sorted by itself.
const FINE: usize = 16;
/// Classes of each of two things that are sorted together.
const COARSE: usize = 4;
/// The same of columns and rows.
const COARSE_EXTENTS: usize = 5;
/// What must be left for a last class, as a share of an even one, or it is pooled with the one before.
const LEFT: f64 = 0.25;

/// What is left of a bet that was not made.
pub(super) const NO_BET: f64 = -1e6;

/// The logarithm of the e-value of counts whose classes have the probabilities `p`. A count of a class without
/// probability is not looked at: such draws are judged as impossible ones.
pub(super) fn dirichlet(counts: &[u64], p: &[f64]) -> f64 {
    let known = || counts.iter().zip(p).filter(|(_, p)| **p > 0.0).map(|(&n, &p)| (n as f64, p));
    let classes = known().count() as f64;
    let total: f64 = known().map(|(n, _)| n).sum();
    let values = KAPPAS.map(|kappa| {
        let strength = kappa * classes;
        let scale = strength / known().map(|(_, p)| p).sum::<f64>();
        let of = |(n, p): (f64, f64)| {
            if n == 0.0 { 0.0 } else { libm::lgamma(scale * p + n) - libm::lgamma(scale * p) - n * libm::log(p) }
        };
        libm::lgamma(strength) - libm::lgamma(strength + total) + known().map(of).sum::<f64>()
    });
    mean(values.into_iter())
}

/// Draws after which a box that was drawn is as likely to be one of those before as a new one.
const RECUR: [f64; 5] = [256.0, 1024.0, 4096.0, 16_384.0, 65_536.0];

/// The logarithm of the e-value of a bet that draws are those of the calls before again, out of outcomes with the probabilities `p`. It is
/// given the outcomes of each call, and predicts each at `(kappa p + n) / (kappa + N)`: draws of one call may share something.
pub(super) fn recur(calls: &[Vec<u32>], p: &[f64]) -> f64 {
    let of = |kappa: f64| {
        let (mut counts, mut number, mut gain) = (vec![0.0; p.len()], 0.0, 0.0);
        for call in calls {
            // What is impossible is judged elsewhere.
            let known = || call.iter().map(|&i| i as usize).filter(|&i| p[i] > 0.0);
            gain += known().map(|i| libm::log((kappa * p[i] + counts[i]) / ((kappa + number) * p[i]))).sum::<f64>();
            known().for_each(|i| {
                counts[i] += 1.0;
                number += 1.0;
            });
        }
        gain
    };
    mean(RECUR.map(of).into_iter())
}

/// What of an interval on an axis of a length is looked at, and the least values of the classes after the first.
#[derive(Clone, Debug)]
struct Axis(fn(Interval, u32) -> u32, Vec<u32>);

impl Axis {
    /// All in one class.
    const ALL: Self = Self(|_, _| 0, Vec::new());
}

/// Classes of what boxes are sorted by.
#[derive(Clone, Debug)]
enum Sorter {
    Area(Vec<u32>),
    /// The areas of two draws, one after the other.
    Areas(Vec<u32>),
    Axes([Axis; 2]),
    /// Extent and middle on one axis, which clipping alone ties to each other.
    Along(usize, [Axis; 2]),
}

/// Classes of about equal probability, by [`Classes::ALL`].
#[derive(Clone, Debug)]
pub(super) struct Classes {
    size: [u32; 2],
    sorters: [Sorter; 11],
}

/// Where to cut values of these probabilities into `number` classes.
fn cuts(p: &[f64], number: usize) -> Vec<u32> {
    let mut cuts = Vec::new();
    let mut sum = 0.0;
    for (value, p) in p.iter().enumerate() {
        sum += p;
        let due = (cuts.len() + 1) as f64 / number as f64;
        if sum >= due && cuts.len() + 1 < number && 1.0 - sum > LEFT / number as f64 {
            cuts.push(value as u32 + 1);
        }
    }
    cuts
}

fn class(cuts: &[u32], value: u32) -> usize {
    cuts.partition_point(|&cut| cut <= value)
}

const fn extent((lo, hi): Interval, _: u32) -> u32 {
    hi - lo
}

const fn middle((lo, hi): Interval, _: u32) -> u32 {
    lo + hi
}

/// Whether an interval begins at the first border, lies inside, or ends at the last one.
const fn touch((lo, hi): Interval, length: u32) -> u32 {
    match (lo == 0, hi == length) {
        (true, _) => 0,
        (_, true) => 2,
        _ => 1,
    }
}

impl Classes {
    pub(super) const ALL: [Sort; 11] = [
        Sort::Area,
        Sort::Touch,
        Sort::Column,
        Sort::Row,
        Sort::Middle,
        Sort::Width,
        Sort::Height,
        Sort::Extents,
        Sort::Across,
        Sort::Down,
        Sort::Neighbours,
    ];

    /// Classes that are of about equal probability under one law; they serve for all.
    pub(super) fn new(features: &Features, moments: &Moments, size: [u32; 2]) -> Self {
        let area = features.areas(moments);
        let axis = |axis: usize, of: fn(Interval, u32) -> u32, number: usize| {
            let by = |interval: Interval| of(interval, size[axis]) as usize;
            Axis(of, cuts(&features.along(moments, axis, 2 * size[axis] as usize + 1, &by), number))
        };
        let both = |of, number| Sorter::Axes([0, 1].map(|i| axis(i, of, number)));
        let sorters = Self::ALL.map(|sort| match sort {
            Sort::Area => Sorter::Area(cuts(&area, FINE)),
            Sort::Touch => Sorter::Axes([0, 1].map(|_| Axis(touch, vec![1, 2]))),
            Sort::Column => Sorter::Axes([axis(0, middle, FINE), Axis::ALL]),
            Sort::Row => Sorter::Axes([Axis::ALL, axis(1, middle, FINE)]),
            Sort::Middle => both(middle, COARSE),
            Sort::Width => Sorter::Axes([axis(0, extent, FINE), Axis::ALL]),
            Sort::Height => Sorter::Axes([Axis::ALL, axis(1, extent, FINE)]),
            Sort::Extents => both(extent, COARSE_EXTENTS),
            Sort::Across => Sorter::Along(0, [axis(0, extent, COARSE_EXTENTS), axis(0, middle, COARSE_EXTENTS)]),
            Sort::Down => Sorter::Along(1, [axis(1, extent, COARSE_EXTENTS), axis(1, middle, COARSE_EXTENTS)]),
            Sort::Neighbours => Sorter::Areas(cuts(&area, COARSE)),
        });
        Self { size, sorters }
    }

    /// How many draws are in every class, by what they are sorted by.
    pub(super) fn counts(&self, boxes: &[Patch]) -> Vec<Vec<u64>> {
        let count = |number: usize, places: &mut dyn Iterator<Item = usize>| {
            let mut counts = vec![0; number];
            places.for_each(|place| counts[place] += 1);
            counts
        };
        let area = |cuts: &[u32], patch: &Patch| class(cuts, patch.area() as u32);
        let of = |sorter: &Sorter| match sorter {
            Sorter::Area(cuts) => count(cuts.len() + 1, &mut boxes.iter().map(|patch| area(cuts, patch))),
            Sorter::Areas(cuts) => {
                let number = cuts.len() + 1;
                let pairs = boxes.as_chunks::<2>().0.iter();
                let place = |[first, second]: &[Patch; 2]| area(cuts, first) * number + area(cuts, second);
                count(number * number, &mut pairs.map(place))
            }
            Sorter::Axes(axes) => {
                let [columns, rows] = axes.each_ref().map(|Axis(_, cuts)| cuts.len() + 1);
                let class = |i: usize, patch: &Patch| self.class(axes, i, patch.span(i));
                let place = |patch: &Patch| class(1, patch) * columns + class(0, patch);
                count(columns * rows, &mut boxes.iter().map(place))
            }
            Sorter::Along(axis, both) => {
                let (class, number) = self.both(*axis, both);
                count(number, &mut boxes.iter().map(|patch| class(patch.span(*axis))))
            }
        };
        self.sorters.iter().map(of).collect()
    }

    /// The class of an interval by its extent and its middle on one axis, and how many there are.
    fn both(&self, axis: usize, [extents, middles]: &[Axis; 2]) -> (impl Fn(Interval) -> usize, usize) {
        let length = self.size[axis];
        let of = move |Axis(of, cuts): &Axis, interval| class(cuts, of(interval, length));
        let number = middles.1.len() + 1;
        (move |interval| of(extents, interval) * number + of(middles, interval), (extents.1.len() + 1) * number)
    }

    fn class(&self, axes: &[Axis; 2], i: usize, interval: Interval) -> usize {
        let Axis(of, cuts) = &axes[i];
        class(cuts, of(interval, self.size[i]))
    }

    /// The probabilities of the classes, by what is sorted by.
    pub(super) fn probabilities(&self, features: &Features, moments: &Moments) -> Vec<Vec<f64>> {
        let areas = features.areas(moments);
        let pooled = |cuts: &[u32]| {
            let mut sums = vec![0.0; cuts.len() + 1];
            for (area, p) in areas.iter().enumerate() {
                sums[class(cuts, area as u32)] += p;
            }
            sums
        };
        let of = |sorter: &Sorter| match sorter {
            Sorter::Area(cuts) => pooled(cuts),
            Sorter::Areas(cuts) => {
                let one = pooled(cuts);
                one.iter().flat_map(|first| one.iter().map(move |second| first * second)).collect()
            }
            Sorter::Axes(axes) => {
                let numbers = axes.each_ref().map(|Axis(_, cuts)| cuts.len() + 1);
                let [columns, rows] = [0, 1].map(|i| move |interval: Interval| self.class(axes, i, interval));
                features.joint(moments, numbers, [&columns, &rows])
            }
            Sorter::Along(axis, both) => {
                let (class, number) = self.both(*axis, both);
                features.along(moments, *axis, number, &class)
            }
        };
        self.sorters.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::lambda::Lambda;
    use crate::law::reference::{number, reference};
    use crate::profile::shape::shape_named;

    #[test]
    fn e_values_are_the_known_ones() {
        for known in reference()["dirichlet_eprocess_kat"].as_array().unwrap() {
            let counts: Vec<u64> = known["n"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
            let p: Vec<f64> = known["p"].as_array().unwrap().iter().map(number).collect();
            let expected = number(&known["log_e"]);
            assert!((dirichlet(&counts, &p) - expected).abs() < 1e-9, "{counts:?}: {}", dirichlet(&counts, &p));
        }
    }

    /// Of two outcomes, one of which is drawn always: the bets by hand; of many, what is drawn anew wins none; and nothing is
    /// won by what one call shares.
    #[test]
    fn what_recurs_is_bet_on() {
        let by_hand = |kappa: f64| (0.5 * kappa + 1.0) / ((kappa + 1.0) * 0.5);
        let expected = RECUR.map(by_hand).iter().sum::<f64>() / RECUR.len() as f64;
        assert!((recur(&[vec![0], vec![0]], &[0.5, 0.5]) - libm::log(expected)).abs() < 1e-9);
        let drawn = |calls: u32, each: u32| {
            let call = |call: u32| (0..each).map(|i| (call * each + i) % 1000).collect::<Vec<u32>>();
            recur(&(0..calls).map(call).collect::<Vec<_>>(), &[1e-4; 1000])
        };
        assert!(drawn(1000, 1) < 0.0 && drawn(4000, 1) > 1000.0, "{} {}", drawn(1000, 1), drawn(4000, 1));
        assert!(recur(&[vec![7; 50]], &[1e-4; 1000]) < 1e-9);
        assert_eq!(recur(&[vec![0], vec![0], vec![0]], &[0.0]), 0.0);
    }

    #[test]
    fn classes_cover_everything_and_add_up() {
        for size in [[40, 24], [7, 5], [1, 1], [3, 2]] {
            let features = Features::new(shape_named("full-round").unwrap(), size);
            let moments = Lambda::beta(1.0).moments(features.grid());
            let classes = Classes::new(&features, &moments, size);
            let boxes = [Patch::full(size[0], size[1]), Patch::full(1, 1)];
            let all = classes.probabilities(&features, &moments).into_iter().zip(classes.counts(&boxes));
            for (sort, (p, counts)) in Classes::ALL.iter().zip(all) {
                assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{sort:?} {size:?}: {p:?}");
                assert_eq!(counts.len(), p.len(), "{sort:?} {size:?}");
            }
        }
    }
}
