//! Which findings of a report stand for themselves, and which under another.

use super::{Finding, Report};
use crate::profile::Code;

impl Report {
    /// The findings that follow from no other, the one to look at first in front.
    ///
    /// ```
    /// use cutmix_verify::audit::{Audit, Options};
    ///
    /// assert_eq!(Audit::new(Options::default()).report().causes().count(), 0, "nothing was read");
    /// ```
    pub fn causes(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.follows.is_none())
    }

    /// What follows from a finding.
    pub(crate) fn following(&self, cause: Code) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.follows == Some(cause))
    }

    /// What is drawn: a box, or of Mixup a weight.
    pub(crate) fn drawn(&self) -> &'static str {
        if self.method == "mixup" { "weight" } else { "box" }
    }
}
