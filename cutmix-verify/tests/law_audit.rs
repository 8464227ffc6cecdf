//! The second half of the auditor, without pixels: draws of every simulated implementation against their laws. Seeds are as
//! they were first chosen, and statistics are printed (`--nocapture`).

#[path = "support/page.rs"]
mod page;

use std::fmt::Write as _;

use cutmix_verify::audit::judge::{Applied, Evidence, Judged, Part, Place, Terms, judge, judge_without_alpha};
use cutmix_verify::audit::{Code, Prob, planned_draws};
use cutmix_verify::play::{LAWS, Variant, draws_of, variant};
use cutmix_verify::profile::shape::{SHAPES, Shape, shape_named};
use cutmix_verify::profile::{LambdaLaw, Ties, pairs};
use cutmix_verify::report::{Reason, Verdict};
use page::page;
use serde_json::Value;

const SIZE: [u32; 2] = [40, 24];

fn terms(accept: &[&str], alpha: f64) -> Terms {
    let accept: Vec<&'static Shape> = match accept {
        ["paper"] => SHAPES.iter().filter(|shape| shape.allowed()).collect(),
        names => names.iter().map(|name| shape_named(name).unwrap()).collect(),
    };
    let planned = planned_draws(SIZE, alpha, 1.25);
    let laws = vec![LambdaLaw::AsAsked];
    Terms { accept, laws, tolerance: 1.25, prob: Prob::Known(1.0), runs: 1, planned, square_only: false, fixed: None }
}

fn evidence(variant: &Variant, alpha: f64, size: [u32; 2], number: usize, seed: u64) -> Evidence {
    let (boxes, applied) = draws_of(variant, alpha, size, number, seed).unwrap();
    let place = |call: usize| Place { call: call as u32, ..Place::default() };
    let places = (0..boxes.len()).map(place).collect();
    let parts = vec![Part { size, boxes, places, applied: vec![Applied::of(vec![0.0], applied)], ..Part::default() }];
    Evidence { alpha: Some(alpha), parts, one_process: true, ..Evidence::default() }
}

fn audit(variant: &Variant, alpha: f64, number: usize, seed: u64, terms: &Terms) -> Judged {
    judge(&evidence(variant, alpha, SIZE, number, seed), terms).unwrap()
}

fn codes(judged: &Judged) -> Vec<&'static str> {
    judged.found.iter().map(|found| found.code.name()).collect()
}

fn reference() -> Value {
    serde_json::from_str(include_str!("data/laws.json")).unwrap()
}

/// Those whose draws alone can be told: no labels, blends or partners.
fn told_by_draws() -> impl Iterator<Item = &'static Variant> {
    let geometry = ["strip", "width-from-height", "sides-exchanged", "two-lambdas"].map(|name| variant(name).unwrap());
    let draws = |variant: &&Variant| {
        !variant.name.starts_with("mixup")
            && !["rarely-label-raw", "by-length", "short-partner"].contains(&variant.name)
            && variant.profile.faults.ties == Ties::Nothing
    };
    LAWS.iter().filter(|variant| !variant.is_right()).filter(draws).chain(geometry)
}

/// At alpha 1 some laws are the one that was asked for.
fn same_at_one(variant: &Variant) -> bool {
    let law = variant.profile.lambda;
    law != LambdaLaw::AsAsked && law.as_asked_at_one()
}

/// What a draw of the deviation is called in the table of draws that detection needs.
const PREDICTED: [(&str, &str); 23] = [
    ("transposed", "W/H swapped (ART axes)"),
    ("sides-exchanged", "cut W/H swapped, centres ok"),
    ("width-from-height", "W scale from H"),
    ("inside", "inside only"),
    ("inside-short", "inside only, W-cut-1 (kornia)"),
    ("inside-real", "inside real (keras3)"),
    ("corner", "corner anchored, ceil (MONAI)"),
    ("strip", "full-height strip"),
    ("two-lambdas", "indep lambda per axis"),
    ("full-extent", "full width (cut, odd ok)"),
    ("paper", "real centre, round"),
    ("half-ceil", "ceil(Ws/2)"),
    ("half-round", "round(Ws/2)"),
    ("round-half", "round(Ws)//2 (fastai)"),
    ("root-omitted", "sqrt omitted"),
    ("centre-one-based", "centre 1..W"),
    ("centre-inclusive", "centre 0..W inclusive"),
    ("centre-short", "centre 0..W-2"),
    ("least-one", "min 1px (keras.io example)"),
    ("beta-plus-one", "Beta(a+1,a)"),
    ("alpha-half", "alpha*0.5"),
    ("alpha-more", "alpha*1.5"),
    ("alpha-ignored", "alpha=1(ignored)"),
];

