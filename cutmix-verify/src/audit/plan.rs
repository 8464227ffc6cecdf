//! How many draws an audit makes: enough that every deviation of alpha beyond a tolerance would be refuted.

/// By which factor alpha may be off before it must show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Tolerance {
    /// A quick look.
    #[value(name = "1.5")]
    Quick,
    /// What CI runs.
    #[default]
    #[value(name = "1.25")]
    Usual,
    /// Before a release.
    #[value(name = "1.1")]
    Strict,
}

impl Tolerance {
    /// As a number.
    #[must_use]
    pub const fn factor(self) -> f64 {
        match self {
            Self::Quick => 1.5,
            Self::Usual => 1.25,
            Self::Strict => 1.1,
        }
    }

    /// Draws of a box that a right implementation needs to have every alpha beyond the tolerance refuted by 10^4 to 1,
    /// but for one audit in a million; on images of 40x24. Larger images need fewer, smaller ones more.
    ///
    /// The laws of alpha = 1 and 0.2 have been computed; between them and beyond, the dearer neighbour counts. Below 0.2
    /// most boxes are empty or whole images, and the number is a lower bound.
    #[must_use]
    pub fn draws(self, alpha: f64) -> u64 {
        let small = alpha < 0.7;
        match self {
            Self::Quick if small => 5_120,
            Self::Quick => 2_816,
            Self::Usual if small => 16_640,
            Self::Usual => 8_448,
            Self::Strict if small => 90_624,
            Self::Strict => 45_056,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exact budgets (conditional on a box that is not empty) that the numbers round up.
    #[test]
    fn budgets_hold_the_exact_ones() {
        for (tolerance, alpha, least) in [
            (Tolerance::Quick, 1.0, 2_637),
            (Tolerance::Usual, 1.0, 8_207),
            (Tolerance::Strict, 1.0, 43_388),
            (Tolerance::Quick, 0.2, 5_011),
            (Tolerance::Usual, 0.2, 16_556),
            (Tolerance::Strict, 0.2, 90_557),
            (Tolerance::Usual, 2.0, 6_675),
        ] {
            let draws = tolerance.draws(alpha);
            assert!((least..least + least / 10 + 2000).contains(&draws), "{tolerance:?} {alpha}: {draws}");
        }
    }
}
