//! The auditor against every implementation that can be simulated: each deviation is named with its own code, each right
//! implementation of any convention is not flagged.

#[path = "support/page.rs"]
mod page;
#[path = "support/trace.rs"]
mod trace;

use std::fmt::Write as _;

use cutmix_verify::audit::{Audit, CHECKS, Code, Options, all_entries};
use cutmix_verify::play::{VARIANTS, Variant, variant, variants};
use cutmix_verify::probe::{Dtype, Kind, Layout, Method, Phase, Spec, digest};
use cutmix_verify::profile::shape::shape_named;
use cutmix_verify::profile::{Forms, Label, OFFICIAL, PACKAGES, Pairing, Pixels, Profile, Sharing};
use cutmix_verify::report::{Report, Status, Verdict, text};
use page::page;
use trace::{audited, simulated};

fn judge(variant: &Variant, spec: &Spec, alpha: f64) -> Report {
    judge_seed(variant, spec, alpha, 2019)
}

fn judge_seed(variant: &Variant, spec: &Spec, alpha: f64, seed: u64) -> Report {
    audited(variant, spec, alpha, seed, Options { alphas: vec![alpha], ..Options::default() })
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code.name()).collect()
}

fn sorted_codes(report: &Report) -> Vec<&'static str> {
    let mut found = codes(report);
    found.sort_unstable();
    found
}

fn spec_of(variant: &Variant, change: impl FnOnce(&mut Phase)) -> Spec {
    let mut phase = variant.phase();
    change(&mut phase);
    phase.check().unwrap();
    phase.sha256 = digest(&phase);
    Spec::new(variant.spec().method, vec![phase])
}

