//! `recip man`.

use std::path::PathBuf;

use clap::CommandFactory;
use recip::{Error, Result};

use super::Cli;
use super::output::to;
use super::session::Session;

/// Print the manual page, or write the pages of all verbs into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip man ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// The folder for recip.1, recip-log.1 and the others
    folder: Option<PathBuf>,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let command = Cli::command();
    match args.folder {
        Some(folder) => {
            std::fs::create_dir_all(&folder).map_err(Error::io("create the folder", &folder))?;
            clap_mangen::generate_to(command, &folder).map_err(Error::io("write into", &folder))
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            to(session, None, |out| Ok(out.write_all(&page)?))
        }
    }
}
