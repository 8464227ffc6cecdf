//! The checks of the report's table, and every finding that they can make.

use super::entry::Entry;
use super::{catalogue, catalogue_batches, catalogue_laws};
use crate::profile::Code;

/// The checks in the order of the table.
pub const CHECKS: [(&str, &str); 36] = [
    ("S01", "shapes, and finite values"),
    ("S02", "pixels outside the box untouched, inside it copied"),
    ("S03", "one partner a sample"),
    ("S04", "the box is a filled rectangle"),
    ("S05", "the same box in all channels and frames"),
    ("S06", "the patch from the same place"),
    ("S07", "no blending, no soft edges"),
    ("S08", "images and labels passed in unchanged"),
    ("S09", "partners as they were given, of this call"),
    ("S10", "label weight on the classes of both images only"),
    ("S11", "label weights add up to 1"),
    ("S12", "the label's partner is the image's"),
    ("S13", "the base's label weight is the kept fraction"),
    ("S14", "reported boxes lie in the image"),
    ("S15", "an untouched image keeps its label"),
    ("S16", "applied at all, and never at probability 0"),
    ("S17", "type of the images preserved"),
    ("S18", "what is reported is what was done"),
    ("S19", "the same seed, the same result"),
    ("S20", "label weights are fractions"),
    ("G01", "both sides of the box from one lambda"),
    ("G02", "every edge of the image is reached"),
    ("G03", "new draws in every call"),
    ("B01", "batches of all lengths shared and paired alike"),
    ("B02", "shared, paired and thrown as promised"),
    ("M01", "masks travel with their images"),
    ("X01", "every value explained"),
    ("X02", "every call answers, in one form"),
    ("L01", "boxes follow a rule that is accepted"),
    ("L02", "lambda follows the law that was asked for"),
    ("L03", "changed as often as promised"),
    ("L04", "no impossible boxes"),
    ("L05", "no law that nobody has thought of"),
    ("L06", "no draws repeated"),
    ("L07", "every partner equally likely"),
    ("L08", "draws depend on nothing that was known before"),
];

/// Every entry: those that single samples show before those that only many draws show.
///
/// ```
/// use cutmix_verify::audit::{Code, all_entries};
///
/// // All that may be wrong with the label's weight.
/// let codes: Vec<Code> = all_entries().filter(|entry| entry.check == "S13").map(|entry| entry.code).collect();
/// assert!(codes.contains(&Code::LabelRaw) && codes.contains(&Code::LabelSwapped));
/// ```
pub fn all_entries() -> impl Iterator<Item = &'static Entry> {
    catalogue::ENTRIES.iter().chain(catalogue_batches::ENTRIES).chain(catalogue_laws::ENTRIES)
}

/// The entry of a code.
///
/// ```
/// use cutmix_verify::audit::{Code, entry};
///
/// assert_eq!(entry(Code::BoxCorner).map(|entry| entry.check), Some("L01"));
/// ```
#[must_use]
pub fn entry(code: Code) -> Option<&'static Entry> {
    all_entries().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_whole_and_belongs_to_a_check() {
        let all: Vec<&Entry> = all_entries().collect();
        for (i, entry) in all.iter().enumerate() {
            assert!(CHECKS.iter().any(|(id, _)| *id == entry.check), "{}", entry.code);
            assert!(!all[..i].iter().any(|other| other.code == entry.code), "{} twice", entry.code);
            assert!(entry.code.name().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
            for text in [entry.sentence, entry.effect, entry.hint] {
                assert!(text.ends_with('.') && text.len() < 200, "{}: {text}", entry.code);
            }
        }
        assert_eq!(entry(Code::LabelRaw).map(|entry| entry.check), Some("S13"));
        assert!(Code::ALL.iter().all(|&code| entry(code).is_some()));
    }
}
