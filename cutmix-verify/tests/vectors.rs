//! The test vectors: the files as they are published, the core and the reference against them, planted mistakes, and the
//! programs that stand beside them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use boon::{Compiler, Schemas};
use cutmix_verify::subject::core::Core;
use cutmix_verify::subject::mistaken::{MISTAKES, Mistaken, named};
use cutmix_verify::subject::reference::Naive;
use cutmix_verify::vectors::exec::{run_here, serve};
use cutmix_verify::vectors::notes::{NOTES, note};
use cutmix_verify::vectors::read::{cases, published};
use cutmix_verify::vectors::{KINDS, OPS, PUBLISHED, all};
use cutmix_verify::{cutmix_tests, kit};
use serde_json::{Value, json};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

mod core_conforms {
    use super::*;
    cutmix_tests!(Core; boxes, labels, apply, batch, mixup, cutout, laws, betas, stream, refusals, properties, audit);
}

#[test]
fn the_files_are_what_emit_makes_of_them() {
    let made: Vec<_> = all().collect();
    assert_eq!(made.iter().map(|file| file.kind).collect::<Vec<_>>(), KINDS);
    let mut bytes = 0;
    for (file, (kind, text)) in made.iter().zip(PUBLISHED) {
        assert_eq!(file.kind, kind);
        bytes += text.len();
        let made = file.text();
        let differs = made.lines().zip(text.lines()).find(|(made, text)| made != text);
        assert_eq!(differs, None, "{kind}.json is stale: cutmix-verify vectors emit --out cutmix-verify/vectors");
        assert!(made == text, "{kind}.json has other lines than are made");
    }
    assert!(bytes < 1_500_000, "{bytes} bytes");
}

fn compiler() -> Compiler {
    let mut compiler = Compiler::new();
    for entry in std::fs::read_dir(Path::new(FOLDER).join("schemas")).unwrap() {
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let id = schema["$id"].as_str().unwrap().to_owned();
        compiler.add_resource(&id, schema).unwrap();
    }
    compiler
}

/// Makes a file wrong.
type Change = fn(&mut Value);

fn valid(kind: &str, file: &Value) -> bool {
    let mut schemas = Schemas::new();
    let id = format!("https://cutmix-verify.invalid/vectors/{kind}.schema.json");
    let index = compiler().compile(&id, &mut schemas).unwrap();
    let result = schemas.validate(file, index);
    if let Err(error) = &result {
        println!("{kind}: {}", error.to_string().chars().take(2000).collect::<String>());
    }
    result.is_ok()
}

#[test]
fn the_files_keep_their_schemas_which_refuse_others() {
    for (kind, text) in PUBLISHED {
        let file: Value = serde_json::from_str(text).unwrap();
        assert!(valid(kind, &file), "{kind}");
        assert!(Path::new(FOLDER).join(file["schema"].as_str().unwrap()).is_file());
        let first = "/testGroups/0/tests/0";
        let changes: [(&str, Change); 6] = [
            (first, |test| test["more"] = json!(1)),
            (first, |test| test["input"]["more"] = json!(1)),
            (first, |test| test["flags"] = json!([])),
            (first, |test| test["result"] = json!("perhaps")),
            ("/testGroups/0", |group| group["op"] = json!("other")),
            ("", |file| file["numberOfTests"] = json!(0)),
        ];
        for (i, (place, change)) in changes.into_iter().enumerate() {
            let mut wrong = file.clone();
            change(wrong.pointer_mut(place).unwrap());
            assert!(!valid(kind, &wrong), "{kind}: change {i} is let through");
        }
    }
}

