//! Draws and boxes.

use cutmix_core::SampleKey;
use rand_core::Rng;

use super::lambdas::Lambdas;
use super::{Build, Geometry, Law, Pairing, Places, Scope};
use crate::probe::Phase;
use crate::reference::Patch;

/// What one sample draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Draw {
    pub(super) lambda: f64,
    /// The lambda of the rows, where a wrong implementation has another one.
    pub(super) other: f64,
    /// Centre as a fraction of columns and rows.
    pub(super) centre: [f64; 2],
    /// Whether this one is as wrong as the implementation can be.
    pub(super) wrong: bool,
    /// Whether anything is done.
    pub(super) applied: bool,
}

/// All that a call draws.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    pub(super) samples: Vec<Draw>,
    pub(super) partners: Vec<usize>,
    /// Partners that a wrong implementation uses for labels.
    pub(super) others: Vec<usize>,
}

fn unit(rng: &mut impl Rng) -> f64 {
    cutmix_core::draw::uniform::unit(rng)
}

fn permutation(batch: usize, rng: &mut impl Rng) -> Vec<usize> {
    let mut map: Vec<usize> = (0..batch).collect();
    for i in (1..batch).rev() {
        map.swap(i, cutmix_core::draw::uniform::below(rng, i as u64 + 1) as usize);
    }
    map
}

/// Where centres are, as a fraction of columns and rows.
fn centre(places: Places, rng: &mut impl Rng) -> [f64; 2] {
    let [x, y] = [unit(rng), unit(rng)];
    match places {
        Places::Uniform => [x, y],
        Places::Middle => [x, y].map(|u| 0.25 + u / 2.0),
        Places::Triangular => [f64::midpoint(x, unit(rng)), f64::midpoint(y, unit(rng))],
        Places::Same => [x, x],
    }
}

/// What only some builds draw, after everything else.
fn rarely(build: &Build, samples: &mut [Draw], rng: &mut impl Rng) {
    for i in 0..samples.len() {
        if build.rate < 1.0 {
            samples[i].wrong = unit(rng) < build.rate;
        }
        if build.prob < 1.0 {
            samples[i].applied = unit(rng) < build.prob;
        }
        // The next one's lambda is often this one's.
        if build.serial > 0.0 && i > 0 && unit(rng) < build.serial {
            samples[i].lambda = samples[i - 1].lambda;
        }
    }
}

pub(super) fn draws(build: &Build, phase: &Phase, lambdas: &Lambdas, key: SampleKey) -> Draws {
    let batch = phase.batch as usize;
    let mut rng = key.rng();
    let lambdas = lambdas.by_call(&mut rng);
    let mut draw = || Draw {
        centre: centre(build.places, &mut rng),
        lambda: lambdas.sample(&mut rng),
        other: lambdas.sample(&mut rng),
        wrong: true,
        applied: true,
    };
    let mut samples: Vec<Draw> = (0..batch).map(|_| draw()).collect();
    rarely(build, &mut samples, &mut rng);
    for i in 0..batch {
        samples[i] = match build.scope {
            Scope::Sample => samples[i],
            Scope::Lambda => Draw { lambda: samples[0].lambda, ..samples[i] },
            Scope::Centre => Draw { centre: samples[0].centre, ..samples[i] },
            Scope::Pair => samples[i.min(batch - 1 - i)],
            Scope::Batch => samples[0],
        };
    }
    let partners = match build.pairing {
        Pairing::Roll => (0..batch).map(|i| (i + batch - 1) % batch).collect(),
        Pairing::Flip => (0..batch).map(|i| batch - 1 - i).collect(),
        Pairing::Permutation => permutation(batch, &mut rng),
        Pairing::Replacement => {
            (0..batch).map(|_| cutmix_core::draw::uniform::below(&mut rng, batch as u64) as usize).collect()
        }
        Pairing::Short => {
            let last = (batch as u64 - 1).max(1);
            (0..batch).map(|_| cutmix_core::draw::uniform::below(&mut rng, last) as usize).collect()
        }
        Pairing::Derangement => loop {
            let map = permutation(batch, &mut rng);
            if batch == 1 || map.iter().enumerate().all(|(i, &j)| i != j) {
                break map;
            }
        },
    };
    Draws { samples, partners, others: permutation(batch, &mut rng) }
}

/// One side of a box: clipped edges, and its length before clipping, as cut and in real numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) start: i64,
    pub(super) cut: i64,
    pub(super) real: f64,
}

/// Half extents before and after a centre, for the rules that have them.
fn halves(geometry: Geometry, real: f64) -> (i64, i64) {
    let same = |half: f64| (half as i64, half as i64);
    match geometry {
        Geometry::FullExtent => (real as i64 / 2, real as i64 - real as i64 / 2),
        Geometry::FullRound => (libm::rint(real) as i64 / 2, libm::rint(real) as i64 - libm::rint(real) as i64 / 2),
        Geometry::Rounded => (libm::rint(real) as i64 / 2, libm::rint(real) as i64 / 2),
        Geometry::HalfRound => same(libm::rint(real / 2.0)),
        Geometry::HalfCeil => same((real / 2.0).ceil()),
        Geometry::Square => (6, 6),
        _ => (real as i64 / 2, real as i64 / 2),
    }
}

