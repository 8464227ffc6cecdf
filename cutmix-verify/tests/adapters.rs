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
        (
            "numpy_cutmix_raw_label.py",
            &["--alpha", "1"],
            1,
            "FAIL (cutmix) numpy cutmix, raw label 1: LABEL_RAW\nLABEL_RAW: ",
        ),
        ("numpy_mixup.py", &["--method", "mixup", "--alpha", "1"], 0, "PASS (mixup) numpy mixup 1"),
        ("numpy_cutout.py", &["--method", "cutout"], 0, "PASS (cutout) numpy cutout 1"),
        ("deotte_cutmix.py", &["--alpha", "1"], 0, "PASS (cutmix) Deotte's kernel, label corrected numpy"),
        (
            "deotte_cutmix.py --uncorrected",
            &[],
            1,
            "FAIL (cutmix) Deotte's kernel, as published numpy: LABEL_UNCLIPPED\nLABEL_UNCLIPPED: ",
        ),
    ] {
        let (found, text) = audit(&format!("'{}' {script}", python()), args);
        assert_eq!(found, Some(code), "{script}: {text}");
        assert!(text.starts_with(first), "{script}: {text}");
    }
}

#[test]
fn recipes_for_half_batches_second_loaders_and_clips() {
    if !numpy() {
        return;
    }
    for (form, args, first) in [
        ("half", &["--method", "mixup"][..], "PASS (mixup) numpy recipe, half 1"),
        ("second", &[], "PASS (cutmix) numpy recipe, second 1"),
        ("clips", &["--frames", "2"], "PASS (cutmix) numpy recipe, clips 1"),
    ] {
        let command = format!("'{}' numpy_recipes.py {form}", python());
        let (found, text) = audit(&command, &[&["--alpha", "1"], args].concat());
        assert_eq!(found, Some(0), "{form}: {text}");
        assert!(text.starts_with(first), "{form}: {text}");
    }
}

/// Writes an adapter in Python, audits it, and gives the report and stderr.
fn audit_python(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adapter.py");
    let path_line = format!("import sys; sys.path.insert(0, {:?})\n", adapters().to_str().unwrap());
    std::fs::write(&path, path_line + text).unwrap();
    audit(&format!("'{}' '{}'", python(), path.display()), &["--alpha", "1", "--max-draws", "300"]).1
}

#[test]
fn mixed_class_numbers_are_named_and_prints_are_no_answers() {
    if !numpy() {
        return;
    }
    let text = audit_python(
        r#"
import cutmix_audit, os, sys
import numpy as np
os.write(1, b"loading weights\n"); print("at import", flush=True)
rng = np.random.default_rng(3)

def mix(images, labels, alpha):
    print("mixing")
    n, _, h, w = images.shape
    partner, cut, out = rng.permutation(n), rng.integers(1, h), images.copy()
    out[:, :, :cut] = images[partner][:, :, :cut]
    return out, (1 - cut / h) * labels + cut / h * labels[partner]

cutmix_audit.run(mix, name="numbers")
"#,
    );
    assert!(text.starts_with("FAIL (cutmix) numbers: LABEL_NUMERIC"), "{text}");
    assert!(text.contains("LABEL_NUMERIC: "), "{text}");
}

#[test]
fn what_is_not_taken_is_named_in_the_adapter_s_words() {
    if !numpy() {
        return;
    }
    for (back, sentence) in [
        (
            "images, np.zeros((8, 8, 4100))",
            "phase structure, call 0: mix gave back labels of shape [8, 8, 4100] for 8 images: one axis too many, expected [8, K]",
        ),
        (
            "images, labels, 1",
            "mix gave back a tuple of 3: an array of float32 [8, 3, 24, 40], an array of int64 [8], 1,",
        ),
        (
            "images[1 // 0]",
            "phase structure, call 0: mix raised ZeroDivisionError: integer division or modulo by zero (adapter.py",
        ),
    ] {
        let text = format!(
            "import cutmix_audit\nimport numpy as np\ndef mix(images, labels, alpha):\n    return {back}\ncutmix_audit.run(mix)\n"
        );
        let report = audit_python(&text);
        assert!(report.contains(sentence), "{back}: {report}");
        assert!(!report.contains("labels_out") && !report.contains("[64,"), "{back}: {report}");
    }
}

#[test]
fn what_javascript_throws_is_named() {
    if !node() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adapter.mjs");
    for (text, sentence) in [
        ("throw new TypeError('no weights here');", "TypeError: no weights here"),
        ("run(() => { throw new RangeError('no box'); });", "phase structure, call 0: mix threw RangeError: no box"),
        ("run(() => new Promise(() => setTimeout(() => { throw new RangeError('late'); })));", "RangeError: late"),
    ] {
        let helper = adapters().join("cutmix_audit.mjs");
        std::fs::write(&path, format!("import {{ run }} from {helper:?};\nconsole.log('loading');\n{text}\n")).unwrap();
        let (_, report) = audit(&format!("node '{}'", path.display()), &["--alpha", "1"]);
        assert!(report.contains(sentence), "{text}: {report}");
        assert!(!report.contains("Node.js v"), "{text}: {report}");
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
