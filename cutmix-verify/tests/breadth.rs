//! What a live audit tries beside the rounds of its law: planted defects that plain images cannot show, and right ones that must
//! have none. Adapters in Python need numpy (`CUTMIX_PYTHON`, default `python3`).
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use cutmix_verify::play::variants;
use serde_json::Value;

/// Runs `check --exec` and reads its report as JSON.
fn check(command: &str, args: &[&str]) -> (Option<i32>, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("report.json");
    let output = Command::new(cargo_bin("cutmix-verify"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["check", "--exec", command, "--tol", "2", "--json"])
        .arg(&json)
        .args(args)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let report = std::fs::read(&json).map_or(Value::Null, |bytes| serde_json::from_slice(&bytes).unwrap());
    (output.status.code(), report, text)
}

fn simulated(name: &str) -> String {
    format!("'{}' simulate {name} --adapter", cargo_bin("cutmix-verify").display())
}

/// Codes of the findings.
fn codes(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// What came of a row, and its note.
fn row<'a>(report: &'a Value, what: &str) -> [&'a str; 2] {
    let rows = report["tried"].as_array().unwrap();
    let row =
        rows.iter().find(|row| row["what"].as_str().unwrap().starts_with(what)).unwrap_or_else(|| panic!("{what}"));
    ["outcome", "note"].map(|key| row[key].as_str().unwrap())
}

#[test]
fn a_right_simulation_has_no_finding_in_any_row() {
    for variant in variants().filter(|variant| variant.is_right()) {
        let method = variant.spec().method.name();
        let args = ["--method", method, "--alpha", "1", "--max-draws", "1", "--prob", "unknown"];
        let (code, report, text) = check(&simulated(variant.name), &args);
        let found: Vec<String> = report["tried"]
            .as_array()
            .unwrap_or_else(|| panic!("{text}"))
            .iter()
            .filter(|row| row["outcome"] == "found")
            .map(ToString::to_string)
            .collect();
        assert!(found.is_empty() && codes(&report).is_empty(), "{} {code:?}: {found:#?}\n{text}", variant.name);
        let shown = report["tried"].as_array().unwrap().iter().filter(|row| row["outcome"] == "shown").count();
        assert!(shown >= 20, "{}: {shown}\n{text}", variant.name);
    }
}

#[test]
fn the_report_says_what_was_tried_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let forms = [path("report.xml"), path("report.md"), path("report.html")];
    let [xml, md, html] = forms.each_ref().map(|path| path.to_str().unwrap());
    let args = ["--alpha", "1", "--alpha", "0.2", "--junit", xml, "--markdown", md, "--html", html];
    let (code, report, text) = check(&simulated("official"), &args);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("\nwhat was tried\n    type u8  "), "{text}");
    let because = report["because"].as_str().unwrap();
    assert!(because.contains("; seen on f32, 3 channels, 40x24, batches of 8, 5"), "{because}");
    let [_, note] = row(&report, "one seed twice");
    assert_eq!(note, "by the rounds of the audit");
    for (form, part) in forms.iter().zip(["tried: type u8", "| type u8 | shown |", "What was tried"]) {
        assert!(std::fs::read_to_string(form).unwrap().contains(part), "{form:?}");
    }
    let (code, report, text) = check(&simulated("official"), &["--alpha", "1", "--max-draws", "1", "--no-breadth"]);
    assert_eq!((code, report["tried"].as_array().map(Vec::len)), (Some(3), Some(0)), "{text}");
}

#[test]
fn probes_of_every_kind_are_mixed_live() {
    for kind in ["scr", "tri", "word24", "digits", "flat", "nan"] {
        let args = ["--kind", kind, "--calls", "16", "--alpha", "1", "--max-rounds", "1", "--no-breadth"];
        let (code, report, text) = check(&simulated("official"), &args);
        assert!(report["calls"].as_u64().is_some_and(|calls| calls >= 16 + 16), "{kind}: {code:?} {text}");
        let special = text.contains("no phase of kind nan");
        assert_eq!(special, kind != "nan", "{text}");
        // What that kind shows is judged elsewhere.
        if kind != "nan" {
            assert_eq!((code, codes(&report)), (Some(3), vec![]), "{kind}: {text}");
        }
    }
}

fn python() -> String {
    std::env::var("CUTMIX_PYTHON").unwrap_or_else(|_| "python3".into())
}

/// Whether Python with numpy is there; says so if not.
fn numpy() -> bool {
    let there =
        Command::new(python()).args(["-c", "import numpy"]).output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: no Python with numpy");
    }
    there
}

