//! `recip restore`.

use std::path::PathBuf;

use recip::Result;
use recip::ledger;
use recip::model::quantity;

use super::output::{print_lines, refuse_special};
use super::progress::Progress;
use super::session::{Session, exists, message};

/// Replace the ledger with a backup; the current file is kept
///
/// The backup is verified first, and the ledger is replaced as a whole. If another program is writing to the ledger, nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip restore /media/stick/ledger-2017-08-31.db")]
pub(crate) struct Args {
    /// Backup made with 'recip backup'
    #[arg(value_name = "FILE")]
    backup: PathBuf,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    refuse_special(&session.path()?)?;
    let path = session.path_to_replace()?;
    exists(&args.backup)?;
    let mut progress = Progress::new();
    let restored = ledger::backup::restore(&path, &args.backup, session.clock(), &mut |done, of| progress.update(done, Some(of)));
    progress.end();
    let restored = restored?;
    session.note_change();
    if let Some(kept) = &restored.kept {
        let damaged = if restored.damaged { ", which is damaged," } else { "" };
        message(&format!("the previous ledger{damaged} is kept as {}", kept.display()));
    }
    let counts = restored.holdings;
    print_lines(
        &format!(
            "restored {} and {} from {}",
            quantity(Some(counts.actions), "actions"),
            quantity(Some(counts.links), "links"),
            args.backup.display()
        ),
        false,
    )
}
