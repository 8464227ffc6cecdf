//! `check --exec`: adapters that do as they should, and those that do anything else. What is started is ended, what is
//! written is deleted, and a mistake is one line.
#![cfg(unix)]

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use cutmix_verify::audit::planned_draws;

/// Runs `check --exec` with a temporary folder of its own, which must be empty at the end.
fn check(folder: &Path, command: &str, args: &[&str]) -> (Option<i32>, String, String) {
    let temporary = folder.join("temporary");
    std::fs::create_dir_all(&temporary).unwrap();
    let Output { status, stdout, stderr } = Command::new(cargo_bin("cutmix-verify"))
        .current_dir(folder)
        .env("TMPDIR", &temporary)
        .env("CUTMIX", cargo_bin("cutmix-verify"))
        .args(["check", "--exec", command, "--tol", "1.5"])
        .args(args)
        .output()
        .unwrap();
    let left: Vec<_> = std::fs::read_dir(&temporary).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A simulated implementation as the command.
fn simulated(name: &str) -> String {
    format!("'{}' simulate {name} --adapter", cargo_bin("cutmix-verify").display())
}

/// A shell script as the command, in the protocol's hands: `$CUTMIX` is the tool.
fn script(folder: &Path, text: &str) -> String {
    let path = folder.join("adapter script.sh");
    std::fs::write(&path, text).unwrap();
    format!("sh '{}'", path.display())
}

/// The script fails with exit code 2 and one line that contains all of these.
fn refused(text: &str, args: &[&str], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let command = script(folder.path(), text);
    let (code, stdout, stderr) = check(folder.path(), &command, args);
    assert_eq!(code, Some(2), "{text}\n{stdout}\n{stderr}");
    assert_eq!((stderr.trim_end().lines().count(), stdout.as_str()), (1, ""), "{text}\n{stderr}");
    for part in ["--exec: "].iter().chain(expected) {
        assert!(stderr.contains(part), "no {part:?} in {stderr}");
    }
}

const HELLO: &str = "read line; echo '{\"ok\": true}'\n";

#[test]
fn rounds_until_the_plan_is_fulfilled() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code, first) in [
        ("official", 0, "PASS (cutmix) official simulated"),
        ("torchvision", 0, "PASS (cutmix) torchvision simulated"),
        ("label-raw", 1, "FAIL (cutmix) label-raw simulated"),
        ("root-omitted", 1, "FAIL (cutmix) root-omitted simulated"),
    ] {
        let (found, stdout, stderr) =
            check(folder.path(), &simulated(name), &["--alpha", "1", "--alpha", "0.2", "--all"]);
        assert_eq!(found, Some(code), "{stdout}{stderr}");
        assert!(stdout.starts_with(first), "{stdout}");
        let third = stdout.lines().nth(2).unwrap();
        let draws: u64 = third.split_whitespace().rev().nth(4).unwrap().parse().unwrap();
        let planned = planned_draws([40, 24], 1.0, 1.5) + planned_draws([40, 24], 0.2, 1.5);
        assert!((planned..4 * planned).contains(&draws), "{third}");
        assert!(!stdout.contains("planned draws"), "{stdout}");
    }
    for (method, name) in [("mixup", "mixup"), ("cutout", "cutout")] {
        let (code, stdout, stderr) = check(folder.path(), &simulated(name), &["--method", method, "--dtype", "u8"]);
        // Without an alpha nothing passes.
        assert_eq!(code, Some(3), "{stdout}{stderr}");
        assert!(stdout.starts_with(&format!("INCONCLUSIVE ({method})")), "{stdout}");
        let args = ["--method", method, "--dtype", "u8", "--alpha", "1"];
        let (code, stdout, stderr) = check(folder.path(), &simulated(name), &args);
        assert_eq!(code, Some(0), "{stdout}{stderr}");
        assert!(stdout.starts_with(&format!("PASS ({method})")), "{stdout}");
    }
}

