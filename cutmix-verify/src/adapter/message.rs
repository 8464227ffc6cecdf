//! The two lines of a round. Both are JSON; what an adapter sends is untrusted.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::probe::Declares;

/// The name and version of the protocol.
pub const PROTOCOL: &str = "cutmix-audit/1";
/// The longest line that is read, in bytes, its end included.
pub const LINE_MOST: usize = 1 << 16;

/// What the auditor asks for: one line of JSON.
///
/// ```
/// use std::path::Path;
/// use cutmix_verify::adapter::{PROTOCOL, Request};
///
/// let (probe, trace) = (Path::new("probe-0.npz"), Path::new("trace-0.npz"));
/// let line = Request::Round { protocol: PROTOCOL, round: 0, alpha: Some(0.2), probe, trace }.line()?;
/// assert!(line.starts_with(br#"{"protocol":"cutmix-audit/1","round":0,"alpha":0.2,"#) && line.ends_with(b"\n"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Request<'a> {
    /// What are you? The first line.
    Hello {
        /// [`PROTOCOL`].
        protocol: &'static str,
        /// Always true.
        hello: bool,
    },
    /// Mix this probe and write that trace.
    Round {
        /// [`PROTOCOL`].
        protocol: &'static str,
        /// Number of the round, from 0.
        round: u32,
        /// The alpha to mix with; null leaves it to the adapter.
        alpha: Option<f64>,
        /// The file to read.
        probe: &'a Path,
        /// The file to write.
        trace: &'a Path,
    },
}

impl Request<'_> {
    /// The first line.
    pub const HELLO: Self = Self::Hello { protocol: PROTOCOL, hello: true };

    /// The line, its end included; a path with unusual characters stays one line.
    ///
    /// # Errors
    /// If a path is not UTF-8.
    pub fn line(&self) -> Result<Vec<u8>, String> {
        let mut line = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        line.push(b'\n');
        Ok(line)
    }
}

/// What an adapter says of itself in its first answer.
///
/// ```
/// use cutmix_verify::adapter::{About, Answer};
/// use cutmix_verify::probe::Declares;
///
/// let line = br#"{"ok": true, "adapter": {"name": "mine", "version": "2.1", "declares": ["square_only"]}}"#;
/// let about = About { name: "mine".into(), version: "2.1".into(), declares: vec![Declares::SquareOnly] };
/// assert_eq!(Answer::parse(line), Ok(Answer::Done(about)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct About {
    /// What is being tested. Untrusted text.
    pub name: String,
    /// Its version. Untrusted text.
    pub version: String,
    /// Limits that it documents.
    pub declares: Vec<Declares>,
}

/// What an adapter says of a round that it could not make. Untrusted text.
///
/// ```
/// use cutmix_verify::adapter::{Answer, Refusal};
///
/// let line = br#"{"error": "mix raised ValueError: no box", "phase": "law", "call": 3, "raised": "ValueError"}"#;
/// let Ok(Answer::Failed(refusal)) = Answer::parse(line) else { panic!() };
/// assert_eq!((refusal.phase.as_deref(), refusal.call), (Some("law"), Some(3)));
/// // Without a phase the adapter itself failed, and not the audited code.
/// let refusal = Refusal { error: "no GPU".into(), ..Refusal::default() };
/// assert!(!refusal.is_of_the_code());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// What went wrong.
    pub error: String,
    /// The phase in which the audited code was at fault.
    pub phase: Option<String>,
    /// The call of the phase, from 0.
    pub call: Option<u32>,
    /// The type of what the audited code raised. Without one, it gave back something that is not taken.
    pub raised: Option<String>,
}

impl Refusal {
    /// Whether the audited code was at fault, and not its adapter.
    #[must_use]
    pub const fn is_of_the_code(&self) -> bool {
        self.phase.is_some()
    }
}

/// What an adapter answers.
///
/// ```
/// use cutmix_verify::adapter::{About, Answer, Refusal};
///
/// assert_eq!(Answer::parse(br#"{"ok": true}"#), Ok(Answer::Done(About::default())));
/// let refusal = Refusal { error: "no GPU".into(), ..Refusal::default() };
/// assert_eq!(Answer::parse(br#"{"error": "no GPU"}"#), Ok(Answer::Failed(refusal)));
/// // What is wrong with a line is said in words of ours and none of the line's.
/// assert_eq!(Answer::parse(b"loading weights"), Err("text that is not JSON (column 1)".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Done(About),
    /// It could not do it.
    Failed(Refusal),
}

#[derive(Deserialize)]
struct AnswerLine {
    ok: Option<bool>,
    error: Option<String>,
    phase: Option<String>,
    call: Option<u32>,
    raised: Option<String>,
    #[serde(default)]
    adapter: About,
}

impl Answer {
    /// Reads an answer's line, without its end.
    ///
    /// # Errors
    /// What is wrong with it, in a few words of ours and none of the line's.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(line).map_err(|_| "bytes that are not UTF-8".to_owned())?;
        let line: AnswerLine = serde_json::from_str(text).map_err(|error| {
            // Of serde's message only the place: it may quote the line.
            let what = match error.classify() {
                serde_json::error::Category::Data => "JSON of another form",
                _ => "text that is not JSON",
            };
            format!("{what} (column {})", error.column())
        })?;
        match (line.ok, line.error) {
            (Some(true), None) => Ok(Self::Done(line.adapter)),
            (None | Some(false), Some(error)) => {
                let AnswerLine { phase, call, raised, .. } = line;
                Ok(Self::Failed(Refusal { error, phase, call, raised }))
            }
            _ => Err("JSON with neither \"ok\": true nor \"error\"".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_one_line_whatever_a_path_holds() {
        let request = Request::Round {
            protocol: PROTOCOL,
            round: 3,
            alpha: Some(0.2),
            probe: Path::new("a\nb\"c"),
            trace: Path::new("t"),
        };
        let line = String::from_utf8(request.line().unwrap()).unwrap();
        assert_eq!(
            line,
            "{\"protocol\":\"cutmix-audit/1\",\"round\":3,\"alpha\":0.2,\"probe\":\"a\\nb\\\"c\",\"trace\":\"t\"}\n"
        );
        assert_eq!(Request::HELLO.line().unwrap(), b"{\"protocol\":\"cutmix-audit/1\",\"hello\":true}\n");
    }

    #[test]
    fn answers() {
        assert_eq!(
            Answer::parse(b" {\"error\": \"no\"}\r"),
            Ok(Answer::Failed(Refusal { error: "no".into(), ..Refusal::default() }))
        );
        let line = br#"{"ok":true,"adapter":{"name":"x","labels_in":"ids"}}"#;
        assert_eq!(Answer::parse(line), Ok(Answer::Done(About { name: "x".into(), ..About::default() })));
        for wrong in [
            "",
            "ok",
            "{}",
            "[]",
            "{\"ok\":false}",
            "{\"ok\":1}",
            "{\"ok\":true,\"error\":\"x\"}",
            "{\"error\":3}",
            "{\"ok\":true}{\"ok\":true}",
            "{\"ok\":true,\"ok\":true}",
            "{\"ok\":true,\"adapter\":{\"declares\":[\"all\"]}}",
        ] {
            assert!(Answer::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(Answer::parse(b"{\"ok\":true}\xff").is_err());
        // Depth is bounded by the parser, not by the stack.
        assert!(Answer::parse("[".repeat(LINE_MOST).as_bytes()).is_err());
    }
}
