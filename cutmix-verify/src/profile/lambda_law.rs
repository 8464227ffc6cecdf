//! What lambda follows, relative to the alpha that was asked for.

use super::{Code, Lambda};

/// A kind of law of lambda; `at` gives the law at an alpha.
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
    Clipped { least: f64, most: f64 },
    /// Uniform on an interval.
    Within { least: f64, most: f64 },
    /// Rounded to tenths.
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

    /// Laws that can be accepted, by name; an interval beside them is `clipped=0.2-0.8` or `uniform=0.3-0.7`.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("beta", Self::AsAsked),
        ("uniform", Self::One),
        ("folded", Self::Folded),
        ("folded-up", Self::FoldedUp),
        ("no-root", Self::NoRoot),
    ];

    /// The law of a name, or of an interval within 0 to 1 whose ends ascend.
    ///
    /// ```
    /// use cutmix_verify::profile::LambdaLaw;
    ///
    /// assert_eq!(LambdaLaw::named("folded"), Some(LambdaLaw::Folded));
    /// assert_eq!(LambdaLaw::named("clipped=0.2-0.8"), Some(LambdaLaw::CLIPPED));
    /// assert_eq!(LambdaLaw::named("clipped=0.8-0.2"), None);
    /// ```
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        if let Some((_, law)) = Self::NAMES.iter().find(|(name, _)| *name == text) {
            return Some(*law);
        }
        let (name, interval) = text.split_once('=')?;
        let (least, most) = interval.split_once('-')?;
        let (least, most) = (least.parse::<f64>().ok()?, most.parse::<f64>().ok()?);
        let inside = 0.0 <= least && least < most && most <= 1.0;
        match name {
            "clipped" if inside => Some(Self::Clipped { least, most }),
            "uniform" if inside => Some(Self::Within { least, most }),
            _ => None,
        }
    }

    /// Its row at an alpha: the finding that it causes (none for the law that was asked for), and the law (none
    /// for one that is fitted). Parameters of a Beta law are those of `1 - lambda`.
    fn row(self, alpha: f64) -> (Option<Code>, Option<Lambda>) {
        let beta = |a, b| Some(Lambda::Beta { a, b });
        match self {
            Self::AsAsked => (None, beta(alpha, alpha)),
            Self::Times(factor) => (Some(Code::Alpha), beta(factor * alpha, factor * alpha)),
            Self::Fitted => (Some(Code::Alpha), None),
            Self::One => (Some(Code::AlphaIgnored), beta(1.0, 1.0)),
            Self::PlusOne => (Some(Code::BetaParameters), beta(alpha, alpha + 1.0)),
            Self::SecondPlusOne => (Some(Code::BetaParameters), beta(alpha + 1.0, alpha)),
            Self::First => (Some(Code::BetaParameters), beta(1.0, alpha)),
            Self::Second => (Some(Code::BetaParameters), beta(alpha, 1.0)),
            Self::NoRoot => (Some(Code::RootOmitted), Some(Lambda::NoRoot(alpha))),
            Self::Folded => (Some(Code::LambdaFolded), Some(Lambda::Folded(alpha))),
            Self::FoldedUp => (Some(Code::LambdaFolded), Some(Lambda::FoldedUp(alpha))),
            Self::Clipped { least, most } => (Some(Code::LambdaClipped), Some(Lambda::Clipped { alpha, least, most })),
            Self::Within { least, most } => (Some(Code::LambdaClipped), Some(Lambda::Uniform { least, most })),
            Self::Tenths => (Some(Code::LambdaRounded), Some(Lambda::Rounded { alpha, parts: 10 })),
            Self::RandomAlpha | Self::RandomAlphaByCall => (Some(Code::AlphaRandom), Some(Lambda::RandomAlpha(alpha))),
            Self::NotRejected => (Some(Code::BetaNotRejected), Some(Lambda::NotRejected(alpha))),
        }
    }

    /// The law at an alpha; none for one that is fitted.
    pub(crate) fn at(self, alpha: f64) -> Option<Lambda> {
        self.row(alpha).1
    }

    /// The finding that it causes; none for the law that was asked for.
    pub(crate) fn code(self) -> Option<Code> {
        self.row(1.0).0
    }

    /// Whether it is the law that was asked for where alpha is 1.
    #[must_use]
    pub fn as_asked_at_one(self) -> bool {
        self.at(1.0) == Self::AsAsked.at(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_no_finding() {
        for law in LambdaLaw::ALL {
            assert_eq!(law.at(0.3) == LambdaLaw::AsAsked.at(0.3), law.code().is_none(), "{law:?}");
        }
    }
}
