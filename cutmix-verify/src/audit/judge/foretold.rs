//! Whether something that was known before a draw tells it: the class of the image, the partner, its class, the place in the
//! batch, the call before, or a draw that was made at any fixed distance before.
//!
//! What is drawn is sorted into classes `k`, and what is known before into groups `g`. If draws depend on nothing, class `k` has the
//! probability `q_k` in every group, with some `q` that need not be known: no law of boxes has a part in this. A gambler predicts
//! each draw from those before it in its group,
//!
//! ```text
//! P(k | g) = (kappa q^_k + n_gk) / (kappa + n_g)
//! ```
//!
//! with `q^` the shares seen so far in all groups, and `kappa` the strength of his belief that groups do not matter. His predictions
//! over the likelihood of the best `q`, found after all was seen, are an e-value: no `q` gives the draws more than the best
//! does. For a distance he predicts the class that was drawn there, with some weight, and else `q^`. The mean over all is an e-value as
//! well.
//!
//! Draws of one call may share something by convention, so that nothing of the same call is a prediction.

use super::alarm::{log10, mean};
use super::dependence::{AREA, COLUMN, ROW, classes};
use super::evidence::{Known, Part, Place};
use super::unknown::{KAPPAS, NO_BET};
use crate::report::{Aspect, Teller};

/// Classes of what is drawn, and groups of what is known: few enough for some hundred draws to fill.
pub(super) const CLASSES: usize = 8;
const GROUPS: usize = 8;
/// What is added to each class before shares are taken: the prior of Krichevsky and Trofimov.
const PRIOR: f64 = 0.5;
/// With what weight a draw at a distance is bet on: it may be repeated always, or now and then.
const WEIGHTS: [f64; 3] = [0.1, 0.4, 0.9];
/// Draws that are looked at by distance, at most: the effort grows with their square.
const MOST: usize = 1 << 16;
/// By how many standard deviations the draws at a distance must agree too often before it is bet on; to leave a bet out is to lose it.
const FREQUENT: f64 = 4.0;

/// An e-value, and what it is the evidence of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Foretold {
    pub(super) aspect: Aspect,
    pub(super) teller: Teller,
    pub(super) value: f64,
}

/// Draws in order: where each was made, what was known before, and its class.
pub(super) struct Sequence<'a> {
    pub(super) aspect: Aspect,
    pub(super) places: &'a [Place],
    pub(super) known: &'a [Option<Known>],
    pub(super) classes: Vec<u8>,
}

/// How much better the shares of classes are predicted than the best ones found after all was seen do: below 0. And the shares that each
/// draw was predicted by.
fn learnt(classes: impl Iterator<Item = u8>) -> (f64, Vec<f64>) {
    let mut counts = [0.0; CLASSES];
    let mut number = 0.0;
    let mut shares = Vec::new();
    for class in classes {
        let count = &mut counts[usize::from(class)];
        shares.push((*count + PRIOR) / (number + PRIOR * CLASSES as f64));
        *count += 1.0;
        number += 1.0;
    }
    let best = |n: &f64| if *n > 0.0 { n * libm::log(n / number) } else { 0.0 };
    (shares.iter().map(|share| libm::log(*share)).sum::<f64>() - counts.iter().map(best).sum::<f64>(), shares)
}

/// The logarithm of the e-value of draws in groups.
fn grouped(draws: &[(usize, u8)]) -> f64 {
    let (loss, shares) = learnt(draws.iter().map(|&(_, class)| class));
    let of = |kappa: f64| {
        let mut counts = [[0.0; CLASSES]; GROUPS];
        let mut numbers = [0.0; GROUPS];
        let mut gain = 0.0;
        for (&(group, class), share) in draws.iter().zip(&shares) {
            let count = &mut counts[group][usize::from(class)];
            gain += libm::log((kappa * share + *count) / ((kappa + numbers[group]) * share));
            *count += 1.0;
            numbers[group] += 1.0;
        }
        gain
    };
    loss + mean(KAPPAS.map(of).into_iter())
}

