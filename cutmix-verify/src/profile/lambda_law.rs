//! What lambda follows, relative to the alpha that was asked for.

use super::{Code, Lambda};

/// The law of lambda, whatever alpha is: [`at`](Self::at) gives it at an alpha.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LambdaLaw {
    /// Beta(alpha, alpha).
    AsAsked,
    /// The same of another alpha, by a factor.
    Times(f64),
    /// Beta(1, 1).
    One,
    /// Beta(alpha + 1, alpha).
    PlusOne,
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
    /// Forced into 0.2 to 0.8.
    Clipped,
    /// Uniform on 0.3 to 0.7.
    Middle,
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
    /// Every law, those by a factor left out but for one half.
    pub const ALL: &'static [Self] = &[
        Self::AsAsked,
        Self::Times(0.5),
        Self::One,
        Self::PlusOne,
        Self::First,
        Self::Second,
        Self::NoRoot,
        Self::Folded,
        Self::FoldedUp,
        Self::Clipped,
        Self::Middle,
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
            Self::First => Lambda::Beta { a: 1.0, b: alpha },
            Self::Second => Lambda::Beta { a: alpha, b: 1.0 },
            Self::NoRoot => Lambda::NoRoot(alpha),
            Self::Folded => Lambda::Folded(alpha),
            Self::FoldedUp => Lambda::FoldedUp(alpha),
            Self::Clipped => Lambda::Clipped { alpha, least: 0.2, most: 0.8 },
            Self::Middle => Lambda::Uniform { least: 0.3, most: 0.7 },
            Self::RandomAlpha | Self::RandomAlphaByCall => Lambda::RandomAlpha(alpha),
            Self::NotRejected => Lambda::NotRejected(alpha),
            Self::Tenths => return None,
        })
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsAsked => "beta",
            Self::Times(_) => "other-alpha",
            Self::One => "uniform",
            Self::PlusOne => "plus-one",
            Self::First => "first",
            Self::Second => "second",
            Self::NoRoot => "no-root",
            Self::Folded => "folded",
            Self::FoldedUp => "folded-up",
            Self::Clipped => "clipped",
            Self::Middle => "middle",
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
            Self::Times(_) => Code::Alpha,
            Self::One => Code::AlphaIgnored,
            Self::PlusOne | Self::First | Self::Second => Code::BetaParameters,
            Self::NoRoot => Code::RootOmitted,
            Self::Folded | Self::FoldedUp => Code::LambdaFolded,
            Self::Clipped | Self::Middle => Code::LambdaClipped,
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
