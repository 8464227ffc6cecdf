//! Every sentence about the law of the draws. Values come in, and nothing is read back out of what is made here.
//!
//! The judge decides by values, so any text of this file may be reworded; the forms of the report and the judgement of an audit
//! import it.

use core::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::model_law::{
    Against, Alike, AlphaInterval, Departure, Deviant, Identified, LawRun, REFUTED, Reason, RightLaw, SURE, SUSPICIOUS,
    Sort, Tested, UNUSUAL, Wrong, joined,
};
use crate::profile::shape::Shape;
use crate::profile::{Code, Hypothesis, Lambda, LambdaLaw, Precision, Rate};

/// The logarithm of an e-value that stands for what is beyond any number: an outcome without probability.
const BEYOND: f64 = 1e6;
/// The name of Mixup's only rule, and what it does.
const MIXUP: [&str; 2] = ["mixup", "a blend"];

impl fmt::Display for Hypothesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.law, &self.lambda) {
            (LambdaLaw::Times(_), Lambda::Beta { a, .. }) => write!(f, "Beta({a:.4}, {a:.4})")?,
            (LambdaLaw::Fitted, Lambda::Beta { a, .. }) => write!(f, "Beta({a:.3}, {a:.3})")?,
            (LambdaLaw::One, _) => f.write_str("Beta(1, 1), whatever alpha is")?,
            // Of lambda itself, whose parameters are those of its complement exchanged.
            (_, Lambda::Beta { a, b }) => write!(f, "Beta({b}, {a})")?,
            (_, Lambda::NoRoot(_)) => f.write_str("sides by 1 - lambda instead of its square root")?,
            (_, Lambda::Folded(_)) => f.write_str("max(lambda, 1 - lambda)")?,
            (_, Lambda::FoldedUp(_)) => f.write_str("min(lambda, 1 - lambda)")?,
            (_, Lambda::Clipped { least, most, .. }) => write!(f, "lambda forced into {least} to {most}")?,
            (_, Lambda::Uniform { least, most }) => write!(f, "lambda uniform on {least} to {most}")?,
            (_, Lambda::RandomAlpha(upper)) => write!(f, "Beta(t, t) with t uniform on 0 to {upper}")?,
            (_, Lambda::NotRejected(_)) => f.write_str("a ratio of powers without rejection")?,
        }
        f.write_str(match self.precision {
            Precision::Exact => "",
            Precision::F64 => " in binary64",
            Precision::F32 => " in binary32",
        })?;
        f.write_str(match self.rate {
            Rate::Promised => "",
            Rate::Squared => ", the probability applied twice",
            Rate::Any => ", not as often as promised",
        })
    }
}

impl fmt::Display for RightLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyAlpha => f.write_str("any alpha"),
            Self::Known(law) => law.fmt(f),
        }
    }
}

impl fmt::Display for Deviant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.shape, &self.departure) {
            (Some(shape), Departure::Rule) => return f.write_str(&shape_does(shape)),
            (Some(shape), _) => write!(f, "{}, ", shape.name)?,
            (None, _) => {}
        }
        match &self.departure {
            Departure::Below(alpha) => write!(f, "alpha below {alpha:.4}"),
            Departure::Above(alpha) => write!(f, "alpha above {alpha:.4}"),
            Departure::Rule => f.write_str(MIXUP[0]),
            Departure::Law(law) => law.fmt(f),
        }
    }
}

impl fmt::Display for Tested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sort, size) = match self {
            Self::Boxes(sort, size) => (sort, size),
            Self::Streams => return f.write_str("repeats and pairing"),
            Self::Weights => return f.write_str("weights"),
            Self::NeighbouringWeights => return f.write_str("weights of neighbouring draws"),
        };
        f.write_str(match sort {
            Sort::Area => "area",
            Sort::Touch => "edges touched",
            Sort::Column => "middle column",
            Sort::Row => "middle row",
            Sort::Middle => "middle column and row",
            Sort::Width => "columns",
            Sort::Height => "rows",
            Sort::Extents => "columns and rows",
            Sort::Neighbours => "areas of neighbouring draws",
        })?;
        size.map_or(Ok(()), |[width, height]| write!(f, " ({width}x{height})"))
    }
}

impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("against all that is accepted"),
            Self::Rival(shape, None) => write!(f, "against {}", shape.name),
            Self::Rival(shape, Some(law)) => write!(f, "against {}, {law}", shape.name),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAlpha => f.write_str("no --alpha was given, so the law of lambda is not judged"),
            Self::Square => f.write_str("exchanged axes do not show on square images"),
            Self::Draws(made, planned) => write!(f, "{made} of {planned} planned draws"),
            Self::Impossible(count) => write!(f, "{count} boxes that are impossible"),
            Self::Suspicious => f.write_str("suspicious, but not sure"),
            Self::NotRefuted(open) => write!(f, "not refuted yet: {}", joined(open, "; ")),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sure = |odds: f64| {
            if odds >= SURE { "identified".to_owned() } else { format!("most likely, 10^{odds:.1} to 1") }
        };
        match self {
            Self::Unexplained { shape, law, tests, impossible } => {
                let mut why: Vec<String> = tests.iter().map(Tested::to_string).collect();
                if let Some((count, draws)) = impossible {
                    why.push(format!("{count} of {draws} boxes, which are impossible under it"));
                }
                let law = law.as_ref().map_or("no lambda".into(), Hypothesis::to_string);
                let rule = shape.map_or(String::new(), |shape| format!("{} with ", shape.name));
                let why = if why.is_empty() { "the draws".into() } else { why.join(", ") };
                write!(f, "nearest: {rule}{law}, which does not explain: {why}")
            }
            Self::Rule(shape, odds) => write!(f, "{} ({})", shape_does(shape), sure(*odds)),
            Self::Law(law, odds, alpha) => {
                write!(f, "lambda follows {law}")?;
                odds.map_or(Ok(()), |odds| write!(f, " ({})", sure(odds)))?;
                alpha.map_or(Ok(()), |left| write!(f, "; alpha is {} ({} to {})", left.hat, left.low, left.high))
            }
            Self::Rate([touched, trials], promised) => {
                write!(f, "{touched} of {trials} samples were changed")?;
                promised.map_or(Ok(()), |number| write!(f, ", at most about {number:.0} promised"))
            }
            Self::Impossible(count, draws, shape) => {
                write!(f, "{count} of {draws} boxes are impossible under {}", shape.name)
            }
            Self::Repeated([length, at, before]) => {
                write!(f, "{length} draws in a row, the first of them number {at}, are those from number {before} on")
            }
            Self::Partners(counts) => write!(f, "how often each partner was chosen: {counts:?}"),
        }
    }
}

impl fmt::Display for Alike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { deviation, shape, apart, excluded } = self;
        write!(
            f,
            "{} ({}): differs from {} in {:.3} % of draws, and this audit excludes {:.3} %",
            deviation.code,
            deviation.what,
            shape.name,
            100.0 * apart,
            100.0 * excluded
        )
    }
}

/// A rule and what it does.
fn shape_does(shape: &Shape) -> String {
    format!("{}: {}", shape.name, shape.what)
}

impl Identified {
    /// The name of the rule.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.shape.map_or(MIXUP[0], |shape| shape.name)
    }

    /// What the rule does.
    #[must_use]
    pub fn does(&self) -> &'static str {
        self.shape.map_or(MIXUP[1], |shape| shape.what)
    }

    /// The name of the rule that comes next; empty if there is none.
    #[must_use]
    pub fn rival(&self) -> &'static str {
        self.rule_rival.map_or("", |shape| shape.name)
    }

    /// The law of lambda.
    #[must_use]
    pub fn lambda(&self) -> String {
        match &self.law {
            _ if self.fixed => "none: the sides of the box are fixed".into(),
            None => "none: the sides are drawn without it".into(),
            Some(law) => law.to_string(),
        }
    }

    /// The law that comes next; empty if there is none.
    #[must_use]
    pub fn lambda_rival(&self) -> String {
        self.law_rival.as_ref().map_or(String::new(), Hypothesis::to_string)
    }
}