/// Draws that the exact law predicts a detection to need (99.9 % of the time), against the official rule.
fn predicted(known: &Value, variant: &str, alpha: f64) -> Option<f64> {
    let name = PREDICTED.iter().find(|(ours, _)| *ours == variant)?.1;
    let row = &known["power_exact_small"][format!("40x24,alpha={alpha:.1}")]["rows"][name];
    row["N_cond"].as_f64()
}

#[test]
fn deviations_fail_within_the_predicted_draws() {
    let known = reference();
    let mut worst: f64 = 0.0;
    for alpha in [1.0, 0.2] {
        let terms = terms(&["official"], alpha);
        for (name, _) in PREDICTED {
            let variant = variant(name).unwrap();
            let Some(needed) = predicted(&known, name, alpha) else { continue };
            for seed in 0..2 {
                let number = ((1.5 * needed) as usize + 8).min(12_000);
                let judged = audit(variant, alpha, number, seed, &terms);
                let decided = judged.run.decided.unwrap_or(u64::MAX);
                let allowed = 1.5 * needed + 2.0;
                // What needs more than this is left to the long run.
                if allowed > 12_000.0 && decided == u64::MAX {
                    continue;
                }
                assert!((decided as f64) <= allowed, "{name} at {alpha}, seed {seed}: {decided} draws for {needed}");
                worst = worst.max(decided as f64 / needed.max(6.0));
            }
        }
    }
    println!("largest ratio of draws to those predicted: {worst:.2}");
}

