//! The auditor on the command line: its road, and what it says of files that are broken or hostile.

#[path = "support/tool.rs"]
mod tool;

use std::io::{Cursor, Write};

use cutmix_verify::npz::Writer;
use cutmix_verify::play::{simulate, variant};
use cutmix_verify::probe::Spec;
use tool::{refusal, run};
use zip::write::SimpleFileOptions;

/// `check` on bytes that are no trace: exit code 2, and one line that names the file and contains all of these.
fn refused(bytes: &[u8], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.npz"), bytes).unwrap();
    let stderr = refusal(folder.path(), &["check", "t.npz"]);
    for part in ["t.npz", "expected"].iter().chain(expected) {
        assert!(stderr.contains(part), "no {part:?} in {stderr}");
    }
}

fn trace_of(name: &str) -> Vec<u8> {
    let variant = variant(name).unwrap();
    simulate(&variant.spec(), variant, 1.0, 1, Cursor::new(Vec::new())).unwrap().into_inner()
}

/// A trace of the usual meta and one array of images, as `array` writes it.
fn with_images(array: impl FnOnce(&mut Writer<Cursor<Vec<u8>>>)) -> Vec<u8> {
    with_meta(&meta(&variant("official").unwrap().spec()), array)
}

fn meta(spec: &Spec) -> Vec<u8> {
    serde_json::to_vec(&serde_json::json!({ "probe": spec })).unwrap()
}

fn with_meta(meta: &[u8], more: impl FnOnce(&mut Writer<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut npz = Writer::new(Cursor::new(Vec::new()), true);
    npz.array("meta", "|u1", &[meta.len() as u64]).unwrap();
    npz.write_all(meta).unwrap();
    more(&mut npz);
    npz.finish().unwrap().into_inner()
}

/// A zip archive of these entries, as they are.
fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn the_road_of_a_wrong_and_of_a_right_implementation() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code, first) in
        [("label-raw", 1, "FAIL (cutmix) label-raw"), ("official", 0, "PASS (cutmix) official simulated")]
    {
        let made = run(folder.path(), &["simulate", name, "-o", "trace.npz"]);
        assert_eq!(made.0, Some(0), "{made:?}");
        let (found, stdout, _) = run(folder.path(), &["check", "trace.npz", "--alpha", "1", "-o", "report.txt"]);
        assert_eq!(found, Some(code), "{stdout}");
        assert!(stdout.starts_with(first), "{stdout}");
        assert_eq!(stdout.trim_end(), std::fs::read_to_string(folder.path().join("report.txt")).unwrap().trim_end());
        let again = run(folder.path(), &["check", "trace.npz", "--alpha", "1"]);
        assert_eq!(again.1, stdout, "the same input gives the same bytes");
        assert!(!stdout.contains("LABEL_PARTNER") && !stdout.contains("LABEL_EMPTY_BOX\n"), "{stdout}");
    }
}

/// Pixels and labels are judged where the law is left alone; laws and rules that are accepted are named.
#[test]
fn the_law_is_left_alone_or_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, draws: &str, options: &[&str]| {
        run(folder.path(), &["simulate", name, "-o", "trace.npz", "--draws", draws]);
        let (code, stdout, _) = run(folder.path(), &[&["check", "trace.npz"], options].concat());
        (code, stdout)
    };
    // No rule explains its sides, and nothing asks for one.
    let (code, stdout) = check("strip", "0", &["--law", "none"]);
    assert!(code == Some(0) && stdout.contains("the law of the draws was not judged"), "{stdout}");
    let left = ["G01", "G02", "L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08"];
    for line in stdout.lines().filter(|line| left.iter().any(|id| line.starts_with(id))) {
        assert!(line.ends_with("NOT APPLICABLE  --law none leaves it alone"), "{line}");
    }
    let (code, stdout) = check("label-raw", "0", &["--law", "none"]);
    assert!(code == Some(1) && stdout.contains("LABEL_RAW"), "{stdout}");
    // Without an alpha draws that nothing explains are no finding.
    let (code, stdout) = check("triangular-places", "4000", &[]);
    assert!(code == Some(3) && !stdout.contains("LAW_UNKNOWN"), "{stdout}");
    let (code, stdout) = check("half-area", "12000", &["--accept", "half-area"]);
    assert_eq!(code, Some(0), "{stdout}");
    let (code, stdout) = check("half-area", "4000", &[]);
    assert!(code == Some(3) && stdout.contains("--accept half-area"), "{stdout}");
    let (code, stdout) = check("half-area", "4000", &["--alpha", "1"]);
    assert!(code == Some(1) && stdout.contains("BOX_BETWEEN"), "{stdout}");
    let (code, stdout) = check("mixup-folded", "40000", &["--alpha", "1", "--accept", "folded"]);
    assert_eq!(code, Some(0), "{stdout}");
    let (code, stdout) = check("mixup-half-kept", "20000", &["--alpha", "1"]);
    assert!(code == Some(1) && stdout.contains("LAMBDA_CLIPPED"), "{stdout}");
    let (code, stdout, stderr) = run(folder.path(), &["check", "trace.npz", "--accept", "clipped=0.8-0.2"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.contains("clipped=0.2-0.8") && stderr.contains("folded"), "{stderr}");
}

