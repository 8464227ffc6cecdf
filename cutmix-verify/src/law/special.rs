//! The regularised incomplete beta function, and what it is made of.
//!
//! Our own, since reports must be the same bytes everywhere: `ln`, `exp` and `lgamma` are those of `libm`, not the
//! platform's. The continued fraction is that of `DiDonato` and Morris (ACM TOMS 708); the factor before it is formed from
//! Stirling's error terms wherever both logarithms would be large and nearly equal.

/// Both tails of a distribution: no digits are lost at either end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tails {
    /// Probability below, from 0 to 1.
    pub(crate) lower: f64,
    /// Probability above, from 0 to 1.
    pub(crate) upper: f64,
}

impl Tails {
    const NOTHING: Self = Self { lower: 0.0, upper: 1.0 };
    const ALL: Self = Self { lower: 1.0, upper: 0.0 };

    /// The probability between a point with these tails and a point above it.
    pub(crate) fn until(self, above: Self) -> f64 {
        let difference = if above.lower <= 0.5 { above.lower - self.lower } else { self.upper - above.upper };
        difference.max(0.0)
    }
}

/// What Stirling's formula for `ln Gamma(x)` lacks, for `x >= 8`.
fn stirling_error(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
    ];
    let square = 1.0 / (x * x);
    TERMS.iter().rev().fold(0.0, |sum, term| sum * square + term) / x
}

/// `ln Gamma(b) - ln Gamma(a + b)` for `b >= 8`.
fn ln_gamma_ratio(a: f64, b: f64) -> f64 {
    stirling_error(b) - stirling_error(a + b) - (a + b - 0.5) * libm::log1p(a / b) - a * (libm::log(b) - 1.0)
}

/// `ln B(a, b)`, the logarithm of the beta function of positive numbers.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    if b < 8.0 {
        return libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    }
    if a < 8.0 {
        return libm::lgamma(a) + ln_gamma_ratio(a, b);
    }
    let correction = stirling_error(a) + stirling_error(b) - stirling_error(a + b);
    let half_ln_two_pi = 0.918_938_533_204_672_8;
    half_ln_two_pi + correction - 0.5 * libm::log(b) - (a - 0.5) * libm::log1p(b / a) - b * libm::log1p(a / b)
}

/// `x - ln(1 + x)`, to full precision near 0.
fn rlog1(x: f64) -> f64 {
    if !(-0.4..=0.6).contains(&x) {
        return x - libm::log1p(x);
    }
    let r = x / (x + 2.0);
    let t = r * r;
    let series = (0..40).rev().fold(0.0, |sum, k| sum * t + 1.0 / f64::from(2 * k + 3));
    r * (x - 2.0 * t * series)
}

/// `x^a (1 - x)^b / B(a, b)`, given both `x` and `1 - x`.
fn factor(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if a.min(b) < 8.0 {
        let ln_x = if x < 0.7 { libm::log(x) } else { libm::log1p(-y) };
        let ln_y = if y < 0.7 { libm::log(y) } else { libm::log1p(-x) };
        return libm::exp(a * ln_x + b * ln_y - ln_beta(a, b));
    }
    // How far x is from the mode, without the cancellation of (a + b) x - a.
    let lambda = if a > b { (a + b) * y - b } else { a - (a + b) * x };
    let exponent = if lambda.abs() < 0.4 * a.min(b) {
        a * rlog1(-lambda / a) + b * rlog1(lambda / b)
    } else {
        -a * libm::log(x * (a + b) / a) - b * libm::log(y * (a + b) / b)
    };
    let correction = stirling_error(a) + stirling_error(b) - stirling_error(a + b);
    let inverse_sqrt_two_pi = 0.398_942_280_401_432_7;
    inverse_sqrt_two_pi * libm::sqrt(a * b / (a + b)) * libm::exp(-exponent - correction)
}

