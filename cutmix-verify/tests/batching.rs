//! Who shares a draw, who is paired with whom, and what a throw of dice concerns: whatever of it is right is never flagged. Seeds
//! are fixed; audits and what came of them are printed (`--nocapture`).

#[path = "support/trace.rs"]
mod trace;

use cutmix_verify::audit::{Code, Options, Prob};
use cutmix_verify::play::Variant;
use cutmix_verify::probe::{Phase, Spec, digest};
use cutmix_verify::profile::{Faults, OFFICIAL, Pairing, Profile, Promised, Promises, Sharing, Throw};
use cutmix_verify::report::{Report, Status, Verdict};
use rayon::prelude::*;
use trace::audited;

/// A phase of few pixels.
fn phase(name: &str, calls: u32, batch: u32) -> Phase {
    let mut phase = Phase {
        name: name.into(),
        calls,
        batch,
        classes: 2 * batch + 1,
        width: 16,
        height: 12,
        channels: 3,
        ..Phase::structure()
    };
    phase.sha256 = digest(&phase);
    phase
}

fn audit(profile: Profile, phases: Vec<Phase>, alpha: f64, seed: u64, options: Options) -> Report {
    let variant = Variant { name: "right", about: "", profile };
    let spec = Spec::new(profile.method, phases);
    audited(&variant, &spec, alpha, seed, Options { alphas: vec![alpha], ..options })
}

/// Once all, half of the batches, half of the samples.
const THROWS: [(f64, bool); 3] = [(1.0, false), (0.5, true), (0.5, false)];

/// Every scope with every map of partners and every length of batch; throws and alphas take turns.
fn grid() -> Vec<(Profile, u32, f64)> {
    let mut all = Vec::new();
    let pairings = Pairing::ALL.iter().filter(|pairing| pairing.codes().is_empty());
    for (number, &pairing) in pairings.enumerate() {
        let sharings = [Sharing::Batch, Sharing::Pair, Sharing::Partners, Sharing::Sample];
        for (turn, sharing) in sharings.into_iter().enumerate() {
            for batch in 1..=8 {
                let [throw, alpha] = [batch + number, batch + turn + number / 3].map(|turn| turn % 3);
                let (prob, by_call) = THROWS[throw];
                let faults = Faults { prob, by_call, ..Faults::NONE };
                all.push((Profile { sharing, pairing, faults, ..OFFICIAL }, batch as u32, [0.2, 1.0, 2.0][alpha]));
            }
        }
    }
    // Of two images a partner of one class is not told from one that is left alone.
    // Two images rolled by two stay where they are, so that nothing is ever applied.
    all.retain(|(profile, batch, _)| !matches!(profile.pairing, Pairing::ClassWise | Pairing::RollTwo) || *batch != 2);
    all
}