/// A CutMix in numpy, right but for `before`, which it runs first, and `after`, which it runs last.
fn adapter(folder: &Path, [before, after]: [&str; 2]) -> String {
    let helpers = Path::new(env!("CARGO_MANIFEST_DIR")).join("adapters");
    let helpers = format!("{:?}", helpers.to_str().unwrap());
    let text = format!(
        r#"
import sys; sys.path.insert(0, {helpers})
import cutmix_audit
import numpy as np
rng, seen = np.random.default_rng(5), []

def mix(images, labels, alpha):
    n, c, h, w = images.shape
    seen.append(n)
    {before}
    lam = rng.beta(alpha, alpha)
    cut_w, cut_h = int(w * np.sqrt(1 - lam)), int(h * np.sqrt(1 - lam))
    cx, cy = rng.integers(w), rng.integers(h)
    x0, x1 = max(cx - cut_w // 2, 0), min(cx + cut_w // 2, w)
    y0, y1 = max(cy - cut_h // 2, 0), min(cy + cut_h // 2, h)
    perm, out = rng.permutation(n), images.copy()
    out[:, :, y0:y1, x0:x1] = images[perm][:, :, y0:y1, x0:x1]
    a, b, lam = labels.copy(), labels[perm], 1 - (x1 - x0) * (y1 - y0) / (w * h)
    {after}
    return out, a, b, lam

cutmix_audit.run(mix, name="planted")
"#
    );
    let path = folder.join("adapter.py");
    std::fs::write(&path, text).unwrap();
    format!("'{}' '{}'", python(), path.display())
}

fn planted(before: &str, after: &str) -> (Option<i32>, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    check(&adapter(folder.path(), [before, after]), &["--alpha", "1", "--max-rounds", "2"])
}

#[test]
fn what_plain_images_cannot_show_is_found() {
    if !numpy() {
        return;
    }
    let (code, report, text) = planted("pass", "pass");
    assert_eq!((code, codes(&report)), (Some(3), vec![]), "{text}");
    for what in [
        "type u8",
        "type bf16",
        "few pixels, 1x1",
        "values from",
        "NaN",
        "memory in Fortran",
        "read-only",
        "a short last batch",
    ] {
        assert_eq!(row(&report, what), ["shown", ""], "{text}");
    }
    assert_eq!(row(&report, "one seed twice")[0], "not_tried", "{text}");
    for (after, what, found) in [
        ("out = np.clip(out, 0, 1)", "values from -1000", ""),
        ("out = np.nan_to_num(out) if out.dtype.kind == 'f' else out", "NaN", "SPECIAL_LOST"),
        ("lam = 1 - (x1 - x0) * (y1 - y0) / ((w // 2 * 2) * (h // 2 * 2))", "odd sides", "LABEL_"),
        ("out = out[:, 0] if c == 1 else out", "1 channel", "SHAPE"),
        ("out = out if out.dtype != np.uint8 else (out * 0.99).astype(np.uint8)", "type u8", ""),
        ("labels[:] = b", "type u8", "LABELS_CHANGED"),
        ("out = out if w <= 256 else images.copy(); out[:, :, :, 256:] = 0", "a side above 256", ""),
        ("out = out if images.flags.c_contiguous else np.ascontiguousarray(out[..., ::-1])", "memory in Fortran", ""),
    ] {
        let (code, report, text) = planted("pass", after);
        let [outcome, note] = row(&report, what);
        assert!(code == Some(1) && outcome == "found" && note.contains(found), "{after}: {text}");
        assert!(!codes(&report).is_empty(), "{text}");
    }
}

#[test]
fn what_is_refused_is_no_finding_and_what_only_some_calls_raise_is() {
    if !numpy() {
        return;
    }
    let (code, report, text) = planted("if images.dtype == np.uint8: raise TypeError('no bytes')", "pass");
    assert_eq!((code, codes(&report)), (Some(3), vec![]), "{text}");
    let [outcome, note] = row(&report, "type u8");
    assert!(outcome == "refused" && note.contains("TypeError: no bytes"), "{note}");
    // A short batch is refused by code that has seen longer ones, and by no other.
    let (code, report, text) = planted("if n < max(seen) and n == 3: raise ValueError('no room')", "pass");
    assert_eq!((code, codes(&report)), (Some(1), vec!["CALL_RAISED"]), "{text}");
    assert_eq!(row(&report, "a short last batch")[0], "found", "{text}");
    // An end of the process costs a row, and no draws.
    let (code, report, text) = planted("if n == 2: import os; os._exit(3)", "pass");
    assert!(row(&report, "batches of 2")[1].contains("the command ended"), "{text}");
    assert_eq!((row(&report, "batches of 7")[0], code), ("shown", Some(3)), "{text}");
}

#[test]
fn an_exception_and_another_form_in_some_calls_are_findings_with_phase_and_call() {
    if !numpy() {
        return;
    }
    let (code, report, text) = planted("if len(seen) == 40: raise ValueError('no box')", "pass");
    assert_eq!((code, codes(&report)), (Some(1), vec!["CALL_RAISED"]), "{text}");
    let first = &report["findings"][0]["first"];
    assert_eq!((first["phase"].as_str(), first["call"].as_u64()), (Some("structure"), Some(39)), "{text}");
    assert!(report["draws"].as_u64().unwrap() > 100, "{text}");
    let (code, report, text) = planted("pass", "lam = lam if len(seen) != 40 else np.full(3, lam)");
    assert_eq!((code, codes(&report)), (Some(1), vec!["FORM_CHANGED"]), "{text}");
    // Code that can do nothing is no implementation: one line, without a repetition.
    let (code, _, text) = planted("raise ValueError('no box')", "pass");
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("mix raised ValueError: no box") && !text.contains("end of its stderr"), "{text}");
}
