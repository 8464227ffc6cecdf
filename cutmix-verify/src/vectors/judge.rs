//! Whether a reply is right.

use serde::Deserialize;
use serde_json::Value;

use super::model::{Case, Expect};
use super::question::{BetaDraws, BoxDraws, Reply, Typed};
use super::value::{Malformed, Real, number, read, unhex};
use crate::subject::{Dtype, bits};

/// What a case has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseOutcome {
    /// As it must be.
    Passed,
    /// The implementation has no such function, or refused a case that may be refused.
    Untested,
    /// Wrong, in one line. May hold untrusted text.
    Failed(String),
}

/// The most by which chance alone may exceed the limit of a law's case, all its cells together: such a false alarm is
/// one in a billion.
const ALARM: f64 = 1e-9;

/// Judges a reply.
#[must_use]
pub(super) fn judge(case: &Case, reply: &Reply) -> CaseOutcome {
    match (case.result, reply) {
        (_, Reply::Broken(what)) => CaseOutcome::Failed(what.clone()),
        (_, Reply::Unsupported) | (Expect::Acceptable, Reply::Refused(_)) => CaseOutcome::Untested,
        (Expect::Invalid, Reply::Refused(_)) => CaseOutcome::Passed,
        (Expect::Invalid, Reply::Output(_)) => CaseOutcome::Failed("answered, but the input must be refused".into()),
        (Expect::Valid, Reply::Refused(reason)) => CaseOutcome::Failed(format!("refused: {reason}")),
        (_, Reply::Output(output)) => {
            let found = match case.op.as_str() {
                "draw_boxes" => pmf(case, output),
                "draw_beta" => distribution(case, output),
                _ => same(case, output),
            };
            found.map_or_else(CaseOutcome::Failed, |()| CaseOutcome::Passed)
        }
    }
}

/// How far an output may be from the expected one: each value, and the mean of all.
#[derive(Deserialize)]
struct Limits {
    #[serde(default)]
    tolerance: Real,
    mean: Option<Real>,
    #[serde(default)]
    mean_tolerance: Real,
}

/// Every field that is expected, equal or within the tolerance.
fn same(case: &Case, output: &Value) -> Result<(), String> {
    let limits: Limits = read(&case.output)?;
    let fields = case.output.as_object().ok_or("the expected output is no object")?;
    let dtype = read(&case.input).map_or(Dtype::U8, |of: Typed| of.dtype);
    for (name, wanted) in fields {
        if ["tolerance", "mean", "mean_tolerance"].contains(&name.as_str()) {
            continue;
        }
        let Some(given) = output.get(name) else { return Err(format!("no {name} in the output")) };
        match wanted {
            Value::String(text) if name == "pixels" || name == "images" => {
                bytes(name, dtype, text, given, limits.tolerance.0)?;
            }
            _ => equal(name, wanted, given, limits.tolerance.0)?,
        }
        if let Some(Real(mean)) = limits.mean {
            unbiased(dtype, given, mean, limits.mean_tolerance.0)?;
        }
    }
    Ok(())
}

/// That values which may each be off by a level are not all off in the same direction.
fn unbiased(dtype: Dtype, given: &Value, mean: f64, most: f64) -> Result<(), String> {
    let bytes = given.as_str().and_then(unhex).unwrap_or_default();
    let values = bytes.chunks(dtype.bytes()).map(|bytes| dtype.value(bits(bytes)));
    let off = values.clone().sum::<f64>() / values.len().max(1) as f64 - mean;
    if off.abs() <= most {
        return Ok(());
    }
    let direction = if off < 0.0 { "below" } else { "above" };
    Err(format!(
        "all values together are {:.2} {direction} the formula's, expected at most {most}: cut off, not rounded?",
        off.abs()
    ))
}

/// A value as a message has it: of binary32 with its bits, which is all that two NaN differ in.
fn written(dtype: Dtype, bytes: &[u8]) -> String {
    let (bits, value) = (bits(bytes), dtype.value(bits(bytes)));
    if dtype.is_float() { format!("{value:e} (0x{bits:08x})") } else { value.to_string() }
}

fn equal(name: &str, wanted: &Value, given: &Value, tolerance: f64) -> Result<(), String> {
    if let (Value::Array(wanted), Value::Array(given)) = (wanted, given) {
        if wanted.len() != given.len() {
            return Err(format!("{name} has {} entries, expected {}", given.len(), wanted.len()));
        }
        let entry = |(i, (wanted, given))| equal(&format!("{name}[{i}]"), wanted, given, tolerance);
        return wanted.iter().zip(given).enumerate().try_for_each(entry);
    }
    let same = match (number(wanted), number(given)) {
        (Some(wanted), Some(given)) => (wanted - given).abs() <= tolerance,
        (None, None) => text(wanted) == text(given),
        _ => false,
    };
    if same { Ok(()) } else { Err(format!("{name} is {}, expected {}", show(given), show(wanted))) }
}

/// Text without regard to capital letters, and truth values.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_ascii_lowercase)
}

/// A value in a message: what is a number as one, and none of it long.
fn show(value: &Value) -> String {
    let text = number(value).map_or_else(|| value.to_string(), |x| x.to_string());
    if text.chars().count() > 60 { text.chars().take(60).chain("...".chars()).collect() } else { text }
}

