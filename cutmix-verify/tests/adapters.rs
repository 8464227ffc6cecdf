//! The helpers for other languages and their examples, where Python with numpy (`CUTMIX_PYTHON`, default `python3`) and Node
//! are there. `CUTMIX_EXPECT_ADAPTERS=1` turns their absence into a failure.

use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

fn adapters() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("adapters")
}

fn python() -> String {
    std::env::var("CUTMIX_PYTHON").unwrap_or_else(|_| "python3".into())
}

/// Whether a command succeeds; if not, the test is skipped by name.
fn there(what: &str, program: &str, args: &[&str]) -> bool {
    let found = Command::new(program).args(args).output().is_ok_and(|output| output.status.success());
    assert!(found || std::env::var_os("CUTMIX_EXPECT_ADAPTERS").is_none(), "no {what}");
    if !found {
        println!("skipped: no {what}");
    }
    found
}

fn numpy() -> bool {
    there("Python with numpy", &python(), &["-c", "import numpy"])
}

fn node() -> bool {
    there("Node 18 or later", "node", &["-e", "process.exit(Number(parseInt(process.versions.node) < 18))"])
}

/// Audits an example: its exit code and the report.
fn audit(command: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(cargo_bin("cutmix-verify"))
        .current_dir(adapters().join("examples"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["check", "--exec", command, "--tol", "1.5", "--timeout", "120"])
        .args(args)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), text)
}

#[test]
fn examples_in_python() {
    if !numpy() {
        return;
    }
    for (script, args, code, first) in [
        ("numpy_cutmix.py", &["--alpha", "1"][..], 0, "PASS (cutmix) numpy cutmix 1"),
        ("numpy_cutmix_raw_label.py", &["--alpha", "1"], 1, "FAIL (cutmix) numpy cutmix, raw label 1\nLABEL_RAW: "),
        ("numpy_mixup.py", &["--method", "mixup", "--alpha", "1"], 0, "PASS (mixup) numpy mixup 1"),
        ("numpy_cutout.py", &["--method", "cutout"], 0, "PASS (cutout) numpy cutout 1"),
        ("deotte_cutmix.py", &["--alpha", "1"], 0, "PASS (cutmix) Deotte's kernel, label corrected numpy"),
        (
            "deotte_cutmix.py --uncorrected",
            &[],
            1,
            "FAIL (cutmix) Deotte's kernel, as published numpy\nLABEL_UNCLIPPED: ",
        ),
    ] {
        let (found, text) = audit(&format!("'{}' {script}", python()), args);
        assert_eq!(found, Some(code), "{script}: {text}");
        assert!(text.starts_with(first), "{script}: {text}");
    }
}

#[test]
fn an_example_in_javascript() {
    if !node() {
        return;
    }
    let (code, text) = audit("node js_cutmix.mjs", &["--alpha", "1"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("PASS (cutmix) js cutmix 1"), "{text}");
}

#[test]
fn the_helper_for_python() {
    if !numpy() {
        return;
    }
    let output = Command::new(python())
        .current_dir(adapters())
        .env("CUTMIX_VERIFY", cargo_bin("cutmix-verify"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "unittest", "test_cutmix_audit"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("Ran 21 "), "{text}");
}

#[test]
fn the_helper_for_javascript() {
    if !node() {
        return;
    }
    let output = Command::new("node")
        .current_dir(adapters())
        .env("CUTMIX_VERIFY", cargo_bin("cutmix-verify"))
        .args(["--test", "test_cutmix_audit.mjs"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("pass 8"), "{text}");
}
