//! What a call draws: by a generator, or as a probe recorded it. Both are then shared and paired as the profile says.

use std::io;

use crate::probe::{CallDraws, Method, Phase, label_of};
use crate::profile::shape::Roots;
use crate::profile::{LambdaLaw, Pairing, Places, Profile, Root, Side, Ties};
use crate::reference::Stream;

/// What one image draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OneDraw {
    pub(super) lambda: f64,
    /// For each axis what sides follow that do not follow lambda: a uniform number, or a lambda of its own.
    pub(super) lengths: [f64; 2],
    /// Centre or start as a fraction of columns and rows.
    pub(super) place: [f64; 2],
    /// Whether this one is as wrong as the implementation can be.
    pub(super) wrong: bool,
    /// Whether anything is done.
    pub(super) applied: bool,
}

/// All that a call draws.
#[derive(Clone, Debug)]
pub(super) struct DrawnCall {
    pub(super) samples: Vec<OneDraw>,
    pub(super) partners: Vec<usize>,
    /// Partners that a wrong implementation uses for labels.
    pub(super) others: Vec<usize>,
}

/// Whether sides are drawn by themselves, so that lambda has no part in them.
pub(super) fn between(profile: &Profile) -> bool {
    let drawn = |side: &Side| matches!(side, Side::Between(..) | Side::Points(_));
    matches!(profile.shape.roots, Roots::Area(_)) || profile.shape.sides.iter().any(drawn)
}

/// A law at an alpha.
#[derive(Clone, Debug)]
pub(super) struct Lambdas {
    law: LambdaLaw,
    narrow: bool,
    alpha: f64,
    /// Of the Beta distribution that is drawn from.
    shape: [f64; 2],
}

/// Alphas that a law is drawn at.
const ALPHAS: std::ops::RangeInclusive<f64> = 1e-3..=1e6;

impl Lambdas {
    pub(super) fn new(profile: &Profile, alpha: f64) -> io::Result<Self> {
        if !ALPHAS.contains(&alpha) {
            let (least, most) = (ALPHAS.start(), ALPHAS.end());
            return Err(io::Error::other(format!("alpha {alpha}: expected a number from {least} to {most}")));
        }
        // Lengths between two bounds are uniform, whatever lambda is.
        let law = if between(profile) { LambdaLaw::One } else { profile.lambda };
        let shape = match law {
            LambdaLaw::Times(factor) => [factor * alpha; 2],
            LambdaLaw::One => [1.0; 2],
            LambdaLaw::PlusOne => [alpha + 1.0, alpha],
            LambdaLaw::SecondPlusOne => [alpha, alpha + 1.0],
            LambdaLaw::First => [alpha, 1.0],
            LambdaLaw::Second => [1.0, alpha],
            _ => [alpha; 2],
        };
        Ok(Self { law, narrow: profile.types.root != Root::Wide, alpha, shape })
    }

    /// As a call uses it, which may draw something for all of its samples.
    fn by_call(&self, rng: &mut Stream) -> Self {
        if self.law != LambdaLaw::RandomAlphaByCall {
            return self.clone();
        }
        Self { shape: [(rng.unit() * self.alpha).max(*ALPHAS.start()); 2], ..self.clone() }
    }

    pub(super) fn sample(&self, rng: &mut Stream) -> f64 {
        let [a, b] = self.shape;
        let lambda = rng.beta(a, b);
        let lambda = match self.law {
            LambdaLaw::Folded => lambda.max(1.0 - lambda),
            LambdaLaw::FoldedUp => lambda.min(1.0 - lambda),
            LambdaLaw::Clipped { least, most } => lambda.clamp(least, most),
            LambdaLaw::Within { least, most } => least + (most - least) * rng.unit(),
            LambdaLaw::Tenths => libm::rint(10.0 * lambda) / 10.0,
            LambdaLaw::NotRejected => {
                let [x, y] = [rng.unit(), rng.unit()].map(|u| libm::pow(u, 1.0 / self.alpha));
                if x + y > 0.0 { x / (x + y) } else { 0.5 }
            }
            LambdaLaw::RandomAlpha => {
                let alpha = (rng.unit() * self.alpha).max(*ALPHAS.start());
                rng.beta(alpha, alpha)
            }
            _ => lambda,
        };
        if self.narrow { f64::from(lambda as f32) } else { lambda }
    }
}

/// Where centres are, as a fraction of columns and rows.
fn place(places: Places, rng: &mut Stream) -> [f64; 2] {
    let [x, y] = [rng.unit(), rng.unit()];
    match places {
        // That of lambda is made once there is one.
        Places::Uniform | Places::NotLast | Places::NotFirst | Places::OfLambda => [x, y],
        Places::Middle => [x, y].map(|u| 0.25 + u / 2.0),
        Places::Triangular => [f64::midpoint(x, rng.unit()), f64::midpoint(y, rng.unit())],
        Places::Same => [x, x],
    }
}

