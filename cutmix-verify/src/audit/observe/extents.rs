//! What the extents of boxes show on their own, which the law of the boxes then confirms or explains: sides that cannot be of
//! one lambda, and edges of the image that no box reaches.

use crate::profile::Code;
use std::collections::BTreeMap;

use super::pixels::complement;
use super::sharing::Draw;
use crate::audit::Audit;
use crate::audit::findings::Ledger;
use crate::law::boxes::Table;
use crate::law::features::Features;
use crate::law::lambda::{Lambda, Precision};
use crate::probe::Phase;
use crate::profile::shape::{Shape, shape_named};
use crate::reference::Patch;
use crate::report::LawRun;

/// Boxes without which an edge is not missed where the law is not known: under the paper's rules each touches a given one with
/// a probability of a quarter at least, whatever the alpha, so this many miss it once in 10^9.
const BOXES: u64 = 73;
/// How rarely an edge may be missed by chance.
const CHANCE: f64 = 1e-9;

/// Where a box was first seen, and how often.
#[derive(Clone, Copy, Debug)]
struct First {
    call: u32,
    sample: usize,
    donor: usize,
    number: u64,
}

/// What the boxes of a phase showed.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Extents {
    phase: String,
    alpha: Option<f64>,
    size: [u32; 2],
    /// Boxes whose sides are not in the ratio of the image's.
    apart: BTreeMap<Patch, First>,
    /// Different boxes of each call that touch the left, right, upper and lower edge; all of them; calls that have some.
    touches: [u64; 4],
    boxes: u64,
    calls: u64,
    /// Boxes of the call at hand.
    seen: Vec<Patch>,
}

impl Extents {
    pub(in crate::audit) fn new(phase: &Phase, alpha: Option<f64>) -> Self {
        Self { phase: phase.name.clone(), alpha, size: [phase.width, phase.height], ..Self::default() }
    }

    pub(in crate::audit) fn boxed(&mut self, draw: Draw, phase: &Phase, (call, sample): (u32, usize), apart: bool) {
        let Draw { donor, patch, .. } = draw;
        if apart {
            self.apart.entry(patch).or_insert(First { call, sample, donor, number: 0 }).number += 1;
        }
        // A box that samples share is one.
        if self.seen.contains(&patch) || patch.is_empty() {
            return;
        }
        self.seen.push(patch);
        let edges = [patch.x0 == 0, patch.x1 == phase.width, patch.y0 == 0, patch.y1 == phase.height];
        for (touches, edge) in self.touches.iter_mut().zip(edges) {
            *touches += u64::from(edge);
        }
    }

    pub(in crate::audit) fn call(&mut self) {
        self.boxes += self.seen.len() as u64;
        self.calls += u64::from(!self.seen.is_empty());
        self.seen.clear();
    }

    /// As one with another phase of the same images and alpha.
    pub(in crate::audit) fn add_to(self, all: &mut Vec<Self>) {
        let same =
            |known: &&mut Self| known.alpha == self.alpha && known.size == self.size && known.phase == self.phase;
        let Some(known) = all.iter_mut().find(same) else { return all.push(self) };
        for (patch, first) in self.apart {
            known.apart.entry(patch).or_insert(First { number: 0, ..first }).number += first.number;
        }
        known.touches.iter_mut().zip(self.touches).for_each(|(all, more)| *all += more);
        known.boxes += self.boxes;
        known.calls += self.calls;
    }

    /// Whether a rule makes a box, for each of those whose sides are apart.
    fn possible(&self, shape: &Shape, turned: bool) -> Vec<bool> {
        let [width, height] = self.size;
        let of = |patches: Vec<Patch>| {
            let table = Table::new(shape, self.size, &patches);
            let mut p = Vec::new();
            // Which boxes are possible is the same for every alpha; whole sides are so where `1 - lambda` is rounded to 1.
            table.given_filled(&Lambda::beta(0.2).moments_in(table.grid(), Precision::F32), &mut p);
            p.into_iter().map(|p| p > 0.0).collect::<Vec<bool>>()
        };
        let plain = of(self.apart.keys().copied().collect());
        if !turned {
            return plain;
        }
        let other = of(self.apart.keys().map(|patch| complement(*patch, width, height).unwrap_or(*patch)).collect());
        plain.into_iter().zip(other).map(|(a, b)| a || b).collect()
    }

    /// The probabilities with which a box that is not empty touches the four edges.
    fn edges(&self, shape: &Shape, law: &Lambda) -> [f64; 4] {
        let size = self.size.map(|length| length as u32);
        let features = Features::new(shape, size);
        let moments = law.moments(features.grid());
        let all = |_: (u32, u32)| 0;
        let touch = |axis: usize, far: bool| {
            let class = |(lo, hi): (u32, u32)| usize::from(if far { hi == size[axis] } else { lo == 0 });
            let joint = if axis == 0 {
                features.joint(&moments, [2, 1], [&class, &all])
            } else {
                features.joint(&moments, [1, 2], [&all, &class])
            };
            joint[1]
        };
        [touch(0, false), touch(0, true), touch(1, false), touch(1, true)]
    }
}