/// `I_x(a, b)` below its turning point, by the continued fraction.
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let lift = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / lift(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    // Some hundred steps at 10^4, some thousands at 10^6.
    for m in 1..200_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / lift(1.0 + even * d);
        c = lift(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / lift(1.0 + odd * d);
        c = lift(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    factor(a, b, x, y) * h / a
}

/// The regularised incomplete beta function `I_x(a, b)` and its complement, for positive `a` and `b`.
///
/// Relative error below 1e-13 for `a` and `b` from 0.05 to 50. Some microseconds.
pub(crate) fn beta_inc(a: f64, b: f64, x: f64) -> Tails {
    beta_inc_with(a, b, x, 1.0 - x)
}

/// The same where `1 - x` is known to more digits than `x` has.
fn beta_inc_with(a: f64, b: f64, x: f64, y: f64) -> Tails {
    if x <= 0.0 {
        return Tails::NOTHING;
    }
    if y <= 0.0 {
        return Tails::ALL;
    }
    if x <= (a + 1.0) / (a + b + 2.0) {
        let lower = fraction(a, b, x, y).min(1.0);
        Tails { lower, upper: 1.0 - lower }
    } else {
        let upper = fraction(b, a, y, x).min(1.0);
        Tails { lower: 1.0 - upper, upper }
    }
}

/// `ln(sum exp)`, without overflow; minus infinity of nothing.
pub(crate) fn log_sum_exp(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + libm::log(values.map(|value| libm::exp(value - most)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::reference::{number, reference};

    #[test]
    fn incomplete_beta_has_the_known_values() {
        let known = reference();
        let values = known["betainc_kat"].as_array().unwrap();
        assert_eq!(values.len(), 180);
        for value in values {
            let (a, b, x) = (number(&value["a"]), number(&value["b"]), number(&value["x"]));
            let expected = number(&value["I"]);
            // Near 1 the complement of a decimal has more digits than that of the nearest binary64.
            let y = if x > 0.5 { libm::rint((1.0 - x) * 1e15) / 1e15 } else { 1.0 - x };
            let error = (beta_inc_with(a, b, x, y).lower / expected - 1.0).abs();
            assert!(error < 1e-13, "I_{x}({a}, {b}) is off by {error:e}");
        }
        let first = beta_inc(0.2, 0.2, 0.25).lower;
        assert_eq!(first, beta_inc_with(0.2, 0.2, 0.25, 0.75).lower);
    }

    #[test]
    fn tails_are_each_others_complement_and_mirror() {
        for (a, b) in [(0.05, 0.05), (0.2, 0.7), (1.0, 1.0), (2.0, 0.5), (9.0, 30.0), (1e4, 2e4), (1e6, 1e6)] {
            for i in 1..32 {
                let x = f64::from(i) / 32.0;
                let (here, there) = (beta_inc(a, b, x), beta_inc(b, a, 1.0 - x));
                assert!((here.lower + here.upper - 1.0).abs() < 1e-15);
                assert!((here.lower - there.upper).abs() < 1e-12, "{a} {b} {x}");
            }
        }
        // The centre of a symmetric law, at any alpha.
        for a in [0.01, 1.0, 50.0, 1e4, 1e5, 1e6] {
            assert!((beta_inc(a, a, 0.5).lower - 0.5).abs() < 1e-10, "{a}");
        }
        assert_eq!(beta_inc(2.0, 3.0, 0.0), Tails::NOTHING);
        assert_eq!(beta_inc(2.0, 3.0, 1.0), Tails::ALL);
    }

    #[test]
    fn beta_function_of_whole_numbers() {
        // B(a, b) = (a-1)! (b-1)! / (a+b-1)!
        let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
        for a in 1..20_u32 {
            for b in 1..20_u32 {
                let exact = factorial(a - 1) * factorial(b - 1) / factorial(a + b - 1);
                let ours = libm::exp(ln_beta(a.into(), b.into()));
                assert!((ours / exact - 1.0).abs() < 1e-13, "B({a}, {b}) is {ours}, not {exact}");
            }
        }
    }

    #[test]
    fn sums_of_exponentials() {
        assert_eq!(log_sum_exp([].into_iter()), f64::NEG_INFINITY);
        assert!((log_sum_exp([1000.0, 1000.0].into_iter()) - 1000.0 - 2.0_f64.ln()).abs() < 1e-12);
    }
}
