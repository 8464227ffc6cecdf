//! The tool as a user starts it.

use std::path::Path;

use assert_cmd::Command;

/// Runs it in a folder: its exit code, standard output and standard error.
pub(crate) fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::cargo_bin("cutmix-verify").unwrap().current_dir(folder).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Runs what has to fail with exit code 2 and one line on standard error, which is the answer.
pub(crate) fn refusal(folder: &Path, args: &[&str]) -> String {
    let (code, _, stderr) = run(folder, args);
    assert_eq!(code, Some(2), "{args:?}: {stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{args:?}: {stderr}");
    stderr
}
