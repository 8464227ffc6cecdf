//! Any program against the vectors: one line of JSON in, one out. docs/VECTORS.md has the protocol.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::KINDS;
use super::judge::{CaseOutcome, judge};
use super::model::Case;
use super::question::{Reply, ask};
use super::table::Findings;
use super::value::line;
use crate::adapter::{AdapterError, SILENT, Session};
use crate::report::plain;
use crate::subject::CutMixUnderTest;

/// The name and version of the protocol.
pub const PROTOCOL: &str = "cutmix-vectors/1";
/// A program that ends over and over is not started again.
const STARTS: u32 = 16;
/// Nor is one that is silent over and over: each time costs the whole time that it is given.
const SILENCES: u32 = 3;

/// What a program says of itself in its first answer. Untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Introduction {
    /// What is tested.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The kinds of files that it has an answer to; without the field, all.
    pub kinds: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct ReplyLine {
    ok: Option<bool>,
    error: Option<String>,
    output: Option<Value>,
    refused: Option<String>,
    unsupported: Option<bool>,
    #[serde(default)]
    adapter: Introduction,
}

fn request(value: &Value) -> Vec<u8> {
    let mut text = line(value);
    text.push('\n');
    text.into_bytes()
}

fn parse(bytes: &[u8]) -> Result<ReplyLine, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "a line that is not UTF-8".to_owned())?;
    serde_json::from_str(text).map_err(|error| format!("a line that is no answer (column {})", error.column()))
}

fn reply(bytes: &[u8]) -> Reply {
    let line = match parse(bytes) {
        Err(error) => return Reply::Broken(error),
        Ok(ReplyLine { error: Some(error), .. }) => return Reply::Broken(format!("the program's error: {error}")),
        Ok(line) => line,
    };
    match (line.ok, line.output, line.refused, line.unsupported) {
        (Some(true), Some(output), None, None) => Reply::Output(output),
        (Some(true), None, Some(reason), None) => Reply::Refused(reason),
        (Some(true), None, None, Some(true)) => Reply::Unsupported,
        _ => Reply::Broken("a line with none, or several, of output, refused and unsupported".into()),
    }
}

/// What is wrong with an introduction.
fn wrong(found: String, expected: impl Into<String>) -> AdapterError {
    AdapterError { place: "hello".into(), found, expected: expected.into(), stderr: String::new(), refusal: None }
}

/// A program, and what it was started with.
struct Program<'a> {
    command: &'a str,
    timeout: Duration,
    stop: Arc<AtomicBool>,
}

impl Program<'_> {
    fn start(&self) -> Result<(Session, Introduction), AdapterError> {
        let mut session = Session::start(self.command, self.timeout, Arc::clone(&self.stop))?;
        let answer = session.exchange(&request(&json!({ "protocol": PROTOCOL, "hello": true })), "hello")?;
        let fail = |found| wrong(found, "{\"ok\": true, \"adapter\": {...}}");
        match parse(&answer).map_err(fail)? {
            ReplyLine { ok: Some(true), error: None, adapter, .. } => Ok((session, adapter)),
            ReplyLine { error: Some(error), .. } => Err(fail(format!("the program's error: {error}"))),
            _ => Err(fail("JSON with neither \"ok\": true nor \"error\"".into())),
        }
    }

    /// Another start. Where there is none, the findings say why, and what was found until then is still told. An error is an
    /// interruption.
    fn again(&self, starts: &mut u32, findings: &mut Findings) -> Result<Option<Session>, AdapterError> {
        let why = if *starts == STARTS {
            format!("after {STARTS} starts")
        } else {
            *starts += 1;
            match self.start() {
                Ok((session, _)) => return Ok(Some(session)),
                Err(error) if self.stop.load(Ordering::Relaxed) => return Err(error),
                Err(error) => format!("as it did not start again: {}", plain(&error.found)),
            }
        };
        findings.given_up = Some(why);
        Ok(None)
    }
}

