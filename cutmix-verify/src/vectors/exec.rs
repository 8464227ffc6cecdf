//! Any program against the vectors: one line of JSON in, one out. docs/VECTORS.md has the protocol.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::KINDS;
use super::ask::{Reply, ask};
use super::judge::{Outcome, judge};
use super::read::Case;
use super::subject::CutMixUnderTest;
use super::table::Findings;
use super::value::line;
use crate::adapter::{AdapterError, Session};

/// The name and version of the protocol.
pub const PROTOCOL: &str = "cutmix-vectors/1";
/// A program that ends over and over is not started again.
const STARTS: u32 = 16;

/// What a program says of itself in its first answer. Untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct About {
    /// What is tested.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The kinds of files that it has an answer to; without the field, all.
    pub kinds: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Line {
    ok: Option<bool>,
    error: Option<String>,
    output: Option<Value>,
    refused: Option<String>,
    unsupported: Option<bool>,
    #[serde(default)]
    adapter: About,
}

/// The line that asks what a program is.
fn hello() -> Vec<u8> {
    request(&json!({ "protocol": PROTOCOL, "hello": true }))
}

fn request(value: &Value) -> Vec<u8> {
    let mut text = line(value);
    text.push('\n');
    text.into_bytes()
}

fn parse(bytes: &[u8]) -> Result<Line, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "a line that is not UTF-8".to_owned())?;
    serde_json::from_str(text).map_err(|error| format!("a line that is no answer (column {})", error.column()))
}

fn reply(bytes: &[u8]) -> Reply {
    match parse(bytes) {
        Err(error) => Reply::Broken(error),
        Ok(Line { ok: Some(true), error: None, output: Some(output), refused: None, unsupported: None, .. }) => {
            Reply::Output(output)
        }
        Ok(Line { ok: Some(true), error: None, output: None, refused: Some(reason), unsupported: None, .. }) => {
            Reply::Refused(reason)
        }
        Ok(Line { ok: Some(true), error: None, output: None, refused: None, unsupported: Some(true), .. }) => {
            Reply::Unsupported
        }
        Ok(Line { error: Some(error), .. }) => Reply::Broken(format!("the program's error: {error}")),
        Ok(_) => Reply::Broken("a line with none, or several, of output, refused and unsupported".into()),
    }
}

/// A program, and what it was started with.
struct Program<'a> {
    command: &'a str,
    timeout: Duration,
    stop: Arc<AtomicBool>,
}

impl Program<'_> {
    fn start(&self) -> Result<(Session, About), AdapterError> {
        let mut session = Session::start(self.command, self.timeout, Arc::clone(&self.stop))?;
        let answer = session.exchange(&hello(), "hello")?;
        let fail = |found: String| AdapterError {
            place: "hello".into(),
            found,
            expected: "{\"ok\": true, \"adapter\": {...}}".into(),
            stderr: String::new(),
        };
        match parse(&answer).map_err(fail)? {
            Line { ok: Some(true), error: None, adapter, .. } => Ok((session, adapter)),
            Line { error: Some(error), .. } => Err(fail(format!("the program's error: {error}"))),
            _ => Err(fail("JSON with neither \"ok\": true nor \"error\"".into())),
        }
    }
}

/// Puts cases to a program. One that ends over a case has failed it and is started again, some times. Cases of a kind that
/// it declares not to have are left out.
///
/// # Errors
/// If it cannot be started, does not say what it is, names a kind that is none, or ends too often.
pub fn run(
    command: &str,
    timeout: Duration,
    stop: &Arc<AtomicBool>,
    cases: Vec<Case>,
    mut progress: impl FnMut(u64, u64),
) -> Result<(About, Findings), AdapterError> {
    let program = Program { command, timeout, stop: Arc::clone(stop) };
    let (mut session, about) = program.start()?;
    let wrong = |kind: &String| !KINDS.contains(&kind.as_str());
    if let Some(kind) = about.kinds.iter().flatten().find(|kind| wrong(kind)) {
        return Err(AdapterError {
            place: "hello".into(),
            found: format!("a kind {}", kind.chars().take(40).collect::<String>()),
            expected: format!("some of {}", KINDS.join(", ")),
            stderr: String::new(),
        });
    }
    let asked = |case: &Case| about.kinds.as_ref().is_none_or(|kinds| kinds.contains(&case.kind));
    let cases: Vec<Case> = cases.into_iter().filter(asked).collect();
    let (total, mut starts, mut findings) = (cases.len() as u64, 1, Findings::default());
    for (i, case) in cases.into_iter().enumerate() {
        let asked = json!({
            "protocol": PROTOCOL, "kind": case.kind, "tcId": case.number, "op": case.op, "input": case.input,
        });
        let reply = match session.exchange(&request(&asked), &case.name()) {
            Ok(answer) => reply(&answer),
            Err(error) if stop.load(std::sync::atomic::Ordering::Relaxed) || starts == STARTS => return Err(error),
            Err(error) => {
                starts += 1;
                (session, _) = program.start()?;
                let last = if error.stderr.is_empty() { String::new() } else { format!(": {}", error.stderr) };
                Reply::Broken(format!("{}{last}", error.found))
            }
        };
        let outcome = judge(&case.op, &case.input, &case.output, case.result, &reply);
        findings.found.push((case, outcome));
        progress(i as u64 + 1, total);
    }
    let _ = session.finish();
    Ok((about, findings))
}

/// Puts cases to a Rust implementation.
#[must_use]
pub fn run_here(subject: &dyn CutMixUnderTest, cases: impl IntoIterator<Item = Case>) -> Findings {
    let found = |case: Case| {
        let reply = ask(subject, &case.op, &case.input);
        let outcome: Outcome = judge(&case.op, &case.input, &case.output, case.result, &reply);
        (case, outcome)
    };
    Findings { found: cases.into_iter().map(found).collect() }
}

/// Answers one line for a Rust implementation: the other end of the protocol.
#[must_use]
pub fn serve(subject: &dyn CutMixUnderTest, request: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(request) else {
        return line(&json!({ "error": "a request is one line of JSON" }));
    };
    if value.get("protocol").and_then(Value::as_str) != Some(PROTOCOL) {
        return line(&json!({ "error": format!("the protocol is {PROTOCOL}") }));
    }
    if value.get("hello").is_some() {
        let version = env!("CARGO_PKG_VERSION");
        return line(&json!({ "ok": true, "adapter": { "name": subject.name(), "version": version } }));
    }
    let op = value.get("op").and_then(Value::as_str).unwrap_or_default();
    line(&match ask(subject, op, value.get("input").unwrap_or(&Value::Null)) {
        Reply::Output(output) => json!({ "ok": true, "output": output }),
        Reply::Refused(reason) => json!({ "ok": true, "refused": reason }),
        Reply::Unsupported => json!({ "ok": true, "unsupported": true }),
        Reply::Broken(error) => json!({ "error": error }),
    })
}