/// A simulated implementation as a script that keeps what it was asked in a file `log`.
fn logged(folder: &Path, name: &str) -> String {
    script(folder, &format!("tee '{}' | \"$CUTMIX\" simulate {name} --adapter\n", folder.join("log").display()))
}

/// Rounds that the script of [`logged`] was asked for.
fn rounds(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("log")).unwrap().lines().filter(|line| line.contains("\"probe\"")).count()
}

/// The draws in the third line of a report.
fn draws(report: &str) -> u64 {
    report.lines().nth(2).and_then(|line| line.split_whitespace().rev().nth(4)?.parse().ok()).unwrap()
}

#[test]
fn a_fail_that_nothing_can_change_stops() {
    let folder = tempfile::tempdir().unwrap();
    // Pixels that leave no law to judge, a shape, calls that repeat; a law, and a rate.
    for (name, part) in [
        ("blend-in-box", "BLENDED"),
        ("other-layout", "SHAPE"),
        ("same-draws", "SAME_DRAWS"),
        ("root-omitted", "ROOT"),
        ("half-applied", "APPLY_RATE"),
    ] {
        let command = logged(folder.path(), name);
        let (code, stdout, stderr) = check(folder.path(), &command, &["--alpha", "1", "--no-breadth"]);
        assert!(code == Some(1) && stdout.contains(part), "{name}: {stdout}{stderr}");
        assert!(stdout.contains("--all makes them all"), "{name}: {stdout}");
        let few = rounds(folder.path());
        let (code, stdout, _) = check(folder.path(), &command, &["--alpha", "1", "--all", "--no-breadth"]);
        assert!(code == Some(1) && stdout.contains(part) && !stdout.contains("--all"), "{name}: {stdout}");
        let all = rounds(folder.path());
        println!("{name}: {few} rounds of {all}");
        assert!(few < all && few == 1, "{name}: {few} {all}");
    }
}

#[test]
fn caps_hold_whatever_is_planned() {
    let folder = tempfile::tempdir().unwrap();
    for most in [5, 100, 700] {
        let most_draws = most.to_string();
        let (code, stdout, stderr) =
            check(folder.path(), &simulated("official"), &["--alpha", "1", "--max-draws", &most_draws]);
        assert!(code == Some(3) && draws(&stdout) <= most.max(8), "{most}: {stdout}{stderr}");
    }
    let command = logged(folder.path(), "official");
    for (option, value, part) in [
        ("--max-rounds", "1", "the rounds that --max-rounds allows were made: 1"),
        ("--max-seconds", "0.1", "0.1 s are over, the longest that --max-seconds allows"),
    ] {
        // One round of three at least, and the second alpha is not begun: no PASS of the first alone.
        let args = ["--alpha", "1", "--alpha", "0.2", "--no-breadth", option, value];
        let (code, stdout, stderr) = check(folder.path(), &command, &args);
        assert_eq!(code, Some(3), "{stdout}{stderr}");
        assert!(stdout.contains("the audit ended early") && stdout.contains(part), "{stdout}");
        assert!((1..3).contains(&rounds(folder.path())), "{option}");
    }
}

#[test]
fn small_and_thin_images_end_without_a_plan_for_what_they_hide() {
    let folder = tempfile::tempdir().unwrap();
    for size in ["1x1", "2x1", "1x3", "2x2", "4x3", "40x1"] {
        let command = logged(folder.path(), "paper");
        let (code, stdout, stderr) = check(folder.path(), &command, &["--alpha", "1", "--no-breadth", "--size", size]);
        println!("{size}: {code:?} after {} rounds", rounds(folder.path()));
        assert!(matches!(code, Some(0 | 3)), "{size}: {stdout}{stderr}");
        assert!(rounds(folder.path()) < 200 && draws(&stdout) < 1 << 19, "{size}: {stdout}");
        assert!(!stdout.contains("18446744073709551615"), "{size}: {stdout}");
    }
}

