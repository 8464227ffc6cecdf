//! The table of ratios.

use std::fmt::Write as _;

use crate::{Bar, Group, measure::Measured};

/// The measured rows of a group.
pub struct Section {
    /// Name of the group.
    pub name: String,
    /// Bytes that one run of the yardstick writes.
    pub bytes: u64,
    /// Name, bar and measurement of each row, the yardstick first.
    pub rows: Vec<(String, Option<Bar>, Measured)>,
}

impl Section {
    /// The rows of a group with what was measured.
    #[must_use]
    pub fn new(group: &Group<'_>, measured: Vec<Measured>) -> Self {
        let rows =
            group.rows.iter().zip(measured).map(|(row, measured)| (row.name.clone(), row.bar, measured)).collect();
        Self { name: group.name.clone(), bytes: group.bytes, rows }
    }
}

/// How a ratio stands to its bar.
#[must_use]
pub fn standing(ratio: f64, bar: &Bar) -> &'static str {
    if ratio <= bar.stretch {
        "stretch"
    } else if ratio <= bar.must {
        "must"
    } else {
        "**missed**"
    }
}

/// One section as Markdown.
#[must_use]
pub fn section(section: &Section) -> String {
    let mut out =
        format!("### {}\n\n| row | time / {} | must | stretch | reached | per run", section.name, section.rows[0].0);
    let bytes = section.bytes > 0;
    out.push_str(if bytes { " | GB/s |\n" } else { " |\n" });
    out.push_str(if bytes { "|---|---|---|---|---|---|---|\n" } else { "|---|---|---|---|---|---|\n" });
    for (name, bar, measured) in &section.rows {
        let (must, stretch, reached) = bar.as_ref().map_or((String::new(), String::new(), ""), |bar| {
            (limit(bar.must), limit(bar.stretch), standing(measured.ratio, bar))
        });
        let _ = write!(
            out,
            "| {name} | {:.2} | {must} | {stretch} | {reached} | {} |",
            measured.ratio,
            seconds(measured.seconds)
        );
        if bytes {
            let _ = write!(out, " {:.1} |", section.bytes as f64 / measured.seconds / 1e9);
        }
        out.push('\n');
    }
    for (name, bar, measured) in &section.rows {
        if let Some(bar) = bar.filter(|bar| measured.ratio > bar.must && !bar.reason.is_empty()) {
            let _ = write!(out, "\n{name} misses its bar: {}.\n", bar.reason);
        }
    }
    out.push('\n');
    out
}

/// The bars by how they were met, and the rows that miss theirs.
#[must_use]
pub fn summary(sections: &[Section]) -> String {
    let rows = || {
        sections.iter().flat_map(|section| {
            section.rows.iter().filter_map(move |(name, bar, measured)| Some((section, name, bar.as_ref()?, measured)))
        })
    };
    let count = |what: &str| rows().filter(|(_, _, bar, measured)| standing(measured.ratio, bar) == what).count();
    let mut out = format!(
        "{} rows have a bar: {} reach the stretch, {} more the must, {} miss it.\n",
        rows().count(),
        count("stretch"),
        count("must"),
        count("**missed**")
    );
    let missed: Vec<_> = rows().filter(|(_, _, bar, measured)| measured.ratio > bar.must).collect();
    if !missed.is_empty() {
        out.push_str("\n| missed | row | ratio | must |\n|---|---|---|---|\n");
        for (section, name, bar, measured) in missed {
            let _ = writeln!(out, "| {} | {name} | {:.2} | {} |", section.name, measured.ratio, limit(bar.must));
        }
    }
    let twins = || {
        sections.iter().filter_map(|section| {
            section.rows.iter().find(|(name, ..)| name.ends_with("again")).map(|(.., measured)| measured.ratio)
        })
    };
    let (least, most) = twins().fold((f64::MAX, 0.0_f64), |(least, most), ratio| (least.min(ratio), most.max(ratio)));
    if most > 0.0 {
        let _ = write!(
            out,
            "\nA second copy of the yardstick came out between {least:.2} and {most:.2}: the noise of the clock in this run. \
             It shares its buffers, so it does not show what another place in memory would change.\n"
        );
    }
    out
}

/// A bar to the third digit where it has one: an eighth is not 0.12.
fn limit(limit: f64) -> String {
    let text = format!("{limit:.3}");
    text.strip_suffix('0').map_or(text.clone(), str::to_owned)
}

fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} us", s * 1e6),
        s => format!("{:.1} ms", s * 1e3),
    }
}