#[test]
fn probabilities_are_part_of_what_is_promised() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, prob: &str| {
        run(folder.path(), &["simulate", name, "-o", "trace.npz", "--draws", "0"]);
        let (code, stdout, _) = run(folder.path(), &["check", "trace.npz", "--prob", prob]);
        (code, stdout)
    };
    let (code, stdout) = check("official", "0");
    assert!(code == Some(1) && stdout.contains("APPLIED_AT_ZERO"), "{stdout}");
    let (code, stdout) = check("stub", "unknown");
    assert!(code == Some(3) && stdout.contains("--prob is unknown"), "{stdout}");
    assert_eq!(check("stub", "0").0, Some(3));
    assert_eq!(check("stub", "0.9").0, Some(1));
    let (code, stdout) = check("stub", "0.5");
    assert!(code == Some(3) && stdout.contains("too few calls"), "{stdout}");
}

#[test]
fn probes_are_written_as_asked_and_mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (code, stdout, _) =
        run(folder.path(), &["probe", "-o", "p.npz", "--calls", "5", "--dtype", "u8", "--layout", "nhwc", "--masks"]);
    assert!(code == Some(0) && stdout.contains("structure_images: [5, 8, 24, 40, 3] u8"), "{stdout}");
    let archive = cutmix_verify::npz::Archive::open(&folder.path().join("p.npz")).unwrap();
    let keys: Vec<&str> = archive.keys().collect();
    assert_eq!(keys, ["meta", "structure_ids", "structure_images", "structure_masks", "structure_rows"]);
    let mistakes: [(&[&str], &str); 6] = [
        (&["--size", "40"], "expected WIDTHxHEIGHT"),
        (&["--batch", "257"], "1 to 256"),
        (&["--kind", "tri", "--channels", "1"], "3 at least"),
        (&["--kind", "nan", "--dtype", "u8"], "a float type"),
        (&["--size", "16384x16384", "--channels", "256"], "2^31"),
        (&["--method", "mixup", "--size", "2x2", "--channels", "1"], "16 at least"),
    ];
    for (args, expected) in mistakes {
        let (code, _, stderr) = run(folder.path(), &[&["probe", "-o", "other.npz"], args].concat());
        assert!(code == Some(2) && stderr.contains(expected), "{args:?}: {stderr}");
        assert!(!folder.path().join("other.npz").exists());
    }
    assert!(run(folder.path(), &["explain", "label_swapped"]).1.contains("exchanged"));
    assert_eq!(run(folder.path(), &["explain", "NOTHING"]).0, Some(2));
    assert_eq!(run(folder.path(), &["check", "absent.npz"]).0, Some(2));
    assert_eq!(run(folder.path(), &["check", "p.npz", "--prob", "2"]).0, Some(2));
    assert_eq!(run(folder.path(), &["simulate", "nobody", "-o", "x.npz"]).0, Some(2));
}

#[test]
fn damaged_files_are_refused_in_one_line() {
    let whole = trace_of("official");
    refused(b"", &["an .npz file"]);
    refused(b"PK\x03\x04 and nothing else", &["an .npz file"]);
    for cut in [100, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..cut], &[]);
    }
    // One bit of the stored pixels.
    let at = whole
        .windows(27)
        .position(|bytes| bytes == b"structure_images_out.npy\x01\x00\x10".as_slice())
        .map_or(whole.len() / 3, |at| at + 4000);
    let mut flipped = whole.clone();
    flipped[at] ^= 0x10;
    refused(&flipped, &["structure_"]);
}

