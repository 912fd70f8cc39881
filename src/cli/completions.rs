//! `recip completions`.

use clap_complete::Shell;
use recip::Result;

use super::command;
use super::output::to;
use super::session::Session;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip completions bash > ~/.local/share/bash-completion/completions/recip")]
pub(crate) struct Args {
    /// Shell to complete for
    shell: Shell,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "recip", &mut script);
    to(session, None, |out| Ok(out.write_all(&script)?))
}
