//! How many draws an audit makes: enough that every deviation of alpha beyond a tolerance would be refuted.
//!
//! The logarithm of the likelihood ratio of what is true to a deviation is a sum of independent terms, one a draw, with mean `m`
//! and standard deviation `d`. After `n` draws it is about normal, so it is above the target `T` with the probability of the normal
//! quantile `z` if
//!
//! ```text
//! n m - z d sqrt(n) >= T,    sqrt(n) = (z d + sqrt(z^2 d^2 + 4 m T)) / (2 m)
//! ```
//!
//! Both moments are exact sums over all boxes. That the sum is normal is an approximation, good at thousands of draws; it decides
//! how much is drawn, never a verdict. What was given up: a plan for deviations of the rule. On the probe's own images at
//! alpha 1 each takes fewer draws than an alpha at the default tolerance; elsewhere the audit says how many more are needed.

use super::alarm::REFUTED;
use crate::law::boxes::Table;
use crate::profile::Lambda;
use crate::profile::shape::SHAPES;
use crate::reference::Patch;

/// By which factor alpha may be off before it must show, unless something else is asked for.
pub const TOLERANCE: f64 = 1.25;
/// What may be asked for.
pub const TOLERANCES: [f64; 2] = [1.02, 4.0];
/// Numbers of draws are multiples of this: calls of a law phase.
const ROUND: u64 = 64;
/// More draws than an audit is worth: what would take more is not shown by images of this size.
pub(crate) const DRAWS_MOST: u64 = 1 << 22;
/// Draws where alpha is not shown: enough for rules, rates and partners, which show sooner.
const DRAWS_FEW: u64 = 4096;
/// Larger images are planned as if they were this long: their law hardly changes.
const LONGEST: u64 = 256;
/// Standard deviations that the planned draws must cover, so that a right implementation refutes every deviation in all but one
/// audit in a million: a quantile of the normal law.
const QUANTILE: f64 = 4.753_424;
/// Rules that are accepted, among which the likelihood is divided.
const ACCEPTED: f64 = 8.0;

/// Mean and standard deviation of the logarithm of a likelihood ratio, over outcomes that stand for so many with these
/// probabilities under the one and the other law.
pub(super) fn ratio(outcomes: impl Iterator<Item = (f64, f64, f64)>) -> [f64; 2] {
    let (mut mean, mut square) = (0.0, 0.0);
    for (number, p, q) in outcomes.filter(|&(_, p, q)| p > 0.0 && q > 0.0) {
        let ratio = libm::log(p / q);
        mean += number * p * ratio;
        square += number * p * ratio * ratio;
    }
    [mean, libm::sqrt((square - mean * mean).max(0.0))]
}

/// Draws after which a ratio of this mean and standard deviation refutes, but for one audit in a million.
pub(super) fn needed([mean, deviation]: [f64; 2]) -> u64 {
    if mean <= 0.0 {
        return u64::MAX;
    }
    let target = libm::log(REFUTED * ACCEPTED);
    let spread = QUANTILE * deviation;
    let root = (spread + libm::sqrt(spread * spread + 4.0 * mean * target)) / (2.0 * mean);
    (root * root).ceil() as u64
}

/// Boxes of the official rule that stand for all that are equally probable under every law, and how many they stand for.
fn representatives([width, height]: [u32; 2]) -> (Vec<Patch>, Vec<f64>) {
    let axis = |length: u32| -> Vec<([u32; 2], f64)> {
        let whole = (1..=length / 2).map(|half| 2 * half).filter(|side| side + 1 < length);
        let mut all: Vec<_> = whole.map(|side| ([1, 1 + side], f64::from(length - side - 1))).collect();
        all.extend((1..length).map(|hi| ([0, hi], 1.0)));
        all.extend((1..length).map(|lo| ([lo, length], 1.0)));
        all.push(([0, length], 1.0));
        all
    };
    let (columns, rows) = (axis(width), axis(height));
    let row = |&(x, n): &([u32; 2], f64)| rows.iter().map(move |&(y, m)| (Patch::of([x[0], y[0], x[1], y[1]]), n * m));
    columns.iter().flat_map(row).unzip()
}

/// How many draws show alpha, in multiples of some number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Draws that are planned.
    pub(crate) draws: u64,
    /// Whether they show an alpha beyond the tolerance.
    pub(crate) shows_alpha: bool,
}

