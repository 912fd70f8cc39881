//! `recip backup`.

use std::path::PathBuf;

use recip::Result;
use recip::model::quantity;

use super::output::say;
use super::progress::Progress;
use super::session::Session;

/// Write a copy of the ledger, as it stands at one moment, whatever others write meanwhile
///
/// The copy is read through and compared before it gets its name. 'recip restore' puts it back; it is a ledger
/// itself, so that -f opens it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip backup /media/stick/ledger-2017-08-31.db")]
pub(crate) struct Args {
    /// Where the copy goes
    #[arg(value_name = "FILE")]
    copy: PathBuf,
    /// Replace the file that is there
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read()?;
    let mut progress = Progress::new();
    let made = ledger.backup(&args.copy, args.force, &mut |done, of| progress.tell(done, Some(of)));
    progress.end();
    let held = made?;
    say(
        &format!(
            "backed up {} and {} to {}",
            quantity(Some(held.actions), "actions"),
            quantity(Some(held.links), "links"),
            args.copy.display()
        ),
        false,
    )
}
