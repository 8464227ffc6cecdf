//! Draws and boxes.

use cutmix_core::Beta;
use cutmix_core::SampleKey;
use rand_core::Rng;

use super::{Build, Geometry, Pairing, Scope};
use crate::decode::Patch;
use crate::probe::Phase;

/// What one sample draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Draw {
    pub(super) lambda: f64,
    /// The lambda of the rows, where a wrong implementation has another one.
    pub(super) other: f64,
    /// Centre as a fraction of columns and rows.
    pub(super) centre: [f64; 2],
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

pub(super) fn draws(build: &Build, phase: &Phase, beta: &Beta, key: SampleKey) -> Draws {
    let batch = phase.batch as usize;
    let mut rng = key.rng();
    let mut draw = || Draw {
        centre: [unit(&mut rng), unit(&mut rng)],
        lambda: beta.sample(&mut rng),
        other: beta.sample(&mut rng),
    };
    let mut samples: Vec<Draw> = (0..batch).map(|_| draw()).collect();
    for i in 0..batch {
        samples[i] = match build.scope {
            Scope::Sample => samples[i],
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
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) start: i64,
    pub(super) cut: i64,
    pub(super) real: f64,
}

fn side(geometry: Geometry, length: u32, cut_from: u32, root: f64, centre: f64) -> Side {
    let whole = i64::from(length);
    let real_cut = f64::from(cut_from) * root;
    let at = f64::from(length) * centre;
    let i = at as i64;
    let (start, end) = match geometry {
        Geometry::Paper => {
            let half = real_cut / 2.0;
            ((at - half - 0.5).ceil() as i64, (at + half - 0.5).ceil() as i64)
        }
        Geometry::FullExtent => {
            let cut = real_cut as i64;
            (i - cut / 2, i + (cut + 1) / 2)
        }
        Geometry::Rounded => {
            let half = libm::rint(real_cut) as i64 / 2;
            (i - half, i + half)
        }
        Geometry::HalfCeil => {
            let half = (real_cut / 2.0).ceil() as i64;
            (i - half, i + half)
        }
        Geometry::Square => (i - 6, i + 6),
        Geometry::NeverLast | Geometry::NeverFirst => {
            let cut = (real_cut as i64).min(whole - 1);
            let start = (centre * (whole - cut) as f64) as i64;
            let start = start.min(whole - cut - 1) + i64::from(geometry == Geometry::NeverFirst);
            (start, start + cut)
        }
        Geometry::Official
        | Geometry::Strip
        | Geometry::WidthFromHeight
        | Geometry::Exchanged
        | Geometry::TwoLambdas => {
            let half = real_cut as i64 / 2;
            (i - half, i + half)
        }
    };
    let (from, to) = (start.clamp(0, whole), end.clamp(0, whole));
    let real = (at + real_cut / 2.0).min(f64::from(length)) - (at - real_cut / 2.0).max(0.0);
    Side { from: from as usize, to: to.max(from) as usize, start, cut: real_cut as i64, real }
}

/// The box of a draw, and both its sides.
pub(super) fn boxed(geometry: Geometry, phase: &Phase, draw: &Draw) -> (Patch, [Side; 2]) {
    let (width, height) = (phase.width, phase.height);
    let root = (1.0 - draw.lambda).sqrt();
    let rows = if geometry == Geometry::TwoLambdas { (1.0 - draw.other).sqrt() } else { root };
    let (across, down) = match geometry {
        Geometry::WidthFromHeight => (height, height),
        Geometry::Exchanged => (height, width),
        _ => (width, height),
    };
    let mut sides =
        [side(geometry, width, across, root, draw.centre[0]), side(geometry, height, down, rows, draw.centre[1])];
    if geometry == Geometry::Strip {
        sides[1] = Side { from: 0, to: height as usize, start: 0, cut: height.into(), real: height.into() };
    }
    let patch = Patch { x0: sides[0].from, y0: sides[1].from, x1: sides[0].to, y1: sides[1].to };
    (if patch.is_empty() { Patch::EMPTY } else { patch }, sides)
}
