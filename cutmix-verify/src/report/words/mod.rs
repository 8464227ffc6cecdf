//! Every sentence of a report. Values come in, and nothing is read back out of what is made here.
//!
//! The judge decides by values, so any text of this folder may be reworded; the forms of the report and the audit import it.

mod draws;
mod law;
mod sample;
pub(crate) mod tried;
mod verdict;

pub(crate) use draws::identity;
pub(super) use draws::{alpha, ladder, lines, tenths};
pub(crate) use sample::{caption, hidden, legend, scaled};
pub(crate) use verdict::*;

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// What a line has that looks into a text, and one that makes a text.
    const LOOKS: [&str; 8] = [
        ".starts_with(",
        ".ends_with(",
        ".strip_prefix(",
        ".strip_suffix(",
        ".split(",
        ".split_once(",
        ".contains(\"",
        ".find(\"",
    ];
    const MAKES: [&str; 3] = ["format!(", ".to_string()", "write!("];

    /// The lines below some source that have one of these, but for tests and comments.
    fn lines(path: &Path, have: &[&str]) -> Vec<String> {
        if path.is_dir() {
            let all = std::fs::read_dir(path).unwrap();
            return all.flat_map(|entry| lines(&entry.unwrap().path(), have)).collect();
        }
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().lines().map(str::trim);
        code.filter(|line| !line.starts_with("//") && have.iter().any(|part| line.contains(part)))
            .map(ToOwned::to_owned)
            .collect()
    }

    /// Any sentence may be reworded: no judgement and no matching looks into a text, and observers make none.
    #[test]
    fn no_meaning_is_read_out_of_a_sentence() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let none = |path: &str, have: &[&str]| assert_eq!(lines(&source.join(path), have), [""; 0], "{path}");
        for path in ["audit", "cli/identify.rs", "report/model_law.rs", "report/law.rs", "report/words"] {
            none(path, &LOOKS);
        }
        none("audit/observe", &MAKES);
    }
}
