//! The report as one page: no script, no network, light and dark, for screens and paper. The template escapes every text.

mod chart;
mod heat;
mod law;
mod parts;

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::law::expected;
use super::{Check, Example, Finding, Report, Status, plain};
use crate::profile::Code;
use chart::{BLUE, GREEN, ORANGE, RED, hex};
use heat::heat;
use law::{known, laws};
use parts::{Png, class, png};

const TEMPLATE: &str = include_str!("page.html");

/// What the template is given.
fn value(data: impl Serialize) -> Value {
    Value::from(Serde(data))
}

/// An example in words.
#[derive(Serialize)]
struct ExampleWords {
    label: &'static str,
    place: String,
    expected: String,
    actual: String,
}

fn example((label, example): (&'static str, &Example)) -> ExampleWords {
    let actual = plain(&example.actual) + &example.distance();
    ExampleWords { label, place: plain(&example.place()), expected: plain(&example.expected), actual }
}

/// A finding in words.
#[derive(Serialize)]
struct FindingWords {
    code: &'static str,
    sentence: String,
    hint: String,
    count: u64,
    of: u64,
    examples: Vec<ExampleWords>,
}

/// A line of the table of checks.
#[derive(Serialize)]
struct CheckLine {
    id: &'static str,
    title: &'static str,
    class: &'static str,
    status: &'static str,
    codes: String,
    tested: String,
}

fn pictures(report: &Report) -> Vec<Png> {
    let Some(shown) = &report.shown else { return Vec::new() };
    let all = [
        ("A: base", Some(&shown.base)),
        ("B: donor", shown.donor.as_ref()),
        ("output", Some(&shown.output)),
        ("where each pixel is from", Some(&shown.sources)),
    ];
    all.into_iter().filter_map(|(title, picture)| png(title, picture?)).collect()
}

/// The report as a page of HTML. Everything it shows is in it; it loads nothing.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
///
/// let page = cutmix_verify::report::html(&Audit::new(Options::default()).report());
/// assert!(page.starts_with("<!doctype html>") && page.contains("INCONCLUSIVE"));
/// ```
#[must_use]
pub fn html(report: &Report) -> String {
    let in_words = |finding: &Finding| FindingWords {
        code: finding.code.name(),
        sentence: plain(&finding.sentence),
        hint: plain(&finding.hint),
        count: finding.count,
        of: finding.of,
        examples: finding.examples().map(example).collect(),
    };
    let findings: Vec<FindingWords> = report.findings.iter().map(in_words).collect();
    let line = |check: &Check| CheckLine {
        id: check.id,
        title: check.title,
        class: match check.status {
            Status::Ok => "ok",
            Status::Fail => "fail",
            Status::Untested | Status::NotApplicable => "open",
        },
        status: check.status.name(),
        codes: Code::join(&check.codes, " "),
        tested: if check.tested > 0 { check.tested.to_string() } else { plain(&check.reason) },
    };
    let checks: Vec<CheckLine> = report.checks.iter().map(line).collect();
    let color = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
    let legend: Vec<(String, String)> =
        { report.shown.iter().flat_map(|shown| &shown.legend) }.map(|(rgb, text)| (color(*rgb), plain(text))).collect();
    let facts: Vec<(String, String)> =
        report.facts.iter().map(|fact| (plain(fact.name), plain(&fact.said()))).collect();
    let inputs: Vec<(String, String)> =
        report.inputs.iter().map(|input| (plain(&input.name), plain(&input.sha256))).collect();
    // What is beside what is expected says more.
    let alone = report.laws.iter().all(|run| run.extents.is_none());
    let mut environment = Environment::new();
    // Its name makes the engine escape what is put into it.
    let page = environment.add_template("page.html", TEMPLATE).and_then(|()| {
        environment.get_template("page.html")?.render(context! {
            verdict => report.verdict.name(),
            class => class(report.verdict),
            subject => plain(&report.subject()),
            method => report.method,
            because => plain(&report.because),
            tool => plain(&report.tool),
            calls => report.calls,
            samples => report.samples,
            draws => report.draws,
            findings => value(&findings),
            checks => value(&checks),
            facts => value(facts),
            untested => value(report.untested.iter().map(|note| plain(note)).collect::<Vec<_>>()),
            inputs => value(inputs),
            stderr => report.stderr.lines().map(plain).collect::<Vec<_>>().join("\n"),
            scatter => chart::scatter(&report.scatter),
            points => report.scatter.len(),
            lines => value(chart::lines()),
            laws => value(laws(report)),
            matches => value(known(report)),
            expected => expected(report),
            observed => hex(BLUE),
            exact => hex(ORANGE),
            asked => hex(GREEN),
            limit => hex(RED),
            ends => value(chart::ends()),
            heat => value(report.coverage.as_ref().filter(|_| alone).and_then(heat)),
            pictures => value(pictures(report)),
            caption => report.shown.as_ref().map(|shown| plain(&shown.caption)),
            legend => value(&legend),
        })
    });
    // The template is part of the binary and tested.
    page.unwrap_or_else(|error| format!("<!doctype html><title>{}</title>", error.kind()))
}
