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

    /// The code of a finding; none for what was asked for.
    pub(crate) fn code(&self) -> Option<Code> {
        if self.rate == Rate::Promised { self.law.code() } else { Some(Code::ApplyRate) }
    }
}
