//! The interval that lambda was kept in: the one that explains some draws best, forced into it or uniform on it.
//!
//! A table cannot have every interval, so this one is fitted. Boxes tell each end up to a step of the grid of `s`, within which all
//! ends explain them equally well; of those the shortest decimal is taken, which is what somebody wrote. Both ends hardly depend
//! on each other, so they are searched in turn. What is fitted names a finding and never makes one.

use super::hypotheses::Ranked;
use crate::profile::{Hypothesis, Lambda, LambdaLaw};

/// Hundredths by what the steps between them are, the coarsest first, each without those of the one before: 0 and 1, tenths,
/// twentieths, hundredths.
const STEPS: [[usize; 2]; 4] = [[100, 101], [10, 100], [5, 10], [1, 5]];
/// Finer ends beside 0 and 1.
const FINE: [f64; 4] = [0.005, 0.995, 0.001, 0.999];

/// Ends of an interval, those with the shortest decimals first, and of those with as many digits those nearest to 0 and 1, which keep
/// lambda from the least.
fn ends() -> Vec<f64> {
    let group = |[step, before]: [usize; 2]| {
        let mut all: Vec<usize> = (0..=100).step_by(step).filter(|k| before > 100 || k % before != 0).collect();
        all.sort_by_key(|&k| k.min(100 - k));
        all
    };
    STEPS.into_iter().flat_map(group).map(|k| k as f64 / 100.0).chain(FINE).collect()
}

/// Log-likelihoods this near to each other are one: nobody would tell an end by them.
const SAME: f64 = 0.5;
/// Pairs of ends among which one was chosen: the logarithm of their number is what the choice gains at most.
const PAIRS: f64 = 105.0 * 105.0;

/// The law of an interval of these ends.
type Kept<'a> = dyn Fn(f64, f64) -> (LambdaLaw, Lambda) + 'a;

/// The best of some ends by their log-likelihoods, simple ones preferred.
fn best(value: impl Fn(f64) -> Option<f64>) -> Option<(f64, f64)> {
    let known = ends().into_iter().filter_map(|end| Some((value(end)?, end)));
    known.fold(None, |best, here| match best {
        Some((value, _)) if here.0 <= value + SAME => best,
        _ => Some(here),
    })
}

/// The two laws of an interval that explain draws of an alpha best, whose log-likelihood is `total`. Their values have paid for
/// the choice of the ends, not for that of the law. Costs some six hundred likelihoods.
pub(super) fn bounded(alpha: f64, total: impl Fn(&Lambda) -> f64) -> Vec<Ranked> {
    let clipped = |least, most| (LambdaLaw::Clipped { least, most }, Lambda::Clipped { alpha, least, most });
    let uniform = |least, most| (LambdaLaw::Within { least, most }, Lambda::Uniform { least, most });
    let laws: [(&Kept<'_>, bool); 2] = [(&clipped, true), (&uniform, false)];
    let of = |(law, point): (&Kept<'_>, bool)| {
        // An interval of one number is a law only where lambda is forced into it.
        let is = |least: f64, most: f64| least < most || (point && least == most);
        let value = |least: f64, most: f64| is(least, most).then(|| total(&law(least, most).1));
        let (_, least) = best(|least| value(least, 1.0))?;
        let (_, most) = best(|most| value(least, most))?;
        let (value, least) = best(|least| value(least, most))?;
        let (law, lambda) = law(least, most);
        Some(Ranked { law: Hypothesis::exact(law, lambda), value: value - libm::log(PAIRS), likelihood: value })
    };
    laws.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_the_simplest_of_those_that_explain_as_much() {
        let all = ends();
        assert_eq!((all.len() * all.len()) as f64, PAIRS);
        assert_eq!(all[..4], [0.0, 1.0, 0.1, 0.9]);
        // Of 0.01 to 0.04 and of 0.98 and 0.99 the one nearest to 0 or 1.
        assert_eq!(best(|end| Some(if (0.977..0.991).contains(&end) { 3.0 } else { 0.0 })), Some((3.0, 0.99)));
        assert_eq!(best(|end| Some(if (0.008..0.049).contains(&end) { 3.0 } else { 0.0 })), Some((3.0, 0.01)));
        assert_eq!(best(|end| Some(if (0.27..0.33).contains(&end) { 3.0 } else { 0.0 })), Some((3.0, 0.3)));
        assert_eq!(best(|_| Some(0.0)), Some((0.0, 0.0)));
        assert_eq!(best(|_| None), None);
    }
}
