//! Every simulated implementation on every form of image that a probe can have: a right one never FAILs.

#[path = "support/trace.rs"]
mod trace;

use cutmix_verify::audit::Options;
use cutmix_verify::play::{VARIANTS, Variant, variant};
use cutmix_verify::probe::{Dtype, Kind, Phase, Spec, digest};
use cutmix_verify::profile::{Faults, Pairing, Pixels, Profile, Reports, Sharing};
use cutmix_verify::report::{Report, Status, Verdict};
use rayon::prelude::*;
use trace::audited;

const KINDS: [Kind; 6] = [Kind::Scr, Kind::Tri, Kind::Word24, Kind::Digits, Kind::Flat, Kind::Nan];
const SIZES: [(u32, u32); 8] = [(1, 1), (2, 2), (3, 2), (5, 4), (8, 6), (1, 64), (64, 1), (7, 5)];

/// The report on a variant, if there is such a probe.
fn judge(variant: &Variant, alpha: f64, change: impl FnOnce(&mut Phase)) -> Option<Report> {
    let mut phase = Phase { calls: 24, classes: 64, ..variant.phase() };
    change(&mut phase);
    let spec = |phase: &Phase| Spec::new(variant.spec().method, vec![phase.clone()]);
    spec(&phase).check().ok()?;
    phase.sha256 = digest(&phase);
    Some(audited(variant, &spec(&phase), alpha, phase.key, Options { alphas: vec![alpha], ..Options::default() }))
}

/// What a right implementation is accused of.
fn accused(name: &str, report: &Report) -> Option<String> {
    let codes: Vec<_> = report.findings.iter().map(|finding| finding.code.name()).collect();
    let first = report.findings.first().map(|finding| &finding.first);
    (report.verdict == Verdict::Fail).then(|| format!("{name}: {codes:?} {first:?}\n"))
}

fn right() -> Vec<&'static Variant> {
    VARIANTS.iter().filter(|variant| variant.is_right()).collect()
}

#[test]
fn a_right_implementation_never_fails_on_small_images() {
    let mut cases = Vec::new();
    for (variant, size) in right().into_iter().flat_map(|variant| SIZES.map(|size| (variant, size))) {
        for channels in [1, 3, 4] {
            // Those that people use, in every case; a third of the others.
            let often = |kind: Kind| matches!(kind, Kind::Scr | Kind::Nan);
            let taken = |kind: &Kind| often(*kind) || (size.0 + channels + *kind as u32).is_multiple_of(3);
            cases.extend(KINDS.into_iter().filter(taken).map(|kind| (variant, size, channels, kind)));
        }
    }
    let judged = cases.par_iter().filter_map(|&(variant, (width, height), channels, kind)| {
        let types = [Dtype::F32, Dtype::U8, Dtype::F16, Dtype::U16, Dtype::Bf16, Dtype::F64];
        // Whole numbers have no room for what is normalised.
        let fits = |dtype: &Dtype| dtype.is_float() || variant.name != "normalised";
        let turns = types.into_iter().cycle().skip((width * height + channels) as usize % types.len());
        let dtype = if kind == Kind::Scr { turns.into_iter().find(fits)? } else { Dtype::F32 };
        let report = judge(variant, 1.0, |phase| {
            (phase.width, phase.height, phase.channels, phase.kind, phase.dtype) =
                (width, height, channels, kind, dtype);
        })?;
        Some(accused(&format!("{} {width}x{height}x{channels} {kind:?} {dtype:?}", variant.name), &report))
    });
    let judged: Vec<Option<String>> = judged.collect();
    let wrong: Vec<&String> = judged.iter().flatten().collect();
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        judged.len(),
        wrong.into_iter().cloned().collect::<String>()
    );
}

#[test]
fn a_right_implementation_never_fails_by_key_and_kind() {
    let mut cases = Vec::new();
    for (variant, key) in right().into_iter().flat_map(|variant| (0..10).map(move |key| (variant, key))) {
        let sizes = [(40, 24), (32, 32), (8, 6), (7, 5), (17, 64)];
        let taken = |kind: &Kind| *kind == Kind::Nan || key < 2;
        cases.extend(KINDS.into_iter().filter(taken).map(|kind| (variant, key, sizes[key as usize % 5], kind)));
    }
    let judged = cases.par_iter().filter_map(|&(variant, key, (width, height), kind)| {
        let channels = 1 + (key as u32 + kind as u32) % 4;
        let report = judge(variant, 1.0, |phase| {
            (phase.width, phase.height, phase.channels, phase.kind) = (width, height, channels, kind);
            (phase.key, phase.dtype) = (0x5eed + 7919 * key, Dtype::F32);
        })?;
        Some(accused(&format!("{} {width}x{height}x{channels} {kind:?} key {key}", variant.name), &report))
    });
    let judged: Vec<Option<String>> = judged.collect();
    let wrong: Vec<&String> = judged.iter().flatten().collect();
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        judged.len(),
        wrong.into_iter().cloned().collect::<String>()
    );
}