#[test]
fn hostile_files_are_refused_in_one_line() {
    let header = |dict: &str| {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend_from_slice(&(dict.len() as u16).to_le_bytes());
        bytes.extend_from_slice(dict.as_bytes());
        bytes
    };
    let object = header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n");
    refused(&zip_of(&[("meta.npy", &object)]), &["meta", "never unpickled"]);
    let huge =
        header("{'descr': '|u1', 'fortran_order': False, 'shape': (18446744073709551615, 18446744073709551615), }\n");
    refused(&zip_of(&[("meta.npy", &huge)]), &["meta", "bytes of values"]);
    let mut long = b"\x93NUMPY\x02\x00".to_vec();
    long.extend_from_slice(&u32::MAX.to_le_bytes());
    refused(&zip_of(&[("meta.npy", &long)]), &["meta", "a header of 4294967295 bytes"]);
    let nested = header(&"(".repeat(60_000));
    refused(&zip_of(&[("meta.npy", &nested)]), &["meta", "10000 at most"]);
    refused(&zip_of(&[("../../etc/passwd.npy", b"")]), &["no key"]);
    refused(&zip_of(&[("a\u{1b}[31m.npy", b"")]), &["no key"]);
    refused(&zip_of(&[("notes.txt", b"hello")]), &["no key"]);
    let many: Vec<String> = (0..300).map(|i| format!("k{i}.npy")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    refused(&zip_of(&many), &["300 entries"]);
    // Two entries of one name: the second is renamed in the finished bytes.
    let two = zip_of(&[("meta.npy", b"x"), ("mete.npy", b"x")]);
    let text: Vec<u8> =
        two.windows(8).enumerate().filter(|(_, bytes)| bytes == b"mete.npy").map(|(at, _)| at as u8).collect();
    assert_eq!(text.len(), 2, "in the entry and in the directory");
    let mut twice = two.clone();
    for &at in &text {
        twice[usize::from(at) + 3] = b'a';
    }
    refused(&twice, &["duplicate"]);
}

#[test]
fn arrays_that_do_not_fit_the_probe_are_refused_in_one_line() {
    let array = |key: &'static str, descr: &'static str, shape: &'static [u64]| {
        with_images(|npz| {
            let size: u64 = shape.iter().product();
            npz.array(key, descr, shape).unwrap();
            npz.write_all(&vec![0; size as usize * if descr == "|u1" { 1 } else { 4 }]).unwrap();
        })
    };
    refused(&array("structure_images_out", "<i4", &[1, 8, 3, 24, 40]), &["structure_images_out", "type i4"]);
    refused(&array("structure_images_out", "<f4", &[65, 8, 3, 24, 40]), &["structure_images_out", "1 to 64 calls"]);
    refused(&array("structure_images_out", "<f4", &[0, 8, 3, 24, 40]), &["structure_images_out", "1 to 64 calls"]);
    refused(&array("structure_images", "<f4", &[1, 8, 3, 24, 40]), &["structure_images", "a key that no trace has"]);
    refused(&array("law_images_out", "<f4", &[1, 2, 1, 24, 40]), &["law_images_out", "structure"]);
    refused(&array("structure_bbox", "<f4", &[1, 8, 4]), &["PHASE_images_out"]);
    let ragged = with_images(|npz| {
        npz.array("structure_images_out", "<f4", &[1, 8, 3, 24, 40]).unwrap();
        npz.write_all(&vec![0; 4 * 8 * 3 * 24 * 40]).unwrap();
        npz.array("structure_target_a", "<f4", &[2, 8]).unwrap();
        npz.write_all(&[0; 64]).unwrap();
    });
    refused(&ragged, &["structure_target_a", "[2, 8]", "1 calls of [8]"]);
    let other = with_images(|npz| {
        for (name, descr, bytes) in [("out", "<f4", 4), ("after", "<f8", 8)] {
            npz.array(&format!("structure_images_{name}"), descr, &[1, 8, 3, 24, 40]).unwrap();
            npz.write_all(&vec![0; bytes * 8 * 3 * 24 * 40]).unwrap();
        }
    });
    refused(&other, &["structure_images_after", "type f8", "f32, as the images that were given"]);
    let mut spec = variant("official").unwrap().spec();
    spec.phases[0].sha256 = "0".repeat(64);
    let wrong = simulate(&spec, variant("official").unwrap(), 1.0, 1, Cursor::new(Vec::new())).unwrap().into_inner();
    refused(&wrong, &["meta", "sha256", "a probe of this version"]);
    spec.phases[0].calls = u32::MAX;
    refused(&with_meta(&meta(&spec), |_| {}), &["meta", "calls 4294967295", "1 to 16777216"]);
    refused(&with_meta(b"not json", |_| {}), &["meta", "probe"]);
}

