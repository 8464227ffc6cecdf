//! What the page is given of the laws of the draws.

use minijinja::{Value, context};

use super::chart;
use super::heat::three;
use super::parts::class;
use crate::report::law::{SHOWN, alpha, apart, ladder, left, lines, tenths, tests};
use crate::report::model_law::{SURE, UNUSUAL};
use crate::report::{Accepted, Deviation, LawRun, LawTest, Match, Report, plain};

/// A chart under a title, if there is one.
fn drawn(title: &str, svg: Option<String>) -> Option<Value> {
    svg.map(|svg| context! { title, svg })
}

fn law(number: usize, run: &LawRun) -> Value {
    let deviation = |open: &Deviation| {
        let name = plain(&open.what.to_string());
        context! { name, value => tenths(open.log10_e), word => open.code.name() }
    };
    let (open, more) = run.open.split_at(run.open.len().min(SHOWN));
    let test = |test: &LawTest| {
        let class = match test.log10_e {
            SURE.. => "fail",
            UNUSUAL.. => "open",
            _ => "soft",
        };
        let name = plain(&test.of.to_string());
        context! { name, value => tenths(test.log10_e), word => ladder(test.log10_e), class }
    };
    let rule = |rule: &Accepted| {
        let values = [rule.log10_likelihood, rule.log10_impossible, rule.log10_generic].map(tenths);
        context! { name => plain(&format!("{}, {}", rule.shape.name, rule.law)), values }
    };
    // Boxes beside their exact law.
    let beside = run.extents.as_ref().map(|extents| {
        let sides = [("Columns of the boxes", 0), ("Rows of the boxes", 1)].into_iter();
        context! {
            rule => extents.rule,
            draws => extents.draws,
            size => format!("{}x{}", extents.size[0], extents.size[1]),
            heat => three(extents),
            sides => sides.filter_map(|(title, axis)| drawn(title, chart::sides(extents, axis))).collect::<Value>(),
            area => drawn("Areas of the boxes", chart::area(extents)),
        }
    });
    context! {
        number,
        alpha => alpha(run),
        verdict => run.verdict.name(),
        class => class(run.verdict),
        given => run.alpha.is_some(),
        lines => lines(run).into_iter().map(|(name, words)| [name.into(), plain(&words)]).collect::<Value>(),
        interval => drawn("Alphas that are left", chart::interval(run)),
        beside,
        evidence => drawn("How evidence grew", chart::evidence(run)),
        curves => chart::colors(run).into_iter().map(|(color, name)| [color, plain(&name)]).collect::<Value>(),
        open => open.iter().map(deviation).collect::<Value>(),
        more => more.iter().map(deviation).collect::<Value>(),
        tests => tests(run).into_iter().map(test).collect::<Value>(),
        left => left(run).into_iter().map(rule).collect::<Value>(),
    }
}

/// Every alpha's draws.
pub(super) fn laws(report: &Report) -> Value {
    report.laws.iter().enumerate().map(|(number, run)| law(number + 1, run)).collect()
}

/// Known implementations that behave like this.
pub(super) fn known(report: &Report) -> Value {
    let known = |found: &Match| {
        context! { name => plain(&found.name), versions => plain(&found.versions), apart => plain(&apart(found)) }
    };
    report.matches.iter().map(known).collect()
}