/// Every object with a value and bits says the same twice.
fn floats_agree(value: &Value, found: &mut u32) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| floats_agree(value, found)),
        Value::Object(object) => {
            if let (Some(number), Some(bits)) = (object.get("value"), object.get("bits").and_then(Value::as_str)) {
                let bits = bits.strip_prefix("0x").unwrap();
                let of_bits = if bits.len() == 8 {
                    f64::from(f32::from_bits(u32::from_str_radix(bits, 16).unwrap()))
                } else {
                    f64::from_bits(u64::from_str_radix(bits, 16).unwrap())
                };
                match number.as_f64() {
                    Some(number) => assert_eq!(number.to_bits(), of_bits.to_bits(), "{object:?}"),
                    None => assert!(!of_bits.is_finite(), "{object:?}"),
                }
                *found += 1;
            }
            object.values().for_each(|value| floats_agree(value, found));
        }
        _ => {}
    }
}

#[test]
fn counts_numbers_flags_and_notes_are_honest() {
    let (mut used, mut total) = (BTreeSet::new(), 0);
    for (kind, text) in PUBLISHED {
        let file: Value = serde_json::from_str(text).unwrap();
        let cases = cases(text).unwrap();
        total += cases.len();
        assert_eq!(file["numberOfTests"], cases.len(), "{kind}");
        let numbers: BTreeSet<u64> = cases.iter().map(|case| case.number).collect();
        assert_eq!(numbers.len(), cases.len(), "{kind}: a number twice");
        let own: BTreeSet<&str> = cases.iter().flat_map(|case| &case.flags).map(String::as_str).collect();
        let noted: BTreeSet<&str> = file["notes"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(own, noted, "{kind}: notes and flags");
        used.extend(own.into_iter().map(str::to_owned));
        let inputs: BTreeSet<String> = cases.iter().map(|case| format!("{} {}", case.op, case.input)).collect();
        assert!(cases.len() - inputs.len() <= 2, "{kind}: {} cases twice", cases.len() - inputs.len());
        let mut found = 0;
        floats_agree(&file, &mut found);
        assert!(found > 0 || matches!(kind, "apply" | "batch"), "{kind}: no floats");
    }
    assert!(total >= 1000, "{total} cases");
    let noted: BTreeSet<String> = NOTES.iter().map(|note| note.flag.to_owned()).collect();
    assert_eq!(used, noted, "every note is used, every flag noted");
    assert_eq!(noted.len(), NOTES.len(), "no flag twice");
}

#[test]
fn the_reference_passes_all_of_them() {
    let findings = run_here(&Naive, published());
    assert_eq!(findings.failed(), Vec::<String>::new());
    let tally = findings.tally();
    assert_eq!((tally.passed, tally.untested), (published().len(), 0));
    kit::properties(&Naive, 50).unwrap();
}

#[test]
fn every_planted_mistake_fails_with_its_flag() {
    let families: BTreeSet<&str> = MISTAKES.iter().map(|mistake| mistake.family).collect();
    for family in ["box", "label", "pixel", "batch order", "dtype"] {
        assert!(families.contains(family), "no planted mistake of {family}");
    }
    let cases = published();
    for mistake in MISTAKES {
        let findings = run_here(&Mistaken(mistake), cases.clone());
        let bites = findings.flags().iter().any(|(flag, tally)| *flag == mistake.flag && tally.failed > 0);
        assert!(bites, "{}: {:?}", mistake.name, findings.flags());
        let tally = findings.tally();
        // What is named first is the mistake, or something that is seen in the same cases.
        let (foremost, share) = findings.flags()[0];
        println!("{}: {foremost}, {} of {}", mistake.name, share.failed, share.cases());
        // Each is one mistake, not a broken program.
        assert!(tally.passed > tally.failed, "{}: {tally:?}", mistake.name);
        assert!(note(mistake.flag).is_some() && findings.text(false).contains(mistake.flag));
    }
    assert!(named("no such mistake").is_none());
}

#[test]
fn lines_that_are_no_requests_are_answered_with_an_error() {
    for (request, expected) in [
        ("", "one line of JSON"),
        ("{}", "the protocol is cutmix-vectors/1"),
        ("{\"protocol\": \"cutmix-audit/1\", \"hello\": true}", "the protocol is cutmix-vectors/1"),
        ("{\"protocol\": \"cutmix-vectors/1\", \"op\": \"box\", \"input\": {}}", "no field rule"),
        ("{\"protocol\": \"cutmix-vectors/1\", \"op\": \"other\", \"input\": {}}", "unsupported"),
    ] {
        let answer = serve(&Core, request);
        assert!(answer.contains(expected) && !answer.contains('\n'), "{request}: {answer}");
    }
}

fn tool(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(cargo_bin!("cutmix-verify")).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn verify(command: &str, more: &[&str]) -> (i32, String, String) {
    tool(&[&["vectors", "verify", "--exec", command], more].concat())
}

fn served(name: &str) -> String {
    format!("'{}' vectors serve {name}", cargo_bin!("cutmix-verify").display())
}

#[test]
fn emit_writes_all_files_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new");
    let (code, stdout, _) = tool(&["vectors", "emit", "--out", out.to_str().unwrap()]);
    assert!(code == 0 && stdout.contains("box.json"), "{stdout}");
    for (kind, text) in PUBLISHED {
        assert!(std::fs::read_to_string(out.join(format!("{kind}.json"))).unwrap() == text, "{kind}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written is left");
    let file = folder.path().join("file");
    std::fs::write(&file, "here").unwrap();
    let (code, _, stderr) = tool(&["vectors", "emit", "--quiet", "--out", file.to_str().unwrap()]);
    assert_eq!((code, stderr.lines().count()), (2, 1), "{stderr}");
    assert_eq!(std::fs::read(&file).unwrap(), b"here");
    // Cases of a folder, one of them spoilt.
    let wrong =
        std::fs::read_to_string(out.join("batch.json")).unwrap().replacen("\"images\": \"", "\"images\": \"00", 2);
    std::fs::write(out.join("batch.json"), wrong).unwrap();
    let more = ["--only", "batch", "--quiet", "--vectors", out.to_str().unwrap()];
    let (code, stdout, _) = verify(&served("core"), &more);
    assert!(code == 1 && stdout.starts_with("FAIL: 1 of 67 cases"), "{code} {stdout}");
    // Some of the files will do; none will not.
    std::fs::remove_file(out.join("law.json")).unwrap();
    assert_eq!(verify(&served("core"), &more).0, 1);
    let (code, _, stderr) = verify(&served("core"), &["--vectors", folder.path().to_str().unwrap()]);
    assert!(code == 2 && stderr.contains("no file of vectors, expected some of box.json"), "{stderr}");
}

#[test]
fn emit_replaces_all_files_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    std::fs::write(out.join("box.json"), "old").unwrap();
    std::fs::create_dir(out.join("invalid.json")).unwrap();
    let (code, stdout, stderr) = tool(&["vectors", "emit", "--out", out.to_str().unwrap()]);
    assert!(code == 2 && stdout.is_empty() && stderr.contains("invalid.json"), "{stdout}{stderr}");
    assert_eq!(std::fs::read(out.join("box.json")).unwrap(), b"old");
    std::fs::remove_dir(out.join("invalid.json")).unwrap();
    assert_eq!(tool(&["vectors", "emit", "--quiet", "--out", out.to_str().unwrap()]).0, 0);
    for name in ["apply", "common", "stream"] {
        let path = format!("schemas/{name}.schema.json");
        assert!(std::fs::read(out.join(&path)).unwrap() == std::fs::read(Path::new(FOLDER).join(&path)).unwrap());
    }
    let left = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    assert_eq!((left(out), left(&out.join("schemas"))), (11, 11), "nothing half-written is left");
}

#[test]
fn files_that_contradict_themselves_are_refused() {
    let text = PUBLISHED.iter().find(|(kind, _)| *kind == "label").unwrap().1;
    let first = "/testGroups/0/tests/0";
    let changes: [(&str, Change, &str); 9] = [
        (first, |test| test["tcId"] = json!(1002), "tcId 1002 twice"),
        ("", |file| file["numberOfTests"] = json!(1), "numberOfTests is not 108"),
        ("", |file| file["generatorVersion"] = json!("9.9"), "generatorVersion \"9.9\", expected \"1.0\""),
        (first, |test| test["flags"] = json!([]), "test 1001: no flags"),
        (first, |test| test["flags"] = json!(["Other"]), "flag \"Other\", of which there is no note"),
        ("/testGroups/0", |group| group["op"] = json!("warp"), "op \"warp\", expected one of box, "),
        (first, |test| test["input"]["lambda"]["bits"] = json!("zzz"), "test 1001: input.lambda: "),
        (first, |test| test["input"]["lambda"]["value"] = json!(0.5), "the same number twice"),
        (first, |test| test["output"] = json!(null), "an output where it must be refused, or none where not"),
    ];
    for (place, change, expected) in changes {
        let mut file: Value = serde_json::from_str(text).unwrap();
        change(file.pointer_mut(place).unwrap());
        let wrong = cases(&file.to_string()).unwrap_err();
        assert!(wrong.contains(expected) && !wrong.contains('\n'), "{expected}: {wrong}");
    }
    assert_eq!(OPS.len(), published().iter().map(|case| &case.op).collect::<BTreeSet<_>>().len());
}

#[test]
fn verify_judges_programs() {
    let (code, stdout, _) = verify(&served("core"), &["--quiet"]);
    assert!(code == 0 && stdout.starts_with("PASS: 0 of ") && stdout.contains("0 untested"), "{stdout}");
    let (code, stdout, _) = verify(&served("label-raw-lambda"), &["--only", "label,box"]);
    assert_eq!(code, 1);
    for part in ["FAIL: ", "RawLambda", "KNOWN_BUG", "The label claims what is not in the image", "label/1001 label: "]
    {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }
    for (command, expected) in [
        ("no-such-program-anywhere", "expected a program that can be started"),
        ("'", "quotations"),
        (served("no-such-name").as_str(), "the command ended"),
    ] {
        let (code, _, stderr) = verify(command, &[]);
        assert!(code == 2 && stderr.lines().count() == 1 && stderr.contains(expected), "{code} {stderr}");
    }
    assert_eq!(verify(&served("core"), &["--only", "boxes"]).0, 2);
}

/// A program of a few lines, or nothing where there is no Python.
fn python(body: &str) -> Option<(tempfile::TempDir, String)> {
    if Command::new("python3").args(["-c", "pass"]).output().is_err() {
        assert!(std::env::var_os("CUTMIX_EXPECT_PYTHON").is_none(), "python3 is expected, but cannot be started");
        eprintln!("SKIPPED: python3 not found");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("program.py");
    let head = "import sys, json, math\nfor line in sys.stdin:\n    r = json.loads(line)\n";
    std::fs::write(&script, format!("{head}{body}")).unwrap();
    let command = format!("python3 '{}'", script.display());
    Some((folder, command))
}

/// What `vectors verify` says of a program: exit code and standard output.
fn judged(body: &str, more: &[&str]) -> (i32, String) {
    let (_folder, command) = python(body).unwrap();
    let (code, stdout, _) = verify(&command, more);
    (code, stdout)
}

#[test]
fn programs_that_end_refuse_or_have_nothing() {
    if python("").is_none() {
        return;
    }
    let hello = "    if 'hello' in r: print('{\"ok\": true, \"adapter\": {\"name\": \"x\"}}', flush=True)\n";
    let answers = |hello: &str, answer: &str| format!("{hello}    else: print('{answer}', flush=True)\n");
    let (refused, unsupported) = (r#"{"ok": true, "refused": "no"}"#, r#"{"ok": true, "unsupported": true}"#);
    let (only, invalid) = (["--only", "invalid,batch"], ["--only", "invalid"]);
    // Ends over one case, and is right to refuse: that case fails, the others of its kind pass.
    let gone = "    elif r['tcId'] == 1002 and r['kind'] == 'invalid': sys.exit('gone')\n";
    let body = answers(&format!("{hello}{gone}"), refused);
    let (code, stdout) = judged(&body, &invalid);
    assert!(code == 1 && stdout.starts_with("FAIL: 1 of 72 cases") && stdout.contains("gone"), "{stdout}");
    let (code, stdout) = judged(&body, &["--only", "batch"]);
    assert!(code == 1 && stdout.contains("refused: no"), "what is valid may not be refused: {stdout}");
    // Has no function at all.
    let (code, stdout) = judged(&answers(hello, unsupported), &[&only[..], &["--allow-untested"]].concat());
    assert!(code == 3 && stdout.starts_with("INCONCLUSIVE"), "{code} {stdout}");
    // Declares what it has.
    let body = answers(&hello.replace("\"name\": \"x\"", "\"kinds\": [\"batch\"]"), unsupported);
    let (code, stdout) = judged(&body, &only);
    assert!(code == 3 && stdout.contains("not asked: box, label") && stdout.contains("of 67 cases"), "{code} {stdout}");
    assert_eq!(judged(&body.replace("batch", "other"), &only).0, 2);
    // Ends at every case: what was found until then is told.
    let (code, stdout) = judged(&format!("{hello}    else: sys.exit('always')\n"), &invalid);
    let given_up = stdout.lines().next().unwrap().ends_with("; given up after 16 starts");
    assert!(code == 1 && stdout.starts_with("FAIL: 16 of 72 cases") && given_up, "{code} {stdout}");
    assert!(stdout.contains("always"), "{stdout}");
    // Is silent at every case.
    let silent = format!("{hello}    else: import time; time.sleep(60)\n");
    let (code, stdout) = judged(&silent, &[&invalid[..], &["--quiet", "--timeout", "0.5"]].concat());
    assert!(code == 1 && stdout.trim_end().ends_with("given up after 3 silences"), "{code} {stdout}");
    // Starts once: what was found is told all the same.
    let once = "    if 'hello' in r:\n        import os; mark = __file__ + '.ran'\n        if os.path.exists(mark): sys.exit('once')\n        open(mark, 'w'); print('{\"ok\": true}', flush=True)\n    else: sys.exit('gone')\n";
    let (code, stdout) = judged(once, &["--only", "invalid", "--quiet"]);
    let told = stdout.contains("; given up as it did not start again: the command ended");
    assert!(code == 1 && stdout.starts_with("FAIL: 1 of 72 cases") && told, "{code} {stdout}");
    // Says a line too many: at once, and before the end. (One write, which print() without a buffer does not do.)
    let twice = "    else:\n        more = '{}\\n' if r['tcId'] == LAST else ''\n        sys.stdout.write('{\"ok\": true, \"refused\": \"no\"}\\n' + more); sys.stdout.flush()\n";
    for last in ["1003", "9004"] {
        let (code, stdout) = judged(&format!("{hello}{}", twice.replace("LAST", last)), &invalid);
        assert!(code == 1 && stdout.starts_with("FAIL: 1 of 72 cases"), "{code} {stdout}");
        assert!(stdout.contains(&format!("invalid/{last}")) && stdout.contains("without a request"), "{stdout}");
    }
    // Says more than is asked.
    let body = answers(hello, r#"{"ok": true, "output": {}, "refused": ""}"#);
    assert_eq!(judged(&body, &["--only", "invalid", "--quiet"]).0, 1);
}

#[test]
fn a_rule_of_ones_own_can_be_named() {
    // An implementation that has the rule of the paper's authors alone.
    let body = "    op, i = r.get('op'), r.get('input', {})\n    if 'hello' in r: a = {'adapter': {'name': 'official', 'kinds': ['box']}}\n    elif i['rule'] != 'official' or op != 'box': a = {'unsupported': True}\n    else:\n        e = []\n        for c, n in ((i['cx'], i['width']), (i['cy'], i['height'])):\n            h = int(n * math.sqrt(1 - i['lambda']['value'])) // 2\n            e.append((max(0, int(c['value']) - h), min(n, int(c['value']) + h)))\n        full = e[0][0] < e[0][1] and e[1][0] < e[1][1]\n        v = [e[0][0], e[1][0], e[0][1], e[1][1]] if full else [0] * 4\n        a = {'output': dict(zip(('x0', 'y0', 'x1', 'y1'), v))}\n    print(json.dumps({'ok': True, **a}), flush=True)\n";
    let Some((_folder, command)) = python(body) else { return };
    let (code, stdout, _) = verify(&command, &["--quiet", "--accept", "official"]);
    assert!(code == 0 && stdout.starts_with("PASS"), "{code} {stdout}");
    let (code, stdout, _) = verify(&command, &["--quiet"]);
    assert!(code == 3 && stdout.starts_with("INCONCLUSIVE"), "{code} {stdout}");
    assert_eq!(verify(&command, &["--quiet", "--allow-untested"]).0, 0);
}

#[test]
fn runners_are_short_and_pass() {
    let runners = Path::new(FOLDER).join("runners");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&runners).unwrap() {
        let path = entry.unwrap().path();
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 100, "{}: {lines} lines", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["c_vectors.c", "node_vectors.mjs", "numpy_vectors.py"]);
    let numpy = ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        Command::new(python).args(["-c", "import numpy"]).output().is_ok_and(|output| output.status.success())
    });
    let node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    let mut ran = 0;
    for (program, file) in [(numpy, "numpy_vectors.py"), (node.then_some("node"), "node_vectors.mjs")] {
        let Some(program) = program else {
            eprintln!("SKIPPED: {file}: its interpreter or package was not found");
            continue;
        };
        let command = format!("{program} '{}'", runners.join(file).display());
        let (code, stdout, stderr) = verify(&command, &[]);
        assert_eq!(code, 0, "{file}: {stdout}{stderr}");
        assert!(stdout.starts_with("PASS: 0 of ") && stdout.contains("(0 of them not optional)"), "{stdout}");
        ran += 1;
    }
    // The C runner needs the C library: `.ci/vectors` builds both.
    println!("{ran} runners");
}

#[test]
fn the_page_names_everything() {
    let page = std::fs::read_to_string(Path::new(FOLDER).join("../docs/VECTORS.md")).unwrap();
    let ops: BTreeSet<String> = published().into_iter().map(|case| case.op).collect();
    for op in ops {
        assert!(page.contains(&format!("| `{op}` |")), "{op}");
    }
    for kind in KINDS {
        assert!(page.contains(&format!("| `{kind}.json` |")), "{kind}");
    }
    for (suite, _) in kit::SUITES {
        assert!(page.contains(&format!("`{suite}`")), "{suite}");
    }
    for (op, case) in published().iter().map(|case| (&case.op, case)) {
        for name in case.input.as_object().unwrap().keys() {
            let row = page.lines().find(|line| line.starts_with(&format!("| `{op}` |"))).unwrap();
            // Fields that a row names by their group.
            let groups = ["x0", "x1", "y0", "y1", "dtype", "layout", "width", "height", "channels", "row_pitch"];
            let key = ["seed", "epoch", "index", "pairing"];
            let grouped = groups.contains(&name.as_str()) || key.contains(&name.as_str()) || op == "stream_plan";
            let as_box = op == "label" && ["rule", "lambda", "cx", "cy"].contains(&name.as_str());
            assert!(grouped || as_box || row.contains(name.as_str()), "{op}: {name} is not in its row");
        }
    }
}
