//! The tool as a user meets it: what it writes, what it refuses, and that it leaves nothing half-written behind.

#[path = "support/tool.rs"]
mod tool;

use std::path::Path;

use cutmix_core::{BoxRule, KeptRatio, Level, PlanConfig, SampleKey, SamplePlan, Size};
use tool::{refusal, run};

const CAT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/chelsea.png");
const COFFEE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/coffee.png");
const ROCKET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rocket.jpg");

/// Runs a command that must fail with exit code 2, one line on stderr, and without touching the folder.
fn refused(folder: &Path, args: &[&str]) -> String {
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let stderr = refusal(folder, args);
    assert_eq!(names(), before, "{args:?} left something behind");
    stderr
}

#[test]
fn demo_verifies_every_picture() {
    let folder = tempfile::tempdir().unwrap();
    let (code, stdout, _) = run(folder.path(), &["demo", "--size", "48x30", "--rule", "official", "--alpha", "0.5"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert_eq!(stdout.matches("verified: 1440 pixels equal the reference").count(), 10, "{stdout}");
    for name in
        ["a-cutmix.png", "b-cutmix.png", "a-mask.png", "a-mixup.png", "a-cutout-noise.png", "a-cutout-black.png"]
    {
        let picture = image::open(folder.path().join("target/demo").join(name)).unwrap();
        assert_eq!((picture.width(), picture.height()), (48, 30), "{name}");
    }
    let size = Size::new(48, 30).unwrap();
    let config = PlanConfig::cutmix(size).with_rule(BoxRule::Official).with_alpha(0.5).unwrap();
    let plan = SamplePlan::draw(SampleKey { seed: 2, epoch: 0, index: 0 }, &config);
    assert!(stdout.contains(&format!("box {}; lambda' {}", plan.patch, plan.kept)), "{stdout}");
    let mask = image::open(folder.path().join("target/demo/a-mask.png")).unwrap().into_luma8();
    let white = mask.pixels().filter(|pixel| pixel.0[0] == 255).count() as u64;
    assert_eq!(KeptRatio::new(white, size.total()).unwrap(), plan.kept, "the mask counts as the label does");
    let sheet = image::open(folder.path().join("target/demo/sheet.png")).unwrap();
    assert!(sheet.width() > 1000 && sheet.height() > 200);
    assert!(folder.path().join("target/demo/coverage.png").exists());
}

#[test]
fn demo_takes_other_photographs_and_shapes() {
    let folder = tempfile::tempdir().unwrap();
    for size in ["1x1", "7x90", "200x3"] {
        let output = run(folder.path(), &["demo", "--a", ROCKET, "--b", CAT, "--size", size, "--out", size, "--quiet"]);
        assert!(output.0 == Some(0) && output.1.is_empty(), "{size}");
        assert!(folder.path().join(size).join("sheet.png").exists());
    }
}

#[test]
fn a_plan_replays_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let cases: [&[&str]; 5] = [
        &["--method", "cutmix", "--rule", "full-extent", "--alpha", "0.2"],
        &["--method", "mixup"],
        &["--method", "cutout", "--fill", "noise"],
        &["--method", "cutout", "--fill", "124,116,104", "--side", "64"],
        &["--method", "cutmix", "--prob", "0"],
    ];
    for extra in cases {
        let first: Vec<_> = ["mix", CAT, COFFEE, "-o", "one.png", "--resize", "--seed", "5", "--index", "8"]
            .iter()
            .chain(["--json", "plan.json", "--mask", "mask1.png"].iter())
            .chain(extra)
            .copied()
            .collect();
        let output = run(folder.path(), &first);
        assert_eq!(output.0, Some(0), "{extra:?}: {}", output.2);
        let again = ["mix", CAT, COFFEE, "-o", "two.png", "--resize", "--replay", "plan.json", "--mask", "mask2.png"];
        let replayed = run(folder.path(), &again);
        assert_eq!(replayed.0, Some(0), "{extra:?}: {}", replayed.2);
        assert_eq!((at("one.png"), at("mask1.png")), (at("two.png"), at("mask2.png")), "{extra:?}");
        assert_eq!(output.1, replayed.1, "{extra:?}");
        let (mixed, cat) = (image::open(folder.path().join("one.png")).unwrap(), image::open(CAT).unwrap());
        assert_eq!(mixed.into_rgb8() == cat.into_rgb8(), extra.contains(&"--prob"), "{extra:?} changes the picture");
    }
}

#[test]
fn grey_alpha_and_sixteen_bits_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    image::ImageBuffer::from_fn(9, 7, |x, y| image::LumaA([(x * 4000 + y) as u16, 65535])).save(at("a.png")).unwrap();
    image::ImageBuffer::from_fn(9, 7, |x, _| image::Luma([x as u8 * 20])).save(at("b.png")).unwrap();
    for method in ["cutmix", "mixup", "cutout"] {
        let args = ["mix", "a.png", "b.png", "-o", "out.png", "--method", method, "--fill", "noise", "--seed", "3"];
        assert_eq!(run(folder.path(), &args).0, Some(0), "{method}");
        assert_eq!(image::open(at("out.png")).unwrap().color(), image::ColorType::La16, "{method}");
    }
}

