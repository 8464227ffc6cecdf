//! What the extents of boxes show on their own: sides that cannot be of one lambda, and edges of the image that no box
//! reaches. Whether that is wrong, the law of the boxes says: `judge::extents`.

use std::collections::BTreeMap;

use super::draw::{Draw, HALF_LOST, complement, real_length};
use crate::probe::{Method, Phase};
use crate::reference::Patch;

/// Where a box was first seen, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstSeen {
    pub(crate) call: u32,
    pub(crate) sample: usize,
    pub(crate) donor: Option<usize>,
    pub(crate) number: u64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct SeenExtents {
    pub(crate) phase: String,
    pub(crate) alpha: Option<f64>,
    pub(crate) size: [u32; 2],
    /// Boxes whose sides are not in the ratio of the image's.
    pub(crate) apart: BTreeMap<Patch, FirstSeen>,
    /// Different boxes of each call that touch the left, right, upper and lower edge; all of them; calls that have some.
    pub(crate) touches: [u64; 4],
    pub(crate) boxes: u64,
    pub(crate) calls: u64,
    /// Boxes whose ratio says something, in their number.
    pub(crate) compared: u64,
    /// Cutout's box has a law of its own, often a square of a fixed side.
    pub(crate) any_ratio: bool,
}

impl SeenExtents {
    pub(crate) fn new(phase: &Phase, method: Method, alpha: Option<f64>) -> Self {
        let any_ratio = phase.width == phase.height || method == Method::Cutout;
        Self { phase: phase.name.clone(), alpha, size: [phase.width, phase.height], any_ratio, ..Self::default() }
    }

    pub(crate) fn call(&mut self, call: u32, draws: &[Option<Draw>]) {
        let [width, height] = self.size;
        let mut seen = Vec::new();
        for &Draw { sample, donor, patch, .. } in draws.iter().flatten() {
            self.compared += u64::from(!self.any_ratio);
            if !self.any_ratio && self.is_apart(patch) {
                let first = FirstSeen { call, sample, donor, number: 0 };
                self.apart.entry(patch).or_insert(first).number += 1;
            }
            // A box that samples share is one.
            if seen.contains(&patch) || patch.is_empty() {
                continue;
            }
            seen.push(patch);
            let edges = [patch.x0 == 0, patch.x1 == width, patch.y0 == 0, patch.y1 == height];
            for (touches, edge) in self.touches.iter_mut().zip(edges) {
                *touches += u64::from(edge);
            }
        }
        self.boxes += seen.len() as u64;
        self.calls += u64::from(!seen.is_empty());
    }

    /// Whether no lambda makes both sides of a box, each clipped by half at most: then they are two draws, or the rule is one
    /// that clips more.
    fn is_apart(&self, patch: Patch) -> bool {
        let root = |patch, axis: usize| {
            real_length(patch, self.size, axis, HALF_LOST).map(|length| length / f64::from(self.size[axis]))
        };
        let possible = |patch: Patch| {
            let ([least, most], [other_least, other_most]) = (root(patch, 0), root(patch, 1));
            least <= other_most && other_least <= most
        };
        // With the base inside the box, a box at the border looks like its complement.
        !possible(patch) && !complement(patch, self.size).is_some_and(possible)
    }

    /// As one with another phase of the same images and alpha.
    pub(crate) fn add_to(self, all: &mut Vec<Self>) {
        let same =
            |known: &&mut Self| known.alpha == self.alpha && known.size == self.size && known.phase == self.phase;
        let Some(known) = all.iter_mut().find(same) else { return all.push(self) };
        for (patch, first) in self.apart {
            known.apart.entry(patch).or_insert(FirstSeen { number: 0, ..first }).number += first.number;
        }
        known.touches.iter_mut().zip(self.touches).for_each(|(all, more)| *all += more);
        known.boxes += self.boxes;
        known.calls += self.calls;
    }
}