impl Audit {
    /// Findings of extents, as far as no rule that was identified explains them.
    pub(in crate::audit) fn extent_findings(&self, ledger: &mut Ledger, laws: &[LawRun]) {
        for extents in &self.extents {
            let [width, height] = extents.size;
            let pixels = (width * height) as u64;
            ledger.phase(&extents.phase);
            let run = laws.iter().find(|run| run.alpha == extents.alpha && run.identified.explains);
            let shape = run.and_then(|run| shape_named(run.identified.rule()));
            let accepted = shape.is_some_and(|shape| self.options.accept.iter().any(|known| known.name == shape.name));
            // Where no law is judged, those that are accepted may be it.
            let rules: Vec<&Shape> = match shape {
                Some(shape) if accepted || shape.sides_of_one_draw() => vec![shape],
                None if run.is_none() => self.options.accept.clone(),
                _ => Vec::new(),
            };
            let mut explained = vec![false; extents.apart.len()];
            for rule in rules.iter().filter(|_| !extents.apart.is_empty()) {
                let possible = extents.possible(rule, self.seen_so_far.inside);
                explained.iter_mut().zip(possible).for_each(|(known, here)| *known |= here);
            }
            for ((patch, first), _) in extents.apart.iter().zip(&explained).filter(|(_, explained)| !**explained) {
                let example = ledger.example(first.call, first.sample).boxed(Some(first.donor), *patch, pixels);
                let expected = format!("sides in the ratio {width} : {height}, but for rounding and clipping");
                let actual = format!("{} x {}", patch.width(), patch.height());
                ledger.fail(Code::BoxAspect, example.expected(&expected).actual(&actual));
                ledger.more(Code::BoxAspect, first.number - 1);
            }
            // A box of fixed sides may be too small to reach an edge often.
            if run.is_none_or(|run| run.identified.rule() != "fixed") {
                Self::edges_never(ledger, extents, run.zip(shape), accepted);
            }
        }
    }

    fn edges_never(ledger: &mut Ledger, extents: &Extents, known: Option<(&LawRun, &'static Shape)>, accepted: bool) {
        if extents.boxes < BOXES || extents.size.iter().any(|&length| length <= 4) {
            return;
        }
        ledger.tested("G02", extents.boxes);
        if extents.touches.iter().all(|&touches| touches > 0) {
            return;
        }
        let expected = known.map(|(run, shape)| {
            let alpha = run.interval.map(|interval| interval.hat).or(run.alpha).unwrap_or(1.0);
            extents.edges(shape, &Lambda::beta(alpha))
        });
        // Draws that depend on each other are as many as there are calls.
        let by_call = known.is_some_and(|(run, _)| run.by_call);
        let draws = if by_call { extents.calls } else { extents.boxes } as f64;
        let mut never = Vec::new();
        for (i, edge) in ["left", "right", "upper", "lower"].into_iter().enumerate() {
            let told = match expected.map(|edges| edges[i]) {
                // A rule that never reaches it: no news where it is accepted.
                Some(p) if p <= 0.0 => !accepted,
                Some(p) => draws * libm::log1p(-p.min(1.0 - 1e-12)) < libm::log(CHANCE),
                None => true,
            };
            if extents.touches[i] == 0 && told {
                never.push(edge);
            }
        }
        if !never.is_empty() {
            let edges = never.join(" and the ");
            let expected = format!("some of {} boxes at the {edges} edge", extents.boxes);
            ledger.fail(Code::EdgeNever, ledger.example(0, 0).expected(&expected).actual("none"));
            ledger.more(Code::EdgeNever, extents.boxes - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A side of 24 pixels of 24 comes of a lambda that rounding makes 0, and then the other is 40 long, wherever it is clipped.
    #[test]
    fn whole_sides_by_rounding_are_possible() {
        let shape = shape_named("centre-beyond").unwrap();
        let possible = |x0, y0, x1, y1| {
            let first = First { call: 0, sample: 0, donor: 1, number: 1 };
            let apart = [(Patch { x0, y0, x1, y1 }, first)].into();
            Extents { size: [24, 40], apart, ..Extents::default() }.possible(shape, false)
        };
        assert_eq!(possible(0, 26, 23, 40), [true]);
        // Neither side is clipped, and they are not of one lambda.
        assert_eq!(possible(4, 4, 20, 8), [false]);
    }
}
