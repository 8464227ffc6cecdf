//! Who gives to whom. Maps of partners are compared only where two calls show a donor: an image that was left alone may have an
//! empty box, be its own partner, or have been passed over by a throw of dice.

use std::collections::BTreeSet;

use crate::profile::Pairing;
use crate::report::Paired;

/// Who is whose partner, as the whole phase shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Partners {
    /// One map in every call.
    Fixed,
    /// A permutation of the batch, another one in every call, for sure.
    Permuted,
    /// Another map in every call, in which no image gave to two so far.
    Drawn,
    /// Another map in every call, in which one image may give to several.
    Replaced,
    /// There are none, as in Cutout.
    Nobody,
}

/// What would be seen once in so many times at most, if partners were drawn with replacement, is a permutation.
const PERMUTED: f64 = 1e4;
/// The same for what is held against a promise, or against another phase.
const SURE: f64 = 1e9;

/// Places that must have had another donor before a map is surely not always the same: one may be read wrongly.
const OTHERS: u64 = 8;

/// What a phase showed of partners for sure, to be held against a promise or another phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Map {
    Flip,
    Roll,
    /// One map that is neither.
    Other,
    /// Another map in every call; whether one image gives to several, if that is sure.
    Drawn {
        replaced: Option<bool>,
    },
}

/// What the calls of a phase showed of partners so far.
#[derive(Debug, Default)]
pub(crate) struct PairingChecks {
    batch: usize,
    /// The donor of each place in the first call that changed it.
    map: Vec<Option<usize>>,
    /// Places that had the donor of before, and those that had another.
    again: u64,
    others: u64,
    /// Donor minus sample, modulo the batch.
    offsets: BTreeSet<usize>,
    /// Whether some donor was not the mirror image.
    unmirrored: bool,
    /// Whether an image gave twice in one call.
    repeated: bool,
    /// The logarithm of the probability that partners drawn with replacement do not repeat, as they did not.
    unrepeated: f64,
    /// Whether an image surely was its own partner.
    own: bool,
    /// Samples that were left alone, in calls where others were not.
    pub(super) still: u64,
    /// Calls, and those in which something was changed.
    calls: u64,
    pub(super) active: u64,
}

impl PairingChecks {
    pub(super) fn new(batch: usize) -> Self {
        Self { batch, map: vec![None; batch], ..Self::default() }
    }

    /// Adds a call: the donor of every sample that was changed.
    pub(super) fn call(&mut self, donors: impl Iterator<Item = Option<usize>>) {
        let others = self.batch.saturating_sub(1).max(1) as f64;
        let (mut givers, mut changed, mut alone) = (BTreeSet::new(), 0.0, Vec::new());
        for (i, donor) in donors.enumerate() {
            let Some(donor) = donor else {
                alone.push(i);
                continue;
            };
            match self.map[i] {
                None => self.map[i] = Some(donor),
                Some(before) if before == donor => self.again += 1,
                Some(_) => self.others += 1,
            }
            self.offsets.insert((donor + self.batch - i) % self.batch);
            self.unmirrored |= donor != self.batch - 1 - i;
            self.repeated |= !givers.insert(donor);
            // Two images have one donor with the probability that both choose the same of those that are neither.
            self.unrepeated += libm::log1p(-(changed * (others - 1.0) / (others * others)).min(0.5));
            changed += 1.0;
        }
        self.calls += 1;
        if !givers.is_empty() {
            self.active += 1;
            self.still += alone.len() as u64;
        }
        // All others are a permutation of themselves.
        self.own |= alone.len() == 1 && givers.len() + 1 == self.batch && !givers.contains(&alone[0]);
    }

    fn rolled(&self) -> bool {
        self.offsets.len() == 1
    }

    fn fixed(&self) -> bool {
        self.rolled() || !self.unmirrored || (self.others == 0 && self.again > 0)
    }

    /// Whether partners are drawn. Of two images, donors alone do not tell.
    pub(crate) fn partners(&self) -> Partners {
        if self.fixed() && self.batch > 2 {
            Partners::Fixed
        } else if self.repeated {
            Partners::Replaced
        } else if self.unrepeated <= -libm::log(PERMUTED) {
            Partners::Permuted
        } else {
            Partners::Drawn
        }
    }

    /// Places that may be their own partners under a map that is always the same: they were never changed, and give to nobody.
    pub(crate) fn alone(&self) -> Vec<u32> {
        if self.partners() != Partners::Fixed || self.rolled() {
            return Vec::new();
        }
        let own = |i: &usize| {
            let middle = self.batch - 1 - i == *i;
            let unseen = self.map[*i].is_none() && !self.map.contains(&Some(*i));
            if self.unmirrored { unseen } else { middle }
        };
        (0..self.batch).filter(own).map(|i| i as u32).collect()
    }