fn side(geometry: Geometry, length: u32, lengths: [u32; 2], root: f64, centre: f64) -> Side {
    let [centres, cut_from] = lengths;
    let whole = i64::from(length);
    let real_cut = f64::from(cut_from) * root;
    let at = f64::from(centres) * centre;
    let i = at as i64;
    let cut = real_cut as i64;
    let (start, end) = match geometry {
        Geometry::Paper => {
            let half = real_cut / 2.0;
            ((at - half - 0.5).ceil() as i64, (at + half - 0.5).ceil() as i64)
        }
        Geometry::RealTruncated => {
            let half = real_cut / 2.0;
            ((at - half).max(0.0) as i64, (at + half) as i64)
        }
        Geometry::NeverLast | Geometry::NeverFirst => {
            let cut = cut.min(whole - 1);
            let start = (centre * (whole - cut) as f64) as i64;
            let start = start.min(whole - cut - 1) + i64::from(geometry == Geometry::NeverFirst);
            (start, start + cut)
        }
        Geometry::Inside | Geometry::InsideShort => {
            let room = whole - cut + if geometry == Geometry::Inside { 1 } else { -1 };
            let start = (centre * room as f64).floor().max(0.0) as i64;
            (start, start + cut)
        }
        Geometry::Between | Geometry::BetweenShort => {
            // Here the root is a uniform number of this axis.
            let (least, most) = (whole * 2 / 10, whole * 8 / 10);
            let cut = least + ((most - least).max(1) as f64 * root) as i64;
            let starts = whole - cut + i64::from(geometry == Geometry::Between);
            let start = (centre * starts as f64) as i64;
            (start, start + cut)
        }
        Geometry::InsideReal => {
            let start = centre * (f64::from(length) - real_cut);
            (start.ceil() as i64, (start + real_cut).ceil() as i64)
        }
        Geometry::Corner => (i, i + real_cut.ceil() as i64),
        Geometry::ClippedLeft => {
            let start = (i - cut / 2).max(0);
            (start, start + cut)
        }
        Geometry::LastNever => {
            let (i, half) = (((whole + 1) as f64 * centre) as i64, cut / 2);
            let start = (i - half).clamp(0, whole - 1);
            let end = (i + half).clamp(0, whole - 1).max(start + 1);
            (start, end)
        }
        _ => {
            let i = match geometry {
                Geometry::CentreInclusive => ((whole + 1) as f64 * centre) as i64,
                Geometry::CentreOneBased => i + 1,
                Geometry::CentreShort => ((whole - 1) as f64 * centre) as i64,
                Geometry::CentreBeyond => (((whole + cut) as f64 * centre) as i64) - (cut - cut / 2),
                _ => i,
            };
            let (below, above) = halves(geometry, real_cut);
            let one = geometry == Geometry::LeastOne && below == 0;
            (i - below, if one { i + 1 } else { i + above })
        }
    };
    let (from, to) = (start.clamp(0, whole), end.clamp(0, whole));
    let real = (at + real_cut / 2.0).min(f64::from(length)) - (at - real_cut / 2.0).max(0.0);
    Side { from: from as u32, to: to.max(from) as u32, start, cut, real }
}

/// The box of a draw, and both its sides.
pub(super) fn boxed(build: &Build, phase: &Phase, draw: &Draw) -> (Patch, [Side; 2]) {
    let (width, height) = (phase.width, phase.height);
    let geometry = if draw.wrong { build.geometry } else { Geometry::Official };
    let root = |lambda: f64| match build.law {
        Law::NoRoot => 1.0 - lambda,
        // As code that draws and computes in binary32 does.
        Law::F32 => f64::from((1.0 - lambda as f32).sqrt()),
        _ => (1.0 - lambda).sqrt(),
    };
    let (columns, rows) = match geometry {
        Geometry::TwoLambdas => (root(draw.lambda), root(draw.other)),
        Geometry::Between | Geometry::BetweenShort => (draw.lambda.min(1.0 - 1e-9), draw.other.min(1.0 - 1e-9)),
        _ => (root(draw.lambda), root(draw.lambda)),
    };
    // Lengths that centres and sides are of.
    let (across, down) = match geometry {
        Geometry::WidthFromHeight => ([width, height], [height, height]),
        Geometry::HeightFromWidth => ([width, width], [height, width]),
        Geometry::Exchanged => ([width, height], [height, width]),
        Geometry::Transposed => ([height, height], [width, width]),
        _ => ([width, width], [height, height]),
    };
    let mut sides =
        [side(geometry, width, across, columns, draw.centre[0]), side(geometry, height, down, rows, draw.centre[1])];
    let all = |length: u32| Side { from: 0, to: length, start: 0, cut: length.into(), real: length.into() };
    match geometry {
        Geometry::Strip => sides[1] = all(height),
        Geometry::StripAcross => sides[0] = all(width),
        _ => {}
    }
    let patch = Patch::of([sides[0].from, sides[1].from, sides[0].to, sides[1].to]);
    (if patch.is_empty() || !draw.applied { Patch::EMPTY } else { patch }, sides)
}
