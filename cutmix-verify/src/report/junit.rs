//! The report for CI systems: `JUnit` XML, one test case a check and one for the verdict.

use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::text::example;
use super::{Check, Finding, Outcome, Report, Status, Tried, Verdict, plain};
use crate::profile::Code;

fn case(report: &Report, check: &Check) -> TestCase {
    let status = match check.status {
        Status::Ok => TestCaseStatus::success(),
        Status::Fail => {
            let findings = || report.findings.iter().filter(|finding| check.codes.contains(&finding.code));
            let follows = |f: &Finding| f.follows.map_or(String::new(), |cause| format!(" (it follows from {cause})"));
            let messages: Vec<String> =
                findings().map(|f| format!("{}: {}{}", f.code, f.sentence, follows(f))).collect();
            let mut body = String::new();
            for finding in findings() {
                let _ = writeln!(body, "{}: {} of {}", finding.code, finding.count, finding.of);
                example(&mut body, "smallest", &finding.smallest);
                let _ = writeln!(body, "    hint     {}", finding.hint);
            }
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(Code::join(&check.codes, " ")).set_message(messages.join(" ")).set_description(body);
            status
        }
        Status::Untested | Status::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{}: {}", check.status.name(), plain(&check.reason)));
            status
        }
    };
    TestCase::new(format!("{} {}", check.id, check.title), status)
}

/// A row of what was tried: one that was refused or not asked for is skipped.
fn tried(row: &Tried) -> TestCase {
    let note = plain(&row.note);
    let status = match row.outcome {
        Outcome::Shown => TestCaseStatus::success(),
        Outcome::Found => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(note);
            status
        }
        Outcome::Refused | Outcome::NotTried => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{}: {note}", row.outcome.name()));
            status
        }
    };
    TestCase::new(format!("tried: {}", row.what), status)
}

/// The report as XML. Checks that were not tested are skipped, and so is the verdict where there is none. No times, so that
/// the same report gives the same bytes.
///
/// ```
/// use cutmix_verify::audit::{Audit, CHECKS, Options};
///
/// let xml = cutmix_verify::report::junit(&Audit::new(Options::default()).report());
/// assert_eq!(xml.matches("<testcase ").count(), CHECKS.len() + 1);
/// assert!(xml.contains("INCONCLUSIVE"));
/// ```
#[must_use]
pub fn junit(report: &Report) -> String {
    let subject = plain(&report.subject());
    let mut suite = TestSuite::new(format!("cutmix-verify {} {subject}", report.method).trim_end());
    suite.add_test_cases(report.checks.iter().map(|check| case(report, check)));
    suite.add_test_cases(report.tried.iter().map(tried));
    let because = plain(&report.because);
    let mut verdict = match report.verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive => TestCaseStatus::skipped(),
    };
    if report.verdict != Verdict::Pass {
        verdict.set_message(format!("{}: {because}", report.verdict.name()));
    }
    suite.add_test_case(TestCase::new("verdict", verdict));
    if !report.stderr.is_empty() {
        let lines: Vec<String> = report.stderr.lines().map(plain).collect();
        suite.set_system_err(XmlString::new(lines.join("\n")));
    }
    let mut document = Document::new("cutmix-verify");
    document.add_test_suite(suite);
    let mut xml = document.to_string().unwrap_or_default();
    if !xml.ends_with('\n') {
        xml.push('\n');
    }
    xml
}
