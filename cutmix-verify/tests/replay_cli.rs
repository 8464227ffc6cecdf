//! `replay` on the command line: exit codes, what is said, and its JSON against its schema.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/tool.rs"]
mod tool;

use std::path::{Path, PathBuf};

use cutmix_verify::profile::replays;
use schema::validates;
use serde_json::Value;
use tool::{refusal, run};

const SCHEMA: &str = include_str!("../schemas/replay-v1.schema.json");

fn trace(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces").join(name)
}

fn replay(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(folder, &[&["replay"], args].concat())
}

/// Exit code, standard output and the document of a trace held against a profile.
fn outcome(file: &str, profile: &str) -> (Option<i32>, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let (code, stdout, _) =
        replay(folder.path(), &[trace(file).to_str().unwrap(), "--profile", profile, "--json", "outcome.json"]);
    let text = std::fs::read_to_string(folder.path().join("outcome.json")).unwrap();
    (code, stdout, serde_json::from_str(&text).unwrap())
}

#[test]
fn a_match_and_a_stale_profile() {
    let (code, text, document) = outcome("timm-1.0.31-batch-draws.npz", "timm-1.0.31-batch");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("MATCH timm-1.0.31-batch (timm Mixup, batch, 1.0.29 to 1.0.31): timm"), "{text}");
    assert!(validates(SCHEMA, &document), "{document}");
    assert_eq!(document["verdict"], "MATCH");
    assert!(document["aspects"].as_array().unwrap().iter().all(|aspect| aspect["equal"] == document["samples"]));

    let (code, text, stale) = outcome("timm-1.0.31-batch-draws.npz", "timm-1.0.28-batch");
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.starts_with("STALE timm-1.0.28-batch") && text.contains("expected") && text.contains("found"),
        "{text}"
    );
    assert!(validates(SCHEMA, &stale), "{stale}");
    assert_eq!((&stale["verdict"], &stale["exit_code"]), (&"STALE".into(), &1.into()));
    let first = &stale["aspects"][0]["first"];
    assert_ne!(first["expected"], first["found"], "{first}");

    // The schema refuses what is not of this form.
    for (key, value) in
        [("verdict", "PASS".into()), ("exit_code", 2.into()), ("more", 1.into()), ("boxes", (-1).into())]
    {
        let mut changed = stale.clone();
        changed[key] = value;
        assert!(!validates(SCHEMA, &changed), "{key}");
    }
    let mut changed = stale.clone();
    changed["aspects"][0].as_object_mut().unwrap().remove("first");
    assert!(!validates(SCHEMA, &changed));
}

/// What needs a root one unit beside the right one says so in the line that is read.
#[test]
fn a_match_but_for_roots_says_so() {
    let (code, text, document) = outcome("kornia-0.9.0-draws.npz", "kornia-0.9.0");
    assert_eq!(code, Some(0), "{text}");
    let roots = document["roots"].as_u64().unwrap();
    assert!(roots > 0 && text.lines().next().unwrap().contains(&format!("{roots} of ")), "{text}");
}

#[test]
fn the_list_has_every_profile() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text, _) = replay(folder.path(), &["--list"]);
    assert_eq!((code, text.lines().count()), (Some(0), replays().count()));
    for (line, known) in text.lines().zip(replays()) {
        assert!(line.starts_with(known.id) && line.contains(known.package) && line.ends_with(known.versions), "{line}");
    }
}

/// A usage error or an unusable trace: exit code 2, one line, and no document.
#[test]
fn what_cannot_be_replayed_is_refused_in_one_line() {
    let draws = trace("timm-1.0.31-batch-draws.npz");
    let structure = trace("timm-1.0.31-batch-structure.npz");
    let (draws, structure) = (draws.to_str().unwrap(), structure.to_str().unwrap());
    for (args, expected) in [
        (vec![draws, "--profile", "no-such"], "--profile no-such: expected"),
        (vec![structure, "--profile", "timm-1.0.31-batch"], "draws"),
        (vec![draws, "--profile", "deotte-kernel"], "square"),
        (vec!["absent.npz", "--profile", "timm-1.0.31-batch"], "absent.npz"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let stderr = refusal(folder.path(), &[&["replay"], &args[..], &["--json", "outcome.json"]].concat());
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{args:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(replay(folder.path(), &[draws]).0, Some(2));
    assert_eq!(replay(folder.path(), &["--list", "--profile", "monai-1.6"]).0, Some(2));
}
