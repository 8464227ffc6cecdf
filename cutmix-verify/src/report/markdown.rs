//! The report for a CI job's summary: Markdown with tables, as GitHub reads it.

use std::fmt::Write as _;

use super::{Example, Report, Status, plain};

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

/// The report as Markdown: verdict, findings, table, conventions, what was not tested.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    let subject = code(&report.subject(), false);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# {} ({}) {subject}\n", report.verdict.name(), report.method);
    let _ = writeln!(out, "{}\n", words(&report.because));
    let _ = writeln!(out, "{} calls, {} samples, {} draws of a box.", report.calls, report.samples, report.draws);
    for finding in &report.findings {
        let _ = writeln!(out, "\n## {}\n\n{}\n", words(finding.code), words(&finding.sentence));
        let _ = writeln!(out, "- {} of {}", finding.count, finding.of);
        for (label, shown) in finding.examples() {
            example(&mut out, label, shown);
        }
        let _ = writeln!(out, "- to mend it: {}", words(&finding.hint));
    }
    let _ = writeln!(out, "\n## Checks\n\n| | check | result | tested |\n|---|---|---|---|");
    for check in &report.checks {
        let tested = if check.tested > 0 { check.tested.to_string() } else { words(&check.reason) };
        let result = match check.status {
            Status::Fail => format!("**FAIL** {}", words(&check.codes.join(" "))),
            status => status.name().into(),
        };
        let _ = writeln!(out, "| {} | {} | {result} | {tested} |", check.id, words(check.title));
    }
    if !report.facts.is_empty() {
        let _ = writeln!(out, "\n## Conventions\n");
        for fact in &report.facts {
            let _ = writeln!(out, "- {}: {}", words(fact.name), code(&fact.value, false));
        }
    }
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
        let tail = &lines[lines.len().saturating_sub(20)..];
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
