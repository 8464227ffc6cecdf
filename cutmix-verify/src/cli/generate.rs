//! `completions` and `man`: what shells and manuals need, made from the same definitions as the help.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory as _;

use super::{Cli, CliError, fail, files, say};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  cutmix-verify completions bash > ~/.local/share/bash-completion/completions/cutmix-verify
  cutmix-verify completions zsh > ~/.zfunc/_cutmix-verify
  cutmix-verify completions fish > ~/.config/fish/completions/cutmix-verify.fish")]
pub(super) struct CompletionsArgs {
    /// Whose.
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn completions(args: &CompletionsArgs) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cutmix-verify", &mut script);
    say(false, String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}

#[derive(clap::Args)]
#[command(after_help = "Examples:
  cutmix-verify man | man -l -                         read it
  cutmix-verify man -o ~/.local/share/man/man1         one page a verb; then: man cutmix-verify-check")]
pub(super) struct ManArgs {
    /// Write a page for the tool and one for each verb to this folder, which must be there.
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

pub(super) fn man(args: &ManArgs) -> Result<ExitCode, CliError> {
    let mut command = Cli::command().name("cutmix-verify");
    // Fills in what verbs inherit: their names and versions.
    command.build();
    let page = |command: &clap::Command| {
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(command.clone()).render(&mut page);
        rendered.map(|()| page).or_else(|error| fail(format!("man: {error}")))
    };
    let Some(folder) = &args.output else {
        say(false, String::from_utf8_lossy(&page(&command)?).trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    let verbs = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    let pages = verbs.map(|verb| verb.clone().name(format!("cutmix-verify-{}", verb.get_name())));
    for command in pages.chain([command.clone()]) {
        let path = folder.join(format!("{}.1", command.get_name()));
        files::write(&path, &page(&command)?)?;
        say(false, &format!("wrote {}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}
