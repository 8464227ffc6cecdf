//! The suites as functions, and the macro that makes tests of them: for people who write a `CutMix` in Rust.
//! Imports `vectors`, and `audit` for the suite of that name; imported by nothing but tests.
//!
//! ```
//! use cutmix_verify::kit;
//! use cutmix_verify::subject::{Answer, CutMixUnderTest, Patch, Rule};
//!
//! struct Mine;
//! impl CutMixUnderTest for Mine {
//!     fn name(&self) -> String {
//!         "mine".into()
//!     }
//!     fn patch_box(&self, rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
//!         # let _ = (rule, lambda, centre, size);
//!         Ok(Patch { x0: 0, y0: 0, x1: 0, y1: 0 }) // A stub: of course it fails.
//!     }
//! }
//! assert!(kit::suite(&Mine, "boxes").unwrap_err().contains("ExactBoundary"));
//! ```

mod audit;

use crate::reference::Stream;
use crate::report::{Verdict, text};
use crate::subject::{CutMixUnderTest, Dtype, Layout, Refusal, Rule};
use crate::vectors::emit::{self, any_box, any_centre, boxes, dense, labels::TOLERANCE, painted, pair, tolerant};
use crate::vectors::exec;
use crate::vectors::model::{Case, Expect};
use crate::vectors::question::{Base, Filling, GivenBatch, Question, TwoClasses};
use crate::vectors::read::of_kind;
use crate::vectors::value::{Hex, Real};

/// The suites: their names, and the kind of vectors that each puts.
pub const SUITES: [(&str, &str); 12] = [
    ("boxes", "box"),
    ("labels", "label"),
    ("apply", "apply"),
    ("batch", "batch"),
    ("mixup", "mixup"),
    ("cutout", "cutout"),
    ("laws", "law"),
    ("betas", "beta"),
    ("stream", "stream"),
    ("refusals", "invalid"),
    ("properties", ""),
    ("audit", ""),
];

/// Makes a test of each suite that is named: `cutmix_tests!(Mine; boxes, labels, apply, properties, audit);`. The names are
/// those of [`SUITES`]; name those whose methods the implementation has, since a suite that has nothing to test fails.
///
/// ```
/// use cutmix_verify::kit;
/// use cutmix_verify::subject::core::Core;
///
/// mod core_conforms {
///     cutmix_verify::cutmix_tests!(cutmix_verify::subject::core::Core; boxes, labels, properties);
/// }
/// // What the test `boxes` asserts:
/// assert_eq!(kit::suite(&Core, "boxes"), Ok(()));
/// ```
#[macro_export]
macro_rules! cutmix_tests {
    ($subject:expr; $($suite:ident),+ $(,)?) => {$(
        #[test]
        fn $suite() {
            if let Err(found) = $crate::kit::suite(&$subject, stringify!($suite)) {
                panic!("{found}");
            }
        }
    )+};
}

/// Runs a suite, one of [`SUITES`]. Those of vectors take milliseconds, `laws`, `betas` and `audit` seconds, optimised.
///
/// # Errors
/// What was found, as it is to be read; also where the implementation lacks a method that the suite needs.
pub fn suite(subject: &dyn CutMixUnderTest, name: &str) -> Result<(), String> {
    match (name, SUITES.iter().find(|(suite, _)| *suite == name)) {
        (_, None) => Err(format!("no suite {name}, expected one of {}", SUITES.map(|(suite, _)| suite).join(", "))),
        ("properties", _) => properties(subject, 200),
        ("audit", _) => audited(subject, &[1.0, 0.2]),
        (_, Some((_, kind))) => passed(subject, of_kind(kind)),
    }
}

fn passed(subject: &dyn CutMixUnderTest, cases: impl IntoIterator<Item = Case>) -> Result<(), String> {
    let findings = exec::run_here(subject, cases);
    let tally = findings.tally();
    if tally.failed == 0 && tally.missing == 0 && tally.passed > 0 {
        return Ok(());
    }
    let mut out = format!(
        "{}: {} of {} cases failed, {} had no answer\n\n{}",
        subject.name(),
        tally.failed,
        tally.cases(),
        tally.missing,
        findings.text(false)
    );
    if tally.failed == 0 {
        out.push_str("\nwrite the methods of this suite, or do not name it\n");
    }
    Err(out)
}

