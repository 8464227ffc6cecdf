//! What lambda may follow: every law that somebody uses, right or wrong.

use crate::profile::{Hypothesis, Lambda, LambdaLaw, Precision, Rate};

/// The alpha that stands for all where none was given: for classes of boxes, and the mean of all rules. Any would do.
pub(super) const PLAIN: f64 = 1.0;
/// Factors of alpha that are tried: the further off, the fewer draws show it, so the grid is fine around 1 and coarse beyond.
const FACTORS: [f64; 16] =
    [0.0625, 0.125, 0.25, 0.5, 2.0 / 3.0, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2.0, 4.0, 8.0, 16.0];
/// The alphas that are tried where none was given: those that people use, and some beyond on both sides.
const UNKNOWN: [f64; 19] =
    [0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 2.0, 4.0, 8.0, 32.0];
/// The upper ends of an alpha that is itself drawn anew, that are tried where none was given.
const UNKNOWN_RANDOM: [f64; 5] = [0.2, 0.4, 0.5, 1.0, 2.0];
/// The probability of a box of the whole image, by rounding alone, for which a law in a type is told from the law in real numbers.
/// A box in 10^9 is beyond every audit.
const ATOM: f64 = 1e-9;
/// The parameters that a Beta law is fitted with. Beyond them its boxes no longer change on images of any size.
pub(super) const ALPHAS: [f64; 2] = [1e-3, 1e4];

/// The law of a code that explains the draws best, and the logarithm of its likelihood less what was gained by choosing.
pub(super) struct Ranked {
    pub(super) law: Hypothesis,
    pub(super) value: f64,
    /// The logarithm of its likelihood alone.
    pub(super) likelihood: f64,
}

impl Ranked {
    /// The law, its value, and its log-likelihood.
    pub(super) const fn values(&self) -> (&Hypothesis, f64, f64) {
        (&self.law, self.value, self.likelihood)
    }
}

/// A law in all types that make a difference.
fn typed(law: LambdaLaw, lambda: &Lambda) -> Vec<Hypothesis> {
    let ends = |precision: Precision| lambda.atom(precision).max(lambda.atom_at_zero(precision));
    let differs = |precision: &Precision| *precision == Precision::Exact || ends(*precision) > ATOM;
    let of = |precision| Hypothesis { precision, ..Hypothesis::exact(law, lambda.clone()) };
    Precision::ALL.into_iter().filter(differs).map(of).collect()
}

/// The laws that are right at an alpha: in real numbers, and as the types that it may be drawn in round it.
pub(super) fn claimed(alpha: f64, accepted: &[LambdaLaw]) -> Vec<Hypothesis> {
    let of = |lambda| typed(LambdaLaw::AsAsked, &lambda);
    accepted.iter().filter_map(|law| law.at(alpha)).flat_map(of).collect()
}

/// Every law that is not the one asked for: other alphas, and those of a table. What is the same at this alpha is left out.
pub(super) fn deviations(alpha: Option<f64>, table: &[LambdaLaw], accepted: &[LambdaLaw]) -> Vec<Hypothesis> {
    let tried: Vec<f64> = match alpha {
        Some(alpha) => FACTORS.map(|factor| factor * alpha).to_vec(),
        None => UNKNOWN.to_vec(),
    };
    let tried = tried.into_iter().filter(|other| (ALPHAS[0]..=ALPHAS[1]).contains(other));
    let times = |other: f64| LambdaLaw::Times(other / alpha.unwrap_or(PLAIN));
    let mut known: Vec<Lambda> =
        alpha.into_iter().flat_map(|alpha| accepted.iter().filter_map(move |law| law.at(alpha))).collect();
    // The law of alpha itself is a deviation where only others are accepted.
    let tried = alpha.into_iter().chain(tried).filter(|other| !known.contains(&Lambda::beta(*other)));
    let mut all: Vec<Hypothesis> = tried.flat_map(|other| typed(times(other), &Lambda::beta(other))).collect();
    let Some(alpha) = alpha else {
        all.extend(
            UNKNOWN_RANDOM.into_iter().flat_map(|upper| typed(LambdaLaw::RandomAlpha, &Lambda::RandomAlpha(upper))),
        );
        return all;
    };
    // Another alpha under a law that is accepted.
    for &law in accepted.iter().filter(|law| !matches!(law, LambdaLaw::AsAsked)) {
        for other in FACTORS.map(|factor| factor * alpha) {
            let Some(lambda) = law.at(other).filter(|lambda| !known.contains(lambda)) else { continue };
            all.extend(typed(times(other), &lambda));
        }
    }
    known.push(Lambda::beta(alpha));
    for &law in table.iter().filter(|law| !matches!(law, LambdaLaw::Times(_))) {
        let Some(lambda) = law.at(alpha).filter(|lambda| !known.contains(lambda)) else { continue };
        all.extend(typed(law, &lambda));
        known.push(lambda);
    }
    // Right, but more or less often than promised.
    for rate in [Rate::Squared, Rate::Any] {
        all.extend(claimed(alpha, accepted).into_iter().map(|law| Hypothesis { rate, ..law }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Code;

    #[test]
    fn small_alphas_have_atoms_and_alpha_one_has_fewer_deviations() {
        let claimed = |alpha| claimed(alpha, &[LambdaLaw::AsAsked]);
        assert_eq!(claimed(1.0).len(), 2, "binary32 loses lambdas below 2^-25");
        assert_eq!(claimed(0.2).len(), 3);
        assert_eq!(claimed(8.0).len(), 1);
        let deviations = |alpha| deviations(alpha, LambdaLaw::ALL, &[LambdaLaw::AsAsked]);
        assert!(deviations(Some(0.2)).iter().all(|law| law.code().is_some() && !law.to_string().is_empty()));
        assert!(deviations(Some(1.0)).iter().all(|law| law.code() != Some(Code::AlphaIgnored)));
        assert!(deviations(Some(0.2)).iter().any(|law| law.code() == Some(Code::AlphaIgnored)));
        assert!(deviations(None).iter().all(|law| matches!(law.code(), Some(Code::Alpha | Code::AlphaRandom))));
    }
}
