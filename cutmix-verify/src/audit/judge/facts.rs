//! What is known exactly of draws whose law is wrong: which count says most against what is accepted, and what their boxes never
//! show though it is expected often.

use super::alarm::{ALARM, REFUTED, log10, round};
use super::case::{Judge, Null};
use super::likelihood::ShapeFit;
use super::unknown::dirichlet;
use crate::law::axis::Interval;
use crate::law::features::Features;
use crate::law::lambda::Moments;
use crate::profile::Lambda;
use crate::reference::Patch;
use crate::report::{Event, Fact, Statistic};

/// Bands of columns, of rows, of extents and of weights that are counted for a statistic.
const BANDS: u32 = 8;
/// How many standard deviations of what is expected make places uneven: by chance once in 10^8 boxes.
const UNEVEN: f64 = 6.0;
/// Columns of a box of real sides may be fewer by less than this, or more by one.
const FEWER: u32 = 2;

/// Whether what is expected this often and never seen is impossible, but for once in a million times.
pub(super) fn never(expected: f64) -> bool {
    expected >= libm::log(ALARM)
}

/// Whether a box ends before both borders.
const fn free((lo, hi): Interval, length: u32) -> bool {
    lo > 0 && hi < length
}

/// The count that says most, of some with their probabilities.
pub(super) fn strongest(counts: impl Iterator<Item = (Event, u64, f64)>, draws: u64) -> Option<Statistic> {
    let of = |(event, seen, p): (Event, u64, f64)| {
        let e = dirichlet(&[seen, draws.saturating_sub(seen)], &[p, 1.0 - p]);
        (e, Statistic { event, seen, draws, expected: round(p * draws as f64), log10_e: log10(e), shape: None })
    };
    let told = counts.filter(|(_, _, p)| *p > 0.0 && *p < 1.0).map(of);
    let best = told.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(e, _)| *e >= libm::log(REFUTED)).map(|(_, statistic)| statistic)
}

/// Parts of a range of numbers, from a first to a last one.
fn bands(length: u32) -> Vec<(u32, u32)> {
    let number = BANDS.min(length);
    let start = |band: u32| band * length / number;
    (0..number).map(|band| (start(band), start(band + 1) - 1)).collect()
}

/// The longest runs of places that are never seen, though expected: first and last of each.
fn gaps(seen: &[u64], p: &[f64], draws: f64) -> Vec<(u32, u32)> {
    let mut all = Vec::new();
    let mut start = 0;
    for end in 0..=seen.len() {
        if end < seen.len() && seen[end] == 0 {
            continue;
        }
        if never(p[start..end].iter().sum::<f64>() * draws) {
            all.push((start as u32, end as u32 - 1));
        }
        start = end + 1;
    }
    all
}