impl Serialize for Identified {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Identified", 10)?;
        out.serialize_field("rule", self.rule())?;
        out.serialize_field("what", self.does())?;
        out.serialize_field("rule_odds", &self.rule_odds)?;
        out.serialize_field("rule_rival", self.rival())?;
        out.serialize_field("law", &self.lambda())?;
        // No code is an empty text.
        out.serialize_field("law_code", self.law_code().map_or("", Code::name))?;
        out.serialize_field("law_odds", &self.law_odds)?;
        out.serialize_field("law_rival", &self.lambda_rival())?;
        out.serialize_field("against_asked", &self.against_asked)?;
        out.serialize_field("explains", &self.explains)?;
        out.end()
    }
}

/// A logarithm of base 10, to one digit.
pub(super) fn tenths(value: f64) -> String {
    // What could not be less (or more) likely has no number that says anything.
    if value.abs() >= BEYOND {
        return if value < 0.0 { "none".into() } else { "beyond any".into() };
    }
    // Adding zero takes the sign of a zero away.
    format!("{:.1}", libm::rint(value * 10.0) / 10.0 + 0.0)
}

/// Odds whose logarithm this is.
fn odds(value: f64) -> String {
    format!("10^{} to 1", tenths(value))
}

/// The ladder of evidence in words.
pub(super) const fn ladder(log10_e: f64) -> &'static str {
    match log10_e {
        SURE.. => "FAIL",
        REFUTED.. => "very suspicious",
        SUSPICIOUS.. => "suspicious",
        UNUSUAL.. => "unusual",
        _ => "none",
    }
}

/// The run's alpha in words.
pub(super) fn alpha(run: &LawRun) -> String {
    run.alpha.map_or("not given".into(), |alpha| alpha.to_string())
}

/// What explains the draws best, with odds against the next.
fn against(what: &str, value: f64, rival: &str) -> String {
    if rival.is_empty() { what.into() } else { format!("{what}; {} against {rival}", odds(value)) }
}