/// Puts cases to a program, which has `timeout` for each answer; `progress` hears how many cases of how many were put. One
/// that ends over a case has failed it and is started again: 16 times, or three times where it was silent for too long; cases
/// after that have no answer, and [`Findings::given_up`] says so. Cases of a kind that it declares not to have are left out.
///
/// # Errors
/// If it cannot be started, does not say what it is, names a kind that is none, or the run is interrupted.
pub fn run(
    command: &str,
    timeout: Duration,
    stop: &Arc<AtomicBool>,
    cases: Vec<Case>,
    mut progress: impl FnMut(u64, u64),
) -> Result<(Introduction, Findings), AdapterError> {
    let program = Program { command, timeout, stop: Arc::clone(stop) };
    let (session, about) = program.start()?;
    if let Some(kind) = about.kinds.iter().flatten().find(|kind| !KINDS.contains(&kind.as_str())) {
        let found = format!("a kind {}", kind.chars().take(40).collect::<String>());
        return Err(wrong(found, format!("some of {}", KINDS.join(", "))));
    }
    let asked = |case: &Case| about.kinds.as_ref().is_none_or(|kinds| kinds.contains(&case.kind));
    let cases: Vec<Case> = cases.into_iter().filter(asked).collect();
    let total = cases.len() as u64;
    let (mut starts, mut silences, mut findings) = (1, 0, Findings::default());
    let mut running = Some(session);
    for (i, case) in cases.into_iter().enumerate() {
        progress(i as u64, total);
        let Some(mut session) = running.take() else {
            findings.found.push((case, CaseOutcome::Untested));
            continue;
        };
        // An answer without a request is the fault of the case before.
        if let Err(error) = session.silent("answer") {
            let last = findings.found.last_mut();
            let Some((_, outcome)) = last else { return Err(error) };
            *outcome = CaseOutcome::Failed(error.found);
            let Some(other) = program.again(&mut starts, &mut findings)? else {
                findings.found.push((case, CaseOutcome::Untested));
                continue;
            };
            session = other;
        }
        let asked = json!({
            "protocol": PROTOCOL, "kind": case.kind, "tcId": case.number, "op": case.op, "input": case.input,
        });
        let reply = match session.exchange(&request(&asked), &case.name()) {
            Ok(answer) => {
                running = Some(session);
                reply(&answer)
            }
            Err(error) if stop.load(Ordering::Relaxed) => return Err(error),
            Err(error) => {
                silences += u32::from(error.found.starts_with(SILENT));
                drop(session);
                if silences == SILENCES {
                    findings.given_up = Some(format!("after {SILENCES} silences"));
                } else {
                    running = program.again(&mut starts, &mut findings)?;
                }
                let last = if error.stderr.is_empty() { String::new() } else { format!(": {}", error.stderr) };
                Reply::Broken(format!("{}{last}", error.found))
            }
        };
        let outcome = judge(&case, &reply);
        findings.found.push((case, outcome));
    }
    progress(total, total);
    if let (Some(session), Some((_, outcome))) = (running, findings.found.last_mut())
        && let Err(error) = session.end("the end")
    {
        *outcome = CaseOutcome::Failed(error.found);
    }
    Ok((about, findings))
}

/// Puts cases to a Rust implementation, in this thread. The published ones take seconds, mostly for the draws of the laws.
#[must_use]
pub fn run_here(subject: &dyn CutMixUnderTest, cases: impl IntoIterator<Item = Case>) -> Findings {
    let found = |case: Case| {
        let outcome = judge(&case, &ask(subject, &case.op, &case.input));
        (case, outcome)
    };
    Findings { found: cases.into_iter().map(found).collect(), given_up: None }
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

#[cfg(test)]
mod tests {
    use super::run_here;
    use crate::play::mistaken::named;
    use crate::vectors::read::of_kind;

    #[test]
    fn a_note_and_five_failures_of_an_operation_are_shown() {
        let findings = run_here(&named("box-axes-exchanged").unwrap(), of_kind("box"));
        assert_eq!(findings.tally().failed, findings.failed().len());
        let text = findings.text(false);
        assert!(text.contains("Rows and columns exchanged: boxes of the wrong form, never seen on square images."));
        assert_eq!(text.lines().filter(|line| line.starts_with("box/")).count(), 5);
    }
}