#[test]
fn mistakes_are_named_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let sizes = refused(path, &["mix", CAT, COFFEE, "-o", "out.png"]);
    for part in ["451x300", "600x400", "--resize", "chelsea.png", "coffee.png"] {
        assert!(sizes.contains(part), "{sizes}");
    }
    let missing = refused(path, &["mix", "no-such.png", CAT, "-o", "out.png"]);
    assert!(missing.contains("no-such.png"), "{missing}");
    std::fs::write(path.join("text.png"), "no picture").unwrap();
    assert!(refused(path, &["mix", "text.png", CAT, "-o", "out.png"]).contains("text.png"));
    assert!(refused(path, &["mix", CAT, CAT, "-o", "out.jpg"]).contains("out.jpg"));
    assert!(refused(path, &["mix", CAT, CAT, "-o", "out.png", "--alpha", "0"]).contains("Beta"));
    assert!(refused(path, &["mix", CAT, CAT, "-o", "out.png", "--prob", "1.5"]).contains("1.5"));
    let fill = refused(path, &["mix", CAT, CAT, "-o", "out.png", "--method", "cutout", "--fill", "1,2"]);
    assert!(fill.contains("\"1,2\"") && fill.contains('3'), "{fill}");
    assert!(refused(path, &["mix", CAT, CAT, "-o", "no/such/folder/out.png"]).contains("no/such/folder/out.png"));
    std::fs::write(path.join("plan.json"), "{\"format\": \"cutmix-plan/1\"}").unwrap();
    let plan = refused(path, &["mix", CAT, CAT, "-o", "out.png", "--replay", "plan.json"]);
    assert!(plan.contains("plan.json") && plan.contains("seed"), "{plan}");
    assert!(refused(path, &["demo", "--a", "no-such.png", "--out", "demo"]).contains("no-such.png"));
    assert!(refused(path, &["demo", "--alpha", "nan", "--out", "demo"]).contains("NaN"));
}

#[test]
fn a_plan_for_another_size_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &["mix", CAT, CAT, "-o", "out.png", "--json", "plan.json"]);
    assert_eq!(made.0, Some(0));
    let args = ["mix", COFFEE, COFFEE, "-o", "other.png", "--replay", "plan.json"];
    let message = refused(folder.path(), &args);
    assert!(message.contains("451x300") && message.contains("600x400"), "{message}");
}