#[test]
fn a_plan_says_what_it_costs_and_does_not_show() {
    let folder = tempfile::tempdir().unwrap();
    let plan = |args: &[&str]| run(folder.path(), &[&["plan"], args].concat());
    let (code, stdout, _) = plan(&["--alpha", "1", "--alpha", "0.2"]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("8256 draws: 4128 calls of 2") && stdout.contains("16576 draws"), "{stdout}");
    assert!(!stdout.contains("exchanged axes") && !stdout.contains("alpha that is ignored"), "{stdout}");
    let (_, stdout, _) = plan(&["--size", "32x32", "--tol", "1.1", "--sharing", "batch"]);
    assert!(stdout.contains("39680 draws: 39680 calls of 2"), "{stdout}");
    assert!(stdout.contains("exchanged axes") && stdout.contains("alpha that is ignored"), "{stdout}");
    for (args, part) in [(["--alpha", "0"], "0.001 to 1000000"), (["--size", "0x9"], "1 to 16384")] {
        let (code, _, stderr) = plan(&args);
        assert_eq!((code, stderr.lines().count()), (Some(2), 1), "{stderr}");
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[test]
fn a_plan_of_any_size_ends_and_says_what_the_size_hides() {
    let folder = tempfile::tempdir().unwrap();
    let small = (1..=4).flat_map(|width| (1..=4).map(move |height| format!("{width}x{height}")));
    for size in small.chain(["40x1", "1x64", "16384x1"].map(Into::into)) {
        let (code, stdout, stderr) = run(folder.path(), &["plan", "--size", &size]);
        assert_eq!(code, Some(0), "{size}: {stderr}");
        let draws = stdout.split_once(" draws: ").and_then(|(before, _)| before.rsplit(' ').next()).unwrap();
        assert!(draws.parse::<u64>().is_ok_and(|draws| draws <= 1 << 22), "{size}: {stdout}");
        let hidden = stdout.contains("takes more than 4194304 draws of these images");
        assert_ne!(hidden, stdout.contains("enough to refute every alpha"), "{size}: {stdout}");
        assert!(hidden || !size.split('x').any(|side| side == "1"), "{size}: {stdout}");
    }
}

/// A file that may have a hundred blocks, as on a disk that is full: one line, and nothing half-written.
#[cfg(unix)]
#[test]
fn a_full_disk_is_one_line_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let tool = assert_cmd::cargo::cargo_bin("cutmix-verify");
    for args in ["simulate official -o t.npz", "probe -o t.npz --calls 64", "probe -o t.npz --calls 64 --stored"] {
        let command = format!("trap '' XFSZ; ulimit -f 100; exec '{}' {args} --quiet", tool.display());
        let command = if args.starts_with("simulate") { command.replace(" --quiet", "") } else { command };
        let out = std::process::Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output().unwrap();
        let stderr = String::from_utf8(out.stderr).unwrap();
        assert_eq!((out.status.code(), stderr.lines().count()), (Some(2), 1), "{args}: {stderr}");
        assert!(stderr.starts_with("cutmix-verify: t.npz: cannot be written: "), "{args}: {stderr}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{args}");
    }
}

/// A signal in the middle of a file leaves none of it.
#[cfg(unix)]
#[test]
fn a_signal_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["-INT", "-TERM"] {
        let mut tool = std::process::Command::new(assert_cmd::cargo::cargo_bin("cutmix-verify"))
            .args(["probe", "-o", "t.npz", "--calls", "1000000", "--stored", "--quiet"])
            .current_dir(folder.path())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let files = || std::fs::read_dir(folder.path()).unwrap().count();
        let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while files() == 0 && std::time::Instant::now() < until {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert_eq!(files(), 1, "it has begun");
        let killed = std::process::Command::new("kill").args([signal, &tool.id().to_string()]).status().unwrap();
        let code = tool.wait().unwrap().code();
        let mut stderr = String::new();
        std::io::Read::read_to_string(&mut tool.stderr.take().unwrap(), &mut stderr).unwrap();
        assert!(killed.success() && files() == 0, "{signal}: {stderr}");
        assert_eq!((code, stderr.as_str()), (Some(2), "cutmix-verify: interrupted\n"), "{signal}");
    }
}

/// Stdout that is full is an error, and one that is closed is a reader who has seen enough; neither spoils the files.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_printed_is_written_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.npz"), trace_of("label-raw")).unwrap();
    let tool = assert_cmd::cargo::cargo_bin("cutmix-verify");
    for (into, code, lines) in [("> /dev/full", 2, 1), ("| true", 1, 0)] {
        let command = format!("('{}' check t.npz --json r.json --state s.json; echo $? > code) {into}", tool.display());
        let command = command.replace("; echo $?", " 2> errors; echo $?");
        let status = std::process::Command::new("sh").args(["-c", &command]).current_dir(folder.path()).status();
        assert!(status.is_ok());
        let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !folder.path().join("code").exists() && std::time::Instant::now() < until {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(text("code").trim(), code.to_string(), "{into}: {}", text("errors"));
        assert_eq!(text("errors").lines().count(), lines, "{into}: {}", text("errors"));
        assert!(text("r.json").contains("LABEL_RAW") && text("s.json").contains("LABEL_RAW"), "{into}");
        for name in ["r.json", "s.json", "code"] {
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
    }
}

#[test]
fn completions_and_manual_name_every_verb_and_option() {
    let folder = tempfile::tempdir().unwrap();
    let verbs = "demo mix kernels selftest probe plan check identify explain simulate completions man".split(' ');
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (_, script, _) = run(folder.path(), &["completions", shell]);
        for word in verbs.clone().chain(["timeout", "in-place"]) {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    let output = run(folder.path(), &["man", "-o", "."]);
    assert_eq!(output.0, Some(0), "{output:?}");
    for verb in verbs {
        let page = std::fs::read_to_string(folder.path().join(format!("cutmix-verify-{verb}.1"))).unwrap();
        assert!(page.contains(".SH OPTIONS") || page.contains(".SH SYNOPSIS"), "{verb}: {page}");
    }
    let page = std::fs::read_to_string(folder.path().join("cutmix-verify-check.1")).unwrap();
    assert!(page.contains("\\-\\-timeout") && page.contains("Examples"), "{page}");
    let (_, page, _) = run(folder.path(), &["man"]);
    assert!(page.starts_with(".ie") && page.contains("auditor"), "{page}");
}

#[test]
fn a_trace_says_itself_what_its_probe_was() {
    let folder = tempfile::tempdir().unwrap();
    for (args, part) in [
        (&["check", "t.npz", "--dtype", "u8"][..], "only with --exec"),
        (&["check", "t.npz", "--max-draws", "9"], "--exec"),
        (&["check", "t.npz", "--max-seconds", "9"], "--exec"),
        (&["check", "t.npz", "--max-rounds", "9"], "--exec"),
        (&["check", "t.npz", "--all"], "--exec"),
        (&["check", "t.npz", "--tol", "0.9"], "1.02 to 4"),
        (&["check", "t.npz", "--accept", "round"], "full-extent"),
        (&["check", "t.npz", "--expect", "LABEL_ROW"], "explain"),
        (&["check", "t.npz", "--alpha", "1", "--alpha", "2"], "one for each"),
        (&["check"], "TRACE.npz"),
        (&["check", "t.npz", "--exec", "true"], "cannot be used with"),
    ] {
        let (code, _, stderr) = run(folder.path(), args);
        assert!(code == Some(2) && stderr.contains(part), "{stderr}");
    }
}

#[test]
fn the_same_file_twice_is_one_observation() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.npz"), trace_of("official")).unwrap();
    std::fs::copy(folder.path().join("a.npz"), folder.path().join("b.npz")).unwrap();
    let (_, once, _) = run(folder.path(), &["check", "a.npz"]);
    let (_, twice, _) = run(folder.path(), &["check", "a.npz", "b.npz"]);
    assert_eq!(once.lines().nth(2), twice.lines().nth(2));
    assert!(twice.contains("b.npz holds the same as a.npz"), "{twice}");
}
