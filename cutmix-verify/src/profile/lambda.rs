//! What lambda follows, and the type that it is computed in.

use super::{Code, LambdaLaw};

/// The type that `1 - lambda` was formed in: `lambda` below half its last place gives a box of the whole image.
///
/// ```
/// use cutmix_verify::law::lambda::{Lambda, Precision};
///
/// assert_eq!(1.0_f32 - Precision::F32.lost() as f32, 1.0);
/// // Code that draws in binary32 has a box of the whole image in more than one call of a hundred at alpha 0.2.
/// let law = Lambda::beta(0.2);
/// assert!(law.atom(Precision::F32) > 0.01);
/// assert!(law.atom(Precision::F64) < 0.001 && law.atom(Precision::Exact) == 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// Real numbers.
    Exact,
    /// binary64.
    F64,
    /// binary32.
    F32,
}

/// A law of `s`. Parameters of Beta laws are positive; an interval of lambda lies within 0 to 1.
///
/// ```
/// use cutmix_verify::law::lambda::{Grid, Lambda, Precision};
///
/// // The distribution function of lambda itself.
/// assert!((Lambda::beta(1.0).cdf(0.3) - 0.3).abs() < 1e-12);
/// assert!(Lambda::Folded(1.0).cdf(0.5) < 1e-12 && (Lambda::Folded(1.0).cdf(0.75) - 0.5).abs() < 1e-12);
/// let clipped = Lambda::Clipped { alpha: 1.0, least: 0.2, most: 0.8 };
/// assert!((clipped.cdf(0.2) - 0.2).abs() < 1e-12 && clipped.cdf(0.8) == 1.0);
/// // Every law is all of the mass, whatever type it is drawn in.
/// let moments = Lambda::NoRoot(0.5).moments_in(&Grid::new(8, 6, 2), Precision::F32);
/// assert!((moments.iter().map(|moment| moment[0]).sum::<f64>() - 1.0).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Lambda {
    /// `q ~ Beta(a, b)` and `s = sqrt(q)`. For `lambda ~ Beta(alpha, alpha)` both are `alpha`.
    Beta {
        /// First parameter of the law of `q`.
        a: f64,
        /// Second.
        b: f64,
    },
    /// `s = q ~ Beta(alpha, alpha)`: the root was left out.
    NoRoot(f64),
    /// `q` and `1 - q`, whichever is smaller, of `Beta(alpha, alpha)`.
    Folded(f64),
    /// The same, whichever is larger.
    FoldedUp(f64),
    /// `lambda ~ Beta(alpha, alpha)`, forced into an interval.
    Clipped {
        /// The parameter.
        alpha: f64,
        /// Least lambda.
        least: f64,
        /// Largest lambda.
        most: f64,
    },
    /// `lambda` uniform on an interval.
    Uniform {
        /// Least lambda.
        least: f64,
        /// Largest lambda.
        most: f64,
    },
    /// `lambda ~ Beta(t, t)` with `t` uniform on `(0, alpha)`.
    RandomAlpha(f64),
    /// `U^(1/alpha) / (U^(1/alpha) + V^(1/alpha))`, without the rejection that would make it a Beta draw.
    NotRejected(f64),
}

/// How often something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rate {
    /// As promised.
    Promised,
    /// The promised probability was applied twice.
    Squared,
    /// However often it was.
    Any,
}

/// A law that draws may follow, the type that it is drawn in, and how often something is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypothesis {
    /// What the law is to the one that was asked for.
    pub law: LambdaLaw,
    /// The law.
    pub lambda: Lambda,
    /// The type that it is drawn in.
    pub precision: Precision,
    /// How often something is done.
    pub rate: Rate,
}

impl Hypothesis {
    /// A law in real numbers, as often as promised.
    #[must_use]
    pub const fn exact(law: LambdaLaw, lambda: Lambda) -> Self {
        Self { law, lambda, precision: Precision::Exact, rate: Rate::Promised }
    }

    /// The code of a finding; none for what was asked for.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        if self.rate == Rate::Promised { self.law.code() } else { Some(Code::ApplyRate) }
    }
}
