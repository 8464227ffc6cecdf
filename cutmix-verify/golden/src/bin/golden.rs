//! Prints a line for each level that the walk was made at: `golden [short|full] [LEVEL]`. Exits with 1 where a digest is not
//! the committed one, with 2 where the level is not there.

use std::process::ExitCode;

use cutmix_core::Level;
use cutmix_golden::{Length, Memory, digest};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let length = if args.iter().any(|arg| arg == "full") { Length::Full } else { Length::Short };
    let named = args.iter().find(|arg| !matches!(arg.as_str(), "short" | "full"));
    let levels = match named.map(|name| (name, Level::from_name(name))) {
        None => Level::available().to_vec(),
        Some((_, Some(level))) => vec![level],
        Some((name, None)) => {
            eprintln!("golden: level {name} is not available here");
            return ExitCode::from(2);
        }
    };
    let mut memory = Box::new(Memory::new());
    let mut same = true;
    for level in levels {
        let found = digest(length, level, &mut memory);
        let hex = found.map_or_else(|error| error.to_string(), |hex| String::from_utf8_lossy(&hex).into_owned());
        same &= hex == length.expected();
        println!("{} {} {hex}", length.name(), level.name());
    }
    if same {
        ExitCode::SUCCESS
    } else {
        eprintln!("golden: {} is expected", length.expected());
        ExitCode::FAILURE
    }
}
