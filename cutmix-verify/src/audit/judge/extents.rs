//! Whether a rule explains sides that no one lambda makes, and edges that no box reached.

use crate::audit::observe::Seen;
use crate::audit::observe::draw::complement;
use crate::audit::observe::extents::SeenExtents;
use crate::law::boxes::Table;
use crate::law::features::Features;
use crate::law::lambda::{Lambda, Precision};
use crate::profile::Code;
use crate::profile::shape::{Shape, shape_named};
use crate::reference::Patch;
use crate::report::{Example, LawRun};

/// Boxes without which an edge is not missed where the law is not known: under the paper's rules each touches a given one with
/// a probability of a quarter at least, at every alpha, so this many miss it once in 10^9.
const BOXES: u64 = 73;
/// How rarely an edge may be missed by chance.
const CHANCE: f64 = 1e-9;
/// On images up to this side, rounding alone decides whether a box reaches an edge.
const TINY: u32 = 4;
/// A probability this near to 1 or nearer counts as this, so that its logarithm is finite.
const NEARLY_SURE: f64 = 1.0 - 1e-12;
/// Which boxes are possible is the same for every alpha; under a small one none is so rare that its probability is rounded to 0.
const ANY_ALPHA: f64 = 0.2;

/// What is wrong with the extents of boxes: all that neither the rule of `run` explains nor, where no law is judged, one that is
/// accepted. `run` is that of their alpha, if a rule was identified; `turned` says that some boxes had the base inside.
pub(crate) fn judge_extents(
    extents: &SeenExtents,
    run: Option<&LawRun>,
    accept: &[&'static Shape],
    turned: bool,
) -> Seen {
    let mut seen = Seen::default();
    let [width, height] = extents.size;
    let shape = run.and_then(|run| shape_named(run.identified.rule()));
    let accepted = shape.is_some_and(|shape| accept.iter().any(|known| known.name == shape.name));
    // Where no law is judged, those that are accepted may be it.
    let rules: Vec<&Shape> = match shape {
        Some(shape) if accepted || shape.sides_of_one_draw() => vec![shape],
        None if run.is_none() => accept.to_vec(),
        _ => Vec::new(),
    };
    let mut explained = vec![false; extents.apart.len()];
    for rule in rules.iter().filter(|_| !extents.apart.is_empty()) {
        explained.iter_mut().zip(possible(extents, rule, turned)).for_each(|(known, here)| *known |= here);
    }
    for ((patch, first), _) in extents.apart.iter().zip(&explained).filter(|(_, explained)| !**explained) {
        let pixels = u64::from(width) * u64::from(height);
        let example = Example::at(&extents.phase, first.call, first.sample).boxed(first.donor, *patch, pixels);
        let expected = format!("sides in the ratio {width} : {height}, but for rounding and clipping");
        let actual = format!("{} x {}", patch.width(), patch.height());
        seen.find(Code::BoxAspect, example.expected(&expected).actual(&actual));
        seen.more(Code::BoxAspect, first.number - 1);
    }
    // A box of fixed sides may be too small to reach an edge often.
    if run.is_none_or(|run| run.identified.rule() != "fixed") {
        edges_never(&mut seen, extents, run.zip(shape), accepted);
    }
    seen
}

fn edges_never(seen: &mut Seen, extents: &SeenExtents, known: Option<(&LawRun, &Shape)>, accepted: bool) {
    if extents.boxes < BOXES || extents.size.iter().any(|&length| length <= TINY) {
        return;
    }
    seen.tested("G02", extents.boxes);
    if extents.touches.iter().all(|&touches| touches > 0) {
        return;
    }
    let expected = known.map(|(run, shape)| {
        let alpha = run.interval.map(|interval| interval.hat).or(run.alpha).unwrap_or(1.0);
        edges(extents.size, shape, &Lambda::beta(alpha))
    });
    // Draws that depend on each other are as many as there are calls.
    let by_call = known.is_some_and(|(run, _)| run.by_call);
    let draws = if by_call { extents.calls } else { extents.boxes } as f64;
    let told = |&(i, _): &(usize, &str)| {
        let news = match expected.map(|edges| edges[i]) {
            // A rule that never reaches it: no news where it is accepted.
            Some(p) if p <= 0.0 => !accepted,
            Some(p) => draws * libm::log1p(-p.min(NEARLY_SURE)) < libm::log(CHANCE),
            None => true,
        };
        extents.touches[i] == 0 && news
    };
    let all = ["left", "right", "upper", "lower"].into_iter().enumerate();
    let never: Vec<&str> = all.filter(told).map(|(_, edge)| edge).collect();
    if !never.is_empty() {
        let edges = never.join(" and the ");
        let expected = format!("some of {} boxes at the {edges} edge", extents.boxes);
        seen.find(Code::EdgeNever, Example::at(&extents.phase, 0, 0).expected(&expected).actual("none"));
        seen.more(Code::EdgeNever, extents.boxes - 1);
    }
}

/// Whether a rule makes a box, for each of those whose sides are apart.
fn possible(extents: &SeenExtents, shape: &Shape, turned: bool) -> Vec<bool> {
    let other = |patch: &Patch| complement(*patch, extents.size).filter(|_| turned).unwrap_or(*patch);
    let boxes: Vec<Patch> = extents.apart.keys().flat_map(|patch| [*patch, other(patch)]).collect();
    let table = Table::new(shape, extents.size, &boxes);
    let mut p = Vec::new();
    // Whole sides are possible where `1 - lambda` is rounded to 1.
    table.given_filled(&Lambda::beta(ANY_ALPHA).moments_in(table.grid(), Precision::F32), &mut p);
    p.as_chunks::<2>().0.iter().map(|[plain, other]| plain.max(*other) > 0.0).collect()
}

/// The probabilities with which a box that is not empty touches the left, right, upper and lower edge.
fn edges(size: [u32; 2], shape: &Shape, law: &Lambda) -> [f64; 4] {
    let features = Features::new(shape, size);
    let moments = law.moments(features.grid());
    let touch = |axis: usize, far: bool| {
        let class = |(lo, hi): (u32, u32)| usize::from(if far { hi == size[axis] } else { lo == 0 });
        features.along(&moments, axis, 2, &class)[1]
    };
    [touch(0, false), touch(0, true), touch(1, false), touch(1, true)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::observe::extents::FirstSeen;

    /// A side of 24 pixels of 24 comes of a lambda that rounding makes 0, and then the other is 40 long, wherever it is clipped.
    #[test]
    fn whole_sides_by_rounding_are_possible() {
        let shape = shape_named("centre-beyond").unwrap();
        let made = |x0, y0, x1, y1| {
            let first = FirstSeen { call: 0, sample: 0, donor: Some(1), number: 1 };
            let apart = [(Patch { x0, y0, x1, y1 }, first)].into();
            possible(&SeenExtents { size: [24, 40], apart, ..SeenExtents::default() }, shape, false)
        };
        assert_eq!(made(0, 26, 23, 40), [true]);
        // Neither side is clipped, and they are not of one lambda.
        assert_eq!(made(4, 4, 20, 8), [false]);
    }
}