#[test]
fn every_deviation_is_named_and_the_matrix_is_the_page() {
    let known = reference();
    let mut wrong = String::new();
    let mut matrix = String::from(
        "\n| implementation | what it does | alpha | verdict | codes | sure after | predicted |\n|---|---|---|---|---|---|---|\n",
    );
    for variant in told_by_draws() {
        for alpha in [1.0, 0.2] {
            let terms = terms(&["paper"], alpha);
            // A few small boxes tell these: a live audit goes on until they do.
            let rounds = if variant.profile.shape.code == Some(Code::BoxLeastOne) { 4 } else { 1 };
            let judged = audit(variant, alpha, rounds * terms.planned as usize, 1, &terms);
            let found = codes(&judged);
            let same = alpha == 1.0 && same_at_one(variant);
            // In a mixture the exact checks name what is wrong with a sample.
            let named = |code: &Code| found.contains(&code.name()) || *code == "BOX_ASPECT";
            let fine = if same {
                judged.run.verdict == Verdict::Pass
            } else {
                judged.run.verdict == Verdict::Fail && variant.codes().iter().all(named)
            };
            if !fine {
                let verdict = judged.run.verdict.name();
                let _ = writeln!(wrong, "{} at {alpha}: {verdict} {found:?} {:?}", variant.name, judged.run.because);
            }
            let decided = judged.run.decided.map_or("-".into(), |draws| draws.to_string());
            let law = predicted(&known, variant.name, alpha).map_or("-".into(), |draws| draws.to_string());
            let note = if same { "the same law at alpha 1" } else { variant.about };
            let (verdict, codes) = (judged.run.verdict.name(), found.join(" "));
            let _ =
                writeln!(matrix, "| {} | {note} | {alpha} | {verdict} | {codes} | {decided} | {law} |", variant.name);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    page("laws", &matrix);
}

/// Two things that are wrong at once are named both; `selftest --pairs` has all pairs, this every nineteenth.
#[test]
fn rules_and_laws_that_are_wrong_together_are_named_both() {
    let (alpha, mut wrong) = (0.5, String::new());
    for profile in pairs().step_by(19) {
        let of = Variant { name: "pair", about: "", profile };
        let terms = terms(&["paper"], alpha);
        let judged = audit(&of, alpha, terms.planned as usize, 1, &terms);
        let found = codes(&judged);
        if !of.codes().iter().all(|code| found.contains(&code.name())) {
            let _ =
                writeln!(wrong, "{} with {:?}: {found:?}, not {:?}", profile.shape.name, profile.lambda, of.codes());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// An interval that no table has is fitted: both its ends are told to what boxes of this size show.
#[test]
fn intervals_of_lambda_are_told_from_the_boxes() {
    for (name, alpha, text) in [
        ("clipped-hundredth", 0.2, "lambda forced to 0.99 at most"),
        ("clipped-hundredth", 1.0, "lambda forced to 0.99 at most"),
        ("between-lambda", 1.0, "lambda uniform on 0.5 to 0.7"),
        ("constant-lambda", 0.2, "lambda is always 0.6"),
    ] {
        let terms = terms(&["paper"], alpha);
        let judged = audit(variant(name).unwrap(), alpha, terms.planned as usize, 1, &terms);
        assert_eq!(codes(&judged), ["LAMBDA_CLIPPED"], "{name} at {alpha}");
        let found = judged.found[0].what.to_string();
        assert!(found.contains(text), "{name} at {alpha}: {found}");
        // An estimate lies in its own interval, even where no alpha explains the draws.
        let interval = judged.run.interval.unwrap();
        assert!(interval.low <= interval.hat && interval.hat <= interval.high, "{name}: {interval:?}");
    }
}

/// What is accepted passes, and nothing else does.
#[test]
fn accepted_laws_pass_and_others_fail() {
    let accepting = |laws: &[LambdaLaw]| Terms { laws: laws.to_vec(), ..terms(&["paper"], 0.5) };
    let kept = LambdaLaw::Clipped { least: 0.01, most: 0.99 };
    for (name, law, other) in [
        ("folded", LambdaLaw::Folded, "official"),
        ("clipped", LambdaLaw::CLIPPED, "folded"),
        ("middle-lambda", LambdaLaw::MIDDLE, "clipped"),
        ("alpha-ignored", LambdaLaw::One, "official"),
        ("clipped-hundredth", kept, "official"),
    ] {
        let terms = accepting(&[law]);
        // A margin, as a live audit takes more rounds.
        let number = terms.planned as usize * 3 / 2;
        let judged = audit(variant(name).unwrap(), 0.5, number, 1, &terms);
        assert_eq!(judged.run.verdict, Verdict::Pass, "{name}: {:?} {:?}", codes(&judged), judged.run.because);
        let judged = audit(variant(other).unwrap(), 0.5, number, 1, &terms);
        assert_eq!(judged.run.verdict, Verdict::Fail, "{other} where {name} is accepted");
    }
}

/// Of rules that lambda has no part in no alpha is asked, where they are accepted.
#[test]
fn rules_without_lambda_need_no_alpha() {
    for name in ["half-area", "random-erasing", "segmentation", "between-2-8", "two-points"] {
        let accept = terms(&[name], 1.0);
        let mut drawn = evidence(variant(name).unwrap(), 1.0, SIZE, accept.planned as usize, 3);
        drawn.alpha = None;
        let judged = judge_without_alpha(&drawn, &accept).unwrap();
        assert_eq!(judged.run.verdict, Verdict::Pass, "{name}: {:?} {:?}", codes(&judged), judged.run.because);
        assert_eq!((judged.run.identified.rule(), judged.run.alpha), (name, None));
        // Not accepted, it is named; where an alpha was asked for, it is wrong.
        let judged = judge(&drawn, &terms(&["paper"], 1.0)).unwrap();
        assert!(codes(&judged).is_empty() && judged.run.verdict == Verdict::Inconclusive, "{name}");
        assert_eq!(judged.run.identified.rule(), name);
        let hint =
            judged.run.because.iter().any(|reason| matches!(reason, Reason::NotAccepted(shape) if shape.name == name));
        assert!(hint, "{name}: {:?}", judged.run.because);
        let judged = judge(&Evidence { alpha: Some(1.0), ..drawn }, &terms(&["paper"], 1.0)).unwrap();
        assert_eq!(codes(&judged), ["BOX_BETWEEN"], "{name}");
    }
}

/// Rules that are accepted, and what draws by them.
const RIGHT: [(&str, &str); 11] = [
    ("official", "official"),
    ("official-f32", "official"),
    ("paper", "paper"),
    ("full-extent", "full-extent"),
    ("full-round", "full-round"),
    ("round-half", "round-half"),
    ("half-round", "half-round"),
    ("half-ceil", "half-ceil"),
    ("real-truncated", "real-truncated"),
    ("shared-lambda", "official"),
    ("shared-centre", "official"),
];

#[test]
fn what_is_right_passes_at_the_planned_draws() {
    for alpha in [0.2, 1.0, 2.0] {
        let terms = terms(&["paper"], alpha);
        for (name, rule) in RIGHT {
            let judged = audit(variant(name).unwrap(), alpha, terms.planned as usize, 11, &terms);
            let run = &judged.run;
            assert_eq!(run.verdict, Verdict::Pass, "{name} at {alpha}: {:?} {:?}", codes(&judged), run.because);
            assert_eq!(run.identified.rule(), rule, "{name} at {alpha}");
            // Boxes of no pixel are too rare at alpha 2 to tell whether they would get one.
            let least = ["least-one", "half-least-one", "half-least-two", "full-least-one", "full-least-two"];
            let sure = run.identified.rule_odds >= 6.0 || (alpha == 2.0 && least.contains(&run.identified.rival()));
            assert!(sure && run.open.is_empty() && run.refuted == run.deviations, "{name} at {alpha}");
            let interval = run.interval.unwrap();
            assert!(interval.low <= alpha && alpha <= interval.high, "{name}: {interval:?}");
            assert!(interval.high / interval.low < 1.5, "{name}: {interval:?}");
            let rate = 9.21 / terms.planned as f64;
            assert!((run.excluded_rate / rate - 1.0).abs() < 0.01, "{name}: {}", run.excluded_rate);
        }
    }
}

#[test]
fn fewer_draws_do_not_pass_and_say_how_many_are_missing() {
    let terms = terms(&["paper"], 1.0);
    for number in [1, 10, 300, 3000, terms.planned as usize - 1] {
        let judged = audit(variant("official").unwrap(), 1.0, number, 3, &terms);
        assert_eq!(judged.run.verdict, Verdict::Inconclusive, "{number}: {:?}", codes(&judged));
        assert_eq!(judged.run.needed, Some(terms.planned - number as u64));
    }
    let nothing = Evidence { alpha: Some(1.0), ..Evidence::default() };
    assert!(judge(&nothing, &terms).is_none());
}

#[test]
fn a_named_rule_accepts_that_rule_alone() {
    let official = terms(&["official"], 1.0);
    let judged = audit(variant("full-extent").unwrap(), 1.0, 2000, 5, &official);
    assert_eq!(codes(&judged), ["BOX_RULE"]);
    let inside = terms(&["inside"], 1.0);
    let judged = audit(variant("inside").unwrap(), 1.0, inside.planned as usize, 5, &inside);
    assert_eq!(judged.run.verdict, Verdict::Pass, "{:?} {:?}", codes(&judged), judged.run.because);
    let judged = audit(variant("official").unwrap(), 1.0, 2000, 5, &inside);
    assert_eq!(judged.run.verdict, Verdict::Fail);
}

/// What comes nearest is refuted, so it is not named; what is known exactly is.
#[test]
fn a_law_that_nothing_explains_is_unknown_and_nothing_else() {
    for (name, fact) in [
        ("middle-places", "no box away from the borders has its middle in columns "),
        ("triangular-places", "boxes lie in the middle half of their room of columns, "),
    ] {
        for alpha in [1.0, 0.2] {
            let terms = terms(&["paper"], alpha);
            let judged = audit(variant(name).unwrap(), alpha, terms.planned as usize, 1, &terms);
            assert_eq!(codes(&judged), ["LAW_UNKNOWN"], "{name} at {alpha}");
            assert!(!judged.run.identified.explains, "{name} at {alpha}");
            let text = judged.found[0].what.to_string();
            println!("{name} at {alpha}: {text}");
            assert!(
                text.starts_with("nothing that is known explains: ") && text.contains(fact),
                "{name} {alpha}: {text}"
            );
        }
    }
}

#[test]
fn square_images_hide_exchanged_axes() {
    let mut terms = terms(&["paper"], 1.0);
    terms.planned = planned_draws([32, 32], 1.0, 1.25);
    let drawn = evidence(variant("official").unwrap(), 1.0, [32, 32], terms.planned as usize, 7);
    let run = judge(&drawn, &terms).unwrap().run;
    assert_eq!(run.verdict, Verdict::Inconclusive);
    assert!(run.because.contains(&Reason::Square), "{:?}", run.because);
    terms.square_only = true;
    assert_eq!(judge(&drawn, &terms).unwrap().run.verdict, Verdict::Pass);
}

#[test]
fn without_an_alpha_its_interval_is_given_and_no_verdict() {
    let terms = terms(&["paper"], 1.0);
    for alpha in [0.3, 1.0, 3.0] {
        let mut drawn = evidence(variant("full-extent").unwrap(), alpha, SIZE, 6000, 13);
        drawn.alpha = None;
        let judged = judge(&drawn, &Terms { planned: 100, ..terms.clone() }).unwrap();
        assert_eq!(judged.run.verdict, Verdict::Inconclusive, "{alpha}: {:?}", codes(&judged));
        assert_eq!(judged.run.identified.rule(), "full-extent");
        let interval = judged.run.interval.unwrap();
        assert!(interval.low < alpha && alpha < interval.high, "{alpha}: {interval:?}");
        // A rule that nobody accepts is wrong at every alpha.
        let mut drawn = evidence(variant("corner").unwrap(), alpha, SIZE, 3000, 13);
        drawn.alpha = None;
        let judged = judge(&drawn, &terms).unwrap();
        assert!(codes(&judged).contains(&"BOX_CORNER"), "{alpha}: {:?}", codes(&judged));
    }
}

#[test]
fn alphas_within_the_tolerance_are_not_refuted_and_beyond_it_are() {
    // Within it a small audit may pass; what is estimated says so.
    let terms = terms(&["paper"], 1.0);
    let near = evidence(variant("official").unwrap(), 1.05, SIZE, terms.planned as usize, 17);
    let judged = judge(&Evidence { alpha: Some(1.0), ..near }, &terms).unwrap();
    assert_ne!(judged.run.verdict, Verdict::Fail);
    let far = evidence(variant("official").unwrap(), 1.4, SIZE, terms.planned as usize, 17);
    let judged = judge(&Evidence { alpha: Some(1.0), ..far }, &terms).unwrap();
    assert_eq!(codes(&judged), ["ALPHA"]);
    let interval = judged.run.interval.unwrap();
    assert!(interval.low < 1.4 && 1.4 < interval.high && interval.low > 1.0, "{interval:?}");
}

#[test]
fn an_unpromised_rate_is_told_from_a_promised_one() {
    let half = variant("half-applied").unwrap();
    for (prob, verdict) in [(1.0, Verdict::Fail), (0.5, Verdict::Pass), (0.7, Verdict::Fail)] {
        let terms = Terms { prob: Prob::Known(prob), ..terms(&["paper"], 1.0) };
        let judged = audit(half, 1.0, terms.planned as usize, 19, &terms);
        assert_eq!(judged.run.verdict, verdict, "{prob}: {:?} {:?}", codes(&judged), judged.run.because);
        if verdict == Verdict::Fail {
            assert_eq!(codes(&judged), ["APPLY_RATE"], "{prob}");
        }
    }
    let terms = Terms { prob: Prob::Unknown, ..terms(&["paper"], 1.0) };
    assert_eq!(audit(half, 1.0, terms.planned as usize, 19, &terms).run.verdict, Verdict::Pass);
}

#[test]
fn repeated_draws_add_nothing_and_within_one_process_they_are_a_defect() {
    let terms = terms(&["paper"], 1.0);
    let mut drawn = evidence(variant("official").unwrap(), 1.0, SIZE, 3000, 23);
    let part = &mut drawn.parts[0];
    let (boxes, mut places) = (part.boxes.clone(), part.places.clone());
    part.boxes.extend(boxes);
    // A second trace, made from the same seed.
    for place in &mut places {
        place.trace = 1;
    }
    part.places.extend(places);
    drawn.one_process = false;
    let judged = judge(&drawn, &terms).unwrap();
    assert_eq!((judged.run.draws, judged.run.repeated), (3000, 3000));
    assert_eq!(codes(&judged), [""; 0]);
    drawn.one_process = true;
    assert_eq!(codes(&judge(&drawn, &terms).unwrap()), ["DUPLICATE_STREAM"]);
}

/// A fast slice of `cutmix-verify selftest --audits`: none of these may FAIL, and e-values keep what they promise.
#[test]
fn right_implementations_do_not_fail_however_often_one_looks() {
    let (mut audits, mut above_ten, mut above_hundred, mut most) = (0_u32, 0_u32, 0_u32, f64::MIN);
    for alpha in [1.0, 0.2] {
        for (name, rule) in RIGHT {
            // The accepted rule that is true is the one whose e-values are bounded.
            let terms = terms(&[rule], alpha);
            for seed in 100..106 {
                let judged = audit(variant(name).unwrap(), alpha, 250, seed, &terms);
                assert_ne!(judged.run.verdict, Verdict::Fail, "{name} at {alpha}, seed {seed}: {:?}", codes(&judged));
                let likelihood = |a: &cutmix_verify::report::Accepted| a.log10_likelihood;
                let e = judged.run.accepted.iter().map(likelihood).fold(f64::MAX, f64::min);
                audits += 1;
                above_ten += u32::from(e >= 1.0);
                above_hundred += u32::from(e >= 2.0);
                most = most.max(e);
            }
        }
    }
    println!("{audits} audits: e-values above 10: {above_ten}, above 100: {above_hundred}, most 10^{most:.2}");
    // Their expectations are below 12 and 1.2; these are exceeded once in a million.
    assert!(above_ten <= 32 && above_hundred <= 9);
}
