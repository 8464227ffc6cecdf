//! What a file of vectors is made of, and the text it becomes.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::notes::{Note, note};
use super::value::line;

/// What an implementation must do with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test {
    /// What it is about, in a few words.
    pub(crate) comment: String,
    /// Why it is there: names of notes.
    pub(crate) flags: Vec<&'static str>,
    /// What is given.
    pub(crate) input: Value,
    /// What must come out; null where the case must be refused.
    pub(crate) output: Value,
    /// What must be done.
    pub(crate) result: Expect,
}

/// Cases of one operation. A group's number times a thousand is what its cases' numbers begin with, so that a case can be
/// added at the end of each without another changing its number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// The operation: see docs/VECTORS.md.
    pub(crate) op: &'static str,
    /// Its cases.
    pub(crate) tests: Vec<Test>,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The kind, which is the file's name too.
    pub kind: &'static str,
    /// What it holds, in words.
    pub header: &'static str,
    /// Its groups.
    pub(crate) groups: Vec<Group>,
}

/// The version of what the files mean; raised when an existing case changes.
pub const GENERATOR_VERSION: &str = "1.0";

impl Group {
    /// Cases of an operation.
    #[must_use]
    pub(crate) const fn new(op: &'static str, tests: Vec<Test>) -> Self {
        Self { op, tests }
    }
}

impl File {
    /// Number of cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.iter().map(|group| group.tests.len()).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The notes that its cases name, in alphabetical order.
    ///
    /// # Panics
    /// If a flag has no note.
    #[must_use]
    pub fn notes(&self) -> Vec<&'static Note> {
        let mut flags: Vec<&str> =
            self.groups.iter().flat_map(|group| &group.tests).flat_map(|test| test.flags.iter().copied()).collect();
        flags.sort_unstable();
        flags.dedup();
        flags.into_iter().map(|flag| note(flag).unwrap_or_else(|| panic!("flag {flag} has no note"))).collect()
    }

    /// The file's text, JSON with a line for each case: the same bytes on every machine.
    ///
    /// # Panics
    /// As [`File::notes`].
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::from("{\n");
        let mut field = |name: &str, value: &Value| {
            let _ = writeln!(out, "  \"{name}\": {},", line(value));
        };
        field("algorithm", &"CutMix".into());
        field("kind", &self.kind.into());
        field("schema", &format!("schemas/{}.schema.json", self.kind).into());
        field("generatorVersion", &GENERATOR_VERSION.into());
        field("numberOfTests", &self.len().into());
        field("header", &self.header.into());
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
            let _ = writeln!(out, "    {{\n      \"op\": \"{}\",\n      \"source\": {},", group.op, line(&source));
            out.push_str("      \"tests\": [\n");
            for (i, test) in group.tests.iter().enumerate() {
                let value = json!({
                    "tcId": 1000 * (g + 1) + i + 1, "comment": test.comment, "flags": test.flags, "input": test.input,
                    "output": test.output, "result": test.result,
                });
                let _ = writeln!(out, "        {}{}", line(&value), comma(i, group.tests.len()));
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
