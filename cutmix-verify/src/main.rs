//! The command-line tool; see `cutmix-verify --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cutmix_verify::cli::main(std::env::args_os())
}