/// A place in a row of classes that has none; in a row that it is compared with it is another one, so that the two never agree.
const NONE: [u8; 2] = [u8::MAX, u8::MAX - 1];

/// Draws in rows of calls, so that a distance is one of calls and of places in the batch, whichever samples show a draw.
struct Grid {
    /// Samples of a call.
    units: usize,
    /// The number of the draw at each place.
    draws: Vec<Option<usize>>,
}

impl Grid {
    fn new(places: &[Place]) -> Self {
        let phase = |place: &Place| (place.trace, place.phase);
        let call = |place: &Place| (phase(place), place.call);
        // One draw a call has no place in the batch, whichever sample shows it.
        let several = places.windows(2).any(|pair| call(&pair[0]) == call(&pair[1]));
        let most = places.iter().map(|place| place.sample as usize + 1).max().unwrap_or(1);
        let units = if several { most } else { 1 };
        let (mut draws, mut start) = (Vec::new(), 0);
        for (i, place) in places.iter().enumerate() {
            if i > 0 && phase(&places[i - 1]) != phase(place) {
                start = draws.len().next_multiple_of(units);
            }
            let at = start + place.call as usize * units + if several { place.sample as usize } else { 0 };
            if at >= MOST {
                break;
            }
            if at >= draws.len() {
                draws.resize(at + 1, None);
            }
            draws[at] = Some(i);
        }
        Self { units, draws }
    }
}

/// In how many places two rows of classes agree.
fn agree(a: &[u8], b: &[u8]) -> u32 {
    // So few that their number is a byte: a compiler compares many at once.
    const FEW: usize = 255;
    let few = |(a, b): (&[u8], &[u8])| a.iter().zip(b).map(|(a, b)| u8::from(a == b)).sum::<u8>();
    a.chunks(FEW).zip(b.chunks(FEW)).map(few).map(u32::from).sum()
}

/// The logarithm of the e-value of draws that repeat those at a distance, and the distance that has most of it, in calls.
fn distant(classes: &[u8], places: &[Place]) -> (f64, usize) {
    let Grid { units, draws } = Grid::new(places);
    let length = draws.len();
    let row = |none: u8| draws.iter().map(|draw| draw.map_or(none, |i| classes[i])).collect::<Vec<u8>>();
    let [now, before] = NONE.map(row);
    let there = draws.iter().flatten().count() as f64;
    let distances = length / 2;
    if distances == 0 {
        return (0.0, 0);
    }
    let (loss, shares) = learnt(draws.iter().flatten().map(|&i| classes[i]));
    let mut counts = [0.0; CLASSES];
    draws.iter().flatten().for_each(|&i| counts[usize::from(classes[i])] += 1.0);
    let same: f64 = counts.iter().map(|n| n / there * (n / there)).sum();
    // What is won or lost at each place, if there is a draw.
    let won = WEIGHTS.map(|weight| {
        let mut shares = shares.iter();
        let mut of =
            |draw: &Option<usize>| draw.and_then(|_| shares.next()).map(|q| libm::log(1.0 - weight + weight / q));
        draws.iter().map(|draw| of(draw).unwrap_or(0.0)).collect::<Vec<f64>>()
    });
    let of = |distance: usize| {
        // Of places so far apart both have a draw about so often.
        let pairs = (length - distance) as f64 * (there / length as f64) * (there / length as f64);
        let expected = pairs * same;
        let frequent = expected + FREQUENT * libm::sqrt(expected * (1.0 - same));
        if f64::from(agree(&now[distance..], &before[..length - distance])) <= frequent {
            return NO_BET;
        }
        let bets = WEIGHTS.iter().zip(&won).map(|(weight, won)| {
            let lost = libm::log(1.0 - weight);
            let both = |i: &usize| draws[*i].is_some() && draws[i - distance].is_some();
            let apart = |i: &usize| i / units != (i - distance) / units;
            let one = |i: usize| if now[i] == before[i - distance] { won[i] } else { lost };
            (distance..length).filter(both).filter(apart).map(one).sum::<f64>()
        });
        loss + mean(bets.collect::<Vec<f64>>().into_iter())
    };
    let values: Vec<f64> = (1..=distances).map(of).collect();
    let best = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(i, _)| (i + 1).div_ceil(units));
    (mean(values.into_iter()), best)
}