impl Judge<'_> {
    /// The law that boxes of an accepted rule are held against.
    fn expected(&self, fit: &ShapeFit, law: usize) -> Lambda {
        let asked = self.fits.laws.get(law).filter(|_| self.asked());
        asked.map_or(Lambda::beta(fit.best.1), |law| law.lambda.clone())
    }

    /// The count of boxes that says most against the accepted rule that fits best, on the size with the most draws.
    pub(super) fn statistic(&self, nulls: &[Null<'_>]) -> Option<Statistic> {
        let null = nulls.iter().max_by(|a, b| a.last().total_cmp(&b.last()))?;
        let part = self.evidence.parts.iter().max_by_key(|part| part.boxes.len())?;
        let features = Features::new(&null.fit.shape, part.size);
        let moments = self.expected(null.fit, null.law).moments(features.grid());
        let mut counts = Vec::new();
        for axis in [0, 1] {
            let length = part.size[axis];
            let spans = || part.boxes.iter().map(|patch| patch.span(axis));
            let mut add = |event: Event, holds: &dyn Fn(Interval) -> bool| {
                let p = features.along(&moments, axis, 2, &|interval| usize::from(holds(interval)))[1];
                counts.push((event, spans().filter(|&span| holds(span)).count() as u64, p));
            };
            add(Event::First(axis), &|(lo, _)| lo == 0);
            add(Event::Last(axis), &|(_, hi)| hi == length);
            add(Event::Whole(axis), &|span| span == (0, length));
            for (from, to) in bands(length) {
                let within = move |value: u32| (from..=to).contains(&value);
                add(Event::Middle(axis, from, to), &|(lo, hi)| within(lo.midpoint(hi)));
                add(Event::Extent(axis, from + 1, to + 1), &|(lo, hi)| within(hi - lo - 1));
            }
        }
        let halves = part.size.map(|length| move |(lo, hi): Interval| usize::from(lo + hi > length));
        let joint = features.joint(&moments, [2; 2], [&halves[0], &halves[1]]);
        let same = |patch: &&Patch| halves[0](patch.span(0)) == halves[1](patch.span(1));
        counts.push((Event::SameHalves, part.boxes.iter().filter(same).count() as u64, joint[0] + joint[3]));
        let found = strongest(counts.into_iter(), part.boxes.len() as u64)?;
        Some(Statistic { shape: Some(null.fit.shape), ..found })
    }

    /// What boxes show exactly, beside an accepted rule.
    pub(super) fn facts(&self, fit: &ShapeFit) -> Vec<Fact> {
        let Some(part) = self.evidence.parts.iter().max_by_key(|part| part.boxes.len()) else { return Vec::new() };
        let features = Features::new(&fit.shape, part.size);
        let moments = self.expected(fit, 0).moments(features.grid());
        let draws = part.boxes.len() as f64;
        let size = part.size;
        let inside: Vec<&Patch> =
            part.boxes.iter().filter(|patch| [0, 1].iter().all(|&axis| free(patch.span(axis), size[axis]))).collect();
        // Extents of boxes that touch no border, 0 for others.
        let numbers = size.map(|length| length as usize + 1);
        let [columns, rows] = [0, 1]
            .map(|axis| move |(lo, hi): Interval| if free((lo, hi), size[axis]) { (hi - lo) as usize } else { 0 });
        let joint = features.joint(&moments, numbers, [&columns, &rows]);
        let expected = |holds: &dyn Fn([u32; 2]) -> bool| {
            let cell = |i: usize| [(i % numbers[0]) as u32, (i / numbers[0]) as u32];
            let wanted = joint.iter().enumerate().filter(|(i, _)| {
                let sides = cell(*i);
                sides[0] > 0 && sides[1] > 0 && holds(sides)
            });
            wanted.map(|(_, p)| p).sum::<f64>() * draws
        };
        let mut facts = Vec::new();
        if inside.is_empty() {
            let number = expected(&|_| true);
            if never(number) {
                facts.push(Fact::NeverInside(round(number)));
            }
            return [facts, uncovered(part.size, &part.boxes, &features, &moments)].concat();
        }
        let ends = |axis: usize| {
            let extents = || inside.iter().map(|patch| patch.span(axis)).map(|(lo, hi)| hi - lo);
            [extents().min().unwrap_or(0), extents().max().unwrap_or(0)]
        };
        let sides = [ends(0), ends(1)];
        // What a side of so many pixels says of lambda, outward.
        let share = |axis: usize, side: u32| (f64::from(side) / f64::from(size[axis])).min(1.0);
        let lambda = |share: f64| share.mul_add(-share, 1.0);
        let low = [0, 1].map(|axis| lambda(share(axis, sides[axis][1] + FEWER))).into_iter().fold(0.0, f64::max);
        let high = [0, 1].map(|axis| lambda(share(axis, sides[axis][0] - 1))).into_iter().fold(1.0, f64::min);
        let small = expected(&|all| (0..2).any(|axis| all[axis] < sides[axis][0]));
        let large = expected(&|all| (0..2).any(|axis| all[axis] > sides[axis][1]));
        let one = sides.iter().all(|[least, most]| most - least <= 1);
        facts.extend(lambda_between([low, high], [never(large), never(small)], one));
        let mut even = true;
        for axis in [0, 1] {
            let length = size[axis];
            let spans: Vec<Interval> =
                part.boxes.iter().map(|patch| patch.span(axis)).filter(|&span| free(span, length)).collect();
            let [least, most] = sides[axis];
            // Middles that a box of these sides may have.
            let class = |(lo, hi): Interval| {
                let fits = free((lo, hi), length) && (least..=most).contains(&(hi - lo));
                if fits { (lo + hi) as usize / 2 + 1 } else { 0 }
            };
            let p = features.along(&moments, axis, length as usize + 1, &class);
            let mut seen = vec![0; length as usize + 1];
            for &span in &spans {
                seen[class(span)] += 1;
            }
            let never = gaps(&seen[1..], &p[1..], draws);
            even &= never.is_empty();
            facts.extend(never.into_iter().map(|(from, to)| Fact::NoMiddle(axis, from, to)));
            if let Some(fact) = uneven(axis, length, &spans) {
                even = false;
                facts.push(fact);
            }
        }
        facts.extend(uncovered(size, &part.boxes, &features, &moments));
        if even {
            facts.push(Fact::Even);
        }
        facts
    }
}

