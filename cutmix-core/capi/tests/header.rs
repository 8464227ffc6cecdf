//! `include/cutmix.h` is what cbindgen makes of the sources, byte for byte. `CUTMIX_BLESS=1` writes it anew.

use std::fs;
use std::path::Path;

/// The header as the sources have it.
fn generate(root: &Path) -> String {
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    let bindings =
        cbindgen::Builder::new().with_crate(root).with_config(config).generate().expect("the sources can be read");
    let mut raw = Vec::new();
    bindings.write(&mut raw);
    let raw = String::from_utf8(raw).expect("the sources are UTF-8");
    raw.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_header_is_that_of_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("include/cutmix.h");
    let made = generate(root);
    if std::env::var_os("CUTMIX_BLESS").is_some() {
        fs::write(&path, &made).expect("include/ can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let drift = made.lines().zip(committed.lines()).position(|(a, b)| a != b);
    assert!(
        made == committed,
        "include/cutmix.h differs from the sources, first in line {}; CUTMIX_BLESS=1 writes it anew",
        drift.map_or(made.lines().count().min(committed.lines().count()), |line| line) + 1
    );
}

#[test]
fn every_exported_function_and_constant_is_in_the_header_with_documentation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let header = generate(root);
    let mut functions = 0;
    for entry in fs::read_dir(root.join("src")).expect("the sources are there") {
        let source = fs::read_to_string(entry.expect("a file").path()).expect("UTF-8");
        let mut rest = source.as_str();
        while let Some(at) = rest.find("extern \"C\" fn ") {
            rest = &rest[at + "extern \"C\" fn ".len()..];
            let name = &rest[..rest.find('(').expect("a function has parameters")];
            let lines: Vec<&str> = header.lines().collect();
            let call = format!("{name}(");
            let declared = lines.iter().position(|line| !line.starts_with([' ', '/']) && line.contains(&call));
            let declared = declared.unwrap_or_else(|| panic!("{name} is not in the header"));
            assert_eq!(lines[declared - 1].trim(), "*/", "{name} has no documentation in the header");
            functions += 1;
        }
    }
    assert!(functions >= 30, "only {functions} functions were found");
    for constant in ["CUTMIX_ABI_VERSION 1", "CUTMIX_OK 0", "CUTMIX_OTHER 35", "CUTMIX_PAIRING_GIVEN 5"] {
        assert!(header.contains(&format!("#define {constant}\n")), "{constant}");
    }
}
