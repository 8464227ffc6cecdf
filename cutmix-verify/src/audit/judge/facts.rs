//! What draws show of themselves, whatever rule and law they follow: for a finding that no rule and no law explains.

use super::case::Judge;
use crate::report::Facts;

/// Boxes that touch no border from which their areas are told: of so many that follow a law with no end, one in thirty at most lies
/// beyond what was seen.
const INSIDE: usize = 30;
/// Boxes from which a column or row is said to be covered by none: the paper's rules cover each in an eighth of all at least, so that
/// it is chance once in 10^9.
const BOXES: usize = 160;

/// The runs of numbers of what is not true of some.
fn runs(covered: &[bool]) -> Vec<[u32; 2]> {
    let mut all: Vec<[u32; 2]> = Vec::new();
    for (i, _) in covered.iter().enumerate().filter(|(_, covered)| !**covered) {
        let i = i as u32;
        match all.last_mut() {
            Some(last) if last[1] + 1 == i => last[1] = i,
            _ => all.push([i, i]),
        }
    }
    all
}

impl Judge<'_> {
    /// What boxes show on the size with the most of them.
    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        let Some(part) = self.evidence.parts.iter().max_by_key(|part| part.boxes.len()) else { return facts };
        let inside = |axis: usize, (lo, hi): (u32, u32)| lo > 0 && hi < part.size[axis];
        let pixels = f64::from(part.size[0]) * f64::from(part.size[1]);
        let whole = part.boxes.iter().filter(|patch| (0..2).all(|axis| inside(axis, patch.span(axis))));
        let kept: Vec<f64> = whole.map(|patch| 1.0 - patch.area() as f64 / pixels).collect();
        if kept.len() >= INSIDE {
            facts.kept = Some(kept.iter().fold([1.0, 0.0], |[least, most], &kept| [kept.min(least), kept.max(most)]));
        }
        if part.boxes.len() >= BOXES {
            facts.never = [0, 1].map(|axis| {
                let mut covered = vec![false; part.size[axis] as usize];
                for patch in &part.boxes {
                    let (lo, hi) = patch.span(axis);
                    covered[lo as usize..hi as usize].fill(true);
                }
                runs(&covered)
            });
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_what_is_left_out() {
        assert_eq!(runs(&[false, false, true, true, false]), [[0, 1], [4, 4]]);
        assert_eq!(runs(&[true; 3]), [[0_u32; 2]; 0]);
    }
}
