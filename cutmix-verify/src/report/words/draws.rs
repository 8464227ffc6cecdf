//! What the draws of one alpha say, line by line.

use crate::report::model_law::{AlphaInterval, LawRun, REFUTED, SURE, SUSPICIOUS, UNUSUAL, joined};

/// The logarithm of an e-value that stands for what is beyond any number: an outcome without probability.
const BEYOND: f64 = 1e6;

/// A logarithm of base 10, to one digit.
pub(in crate::report) fn tenths(value: f64) -> String {
    // What could not be less (or more) likely has no number that says anything.
    if value.abs() >= BEYOND {
        return if value < 0.0 { "none".into() } else { "beyond any".into() };
    }
    // Adding zero takes the sign of a zero away.
    format!("{:.1}", libm::rint(value * 10.0) / 10.0 + 0.0)
}

pub(super) fn odds(value: f64) -> String {
    format!("10^{} to 1", tenths(value))
}

/// The ladder of evidence in words.
pub(in crate::report) const fn ladder(log10_e: f64) -> &'static str {
    match log10_e {
        SURE.. => "FAIL",
        REFUTED.. => "very suspicious",
        SUSPICIOUS.. => "suspicious",
        UNUSUAL.. => "unusual",
        _ => "none",
    }
}

pub(in crate::report) fn alpha(run: &LawRun) -> String {
    run.alpha.map_or("not given".into(), |alpha| alpha.to_string())
}

/// What explains the draws best, with odds against the next.
fn against(what: &str, value: f64, rival: &str) -> String {
    if rival.is_empty() { what.into() } else { format!("{what}; {} against {rival}", odds(value)) }
}

/// A logarithm that is printed as nothing.
const LITTLE: f64 = 0.05;

/// What explains the draws best, with the ratio of its likelihood to that of the next; a law that was chosen afterwards must fit
/// better by a margin.
fn likelier(what: &str, ratio: f64, rival: &str) -> String {
    match rival {
        "" => what.into(),
        _ if ratio >= 0.0 => format!("{what}; {} as likely as {rival}", times(ratio)),
        _ if ratio > -LITTLE => format!("{what}, kept: {rival} is no likelier"),
        _ => format!("{what}, kept: {rival} is {} as likely, which is too little to prefer it", times(-ratio)),
    }
}

/// A factor by its logarithm.
fn times(value: f64) -> String {
    format!("10^{} times", tenths(value))
}

/// What one line each says of the draws, by name.
pub(in crate::report) fn lines(run: &LawRun) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if !run.because.is_empty() {
        lines.push(("because", joined(&run.because, "; ")));
    }
    let sizes: Vec<String> = run.sizes.iter().map(|[width, height]| format!("{width}x{height}")).collect();
    let sizes = if sizes.is_empty() { String::new() } else { format!(", on images of {}", sizes.join(", ")) };
    let repeated = match run.repeated {
        0 => String::new(),
        number => format!("; {number} more are repeated and add nothing"),
    };
    let each = if run.by_call { ", one of each call" } else { "" };
    lines.push(("draws", format!("{} of {} planned{each}{sizes}{repeated}", run.draws, run.planned)));
    lines.push(("tolerance", format!("an alpha that is off by a factor of {} must show", run.tolerance)));
    let best = &run.identified;
    if best.explains {
        let what = format!("{}: {}", best.rule(), best.does());
        lines.push(("rule", against(&what, best.rule_odds, best.rival())));
    } else {
        lines.push(("rule", "not known: no known rule with a known law of lambda explains the draws".into()));
    }
    // The size of Cutout's own box is no random number.
    if best.rule() != "fixed" {
        // Without an alpha that was asked for, none is wrong.
        let wrong = best.law_code().filter(|_| run.alpha.is_some() && best.explains);
        let code = wrong.map_or(String::new(), |code| format!(" ({code})"));
        let what = format!("{}{code}", best.lambda());
        if best.explains {
            lines.push(("lambda", likelier(&what, best.law_ratio, &best.lambda_rival())));
        }
        if wrong.is_some() {
            lines.push((
                "asked for",
                format!("the draws are {} as likely as under what was asked for", times(best.asked_ratio)),
            ));
        }
    }
    if let Some(interval) = run.interval.filter(|_| best.explains && best.beta()) {
        lines.push((
            "alpha",
            format!(
                "most likely {}, between {} and {} but for once in a million",
                interval.hat, interval.low, interval.high
            ),
        ));
    }
    lines.push((
        "deviations",
        match run.deviations {
            0 => "none was looked for".into(),
            all => format!("{} of {all} known deviations refuted", run.refuted),
        },
    ));
    if !run.accepted.is_empty() {
        let ruled_out = run.accepted.iter().filter(|accepted| accepted.ruled_out());
        lines.push((
            "ruled out",
            format!("{} of {} accepted rules with their laws", ruled_out.count(), run.accepted.len()),
        ));
    }
    if let Some(draws) = run.decided {
        lines.push(("decided", format!("after {draws} draws")));
    }
    if let Some(draws) = run.needed {
        lines.push(("needed", format!("about {draws} more draws")));
    }
    lines.push(("excluded", excluded(run.excluded_rate)));
    lines
}

/// The rate of visible defects that is excluded.
fn excluded(rate: f64) -> String {
    let percent = 100.0 * rate;
    let decimals = if percent < 0.1 { 4 } else { 2 };
    if percent < 100.0 {
        format!("a visible defect in more than {percent:.decimals$} % of samples, at 10^4 to 1")
    } else {
        "no rate of visible defects: too few draws".into()
    }
}

/// What `identify` says of the draws of one alpha, by name.
pub(crate) fn identity(run: &LawRun) -> Vec<(&'static str, String)> {
    let best = &run.identified;
    let odds = |value: f64, rival: &str| {
        let sure = if value >= SURE { "identified" } else { "not sure" };
        format!("{sure}: {} against {rival}", odds(value))
    };
    let mut lines = vec![("draws", run.draws.to_string())];
    let what = format!("{}: {}", best.rule(), best.does());
    if !best.explains {
        lines.push(("rule", "not known: nothing that is known explains the draws".into()));
        return lines;
    }
    lines.push(("rule", what));
    if best.rule_rival.is_some() {
        lines.push(("", odds(best.rule_odds, best.rival())));
    }
    lines.push(("lambda", best.lambda()));
    if best.law_rival.is_some() {
        let sure = if best.law_odds >= SURE { "identified" } else { "not sure" };
        lines.push(("", likelier(sure, best.law_ratio, &best.lambda_rival())));
    }
    if let Some(AlphaInterval { hat, low, high }) = run.interval.filter(|_| best.beta()) {
        lines.push(("alpha", format!("{hat} ({low} to {high})")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_of_evidence() {
        assert_eq!(
            ["none", "0.0", "-0.1", "4.0", "beyond any"],
            [-1e9, -0.04, -0.06, 3.96, 1e9].map(tenths).each_ref().map(String::as_str)
        );
        let words = [-1e9, 0.99, 1.0, 2.0, 4.0, 6.0].map(ladder);
        assert_eq!(words, ["none", "none", "unusual", "suspicious", "very suspicious", "FAIL"]);
        assert_eq!(excluded(0.021), "a visible defect in more than 2.10 % of samples, at 10^4 to 1");
        assert!(excluded(0.000_09).contains("0.0090 %") && excluded(1.5).contains("too few"));
    }
}