/// What only some profiles draw, after everything else.
fn rarely(profile: &Profile, samples: &mut [OneDraw], rng: &mut Stream) {
    let faults = &profile.faults;
    let call = faults.prob >= 1.0 || !faults.by_call || rng.unit() < faults.prob;
    for i in 0..samples.len() {
        if faults.rate < 1.0 {
            samples[i].wrong = rng.unit() < faults.rate;
        }
        if faults.by_call {
            samples[i].applied = call;
        } else if faults.prob < 1.0 {
            samples[i].applied = rng.unit() < faults.prob;
        }
        // The next one's lambda is often this one's.
        if faults.serial > 0.0 && i > 0 && rng.unit() < faults.serial {
            samples[i].lambda = samples[i - 1].lambda;
        }
    }
}

/// What each image has after all that is shared is shared; whether it is mixed is each one's own.
fn shared(profile: &Profile, own: &[OneDraw], partners: &[usize]) -> Vec<OneDraw> {
    let of = |i: usize| {
        let [lambda, place] = profile.sharing.drawn_by(i, partners);
        let rest = if lambda == place { lambda } else { i };
        OneDraw { lambda: own[lambda].lambda, place: own[place].place, applied: own[i].applied, ..own[rest] }
    };
    (0..own.len()).map(of).collect()
}

/// The partner of each image where none is drawn.
fn fixed(pairing: Pairing, batch: usize) -> Option<Vec<usize>> {
    let rolled = |by: usize, of: usize| {
        let partner = move |i: usize| if i < of { (i + by) % of } else { i };
        Some((0..batch).map(partner).collect())
    };
    match pairing {
        Pairing::Roll => rolled(batch - 1, batch),
        Pairing::RollTwo => rolled(2 * batch - 2, batch),
        Pairing::RollBack => rolled(1, batch),
        Pairing::HalfSwap => rolled(batch / 2, batch),
        Pairing::SomeAlone => {
            let mixed = (batch - batch / 3).max(batch.min(2));
            rolled(mixed - 1, mixed)
        }
        Pairing::Flip => Some((0..batch).rev().collect()),
        Pairing::ByLength => fixed(if batch % 2 == 1 { Pairing::Flip } else { Pairing::Roll }, batch),
        Pairing::Neighbours => Some((0..batch).map(|i| if i ^ 1 < batch { i ^ 1 } else { i }).collect()),
        Pairing::Shuffled => Some(shuffle(batch)),
        Pairing::Permutation | Pairing::Derangement | Pairing::ClassWise | Pairing::Replacement | Pairing::Short => {
            None
        }
    }
}

/// The first shuffle of so many images that moves some of them.
fn shuffle(batch: usize) -> Vec<usize> {
    let mut rng = Stream::new(*b"one-map!", [batch as u64, 0, 0, 0]);
    loop {
        let map = rng.shuffled(batch, false);
        if batch < 2 || !map.is_sorted() {
            break map;
        }
    }
}

/// A random permutation that keeps images with those whose class has the same parity.
fn of_one_class(classes: &[u32], rng: &mut Stream) -> Vec<usize> {
    let order = rng.shuffled(classes.len(), false);
    let mut map = order.clone();
    for parity in 0..2 {
        let of = |i: &usize| classes[*i] % 2 == parity;
        let shuffled = order.iter().copied().filter(of);
        (0..classes.len()).filter(of).zip(shuffled).for_each(|(i, partner)| map[i] = partner);
    }
    map
}

/// Calls after which a generator of centres alone begins anew.
const ANEW: u64 = 600;
/// Draws in a pool.
const POOL: u64 = 4096;
/// How far centres walk from call to call, and by how much of chance, as shares of a side.
const STEP: [f64; 2] = [0.03, 0.1];

