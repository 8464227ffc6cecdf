//! Reports of the committed traces in all five forms, byte for byte: a change of the auditor's inside must not show in them.
//!
//! `tests/traces/reports.txt` has a digest of every form. A commit that means to change a report says why, and writes the digests
//! again: `CUTMIX_BLESS=1 cargo test -p cutmix-verify --test reports`.

use std::fmt::Write as _;
use std::path::Path;

use cutmix_verify::audit::{Audit, Options};
use cutmix_verify::report;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[test]
fn reports_of_the_traces_are_the_recorded_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let index: Value = serde_json::from_str(&read("index.json")).unwrap();
    let entries = index.as_array().unwrap();
    let mut found = String::new();
    for entry in entries {
        let file = entry["file"].as_str().unwrap();
        let options = Options { alphas: entry["alpha"].as_f64().into_iter().collect(), ..Options::default() };
        let mut audit = Audit::new(options);
        audit.read(&folder.join(file), |_, _| {}).unwrap_or_else(|error| panic!("{file}: {error}"));
        let report = audit.report();
        let forms = [
            report::text(&report),
            report::json(&report),
            report::junit(&report),
            report::markdown(&report),
            report::html(&report),
        ];
        let _ = writeln!(found, "{file} {}", forms.map(|form| digest(&form)).join(" "));
    }
    if std::env::var_os("CUTMIX_BLESS").is_some() {
        std::fs::write(folder.join("reports.txt"), &found).unwrap();
    }
    let known = read("reports.txt");
    let differ: Vec<(&str, &str)> = known.lines().zip(found.lines()).filter(|(known, found)| known != found).collect();
    assert!(known == found && entries.len() > 60, "text, JSON, JUnit, Markdown, HTML: {differ:#?}");
}
