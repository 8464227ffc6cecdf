//! What the order of draws and the choice of partners say.
//!
//! A run of draws that was made before has a probability that is known exactly, up to how often two draws are the same
//! ([`repeats`](super::repeats)); how often each partner was chosen is a count of classes with known probabilities
//! ([`unknown`](super::unknown)).

use super::alarm::{Share, limit};
use super::evidence::{EARLIER, Evidence};
use super::hypotheses::PLAIN;
use super::repeats::{Repeat, collisions, repeats, shortest};
use super::terms::Found;
use super::unknown::dirichlet;
use crate::law::features::Features;
use crate::profile::shape::SHAPES;
use crate::profile::{Code, Lambda};
use crate::report::Wrong;

/// A little more than is needed, so that rounding of a mean of equal values does not fall short of the limit.
pub(super) const JUST_ABOVE: f64 = 1.01;
/// How much more often two draws may be the same than under the official rule at this alpha. The accepted roundings differ by
/// less than a third on images of 12 to 40 pixels a side, as the test below shows; the rest is a margin.
const ROUNDINGS: f64 = 1.5;
/// The same for a law that is not known, in terms of how often two draws were the same: twice that is beyond chance.
pub(super) const SEEN: f64 = 2.0;
/// Where two draws may be the same more often than this, as on images of a pixel or two, a run of them tells no stream from another.
pub(super) const MOST: f64 = 0.5;

/// Evidence without what was drawn before, which says nothing new, and how many draws that was.
pub(super) fn without(evidence: &Evidence, streams: &Streams) -> (Evidence, u64) {
    let mut unique = evidence.clone();
    let mut repeated = 0;
    for (part, found) in unique.parts.iter_mut().zip(&streams.repeats) {
        repeated += found.iter().map(|repeat| repeat.length as u64).sum::<u64>();
        part.forget(found);
    }
    (unique, repeated)
}

/// Evidence with every draw once.
pub(in crate::audit) fn once(evidence: &Evidence) -> Evidence {
    without(evidence, &streams(evidence, 1)).0
}

/// What the order of draws and the choice of partners say.
pub(super) struct Streams {
    /// What was drawn before, by part.
    pub(super) repeats: Vec<Vec<Repeat>>,
    /// Tests of the order of draws and of partners: the logarithm of an e-value, and what is wrong, if anything was seen.
    pub(super) tests: Vec<(f64, Option<Found>)>,
}

pub(super) fn streams(evidence: &Evidence, runs: usize) -> Streams {
    let mut streams = Streams { repeats: Vec::new(), tests: Vec::new() };
    let alpha = evidence.alpha.unwrap_or(PLAIN);
    // Their mean is judged, so each of them alone must be able to decide.
    let number = evidence.pairings.len() + evidence.parts.len();
    let certainty = libm::exp(limit(runs, Share::Streams)) * number as f64 * JUST_ABOVE;
    for part in &evidence.parts {
        let features = Features::new(&SHAPES[0], part.size);
        let exact = features.collision(&Lambda::beta(alpha).moments(features.grid()));
        let collision = (ROUNDINGS * exact).max(SEEN * collisions(&part.boxes));
        let told = collision <= MOST;
        let repeats =
            if told { repeats(&part.boxes, shortest(part.boxes.len(), collision, certainty)) } else { Vec::new() };
        // Two traces may have been made from one seed; one process has no reason to repeat itself.
        let one = |repeat: &&Repeat| {
            let trace = |draw: usize| part.places.get(draw).map(|place| place.trace);
            let (at, before) = (trace(repeat.at), trace(repeat.before));
            let now = [at, before].into_iter().flatten().all(|trace| trace < EARLIER);
            now && (evidence.one_process || at == before)
        };
        let longest = repeats.iter().filter(one).max_by_key(|repeat| repeat.length);
        let value = if longest.is_some() { libm::log(certainty) } else { f64::NEG_INFINITY };
        let wrong = longest.map(|&Repeat { length, at, before }| Wrong::Repeated([length, at, before]));
        streams.tests.push((value, wrong.map(|wrong| Found::new(Code::DuplicateStream, wrong))));
        streams.repeats.push(repeats);
    }
    // The same choices are counted in two ways, of which the one that shows more is shown.
    for ways in evidence.pairings.chunks(2) {
        let values: Vec<f64> = ways.iter().map(|(counts, p)| dirichlet(counts, p)).collect();
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut shown = false;
        for ((counts, _), value) in ways.iter().zip(values) {
            let found = (value >= most && !shown).then(|| Found {
                count: counts.iter().sum(),
                ..Found::new(Code::PairingBiased, Wrong::Partners(counts.clone()))
            });
            shown |= found.is_some();
            streams.tests.push((value, found));
        }
    }
    streams
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roundings_of_the_formula_are_within_the_factor() {
        let allowed = || SHAPES.iter().filter(|shape| shape.allowed());
        for size in [[16, 12], [40, 24], [32, 32]] {
            let of = |shape, alpha| {
                let features = Features::new(shape, size);
                features.collision(&Lambda::beta(alpha).moments(features.grid()))
            };
            for (shape, alpha) in allowed().flat_map(|shape| [0.2, 1.0, 2.0].map(|alpha| (shape, alpha))) {
                let more = of(shape, alpha) / of(&SHAPES[0], alpha);
                assert!(more < 4.0 / 3.0, "{} at {alpha}: {more}", shape.name);
            }
        }
    }
}
