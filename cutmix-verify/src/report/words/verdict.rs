//! Why an audit comes to its verdict, and what it did not test.

use crate::profile::Code;
use crate::report::model_law::{LawRun, joined};

/// Why an audit passed that found what was expected.
pub(crate) fn as_expected(codes: &[Code]) -> String {
    format!("as expected: {}, and nothing else", Code::join(codes, ", "))
}

/// Why an audit failed: by a code that an earlier audit of the same version found, whose name comes from a file.
pub(crate) fn found_earlier(code: &str) -> String {
    format!("{}: found by an earlier audit of this version", code.escape_debug())
}

/// That these codes were expected, and not found.
pub(crate) fn absent(codes: &[Code]) -> String {
    format!("{} was expected and not found", Code::join(codes, ", "))
}

/// That nothing was seen of these checks.
pub(crate) fn not_shown(checks: &[&str]) -> String {
    format!("not shown by this trace: {}", checks.join(", "))
}

/// That nothing was drawn.
pub(crate) const NO_DRAWS: &str = "no draws of a box or weight";

/// What the draws of one alpha lack.
pub(crate) fn lacks(run: &LawRun) -> String {
    let alpha = run.alpha.map_or(String::new(), |alpha| format!("alpha {alpha}: "));
    let more = run.needed.map_or(String::new(), |more| format!(" (about {more} more draws)"));
    format!("{alpha}{}{more}", joined(&run.because, "; "))
}

pub(crate) fn passed(runs: &[LawRun]) -> String {
    let draws: u64 = runs.iter().map(|run| run.draws).sum();
    let refuted: u64 = runs.iter().map(|run| run.refuted).sum();
    let rate = runs.iter().map(|run| run.excluded_rate).fold(0.0, f64::max);
    let alphas: Vec<String> = runs.iter().filter_map(|run| run.alpha).map(|alpha| format!("alpha {alpha}")).collect();
    let at = if alphas.is_empty() { String::new() } else { format!(" at {}", alphas.join(", ")) };
    format!(
        "{draws} draws{at}: every check passed, all {refuted} known deviations refuted by 10^4 to 1 or more; a defect \
         that single samples show, in more than {:.2} % of them, is excluded",
        100.0 * rate
    )
}

/// Why no law is judged.
pub(crate) fn comes_first(check: &str) -> String {
    format!("the law of the draws: the findings of {check} come first")
}

/// What is not tested without an alpha.
pub(crate) const WITHOUT_ALPHA: &str = "the law of lambda: no --alpha was given";
/// That a promise was not judged.
pub(crate) fn not_judged(promise: &str) -> String {
    format!("B02: the promised {promise}, of which the trace shows too little")
}

/// Why it does not show how often samples are changed.
pub(crate) const OWN_PARTNERS: &str =
    "L03: partners are not chosen by their places alone, so that how many images are their own partners is not known";
/// What alpha 1 alone does not show.
pub(crate) const ONE_ALPHA: &str =
    "ALPHA_IGNORED: at alpha 1 alone an alpha that is ignored does not show; add another";