#[test]
fn an_error_in_a_later_round_keeps_what_was_found() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code, part) in [("label-raw", 1, "LABEL_RAW"), ("official", 3, "INCONCLUSIVE")] {
        // The greeting and one round, then the end.
        let text = format!(
            "for i in 1 2; do read -r line; printf '%s\\n' \"$line\"; done | \"$CUTMIX\" simulate {name} --adapter\n"
        );
        let command = script(folder.path(), &text);
        let (found, stdout, stderr) = check(folder.path(), &command, &["--alpha", "1", "--alpha", "0.2"]);
        assert_eq!(found, Some(code), "{stdout}{stderr}");
        assert!(stdout.contains(part), "{stdout}");
        let expected = "the audit ended early: --exec: round 1: the command ended";
        assert!(stdout.contains(expected), "{stdout}");
    }
}

#[test]
fn evidence_is_kept_and_the_same_draws_add_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let command = simulated("full-extent");
    let state = folder.path().join("evidence.json");
    let args = ["--alpha", "1", "--state", state.to_str().unwrap(), "--max-draws", "900"];
    // The simulation draws the same in every process.
    let (code, first, stderr) = check(folder.path(), &command, &args);
    assert_eq!(code, Some(3), "{first}{stderr}");
    let kept = std::fs::read(&state).unwrap();
    let (_, second, _) = check(folder.path(), &command, &args);
    let draws = |text: &str| text.lines().find(|line| line.contains("planned draws")).map(str::to_owned);
    assert!(draws(&first).is_some() && draws(&first) == draws(&second), "{first}\n{second}");
    let again = std::fs::read(&state).unwrap();
    assert!(again.len() < kept.len() + kept.len() / 10, "{} {}", kept.len(), again.len());
    // With other draws it grows, until there are enough.
    let other = format!("{command} --seed 1000");
    let args = ["--alpha", "1", "--state", state.to_str().unwrap(), "--max-draws", "3000"];
    let (code, third, stderr) = check(folder.path(), &other, &args);
    assert_eq!(code, Some(0), "{third}{stderr}");
    // Evidence of something else is refused in one line.
    std::fs::write(&state, "{}").unwrap();
    // Quiet, since a slow machine shows progress first.
    let (code, stdout, stderr) = check(folder.path(), &command, &[&args[..], &["--quiet"]].concat());
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(2), "", 1), "{stderr}");
    assert!(stderr.contains("evidence.json") && stderr.contains("cutmix-evidence/2"), "{stderr}");
}

#[test]
fn what_is_known_and_expected_passes() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, expected: &[&str]| {
        let mut args = vec!["--alpha", "1"];
        args.extend(expected.iter().flat_map(|code| ["--expect", code]));
        check(folder.path(), &simulated(name), &args)
    };
    let (code, stdout, _) = run("label-unclipped", &["LABEL_UNCLIPPED", "LABEL_EMPTY_BOX"]);
    assert!(code == Some(0) && stdout.contains("as expected: LABEL_UNCLIPPED, LABEL_EMPTY_BOX"), "{stdout}");
    let (code, stdout, _) = run("label-unclipped", &["LABEL_RAW"]);
    assert!(code == Some(1) && stdout.contains("LABEL_UNCLIPPED"), "{stdout}");
    let (code, stdout, _) = run("torchvision", &["LABEL_RAW"]);
    assert!(code == Some(1) && stdout.contains("LABEL_RAW was expected and not found"), "{stdout}");
}

#[test]
fn an_implementation_that_never_mixes_ends_the_rounds() {
    let folder = tempfile::tempdir().unwrap();
    let (code, stdout, _) = check(folder.path(), &simulated("stub"), &[]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("NEVER_APPLIED") && stdout.contains("planned draws: "), "{stdout}");
}