#[test]
fn every_deviation_is_named_and_no_convention_is_flagged() {
    let mut wrong = String::new();
    let mut matrix = String::from("\n| implementation | what it does | verdict | codes |\n|---|---|---|---|\n");
    for variant in VARIANTS {
        let report = judge(variant, &variant.spec(), 1.0);
        let found = codes(&report);
        let about = variant.about.replace('|', "\\|");
        let (verdict, all) = (report.verdict.name(), found.join(" "));
        let _ = writeln!(matrix, "| {} | {about} | {verdict} | {all} |", variant.name);
        let fine = if variant.is_right() {
            found.is_empty() && report.verdict == Verdict::Inconclusive
        } else {
            let named = variant.codes().iter().all(|code| found.contains(&code.name()));
            // The first is its own, and nothing false stands beside it.
            let own = report.causes().all(|cause| variant.codes().contains(&cause.code));
            named && own && report.verdict == Verdict::Fail
        };
        if !fine {
            let first = report.findings.first().map(|finding| format!("{:?}", finding.first));
            let all = report.findings.iter().map(|f| format!("{} {} ({:?}) {:?}", f.count, f.code, f.follows, f.first));
            let all: Vec<String> = all.collect();
            let _ = write!(wrong, "{}: expected {:?}, found {all:?}\n    {first:?}\n", variant.name, variant.codes());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    page("matrix", &matrix);
}

#[test]
fn the_page_lists_every_code() {
    let mut codes = String::from("\n| code | check | what is wrong | shown by |\n|---|---|---|---|\n");
    for entry in all_entries() {
        let shown: Vec<&str> =
            variants().filter(|variant| variant.codes().contains(&entry.code)).map(|variant| variant.name).collect();
        let shown = match entry.code.name() {
            "APPLIED_AT_ZERO" => "`tests/cli_audit.rs`".into(),
            "CALL_RAISED" | "FORM_CHANGED" => "`tests/breadth.rs`".into(),
            "LABEL_EMPTY_BOX" => "label-raw, where its box is empty".into(),
            "BOX_RULE" => "full-extent, where official is accepted".into(),
            "CUTOUT_SIDE" => "cutout-square, where another side is promised".into(),
            "SHARING_OTHER" | "PAIRING_OTHER" | "PROB_OTHER" => "`tests/batching.rs`".into(),
            _ => shown.join(", "),
        };
        let _ = writeln!(codes, "| `{}` | {} | {} | {shown} |", entry.code, entry.check, entry.sentence);
    }
    page("codes", &codes);
}

#[test]
fn every_code_is_shown_by_a_simulation() {
    for entry in all_entries() {
        let shown = variants().any(|variant| variant.codes().contains(&entry.code));
        // Those that depend on what was asked for, or on a process: `cli_audit`, `law_audit`, `batching` and `breadth` have their
        // tests.
        let asked = ["APPLIED_AT_ZERO", "LABEL_EMPTY_BOX", "BOX_RULE", "CALL_RAISED", "FORM_CHANGED", "CUTOUT_SIDE"];
        let asked = asked.contains(&entry.code.name()) || entry.check == "B02";
        assert!(shown || asked, "{}", entry.code);
    }
}

/// A row that no mistake turns red is no check.
#[test]
fn every_check_fails_for_some_simulation() {
    // S15 has no simulation of its own: a label that follows the drawn lambda is changed where the box is empty as well. B02 is
    // about promises, which `tests/batching.rs` breaks one by one; X02 about calls that fail, which `tests/breadth.rs` has.
    let raw = variant("label-raw").unwrap();
    let empty = codes(&judge(raw, &raw.spec(), 0.2)).contains(&Code::LabelEmptyBox.name());
    assert!(empty);
    for (check, _) in CHECKS.iter().filter(|(check, _)| !["S15", "B02", "X02"].contains(check)) {
        let mut codes = all_entries().filter(|entry| entry.check == *check).map(|entry| entry.code);
        let shown = codes.any(|code| variants().any(|variant| variant.codes().contains(&code)));
        assert!(shown, "{check}: no simulated mistake has a code of this check");
    }
}

/// One call cannot show whether calls repeat, nor how often something is applied: it is not called ok.
#[test]
fn a_phase_too_short_to_see_a_check_says_so() {
    let status = |name: &str, calls: u32, check: &str| {
        let variant = variant(name).unwrap();
        let report = judge(variant, &spec_of(variant, |phase| phase.calls = calls), 1.0);
        report.checks.iter().find(|row| row.id == check).unwrap().status
    };
    for name in ["official", "same-draws", "stub"] {
        assert_eq!(status(name, 1, "G03"), Status::Untested, "{name}");
    }
    assert_eq!([status("official", 16, "G03"), status("same-draws", 16, "G03")], [Status::Ok, Status::Fail]);
    assert_eq!([status("stub", 1, "S16"), status("stub", 1, "G02")], [Status::Untested; 2]);
}

/// A side that is promised is judged; one that is not is named as not judged.
#[test]
fn the_side_of_a_square_is_held_against_its_promise() {
    let square = variant("cutout-square").unwrap();
    let report = |side| audited(square, &square.spec(), 1.0, 3, Options { side, ..Options::default() });
    assert_eq!(codes(&report(Some(12))), [""; 0]);
    for side in [5, 11, 13] {
        let report = report(Some(side));
        assert_eq!(codes(&report), ["CUTOUT_SIDE"], "{side}");
        assert_eq!(report.verdict, Verdict::Fail);
        assert!(report.findings[0].first.expected.contains(&format!("{side} pixels")), "{:?}", report.findings[0]);
    }
    assert!(report(None).untested.iter().any(|note| note.contains("--side")), "{:?}", report(None).untested);
    let other = variant("official").unwrap();
    let report = audited(other, &other.spec(), 1.0, 3, Options { side: Some(5), ..Options::default() });
    assert!(report.untested.iter().any(|note| note.starts_with("--side")), "{:?}", report.untested);
}

/// What looks wrong and is not, is some right implementation's convention.
#[test]
fn what_is_no_bug_is_simulated_as_right() {
    let is = |name: &str, convention: &dyn Fn(&Profile) -> bool| {
        assert!(VARIANTS.iter().any(|variant| variant.is_right() && convention(&variant.profile)), "{name}");
    };
    is("even extents, empty boxes, an image that is its own partner", &|profile| *profile == OFFICIAL);
    is("one box a batch", &|profile| profile.sharing == Sharing::Batch);
    is("one box a pair", &|profile| profile.sharing == Sharing::Pair);
    is("a partner that is not drawn", &|profile| profile.pairing == Pairing::Flip);
    is("the base inside the box", &|profile| profile.faults.pixels == Pixels::Inverted);
    is("another rounding of sides", &|profile| profile.shape != OFFICIAL.shape);
    is("two classes and a weight", &|profile| profile.types.forms == Forms::Targets);
    is("the drawn lambda, declared", &|profile| profile.label == Label::Raw);
    is("a blend", &|profile| profile.method == Method::Mixup);
}

/// A profile that is in no table is simulated, and its findings follow from its parts.
#[test]
fn a_new_mistake_is_simulated_and_named() {
    let profile = Profile { label: Label::Squared, pairing: Pairing::Roll, ..OFFICIAL };
    let new = Variant { name: "new", about: "lambda squared, rolled", profile };
    let report = judge(&new, &new.spec(), 1.0);
    assert_eq!(new.codes(), [Code::LabelSquared]);
    assert_eq!(codes(&report), ["LABEL_SQUARED"], "{:?}", report.findings);
    // Of the packages in use each is simulated as well, by what is known of it.
    for package in PACKAGES {
        let known = Variant { name: "package", about: package.note, profile: package.profile };
        let report = judge(&known, &known.spec(), 1.0);
        let (found, expected) = (codes(&report), known.codes());
        assert!(!expected.is_empty() || found.is_empty(), "{}: {:?}", package.name, report.findings);
        // The partner's share beside two classes is right or wrong by how it is read.
        let told = package.profile.types.forms != Forms::Targets && !package.profile.label.codes().is_empty();
        assert!(!told || found.iter().any(|code| code.starts_with("LABEL")), "{}: {found:?}", package.name);
    }
}

#[test]
fn types_layouts_and_frames() {
    for dtype in [Dtype::U8, Dtype::U16, Dtype::F16, Dtype::Bf16, Dtype::F32, Dtype::F64] {
        for (layout, frames) in
            [(Layout::Nchw, None), (Layout::Nhwc, Some(3)), (Layout::Nhwc, None), (Layout::Nchw, Some(2))]
        {
            for name in
                ["official", "flipped", "channel-left-out", "in-place-loop", "third-image", "label-raw", "mixup"]
            {
                let variant = variant(name).unwrap();
                let spec = spec_of(variant, |phase| {
                    (phase.dtype, phase.layout, phase.frames) = (dtype, layout, frames);
                    phase.calls = 16;
                });
                let report = judge(variant, &spec, 1.0);
                let found = codes(&report);
                let fine = variant.codes().iter().all(|code| found.contains(&code.name()));
                let first = report.findings.first().map(|finding| &finding.first);
                let fine = fine && (!variant.is_right() || found.is_empty());
                assert!(fine, "{name} {dtype:?} {layout:?} {frames:?}: {found:?} {first:?}");
            }
        }
    }
}

/// Seeds of each case; `CUTMIX_SEEDS` asks for more.
fn seeds() -> u64 {
    std::env::var("CUTMIX_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[test]
fn every_kind_of_probe_flags_no_right_implementation() {
    for kind in [Kind::Scr, Kind::Tri, Kind::Word24, Kind::Digits, Kind::Flat, Kind::Nan] {
        for name in ["official", "torchvision", "timm-pair", "nfnets", "cutout", "mixup"] {
            let variant = variant(name).unwrap();
            let spec = spec_of(variant, |phase| (phase.kind, phase.calls) = (kind, 32));
            // Where the method hides what the kind says, the probe is refused.
            let refused = match name {
                "mixup" => !matches!(kind, Kind::Scr | Kind::Tri),
                "cutout" => matches!(kind, Kind::Digits | Kind::Flat),
                _ => false,
            };
            assert_eq!(spec.check().is_err(), refused, "{kind:?} {name}");
            if refused {
                continue;
            }
            let report = judge(variant, &spec, 1.0);
            let first = report.findings.first().map(|finding| &finding.first);
            assert_eq!(codes(&report), [""; 0], "{kind:?} {name}: {first:?}");
            assert!(report.draws > 0, "{kind:?} {name}");
        }
    }
}

#[test]
fn digits_show_a_moved_patch_of_one_channel_of_bytes() {
    for (name, code) in [("row-off", "DISPLACED"), ("flipped", "DISPLACED")] {
        let variant = variant(name).unwrap();
        let spec = spec_of(variant, |phase| {
            (phase.kind, phase.dtype, phase.channels) = (Kind::Digits, Dtype::U8, 1);
        });
        let report = judge(variant, &spec, 1.0);
        assert_eq!(codes(&report).first(), Some(&code), "{name}: {:?}", report.findings);
    }
}

#[test]
fn small_batches_and_images_give_no_false_alarm() {
    let right = VARIANTS.iter().filter(|variant| variant.is_right());
    for variant in right {
        for (batch, width, height, channels) in
            [(1, 40, 24, 3), (2, 24, 40, 1), (3, 7, 5, 2), (5, 1, 1, 3), (4, 2, 2, 1), (8, 64, 64, 3)]
        {
            // Too little to tell a blend from anything else; such a probe is refused.
            let skip_mixup = variant.name.starts_with("mixup") && width * height * channels < 16;
            if skip_mixup || (batch == 1 && variant.name == "derangement") {
                continue;
            }
            let spec = spec_of(variant, |phase| {
                (phase.batch, phase.width, phase.height, phase.channels) = (batch, width, height, channels);
                phase.calls = 48;
            });
            for (alpha, seed) in
                [0.2, 1.0, 4.0].into_iter().flat_map(|alpha| (0..seeds()).map(move |seed| (alpha, seed)))
            {
                let report = judge_seed(variant, &spec, alpha, seed);
                let found = codes(&report);
                let first = report.findings.first().map(|finding| finding.first.clone());
                assert!(
                    found.is_empty(),
                    "{} {batch} x {width}x{height}x{channels}, alpha {alpha}, seed {seed}: {found:?} {first:?}",
                    variant.name
                );
            }
        }
    }
}

/// Half of the blends that are cut off are further from every line than rounding puts them: they are blends all the same, but
/// for those next to an image, of which hardly a value differs. What is seen of those follows.
#[test]
fn blends_that_are_cut_off_are_the_cause() {
    let truncated = variant("mixup-truncated").unwrap();
    for alpha in [0.4, 1.0, 32.0] {
        let report = judge(truncated, &truncated.spec(), alpha);
        let causes: Vec<Code> = report.causes().map(|cause| cause.code).collect();
        let counts: Vec<String> =
            report.findings.iter().map(|finding| format!("{} {}", finding.count, finding.code)).collect();
        println!("alpha {alpha}: {counts:?}");
        assert_eq!(causes, [Code::MixupTruncated], "alpha {alpha}: {counts:?}");
    }
}

/// Draws that are told by what they should not depend on, and all that Mixup did without: each is named by its own code alone,
/// and the same implementations without their mistake have none.
#[test]
fn what_is_planted_in_the_order_of_draws_is_named() {
    let audit = |variant: &Variant, draws: u64, alpha: f64| {
        let mut law = variant.law_phase(draws);
        law.batch = 8;
        law.calls = (draws / 7) as u32;
        law.sha256 = digest(&law);
        judge(variant, &Spec::new(variant.spec().method, vec![variant.phase(), law]), alpha)
    };
    let mut wrong = String::new();
    for name in [
        "lambda-by-class",
        "lambda-by-partner-class",
        "lambda-by-slot",
        "antithetic",
        "walking",
        "places-anew",
        "pool",
        "lattice",
        "mixup-by-class",
        "mixup-by-slot",
        "mixup-antithetic",
        "mixup-half-applied",
        "mixup-half-batches",
        "mixup-short-partner",
        "mixup-repeating",
    ] {
        let variant = variant(name).unwrap();
        let report = audit(variant, 9000, 1.0);
        let expected: Vec<&str> = variant.codes().iter().map(|code| code.name()).collect();
        let shown: Vec<String> = report.findings.iter().map(|finding| finding.first.actual.clone()).collect();
        println!("{name}: {:?} {shown:?}", codes(&report));
        if codes(&report) != expected {
            let _ = writeln!(wrong, "{name}: {:?}, {shown:?}, {}", codes(&report), report.because);
        }
    }
    for (name, alpha) in
        [("official", 1.0), ("mixup", 1.0), ("mixup", 0.2), ("mixup-roll", 0.5), ("mixup-in-type", 1.0)]
    {
        let report = audit(variant(name).unwrap(), 9000, alpha);
        let tests: Vec<String> =
            report.laws[0].tests.iter().map(|test| format!("{} {}", test.of, test.log10_e)).collect();
        println!("{name} at {alpha}: {} {tests:?}", report.verdict.name());
        if report.verdict == Verdict::Fail {
            let _ = writeln!(wrong, "{name} at {alpha}: {:?}, {}", codes(&report), report.because);
        }
        let ok = |id: &str| report.checks.iter().any(|check| check.id == id && check.status == Status::Ok);
        assert!(["S16", "L03", "L06", "L08"].iter().all(|id| ok(id)), "{name}: {:?}", report.checks);
        assert!(ok("L07") || name == "mixup-roll", "{name}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Draws as pixels show them: partners, rates, blends and rare defects, and right implementations that look strange.
#[test]
fn laws_are_judged_on_pixels() {
    let audit = |name: &str, alpha: f64, draws: u64, batch: Option<u32>| {
        let variant = variant(name).unwrap();
        let mut law = variant.law_phase(draws);
        law.batch = batch.unwrap_or(law.batch);
        law.sha256 = digest(&law);
        let spec = Spec::new(variant.spec().method, vec![variant.phase(), law]);
        judge(variant, &spec, alpha)
    };
    for (name, alpha, code) in [
        ("short-partner", 1.0, "PAIRING_BIASED"),
        ("mixup-alpha-half", 1.0, "ALPHA"),
        ("mixup-alpha-ignored", 0.2, "ALPHA_IGNORED"),
        ("mixup-folded", 1.0, "LAMBDA_FOLDED"),
        ("mixup-clipped", 1.0, "LAMBDA_CLIPPED"),
        ("mixup-plus-one", 1.0, "BETA_PARAMETERS"),
        ("rarely-label-raw", 1.0, "LABEL_WEIGHT"),
        ("rarely-strip", 1.0, "BOX_ASPECT"),
        ("half-applied", 1.0, "APPLY_RATE"),
        ("repeating", 1.0, "DUPLICATE_STREAM"),
    ] {
        let report = audit(name, alpha, 4000, None);
        assert!(codes(&report).contains(&code), "{name}: {:?} {}", codes(&report), report.because);
    }
    // Odd batches, of which a mirrored one keeps its middle; one image, which has no partner; the base inside the box.
    for (name, alpha, batch) in [
        ("mirrored", 1.0, Some(5)),
        ("mirrored", 0.2, Some(7)),
        ("official", 1.0, Some(1)),
        ("nfnets", 0.2, None),
        ("shared-centre", 1.0, None),
        ("mixup", 0.2, None),
    ] {
        let report = audit(name, alpha, 4000, batch);
        assert_eq!(codes(&report), [""; 0], "{name} at {alpha}: {}", report.because);
        assert_ne!(report.verdict, Verdict::Fail, "{name}");
    }
    // And enough of them pass.
    for (name, alpha) in [("timm-pair", 1.0), ("mirrored", 1.0), ("mixup", 1.0), ("cutout", 1.0)] {
        let report = audit(name, alpha, 9000, None);
        assert_eq!(report.verdict, Verdict::Pass, "{name}: {:?} {}", codes(&report), report.because);
    }
    let matched =
        |name: &str| audit(name, 1.0, 9000, None).matches.into_iter().map(|found| found.name).collect::<Vec<_>>();
    assert!(matched("torchvision").iter().any(|name| name.contains("torchvision")));
    assert!(matched("timm-pair").iter().any(|name| name.contains("timm")));
}

fn judge_accepting(name: &str, rule: Option<&str>, alpha: Option<f64>, draws: u64) -> Report {
    let variant = variant(name).unwrap();
    let spec = Spec::new(variant.spec().method, vec![variant.phase(), variant.law_phase(draws)]);
    let mut options = Options { alphas: alpha.into_iter().collect(), ..Options::default() };
    if let Some(rule) = rule {
        options.accept = vec![shape_named(rule).unwrap()];
    }
    audited(variant, &spec, alpha.unwrap_or(1.0), 2019, options)
}

/// Whoever says which rule is meant gets no finding that the rule explains: of sides, of edges that it never reaches.
#[test]
fn a_rule_that_is_accepted_passes_with_all_that_follows_from_it() {
    for (name, rule) in [
        ("between-2-8", "between-2-8"),
        ("between-2-8-short", "between-2-8-short"),
        ("centre-beyond", "centre-beyond"),
        ("corner", "corner"),
        ("inside", "inside"),
        ("inside-short", "inside-short"),
        ("inside-real", "inside-real"),
    ] {
        let report = judge_accepting(name, Some(rule), Some(1.0), 9000);
        assert_eq!(report.verdict, Verdict::Pass, "{name}: {:?} {}", codes(&report), report.because);
    }
}

/// Where it is not accepted, only its own code is given, and that of edges that it never reaches.
#[test]
fn what_a_rule_explains_is_no_finding_of_its_own() {
    for (name, expected) in [
        ("between-2-8", &["BOX_BETWEEN"][..]),
        ("between-2-8-short", &["BOX_BETWEEN", "EDGE_NEVER"]),
        ("centre-beyond", &["BOX_BEYOND"]),
        ("corner", &["BOX_CORNER"]),
        ("inside", &["BOX_INSIDE"]),
        ("inside-short", &["BOX_INSIDE", "EDGE_NEVER"]),
        ("inside-real", &["BOX_INSIDE", "EDGE_NEVER"]),
    ] {
        let report = judge_accepting(name, None, Some(1.0), 2000);
        assert_eq!(sorted_codes(&report), expected, "{name}: {}", report.because);
    }
}

/// What a report says agrees with its numbers: the first line, counts, examples, and checks beside what was found.
#[test]
fn a_report_of_the_law_agrees_with_itself() {
    let report = judge_accepting("corner", None, Some(1.0), 2000);
    let (run, finding) = (&report.laws[0], &report.findings[0]);
    assert_eq!(report.draws, run.draws);
    assert!(text(&report).starts_with("FAIL (cutmix) corner simulated: BOX_CORNER\n"), "{}", text(&report));
    // The count that says most, beside a box that no accepted rule makes.
    assert!(finding.first.expected.contains(&format!(" of {} boxes ", run.draws)), "{}", finding.first.expected);
    assert!(finding.first.patch.is_some() && finding.smallest.area <= finding.first.area);

    let report = judge_accepting("middle-places", None, Some(1.0), 2000);
    assert_eq!(codes(&report), ["LAW_UNKNOWN"]);
    let status = |report: &Report, id: &str| report.checks.iter().find(|check| check.id == id).unwrap().status;
    assert_eq!(["L01", "L02", "L04"].map(|id| status(&report, id)), [Status::Untested; 3]);
    assert!(!text(&report).contains("nearest"), "{}", text(&report));

    let report = judge_accepting("half-applied", None, Some(1.0), 2000);
    assert_eq!((codes(&report), status(&report, "S16")), (vec!["APPLY_RATE"], Status::Fail));
    // No single sample shows it.
    assert_eq!(report.findings[0].first.place(), "all draws together");
}

/// Where no law is judged, as on images that are too long for its tables, boxes are compared with all rules that are accepted.
#[test]
fn boxes_without_a_law_are_compared_with_what_is_accepted() {
    let of = variant("corner").unwrap();
    let spec = spec_of(of, |phase| (phase.width, phase.height, phase.channels, phase.calls) = (1040, 9, 1, 64));
    let found = |accept: &[&str]| {
        let accept = accept.iter().map(|name| shape_named(name).unwrap()).collect();
        let report = audited(of, &spec, 1.0, 2019, Options { accept, ..Options::default() });
        assert!(report.laws.is_empty(), "{:?}", codes(&report));
        codes(&report).contains(&"BOX_ASPECT")
    };
    assert!(found(&[]) && found(&["official"]));
    assert!(!found(&["corner"]) && !found(&["official", "corner"]));
}

/// Draws of a call that depend on each other are a convention: no unknown law, and no repeats.
#[test]
fn draws_that_depend_on_each_other_are_judged_by_call() {
    for (name, rule, words, expected) in [
        ("one-corner", "corner", "one first corner", &["BOX_CORNER"][..]),
        ("one-place", "inside-short", "one place relative", &["BOX_INSIDE", "EDGE_NEVER"]),
    ] {
        for alpha in [1.0, 0.2] {
            let report = judge_accepting(name, None, Some(alpha), 4000);
            assert_eq!(sorted_codes(&report), expected, "{name} at {alpha}: {}", report.because);
            assert!(report.laws[0].by_call, "{name} at {alpha}");
            let told =
                report.facts.iter().any(|fact| fact.value.contains("not independent") && fact.value.contains(words));
            assert!(told, "{name} at {alpha}: {:?}", report.facts);
        }
        let report = judge_accepting(name, Some(rule), Some(1.0), 9500);
        assert_eq!(report.verdict, Verdict::Pass, "{name}: {:?} {}", codes(&report), report.because);
    }
    let report = judge_accepting("random-alpha-by-call", None, Some(1.0), 9000);
    assert_eq!(codes(&report), ["ALPHA_RANDOM"], "{}", report.because);
    // Without an alpha none is wrong, and the law is named.
    let report = judge_accepting("random-alpha-by-call", None, None, 9000);
    assert_eq!(codes(&report), [""; 0], "{}", report.because);
    assert_eq!(report.laws[0].identified.law_code(), Some(Code::AlphaRandom), "{}", report.laws[0].identified.lambda());
    // Calls that are repeated are none of this, nor are draws that are independent.
    for (name, expected) in [("repeating", &["DUPLICATE_STREAM"][..]), ("official", &[])] {
        let report = judge_accepting(name, None, Some(1.0), 4000);
        assert_eq!(codes(&report), expected, "{name}: {}", report.because);
        assert!(!report.laws[0].by_call, "{name}");
    }
}

/// Few digits and one image a call: a blend is still one, and its label its label.
#[test]
fn a_blend_in_the_type_of_the_images_is_a_blend() {
    let found = |name: &str, dtype: Dtype, batch: u32| {
        let spec = spec_of(variant(name).unwrap(), |phase| (phase.dtype, phase.batch) = (dtype, batch));
        let report = judge(variant(name).unwrap(), &spec, 1.0);
        codes(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for dtype in [Dtype::U8, Dtype::F16, Dtype::Bf16, Dtype::F32] {
        for batch in [1, 2, 8] {
            assert_eq!(found("mixup-in-type", dtype, batch), [""; 0], "{dtype:?}, {batch}");
        }
        // What is wrong is still found.
        for (name, code) in [("mixup-label-swapped", "LABEL_SWAPPED"), ("mixup-label-unchanged", "LABEL_UNCHANGED")] {
            assert_eq!(found(name, dtype, 8), [code], "{dtype:?}");
        }
        assert!(found("mixup-in-place", dtype, 8).contains(&"ALIASED_PARTNER".to_owned()), "{dtype:?}");
        assert!(found("mixup-by-channel", dtype, 8).contains(&"MIXUP_VARIES".to_owned()), "{dtype:?}");
    }
}

/// One weight a batch, seen through rounding, is still one.
#[test]
fn a_weight_that_a_batch_shares_is_one_in_every_type() {
    let of = variant("mixup-roll").unwrap();
    for dtype in [Dtype::U8, Dtype::F16, Dtype::Bf16, Dtype::F32] {
        let spec = spec_of(of, |phase| (phase.dtype, phase.calls) = (dtype, 256));
        let report = judge(of, &spec, 1.0);
        assert_eq!(codes(&report), [""; 0], "{dtype:?}");
        let sharing = report.facts.iter().find(|fact| fact.name == "sharing").map(|fact| fact.value.as_str());
        assert!(sharing.is_some_and(|sharing| sharing.starts_with("one weight a batch")), "{dtype:?}: {sharing:?}");
    }
}

/// Who declares that it works in place is told whether it does.
#[test]
fn what_became_of_declared_inputs_is_a_fact() {
    for (name, expected) in
        [("input-changed", "changed, as declared"), ("official", "unchanged, though declared in_place")]
    {
        let of = variant(name).unwrap();
        let told = |in_place: bool| {
            let report = audited(of, &of.spec(), 1.0, 1, Options { in_place, ..Options::default() });
            let fact = report.facts.iter().find(|fact| fact.name == "images passed in").map(|fact| fact.value.clone());
            (fact, codes(&report).contains(&"INPUT_CHANGED"))
        };
        let (fact, found) = told(true);
        assert!(fact.as_ref().is_some_and(|fact| fact.starts_with(expected)) && !found, "{name}: {fact:?}");
        assert_eq!(told(false), (None, name == "input-changed"));
    }
}

/// The partner's label where its pixels are not: no other partner's.
#[test]
fn a_label_that_is_replaced_without_a_box_is_not_another_partners() {
    let variant = variant("label-replaced").unwrap();
    let report = judge(variant, &variant.spec(), 0.2);
    assert_eq!(sorted_codes(&report), ["LABEL_EMPTY_BOX", "LABEL_REPLACED"], "{:?}", report.findings);
}

#[test]
fn what_is_not_in_a_trace_is_untested() {
    let variant = variant("torchvision").unwrap();
    let report = judge(variant, &variant.spec(), 1.0);
    let masks = report.checks.iter().find(|check| check.id == "M01").unwrap();
    assert_eq!((masks.status, masks.tested), (Status::Untested, 0));
    let facts: Vec<&str> = report.facts.iter().map(|fact| fact.value.as_str()).collect();
    assert!(facts.iter().any(|fact| fact.starts_with("one box a batch")), "{facts:?}");
    assert!(facts.iter().any(|fact| fact.starts_with("roll by 1")), "{facts:?}");
}

/// Whole images, whatever is drawn: equal boxes in call after call are no sign of one seed.
#[test]
fn the_smallest_alpha_gives_no_false_alarm() {
    for name in ["torchvision", "timm-batch", "mixup-roll", "cutout"] {
        let variant = variant(name).unwrap();
        let spec = spec_of(variant, |phase| (phase.batch, phase.calls) = (2, 8));
        for seed in 0..40 * seeds() {
            for alpha in [0.001, 0.05] {
                let report = judge_seed(variant, &spec, alpha, seed);
                assert_eq!(codes(&report), [""; 0], "{name} {alpha}: {:?}", report.findings.first());
            }
        }
    }
}

/// The same seed for two probes is how scripts are run: no defect, and no new draws.
#[test]
fn traces_of_one_seed_are_no_defect_and_add_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let variant = variant("torchvision").unwrap();
    let mut audit = Audit::new(Options { alphas: vec![1.0], ..Options::default() });
    let mut draws = Vec::new();
    for (name, dtype) in [("a.npz", Dtype::F32), ("b.npz", Dtype::U8)] {
        let spec = spec_of(variant, |phase| phase.dtype = dtype);
        let path = folder.path().join(name);
        simulated(&path, variant, &spec, 1.0, 7);
        audit.read(&path, |_, _| {}).unwrap();
        draws.push(audit.report().draws);
    }
    let report = audit.report();
    assert_eq!(codes(&report), [""; 0], "{:?}", report.findings);
    assert_eq!(draws[0], draws[1]);
    assert!(
        report.untested.iter().any(|note| note.contains("b.npz") && note.contains("adds nothing")),
        "{:?}",
        report.untested
    );
}
