//! The report for a CI job's summary: Markdown with tables, as GitHub reads it.

use std::fmt::Write as _;

use super::law::{alpha, but, expected, ladder, left, lines, open, tenths, tests, unseen};
use super::text::STDERR_LINES;
use super::{Example, Finding, LawRun, Report, Status, plain};
use crate::profile::Code;

/// Our own words: what Markdown or HTML could read as markup is escaped.
fn words(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text from outside as code, in which nothing is a link, a mention or markup. In a table a bar would end the
/// cell, and whether a backslash saves it depends on the backslashes before.
fn code(text: &str, table: bool) -> String {
    let text = plain(text);
    if text.trim().is_empty() {
        return String::new();
    }
    let text = if table { text.replace('|', "\\u{7c}") } else { text };
    // A fence longer than any run of backticks inside.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

fn example(out: &mut String, label: &str, example: &Example) {
    let _ = writeln!(out, "- {label}: {}", code(&example.place(), false));
    let _ = writeln!(out, "  - expected {}", code(&example.expected, false));
    let _ = writeln!(out, "  - found {}{}", code(&example.actual, false), example.distance());
}

/// What the draws of one alpha say.
fn law(out: &mut String, run: &LawRun) {
    let _ = writeln!(out, "\n## Law of the draws, alpha {}: {}\n", alpha(run), run.verdict.name());
    let _ = writeln!(out, "| | |\n|---|---|");
    for (name, text) in lines(run) {
        let _ = writeln!(out, "| {name} | {} |", words(&text));
    }
    let (shown, more) = open(run);
    if !shown.is_empty() {
        let _ = writeln!(out, "\n| not refuted | code | log10 of the evidence (4 refutes) |\n|---|---|---|");
    }
    for deviation in shown {
        let (name, code) = (words(&deviation.what.to_string()), words(deviation.code.name()));
        let _ = writeln!(out, "| {name} | {code} | {} |", tenths(deviation.log10_e));
    }
    if more > 0 {
        let _ = writeln!(out, "| and {more} more | | |");
    }
    let strongest = tests(run);
    if !strongest.is_empty() {
        let _ = writeln!(out, "\n| test of unknown deviations | log10 of the evidence | |\n|---|---|---|");
    }
    for test in strongest {
        let _ =
            writeln!(out, "| {} | {} | {} |", words(&test.of.to_string()), tenths(test.log10_e), ladder(test.log10_e));
    }
    let rules = left(run);
    if !rules.is_empty() {
        let _ =
            writeln!(out, "\n| accepted, not ruled out | law | known | impossible | unknown |\n|---|---|---|---|---|");
    }
    for rule in rules {
        let [known, impossible, unknown] =
            [rule.log10_likelihood, rule.log10_impossible, rule.log10_generic].map(tenths);
        let (name, law) = (words(rule.shape.name), words(&rule.law.to_string()));
        let _ = writeln!(out, "| {name} | {law} | {known} | {impossible} | {unknown} |");
    }
}

/// Known implementations, and codes that were expected.
fn known(out: &mut String, report: &Report) {
    if !report.matches.is_empty() {
        let _ = writeln!(out, "\n## Behaves like\n");
    }
    for found in &report.matches {
        let unseen = unseen(found).map_or(String::new(), |unseen| format!("; not seen: {}", code(&unseen, false)));
        let name = format!("{} {}", found.name, found.versions);
        let _ = writeln!(out, "- {}{}{unseen}", code(name.trim(), false), words(&but(found)));
    }
    if let Some(codes) = expected(report) {
        let _ = writeln!(out, "\nExpected: {}.", words(&codes));
    }
}

/// The report as Markdown: verdict, findings, table, conventions, laws, what was not tested.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
///
/// let mut report = Audit::new(Options::default()).report();
/// report.name = "*mine* <b>".into();
/// // Texts from outside are code, so that they format nothing.
/// assert!(cutmix_verify::report::markdown(&report).starts_with("# INCONCLUSIVE (cutmix) ` *mine* <b> `"));
/// ```
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    let subject = code(&report.subject(), false);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# {} ({}) {subject}\n", report.verdict.name(), report.method);
    let _ = writeln!(out, "{}\n", words(&report.because));
    let _ = writeln!(
        out,
        "{} calls, {} samples, {} draws of a {}.",
        report.calls,
        report.samples,
        report.draws,
        report.drawn()
    );
    for finding in report.causes() {
        let _ = writeln!(out, "\n## {}\n\n{}\n", words(finding.code.name()), words(&finding.sentence));
        let _ = writeln!(out, "- {} of {}", finding.count, finding.of);
        for (label, shown) in finding.examples() {
            example(&mut out, label, shown);
        }
        let _ = writeln!(out, "- to mend it: {}", words(&finding.hint));
        for Finding { code: follows, sentence, count, of, first, .. } in report.following(finding.code) {
            let (name, sentence) = (words(follows.name()), words(sentence));
            let _ = writeln!(out, "- from it follows {name}: {sentence} ({count} of {of})");
            let _ = writeln!(out, "  - found {}{}", code(&first.actual, false), first.distance());
        }
    }
    let _ = writeln!(out, "\n## Checks\n\n| | check | result | tested |\n|---|---|---|---|");
    for check in &report.checks {
        let tested = if check.tested > 0 { check.tested.to_string() } else { words(&check.reason) };
        let result = match check.status {
            Status::Fail => format!("**FAIL** {}", words(&Code::join(&check.codes, " "))),
            status => status.name().into(),
        };
        let _ = writeln!(out, "| {} | {} | {result} | {tested} |", check.id, words(check.title));
    }
    if !report.facts.is_empty() {
        let _ = writeln!(out, "\n## Conventions\n");
        for fact in &report.facts {
            let _ = writeln!(out, "- {}: {}", words(fact.name), code(&fact.said(), false));
        }
    }
    if !report.tried.is_empty() {
        let _ = writeln!(out, "\n## What was tried\n\n| | result | |\n|---|---|---|");
    }
    for row in &report.tried {
        let _ = writeln!(out, "| {} | {} | {} |", words(&row.what), row.outcome.name(), code(&row.note, true));
    }
    for run in &report.laws {
        law(&mut out, run);
    }
    known(&mut out, report);
    let _ = writeln!(out, "\n## Untested\n");
    for note in &report.untested {
        let _ = writeln!(out, "- {}", code(note, false));
    }
    if !report.inputs.is_empty() {
        let _ = writeln!(out, "\n| input | sha256 |\n|---|---|");
    }
    for input in &report.inputs {
        let _ = writeln!(out, "| {} | `{}` |", code(&input.name, true), input.sha256);
    }
    if !report.stderr.is_empty() {
        let lines: Vec<String> = report.stderr.lines().map(plain).collect();
        let tail = &lines[lines.len().saturating_sub(STDERR_LINES)..];
        let longest = tail.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let _ = writeln!(out, "\nThe end of the adapter's stderr:\n\n{fence}text\n{}\n{fence}", tail.join("\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a`b``c", false), "``` a`b``c ```");
        assert_eq!(code("a|b", true), "` a\\u{7c}b `");
        assert_eq!(code(" \u{20}", false), "");
        assert_eq!(code("x\n# PASS", false), "` x\\u{a}# PASS `");
        assert_eq!(words("a*b_<c>|"), "a\\*b\\_\\<c\\>\\|");
    }
}