#[test]
fn an_adapter_that_is_seeded_anew_in_every_round_is_found() {
    // Every round is another process: all have the same seed.
    let text = "while read line; do echo \"$line\" | sed 's/\"round\":[0-9]*/\"round\":0/' |
        \"$CUTMIX\" simulate official --adapter; done\n";
    let folder = tempfile::tempdir().unwrap();
    let command = script(folder.path(), text);
    let (code, stdout, stderr) = check(folder.path(), &command, &[]);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stdout.contains("DUPLICATE_STREAM"), "{stdout}");
}

#[test]
fn the_command_is_split_into_words_and_given_to_no_shell() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, stderr) = check(folder.path(), "echo $HOME ; touch 'a b'", &[]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("the line \"$HOME ; touch a b\""), "{stderr}");
    assert!(!folder.path().join("a b").exists());
    for (command, part) in [
        ("no-such-program --x", "\"no-such-program\": "),
        ("", "start: nothing, expected a command"),
        ("python 'open", "quotations are closed"),
    ] {
        let (code, _, stderr) = check(folder.path(), command, &[]);
        assert_eq!((code, stderr.lines().count()), (Some(2), 1), "{stderr}");
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[test]
fn children_that_do_not_keep_the_protocol_are_refused_in_one_line() {
    refused("exit 3", &[], &["hello", "the command ended (exit status: 3)"]);
    refused("echo oh no >&2; exit 1", &[], &["the end of its stderr: oh no"]);
    refused("echo hi; sleep 9", &["--timeout", "5"], &["hello", "\"hi\""]);
    refused("read line; echo '{\"ok\": 1}'", &[], &["JSON of another form"]);
    refused(
        "read line; echo '{\"ok\": true}'; echo more; read line; sleep 9",
        &[],
        &["round 0", "\"more\" without a request"],
    );
    refused("read line; head -c 100000 /dev/zero | tr '\\0' x; sleep 9", &[], &["a line of more than 65536 bytes"]);
    refused(
        &format!("{HELLO}read line; printf '%s\\n' '{{\"error\": \"no GPU\\nhere\\u001b[31m\"}}'; read line"),
        &[],
        &["round 0", "no GPU here"],
    );
    refused(&format!("{HELLO}read line; echo '{{\"ok\": true}}'; read line"), &[], &["round 0: no trace"]);
    let take = r#"trace=$(printf %s "$line" | sed 's/.*"trace":"\([^"]*\)".*/\1/');"#;
    let answers = |deed: &str| format!("{HELLO}read -r line; {take} {deed}\necho '{{\"ok\": true}}'; read line");
    refused(&answers("touch \"$trace.log\" \"$trace\""), &[], &["a file trace-0.npz.log", "nothing but the trace"]);
    refused(&answers("ln -s /dev/zero \"$trace\""), &[], &["no trace"]);
    refused(&answers("mkfifo \"$trace\""), &[], &["no trace"]);
    refused(&answers("mkdir \"$trace\""), &[], &["no trace"]);
    refused(&answers("echo nonsense > \"$trace\""), &[], &["round 0", "trace-0.npz"]);
    let other = "\"$CUTMIX\" simulate official -o \"$trace\"";
    refused(&answers(other), &[], &["the meta of another probe"]);
    refused(&answers("rm -r \"$(dirname \"$trace\")\""), &[], &["round 0"]);
    // A hole of a tebibyte, which costs the child nothing.
    let hole = "dd if=/dev/null of=\"$trace\" bs=1 seek=1099511627776 2> errors";
    refused(&answers(hole), &[], &["round 0", "found 1099511627776 bytes", "at most"]);
}

/// What takes the trace's place after the answer is not waited for: the file is opened once, and a pipe is refused.
#[test]
fn a_pipe_in_the_place_of_the_trace_is_not_waited_for() {
    for _ in 0..10 {
        let take = r#"trace=$(printf %s "$line" | sed 's/.*"trace":"\([^"]*\)".*/\1/');"#;
        let deed = "echo nonsense > \"$trace\"; echo '{\"ok\": true}'; rm -f \"$trace\"; mkfifo \"$trace\"";
        // Whichever of them it sees: no trace, no file, no regular file, or no archive.
        refused(&format!("{HELLO}read -r line; {take} {deed}; read line"), &["--timeout", "60"], &["round 0"]);
    }
}

#[test]
fn what_an_adapter_declares_is_held_against_what_is_asked() {
    let declares = |what: &str| {
        format!(
            "read line; echo '{{\"ok\": true, \"adapter\": {{\"declares\": [\"{what}\"]}}}}'\nread -r line; echo \"$line\" >&2; exit 1"
        )
    };
    refused(&declares("fixed_alpha"), &["--alpha", "1", "--alpha", "0.2"], &["fixed_alpha", "one --alpha at most"]);
    refused(&declares("fixed_alpha"), &["--alpha", "1"], &["round 0: the command ended", "\"alpha\":1.0"]);
    refused(
        &declares("even_batch"),
        &["--batch", "3"],
        &["--batch 3: the adapter declares even_batch, expected an even one"],
    );
    refused(&declares("everything"), &[], &["JSON of another form"]);
}

#[test]
fn a_silent_child_is_ended_with_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    // A child of the child ignores the end of its stdin, holds the pipes open and does not die of SIGTERM.
    let text = format!(
        "(trap '' TERM HUP; echo $(sh -c 'echo $PPID') >> '{0}'; while :; do sleep 1; done) &\necho $$ >> '{0}'; read line; sleep 100",
        pids.display()
    );
    let command = script(folder.path(), &text);
    let start = Instant::now();
    let (code, _, stderr) = check(folder.path(), &command, &["--timeout", "1"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("silent for 1 s") && stderr.contains("--timeout"), "{stderr}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    let pids = std::fs::read_to_string(pids).unwrap();
    assert_eq!(pids.lines().count(), 2, "{pids}");
    for pid in pids.lines() {
        // A process that ended but was not waited for has no command line any more.
        let alive = std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty());
        assert!(!alive, "process {pid} is still there");
    }
}

#[test]
fn the_end_of_stderr_is_kept_and_cannot_drive_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let text = "head -c 300000 /dev/zero | tr '\\0' x >&2; printf '\\nlast \\033[31mwords\\n' >&2
        exec \"$CUTMIX\" simulate label-raw --adapter";
    let command = script(folder.path(), text);
    let (code, stdout, stderr) = check(folder.path(), &command, &[]);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stdout.contains("last \\u{1b}[31mwords") && !stdout.contains('\u{1b}'), "{stdout}");
    assert!(stdout.len() < 40_000, "{}", stdout.len());
}

#[test]
fn an_interrupt_ends_the_child_and_deletes_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let temporary = folder.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let command = script(folder.path(), &format!("{HELLO}echo $$ > pid; read line; sleep 100"));
    let mut tool = std::process::Command::new(cargo_bin("cutmix-verify"))
        .current_dir(folder.path())
        .env("TMPDIR", &temporary)
        .args(["check", "--exec", &command])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let waits = |name: &str| std::fs::read_to_string(folder.path().join(name)).is_ok_and(|text| text.ends_with('\n'));
    while !waits("pid") && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    let signal = std::process::Command::new("kill").args(["-INT", &tool.id().to_string()]).status().unwrap();
    assert!(signal.success());
    let status = tool.wait().unwrap();
    let mut stderr = String::new();
    std::io::Read::read_to_string(&mut tool.stderr.take().unwrap(), &mut stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("interrupted"), "{stderr}");
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
    let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    let alive = std::fs::read(format!("/proc/{}/cmdline", pid.trim())).is_ok_and(|line| !line.is_empty());
    assert!(!alive, "{pid}");
}
