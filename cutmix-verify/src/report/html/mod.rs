//! The report as one page: no script, no network, light and dark, for screens and paper. The template escapes every text.

mod chart;
mod heat;
mod law;
mod parts;

use minijinja::{Environment, Value, context};

use super::law::expected;
use super::{Check, Example, Finding, Outcome, Report, Shown, Status, Tried, plain};
use crate::profile::Code;
use chart::{BLUE, GREEN, ORANGE, RED, hex};
use heat::heat;
use law::{known, laws};
use parts::{class, png};

const TEMPLATE: &str = include_str!("page.html");

fn example((label, example): (&str, &Example)) -> Value {
    let actual = plain(&example.actual) + &example.distance();
    context! { label, place => plain(&example.place()), expected => plain(&example.expected), actual }
}

fn finding(report: &Report, finding: &Finding) -> Value {
    let consequence = |Finding { code, sentence, count, of, first, .. }: &Finding| {
        let actual = plain(&first.actual) + &first.distance();
        context! { code => code.name(), sentence => plain(sentence), count, of, actual }
    };
    context! {
        follows => report.following(finding.code).map(consequence).collect::<Value>(),
        code => finding.code.name(),
        sentence => plain(&finding.sentence),
        hint => plain(&finding.hint),
        count => finding.count,
        of => finding.of,
        examples => finding.examples().map(example).collect::<Value>(),
    }
}

/// A line of the table of checks.
fn line(check: &Check) -> Value {
    let class = match check.status {
        Status::Ok => "ok",
        Status::Fail => "fail",
        Status::Untested | Status::NotApplicable => "open",
    };
    context! {
        id => check.id,
        title => check.title,
        class,
        status => check.status.name(),
        codes => Code::join(&check.codes, " "),
        tested => if check.tested > 0 { check.tested.to_string() } else { plain(&check.reason) },
    }
}

/// A row of what was tried.
fn tried(row: &Tried) -> Value {
    let class = match row.outcome {
        Outcome::Shown => "ok",
        Outcome::Found => "fail",
        Outcome::Refused | Outcome::NotTried => "open",
    };
    context! { what => plain(&row.what), class, outcome => row.outcome.name(), note => plain(&row.note) }
}

fn pictures(shown: &Shown) -> Value {
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
    let color = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
    let legend = report.shown.iter().flat_map(|shown| &shown.legend);
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
            drawn => report.drawn(),
            findings => report.causes().map(|cause| finding(report, cause)).collect::<Value>(),
            checks => report.checks.iter().map(line).collect::<Value>(),
            facts => report.facts.iter().map(|fact| [plain(fact.name), plain(&fact.said())]).collect::<Value>(),
            tried => report.tried.iter().map(tried).collect::<Value>(),
            untested => report.untested.iter().map(|note| plain(note)).collect::<Value>(),
            inputs => report.inputs.iter().map(|input| [plain(&input.name), plain(&input.sha256)]).collect::<Value>(),
            stderr => report.stderr.lines().map(plain).collect::<Vec<_>>().join("\n"),
            scatter => chart::scatter(&report.scatter),
            points => report.scatter.len(),
            lines => chart::lines(),
            laws => laws(report),
            matches => known(report),
            expected => expected(report),
            observed => hex(BLUE),
            exact => hex(ORANGE),
            asked => hex(GREEN),
            limit => hex(RED),
            ends => chart::ends(),
            heat => report.coverage.as_ref().filter(|_| alone).and_then(heat),
            pictures => report.shown.as_ref().map(pictures),
            caption => report.shown.as_ref().map(|shown| plain(&shown.caption)),
            legend => legend.map(|(rgb, text)| [color(*rgb), plain(text)]).collect::<Value>(),
        })
    });
    // The template is part of the binary and tested.
    page.unwrap_or_else(|error| format!("<!doctype html><title>{}</title>", error.kind()))
}
