//! What draws may follow: every law of lambda that somebody uses, right or wrong.

use crate::law::lambda::{Lambda, Precision};
use crate::profile::Code;

/// A law of lambda with its name and the code of a finding.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hypothesis {
    /// In reports.
    pub(super) name: String,
    /// None for the law that was asked for.
    pub(super) code: Option<Code>,
    /// The law.
    pub(super) law: Lambda,
    /// The type that it is drawn in.
    pub(super) precision: Precision,
    /// How often something is done.
    pub(super) rate: Rate,
}

/// How often something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rate {
    /// As promised.
    Promised,
    /// The promised probability was applied twice.
    Squared,
    /// However often it was.
    Any,
}

/// Factors of alpha that are tried: the further off, the fewer draws show it.
const FACTORS: [f64; 16] =
    [0.0625, 0.125, 0.25, 0.5, 2.0 / 3.0, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2.0, 4.0, 8.0, 16.0];
/// The alphas that are tried where none was given.
const UNKNOWN: [f64; 19] =
    [0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 2.0, 4.0, 8.0, 32.0];
/// The upper ends of an alpha that is itself drawn anew, that are tried where none was given.
const UNKNOWN_RANDOM: [f64; 5] = [0.2, 0.4, 0.5, 1.0, 2.0];
/// Least probability of a box of the whole image for which a law with it is told from one without.
const ATOM: f64 = 1e-9;
/// The parameters that a Beta law is fitted with.
pub(super) const ALPHAS: [f64; 2] = [1e-3, 1e4];

/// A law in all types that make a difference.
fn typed(name: &str, code: Option<Code>, law: &Lambda) -> Vec<Hypothesis> {
    let of = |precision: Precision| Hypothesis {
        name: match precision {
            Precision::Exact => name.to_owned(),
            Precision::F64 => format!("{name} in binary64"),
            Precision::F32 => format!("{name} in binary32"),
        },
        code,
        law: law.clone(),
        precision,
        rate: Rate::Promised,
    };
    let ends = |precision: Precision| law.atom(precision).max(law.atom_at_zero(precision));
    let differs = |precision: &Precision| *precision == Precision::Exact || ends(*precision) > ATOM;
    Precision::ALL.into_iter().filter(differs).map(of).collect()
}

/// The laws that are right at an alpha: in real numbers, and as the types that it may be drawn in round it.
#[must_use]
pub(super) fn claimed(alpha: f64) -> Vec<Hypothesis> {
    typed(&format!("Beta({alpha}, {alpha})"), None, &Lambda::beta(alpha))
}

/// Every law that is not the one asked for. Those that are the same at this alpha are left out.
#[must_use]
pub(super) fn deviations(alpha: Option<f64>) -> Vec<Hypothesis> {
    let mut all = Vec::new();
    let mut add = |code: Code, name: &str, law: &Lambda| all.extend(typed(name, Some(code), law));
    let alphas: Vec<f64> = match alpha {
        Some(alpha) => FACTORS.map(|factor| factor * alpha).to_vec(),
        None => UNKNOWN.to_vec(),
    };
    for other in alphas.into_iter().filter(|other| (ALPHAS[0]..=ALPHAS[1]).contains(other)) {
        add(Code::Alpha, &format!("Beta({other:.4}, {other:.4})"), &Lambda::beta(other));
    }
    let random = |upper: f64| (format!("Beta(t, t) with t uniform on 0 to {upper}"), Lambda::RandomAlpha(upper));
    let Some(a) = alpha else {
        for (name, law) in UNKNOWN_RANDOM.map(random) {
            add(Code::AlphaRandom, &name, &law);
        }
        return all;
    };
    // In terms of 1 - lambda, whose parameters are exchanged.
    let beta = |b: f64, a: f64| Lambda::Beta { a, b };
    add(Code::BetaParameters, &format!("Beta({}, {a})", a + 1.0), &beta(a + 1.0, a));
    add(Code::BetaParameters, &format!("Beta({a}, {})", a + 1.0), &beta(a, a + 1.0));
    if a != 1.0 {
        add(Code::AlphaIgnored, "Beta(1, 1), whatever alpha is", &Lambda::beta(1.0));
        add(Code::BetaParameters, &format!("Beta({a}, 1)"), &beta(a, 1.0));
        add(Code::BetaParameters, &format!("Beta(1, {a})"), &beta(1.0, a));
    }
    add(Code::RootOmitted, "sides by 1 - lambda instead of its square root", &Lambda::NoRoot(a));
    add(Code::LambdaFolded, "max(lambda, 1 - lambda)", &Lambda::Folded(a));
    add(Code::LambdaFolded, "min(lambda, 1 - lambda)", &Lambda::FoldedUp(a));
    let clipped = Lambda::Clipped { alpha: a, least: 0.2, most: 0.8 };
    add(Code::LambdaClipped, "lambda forced into 0.2 to 0.8", &clipped);
    add(Code::LambdaClipped, "lambda uniform on 0.3 to 0.7", &Lambda::Uniform { least: 0.3, most: 0.7 });
    let (name, law) = random(a);
    add(Code::AlphaRandom, &name, &law);
    add(Code::BetaNotRejected, "a ratio of powers without rejection", &Lambda::NotRejected(a));
    // Right, but more or less often than promised.
    for (rate, words) in [(Rate::Squared, "the probability applied twice"), (Rate::Any, "not as often as promised")] {
        let of = |law: Hypothesis| Hypothesis {
            name: format!("{}, {words}", law.name),
            code: Some(Code::ApplyRate),
            rate,
            ..law
        };
        all.extend(claimed(a).into_iter().map(of));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_alphas_have_atoms_and_alpha_one_has_fewer_deviations() {
        assert_eq!(claimed(1.0).len(), 2, "binary32 loses lambdas below 2^-25");
        assert_eq!(claimed(0.2).len(), 3);
        assert_eq!(claimed(8.0).len(), 1);
        assert!(deviations(Some(0.2)).iter().all(|law| law.code.is_some() && !law.name.is_empty()));
        assert!(deviations(Some(1.0)).iter().all(|law| law.code != Some(Code::AlphaIgnored)));
        assert!(deviations(Some(0.2)).iter().any(|law| law.code == Some(Code::AlphaIgnored)));
        assert!(deviations(None).iter().all(|law| matches!(law.code, Some(Code::Alpha | Code::AlphaRandom))));
    }
}
