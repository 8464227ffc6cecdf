//! The core against a second implementation of STREAM.md, in Python: every draw, box, pairing and
//! noise element, bit for bit.

use std::fmt::Write;
use std::process::Command;

use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
use cutmix_core::plan::{BatchConfig, BatchPlan, Extent, Methods, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::{
    BatchKey, Beta, BoxRule, ImageViewMut, Level, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid,
};
use cutmix_verify::reference;

fn plan_line(plan: &SamplePlan) -> String {
    let q = [WeightGrid::Q15, WeightGrid::Q24].map(|grid| grid.weight(plan.lambda).unwrap().kept());
    let (p, lambda, [k0, k1]) = (plan.patch, plan.lambda.to_bits(), plan.noise.words);
    let head = format!("{} {} {}", plan.method.name(), u8::from(plan.applied), plan.partner);
    let ends = format!("{} {} {} {}", p.x0(), p.y0(), p.x1(), p.y1());
    format!("{head} {ends} {} {lambda:016x} {} {} {k0} {k1}", plan.kept, q[0], q[1])
}

fn betas(out: &mut String) {
    let symmetric = [0.001, 0.05, 0.2, 0.499, 0.5, 0.50001, 0.7, 1.0, 1.5, 2.0, 8.0, 100.0, 1e6].map(|a| (a, a));
    for (a, b) in symmetric.into_iter().chain([(0.05, 50.0), (2.0, 1.0), (0.3, 1.3), (1.2, 0.2)]) {
        let beta = Beta::new(a, b).unwrap();
        for index in 0..200 {
            let lambda = beta.sample(&mut SampleKey { seed: 7, epoch: 1, index }.rng());
            writeln!(out, "beta {:016x}", lambda.to_bits()).unwrap();
        }
    }
}

fn plans(out: &mut String) {
    for (w, h) in [(40, 24), (32, 32), (7, 5), (224, 224), (1, 1)] {
        let size = Size::new(w, h).unwrap();
        for (rule, alpha) in BoxRule::ALL.into_iter().flat_map(|rule| [0.2, 1.0, 2.0, 0.7].map(|alpha| (rule, alpha))) {
            for extent in [Extent::Law, Extent::MinMax { min: 0.2, max: 0.6 }] {
                let config = PlanConfig::cutmix(size).with_rule(rule).with_partners(50000);
                let config = config.with_alpha(alpha).unwrap().with_probability(0.75).unwrap();
                let config = config.with_extent(extent).unwrap();
                for index in 0..40_u64 {
                    let key = SampleKey { seed: u64::MAX - 3, epoch: 2, index: index << 33 | index };
                    let plan = SamplePlan::draw(key, &config);
                    writeln!(out, "plan {}", plan_line(&plan)).unwrap();
                }
            }
        }
    }
}

fn methods(out: &mut String) {
    for (w, h) in [(40, 24), (7, 5)] {
        let size = Size::new(w, h).unwrap();
        let cutout = PlanConfig::cutout(size);
        let switch = PlanConfig::cutmix(size).with_methods(Methods::Switch { cutmix: 0.4 }).unwrap();
        let configs = [
            PlanConfig::mixup(size),
            PlanConfig::mixup(size).with_grid(WeightGrid::Q24),
            cutout,
            cutout.with_extent(Extent::Fixed { width: 16, height: 9 }).unwrap(),
            switch.with_grid(WeightGrid::Q24),
        ];
        for (config, rule) in configs.into_iter().flat_map(|config| BoxRule::ALL.map(|rule| (config, rule))) {
            let config = config.with_rule(rule).with_partners(1 << 40).with_probability(0.75).unwrap();
            let config = config.with_betas(Beta::symmetric(0.3).unwrap(), Beta::new(2.0, 1.0).unwrap());
            for index in 0..30 {
                let key = SampleKey { seed: 3, epoch: 1 << 63, index: u64::MAX - index };
                writeln!(out, "method {}", plan_line(&SamplePlan::draw(key, &config))).unwrap();
            }
        }
    }
}

fn batches(out: &mut String) {
    let plan = PlanConfig::cutout(Size::new(40, 24).unwrap());
    for (len, batch) in [1, 2, 3, 5, 8, 33].into_iter().flat_map(|len| (0..20).map(move |batch| (len, batch))) {
        let key = BatchKey { seed: 9, epoch: 4, batch };
        // The indices go past the end of 64 bits.
        let samples = Samples::Range { first: u64::MAX - 2, len };
        let draw = |scope, pairing| {
            let mut memory = [PlanSlot::EMPTY; 33];
            BatchPlan::draw(key, &BatchConfig { plan, scope, pairing }, samples, &mut memory).unwrap();
            memory.into_iter().take(len as usize).map(|slot| *slot.plan()).collect::<Vec<_>>()
        };
        for (name, pairing) in [
            ("roll", Pairing::Roll),
            ("flip", Pairing::Flip),
            ("permutation", Pairing::Permutation),
            ("derangement", Pairing::Derangement),
            ("replacement", Pairing::WithReplacement),
        ] {
            if len > 1 || pairing != Pairing::Derangement {
                let partners: Vec<_> =
                    draw(Scope::Sample, pairing).iter().map(|plan| plan.partner.to_string()).collect();
                writeln!(out, "{name} {}", partners.join(" ")).unwrap();
            }
        }
        let scopes = [("sample", Scope::Sample), ("batch", Scope::Batch), ("pair", Scope::Pair)];
        let scopes = scopes.map(|(name, scope)| (name, draw(scope, Pairing::Flip)));
        for i in 0..len as usize {
            for (name, plans) in &scopes {
                writeln!(out, "{name} {}", plan_line(&plans[i])).unwrap();
            }
        }
    }
}

/// Windows of 5 x 3 pixels of a whole image of 2^20 x 2^20, three elements a pixel, interleaved and planar.
fn noise_images(out: &mut String) {
    const SIDE: u32 = 1 << 20;
    let (key, size) = (SampleKey { seed: 5, epoch: 6, index: 7 }.noise(), Size::new(5, 3).unwrap());
    let (patch, range) = (PatchBox::full(size), NoiseRange { lo: -1.5, hi: 2.7 });
    let windows = [(0, 0), (3, 1), (777, 1 << 19), (SIDE - 5, SIDE - 3)];
    let frames = windows.map(|(x, y)| Frame { whole: Size::new(SIDE, SIDE).unwrap(), x, y });
    macro_rules! lines {
        ($element:ty, $bits:expr) => {
            for (frame, planar) in frames.into_iter().flat_map(|frame| [(frame, false), (frame, true)]) {
                let mut pixels = [<$element>::default(); 45];
                let view = if planar { ImageViewMut::nchw } else { ImageViewMut::nhwc };
                let mut view = view(&mut pixels, size, 3).unwrap();
                ops::cutout(Level::detect(), &mut view, patch, Fill::Noise(range), key, frame).unwrap();
                let elements: Vec<_> = pixels.map($bits).iter().map(ToString::to_string).collect();
                writeln!(out, "image {} {}", size_of::<$element>(), elements.join(" ")).unwrap();
            }
        };
    }
    lines!(u8, u32::from);
    lines!(u16, u32::from);
    lines!(f32, f32::to_bits);
}

fn noise(out: &mut String) {
    for index in 0..50 {
        let words = SampleKey { seed: 5, epoch: 6, index }.noise().words;
        let drawn = [0, 1, 77, (1 << 34) + 5].map(|j| reference::noise_word(words, j).to_string());
        writeln!(out, "noise {} {} {}", words[0], words[1], drawn.join(" ")).unwrap();
    }
}

#[test]
fn stream_port_gives_the_same_values() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stream_port/stream.py");
    let Ok(output) = Command::new("python3").arg(script).output() else {
        assert!(std::env::var_os("CUTMIX_EXPECT_PYTHON").is_none(), "python3 is expected, but cannot be started");
        eprintln!("SKIPPED: python3 not found; the second implementation of STREAM.md was not run");
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the script failed: {stderr}");
    let mut expected = String::new();
    betas(&mut expected);
    plans(&mut expected);
    methods(&mut expected);
    batches(&mut expected);
    noise(&mut expected);
    noise_images(&mut expected);
    let port = String::from_utf8(output.stdout).unwrap();
    let (ours, theirs): (Vec<_>, Vec<_>) = (expected.lines().collect(), port.lines().collect());
    assert!(ours.len() > 8000, "only {} values were compared", ours.len());
    for (i, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        assert_eq!(ours, theirs, "value {i}: the core (left) and the port (right) differ");
    }
    assert_eq!(ours.len(), theirs.len());
}
