//! The side that Cutout promises, held against every square that it cut.

use super::findings::Ledger;
use super::{AlphaDraws, Audit};
use crate::probe::Method;
use crate::profile::Code;
use crate::reference::Patch;
use crate::report::words;
use crate::report::{Contrast, Example};

/// Whether a square of this side, wherever it is clipped, cannot look like this on an image of this size.
fn is_other(patch: Patch, size: [u32; 2], side: u32) -> bool {
    let axis = |i: usize| {
        let (from, to) = patch.span(i);
        let clipped = from == 0 || to == size[i];
        to - from > side || (!clipped && to - from < side)
    };
    axis(0) || axis(1)
}

impl Audit {
    /// Notes squares of another side than the promised one.
    pub(super) fn promised_side(&self, ledger: &mut Ledger) {
        let fixed = || self.draws.iter().any(|draws| draws.boxes.fixed_sides().is_some());
        let Some(side) = self.options.side else {
            if self.method == Method::Cutout && fixed() {
                ledger.untested(words::WITHOUT_SIDE.into());
            }
            return;
        };
        if self.method != Method::Cutout {
            ledger.untested(words::SIDE_OF_CUTOUT.into());
            return;
        }
        for part in self.draws.iter().flat_map(|AlphaDraws { boxes, .. }| &boxes.parts) {
            ledger.tested("L01", part.boxes.len() as u64);
            for (place, patch) in
                part.places.iter().zip(&part.boxes).filter(|(_, patch)| is_other(**patch, part.size, side))
            {
                let phase = self.inputs.phases.get(place.phase as usize).map_or("", String::as_str);
                let pixels = u64::from(part.size[0]) * u64::from(part.size[1]);
                let example = Example::at(phase, place.call, place.sample as usize).boxed(None, *patch, pixels);
                ledger.fail(Code::CutoutSide, example.shows(Contrast::Side(side, *patch)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_another_where_its_side_shows() {
        let other = |edges: [u32; 4]| is_other(Patch::of(edges), [40, 24], 5);
        assert!(!other([3, 4, 8, 9]) && !other([0, 4, 2, 9]) && !other([36, 20, 40, 24]), "clipped sides are shorter");
        assert!(other([3, 4, 7, 8]), "four pixels away from every border");
        assert!(other([0, 4, 6, 9]) && other([3, 4, 8, 10]), "six pixels anywhere");
    }
}