impl Budget {
    /// From how many draws would show alpha.
    pub(super) fn of(wanted: u64, multiple: u64) -> Self {
        let draws = wanted.checked_next_multiple_of(multiple).filter(|&draws| draws <= DRAWS_MOST);
        Self { draws: draws.unwrap_or(DRAWS_FEW), shows_alpha: draws.is_some() }
    }
}

/// Draws of a box, none of them empty, that a right implementation needs on images of this size to have every alpha beyond
/// the tolerance refuted by 10^4 to 1, but for one audit in a million.
///
/// Where that takes more than 2^22 draws, as on images of a few pixels, the size does not show alpha: 4096 draws are then
/// planned, for all else. `alpha` is positive and `tolerance` a factor above 1. Costs some milliseconds. Images longer than
/// 256 pixels are planned as if they were that long.
///
/// ```
/// use cutmix_verify::audit::planned_draws;
///
/// // The finer the difference that must show, the more draws: about as the inverse square.
/// let [coarse, fine] = [1.5, 1.25].map(|tolerance| planned_draws([16, 12], 1.0, tolerance));
/// assert!(fine > 2 * coarse && fine % 64 == 0);
/// assert_eq!(planned_draws([1, 1], 1.0, 1.25), 4096, "one pixel shows no alpha");
/// ```
#[must_use]
pub fn planned_draws(size: [u32; 2], alpha: f64, tolerance: f64) -> u64 {
    budget(size, alpha, tolerance).draws
}

/// The same, and whether these draws show alpha.
pub(crate) fn budget([width, height]: [u32; 2], alpha: f64, tolerance: f64) -> Budget {
    let longest = u64::from(width.max(height).max(1));
    let shrink = |length: u32| (u64::from(length) * longest.min(LONGEST) / longest).max(1) as u32;
    let size = [shrink(width), shrink(height)];
    let (boxes, numbers) = representatives(size);
    let table = Table::new(&SHAPES[0], size, &boxes);
    let p = |alpha: f64| {
        let mut p = Vec::new();
        table.given_filled(&Lambda::beta(alpha).moments(table.grid()), &mut p);
        p
    };
    let ours = p(alpha);
    let needed = |other: f64| {
        let theirs = p(other);
        needed(ratio(numbers.iter().zip(ours.iter().zip(&theirs)).map(|(&number, (&p, &q))| (number, p, q))))
    };
    let most = needed(alpha * tolerance).max(needed(alpha / tolerance));
    Budget::of(most, ROUND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::reference::{number, reference};

    /// Within 5 %: the known ones were rounded in another way.
    #[test]
    fn budgets_are_the_known_ones() {
        let known = reference();
        for (key, row) in known["pass_N"].as_object().unwrap() {
            let (size, alpha) = key.split_once(" a=").unwrap();
            let (width, height) = size.split_once('x').unwrap();
            let size = [width.parse().unwrap(), height.parse().unwrap()];
            for (tolerance, draws) in row.as_object().unwrap() {
                let tolerance = 1.0 + tolerance.parse::<f64>().unwrap();
                let expected = number(&draws[0]);
                let ours = planned_draws(size, alpha.parse().unwrap(), tolerance) as f64;
                let ratio = ours / expected;
                assert!(
                    ratio > 0.95 && ours < 1.05 * expected + 2.0 * ROUND as f64,
                    "{key} {tolerance}: {ours} {expected}"
                );
            }
        }
    }

    /// Every size from 1x1 to 4x4, of one row or column, large ones, and every alpha that may be asked for.
    #[test]
    fn every_size_and_alpha_has_a_plan_that_ends() {
        let small = (1..=4).flat_map(|width| (1..=4).map(move |height| [width, height]));
        let thin = [5, 40, 16_384].into_iter().flat_map(|length| [[length, 1], [1, length]]);
        for size in small.chain(thin).chain([[4096, 512]]) {
            for alpha in [1e-3, 0.2, 1.0, 100.0, 1e6] {
                for tolerance in [1.02, 1.25] {
                    let Budget { draws, shows_alpha } = budget(size, alpha, tolerance);
                    println!("{size:?} alpha {alpha} factor {tolerance}: {draws} {shows_alpha}");
                    assert!((1..=DRAWS_MOST).contains(&draws), "{size:?} {alpha} {tolerance}: {draws}");
                    // The authors' half sides are whole pixels: on one row or column their box is always empty.
                    assert!(!shows_alpha || size[0].min(size[1]) > 1, "{size:?} {alpha} {tolerance}");
                }
            }
        }
        assert!(budget([40, 24], 1.0, 1.02).shows_alpha && !budget([1, 1], 1.0, 4.0).shows_alpha);
    }
}
