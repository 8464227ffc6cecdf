//! What a live audit tried beside what its law is judged by.

use serde::Serialize;

/// What came of something that was tried.
///
/// ```
/// use cutmix_verify::report::Outcome;
///
/// assert_eq!(Outcome::NotTried.name(), "not tried");
/// assert_eq!(serde_json::to_value(Outcome::NotTried)?, "not_tried");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was mixed, and single samples show nothing wrong.
    Shown,
    /// It was mixed, and something is wrong.
    Found,
    /// The audited code refuses it with an error, which is its right.
    Refused,
    /// It was not asked for.
    NotTried,
}

impl Outcome {
    /// As tables show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Found => "FOUND",
            Self::Refused => "refused",
            Self::NotTried => "not tried",
        }
    }
}

/// A row of the table of what was tried.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::{Outcome, Tried, text};
///
/// let mut report = Audit::new(Options::default()).report();
/// let note = "TypeError: no uint8".into();
/// report.tried.push(Tried { what: "type u8".into(), outcome: Outcome::Refused, note });
/// assert!(text(&report).contains("\n    type u8                                 refused    TypeError: no uint8\n"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// What, in a few words.
    pub what: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The codes that were found, the error, or why it was not tried and how to. Untrusted where it quotes an error.
    pub note: String,
}
