//! What a call draws: by a generator, or as a probe recorded it. Both are then shared and paired as the profile says.

use cutmix_core::{Beta, Error, SampleKey};
use rand_core::Rng;

use crate::probe::{CallDraws, Phase};
use crate::profile::{LambdaLaw, Pairing, Places, Profile, Root, Side};

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

/// Whether sides are drawn between two fractions of the image's, so that lambda has no part in them.
pub(super) fn between(profile: &Profile) -> bool {
    profile.shape.sides.iter().any(|side| matches!(side, Side::Between(..)))
}

/// A law at an alpha.
#[derive(Clone, Debug)]
pub(super) struct Lambdas {
    law: LambdaLaw,
    narrow: bool,
    alpha: f64,
    beta: Beta,
}

fn unit(rng: &mut impl Rng) -> f64 {
    cutmix_core::draw::uniform::unit(rng)
}

impl Lambdas {
    pub(super) fn new(profile: &Profile, alpha: f64) -> Result<Self, Error> {
        // Lengths between two bounds are uniform, whatever lambda is.
        let law = if between(profile) { LambdaLaw::One } else { profile.lambda };
        let beta = match law {
            LambdaLaw::Times(factor) => Beta::symmetric(factor * alpha)?,
            LambdaLaw::One => Beta::symmetric(1.0)?,
            LambdaLaw::PlusOne => Beta::new(alpha + 1.0, alpha)?,
            LambdaLaw::First => Beta::new(alpha, 1.0)?,
            LambdaLaw::Second => Beta::new(1.0, alpha)?,
            _ => Beta::symmetric(alpha)?,
        };
        Ok(Self { law, narrow: profile.types.root != Root::Wide, alpha, beta })
    }

    /// As a call uses it, which may draw something for all of its samples.
    fn by_call(&self, rng: &mut impl Rng) -> Self {
        if self.law != LambdaLaw::RandomAlphaByCall {
            return self.clone();
        }
        let alpha = (unit(rng) * self.alpha).max(1e-3);
        Self { beta: Beta::symmetric(alpha).unwrap_or(self.beta), ..self.clone() }
    }

    fn sample(&self, rng: &mut impl Rng) -> f64 {
        let lambda = self.beta.sample(rng);
        let lambda = match self.law {
            LambdaLaw::Folded => lambda.max(1.0 - lambda),
            LambdaLaw::FoldedUp => lambda.min(1.0 - lambda),
            LambdaLaw::Clipped => lambda.clamp(0.2, 0.8),
            LambdaLaw::Middle => 0.3 + 0.4 * unit(rng),
            LambdaLaw::Tenths => libm::rint(10.0 * lambda) / 10.0,
            LambdaLaw::NotRejected => {
                let [x, y] = [unit(rng), unit(rng)].map(|u| libm::pow(u, 1.0 / self.alpha));
                if x + y > 0.0 { x / (x + y) } else { 0.5 }
            }
            LambdaLaw::RandomAlpha => {
                let alpha = (unit(rng) * self.alpha).max(1e-3);
                Beta::symmetric(alpha).map_or(lambda, |beta| beta.sample(rng))
            }
            _ => lambda,
        };
        if self.narrow { f64::from(lambda as f32) } else { lambda }
    }
}

fn permutation(batch: usize, rng: &mut impl Rng) -> Vec<usize> {
    let mut map: Vec<usize> = (0..batch).collect();
    for i in (1..batch).rev() {
        map.swap(i, cutmix_core::draw::uniform::below(rng, i as u64 + 1) as usize);
    }
    map
}

/// Where centres are, as a fraction of columns and rows.
fn place(places: Places, rng: &mut impl Rng) -> [f64; 2] {
    let [x, y] = [unit(rng), unit(rng)];
    match places {
        Places::Uniform | Places::NotLast | Places::NotFirst => [x, y],
        Places::Middle => [x, y].map(|u| 0.25 + u / 2.0),
        Places::Triangular => [f64::midpoint(x, unit(rng)), f64::midpoint(y, unit(rng))],
        Places::Same => [x, x],
    }
}

/// What only some profiles draw, after everything else.
fn rarely(profile: &Profile, samples: &mut [OneDraw], rng: &mut impl Rng) {
    let faults = &profile.faults;
    for i in 0..samples.len() {
        if faults.rate < 1.0 {
            samples[i].wrong = unit(rng) < faults.rate;
        }
        if faults.prob < 1.0 {
            samples[i].applied = unit(rng) < faults.prob;
        }
        // The next one's lambda is often this one's.
        if faults.serial > 0.0 && i > 0 && unit(rng) < faults.serial {
            samples[i].lambda = samples[i - 1].lambda;
        }
    }
}

/// What each image has after all that is shared is shared.
fn shared(profile: &Profile, own: &[OneDraw]) -> Vec<OneDraw> {
    let of = |i: usize| {
        let [lambda, place] = profile.sharing.drawn_by(i, own.len());
        let rest = if lambda == place { lambda } else { i };
        OneDraw { lambda: own[lambda].lambda, place: own[place].place, ..own[rest] }
    };
    (0..own.len()).map(of).collect()
}

/// The partner of each image where none is drawn.
fn fixed(pairing: Pairing, batch: usize) -> Option<Vec<usize>> {
    match pairing {
        Pairing::Roll => Some((0..batch).map(|i| (i + batch - 1) % batch).collect()),
        Pairing::Flip => Some((0..batch).rev().collect()),
        Pairing::Permutation | Pairing::Derangement | Pairing::Replacement | Pairing::Short => None,
    }
}

/// The draws of a key.
pub(super) fn drawn(profile: &Profile, phase: &Phase, lambdas: &Lambdas, key: SampleKey) -> DrawnCall {
    let batch = phase.batch as usize;
    let mut rng = key.rng();
    let lambdas = lambdas.by_call(&mut rng);
    let mut draw = || {
        let place = place(profile.faults.places, &mut rng);
        let lambda = lambdas.sample(&mut rng);
        OneDraw { lambda, lengths: [lambda, lambdas.sample(&mut rng)], place, wrong: true, applied: true }
    };
    let mut samples: Vec<OneDraw> = (0..batch).map(|_| draw()).collect();
    rarely(profile, &mut samples, &mut rng);
    let samples = shared(profile, &samples);
    let below = |n: usize, rng: &mut _| cutmix_core::draw::uniform::below(rng, n as u64) as usize;
    let partners = fixed(profile.pairing, batch).unwrap_or_else(|| match profile.pairing {
        Pairing::Replacement => (0..batch).map(|_| below(batch, &mut rng)).collect(),
        Pairing::Short => (0..batch).map(|_| below((batch - 1).max(1), &mut rng)).collect(),
        Pairing::Derangement => loop {
            let map = permutation(batch, &mut rng);
            if batch == 1 || map.iter().enumerate().all(|(i, &j)| i != j) {
                break map;
            }
        },
        _ => permutation(batch, &mut rng),
    });
    DrawnCall { samples, partners, others: permutation(batch, &mut rng) }
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
    let mut samples = shared(profile, &own);
    for sample in &mut samples {
        sample.applied = !(drawn && sample.lambda == 1.0);
    }
    let partners = fixed(profile.pairing, own.len()).unwrap_or_else(|| draws.partner.clone());
    DrawnCall { samples, others: partners.clone(), partners }
}