/// The group of each draw that something known puts it in; none where that is not known.
fn groups(sequence: &Sequence<'_>, teller: Teller) -> Vec<Option<usize>> {
    let Sequence { places, known, classes, .. } = sequence;
    let plain = |i: usize| {
        let known = known.get(i).copied().flatten();
        let group = match teller {
            Teller::Class => known?.class,
            Teller::Partner => known?.partner?.0,
            Teller::PartnerClass => known?.partner?.1,
            _ => places[i].sample,
        };
        Some(group as usize % GROUPS)
    };
    if !matches!(teller, Teller::Before | Teller::SlotBefore) {
        return (0..classes.len()).map(plain).collect();
    }
    // The last draw of the call before, or that of the same place in it, though it may have shown none.
    let call = |place: &Place| (place.trace, place.phase, place.call);
    let slot = |place: &Place| if teller == Teller::SlotBefore { place.sample as usize % GROUPS } else { 0 };
    let (mut before, mut now) = ([None; GROUPS], [None; GROUPS]);
    let mut found = Vec::with_capacity(classes.len());
    for (i, place) in places.iter().enumerate() {
        if i > 0 && call(&places[i - 1]) != call(place) {
            for (before, now) in before.iter_mut().zip(&mut now) {
                *before = now.take().or(*before);
            }
        }
        found.push(before[slot(place)]);
        now[slot(place)] = Some(usize::from(classes[i]));
    }
    found
}

/// What all tellers say of the area and the place of boxes, on images of every size.
pub(super) fn foretold_boxes(parts: &[Part]) -> Vec<Foretold> {
    let of = |part: &Part| -> Vec<Foretold> {
        let aspects = [(Aspect::Area, AREA), (Aspect::Column, COLUMN), (Aspect::Row, ROW)];
        let sequence = |(aspect, sort): (Aspect, usize)| {
            let classes = part.boxes.iter().map(|patch| classes(part.size, patch)[sort] as u8).collect();
            foretold(&Sequence { aspect, places: &part.places, known: &part.known, classes })
        };
        aspects.into_iter().flat_map(sequence).collect()
    };
    parts.iter().flat_map(of).collect()
}

/// What all tellers say of draws.
pub(super) fn foretold(sequence: &Sequence<'_>) -> Vec<Foretold> {
    let aspect = sequence.aspect;
    let tellers =
        [Teller::Class, Teller::Partner, Teller::PartnerClass, Teller::Slot, Teller::Before, Teller::SlotBefore];
    let of = |teller: Teller| {
        let groups = groups(sequence, teller);
        let draws = groups.iter().zip(&sequence.classes).filter_map(|(group, class)| Some(((*group)?, *class)));
        Foretold { aspect, teller, value: grouped(&draws.collect::<Vec<_>>()) }
    };
    let mut all: Vec<Foretold> = tellers.map(of).into();
    let (value, distance) = distant(&sequence.classes, sequence.places);
    all.push(Foretold { aspect, teller: Teller::Earlier(distance), value });
    all
}

/// The mean of all, and the one that says most.
pub(super) fn most(all: &[Foretold]) -> (f64, Option<&Foretold>) {
    (mean(all.iter().map(|one| one.value)), all.iter().max_by(|a, b| a.value.total_cmp(&b.value)))
}

impl Foretold {
    /// Whether draws repeat earlier ones, as those of a whole stream do that begins anew.
    pub(super) const fn repeats(&self) -> bool {
        matches!(self.teller, Teller::Earlier(_))
    }

