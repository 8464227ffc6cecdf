//! What the order of draws and the choice of partners say.

use super::evidence::EARLIER;
use super::repeats::{Repeat, collisions, repeats, shortest};
use super::unknown::dirichlet;
use super::verdict::{Evidence, limit};
use crate::law::features::Features;
use crate::law::lambda::Lambda;
use crate::profile::Code;
use crate::profile::shape::SHAPES;

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
#[must_use]
pub(in crate::audit) fn once(evidence: &Evidence) -> Evidence {
    without(evidence, &streams(evidence, 1)).0
}

/// What the order of draws and the choice of partners say.
pub(super) struct Streams {
    pub(super) repeats: Vec<Vec<Repeat>>,
    /// Code, logarithm of an e-value, and what was seen.
    pub(super) tests: Vec<(Code, f64, String)>,
}

/// Repeats of draws within one process, and partners that are not equally likely.
pub(super) fn streams(evidence: &Evidence, runs: usize) -> Streams {
    let mut streams = Streams { repeats: Vec::new(), tests: Vec::new() };
    let alpha = evidence.alpha.unwrap_or(1.0);
    // Their mean is judged, so each of them alone must be able to decide.
    let number = evidence.pairings.len() + evidence.parts.len();
    let certainty = libm::exp(limit(runs, 3)) * number as f64 * 1.01;
    for part in &evidence.parts {
        let features = Features::new(&SHAPES[0], part.size);
        let exact = features.collision(&Lambda::beta(alpha).moments(features.grid()));
        // Whatever is drawn more often than it should be is drawn twice more often as well.
        let collision = (1.5 * exact).max(2.0 * collisions(&part.boxes)).min(0.5);
        let length = shortest(part.boxes.len(), collision, certainty);
        let repeats = repeats(&part.boxes, length);
        // Two traces may have been made from one seed; one process has no reason to repeat itself.
        let one = |repeat: &&Repeat| {
            let trace = |draw: usize| part.places.get(draw).map(|place| place.trace);
            let (at, before) = (trace(repeat.at), trace(repeat.before));
            let now = [at, before].into_iter().flatten().all(|trace| trace < EARLIER);
            now && (evidence.one_process || at == before)
        };
        let longest = repeats.iter().filter(one).max_by_key(|repeat| repeat.length);
        let value = if longest.is_some() { libm::log(certainty) } else { f64::NEG_INFINITY };
        let text = longest.map_or(String::new(), |repeat| {
            format!(
                "{} draws in a row, the first of them number {}, are those from number {} on",
                repeat.length, repeat.at, repeat.before
            )
        });
        streams.tests.push((Code::DuplicateStream, value, text));
        streams.repeats.push(repeats);
    }
    for (counts, p) in &evidence.pairings {
        let text = format!("how often each partner was chosen: {counts:?}");
        streams.tests.push((Code::PairingBiased, dirichlet(counts, p), text));
    }
    streams
}
