//! `recip man`.

use std::path::PathBuf;

use recip::{Error, Result};

use super::command;
use super::output::to;
use super::session::Session;

/// Print the manual page, or write the manual pages of all commands to a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip man ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// Folder for the pages: recip.1, recip-log.1 and so on
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let command = command();
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
