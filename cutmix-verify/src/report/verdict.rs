//! What an audit concludes.

use serde::Serialize;

/// What an audit concludes.
///
/// ```
/// use cutmix_verify::report::Verdict;
///
/// assert_eq!(Verdict::Inconclusive.name(), "INCONCLUSIVE");
/// assert_eq!(serde_json::to_value(Verdict::Pass)?, "PASS");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// Every deviation of the catalogue was refuted.
    Pass,
    /// Something contradicts the paper or the implementation's own promise.
    Fail,
    /// Neither was shown.
    #[default]
    Inconclusive,
}

impl Verdict {
    /// In capitals, as every form shows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Inconclusive => "INCONCLUSIVE",
        }
    }
}