    /// What is sure of partners; nothing of two images, or of a few calls.
    pub(crate) fn map(&self) -> Option<Map> {
        if self.batch < 3 {
            return None;
        }
        if (1..OTHERS).contains(&self.others) {
            return None;
        }
        if self.others > 0 {
            let sure = self.repeated.then_some(true);
            let permuted = (!self.repeated && self.unrepeated <= -libm::log(SURE)).then_some(false);
            return Some(Map::Drawn { replaced: sure.or(permuted) });
        }
        // Of a map that is drawn, so many places would not all have had the donor of before.
        let certain = self.again as f64 * libm::log((self.batch - 1) as f64) >= libm::log(SURE);
        certain.then_some(match (self.unmirrored, self.rolled()) {
            (false, _) => Map::Flip,
            (_, true) => Map::Roll,
            _ => Map::Other,
        })
    }

    /// Whether an image surely was its own partner.
    pub(crate) const fn own(&self) -> bool {
        self.own && !self.repeated
    }

    /// Who may be paired with whom, as profiles name it. An image that was not changed may be its own partner, or have an
    /// empty box.
    pub(crate) fn pairings(&self) -> Vec<Pairing> {
        if self.batch < 3 || self.active == 0 || self.calls < 2 {
            return Vec::new();
        }
        if !self.unmirrored {
            vec![Pairing::Flip]
        } else if self.rolled() {
            vec![Pairing::Roll]
        } else if self.repeated {
            vec![Pairing::Replacement]
        } else {
            vec![Pairing::Permutation, Pairing::Derangement]
        }
    }

    /// The convention, in a phase that changed something.
    pub(crate) fn habit(&self) -> Paired {
        let single = self.offsets.first().copied().filter(|_| self.rolled());
        if self.batch == 1 {
            Paired::Nobody
        } else if self.batch == 2 {
            Paired::Two
        } else if !self.unmirrored {
            Paired::Flip
        } else if let Some(offset) = single {
            Paired::Roll(self.batch - offset)
        } else if self.others == 0 && self.again > 0 {
            Paired::Fixed
        } else if self.repeated {
            Paired::Replacement
        } else {
            let never = self.still == 0 && self.active == self.calls;
            Paired::Permutation((self.own() || never).then_some(self.own()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(calls: &[[Option<usize>; 4]]) -> PairingChecks {
        let mut checks = PairingChecks::new(4);
        for call in calls {
            checks.call(call.iter().copied());
        }
        checks
    }

    #[test]
    fn a_fixed_map_stays_fixed_where_boxes_are_empty() {
        let whole = [Some(1), Some(0), Some(3), Some(2)];
        let neighbours = checks(&[whole, [None, Some(0), None, Some(2)], [Some(1), None, None, None], whole]);
        assert_eq!(neighbours.partners(), Partners::Fixed);
        assert!(matches!(neighbours.habit(), Paired::Fixed));
        assert_eq!(neighbours.map(), None, "seven places seen again: a drawn map does so once in three to the seventh");
        let long = checks(&[whole; 8]);
        assert_eq!(long.map(), Some(Map::Other));
        // One place with another donor is enough.
        let drawn = checks(&[whole, [Some(2), None, None, None]]);
        assert_eq!((drawn.partners(), drawn.map()), (Partners::Drawn, None));
        let drawn = checks(&[whole, [Some(2), Some(3), Some(0), Some(1)], [Some(3), Some(2), Some(1), Some(0)]]);
        assert_eq!((drawn.partners(), drawn.map()), (Partners::Drawn, Some(Map::Drawn { replaced: None })));
    }

    #[test]
    fn own_partners_are_seen_where_all_others_are_a_permutation_of_themselves() {
        assert!(checks(&[[Some(1), Some(2), Some(0), None]]).own());
        // The last one gives to another: its box is empty.
        assert!(!checks(&[[Some(1), Some(3), Some(0), None]]).own());
        assert!(!checks(&[[Some(1), Some(0), None, None]]).own());
        let alone = checks(&[[Some(2), Some(0), Some(1), None], [None, Some(0), Some(1), None]]);
        assert_eq!((alone.partners(), alone.alone()), (Partners::Fixed, vec![3]));
        // Of a map rolled by one none is alone, and of a mirrored one the middle.
        let rolled = checks(&[[Some(3), Some(0), Some(1), None], [Some(3), Some(0), Some(1), None]]);
        assert_eq!((rolled.partners(), rolled.alone()), (Partners::Fixed, Vec::new()));
        let mut mirrored = PairingChecks::new(3);
        mirrored.call([Some(2), None, Some(0)].into_iter());
        assert_eq!(mirrored.alone(), [1]);
    }

    #[test]
    fn partners_that_never_repeat_are_a_permutation() {
        let maps = [[1, 2, 3, 0], [2, 3, 0, 1], [3, 2, 1, 0]];
        let calls: Vec<_> = (0..9).map(|call| maps[call % 3].map(Some)).collect();
        assert_eq!(checks(&calls[..3]).partners(), Partners::Drawn);
        assert_eq!(checks(&calls).partners(), Partners::Permuted);
        let mut twice = calls.clone();
        twice.push([Some(1), Some(2), Some(1), None]);
        assert_eq!(checks(&twice).partners(), Partners::Replaced);
        assert_eq!(checks(&twice).map(), Some(Map::Drawn { replaced: Some(true) }));
    }
}
