//! Parts of docs/AUDITOR.md.

use std::path::Path;

/// Holds a part against what was found; `CUTMIX_BLESS=1` writes it.
pub(crate) fn page(part: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/AUDITOR.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {part} -->\n"), format!("<!-- end of {part} -->"));
    let (before, rest) = text.split_once(&begin).unwrap();
    let (known, after) = rest.split_once(&end).unwrap();
    let found = format!("{found}\n");
    if std::env::var_os("CUTMIX_BLESS").is_some() {
        std::fs::write(path, [before, &begin, &found, &end, after].concat()).unwrap();
    } else {
        assert!(known == found, "docs/AUDITOR.md, {part}: CUTMIX_BLESS=1 writes what was found");
    }
}
