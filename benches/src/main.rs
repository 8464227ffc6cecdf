//! The summary runner: all rows of a group interleaved, ratios per round, a table, `benches/RESULTS.md`.

use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser;
use cutmix_bench::report::{self, Section};
use cutmix_bench::{allocations, cases, measure};
use cutmix_core::Level;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Measures cutmix-core against its yardsticks and writes the table of ratios.
#[derive(Parser)]
#[command(name = "cutmix-bench")]
struct Options {
    /// Only groups whose name contains this; the table is then printed and not written, unless --out says where.
    #[arg(long, value_name = "TEXT")]
    group: Option<String>,
    /// Only this level (portable, sse2, avx2, avx512, neon, simd128), besides the yardsticks.
    #[arg(long, value_name = "NAME")]
    level: Option<String>,
    /// Few and short rounds: to see that everything runs. Prints, and does not write unless --out says where.
    #[arg(long)]
    quick: bool,
    /// Where the table is written [default: benches/RESULTS.md]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// No progress.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("cutmix-bench: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let levels: Vec<Level> = match &options.level {
        None => Level::available().to_vec(),
        Some(name) => {
            let there = || Level::available().iter().map(|level| level.name()).collect::<Vec<_>>().join(", ");
            vec![Level::from_name(name).ok_or_else(|| format!("--level {name}: this machine has {}", there()))?]
        }
    };
    let wanted = |name: &str| options.group.as_deref().is_none_or(|part| name.contains(part));
    let chosen: Vec<_> = cases::all().into_iter().filter(|case| wanted(&case.name)).collect();
    if chosen.is_empty() {
        return Err(format!("--group {}: no group has this in its name", options.group.as_deref().unwrap_or_default()));
    }
    let (rounds, slice) = if options.quick { (3, 0.0) } else { (31, 0.004) };
    let bar = progress(options.quiet, chosen.len());
    let mut sections = Vec::new();
    for case in &chosen {
        bar.set_message(case.name.clone());
        if !options.quiet && !std::io::stderr().is_terminal() {
            eprintln!("{} of {}: {}", sections.len() + 1, chosen.len(), case.name);
        }
        let mut group = (case.make)(&levels);
        let measured = measure::measure(&mut group, rounds, slice);
        sections.push(Section::new(&group, measured));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let text = page(&sections, rounds, &allocations::report(&levels)?);
    print!("{text}");
    let partial = options.quick || options.group.is_some() || options.level.is_some();
    match &options.out {
        Some(path) => write(path, &text),
        None if partial => Ok(()),
        None => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md");
            let before = std::fs::read_to_string(&path).unwrap_or_default();
            write(&path, &(text + beside_the_peers(&before)))
        }
    }
}

fn progress(quiet: bool, len: usize) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {eta} {msg}").unwrap_or(ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(len as u64), target).with_style(style)
}

fn page(sections: &[Section], rounds: usize, allocations: &str) -> String {
    let mut out = format!(
        "# Results\n\n\
         Made by `cargo run --release -p cutmix-bench`; `README.md` beside this page says how ratios are formed. A ratio is \
         time over the time of the group's yardstick in the same round, the median of {rounds} rounds; less is faster. \
         Differences below 10 % are noise.\n\n\
         | | |\n|---|---|\n| CPU | {} |\n| level found | {} |\n| toolchain | {} |\n\n",
        cpu(),
        Level::detect().name(),
        toolchain()
    );
    out.push_str("## Bars\n\n");
    out.push_str(&report::summary(sections));
    out.push_str("\n## Allocations\n\n");
    out.push_str(allocations);
    out.push_str("\n## Groups\n\n");
    for section in sections {
        out.push_str(&report::section(section));
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

/// What `peers/run` wrote at the end of the page, which is measured elsewhere and stays.
fn beside_the_peers(page: &str) -> &str {
    page.find("\n<!-- peers -->").map_or("", |at| &page[at..])
}

fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1).map(str::to_owned));
    model.unwrap_or_else(|| format!("unknown ({})", std::env::consts::ARCH))
}

fn toolchain() -> String {
    let asked = Command::new("rustc").arg("-V").output().ok().filter(|output| output.status.success());
    asked.map_or("unknown".into(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Writes beside the file first, so that a table is whole or the old one.
fn write(path: &Path, text: &str) -> Result<(), String> {
    let error = |error: std::io::Error| format!("{}: {error}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // As any new file: the umask decides. (Temporary files are private otherwise.)
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.prefix(".cutmix-").tempfile_in(folder).map_err(error)?;
    file.write_all(text.as_bytes()).map_err(error)?;
    file.persist(path).map_err(|failed| error(failed.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_peers_stay_on_the_page() {
        assert_eq!(
            super::beside_the_peers("# Results\n\n<!-- peers -->\na\n<!-- end of peers -->\n"),
            "\n<!-- peers -->\na\n<!-- end of peers -->\n"
        );
        assert_eq!(super::beside_the_peers("# Results\n"), "");
    }
}