#[test]
fn no_right_way_to_share_and_pair_is_flagged() {
    let audits: Vec<_> = grid()
        .into_par_iter()
        .map(|(profile, batch, alpha)| {
            let options = Options { prob: Prob::Known(profile.faults.prob), ..Options::default() };
            let report = audit(profile, vec![phase("structure", 320, batch)], alpha, 7 + u64::from(batch), options);
            (profile, batch, alpha, report)
        })
        .collect();
    let wrong: Vec<String> = audits
        .iter()
        .filter(|(.., report)| !report.findings.is_empty() || report.verdict == Verdict::Fail)
        .map(|(Profile { sharing, pairing, faults, .. }, batch, alpha, report)| {
            let throw = format!("{} by call {}", faults.prob, faults.by_call);
            let found = codes(report);
            format!("{sharing:?} {pairing:?} of {batch}, {throw}, alpha {alpha}: {found:?} {}", report.because)
        })
        .collect();
    let passed = audits.iter().filter(|(.., report)| report.verdict == Verdict::Pass).count();
    println!("{} audits, {passed} PASS, {} flagged", audits.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn status(report: &Report, id: &str) -> Status {
    report.checks.iter().find(|check| check.id == id).unwrap().status
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code.name()).collect()
}

/// Of each promise the implementations that keep it, and those that break it.
#[test]
fn a_broken_promise_fails_with_its_code_and_a_kept_one_does_not() {
    let of = |sharing, pairing| Profile { sharing, pairing, ..OFFICIAL };
    let sharings = [Sharing::Batch, Sharing::Pair, Sharing::Sample, Sharing::Lambda, Sharing::Centre];
    for (sharing, promised) in sharings.iter().flat_map(|&one| sharings.map(|other| (one, other))) {
        let promises = Promises { sharing: Some(promised), ..Promises::default() };
        let options = Options { promises, ..Options::default() };
        let report = audit(of(sharing, Pairing::Permutation), vec![phase("structure", 200, 8)], 1.0, 3, options);
        let expected: &[&str] = if sharing == promised { &[] } else { &["SHARING_OTHER"] };
        assert_eq!(codes(&report), expected, "{sharing:?}, promised {promised:?}");
        assert_eq!(status(&report, "B02"), if sharing == promised { Status::Ok } else { Status::Fail });
    }
    let kept: [(Pairing, &[Promised]); 7] = [
        (Pairing::Roll, &[Promised::Roll]),
        (Pairing::RollTwo, &[Promised::Roll]),
        (Pairing::Flip, &[Promised::Mirror]),
        (Pairing::Neighbours, &[]),
        (Pairing::Permutation, &[Promised::Permutation]),
        (Pairing::Derangement, &[Promised::Permutation, Promised::Derangement]),
        (Pairing::Replacement, &[Promised::Replacement]),
    ];
    for (pairing, keeps) in kept {
        for promised in Promised::ALL {
            let promises = Promises { pairing: Some(promised), ..Promises::default() };
            let options = Options { promises, ..Options::default() };
            let report = audit(of(Sharing::Sample, pairing), vec![phase("structure", 200, 7)], 1.0, 3, options);
            let fine = promised == Promised::Given || keeps.contains(&promised);
            let expected: &[&str] = if fine { &[] } else { &["PAIRING_OTHER"] };
            assert_eq!(codes(&report), expected, "{pairing:?}, promised {promised:?}");
        }
    }
    for (by_call, promised) in
        [(true, Throw::Batch), (true, Throw::Sample), (false, Throw::Batch), (false, Throw::Sample)]
    {
        for sharing in [Sharing::Batch, Sharing::Pair, Sharing::Sample, Sharing::Lambda] {
            let faults = Faults { prob: 0.5, by_call, ..Faults::NONE };
            let profile = Profile { faults, ..of(sharing, Pairing::Roll) };
            let promises = Promises { throw: Some(promised), ..Promises::default() };
            let options = Options { promises, prob: Prob::Known(0.5), ..Options::default() };
            let report = audit(profile, vec![phase("structure", 400, 6)], 0.2, 3, options);
            let expected: &[&str] = if by_call == (promised == Throw::Batch) { &[] } else { &["PROB_OTHER"] };
            assert_eq!(codes(&report), expected, "{sharing:?}, by call {by_call}, promised {promised:?}");
        }
    }
}

/// Nothing is said of a promise that two images, or a few calls, cannot show; and there is no PASS.
#[test]
fn a_promise_that_does_not_show_is_untested() {
    let promises =
        Promises { sharing: Some(Sharing::Pair), pairing: Some(Promised::Derangement), throw: Some(Throw::Batch) };
    let options = Options { promises, ..Options::default() };
    let report = audit(OFFICIAL, vec![phase("structure", 400, 2)], 1.0, 3, options);
    assert_eq!((codes(&report), status(&report, "B02")), (Vec::new(), Status::Untested));
    assert_eq!(report.untested.iter().filter(|note| note.starts_with("B02: the promised ")).count(), 3);
    assert!(report.because.contains("B02"), "{}", report.because);
    // Without a promise there is nothing to look at.
    let report = audit(OFFICIAL, vec![phase("structure", 400, 2)], 1.0, 3, Options::default());
    assert_eq!(status(&report, "B02"), Status::NotApplicable);
}

/// Batches of every length are mixed by one recipe; one that changes is found, and none of those that do not.
#[test]
fn a_pairing_that_changes_with_the_batch_is_found() {
    let phases = || vec![phase("structure", 64, 8), phase("odd", 32, 5)];
    for &pairing in Pairing::ALL.iter().filter(|pairing| !pairing.codes().contains(&Code::PairingBiased)) {
        for sharing in [Sharing::Batch, Sharing::Sample] {
            let profile = Profile { sharing, pairing, ..OFFICIAL };
            let report = audit(profile, phases(), 1.0, 5, Options::default());
            let changes = pairing == Pairing::ByLength;
            assert_eq!(codes(&report), if changes { vec!["BATCHING_CHANGES"] } else { Vec::new() }, "{pairing:?}");
            assert_eq!(status(&report, "B01"), if changes { Status::Fail } else { Status::Ok }, "{pairing:?}");
        }
    }
    let by_length = Profile { pairing: Pairing::ByLength, ..OFFICIAL };
    let first = &audit(by_length, phases(), 1.0, 5, Options::default()).findings[0].first;
    assert_eq!(first.expected, "as in phase structure: roll by 1 (B is image i-1)");
    assert_eq!((first.phase.as_str(), first.actual.as_str()), ("odd", "flip (i with B-1-i)"));
}

/// How often partners were chosen is counted once for each choice that was looked at.
#[test]
fn biased_partners_are_counted_once() {
    let profile = Profile { pairing: Pairing::Short, ..OFFICIAL };
    let report = audit(profile, vec![phase("structure", 1200, 8)], 1.0, 5, Options::default());
    let finding = report.findings.iter().find(|finding| finding.code == Code::PairingBiased).unwrap();
    println!("{} of {} choices, {} samples", finding.count, finding.of, report.samples);
    assert!(finding.count == finding.of && finding.of <= u64::from(1200_u32), "one choice a call at most");
    assert!(finding.count > 700, "{}", finding.count);
}
