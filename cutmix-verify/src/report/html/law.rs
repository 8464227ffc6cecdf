//! What the page is given of the laws of the draws.

use serde::Serialize;

use super::chart;
use super::heat::{Three, three};
use super::parts::class;
use crate::report::law::{SHOWN, alpha, ladder, left, lines, tenths, tests, unseen};
use crate::report::model_law::{SURE, UNUSUAL};
use crate::report::{LawRun, Report, plain};

/// A chart, and what it shows in words.
#[derive(Serialize)]
struct Figure {
    title: &'static str,
    svg: String,
}

/// A line of a table.
#[derive(Serialize)]
struct Listed {
    name: String,
    value: String,
    word: &'static str,
    class: &'static str,
}

/// An accepted rule that is not ruled out.
#[derive(Serialize)]
struct Left {
    name: String,
    values: [String; 3],
}

/// Boxes beside their exact law.
#[derive(Serialize)]
struct Compared {
    rule: &'static str,
    draws: u64,
    size: String,
    heat: Option<Three>,
    sides: Vec<Figure>,
    area: Option<Figure>,
}

/// One alpha's draws.
#[derive(Serialize)]
pub(super) struct LawSection {
    number: usize,
    alpha: String,
    verdict: &'static str,
    class: &'static str,
    given: bool,
    lines: Vec<(&'static str, String)>,
    interval: Option<Figure>,
    beside: Option<Compared>,
    evidence: Option<Figure>,
    curves: Vec<(String, String)>,
    open: Vec<Listed>,
    more: Vec<Listed>,
    tests: Vec<Listed>,
    left: Vec<Left>,
}

/// A known implementation that behaves like this.
#[derive(Serialize)]
pub(super) struct Known {
    name: String,
    versions: String,
    unseen: Option<String>,
}

fn drawn(title: &'static str, svg: Option<String>) -> Option<Figure> {
    svg.map(|svg| Figure { title, svg })
}

fn law(number: usize, run: &LawRun) -> LawSection {
    let deviation = |open: &crate::report::Deviation| Listed {
        name: plain(&open.what.to_string()),
        value: tenths(open.log10_e),
        word: open.code.name(),
        class: "",
    };
    let mut open: Vec<Listed> = run.open.iter().map(deviation).collect();
    let more = open.split_off(open.len().min(SHOWN));
    let test = |test: &crate::report::LawTest| Listed {
        name: plain(&test.of.to_string()),
        value: tenths(test.log10_e),
        word: ladder(test.log10_e),
        class: match test.log10_e {
            SURE.. => "fail",
            UNUSUAL.. => "open",
            _ => "soft",
        },
    };
    let rule = |rule: &crate::report::Accepted| Left {
        name: plain(&format!("{}, {}", rule.shape.name, rule.law)),
        values: [rule.log10_likelihood, rule.log10_impossible, rule.log10_generic].map(tenths),
    };
    let beside = run.extents.as_ref().map(|extents| Compared {
        rule: extents.rule,
        draws: extents.draws,
        size: format!("{}x{}", extents.size[0], extents.size[1]),
        heat: three(extents),
        sides: [("Columns of the boxes", 0), ("Rows of the boxes", 1)]
            .into_iter()
            .filter_map(|(title, axis)| drawn(title, chart::sides(extents, axis)))
            .collect(),
        area: drawn("Areas of the boxes", chart::area(extents)),
    });
    LawSection {
        number,
        alpha: alpha(run),
        verdict: run.verdict.name(),
        class: class(run.verdict),
        given: run.alpha.is_some(),
        lines: lines(run).into_iter().map(|(name, words)| (name, plain(&words))).collect(),
        interval: drawn("Alphas that are left", chart::interval(run)),
        beside,
        evidence: drawn("How evidence grew", chart::evidence(run)),
        curves: chart::colors(run).into_iter().map(|(color, name)| (color, plain(&name))).collect(),
        open,
        more,
        tests: tests(run).into_iter().map(test).collect(),
        left: left(run).into_iter().map(rule).collect(),
    }
}

/// Every alpha's draws.
pub(super) fn laws(report: &Report) -> Vec<LawSection> {
    report.laws.iter().enumerate().map(|(number, run)| law(number + 1, run)).collect()
}

/// Known implementations that behave like this.
pub(super) fn known(report: &Report) -> Vec<Known> {
    let known = |found: &crate::report::Match| Known {
        name: plain(&found.name),
        versions: plain(&found.versions),
        unseen: unseen(found).map(|text| plain(&text)),
    };
    report.matches.iter().map(known).collect()
}
