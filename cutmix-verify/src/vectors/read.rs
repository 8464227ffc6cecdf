//! Files of vectors, read back: the published ones, or those of a folder.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::model::{Case, Expect, GENERATOR_VERSION};
use super::notes::note;
use super::value::{number, plain};
use super::{KINDS, OPS, PUBLISHED};

/// The cases of a file. What can be told without its schema is looked at: numbers, counts, flags, operations, bits.
///
/// # Errors
/// What the file lacks.
pub fn cases(text: &str) -> Result<Vec<Case>, String> {
    let file: Written = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if file.generator_version != GENERATOR_VERSION {
        return Err(format!("generatorVersion {:?}, expected {GENERATOR_VERSION:?}", file.generator_version));
    }
    let mut out: Vec<Case> = Vec::new();
    let mut numbers = BTreeSet::new();
    for WrittenGroup { op, tests } in file.test_groups {
        if !OPS.contains(&op.as_str()) {
            return Err(format!("op {op:?}, expected one of {}", OPS.join(", ")));
        }
        for case in tests {
            let (case, number) = (Case { kind: file.kind.clone(), op: op.clone(), ..case }, case.number);
            case.check().map_err(|wrong| format!("test {number}: {wrong}"))?;
            if !numbers.insert(number) {
                return Err(format!("tcId {number} twice, expected each once"));
            }
            out.push(case);
        }
    }
    if file.number_of_tests != Some(out.len()) {
        return Err(format!("numberOfTests is not {}, which is how many there are", out.len()));
    }
    if out.is_empty() { Err("no cases".into()) } else { Ok(out) }
}

/// A file's text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    kind: String,
    #[serde(default)]
    generator_version: String,
    number_of_tests: Option<usize>,
    #[serde(default)]
    test_groups: Vec<WrittenGroup>,
}

#[derive(Deserialize)]
struct WrittenGroup {
    op: String,
    tests: Vec<Case>,
}

impl Case {
    fn check(&self) -> Result<(), String> {
        if let Some(flag) = self.flags.iter().find(|flag| note(flag).is_none()) {
            return Err(format!("flag {flag:?}, of which there is no note"));
        }
        if self.flags.is_empty() {
            return Err("no flags, expected one at least".into());
        }
        if (self.result == Expect::Invalid) != self.output.is_null() {
            return Err("an output where it must be refused, or none where not".into());
        }
        floats("input", &self.input)?;
        floats("output", &self.output)
    }
}

/// That every number with bits says the same twice.
fn floats(place: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Array(list) => list.iter().try_for_each(|value| floats(place, value)),
        Value::Object(object) => {
            if let (Some(said), Some(bits)) = (object.get("value"), object.get("bits")) {
                let wrong = || format!("{place}: value {said} with bits {bits}, expected the same number twice");
                let of_bits = number(value).ok_or_else(wrong)?;
                let same = said.as_f64().map_or(*said == plain(of_bits), |said| said.to_bits() == of_bits.to_bits());
                return if same { Ok(()) } else { Err(wrong()) };
            }
            object.iter().try_for_each(|(name, value)| floats(&format!("{place}.{name}"), value))
        }
        _ => Ok(()),
    }
}

/// The published cases, kind by kind in the order of [`KINDS`]: tens of milliseconds to read, and some megabytes.
///
/// # Panics
/// Never: a test reads them all.
#[must_use]
pub fn published() -> Vec<Case> {
    KINDS.into_iter().flat_map(of_kind).collect()
}

/// The published cases of a kind.
pub(crate) fn of_kind(kind: &str) -> Vec<Case> {
    let text = PUBLISHED.into_iter().find_map(|(of, text)| (of == kind).then_some(text));
    let cases = text.ok_or_else(|| "no such file".into()).and_then(cases);
    cases.unwrap_or_else(|error| panic!("{kind}.json: {error}"))
}

/// The cases of a folder, which has a file `KIND.json` for each kind, or for some of them; other files are not looked at.
///
/// # Errors
/// A file that is no file of vectors, or that there is none.
pub fn folder(path: &Path) -> io::Result<Vec<Case>> {
    let mut out = Vec::new();
    for kind in KINDS {
        let file = path.join(format!("{kind}.json"));
        let wrong = |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
        match std::fs::metadata(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(wrong(&error)),
            Ok(meta) if !meta.is_file() => return Err(wrong(&"no file of JSON")),
            Ok(_) => {}
        }
        let text = std::fs::read_to_string(&file).map_err(|error| wrong(&error))?;
        out.extend(cases(&text).map_err(|error| wrong(&error))?);
    }
    if out.is_empty() {
        let names = KINDS.map(|kind| format!("{kind}.json")).join(", ");
        return Err(io::Error::other(format!("{}: no file of vectors, expected some of {names}", path.display())));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_cases_is_refused() {
        assert_eq!(cases(r#"{"kind": "box"}"#).unwrap_err(), "generatorVersion \"\", expected \"1.0\"");
        let empty = r#"{"kind": "box", "generatorVersion": "1.0", "numberOfTests": 0, "testGroups": []}"#;
        assert_eq!(cases(empty).unwrap_err(), "no cases");
    }

    #[test]
    fn another_rule_makes_boxes_of_the_paper_optional() {
        let case = of_kind("box").swap_remove(0);
        assert_eq!((case.name().as_str(), case.result), ("box/1001 box", Expect::Valid));
        assert_eq!(case.under("official").result, Expect::Acceptable);
    }
}
