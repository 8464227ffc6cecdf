//! Whether a reply is right.

use serde_json::Value;

use super::model::Expect;
use super::question::Reply;
use super::value::{bits, number, unhex};
use crate::subject::Dtype;

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
pub(super) fn judge(op: &str, input: &Value, expected: &Value, result: Expect, reply: &Reply) -> CaseOutcome {
    match (result, reply) {
        (_, Reply::Broken(what)) => CaseOutcome::Failed(what.clone()),
        (_, Reply::Unsupported) | (Expect::Acceptable, Reply::Refused(_)) => CaseOutcome::Untested,
        (Expect::Invalid, Reply::Refused(_)) => CaseOutcome::Passed,
        (Expect::Invalid, Reply::Output(_)) => CaseOutcome::Failed("answered, but the input must be refused".into()),
        (Expect::Valid, Reply::Refused(reason)) => CaseOutcome::Failed(format!("refused: {reason}")),
        (_, Reply::Output(output)) => {
            let found = match op {
                "draw_boxes" => pmf(input, expected, output),
                "draw_beta" => distribution(input, expected, output),
                _ => same(input, expected, output),
            };
            found.map_or_else(CaseOutcome::Failed, |()| CaseOutcome::Passed)
        }
    }
}

/// Every field that is expected, equal or within the tolerance.
fn same(input: &Value, expected: &Value, output: &Value) -> Result<(), String> {
    let tolerance = expected.get("tolerance").and_then(number).unwrap_or(0.0);
    let fields = expected.as_object().ok_or("the expected output is no object")?;
    let limits = ["tolerance", "mean", "mean_tolerance"];
    let dtype = input.get("dtype").and_then(Value::as_str);
    let dtype = Dtype::MIXED.into_iter().find(|of| Some(of.name()) == dtype).unwrap_or(Dtype::U8);
    for (name, wanted) in fields.iter().filter(|(name, _)| !limits.contains(&name.as_str())) {
        let Some(given) = output.get(name) else { return Err(format!("no {name} in the output")) };
        match wanted {
            Value::String(text) if name == "pixels" || name == "images" => {
                bytes(name, dtype, text, given, tolerance)?;
            }
            _ => equal(name, wanted, given, tolerance)?,
        }
        if let Some(mean) = expected.get("mean").and_then(number) {
            let most = expected.get("mean_tolerance").and_then(number).unwrap_or(0.0);
            unbiased(dtype, given, mean, most)?;
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

fn counts(output: &Value, cells: usize, draws: f64) -> Result<Vec<f64>, String> {
    let list = output.get("counts").and_then(Value::as_array).ok_or("no counts in the output")?;
    let counts: Vec<f64> = list
        .iter()
        .map(Value::as_u64)
        .map(|count| count.map(|n| n as f64))
        .collect::<Option<_>>()
        .ok_or("a count that is no whole number from 0 on")?;
    if counts.len() != cells {
        return Err(format!("{} counts, expected {cells}", counts.len()));
    }
    if counts.iter().any(|&count| count > draws) { Err(format!("a count above the {draws} draws")) } else { Ok(counts) }
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

fn draws(input: &Value) -> Result<f64, String> {
    input.get("draws").and_then(number).ok_or_else(|| "no draws in the input".into())
}

fn list(value: &Value, name: &str) -> Result<Vec<f64>, String> {
    let list = value.get(name).and_then(Value::as_array).and_then(|list| list.iter().map(number).collect());
    list.ok_or_else(|| format!("no list of numbers {name}"))
}

/// Counts of every area against its exact probability, and of areas up to each.
fn pmf(input: &Value, expected: &Value, output: &Value) -> Result<(), String> {
    let (areas, draws) = (list(expected, "areas")?, draws(input)?);
    let counts = counts(output, areas.len(), draws)?;
    let all: f64 = counts.iter().sum();
    if all != draws {
        return Err(format!("{all} boxes counted, expected {draws}"));
    }
    let atom = expected.get("atom").and_then(number).unwrap_or(0.0);
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
fn distribution(input: &Value, expected: &Value, output: &Value) -> Result<(), String> {
    let (cdf, at, draws) = (list(expected, "cdf")?, list(input, "at")?, draws(input)?);
    let counts = counts(output, cdf.len(), draws)?;
    against(at.iter().map(|x| format!("draws up to {x}")), &counts, &cdf, draws, 0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_what_is_expected() {
        let expected = json!({ "x0": 1, "x1": 99, "row": [{ "value": 0.5, "bits": "0x3fe0000000000000" }] });
        let failed = |output: Value| {
            let reply = Reply::Output(output);
            match judge("box", &Value::Null, &expected, Expect::Valid, &reply) {
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