fn bytes(name: &str, dtype: Dtype, wanted: &str, given: &Value, tolerance: f64) -> Result<(), String> {
    let given = given.as_str().and_then(unhex).ok_or(format!("{name} is no hexadecimal text"))?;
    let wanted = unhex(wanted).ok_or("the expected pixels are no hexadecimal text")?;
    if given.len() != wanted.len() {
        return Err(format!("{name} has {} bytes, expected {}", given.len(), wanted.len()));
    }
    let (width, value) = (dtype.bytes(), |bytes: &[u8]| dtype.value(bits(bytes)));
    let pairs = given.chunks(width).zip(wanted.chunks(width)).enumerate();
    let mut wrong = pairs.filter(|(_, (given, wanted))| {
        // Bit for bit, NaN as well, unless some rounding is allowed.
        let near = tolerance > 0.0 && (value(given) - value(wanted)).abs() <= tolerance;
        given != wanted && !near
    });
    let Some((index, (given, wanted))) = wrong.next() else { return Ok(()) };
    let count = 1 + wrong.count();
    let (given, wanted) = (written(dtype, given), written(dtype, wanted));
    Err(format!("{count} wrong of {name}; the first, value {index}, is {given}, expected {wanted}"))
}

/// Chernoff's bound: of `draws`, a share this far from `p` has a probability below `exp(-draws KL)`. No approximation.
/// The program may be off by `atom`, the probability that the type of its numbers may move.
fn far(count: f64, draws: f64, p: f64, atom: f64, limit: f64) -> bool {
    let share = count / draws;
    let p = if share > p { (p + atom).min(share) } else { (p - atom).max(share) };
    if p <= 0.0 || p >= 1.0 {
        // What is impossible, or certain: not one draw may say otherwise.
        return share != p;
    }
    let part = |q: f64, p: f64| if q > 0.0 { q * libm::log(q / p) } else { 0.0 };
    draws * (part(share, p) + part(1.0 - share, 1.0 - p)) > limit
}

fn against(
    names: impl Iterator<Item = String>,
    counts: &[f64],
    expected: &[f64],
    draws: f64,
    atom: f64,
) -> Result<(), String> {
    let limit = libm::log(2.0 * expected.len() as f64 / ALARM);
    for ((name, &count), &p) in names.zip(counts).zip(expected) {
        if far(count, draws, p, atom, limit) {
            return Err(format!("{name}: {count} of {draws}, expected a share of {p}"));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Counts {
    counts: Vec<u64>,
}

/// Exact probabilities: of every area, or of draws up to each quantile.
#[derive(Deserialize)]
struct Law {
    #[serde(alias = "areas", alias = "cdf")]
    shares: Vec<Real>,
    #[serde(default)]
    atom: Real,
}

/// What was counted of so many draws, and what was to be expected.
fn counted(case: &Case, output: &Value, draws: u32) -> Result<(Vec<f64>, Vec<f64>, f64), String> {
    let Law { shares, atom: Real(atom) } = read(&case.output)?;
    let Counts { counts } = read(output).map_err(|Malformed(error)| format!("the output: {error}"))?;
    if counts.len() != shares.len() {
        return Err(format!("{} counts, expected {}", counts.len(), shares.len()));
    }
    if counts.iter().any(|&count| count > draws.into()) {
        return Err(format!("a count above the {draws} draws"));
    }
    Ok((counts.into_iter().map(|n| n as f64).collect(), shares.into_iter().map(|Real(p)| p).collect(), atom))
}

/// Counts of every area against its exact probability, and of areas up to each.
fn pmf(case: &Case, output: &Value) -> Result<(), String> {
    let of: BoxDraws = read(&case.input)?;
    let (counts, areas, atom) = counted(case, output, of.draws)?;
    let draws = f64::from(of.draws);
    let all: f64 = counts.iter().sum();
    if all != draws {
        return Err(format!("{all} boxes counted, expected {draws}"));
    }
    against((0..).map(|area| format!("boxes of {area} pixels")), &counts, &areas, draws, atom)?;
    let up_to = |values: &[f64]| -> Vec<f64> {
        let add = |sum: &mut f64, value: &f64| {
            *sum += value;
            Some(*sum)
        };
        values.iter().scan(0.0, add).collect()
    };
    // A sum may lack a rounding of being certain; the last is everything.
    let below: Vec<f64> = up_to(&areas).iter().map(|p| p.clamp(1e-12, 1.0 - 1e-12)).collect();
    let last = areas.len() - 1;
    let names = (0..).map(|area| format!("boxes of up to {area} pixels"));
    against(names, &up_to(&counts)[..last], &below[..last], draws, atom)
}

/// Draws up to each quantile against its probability.
fn distribution(case: &Case, output: &Value) -> Result<(), String> {
    let of: BetaDraws = read(&case.input)?;
    let (counts, cdf, atom) = counted(case, output, of.draws)?;
    against(of.at.iter().map(|Real(x)| format!("draws up to {x}")), &counts, &cdf, of.draws.into(), atom)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::vectors::read::of_kind;

    #[test]
    fn what_is_wrong_is_said_with_what_is_expected() {
        let expected = json!({ "x0": 1, "x1": 99, "row": [{ "value": 0.5, "bits": "0x3fe0000000000000" }] });
        let failed = |output: Value| {
            let case = Case { output: expected.clone(), ..of_kind("box").swap_remove(0) };
            match judge(&case, &Reply::Output(output)) {
                CaseOutcome::Failed(why) => why,
                outcome => format!("{outcome:?}"),
            }
        };
        assert_eq!(failed(json!({ "x0": 1, "x1": 12, "row": [0.5] })), "x1 is 12, expected 99");
        assert_eq!(failed(json!({ "x0": 1, "x1": 99, "row": [0.25] })), "row[0] is 0.25, expected 0.5");
        assert_eq!(failed(json!({ "x0": 1 })), "no row in the output");
        assert_eq!(failed(json!({ "x0": 1, "x1": 99, "row": [0.5], "more": 1 })), "Passed");
    }
}