    pub(super) fn log10(&self) -> f64 {
        log10(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Stream;

    /// So many draws of two a call, each by a rule from a uniform number, its number and what is known of it.
    fn drawn(number: usize, rule: impl Fn(f64, usize, Known, &[u8]) -> f64) -> [Foretold; 7] {
        let mut stream = Stream::new(*b"foretold", [1, 0, 0, 0]);
        let place = |i: usize| Place { call: i as u32 / 2, sample: i as u32 % 2, ..Place::default() };
        let places: Vec<Place> = (0..number).map(place).collect();
        let (mut known, mut classes) = (Vec::new(), Vec::new());
        for i in 0..number {
            let here =
                Known { class: stream.below(17) as u32, partner: Some((1 - i as u32 % 2, stream.below(17) as u32)) };
            let value = rule(stream.unit(), i, here, &classes);
            classes.push((value * CLASSES as f64) as u8);
            known.push(Some(here));
        }
        let sequence = Sequence { aspect: Aspect::Weight, places: &places, known: &known, classes };
        foretold(&sequence).try_into().unwrap()
    }

    /// What a draw is made of: a uniform number, its number, what is known of it, and the draws before.
    type Rule<'a> = &'a dyn Fn(f64, usize, Known, &[u8]) -> f64;

    fn evidence(all: &[Foretold]) -> (f64, Teller) {
        let (value, best) = most(all);
        let best = best.unwrap();
        println!("{}: {:.1}, all {:.1}", best.teller, best.log10(), log10(value));
        (log10(value), best.teller)
    }

    /// Planted kinds of dependence, each of which is named; and none where there is none.
    #[test]
    fn what_tells_a_draw_is_named() {
        for number in [0, 1, 2, 40, 4000] {
            let (value, _) = evidence(&drawn(number, |u, _, _, _| u));
            assert!(value < 1.0, "{number}: {value}");
        }
        let half = |u: f64, upper: bool| if upper { 0.5 + u / 2.0 } else { u / 2.0 };
        // Towards one half with a third of the weight.
        let often = |u: f64, upper: bool| if u < 1.0 / 3.0 { half(3.0 * u, upper) } else { 1.5 * u - 0.5 };
        let planted: [(Teller, Rule<'_>); 6] = [
            (Teller::Class, &|u, _, known, _| often(u, known.class % 2 == 1)),
            (Teller::PartnerClass, &|u, _, known, _| often(u, known.partner.unwrap().1 % 2 == 1)),
            (Teller::Slot, &|u, i, _, _| often(u, i % 2 == 0)),
            // The opposite of the call before, and a walk.
            (Teller::SlotBefore, &|u, i, _, before| if i < 2 { u } else { often(u, before[i - 2] < 4) }),
            (Teller::SlotBefore, &|u, i, _, before| {
                if i < 2 { u } else { (f64::from(before[i - 2]) / 8.0 + u / 6.0) % 1.0 }
            }),
            // Once in five draws that of 450 calls before.
            (Teller::Earlier(450), &|u, i, _, before| match i {
                0..900 => u,
                _ if u < 0.2 => f64::from(before[i - 900]) / 8.0,
                _ => u * 1.25 - 0.25,
            }),
        ];
        for (teller, rule) in planted {
            let (value, named) = evidence(&drawn(8000, rule));
            assert!(value > 8.0, "{teller}: 10^{value}");
            assert_eq!(named, teller);
        }
    }

    /// Right draws exceed odds of 100 to 1 hardly ever: in 400 sequences of 300 draws, twelve at most.
    #[test]
    fn evidence_against_what_is_right_is_rare() {
        let mut exceeded = 0;
        for seed in 0..400 {
            let mut stream = Stream::new(*b"rightone", [seed, 0, 0, 0]);
            let places: Vec<Place> = (0..300).map(|call| Place { call, ..Place::default() }).collect();
            let known: Vec<_> =
                (0..300).map(|_| Some(Known { class: stream.below(9) as u32, partner: None })).collect();
            // Small weights are more frequent.
            let classes = (0..300).map(|_| (stream.unit() * stream.unit() * CLASSES as f64) as u8).collect();
            let all = foretold(&Sequence { aspect: Aspect::Weight, places: &places, known: &known, classes });
            exceeded += usize::from(most(&all).0 > libm::log(100.0));
        }
        println!("{exceeded} of 400 above 100 to 1");
        assert!(exceeded <= 12, "{exceeded}");
    }
}