/// What a wrong implementation does that a probe cannot show is named, and no wrong one is right for it.
#[test]
fn what_a_probe_cannot_show_is_untested() {
    // Of one channel there is no other order.
    let is_wrong =
        |variant: &&Variant| !variant.is_right() && variant.profile.faults.pixels != Pixels::ChannelsReversed;
    let wrong = VARIANTS.iter().filter(is_wrong);
    let cases: Vec<_> = wrong.flat_map(|variant| [Kind::Scr, Kind::Flat].map(|kind| (variant, kind))).collect();
    let judged = cases.par_iter().filter_map(|&(variant, kind)| {
        let report = judge(variant, 1.0, |phase| {
            (phase.channels, phase.kind, phase.dtype, phase.masks) = (1, kind, Dtype::F32, false);
            (phase.calls, phase.width, phase.height, phase.classes) = (64, 40, 24, 4100);
        })?;
        if report.verdict == Verdict::Fail {
            return None;
        }
        let untested = |id: &str| {
            report
                .checks
                .iter()
                .any(|check| check.id == id && check.status == Status::Untested && !check.reason.is_empty())
        };
        let noted = |words: &str| report.untested.iter().any(|note| note.contains(words));
        let named = match variant.profile.faults {
            Faults { pixels: Pixels::MaskMultiply | Pixels::NanToNumber, .. } => noted("kind nan"),
            Faults { pixels: Pixels::Truncated, .. } => noted("whole numbers"),
            Faults {
                pixels: Pixels::Flipped | Pixels::OtherPlace | Pixels::RowOff | Pixels::Scaled | Pixels::Transposed,
                ..
            } => kind == Kind::Flat && untested("S06"),
            Faults { reports: Reports::MaskOtherBox | Reports::MaskBlended | Reports::MaskFloat, .. } => {
                untested("M01")
            }
            _ => false,
        };
        (!named).then(|| format!("{} {kind:?}: {} {:?}\n", variant.name, report.because, report.untested))
    });
    let unnamed: String = judged.collect();
    assert!(unnamed.is_empty(), "{unnamed}");
}

/// A pipeline that normalises has one scaling for all calls: a box of nearly all of every image of a call does not hide it.
#[test]
fn a_pipeline_that_normalises_is_read_under_boxes_of_any_size() {
    for (sharing, pairing, batch) in [
        (Sharing::Batch, Pairing::Permutation, 8),
        (Sharing::Batch, Pairing::Roll, 2),
        (Sharing::Sample, Pairing::Flip, 5),
    ] {
        let profile = variant("normalised").unwrap().profile;
        let of = Variant { name: "normalised", about: "", profile: Profile { sharing, pairing, ..profile } };
        for (alpha, channels, key) in [(1.0, 3, 1), (0.2, 3, 2), (0.2, 1, 3)] {
            let report = judge(&of, alpha, |phase| {
                (phase.batch, phase.channels, phase.key) = (batch, channels, key);
                (phase.calls, phase.width, phase.height) = (400, 40, 24);
            });
            let report = report.unwrap();
            let large = report.coverage.as_ref().map_or(0, |coverage| coverage.draws);
            assert!(large > 100, "{sharing:?} {alpha} {channels}: {large} boxes");
            assert_eq!(accused("normalised", &report), None, "{sharing:?} {pairing:?} {batch} {alpha} {channels}");
        }
    }
}

/// Values that are in the batch are named so, and nothing false stands beside them.
#[test]
fn what_is_moved_is_displaced_and_nothing_else() {
    for name in
        ["resized", "row-off", "flipped", "other-place", "transposed-patch", "shifted-patch", "channels-reversed"]
    {
        for kind in [Kind::Scr, Kind::Tri, Kind::Nan] {
            for (width, height) in [(40, 24), (32, 32)] {
                let report = judge(variant(name).unwrap(), 1.0, |phase| {
                    (phase.kind, phase.width, phase.height, phase.calls) = (kind, width, height, 64);
                });
                let report = report.unwrap();
                let codes: Vec<_> =
                    report.findings.iter().map(|finding| (finding.code.name(), finding.count)).collect();
                assert_eq!(
                    codes.first().map(|code| code.0),
                    Some("DISPLACED"),
                    "{name} {kind:?} {width}x{height}: {codes:?}"
                );
                // Of a few pixels nothing shows whose they are; an edge that is not reached is a fact of its own.
                let few = |&(code, count): &(&str, u64)| code == "EDGE_NEVER" || count * 20 < codes[0].1;
                assert!(
                    codes[1..].iter().all(few),
                    "{name} {kind:?} {width}x{height}: {codes:?} {:?}",
                    report.findings
                );
            }
        }
    }
}
