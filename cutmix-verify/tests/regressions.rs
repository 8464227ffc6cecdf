//! What the fuzzers found, one test a defect, in the words of a user. `fuzz/README.md` says how a crash gets here.

use std::path::Path;

use assert_cmd::Command;

fn run(folder: &Path, args: &[&str]) -> std::process::Output {
    Command::cargo_bin("cutmix-verify").unwrap().current_dir(folder).args(args).output().unwrap()
}

/// `--resize` scaled the whole of the second image before it cut off what stuck out: 60000 x 1 pixels to fill
/// 1 x 60000 were to become 3600000000 x 60000, and the process was aborted.
#[test]
fn thin_images_are_scaled_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [(1, 60000), (60000, 1), (1, 1), (300, 200)];
    for (i, (width, height)) in sizes.into_iter().enumerate() {
        let name = folder.path().join(format!("{i}.png"));
        image::ImageBuffer::from_fn(width, height, |x, y| image::Luma([(x * 7 + y) as u8])).save(name).unwrap();
    }
    for (i, (width, height)) in sizes.into_iter().enumerate() {
        for j in 0..sizes.len() {
            let (a, b) = (format!("{i}.png"), format!("{j}.png"));
            let output = run(folder.path(), &["mix", &a, &b, "-o", "out.png", "--resize", "--quiet"]);
            assert!(output.status.success(), "{a} {b}: {}", String::from_utf8_lossy(&output.stderr));
            let mixed = image::open(folder.path().join("out.png")).unwrap();
            assert_eq!((mixed.width(), mixed.height()), (width, height));
        }
    }
    let output = run(folder.path(), &["demo", "--size", "2x500", "--a", "1.png", "--out", "demo"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// `--replay` took "+" or missing zeros in `lambda_bits`, although its own message asks for 16 digits: two files of one
/// plan could differ, and a file cut short could pass.
#[test]
fn bits_of_a_replayed_plan_are_sixteen_digits() {
    let folder = tempfile::tempdir().unwrap();
    image::ImageBuffer::from_fn(9, 7, |x, y| image::Luma([(x * 20 + y) as u8]))
        .save(folder.path().join("a.png"))
        .unwrap();
    let made = run(folder.path(), &["mix", "a.png", "a.png", "-o", "out.png", "--prob", "0", "--json", "plan.json"]);
    assert!(made.status.success());
    let text = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (lambda, bits) = (plan["lambda"].to_string(), plan["lambda_bits"].as_str().unwrap());
    // A plan that is not applied may have any lambda.
    let with = |lambda_text: &str, digits: &str| {
        let text = text.replace(&lambda, lambda_text).replace(bits, digits);
        std::fs::write(folder.path().join("other.json"), text).unwrap();
        run(folder.path(), &["mix", "a.png", "a.png", "-o", "again.png", "--replay", "other.json"])
    };
    for digits in ["0000000000000000", "3FE0000000000000", "3fe0000000000000"] {
        let lambda = f64::from_bits(u64::from_str_radix(digits, 16).unwrap()).to_string();
        let output = with(&lambda, digits);
        assert!(output.status.success(), "{digits}: {}", String::from_utf8_lossy(&output.stderr));
    }
    for digits in ["0", "", "+000000000000000", "00000000000000000", " 000000000000000"] {
        let output = with("0.0", digits);
        assert_eq!(output.status.code(), Some(2), "{digits}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("16 hexadecimal digits"), "{digits}");
    }
}
