//! Golden values: the value-stability contract of STREAM.md. A snapshot that changes is a breaking change of the stream
//! and raises its version. And what errors say.

use std::fmt::Write;

use cutmix_core::plan::{BatchConfig, BatchPlan, Extent, Methods, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::{BatchKey, Beta, BoxRule, Error, KeptRatio, PlanConfig, SampleKey, SamplePlan, Size, label};

fn key(index: u64) -> SampleKey {
    SampleKey { seed: 2019, epoch: 1, index }
}

fn line(plan: &SamplePlan) -> String {
    format!(
        "{} applied={} partner={} box={} lambda={:016x} kept={} noise={:08x?}",
        plan.method.name(),
        plan.applied,
        plan.partner,
        plan.patch,
        plan.lambda.to_bits(),
        plan.kept,
        plan.noise.words
    )
}

#[test]
fn golden_plans() {
    let base = PlanConfig::cutmix(Size::new(40, 24).unwrap()).with_partners(1000);
    let configs = [
        ("paper, alpha 1", base),
        ("official, alpha 0.2", base.with_rule(BoxRule::Official).with_alpha(0.2).unwrap()),
        ("full extent, alpha 2", base.with_rule(BoxRule::FullExtent).with_alpha(2.0).unwrap()),
        ("switch, probability 0.7, alpha 0.7", {
            let config = base.with_methods(Methods::Switch { cutmix: 0.5 }).unwrap().with_alpha(0.7).unwrap();
            config.with_probability(0.7).unwrap()
        }),
        ("min/max 0.2 to 0.5", base.with_extent(Extent::MinMax { min: 0.2, max: 0.5 }).unwrap()),
        ("cutout, side 9", {
            let config = PlanConfig::cutout(Size::new(40, 24).unwrap()).with_rule(BoxRule::Official);
            config.with_extent(Extent::Fixed { width: 9, height: 9 }).unwrap()
        }),
    ];
    let mut out = String::new();
    for (name, config) in configs {
        writeln!(out, "{name}").unwrap();
        for index in 0..12 {
            writeln!(out, "  {}", line(&SamplePlan::draw(key(index), &config))).unwrap();
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn golden_betas() {
    let mut out = String::new();
    let symmetric = [0.001, 0.05, 0.2, 0.5, 0.7, 1.0, 2.0, 8.0, 100.0, 1e6].map(|alpha| (alpha, alpha));
    for (a, b) in symmetric.into_iter().chain([(2.0, 1.0), (0.3, 1.3)]) {
        let beta = Beta::new(a, b).unwrap();
        let draws: Vec<_> = (0..4).map(|i| format!("{:016x}", beta.sample(&mut key(i).rng()).to_bits())).collect();
        writeln!(out, "Beta({a}, {b}): {}", draws.join(" ")).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn golden_batches() {
    let plan = PlanConfig::cutmix(Size::new(40, 24).unwrap());
    let mut out = String::new();
    let pairings = [Pairing::Roll, Pairing::Flip, Pairing::Permutation, Pairing::Derangement, Pairing::WithReplacement];
    for (len, pairing) in [2, 5, 8].into_iter().flat_map(|len| pairings.map(|pairing| (len, pairing))) {
        let mut memory = [PlanSlot::EMPTY; 8];
        let config = BatchConfig { plan, scope: Scope::Batch, pairing };
        let key = BatchKey { seed: 2019, epoch: 1, batch: 6 };
        let drawn = BatchPlan::draw(key, &config, Samples::Range { first: 0, len }, &mut memory).unwrap();
        let partners: Vec<_> = drawn.iter().map(|sample| sample.partner).collect();
        writeln!(out, "{pairing:?}: {partners:?} {}", drawn.get(0).unwrap().patch).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn golden_labels() {
    let mut out = String::new();
    for (kept, total, epsilon) in [(720, 960, 0.0), (1, 3, 0.0), (2, 3, 0.1), (0, 7, 0.1), (49999, 50176, 0.0)] {
        let mut row = [0.0; 4];
        let smoothing = label::Smoothing::new(epsilon).unwrap();
        label::mix_ids(&mut row, 2, 0, KeptRatio::new(kept, total).unwrap(), smoothing).unwrap();
        writeln!(out, "{kept}/{total} smoothing {epsilon}: {:08x?}", row.map(f32::to_bits)).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn errors_say_what_was_given_and_what_was_expected() {
    let (size, expected) = ([40, 24], [32, 32]);
    let errors = [
        Error::ZeroSide { width: 0, height: 24 },
        Error::BoxReversed { x0: 5, y0: 0, x1: 4, y1: 1 },
        Error::BoxOutside { patch: [1, 2, 41, 4], size },
        Error::SizeMismatch { what: "the donor", given: size, expected },
        Error::CountMismatch { what: "fill values", given: 2, expected: 3 },
        Error::TooShort { what: "the buffer", given: 10, expected: 12 },
        Error::TooLarge { what: "the image" },
        Error::Misaligned { what: "the row pitch", given: -7, element_bytes: 4 },
        Error::Overlap { what: "rows", pitch: -3, needed: 12 },
        Error::Lambda { lambda: f64::NAN },
        Error::Centre { centre: -0.5, length: 40 },
        Error::BetaShape { a: 0.0, b: 1.0 },
        Error::Fraction { what: "the probability", value: 1.5 },
        Error::ExtentsReversed { min: 0.5, max: 0.25 },
        Error::Ratio { kept: 3, total: 2 },
        Error::WeightGrid { given: 960, expected: 32768 },
        Error::Partner { sample: 3, partner: 9, len: 8 },
        Error::PairNotMutual { sample: 3 },
        Error::NoDerangement,
        Error::CopyOnly { sample: 3 },
        Error::RatioNotOfBox { sample: 3 },
        Error::Class { class: 10, classes: 10 },
        Error::ZeroGrid,
        Error::OffGrid { patch: [1, 2, 4, 4], grid: [2, 2], size },
    ];
    insta::assert_snapshot!(errors.map(|error| error.to_string()).join("\n"));
}
