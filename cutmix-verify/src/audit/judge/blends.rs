//! What blends say of rates, of the choice of partners and of repeats: as boxes do, with weights in their place.

use super::alarm::{Share, limit};
use super::evidence::{Applied, Blended, EARLIER, Evidence};
use super::order::{JUST_ABOVE, MOST, SEEN};
use super::repeats::{Repeat, collisions, repeats, shortest};
use super::terms::Found;
use super::unknown::dirichlet;
use crate::audit::prob::Prob;
use crate::profile::{Code, Lambda};
use crate::report::Wrong;

/// A blend below is seen in every type, and half-way between two weights of bfloat16, so that no rounding moves one across.
pub(in crate::audit) const CLEAR: f64 = 503.0 / 512.0;
/// Of what a right implementation never does, this much remains.
const FLOOR: f64 = 1e-7;

/// All that one alpha's calls showed of blends.
#[derive(Clone, Copy, Debug)]
pub(in crate::audit) struct Blending<'a> {
    pub(in crate::audit) blends: &'a Blended,
    /// How often samples were changed, and by whom.
    pub(in crate::audit) evidence: &'a Evidence,
}

/// Runs of blends that were drawn before, by the classes of their weights.
pub(super) fn repeated(classes: &[u8], certainty: f64) -> Vec<Repeat> {
    let same = SEEN * collisions(classes);
    if same > MOST {
        return Vec::new();
    }
    repeats(classes, shortest(classes.len(), same, certainty))
}

/// Tests of the order of blends and of partners, by what is judged: the logarithm of an e-value, and what is wrong.
pub(super) fn streams(blending: &Blending<'_>, repeats: &[Repeat], certainty: f64) -> Vec<(f64, Option<Found>)> {
    let Blending { blends, evidence } = blending;
    // Two traces may have been made from one seed; one process has no reason to repeat itself.
    let one = |repeat: &&Repeat| {
        let trace = |draw: usize| blends.places.get(draw).map(|place| place.trace);
        let (at, before) = (trace(repeat.at), trace(repeat.before));
        let now = [at, before].into_iter().flatten().all(|trace| trace < EARLIER);
        now && (evidence.one_process || at == before)
    };
    let longest = repeats.iter().filter(one).max_by_key(|repeat| repeat.length);
    let value = if longest.is_some() { libm::log(certainty) } else { f64::NEG_INFINITY };
    let wrong = longest.map(|&Repeat { length, at, before }| Wrong::Repeated([length, at, before]));
    let mut tests = vec![(value, wrong.map(|wrong| Found::new(Code::DuplicateStream, wrong)))];
    for (counts, p) in &evidence.pairings {
        let found = Found::new(Code::PairingBiased, Wrong::Partners(counts.clone()));
        tests.push((dirichlet(counts, p), Some(found)));
    }
    tests
}

/// What a run must be certain by, so that it alone decides the mean of so many tests.
pub(super) fn certainty(evidence: &Evidence, runs: usize) -> f64 {
    libm::exp(limit(runs, Share::Streams)) * (evidence.pairings.len() + 1) as f64 * JUST_ABOVE
}

/// How often something was changed against what a law of lambda and `--prob` promise: the logarithm of an e-value, and what is
/// wrong if it is large. Nothing where nothing is promised.
pub(super) fn rate(evidence: &Evidence, prob: Prob, law: &Lambda) -> Option<(f64, Found)> {
    let Prob::Known(prob) = prob else { return None };
    let applied: Vec<&Applied> = evidence.parts.iter().flat_map(|part| &part.applied).collect();
    let promised = prob * law.cdf(CLEAR);
    let mut pools: Vec<(&[f64], [u64; 2])> = Vec::new();
    for one in &applied {
        let [trials, touched] = one.until(u32::MAX);
        match pools.iter_mut().find(|(own, _)| *own == one.own.as_slice()) {
            Some((_, counts)) => *counts = [counts[0] + trials, counts[1] + touched],
            None => pools.push((&one.own, [trials, touched])),
        }
    }
    let [trials, touched] = pools.iter().fold([0, 0], |sum, (_, counts)| [sum[0] + counts[0], sum[1] + counts[1]]);
    if trials == 0 {
        return None;
    }
    // A sample is its own partner with one of these probabilities, unknown which: the one that it speaks least against.
    let of = |(own, [trials, touched]): &(&[f64], [u64; 2])| {
        let against = |own: &f64| {
            let p = (promised * (1.0 - own)).clamp(FLOOR, 1.0 - FLOOR);
            dirichlet(&[*touched, trials - touched], &[p, 1.0 - p])
        };
        own.iter().map(against).fold(f64::INFINITY, f64::min)
    };
    let value = pools.iter().map(of).sum();
    Some((value, Found::new(Code::ApplyRate, Wrong::Rate([touched, trials], Some(promised * trials as f64)))))
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Part;
    use super::*;
    use crate::reference::Stream;

    fn evidence(own: Vec<f64>, trials: u32, every: u32) -> Evidence {
        let applied = vec![Applied::of(own, (0..trials).map(|i| (0, i % every != 0)))];
        Evidence { parts: vec![Part { size: [40, 24], applied, ..Part::default() }], ..Evidence::default() }
    }

    /// Of a law without weights next to 1, all samples are changed but those that are their own partners.
    #[test]
    fn rates_are_held_against_the_promise() {
        let law = Lambda::beta(50.0);
        let value =
            |own: &[f64], every, prob| rate(&evidence(own.to_vec(), 800, every), Prob::Known(prob), &law).unwrap().0;
        assert!(value(&[0.0, 0.125], 8, 1.0) < 0.0, "one of eight may be its own partner");
        assert!(value(&[0.0], 8, 1.0) > 100.0, "and where none is, it was left alone");
        assert!(value(&[0.0, 0.125], 2, 1.0) > 100.0 && value(&[0.0, 0.125], 2, 0.5) < 5.0);
        assert!(rate(&evidence(vec![0.0], 0, 2), Prob::Known(1.0), &law).is_none());
        assert!(rate(&evidence(vec![0.0], 8, 2), Prob::Unknown, &law).is_none());
    }

    #[test]
    fn a_stream_that_begins_anew_is_found_by_its_weights() {
        let mut stream = Stream::new(*b"repeated", [1, 0, 0, 0]);
        let first: Vec<u8> = (0..600).map(|_| stream.below(64) as u8).collect();
        let classes = [&first[..], &first[..300]].concat();
        assert_eq!(repeated(&classes, 1e7), [Repeat { at: 600, before: 0, length: 300 }]);
        assert_eq!(repeated(&classes[..600], 1e7), []);
        assert_eq!(repeated(&[7; 900], 1e7), [], "of one weight alone nothing is repeated");
    }
}
