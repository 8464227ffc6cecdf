//! What a file of vectors is made of, and the text it becomes.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::notes::{Note, note};
use super::value::line;

/// What an implementation must do with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// Give this output.
    Valid,
    /// Give this output, or refuse, or have no such function: the paper is silent, or the case is a contract of the
    /// core's own.
    Acceptable,
    /// Refuse.
    Invalid,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Kind of its file.
    #[serde(skip)]
    pub kind: String,
    /// The operation: see docs/VECTORS.md.
    #[serde(skip)]
    pub op: String,
    /// Its number in the file.
    #[serde(rename = "tcId")]
    pub number: u64,
    /// What it is about, in a few words.
    pub comment: String,
    /// Why it is there: names of notes.
    pub flags: Vec<String>,
    /// What is given.
    pub input: Value,
    /// What must come out; null where the case must be refused.
    pub output: Value,
    /// What must be done.
    pub result: Expect,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The kind, which is the file's name too.
    pub kind: &'static str,
    /// What it holds, in words.
    pub header: &'static str,
    /// Groups of cases, each of one operation.
    groups: Vec<Vec<Case>>,
}

/// The version of what the files mean; raised when an existing case changes.
pub const GENERATOR_VERSION: &str = "1.0";

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
        if matches!(self.op.as_str(), "box" | "draw_boxes") && self.result != Expect::Invalid {
            let same = self.input.get("rule").and_then(Value::as_str) == Some(rule);
            self.result = if same { Expect::Valid } else { Expect::Acceptable };
        }
        self
    }
}

impl File {
    /// A file. A group's number times a thousand is what its cases' numbers begin with, so that a case can be added at the
    /// end of each without another changing its number.
    pub(super) fn new(kind: &'static str, header: &'static str, mut groups: Vec<Vec<Case>>) -> Self {
        for (number, group) in (1..).zip(&mut groups) {
            for (case, i) in group.iter_mut().zip(1..) {
                case.number = 1000 * number + i;
            }
        }
        Self { kind, header, groups }
    }

    /// Number of cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.iter().map(Vec::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The notes that its cases name, in alphabetical order.
    fn notes(&self) -> Vec<&'static Note> {
        let mut flags: Vec<&String> = self.groups.iter().flatten().flat_map(|case| &case.flags).collect();
        flags.sort_unstable();
        flags.dedup();
        flags.into_iter().map(|flag| note(flag).unwrap_or_else(|| panic!("flag {flag} has no note"))).collect()
    }

    /// The file's text, JSON with a line for each case: the same bytes on every machine.
    ///
    /// # Panics
    /// If a flag has no note.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::from("{\n");
        for (name, value) in [
            ("algorithm", "CutMix".into()),
            ("kind", self.kind.into()),
            ("schema", format!("schemas/{}.schema.json", self.kind).into()),
            ("generatorVersion", GENERATOR_VERSION.into()),
            ("numberOfTests", self.len().into()),
            ("header", self.header.into()),
        ] {
            let _ = writeln!(out, "  \"{name}\": {},", line(&value));
        }
        out.push_str("  \"notes\": {\n");
        let notes = self.notes();
        for (i, note) in notes.iter().enumerate() {
            let value = json!({
                "bugType": note.bug, "description": note.description, "effect": note.effect, "links": note.links,
            });
            let _ = writeln!(out, "    \"{}\": {}{}", note.flag, line(&value), comma(i, notes.len()));
        }
        out.push_str("  },\n  \"testGroups\": [\n");
        for (g, group) in self.groups.iter().enumerate() {
            let source = json!({ "name": "cutmix-verify", "version": GENERATOR_VERSION });
            let op = &group[0].op;
            let _ = writeln!(out, "    {{\n      \"op\": \"{op}\",\n      \"source\": {},", line(&source));
            out.push_str("      \"tests\": [\n");
            for (i, case) in group.iter().enumerate() {
                let _ = writeln!(out, "        {}{}", line(&json!(case)), comma(i, group.len()));
            }
            let _ = writeln!(out, "      ]\n    }}{}", comma(g, self.groups.len()));
        }
        out.push_str("  ]\n}\n");
        out
    }
}

const fn comma(i: usize, len: usize) -> &'static str {
    if i + 1 < len { "," } else { "" }
}
