//! The report for a terminal or a log.

use std::fmt::Write as _;

use super::law::{alpha, apart, expected, ladder, left, lines, open, tenths, tests};
use super::{Example, Finding, LawRun, Report, Status, Verdict};
use crate::profile::Code;

/// Characters of a text from outside that are shown.
const SHOWN_MOST: usize = 1000;
/// Lines of the adapter's stderr that are shown: the last ones, which say how it ended.
pub(super) const STDERR_LINES: usize = 20;

/// A text from outside, on one line: what could move a cursor, hide or reverse text becomes its escape.
///
/// ```
/// use cutmix_verify::report::plain;
///
/// assert_eq!(plain("Grüße"), "Grüße");
/// assert_eq!(plain("1.0\n\u{1b}[2JPASS"), "1.0\\u{a}\\u{1b}[2JPASS");
/// ```
#[must_use]
pub fn plain(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut out = String::new();
    for c in text.chars().take(SHOWN_MOST) {
        if hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    if text.chars().nth(SHOWN_MOST).is_some() {
        out.push_str(" ...");
    }
    out
}

pub(super) fn example(out: &mut String, label: &str, example: &Example) {
    let _ = writeln!(out, "    {label:<9}{}", plain(&example.place()));
    let _ = writeln!(out, "      expected {}", plain(&example.expected));
    let _ = writeln!(out, "      found    {}{}", plain(&example.actual), example.distance());
}

/// What the draws of one alpha say.
fn law(out: &mut String, run: &LawRun) {
    let _ = writeln!(out, "\nlaw of the draws, alpha {}: {}", alpha(run), run.verdict.name());
    for (name, words) in lines(run) {
        let _ = writeln!(out, "    {name:<11}{}", plain(&words));
    }
    let (shown, more) = open(run);
    if !shown.is_empty() {
        let _ = writeln!(out, "    not refuted, with log10 of the evidence against it (4 refutes)");
    }
    for deviation in shown {
        let _ = writeln!(
            out,
            "      {:>8}  {:<18} {}",
            tenths(deviation.log10_e),
            deviation.code,
            plain(&deviation.what.to_string())
        );
    }
    if more > 0 {
        let _ = writeln!(out, "      and {more} more");
    }
    let strongest = tests(run);
    if !strongest.is_empty() {
        let _ = writeln!(out, "    tests of unknown deviations, strongest first, with log10 of the evidence");
    }
    for test in strongest {
        let _ = writeln!(
            out,
            "      {:>8}  {:<18} {}",
            tenths(test.log10_e),
            ladder(test.log10_e),
            plain(&test.of.to_string())
        );
    }
    let rules = left(run);
    if !rules.is_empty() {
        let _ = writeln!(out, "    accepted rules that are not ruled out, with log10 of the evidence (6 rules out)");
        let _ = writeln!(out, "      {:>8}{:>12}{:>10}", "known", "impossible", "unknown");
    }
    for rule in rules {
        let [known, impossible, unknown] =
            [rule.log10_likelihood, rule.log10_impossible, rule.log10_generic].map(tenths);
        let name = plain(&format!("{}, {}", rule.shape.name, rule.law));
        let _ = writeln!(out, "      {known:>8}{impossible:>12}{unknown:>10}  {name}");
    }
}

/// Verdict, subject and the codes of all causes.
fn headline(report: &Report) -> String {
    let codes: Vec<Code> = report.causes().map(|finding| finding.code).collect();
    // Where findings were expected, they are no verdict.
    let codes = if codes.is_empty() || report.verdict != Verdict::Fail {
        String::new()
    } else {
        format!(": {}", Code::join(&codes, ", "))
    };
    let subject = plain(&report.subject());
    let space = if subject.is_empty() { "" } else { " " };
    format!("{} ({}){space}{subject}{codes}", report.verdict.name(), report.method)
}

/// The report as text: verdict, findings, table, conventions, laws, what was not tested.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
///
/// let text = cutmix_verify::report::text(&Audit::new(Options::default()).report());
/// assert!(text.starts_with("INCONCLUSIVE (cutmix)\n"));
/// assert!(text.contains("\nS08  images and labels passed in unchanged "));
/// ```
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", headline(report));
    let _ = writeln!(out, "{}", plain(&report.because));
    let _ = writeln!(
        out,
        "{} calls, {} samples, {} draws of a {}",
        report.calls,
        report.samples,
        report.draws,
        report.drawn()
    );
    for finding in report.causes() {
        let _ = writeln!(out, "\n{}: {}", finding.code, plain(&finding.sentence));
        let _ = writeln!(out, "    {} of {}", finding.count, finding.of);
        for (label, shown) in finding.examples() {
            example(&mut out, label, shown);
        }
        let _ = writeln!(out, "    hint     {}", plain(&finding.hint));
        for Finding { code, sentence, count, of, first, .. } in report.following(finding.code) {
            let _ = writeln!(out, "    follows  {code}: {} ({count} of {of})", plain(sentence));
            let _ = writeln!(out, "      found    {}{}", plain(&first.actual), first.distance());
        }
    }
    let _ = writeln!(out, "\n{:<5}{:<54}{:<15} tested", "", "check", "result");
    for check in &report.checks {
        let tested = if check.tested > 0 { check.tested.to_string() } else { plain(&check.reason) };
        let result = match check.status {
            Status::Fail => format!("FAIL {}", Code::join(&check.codes, " ")),
            status => status.name().into(),
        };
        let _ = writeln!(out, "{:<5}{:<54}{result:<15} {tested}", check.id, check.title);
    }
    if !report.facts.is_empty() {
        let _ = writeln!(out, "\nconventions");
        for fact in &report.facts {
            let _ = writeln!(out, "    {}: {}", fact.name, plain(&fact.said()));
        }
    }
    if !report.tried.is_empty() {
        let _ = writeln!(out, "\nwhat was tried");
    }
    for row in &report.tried {
        let line = format!("    {:<40}{:<11}{}", row.what, row.outcome.name(), plain(&row.note));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    for run in &report.laws {
        law(&mut out, run);
    }
    if !report.matches.is_empty() {
        out.push('\n');
    }
    for found in &report.matches {
        let name = format!("{} {}", found.name, found.versions);
        let _ = writeln!(out, "behaves like: {}{}", plain(name.trim()), plain(&apart(found)));
    }
    if let Some(codes) = expected(report) {
        let _ = writeln!(out, "\nexpected: {codes}");
    }
    let _ = writeln!(out, "\nUNTESTED");
    for note in &report.untested {
        let _ = writeln!(out, "    {}", plain(note));
    }
    out.push('\n');
    for input in &report.inputs {
        let _ = writeln!(out, "{} sha256 {}", plain(&input.name), input.sha256);
    }
    if !report.stderr.is_empty() {
        let _ = writeln!(out, "\nstderr of the adapter");
        for line in report.stderr.lines().rev().take(STDERR_LINES).collect::<Vec<_>>().into_iter().rev() {
            let _ = writeln!(out, "    {}", plain(line));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_drives_a_terminal_or_forges_a_line() {
        let hostile = "a\u{1b}[31mb\nPASS\u{202e}c\u{9b}2J\u{200b}\u{e0041}\r";
        let shown = plain(hostile);
        assert!(shown.chars().all(|c| c.is_ascii() && !c.is_control()), "{shown}");
        assert!(shown.starts_with("a\\u{1b}[31mb\\u{a}PASS"), "{shown}");
        assert_eq!(plain("Grüße, 图像 <b>"), "Grüße, 图像 <b>");
        assert!(plain(&"x".repeat(5000)).len() < 1010);
    }
}
