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

/// The logarithm of the e-value of counts whose classes have the probabilities `p`. A count of a class without
/// probability is not looked at: such draws are judged as impossible ones.
#[must_use]
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

/// Classes of about equal probability.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    size: [u32; 2],
    /// Least values of the classes after the first.
    area: Vec<u32>,
    area_coarse: Vec<u32>,
    middle: [Vec<u32>; 2],
    middle_coarse: [Vec<u32>; 2],
    extent: [Vec<u32>; 2],
    extent_coarse: [Vec<u32>; 2],
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

const fn extent((lo, hi): Interval) -> u32 {
    hi - lo
}

const fn middle((lo, hi): Interval) -> u32 {
    lo + hi
}

/// Both intervals of a box.
const fn intervals(patch: &Patch) -> [Interval; 2] {
    [patch.span(0), patch.span(1)]
}

impl Classes {
    /// All that boxes are sorted by.
    pub(super) const ALL: [Sort; 9] = [
        Sort::Area,
        Sort::Touch,
        Sort::Column,
        Sort::Row,
        Sort::Middle,
        Sort::Width,
        Sort::Height,
        Sort::Extents,
        Sort::Neighbours,
    ];

    /// Classes that are of about equal probability under one law; they serve for all.
    #[must_use]
    pub(super) fn new(features: &Features, moments: &Moments, size: [u32; 2]) -> Self {
        let area = features.areas(moments);
        let along = |axis: usize, of: &dyn Fn(Interval) -> u32| -> Vec<f64> {
            let number = 2 * size[axis] as usize + 1;
            let by = |interval: Interval| of(interval) as usize;
            let all = |_: Interval| 0;
            if axis == 0 {
                features.joint(moments, [number, 1], [&by, &all])
            } else {
                features.joint(moments, [1, number], [&all, &by])
            }
        };
        let axes = |of: &dyn Fn(Interval) -> u32, number: usize| [0, 1].map(|axis| cuts(&along(axis, of), number));
        Self {
            size,
            area_coarse: cuts(&area, COARSE),
            area: cuts(&area, FINE),
            middle: axes(&middle, FINE),
            middle_coarse: axes(&middle, COARSE),
            extent: axes(&extent, FINE),
            extent_coarse: axes(&extent, COARSE_EXTENTS),
        }
    }

    fn touch(&self, axis: usize, (lo, hi): Interval) -> usize {
        match (lo == 0, hi == self.size[axis]) {
            (true, _) => 0,
            (_, true) => 2,
            _ => 1,
        }
    }

    /// How many draws are in every class.
    #[must_use]
    pub(super) fn counts(&self, sort: Sort, boxes: &[Patch]) -> Vec<u64> {
        let area = |patch: &Patch| extent(intervals(patch)[0]) * extent(intervals(patch)[1]);
        if sort == Sort::Neighbours {
            let number = self.area_coarse.len() + 1;
            let mut counts = vec![0; number * number];
            for [first, second] in boxes.as_chunks::<2>().0 {
                let [i, j] = [first, second].map(|patch| class(&self.area_coarse, area(patch)));
                counts[i * number + j] += 1;
            }
            return counts;
        }
        let [columns, rows] = self.numbers(sort);
        let mut counts = vec![0; columns * rows];
        for patch in boxes {
            let place = if sort == Sort::Area {
                class(&self.area, area(patch))
            } else {
                let [x, y] = intervals(patch);
                self.of(sort, 1, y) * columns + self.of(sort, 0, x)
            };
            counts[place] += 1;
        }
        counts
    }

    fn numbers(&self, sort: Sort) -> [usize; 2] {
        let both = |cuts: &[Vec<u32>; 2]| [cuts[0].len() + 1, cuts[1].len() + 1];
        match sort {
            Sort::Area => [self.area.len() + 1, 1],
            Sort::Touch => [3, 3],
            Sort::Column => [both(&self.middle)[0], 1],
            Sort::Row => [1, both(&self.middle)[1]],
            Sort::Middle => both(&self.middle_coarse),
            Sort::Width => [both(&self.extent)[0], 1],
            Sort::Height => [1, both(&self.extent)[1]],
            Sort::Extents => both(&self.extent_coarse),
            Sort::Neighbours => [1, 1],
        }
    }

    fn of(&self, sort: Sort, axis: usize, interval: Interval) -> usize {
        match (sort, axis) {
            (Sort::Touch, _) => self.touch(axis, interval),
            (Sort::Column, 0) | (Sort::Row, 1) => class(&self.middle[axis], middle(interval)),
            (Sort::Middle, _) => class(&self.middle_coarse[axis], middle(interval)),
            (Sort::Width, 0) | (Sort::Height, 1) => class(&self.extent[axis], extent(interval)),
            (Sort::Extents, _) => class(&self.extent_coarse[axis], extent(interval)),
            _ => 0,
        }
    }

    /// The probabilities of the classes.
    #[must_use]
    pub(super) fn probabilities(&self, sort: Sort, features: &Features, moments: &Moments, areas: &[f64]) -> Vec<f64> {
        let pooled = |cuts: &[u32]| {
            let mut sums = vec![0.0; cuts.len() + 1];
            for (area, p) in areas.iter().enumerate() {
                sums[class(cuts, area as u32)] += p;
            }
            sums
        };
        match sort {
            Sort::Area => pooled(&self.area),
            Sort::Neighbours => {
                let one = pooled(&self.area_coarse);
                one.iter().flat_map(|first| one.iter().map(move |second| first * second)).collect()
            }
            _ => {
                let [columns, rows] = [0, 1].map(|axis| move |interval: Interval| self.of(sort, axis, interval));
                features.joint(moments, self.numbers(sort), [&columns, &rows])
            }
        }
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

    #[test]
    fn classes_cover_everything_and_add_up() {
        for size in [[40, 24], [7, 5], [1, 1], [3, 2]] {
            let features = Features::new(shape_named("full-round").unwrap(), size);
            let moments = Lambda::beta(1.0).moments(features.grid());
            let classes = Classes::new(&features, &moments, size);
            let areas = features.areas(&moments);
            for sort in Classes::ALL {
                let p = classes.probabilities(sort, &features, &moments, &areas);
                assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{sort:?} {size:?}: {p:?}");
                let counts = classes.counts(sort, &[Patch::full(size[0], size[1]), Patch::full(1, 1)]);
                assert_eq!(counts.len(), p.len(), "{sort:?} {size:?}");
            }
        }
    }
}
