//! Lines of strangers through the reader of the protocol: taken exactly where JSON, read by another reader, is an answer.

use cutmix_verify::adapter::Answer;
use serde_json::Value;

use crate::Outcome;

/// Whether a value is what an adapter may say of itself.
fn is_about(value: &Value) -> bool {
    let limits = ["square_only", "no_labels", "fixed_alpha", "even_batch", "in_place", "raw_label"];
    let text = |key| value.get(key).is_none_or(Value::is_string);
    let declares = value.get("declares").is_none_or(|list| {
        list.as_array()
            .is_some_and(|list| list.iter().all(|item| item.as_str().is_some_and(|item| limits.contains(&item))))
    });
    value.is_object() && text("name") && text("version") && declares
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let answer = Answer::parse(data);
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        let error = answer.expect_err("what is no JSON is no answer");
        assert!(error.is_ascii() && error.len() < 80, "our own words: {error}");
        return Outcome::Refused;
    };
    let present = |key| value.get(key).filter(|value| !value.is_null());
    match answer {
        Ok(Answer::Done(about)) => {
            assert_eq!((present("ok"), present("error")), (Some(&Value::Bool(true)), None));
            assert!(value.get("adapter").is_none_or(is_about), "{value}");
            let name = value.pointer("/adapter/name").and_then(Value::as_str).unwrap_or_default();
            assert_eq!(about.name, name);
            Outcome::Verified
        }
        Ok(Answer::Failed(refusal)) => {
            assert_eq!(present("error").and_then(Value::as_str), Some(refusal.error.as_str()));
            assert_eq!(present("phase").and_then(Value::as_str), refusal.phase.as_deref());
            assert_ne!(present("ok"), Some(&Value::Bool(true)));
            Outcome::Verified
        }
        Err(error) => {
            assert!(error.is_ascii() && error.len() < 80, "our own words: {error}");
            // A key that is there twice is refused, though this reader takes the last.
            let twice = [
                "\"ok\"",
                "\"error\"",
                "\"phase\"",
                "\"call\"",
                "\"raised\"",
                "\"adapter\"",
                "\"name\"",
                "\"version\"",
                "\"declares\"",
                "\\u",
            ];
            let text = String::from_utf8_lossy(data);
            let doubtful = twice.iter().any(|key| text.matches(key).count() > 1) || text.contains("\\u");
            let honest = value.is_object()
                && present("ok") == Some(&Value::Bool(true))
                && ["error", "phase", "call", "raised"].iter().all(|key| present(key).is_none())
                && value.get("adapter").is_none_or(is_about);
            assert!(!honest || doubtful, "{text}");
            Outcome::Refused
        }
    }
}