#[test]
fn kernels_lists_every_level_and_checks_those_that_are_here() {
    let folder = tempfile::tempdir().unwrap();
    let (code, stdout, stderr) = run(folder.path(), &["kernels"]);
    assert!(code == Some(0) && stderr.is_empty(), "{stdout}");
    let line = |name: &str| {
        let lines: Vec<_> = stdout.lines().filter(|line| line.split_whitespace().next() == Some(name)).collect();
        assert_eq!(lines.len(), 1, "{name}: {stdout}");
        lines[0].split_whitespace().collect::<Vec<_>>()
    };
    for name in Level::NAMES {
        let cells = line(name);
        match Level::from_name(name) {
            Some(_) => {
                assert_eq!((cells[1], cells[2], cells[4]), ("yes", "11", "passed"), "{stdout}");
                assert!(cells[3].parse::<u64>().unwrap() > 100_000, "{stdout}");
            }
            None => assert_eq!(cells[1..], ["no", "-", "-", "-"], "{stdout}"),
        }
    }
    assert_eq!(stdout.lines().count(), 1 + Level::NAMES.len() + 1, "{stdout}");
    assert_eq!(stdout.lines().last(), Some(format!("without --level: {}", Level::detect().name()).as_str()));
}

#[test]
fn selftest_gives_the_digests_of_every_machine() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text, _) = run(folder.path(), &["selftest", "--level", "portable"]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("digest") && line.ends_with("equal")).count(), 2, "{text}");
    assert_eq!(
        text.lines().filter(|line| line.contains("kernels, quick") && line.ends_with("passed")).count(),
        1,
        "{text}"
    );
    let boxes: Vec<_> = text.lines().filter(|line| line.contains("boxes, 1 to 48")).collect();
    assert!(matches!(boxes[..], [line] if line.ends_with("passed")), "{text}");
    assert_eq!(run(folder.path(), &["selftest", "--level", "mmx"]).0, Some(2));
}

#[test]
fn kernels_of_one_level_checks_that_one() {
    let folder = tempfile::tempdir().unwrap();
    let (code, stdout, _) = run(folder.path(), &["kernels", "--level", "portable"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert_eq!(stdout.matches("passed").count(), 1, "{stdout}");
    assert_eq!(stdout.matches("not asked").count(), Level::available().len() - 1, "{stdout}");
}

#[test]
fn every_level_mixes_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut pictures = Vec::new();
    for level in Level::available() {
        for method in ["cutmix", "mixup", "cutout"] {
            let out = format!("{}-{method}.png", level.name());
            let args = ["mix", CAT, COFFEE, "-o", &out, "--resize", "--method", method, "--fill", "noise"];
            let output = run(folder.path(), &[&args[..], &["--level", level.name()]].concat());
            assert_eq!(output.0, Some(0), "{out}");
            pictures.push((method, std::fs::read(folder.path().join(out)).unwrap()));
        }
    }
    for (method, picture) in &pictures {
        assert!(pictures.iter().filter(|(other, _)| other == method).all(|(_, other)| other == picture), "{method}");
    }
    let (code, stdout, _) = run(folder.path(), &["demo", "--size", "48x30", "--level", "portable"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert_eq!(stdout.matches("verified: 1440 pixels equal the reference").count(), 10, "{stdout}");
}

#[test]
fn a_level_that_is_not_here_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    // No machine has both of these.
    let absent = ["neon", "sse2", "simd128"].into_iter().find(|name| Level::from_name(name).is_none()).unwrap();
    for (name, reason) in [(absent, "is not available here"), ("mmx", "is not the name of a level")] {
        let commands: [&[&str]; 3] = [&["kernels"], &["demo", "--out", "demo"], &["mix", CAT, CAT, "-o", "out.png"]];
        for command in commands {
            let message = refused(folder.path(), &[command, &["--level", name]].concat());
            for part in [name, reason, "available: portable"] {
                assert!(message.contains(part), "{message}");
            }
        }
    }
    let (code, _, stderr) = run(folder.path(), &["kernels", "--effort", "heroic"]);
    assert!(code == Some(2) && stderr.contains("one of quick, reduced, exhaustive"), "{stderr}");
}
