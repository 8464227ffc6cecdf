//! Words of rules and laws, and of what is found of them.

use core::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::draws::odds;
use crate::profile::shape::Shape;
use crate::profile::{Code, Hypothesis, Lambda, LambdaLaw, Precision, Rate};
use crate::report::model_fact::{Event, Fact, Statistic};
use crate::report::model_law::{
    Against, Alike, Aspect, Departure, Deviant, Identified, Reason, RightLaw, SURE, Sort, Teller, Tested, Wrong, joined,
};

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
            (_, Lambda::Clipped { least, most, .. }) if least == most => write!(f, "lambda is always {least}")?,
            (_, Lambda::Clipped { least, most, .. }) if *least <= 0.0 => write!(f, "lambda forced to {most} at most")?,
            (_, Lambda::Clipped { least, most, .. }) if *most >= 1.0 => write!(f, "lambda forced to {least} at least")?,
            (_, Lambda::Clipped { least, most, .. }) => write!(f, "lambda forced into {least} to {most}")?,
            (_, Lambda::Rounded { parts, .. }) => write!(f, "lambda rounded to multiples of 1/{parts}")?,
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
        let named = |f: &mut fmt::Formatter<'_>, size: &Option<[u32; 2]>| {
            size.map_or(Ok(()), |[width, height]| write!(f, " ({width}x{height})"))
        };
        let (sort, size) = match self {
            Self::Boxes(sort, size) => (sort, size),
            Self::Recurring(size) => {
                f.write_str("boxes that recur")?;
                return named(f, size);
            }
            Self::Streams => return f.write_str("repeats and pairing"),
            Self::Weights => return f.write_str("weights"),
            Self::NeighbouringWeights => return f.write_str("weights of neighbouring draws"),
            Self::Foretold => return f.write_str("draws told by what was known before"),
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
            Sort::Across => "columns and middle column",
            Sort::Down => "rows and middle row",
            Sort::Neighbours => "areas of neighbouring draws",
        })?;
        named(f, size)
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Area => "the area of a box",
            Self::Column => "the middle column of a box",
            Self::Row => "the middle row of a box",
            Self::Weight => "the weight of a blend",
        })
    }
}

impl fmt::Display for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class => f.write_str("depends on the class of the image"),
            Self::Partner => f.write_str("depends on who is the partner"),
            Self::PartnerClass => f.write_str("depends on the class of the partner"),
            Self::Slot => f.write_str("depends on the place in the batch"),
            Self::Before => f.write_str("depends on that of the call before"),
            Self::SlotBefore => f.write_str("depends on that of the same place of the batch in the call before"),
            Self::Earlier(calls) => write!(f, "repeats that of {calls} calls before"),
        }
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
            Self::NotAccepted(shape) => write!(f, "the boxes follow {0}, which --accept {0} accepts", shape.name),
            Self::Suspicious => f.write_str("suspicious, but not sure"),
            Self::NotRefuted(open) => write!(f, "not refuted yet: {}", joined(open, "; ")),
            Self::Hidden(size, alpha, factor) => {
                let what = size.map_or("blends".into(), |[width, height]| format!("boxes on {width}x{height} pixels"));
                write!(f, "{what} do not tell alpha {alpha} from one that is off by a factor of {factor}")
            }
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sure = |odds: f64| {
            if odds >= SURE { "identified".to_owned() } else { format!("most likely, 10^{odds:.1} to 1") }
        };
        match self {
            Self::Unexplained { tests, facts, impossible } => {
                let mut why: Vec<String> = tests.iter().map(Tested::to_string).collect();
                if let Some((count, draws)) = impossible {
                    why.push(format!("{count} of {draws} boxes, which the nearest rule cannot make"));
                }
                let why = if why.is_empty() { "the draws".into() } else { why.join(", ") };
                write!(f, "nothing that is known explains: {why}")?;
                facts.iter().try_for_each(|fact| write!(f, "; {fact}"))
            }
            Self::Rule(shape, odds) => write!(f, "{} ({})", shape_does(shape), sure(*odds)),
            Self::Law(law, odds, alpha) => {
                write!(f, "lambda follows {law}")?;
                odds.map_or(Ok(()), |known| f.write_str(if known { " (identified)" } else { " (most likely)" }))?;
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
            Self::Foretold(aspect, teller, odds) => write!(f, "{aspect} {teller}: 10^{odds:.1} to 1"),
        }
    }
}

