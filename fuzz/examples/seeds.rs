//! Writes `seeds/`: images of every format that the tool reads, alone and in pairs, and plans, so that the fuzzer starts
//! behind the decoders' first checks. `cargo run --example seeds` in this folder; the files are committed.

use std::io::Cursor;
use std::path::Path;

use cutmix_fuzz::Knobs;
use image::codecs::pnm::{PnmEncoder, PnmSubtype, SampleEncoding};
use image::{ColorType, DynamicImage, ImageFormat};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let texts =
        |texts: Vec<(String, String)>| texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    for (target, seeds) in [("image", images()), ("plan_json", texts(plans())), ("answer", texts(answers()))] {
        let folder = root.join(target);
        std::fs::create_dir_all(&folder).expect("a folder that can be made");
        for (name, bytes) in seeds {
            std::fs::write(folder.join(name), bytes).expect("a file that can be written");
        }
    }
}

/// Lines of adapters.
fn answers() -> Vec<(String, String)> {
    let lines = [
        ("ok", r#"{"ok": true}"#),
        ("about", r#"{"ok":true,"adapter":{"name":"x","version":"1.2","declares":["square_only","raw_label"]}}"#),
        ("error", r#"{"error": "no GPU"}"#),
        ("both", r#"{"ok":true,"error":"x"}"#),
        ("twice", r#"{"ok":true,"ok":true}"#),
        ("escaped", r#"{"error":"\u001b[31m \"x\""}"#),
    ];
    lines.map(|(name, line)| (name.into(), line.into())).into()
}

fn picture(width: u32, height: u32, color: ColorType) -> DynamicImage {
    let mut image = DynamicImage::new(width, height, color);
    let pixels = image::RgbaImage::from_fn(width, height, |x, y| {
        image::Rgba([(x * 37) as u8, (y * 53) as u8, (x * y) as u8, 255 - (x + y) as u8])
    });
    image::imageops::replace(&mut image, &DynamicImage::from(pixels).to_rgba8(), 0, 0);
    image
}

fn png(width: u32, height: u32, color: ColorType) -> Vec<u8> {
    encoded(width, height, color, ImageFormat::Png)
}

fn encoded(width: u32, height: u32, color: ColorType, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture(width, height, color).write_to(&mut bytes, format).expect("an image that can be encoded");
    bytes.into_inner()
}

fn pnm(subtype: PnmSubtype) -> Vec<u8> {
    let image = picture(5, 4, ColorType::Rgb8);
    let mut bytes = Vec::new();
    let encoder = PnmEncoder::new(&mut bytes).with_subtype(subtype);
    let encoded = match subtype {
        PnmSubtype::Pixmap(_) | PnmSubtype::ArbitraryMap => image.write_with_encoder(encoder),
        PnmSubtype::Bitmap(_) => {
            DynamicImage::from(image::GrayImage::from_fn(5, 4, |x, y| image::Luma([((x + y) % 2) as u8])))
                .write_with_encoder(encoder)
        }
        PnmSubtype::Graymap(_) => DynamicImage::from(image.to_luma8()).write_with_encoder(encoder),
    };
    encoded.expect("an image that can be encoded");
    bytes
}

/// The bytes of an input: what is asked for, then one or two images.
fn input(knobs: Knobs, a: &[u8], b: &[u8]) -> Vec<u8> {
    let Knobs { method, rule, fill, flags, level, probability, seed, .. } = knobs;
    let split = if b.is_empty() { 0 } else { a.len() as u16 };
    let head = [method, rule, fill, flags, level, probability];
    [&head[..], &seed.to_le_bytes(), &split.to_le_bytes(), a, b].concat()
}

fn images() -> Vec<(String, Vec<u8>)> {
    let knobs = Knobs { method: 0, rule: 0, fill: 0, flags: 0, level: 3, probability: 0, seed: 1, split: 0 };
    let rgb = png(7, 5, ColorType::Rgb8);
    let mut seeds = vec![
        ("rgb8.png".into(), input(knobs, &rgb, &[])),
        ("pair-cutmix".into(), input(knobs, &rgb, &png(7, 5, ColorType::La16))),
        ("pair-mixup".into(), input(Knobs { method: 1, ..knobs }, &png(7, 5, ColorType::L8), &rgb)),
        ("cutout-noise".into(), input(Knobs { method: 2, fill: 1, ..knobs }, &png(6, 6, ColorType::Rgba16), &[])),
        ("cutout-constant".into(), input(Knobs { method: 2, fill: 4, ..knobs }, &rgb, &[])),
        ("wrong-sizes".into(), input(knobs, &rgb, &png(5, 7, ColorType::Rgb8))),
        ("resize".into(), input(Knobs { flags: 1, ..knobs }, &rgb, &png(9, 4, ColorType::L16))),
        ("rgb8.jpg".into(), input(knobs, &encoded(9, 9, ColorType::Rgb8, ImageFormat::Jpeg), &[])),
        ("grey.jpg".into(), input(knobs, &encoded(8, 3, ColorType::L8, ImageFormat::Jpeg), &rgb)),
        ("no-image".into(), input(knobs, b"GIF89a", &[])),
    ];
    for (name, encoding) in [("ascii", SampleEncoding::Ascii), ("binary", SampleEncoding::Binary)] {
        seeds.push((format!("{name}.pbm"), input(knobs, &pnm(PnmSubtype::Bitmap(encoding)), &[])));
        seeds.push((format!("{name}.pgm"), input(knobs, &pnm(PnmSubtype::Graymap(encoding)), &[])));
        seeds.push((format!("{name}.ppm"), input(knobs, &pnm(PnmSubtype::Pixmap(encoding)), &[])));
    }
    // Bitmaps of one row of pixels to fill one column, and the other way round.
    let (tall, wide) = ([&b"P4 1 100\n"[..], &[0x80; 100]].concat(), [&b"P4 100 1\n"[..], &[0xaa; 13]].concat());
    seeds.push(("thin".into(), input(Knobs { flags: 1, ..knobs }, &tall, &wide)));
    seeds.push(("flat".into(), input(Knobs { flags: 1, ..knobs }, &wide, &tall)));
    seeds.push(("any.pam".into(), input(knobs, &pnm(PnmSubtype::ArbitraryMap), &[])));
    seeds
}

fn plans() -> Vec<(String, String)> {
    let cutmix = r#"{
  "format": "cutmix-plan/1",
  "seed": 3,
  "epoch": 0,
  "index": 18446744073709551615,
  "width": 40,
  "height": 24,
  "method": "cutmix",
  "applied": true,
  "lambda": 0.75,
  "lambda_bits": "3fe8000000000000",
  "box": [20, 5, 40, 17],
  "kept": 720,
  "total": 960,
  "noise": [0, 0],
  "fill": "black"
}
"#;
    let changed = |swaps: &[(&str, &str)]| {
        let mut text = cutmix.to_string();
        for (from, to) in swaps {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        text
    };
    let (applied, patch) = (("\"applied\": true", "\"applied\": false"), ("[20, 5, 40, 17]", "[0, 0, 0, 0]"));
    vec![
        ("cutmix.json".into(), cutmix.into()),
        ("reduced.json".into(), changed(&[("720", "3"), ("960", "4")])),
        ("empty-box.json".into(), changed(&[("[20, 5, 40, 17]", "[9, 9, 9, 90]"), ("720", "960")])),
        (
            "cutout.json".into(),
            changed(&[("\"cutmix\"", "\"cutout\""), ("black", "1,\\u00b52\\n"), ("[0, 0]", "[7, 4294967295]")]),
        ),
        ("mixup.json".into(), changed(&[("\"cutmix\"", "\"mixup\""), patch, ("720", "24576"), ("960", "32768")])),
        ("not-applied.json".into(), changed(&[applied, patch, ("720", "960")])),
        ("zero.json".into(), changed(&[("0.75", "0.0"), ("3fe8000000000000", "0000000000000000")])),
        ("wrong-ratio.json".into(), changed(&[("720", "719")])),
        ("outside.json".into(), changed(&[("[20, 5, 40, 17]", "[20, 5, 41, 17]")])),
        ("no-plan.json".into(), "{\"format\": \"cutmix-plan/1\"}".into()),
    ]
}