/// What one line each says of the draws, by name.
pub(super) fn lines(run: &LawRun) -> Vec<(&'static str, String)> {
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
    let (rule, lambda) = if best.explains { ("rule", "lambda") } else { ("nearest", "with") };
    let what = format!("{}: {}", best.rule(), best.does());
    lines.push((rule, if best.explains { against(&what, best.rule_odds, best.rival()) } else { what }));
    // The size of Cutout's own box is no random number.
    if best.rule() != "fixed" {
        // Without an alpha that was asked for, none is wrong.
        let wrong = best.law_code().filter(|_| run.alpha.is_some() && best.explains);
        let code = wrong.map_or(String::new(), |code| format!(" ({code})"));
        let what = format!("{}{code}", best.lambda());
        lines.push((lambda, if best.explains { against(&what, best.law_odds, &best.lambda_rival()) } else { what }));
        if !best.explains {
            lines.push(("", "neither rule nor law is identified: this does not explain the draws".into()));
        }
        if wrong.is_some() {
            lines.push(("asked for", format!("{} against the law that was asked for", odds(best.against_asked))));
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

/// Why an audit passed that found what was expected.
pub(crate) fn as_expected(codes: &[Code]) -> String {
    format!("as expected: {}, and nothing else", Code::join(codes, ", "))
}

/// Why an audit failed: by a code that an earlier audit of the same version found, whose name comes from a file.
pub(crate) fn found_earlier(code: &str) -> String {
    format!("{}: found by an earlier audit of this version", code.escape_debug())
}

/// That these codes were expected, and not found.
pub(crate) fn absent(codes: &[Code]) -> String {
    format!("{} was expected and not found", Code::join(codes, ", "))
}

/// That nothing was seen of these checks.
pub(crate) fn not_shown(checks: &[&str]) -> String {
    format!("not shown by this trace: {}", checks.join(", "))
}

/// That nothing was drawn.
pub(crate) const NO_DRAWS: &str = "no draws of a box or weight";

/// What the draws of one alpha lack.
pub(crate) fn lacks(run: &LawRun) -> String {
    let alpha = run.alpha.map_or(String::new(), |alpha| format!("alpha {alpha}: "));
    let more = run.needed.map_or(String::new(), |more| format!(" (about {more} more draws)"));
    format!("{alpha}{}{more}", joined(&run.because, "; "))
}

/// Why an audit passed.
pub(crate) fn passed(runs: &[LawRun]) -> String {
    let draws: u64 = runs.iter().map(|run| run.draws).sum();
    let refuted: u64 = runs.iter().map(|run| run.refuted).sum();
    let rate = runs.iter().map(|run| run.excluded_rate).fold(0.0, f64::max);
    let alphas: Vec<String> = runs.iter().filter_map(|run| run.alpha).map(|alpha| format!("alpha {alpha}")).collect();
    let at = if alphas.is_empty() { String::new() } else { format!(" at {}", alphas.join(", ")) };
    format!(
        "{draws} draws{at}: every check passed, all {refuted} known deviations refuted by 10^4 to 1 or more; a defect \
         that single samples show, in more than {:.2} % of them, is excluded",
        100.0 * rate
    )
}

/// Why no law is judged.
pub(crate) fn comes_first(check: &str) -> String {
    format!("the law of the draws: the findings of {check} come first")
}

/// What is expected of the draws of one alpha.
pub(crate) fn expected_of(alpha: Option<f64>) -> String {
    let alpha = alpha.map_or("any alpha".into(), |alpha| format!("alpha {alpha}"));
    format!("an accepted rule and {alpha}")
}

/// What is not tested without an alpha.
pub(crate) const WITHOUT_ALPHA: &str = "the law of lambda: no --alpha was given";
/// What alpha 1 alone does not show.
pub(crate) const ONE_ALPHA: &str =
    "ALPHA_IGNORED: at alpha 1 alone an alpha that is ignored does not show; add another";

/// That draws of one call depend on each other, and what their boxes have in common: a first corner, or a place.
pub(crate) fn dependent(common: [Option<bool>; 2]) -> String {
    let what = match common {
        [Some(true), _] => ": all boxes of a call have one first corner",
        [_, Some(true)] => ": all boxes of a call have one place relative to the room that they leave",
        _ => "",
    };
    format!(
        "a box a sample, but the draws of one call are not independent{what}; the law is judged by one of each call"
    )
}

/// What `identify` says of the draws of one alpha, by name.
pub(crate) fn identity(run: &LawRun) -> Vec<(&'static str, String)> {
    let best = &run.identified;
    let odds = |odds: f64, rival: &str| match rival {
        "" => String::new(),
        _ if odds >= SURE => format!("identified: 10^{odds} to 1 against {rival}"),
        _ => format!("not sure: 10^{odds} to 1 against {rival}"),
    };
    let mut lines = vec![("draws", run.draws.to_string())];
    let what = format!("{}: {}", best.rule(), best.does());
    if !best.explains {
        lines.push(("rule", "not known: nothing that is known explains the draws".into()));
        lines.push(("nearest", format!("{what}, with {}", best.lambda())));
        return lines;
    }
    lines.push(("rule", what));
    lines.push(("", odds(best.rule_odds, best.rival())));
    lines.push(("lambda", best.lambda()));
    if best.law_rival.is_some() {
        lines.push(("", odds(best.law_odds, &best.lambda_rival())));
    }
    if let Some(AlphaInterval { hat, low, high }) = run.interval.filter(|_| best.beta()) {
        lines.push(("alpha", format!("{hat} ({low} to {high})")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The places in some sources at which code looks into a text, but for tests and comments.
    fn looks(path: &Path, found: &mut Vec<String>) {
        const LOOKS: [&str; 8] = [
            ".starts_with(",
            ".ends_with(",
            ".strip_prefix(",
            ".strip_suffix(",
            ".split(",
            ".split_once(",
            ".contains(\"",
            ".find(\"",
        ];
        if path.is_dir() {
            return std::fs::read_dir(path).unwrap().for_each(|entry| looks(&entry.unwrap().path(), found));
        }
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().lines().map(str::trim);
        let code = code.filter(|line| !line.starts_with("//") && LOOKS.iter().any(|look| line.contains(look)));
        found.extend(code.map(ToOwned::to_owned));
    }

    /// Any sentence may be reworded: no judgement and no matching looks into a text.
    #[test]
    fn no_meaning_is_read_out_of_a_sentence() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        for path in ["audit", "cli/identify.rs", "report/model_law.rs", "report/law.rs", "report/words.rs"] {
            looks(&source.join(path), &mut found);
        }
        assert_eq!(found, [""; 0]);
    }

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
