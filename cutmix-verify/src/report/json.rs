//! The report for programs: JSON of a published schema, `schemas/report-v1.schema.json`.

use serde::Serialize;

use super::Report;

/// The name of the schema; another form has another number.
pub const SCHEMA: &str = "cutmix-verify/report/v1";

#[derive(Serialize)]
struct Versioned<'a> {
    schema: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    report: &'a Report,
}

/// The report as indented JSON, with texts from outside as they were. The same report gives the same bytes.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
///
/// let report = Audit::new(Options::default()).report();
/// let json: serde_json::Value = serde_json::from_str(&cutmix_verify::report::json(&report))?;
/// assert_eq!(json["schema"], "cutmix-verify/report/v1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn json(report: &Report) -> String {
    let document = Versioned { schema: SCHEMA, exit_code: report.exit_code(), report };
    // Keys are texts and writing to a string cannot fail.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
