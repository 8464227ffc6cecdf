//! The report as one page: no script, no network, light and dark, for screens and paper. The template escapes every text.

use crate::profile::Code;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::chart::{BLUE, GREEN, ORANGE, RED, hex};
use super::heat::heat;
use super::html_law::{known, laws};
use super::law::expected;
use super::{Example, Picture, Report, Status, Verdict, chart, plain};

const TEMPLATE: &str = include_str!("page.html");

/// What the template is given.
fn value(data: impl Serialize) -> Value {
    Value::from(Serde(data))
}

/// A PNG of the page's own.
#[derive(Serialize)]
pub(super) struct Image {
    title: String,
    uri: String,
    width: u32,
    height: u32,
}

pub(super) fn image(title: &str, picture: &Picture) -> Option<Image> {
    let mut png = Vec::new();
    let encoder = PngEncoder::new(&mut png);
    encoder.write_image(&picture.rgb, picture.width, picture.height, ExtendedColorType::Rgb8).ok()?;
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(png));
    Some(Image { title: title.into(), uri, width: picture.width, height: picture.height })
}

/// An example in words.
#[derive(Serialize)]
struct Shown {
    label: &'static str,
    place: String,
    expected: String,
    actual: String,
}

fn example((label, example): (&'static str, &Example)) -> Shown {
    let actual = plain(&example.actual) + &example.distance();
    Shown { label, place: plain(&example.place()), expected: plain(&example.expected), actual }
}

#[derive(Serialize)]
struct Finding {
    code: &'static str,
    sentence: String,
    hint: String,
    count: u64,
    of: u64,
    examples: Vec<Shown>,
}

#[derive(Serialize)]
struct Check {
    id: &'static str,
    title: &'static str,
    class: &'static str,
    status: &'static str,
    codes: String,
    tested: String,
}

/// The class of a verdict's colours.
pub(super) const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "ok",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "open",
    }
}

fn pictures(report: &Report) -> Vec<Image> {
    let Some(shown) = &report.shown else { return Vec::new() };
    let all = [
        ("A: base", Some(&shown.base)),
        ("B: donor", shown.donor.as_ref()),
        ("output", Some(&shown.output)),
        ("where each pixel is from", Some(&shown.sources)),
    ];
    all.into_iter().filter_map(|(title, picture)| image(title, picture?)).collect()
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
    let findings: Vec<Finding> = report
        .findings
        .iter()
        .map(|finding| Finding {
            code: finding.code.name(),
            sentence: plain(&finding.sentence),
            hint: plain(&finding.hint),
            count: finding.count,
            of: finding.of,
            examples: finding.examples().map(example).collect(),
        })
        .collect();
    let checks: Vec<Check> = report
        .checks
        .iter()
        .map(|check| Check {
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
        })
        .collect();
    let color = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
    let legend: Vec<(String, String)> = report
        .shown
        .iter()
        .flat_map(|shown| shown.legend.iter().map(|(rgb, text)| (color(*rgb), plain(text))))
        .collect();
    let text_pairs = |pairs: Vec<(&str, &str)>| -> Vec<(String, String)> {
        pairs.into_iter().map(|(a, b)| (plain(a), plain(b))).collect()
    };
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
            facts => value(text_pairs(report.facts.iter().map(|fact| (fact.name, fact.value.as_str())).collect())),
            untested => value(report.untested.iter().map(|note| plain(note)).collect::<Vec<_>>()),
            inputs => value(text_pairs(report.inputs.iter().map(|input| (input.name.as_str(), input.sha256.as_str())).collect())),
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
            // What is beside what is expected says more.
            heat => value(report.coverage.as_ref().filter(|_| report.laws.iter().all(|run| run.extents.is_none())).and_then(heat)),
            pictures => value(pictures(report)),
            caption => report.shown.as_ref().map(|shown| plain(&shown.caption)),
            legend => value(&legend),
        })
    });
    // The template is part of the binary and tested.
    page.unwrap_or_else(|error| format!("<!doctype html><title>{}</title>", error.kind()))
}
