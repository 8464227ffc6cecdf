//! What a finding means: its check, one plain sentence, what it does to training, an example, how to mend it.

use crate::profile::Code;

/// A kind of finding.
///
/// ```
/// use cutmix_verify::audit::{CHECKS, Code, entry};
///
/// let raw = entry(Code::LabelRaw).unwrap();
/// let (_, title) = CHECKS.iter().find(|(check, _)| *check == raw.check).unwrap();
/// assert_eq!(*title, "the base's label weight is the kept fraction");
/// assert!(raw.sentence.ends_with('.') && raw.hint.ends_with('.'));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub code: Code,
    /// The check that it belongs to.
    pub check: &'static str,
    /// One plain sentence.
    pub sentence: &'static str,
    /// What it does to training.
    pub effect: &'static str,
    /// What it looks like in code.
    pub example: &'static str,
    /// How to mend it.
    pub hint: &'static str,
}

macro_rules! entries {
    ($list:ident; $($code:ident $check:literal $sentence:literal effect: $effect:literal example: $example:literal hint: $hint:literal)*) => {
        /// Findings, by check.
        pub(super) const $list: &[Entry] = &[$(Entry {
            code: Code::$code, check: $check, sentence: $sentence, effect: $effect, example: $example, hint: $hint,
        }),*];
    };
}

pub(super) use entries;
