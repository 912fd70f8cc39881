//! `recip completions`.

use clap::CommandFactory;
use clap_complete::Shell;
use recip::Result;

use super::Cli;
use super::output::to;
use super::session::Session;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip completions bash > ~/.local/share/bash-completion/completions/recip")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "recip", &mut script);
    to(session, None, |out| Ok(out.write_all(&script)?))
}
