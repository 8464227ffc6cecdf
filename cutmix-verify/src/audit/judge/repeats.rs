//! Draws that are repeated: workers with one seed, a generator that is seeded anew.
//!
//! Two draws are the same with probability `c`, the sum of all boxes' squared probabilities. So `m` draws in a row are those in
//! a row at another place with probability `c^m`, and with `n^2 / 2` pairs of places the expected number of such runs is
//! `n^2 c^m / 2`. The least `m` for which that is below one in `certainty` is the length of a run that is no chance: on 40 x 24
//! pixels, where `c` is 1/4200, five draws of 16,384; on 224 x 224 three.
//!
//! Windows of `m` draws are looked up in a table of those before. A run that overlaps itself is left out: it says that one draw
//! follows another, not that a stream was repeated.

use std::collections::HashMap;
use std::hash::Hash;

/// A run of draws that was made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) at: usize,
    /// Where it began before.
    pub(super) before: usize,
    pub(super) length: usize,
}

/// A probability that two draws are the same, so that its logarithm is finite and below 0.
const COLLISIONS: [f64; 2] = [1e-300, 0.999];
/// One draw that was made before is no run.
const SHORTEST: usize = 2;

/// How many draws in a row, repeated at any two places, are found once in `certainty` times at most among `draws`, two of
/// which are the same with probability `collision`.
pub(super) fn shortest(draws: usize, collision: f64, certainty: f64) -> usize {
    let pairs = (draws as f64) * (draws as f64) / 2.0;
    let needed = libm::log((pairs * certainty).max(1.0)) / -libm::log(collision.clamp(COLLISIONS[0], COLLISIONS[1]));
    (needed.ceil() as usize).max(SHORTEST)
}

/// How often two of these draws are the same.
pub(super) fn collisions<T: Eq + Hash>(boxes: &[T]) -> f64 {
    let mut counts: HashMap<&T, u64> = HashMap::new();
    for patch in boxes {
        *counts.entry(patch).or_default() += 1;
    }
    let pairs: u64 = counts.values().map(|n| n * (n - 1)).sum();
    let all = boxes.len() as f64 * (boxes.len() as f64 - 1.0);
    if all > 0.0 { pairs as f64 / all } else { 0.0 }
}

/// All runs of at least `length` draws that were made before, as long as they are; none overlaps the one before it.
pub(super) fn repeats<T: Eq + Hash>(boxes: &[T], length: usize) -> Vec<Repeat> {
    let mut found = Vec::new();
    let mut first: HashMap<&[T], usize> = HashMap::new();
    let mut at = 0;
    while at + length <= boxes.len() {
        let window = &boxes[at..at + length];
        match first.get(window) {
            // Not one that overlaps itself.
            Some(&before) if before + length <= at => {
                let mut run = length;
                while at + run < boxes.len() && before + run < at && boxes[at + run] == boxes[before + run] {
                    run += 1;
                }
                found.push(Repeat { at, before, length: run });
                at += run;
            }
            Some(_) => at += 1,
            None => {
                first.insert(window, at);
                at += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Patch;

    fn boxes(numbers: impl Iterator<Item = u32>) -> Vec<Patch> {
        numbers.map(|n| Patch::of([n, n, n + 1, n + 1])).collect()
    }

    #[test]
    fn lengths_are_the_known_ones() {
        // 40x24 with 16,384 draws needs five, 224x224 three.
        assert_eq!(shortest(16_384, 2.394e-4, 1e7), 5);
        assert_eq!(shortest(16_384, 4.0e-6, 1e7), 3);
    }

    #[test]
    fn a_repeated_run_is_found_and_chance_is_not() {
        let mixed = |n: u32| n.wrapping_mul(2_654_435_761) >> 8;
        let once = boxes((0..2000).map(mixed));
        assert_eq!(repeats(&once, 4), []);
        assert_eq!(collisions(&boxes([1, 1, 2, 3].into_iter())), 1.0 / 6.0);
        let twice: Vec<Patch> = once.iter().chain(&once[100..160]).chain(&once[7..9]).copied().collect();
        assert_eq!(repeats(&twice, 4), [Repeat { at: 2000, before: 100, length: 60 }]);
        let again: Vec<Patch> = once.iter().chain(&once).copied().collect();
        assert_eq!(repeats(&again, 4), [Repeat { at: 2000, before: 0, length: 2000 }]);
    }
}
