//! `recip backup`.

use std::path::PathBuf;

use recip::Result;
use recip::model::quantity;

use super::output::{print_lines, refuse_special};
use super::progress::Progress;
use super::session::Session;

/// Back up the ledger to a file
///
/// The backup is a consistent snapshot, even if another program is writing to the ledger. It is verified before it gets its name. It is
/// itself a ledger, which -f opens, and 'recip restore' restores it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip backup /media/stick/ledger-2017-08-31.db")]
pub(crate) struct Args {
    /// File to write
    #[arg(value_name = "FILE")]
    backup: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    refuse_special(&args.backup)?;
    let ledger = session.read()?;
    let mut progress = Progress::new();
    let counts = ledger.backup(&args.backup, args.force, &mut |done, of| progress.update(done, Some(of)));
    progress.end();
    let counts = counts?;
    session.note_backup();
    print_lines(
        &format!(
            "backed up {} and {} to {}",
            quantity(Some(counts.actions), "actions"),
            quantity(Some(counts.links), "links"),
            args.backup.display()
        ),
        false,
    )
}
