//! What was tried, what was not and why, and on what an audit has seen the audited code.

use crate::profile::Code;
use crate::report::model_tried::{Outcome, Tried};

/// Why something is not asked of an adapter.
pub(crate) const EVEN_BATCH: &str = "the adapter declares even_batch";
pub(crate) const OTHER_METHOD: &str =
    "not asked of what computes with values: rounding, and NaN times 0, would be no defect";
pub(crate) const BITS: &str = "the adapter must know that such images are bits: check --exec --dtype bf16";
pub(crate) const TAKES_IDS: &str = "the adapter takes ids: run(mix, labels=\"rows\") and another audit show rows";
pub(crate) const TAKES_ROWS: &str = "the adapter takes rows: run(mix, labels=\"ids\") and another audit show ids";
pub(crate) const NO_LABELS: &str = "the adapter takes no labels";
pub(crate) const NO_RESEED: &str = "the adapter cannot be seeded: run(mix, reseed=...)";
pub(crate) const GONE: &str = "the adapter ended too often in the rows before";
/// Why there are no more draws.
pub(crate) const REFUSED_OFTEN: &str = "more draws: too many calls raised an error or gave back another form";
/// Why something is not asked again.
pub(crate) const BY_THE_AUDIT: &str = "by the rounds of the audit";

/// Something on images of another size.
pub(crate) fn sized(what: &str, width: u32, height: u32) -> String {
    format!("{what}, {width}x{height}")
}

/// Codes that were found, once each.
pub(crate) fn found(codes: &[Code]) -> String {
    Code::join(codes, ", ")
}

/// That the answer is no trace.
pub(crate) fn unreadable(error: &str) -> String {
    format!("what came back cannot be read: {error}")
}

/// That the phase of an audit's first round was refused.
pub(crate) fn phase_refused(phase: &str, error: &str) -> String {
    format!("phase {phase}: refused: {error}")
}

/// The forms in which an audit has seen the audited code: types, channels, sizes and batches, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forms {
    types: Vec<&'static str>,
    channels: Vec<String>,
    sizes: Vec<String>,
    batches: Vec<String>,
}

impl Forms {
    /// Adds a form.
    pub(crate) fn add(&mut self, dtype: &'static str, channels: u32, [width, height]: [u32; 2], batch: u32) {
        fn push<T: PartialEq>(list: &mut Vec<T>, one: T) {
            if !list.contains(&one) {
                list.push(one);
            }
        }
        push(&mut self.types, dtype);
        push(&mut self.channels, channels.to_string());
        push(&mut self.sizes, format!("{width}x{height}"));
        push(&mut self.batches, batch.to_string());
    }

    /// As a PASS names them; nothing if there are none.
    pub(crate) fn words(&self) -> String {
        if self.types.is_empty() {
            return String::new();
        }
        let channels = if self.channels == ["1"] { "channel" } else { "channels" };
        format!(
            "; seen on {}, {} {channels}, {}, batches of {}",
            self.types.join(" and "),
            self.channels.join(" and "),
            self.sizes.join(" and "),
            self.batches.join(", "),
        )
    }
}

/// What a PASS does not cover: of a live audit the rows that were not shown, of a trace all that a live audit tries.
pub(crate) fn not_covered(tried: &[Tried]) -> String {
    if tried.is_empty() {
        return "; other types, channels, sizes, values, batches and forms of memory were not tried (check --exec tries them)"
            .into();
    }
    let of = |outcome: Outcome, word: &str| {
        let rows: Vec<&str> = tried.iter().filter(|row| row.outcome == outcome).map(|row| row.what.as_str()).collect();
        if rows.is_empty() { String::new() } else { format!("; {word}: {}", rows.join(", ")) }
    };
    of(Outcome::Refused, "refused") + &of(Outcome::NotTried, "not tried")
}
