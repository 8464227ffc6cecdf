//! The core against a second implementation of STREAM.md, in Python: every draw, box and pairing, bit for bit.

use std::fmt::Write;
use std::process::Command;

use cutmix_core::plan::{BatchConfig, BatchPlan, Extent, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::{BatchKey, Beta, BoxRule, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid};
use cutmix_verify::reference;

fn plan_line(plan: &SamplePlan, partner: u64) -> String {
    let q = [WeightGrid::Q15, WeightGrid::Q24].map(|grid| grid.weight(plan.lambda).unwrap().kept());
    let p = plan.patch;
    let ends = format!("{} {} {} {}", p.x0(), p.y0(), p.x1(), p.y1());
    let lambda = plan.lambda.to_bits();
    format!("{} {partner} {ends} {} {lambda:016x} {} {}", u8::from(plan.applied), plan.kept.kept(), q[0], q[1])
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
                    writeln!(out, "plan {}", plan_line(&plan, plan.partner)).unwrap();
                }
            }
        }
    }
}

fn batches(out: &mut String) {
    let plan = PlanConfig::cutmix(Size::new(40, 24).unwrap());
    for (n, batch) in [2, 3, 5, 8, 33].into_iter().flat_map(|n| (0..20).map(move |batch| (n, batch))) {
        let key = BatchKey { seed: 9, epoch: 4, batch };
        let samples = Samples::Range { first: 0, len: n };
        let mut memory = [PlanSlot::EMPTY; 33];
        for (name, pairing) in [
            ("permutation", Pairing::Permutation),
            ("derangement", Pairing::Derangement),
            ("replacement", Pairing::WithReplacement),
        ] {
            let config = BatchConfig { plan, scope: Scope::Sample, pairing };
            let drawn = BatchPlan::draw(key, &config, samples, &mut memory).unwrap();
            let partners: Vec<_> = drawn.iter().map(|sample| sample.partner.to_string()).collect();
            writeln!(out, "{name} {}", partners.join(" ")).unwrap();
        }
        for (name, scope) in [("batch", Scope::Batch), ("pair", Scope::Pair)] {
            let config = BatchConfig { plan, scope, pairing: Pairing::Flip };
            let drawn = BatchPlan::draw(key, &config, samples, &mut memory).unwrap();
            writeln!(out, "{name} {}", plan_line(drawn.get(0).unwrap(), 0)).unwrap();
        }
    }
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
    batches(&mut expected);
    noise(&mut expected);
    let port = String::from_utf8(output.stdout).unwrap();
    let (ours, theirs): (Vec<_>, Vec<_>) = (expected.lines().collect(), port.lines().collect());
    assert!(ours.len() > 8000, "only {} values were compared", ours.len());
    for (i, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        assert_eq!(ours, theirs, "value {i}: the core (left) and the port (right) differ");
    }
    assert_eq!(ours.len(), theirs.len());
}
