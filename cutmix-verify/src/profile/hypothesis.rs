//! What draws may follow: a law of lambda, the type that it is computed in, and how often it is applied.

use super::{Code, Lambda, LambdaLaw, Precision};

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
    pub lambda: Lambda,
    /// The type that it is drawn in.
    pub precision: Precision,
    pub rate: Rate,
}

impl Hypothesis {
    /// A law in real numbers, as often as promised.
    pub(crate) const fn exact(law: LambdaLaw, lambda: Lambda) -> Self {
        Self { law, lambda, precision: Precision::Exact, rate: Rate::Promised }
    }

    /// Whether its alpha must be refuted by itself, because none around it is fitted: the one that was asked for where Beta laws
    /// are not accepted, and those of other accepted laws beyond a tolerance.
    pub(crate) fn beyond(&self, tolerance: f64, beta_accepted: bool) -> bool {
        match (self.law, &self.lambda) {
            (LambdaLaw::Times(factor), Lambda::Beta { .. }) => !beta_accepted && factor == 1.0,
            (LambdaLaw::Times(factor), _) => factor.max(1.0 / factor) > tolerance,
            _ => false,
        }
    }

    /// The code of a finding; none for what was asked for.
    pub(crate) fn code(&self) -> Option<Code> {
        if self.rate == Rate::Promised { self.law.code() } else { Some(Code::ApplyRate) }
    }
}
