//! What lambda follows, relative to the alpha that was asked for.

use super::{Code, Lambda};

/// The law of lambda, whatever alpha is: [`at`](Self::at) gives it at an alpha.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LambdaLaw {
    /// Beta(alpha, alpha).
    AsAsked,
    /// The same of another alpha, by a factor.
    Times(f64),
    /// The same of the alpha that fits some draws best.
    Fitted,
    /// Beta(alpha + 1, alpha).
    PlusOne,
    /// Beta(alpha, alpha + 1).
    SecondPlusOne,
    /// Beta(1, 1).
    One,
    /// Beta(alpha, 1).
    First,
    /// Beta(1, alpha).
    Second,
    /// Beta(alpha, alpha), and sides by 1 - lambda without the root.
    NoRoot,
    /// The larger of lambda and 1 - lambda.
    Folded,
    /// The smaller of the two.
    FoldedUp,
    /// Forced into an interval.
    Clipped {
        /// Least lambda.
        least: f64,
        /// Largest lambda.
        most: f64,
    },
    /// Uniform on an interval.
    Within {
        /// Least lambda.
        least: f64,
        /// Largest lambda.
        most: f64,
    },
    /// Rounded to tenths: a law that no table of exact laws has.
    Tenths,
    /// An alpha that is uniform on 0 to alpha.
    RandomAlpha,
    /// The same, drawn once a call.
    RandomAlphaByCall,
    /// A ratio of powers without rejection.
    NotRejected,
}

impl LambdaLaw {
    /// Forced into 0.2 to 0.8, as packages in use have it.
    pub const CLIPPED: Self = Self::Clipped { least: 0.2, most: 0.8 };
    /// Uniform on 0.3 to 0.7.
    pub const MIDDLE: Self = Self::Within { least: 0.3, most: 0.7 };

    /// Every law: each is simulated, and tried with every rule if it is known exactly. Of other alphas one half stands for all.
    pub const ALL: &'static [Self] = &[
        Self::AsAsked,
        Self::Times(0.5),
        Self::PlusOne,
        Self::SecondPlusOne,
        Self::One,
        Self::First,
        Self::Second,
        Self::NoRoot,
        Self::Folded,
        Self::FoldedUp,
        Self::CLIPPED,
        Self::MIDDLE,
        Self::Tenths,
        Self::RandomAlpha,
        Self::RandomAlphaByCall,
        Self::NotRejected,
    ];

    /// The law at an alpha; none for what no exact law describes.
    #[must_use]
    pub const fn at(self, alpha: f64) -> Option<Lambda> {
        // Parameters of a Beta law are those of 1 - lambda.
        Some(match self {
            Self::AsAsked => Lambda::Beta { a: alpha, b: alpha },
            Self::Times(factor) => Lambda::Beta { a: factor * alpha, b: factor * alpha },
            Self::One => Lambda::Beta { a: 1.0, b: 1.0 },
            Self::PlusOne => Lambda::Beta { a: alpha, b: alpha + 1.0 },
            Self::SecondPlusOne => Lambda::Beta { a: alpha + 1.0, b: alpha },
            Self::First => Lambda::Beta { a: 1.0, b: alpha },
            Self::Second => Lambda::Beta { a: alpha, b: 1.0 },
            Self::NoRoot => Lambda::NoRoot(alpha),
            Self::Folded => Lambda::Folded(alpha),
            Self::FoldedUp => Lambda::FoldedUp(alpha),
            Self::Clipped { least, most } => Lambda::Clipped { alpha, least, most },
            Self::Within { least, most } => Lambda::Uniform { least, most },
            Self::RandomAlpha | Self::RandomAlphaByCall => Lambda::RandomAlpha(alpha),
            Self::NotRejected => Lambda::NotRejected(alpha),
            Self::Fitted | Self::Tenths => return None,
        })
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsAsked => "beta",
            Self::Times(_) | Self::Fitted => "other-alpha",
            Self::One => "uniform",
            Self::PlusOne => "plus-one",
            Self::SecondPlusOne => "second-plus-one",
            Self::First => "first",
            Self::Second => "second",
            Self::NoRoot => "no-root",
            Self::Folded => "folded",
            Self::FoldedUp => "folded-up",
            Self::Clipped { .. } => "clipped",
            Self::Within { .. } => "middle",
            Self::Tenths => "tenths",
            Self::RandomAlpha => "random-alpha",
            Self::RandomAlphaByCall => "random-alpha-by-call",
            Self::NotRejected => "not-rejected",
        }
    }

    /// The finding that it causes; none for the law that was asked for.
    #[must_use]
    pub const fn code(self) -> Option<Code> {
        Some(match self {
            Self::AsAsked => return None,
            Self::Times(_) | Self::Fitted => Code::Alpha,
            Self::One => Code::AlphaIgnored,
            Self::PlusOne | Self::SecondPlusOne | Self::First | Self::Second => Code::BetaParameters,
            Self::NoRoot => Code::RootOmitted,
            Self::Folded | Self::FoldedUp => Code::LambdaFolded,
            Self::Clipped { .. } | Self::Within { .. } => Code::LambdaClipped,
            Self::Tenths => Code::LawUnknown,
            Self::RandomAlpha | Self::RandomAlphaByCall => Code::AlphaRandom,
            Self::NotRejected => Code::BetaNotRejected,
        })
    }

    /// Whether it is the law that was asked for where alpha is 1.
    #[must_use]
    pub const fn as_asked_at_one(self) -> bool {
        matches!(self, Self::AsAsked | Self::One | Self::First | Self::Second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_that_are_the_same_at_one_say_so() {
        for law in LambdaLaw::ALL {
            let same = law.at(1.0) == Some(Lambda::Beta { a: 1.0, b: 1.0 });
            assert_eq!(same, law.as_asked_at_one(), "{}", law.name());
            assert_eq!(law.at(0.3) == LambdaLaw::AsAsked.at(0.3), law.code().is_none(), "{}", law.name());
        }
    }
}
