//! How often a right implementation may FAIL, how that is divided, and the arithmetic of e-values.
//!
//! An e-value is a number whose expectation is 1 at most where the implementation is right. By Markov's inequality it exceeds
//! `x` with probability `1/x` at most; by Ville's the same holds for the largest of a whole series of them, one after each draw,
//! if each is the one before times a factor of expectation 1. So one may look as often as one likes, and stop when one likes.
//! A weighted mean of e-values is an e-value, however they depend on each other. That is all that the division below
//! needs: a share `w` of the budget may FAIL by itself once its e-value exceeds `ALARM / w`.
//!
//! All values are natural logarithms of e-values, unless their name says `log10`.

use crate::law::special::log_sum_exp;

/// Once in how many audits a right implementation may FAIL, at most.
pub(super) const ALARM: f64 = 1e6;
/// What refutes a deviation: if it were true, one audit in so many would refute it.
pub(super) const REFUTED: f64 = 1e4;
pub(super) const LN_10: f64 = core::f64::consts::LN_10;

/// What may lead to a FAIL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// Likelihood ratios of known laws.
    Ratios,
    /// Bets on laws that are in no table.
    Unknown,
    /// Boxes that a rule cannot make.
    Impossible,
    /// Repeats, and the choice of partners.
    Streams,
    /// Draws that are told by what was known before.
    Foretold,
}

impl Share {
    /// Its part of the budget; together they are 1. Most goes to what decides most often: the known laws. Half of it costs them
    /// a factor of two in evidence, which is some five draws of a hundred.
    const fn weight(self) -> f64 {
        match self {
            Self::Ratios => 0.5,
            Self::Unknown => 0.2,
            Self::Impossible | Self::Streams | Self::Foretold => 0.1,
        }
    }
}

/// What an e-value must reach for a FAIL by one share, where so many alphas are judged side by side.
pub(super) fn limit(runs: usize, share: Share) -> f64 {
    libm::log(ALARM * runs.max(1) as f64 / share.weight())
}

/// The mean of e-values; that of none says nothing.
pub(super) fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let number = values.clone().count();
    if number == 0 { 0.0 } else { log_sum_exp(values) - libm::log(number as f64) }
}

/// What stands for an infinite number in a report.
const BEYOND: f64 = 1e9;
/// Digits that are printed: what is printed must not depend on the last bits of a sum.
const DIGITS: f64 = 4.0;

/// To four digits.
pub(super) fn round(value: f64) -> f64 {
    if !value.is_finite() || value == 0.0 {
        return if value.is_finite() { value } else { value.signum() * BEYOND };
    }
    let scale = libm::pow(10.0, DIGITS - 1.0 - libm::floor(libm::log10(value.abs())));
    libm::rint(value * scale) / scale
}

/// A natural logarithm as one of base 10, as reports have it.
pub(super) fn log10(value: f64) -> f64 {
    round(value / LN_10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_the_whole_budget_and_numbers_have_four_digits() {
        let all = [Share::Ratios, Share::Unknown, Share::Impossible, Share::Streams, Share::Foretold];
        assert!((all.map(Share::weight).iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert!((libm::exp(limit(2, Share::Ratios)) - 4e6).abs() < 1e-3);
        assert_eq!([12.3456, -0.000_123_456, 0.0].map(round), [12.35, -0.000_123_5, 0.0]);
        assert_eq!([f64::INFINITY, f64::NEG_INFINITY].map(round), [1e9, -1e9]);
        assert!((mean([0.0, libm::log(3.0)].into_iter()) - libm::log(2.0)).abs() < 1e-12);
        assert_eq!(mean([].into_iter()), 0.0);
    }
}
