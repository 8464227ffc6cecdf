//! Who shares a draw, who is paired with whom, and what a throw of dice decides on: held against what was promised, and against
//! other phases. Only what is sure is judged; what chance may show is left open.

use crate::audit::observe::pairing::Map;
use crate::audit::observe::sharing::Unit;
use crate::profile::{Promised, Sharing, Throw};

/// How much more likely one throw must make what was seen than the other.
const CLEAR: f64 = 1e9;
/// Once in how many cases one map for each length of batch may look like a roll in one and like a mirror in another.
const COINCIDENCE: f64 = 1e5;

/// What a phase showed for sure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shows {
    pub(crate) batch: usize,
    pub(crate) sharing: Option<Sharing>,
    pub(crate) map: Option<Map>,
}

/// How often samples and calls were changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Counts {
    pub(crate) calls: u64,
    /// Calls in which nothing was changed.
    pub(crate) idle: u64,
    /// Samples that were changed.
    pub(crate) touched: u64,
    /// Images of a call that have a partner.
    pub(crate) images: usize,
    /// Whether partners are drawn, so that some may be their own.
    pub(crate) drawn: bool,
    pub(crate) unit: Unit,
}

impl Shows {
    /// Whether both cannot be of one recipe: who shares a draw, and who is paired with whom.
    pub(crate) fn changes(&self, other: &Self) -> [bool; 2] {
        // Who gives to each other in batches of one length may not do so in those of another.
        let mates = |sharing| matches!(sharing, Sharing::Partners | Sharing::Pair | Sharing::Sample);
        let sharing = match (self.sharing, other.sharing) {
            (Some(Sharing::Partners), Some(other)) | (Some(other), Some(Sharing::Partners)) => !mates(other),
            (Some(one), Some(two)) => one != two,
            _ => false,
        };
        let pairing = match (self.map, other.map) {
            (Some(Map::Drawn { replaced: Some(one) }), Some(Map::Drawn { replaced: Some(two) })) => one != two,
            (Some(Map::Drawn { .. }), Some(Map::Drawn { .. })) | (None, _) | (_, None) => false,
            (Some(Map::Drawn { .. }), _) | (_, Some(Map::Drawn { .. })) => true,
            (Some(Map::Flip), Some(Map::Roll)) | (Some(Map::Roll), Some(Map::Flip)) => {
                // Some other map for each length of batch may be a mirror in the one and a roll in the other.
                let maps = |batch: usize| libm::lgamma(batch as f64 + 1.0);
                maps(self.batch) + maps(other.batch) - libm::log(self.batch.max(other.batch) as f64)
                    >= libm::log(COINCIDENCE)
            }
            _ => false,
        };
        [sharing, pairing]
    }

    /// Whether a promise of sharing is kept, if that shows. Of lambda or centre alone, boxes of a call that are not one have
    /// `common`: whether all can be of one lambda, and of one centre.
    pub(crate) fn shares(&self, promised: Sharing, common: [Option<bool>; 2]) -> Option<bool> {
        let pair = |sharing| matches!(sharing, Sharing::Pair | Sharing::Partners);
        let shown = self.sharing?;
        match promised {
            Sharing::Lambda | Sharing::Centre if shown != Sharing::Sample => Some(false),
            Sharing::Lambda => common[0],
            Sharing::Centre => common[1],
            // What is the same in all boxes is not drawn for each.
            Sharing::Sample if shown == Sharing::Sample => {
                if common.contains(&Some(true)) {
                    Some(false)
                } else {
                    Some(true)
                }
            }
            _ => Some(shown == promised || (pair(shown) && pair(promised))),
        }
    }
}

/// Whether a promise of pairing is kept by what a phase showed for sure, if that tells. `own` if an image was its own partner.
pub(crate) fn pairs(map: Map, own: bool, promised: Promised) -> Option<bool> {
    match (promised, map) {
        (Promised::Given, _) => None,
        (Promised::Roll, map) => Some(map == Map::Roll),
        (Promised::Mirror, map) => Some(map == Map::Flip),
        (Promised::Replacement, Map::Drawn { replaced }) => replaced,
        (Promised::Permutation, Map::Drawn { replaced }) => replaced.map(|replaced| !replaced),
        (Promised::Derangement, Map::Drawn { replaced }) => replaced.map(|replaced| !replaced && !own),
        (_, Map::Flip | Map::Roll | Map::Other) => Some(false),
    }
}