/// What a key draws; what depends on other draws then does.
pub(super) fn drawn(profile: &Profile, phase: &Phase, lambdas: &Lambdas, key: [u64; 3]) -> DrawnCall {
    let mut call = afresh(profile, phase, lambdas, key);
    let [seed, epoch, index] = key;
    let other = |index: u64| afresh(profile, phase, lambdas, [seed, epoch, index]);
    let batch = call.samples.len();
    let of_two = |sample: &mut OneDraw, larger: bool| {
        let [a, b] = [sample.lambda, sample.lengths[1]];
        sample.lambda = if larger { a.max(b) } else { a.min(b) };
    };
    match profile.faults.ties {
        ties @ (Ties::Class | Ties::PartnerClass | Ties::Slot) => {
            let ids = label_of(phase, index as u32).ids;
            for (i, sample) in call.samples.iter_mut().enumerate() {
                let by = match ties {
                    Ties::Class => ids[i],
                    Ties::PartnerClass => ids[call.partners[i]],
                    _ => i as u32,
                };
                of_two(sample, by % 2 == 1);
            }
        }
        Ties::Antithetic if index % 2 == 1 => {
            let before = other(index - 1);
            (0..batch).for_each(|i| call.samples[i].lambda = 1.0 - before.samples[i].lambda);
        }
        Ties::Nothing | Ties::Antithetic => {}
        Ties::Walk => {
            let [step, chance] = STEP;
            let start = other(u64::MAX);
            for (sample, start) in call.samples.iter_mut().zip(&start.samples) {
                let at = |axis: usize| (start.place[axis] + step * index as f64 + chance * sample.place[axis]).fract();
                sample.place = [at(0), at(1)];
            }
        }
        Ties::Pool => {
            let mut rng = Stream::new(*b"ofa.pool", [seed, epoch, index, 0]);
            (0..batch).for_each(|i| {
                // Of keys that no call has.
                let drawn = other(u64::MAX - rng.below(POOL)).samples[0];
                call.samples[i] = OneDraw { applied: call.samples[i].applied, ..drawn };
            });
        }
        Ties::PlacesAnew => {
            let before = other(index % ANEW);
            (0..batch).for_each(|i| call.samples[i].place = before.samples[i].place);
        }
    }
    if profile.method == Method::Mixup {
        call.samples.iter_mut().filter(|sample| !sample.applied).for_each(|sample| sample.lambda = 1.0);
    }
    call
}

/// The draws of a sample's key: seed, epoch and index, in the stream of the contract, as the reference draws it.
fn afresh(profile: &Profile, phase: &Phase, lambdas: &Lambdas, [seed, epoch, index]: [u64; 3]) -> DrawnCall {
    let batch = phase.batch as usize;
    let mut rng = Stream::new(*b"CM1.smpl", [seed, epoch, index, 0]);
    let lambdas = lambdas.by_call(&mut rng);
    let mut draw = || {
        let place = place(profile.faults.places, &mut rng);
        let lambda = lambdas.sample(&mut rng);
        let place = if profile.faults.places == Places::OfLambda { [(2.0 * lambda).fract(), place[1]] } else { place };
        OneDraw { lambda, lengths: [lambda, lambdas.sample(&mut rng)], place, wrong: true, applied: true }
    };
    let mut samples: Vec<OneDraw> = (0..batch).map(|_| draw()).collect();
    rarely(profile, &mut samples, &mut rng);
    let below = |n: usize, rng: &mut Stream| rng.below(n as u64) as usize;
    let partners = fixed(profile.pairing, batch).unwrap_or_else(|| match profile.pairing {
        Pairing::Replacement => (0..batch).map(|_| below(batch, &mut rng)).collect(),
        Pairing::Short => (0..batch).map(|_| below((batch - 1).max(1), &mut rng)).collect(),
        Pairing::Derangement => loop {
            let map = rng.shuffled(batch, false);
            if batch == 1 || map.iter().enumerate().all(|(i, &j)| i != j) {
                break map;
            }
        },
        Pairing::ClassWise => of_one_class(&label_of(phase, index as u32).ids, &mut rng),
        _ => rng.shuffled(batch, false),
    });
    let samples = shared(profile, &samples, &partners);
    DrawnCall { samples, partners, others: rng.shuffled(batch, false) }
}

/// `1 - 2^-23 - u` is another uniform number of the same steps.
pub(super) const LAST: f64 = 1.0 - 1.0 / 8_388_608.0;

/// The draws that a probe recorded. Where sides are drawn, a length has the uniform number and the start its mirror image;
/// a lambda of 1 mixes nothing.
pub(super) fn recorded(profile: &Profile, draws: &CallDraws) -> DrawnCall {
    let drawn = between(profile);
    let of = |i: usize| {
        let (lambda, lengths) = (draws.lambda[i], [draws.x[i], draws.y[i]]);
        let place = if drawn { lengths.map(|u| LAST - u) } else { lengths };
        OneDraw { lambda, lengths, place, wrong: true, applied: true }
    };
    let own: Vec<OneDraw> = (0..draws.lambda.len()).map(of).collect();
    let partners = fixed(profile.pairing, own.len()).unwrap_or_else(|| draws.partner.clone());
    let mut samples = shared(profile, &own, &partners);
    for sample in &mut samples {
        sample.applied = !(drawn && sample.lambda == 1.0);
    }
    DrawnCall { samples, others: partners.clone(), partners }
}
