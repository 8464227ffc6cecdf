#![forbid(unsafe_code)]
//! Builds the page: compiles `wasm/`, lets wasm-bindgen write the JavaScript around it, and puts that, the module, the
//! two photographs, the style and the script into one HTML file, which loads nothing.
//!
//! ```sh
//! cargo run --manifest-path cutmix-verify/page/Cargo.toml      # target/page/index.html
//! ```
//!
//! The photographs lie beside it as `base.png` and `donor.png`, so that `cutmix-verify mix` can be given the same ones.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

type Fallible<T> = Result<T, Box<dyn Error>>;

const TARGET: &str = "wasm32-unknown-unknown";

fn main() -> ExitCode {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut arguments = std::env::args_os().skip(1);
    let out = arguments.next().map_or_else(|| here.join("../../target/page"), PathBuf::from);
    if arguments.next().is_some() {
        eprintln!("usage: cutmix-page [FOLDER]");
        return ExitCode::from(2);
    }
    match build(here, &out) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cutmix-page: {error}");
            ExitCode::from(2)
        }
    }
}

fn build(here: &Path, out: &Path) -> Fallible<String> {
    let mut glue = Bindgen::new()
        .input_bytes("cutmix", compile(here)?)
        .no_modules(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    let module = glue.wasm_mut().emit_wasm();
    let [base, donor] = photographs(&here.join("../assets"))?;

    let read = |name: &str| fs::read_to_string(here.join(name)).map_err(|error| format!("{name}: {error}"));
    let style = read("page.css")?;
    let script = fill(
        &read("page.js")?,
        &[
            ("/* GLUE */", glue.js()),
            ("@MODULE@", &STANDARD.encode(&module)),
            ("@BASE@", &STANDARD.encode(&base)),
            ("@DONOR@", &STANDARD.encode(&donor)),
        ],
    )?;
    // One script and one style, named by their digests: nothing else runs, whatever a picture's name may contain.
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let page = fill(
        &read("page.html")?,
        &[
            ("@SCRIPT-HASH@", &hash(&script)),
            ("@STYLE-HASH@", &hash(&style)),
            ("@STYLE@", &style),
            ("@SCRIPT@", &script),
        ],
    )?;

    fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    for (name, bytes) in [("base.png", base.as_slice()), ("donor.png", &donor), ("index.html", page.as_bytes())] {
        let (path, unfinished) = (out.join(name), out.join(format!("{name}.part")));
        fs::write(&unfinished, bytes)
            .and_then(|()| fs::rename(&unfinished, &path))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let path = fs::canonicalize(out)?.join("index.html");
    Ok(format!("{} ({} bytes, of which {} WebAssembly)", path.display(), page.len(), module.len()))
}

/// The core as a module with simd128.
fn compile(here: &Path) -> Fallible<Vec<u8>> {
    let folder = here.join("target/page");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args("build --locked --quiet --package cutmix-page-wasm --lib --profile wasm --target".split(' '))
        .arg(TARGET)
        .arg("--manifest-path")
        .arg(here.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&folder)
        .env("RUSTFLAGS", "-Ctarget-feature=+simd128")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .status()?;
    if !status.success() {
        return Err(format!("the core was not compiled for {TARGET} (rustup target add {TARGET})").into());
    }
    Ok(fs::read(folder.join(TARGET).join("wasm/cutmix_page_wasm.wasm"))?)
}

/// Two of the demo's photographs, the second scaled to fill the size of the first as `cutmix-verify mix --resize` does;
/// PNG without colour profiles, so that browsers show and give back the pixels as they are.
fn photographs(assets: &Path) -> Fallible<[Vec<u8>; 2]> {
    let open = |name: &str| image::open(assets.join(name)).map_err(|error| format!("{name}: {error}"));
    let png = |image: DynamicImage| {
        let mut bytes = Vec::new();
        DynamicImage::from(image.into_rgb8()).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map(|()| bytes)
    };
    let (base, donor) = (open("chelsea.png")?, open("coffee.png")?);
    let donor = donor.resize_to_fill(base.width(), base.height(), FilterType::Lanczos3);
    Ok([png(base)?, png(donor)?])
}

/// Puts values where the template names them, each exactly once; values are not looked into.
fn fill(template: &str, values: &[(&str, &str)]) -> Fallible<String> {
    let mut filled = String::new();
    let mut rest = template;
    let mut left: Vec<&(&str, &str)> = values.iter().collect();
    while let Some((at, i)) = left.iter().enumerate().filter_map(|(i, (name, _))| Some((rest.find(name)?, i))).min() {
        let (name, value) = left.remove(i);
        filled.push_str(&rest[..at]);
        filled.push_str(value);
        rest = &rest[at + name.len()..];
    }
    filled.push_str(rest);
    match left.first() {
        None => Ok(filled),
        Some((name, _)) => Err(format!("a template does not name {name}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn values_go_where_they_are_named_and_are_not_looked_into() {
        assert_eq!(fill("a @B@ c @A@.", &[("@A@", "1"), ("@B@", "@A@")]).unwrap(), "a @A@ c 1.");
        assert!(fill("a @B@", &[("@A@", "1"), ("@B@", "2")]).is_err());
    }
}