/// What a throw with probability `p` decides on, if the number of idle calls tells.
///
/// Let `r` be the share of samples that were changed, `o` the probability that one is its own partner, and `e` that its box is
/// empty, so that `r = p (1 - e) (1 - o)`. Then a call of `G` boxes, each for `s` images, is idle with probability
/// `1 - p + p (e + (1 - e) o^(s - 1))^G` if the throw is for all, and `(e + (1 - e) (1 - p (1 - o))^s)^G` if it is for each.
/// Boxes may be empty each for itself or, where they have one lambda, all together; own partners there may be or not. Of each
/// throw what explains best is taken.
pub(crate) fn thrown(p: f64, counts: &Counts) -> Option<Throw> {
    let Counts { calls, idle, touched, images, drawn, unit } = *counts;
    if p <= 0.0 || p >= 1.0 || images < 3 || calls == 0 {
        return None;
    }
    let share = touched as f64 / (calls as f64 * images as f64);
    let all = images as f64;
    let boxes: &[f64] = match unit {
        Unit::Batch => &[1.0],
        Unit::Pair | Unit::Partners => &[all / 2.0, 1.0],
        Unit::Sample => &[all, 1.0],
    };
    let likelihood = |throw: Throw| {
        let of = |own: f64, number: f64| {
            let each = match unit {
                Unit::Sample if number > 1.0 => 1.0,
                _ => all / number,
            };
            let empty = (1.0 - share / (p * (1.0 - own))).max(0.0);
            let q = match throw {
                Throw::Batch => {
                    let none = if own > 0.0 && each > 1.0 { libm::pow(own, each - 1.0) } else { own };
                    1.0 - p + p * libm::pow(empty + (1.0 - empty) * none, number)
                }
                Throw::Sample => {
                    let still = libm::pow(1.0 - p * (1.0 - own), each);
                    libm::pow(empty + (1.0 - empty) * still, number)
                }
            };
            let q = q.clamp(1e-9, 1.0 - 1e-9);
            idle as f64 * libm::log(q) + (calls - idle) as f64 * libm::log1p(-q)
        };
        let owns: &[f64] = if drawn { &[0.0, 1.0 / all] } else { &[0.0] };
        let each = owns.iter().flat_map(|&own| boxes.iter().map(move |&number| (own, number)));
        each.map(|(own, number)| of(own, number)).fold(f64::NEG_INFINITY, f64::max)
    };
    let clear = likelihood(Throw::Batch) - likelihood(Throw::Sample);
    if clear >= libm::log(CLEAR) {
        Some(Throw::Batch)
    } else if clear <= -libm::log(CLEAR) {
        Some(Throw::Sample)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throw_shows_in_idle_calls() {
        // Eight boxes a call, one of ten empty, thrown with a half: half of the calls are idle, or nearly none.
        let counts = |idle, unit| Counts { calls: 400, idle, touched: 1440, images: 8, drawn: false, unit };
        assert_eq!(thrown(0.5, &counts(200, Unit::Sample)), Some(Throw::Batch));
        assert_eq!(thrown(0.5, &counts(3, Unit::Sample)), Some(Throw::Sample));
        // One box for all: a tenth of the calls have none.
        assert_eq!(thrown(0.5, &counts(220, Unit::Batch)), Some(Throw::Batch));
        assert_eq!(thrown(0.5, &counts(42, Unit::Batch)), Some(Throw::Sample));
        // Too few calls, two images, and no throw at all.
        assert_eq!(thrown(0.5, &Counts { calls: 10, idle: 5, touched: 36, ..counts(5, Unit::Sample) }), None);
        assert_eq!(thrown(0.5, &Counts { images: 2, ..counts(200, Unit::Sample) }), None);
        assert_eq!(thrown(1.0, &counts(0, Unit::Sample)), None);
    }

    #[test]
    fn phases_differ_where_no_recipe_is_both() {
        let shows = |batch, sharing, map| Shows { batch, sharing, map };
        let flip = shows(8, Some(Sharing::Sample), Some(Map::Flip));
        assert_eq!(flip.changes(&shows(5, Some(Sharing::Sample), Some(Map::Roll))), [false, true]);
        // One of some hundred shuffles of four and three images is this.
        assert_eq!(shows(4, None, Some(Map::Flip)).changes(&shows(3, None, Some(Map::Roll))), [false, false]);
        assert_eq!(flip.changes(&shows(5, Some(Sharing::Batch), Some(Map::Other))), [true, false]);
        assert_eq!(flip.changes(&shows(5, Some(Sharing::Partners), None)), [false, false]);
        let drawn = |replaced| Some(Map::Drawn { replaced });
        assert_eq!(flip.changes(&shows(5, None, drawn(None))), [false, true]);
        assert_eq!(shows(8, None, drawn(Some(true))).changes(&shows(5, None, drawn(None))), [false, false]);
        assert_eq!(shows(8, None, drawn(Some(true))).changes(&shows(5, None, drawn(Some(false)))), [false, true]);
    }
}