/// The name of a column or row.
const AXES: [&str; 2] = ["column", "row"];

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::First(axis) => write!(f, "boxes touch the first {}", AXES[axis]),
            Self::Last(axis) => write!(f, "boxes touch the last {}", AXES[axis]),
            Self::Whole(axis) => write!(f, "boxes have all {}s", AXES[axis]),
            Self::Middle(axis, from, to) => write!(f, "boxes have their middle in {}s {from} to {to}", AXES[axis]),
            Self::Extent(axis, from, to) => write!(f, "boxes have {from} to {to} {}s", AXES[axis]),
            Self::SameHalves => {
                f.write_str("boxes have their middle in the first half of columns and rows, or in the last of both")
            }
            Self::Weights(from, to) => write!(f, "weights are {from:.4} to {to:.4}"),
        }
    }
}

impl Statistic {
    /// What is expected at an alpha, and what is there.
    pub(crate) fn contrast(&self, alpha: &str) -> [String; 2] {
        let Self { event, seen, draws, expected, log10_e, shape } = self;
        let rule = shape.map_or(String::new(), |shape| format!("{} and ", shape.name));
        let actual = format!("{seen} of {draws}, at {} against that", odds(*log10_e));
        [format!("{expected} of {draws} {event}, by {rule}{alpha}"), actual]
    }
}

/// Digits of a lambda: more where two would make it 0 or 1.
fn digits(value: f64) -> (f64, usize) {
    if (0.01..=0.99).contains(&value) { (100.0, 2) } else { (10_000.0, 4) }
}

/// A lower bound, rounded down, so that what is said is true.
fn down(value: f64) -> String {
    let (scale, digits) = digits(value);
    format!("{:.digits$}", libm::floor(value * scale) / scale)
}

/// An upper bound, rounded up.
fn up(value: f64) -> String {
    let (scale, digits) = digits(value);
    format!("{:.digits$}", libm::ceil(value * scale) / scale)
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Between(low, high) => write!(f, "lambda lies between {} and {}", down(low), up(high)),
            Self::NeverBelow(low) => write!(f, "lambda is never below {}", down(low)),
            Self::NeverAbove(high) => write!(f, "lambda is never above {}", up(high)),
            Self::OneLambda(low, high) => write!(f, "lambda is one number, between {} and {}", down(low), up(high)),
            Self::NeverInside(number) => write!(f, "every box touches a border, and {number} should not"),
            Self::NoMiddle(axis, from, to) => {
                write!(f, "no box away from the borders has its middle in {}s {from} to {to}", AXES[axis])
            }
            Self::Uncovered(axis, from, to) => write!(f, "{}s {from} to {to} are never covered", AXES[axis]),
            Self::Uneven(axis, first, [seen, number], expected) => {
                let half = if first { "first" } else { "middle" };
                let axis = AXES[axis];
                write!(
                    f,
                    "{seen} of {number} boxes lie in the {half} half of their room of {axis}s, {expected} expected"
                )
            }
            Self::Even => f.write_str(
                "boxes of one size lie evenly along each axis: sizes, or how draws hang together, are not as asked",
            ),
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
        let mut out = serializer.serialize_struct("Identified", 12)?;
        out.serialize_field("rule", self.rule())?;
        out.serialize_field("what", self.does())?;
        out.serialize_field("rule_odds", &self.rule_odds)?;
        out.serialize_field("rule_rival", self.rival())?;
        out.serialize_field("law", &self.lambda())?;
        // No code is an empty text.
        out.serialize_field("law_code", self.law_code().map_or("", Code::name))?;
        out.serialize_field("law_odds", &self.law_odds)?;
        out.serialize_field("law_ratio", &self.law_ratio)?;
        out.serialize_field("law_rival", &self.lambda_rival())?;
        out.serialize_field("against_asked", &self.against_asked)?;
        out.serialize_field("asked_ratio", &self.asked_ratio)?;
        out.serialize_field("explains", &self.explains)?;
        out.end()
    }
}