/// Puts so many random cases of each operation, larger ones than the vectors', and compares with the reference. Operations
/// that the implementation lacks are left out.
///
/// # Errors
/// What differs, or that there is no operation that both have.
pub fn properties(subject: &dyn CutMixUnderTest, cases: u32) -> Result<(), String> {
    let mut put = Vec::new();
    for (number, op) in ["box", "label", "cutmix", "cutmix_batch", "mixup", "cutout"].into_iter().enumerate() {
        let mut random = emit::inputs(100 + number as u64);
        for i in 0..cases {
            put.push(Case { kind: "random".into(), number: i.into(), ..random_case(op, &mut random) });
        }
    }
    let findings = exec::run_here(subject, put);
    let tally = findings.tally();
    let same = tally.failed == 0 && tally.passed >= cases as usize;
    if same { Ok(()) } else { Err(format!("{}: {tally:?}\n\n{}", subject.name(), findings.text(false))) }
}

fn random_case(op: &str, random: &mut Stream) -> Case {
    let side = |random: &mut Stream| 1 + random.below(40) as u32;
    let size = (side(random), side(random));
    let dtype = [Dtype::U8, Dtype::F32][random.below(2) as usize];
    let layout = [Layout::Nhwc, Layout::Nchw][random.below(2) as usize];
    let shape = dense(dtype, layout, size, 1 + random.below(5) as u32);
    let by_law = |random: &mut Stream| {
        (boxes::placed(size, Rule::Paper, any_centre(size, random)), boxes::lambda(random.unit()))
    };
    let mut tolerance = 0.0;
    let question = match op {
        "box" => {
            let (of, lambda) = by_law(random);
            Question::Box { of, lambda }
        }
        "label" => {
            tolerance = TOLERANCE;
            let classes = 1 + random.below(12) as u32;
            let mut class = || random.below(classes.into()) as u32;
            let classes = TwoClasses { a: class(), b: class(), classes, smoothing: Real(0.0) };
            let (of, lambda) = by_law(random);
            Question::Label { of, lambda, patch: any_box(size, random), classes }
        }
        "cutmix_batch" => {
            let count = 1 + random.below(6) as u32;
            let partners = (0..count).map(|_| random.below(count.into()) as u32).collect();
            let boxes = (0..count).map(|_| any_box(size, random).edges()).collect();
            let images = Hex((0..count).flat_map(|_| painted(&shape, random).0).collect());
            Question::CutmixBatch { shape, batch: GivenBatch { count, partners, boxes, images } }
        }
        "mixup" => {
            tolerance = if dtype == Dtype::U8 { 1.0 } else { 1.0 / 1048576.0 };
            Question::Mixup { shape, pair: pair(&shape, random), lambda: boxes::lambda(random.unit()) }
        }
        "cutout" => {
            let fill = (0..shape.channels).flat_map(|c| [c as u8 + 1; 4][..dtype.bytes()].to_vec()).collect();
            let (pixels_a, patch) = (painted(&shape, random), any_box(size, random));
            Question::Cutout { shape, patch, base: Base { pixels_a }, fill: Filling { fill: Hex(fill) } }
        }
        _ => Question::Cutmix { shape, pair: pair(&shape, random), patch: any_box(size, random) },
    };
    // What is not there is left out; what is there must be right.
    tolerant(emit::case(Expect::Acceptable, &["Ordinary"], "random", &question), tolerance)
}

/// Audits the implementation's [`mix`](CutMixUnderTest::mix) at these alphas, as `cutmix-verify check` does: seconds, optimised.
///
/// # Errors
/// The report, unless its verdict is PASS.
pub fn audited(subject: &dyn CutMixUnderTest, alphas: &[f64]) -> Result<(), String> {
    match audit::audit(subject, alphas) {
        Ok(report) if report.verdict == Verdict::Pass => Ok(()),
        Ok(report) => Err(text(&report)),
        Err(Refusal::Unsupported) => Err(format!("{}: no mix: write it, or do not name the audit", subject.name())),
        Err(Refusal::Refused(reason)) => Err(format!("{}: {reason}", subject.name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::mistaken::named;
    use crate::subject::reference::Naive;

    #[test]
    fn suites_say_what_is_wrong() {
        assert_eq!(suite(&Naive, "refusals"), Ok(()));
        assert!(suite(&Naive, "speed").unwrap_err().starts_with("no suite speed, expected one of boxes, labels"));
        let wrong = named("label-raw-lambda").unwrap();
        assert!(properties(&wrong, 4).unwrap_err().contains(" label: row[0] is "));
        // The reference draws nothing, so there is nothing to audit.
        assert_eq!(audited(&Naive, &[1.0]).unwrap_err(), "reference: no mix: write it, or do not name the audit");
    }
}
