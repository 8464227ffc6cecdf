//! Files of vectors, read back: the published ones, or those of a folder.

use std::io;
use std::path::Path;

use serde_json::Value;

use super::model::Verdict;
use super::notes::note;
use super::{KINDS, PUBLISHED};

/// A case as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Kind of the file.
    pub kind: String,
    /// Its number there.
    pub number: u64,
    /// The operation.
    pub op: String,
    /// What it is about.
    pub comment: String,
    /// Names of notes.
    pub flags: Vec<String>,
    /// What is given.
    pub input: Value,
    /// What must come out.
    pub output: Value,
    /// What must be done.
    pub result: Verdict,
}

impl Case {
    /// The name of a case in reports.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{} {}", self.kind, self.number, self.op)
    }

    /// The case as an implementation with another rule than the paper's sees it: boxes of that rule must be right, those
    /// of others may be refused.
    #[must_use]
    pub fn under(mut self, rule: &str) -> Self {
        if matches!(self.op.as_str(), "box" | "draw_boxes") && self.result != Verdict::Invalid {
            let same = self.input.get("rule").and_then(Value::as_str) == Some(rule);
            self.result = if same { Verdict::Valid } else { Verdict::Acceptable };
        }
        self
    }
}

/// The cases of a file.
///
/// # Errors
/// What the file lacks.
pub fn cases(text: &str) -> Result<Vec<Case>, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let kind = file.get("kind").and_then(Value::as_str).ok_or("no kind")?;
    let groups = file.get("testGroups").and_then(Value::as_array).ok_or("no testGroups")?;
    let mut out = Vec::new();
    for group in groups {
        let op = group.get("op").and_then(Value::as_str).ok_or("a group without op")?;
        for test in group.get("tests").and_then(Value::as_array).ok_or("a group without tests")? {
            let number = test.get("tcId").and_then(Value::as_u64).ok_or("a test without tcId")?;
            let case = || {
                Some(Case {
                    kind: kind.into(),
                    number,
                    op: op.into(),
                    comment: test.get("comment")?.as_str()?.into(),
                    flags: test
                        .get("flags")?
                        .as_array()?
                        .iter()
                        .map(|flag| flag.as_str().map(str::to_owned))
                        .collect::<Option<_>>()?,
                    input: test.get("input")?.clone(),
                    output: test.get("output")?.clone(),
                    result: Verdict::from_name(test.get("result")?.as_str()?)?,
                })
            };
            let case = case().ok_or_else(|| format!("test {number} lacks a field, or has one of another form"))?;
            if let Some(flag) = case.flags.iter().find(|flag| note(flag).is_none()) {
                return Err(format!("test {number} has flag {flag}, of which there is no note"));
            }
            out.push(case);
        }
    }
    if out.is_empty() { Err("no cases".into()) } else { Ok(out) }
}

/// The published cases.
///
/// # Panics
/// Never: a test reads them all.
#[must_use]
pub fn published() -> Vec<Case> {
    let of = |(kind, text): (&str, &str)| cases(text).unwrap_or_else(|error| panic!("{kind}.json: {error}"));
    PUBLISHED.into_iter().flat_map(of).collect()
}

/// The cases of a folder with one file for each kind.
///
/// # Errors
/// A file that is not there, or is no file of vectors.
pub fn folder(path: &Path) -> io::Result<Vec<Case>> {
    let mut out = Vec::new();
    for kind in KINDS {
        let file = path.join(format!("{kind}.json"));
        let wrong = |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
        let text = std::fs::read_to_string(&file).map_err(|error| wrong(&error))?;
        out.extend(cases(&text).map_err(|error| wrong(&error))?);
    }
    Ok(out)
}