/// What the least and the largest lambda say, where so much is expected beyond that it would have been seen.
pub(super) fn lambda_between([low, high]: [f64; 2], told: [bool; 2], one: bool) -> Option<Fact> {
    match told {
        [true, true] if one => Some(Fact::OneLambda(low, high)),
        [true, true] => Some(Fact::Between(low, high)),
        [true, false] => Some(Fact::NeverBelow(low)),
        [false, true] => Some(Fact::NeverAbove(high)),
        [false, false] => None,
    }
}

/// Columns and rows that no box covers, though many should.
fn uncovered(size: [u32; 2], boxes: &[Patch], features: &Features, moments: &Moments) -> Vec<Fact> {
    let of = |axis: usize| {
        let mut seen = vec![0_u64; size[axis] as usize];
        for (lo, hi) in boxes.iter().map(|patch| patch.span(axis)) {
            seen[lo as usize..hi as usize].iter_mut().for_each(|n| *n += 1);
        }
        let covered = |place: usize| {
            let holds = |(lo, hi): Interval| usize::from((lo as usize..hi as usize).contains(&place));
            features.along(moments, axis, 2, &holds)[1]
        };
        let p: Vec<f64> = seen.iter().enumerate().map(|(i, n)| if *n == 0 { covered(i) } else { 0.0 }).collect();
        gaps(&seen, &p, boxes.len() as f64).into_iter().map(move |(from, to)| Fact::Uncovered(axis, from, to))
    };
    [0, 1].into_iter().flat_map(of).collect()
}

/// Whether boxes of one side lie more often in the middle of their room, or in its first half, than even places would.
fn uneven(axis: usize, length: u32, spans: &[Interval]) -> Option<Fact> {
    let count = |holds: &dyn Fn(u32, u32) -> bool| {
        let (mut seen, mut expected, mut variance) = (0_u64, 0.0, 0.0);
        for &(lo, hi) in spans {
            // Places that a box of this side has away from the borders.
            let room = length - (hi - lo) - 1;
            let p = (0..room).filter(|&place| holds(place, room)).count() as f64 / f64::from(room);
            seen += u64::from(holds(lo - 1, room));
            expected += p;
            variance += p * (1.0 - p);
        }
        let far = (seen as f64 - expected).abs() > UNEVEN * libm::sqrt(variance).max(1.0);
        far.then_some([seen as f64, expected])
    };
    let number = spans.len() as u64;
    let middle = count(&|place, room| 4 * place + 2 >= room && 4 * place + 2 < 3 * room);
    let first = || count(&|place, room| 2 * place + 1 < room);
    let fact =
        |half: bool, [seen, expected]: [f64; 2]| Fact::Uneven(axis, half, [seen as u64, number], round(expected));
    middle.map(|counts| fact(false, counts)).or_else(|| first().map(|counts| fact(true, counts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_and_never_seen_is_a_gap() {
        let p = [0.01, 0.01, 0.5, 0.01, 0.001];
        assert_eq!(gaps(&[0, 0, 7, 0, 0], &p, 1000.0), [(0, 1)]);
        assert_eq!(gaps(&[0, 0, 7, 0, 0], &p, 2000.0), [(0, 1), (3, 4)]);
        assert_eq!(gaps(&[1, 1, 7, 1, 1], &p, 2000.0), []);
        assert_eq!(bands(40)[1], (5, 9));
        assert_eq!(bands(3), [(0, 0), (1, 1), (2, 2)]);
    }

    #[test]
    fn uneven_places_are_told_from_even_ones() {
        let even: Vec<Interval> = (0..3000).map(|i| (1 + i % 9, 11 + i % 9)).collect();
        assert_eq!(uneven(0, 20, &even), None);
        let middle: Vec<Interval> = (0..3000).map(|i| (4 + i % 3, 14 + i % 3)).collect();
        let Some(Fact::Uneven(0, false, [3000, 3000], expected)) = uneven(0, 20, &middle) else {
            panic!("{:?}", uneven(0, 20, &middle));
        };
        assert!((1000.0..2000.0).contains(&expected), "{expected}");
        let left: Vec<Interval> = (0..3000).map(|i| (1 + i % 5 * (i % 2), 11 + i % 5 * (i % 2))).collect();
        assert!(uneven(1, 20, &left).is_some());
    }
}
