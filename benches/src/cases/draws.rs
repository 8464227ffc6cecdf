//! Draws and plans against `rand_distr`, and the cost of finding the level.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cutmix_core::draw::Beta;
use cutmix_core::{ImageView, ImageViewMut, Layout, Level, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, ops};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::Distribution;

use super::{Case, painted};
use crate::{Group, bar};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (alpha, must, stretch) in [
        (1.0, 0.35, 0.2),
        (0.5, 0.35, 0.2),
        (2.0, 0.5, 0.3),
        (8.0, 0.9, 0.7),
        (0.1, 1.5, 0.95),
        (0.2, 1.5, 0.95),
        (0.4, 1.5, 0.95),
    ] {
        cases.push(Case::new(format!("Beta({alpha}, {alpha}), 1000 draws"), move |name, _| {
            beta_group(name, alpha, must, stretch)
        }));
    }
    cases.push(Case::new("plan of one sample, key to box and kept ratio", |name, _| plan_group(name)));
    cases.push(Case::new("finding the level, 2x2 pixels of 3 bytes", |name, _| dispatch_group(name)));
    cases
}

/// Both sides draw from the same generator, so that only the sampler differs.
fn beta_group(name: &str, alpha: f64, must: f64, stretch: f64) -> Group<'static> {
    let mut group = Group::new(name, 0);
    for twin in ["rand_distr::Beta", "rand_distr::Beta again"] {
        let theirs = rand_distr::Beta::new(alpha, alpha).unwrap();
        let mut rng = SampleKey { seed: 1, epoch: 0, index: 0 }.rng();
        group.row(twin, None, move || {
            let sum: f64 = (0..1000).map(|_| theirs.sample(&mut rng)).sum();
            black_box(sum);
        });
    }
    let ours = Beta::symmetric(alpha).unwrap();
    let mut rng = SampleKey { seed: 1, epoch: 0, index: 0 }.rng();
    group.row("cutmix_core::Beta, libm", bar(must, stretch), move || {
        let sum: f64 = (0..1000).map(|_| ours.sample(&mut rng)).sum();
        black_box(sum);
    });
    group
}

/// What a trainer in Rust would write: lambda, square root, centre, clip, kept pixels.
fn by_hand(rng: &mut StdRng, beta: &rand_distr::Beta<f64>, side: u32) -> ([u32; 4], u64) {
    let lambda = beta.sample(rng);
    let cut = (f64::from(side) * (1.0 - lambda).sqrt()) as i64;
    let (x, y) = (i64::from(rng.random_range(0..side)), i64::from(rng.random_range(0..side)));
    let clip = |v: i64| v.clamp(0, i64::from(side)) as u32;
    let patch = [clip(x - cut / 2), clip(y - cut / 2), clip(x + cut / 2), clip(y + cut / 2)];
    let area = u64::from(patch[2] - patch[0]) * u64::from(patch[3] - patch[1]);
    (patch, u64::from(side) * u64::from(side) - area)
}

fn plan_group(name: &str) -> Group<'static> {
    let mut group = Group::new(name, 0);
    for twin in ["StdRng and rand_distr", "StdRng and rand_distr again"] {
        let mut index = 0;
        // The sampler is made once, as ours is with the configuration; the generator for every sample, from its key.
        let beta = rand_distr::Beta::new(1.0, 1.0).unwrap();
        group.row(twin, None, move || {
            for _ in 0..1000 {
                index += 1;
                black_box(by_hand(&mut StdRng::seed_from_u64(black_box(index)), &beta, 224));
            }
        });
    }
    let (beta, mut rng) = (rand_distr::Beta::new(1.0, 1.0).unwrap(), StdRng::seed_from_u64(1));
    group.row("the same, seeded once: a stream that cannot be resumed at a sample", None, move || {
        for _ in 0..1000 {
            black_box(by_hand(&mut rng, &beta, black_box(224)));
        }
    });
    let config = PlanConfig::cutmix(Size::new(224, 224).unwrap());
    let mut index = 0;
    group.row("SamplePlan::draw", bar(0.6, 0.35), move || {
        for _ in 0..1000 {
            index += 1;
            black_box(SamplePlan::draw(SampleKey { seed: 1, epoch: 0, index: black_box(index) }, &config));
        }
    });
    group
}

fn dispatch_group(name: &str) -> Group<'static> {
    let layout = Layout::nhwc(Size::new(32, 32).unwrap(), 3, 1).unwrap();
    let (from, to) = (Rc::new(painted(3072)), Rc::new(RefCell::new(painted(3072))));
    let mut group = Group::new(name, 12);
    let held = Level::detect();
    for each_time in [false, true] {
        let what = if each_time { "Level::detect() each time" } else { "level held" };
        let (from, to) = (from.clone(), to.clone());
        let bar = bar(1.3, 1.0).filter(|_| each_time);
        group.row(what, bar, move || {
            let mut to = to.borrow_mut();
            let mut base = ImageViewMut::new(&mut to[..], layout).unwrap();
            let donor = ImageView::new(&from[..], layout).unwrap();
            for i in 0..1000 {
                let x = black_box(i % 30);
                let patch = PatchBox::new(x, x, x + 2, x + 2).unwrap();
                let level = if each_time { Level::detect() } else { held };
                ops::cutmix_in_place(level, &mut base, &donor, patch).unwrap();
            }
            black_box(&mut to[..]);
        });
    }
    group
}
